"""A sheet to draw on in points, with measured text and stable bytes.

Belongs here: the verbs by which layouts draw, and what a text measures (matplotlib, with no pyplot and no
global state). Does not: what is drawn, how marks become SVG (`drawing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from matplotlib.textpath import TextPath

from synthese.editorial.brand import Brand, Colour, font, known_characters
from synthese.editorial.figures.drawing import ROLE_CLASSES, Box, Disc, Mark, Outline, Side, Style, Words, svg
from synthese.errors import SyntheseError
from synthese.identity import Typeface
from synthese.identity.colours import contrast

WIDE = 468.0  # points: 165 mm, the text column of an A4 page
NARROW = 228.0  # points: half that column less its gap, and a small telephone

SIZE = 9.5
SMALL = 8.5  # the least: a drawing is shown at its size or, on a page, larger
LINE = 1.22  # line height, in sizes
MARK = "données synthétiques"


def _one_line(text: str) -> str:
    """Put a text on one line: labels of a form may hold line ends."""
    return re.sub(r"[ \t]*[\t\r\n][ \t\r\n]*", " ", text)


@cache
def _width(text: str, typeface: Typeface, style: Style, size: float) -> float:
    # A trailing space has no ink: measure between two bars.
    properties = font(typeface, style)
    text = text.replace("$", r"\$")  # no formula
    framed = TextPath((0, 0), f"|{text}|", size=size, prop=properties).get_extents().x1
    return float(framed - TextPath((0, 0), "||", size=size, prop=properties).get_extents().x1) + 0.5


class Sheet:
    """A figure under construction; y grows downwards, in points.

    Whatever the order of calls, surfaces (`box`, `polygon`) lie under lines (`rule`, `line_through`), lines
    under dots, dots under text; within a layer the later lies above.

    Colours are ``#rrggbb``. Those of a `Brand` know their name (``brand["muted"]``, ``brand.diverging[0]``), which
    the SVG tells the page as a class, so that dark mode restyles them; ``str(colour)`` forgets the name and keeps
    the colour in every mode. Text inside a fill takes `ink_on` of it.

    Parameters
    ----------
    width : float
        `WIDE` or `NARROW`.
    brand : Brand
        Colours and font.
    """

    def __init__(self, width: float, brand: Brand) -> None:
        self.width = width
        self.height = 0.0
        self.brand = brand
        self._marks: list[Mark] = []

    @property
    def narrow(self) -> bool:
        """Whether labels stand above their bars rather than beside them."""
        return self.width < WIDE

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What was drawn, each with its ``extent``."""
        return tuple(self._marks)

    def measure(self, text: str, size: float = SIZE, style: Style = "regular") -> float:
        """Width of a text, in points."""
        return _width(_one_line(text), self.brand.typeface, style, size)

    def wrap(self, text: str, width: float, size: float = SIZE, style: Style = "regular") -> list[str]:
        """Break a text into lines no wider than ``width``, at its spaces; within a word that alone is wider.

        Nothing is left out: the lines joined are the text. ``width`` must hold a letter.
        """
        lines: list[str] = []
        for word in _one_line(text).split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.measure(longer, size, style) <= width:
                lines[-1] = longer
            elif self.measure(word, size, style) <= width:
                lines.append(word)
            else:
                lines += self._cut(word, width, size, style)
        return lines

    def _cut(self, word: str, width: float, size: float, style: Style) -> list[str]:
        """Cut a word that no line can hold, after a hyphen, a slash or a dot where there is one."""
        pieces: list[str] = []
        for part in re.split(r"(?<=[-/·.@_])", word):
            for letter in [part] if self.measure(part, size, style) <= width else part:
                if pieces and self.measure(pieces[-1] + letter, size, style) <= width:
                    pieces[-1] += letter
                else:
                    pieces.append(letter)
        return pieces

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str | None = None,
        size: float = SIZE,
        style: Style = "regular",
        side: Side = "left",
    ) -> float:
        """Write one line centred on height ``y``; gives its width.

        Raises
        ------
        SyntheseError
            ``no-glyph``: the font cannot draw a character.
        """
        text = _one_line(text)
        unknown = sorted(set(text) - known_characters(self.brand.typeface))
        if unknown:
            raise SyntheseError.of(
                "no-glyph",
                f"figures have no glyph for {unknown[0]!r} (U+{ord(unknown[0]):04X}), in {text!r}",
                fix="take it out of the label, or give the option a `short` without it",
            )
        width = self.measure(text, size, style)
        baseline = y + size * 0.34  # from the middle of the capitals
        self._marks.append(Words(x, baseline, text, width, size, style, side, colour or self.brand["foreground"]))
        return width

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        side: Side = "left",
        size: float = SIZE,
        colour: str | None = None,
        style: Style = "regular",
    ) -> None:
        """Write several lines, the block centred on height ``y``."""
        top = y - (len(lines) - 1) * size * LINE / 2
        for index, line in enumerate(lines):
            self.text(x, top + index * size * LINE, line, side=side, size=size, colour=colour, style=style)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, edge: str | None = None) -> None:
        """Fill a rectangle whose upper left corner is (x, y)."""
        self._marks.append(Box(x, y, width, height, colour, edge))

    def polygon(
        self, points: Sequence[tuple[float, float]], colour: str, *, edge: str | None = None, thick: float = 0.8
    ) -> None:
        """Fill a polygon."""
        self._marks.append(Outline(tuple(points), colour, edge, thick))

    def dot(self, x: float, y: float, radius: float, *, filled: bool, colour: str) -> None:
        """Draw a disc, or a ring when not filled."""
        self._marks.append(Disc(x, y, radius, colour if filled else self.brand["background"], colour))

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, colour: str, *, thick: float = 0.8, dashed: bool = False
    ) -> None:
        """Draw a straight line."""
        self.line_through([(x0, y0), (x1, y1)], colour, thick=thick, dashed=dashed)

    def line_through(
        self, points: Sequence[tuple[float, float]], colour: str, *, thick: float = 0.8, dashed: bool = False
    ) -> None:
        """Draw a broken line through points."""
        self._marks.append(Outline(tuple(points), None, colour, thick, dashed))

    def reach(self, top: float, bottom: float) -> float:
        """Tell how far to the right the sheet is drawn on between two heights."""
        extents = [mark.extent for mark in self._marks]
        return max((right for _, y0, right, y1 in extents if y1 > top and y0 < bottom), default=0.0)

    def finish(self, y: float, *, synthetic: bool) -> None:
        """Close the sheet under height ``y``, with the mark of synthetic data: beside what is lowest, where it fits."""
        self.height = y
        if synthetic:
            beside = self.reach(y - 17, y) + 12 <= self.width - mark_width(self)
            mark(self, y - 14 if beside else y + 4)
            self.height = y + 1 if beside else y + 19

    def svg(self) -> bytes:
        """SVG with real text: the same drawing, the same bytes."""
        return svg(self._marks, self.width, self.height, self.brand.family)


def mark_width(sheet: Sheet) -> float:
    """Width of the mark of synthetic data."""
    return sheet.measure(MARK, SMALL, "semibold") + 8.6


def mark(sheet: Sheet, y: float) -> None:
    """Put the mark of synthetic data at the right edge, 13 points high from ``y`` down."""
    width = mark_width(sheet) - 0.6
    ink = sheet.brand["secondary"]
    sheet.box(sheet.width - width - 0.6, y, width, 13, sheet.brand["background"], edge=ink)
    middle = sheet.width - width / 2 - 0.6
    sheet.text(middle, y + 6.5, MARK, colour=ink, size=SMALL, style="semibold", side="center")


def ink_on(colour: str, brand: Brand) -> str:
    """Choose the text colour that contrasts more with a fill, named after it: a page that restyles one does both."""
    ink = max((brand["background"], brand["foreground"]), key=lambda ink: contrast(ink, colour))
    if not isinstance(colour, Colour):
        return str(ink)
    return ink if colour.name in ROLE_CLASSES else Colour(ink, f"sur-{colour.name}")
