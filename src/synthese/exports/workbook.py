"""Workbooks (XLSX) to records and back.

Belongs here: reading a sheet through calamine, and writing one whose bytes do not change from run to run.
Does not: what the columns mean.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from synthese.codebook import nearest
from synthese.errors import Fault, SyntheseError
from synthese.exports import framing, quick
from synthese.exports.framing import Rows
from synthese.exports.model import Record

_EPOCH = (1980, 1, 1, 0, 0, 0)
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")
# What is refused before memory is taken for it: so many cells of a sheet, or more than ten million where not one in
# a hundred is written; so many bytes of a workbook when unpacked.
_MOST_CELLS, _FEW_CELLS, _SPARSE = 100_000_000, 10_000_000, 100
_MOST_BYTES = 4 << 30
_PIECE, _OVERLAP = 1 << 20, 64
# Columns beyond ZZ, the 702nd, have three letters.
_NARROW, _LAST_ROW, _LAST_COLUMN = 702, 1 << 20, 1 << 14
_FAR = rb'<c r="(?:[A-Z]{3}|[A-Z]{1,2}\d{%d})'
_ROW = re.compile(rb'<row r="(\d{1,7})"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,9})"')

_Filled = tuple[list[pa.Array], npt.NDArray[np.bool_]]


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


def _look_over(content: bytes, file: str) -> bool:
    """Check that the sheets are whole and of a size that can be held; tell whether one has error cells.

    Calamine takes memory for every cell up to the last row and column, and reads an error as an empty cell.
    """
    errors, far, last_row, held = False, False, 0, 0
    size = [0, 0]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MOST_BYTES:
                raise _too_large(file, f"{_MOST_BYTES >> 30} GiB of text")
            sheets = [item for item in archive.infolist() if item.filename.startswith("xl/worksheets/")]
            for part in _parts(archive, sheets):
                errors = errors or b't="e"' in part
                last_row = max([last_row, *(int(found) for found in _ROW.findall(part))])
                # A cell of more than ten times the row it stands in, or beyond the column ZZ.
                far = far or re.search(_FAR % (len(str(last_row)) + 1), part) is not None
            if far or last_row * _NARROW > _FEW_CELLS:
                *size, held = _reach(_parts(archive, sheets))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _damaged(file) from error
    most = min(_MOST_CELLS, max(_FEW_CELLS, _SPARSE * held))
    if size[0] * size[1] > most or size[0] > _LAST_ROW or size[1] > _LAST_COLUMN:
        raise _too_large(file, f"{size[0]} rows and {size[1]} columns")
    return errors


def _reach(parts: Iterable[bytes]) -> tuple[int, int, int]:
    """Last row and last column of any cell, and about how many there are."""
    columns: set[bytes] = set()
    last_row = held = 0
    for part in parts:
        cells = _CELL.findall(part)
        held += len(cells)
        columns.update(letters for letters, _ in cells)
        last_row = max([last_row, *(int(row) for _, row in cells)])
    return last_row, max((column_index_from_string(letters.decode()) for letters in columns), default=0), held


def _parts(archive: zipfile.ZipFile, items: Iterable[zipfile.ZipInfo]) -> Iterator[bytes]:
    """Give members by pieces that overlap by as much as a reference is long."""
    for item in items:
        with archive.open(item) as stream:
            rest = b""
            while piece := stream.read(_PIECE):
                yield rest + piece
                rest = piece[-_OVERLAP:]


def _too_large(file: str, size: str) -> SyntheseError:
    return SyntheseError.of(
        "too-large",
        f"the sheet reaches over {size}: a cell stands far from the table, or the file is damaged",
        file=file,
        fix="remove what stands far from the answers, or save the sheet as CSV",
    )


def _error_cells(content: bytes, name: str, file: str) -> dict[tuple[int, int], str]:
    """Find the cells of a sheet that hold a spreadsheet's error: place from 0, and its text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions, which are not read
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book[name]
            sheet.reset_dimensions()  # what the file says of its size is not always so
            return {
                (place, column): str(cell.value)
                for place, row in enumerate(sheet.iter_rows())
                for column, cell in enumerate(row)
                if cell.data_type == "e"
            }
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:
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
    content: bytes, file: str, first: int = 1, last: int | None = None, wanted: str | None = None
) -> tuple[pd.DataFrame, Rows, tuple[Fault, ...]]:
    """Read the sheet that holds a table: the first one, or the one wanted.

    Parameters
    ----------
    content : bytes
        The workbook.
    file : str
        Its name, for messages.
    first, last : int, optional
        Rows to take.
    wanted : str, optional
        Name of the sheet.

    Returns
    -------
    tuple of DataFrame, ndarray of int, tuple of Fault
        Cells of the rows that are not blank, as text; their row numbers; a note where other sheets or blank rows
        were left aside.

    Raises
    ------
    SyntheseError
        Not a workbook, a damaged one, one without any cell, or without any in the rows asked for; no sheet of the
        name wanted; none wanted, and two sheets open alike: both may be answers.
    """
    errors = _look_over(content, file)
    filled: dict[str, _Filled] = {}
    with _opened(content, file) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet: list[list[object]] = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            if errors:
                _put_errors(sheet, _error_cells(content, about.name, file))
            columns = _columns(sheet)
            there = np.zeros(len(sheet), dtype=np.bool_)
            for column in columns:
                there |= pa.compute.binary_length(column).to_numpy() > 0
            if there.any():
                filled[about.name] = columns, there
    if not filled:
        raise SyntheseError.of("empty-file", "this workbook is empty", file=file, fix="export it again")
    name = _to_read(filled, wanted, file)
    others = [f"{other!r} ({int(there.sum())} rows)" for other, (_, there) in filled.items() if other != name]
    notes: list[Fault] = []
    if others and wanted is None:
        what = f"sheet {name!r} was read; left aside: {', '.join(others)}"
        notes.append(Fault("several-sheets", what, file=file, fix=f"write `sheet: {name!r}` in wave.yml to settle it"))
    columns, there = filled[name]
    rows = np.flatnonzero(there[: last or len(there)]) + 1
    rows = rows[rows >= first]
    if not len(rows):
        raise framing.outside(file, first, last)
    if len(rows) < len(there):
        columns = [column.take(pa.array(rows - 1)) for column in columns]
    cells = quick.text_frame(columns)
    if errors:
        notes += _errors_told(cells, rows, file)
    return cells, rows, (*notes, *framing.blank_rows(rows, first, file))


