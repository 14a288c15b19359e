"""Workbooks (XLSX) to records and back.

Belongs here: reading a sheet through calamine, and writing one whose bytes do not change from run to run.
Does not: what the columns mean.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from synthese.errors import Fault, SyntheseError
from synthese.exports.model import Record

_EPOCH = (1980, 1, 1, 0, 0, 0)


def _text(value: object) -> str:
    """Write a cell as text: whole numbers without decimals, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _sheets(source: Path | io.BytesIO, file: str) -> dict[str, list[list[object]]]:
    try:
        with CalamineWorkbook.from_object(source) as book:
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise SyntheseError.of(
            "not-a-workbook",
            "this file cannot be read as a workbook: it is damaged, protected, or not XLSX",
            file=file,
            fix="export it again, or save it as XLSX without password",
        ) from error


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
    sheets = _sheets(io.BytesIO(content), file)
    return {name: [tuple(_text(cell) for cell in row) for row in rows] for name, rows in sheets.items()}


def read_sheet(path: Path, file: str) -> tuple[list[Record], tuple[Fault, ...]]:
    """Read the first sheet that holds anything.

    Returns
    -------
    tuple of list, tuple of Fault
        Every row (blank rows as ``()``), and a note where other sheets were left aside.

    Raises
    ------
    SyntheseError
        Not a workbook, a damaged one, or one without any cell.
    """
    sheets = _sheets(path, file)
    filled = {name: rows for name, rows in sheets.items() if any(_text(c) for row in rows for c in row)}
    if not filled:
        raise SyntheseError.of("empty-file", "this workbook is empty", file=file, fix="export it again")
    name, *others = filled
    records = [tuple(_text(cell) for cell in row) for row in filled[name]]
    notes: tuple[Fault, ...] = ()
    if others:
        what = f"sheet {name!r} was read; left aside: {', '.join(map(repr, others))}"
        notes = (Fault("several-sheets", what, file=file, fix="keep the answers in the first sheet"),)
    return [record if any(record) else () for record in records], notes


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
