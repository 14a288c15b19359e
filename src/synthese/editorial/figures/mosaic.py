"""A mosaic: groups as wide as they are many, each shared out by its answers.

Belongs here: the layout of a mosaic, in columns or, where names need the room, in bands. Does not: choosing what
it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet
from synthese.editorial.figures.keys import base_text, draw_key, draw_label
from synthese.editorial.figures.stacked import Stack

BETWEEN = 3.0
HEIGHT = 190.0
LEAST_COLUMN = 36.0  # points: "100 %" and its count
LEAST_BAND = 22.0


def draw_mosaic(
    groups: Sequence[Stack], colours: Sequence[str], brand: Brand, width: float, *, synthetic: bool
) -> Sheet:
    """Draw a column a group, as wide as its base, or a band as high as its base.

    Parameters
    ----------
    groups : sequence of Stack
        Groups, each with the same answers in the same order.
    colours : sequence of str
        One an answer.
    brand, width
        See `Sheet`.
    synthetic : bool
        Whether to say so.
    """
    sheet = Sheet(width, brand)
    top = draw_key(sheet, [cell.label for cell in groups[0].cells], colours)
    whole = sum(group.base for group in groups)
    scale = (width - 1 - BETWEEN * (len(groups) - 1)) / whole
    fits = all(_holds(sheet, group, group.base * scale) for group in groups)
    bottom = (_columns if fits and not sheet.narrow else _bands)(sheet, groups, colours, top)
    sheet.finish(bottom, synthetic=synthetic)
    return sheet


def _holds(sheet: Sheet, group: Stack, column: float) -> bool:
    """Whether a column is wide enough for its numbers and every word of its name."""
    words = max(sheet.measure(word, style="semibold") for word in group.label.split(" "))
    return column >= max(LEAST_COLUMN, words, sheet.measure(base_text(group.base), SMALL))


def _columns(sheet: Sheet, groups: Sequence[Stack], colours: Sequence[str], y: float) -> float:
    scale = (sheet.width - 1 - BETWEEN * (len(groups) - 1)) / sum(group.base for group in groups)
    names = [sheet.wrap(group.label, group.base * scale, SIZE, "semibold") for group in groups]
    foot = y + max(map(len, names)) * SIZE * LINE  # names stand on their columns
    x = 0.5
    for group, lines in zip(groups, names, strict=True):
        column = group.base * scale
        for index, line in enumerate(reversed(lines)):
            sheet.text(x, foot - SIZE * LINE * (index + 0.5), line, style="semibold")
        sheet.text(x, foot + SMALL * LINE / 2, base_text(group.base), size=SMALL, colour=sheet.brand["muted"])
        place = foot + SMALL * LINE + 3
        for cell, colour in zip(group.cells, colours, strict=True):
            high = cell.length * HEIGHT
            if high > 0:
                sheet.box(x, place, column, high, colour, edge=sheet.brand["background"])
                draw_label(sheet, x, place, column, high, cell, colour)
            place += high
        x += column + BETWEEN
    return foot + SMALL * LINE + 3 + HEIGHT + 3


def _bands(sheet: Sheet, groups: Sequence[Stack], colours: Sequence[str], y: float) -> float:
    smallest = min(group.base for group in groups)
    scale = max(LEAST_BAND / smallest, HEIGHT / sum(group.base for group in groups))
    label_width = sheet.width
    left = 0.5
    if not sheet.narrow:
        widest = max(sheet.measure(group.label, style="semibold") for group in groups)
        bases = max(sheet.measure(base_text(group.base), SMALL) for group in groups)
        label_width = max(min(widest, sheet.width * 0.3), bases)
        left = label_width + GAP
    full = sheet.width - left - 0.5
    for group in groups:
        lines = sheet.wrap(group.label, label_width, SIZE, "semibold")
        high = group.base * scale
        block = len(lines) * SIZE * LINE + SMALL * LINE
        if sheet.narrow:
            y = _heading(sheet, group, lines, y)
            head = y
        else:
            head = y + max(0.0, (block - high) / 2)
            first = head + high / 2 - block / 2
            for index, line in enumerate(lines):
                at = first + SIZE * LINE * (index + 0.5)
                sheet.text(label_width, at, line, style="semibold", side="right")
            muted = sheet.brand["muted"]
            at = first + block - SMALL * LINE / 2
            sheet.text(label_width, at, base_text(group.base), size=SMALL, colour=muted, side="right")
        x = left
        for cell, colour in zip(group.cells, colours, strict=True):
            wide = cell.length * full
            if wide > 0:
                sheet.box(x, head, wide, high, colour, edge=sheet.brand["background"])
                draw_label(sheet, x, head, wide, high, cell, colour)
            x += wide
        y = (head + high if sheet.narrow else y + max(high, block)) + (7 if sheet.narrow else BETWEEN)
    return y


def _heading(sheet: Sheet, group: Stack, lines: Sequence[str], y: float) -> float:
    """Write a group's name and base above its band; gives the height below them."""
    for index, line in enumerate(lines):
        sheet.text(0, y + SIZE * LINE * (index + 0.5), line, style="semibold")
    y += len(lines) * SIZE * LINE
    base = base_text(group.base)
    beside = sheet.measure(lines[-1], style="semibold") + 6
    if beside + sheet.measure(base, SMALL) <= sheet.width:
        sheet.text(beside, y - SIZE * LINE / 2, base, size=SMALL, colour=sheet.brand["muted"])
        return y + 2
    sheet.text(0, y + SMALL * LINE / 2, base, size=SMALL, colour=sheet.brand["muted"])
    return y + SMALL * LINE + 2
