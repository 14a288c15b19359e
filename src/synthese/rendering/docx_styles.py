"""Styles of the word processor's document, made from the brand.

Belongs here: fonts, colours, sizes and spaces of each style, and the table's. Does not: what is done to the
document's content (`docx`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from synthese.rendering.brand import Theme

LANGUAGE = "fr-FR"
PREFIX = "Synthèse "
BOXES = ("encadre", "a-retenir", "pistes")
"""Passages with a border or a ground, whose headings and lists stand in it too."""


@dataclass(frozen=True)
class Look:
    """What a style sets; sizes and spaces in points, lengths of lines in eighths of a point.

    Parameters
    ----------
    base : str
        Name of the style that it changes.
    font : {"text", "title"} or None
        Its typeface.
    size, before, after, line : float or None
        Size, space above and below, and line height in sizes.
    colour, ground : str or None
        Names of colours of the theme.
    bold, italic, keep : bool or None
        Weight, slope, and whether it stays with what follows.
    left : float
        Indent.
    borders : mapping
        Side → (name of a colour, thickness, distance in points).
    """

    base: str = "Body Text"
    font: str | None = None
    size: float | None = None
    colour: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    before: float | None = None
    after: float | None = None
    line: float | None = None
    keep: bool | None = None
    left: float = 0
    ground: str | None = None
    borders: Mapping[str, tuple[str, int, int]] | None = None
    caps: bool = False
    level: int | None = None


_FRAME = dict.fromkeys(("top", "left", "bottom", "right"), ("accent", 6, 8))
_RULED = {"top": ("accent", 18, 8), "bottom": ("ground", 4, 8)}
LOOKS: dict[str, Look] = {
    "Body Text": Look("Normal", before=0, after=7, line=1.25),
    "First Paragraph": Look("Body Text"),
    "Compact": Look("Body Text", before=1, after=2),
    "Title": Look("Normal", "title", 26, "accent_text", True, False, 4, 6, 1.05, True),
    "Subtitle": Look("Normal", "text", 13, "ink", False, False, 0, 10, 1.15, True),
    "Author": Look("Normal", size=10, colour="grey", after=2),
    "Date": Look("Normal", size=10, colour="grey", after=14),
    "Heading 1": Look("Normal", "title", 17, "accent_text", True, False, 20, 7, 1.1, True, level=0),
    "Heading 2": Look("Normal", "title", 13.5, "accent_text", True, False, 14, 5, 1.1, True, level=1),
    "Heading 3": Look("Normal", "title", 11.5, "accent_text", True, False, 12, 4, 1.1, True, level=2),
    "Heading 4": Look("Normal", "text", 10.5, "accent_text", True, False, 10, 3, 1.1, True, level=3),
    "TOC Heading": Look("Normal", "title", 13.5, "accent_text", True, False, 14, 5, 1.1, True),
    "toc 1": Look("Normal", before=0, after=4),
    "toc 2": Look("Normal", before=0, after=2, left=14),
    "Caption": Look("Normal", "title", 11, "ink", True, False, 14, 4, 1.1, True),
    "Table Caption": Look("Caption"),
    "Image Caption": Look("Caption"),
    "Figure": Look("Normal", before=2, after=4, keep=True),
    "Captioned Figure": Look("Figure"),
    "tableau": Look("Normal", size=9.5, before=2, after=2, line=1.05),
    "Footnote Text": Look("Normal", size=8.5, colour="grey", after=3, line=1.1),
    "Definition Term": Look("Normal", bold=True, before=6, after=0, keep=True),
    "Definition": Look("Normal", after=5, left=14),
    "Block Text": Look("Body Text", italic=True, left=18),
    "Header": Look("Normal", size=8, colour="grey"),
    "Footer": Look("Normal", size=8, colour="grey"),
    "List Bullet": Look(after=4),
    "List Number": Look(after=4),
    "chapo": Look(size=12, colour="ink", after=12, line=1.3),
    "a-retenir": Look(before=0, after=0, ground="ground", left=8, borders=_RULED),
    "encadre": Look(before=0, after=0, ground="ground", left=8, borders={"left": ("second", 24, 8)}),
    "pistes": Look(before=0, after=0, left=8, borders=_FRAME),
    "chiffre-cle": Look(size=12, before=0, after=10, keep=False),
    "chiffre": Look(size=10.5, before=0, after=8),
    "nombre": Look(font="title", size=34, colour="accent", bold=True, before=12, after=0, line=1, keep=True),
    "chiffres-cles": Look(),
    "exergue": Look(font="title", size=13, colour="accent_text", italic=True, before=14, after=14, left=12,
                    borders={"left": ("accent", 18, 10)}),
    "note-lines": Look(size=8.5, colour="grey", before=0, after=2, line=1.1),
    "sous-titre": Look(size=9.5, colour="grey", italic=False, before=0, after=5, keep=True),
    "non-diffuse": Look(colour="grey", italic=True),
    "banniere": Look(size=9, colour="accent", bold=True, caps=True),
    "robuste": Look(size=9.5, colour="grey"),
    "contact": Look(before=10, borders={"top": ("line", 6, 6)}),
    "mentions": Look(size=9, colour="grey"),
    "ours": Look(size=9, colour="grey"),
    "methode": Look(size=9.5),
    "glossaire": Look(),
    "large": Look(),
    "deux-colonnes": Look(),
}  # fmt: skip
BUILT_IN = {name for name in LOOKS if name[0].isupper() or name.startswith("toc ")}


def style_name(name: str) -> str:
    """Give a style's name in the document: ours begin with "Synthèse"."""
    return name if name in BUILT_IN else PREFIX + name


