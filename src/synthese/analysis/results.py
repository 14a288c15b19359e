"""What a researcher sees before release: a frame of estimates that shows itself, marked « non publié ».

Belongs here: the objects that `Wave` returns in notebooks 01 to 04. Does not: anything that a reader sees.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from synthese.analysis.crosses_shown import STYLE, cross_html, rows_of
from synthese.analysis.described_shown import described_html
from synthese.analysis.method_names import NO_INTERVAL, method_name
from synthese.analysis.tests_shown import ALL, tests_table
from synthese.codebook import Codebook, variable
from synthese.codebook.missing import REASONS
from synthese.errors import SyntheseError
from synthese.estimates import select
from synthese.formatting import NBSP, decimal_text, points_text, share_percent_text

UNPUBLISHED = "non publié"

_BANNER = (
    '<p style="border-left:4px solid #b3541e;padding:.2em .8em;margin:.4em 0">'
    "<strong>{mark}</strong> · vague {wave}{synthetic} · {title}</p>"
)


def unpublished(wave: str, synthetic: bool, title: str) -> str:
    """HTML of the line that stands above whatever is shown before release."""
    told = " · données synthétiques" if synthetic else ""
    return _BANNER.format(mark=UNPUBLISHED, wave=html.escape(wave), synthetic=told, title=html.escape(title))


@dataclass(frozen=True)
class TestsShown:
    """Tests laid out for reading.

    Parameters
    ----------
    banner, body : str
        HTML of the line above them, and of their table.
    """

    banner: str
    body: str

    def _repr_html_(self) -> str:
        return self.banner + self.body


class Notes(tuple[str, ...]):
    """What to know before reading, shown as a list."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return "<ul>" + "".join(f"<li>{html.escape(note)}</li>" for note in self) + "</ul>" if self else ""


