"""The document for word processors, finished: what pandoc (or Quarto) made, in the brand's styles and fit to edit.

Belongs here: boxes, pictures, contents, running head, properties, and bytes that do not change. Does not:
the styles themselves (`docx_styles`), tables (`docx_tables`) or the text.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt, RGBColor

from synthese.rendering import docx_styles as styles
from synthese.rendering.brand import Theme
from synthese.rendering.docx_parts import MARGIN, MARK, PAGE, WIDTH, element_of, set_style, style_of, text_of
from synthese.rendering.docx_tables import tables

_FRAMED = {"w:pBdr", "w:shd", "w:ind"}


def finish(content: bytes, theme: Theme, told: Mapping[str, Any], moment: dt.datetime, logo: bytes | None) -> bytes:
    """Finish a document.

    Parameters
    ----------
    content : bytes
        What pandoc or Quarto made, with the marks of ``report/filters/docx.lua``.
    theme : Theme
        Colours and typefaces.
    told : mapping
        The wave's metadata.
    moment : datetime
        What it carries for the clock's time.
    logo : bytes, optional
        The brand's logo as PNG.

    Returns
    -------
    bytes
        The same for the same inputs: parts in order, no clock.
    """
    document = Document(io.BytesIO(content))
    styles.apply(document, theme)
    _headings(document)
    _boxes(document, theme)
    tables(document)
    _pictures(document)
    _contents(document)
    _cover(document, told, theme, logo)
    _page(document, told, theme)
    _properties(document, told, moment)
    made = io.BytesIO()
    document.save(made)
    return _stable(made.getvalue(), theme)


def bitmap(theme: Theme, root: Path) -> bytes | None:
    """Give the brand's logo as PNG: not every word processor draws an SVG."""
    if theme.logo is None or theme.logo.path.suffix.lower() == ".png":
        return theme.logo.path.read_bytes() if theme.logo else None
    place = theme.logo.path.relative_to(root).as_posix()
    source = f'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("/{place}", height: 2.4cm)\n'
    made = typst.Compiler(source.encode("utf-8"), root=str(root)).compile(format="png", ppi=300)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single picture")
    return made


def plain(value: Any) -> str:
    r"""Give a text of the metadata without the marks that carry it through Markdown.

    >>> plain(r"Chantier n°3 \*bilan\*")
    'Chantier n°3 *bilan*'
    """
    return re.sub(r"\\([^\w\s])", r"\1", str(value or "")).strip()


def _warning(told: Mapping[str, Any]) -> str:
    return " · ".join(plain(told[key]) for key in ("donnees-synthetiques", "brouillon") if told.get(key))


def _headings(document: Any) -> None:
    """Let the first level of headings be the first of the document: the report's title is no heading."""
    levels = {f"Heading{number}": f"Heading{number - 1}" for number in range(2, 7)}
    found = [p for p in document.element.body.iter(qn("w:p")) if style_of(p).startswith("Heading")]
    if any(style_of(p) == "Heading1" for p in found):
        return
    for paragraph in found:
        paragraph.pPr.style = levels.get(style_of(paragraph), "Heading1")


# Boxes


def _boxes(document: Any, theme: Theme) -> None:
    """Take the marks of boxes out, and let all that stands in a box look like it."""
    body = document.element.body
    stack: list[tuple[str, list[Any]]] = []
    for element in list(body):
        style = style_of(element) if element.tag == qn("w:p") else ""
        if style.startswith(f"{MARK}debut:"):
            stack.append((style.rpartition(":")[2], []))
            body.remove(element)
        elif style.startswith(f"{MARK}fin:"):
            name, content = stack.pop()
            body.remove(element)
            _dress(document, theme, name, content)
            if stack and name not in ("note-lines", "sous-titre"):
                stack[-1][1].extend(content)
        elif element.tag == qn("w:p") and stack and not style.startswith(MARK):
            stack[-1][1].append(element)


def _dress(document: Any, theme: Theme, name: str, content: list[Any]) -> None:
    for place, paragraph in enumerate(content):
        style = style_of(paragraph)
        listed = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        heading = style.startswith("Heading")
        if name in ("chiffre-cle", "chiffre"):
            number = place == 0 and len(content) > 1
            set_style(document, paragraph, "nombre" if number else name)
            continue
        if not heading and not listed and not _special(style):
            set_style(document, paragraph, name)
        if name == "note-lines" and place == 0:
            _insert(
                paragraph.get_or_add_pPr(), element_of("w:spacing", before=100, after=40, line=264, lineRule="auto")
            )
        if name in styles.BOXES:
            last = place == len(content) - 1
            _frame(paragraph, styles.LOOKS[name], theme, listed=listed, first=place == 0, last=last)


