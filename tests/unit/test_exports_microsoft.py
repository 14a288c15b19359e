"""Microsoft Forms exports, on small sheets laid out as the download is."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from synthese import exports
from synthese.exports import Answers, Field, Submission, Ticked

FRENCH = ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom")
ENGLISH = ("ID", "Start time", "Completion time", "Email", "Name", "Last modified time")
START, END = dt.datetime(2024, 3, 12, 10, 0, 0), dt.datetime(2024, 3, 12, 10, 4, 30)


def sheet(path, header, *records):
    book = openpyxl.Workbook()
    for row in (header, *records):
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def test_french_download(tmp_path):
    own = (*FRENCH, "Total points", "Quiz feedback", "Heure de la dernière modification")
    header = (
        *own,
        "Date",
        "Points - Date",
        "Feedback - Date",
        "Vos outils ?\u00a0\n(plusieurs réponses)",
        "Note sur 5",
    )
    path = sheet(
        tmp_path / "a.xlsx", header,
        (1, START, END, "anonymous", None, 0, None, None, "mardi", 1, None, "Git;Papier, crayon;un autre;", 4),
        (2, START, END, "z@example.org", "Zoé", 0, None, None, None, None, None, None, 4.5),
    )  # fmt: skip
    export = exports.read(path)
    assert (export.tool, export.confidence) == ("microsoft-forms", 0.95)
    metas = [column.meta for column in export.columns if column.kind == "meta"]
    assert metas == ["id", "started", "submitted", "email", "user", None, None, "modified", None, None]
    assert [c.header for c in export.columns if c.kind == "answer"] == ["Date", header[11], "Note sur 5"]
    assert export.cells.loc[0].tolist()[:5] == ["1", "2024-03-12T10:00:00", "2024-03-12T10:04:30", "anonymous", ""]
    assert export.cells.loc[0].tolist()[8:] == ["mardi", "1", "", "Git;Papier, crayon;un autre;", "4"]
    assert export.cells.loc[1, 12] == "4.5"
    assert [note.code for note in export.notes] == ["quiz-columns"]


def test_headers_numbered_because_an_earlier_column_has_them(tmp_path):
    header = (*ENGLISH, "Name2", "Précisez", "précisez2", "Précisez3", "Q1", "Q12", "Atelier 2", "Points - Q99")
    export = exports.read(sheet(tmp_path / "a.xlsx", header, (1, START, END, "anonymous", "", "", *"abcdefgh")))
    answers = [(c.header, c.code) for c in export.columns if c.kind == "answer"]
    assert answers == [
        ("Name", "Name2"), ("Précisez", None), ("précisez", "précisez2"), ("Précisez", "Précisez3"),
        ("Q1", None), ("Q12", None), ("Atelier 2", None), ("Points - Q99", None),
    ]  # fmt: skip
    note = export.notes[0]
    assert (note.code, note.row) == ("numbered-headers", 1)
    assert "columns 7, 9, 10 end in a number" in note.what


def test_a_question_named_as_a_column_of_the_tool_is_a_question(tmp_path):
    # As in a CSV, whose headers nothing keeps apart.
    path = tmp_path / "a.csv"
    header = "Id,Start time,Completion time,Email,Name,Email,Language"
    path.write_text(f"{header}\n1,9/29/2026 8:00,9/29/2026 8:01,anonymous,,z@a.org,fr\n")
    export = exports.read(path)
    assert export.tool == "microsoft-forms"
    assert [column.kind for column in export.columns] == ["meta"] * 5 + ["answer"] * 2


@pytest.mark.parametrize("header", [FRENCH[1:], ("ID", "Nom", "Heure de début"), ("ID", "Heure de fin")])
def test_other_headers_are_not_taken_for_its_own(tmp_path, header):
    assert exports.read(sheet(tmp_path / "a.xlsx", (*header, "Âge ?"), ("1",) * (len(header) + 1))).tool == "plain"


def test_what_is_written(tmp_path):
    fields = (
        Field("Nom"),
        Field("Outils ?", "many", ("a;b", "c"), "Autre"),
        Field("Échelle", "grid", ("Lire", "Écrire"), answer="grid"),
        Field("Rangs", "grid", ("x", "y", "z"), answer="ranking"),
        Field("Combien ?", answer="numeric"),
        Field("Autre échelle", "grid", ("Lire",), answer="grid"),
    )
    values = ("Zoé", Ticked(("a;b",), "d"), ("oui", ""), ("2", "", "1"), "3,5", ("non",))
    answers = Answers("T", fields, (Submission(values, {"submitted": "2024-03-12T10:00:00"}),))
    exports.write("microsoft-forms", answers, tmp_path / "a.xlsx")
    exports.write("microsoft-forms", answers, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    export = exports.read(tmp_path / "a.xlsx")
    assert [c.code or c.header for c in export.columns[6:]] == [
        "Nom2", "Outils ?", "Lire", "Écrire", "Rangs", "Combien ?", "Lire2",
    ]  # fmt: skip
    assert export.cells.loc[0].tolist()[6:] == ["Zoé", "a;b;d;", "oui", "", "z;x;", "3.5", "non"]
