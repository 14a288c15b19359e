"""Stacked bars of respondents, for groups too small for shares: as long as the group is large.

Belongs here: the layout of these bars. Does not: choosing what they show.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP
from synthese.editorial.figures.canvas import LINE, SIZE, Sheet
from synthese.editorial.figures.keys import draw_key, draw_label
from synthese.editorial.figures.stacked import Stack
from synthese.formatting import integer_text

BAR = 18.0


def draw_counts(
    groups: Sequence[Stack], colours: Sequence[str], brand: Brand, width: float, *, synthetic: bool
) -> Sheet:
    """Draw a bar a group, its segments as long as the counts, and the group's base at its end; see `draw_mosaic`."""
    sheet = Sheet(width, brand)
    y = draw_key(sheet, [cell.label for cell in groups[0].cells], colours)
    room = max(sheet.measure(integer_text(group.base), style="semibold") for group in groups) + 6
    if sheet.narrow:
        label_width, left = width, 0.5
    else:
        label_width = min(max(sheet.measure(group.label) for group in groups), width * 0.36)
        left = label_width + GAP
    scale = (width - left - room) / max(group.base for group in groups)
    top = y
    for group in groups:
        lines = sheet.wrap(group.label, label_width)
        block = len(lines) * SIZE * LINE
        if sheet.narrow:
            sheet.lines(0, y + block / 2, lines)
            y += block + 2
            bar, height = y, BAR
        else:
            height = max(BAR, block)
            bar = y + (height - BAR) / 2
            sheet.lines(label_width, y + height / 2, lines, side="right")
        x = left
        for cell, colour in zip(group.cells, colours, strict=True):
            wide = (cell.count or 0) * scale
            if wide > 0:
                sheet.box(x, bar, wide, BAR, colour, edge=brand["background"])
                draw_label(sheet, x, bar, wide, BAR, cell, colour, counts=True)
            x += wide
        sheet.text(x + 5, bar + BAR / 2, integer_text(group.base), style="semibold")
        y += height + (9 if sheet.narrow else 6)
    if not sheet.narrow:
        sheet.rule(left, top - 1, left, y - 5, brand["muted"])
    sheet.finish(y - 3, synthetic=synthetic)
    return sheet
