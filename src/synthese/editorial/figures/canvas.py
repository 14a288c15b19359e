"""A sheet to draw on in points, with measured text and stable bytes.

Belongs here: matplotlib, kept apart so that no global state leaks: no pyplot, settings in a context. Does
not: what is drawn.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.textpath import TextPath

from synthese.editorial.brand import Brand, font, known_characters
from synthese.errors import SyntheseError

WIDE = 468.0  # points: 165 mm, the text column of an A4 page
NARROW = 240.0  # points: 320 pixels, a small telephone

SIZE = 9.5
SMALL = 8.0
LINE = 1.22  # line height, in sizes
MARK = "données synthétiques"

Style = Literal["regular", "semibold"]
Side = Literal["left", "right", "center"]


def _one_line(text: str) -> str:
    """Put a text on one line: labels of a form may hold line ends."""
    return re.sub(r"[ \t]*[\t\r\n][ \t\r\n]*", " ", text)


@cache
def _width(text: str, family: str, style: Style, size: float) -> float:
    # A trailing space has no ink: measure between two bars.
    properties = font(family, style)
    framed = TextPath((0, 0), f"|{text}|", size=size, prop=properties).get_extents().x1
    return float(framed - TextPath((0, 0), "||", size=size, prop=properties).get_extents().x1) + 0.5


class Sheet:
    """A figure under construction; y grows downwards, in points.

    Parameters
    ----------
    width : float
        `WIDE` or `NARROW`.
    brand : Brand
        Colours and font.
    """

    def __init__(self, width: float, brand: Brand) -> None:
        self.width = width
        self.brand = brand
        self._figure = Figure(facecolor=brand["background"])
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)

    @property
    def narrow(self) -> bool:
        """Whether labels stand above their bars rather than beside them."""
        return self.width < WIDE

    def measure(self, text: str, size: float = SIZE, style: Style = "regular") -> float:
        """Width of a text, in points."""
        return _width(_one_line(text), self.brand.family, style, size)

    def wrap(self, text: str, width: float, size: float = SIZE, style: Style = "regular") -> list[str]:
        """Break a text into lines no wider than ``width``; a word alone may be wider."""
        lines: list[str] = []
        for word in _one_line(text).split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.measure(longer, size, style) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

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
        unknown = sorted(set(text) - known_characters())
        if unknown:
            raise SyntheseError.of(
                "no-glyph",
                f"figures have no glyph for {unknown[0]!r} (U+{ord(unknown[0]):04X}), in {text!r}",
                fix="take it out of the label, or give the option a `short` without it",
            )
        self._axes.text(
            x,
            y + size * 0.34,  # from the middle of the capitals to the baseline
            text.replace("$", r"\$"),
            color=colour or self.brand["foreground"],
            fontproperties=font(self.brand.family, style),
            fontsize=size,
            ha=side,
            va="baseline",
        )
        return self.measure(text, size, style)

    def lines(self, x: float, y: float, lines: Sequence[str], *, side: Side = "left", size: float = SIZE) -> None:
        """Write several lines, the block centred on height ``y``."""
        top = y - (len(lines) - 1) * size * LINE / 2
        for index, line in enumerate(lines):
            self.text(x, top + index * size * LINE, line, side=side, size=size)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, edge: str | None = None) -> None:
        """Fill a rectangle whose upper left corner is (x, y)."""
        self._axes.add_patch(
            Rectangle((x, y), width, height, facecolor=colour, edgecolor=edge or "none", linewidth=0.8)
        )

    def dot(self, x: float, y: float, radius: float, *, filled: bool, colour: str) -> None:
        """Draw a disc, or a ring when not filled."""
        face = colour if filled else self.brand["background"]
        self._axes.add_patch(Circle((x, y), radius, facecolor=face, edgecolor=colour, linewidth=1.4, zorder=3))

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, colour: str, *, thick: float = 0.8, dashed: bool = False
    ) -> None:
        """Draw a straight line."""
        self._axes.plot(
            [x0, x1], [y0, y1], color=colour, linewidth=thick, linestyle=(0, (2, 2)) if dashed else "-", zorder=2
        )

    def finish(self, y: float, *, synthetic: bool, taken: float | None = None) -> None:
        """Close the sheet under height ``y``, with the mark of synthetic data when they are.

        ``taken`` is how far the last 16 points above ``y`` are drawn on: the mark stands beside, where there is room.
        """
        height = y
        if synthetic:
            beside = taken is not None and taken + 12 <= self.width - mark_width(self)
            mark(self, y - 15 if beside else y + 4)
            height = y + 1 if beside else y + 20
        self._axes.set_ylim(height, 0)
        self._figure.set_size_inches(self.width / 72, height / 72)

    def svg(self, id: str) -> bytes:
        """SVG with text as paths: the same drawing, the same bytes."""
        out = io.BytesIO()
        with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": id, "path.simplify": False}):
            FigureCanvasSVG(self._figure).print_svg(out, metadata={"Date": None, "Creator": None})
        return out.getvalue()

    def png(self, dpi: int = 200) -> bytes:
        """PNG at ``dpi`` dots an inch."""
        out = io.BytesIO()
        self._figure.set_dpi(dpi)
        with mpl.rc_context({"text.hinting": "no_hinting"}):  # hinted letters are wider than measured
            FigureCanvasAgg(self._figure).print_png(out, metadata={"Software": None})
        return out.getvalue()


def mark_width(sheet: Sheet) -> float:
    """Width of the mark of synthetic data."""
    return sheet.measure(MARK, SMALL, "semibold") + 8.6


def mark(sheet: Sheet, y: float) -> None:
    """Put the mark of synthetic data at the right edge, 13 points high from ``y`` down."""
    width = mark_width(sheet) - 0.6
    ink = sheet.brand["secondary"]
    sheet.box(sheet.width - width - 0.6, y, width, 13, sheet.brand["background"], edge=ink)
    sheet.text(sheet.width - width / 2 - 0.6, y + 6.5, MARK, colour=ink, size=SMALL, style="semibold", side="center")


def ink_on(colour: str, brand: Brand) -> str:
    """Choose the text colour that contrasts more with a fill (WCAG 2, relative luminance)."""

    def luminance(code: str) -> float:
        channels = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    fill = luminance(colour)

    def contrast(code: str) -> float:
        one = luminance(code)
        return (max(one, fill) + 0.05) / (min(one, fill) + 0.05)

    return max((brand["background"], brand["foreground"]), key=contrast)
