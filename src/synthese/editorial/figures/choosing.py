"""Which drawing a question, a cross or a series gets, and which others an author may ask for.

Belongs here: the rules of the choice. Does not: the drawings, and what the gate withheld of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.codebook import Question, Variable
from synthese.disclosure import Released
from synthese.editorial.figures.regions import is_of_regions
from synthese.editorial.reading import Cell
from synthese.errors import SyntheseError

UNEQUAL = 3.0
"""A mosaic is the default where the largest group has this many times the respondents of the smallest."""

DOTS_AT_MOST = 2
"""Groups of a multiple response drawn as dots on one line, which a grey print tells apart; more get a panel each."""


def choose(chart: str | None, fitting: Sequence[str], what: str) -> str:
    """Take the author's drawing, or the first of those that fit.

    Raises
    ------
    SyntheseError
        ``unfit-chart``: no drawing has this name, or it does not fit.
    """
    if chart is None:
        return fitting[0]
    if chart not in fitting:
        raise SyntheseError.of(
            "unfit-chart",
            f"{what} cannot be drawn as {chart!r}",
            fix=f"leave `chart` out, or one of {', '.join(fitting)}",
        )
    return chart


def parts(released: Released, question: Question) -> bool:
    """Whether the bars of a scale part at its middle: from "no" to "yes", of agreement and satisfaction."""
    kind = next((scale.kind for scale in released.codebook.scales if scale.code == question.scale), "other")
    return kind in ("agreement", "satisfaction")


def for_question(
    released: Released, variable: Variable, cells: Sequence[Cell], universe: str | None
) -> tuple[str, ...]:
    """Drawings that fit one question, the usual one first.

    Two answers share one bar, since the second is what the first leaves; from three on each has its own, which
    compares lengths from one line (Cleveland and McGill, 1984). Intervals are of probability samples only.
    """
    if variable.kind == "numeric":
        return ("quartiles",)
    sampled = released.design == "probability" and any(cell.interval is not None for cell in cells)
    bars = ("intervals", "bars") if sampled else ("bars",)
    if variable.kind == "multiple":
        return (*bars, "map")
    if variable.kind == "ordinal":
        scale = ("diverging", "stacked") if parts(released, variable.question) else ("stacked", "diverging")
        return bars if universe else (*scale, *bars)
    stack = () if universe else ("stacked",)
    if is_of_regions(variable.options):
        return ("map", *bars)
    return (*stack, *bars, "map") if len(cells) == 2 and not sampled else (*bars, *stack, "map")


def for_cross(kind: str, bases: Sequence[int]) -> tuple[str, ...]:
    """Drawings that fit a cross whose groups have these bases, the usual one first.

    A multiple response has dots for up to `DOTS_AT_MOST` groups, then a panel a group; other questions have a bar
    a group, or a mosaic where bases differ `UNEQUAL` times. ``counts`` is for groups too small for shares.
    """
    if kind == "multiple":
        return ("dots", "multiples") if len(bases) <= DOTS_AT_MOST else ("multiples", "dots")
    usual = ("stacked", "mosaic")
    if kind != "ordinal" and bases and max(bases) >= UNEQUAL * min(bases):
        usual = ("mosaic", "stacked")
    return (*usual, "counts")
