"""Two renderings of one report side by side, whatever engine and format made them.

Belongs here: the structure that every format is read into, what may differ between two of them, and comparing.
Does not: reading a format (`renderings_html`, `renderings_pdf`, `renderings_docx`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from synthese.audit.page import plain
from synthese.errors import SyntheseError

LEFT_OUT = (
    "what only the page has: lists of downloads, data of a figure as a table, popovers of provenance, the explorer",
    "furniture: warnings, cover, running heads, page numbers, contents list, links that lead inside the document",
    "letters drawn in figures: their title and alternative text are compared",
    "spaces, soft hyphens, word joiners, hyphens between letters, forms of quotation marks and apostrophes",
    "where a paragraph ends; numbers of sections; where footnotes stand",
    "how often a note line stands: figures beside each other share on paper what both say",
)
"""What `compare` does not look at, for whoever reads its verdict."""

_LABEL = re.compile(r"^(Figure|Tableau|Table)\s*(\d+)\s*[:.]?\s*(.*)$", re.DOTALL)
_NOTE_LINE = re.compile(r"(?=\b(?:Lecture|Champ|Note|Source)\s?:)")
_CONTEXT = 40
_LONG = 200


@dataclass(frozen=True)
class Figure:
    """A figure: its number as printed ("" = none), its title and its alternative text."""

    number: str
    title: str
    alt: str


@dataclass(frozen=True)
class Table:
    """A table: number, title, rows of cell texts, and which (row, cell) are header cells, from 0."""

    number: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    headers: frozenset[tuple[int, int]] = frozenset()


_Float = TypeVar("_Float", Figure, Table)


@dataclass
class Rendering:
    """What a rendering holds, in the order of reading.

    Parameters
    ----------
    title : str
        Title of the document.
    headings : list of (int, str)
        Level, 1 = the highest of the text, and words.
    figures, tables : list
        With their words.
    notes : list of str
        Footnotes.
    links : list of (str, str)
        Words and target, those to other places only.
    text : list of str
        Running text by paragraph, headings and note lines included; floats and footnotes are not.
    """

    title: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    @property
    def note_lines(self) -> list[str]:
        """Lines Lecture, Champ, Note, Source, each apart."""
        return [part for part in self._parts() if _NOTE_LINE.match(part)]

    @property
    def running(self) -> list[str]:
        """Running text without its note lines."""
        return [part for part in self._parts() if not _NOTE_LINE.match(part)]

    def _parts(self) -> list[str]:
        parts = (part.strip() for text in self.text for part in _NOTE_LINE.split(text))
        return [part for part in parts if part]


@dataclass(frozen=True)
class Unlike:
    """One thing in which two renderings differ; ``left`` and ``right`` are what each shows, "" = nothing."""

    kind: str
    place: str
    left: str
    right: str

    def __str__(self) -> str:
        where = f"{self.kind}, {self.place}: " if self.place else f"{self.kind}: "
        if not self.left or not self.right:
            side, words = ("left", self.left) if self.left else ("right", self.right)
            return f"{where}only on the {side}: « {_shortened(words)} »"
        pairs = enumerate(zip(self.left, self.right, strict=False))
        parting = next((place for place, (one, other) in pairs if one != other), min(len(self.left), len(self.right)))
        start = max(0, parting - _CONTEXT)
        left, right = (f"{'…' if start else ''}{_shortened(side[start:])}" for side in (self.left, self.right))
        return f"{where}« {left} » on the left, « {right} » on the right"


def _shortened(words: str) -> str:
    return words if len(words) <= _LONG else f"{words[:_LONG]}…"


def caption(text: str) -> tuple[str, str, str]:
    """Part a caption into its kind ("figure", "table" or ""), its number and its title."""
    found = _LABEL.match(clean(text))
    if not found:
        return "", "", clean(text)
    return "figure" if found[1] == "Figure" else "table", found[2], found[3]


def clean(text: str) -> str:
    """Text with one kind of space between words and without soft hyphens."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u2060", "").replace("\u200b", "")).strip()


def key(text: str) -> str:
    """Bring a text to the letters, digits and signs that every format keeps: no space, no hyphen in a word."""
    text = re.sub(r"\s+", "", plain(unicodedata.normalize("NFKC", clean(text))))
    return re.sub(r"(?<=[^\W\d_])[\u2010-](?=[^\W\d_])", "", text)


def read(path: Path) -> Rendering:
    """Read a rendering, by the end of its name.

    Raises
    ------
    SyntheseError
        ``unknown-rendering``: not HTML, PDF or docx. ``untagged-pdf``: a PDF without tag tree.
    """
    suffix = path.suffix.lower()
    if suffix in (".html", ".htm"):
        from synthese.audit.renderings_html import read_html

        return read_html(path)
    if suffix == ".pdf":
        from synthese.audit.renderings_pdf import read_pdf

        return read_pdf(path)
    if suffix == ".docx":
        from synthese.audit.renderings_docx import read_docx

        return read_docx(path)
    raise SyntheseError.of("unknown-rendering", "this is no rendering", file=path, fix="give an .html, .pdf or .docx")


