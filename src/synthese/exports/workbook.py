"""Workbooks (XLSX) to records and back.

Belongs here: reading a sheet through calamine, and writing one whose bytes do not change from run to run.
Does not: what the columns mean.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from synthese.errors import Fault, SyntheseError
from synthese.exports import framing, quick
from synthese.exports.framing import Rows
from synthese.exports.model import Record

_EPOCH = (1980, 1, 1, 0, 0, 0)


def _text(value: object) -> str:
    """Write a cell as text: whole numbers without decimals, dates in ISO form, durations in hours."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
        return f"{'-' * (value < dt.timedelta(0))}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def _damaged(file: str) -> SyntheseError:
    return SyntheseError.of(
        "not-a-workbook",
        "this file cannot be read as a workbook: it is damaged, protected, or not XLSX",
        file=file,
        fix="export it again, or save it as XLSX without password",
    )


@contextmanager
def _opened(content: bytes, file: str) -> Iterator[CalamineWorkbook]:
    """Open a workbook; whatever its reader cannot read is told as one fault."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            yield book
    except (CalamineError, OSError) as error:
        raise _damaged(file) from error
    except BaseException as error:
        # Calamine's own code stops with an exception of its own on some damaged files, no `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(file) from error


def _columns(rows: list[list[object]]) -> list[pa.Array]:
    """Text columns; a column of texts alone goes straight into Arrow."""
    columns = []
    for column in zip(*rows, strict=True):
        try:
            columns.append(pa.array(column, pa.large_string()))
        except pa.ArrowTypeError:
            texts = [cell if cell.__class__ is str else _text(cell) for cell in column]
            columns.append(pa.array(texts, pa.large_string()))
    return columns


def read_book(content: bytes, file: str) -> dict[str, list[Record]]:
    """Read every sheet of a workbook, as text.

    Returns
    -------
    dict of str to list
        Sheets by name, in the book's order; every row of each, blank cells ``""``.

    Raises
    ------
    SyntheseError
        Not a workbook, or a damaged one.
    """
    with _opened(content, file) as book:
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return {name: [tuple(_text(cell) for cell in row) for row in rows] for name, rows in sheets.items()}


def read_sheet(
    content: bytes, file: str, first: int = 1, last: int | None = None
) -> tuple[pd.DataFrame, Rows, tuple[Fault, ...]]:
    """Read the first sheet that holds anything.

    Parameters
    ----------
    content : bytes
        The workbook.
    file : str
        Its name, for messages.
    first, last : int, optional
        Rows to take.

    Returns
    -------
    tuple of DataFrame, ndarray of int, tuple of Fault
        Cells of the rows that are not blank, as text; their row numbers; a note where other sheets or blank rows
        were left aside.

    Raises
    ------
    SyntheseError
        Not a workbook, a damaged one, one without any cell, or without any in the rows asked for.
    """
    filled: dict[str, pd.DataFrame] = {}
    with _opened(content, file) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells = quick.text_frame(_columns(sheet))
            if len(cells) and (cells != "").to_numpy().any():
                filled[name] = cells
    if not filled:
        raise SyntheseError.of("empty-file", "this workbook is empty", file=file, fix="export it again")
    name, *others = filled
    notes: tuple[Fault, ...] = ()
    if others:
        what = f"sheet {name!r} was read; left aside: {', '.join(map(repr, others))}"
        notes = (Fault("several-sheets", what, file=file, fix="keep the answers in the first sheet"),)
    cells = filled[name].iloc[first - 1 : last]
    there = (cells != "").any(axis=1).to_numpy()
    if not there.any():
        raise framing.outside(file, first, last)
    rows = np.flatnonzero(there) + first
    return cells.loc[there].reset_index(drop=True), rows, (*notes, *framing.blank_rows(rows, first, file))


def render_sheet(records: Sequence[Record], title: str, file: str) -> bytes:
    """Write records as text cells of one sheet; same records, same bytes.

    Raises
    ------
    SyntheseError
        A cell holds a control character that a workbook cannot hold.
    """
    return render_book({re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1": records}, file)


def render_book(sheets: Mapping[str, Sequence[Record]], file: str) -> bytes:
    """Write sheets of text cells, in their order; same records, same bytes.

    Parameters
    ----------
    sheets : mapping of str to sequence of Record
        Records by the sheet's name, which must be one that a workbook takes.
    file : str
        Name of the file, for messages.

    Raises
    ------
    SyntheseError
        A cell holds a control character that a workbook cannot hold.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, records in sheets.items():
        _fill(book.create_sheet(name), records, file)
    stream = io.BytesIO()
    book.save(stream)
    return _without_clock(stream.getvalue())


def _fill(sheet: Worksheet, records: Sequence[Record], file: str) -> None:
    for number, record in enumerate(records, start=1):
        for column, value in enumerate(record, start=1):
            if not value:
                continue
            cell = sheet.cell(row=number, column=column)
            try:
                cell.value = value
            except IllegalCharacterError as error:
                raise SyntheseError.of(
                    "control-character",
                    "a cell holds a control character, which a workbook cannot hold",
                    file=file,
                    row=number,
                    fix="write a CSV instead",
                ) from error
            cell.data_type = "s"  # text that begins with = stays text


def _without_clock(content: bytes) -> bytes:
    """Pack the workbook again without the times of writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(item.filename, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()
