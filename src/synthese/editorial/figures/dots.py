"""Dots on a scale of 100 %, two or more a row: an answer in two waves, an answer among groups.

Belongs here: the layout of dots. Does not: choosing what they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP, value, value_width
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet
from synthese.editorial.reading import Cell

RADIUS = 5.2  # of a ring; a disc is smaller, so that both are seen where they meet
DISC = 3.4


@dataclass(frozen=True)
class Row:
    """One answer.

    Parameters
    ----------
    label : str
        Its name.
    cells : tuple of Cell
        Its share in each series, in the order of the key.
    """

    label: str
    cells: tuple[Cell, ...]


def _styles(brand: Brand, count: int) -> list[tuple[bool, str]]:
    """First series a ring, last a disc; colours differ in lightness too."""
    inks = [brand["secondary"], brand["muted"], brand["primary"]]
    if count == 2:
        return [(False, brand["secondary"]), (True, brand["primary"])]
    return [(index % 2 == 1, inks[index % len(inks)]) for index in range(count)]


def draw_dots(rows: Sequence[Row], series: Sequence[str], brand: Brand, width: float, *, synthetic: bool) -> Sheet:
    """Draw one line a row, a dot a series, and the shares in columns (below the dots on a narrow sheet)."""
    sheet = Sheet(width, brand)
    styles = _styles(brand, len(series))
    columns = [
        max([value_width(sheet, row.cells[i].parts) for row in rows] + [sheet.measure(name, style="semibold") + 16])
        for i, name in enumerate(series)
    ]
    if sheet.narrow:
        label_width, left, right = width, RADIUS + 1, width - RADIUS - 1
    else:
        label_width = min(max(sheet.measure(row.label) for row in rows), width * 0.34)
        left = label_width + GAP + RADIUS
        right = width - sum(columns) - 12 * len(columns) - RADIUS
    y = 8.0
    starts = []
    x = 0.0 if sheet.narrow else right + RADIUS + 12
    for (filled, colour), name, column in zip(styles, series, columns, strict=True):
        starts.append(x)
        sheet.dot(x + RADIUS + 1, y, DISC if filled else RADIUS, filled=filled, colour=colour)
        sheet.text(x + 16, y, name, style="semibold")
        x += (sheet.measure(name, style="semibold") + 32) if sheet.narrow else column + 12
    y += 14
    top = y
    for row in rows:
        lines = sheet.wrap(row.label, label_width)
        block = len(lines) * SIZE * LINE
        if sheet.narrow:
            sheet.lines(0, y + block / 2, lines)
            y += block + 1
            middle, height = y + 7, 14.0
        else:
            height = max(18.0, block)
            middle = y + height / 2
            sheet.lines(label_width, middle, lines, side="right")
        sheet.rule(left, middle, right, middle, brand["track"], thick=0.7)
        places = [left + (right - left) * cell.length for cell in row.cells if cell.shown]
        if len(places) > 1:
            sheet.rule(min(places), middle, max(places), middle, brand["muted"], thick=2.2)
        for cell, (filled, colour) in zip(row.cells, styles, strict=True):
            if cell.shown:
                place = left + (right - left) * cell.length
                sheet.dot(place, middle, DISC if filled else RADIUS, filled=filled, colour=colour)
        y += height
        if sheet.narrow:
            x = 0.0
            for cell, (filled, colour) in zip(row.cells, styles, strict=True):
                sheet.dot(x + 4, y + 6, 2.6, filled=filled, colour=colour)
                x += 10 + value(sheet, x + 10, y + 6, cell.parts) + 12
            y += 12
        else:
            for cell, start in zip(row.cells, starts, strict=True):
                value(sheet, start, middle, cell.parts)
        y += 8
    if not sheet.narrow:
        for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100\u00a0%")):
            place = left + (right - left) * share
            sheet.rule(place, top - 3, place, y - 4, brand["track"], thick=0.7, dashed=True)
            sheet.text(place, y + 3, text, size=SMALL, colour=brand["muted"], side="center")
        y += 10
    sheet.finish(y, synthetic=synthetic)
    return sheet
