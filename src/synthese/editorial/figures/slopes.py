"""Lines between waves, one an answer, with its name and numbers at both ends.

Belongs here: the layout of slopes. Does not: which waves may be joined (`making_waves`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import value, value_width
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet
from synthese.editorial.figures.placing import spread
from synthese.editorial.reading import Cell

LEAST = 190.0  # points of height
LEADER = 9.0
BETWEEN = 3.0  # blocks of text
ROW = SIZE * LINE
NOT_OFFERED: tuple[str | None, str | None] = ("–", None)


@dataclass(frozen=True)
class Slope:
    """One answer.

    Parameters
    ----------
    label : str
        Its name.
    cells : tuple of (Cell or None)
        Its share in each wave, in order; None where it was not offered.
    gap : str
        The gap between the first and the last wave, in words; empty where it is not released.
    other : bool
        Whether it is "Autre".
    """

    label: str
    cells: tuple[Cell | None, ...]
    gap: str = ""
    other: bool = False

    @property
    def known(self) -> tuple[float | None, ...]:
        """Share in each wave, None where it is withheld or was not offered."""
        return tuple(cell.length if cell is not None and cell.shown else None for cell in self.cells)


def _parts(cell: Cell | None) -> tuple[str | None, str | None]:
    return NOT_OFFERED if cell is None else cell.parts


@dataclass(frozen=True)
class _Ends:
    """Where the lines begin and end, and how high the text beside each end is."""

    left: float
    right: float
    tail: float
    firsts: float
    lefts: list[list[str]]
    rights: list[list[str]]
    before: list[float]
    after: list[float]


def _wide(sheet: Sheet, slopes: Sequence[Slope]) -> _Ends:
    """Put names beside the numbers, outside; the gap under the name on the right."""
    firsts = max(value_width(sheet, _parts(slope.cells[0])) for slope in slopes)
    lasts = max(value_width(sheet, _parts(slope.cells[-1])) for slope in slopes)
    label = min(max(sheet.measure(slope.label) for slope in slopes), sheet.width * 0.235)
    left = label + 8 + firsts + LEADER + 3
    tail = max(label, max(sheet.measure(slope.gap, SMALL) for slope in slopes))
    right = sheet.width - tail - 8 - lasts - LEADER - 3
    lines = [sheet.wrap(slope.label, label) for slope in slopes]
    before = [len(one) * ROW + BETWEEN for one in lines]
    after = [high + bool(slope.gap) * SMALL * LINE for high, slope in zip(before, slopes, strict=True)]
    return _Ends(left, right, tail, firsts, lines, lines, before, after)


def _narrow(sheet: Sheet, slopes: Sequence[Slope]) -> _Ends:
    """Put counts under the first share; under the last one its name and the gap."""
    firsts = max(
        sheet.measure(part, SMALL if i else SIZE, "regular" if i else "semibold")
        for slope in slopes
        for i, part in enumerate(_parts(slope.cells[0]))
        if part
    )
    lasts = max(value_width(sheet, _parts(slope.cells[-1])) for slope in slopes)
    left = firsts + LEADER + 3
    right = min(left + 70, sheet.width - max(lasts, 92) - LEADER - 3)
    lines = [sheet.wrap(slope.label, sheet.width - right - LEADER - 3, SMALL) for slope in slopes]
    before = [ROW * (2 if all(_parts(slope.cells[0])) else 1) + BETWEEN for slope in slopes]
    after = [
        ROW + (len(one) + bool(slope.gap)) * SMALL * LINE + BETWEEN + 1
        for one, slope in zip(lines, slopes, strict=True)
    ]
    return _Ends(left, right, 0.0, firsts, [[] for _ in slopes], lines, before, after)


def _ceiling(slopes: Sequence[Slope]) -> float:
    """End the scale at the first tenth above every share, so that the longest slope is seen."""
    most = max((share for slope in slopes for share in slope.known if share is not None), default=0.0)
    return min(1.0, max(0.1, -(-round(most * 1000) // 100) / 10))


def _waves(sheet: Sheet, xs: Sequence[float], waves: Sequence[str]) -> float:
    """Write the names of the waves above their lines; gives the height below them."""
    names = [sheet.wrap(name, sheet.width / len(waves) - 10, SIZE, "semibold") for name in waves]
    wide = [max(sheet.measure(line, style="semibold") for line in lines) + 8 for lines in names]
    for x, lines in zip(spread(xs, wide, -4, sheet.width + 4), names, strict=True):
        for index, line in enumerate(lines):
            sheet.text(x, ROW * (index + 0.5), line, style="semibold", side="center")
    return max(map(len, names)) * ROW


def draw_slopes(slopes: Sequence[Slope], waves: Sequence[str], brand: Brand, width: float, *, synthetic: bool) -> Sheet:
    """Draw a line an answer, from 0 at the foot; names that would meet are moved apart and led to their ends.

    Parameters
    ----------
    slopes : sequence of Slope
        Answers, highest first.
    waves : sequence of str
        Their names, two or more.
    brand, width
        See `Sheet`.
    synthetic : bool
        Whether to say so.
    """
    sheet = Sheet(width, brand)
    ends = _narrow(sheet, slopes) if sheet.narrow else _wide(sheet, slopes)
    xs = [ends.left + (ends.right - ends.left) * i / (len(waves) - 1) for i in range(len(waves))]
    top = _waves(sheet, xs, waves) + 4
    height = max(LEAST, sum(ends.before), sum(ends.after))
    ceiling = _ceiling(slopes)

    def place(share: float) -> float:
        return top + 8 + (height - 16) * (1 - share / ceiling)

    for x in xs:
        sheet.rule(x, top, x, top + height, brand["track"])
    points = [[None if share is None else place(share) for share in slope.known] for slope in slopes]
    near = [[y for y in one if y is not None] or [place(0)] for one in points]
    left_at = spread([one[0] for one in near], ends.before, top, top + height)
    right_at = spread([one[-1] for one in near], ends.after, top, top + height)
    for index, slope in enumerate(slopes):
        _line(sheet, xs, points[index], brand["muted"] if slope.other else brand["primary"])
        first = right_at[index] - (ends.after[index] - BETWEEN) / 2 + ROW / 2  # the line of the last share
        for y, x0, x1, at in (
            (points[index][0], ends.left - 4, ends.left - LEADER, left_at[index]),
            (points[index][-1], ends.right + 4, ends.right + LEADER, first),
        ):
            if y is not None:
                sheet.rule(x0, y, x1, at, brand["muted"], thick=0.6)
        (_narrow_text if sheet.narrow else _wide_text)(sheet, slope, ends, index, left_at[index], first)
    sheet.finish(top + height + 3, synthetic=synthetic)
    return sheet


def _line(sheet: Sheet, xs: Sequence[float], ys: Sequence[float | None], colour: str) -> None:
    """Join the shares of neighbouring waves; nothing is drawn through a wave that has none."""
    points = [None if y is None else (x, y) for x, y in zip(xs, ys, strict=True)]
    for one, two in itertools.pairwise(points):
        if one and two:
            sheet.rule(*one, *two, colour, thick=1.5)
    for point in points:
        if point:
            sheet.dot(*point, 2.4, filled=True, colour=colour)


def _wide_text(sheet: Sheet, slope: Slope, ends: _Ends, index: int, left: float, right: float) -> None:
    muted = sheet.brand["muted"]
    parts = _parts(slope.cells[0])
    begin = ends.left - LEADER - 3
    value(sheet, begin - value_width(sheet, parts), left, parts)
    sheet.lines(begin - ends.firsts - 8, left, ends.lefts[index], side="right")
    start = ends.right + LEADER + 3
    value(sheet, start, right, _parts(slope.cells[-1]))
    x = sheet.width - ends.tail
    lines = ends.rights[index]
    sheet.lines(x, right + (len(lines) - 1) * ROW / 2, lines)
    if slope.gap:
        y = right + (len(lines) - 0.5) * ROW + SMALL * LINE / 2
        sheet.text(x, y, slope.gap, size=SMALL, colour=muted)


def _narrow_text(sheet: Sheet, slope: Slope, ends: _Ends, index: int, left: float, right: float) -> None:
    muted = sheet.brand["muted"]
    percentage, counts = _parts(slope.cells[0])
    begin = ends.left - LEADER - 3
    if percentage and counts:
        sheet.text(begin, left - ROW / 2, percentage, style="semibold", side="right")
        sheet.text(begin, left + ROW / 2, counts, size=SMALL, colour=muted, side="right")
    else:
        sheet.text(begin, left, percentage or counts or "", style="semibold", side="right")
    start = ends.right + LEADER + 3
    value(sheet, start, right, _parts(slope.cells[-1]))
    y = right + ROW / 2 + SMALL * LINE / 2
    for line in ends.rights[index]:
        sheet.text(start, y, line, size=SMALL)
        y += SMALL * LINE
    if slope.gap:
        sheet.text(start, y, slope.gap, size=SMALL, colour=muted)
