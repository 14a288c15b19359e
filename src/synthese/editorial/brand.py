"""Colours and fonts of the figures, from ``_brand.yml``.

Belongs here: what figures take of the brand, and giving matplotlib its fonts. Does not: reading the file
(`brandfile`), cutting fonts (`typefaces`), or drawing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from pathlib import Path

from matplotlib import font_manager

from synthese.editorial.vision import difference
from synthese.errors import Fault, SyntheseError
from synthese.identity import typefaces
from synthese.identity.brandfile import read_brand_file
from synthese.identity.colours import READABLE, contrast, luminance
from synthese.identity.typefaces import Typeface

FAMILIES = typefaces.OURS[:1]
"""Families that a kernel gets ready before a figure asks for them."""
WEIGHTS = {"regular": 400, "semibold": 600}

ROLES = ("foreground", "background", "primary", "secondary", "light", "muted", "track")
"""Colours that figures use besides their series."""

LEAST_DIFFERENCE = 10.0
"""Of lightness (L*, 0 to 100) between two fills that may touch, for every kind of sight; 1 is just seen."""


class Colour(str):
    """A ``#rrggbb`` that knows its name in the brand: a role (``muted``) or a place in a series (``diverging-1``)."""

    __slots__ = ("name",)

    name: str

    def __new__(cls, code: str, name: str) -> Colour:
        """Name a colour."""
        made = super().__new__(cls, code)
        made.name = name
        return made


@dataclass(frozen=True)
class Brand:
    """What figures take of the brand; each colour is a `Colour`, so that drawings can say whose it is.

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
    files : Typeface, optional
        Its fonts; without, those of an installed wheel.
    """

    colours: Mapping[str, str]
    diverging: tuple[str, ...]
    sequential: tuple[str, ...]
    categories: tuple[str, ...]
    family: str
    files: Typeface | None = None

    def __post_init__(self) -> None:
        for field, named in zip(("diverging", "sequential", "categories"), self._series(), strict=True):
            object.__setattr__(self, field, tuple(named))

    def __getitem__(self, role: str) -> Colour:
        return Colour(self.colours[role], role)

    def touching(self) -> list[tuple[Colour, Colour]]:
        """List fills that may touch in a bar: any two where it parts at its middle, neighbours elsewhere."""
        diverging, sequential, categories = self._series()
        return [*combinations(diverging, 2), *pairwise(sequential), *pairwise(categories)]

    def fills(self) -> list[Colour]:
        """List the colours of every series: numbers stand in them."""
        return [colour for series in self._series() for colour in series]

    def _series(self) -> list[list[Colour]]:
        named = (("diverging", self.diverging), ("sequential", self.sequential), ("category", self.categories))
        return [[Colour(code, f"{name}-{n}") for n, code in enumerate(codes, start=1)] for name, codes in named]

    @property
    def typeface(self) -> Typeface:
        """The family with its fonts, for `font` and `known_characters`."""
        return self.files or _installed(self.family)


def default_file(root: Path | None) -> Path:
    """Find a study's ``_brand.yml``, or the library's own."""
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
        As `synthese.identity.brandfile.read_brand_file`; and ``brand-lightness``: two fills that may touch could not be
        told apart in a grey print, or by a colour-blind reader; ``brand-contrast``: no number could be read on a fill.
    """
    file = default_file(root).absolute()
    return _read(file, file.read_bytes())


@cache
def _read(file: Path, content: bytes) -> Brand:  # noqa: ARG001 - another content, another brand
    told = read_brand_file(file)
    brand = Brand(told.colours, told.diverging, told.sequential, told.categories, told.text.family, told.text)
    if faults := [*_alike(brand, file), *_unreadable(brand, file)]:
        raise SyntheseError(faults)
    return brand


def _alike(brand: Brand, file: Path) -> list[Fault]:
    return [
        Fault(
            "brand-lightness",
            f"{one.name} ({one}) and {other.name} ({other}) look alike in a grey print or to a colour-blind "
            f"reader: {difference(one, other):.1f} of lightness between them, where {LEAST_DIFFERENCE:.0f} are needed",
            file=file.name,
            path=f"color.palette.{other.name}",
            fix=f"make {min(one, other, key=luminance).name} darker, or the other lighter",
        )
        for one, other in brand.touching()
        if difference(one, other) < LEAST_DIFFERENCE
    ]


def _unreadable(brand: Brand, file: Path) -> list[Fault]:
    return [
        Fault(
            "brand-contrast",
            f"no number can be read on {fill.name} ({fill}): foreground and background both have a contrast under "
            f"{READABLE} with it",
            file=file.name,
            path=f"color.palette.{fill.name}",
            fix="make it darker or lighter",
        )
        for fill in brand.fills()
        if max(contrast(fill, brand[ink]) for ink in ("foreground", "background")) < READABLE
    ]


def shades(colours: Sequence[str], count: int) -> list[str]:
    """Take ``count`` colours of a series, its ends included, and blend more when it has too few."""
    if count <= len(colours):
        last = max(count - 1, 1)
        return [colours[round(i * (len(colours) - 1) / last)] for i in range(count)]
    import seaborn as sns  # loaded when needed: it takes a second

    return [str(colour) for colour in sns.blend_palette(list(colours), count).as_hex()]


def _installed(family: str) -> Typeface:
    found = typefaces.installed(family)
    if found is None:
        raise LookupError(f"no wheel brings the family {family!r}")
    return found


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked kernel shares the fonts; they are not its own to remove
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _instances(typeface: Typeface) -> dict[str, Path]:
    """Write and register, for this process, the static fonts of a family, which matplotlib can weigh."""
    folder = Path(tempfile.mkdtemp(prefix="synthese-fonts-"))
    atexit.register(_remove, folder, os.getpid())
    made = {}
    for style, weight in WEIGHTS.items():
        path = folder / f"{typeface.family.replace(' ', '')}-{style}.ttf"
        path.write_bytes(typeface.cut(weight, italic=False))
        font_manager.fontManager.addfont(path)
        made[style] = path
    return made


def font(family: str | Typeface, style: str = "regular") -> font_manager.FontProperties:
    """Give matplotlib a static font of a family: ``regular`` or ``semibold``."""
    typeface = _installed(family) if isinstance(family, str) else family
    return font_manager.FontProperties(fname=str(_instances(typeface)[style]))


def known_characters(typeface: Typeface | None = None) -> frozenset[str]:
    """Characters that figures draw, in a typeface or in the library's own."""
    return typefaces.known(typeface or _installed(FAMILIES[0]))