@dataclass(frozen=True)
class Result:
    """Estimates and tests of one analysis, before release.

    Parameters
    ----------
    name : str
        Where they are kept: ``description``, ``croisements``, ``evolution``.
    title : str
        What they are, in French.
    wave : str
        Wave id.
    synthetic : bool
        Whether the answers are synthetic.
    codebook : Codebook
        For labels.
    estimates, tests : DataFrame
        Rows of the contract of `synthese.estimates`.
    notes : tuple of str
        What to know before reading: verdicts on comparability, for instance.
    """

    name: str
    title: str
    wave: str
    synthetic: bool
    codebook: Codebook
    estimates: pd.DataFrame
    tests: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The estimates, as a frame of their own."""
        return self.estimates.copy()

    def __getitem__(self, question: str) -> Result:
        """Keep one question, grid row or regrouping."""
        estimates = select(self.estimates, question=question)
        if estimates.empty:
            known = ", ".join(dict.fromkeys(self.estimates["question"]))
            raise SyntheseError.of("unknown-question", f"nothing on {question!r} in this result", fix=f"one of {known}")
        label = variable(self.codebook, question, self.wave).label
        title = f"{self.title} : {label}"
        return Result(
            self.name, title, self.wave, self.synthetic, self.codebook, estimates, select(self.tests, question=question)
        )

    def of(self, *, type: str | None = None, role: str | None = None) -> Result:
        """Keep the questions of a type (``multiple``…) or of a role (``breakdown``…), regroupings left out."""
        questions = {q.id for q in self.codebook.questions if type in (None, q.type) and role in (None, q.role)}
        names = self.estimates["question"].str.split(".").str[0]
        told = ", ".join(_PARTS[name] for name in (role, type) if name in _PARTS)
        return self._only(names.isin(questions), f"{self.title} : {told}" if told else self.title)

    @property
    def first(self) -> Result:
        """Every step of the first cross that the codebook plans, which is the one that matters most."""
        planned = self.codebook.planned_crosses
        steps = {(s.question, s.by) for s in planned[0].steps} if planned else set()
        pairs = zip(self.estimates["question"], self.estimates["by"], strict=True)
        mask = pd.Series([pair in steps for pair in pairs], index=self.estimates.index, dtype=bool)
        return self._only(mask, planned[0].title if planned else "Aucun croisement prévu")

    def _only(self, mask: pd.Series[bool], title: str) -> Result:
        estimates = self.estimates.loc[mask]
        keys = set(zip(estimates["question"], estimates["by"].fillna(""), strict=True))
        pairs = zip(self.tests["question"], self.tests["by"].fillna(""), strict=True)
        kept = pd.Series([pair in keys for pair in pairs], index=self.tests.index, dtype=bool)
        return replace(self, title=title, estimates=estimates, tests=self.tests.loc[kept])

    @property
    def overview(self) -> pd.DataFrame:
        """One line a question (or cross): how many were asked, answered, and are in the base."""
        rows = self.estimates
        keys = ["question", "by", "universe"]
        rows = rows.assign(by=rows["by"].fillna(""), universe=rows["universe"].fillna(""))
        lines = rows.groupby(keys, sort=False)
        out = lines.agg(asked=("asked", "max"), answered=("answered", "max")).reset_index()
        wide = rows.loc[rows["statistic"].isin(["share", "mean"]) & rows["group"].isna()]
        bases = wide.groupby(keys)["base"].max()
        out["base"] = [bases.get(key, "") for key in zip(*(out[name] for name in keys), strict=True)]
        out["question"] = [self._within(q, u) for q, u in zip(out["question"], out["universe"], strict=True)]
        out["by"] = [self._label(b) if b else "" for b in out["by"]]
        out["missing"] = out["asked"] - out["answered"]
        titles = {"by": "croisée par", "asked": "interrogés", "answered": "répondants", "missing": "sans réponse"}
        out = out.drop(columns="universe").rename(columns=titles)
        return out if out["croisée par"].ne("").any() else out.drop(columns="croisée par")

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of what it holds."""
        return iter(dict.fromkeys(self.estimates["question"]))

    def __len__(self) -> int:
        return self.estimates["question"].nunique()

    def table(self) -> pd.DataFrame:
        """Lay the estimates out for reading, labels in French, numbers unrounded to one decimal."""
        rows = self.estimates
        rows = rows.loc[~rows["statistic"].isin(["share_total", "adjusted_residual"])]
        rows = rows.loc[~(rows["statistic"].eq("count") & ~rows["option"].isin(REASONS) & rows["by"].isna())]
        return pd.DataFrame(
            {
                "Question": [self._within(q, u) for q, u in zip(rows["question"], rows["universe"], strict=True)],
                "Réponse": [self._option(q, o) for q, o in zip(rows["question"], rows["option"], strict=True)],
                "Groupe": [self._group(b, g) for b, g in zip(rows["by"], rows["group"], strict=True)],
                "Statistique": [_STATISTICS.get(s, s) for s in rows["statistic"]],
                "Valeur": [_value(r) for r in rows.itertuples()],
                "Intervalle": [_interval(r) for r in rows.itertuples()],
                "Méthode de l’intervalle": [_method(r) for r in rows.itertuples()],
                "Effectif": rows["count"].to_numpy(),
                "Base": rows["base"].to_numpy(),
                "Interrogés": rows["asked"].to_numpy(),
                "Répondants": rows["answered"].to_numpy(),
            }
        )

    def _label(self, question: str) -> str:
        return f"{question} {variable(self.codebook, question, self.wave).label}"

    def _within(self, question: str, universe: Any) -> str:
        """Name a question, and among whom it is described."""
        champs = {known.id: known.champ for known in self.codebook.universes}
        return f"{self._label(question)} ({champs[universe]})" if universe in champs else self._label(question)

    def _option(self, question: str, option: Any) -> str:
        if pd.isna(option):
            return ""
        if option in REASONS:
            return REASON_LABELS[str(option)]
        known = {o.code: o.display for o in variable(self.codebook, question, self.wave).options}
        known |= {o.code: o.display for o in self.codebook.by_id[question.split("@")[0].split(".")[0]].options} | known
        return known.get(str(option), str(option))

    def _group(self, by: Any, group: Any) -> str:
        if pd.isna(by):
            return ""
        return "Ensemble" if pd.isna(group) else self._option(str(by), group)

    def _repr_html_(self) -> str:
        banner = unpublished(self.wave, self.synthetic, self.title)
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        crossed = self.estimates["by"].notna()
        body = self._crosses_html(self.estimates.loc[crossed])
        if not crossed.all() or self.estimates.empty:
            alone = replace(self, estimates=self.estimates.loc[~crossed])
            confidence = alone.estimates["confidence"].dropna()
            level = f"{confidence.iloc[0]:.0%}".replace("%", f"{NBSP}%") if len(confidence) else ""
            body += described_html(alone.table(), level)
        return banner + notes + body + self._tests_html()

    def _crosses_html(self, rows: pd.DataFrame) -> str:
        """Lay out each cross, with its tests beneath."""
        pairs: Iterable[Any] = rows.groupby(["question", "by"], sort=False)
        shown = [
            cross_html(
                f"{self._label(question)} × {self._label(by)}",
                cross,
                select(self.tests, question=question, by=by),
                self._option,
            )
            for (question, by), cross in pairs
        ]
        return "".join([STYLE, *shown]) if shown else ""

    def _tests_html(self) -> str:
        """Lay out the tests of no cross that is shown."""
        crossed = self.estimates.loc[self.estimates["by"].notna(), ["question", "by"]]
        shown = set(crossed.itertuples(index=False, name=None))
        keys = zip(self.tests["question"], self.tests["by"], strict=True)
        mask = pd.Series([key not in shown for key in keys], index=self.tests.index, dtype=bool)
        tests = self.tests.loc[mask & (self.tests["p_value"].notna() | self.tests["effect_size"].notna())]
        if tests.empty:
            return ""
        table = tests_table(rows_of(tests), ("Croisement", "Réponse"), self._tested)
        return f"{STYLE}<p>Tests (p non ajustées)</p>{table}"

    def _tested(self, row: Any) -> tuple[str, str]:
        """Name what a test is of: the question, crossed or not, and the answer, or all of them."""
        crossed = " × ".join(filter(None, (self._label(row.question), self._by(row.by))))
        return crossed, self._option(row.question, row.option) or ALL

    @property
    def tested(self) -> TestsShown:
        """The tests of the whole result, one line each; pairs of columns are the letters of the tables."""
        rows = self.tests.loc[self.tests["adjustment"].ne("holm_pairs").fillna(True)]
        table = tests_table(rows_of(rows), ("Croisement", "Réponse"), self._tested)
        none = "<p>Aucun test.</p>"
        return TestsShown(unpublished(self.wave, self.synthetic, self.title), f"{STYLE}{table}" if len(rows) else none)

    def _by(self, by: Any) -> str:
        return "" if by is None else self._label(by)


