"""The typefaces as files: small static fonts, the same for the page, the PDF and the figures.

Belongs here: which fonts a theme needs, keeping them, and the CSS that embeds them. Does not: finding and cutting
them (`synthese.identity.typefaces`), or which family plays which part (`brand`).
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from synthese.files import remembered, replaced_folder, write_bytes
from synthese.identity.typefaces import Typeface
from synthese.rendering.brand import Theme

_LAYOUT = "3"  # raise it when what is made here changes
_TEXT, _HEADING = 14, 28  # points: near the sizes that fonts with an optical axis are set at


@dataclass(frozen=True)
class Face:
    """One static font of a family, as page and PDF call for it.

    Parameters
    ----------
    typeface : Typeface
        Where it is cut from.
    weight : int
        The weight that the style sheet and the template ask for: 400, 600.
    italic : bool
        Whether it slopes.
    drawn : int
        The weight that is cut, where a brand wants its headings lighter or heavier than 600.
    optical : float
        Size in points that it is drawn for, in a typeface that knows sizes.
    """

    typeface: Typeface
    weight: int
    italic: bool
    drawn: int
    optical: float

    @property
    def family(self) -> str:
        """Name of the family."""
        return self.typeface.family

    @property
    def stem(self) -> str:
        """File name without suffix."""
        name = "".join(letter for letter in self.family if letter.isalnum())
        return f"{name}-{self.weight}{'-italic' if self.italic else ''}"

    def depends_on(self) -> tuple[str, ...]:
        """Tell all that its bytes depend on."""
        file = self.typeface.best(self.drawn, italic=self.italic)
        source = f"{file.source} {file.path.name}" if file else ""
        packages = [f"{name} {version(name)}" for name in ("fonttools", "brotli")]
        return (_LAYOUT, *packages, self.stem, source, str(self.drawn), str(self.optical))


def faces(theme: Theme) -> tuple[Face, ...]:
    """List the fonts a theme needs; a typeface of headings may have no italic."""
    wanted: dict[str, Face] = {}

    def add(typeface: Typeface, weight: int, italic: bool, drawn: int, optical: float) -> None:
        if typeface.best(drawn, italic=italic) is not None:
            face = Face(typeface, weight, italic, drawn, optical)
            wanted.setdefault(face.stem, face)

    same = theme.title == theme.text
    add(theme.title, 600, False, theme.title_weight, _TEXT if same else _HEADING)
    for weight, italic in ((400, False), (600, False), (400, True)):
        add(theme.text, weight, italic, weight, _TEXT)
    add(theme.title, 400, True, 400, _HEADING)
    if theme.code is not None:
        add(theme.code, 400, False, 400, _TEXT)
    return tuple(wanted[stem] for stem in sorted(wanted))


def prepare(folder: Path, theme: Theme) -> None:
    """Put the static fonts of a theme into a folder, as TTF or OTF for Typst and WOFF2 for the page.

    Cutting takes some seconds, so a folder whose ``key`` fits is left as it is.
    """
    wanted = faces(theme)
    key = _key(wanted)
    if (folder / "key").is_file() and keyed(folder)[1] == key:
        return
    with replaced_folder(folder) as staging:
        for face in wanted:
            plain = remembered(f"page-{face.stem}", face.depends_on(), partial(_plain, face))
            suffix = "otf" if plain.startswith(b"OTTO") else "ttf"
            write_bytes(staging / f"{face.stem}.{suffix}", plain)
            packed = remembered(f"page-{face.stem}-woff2", face.depends_on(), partial(_packed, plain))
            write_bytes(staging / f"{face.stem}.woff2", packed)
        write_bytes(staging / "key", key.encode("ascii"))


def keyed(folder: Path) -> tuple[Path, str]:
    """Give a prepared folder with the key of what it holds."""
    return folder, (folder / "key").read_text(encoding="ascii")


def css(folder: Path, theme: Theme) -> str:
    """Write ``@font-face`` rules that hold the fonts of a prepared folder."""
    rules = []
    for face in faces(theme):
        packed = base64.b64encode((folder / f"{face.stem}.woff2").read_bytes()).decode("ascii")
        rules.append(
            f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
            f"font-style: {'italic' if face.italic else 'normal'}; font-display: swap; "
            f'src: url("data:font/woff2;base64,{packed}") format("woff2"); }}\n'
        )
    return "".join(rules)


def _key(wanted: tuple[Face, ...]) -> str:
    digest = hashlib.sha256()
    for face in wanted:
        for part in face.depends_on():
            digest.update(part.encode() + b"\n")
    return digest.hexdigest()


def _plain(face: Face) -> bytes:
    # Imported here: fontTools is slow to load and needed once a study.
    from fontTools.ttLib import TTFont

    content = face.typeface.cut(face.drawn, italic=face.italic, optical=face.optical)
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    _name(font, face)
    plain = io.BytesIO()
    font.save(plain)
    return plain.getvalue()


def _packed(plain: bytes) -> bytes:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(plain), recalcTimestamp=False)
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


def _name(font: Any, face: Face) -> None:
    """Name a font by the part it plays, so that Typst and browsers find it whatever its maker called it."""
    style = ("SemiBold" if face.weight == 600 else "Regular") if not face.italic else "Italic"
    table = font["name"]
    for number in (16, 17, 21, 22, 25):
        table.removeNames(nameID=number)
    for number, value in ((1, face.family), (2, style), (4, f"{face.family} {style}"), (6, face.stem)):
        table.removeNames(nameID=number)
        table.setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
    font["head"].macStyle = 2 if face.italic else 0
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (1 if face.italic else 0x40)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [face.stem]
        top.topDictIndex[0].FamilyName, top.topDictIndex[0].FullName = face.family, f"{face.family} {style}"
