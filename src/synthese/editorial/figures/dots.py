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
HEAD = 100.0  # points: what a name of a series takes of a column of numbers, before it breaks
LEAST = 100.0  # points of scale; where columns of numbers leave less, numbers stand below their dots
BETWEEN = 12.0
TICKS = ((0.0, "0"), (0.5, "50"), (1.0, "100\u00a0%"))


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
    """Draw one line a row, a dot a series; the shares in columns, or below the dots where columns leave no scale."""
    sheet = Sheet(width, brand)
    styles = _styles(brand, len(series))
    shares = [max(value_width(sheet, row.cells[i].parts) for row in rows) for i in range(len(series))]
    names = [min(sheet.measure(name, style="semibold"), HEAD) + 16 for name in series]
    columns = [max(pair) for pair in zip(shares, names, strict=True)]
    label_width = min(max(sheet.measure(row.label) for row in rows), width * 0.34)
    left = label_width + GAP + RADIUS
    right = width - sum(columns) - BETWEEN * len(columns) - RADIUS
    if sheet.narrow or right - left < LEAST:
        if sheet.narrow:
            label_width, left = width, RADIUS + 1
        y = _below(sheet, rows, _key(sheet, series, styles), label_width, left, shares, styles)
    else:
        y = _beside(sheet, rows, series, label_width, (left, right), columns, styles)
    sheet.finish(y, synthetic=synthetic)
    return sheet


def _sign(sheet: Sheet, x: float, y: float, style: tuple[bool, str]) -> None:
    filled, colour = style
    sheet.dot(x, y, DISC if filled else RADIUS, filled=filled, colour=colour)


def _dots(sheet: Sheet, row: Row, y: float, left: float, right: float, styles: Sequence[tuple[bool, str]]) -> None:
    """Draw the scale of a row, what its dots span, and its dots."""
    sheet.rule(left, y, right, y, sheet.brand["track"], thick=0.7)
    places = [left + (right - left) * cell.length if cell.shown else None for cell in row.cells]
    shown = [place for place in places if place is not None]
    if len(shown) > 1:
        sheet.rule(min(shown), y, max(shown), y, sheet.brand["muted"], thick=2.2)
    for place, style in zip(places, styles, strict=True):
        if place is not None:
            _sign(sheet, place, y, style)


def _beside(
    sheet: Sheet,
    rows: Sequence[Row],
    series: Sequence[str],
    label_width: float,
    ends: tuple[float, float],
    columns: Sequence[float],
    styles: Sequence[tuple[bool, str]],
) -> float:
    """Put the shares in a column a series, under its name; gives the height below the drawing."""
    left, right = ends
    starts = [right + RADIUS + BETWEEN * (i + 1) + sum(columns[:i]) for i in range(len(columns))]
    heads = [sheet.wrap(name, column - 16, style="semibold") for name, column in zip(series, columns, strict=True)]
    high = max(map(len, heads)) * SIZE * LINE
    for start, lines, style in zip(starts, heads, styles, strict=True):
        first = 8 + high - len(lines) * SIZE * LINE
        _sign(sheet, start + RADIUS + 1, first, style)
        for index, line in enumerate(lines):
            sheet.text(start + 16, first + index * SIZE * LINE, line, style="semibold")
    y = top = high + 10.5
    for row in rows:
        lines = sheet.wrap(row.label, label_width)
        height = max(18.0, len(lines) * SIZE * LINE)
        middle = y + height / 2
        sheet.lines(label_width, middle, lines, side="right")
        _dots(sheet, row, middle, left, right, styles)
        for cell, start in zip(row.cells, starts, strict=True):
            value(sheet, start, middle, cell.parts)
        y += height + 8
    for share, text in TICKS:
        place = left + (right - left) * share
        sheet.rule(place, top - 3, place, y - 4, sheet.brand["track"], thick=0.7, dashed=True)
        sheet.text(place, y + 3, text, size=SMALL, colour=sheet.brand["muted"], side="center")
    return y + 10


def _key(sheet: Sheet, series: Sequence[str], styles: Sequence[tuple[bool, str]]) -> float:
    """Name the dots from the left, on as many lines as it takes; gives the height below."""
    x, y = 0.0, 8.0
    for name, style in zip(series, styles, strict=True):
        lines = sheet.wrap(name, sheet.width - 16, style="semibold")
        wide = 16 + max(sheet.measure(line, style="semibold") for line in lines)
        if x > 0 and x + wide > sheet.width:
            x, y = 0.0, y + 15
        _sign(sheet, x + RADIUS + 1, y, style)
        for index, line in enumerate(lines):
            sheet.text(x + 16, y + index * SIZE * LINE, line, style="semibold")
        y += (len(lines) - 1) * SIZE * LINE
        x = sheet.width if len(lines) > 1 else x + wide + 16
    return y + 15


def _below(
    sheet: Sheet,
    rows: Sequence[Row],
    y: float,
    label_width: float,
    left: float,
    shares: Sequence[float],
    styles: Sequence[tuple[bool, str]],
) -> float:
    """Put the shares under the dots, each after its sign, the scale above them all; gives the height below."""
    right = sheet.width - RADIUS - 1
    first = 0.0 if sheet.narrow else left - RADIUS
    spots = []  # of each share: how far from the left, and on which line
    x, line_of = first, 0
    for share in shares:
        if x > first and x + 10 + share > sheet.width:
            x, line_of = first, line_of + 1
        spots.append((x, line_of))
        x += 10 + share + BETWEEN
    for place, (_, text) in zip((left, (left + right) / 2, right), TICKS, strict=True):
        at = sheet.width - sheet.measure(text, SMALL) / 2 if place == right else place
        sheet.text(at, y, text, size=SMALL, colour=sheet.brand["muted"], side="center")
    y += 9
    middles = []
    for row in rows:
        lines = sheet.wrap(row.label, label_width)
        block = len(lines) * SIZE * LINE
        if sheet.narrow:
            sheet.lines(0, y + block / 2, lines)
            y += block + 1
            block = 0.0
        else:
            sheet.lines(label_width, y + 7 + (block - SIZE * LINE) / 2, lines, side="right")
        _dots(sheet, row, y + 7, left, right, styles)
        middles.append(y + 7)
        for cell, (filled, colour), (x, at) in zip(row.cells, styles, spots, strict=True):
            foot = y + 20 + at * 12
            sheet.dot(x + 4, foot, 2.6, filled=filled, colour=colour)
            value(sheet, x + 10, foot, cell.parts)
        y += max(26.0 + 12 * line_of, block + 2) + 8
    for middle in middles:
        for share, _ in TICKS:
            place = left + (right - left) * share
            sheet.rule(place, middle - 3, place, middle + 3, sheet.brand["muted"], thick=0.7)
    return y
