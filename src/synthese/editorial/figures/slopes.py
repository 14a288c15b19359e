"""Lines between waves, one an answer, with its numbers at both ends.

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


@dataclass(frozen=True)
class Slope:
    """One answer.

    Parameters
    ----------
    label : str
        Its name.
    cells : tuple of Cell
        Its share in each wave, in order.
    gap : str
        The gap between the first and the last wave, in words; empty where it is not released.
    other : bool
        Whether it is "Autre".
    """

    label: str
    cells: tuple[Cell, ...]
    gap: str = ""
    other: bool = False

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """Share at the first and the last wave, None where it is withheld."""
        first, last = self.cells[0], self.cells[-1]
        return (first.length if first.shown else None, last.length if last.shown else None)


def _ceiling(slopes: Sequence[Slope]) -> float:
    """End the scale at the first tenth above every share, so that the longest slope is seen."""
    most = max((cell.length for slope in slopes for cell in slope.cells if cell.shown), default=0.0)
    return min(1.0, max(0.1, -(-round(most * 1000) // 100) / 10))


def draw_slopes(slopes: Sequence[Slope], waves: Sequence[str], brand: Brand, width: float, *, synthetic: bool) -> Sheet:
    """Draw a line an answer, from 0 at the foot; labels that would meet are moved apart and led to their ends.

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
    gaps = max(sheet.measure(slope.gap, SMALL) for slope in slopes)
    firsts = max(
        [value_width(sheet, slope.cells[0].parts) for slope in slopes] + [sheet.measure(waves[0], style="semibold") / 2]
    )
    lasts = max([value_width(sheet, slope.cells[-1].parts) for slope in slopes])
    line = SIZE * LINE
    if sheet.narrow:
        plot = 62.0 if len(waves) == 2 else 86.0
        firsts = max(_stacked_width(sheet, slope.cells[0]) for slope in slopes)
        left = firsts + LEADER + 4
        right = left + plot
        text = right + LEADER + 5
        wrapped = [sheet.wrap(slope.label, width - text, SMALL) for slope in slopes]
        before = [2 * line if _two(slope.cells[0]) else line for slope in slopes]
        after = [
            line + (len(lines) + bool(slope.gap)) * SMALL * LINE + 4
            for slope, lines in zip(slopes, wrapped, strict=True)
        ]
    else:
        tail = lasts + (gaps + 10 if gaps else 0)
        label_width = min(max(sheet.measure(slope.label) for slope in slopes), width * 0.36)
        left = label_width + 10 + firsts + LEADER + 5
        right = width - tail - LEADER - 5
        text = right + LEADER + 5
        wrapped = [sheet.wrap(slope.label, label_width) for slope in slopes]
        before = [max(1, len(lines)) * line + 2.5 for lines in wrapped]
        after = [line + 2.5 for _ in slopes]
    top = 20.0
    height = max(LEAST, sum(before), sum(after))
    ceiling = _ceiling(slopes)

    def place(share: float) -> float:
        return top + 8 + (height - 8) * (1 - share / ceiling)

    xs = [left + (right - left) * i / (len(waves) - 1) for i in range(len(waves))]
    for x, name in zip(xs, waves, strict=True):
        sheet.rule(x, top - 6, x, place(0), brand["track"], thick=0.8)
        sheet.text(x, 6, name, style="semibold", side="center")
    starts = [slope.ends[0] if slope.ends[0] is not None else (slope.ends[1] or 0.0) for slope in slopes]
    stops = [slope.ends[1] if slope.ends[1] is not None else (slope.ends[0] or 0.0) for slope in slopes]
    low, high = top - 2, place(0) + line / 2
    left_at = spread([place(s) for s in starts], before, low, high)
    right_at = spread([place(s) for s in stops], after, low, high)
    for index, slope in enumerate(slopes):
        colour = brand["muted"] if slope.other else brand["primary"]
        first, last = slope.ends
        known = [(x, place(cell.length)) if cell.shown else None for x, cell in zip(xs, slope.cells, strict=True)]
        for one, two in itertools.pairwise(known):
            if one and two:
                sheet.rule(*one, *two, colour, thick=1.5)
        for point in known:
            if point:
                sheet.dot(*point, 2.4, filled=True, colour=colour)
        if first is not None:
            sheet.rule(left - LEADER, left_at[index], left - 4, place(first), brand["muted"], thick=0.6)
        if last is not None:
            sheet.rule(
                right + 4,
                place(last),
                right + LEADER,
                _first_line(sheet, right_at[index], after[index]),
                brand["muted"],
                thick=0.6,
            )
        if sheet.narrow:
            _narrow_ends(
                sheet,
                slope,
                wrapped[index],
                left - LEADER - 3,
                left_at[index],
                text,
                right_at[index] - after[index] / 2,
            )
            continue
        begin = left - LEADER - 3
        value(sheet, begin - value_width(sheet, slope.cells[0].parts), left_at[index], slope.cells[0].parts)
        sheet.lines(begin - firsts - 10, left_at[index], wrapped[index], side="right")
        value(sheet, text - 2, right_at[index], slope.cells[-1].parts)
        if slope.gap:
            sheet.text(width - 0.5, right_at[index], slope.gap, size=SMALL, colour=brand["muted"], side="right")
    bottom = max(
        place(0),
        max(y + h / 2 for y, h in zip(left_at, before, strict=True)),
        max(y + h / 2 for y, h in zip(right_at, after, strict=True)),
    )
    sheet.finish(bottom + 4, synthetic=synthetic)
    return sheet


def _first_line(sheet: Sheet, centre: float, height: float) -> float:
    """Height of the number in a block of an end: its first line on a narrow sheet, its only one on a wide one."""
    return centre - height / 2 + SIZE * LINE / 2 if sheet.narrow else centre


def _two(cell: Cell) -> bool:
    return all(cell.parts)


def _stacked_width(sheet: Sheet, cell: Cell) -> float:
    """Width of a share over its counts."""
    return max(sheet.measure(part, SIZE if i == 0 else SMALL, "semibold") for i, part in enumerate(cell.parts) if part)


def _narrow_ends(
    sheet: Sheet, slope: Slope, lines: Sequence[str], left: float, left_at: float, right: float, right_top: float
) -> None:
    """Write the first share over its counts, and the last one over its answer."""
    muted = sheet.brand["muted"]
    percentage, counts = slope.cells[0].parts
    main = percentage or counts or ""
    if percentage and counts:
        sheet.text(left, left_at - SIZE * LINE / 2, percentage, style="semibold", side="right")
        sheet.text(left, left_at + SIZE * LINE / 2, counts, size=SMALL, colour=muted, side="right")
    else:
        sheet.text(left, left_at, main, style="semibold", side="right")
    y = right_top + SIZE * LINE / 2
    value(sheet, right - 2, y, slope.cells[-1].parts)
    y += SIZE * LINE
    for line in lines:
        sheet.text(right - 2, y, line, size=SMALL)
        y += SMALL * LINE
    if slope.gap:
        sheet.text(right - 2, y, slope.gap, size=SMALL, colour=muted)
