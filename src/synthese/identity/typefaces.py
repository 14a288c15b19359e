"""Typefaces as files: those that installed wheels bring, and a study's own.

Belongs here: finding a family, what its licence bits and its glyphs allow, and cutting static fonts, the same
for figures, page and PDF. Does not: which family plays which part (`brand`), or where fonts are put.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import entry_points, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from synthese.errors import Fault
from synthese.files import remembered

OURS = ("Source Sans 3", "Source Serif 4")
"""Families that are always there."""

# Latin with its extensions, general punctuation (U+202F, ’, …, –), arrows and the signs of a French synthesis.
CHARACTERS = frozenset((*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2000, 0x2070))).union(
    map(ord, "€™←↑→↓−≈≠≤≥⋅✓")
)
# What no French text can do without.
NEEDED = "".join(map(chr, range(0x21, 0x7F))) + "ÀÂÆÇÈÉÊËÎÏÔÙÛÜŒŸàâæçèéêëîïôùûüœÿ«»’‘“”…–·•°€\u00a0"
# Missing sign → what may stand in its place, the first that the font has.
STAND_INS = {"\u202f": "\u2009\u00a0", "\u2009": "\u202f\u00a0", "\u22c5": "\u00b7", "\u2011": "\u2010-", "\u2212": "–"}
_UNSEEN = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2060, 0x2065))
NARROW = 0.6  # of a space, where a font has no narrow one
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "pnum", "sups"]
_LAYOUT = "2"  # raise it when what is cut changes

# OS/2 fsType (OpenType 1.9): what the licence lets a document carry.
_RESTRICTED, _PREVIEW, _EDITABLE, _WHOLE, _BITMAP = 0x2, 0x4, 0x8, 0x100, 0x200


class NotAFontError(ValueError):
    """A file cannot be read as a font."""


@dataclass(frozen=True)
class FontFile:
    """One file of a family.

    Parameters
    ----------
    path : Path
        TTF or OTF, static or variable.
    italic : bool
        Whether its letters slope.
    lightest, heaviest : int
        Weights it can be cut at; the same for a static font.
    source : str
        What identifies its bytes: wheel and version, or a hash.
    """

    path: Path
    italic: bool
    lightest: int
    heaviest: int
    source: str


@dataclass(frozen=True)
class Typeface:
    """A family with its files."""

    family: str
    files: tuple[FontFile, ...]

    def best(self, weight: int, *, italic: bool) -> FontFile | None:
        """Give the file nearest a weight; among heavy ones the heavier of two (CSS Fonts 4, 5.2)."""
        fitting = [file for file in self.files if file.italic == italic]

        def far(file: FontFile) -> tuple[int, int, str]:
            near = min(max(weight, file.lightest), file.heaviest)
            wrong_side = near < weight if weight > 500 else near > weight
            return (abs(near - weight) + 1000 * wrong_side * (near != weight), near, file.path.name)

        return min(fitting, key=far, default=None)

    def cut(self, weight: int, *, italic: bool, optical: float = 14) -> bytes:
        """Give a static font of `CHARACTERS` at a weight, from the user's cache if it was cut before.

        Raises
        ------
        LookupError
            The family has no such slope.
        """
        file = self.best(weight, italic=italic)
        if file is None:
            raise LookupError(f"{self.family} has no {'italic' if italic else 'upright'} font")
        depends = (_LAYOUT, f"fonttools {version('fonttools')}", file.source, file.path.name, str(weight), str(optical))
        stem = f"font-{_stem(self.family)}-{weight}{'-italic' if italic else ''}"
        return remembered(stem, depends, partial(_cut, file, weight, optical))


def _stem(family: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", family)


@cache
def installed(family: str) -> Typeface | None:
    """Give a family that a wheel ``fontpkg-*`` brings, if it is installed."""
    module = "fontpkg_" + re.sub(r"[^a-z0-9]+", "_", family.lower())
    if not re.fullmatch(r"fontpkg_[a-z0-9_]+", module) or find_spec(module) is None:
        return None
    folder = Path(str(files(module)))
    told = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    if told["family"] != family:
        return None
    source = f"{module} {version(module.replace('_', '-'))}"
    axis = next((axis for axis in told["axes"] if axis["tag"] == "wght"), None)
    found = []
    for item in told["files"]:
        low, high = (axis["min"], axis["max"]) if item["weight"] is None and axis else (item["weight"] or 400,) * 2
        found.append(FontFile(folder / item["path"], item["style"] == "italic", int(low), int(high), source))
    return Typeface(family, tuple(found))


def families() -> list[str]:
    """List installed families, those that are always there first."""
    named = {
        str(json.loads((Path(str(files(item.value))) / "metadata.json").read_text("utf-8"))["family"])
        for item in entry_points(group="fontpkg.family")
    }
    return [*OURS, *sorted(named.difference(OURS))]


def from_file(path: Path, weight: tuple[int, int] | None, italic: bool | None) -> FontFile:
    """Describe a font file; what is not said of it, it says itself.

    Raises
    ------
    NotAFontError
        It is none.
    """
    content = path.read_bytes()
    font = _open(content)
    axis = next((axis for axis in font["fvar"].axes if axis.axisTag == "wght"), None) if "fvar" in font else None
    own = (int(axis.minValue), int(axis.maxValue)) if axis else (int(font["OS/2"].usWeightClass),) * 2
    slopes = bool(font["OS/2"].fsSelection & 1) if italic is None else italic
    low, high = weight or own
    if axis:
        low, high = max(low, own[0]), min(high, own[1])
    return FontFile(path, slopes, low, high, hashlib.sha256(content).hexdigest())


def faults_of(path: Path, name: str, place: str, family: str) -> list[Fault]:
    """Tell what keeps a font file out of a report: its permission bits, and glyphs that French needs."""
    font = _open(path.read_bytes())
    bits = font["OS/2"].fsType
    faults = []
    refused = {
        _WHOLE: "does not let a document carry a part of it",
        _BITMAP: "lets a document carry bitmaps of it only",
        _PREVIEW: "allows preview and print only, and a page hands its fonts out",
        _RESTRICTED: "does not let documents carry it",
    }
    if bits & _EDITABLE:  # the most that is granted holds (OpenType, fsType, before version 3 of OS/2)
        bits &= ~(_PREVIEW | _RESTRICTED)
    elif bits & _PREVIEW:
        bits &= ~_RESTRICTED
    for bit, words in refused.items():
        if bits & bit:
            fix = "take a font under an open licence, or ask its maker for a file that may be embedded"
            what = f"the licence bits of {family!r} (OS/2 fsType {font['OS/2'].fsType:#06x}) say that it {words}"
            faults.append(Fault("font-licence", what, file=name, path=place, fix=fix))
    known = set(font.getBestCmap() or {})
    missing = [c for c in NEEDED if ord(c) not in known]
    missing += [c for c, others in STAND_INS.items() if not known.intersection(map(ord, c + others))]
    if missing:
        named = ", ".join(f"{c if c.isprintable() else ''} U+{ord(c):04X}".strip() for c in missing[:12])
        more = f" and {len(missing) - 12} more" if len(missing) > 12 else ""
        what = f"{family!r} has no glyph for {named}{more}, which French needs"
        faults.append(Fault("font-glyphs", what, file=name, path=place, fix="take a fuller file, or another family"))
    return faults


@cache
def known(typeface: Typeface) -> frozenset[str]:
    """Characters that every font of a family draws once cut."""
    common = set(CHARACTERS)
    for file in typeface.files:
        found = set(_open(file.path.read_bytes()).getBestCmap() or {})
        found.update(ord(c) for c, others in STAND_INS.items() if found.intersection(map(ord, others)))
        common &= found
    return frozenset(map(chr, common.union(_UNSEEN)))


def _open(content: bytes) -> Any:
    from fontTools.ttLib import TTFont, TTLibError  # slow to load

    try:
        font = TTFont(io.BytesIO(content), recalcTimestamp=False, lazy=True)
        if not {"OS/2", "cmap", "name", "hmtx"} <= set(font.keys()):
            raise NotAFontError("it lacks tables that every font has")
    except TTLibError as error:
        raise NotAFontError(str(error)) from error
    return font


def _cut(file: FontFile, weight: int, optical: float) -> bytes:
    from fontTools import subset
    from fontTools.varLib import instancer

    for name in ("fontTools.subset", "fontTools.varLib", "fontTools.ttLib"):
        logging.getLogger(name).setLevel(logging.ERROR)
    font = _open(file.path.read_bytes())
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, _axes(font["fvar"].axes, weight, optical), inplace=True)
    _stand_in(font)
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def _axes(axes: Iterable[Any], weight: int, optical: float) -> Mapping[str, float]:
    wanted = {"wght": weight, "opsz": optical}
    return {
        axis.axisTag: min(max(wanted.get(axis.axisTag, axis.defaultValue), axis.minValue), axis.maxValue)
        for axis in axes
    }


def _stand_in(font: Any) -> None:
    """Give a font without a narrow space, a dot operator or a no-break hyphen what can be read as one."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    tables = [table.cmap for table in font["cmap"].tables if table.isUnicode()]
    best = font.getBestCmap()
    for sign, others in STAND_INS.items():
        if ord(sign) in best:
            continue
        source = next((best[ord(other)] for other in others if ord(other) in best), None)
        if source is None:
            continue
        if sign in "\u2009\u202f" and source == best.get(0xA0) and "glyf" in font:
            advance = int(font["hmtx"][source][0] * NARROW + 0.5)
            source = "narrowspace"
            if source not in font["glyf"].glyphs:
                font["glyf"][source] = Glyph()
                font["hmtx"][source] = (advance, 0)
        for table in tables:
            table[ord(sign)] = source