REASON_LABELS = {
    "_not_asked": "Non concerné·e par la question",
    "_no_answer": "Sans réponse",
    "_dont_know": "Ne sait pas",
    "_not_applicable": "Sans objet",
    "_routing_unknown": "Filtre inconnu",
}

_PARTS = {
    "single": "réponses uniques",
    "multiple": "réponses multiples",
    "ordinal": "échelles",
    "grid": "grilles",
    "ranking": "classements",
    "numeric": "nombres",
    "breakdown": "qui a répondu",
}

_STATISTICS = {
    "share": "part des répondant·es",
    "share_of_by": "part du groupe parmi la réponse",
    "share_mentions": "part des mentions",
    "share_top_3": "part des répondant·es qui classent dans les 3 premiers",
    "count": "effectif",
    "mean": "moyenne",
    "median": "médiane",
    "quantile_25": "1er quartile",
    "quantile_75": "3e quartile",
    "nps": "NPS",
    "difference": "écart à la vague de référence",
}


def _value(row: Any) -> str:
    if pd.isna(row.value):
        return ""
    if row.statistic == "difference":
        return points_text(row.value)
    if row.unit == "share":
        return share_percent_text(row.value, 1)
    return decimal_text(row.value, 0 if row.unit == "respondents" else 1)


def _method(row: Any) -> str:
    """How the interval was made, or why there is none."""
    if pd.notna(row.ci_low):
        return "" if pd.isna(row.method) else method_name(str(row.method))
    why = "" if pd.isna(row.reason) else NO_INTERVAL.get(str(row.reason), "")
    return f"pas d’intervalle : {why}" if why else ""


def _interval(row: Any) -> str:
    if pd.isna(row.ci_low) or pd.isna(row.ci_high):
        return ""
    if row.statistic == "difference":
        return f"{points_text(row.ci_low)} à {points_text(row.ci_high)}"
    if row.unit == "share":
        return f"{share_percent_text(row.ci_low, 1)} – {share_percent_text(row.ci_high, 1)}"
    return f"{decimal_text(row.ci_low, 1)} – {decimal_text(row.ci_high, 1)}"
