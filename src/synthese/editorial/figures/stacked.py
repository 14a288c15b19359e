"""Stacked bars of 100 %: a scale, a grid of scales, a question by groups.

Belongs here: the layout of stacks, plain or parted at their middle. Does not: choosing what they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet, ink_on, mark, mark_width
from synthese.editorial.reading import Cell
from synthese.formatting import NBSP, integer_text

BAR = 22.0


@dataclass(frozen=True)
class Stack:
    """One bar.

    Parameters
    ----------
    label : str
        Its name.
    base : int
        Respondents that it shows.
    cells : tuple of Cell
        Its segments, in order, all of them shown.
    """

    label: str
    base: int
    cells: tuple[Cell, ...]


def _legend(sheet: Sheet, labels: Sequence[str], colours: Sequence[str]) -> tuple[float, bool]:
    """Draw the key, in the order of the segments; gives the height below it, and whether the mark fits beside."""
    x, y, size, high = 0.0, 7.0, 8.5, 9.0
    for label, colour in zip(labels, colours, strict=True):
        lines = sheet.wrap(label, sheet.width - high - 5, size)
        wide = high + 4 + max(sheet.measure(line, size) for line in lines) + 12
        if x > 0 and x + wide - 12 > sheet.width:
            x, y = 0.0, y + 15
        sheet.box(x + 0.5, y - high / 2, high, high, colour, edge=sheet.brand["muted"])
        for index, line in enumerate(lines):
            sheet.text(x + high + 4, y + index * size * LINE, line, size=size)
        y += (len(lines) - 1) * size * LINE
        x += wide
    return y + 15, y == 7.0 and x + mark_width(sheet) <= sheet.width


def _segment(sheet: Sheet, x: float, y: float, width: float, cell: Cell, colour: str) -> None:
    sheet.box(x, y, width, BAR, colour, edge=sheet.brand["background"])
    percentage, counts = cell.parts
    number = None if counts is None else integer_text(cell.count or 0)
    if number and percentage:
        number = f"({number})"
    ink = ink_on(colour, sheet.brand)
    for lines in ((percentage, number), (number,)):
        shown = [text for text in lines if text]
        if shown and max(sheet.measure(t, 8.5, "semibold") for t in shown) <= width - 3:
            break
    else:
        return
    if len(shown) == 1:
        sheet.text(x + width / 2, y + BAR / 2, shown[0], colour=ink, size=8.5, style="semibold", side="center")
        return
    sheet.text(x + width / 2, y + BAR * 0.3, shown[0], colour=ink, size=8.5, style="semibold", side="center")
    sheet.text(x + width / 2, y + BAR * 0.72, shown[1], colour=ink, size=7.5, side="center")


def draw_stacks(
    stacks: Sequence[Stack],
    colours: Sequence[str],
    brand: Brand,
    width: float,
    *,
    middle: float | None,
    synthetic: bool,
) -> Sheet:
    """Draw one bar a stack.

    Parameters
    ----------
    stacks : sequence of Stack
        Bars, each with the same answers in the same order.
    colours : sequence of str
        One an answer.
    brand, width
        See `Sheet`.
    middle : float or None
        Number of first answers that stand left of the parting line (a half for an answer in the middle, cut
        in two); None for bars that begin at the left.
    synthetic : bool
        Whether to say so.
    """
    sheet = Sheet(width, brand)
    y, beside = _legend(sheet, [cell.label for cell in stacks[0].cells], colours)
    names = [f"n{NBSP}={NBSP}{integer_text(stack.base)}" for stack in stacks]
    if sheet.narrow:
        label_width, left = width, 0.5
    else:
        widest = max(max(sheet.measure(s.label) for s in stacks), max(sheet.measure(n, SMALL) for n in names))
        label_width = min(widest, width * 0.32)
        left = label_width + GAP
    full = width - left - 0.5
    before = [_left_of(stack, middle) for stack in stacks]
    scale = full / max(max(before) + max(_length(s) - b for s, b in zip(stacks, before, strict=True)), 1e-9)
    axis = left + max(before) * scale
    top = y
    for stack, name, part in zip(stacks, names, before, strict=True):
        lines = sheet.wrap(stack.label, label_width)
        block = len(lines) * SIZE * LINE
        if sheet.narrow:
            for index, line in enumerate(lines):
                sheet.text(0, y + SIZE * LINE * (index + 0.5), line)
            last = sheet.measure(lines[-1])
            note = last + 6 + sheet.measure(name, SMALL)
            if note <= width:
                sheet.text(last + 6, y + block - SIZE * LINE / 2, name, size=SMALL, colour=brand["muted"])
            else:
                sheet.text(0, y + block + 5, name, size=SMALL, colour=brand["muted"])
                block += SMALL * LINE
            y += block + 2
            bar = y
            height = BAR
        else:
            block += SMALL * LINE
            height = max(BAR, block)
            bar = y + (height - BAR) / 2
            head = y + (height - block) / 2
            for index, line in enumerate(lines):
                sheet.text(label_width, head + SIZE * LINE * (index + 0.5), line, side="right")
            sheet.text(
                label_width, head + block - SMALL * LINE / 2, name, size=SMALL, side="right", colour=brand["muted"]
            )
        x = axis - part * scale
        for cell, colour in zip(stack.cells, colours, strict=True):
            _segment(sheet, x, bar, cell.length * scale, cell, colour)
            x += cell.length * scale
        y += height + 7
    if middle is not None:
        sheet.rule(axis, top - 4, axis, y - 5, brand["foreground"], thick=1.0)
    if synthetic and beside:
        mark(sheet, 0.5)
    sheet.finish(y - 4, synthetic=synthetic and not beside)
    return sheet


def _length(stack: Stack) -> float:
    return sum(cell.length for cell in stack.cells)


def _left_of(stack: Stack, middle: float | None) -> float:
    if middle is None:
        return 0.0
    whole = int(middle)
    part = sum(cell.length for cell in stack.cells[:whole])
    return part + (middle - whole) * stack.cells[whole].length if middle > whole else part