def find(document: Any, name: str) -> Any:
    """Give the style of a name."""
    return next(style for style in document.styles if style.name == name)


def apply(document: Any, theme: Theme) -> None:
    """Give a document the brand's styles, whatever it had under these names."""
    _defaults(document, theme)
    styles = document.styles
    for name in LOOKS:
        full = style_name(name)
        if full not in [style.name for style in styles]:
            made = styles.add_style(full, WD_STYLE_TYPE.PARAGRAPH, builtin=name in BUILT_IN)
            made.quick_style = True
    for name, look in LOOKS.items():
        style = find(document, style_name(name))
        style.base_style = find(document, look.base)
        _set(style.element, look, theme)
    _link(find(document, "Hyperlink").element, theme)
    _table(document, theme)


def _fonts(parent: Any, family: str) -> None:
    for old in parent.findall(qn("w:rFonts")):
        parent.remove(old)
    fonts = OxmlElement("w:rFonts")
    for key in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{key}"), family)
    parent.insert(0, fonts)


def _defaults(document: Any, theme: Theme) -> None:
    element = document.styles.element
    for style in element.findall(qn("w:style")):
        run = style.find(qn("w:rPr"))
        if run is not None:  # fonts and colours of pandoc's own template
            for tag in ("w:rFonts", "w:color"):
                for old in run.findall(qn(tag)):
                    run.remove(old)
    defaults = element.find(qn("w:docDefaults"))
    if defaults is not None:
        element.remove(defaults)
    ink, size = theme.ink[1:], 21
    element.insert(0, parse_xml(
        f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr>'
        f'<w:color w:val="{ink}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
    ))  # fmt: skip
    _fonts(element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")), theme.text_family)
    if theme.code is not None:
        verbatim = find(document, "Verbatim Char").element.get_or_add_rPr()
        _fonts(verbatim, theme.code.family)


def _element(tag: str, **attributes: object) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def paragraph(look: Look, theme: Theme) -> list[Any]:
    """Give the properties of a paragraph that a look sets, in the order of the schema."""
    made = []
    if look.keep is not None:
        made.append(_element("w:keepNext", val=int(look.keep)))
    if look.borders:
        frame = OxmlElement("w:pBdr")
        for side in ("top", "left", "bottom", "right"):
            if side in look.borders:
                colour, size, space = look.borders[side]
                frame.append(
                    _element(f"w:{side}", val="single", sz=size, space=space, color=getattr(theme, colour)[1:])
                )
        made.append(frame)
    if look.ground:
        made.append(_element("w:shd", val="clear", color="auto", fill=getattr(theme, look.ground)[1:]))
    spacing: dict[str, object] = {}
    if look.before is not None:
        spacing["before"] = round(look.before * 20)
    if look.after is not None:
        spacing["after"] = round(look.after * 20)
    if look.line is not None:
        spacing |= {"line": round(look.line * 240), "lineRule": "auto"}
    if spacing:
        made.append(_element("w:spacing", **spacing))
    if look.left:
        made.append(_element("w:ind", left=round(look.left * 20), right=round(look.left * 20) if look.borders else 0))
    if look.level is not None:
        made.append(_element("w:outlineLvl", val=look.level))
    return made


def _set(style: Any, look: Look, theme: Theme) -> None:
    for tag in ("w:pPr", "w:rPr"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    above = OxmlElement("w:pPr")
    for part in paragraph(look, theme):
        above.append(part)
    run = OxmlElement("w:rPr")
    if look.font:
        _fonts(run, theme.title_family if look.font == "title" else theme.text_family)
    for tag, value in (("w:b", look.bold), ("w:bCs", look.bold), ("w:i", look.italic), ("w:iCs", look.italic)):
        if value is not None:
            run.append(_element(tag, val=int(value)))
    if look.caps:
        run.append(_element("w:caps"))
    if look.colour:
        run.append(_element("w:color", val=getattr(theme, look.colour)[1:]))
    if look.size:
        run.append(_element("w:sz", val=round(look.size * 2)))
        run.append(_element("w:szCs", val=round(look.size * 2)))
    style.append(above)
    style.append(run)


def _link(style: Any, theme: Theme) -> None:
    for old in style.findall(qn("w:rPr")):
        style.remove(old)
    run = OxmlElement("w:rPr")
    run.append(_element("w:color", val=theme.link[1:]))
    run.append(_element("w:u", val="single"))
    style.append(run)


def _table(document: Any, theme: Theme) -> None:
    """Write the style "Table": a rule under the header rows, thin rules between rows, first column as headers."""
    style = find(document, "Table").element
    for tag in ("w:pPr", "w:rPr", "w:tblPr", "w:tblStylePr", "w:tcPr", "w:trPr"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    accent, line = theme.accent[1:], theme.line[1:]
    parts = (
        f'<w:tblPr {nsdecls("w")}><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{accent}"/>'
        f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{accent}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/><w:bCs/>'
        f'<w:color w:val="{theme.accent_text[1:]}"/></w:rPr>'
        f'<w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{accent}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{theme.ground[1:]}"/>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>',
        f'<w:tblStylePr {nsdecls("w")} w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr>',
    )
    for part in parts:
        style.append(parse_xml(part))


def theme_part(xml: str, theme: Theme) -> str:
    """Put the brand's colours and typefaces into the document's theme, where word processors offer them."""
    series = [*theme.series["category"], *[theme.accent] * 6]
    named = {"dk1": theme.ink, "lt1": theme.paper, "dk2": theme.accent_text, "lt2": theme.ground}
    named |= {f"accent{number}": colour for number, colour in enumerate([theme.accent, theme.second, *series[1:5]], 1)}
    named |= {"hlink": theme.link, "folHlink": theme.link}
    for name, colour in named.items():
        xml = re.sub(
            rf"(?s)<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour[1:].upper()}"/></a:{name}>', xml
        )
    for part, family in (("major", theme.title_family), ("minor", theme.text_family)):
        xml = re.sub(
            rf'(?s)<a:{part}Font>.*?</a:{part}Font>',
            f'<a:{part}Font><a:latin typeface="{family}"/><a:ea typeface=""/><a:cs typeface=""/></a:{part}Font>', xml,
        )  # fmt: skip
    return xml
