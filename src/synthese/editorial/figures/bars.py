"""Horizontal bars, one an answer, sorted: multiple response and single answers.

Belongs here: the layout of bars. Does not: choosing and wording what they show.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.editorial.brand import Brand
from synthese.editorial.figures.canvas import LINE, SIZE, Sheet
from synthese.editorial.reading import Cell

GAP = 8.0


def value(sheet: Sheet, x: float, y: float, parts: tuple[str | None, str | None]) -> float:
    """Write a share at (x, y): the percentage in semibold, its counts lighter; gives their width."""
    percentage, counts = parts
    taken = 0.0
    if percentage:
        taken += sheet.text(x, y, percentage, style="semibold")
    if counts:
        if percentage:
            counts = f"({counts})"
            taken += 3.5
        style = "regular" if percentage else "semibold"
        colour = sheet.brand["muted"] if percentage else None
        taken += sheet.text(x + taken, y, counts, style=style, colour=colour)  # type: ignore[arg-type]
    return taken


def value_width(sheet: Sheet, parts: tuple[str | None, str | None]) -> float:
    """Width that `value` will take."""
    percentage, counts = parts
    width = sheet.measure(percentage, style="semibold") if percentage else 0.0
    if counts:
        width += sheet.measure(f"({counts})") + 3.5 if percentage else sheet.measure(counts, style="semibold")
    return width


def draw_bars(cells: Sequence[Cell], brand: Brand, width: float, *, synthetic: bool) -> Sheet:
    """Draw one bar a cell, in the order given; the full width of the scale is 100 %."""
    sheet = Sheet(width, brand)
    room = max(value_width(sheet, cell.parts) for cell in cells) + GAP
    if sheet.narrow:
        label_width, left, bar, between = width, 0.5, 8.5, 6.0
    else:
        widest = max(sheet.measure(cell.label) for cell in cells)
        label_width, bar, between = min(widest, width * 0.4), 13.5, 6.5
        left = label_width + GAP
    full = width - left - room
    y = 2.0
    top = y
    for cell in cells:
        lines = sheet.wrap(cell.label, label_width)
        block = len(lines) * SIZE * LINE
        colour = brand["muted"] if cell.option.other else brand["primary"]
        if sheet.narrow:
            sheet.lines(0, y + block / 2, lines)
            y += block + 1
            middle = y + bar / 2
            height = bar
        else:
            height = max(bar, block)
            middle = y + height / 2
            sheet.lines(label_width, middle, lines, side="right")
        if cell.shown:
            sheet.box(left, middle - bar / 2, full * cell.length, bar, colour)
        value(sheet, left + full * cell.length + 5, middle, cell.parts)
        y += height + between
    if not sheet.narrow:  # it would cross the labels
        sheet.rule(left, top - 1, left, y - between + 1, brand["muted"])
    sheet.finish(y - between + 3, synthetic=synthetic)
    return sheet
