"""Small multiples: a panel of bars a group, on one scale, over the whole sample in pale.

Belongs here: the layout of panels. Does not: choosing what they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet
from synthese.editorial.figures.keys import SWATCH, base_text
from synthese.editorial.reading import Cell
from synthese.formatting import integer_text

ACROSS = 3  # panels beside each other on a wide sheet
BAR = 8.0
PALE = 13.0
WHOLE = "Ensemble"


@dataclass(frozen=True)
class Panel:
    """One group.

    Parameters
    ----------
    label : str
        Its name.
    base : int
        Its respondents.
    cells : tuple of Cell
        Its shares, in the order of every panel.
    """

    label: str
    base: int
    cells: tuple[Cell, ...]


def _parts(cell: Cell) -> tuple[str, str]:
    """Percentage, and the count alone in brackets."""
    percentage, counts = cell.parts
    if percentage is None:
        return integer_text(cell.count or 0), ""
    return percentage, f"({integer_text(cell.count or 0)})" if counts else ""


def _width(sheet: Sheet, cell: Cell) -> float:
    first, second = _parts(cell)
    return sheet.measure(first, SMALL, "semibold") + (2.5 + sheet.measure(second, SMALL) if second else 0.0)


def draw_multiples(
    panels: Sequence[Panel], whole: Sequence[Cell], brand: Brand, width: float, *, synthetic: bool
) -> Sheet:
    """Draw a panel a group, the answers in one order; the scale of every panel ends at its largest share.

    Parameters
    ----------
    panels : sequence of Panel
        Groups.
    whole : sequence of Cell
        The same answers over every group.
    brand, width
        See `Sheet`.
    synthetic : bool
        Whether to say so.
    """
    sheet = Sheet(width, brand)
    down = -(-len(panels) // ACROSS)
    across = 1 if sheet.narrow else -(-len(panels) // down)  # four stand two by two
    label_width = width if sheet.narrow else min(max(sheet.measure(cell.label) for cell in whole), width * 0.3)
    left = 0.5 if sheet.narrow else label_width + GAP
    panel = (width - left - GAP * 1.5 * (across - 1)) / across
    room = max(_width(sheet, cell) for one in panels for cell in one.cells) + 5
    most = max([cell.length for one in panels for cell in one.cells] + [cell.length for cell in whole] + [0.01])
    scale = (panel - room) / most
    wrapped = [sheet.wrap(cell.label, label_width) for cell in whole]
    sheet.box(0.5, 2.5, SWATCH, SWATCH, brand["track"])
    sheet.text(SWATCH + 5, 7, WHOLE, size=SMALL)
    y = 22.0
    for start in range(0, len(panels), across):
        row = panels[start : start + across]
        heads = [sheet.wrap(one.label, panel, SIZE, "semibold") for one in row]
        high = max(map(len, heads)) * SIZE * LINE
        for i, (one, lines) in enumerate(zip(row, heads, strict=True)):
            x = left + i * (panel + GAP * 1.5)
            for index, line in enumerate(lines):
                at = y + high - SIZE * LINE * (len(lines) - index - 0.5)
                sheet.text(x, at, line, style="semibold")
            sheet.text(x, y + high + SMALL * LINE / 2, base_text(one.base), size=SMALL, colour=brand["muted"])
        y += high + SMALL * LINE + 4
        for place, lines in enumerate(wrapped):
            block = len(lines) * SIZE * LINE
            if sheet.narrow:
                sheet.lines(0, y + block / 2, lines)
                y += block + 1
                height, middle = PALE, y + PALE / 2
            else:
                height = max(PALE, block)
                middle = y + height / 2
                sheet.lines(label_width, middle, lines, side="right")
            for i, one in enumerate(row):
                _bar(sheet, left + i * (panel + GAP * 1.5), middle, scale, one.cells[place], whole[place])
            y += height + (6 if sheet.narrow else 4)
        y += 12
    sheet.finish(y - 10, synthetic=synthetic)
    return sheet


def _bar(sheet: Sheet, x: float, middle: float, scale: float, cell: Cell, whole: Cell) -> None:
    """Draw a group's share over the whole's, its numbers after the longer of the two."""
    colour = sheet.brand["muted"] if cell.option.other else sheet.brand["primary"]
    reach = 0.0
    if whole.shown:
        sheet.box(x, middle - PALE / 2, whole.length * scale, PALE, sheet.brand["track"])
        reach = whole.length * scale
    if cell.shown:
        sheet.box(x, middle - BAR / 2, cell.length * scale, BAR, colour)
        reach = max(reach, cell.length * scale)
    first, second = _parts(cell)
    taken = sheet.text(x + reach + 4, middle, first, size=SMALL, style="semibold")
    if second:
        sheet.text(x + reach + 6.5 + taken, middle, second, size=SMALL, colour=sheet.brand["muted"])