def _special(style: str) -> bool:
    """Tell whether a paragraph has a style of its own already: a caption, a picture, a box in the box."""
    named = ("TableCaption", "ImageCaption", "Figure", "CaptionedFigure", "DefinitionTerm", "Definition")
    ours = styles.PREFIX.strip()
    return style in named or (style.startswith(ours) and style.removeprefix(ours).strip("-") in styles.BOXES)


def _frame(paragraph: Any, look: styles.Look, theme: Theme, *, listed: bool, first: bool, last: bool) -> None:
    """Give a paragraph the border and the ground of its box, and no space in which the box would end."""
    properties = paragraph.get_or_add_pPr()
    for tag in (*_FRAMED, "w:spacing", "w:contextualSpacing"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    for part in styles.paragraph(look, theme):
        if part.tag in map(qn, ("w:pBdr", "w:shd")) or (part.tag == qn("w:ind") and not listed):
            _insert(properties, part)
    if listed:
        _insert(properties, element_of("w:ind", left=520, right=160, hanging=360))
    # Word paints the ground between two paragraphs of one box only where it is space after, not margin.
    _insert(
        properties,
        element_of("w:spacing", before=80 if first else 0, after=200 if last else 100, line=290, lineRule="auto"),
    )
    if not last:
        _insert(properties, element_of("w:keepNext", val=1))


_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
    "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
    "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle",
    "rPr", "sectPr", "pPrChange",
)  # fmt: skip
_PLACE = {qn(f"w:{name}"): place for place, name in enumerate(_ORDER)}


def _insert(properties: Any, part: Any) -> None:
    """Put a property where the schema wants it: word processors refuse another order."""
    for old in properties.findall(part.tag):
        properties.remove(old)
    place = sum(_PLACE.get(child.tag, len(_ORDER)) < _PLACE[part.tag] for child in properties)
    properties.insert(place, part)


# Pictures


