"""Released numbers as an editor reads them: one cell an option, with its label and what may be printed of it.

Belongs here: picking rows of a `Released` and pairing them with the codebook. Does not: words around a
number (`notes`, `claims`), or its place on a page (`tables`, `figures`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from synthese.codebook import Option, Variable
from synthese.disclosure import LadderDecision, Released
from synthese.editorial.brand import known_characters
from synthese.errors import SyntheseError
from synthese.estimates import select
from synthese.formatting import Noun, french, share_parts, share_percent_text

WITHHELD = "s"  # what stands in the place of a withheld number
RESULT_WITHHELD = "Résultat non diffusé\u00a0: effectifs trop faibles"
CROSS_WITHHELD = "Croisement non diffusé\u00a0: effectifs trop faibles"
_SUBTRACTED = (
    "Croisement non diffusé\u00a0: comparé aux résultats de chaque question, il dévoilerait par soustraction les "
    "réponses des quelques non-répondants à l’une des deux"
)


def cross_withheld(decision: LadderDecision) -> str:
    """Say why no step of a planned cross is published: small numbers, or what is left of each question alone."""
    verdicts = {step.verdict for step in decision.steps} - {"not-tabulated"}
    return _SUBTRACTED if verdicts == {"remainder"} else CROSS_WITHHELD


def worded(option: Option) -> str:
    """Full wording of an answer; its short one where the fonts cannot draw the full one."""
    drawn = option.short is None or known_characters().issuperset("".join(option.label.split()))
    return option.label if drawn else option.display


@dataclass(frozen=True)
class Cell:
    """A share and what may be printed of it; every number is None when it is withheld.

    Parameters
    ----------
    option : Option
        The answer.
    group : Option or None
        The group of a cross; None for everyone.
    count, base, asked, answered : int or None
        Unweighted respondents: in the numerator, in the denominator, reached by the routing, having answered.
    value : float or None
        Share in [0, 1], weighted when the study is; None too where only the count may be told.
    effective_n : float or None
        Effective size of the base.
    ci_low, ci_high : float or None
        Interval of the share; None unless the design allows one.
    weighted : bool
        Whether ``value`` is not ``count / base``.
    status : str
        What the gate decided.
    """

    option: Option
    group: Option | None
    count: int | None
    base: int | None
    asked: int | None
    answered: int | None
    value: float | None
    effective_n: float | None
    ci_low: float | None
    ci_high: float | None
    weighted: bool
    status: str

    @property
    def label(self) -> str:
        """Full wording of the answer, with French spaces; its short one where the fonts cannot draw the full one."""
        return french(worded(self.option))

    @property
    def shown(self) -> bool:
        """Whether there is a number to print."""
        return self.count is not None and self.base is not None and self.base > 0

    @property
    def length(self) -> float:
        """Length of a bar, in [0, 1]; 0 when withheld."""
        if self.value is not None:
            return self.value
        return self.count / self.base if self.count is not None and self.base else 0.0

    @property
    def parts(self) -> tuple[str | None, str | None]:
        """Percentage and counts by the rule of the base; ``("s", None)`` when withheld."""
        if self.count is None or not self.base:
            return WITHHELD, None
        if self.value is None:
            return None, share_parts(self.count, self.base, 1.0)[1]
        return share_parts(self.count, self.base, self.effective_n, share=self.value if self.weighted else None)

    @property
    def interval(self) -> str | None:
        """Interval in words, where there is one and a percentage may be told: "74 % – 92 %"."""
        percentage, _ = self.parts
        if not self.shown or percentage is None or self.ci_low is None or self.ci_high is None:
            return None
        return f"{share_percent_text(self.ci_low)} – {share_percent_text(self.ci_high)}"

    @property
    def text(self) -> str:
        """What is printed: "85 % (46 sur 54)", "46 sur 54", or "s"."""
        percentage, counts = self.parts
        return f"{percentage} ({counts})" if percentage and counts else percentage or counts or WITHHELD


def _none(value: object) -> float | None:
    return None if value is None or value is pd.NA or pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]


def _int(value: object) -> int | None:
    number = _none(value)
    return None if number is None else int(number)


def cell_of(released: Released, row: pd.Series, option: Option, group: Option | None) -> Cell:
    """Read a row of estimates."""
    sampled = released.design == "probability"
    return Cell(
        option=option,
        group=group,
        count=_int(row["count"]),
        base=_int(row["base"]),
        asked=_int(row["asked"]),
        answered=_int(row["answered"]),
        value=_none(row["value"]),
        effective_n=_none(row["effective_n"]),
        ci_low=_none(row["ci_low"]) if sampled else None,
        ci_high=_none(row["ci_high"]) if sampled else None,
        weighted=released.wave_settings.weighted,
        status=str(row["status"]),
    )


def _pick(released: Released, rows: pd.DataFrame, options: Iterable[Option], group: Option | None) -> tuple[Cell, ...]:
    found = []
    for option in options:
        row = select(rows, option=option.code, statistic="share", group=None if group is None else group.code)
        if len(row):
            found.append(cell_of(released, row.iloc[0], option, group))
    return tuple(found)


def one_way(released: Released, question: str, universe: str | None = None) -> tuple[Cell, ...]:
    """Shares of a question's options, in the codebook's order; options outside the base are left out.

    Parameters
    ----------
    released : Released
        The wave.
    question : str
        A question with options, a row of a grid, or a regrouping.
    universe : str, optional
        Among the respondents of this universe of the codebook.

    Raises
    ------
    SyntheseError
        ``not-tabulated``: the wave has no share of this question.
    """
    variable = released.variable(question)
    cells = _pick(released, released.one_way(question, universe), variable.options, None)
    if not cells:
        raise SyntheseError.of(
            "not-tabulated",
            f"wave {released.wave!r} has no share of {question}" + (f" in universe {universe!r}" if universe else ""),
            fix="describe the question before it is released, or take a question with options",
        )
    return cells


def outside_base(released: Released, question: str, universe: str | None = None) -> tuple[tuple[str, int | None], ...]:
    """Options that are no part of the denominator ("Ne sait pas"), with their counts where released."""
    rows = released.one_way(question, universe)
    out = []
    for option in released.variable(question).options:
        if option.in_base:
            continue
        row = select(rows, option=option.code, statistic="count")
        out.append((french(option.display), _int(row.iloc[0]["count"]) if len(row) else None))
    return tuple(out)


@dataclass(frozen=True)
class Cross:
    """A question crossed by another, over those who answered both.

    Parameters
    ----------
    question, by : Variable
        What is shared out, and among which groups.
    groups : tuple of (Option, int or None, tuple of Cell)
        Each group, its base, and its cells in the order of ``options``.
    total : tuple of Cell
        The same cells over every group.
    """

    question: Variable
    by: Variable
    groups: tuple[tuple[Option, int | None, tuple[Cell, ...]], ...]
    total: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Cells of every group."""
        return tuple(cell for _, _, cells in self.groups for cell in cells)

    @property
    def base(self) -> int | None:
        """Respondents to both questions."""
        return next((cell.base for cell in self.total if cell.base is not None), None)


