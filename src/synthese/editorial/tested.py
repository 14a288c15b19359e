"""The line under a cross that says what its test found, in a probability sample.

Belongs here: wording the released test of a whole cross. Does not: which test is run (`synthese.analysis`), whether it
may be released (`synthese.disclosure`).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from synthese.disclosure import Released
from synthese.estimates import select
from synthese.formatting import decimal_text, p_value_text

_NAMES: Final[dict[str, str]] = {
    "rao_scott_f": "F de Rao et Scott, qui suit le plan de l’échantillon",
    "chi_square": "χ² de Pearson",
    "freeman_halton": "exact de Fisher, Freeman et Halton",
    "monte_carlo": "χ² par tirages de Monte-Carlo",
    "bilder_loughin_rao_scott": "de Bilder et Loughin, correction de Rao et Scott, sur l’ensemble des réponses",
}
_ADJUSTED: Final[dict[str, str]] = {"holm": "Holm", "benjamini_hochberg": "Benjamini et Hochberg"}


def tested_note(released: Released, question: str, by: str) -> str | None:
    """Say whether two questions go together, by the test of the whole cross; None where none is released.

    The p-value is the one adjusted over the report, where there is one.
    """
    keys = {"option": None, "group": None, "reference_group": None, "reference_wave": None, "universe": None}
    rows = select(released.tests, question=question, by=by, **keys)
    rows = rows.loc[rows["status"].eq("released") & rows["p_value"].notna() & rows["method"].isin(list(_NAMES))]
    if rows.empty:
        return None
    row = rows.iloc[0]
    adjusted = not pd.isna(row["p_adjusted"])
    p = p_value_text(float(row["p_adjusted"] if adjusted else row["p_value"]))
    how = f" après ajustement de {_ADJUSTED[row['adjustment']]}" if adjusted and row["adjustment"] in _ADJUSTED else ""
    size = (
        f" ; V de Cramér : {decimal_text(float(row['effect_size']), 2)}"
        if row["effect"] == "cramers_v" and not pd.isna(row["effect_size"])
        else ""
    )
    return f"Note : test d’indépendance ({_NAMES[str(row['method'])]}) : {p}{how}{size}."
