"""The typefaces as files: small static instances, the same for the page and the PDF.

Belongs here: cutting them from the variable fonts of the OFL wheels, keeping them, and the CSS that embeds
them. Does not: which family plays which part (`brand`).
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fontpkg_source_sans_3
import fontpkg_source_serif_4

from synthese.errors import SyntheseError
from synthese.files import remembered, replaced_folder, write_bytes
from synthese.rendering.brand import Theme

# Latin with its supplements, and the signs that a French synthesis uses.
CHARACTERS = frozenset(map(ord, "‐‑‒–—‘’‚“”„†‡•…‰‹›€™←↑→↓−≈≠≤≥⋅✓\u2009\u200b\u202f\u2060")).union(
    range(0x20, 0x7F), range(0xA0, 0x180)
)
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "pnum", "sups"]
_LAYOUT = "1"  # raise it when what is cut changes


@dataclass(frozen=True)
class Face:
    """One static font of a family: its weight (400, 600) and whether it is italic."""

    family: str
    weight: int
    italic: bool

    @property
    def stem(self) -> str:
        """File name without suffix."""
        return f"{self.family.replace(' ', '')}-{self.weight}{'-italic' if self.italic else ''}"


# Family → (upright, italic, axes that are not the weight). 28 points is near the size of headings.
_SOURCES: dict[str, tuple[Path, Path, dict[str, float]]] = {
    "Source Sans 3": (
        fontpkg_source_sans_3.ROOT / "files" / "SourceSans3[wght].ttf",
        fontpkg_source_sans_3.ROOT / "files" / "SourceSans3-Italic[wght].ttf",
        {},
    ),
    "Source Serif 4": (
        fontpkg_source_serif_4.ROOT / "files" / "SourceSerif4[opsz,wght].ttf",
        fontpkg_source_serif_4.ROOT / "files" / "SourceSerif4-Italic[opsz,wght].ttf",
        {"opsz": 28},
    ),
}


def faces(theme: Theme) -> tuple[Face, ...]:
    """List the fonts a theme needs.

    Raises
    ------
    SyntheseError
        The brand names a family that is not installed.
    """
    for family in (theme.text_family, theme.title_family):
        if family not in _SOURCES:
            raise SyntheseError.of(
                "unknown-font",
                f"the typeface {family!r} is not one that can be embedded",
                file="_brand.yml",
                path="typography",
                fix=f"take one of {', '.join(sorted(_SOURCES))}",
            )
    wanted = {
        Face(theme.text_family, 400, False),
        Face(theme.text_family, 600, False),
        Face(theme.text_family, 400, True),
    }
    wanted |= {Face(theme.title_family, 600, False), Face(theme.title_family, 400, True)}
    return tuple(sorted(wanted, key=lambda face: face.stem))


def prepare(folder: Path, theme: Theme) -> None:
    """Put the static fonts of a theme into a folder, as TTF for Typst and WOFF for the page.

    Cutting takes some seconds, so a folder whose ``key`` fits is left as it is.
    """
    wanted = faces(theme)
    key = _key(wanted)
    if (folder / "key").is_file() and keyed(folder)[1] == key:
        return
    with replaced_folder(folder) as staging:
        for face in wanted:
            plain = remembered(f"page-{face.stem}", _depends_on(face), partial(_cut, face))
            write_bytes(staging / f"{face.stem}.ttf", plain)
            packed = remembered(f"page-{face.stem}-woff", _depends_on(face), partial(_packed, plain))
            write_bytes(staging / f"{face.stem}.woff", packed)
        write_bytes(staging / "key", key.encode("ascii"))


def keyed(folder: Path) -> tuple[Path, str]:
    """Give a prepared folder with the key of what it holds."""
    return folder, (folder / "key").read_text(encoding="ascii")


def css(folder: Path, theme: Theme) -> str:
    """Write ``@font-face`` rules that hold the fonts of a prepared folder."""
    rules = []
    for face in faces(theme):
        packed = base64.b64encode((folder / f"{face.stem}.woff").read_bytes()).decode("ascii")
        rules.append(
            f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
            f"font-style: {'italic' if face.italic else 'normal'}; font-display: swap; "
            f'src: url("data:font/woff;base64,{packed}") format("woff"); }}\n'
        )
    return "".join(rules)


def _key(wanted: tuple[Face, ...]) -> str:
    digest = hashlib.sha256()
    for part in _depends_on(*wanted):
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()


def _depends_on(*wanted: Face) -> tuple[str, ...]:
    packages = ("fonttools", "fontpkg-source-sans-3", "fontpkg-source-serif-4")
    return (_LAYOUT, *(f"{name} {version(name)}" for name in packages), *(face.stem for face in wanted))


def _cut(face: Face) -> bytes:
    # Imported here: fontTools is slow to load and needed once a study.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    for name in ("fontTools.subset", "fontTools.varLib", "fontTools.ttLib"):
        logging.getLogger(name).setLevel(logging.ERROR)
    upright, italic, axes = _SOURCES[face.family]
    font = TTFont(italic if face.italic else upright, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {**axes, "wght": face.weight}, inplace=True)
    _name(font, face)
    plain = io.BytesIO()
    font.save(plain)
    return plain.getvalue()


def _packed(plain: bytes) -> bytes:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(plain), recalcTimestamp=False)
    font.flavor = "woff"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


def _name(font: Any, face: Face) -> None:
    style = ("SemiBold" if face.weight == 600 else "Regular") if not face.italic else "Italic"
    table = font["name"]
    for number in (16, 17, 21, 22, 25):
        table.removeNames(nameID=number)
    for number, value in ((1, face.family), (2, style), (4, f"{face.family} {style}"), (6, face.stem)):
        table.setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
    font["head"].macStyle = 2 if face.italic else 0
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (1 if face.italic else 0x40)
