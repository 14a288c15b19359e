"""What the colours of a drawing stand for, and numbers inside a coloured box.

Belongs here: keys and labels that several drawings share. Does not: the drawings.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.editorial.figures.canvas import LINE, SMALL, Sheet, ink_on
from synthese.editorial.reading import Cell
from synthese.formatting import NBSP, integer_text

KEY_SIZE = SMALL
SWATCH = 9.0


def draw_key(sheet: Sheet, labels: Sequence[str], colours: Sequence[str]) -> float:
    """Draw a swatch and a name an answer, in order, from the upper edge; gives the height below it."""
    x, y = 0.0, 7.0
    for label, colour in zip(labels, colours, strict=True):
        lines = sheet.wrap(label, sheet.width - SWATCH - 5, KEY_SIZE)
        wide = SWATCH + 4 + max(sheet.measure(line, KEY_SIZE) for line in lines)
        if x > 0 and x + wide > sheet.width:
            x, y = 0.0, y + 15
        sheet.box(x + 0.5, y - SWATCH / 2, SWATCH, SWATCH, colour, edge=sheet.brand["muted"])
        for index, line in enumerate(lines):
            sheet.text(x + SWATCH + 4, y + index * KEY_SIZE * LINE, line, size=KEY_SIZE)
        y += (len(lines) - 1) * KEY_SIZE * LINE
        x = sheet.width if len(lines) > 1 else x + wide + 12
    return y + 15


def base_text(base: int) -> str:
    """Write a base: "n = 34"."""
    return f"n{NBSP}={NBSP}{integer_text(base)}"


def draw_label(
    sheet: Sheet, x: float, y: float, width: float, height: float, cell: Cell, colour: str, *, counts: bool = False
) -> None:
    """Write a share and its count inside a box, as much of them as it holds; of ``counts`` only the count."""
    percentage, told = (None, "") if counts else cell.parts
    number = None if told is None else integer_text(cell.count or 0)
    ink = ink_on(colour, sheet.brand)
    under = f"({number})" if number and percentage else None
    first = percentage or number
    if first is None or height < 10 or sheet.measure(first, KEY_SIZE, "semibold") > width - 3:
        return
    middle, centre = y + height / 2, x + width / 2
    if under is None:
        sheet.text(centre, middle, first, colour=ink, size=KEY_SIZE, style="semibold", side="center")
    elif height >= 21 and sheet.measure(under, SMALL) <= width - 3:
        sheet.text(centre, middle - 4.6, first, colour=ink, size=KEY_SIZE, style="semibold", side="center")
        sheet.text(centre, middle + 4.9, under, colour=ink, size=SMALL, side="center")
    else:
        both = sheet.measure(first, KEY_SIZE, "semibold") + 3 + sheet.measure(under, SMALL)
        if both <= width - 3:
            start = centre - both / 2
            taken = sheet.text(start, middle, first, colour=ink, size=KEY_SIZE, style="semibold")
            sheet.text(start + taken + 3, middle, under, colour=ink, size=SMALL)
