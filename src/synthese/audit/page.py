"""A rendered page read as a reader gets it: its words, the artefacts in it, what it would load.

Belongs here: parsing HTML with nothing but the standard library, apart from the code that made it. Does not:
what the page should say (`report`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_SILENT = frozenset(("script", "style"))
_CODE = frozenset(("code", "pre"))
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "button",  # a number of the page opens its provenance
        "cite",
        "code",
        "dfn",
        "em",
        "i",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
    )
)
# Attributes by which a browser fetches something as it opens the page; an `a` only when it is clicked.
_FETCHES = frozenset(("src", "srcset", "data", "poster", "background", "href", "xlink:href", "action"))
_CLICKED = frozenset(("a", "area"))
_STYLE_LOADS = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", re.IGNORECASE)
_UNRESOLVED = re.compile(r"\?@[\w-]*|\?meta:[\w.-]*|\?var:[\w.-]*|\{\{<.*?>\}\}")

_SPACES = re.compile(r"\s+")
_BEFORE = re.compile(r" (?=[;:!?%‰€])")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_QUOTES = (re.compile(r"[«“„] ?"), re.compile(r" ?[»”]"))
_SIGNS = str.maketrans({"’": "'", "‘": "'", "⋅": "·", "…": "...", "\u200b": "", "\u2060": "", "\ufeff": ""})


def plain(text: str) -> str:
    """Bring a text to the form in which two typographies of it are equal.

    NFC; one kind of space, apostrophe and quotation mark; no space before ``; : ! ? %`` nor between thousands.
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_SIGNS)).strip()
    for mark in _QUOTES:
        text = mark.sub('"', text)
    return _THOUSANDS.sub("", _BEFORE.sub("", text))


@dataclass
class Block:
    """One artefact where the page shows it.

    Parameters
    ----------
    id : str
        Its id.
    words : list of str
        Its text, piece by piece.
    cells : list of str
        Text of its table's cells, in reading order.
    labels : list of str
        What stands for its pictures: ``alt`` and ``aria-label``.
    captions : list of str
        Its ``figcaption``.
    """

    id: str
    words: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its whole text, in plain form."""
        return plain("".join(self.words))


@dataclass
class Page:
    """What a page holds.

    Parameters
    ----------
    words : list of str
        Text, piece by piece, code left out.
    blocks : list of Block
        Artefacts, in the order of the page.
    attributes : list of str
        Texts in attributes, which are published too.
    loads : list of str
        Addresses that a browser would fetch on opening it.
    language : str
        ``lang`` of the page.
    """

    words: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    language: str = ""

    @property
    def text(self) -> str:
        """The page's whole text, in plain form."""
        return plain("".join(self.words))

    @property
    def unresolved(self) -> list[str]:
        """What an engine prints in place of what it could not resolve, sorted."""
        return sorted(set(_UNRESOLVED.findall("".join(self.words))))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[str] = []
        self._artefacts: list[tuple[int, Block]] = []  # depth of its element, and the block
        self._cells: list[tuple[int, Block, list[str]]] = []
        self._captions: list[tuple[int, Block, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._look(tag, given)
        if tag not in _INLINE:
            self._say(" ")
        if tag in _VOID:
            return
        self._open.append(tag)
        depth = len(self._open)
        if "data-artefact" in given:
            block = Block(given["data-artefact"])
            self.page.blocks.append(block)
            self._artefacts.append((depth, block))
        if self._artefacts and tag in ("td", "th"):
            self._cells.append((depth, self._artefacts[-1][1], []))
        if self._artefacts and tag == "figcaption":
            self._captions.append((depth, self._artefacts[-1][1], []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def _look(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html":
            self.page.language = given.get("lang", "")
        for name, value in given.items():
            if not value.startswith("data:"):
                self.page.attributes.append(value)
            if name in _FETCHES and tag not in _CLICKED and value and not value.startswith(("data:", "#")):
                self.page.loads += [value]
            if name == "style":
                self._look_in_style(value)
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.page.loads.append(given.get("content", ""))
        if self._artefacts:
            self._artefacts[-1][1].labels += [given[name] for name in ("alt", "aria-label") if given.get(name)]

    def _look_in_style(self, text: str) -> None:
        for match in _STYLE_LOADS.finditer(text):
            address = match[1] or match[2]
            if not address.startswith(("data:", "#")):
                self.page.loads.append(address)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            depth, closed = len(self._open), self._open.pop()
            if closed not in _INLINE:
                self._say(" ")
            while self._cells and self._cells[-1][0] == depth:
                _, block, words = self._cells.pop()
                block.cells.append(plain("".join(words)))
            while self._captions and self._captions[-1][0] == depth:
                _, block, words = self._captions.pop()
                block.captions.append(plain("".join(words)))
            while self._artefacts and self._artefacts[-1][0] == depth:
                self._artefacts.pop()
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self._look_in_style(data)
        if not _SILENT & set(self._open):
            self._say(data, code=bool(_CODE & set(self._open)))

    def _say(self, data: str, *, code: bool = False) -> None:
        if not code:
            self.page.words.append(data)
        for _, block in self._artefacts:
            block.words.append(data)
        for collected in (self._cells, self._captions):
            for _, _, words in collected:
                words.append(data)


def read_page(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