def _pictures(document: Any) -> None:
    number = 0
    for paragraph in document.element.body.iter(qn("w:p")):
        for inline in paragraph.iter(qn("wp:inline")):
            number += 1
            told = inline.find(qn("wp:docPr"))
            told.set("id", str(number))
            told.set("name", f"Image {number}")
            told.attrib.pop("title", None)
            for shown in inline.iter(qn("pic:cNvPr")):
                shown.set("descr", told.get("descr", ""))
                shown.set("id", str(number))
            extent = inline.find(qn("wp:extent"))
            wide, high = int(extent.get("cx")), int(extent.get("cy"))
            width = min(int(WIDTH), max(wide, int(WIDTH * 0.9)))
            for size in (extent, *inline.iter(qn("a:ext"))):
                if size.get("cx"):
                    size.set("cx", str(width))
                    size.set("cy", str(high * width // wide))
            set_style(document, paragraph, "Figure")


# Contents


def _contents(document: Any) -> None:
    """Put a field of contents where the author wants it, filled with links so that it reads before it is updated."""
    body = document.element.body
    marks = [p for p in body.iter(qn("w:p")) if style_of(p) == f"{MARK}sommaire"]
    if not marks:
        return
    mark = marks[0]
    entries = list(_outline(body))
    title = OxmlElement("w:p")
    set_style(document, title, "TOC Heading")
    title.append(_run("Sommaire"))
    mark.addprevious(title)
    for place, (level, name, words) in enumerate(entries):
        line = OxmlElement("w:p")
        set_style(document, line, f"toc {level}")
        if place == 0:
            for part in _field(r'TOC \o "1-2" \h \z \u', begin=True):
                line.append(part)
        link = element_of("w:hyperlink", anchor=name, history=1)
        link.append(_run(words))
        line.append(link)
        if place == len(entries) - 1:
            line.append(_run_with(element_of("w:fldChar", fldCharType="end")))
        mark.addprevious(line)
    for old in marks:
        body.remove(old)


def _outline(body: Any) -> Iterator[tuple[int, str, str]]:
    name = ""
    for element in body:
        if element.tag == qn("w:bookmarkStart"):
            name = element.get(qn("w:name"))
        elif element.tag == qn("w:p"):
            found = re.fullmatch(r"Heading([12])", style_of(element))
            if found and name:
                yield int(found[1]), name, text_of(element)
            name = ""


def _run(words: str) -> Any:
    text = OxmlElement("w:t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return _run_with(text)


def _run_with(child: Any) -> Any:
    run = OxmlElement("w:r")
    run.append(child)
    return run


def _field(code: str, *, begin: bool = False) -> list[Any]:
    instruction = OxmlElement("w:instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    start = element_of("w:fldChar", fldCharType="begin")
    if begin:
        start.set(qn("w:dirty"), "true")
    parts = [start, instruction, element_of("w:fldChar", fldCharType="separate")]
    return list(map(_run_with, parts))


# Cover, running head, properties


def _cover(document: Any, told: Mapping[str, Any], theme: Theme, logo: bytes | None) -> None:
    """Set wave and period in place of the bare date, and the logo above the title."""
    for paragraph in document.paragraphs:
        if style_of(paragraph._p) == "Date":
            for part in list(paragraph._p):
                if part.tag != qn("w:pPr"):
                    paragraph._p.remove(part)
            wave = ", ".join(filter(None, (plain(told.get("vague")), plain(told.get("periode")))))
            paragraph.add_run(wave)
            break
    if logo is None or theme.logo is None or not document.paragraphs:
        return
    above = document.paragraphs[0].insert_paragraph_before()
    shape = above.add_run().add_picture(io.BytesIO(logo))
    height = Cm(1.8)
    width = int(shape.width * height / shape.height)
    shape.width, shape.height = (Emu(width), height) if width <= Cm(7) else (Cm(7), Emu(int(height * Cm(7) / width)))
    shape._inline.docPr.set("descr", theme.logo.alt)
    shape._inline.docPr.set("name", "Logo")
    shape._inline.docPr.set("id", "9000")


def _page(document: Any, told: Mapping[str, Any], theme: Theme) -> None:
    section = document.sections[-1]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)
    for restart in section._sectPr.iter(qn("w:footnotePr")):
        for child in list(restart):
            restart.remove(child)
    title = plain(told.get("titre-courant") or told.get("title"))
    published = " · ".join(
        filter(None, (plain(told.get("editeur")), f"version {plain(told['version'])}" if told.get("version") else ""))
    )
    head = _line(document, section.header, "Header")
    head.add_run(title + ("\t" if _warning(told) else ""))
    if _warning(told):
        mark = head.add_run(_warning(told))
        mark.bold = True
        mark.font.color.rgb = RGBColor.from_string(theme.second[1:].upper())
    foot = _line(document, section.footer, "Footer")
    foot.add_run(f"{published}\t")
    for code, between in (("PAGE", " / "), ("NUMPAGES", "")):
        for part in [*_field(code), _run("1"), _run_with(element_of("w:fldChar", fldCharType="end"))]:
            foot._p.append(part)
        if between:
            foot._p.append(_run(between))


def _line(document: Any, part: Any, style: str) -> Any:
    part.is_linked_to_previous = False
    line = part.paragraphs[0]
    line.style = styles.find(document, style)
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(Emu(int(WIDTH)), WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.space_after = Pt(0)
    return line


def _properties(document: Any, told: Mapping[str, Any], moment: dt.datetime) -> None:
    core = document.core_properties
    core.title = plain(told.get("title"))
    core.author = ", ".join(map(plain, told.get("auteurs") or [])) or plain(told.get("editeur"))
    core.subject = plain(told.get("subtitle"))
    core.keywords = ", ".join(filter(None, (plain(told.get("vague")), plain(told.get("donnees-synthetiques")))))
    core.language = styles.LANGUAGE
    core.version = plain(told.get("version"))
    core.last_modified_by = core.author
    core.comments = ""
    core.revision = 1
    core.created = core.modified = moment.replace(tzinfo=None)
    package = document.part.package
    for key, relation in list(package.rels.items()):  # pandoc copies the whole metadata file there
        if relation.reltype == RELATIONSHIP_TYPE.CUSTOM_PROPERTIES:
            del package.rels[key]
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        settings.remove(old)
    language = parse_xml(f'<w:themeFontLang {nsdecls("w")} w:val="{styles.LANGUAGE}"/>')
    later = ("clrSchemeMapping", "doNotIncludeSubdocsInStats", "shapeDefaults", "decimalSymbol", "listSeparator")
    follower = next((child for child in settings if child.tag in [qn(f"w:{name}") for name in later]), None)
    if follower is None:
        settings.append(language)
    else:
        follower.addprevious(language)


def _stable(content: bytes, theme: Theme) -> bytes:
    """Write the package again: parts by name, one moment, one compression."""
    made = io.BytesIO()
    change: dict[str, Callable[[str], str]] = {"word/theme/theme1.xml": lambda xml: styles.theme_part(xml, theme)}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
    ):
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = given.read(name)
            if name in change:
                part = change[name](part.decode("utf-8")).encode("utf-8")
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr, info.create_system = 0o600 << 16, 3
            out.writestr(info, part)
    return made.getvalue()