def _to_read(filled: Mapping[str, _Filled], wanted: str | None, file: str) -> str:
    """Choose the sheet: the one wanted, or the first that has two rows and two columns at least."""
    if wanted is not None:
        if wanted not in filled:
            fix = f"correct `sheet` in wave.yml: {nearest(wanted, filled)}"
            raise SyntheseError.of("no-sheet", f"no sheet {wanted!r} holds anything", file=file, fix=fix)
        return wanted
    tables = {}
    for name, (columns, there) in filled.items():
        head = tuple(str(column[int(np.argmax(there))]) for column in columns)
        if int(there.sum()) > 1 and sum(map(bool, head)) > 1:
            tables[name] = head
    if not tables:
        return next(iter(filled))
    first, *others = tables
    alike = [name for name in others if tables[name] == tables[first]]
    if alike:
        told = ", ".join(f"{name!r} ({int(filled[name][1].sum()) - 1} rows under it)" for name in (first, *alike))
        raise SyntheseError.of(
            "unclear-sheet",
            f"several sheets open with the same header: {told}",
            file=file,
            fix=f"say which in wave.yml (`sheet: {first!r}`); for all of them, put their rows into one sheet",
        )
    return first


def _put_errors(sheet: list[list[object]], errors: Mapping[tuple[int, int], str]) -> None:
    """Put errors where Calamine gave empty cells; a row or column of errors alone stands outside what it counts."""
    width = max([len(sheet[0]) if sheet else 0, *(column + 1 for _, column in errors)])
    sheet += [[] for _ in range(max([len(sheet), *(row + 1 for row, _ in errors)]) - len(sheet))]
    for row in sheet:
        row += [""] * (width - len(row))
    for (place, column), text in errors.items():
        sheet[place][column] = text


def _errors_told(cells: pd.DataFrame, rows: Rows, file: str) -> list[Fault]:
    found = cells.isin(_ERRORS)
    places = np.flatnonzero(found.any(axis=1).to_numpy())
    if not len(places):
        return []
    what = f"{int(found.to_numpy().sum())} cell(s) hold an error of the spreadsheet (#N/A, #REF!…), read as that text"
    return [Fault("error-cells", what, file=file, row=int(rows[places[0]]))]


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
