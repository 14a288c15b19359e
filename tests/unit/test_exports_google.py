from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError


def put(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize(
    ("header", "meta"),
    [("Nom d’utilisateur", "user"), ("Nom d'utilisateur", "user"), ("Adresse e-mail", "email"), ("Username", "user")],
)
def test_who_answered(tmp_path, header, meta):
    export = exports.read(put(tmp_path, f"Horodateur,{header},Où ?\n12/03/2024 10:00:00,a@example.org,Paris\n"))
    assert export.tool == "google-forms"
    assert [(c.kind, c.meta) for c in export.columns] == [("meta", "submitted"), ("meta", meta), ("answer", None)]


@pytest.mark.parametrize("cell", ["7 / 10", "7/10", "7", "7,5 / 10", ""])
def test_the_score_of_a_quiz_is_the_tool_s(tmp_path, cell):
    after = exports.read(put(tmp_path, f'Horodateur,Nom d’utilisateur,Score,Où ?\n,a@example.org,"{cell}",Paris\n'))
    assert [(c.kind, c.meta) for c in after.columns[2:]] == [("meta", None), ("answer", None)]
    first = exports.read(put(tmp_path, f'Horodateur,Score,Où ?\n12/03/2024 10:00:00,"{cell}",Paris\n'))
    assert first.columns[1].kind == "meta"


def test_a_question_called_score_is_a_question(tmp_path):
    words = exports.read(put(tmp_path, "Horodateur,Score,Où ?\n12/03/2024 10:00:00,très bon,Paris\n"))
    assert words.columns[1].kind == "answer"
    later = exports.read(put(tmp_path, "Horodateur,Où ?,Score\n12/03/2024 10:00:00,Paris,7\n"))
    assert later.columns[2].kind == "answer"
    last = exports.read(put(tmp_path, "Horodateur,Adresse e-mail,Où ?,Score\n,a@example.org,Paris,7\n"))
    assert last.columns[3].kind == "answer"


def test_stamps_with_an_offset_stay_as_written(tmp_path):
    content = '"Horodateur","Citez"\r\n"2024/03/12 10:00:00 AM UTC+1","a;b"\r\n"2024/07/12 10:00:00 PM UTC+2","a"\r\n'
    export = exports.read(put(tmp_path, content))
    assert export.tool == "google-forms"
    assert export.cells[0].tolist() == ["2024/03/12 10:00:00 AM UTC+1", "2024/07/12 10:00:00 PM UTC+2"]


@pytest.mark.parametrize("tool", [None, "google-forms"])
def test_a_line_typed_above_the_header_is_left_out_and_told(tmp_path, tool):
    content = "Réponses au 3 mai,,\nHorodateur,Où ?,Âge\n12/03/2024 10:00:00,Paris,40\n"
    export = exports.read(put(tmp_path, content), tool=tool)
    assert (export.tool, export.rows.tolist()) == ("google-forms", [3])
    assert [c.header for c in export.columns] == ["Horodateur", "Où ?", "Âge"]
    assert [(note.code, note.row) for note in export.notes] == [("rows-above-header", 1)]
    assert "header_row: 2" in str(export.notes[0])


def test_a_filled_row_above_the_header_is_settled_by_header_row(tmp_path):
    path = put(tmp_path, "date,lieu,âge\nHorodateur,Où ?,Âge\n12/03/2024 10:00:00,Paris,40\n")
    assert exports.read(path).tool == "plain"
    assert exports.read(path, header_row=2).tool == "google-forms"
    assert exports.read(path, header_row=2).rows.tolist() == [3]


def test_an_unknown_variant_is_refused(tmp_path):
    with pytest.raises(SyntheseError, match="one of csv, forms-csv, xlsx"):
        exports.write("google-forms", exports.Answers("t", (), ()), tmp_path / "a", "tsv")
