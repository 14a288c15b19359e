"""A docx as a rendering.

Belongs here: reading WordprocessingML as pandoc writes it. Does not: comparing (`renderings`).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from synthese.audit.renderings import Figure, Rendering, Table, caption, clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_WARNING = "Données synthétiques"
_COVER = ("title", "subtitle", "author", "date", "tocheading", "toc")


def read_docx(path: Path) -> Rendering:
    """Read a docx: its body in order, its footnotes, its links."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith("xml")}
        names = [name for name in archive.namelist() if name.endswith(("document.xml.rels", "footnotes.xml.rels"))]
        relations = {name: etree.fromstring(archive.read(name)) for name in names}
    targets = {item.get("Id"): item.get("Target") for tree in relations.values() for item in tree}
    out = Rendering()
    waiting = ("", "", "")
    for block in _blocks(parts["word/document.xml"].find(f"{_W}body")):
        if block.tag == f"{_W}tbl":
            out.tables.append(_table(block, waiting[1], waiting[2]))
            waiting = ("", "", "")
            continue
        style = (_attribute(block, "pStyle") or "").lower().replace(" ", "")
        text = _text(block)
        drawn = next(block.iter(_ALT), None)
        if drawn is not None:
            out.figures.append(Figure(waiting[1], waiting[2], drawn.get("descr") or ""))
            waiting = ("", "", "")
        elif not text or style.startswith(_COVER) or (not out.text and text.startswith(_WARNING)):
            if style == "title":
                out.title = text
            continue
        elif "sous-titre" in style:
            out.text.append(text)
        elif "caption" in style and caption(text)[1]:
            waiting = caption(text)
        else:
            if waiting[0] == "table":
                out.tables.append(Table(waiting[1], waiting[2], ()))
            elif waiting[0] == "figure":
                out.figures.append(Figure(waiting[1], waiting[2], ""))
            waiting = ("", "", "")
            out.text.append(text)
            if style.startswith(("heading", "titre")) and style[-1].isdigit():
                out.headings.append((int(style[-1]), text))
        _links(block, targets, out)
    if "word/footnotes.xml" in parts:
        notes = [note for note in parts["word/footnotes.xml"] if note.get(f"{_W}type") is None]
        out.notes = [_text(note) for note in notes]
        for note in notes:
            _links(note, targets, out)
    return out


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order; a table that only lays out figures or tables is walked through."""
    for block in element:
        if block.tag == f"{_W}tbl" and (
            next(block.iter(_ALT), None) is not None or len(list(block.iter(block.tag))) > 1
        ):
            for cell in block.iter(f"{_W}tc"):
                yield from _blocks(cell)
        elif block.tag in (f"{_W}tbl", f"{_W}p"):
            yield block


def _attribute(block: etree._Element, name: str) -> str | None:
    found = next(block.iter(f"{_W}{name}"), None)
    return None if found is None else found.get(f"{_W}val")


def _text(node: etree._Element) -> str:
    words = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}noBreakHyphen": "-"}
    return clean("".join(item.text or "" if item.tag == f"{_W}t" else words.get(item.tag, "") for item in node.iter()))


def _links(node: etree._Element, targets: dict[str, str], out: Rendering) -> None:
    for link in node.iter(f"{_W}hyperlink"):
        target = targets.get(link.get(f"{_R}id"))
        if target:
            out.links.append((_text(link), target))


def _table(table: etree._Element, number: str, title: str) -> Table:
    rows, headers = [], set()
    look = next(table.iter(f"{_W}tblLook"), None)
    headed = look is not None and look.get(f"{_W}firstColumn") == "1"
    for index, row in enumerate(table.iter(f"{_W}tr")):
        cells = [cell for cell in row.findall(f"{_W}tc") if not _continues(cell)]
        rows.append(tuple(_text(cell) for cell in cells))
        if next(row.iter(f"{_W}tblHeader"), None) is not None:
            headers |= {(index, place) for place in range(len(cells))}
        elif headed:
            headers.add((index, 0))
    return Table(number, title, tuple(rows), frozenset(headers))


def _continues(cell: etree._Element) -> bool:
    merged = next(cell.iter(f"{_W}vMerge"), None)
    return merged is not None and merged.get(f"{_W}val", "continue") == "continue"
