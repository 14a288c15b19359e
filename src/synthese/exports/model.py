"""What every tool's export comes down to, and what the registry knows of a tool.

Belongs here: the shapes that readers return. Does not: what writers are given (`forms`), any tool's habits
(one module each in `tools`), files and encodings (`encodings`, `delimited`, `workbook`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.codebook.missing import Reason
from synthese.errors import Fault
from synthese.exports.forms import Answers
from synthese.exports.structure import Structure

ColumnKind = Literal["answer", "meta"]
Meta = Literal[
    "serial", "id", "submitted", "completed", "modified", "started", "draft", "ip", "uid", "user", "email", "weight"
]

Record = tuple[str, ...]
_HEAD = 20


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
    code : str or None
        The tool's own name of the question (``Q1``, ``group/q1``), where it has one beside the label.
    part : str or None
        The tool's own name of the option or line that ``sub`` is the label of.
    labels : mapping of str to str
        Text of a cell → what it stands for (value labels of ``.sav``, answer codes of LimeSurvey). Cells stay
        as written.
    missing : mapping of str to str
        Text of a cell → reason, where the tool itself says why there is no answer (LimeSurvey's ``N/A`` =
        not shown, a user-missing value of ``.sav``). ``""`` is a key where an empty cell says so.
    """

    index: int
    header: str
    sub: str | None
    position: int
    kind: ColumnKind = "answer"
    meta: Meta | None = None
    loose: bool = False
    code: str | None = None
    part: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    missing: Mapping[str, Reason] = field(default_factory=dict, repr=False)

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
    structure : Structure or None
        The form itself, where the export or a file beside it tells (``.lss``, XLSForm, ``.sav``).
    header_row, last_row : int or None
        Where the header begins and answers end, if the user said so.
    files : ndarray of str, shape (n,), or None
        Name of the file of each record, and ``rows`` are those of that file, where a wave came in several; ``file``
        is then the first. None for one file.
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
    structure: Structure | None = None
    header_row: int | None = None
    last_row: int | None = None
    files: npt.NDArray[np.object_] | None = None

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
    cells : DataFrame
        Every row that is not blank × columns ``0..k-1``, text as written, ``""`` for empty; index ``0..n-1``.
    rows : ndarray of int, shape (n,)
        Row number of each, 1 = first row of the file.
    encoding, delimiter : str
        As in `RawExport`.
    notes : tuple of Fault
        As in `RawExport`.
    structure : Structure or None
        As in `RawExport`; readers of codes take their labels from it.
    above : int
        How many of the first rows were narrower than the table and were filled up with empty cells.
    """

    file: str
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    encoding: str
    delimiter: str
    notes: tuple[Fault, ...] = ()
    structure: Structure | None = None
    above: int = 0

    @cached_property
    def head(self) -> tuple[Record, ...]:
        """First rows (twenty at most), by which a tool is told and headers are read."""
        return tuple(zip(*(self.cells[name].array[:_HEAD].tolist() for name in self.cells), strict=True))

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True)
class Layout:
    """What a tool makes of a table: its columns, and how many records are headers."""

    columns: tuple[RawColumn, ...]
    header_records: int
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Dialect:
    """How a tool's file is laid down: bytes, and which of its ways of writing answers.

    An ``.xlsx`` suffix means a workbook. ``compact`` joins what is ticked in one cell; ``codes`` writes the
    tool's own names of questions and options in place of labels.
    """

    suffix: str = ".csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    quote_all: bool = False
    line_end: str = "\n"
    compact: bool = False
    codes: bool = False


@dataclass(frozen=True)
class Tool:
    """One tool that writes exports: all that the registry and cleaning know of it.

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
    separators : tuple of str
        What may join the options of a multiple response in one cell, likeliest first.
    branching : bool
        Whether a question repeated in the branches of a form gives several columns of one name.
    tells_not_shown : bool
        Whether the export tells a question that was not shown from one left empty.
    unfinished_when_empty : str or None
        The tool's own column (``submitted``…) whose empty cell marks answers begun and not sent, where no column
        tells ``draft``.
    magic : tuple of bytes
        First bytes of its files, for formats that are no text and no workbook.
    load : callable or None
        Content and name of such a file → table (its ``structure`` set).
    dump : callable or None
        Answers and dialect → content of such a file; ``records`` is then unused.
    companion : callable or None
        Answers and dialect → suffix and content of the file that holds the form beside the export (``.lss``),
        or None where this dialect needs none.
    """

    name: str
    title: str
    recognise: Callable[[Table], float]
    layout: Callable[[Table], Layout]
    records: Callable[[Answers, Dialect], list[Record]]
    variants: Mapping[str, Dialect]
    drafts: bool = False
    separators: tuple[str, ...] = (", ", ";", ",", "|", "\n")
    branching: bool = False
    tells_not_shown: bool = False
    unfinished_when_empty: Meta | None = None
    magic: tuple[bytes, ...] = ()
    load: Callable[[bytes, str], Table] | None = None
    dump: Callable[[Answers, Dialect], bytes] | None = None
    companion: Callable[[Answers, Dialect], tuple[str, bytes] | None] | None = None
