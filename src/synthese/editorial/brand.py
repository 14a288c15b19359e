"""Colours and fonts of the figures, from ``_brand.yml``.

Belongs here: reading Quarto's brand file and giving matplotlib the same colours and fonts. Does not:
drawing.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from matplotlib import font_manager

from synthese.errors import SyntheseError
from synthese.files import read_yaml, remembered

FAMILIES = {"Source Sans 3": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf")}
_LAYOUT = "1"  # raise it when what is cut changes
WEIGHTS = {"regular": 400, "semibold": 600}

# Latin with its extensions, general punctuation (U+202F, ’, …, –), the euro, arrows, minus and comparisons.
_CHARACTERS = (*range(0x20, 0x250), *range(0x2000, 0x2070), 0x20AC, 0x2190, 0x2192, 0x2212, 0x2264, 0x2265)

ROLES = ("foreground", "background", "primary", "secondary", "light", "muted", "track")
"""Entries of ``color`` (or of its palette) that figures need."""


@dataclass(frozen=True)
class Brand:
    """What figures take of the brand.

    Parameters
    ----------
    colours : mapping of str to str
        By role (`ROLES`), as ``#rrggbb``.
    diverging : tuple of str
        From the strongest "no" to the strongest "yes", each of its own lightness.
    sequential : tuple of str
        From light to dark.
    categories : tuple of str
        For answers without order; neighbours differ in lightness, so that a grey print can be read.
    family : str
        Family of the text.
    """

    colours: Mapping[str, str]
    diverging: tuple[str, ...]
    sequential: tuple[str, ...]
    categories: tuple[str, ...]
    family: str

    def __getitem__(self, role: str) -> str:
        return self.colours[role]


def _default_file(root: Path | None) -> Path:
    if root is not None and (root / "_brand.yml").is_file():
        return root / "_brand.yml"
    packaged = Path(str(files("synthese"))) / "assets" / "_brand.yml"
    return packaged if packaged.is_file() else Path(__file__).parents[3] / "_brand.yml"


def read_brand(root: Path | None = None) -> Brand:
    """Read a study's ``_brand.yml``, or the library's own.

    Parameters
    ----------
    root : Path, optional
        The study's folder.

    Raises
    ------
    SyntheseError
        ``brand-colour``: a colour that figures need is missing or is not ``#rrggbb``. ``brand-font``: the
        base font is none that ships with the library.
    """
    return _read(_default_file(root).resolve())


@cache
def _read(file: Path) -> Brand:
    document = read_yaml(file)
    colour = document.data.get("color", {})
    palette = colour.get("palette", {})

    def resolve(name: str) -> str:
        value = str(colour.get(name, palette.get(name, "")))
        for _ in range(len(palette)):
            if value not in palette:
                break
            value = str(palette[value])
        if not (len(value) == 7 and value.startswith("#") and all(c in "0123456789abcdefABCDEF" for c in value[1:])):
            raise SyntheseError.of(
                "brand-colour",
                f"the colour {name!r} is {value!r}",
                file=file,
                row=document.line(("color", "palette", name)),
                path=f"color.palette.{name}",
                fix="give it as #rrggbb, or as the name of a colour of the palette",
            )
        return value

    def series(prefix: str) -> tuple[str, ...]:
        names = sorted((n for n in palette if n.startswith(f"{prefix}-")), key=lambda n: int(n.rsplit("-", 1)[1]))
        return tuple(resolve(name) for name in names) or (resolve(f"{prefix}-1"),)

    base = document.data.get("typography", {}).get("base", "Source Sans 3")
    family = str(base.get("family") if isinstance(base, dict) else base)
    if family not in FAMILIES:
        raise SyntheseError.of(
            "brand-font",
            f"figures cannot be set in {family!r}",
            file=file,
            row=document.line(("typography", "base")),
            path="typography.base",
            fix=f"one of {', '.join(FAMILIES)}",
        )
    colours = {role: resolve(role) for role in ROLES}
    return Brand(colours, series("diverging"), series("sequential"), series("category"), family)


def shades(colours: Sequence[str], count: int) -> list[str]:
    """Take ``count`` colours of a series, its ends included, and blend more when it has too few."""
    if count <= len(colours):
        last = max(count - 1, 1)
        return [colours[round(i * (len(colours) - 1) / last)] for i in range(count)]
    import seaborn as sns  # loaded when needed: it takes a second

    return [str(colour) for colour in sns.blend_palette(list(colours), count).as_hex()]


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked kernel shares the fonts; they are not its own to remove
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _instances(family: str) -> dict[str, Path]:
    """Write and register, for this process, the static fonts of a family, which matplotlib can weigh."""
    package, _ = FAMILIES[family]
    folder = Path(tempfile.mkdtemp(prefix="synthese-fonts-"))
    atexit.register(_remove, folder, os.getpid())
    versions = [f"{wheel} {version(wheel)}" for wheel in ("fonttools", package.replace("_", "-"))]
    made = {}
    for style in WEIGHTS:
        stem = f"{family.replace(' ', '')}-{style}"
        path = folder / f"{stem}.ttf"
        path.write_bytes(remembered(f"figure-{stem}", (_LAYOUT, *versions), partial(_static, family, style)))
        font_manager.fontManager.addfont(path)
        made[style] = path
    return made


@cache
def _small(family: str) -> bytes:
    """Keep of a variable font the characters that figures use: instances are then made ten times faster."""
    package, name = FAMILIES[family]
    with TTFont(Path(str(files(package))) / "files" / name, recalcTimestamp=False) as font:
        options = subset.Options(layout_features=["kern", "liga"], name_IDs=["*"], glyph_names=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=_CHARACTERS)
        cutter.subset(font)
        small = io.BytesIO()
        font.save(small)
    return small.getvalue()


def _static(family: str, style: str) -> bytes:
    with TTFont(io.BytesIO(_small(family)), recalcTimestamp=False) as variable:
        static = instancer.instantiateVariableFont(variable, {"wght": WEIGHTS[style]})
        for record in static["name"].names:
            if record.nameID == 6:
                record.string = f"{family.replace(' ', '')}-{style.title()}"
        content = io.BytesIO()
        static.save(content)
    return content.getvalue()


def font(family: str, style: str = "regular") -> font_manager.FontProperties:
    """Give matplotlib a static font of a family: ``regular`` or ``semibold``."""
    return font_manager.FontProperties(fname=str(_instances(family)[style]))


@cache
def known_characters() -> frozenset[str]:
    """Characters that the figures' font draws."""
    return frozenset(map(chr, _CHARACTERS))
