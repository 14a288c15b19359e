"""The evolution of a wave as a researcher reads it: the waves, their panel, their trends, shares at one structure.

Belongs here: words and tables of notebook 04. Does not: what is compared (`evolving`), what a reader of the
report sees.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from synthese.analysis.comparing import UNKNOWN
from synthese.analysis.described_shown import folded
from synthese.analysis.method_names import method_name
from synthese.analysis.paired import CELLS, PANEL, UNWEIGHTED
from synthese.analysis.results import Result, unpublished
from synthese.estimates import select
from synthese.formatting import decimal_text, p_value_text, points_text, share_percent_text, signed_text

_STANDARDISED = ("share_standardised", "difference_standardised")
_TRENDS = ("slope_per_year", "slope_per_wave")
_TESTS = {
    "chi_square": "χ² de Pearson",
    "freeman_halton": "exact de Fisher–Freeman–Halton",
    "monte_carlo": "exact simulé (Monte-Carlo)",
    "rao_scott_f": "F de Rao–Scott",
    "welch": "t de Welch",
    "design_t": "t selon le plan de sondage",
    "paired_t": "t apparié",
    "mcnemar": "McNemar",
    "mcnemar_exact": "McNemar exact",
    "cochran_armitage": "tendance de Cochran–Armitage",
    "design_trend_t": "tendance selon le plan de sondage (t)",
}
_INTERVALS = {
    "newcombe": "Newcombe",
    "newcombe_fpc": "Newcombe, population finie",
    "newcombe_paired": "Newcombe, paires",
    "variance_recovery_korn_graubard": "Korn-Graubard recombinés",
    "welch": "Welch",
    "design_t": "linéarisation de Taylor, Student",
    "paired_t": "Student, paires",
}
_PER = {"slope_per_year": "par an", "slope_per_wave": "par vague"}
_WHY = {
    UNKNOWN: "recouvrement inconnu : échantillons supposés indépendants",
    UNWEIGHTED: "chaque répondant·e compte autant",
    "empty-base": "base vide",
    "empty-stratum": "une strate est vide",
    "no_variation": "les réponses ne varient pas",
    "no_change": "personne n’a changé",
    "too_few_answers": "trop peu de réponses",
}


@dataclass(frozen=True)
class Section:
    """One part of an evolution: a table, and what to know before reading it.

    Parameters
    ----------
    banner : str
        HTML of the line above it: not published, which wave.
    table : DataFrame
        One line an option or a mean, in French.
    empty : str
        What is said where there is no line.
    """

    banner: str
    table: pd.DataFrame
    empty: str

    def _repr_html_(self) -> str:
        if self.table.empty:
            return f"{self.banner}<p>{html.escape(self.empty)}</p>"
        written, told = folded(self.table)
        note = f"<p>{html.escape(' · '.join(told))}</p>" if told else ""
        shown: str = written.to_html(index=False, border=0)
        return self.banner + note + shown


@dataclass(frozen=True)
class EvolutionResult(Result):
    """A wave compared with an earlier one, before release."""

    @property
    def waves(self) -> Section:
        """Differences between the waves, with the test of each."""
        rows = self.estimates.loc[self.estimates["universe"].isna() & ~self.estimates["statistic"].isin(_STANDARDISED)]
        tests = self.tests.loc[self.tests["universe"].isna() & ~self._trend]
        return self._section("écarts entre vagues", self._changes(rows, tests), "Aucune question n’est comparée.")

    @property
    def panel(self) -> Section:
        """What changed among those who answered in both waves, with who changed."""
        rows = self.estimates.loc[self.estimates["universe"].eq(PANEL).fillna(False)]
        changes = rows.loc[rows["statistic"].ne("panel_count")]
        table = self._changes(changes, self.tests.loc[self.tests["universe"].eq(PANEL).fillna(False)])
        cells = rows.loc[rows["statistic"].eq("panel_count")]
        counts: dict[tuple[str, str, str], int] = {
            (row.question, row.option, row.group): row.count_
            for row in _records(cells.rename(columns={"count": "count_"}))
        }
        for name, title in zip(CELLS, ("gardent", "prennent", "quittent", "jamais"), strict=True):
            keys = [(row.question, row.option, name) for row in _records(changes)]
            table[title] = pd.array([counts.get(key) for key in keys], dtype="Int64")
        said = "Pas de panel : moins de 30 répondant·es reconnu·es dans les deux vagues."
        return self._section("panel : les mêmes répondant·es aux deux vagues", table, said)

    @property
    def trends(self) -> Section:
        """Trend of each option over three comparable waves or more."""
        rows = self.tests.loc[self._trend]
        table = pd.DataFrame(
            [
                {
                    "Question": self._label(row.question),
                    "Réponse": self._option(row.question, row.option),
                    "Depuis": row.reference_wave,
                    "Pente": "" if row.effect_size is None else f"{_points(row.effect_size)} {_PER[row.effect]}",
                    **_tested(row),
                    "Base": row.base,
                    "À savoir": _why(row.reason),
                }
                for row in _records(rows)
            ]
        )
        said = "Pas de tendance : il faut trois vagues comparables deux à deux."
        return self._section("tendances", table, said)

    @property
    def standardised(self) -> Section:
        """Shares brought to the codebook's one mix of strata, beside the crude difference."""
        shares = self.estimates.loc[self.estimates["statistic"].eq("share_standardised")]
        gaps = {
            (row.question, row.option): row
            for row in _records(self.estimates.loc[self.estimates["statistic"].isin(["difference_standardised"])])
        }
        crude = self.estimates.loc[self.estimates["universe"].isna() & self.estimates["statistic"].eq("difference")]
        gross = {(row.question, row.option): row for row in _records(crude)}
        lines = []
        for row in _records(shares):
            key = row.question, row.option
            gap = gaps[key]
            lines.append(
                {
                    "Question": self._label(row.question),
                    "Réponse": self._option(row.question, row.option),
                    "Structure": str(row.method).partition(":")[2],
                    "Part standardisée": "" if row.value is None else share_percent_text(row.value, 1),
                    "Intervalle": _bounds(row, share_percent_text),
                    "Écart standardisé": "" if gap.value is None else points_text(gap.value),
                    "Intervalle de l’écart": _bounds(gap, None),
                    "Écart brut": "" if gross[key].value is None else points_text(gross[key].value),
                    "Base": row.base,
                    "À savoir": _why(gap.reason or row.reason),
                }
            )
        said = "Rien n’est standardisé : `standardisation` du codebook nommerait la structure commune."
        return self._section("à structure constante", pd.DataFrame(lines), said)

    @property
    def _trend(self) -> pd.Series[bool]:
        trends: pd.Series[bool] = self.tests["effect"].isin(_TRENDS) | (
            self.tests["method"].eq("cochran_armitage").fillna(False)
        )
        return trends

    def __getitem__(self, question: str) -> EvolutionResult:
        """Keep one question, grid row or regrouping."""
        one = super().__getitem__(question)
        return replace(self, title=one.title, estimates=one.estimates, tests=select(self.tests, question=question))

    def _section(self, title: str, table: pd.DataFrame, empty: str) -> Section:
        return Section(unpublished(self.wave, self.synthetic, f"{self.title} : {title}"), table, empty)

    def _changes(self, rows: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
        numbered: dict[tuple[str, str | None], list[Any]] = {}
        for test in _records(tests):
            numbered.setdefault((test.question, test.option), []).append(test)
        lines = []
        for row in _records(rows):
            known = numbered.get((row.question, row.option), [])
            # A numeric question has a test of its mean, then one of its NPS.
            place = 1 if row.statistic == "difference_nps" else 0
            test = known[place] if len(known) > place else None
            lines.append(
                {
                    "Question": self._label(row.question),
                    "Réponse": self._option(row.question, row.option) or _means(row),
                    "Depuis": row.reference_wave,
                    "Écart": "" if row.value is None else _gap(row.value, row.unit),
                    "Intervalle": _bounds(row, None),
                    "Méthode de l’intervalle": _named(row),
                    **_tested(test),
                    "Effectif": row.count_,
                    "Base": row.base,
                    "À savoir": _why(row.reason),
                }
            )
        return pd.DataFrame(lines).astype({"Effectif": "Int64"}) if lines else pd.DataFrame()

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        parts: Iterable[Section] = (self.waves, self.panel, self.trends, self.standardised)
        filled = [part._repr_html_() for part in parts if not part.table.empty]
        return notes + ("".join(filled) or unpublished(self.wave, self.synthetic, self.title))


def _records(frame: pd.DataFrame) -> list[Any]:
    """Rows with None for null; a count is ``count_``, since tuples have a method of that name."""
    renamed = frame.rename(columns={"count": "count_"})
    return list(renamed.astype(object).where(renamed.notna(), None).itertuples(index=False))


def _tested(test: Any) -> dict[str, str]:
    if test is None or test.p_value is None:
        return {"Test": "", "p": ""}
    return {"Test": _TESTS.get(test.method, test.method), "p": p_value_text(test.p_value)}


def _means(row: Any) -> str:
    return "NPS" if row.statistic == "difference_nps" else "moyenne" if row.option is None else ""


def _points(value: float) -> str:
    return f"{signed_text(100 * value, 1)}\u00a0points"


def _gap(value: float, unit: str) -> str:
    return points_text(value) if unit == "share" else f"{signed_text(value, 1)}\u00a0{unit}"


def _bounds(row: Any, written: Any) -> str:
    if row.ci_low is None or row.ci_high is None:
        return ""
    if written is not None:
        return f"{written(row.ci_low, 1)} – {written(row.ci_high, 1)}"
    if row.unit == "share":
        return f"{points_text(row.ci_low)} à {points_text(row.ci_high)}"
    return f"{decimal_text(row.ci_low, 1)} à {decimal_text(row.ci_high, 1)}"


def _named(row: Any) -> str:
    if row.ci_low is None or row.method is None:
        return ""
    known: Mapping[str, str] = _INTERVALS
    return known.get(row.method, method_name(row.method))


def _why(reason: str | None) -> str:
    if reason is None:
        return ""
    code, _, number = reason.partition(":")
    return f"{number} répondant·es dans les deux vagues" if code == "partial-overlap" else _WHY.get(reason, reason)
