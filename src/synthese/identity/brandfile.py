"""Reading ``_brand.yml`` (Posit's brand.yml), once, for figures, page, PDF and word processor alike.

Belongs here: what the file says, what follows from it where it is silent, and every fault in it at once. Does
not: what a figure or a page makes of it (`synthese.editorial.brand`, `synthese.rendering.brand`).

Read are ``meta.name``; ``color``: ``palette``, ``foreground``, ``background``, ``primary``, ``secondary``, ``light``,
and ``muted``, ``track`` and the series ``diverging-1…``, ``sequential-1…``, ``category-1…`` in either; ``typography``:
``fonts`` (``source: file`` with ``files``, or a family that is installed), ``base``, ``headings`` (family, weight,
colour), ``link`` (colour), ``monospace`` (family); ``logo``: ``images``, ``small``, ``medium``, ``large``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthese.errors import Fault, SyntheseError
from synthese.files import YamlDocument, read_yaml
from synthese.identity import typefaces
from synthese.identity.colours import BLACK, WHITE, mix, readable, shaded
from synthese.identity.logos import Logo, read_logo
from synthese.identity.typefaces import FontFile, Typeface

DEFAULTS = {"foreground": "#1c2b33", "background": WHITE, "primary": "#17506b", "secondary": "#b4581a"}
"""Colours of a brand that names none."""

# Luminance of each colour of the series that follow from primary and secondary: lightness alone tells them apart.
_SEQUENTIAL = (0.79, 0.55, 0.31, 0.14, 0.036)
_DIVERGING = (("secondary", 0.141), ("secondary", 0.52), ("track", 0.8), ("primary", 0.3), ("primary", 0.036))
_CATEGORIES = (
    ("primary", 0.07),
    ("secondary", 0.5),
    ("muted", 0.18),
    ("primary", 0.72),
    ("secondary", 0.141),
    ("secondary", 0.78),
)
_WEIGHTS = {
    "thin": 100,
    "extra-light": 200,
    "ultra-light": 200,
    "light": 300,
    "normal": 400,
    "regular": 400,
    "medium": 500,
    "semi-bold": 600,
    "demi-bold": 600,
    "bold": 700,
    "extra-bold": 800,
    "ultra-bold": 800,
    "black": 900,
}


@dataclass(frozen=True)
class BrandFile:
    """What a brand file says and what follows from it; colours are ``#rrggbb``.

    Parameters
    ----------
    name : str
        The brand's name; may be empty.
    colours : mapping of str to str
        ``foreground``, ``background``, ``primary``, ``secondary``, ``light``, ``muted``, ``track``.
    diverging, sequential, categories : tuple of str
        Series of the figures.
    text, title : Typeface
        Of the text and of headings.
    code : Typeface or None
        Of code, where the brand names one.
    title_weight : int
        Of headings.
    title_colour, link_colour : str or None
        Where the brand gives them.
    logo : Logo or None
        The largest it names.
    """

    name: str
    colours: Mapping[str, str]
    diverging: tuple[str, ...]
    sequential: tuple[str, ...]
    categories: tuple[str, ...]
    text: Typeface
    title: Typeface
    code: Typeface | None
    title_weight: int
    title_colour: str | None
    link_colour: str | None
    logo: Logo | None


def read_brand_file(path: Path) -> BrandFile:
    """Read a brand file; paths in it start from its folder, the study's.

    Raises
    ------
    SyntheseError
        Every fault at once. ``brand-colour``: neither a colour nor a name of the palette. ``brand-font``: a family
        that is neither installed nor among the study's files, or a file that is missing or is no font.
        ``font-licence``, ``font-glyphs``: a font that may not be embedded or cannot set French. ``brand-logo``: a logo
        outside the study, without alternative text, or with active content.
    """
    empty = not path.is_file() or not path.read_text(encoding="utf-8").strip()
    document = YamlDocument(path, {}, {}) if empty else read_yaml(path)
    reader = _Reader(document)
    found = reader.all()
    if reader.faults:
        raise SyntheseError(reader.faults)
    return found


class _Reader:
    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.root = document.file.parent
        self.faults: list[Fault] = []
        self.colour = _mapping(document.data.get("color"))
        self.palette = _mapping(self.colour.get("palette"))
        self.type = _mapping(document.data.get("typography"))

    def fault(self, code: str, what: str, place: tuple[str | int, ...], fix: str) -> None:
        name = ".".join(map(str, place))
        line = self.document.line(place)
        self.faults.append(Fault(code, what, file=self.document.file.name, row=line, path=name, fix=fix))

    def all(self) -> BrandFile:
        colours = self.roles()
        names = {
            "diverging": tuple(shaded(colours[role], target) for role, target in _DIVERGING),
            "sequential": tuple(shaded(colours["primary"], target) for target in _SEQUENTIAL),
            "category": tuple(shaded(colours[role], target) for role, target in _CATEGORIES),
        }
        series = {name: self.series(name) or derived for name, derived in names.items()}
        base = self.family("base") or typefaces.OURS[0]
        heading = self.family("headings") or (base if self.family("base") else typefaces.OURS[1])
        mono = self.family("monospace")
        weight = self.weight(_mapping(self.type.get("headings")).get("weight", 600), ("typography", "headings"))
        text = self.typeface(base, "base", italics=True)
        title = text if heading == base else self.typeface(heading, "headings", italics=False)
        return BrandFile(
            name=str(_mapping(self.document.data.get("meta")).get("name") or ""),
            colours=colours,
            diverging=series["diverging"],
            sequential=series["sequential"],
            categories=series["category"],
            text=text,
            title=title,
            code=self.typeface(mono, "monospace", italics=False) if mono else None,
            title_weight=weight[0],
            title_colour=self.typed_colour("headings"),
            link_colour=self.typed_colour("link"),
            logo=self.logo(),
        )

    # Colours

    def roles(self) -> dict[str, str]:
        found = {name: self.role(name) or default for name, default in DEFAULTS.items()}
        ink, paper = found["foreground"], found["background"]
        found["light"] = self.role("light") or mix(found["primary"], paper, 0.94)
        found["muted"] = self.role("muted") or readable(mix(ink, paper, 0.3), paper, ink)
        found["track"] = self.role("track") or mix(ink, paper, 0.8)
        return found

    def role(self, name: str) -> str | None:
        value = self.colour.get(name, self.palette.get(name))
        return None if value is None else self.resolved(name, value, ("color", name))

    def typed_colour(self, part: str) -> str | None:
        value = _mapping(self.type.get(part)).get("color")
        return None if value is None else self.resolved(part, value, ("typography", part, "color"))

    def series(self, prefix: str) -> tuple[str, ...]:
        given = {**self.palette, **self.colour}
        numbered = {int(key.rpartition("-")[2]): key for key in given if re.fullmatch(rf"{prefix}-\d+", key)}
        return tuple(
            self.resolved(name, given[name], ("color", "palette", name)) for _, name in sorted(numbered.items())
        )

    def resolved(self, name: str, value: Any, place: tuple[str | int, ...]) -> str:
        seen: set[str] = set()
        while isinstance(value, str) and value not in seen and (value in self.palette or value in DEFAULTS):
            seen.add(value)
            value = self.palette.get(value, self.colour.get(value, DEFAULTS.get(value)))
        text = str(value).lower()
        if re.fullmatch(r"#[0-9a-f]{3}", text):
            text = "#" + "".join(letter * 2 for letter in text[1:])
        text = {"white": WHITE, "black": BLACK}.get(text, text)
        if not re.fullmatch(r"#[0-9a-f]{6}", text):
            fix = "give it as #rrggbb, or as the name of a colour of the palette"
            self.fault("brand-colour", f"the colour {name!r} is {str(value)!r}", place, fix)
            return DEFAULTS["foreground"]
        return text

    # Typefaces

    def family(self, part: str) -> str | None:
        value = self.type.get(part)
        value = value.get("family") if isinstance(value, dict) else value
        return str(value) if value else None

    def weight(self, value: Any, place: tuple[str | int, ...]) -> tuple[int, int]:
        text = str(value).strip()
        match = re.fullmatch(r"(\d{3})(?:\s*\.\.\s*(\d{3}))?", text)
        if match:
            return int(match[1]), int(match[2] or match[1])
        if text in _WEIGHTS:
            return (_WEIGHTS[text],) * 2
        self.fault("brand-font", f"{text!r} is no weight of a font", place, 'write 400, "300..800" or bold')
        return 400, 400

    def typeface(self, family: str, part: str, *, italics: bool) -> Typeface:
        fonts = self.type.get("fonts") or []
        own: list[FontFile] = []
        before = len(self.faults)
        for index, item in enumerate(fonts if isinstance(fonts, list) else []):
            if str(_mapping(item).get("family")) == family and item.get("source") == "file":
                own += self.files(family, item.get("files") or [], ("typography", "fonts", index))
        found = Typeface(family, tuple(own)) if own else typefaces.installed(family)
        fallback = Typeface(family, ())
        if len(self.faults) > before:
            return fallback
        place = ("typography", part)
        if found is None:
            fix = f"one of {', '.join(typefaces.families())}; or the study's own files, `source: file`"
            self.fault("brand-font", f"the report cannot be set in {family!r}", place, fix)
            return fallback
        missing = [] if found.best(400, italic=False) else ["an upright font"]
        if italics:
            heavy = found.best(600, italic=False)
            missing += [] if heavy and heavy.heaviest >= 600 else ["one of weight 600 or more"]
            missing += [] if found.best(400, italic=True) else ["an italic"]
        if missing:
            fix = "add the file, with its weight and style, to `typography.fonts`"
            self.fault("brand-font", f"{family!r} lacks {' and '.join(missing)}", place, fix)
        return found

    def files(self, family: str, items: list[Any], place: tuple[str | int, ...]) -> list[FontFile]:
        found = []
        for number, item in enumerate(items):
            where = (*place, "files", number)
            given = item if isinstance(item, dict) else {"path": item}
            name = str(given.get("path") or "")
            path = self.root / name
            if re.match(r"[A-Za-z]+://", name) or not path.resolve().is_relative_to(self.root.resolve()):
                self.fault("brand-font", f"the font {name!r} is not in the study", where, "put the file into the study")
                continue
            if not name or not path.is_file():
                self.fault("brand-font", f"there is no font {name!r}", where, "give its path from the study's folder")
                continue
            weight = self.weight(given["weight"], where) if given.get("weight") is not None else None
            italic = None if given.get("style") is None else str(given["style"]) in ("italic", "oblique")
            try:
                described = typefaces.from_file(path, weight, italic)
                self.faults += typefaces.faults_of(path, name, ".".join(map(str, where)), family)
            except typefaces.NotAFontError as error:
                self.fault("brand-font", f"{name!r} is no font: {error}", where, "give a TTF or OTF file")
                continue
            found.append(described)
        return found

    # Logo

    def logo(self) -> Logo | None:
        given = self.document.data.get("logo")
        if given is None:
            return None
        if isinstance(given, str) or "path" in given:
            return read_logo(self.root, given, None, self.name_of(("logo",)), self.faults)
        images = _mapping(given.get("images"))
        for size in ("large", "medium", "small"):
            value = given.get(size)
            if value is None:
                continue
            night = None
            if isinstance(value, dict) and "light" in value:
                value, night = value["light"], value.get("dark")
            value = images.get(value, value) if isinstance(value, str) else value
            night = images.get(night, night) if isinstance(night, str) else night
            return read_logo(self.root, value, night, self.name_of(("logo", size)), self.faults)
        return None

    def name_of(self, place: tuple[str | int, ...]) -> Fault:
        """Give a fault of this place, to be completed."""
        line = self.document.line(place)
        return Fault("brand-logo", "", file=self.document.file.name, row=line, path=".".join(map(str, place)))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
