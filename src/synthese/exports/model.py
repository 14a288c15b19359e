"""What every tool's export comes down to, and what a tool's writer is given.

Belongs here: the shapes that readers return and writers take. Does not: any tool's habits (one module each
in `tools`), files and encodings (`encodings`, `delimited`, `workbook`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.errors import Fault

ColumnKind = Literal["answer", "meta"]
Meta = Literal["serial", "id", "submitted", "completed", "modified", "started", "draft", "ip", "uid", "user"]
FieldKind = Literal["one", "many", "grid"]

Record = tuple[str, ...]


@dataclass(frozen=True)
class RawColumn:
    """One column of an export.

    Parameters
    ----------
    index : int
        Its name in `RawExport.cells`, from 0.
    header : str
        The question's label as the tool writes it; ``""`` where the export has none.
    sub : str or None
        The option (multi-selects) or line (grids) the column stands for.
    position : int
        Its place in the file, 1 = first; tells columns of the same header apart.
    kind : {"answer", "meta"}
        Whether a respondent or the tool filled it.
    meta : str or None
        What the tool tells in it: ``submitted``, ``draft``, ``ip``…
    loose : bool
        The tool's header cannot tell a further option of the question ``header`` from a question of its own
        whose label is ``sub`` (Framaforms writes both alike). Match ``sub`` with the question's options
        first, then with the labels of the questions.
    """

    index: int
    header: str
    sub: str | None
    position: int
    kind: ColumnKind = "answer"
    meta: Meta | None = None
    loose: bool = False

    @property
    def label(self) -> str:
        """Header as a person names the column: ``Question [option]``."""
        return self.header if self.sub is None else f"{self.header} [{self.sub}]"


@dataclass(frozen=True)
class RawExport:
    """An export as it was written: nothing cleaned, nothing dropped but blank lines (told in ``notes``).

    Parameters
    ----------
    tool : str
        Name of the tool in the registry.
    file : str
        Name of the file, for messages.
    cells : DataFrame
        Records × columns ``0..k-1``, text exactly as written, ``""`` for empty; index ``0..n-1``.
    columns : tuple of RawColumn
        One a column of ``cells``, in the file's order.
    rows : ndarray of int, shape (n,)
        Row of each record as a spreadsheet numbers it (1 = first row of the file, headers included).
    encoding, delimiter : str
        How the bytes were read; ``"xlsx"`` and ``""`` for a workbook.
    confidence : float
        How sure it is that the file comes from ``tool``, in [0, 1]; 1 where the user named it.
    notes : tuple of Fault
        What was found and settled while reading (encoding assumed, blank rows left out…).
    """

    tool: str
    file: str
    cells: pd.DataFrame
    columns: tuple[RawColumn, ...]
    rows: npt.NDArray[np.int64]
    encoding: str
    delimiter: str
    confidence: float
    notes: tuple[Fault, ...] = ()

    def meta(self, name: Meta) -> RawColumn | None:
        """Find the first column that tells ``name``; None if the tool wrote none."""
        return next((column for column in self.columns if column.meta == name), None)


@dataclass(frozen=True)
class Table:
    """A file's records before a tool is known: all rows, headers included.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    records : list of tuple of str
        Every row that is not blank, all of one width.
    rows : list of int
        Row number of each, 1 = first.
    encoding, delimiter : str
        As in `RawExport`.
    notes : tuple of Fault
        As in `RawExport`.
    """

    file: str
    records: list[Record]
    rows: list[int]
    encoding: str
    delimiter: str
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Layout:
    """What a tool makes of a table: its columns, and how many records are headers."""

    columns: tuple[RawColumn, ...]
    header_records: int
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Field:
    """One question as a form puts it.

    Parameters
    ----------
    label : str
        Wording on the form.
    kind : {"one", "many", "grid"}
        One cell of text; options that can be ticked together; lines that each get one text (a ranking is a
        grid whose cells are ranks).
    items : tuple of str
        Options of a ``many``, lines of a ``grid``.
    other : str or None
        Label of the free-text option of a ``many``; None = it has none.
    """

    label: str
    kind: FieldKind = "one"
    items: tuple[str, ...] = ()
    other: str | None = None


@dataclass(frozen=True)
class Ticked:
    """Answer to a ``many``: options ticked (labels, in the form's order) and the text of « Autre »."""

    items: tuple[str, ...] = ()
    other: str = ""


Value = str | Ticked | tuple[str, ...]


@dataclass(frozen=True)
class Submission:
    """One form sent in.

    Parameters
    ----------
    values : tuple
        One a field: text for ``one``, `Ticked` for ``many``, one text a line for ``grid``; ``""`` = empty.
    meta : mapping of str to str
        What tools add: ISO local times ``submitted``, ``completed``, ``modified``; ``draft`` = ``"1"``;
        ``ip``; ``user``.
    """

    values: tuple[Value, ...]
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """A form and what was sent in, whatever the tool: what `write` is given."""

    title: str
    fields: tuple[Field, ...]
    submissions: tuple[Submission, ...]


@dataclass(frozen=True)
class Dialect:
    """How a tool's file is laid down in bytes; an ``.xlsx`` suffix means a workbook and the rest is unused."""

    suffix: str = ".csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    quote_all: bool = False
    line_end: str = "\n"
    compact: bool = False


@dataclass(frozen=True)
class Tool:
    """One tool that writes exports: all that the registry knows of it.

    Parameters
    ----------
    name : str
        Word in ``wave.yml`` and after ``--tool``.
    title : str
        Name for people.
    recognise : callable
        Table → confidence in [0, 1] that this tool wrote it.
    layout : callable
        Table → its columns and headers; raises `SyntheseError` on a table the tool cannot have written.
    records : callable
        Answers and dialect → every record of the file, headers first.
    variants : mapping of str to Dialect
        Ways the tool writes its file; the first is the usual one.
    drafts : bool
        Whether it exports answers that were begun and not sent.
    """

    name: str
    title: str
    recognise: Callable[[Table], float]
    layout: Callable[[Table], Layout]
    records: Callable[[Answers, Dialect], list[Record]]
    variants: Mapping[str, Dialect]
    drafts: bool = False