def cross(released: Released, question: str, by: str) -> Cross:
    """Read a cross.

    Raises
    ------
    SyntheseError
        ``not-tabulated``: the wave has no such cross.
    """
    rows = released.cross(question, by)
    variable, breakdown = released.variable(question), released.variable(by)
    groups = []
    for group in breakdown.options:
        cells = _pick(released, rows, variable.options, group)
        if not cells:
            continue
        margin = select(rows, group=group.code, option=None, statistic="count")
        known = [cell.base for cell in cells if cell.base is not None]
        base = _int(margin.iloc[0]["count"]) if len(margin) else (known[0] if known else None)
        groups.append((group, base, cells))
    if not groups:
        raise SyntheseError.of(
            "not-tabulated",
            f"wave {released.wave!r} has no cross of {question} by {by}",
            fix="add it to `planned_crosses` of the codebook",
        )
    return Cross(variable, breakdown, tuple(groups), _pick(released, rows, variable.options, None))


def cross_title(table: Cross, released: Released) -> str:
    """Name a cross: as the codebook planned it, or after its two questions."""
    for planned in released.codebook.planned_crosses:
        if (table.question.id, table.by.id) in {(step.question, step.by) for step in planned.steps}:
            return planned.title
    return f"{table.question.label} selon « {table.by.label} »"


def base_of(cells: Sequence[Cell]) -> int | None:
    """Find the base of a question’s cells, None when all of them are withheld."""
    return next((cell.base for cell in cells if cell.base is not None), None)


def mostly_withheld(released: Released, cells: Sequence[Cell]) -> bool:
    """Whether so many cells are withheld that a line says it better than a table."""
    hidden = sum(not cell.shown for cell in cells)
    return hidden == len(cells) or hidden / len(cells) > released.settings.disclosure.most_withheld


def ordered(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Sort by share, highest first; "Autre" comes last, and before it what is withheld."""
    place = {cell.option.code: index for index, cell in enumerate(cells)}
    return tuple(sorted(cells, key=lambda c: (c.option.other, not c.shown, -c.length, place[c.option.code])))


def unit(released: Released) -> Noun:
    """Name the respondents: "structure répondante", "structures répondantes"."""
    declared = released.settings.unit
    return Noun(declared.respondent_singular, declared.respondent_plural, declared.feminine)
