"""A workbook's cells as text: nothing that the sheet holds is changed, lost or taken for something else."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from synthese import exports
from synthese.errors import SyntheseError

CELLS = [
    (dt.datetime(2024, 3, 12, 10, 5, 59), None, "2024-03-12T10:05:59"),
    (dt.datetime(2024, 3, 12, 10, 5, 7, 250_000), None, "2024-03-12T10:05:07.250"),
    (dt.date(2024, 2, 29), None, "2024-02-29"),
    (dt.time(10, 5), None, "10:05:00"),
    (dt.timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
    (0.45, "0%", "0.45"),
    (12, None, "12"),
    (12.0, "0.00", "12"),
    (-3, None, "-3"),
    (0.1, None, "0.1"),
    (1 / 3, None, "0.3333333333333333"),
    (123456789012345, None, "123456789012345"),
    (118000000123.0, None, "118000000123"),
    (1e-7, None, "1e-07"),
    (True, None, "TRUE"),
    (False, None, "FALSE"),
    ("01", None, "01"),
    ("3.10", None, "3.10"),
    ("1e5", None, "1e5"),
    ("TRUE", None, "TRUE"),
    ("2024-03-12", None, "2024-03-12"),
    ("  bords ", None, "  bords "),
    ("ligne 1\nligne 2", None, "ligne 1\nligne 2"),
    ("«\u00a0oui\u202f»", None, "«\u00a0oui\u202f»"),
    ("#N/A", None, "#N/A"),  # openpyxl writes this as an error, not as a text
    ("#DIV/0!", None, "#DIV/0!"),
    ("&amp; <b>", None, "&amp; <b>"),
    ("x" * 32_000, None, "x" * 32_000),
    ("🌱", None, "🌱"),
]


def saved(folder: Path, book: openpyxl.Workbook, name: str = "export.xlsx") -> Path:
    path = folder / name
    book.save(path)
    return path


def rezipped(path: Path, member: str, change) -> Path:
    """Write the workbook again with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, change(data) if item.filename == member else data)
    path.write_bytes(out.getvalue())
    return path


def refused(path: Path, **options: object) -> SyntheseError:
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, **options)
    return caught.value


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_cells_are_read_as_they_stand(tmp_path, epoch):
    book = openpyxl.Workbook()
    book.epoch = epoch
    sheet = book.active
    for column, (value, form, _) in enumerate(CELLS, start=2):
        sheet.cell(3, column).value = f"Q{column}"
        cell = sheet.cell(5, column)
        cell.value = value
        if form:
            cell.number_format = form
    sheet.cell(6, 2).value = "suite"
    export = exports.read(saved(tmp_path, book))
    assert export.cells.loc[0].tolist() == ["", *(text for _, _, text in CELLS)]
    assert export.rows.tolist() == [5, 6]
    told = {note.code: str(note) for note in export.notes}
    assert "row 5: 2 cell(s) hold an error of the spreadsheet" in told["error-cells"]
    assert "3 blank row(s) left out: 1, 2, 4" in told["blank-rows"]
    assert {str(kind) for kind in export.cells.dtypes} == {"str"}


def test_errors_beyond_the_last_value_are_read_too(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["A", "B"])
    book.active.append(["x", "y"])
    book.active.append([None, "#REF!"])
    book.active["D1"] = "#N/A"
    export = exports.read(saved(tmp_path, book))
    assert export.cells.to_numpy().tolist() == [["x", "y", "", ""], ["", "#REF!", "", ""]]
    assert export.columns[3].header == "#N/A"


def test_the_first_sheet_that_holds_anything_is_read_and_charts_are_none(tmp_path):
    book = openpyxl.Workbook()
    book.create_chartsheet("Graphique", 0)
    book.create_sheet("Réponses").append(["Q1", "Q2"])
    book["Réponses"].append(["a", "b"])
    book.create_sheet("Liste").append(["z"])
    export = exports.read(saved(tmp_path, book))
    assert export.cells.to_numpy().tolist() == [["a", "b"]]
    assert "sheet 'Réponses' was read; left aside: 'Liste'" in str(export.notes[0])


def test_an_empty_workbook(tmp_path):
    assert refused(saved(tmp_path, openpyxl.Workbook())).code == "empty-file"


def test_rows_that_hold_nothing(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Q1", "Q2"])
    book.active.append(["a", "b"])
    error = refused(saved(tmp_path, book), header_row=9)
    assert error.code == "no-answers"


@pytest.mark.parametrize(
    ("far", "size"), [("XFD1048576", "1048576 rows and 16384 columns"), ("ZZZ400", "400 rows and 18278 columns")]
)
def test_a_cell_far_from_the_table_takes_no_memory_for_what_lies_between(tmp_path, far, size):
    book = openpyxl.Workbook()
    book.active.append(["Q1", "Q2"])
    for _ in range(9):
        book.active.append(["a", "b"])
    path = saved(tmp_path, book)
    row = re.sub(r"\D", "", far)
    part = f'<row r="{row}"><c r="{far}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</sheetData>", part))
    error = refused(path)
    assert error.code == "too-large"
    assert size in str(error)
    assert "export.xlsx" in str(error)


def test_a_sheet_cut_short_is_damaged_and_not_short(tmp_path):
    book = openpyxl.Workbook()
    for number in range(200):
        book.active.append([f"Q{number}", number])
    path = saved(tmp_path, book)
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])
    assert refused(path).code == "not-a-workbook"


def test_a_changed_byte_in_a_sheet_is_damage(tmp_path):
    book = openpyxl.Workbook()
    for number in range(500):
        book.active.append([f"Q{number}", number * 7919 % 1000])
    content = bytearray(saved(tmp_path, book).read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        item = archive.getinfo("xl/worksheets/sheet1.xml")
    content[item.header_offset + 100 + item.compress_size // 2] ^= 0x10
    (tmp_path / "export.xlsx").write_bytes(bytes(content))
    assert refused(tmp_path / "export.xlsx").code == "not-a-workbook"


def test_an_old_workbook_or_one_with_a_password_is_told_as_such(tmp_path):
    path = tmp_path / "export.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    error = refused(path)
    assert error.code == "not-a-workbook"
    assert "before 2007" in str(error)
    assert "password" in str(error)
