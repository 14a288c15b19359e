"""The p-values of a whole report, each adjusted within its family, and how a researcher sees them.

Belongs here: which tests make a family, over description, crosses and evolution together. Does not: the adjustments
(`synthese.statistics.multiplicity`), or whether a test may be shown to a reader (`synthese.disclosure`).
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from synthese.analysis.crosses_shown import STYLE
from synthese.analysis.results import UNPUBLISHED
from synthese.analysis.tests_shown import ALL, tests_table
from synthese.codebook import Codebook, variable
from synthese.statistics.multiplicity import adjust_by_family

LEVEL = 0.05
_FAMILIES = {
    "planned": ("prévus", "holm", "Holm"),
    "exploratory": ("exploratoires", "benjamini_hochberg", "Benjamini–Hochberg"),
}


def adjusted(tests: pd.DataFrame) -> pd.DataFrame:
    """Adjust the p-values of a whole report, each within its family.

    Planned tests by Holm (1979), exploratory ones by Benjamini and Hochberg (1995). A row with an adjustment of its own
    (pairs of columns, Bonferroni's row of a multiple response) keeps it, and is no member of a family. Tests that the
    gate will withhold are members: what was tried counts, not what is shown.

    Parameters
    ----------
    tests : DataFrame
        Every test of the report, in the contract of `synthese.estimates`.

    Raises
    ------
    ValueError
        A p-value without a family.
    """
    out = tests.copy()
    known = out["p_value"].notna() & out["adjustment"].isna()
    lost = out.loc[known & out["family"].isna()]
    if len(lost):
        row = lost.iloc[0]
        raise ValueError(f"a test of {row['question']} by {row['by']} ({row['method']}) has no family")
    rows = out.index[known]
    values: Sequence[float | None] = [float(p) for p in out.loc[rows, "p_value"]]
    by_family, names = adjust_by_family(values, [str(family) for family in out.loc[rows, "family"]])
    out.loc[rows, "p_adjusted"] = pd.array(by_family, dtype="Float64")
    out.loc[rows, "adjustment"] = pd.array(names, dtype="str")
    return out


@dataclass(frozen=True)
class ReportTests:
    """Every test of a wave's report, adjusted.

    Parameters
    ----------
    wave : str
        Wave id.
    synthetic : bool
        Whether the answers are synthetic.
    codebook : Codebook
        For labels.
    frame : DataFrame
        The tests, in the contract of `synthese.estimates`.
    """

    wave: str
    synthetic: bool
    codebook: Codebook
    frame: pd.DataFrame

    @property
    def families(self) -> pd.DataFrame:
        """One line a family: how many tests it has, its adjustment, how many p-values are small before and after."""
        rows = []
        for family, (label, name, title) in _FAMILIES.items():
            mine = self.frame.loc[self.frame["family"].eq(family) & self.frame["adjustment"].eq(name)]
            rows.append(
                {
                    "tests": label,
                    "nombre": len(mine),
                    "ajustement": title,
                    "p < 0,05": int(mine["p_value"].lt(LEVEL).sum()),
                    "p ajustée < 0,05": int(mine["p_adjusted"].lt(LEVEL).sum()),
                }
            )
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        mark = " · données synthétiques" if self.synthetic else ""
        head = f"<p><strong>{UNPUBLISHED}</strong> · vague {html.escape(self.wave)}{mark} · Tests du rapport</p>"
        names = [name for _, name, _ in _FAMILIES.values()]
        shown = self.frame.loc[self.frame["adjustment"].isin(names)]
        keys = [shown[name].fillna("") for name in ("question", "by", "reference_wave")]
        shown = shown.assign(least=shown.groupby(keys, sort=False)["p_adjusted"].transform("min"))
        shown = shown.sort_values(["least", "question", "by", "reference_wave", "p_adjusted"], kind="stable")
        body = self.families.to_html(index=False, border=0)
        if len(shown):
            rows = shown.astype(object).where(shown.notna(), None).itertuples(index=False)
            body += STYLE + tests_table(rows, ("Croisement", "Réponse"), self._label)
        return head + body

    def _label(self, row: Any) -> tuple[str, str]:
        mine = variable(self.codebook, row.question, self.wave)
        known = {option.code: option.display for option in (*mine.question.options, *mine.options)}
        of = f"{row.question} {mine.label}"
        if row.by is not None:
            of += f" × {row.by} {variable(self.codebook, row.by, self.wave).label}"
        if row.reference_wave is not None:
            of += f" – vague {row.reference_wave}"
        return of, known.get(row.option or "", row.option or "") or ALL
