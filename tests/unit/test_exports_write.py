from __future__ import annotations

import re
import zipfile

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

FORM = (
    Field("Nom"),
    Field("Besoins", "many", ("outils, méthodes", "formation"), other="Autre"),
    Field("Difficultés", "grid", ("temps", "posture")),
    Field("Âge"),
)
ANSWERS = Answers(
    "Enquête (données synthétiques)",
    FORM,
    (
        Submission(
            ("=1+1", Ticked(("outils, méthodes",), "tiers-lieu"), ("oui", ""), "40"),
            {"submitted": "2024-03-12T10:00:00"},
        ),
        Submission(("", Ticked(), ("", ""), ""), {"submitted": "2024-03-13T10:00:00", "draft": "1"}),
    ),
)


def written(tmp_path, tool, variant):
    path = tmp_path / "export.bin"
    exports.write(tool, ANSWERS, path, variant)
    return path, exports.read(path)


@pytest.mark.parametrize("variant", ["csv", "semicolon", "excel"])
def test_framaforms_separate(tmp_path, variant):
    path, export = written(tmp_path, "framaforms", variant)
    assert export.tool == "framaforms"
    assert export.cells.loc[:, 9:].to_numpy().tolist() == [
        ["=1+1", "X", "", "tiers-lieu", "oui", "", "40"],
        ["", "", "", "", "", "", ""],
    ]
    assert [c.sub for c in export.columns[9:]] == [
        None,
        "outils, méthodes",
        "formation",
        "Autre",
        "temps",
        "posture",
        "Âge",
    ]
    draft = export.meta("draft")
    assert draft is not None
    assert export.cells[draft.index].tolist() == ["0", "1"]
    if variant == "excel":
        assert path.read_bytes().startswith(b'\xff\xfe"\0E\0')
    else:
        assert path.read_bytes().startswith('"Enquête (données synthétiques)"'.encode())


def test_framaforms_compact_joins_without_quotes(tmp_path):
    _, export = written(tmp_path, "framaforms", "compact")
    assert export.cells[10].tolist() == ["outils, méthodes,tiers-lieu", ""]
    assert export.columns[10].label == "Besoins"


@pytest.mark.parametrize(("variant", "joint"), [("csv", ", "), ("forms-csv", ";"), ("xlsx", ", ")])
def test_google_forms(tmp_path, variant, joint):
    _, export = written(tmp_path, "google-forms", variant)
    assert export.tool == "google-forms"
    assert export.cells.to_numpy().tolist() == [
        ["12/03/2024 10:00:00", "=1+1", f"outils, méthodes{joint}tiers-lieu", "oui", "", "40"],
        ["13/03/2024 10:00:00", "", "", "", "", ""],
    ]
    assert [c.label for c in export.columns[3:5]] == ["Difficultés [temps]", "Difficultés [posture]"]


def test_plain(tmp_path):
    _, export = written(tmp_path, "plain", "semicolon")
    assert export.cells.to_numpy().tolist()[0] == ["=1+1", "1", "", "tiers-lieu", "oui", "", "40"]
    assert [c.header for c in export.columns[1:4]] == [
        "Besoins [outils, méthodes]",
        "Besoins [formation]",
        "Besoins [Autre]",
    ]


@pytest.mark.parametrize("tool", exports.known())
def test_the_same_answers_give_the_same_bytes_in_every_variant(tmp_path, tool):
    for variant in exports.named(tool).variants:
        exports.write(tool, ANSWERS, tmp_path / "a", variant)
        exports.write(tool, ANSWERS, tmp_path / "b", variant)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_workbook_holds_no_clock(tmp_path):
    exports.write("plain", ANSWERS, tmp_path / "a.xlsx", "xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert {item.date_time[0] for item in book.infolist()} == {1980}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT", book.read("docProps/core.xml"))) == {b"1980-01-01T"}


def test_unknown_variant_and_control_characters(tmp_path):
    with pytest.raises(SyntheseError, match=r"no variant 'odt' → one of csv, forms-csv, xlsx"):
        exports.write("google-forms", ANSWERS, tmp_path / "a", "odt")
    bell = Answers("t", (Field("Q"),), (Submission(("\a",)),))
    with pytest.raises(SyntheseError, match="control character") as caught:
        exports.write("plain", bell, tmp_path / "a.xlsx", "xlsx")
    assert caught.value.faults[0].row == 2


def test_several_sheets_are_told(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Horodateur", "Q"])
    book.active.append(["", "réponse"])
    book.create_sheet("Graphiques").append(["x"])
    book.save(tmp_path / "a.xlsx")
    export = exports.read(tmp_path / "a.xlsx")
    assert export.cells.to_numpy().tolist() == [["", "réponse"]]
    assert "left aside: 'Graphiques'" in str(export.notes[0])


def test_numbers_and_dates_of_a_workbook_become_text(tmp_path):
    import datetime as dt

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Horodateur", "ETP", "n", "ok"])
    book.active.append([dt.datetime(2024, 3, 12, 10, 5), 0.5, 12, True])
    book.save(tmp_path / "a.xlsx")
    export = exports.read(tmp_path / "a.xlsx")
    assert export.cells.to_numpy().tolist() == [["2024-03-12T10:05:00", "0.5", "12", "TRUE"]]
