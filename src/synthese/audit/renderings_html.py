"""A page as a rendering, by either engine: the embedded one's and Quarto's markup.

Belongs here: reading HTML. Does not: comparing (`renderings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import html  # type: ignore[import-untyped]

from synthese.audit.renderings import Figure, Rendering, Table, caption, clean

# What only a page has, or what is no text of the report; of both engines.
_FURNITURE = (
    "self::script|self::style|self::template|self::nav|self::details|self::button[not(@popovertarget)]|self::header"
    "|self::footer|self::*[@popover]|self::*[@id='provenance']|self::*[@id='title-block-header']|self::*[@id='TOC']"
)
_CLASSES = frozenset(("telechargements", "explorateur", "evitement", "footnote-back", "footnote-ref", "anchorjs-link"))
_ASIDE = frozenset(("header-section-number", "screen-reader-only", "avertissement"))
_BLOCKS = frozenset(("p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "div", "section"))


def read_html(path: Path) -> Rendering:
    """Read a page, from its ``main`` on."""
    tree = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    body = next(iter(tree.xpath("//main")), tree.body)
    named = tree.xpath("//header//h1") or tree.xpath("//head/title")
    out = Rendering(title=_text(named[0]) if named else "")
    _strip(body)
    of_notes: list[tuple[str, str]] = []
    for note in body.xpath(".//*[starts-with(@id, 'fn') and translate(substring(@id, 3), '0123456789', '') = '']"):
        for mark in note.xpath("./p[1]/sup[1]"):  # its number, where notes stand in the margin
            mark.drop_tree()
        out.notes.append(_text(note))
        of_notes += _links(note)
        note.drop_tree()
    out.links = [*_links(body), *of_notes]
    for figure in body.xpath(".//figure[figcaption or .//figcaption]"):
        if figure.xpath("ancestor::figure"):
            continue
        _float(figure, out)
        beside = figure.xpath(".//*[contains(concat(' ', @class, ' '), ' sous-titre ')]")
        kept = [*beside, *figure.xpath(".//*[contains(concat(' ', @class, ' '), ' non-diffuse ')]")]
        for part in kept:
            figure.addprevious(part)
    for figure in body.xpath(".//figure[not(ancestor::figure)]|.//svg"):
        if figure.getparent() is not None:
            figure.drop_tree()
    for table in body.xpath(".//table"):
        out.tables.append(_table(table, "", _text(table.find("caption")) if table.find("caption") is not None else ""))
        table.drop_tree()
    for element, text in _paragraphs(body):
        out.text.append(text)
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            out.headings.append((int(element.tag[1]), text))
    return out


def _strip(body: html.HtmlElement) -> None:
    # A chapter that holds the explorer is the page's alone, heading and all.
    for chapter in body.xpath(".//*[contains(concat(' ', @class, ' '), ' explorateur ')]/ancestor::section[1]"):
        chapter.drop_tree()
    for element in list(body.iterdescendants()):
        if element.getparent() is not None and (
            not isinstance(element.tag, str)
            or (_CLASSES | _ASIDE) & set((element.get("class") or "").split())
            or element.xpath(_FURNITURE)
        ):
            element.drop_tree()


def _links(element: html.HtmlElement) -> list[tuple[str, str]]:
    found = element.xpath(".//a[starts-with(@href, 'http') or starts-with(@href, 'mailto:')]")
    return [(_text(link), link.get("href")) for link in found]


def _text(element: html.HtmlElement) -> str:
    return clean(element.text_content())


def _float(figure: html.HtmlElement, out: Rendering) -> None:
    kind, number, title = caption(figure.xpath(".//figcaption")[0].text_content())
    tables = figure.xpath(".//table")
    if tables or kind == "table":
        out.tables.append(_table(tables[0], number, title) if tables else Table(number, title, ()))
        return
    words = [item.get("alt") or item.get("aria-label") for item in figure.xpath(".//img|.//*[@role='img']")]
    out.figures.append(Figure(number, title, next((word for word in words if word), "")))


def _table(table: html.HtmlElement, number: str, title: str) -> Table:
    rows = [row.xpath("./th|./td") for row in table.xpath(".//tr")]
    headers = frozenset((i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell.tag == "th")
    return Table(number, title, tuple(tuple(_text(cell) for cell in row) for row in rows), headers)


def _paragraphs(element: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    """Give each block without blocks in it, and loose words between blocks, in order."""
    blocks = [child for child in element.iterdescendants() if child.tag in _BLOCKS]
    if not blocks:
        if _text(element):
            yield element, _text(element)
        return
    if clean(element.text or ""):
        yield element, clean(element.text)
    for child in element:
        if child.tag in _BLOCKS or any(inner.tag in _BLOCKS for inner in child.iterdescendants()):
            yield from _paragraphs(child)
        elif _text(child):
            yield child, _text(child)
        if clean(child.tail or ""):
            yield element, clean(child.tail)
