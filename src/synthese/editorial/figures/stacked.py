"""Stacked bars of 100 %: a scale, a grid of scales, a question by groups.

Belongs here: the layout of stacks, plain or parted at their middle. Does not: choosing what they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthese.editorial.brand import Brand
from synthese.editorial.figures.bars import GAP
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet, ink_on, mark, mark_width
from synthese.editorial.figures.drawing import Style
from synthese.editorial.figures.keys import base_text, draw_key
from synthese.editorial.figures.placing import spread
from synthese.editorial.reading import Cell
from synthese.formatting import NBSP, integer_text

BAR = 24.0
ROW = 11.0  # of numbers above a bar
LEADER = 6.0  # from a bar to the numbers above it
APART = 6.0
ONE_LINE = 22.0  # height of a key of one line


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


@dataclass(frozen=True)
class _Segment:
    """One segment of a bar, laid out: where it stands, and what is written in it or, where that does not fit, above."""

    x: float
    width: float
    cell: Cell
    colour: str
    percentage: str | None
    number: str | None
    inside: bool

    @property
    def words(self) -> str:
        """Both on one line."""
        return f"{self.percentage}{NBSP}{self.number}" if self.percentage and self.number else self.first

    @property
    def first(self) -> str:
        """What stands first."""
        return self.percentage or self.number or ""


def _segments(sheet: Sheet, x: float, scale: float, cells: Sequence[Cell], colours: Sequence[str]) -> list[_Segment]:
    """Lay out a bar; an answer that nobody gave has no segment and no number."""
    found = []
    for cell, colour in zip(cells, colours, strict=True):
        width = cell.length * scale
        percentage, counts = cell.parts
        number = None if counts is None else integer_text(cell.count or 0)
        if number and percentage:
            number = f"({number})"
        styled = ((percentage or number, "semibold"), (number if percentage else None, "regular"))
        widest = max(sheet.measure(text, SMALL, style) for text, style in styled if text)  # type: ignore[arg-type]
        if width > 0:
            found.append(_Segment(x, width, cell, colour, percentage, number, widest <= width - 3))
        x += width
    return found


def _rows_above(sheet: Sheet, left: float, segments: Sequence[_Segment]) -> list[list[tuple[float, _Segment]]]:
    """Place what does not fit into its segment in rows above the bar, each with its centre; the nearest row first."""
    outside = [segment for segment in segments if not segment.inside]
    widths = {id(segment): sheet.measure(segment.words, SMALL, "semibold") + APART for segment in outside}
    room = sheet.width - left + APART
    rows: list[list[_Segment]] = []
    for segment in outside:
        row = next((row for row in rows if sum(widths[id(s)] for s in [*row, segment]) <= room), None)
        if row is None:
            rows.append([segment])
        else:
            row.append(segment)
    placed = []
    for row in rows:
        centres = [segment.x + segment.width / 2 for segment in row]
        places = spread(centres, [widths[id(s)] for s in row], left - APART / 2, sheet.width + APART / 2)
        placed.append(list(zip(places, row, strict=True)))
    return placed


def _draw_bar(sheet: Sheet, y: float, segments: Sequence[_Segment], rows: list[list[tuple[float, _Segment]]]) -> None:
    for segment in segments:
        sheet.box(segment.x, y, segment.width, BAR, segment.colour, edge=sheet.brand["background"])
        if not segment.inside:
            continue
        ink, centre = ink_on(segment.colour, sheet.brand), segment.x + segment.width / 2
        lines = [text for text in (segment.percentage, segment.number) if text]
        for index, text in enumerate(lines):
            at = y + BAR / 2 + (index - (len(lines) - 1) / 2) * 10.2
            style: Style = "semibold" if index == 0 else "regular"
            sheet.text(centre, at, text, colour=ink, size=SMALL, style=style, side="center")
    for level, row in enumerate(rows):
        low = y - LEADER - level * ROW
        for centre, segment in row:
            sheet.text(centre, low - 4.5, segment.words, size=SMALL, style="semibold", side="center")
            foot = (segment.x + segment.width / 2, y + 3)
            sheet.line_through([(centre, low + 0.5), (foot[0], y - 1.5), foot], sheet.brand["muted"], thick=0.7)


def draw_stacks(
    stacks: Sequence[Stack],
    colours: Sequence[str],
    brand: Brand,
    width: float,
    *,
    middle: float | None,
    synthetic: bool,
) -> Sheet:
    """Draw one bar a stack; numbers that a segment cannot hold stand above it, with a line to it.

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
    y = draw_key(sheet, [cell.label for cell in stacks[0].cells], colours)
    if beside := synthetic and y <= ONE_LINE and sheet.reach(0, y) + 12 <= width - mark_width(sheet):
        mark(sheet, 0.5)
    names = [base_text(stack.base) for stack in stacks]
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
    for stack, name, part in zip(stacks, names, before, strict=True):
        segments = _segments(sheet, axis - part * scale, scale, stack.cells, colours)
        rows = _rows_above(sheet, left, segments)
        over = LEADER + ROW * len(rows) - 1.5 if rows else 0.0
        lines = sheet.wrap(stack.label, label_width)
        block = len(lines) * SIZE * LINE
        if sheet.narrow:
            for index, line in enumerate(lines):
                sheet.text(0, y + SIZE * LINE * (index + 0.5), line)
            last = sheet.measure(lines[-1])
            if last + 6 + sheet.measure(name, SMALL) <= width:
                sheet.text(last + 6, y + block - SIZE * LINE / 2, name, size=SMALL, colour=brand["muted"])
            else:
                sheet.text(0, y + block + 5, name, size=SMALL, colour=brand["muted"])
                block += SMALL * LINE
            bar = y + block + 2 + over
            y = bar + BAR
        else:
            block += SMALL * LINE
            bar = y + max(over, (block - BAR) / 2)
            head = bar + (BAR - block) / 2
            for index, line in enumerate(lines):
                sheet.text(label_width, head + SIZE * LINE * (index + 0.5), line, side="right")
            at = head + block - SMALL * LINE / 2
            sheet.text(label_width, at, name, size=SMALL, side="right", colour=brand["muted"])
            y = bar + max(BAR, (BAR + block) / 2)
        _draw_bar(sheet, bar, segments, rows)
        if middle is not None:
            cut = middle % 1 > 0  # through an answer, whose numbers it must not cross
            for top, foot in ((bar - 3, bar), (bar + BAR, bar + BAR + 3)) if cut else ((bar - 2, bar + BAR + 2),):
                sheet.rule(axis, top, axis, foot, brand["foreground"], thick=1.0)
        y += 9 if sheet.narrow else 7
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
