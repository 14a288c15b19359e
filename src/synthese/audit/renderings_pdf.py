"""A tagged PDF as a rendering, through its tag tree: what assistive technology reads.

Belongs here: reading PDF. Does not: comparing (`renderings`), or how the pages look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from synthese.audit.renderings import Figure, Rendering, Table, caption, clean
from synthese.errors import SyntheseError

_HEADING = re.compile(r"/H([1-6])$")
_END_OF_COVER = re.compile(r"Vague \S+")  # the line of dates closes the cover of the template
_BLOCKS = frozenset(("/P", "/LBody", "/LI", "/BlockQuote", "/Code", "/Aside"))


def read_pdf(path: Path) -> Rendering:
    """Read a PDF by its tags.

    Raises
    ------
    SyntheseError
        ``untagged-pdf``: it has no tag tree.
    """
    with pikepdf.open(path) as document:
        if "/StructTreeRoot" not in document.Root:
            raise SyntheseError.of("untagged-pdf", "this PDF has no tags", file=path, fix="render it as PDF/UA")
        reader = _Reader(document)
        reader.walk(document.Root.StructTreeRoot.K, None)
        reader.out.title = clean(str(document.docinfo.get("/Title", "")))
        reader.out.links += reader.of_notes
        return reader.out


class _Reader:
    def __init__(self, document: pikepdf.Pdf) -> None:
        self.out = Rendering()
        self._marked = {page.obj.objgen: _marked(page) for page in document.pages}
        self._caption: str | None = None
        self.of_notes: list[tuple[str, str]] = []

    def walk(self, node: pikepdf.Object, page: pikepdf.Object | None) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                self.walk(child, page)
            return
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            return
        page, kind = node.get("/Pg", page), str(node.S)
        heading = _HEADING.match(kind)
        if kind == "/TOC":
            return
        if heading or kind in _BLOCKS:
            self._links(node, page)
            if not heading and kind != "/P" and any(str(item.S) in ("/P", "/L") for item in _below(node)):
                self.walk(node.K, page)
                return
            text = clean(self.text(node, page))
            self._notes(node, page)
            if not self.out.headings and _END_OF_COVER.match(text):
                self.out.text.clear()
            elif text:
                self.out.text.append(text)
                if heading:
                    self.out.headings.append((int(heading[1]), text))
        elif kind == "/Caption":
            self._caption = self.text(node, page)
        elif kind == "/Figure":
            number, title = self._named(node, page)
            if "/Alt" in node:
                self.out.figures.append(Figure(number, title, str(node.Alt)))
        elif kind == "/Table":
            number, title = self._named(node, page)
            self.out.tables.append(self._table(node, page, number, title))
        elif kind == "/Note":
            self._note(node, page)
        elif "/K" in node:
            self.walk(node.K, page)
            self._withheld()

    def _named(self, node: pikepdf.Dictionary, page: pikepdf.Object | None) -> tuple[str, str]:
        inside = [item for item in _below(node) if item.S == "/Caption"]
        words = self.text(inside[0], inside[0].get("/Pg", page)) if inside else self._caption or ""
        self._caption = None
        return caption(words)[1:]

    def _withheld(self) -> None:
        """Count a float whose caption is followed by words alone."""
        if self._caption is None:
            return
        kind, number, title = caption(self._caption)
        if kind == "table":
            self.out.tables.append(Table(number, title, ()))
        else:
            self.out.figures.append(Figure(number, title, ""))
        self._caption = None

    def text(self, node: pikepdf.Object | int | None, page: pikepdf.Object | None) -> str:
        """Words under a tag, footnotes and their marks left out."""
        if isinstance(node, pikepdf.Array):
            items = list(node)
            return "".join(
                self.text(item, page)
                for item, after in zip(items, [*items, None][1:], strict=True)
                if not (_is(item, "/Link") and _is(after, "/Note"))
            )
        if isinstance(node, int):
            return self._drawn(page, node)
        if not isinstance(node, pikepdf.Dictionary):
            return ""
        if "/MCID" in node:
            return self._drawn(node.get("/Pg", page), int(node.MCID))
        if str(node.get("/S", "")) in ("/Note", "/Lbl", "/Figure") or "/K" not in node:
            return ""
        if "/ActualText" in node:
            return str(node.ActualText)
        return self.text(node.K, node.get("/Pg", page))

    def _drawn(self, page: pikepdf.Object | None, number: int) -> str:
        return "" if page is None else self._marked[page.objgen].get(number, "")

    def _notes(self, node: pikepdf.Dictionary, page: pikepdf.Object | None) -> None:
        for item in _below(node):
            if item.S == "/Note":
                self._note(item, item.get("/Pg", page))

    def _note(self, node: pikepdf.Dictionary, page: pikepdf.Object | None) -> None:
        self.out.notes.append(clean(self.text(node.K, page)))
        self._links(node, page, self.of_notes)

    def _links(
        self, node: pikepdf.Dictionary, page: pikepdf.Object | None, into: list[tuple[str, str]] | None = None
    ) -> None:
        inner = {item.objgen for note in _below(node) if note.S == "/Note" for item in _below(note)}
        for item in _below(node):
            if item.S != "/Link" or item.objgen in inner:
                continue
            words = clean(self.text(item.K, item.get("/Pg", page)))
            for target in dict.fromkeys(_targets(item.get("/K"))):  # a link over two lines has two annotations
                (self.out.links if into is None else into).append((words, target))

    def _table(self, node: pikepdf.Dictionary, page: pikepdf.Object | None, number: str, title: str) -> Table:
        rows = [
            [cell for cell in _below(row) if cell.S in ("/TH", "/TD")] for row in _below(node) if str(row.S) == "/TR"
        ]
        headers = frozenset((i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell.S == "/TH")
        texts = tuple(tuple(clean(self.text(cell, cell.get("/Pg", page))) for cell in row) for row in rows)
        return Table(number, title, texts, headers)


def _is(node: pikepdf.Object | None, kind: str) -> bool:
    return isinstance(node, pikepdf.Dictionary) and str(node.get("/S", "")) == kind


def _below(node: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """Tags under a tag, depth first."""
    inside = node.get("/K")
    for child in inside if isinstance(inside, pikepdf.Array) else [inside]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _below(child)


def _targets(node: pikepdf.Object | None) -> Iterator[str]:
    for child in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(child, pikepdf.Dictionary) and "/Obj" in child:
            action = child.Obj.get("/A")
            if action is not None and "/URI" in action:
                yield str(action.URI)
        elif isinstance(child, pikepdf.Dictionary):
            yield from _targets(child.get("/K"))


def _glyphs(font: pikepdf.Object) -> dict[int, str]:
    """Read a font's ToUnicode map: codes to text."""
    table: dict[int, str] = {}
    source = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for low, high, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            first = bytes.fromhex(text.decode()).decode("utf-16-be")
            for step in range(int(high, 16) - int(low, 16) + 1):
                table[int(low, 16) + step] = first[:-1] + chr(ord(first[-1]) + step)
    return table


