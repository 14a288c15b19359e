"""Dots with their intervals, an answer a line: probability samples only.

Belongs here: the layout of dots and intervals. Does not: whether intervals may be shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP, value, value_width
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet
from synthese.editorial.reading import Cell

DOT = 3.6
CAP = 3.0


def draw_intervals(cells: Sequence[Cell], brand: Brand, width: float, *, head: str, synthetic: bool) -> Sheet:
    """Draw a dot and its interval a cell, on a scale from 0 to 100 %, with both in words beside.

    Parameters
    ----------
    cells : sequence of Cell
        Answers, in the order to draw.
    brand, width
        See `Sheet`.
    head : str
        Name of the column of intervals: "Intervalle à 95 %".
    synthetic : bool
        Whether to say so.
    """
    sheet = Sheet(width, brand)
    shares = max(value_width(sheet, cell.parts) for cell in cells)
    ranges = max(
        [sheet.measure(cell.interval or "", SMALL) for cell in cells] + [sheet.measure(head, SMALL, "semibold")]
    )
    y = 2.0
    if sheet.narrow:
        label_width, left, right = width, DOT + 1, width - DOT - 1
        sheet.text(0, y + 5, "Part", size=SMALL, style="semibold")
        sheet.text(width, y + 5, head, size=SMALL, style="semibold", side="right")
    else:
        label_width = min(max(sheet.measure(cell.label) for cell in cells), width * 0.34)
        left = label_width + GAP + DOT
        right = width - shares - ranges - 2 * GAP - 8
        sheet.text(right + GAP + 4, y + 5, "Part", size=SMALL, style="semibold")
        sheet.text(width, y + 5, head, size=SMALL, style="semibold", side="right")
    y += 16
    top = y
    for cell in cells:
        lines = sheet.wrap(cell.label, label_width)
        block = len(lines) * SIZE * LINE
        if sheet.narrow:
            sheet.lines(0, y + block / 2, lines)
            y += block + 1
            middle, height = y + 6, 12.0
        else:
            height = max(17.0, block)
            middle = y + height / 2
            sheet.lines(label_width, middle, lines, side="right")
        full = right - left
        sheet.rule(left, middle, right, middle, brand["track"], thick=0.7)
        colour = brand["muted"] if cell.option.other else brand["primary"]
        if cell.shown:
            if cell.interval is not None and cell.ci_low is not None and cell.ci_high is not None:
                low, high = left + full * cell.ci_low, left + full * cell.ci_high
                sheet.rule(low, middle, high, middle, colour, thick=2.0)
                for end in (low, high):
                    sheet.rule(end, middle - CAP, end, middle + CAP, colour, thick=1.4)
            sheet.dot(left + full * cell.length, middle, DOT, filled=True, colour=colour)
        y += height
        start, at = (0.0, y + 6) if sheet.narrow else (right + GAP + 4, middle)
        value(sheet, start, at, cell.parts)
        if cell.interval:
            sheet.text(width, at, cell.interval, size=SMALL, colour=brand["muted"], side="right")
        y += 21 if sheet.narrow else 5
    if not sheet.narrow:
        for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100\u00a0%")):
            place = left + (right - left) * share
            sheet.rule(place, top - 3, place, y - 2, brand["track"], thick=0.7, dashed=True)
            sheet.text(place, y + 5, text, size=SMALL, colour=brand["muted"], side="center")
        y += 12
    sheet.finish(y, synthetic=synthetic)
    return sheet
