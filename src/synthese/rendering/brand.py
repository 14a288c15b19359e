"""Colours and typefaces of the report, from ``_brand.yml``.

Belongs here: the colours of page and PDF that follow from a brand, dark mode included, whether text in them can be
read, and how templates get them. Does not: reading the file (`synthese.identity.brandfile`), the rules of the page
(``report/templates``) or drawing figures.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from synthese.errors import Fault, SyntheseError
from synthese.formatting import french
from synthese.identity.brandfile import BrandFile, read_brand_file
from synthese.identity.colours import BLACK, READABLE, WHITE, contrast, lighter, luminance, mix, shaded
from synthese.identity.logos import TYPES, Logo
from synthese.identity.typefaces import Typeface

DARK_PAPER = "#14191c"
_SHAPE = 3.0  # WCAG 2.2, contrast of what is no text (1.4.11, level AA)

_NAMES = {
    "accent": "accent",
    "accent_text": "accent-texte",
    "second": "second",
    "ink": "encre",
    "grey": "gris",
    "line": "filet",
    "ground": "fond",
    "paper": "papier",
    "link": "lien",
}
# Roles of a drawing, by the classes that `editorial.figures` gives them.
_DRAWN = {
    "encre": "ink",
    "fond": "paper",
    "gris": "grey",
    "piste": "track",
    "accent": "figure_accent",
    "second": "figure_second",
}


@dataclass(frozen=True)
class Theme:
    """What templates need to know of a brand; colours are ``#rrggbb``.

    Parameters
    ----------
    accent, accent_text, second : str
        Of the cover band and numbers; of headings; of what warns or stands apart.
    ink, grey, line, ground, paper, link : str
        Of text, notes, rules, boxes, the page and links.
    track, figure_accent, figure_second : str
        Of drawings: an empty track, and what stands out in them.
    series : mapping of str to tuple of str
        ``diverging``, ``sequential`` and ``category``, of drawings.
    text, title : Typeface
        Of the text and of headings.
    code : Typeface or None
        Of code.
    title_weight : int
        Of headings.
    logo : Logo or None
        The brand's logo.
    """

    accent: str
    accent_text: str
    second: str
    ink: str
    grey: str
    line: str
    ground: str
    paper: str
    link: str
    track: str
    figure_accent: str
    figure_second: str
    series: Mapping[str, tuple[str, ...]]
    text: Typeface
    title: Typeface
    code: Typeface | None
    title_weight: int
    logo: Logo | None

    @property
    def text_family(self) -> str:
        """Name of the typeface of the text."""
        return self.text.family

    @property
    def title_family(self) -> str:
        """Name of the typeface of headings."""
        return self.title.family


def read_theme(path: Path) -> Theme:
    """Read ``_brand.yml`` (Posit's brand.yml); what it leaves out follows from what it says, or keeps its default.

    Raises
    ------
    SyntheseError
        As `read_brand_file`; or ``unreadable-colour``: every pair of colours in which text could not be read.
    """
    theme = derive(read_brand_file(path))
    faults = [
        Fault(
            "unreadable-colour",
            f"{words}, {one} on {other}, has a contrast under {READABLE} ({contrast(one, other):.1f}), on {page} pages",
            file=path.name,
            path="color",
            fix="take a darker shade of it" if page == "light" else "take a stronger shade of it",
        )
        for page, words, one, other in _pairs(theme)
        if contrast(one, other) < READABLE
    ]
    if faults:
        raise SyntheseError(faults)
    return theme


def derive(brand: BrandFile) -> Theme:
    """Give the theme of a brand."""
    colours = brand.colours
    accent = colours["primary"]
    return Theme(
        accent=accent,
        accent_text=brand.title_colour or mix(accent, BLACK, 0.22),
        second=colours["secondary"],
        ink=colours["foreground"],
        grey=colours["muted"],
        line=colours["track"],
        ground=colours["light"],
        paper=colours["background"],
        link=brand.link_colour or accent,
        track=colours["track"],
        figure_accent=accent,
        figure_second=colours["secondary"],
        series={"diverging": brand.diverging, "sequential": brand.sequential, "category": brand.categories},
        text=brand.text,
        title=brand.title,
        code=brand.code,
        title_weight=brand.title_weight,
        logo=brand.logo,
    )


def _pairs(theme: Theme) -> Iterator[tuple[str, str, str, str]]:
    roles = {
        "accent": "`color.primary`",
        "accent_text": "`typography.headings.color`, or `color.primary` darkened",
        "second": "`color.secondary`",
        "ink": "`color.foreground`",
        "grey": "`color.muted`",
        "link": "`typography.link.color`",
    }
    for page, colours in (("light", theme), ("dark", dark(theme))):
        for item, words in roles.items():
            yield page, words, getattr(colours, item), colours.paper
        for item in ("ink", "grey", "accent_text"):
            yield page, f"{roles[item]} on the ground of boxes (`color.light`)", getattr(colours, item), colours.ground
        yield page, "white on the cover band (`color.primary`)", WHITE, _band(theme, page == "dark")


def _band(theme: Theme, night: bool) -> str:
    return mix(theme.accent, BLACK, 0.35) if night else theme.accent


def dark(theme: Theme) -> Theme:
    """Derive the same brand on a dark page, each text colour light enough to read on it.

    Series of drawings keep their order of lightness, raised until the darkest stands out from the page.
    """
    paper = DARK_PAPER
    floor = (luminance(paper) + 0.05) * _SHAPE - 0.05 + 0.01

    def raised(colour: str) -> str:
        return shaded(colour, floor + (1 - floor) * luminance(colour) * 0.85)

    return replace(
        theme,
        accent=lighter(theme.accent, paper, 8),
        accent_text=lighter(theme.accent_text, paper, 10.5),
        second=lighter(theme.second, paper, 7),
        link=lighter(theme.link, paper, 8),
        ink="#e6e9ea",
        grey="#b3bbc0",
        line="#3d464b",
        ground="#20282c",
        paper=paper,
        track="#3d464b",
        figure_accent=lighter(theme.figure_accent, paper, 5),
        figure_second=lighter(theme.figure_second, paper, 5),
        series={name: tuple(map(raised, colours)) for name, colours in theme.series.items()},
    )


def css(theme: Theme) -> str:
    """Write the theme as the custom properties that ``synthese.css`` uses, light, dark and printed.

    ``--fig-<role>`` and ``--fig-<series>-<n>`` are those of drawings; ``--fig-sur-<series>-<n>`` is the colour of
    words on that colour. The classes that drawings give their series take both, in light as in dark: one without
    the other could not be read.
    """

    def block(colours: Theme, band: str) -> str:
        lines = [f"--{name}: {getattr(colours, item)};" for item, name in _NAMES.items()]
        lines += [f"--bandeau: {band};", f"--sur-bandeau: {WHITE};"]
        lines += [f"--fig-{role}: {getattr(colours, item)};" for role, item in _DRAWN.items()]
        for name, shades in colours.series.items():
            for number, shade in enumerate(shades, start=1):
                words = _words_on(shade, colours)
                lines.append(f"--fig-{name}-{number}: {shade}; --fig-sur-{name}-{number}: {words};")
        return " ".join(lines)

    names = [f"{name}-{number}" for name, shades in theme.series.items() for number in range(1, len(shades) + 1)]
    series = [
        f".f-{name} {{ fill: var(--fig-{name}); }} .s-{name} {{ stroke: var(--fig-{name}); }} "
        f".f-sur-{name} {{ fill: var(--fig-sur-{name}); }}\n"
        for name in names
    ]
    families = f'--police-texte: "{theme.text_family}"; --police-titre: "{theme.title_family}"; '
    families += f'--police-code: "{theme.code.family}"; ' if theme.code else ""
    return (
        f":root {{ {families}--carte: {theme.paper}; {block(theme, _band(theme, False))} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {block(dark(theme), _band(theme, True))} }} }}\n"
        f"@media print {{ :root {{ --sur-bandeau: {BLACK}; }} }}\n" + "".join(series)
    )


def _words_on(shade: str, colours: Theme) -> str:
    """Pick the page's ink or paper; black or white on a shade of middle lightness, which bears neither."""

    def best(*ones: str) -> str:
        return max(ones, key=lambda one: contrast(one, shade))

    own = best(colours.ink, colours.paper)
    return own if contrast(own, shade) >= READABLE else best(BLACK, WHITE)


def typst(theme: Theme) -> dict[str, str]:
    """Give the theme as values of the Typst template, colours without ``#``, which Typst would escape."""
    values = {name: getattr(theme, item).removeprefix("#") for item, name in _NAMES.items()}
    values |= {"police-texte": theme.text_family, "police-titre": theme.title_family}
    if theme.code:
        values["police-code"] = theme.code.family
    return values


def logo(theme: Theme, root: Path) -> dict[str, str]:
    """Give the logo as metadata: ``logo``, ``logo-sombre`` (data URIs), ``logo-alt``, ``logo-fichier`` (from the root).

    Addresses and the path are raw inlines of their output, which no filter reads as words.
    """
    if theme.logo is None:
        return {}
    found = {
        "logo": _address(theme.logo.path),
        "logo-alt": re.sub(r"([\\`*_\[\]<>#$^~@|{}])", r"\\\1", french(theme.logo.alt)),
        "logo-fichier": f"`/{theme.logo.path.relative_to(root).as_posix()}`{{=typst}}",
    }
    if theme.logo.dark:
        found["logo-sombre"] = _address(theme.logo.dark)
    return found


def _address(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"`data:{TYPES[path.suffix.lower()]};base64,{content}`{{=html}}"
