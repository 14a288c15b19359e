"""The line under a cross that says what its test found, in a probability sample.

Belongs here: wording the released test of a whole cross. Does not: which test is run (`synthese.analysis`), whether it
may be released (`synthese.disclosure`).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from synthese.disclosure import Released
from synthese.estimates import select
from synthese.formatting import decimal_text, integer_text, joined, p_value_text

_NAMES: Final[dict[str, str]] = {
    "rao_scott_f": "F de Rao et Scott, qui suit le plan de l’échantillon",
    "chi_square": "χ² de Pearson",
    "freeman_halton": "exact de Fisher, Freeman et Halton",
    "monte_carlo": "χ² par tirages de Monte-Carlo",
    "bilder_loughin_rao_scott": "de Bilder et Loughin, correction de Rao et Scott, sur l’ensemble des réponses",
}
_ADJUSTED: Final[dict[str, str]] = {"holm": "Holm", "benjamini_hochberg": "Benjamini et Hochberg"}
_FAMILIES: Final[dict[str, str]] = {"holm": "prévu", "benjamini_hochberg": "exploratoire"}


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
    how = ""
    if adjusted and row["adjustment"] in _ADJUSTED:
        name = str(row["adjustment"])
        number = _size(released, name)
        many = "s" * (number > 1)
        how = f" après ajustement de {_ADJUSTED[name]} sur {integer_text(number)} test{many} {_FAMILIES[name]}{many}"
    size = (
        f" ; V de Cramér : {decimal_text(float(row['effect_size']), 2)}"
        if row["effect"] == "cramers_v" and not pd.isna(row["effect_size"])
        else ""
    )
    return f"Note : test d’indépendance ({_NAMES[str(row['method'])]}) : {p}{how}{size}."


def families_told(released: Released) -> str | None:
    """Say which p-values of the report are adjusted, over how many tests, and that intervals are not.

    None where no test is released. A family counts every test that was run, those that are not released included.
    """
    if not (released.tests["status"].eq("released") & released.tests["p_value"].notna()).any():
        return None
    sizes = {name: size for name in _ADJUSTED if (size := _size(released, name))}
    said = [
        f"celle{'s' * (size > 1)} {'des ' + integer_text(size) if size > 1 else 'du seul'} test{'s' * (size > 1)} "
        f"{_FAMILIES[name]}{'s' * (size > 1)} selon {_ADJUSTED[name]}"
        for name, size in sizes.items()
    ]
    if not said:
        return None
    return (
        f"Les valeurs p sont ajustées sur l’ensemble du rapport, {joined(said)} ; "
        "les intervalles de confiance ne le sont pas."
    )


def _size(released: Released, adjustment: str) -> int:
    return int(released.tests["adjustment"].eq(adjustment).sum())
