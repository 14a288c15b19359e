"""Marks on a sheet, and the SVG that they make.

Belongs here: one frozen record a mark, how far each reaches, and a small SVG of them with real text. Does
not: measuring text (`canvas`), where marks go (layouts).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from xml.sax.saxutils import escape

from synthese.editorial.brand import WEIGHTS, Colour

Style = Literal["regular", "semibold"]
Side = Literal["left", "right", "center"]
Extent = tuple[float, float, float, float]
"""Left, top, right, bottom, in points."""

ROLE_CLASSES = {
    "foreground": "encre",
    "background": "fond",
    "muted": "gris",
    "track": "piste",
    "primary": "accent",
    "secondary": "second",
    "light": "clair",
}
"""Role of the brand to the end of the class by which a page restyles it: ``f-…`` fills, ``s-…`` strokes.

A colour of a series has the class ``f-diverging-1``, text on it ``f-sur-diverging-1``."""

_ANCHORS = {"left": "start", "right": "end", "center": "middle"}
ASCENT, DESCENT = 0.72, 0.22  # of a line of text, in sizes: accents on capitals, and p, q, ç

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its baseline, ``width`` what it measures."""

    x: float
    y: float
    text: str
    width: float
    size: float
    style: Style
    side: Side
    fill: str

    @property
    def extent(self) -> Extent:
        """How far it reaches."""
        left = self.x - {"left": 0.0, "right": self.width, "center": self.width / 2}[self.side]
        return left, self.y - ASCENT * self.size, left + self.width, self.y + DESCENT * self.size


@dataclass(frozen=True)
class Outline:
    """A polygon, closed when it has a fill; two points and no fill make a rule."""

    points: tuple[tuple[float, float], ...]
    fill: str | None
    edge: str | None
    thick: float
    dashed: bool = False

    @property
    def extent(self) -> Extent:
        """How far it reaches, its stroke included."""
        half = self.thick / 2 if self.edge else 0.0
        xs, ys = zip(*self.points, strict=True)
        return min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half


@dataclass(frozen=True)
class Box:
    """A rectangle whose upper left corner is (x, y)."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str | None
    thick: float = 0.8

    @property
    def extent(self) -> Extent:
        """How far it reaches, its stroke included."""
        half = self.thick / 2 if self.edge else 0.0
        return self.x - half, self.y - half, self.x + self.width + half, self.y + self.height + half


@dataclass(frozen=True)
class Disc:
    """A disc, or a ring where its fill is the page's."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str
    thick: float = 1.4

    @property
    def extent(self) -> Extent:
        """How far it reaches, its stroke included."""
        reach = self.radius + self.thick / 2
        return self.x - reach, self.y - reach, self.x + reach, self.y + reach


Mark = Words | Outline | Box | Disc


def _layer(mark: Mark) -> int:
    """Surfaces lie under lines, lines under dots, dots under text."""
    if isinstance(mark, Outline):
        return 1 if mark.fill is None else 0
    return {Box: 0, Disc: 2, Words: 3}[type(mark)]


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _class(colour: str, what: Literal["f", "s"]) -> str | None:
    name = colour.name if isinstance(colour, Colour) else None
    if name is None:
        return None
    return f"{what}-{ROLE_CLASSES[name]}" if name in ROLE_CLASSES else f"{what}-{name}"


def _paint(fill: str | None, edge: str | None, thick: float) -> tuple[Attributes, Attributes]:
    """Attributes of a fill, and of a stroke; each with the class by which a page may restyle it."""
    filled: list[tuple[str, str]] = []
    stroked: list[tuple[str, str]] = []
    for colour, what, found in ((fill, "f", filled), (edge, "s", stroked)):
        if colour is None:
            continue
        if (name := _class(colour, what)) is not None:  # type: ignore[arg-type]
            found.append(("class", name))
        found.append(("fill" if what == "f" else "stroke", str(colour)))
    if edge is not None:
        stroked.append(("stroke-width", _number(thick)))
    return tuple(filled), tuple(stroked)


def _tag(name: str, attributes: Iterable[tuple[str, str]]) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in attributes)


def _element(mark: Mark) -> tuple[Attributes, str, Attributes, str | None]:
    """Tell what a mark shares with its neighbours, its element, what is its own, and its text."""
    if isinstance(mark, Words):
        shared = list(_paint(mark.fill, None, 0)[0])
        shared.append(("font-size", _number(mark.size)))
        if mark.style != "regular":
            shared.append(("font-weight", str(WEIGHTS[mark.style])))
        if mark.side != "left":
            shared.append(("text-anchor", _ANCHORS[mark.side]))
        return tuple(shared), "text", (("x", _number(mark.x)), ("y", _number(mark.y))), mark.text
    filled, stroked = _paint(mark.fill, mark.edge, mark.thick)
    if isinstance(mark, Box):
        place = [("x", mark.x), ("y", mark.y), ("width", mark.width), ("height", mark.height)]
        own = tuple((key, _number(value)) for key, value in place)
        return (stroked, "rect", (*filled, *own), None) if stroked else (filled, "rect", own, None)
    if isinstance(mark, Disc):
        own = (("cx", _number(mark.x)), ("cy", _number(mark.y)), ("r", _number(mark.radius)))
        return (stroked, "circle", (*filled, *own), None)
    points = "L".join(f"{_number(x)} {_number(y)}" for x, y in mark.points)
    if mark.fill is not None:
        return stroked, "path", (*filled, ("d", f"M{points}Z")), None
    shared = [("fill", "none"), *stroked, *([("stroke-dasharray", "2 2")] if mark.dashed else [])]
    return tuple(shared), "path", (("d", f"M{points}"),), None


def svg(marks: Sequence[Mark], width: float, height: float, family: str) -> bytes:
    """Write marks as SVG with real text: no ids, no style sheet, no metadata.

    Colours are presentation attributes, so that the drawing is right by itself; those that the brand names
    have a class too, by which a page may restyle them (dark mode). Neighbours that share attributes share a
    group, for size.
    """
    size = [("width", f"{_number(width)}pt"), ("height", f"{_number(height)}pt")]
    size += [("viewBox", f"0 0 {_number(width)} {_number(height)}")]
    head = [("xmlns", "http://www.w3.org/2000/svg"), ("class", "dessin"), *size]
    lines = [_tag("svg", [*head, ("font-family", f"{family}, sans-serif")]) + ">"]
    elements = [_element(mark) for mark in sorted(marks, key=_layer)]
    for shared, run in groupby(elements, key=lambda element: element[0]):
        members = list(run)
        if shared and shared[0] == ("fill", "none"):  # rules alike are one path
            members = [(shared, "path", (("d", "".join(own[0][1] for _, _, own, _ in members)),), None)]
        together = len(members) > 1 and bool(shared)
        if together:
            lines.append(_tag("g", shared) + ">")
        for _, name, own, text in members:
            start = _tag(name, own if together else _merged(shared, own))
            lines.append(f"{start}/>" if text is None else f"{start}>{escape(text)}</{name}>")
        if together:
            lines.append("</g>")
    return ("\n".join([*lines, "</svg>"]) + "\n").encode("utf-8")


def _merged(shared: Attributes, own: Attributes) -> Attributes:
    """Join attributes, the classes of both in one."""
    classes = " ".join(value for key, value in (*shared, *own) if key == "class")
    others = [pair for pair in (*shared, *own) if pair[0] != "class"]
    return (("class", classes), *others) if classes else tuple(others)
