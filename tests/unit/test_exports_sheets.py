"""Workbooks of several sheets: the one that holds a table is read, and where two may be answers the user says which."""

from __future__ import annotations

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import workbook

HEAD = ("Horodateur", "Durée ?", "Besoins")
FIRST = [HEAD, ("01/02/2024 10:00:00", "3-6", "a"), ("01/02/2024 11:00:00", "6-12", "b")]
SECOND = [HEAD, ("01/02/2026 10:00:00", "3-6", "c")]


def written(tmp_path, **sheets):
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook.render_book(sheets, path.name))
    return path


def test_a_sheet_of_notes_before_the_answers_is_left_aside_and_told(tmp_path):
    raw = exports.read(written(tmp_path, Notes=[("Export du 3 mars",)], Réponses=FIRST))
    assert raw.cells[2].tolist() == ["a", "b"]
    (note,) = [note for note in raw.notes if note.code == "several-sheets"]
    assert note.what == "sheet 'Réponses' was read; left aside: 'Notes' (1 rows)"
    assert "`sheet: 'Réponses'`" in (note.fix or "")


def test_two_sheets_of_one_header_may_both_be_answers(tmp_path):
    path = written(tmp_path, A2024=FIRST, A2026=SECOND)
    with pytest.raises(SyntheseError) as caught:
        exports.read(path)
    assert caught.value.code == "unclear-sheet"
    assert "'A2024' (2 rows under it), 'A2026' (1 rows under it)" in str(caught.value)
    assert "sheet: 'A2024'" in str(caught.value)
    assert exports.read(path, sheet="A2026").cells[2].tolist() == ["c"]
    assert not [note for note in exports.read(path, sheet="A2026").notes if note.code == "several-sheets"]


def test_a_sheet_that_is_not_there_is_told_with_the_nearest(tmp_path):
    with pytest.raises(SyntheseError, match=r"no sheet 'A2025' holds anything.*did you mean 'A202[46]'"):
        exports.read(written(tmp_path, A2024=FIRST, A2026=SECOND), sheet="A2025")


def test_a_second_table_of_other_columns_is_left_aside(tmp_path):
    raw = exports.read(written(tmp_path, Réponses=FIRST, Liste=[("a", "b"), ("c", "d")]))
    assert raw.cells[2].tolist() == ["a", "b"]


def test_a_sheet_with_a_header_and_no_row_is_no_table(tmp_path):
    raw = exports.read(written(tmp_path, Vide=[("Auteur", "Date")], Réponses=FIRST))
    assert raw.cells[2].tolist() == ["a", "b"]
