"""The tag tree of the PDF, mended where Typst cannot say what a table is.

Belongs here: header cells of rows, which this Typst draws but cannot name (its `pdf.header-cell` waits behind
a feature that the Python package does not open). Does not: what the compiler tags by itself, or what a table holds.

How many columns head the rows of a table is told by its source: ``report/filters/blocs.lua`` writes it before
each table of the Typst text, and nothing here guesses it from the looks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

from synthese.errors import SyntheseError

_TOLD = re.compile(r"^/\* en-tetes-de-ligne: (\d+) \*/$", re.MULTILINE)


def row_headers(source: str) -> list[int]:
    """Read, from the Typst text of a report, how many columns head the rows of each of its tables."""
    return [int(number) for number in _TOLD.findall(source)]


def tells(pdf: bytes, source: str) -> bool:
    """Whether a Typst text tells of as many tables as a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(_tables(document)) == len(row_headers(source))


def _tables(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    root = document.Root.get("/StructTreeRoot")
    return [] if root is None else [item for item in elements(root.get("/K")) if item.S == "/Table"]


def mend(pdf: bytes, source: str) -> bytes:
    """Make header cells (``TH``, scope ``Row``) of the cells that head a row; same bytes for the same inputs.

    Each gets an identifier, which the other cells of its row name among their headers: a reader that follows
    ``Headers`` rather than ``Scope`` finds them too.

    Parameters
    ----------
    pdf : bytes
        A tagged PDF, as Typst wrote it.
    source : str
        The Typst text that it was made from.

    Raises
    ------
    SyntheseError
        ``untold-table``: the PDF has a table that the filters did not see, or lost one.
    """
    told = row_headers(source)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tables = _tables(document)
        if len(tables) != len(told):
            raise SyntheseError.of(
                "untold-table",
                f"the PDF has {len(tables)} tables and its source tells of {len(told)}",
                file="synthese.pdf",
                fix="write tables in Markdown, or as artefacts, not in raw Typst",
            )
        if not any(told):
            return pdf
        known: dict[bytes, pikepdf.Object] = {}
        for number, (table, columns) in enumerate(zip(tables, told, strict=True), start=1):
            known |= _mend(table, columns, number)
        _enter(document.Root.StructTreeRoot, known)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def elements(node: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    """Walk structure elements depth first, which is the order they are read in."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def _mend(table: pikepdf.Object, columns: int, number: int) -> dict[bytes, pikepdf.Object]:
    made: dict[bytes, pikepdf.Object] = {}
    above: dict[int, tuple[int, bytes | None]] = {}  # column → rows still covered from above, and by which header
    rows = [row for body in elements(table.K) if body.S == "/TBody" for row in elements(body.K) if row.S == "/TR"]
    for line, row in enumerate(rows):
        covered = dict(sorted(above.items()))
        above = {place: (left - 1, name) for place, (left, name) in covered.items() if left > 1}
        heads = list(dict.fromkeys(name for _, name in covered.values() if name is not None))
        others = []
        column = 0
        for cell in row.K:
            while column in covered:
                column += 1
            attributes = _attributes(cell)
            width, height = int(attributes.get("/ColSpan", 1)), int(attributes.get("/RowSpan", 1))
            name = f"L{number}x{column}y{line}".encode() if column < columns else None
            if name is None:
                others.append(attributes)
            else:
                cell.S = pikepdf.Name.TH
                cell.ID = pikepdf.String(name)
                attributes.Scope = pikepdf.Name.Row
                made[name] = cell
                heads.append(name)
            if height > 1:
                above |= dict.fromkeys(range(column, column + width), (height - 1, name))
            column += width
        for attributes in others:
            attributes.Headers = pikepdf.Array([*attributes.get("/Headers", []), *map(pikepdf.String, heads)])
    return made


def _attributes(cell: pikepdf.Object) -> pikepdf.Object:
    """Give a cell's own attributes of owner Table, made where it has none."""
    if "/A" not in cell:
        cell.A = pikepdf.Array([])
    for item in cell.A:
        if item.O == "/Table":
            return item
    cell.A.append(pikepdf.Dictionary(O=pikepdf.Name.Table))
    return cell.A[-1]


def _enter(root: pikepdf.Object, made: dict[bytes, pikepdf.Object]) -> None:
    """Write identifiers into the tree that lists them, sorted as its readers expect."""
    names = dict(_listed(root.get("/IDTree"))) | made
    flat = [part for name in sorted(names) for part in (pikepdf.String(name), names[name])]
    root.IDTree = pikepdf.Dictionary(Names=pikepdf.Array(flat))


def _listed(node: pikepdf.Object | None) -> Iterator[tuple[bytes, pikepdf.Object]]:
    if node is None:
        return
    names = list(node.get("/Names", []))
    yield from ((bytes(names[place]), names[place + 1]) for place in range(0, len(names), 2))
    for child in node.get("/Kids", []):
        yield from _listed(child)
