"""Colours and typefaces of the report, from ``_brand.yml``.

Belongs here: the defaults, in one place, what a brand file changes of them, and the colours that follow
from it (dark mode). Does not: the rules of the page (``report/templates``) or the style of figures.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from synthese.errors import SyntheseError
from synthese.files import read_yaml

WHITE, BLACK = "#ffffff", "#000000"
DARK_PAPER = "#14191c"
READABLE = 4.5  # WCAG 2.2, contrast of text (1.4.3, level AA)


@dataclass(frozen=True)
class Theme:
    """What templates need to know of a brand; colours are ``#rrggbb``.

    Parameters
    ----------
    accent, accent_text, second : str
        Of the cover band and numbers; of headings; of what warns or stands apart.
    ink, grey, line, ground, paper : str
        Of text, notes, rules, boxes and the page.
    text_family, title_family : str
        Names of the typefaces.
    """

    accent: str = "#1f4e5f"
    accent_text: str = "#173b48"
    second: str = "#a8431f"
    ink: str = "#1d2327"
    grey: str = "#545c62"
    line: str = "#d5dadd"
    ground: str = "#f2f5f5"
    paper: str = WHITE
    text_family: str = "Source Sans 3"
    title_family: str = "Source Serif 4"


def read_theme(path: Path) -> Theme:
    """Read ``_brand.yml`` (Posit's brand.yml); what it leaves out keeps its default.

    Reads ``color`` (``palette``, ``primary``, ``secondary``, ``foreground``, ``background``, ``light``, and
    ``muted`` and ``track``, which figures use too) and
    ``typography`` (``base``, ``headings``: a family, or a mapping with ``family``).

    Raises
    ------
    SyntheseError
        A colour is not ``#rgb`` or ``#rrggbb`` nor in the palette; or text in it could not be read.
    """
    if not path.is_file() or not path.read_text(encoding="utf-8").strip():
        return Theme()
    data = read_yaml(path).data
    colour = data.get("color") or {}
    palette = colour.get("palette") or {}
    found: dict[str, str] = {}
    for role, name in (
        ("primary", "accent"),
        ("secondary", "second"),
        ("foreground", "ink"),
        ("background", "paper"),
    ):
        if colour.get(role) is not None:
            found[name] = _colour(colour[role], palette, path, f"color.{role}")
    typography = data.get("typography") or {}
    for role, name in (("base", "text_family"), ("headings", "title_family")):
        family = _family(typography.get(role))
        if family is not None:
            found[name] = family
    if "text_family" in found and "title_family" not in found:
        found["title_family"] = found["text_family"]
    for role, name in (("light", "ground"), ("muted", "grey"), ("track", "line")):
        value = colour.get(role, palette.get(role))
        if value is not None:
            found[name] = _colour(value, palette, path, f"color.{role}")
    theme = replace(Theme(), **found)
    derived: dict[str, str] = {}
    if "accent" in found:
        derived["accent_text"] = mix(theme.accent, BLACK, 0.22)
        derived["ground"] = mix(theme.accent, theme.paper, 0.94)
    if "ink" in found or "paper" in found:
        derived["grey"] = readable(mix(theme.ink, theme.paper, 0.3), theme.paper, theme.ink)
        derived["line"] = mix(theme.ink, theme.paper, 0.82)
    theme = replace(theme, **{name: value for name, value in derived.items() if name not in found})
    for item in ("accent", "second", "ink", "grey"):
        if contrast(getattr(theme, item), theme.paper) < READABLE:
            raise SyntheseError.of(
                "unreadable-colour",
                f"the {item} colour {getattr(theme, item)} on {theme.paper} has a contrast under {READABLE}",
                file=path.name,
                fix="take a darker shade of it",
            )
    return theme


def _family(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("family")
    return str(value) if value else None


def _colour(value: Any, palette: dict[str, Any], path: Path, place: str) -> str:
    seen = set()
    while isinstance(value, str) and value in palette and value not in seen:
        seen.add(value)
        value = palette[value]
    text = str(value).lower()
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(letter * 2 for letter in text[1:])
    if text in ("white", "black"):
        text = {"white": WHITE, "black": BLACK}[text]
    if not re.fullmatch(r"#[0-9a-f]{6}", text):
        raise SyntheseError.of(
            "not-a-colour",
            f"{value!r} is neither a colour nor a name of the palette",
            file=path.name,
            path=place,
            fix='write "#1f4e5f", or a name that `color.palette` defines',
        )
    return text


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, part: float) -> str:
    """Mix ``part`` (0 to 1) of another colour into a colour."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{int(a + (b - a) * part + 0.5):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [channel / 255 for channel in _channels(colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, paper: str, towards: str, ratio: float = READABLE) -> str:
    """Move a colour towards another until text in it can be read on ``paper``."""
    for step in range(21):
        shade = mix(colour, towards, step / 20)
        if contrast(shade, paper) >= ratio:
            return shade
    return towards


def lighter(colour: str, paper: str, ratio: float) -> str:
    """Raise the lightness of a colour, its hue kept, until it has a contrast of ``ratio`` on ``paper``."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    for step in range(101):
        level = lightness + (1 - lightness) * step / 100
        red, green, blue = colorsys.hls_to_rgb(hue, level, saturation)
        shade = f"#{int(red * 255 + 0.5):02x}{int(green * 255 + 0.5):02x}{int(blue * 255 + 0.5):02x}"
        if contrast(shade, paper) >= ratio:
            return shade
    return WHITE


def dark(theme: Theme) -> Theme:
    """Derive the same brand on a dark page, each text colour light enough to read on it."""
    paper = DARK_PAPER
    return replace(
        theme,
        accent=lighter(theme.accent, paper, 8),
        accent_text=lighter(theme.accent_text, paper, 10.5),
        second=lighter(theme.second, paper, 7),
        ink="#e6e9ea",
        grey="#b3bbc0",
        line="#3d464b",
        ground="#20282c",
        paper=paper,
    )


def css(theme: Theme) -> str:
    """Write the theme as the custom properties that ``synthese.css`` uses, light, dark and printed."""
    names = {
        "accent": "accent",
        "accent_text": "accent-texte",
        "second": "second",
        "ink": "encre",
        "grey": "gris",
        "line": "filet",
        "ground": "fond",
        "paper": "papier",
    }

    def block(colours: Theme, band: str, on_band: str) -> str:
        lines = [f"--{name}: {getattr(colours, item)};" for item, name in names.items()]
        return " ".join([*lines, f"--bandeau: {band};", f"--sur-bandeau: {on_band};"])

    families = f'--police-texte: "{theme.text_family}"; --police-titre: "{theme.title_family}"; --carte: {theme.paper};'
    night = dark(theme)
    band = mix(theme.accent, BLACK, 0.35)
    return (
        f":root {{ {families} {block(theme, theme.accent, WHITE)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {block(night, band, WHITE)} }} }}\n"
        f"@media print {{ :root {{ --sur-bandeau: #000000; }} }}\n"
    )


def typst(theme: Theme) -> dict[str, str]:
    """Give the theme as values of the Typst template, colours without ``#``, which Typst would escape."""
    names = {
        "accent_text": "accent-texte",
        "ink": "encre",
        "grey": "gris",
        "line": "filet",
        "ground": "fond",
        "paper": "papier",
        "text_family": "police-texte",
        "title_family": "police-titre",
    }
    values = {names.get(field.name, field.name): getattr(theme, field.name) for field in fields(theme)}
    return {name: value.removeprefix("#") for name, value in values.items()}