def compare(left: Rendering, right: Rendering) -> list[Unlike]:
    """List what two renderings of one report do not share; see `LEFT_OUT` for what may differ."""
    out = [] if key(left.title) == key(right.title) else [Unlike("title", "", left.title, right.title)]
    out += _listed("heading", _headings(left), _headings(right))
    for kind, one, other in (("figure", left.figures, right.figures), ("table", left.tables, right.tables)):
        out += _listed(f"{kind} title", [_named(item) for item in one], [_named(item) for item in other])
    for here, there in _same(left.figures, right.figures):
        if key(here.alt) != key(there.alt):
            out.append(Unlike("alternative text", f"figure {here.number}", here.alt, there.alt))
    for mine, theirs in _same(left.tables, right.tables):
        out += _cells(mine, theirs)
    out += _listed("footnote", left.notes, right.notes)
    out += _listed("link", _targets(left), _targets(right))
    for one_side, other_side in _note_lines(left.note_lines, right.note_lines):
        out += _listed("note line", one_side, other_side)
    return [*out, *_running(left.running, right.running)]


def _note_lines(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Part lines that stand once, in their order, from those that several floats have, each then one line."""
    counted = [Counter(map(key, side)) for side in (left, right)]
    several = {line for count in counted for line, times in count.items() if times > 1}
    once = [[line for line in side if key(line) not in several] for side in (left, right)]
    yield once[0], once[1]
    shared = [{key(line): line for line in side if key(line) in several} for side in (left, right)]
    yield [shared[0][name] for name in sorted(shared[0])], [shared[1][name] for name in sorted(shared[1])]


def _named(item: Figure | Table) -> str:
    return f"{item.number} {item.title}".strip()


def _targets(rendering: Rendering) -> list[str]:
    return [f"{words} ({unquote(target)})" for words, target in rendering.links]


def _headings(rendering: Rendering) -> list[str]:
    top = min((level for level, _ in rendering.headings), default=1)
    return [f"{'#' * (level - top + 1)} {text}" for level, text in rendering.headings]


def _same(left: Sequence[_Float], right: Sequence[_Float]) -> Iterator[tuple[_Float, _Float]]:
    """Pair floats by number and title, or else by number."""
    named, numbered = {key(_named(item)): item for item in right}, {item.number: item for item in right if item.number}
    for item in left:
        other = named.get(key(_named(item)), numbered.get(item.number))
        if other is not None:
            yield item, other


def _listed(kind: str, left: Sequence[str], right: Sequence[str]) -> Iterator[Unlike]:
    matcher = SequenceMatcher(None, [key(item) for item in left], [key(item) for item in right], autojunk=False)
    for change, a, b, c, d in matcher.get_opcodes():
        if change == "equal":
            continue
        for step in range(max(b - a, d - c)):
            mine = left[a + step] if a + step < b else ""
            theirs = right[c + step] if c + step < d else ""
            yield Unlike(kind, f"number {(a if a + step < b else c) + step + 1}", mine, theirs)


def _cells(left: Table, right: Table) -> Iterator[Unlike]:
    name = f"table {left.number}".strip()
    mine = [tuple(key(cell) for cell in row) for row in left.rows]
    theirs = [tuple(key(cell) for cell in row) for row in right.rows]
    for change, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if change == "equal":
            continue
        for step in range(max(b - a, d - c)):
            here = left.rows[a + step] if a + step < b else ()
            there = right.rows[c + step] if c + step < d else ()
            row = (a if here else c) + step + 1
            if len(here) != len(there):
                yield Unlike("row", f"{name}, row {row}", " | ".join(here), " | ".join(there))
                continue
            for column, (one, other) in enumerate(zip(here, there, strict=True), start=1):
                if key(one) != key(other):
                    yield Unlike("cell", f"{name}, row {row}, cell {column}", one, other)
    if mine == theirs and left.headers != right.headers:
        odd = sorted(left.headers ^ right.headers)[0]
        sides = ["a header cell" if odd in side.headers else "a data cell" for side in (left, right)]
        yield Unlike("header cell", f"{name}, row {odd[0] + 1}, cell {odd[1] + 1}", *sides)


def _running(left: Sequence[str], right: Sequence[str]) -> Iterator[Unlike]:
    mine, theirs = [key(text) for text in left], [key(text) for text in right]
    for change, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        one, other = "".join(mine[a:b]), "".join(theirs[c:d])
        if change == "equal" or one == other:  # the same words, in other paragraphs
            continue
        after = f"after « …{left[a - 1][-_CONTEXT:]} »" if a else "at the beginning"
        yield from _words(clean(" ".join(left[a:b])), clean(" ".join(right[c:d])), after)


def _words(left: str, right: str, place: str) -> Iterator[Unlike]:
    """Tell where two passages part, word by word."""
    mine, theirs = left.split(), right.split()
    matcher = SequenceMatcher(None, [key(word) for word in mine], [key(word) for word in theirs], autojunk=False)
    for change, a, b, c, d in matcher.get_opcodes():
        one, other = " ".join(mine[a:b]), " ".join(theirs[c:d])
        if change != "equal" and key(one) != key(other):
            yield Unlike("text", f"after « {' '.join(mine[max(0, a - 6) : a])} »" if a else place, one, other)