def _marked(page: pikepdf.Page) -> dict[int, str]:
    """Words of a page by the number of their marked content."""
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    fonts = {
        str(name): (2 if font.Subtype == "/Type0" else 1, _glyphs(font))
        for name, font in resources.get("/Font", pikepdf.Dictionary()).items()
    }
    out: dict[int, str] = {}
    width, table = 2, dict[int, str]()
    inside: list[tuple[int | None, str | None]] = []
    for step in pikepdf.parse_content_stream(page):
        operands, name = list(step.operands), str(step.operator)
        if name in ("BDC", "BMC"):
            given = (
                operands[1]
                if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary)
                else pikepdf.Dictionary()
            )
            number = int(given["/MCID"]) if "/MCID" in given else inside[-1][0] if inside else None
            said = str(given["/ActualText"]) if "/ActualText" in given else None
            if said is not None and number is not None:
                out[number] = out.get(number, "") + said
            inside.append((number, said if said is not None else inside[-1][1] if inside else None))
        elif name == "EMC":
            inside.pop()
        elif name == "Tf":
            width, table = fonts[str(operands[0])]
        elif name in ("Tj", "TJ") and inside and inside[-1][0] is not None and inside[-1][1] is None:
            parts = operands[0] if name == "TJ" else operands
            data = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
            words = "".join(
                table.get(int.from_bytes(part[i : i + width], "big"), "")
                for part in data
                for i in range(0, len(part), width)
            )
            out[inside[-1][0]] = out.get(inside[-1][0], "") + words
    return out
