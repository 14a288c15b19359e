from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

METAS = ["serial", "id", "submitted", "completed", "modified", "draft", "ip", "uid", "user"]
HEADERS = {
    # Webform's own words; the translation that Framaforms ships; near ones.
    "en": "Serial,SID,Submitted Time,Completed Time,Modified Time,Draft,IP Address,UID,Username",
    "fr": "Séquentiel,SID,Heure de soumission,Heure de complétion,Heure de modification,Brouillon,Adresse IP,UID,"
    "Nom d'utilisateur",
    "near": "Numéro de série,SID,Heure d’envoi,Heure d’achèvement,Heure de modification,Brouillon,Adresse IP,UID,"
    "Envoyé par",
    "keys": "webform_serial,webform_sid,webform_time,webform_completed_time,webform_modified_time,webform_draft,"
    "webform_ip_address,webform_uid,webform_username",
}
DETAILS = {
    "en": "Submission Details",
    "fr": "Détails de la soumission",
    "near": "Détails de l’envoi",
    "keys": "submission_details",
}


def put(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize("words", HEADERS)
def test_the_tool_s_own_columns_in_every_wording(tmp_path, words):
    commas = "," * 9
    content = f"Enquête{commas}\n{DETAILS[words]}{commas}\n{HEADERS[words]},Où ?\n1,1,x,,,0,,0,,Paris\n"
    export = exports.read(put(tmp_path, content))
    assert (export.tool, export.confidence) == ("framaforms", 0.98)
    assert [c.meta for c in export.columns] == [*METAS, None]
    assert {c.kind for c in export.columns[:9]} == {"meta"}


def test_a_question_headed_like_a_column_of_the_tool_s(tmp_path):
    content = "Enquête,,,,\nSubmission Details,,,,\nSerial,Submitted Time,Draft,Heure,Adresse IP\n1,x,0,midi,oui\n"
    export = exports.read(put(tmp_path, content))
    assert [(c.header, c.meta) for c in export.columns[3:]] == [("Heure", None), ("Adresse IP", None)]


KEYS = (
    "Enquête,,,,,,,\n"
    "submission_details,,,ou,besoins,,,\n"
    "webform_serial,webform_draft,nom,paris,outils,formation,besoins_other,age\n"
    "1,0,Zoé,X,,X,tiers-lieu,40\n"
)


def test_form_keys_as_header(tmp_path):
    export = exports.read(put(tmp_path, KEYS))
    assert [(c.header, c.sub, c.part, c.loose) for c in export.columns[2:]] == [
        ("nom", None, None, False),
        ("ou", "paris", None, False),
        ("besoins", "outils", None, False),
        ("besoins", "formation", None, True),
        ("besoins", "Other...", "besoins_other", False),  # no question: the tool's own name of « Autre »
        ("besoins", "age", None, True),
    ]


def test_without_keys_a_label_that_ends_so_is_a_label(tmp_path):
    export = exports.read(put(tmp_path, KEYS.replace("submission_details", "Submission Details")))
    assert (export.columns[6].sub, export.columns[6].loose) == ("besoins_other", True)


@pytest.mark.parametrize("tool", [None, "framaforms"])
@pytest.mark.parametrize("rows", [1, 3])
def test_no_header_at_all(tmp_path, tool, rows):
    row = "{0},{0},03/12/2024 - 10:00,,03/12/2024 - 10:00,0,10.0.0.1,0,Anonyme,Paris,X,\n"
    path = put(tmp_path, "".join(row.format(number) for number in range(1, rows + 1)))
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, tool=tool)
    assert caught.value.code == "no-header"
    assert "it opens with a submission" in str(caught.value)
    assert "« Libellé »" in str(caught.value)
    assert "« Format d'en-tête de colonne »" in str(caught.value)
    assert "10.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("delimiter", [":", ".", " "])
def test_the_tool_s_odd_delimiters_are_taken_where_they_are_named(tmp_path, delimiter):
    rows = [line.split(",") for line in KEYS.splitlines()]
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    export = exports.read(put(tmp_path, text), delimiter=delimiter)
    assert export.tool == "framaforms"
    assert export.cells.loc[0].tolist() == rows[3]
    with pytest.raises(SyntheseError, match=r"check `delimiter` in wave\.yml"):
        exports.read(put(tmp_path, text))


def test_a_table_of_numbers_is_no_submission(tmp_path):
    assert exports.read(put(tmp_path, "1,2,3,4,5,6,7,8,9\na,b,c,d,e,f,g,h,i\n")).tool == "plain"
    assert exports.read(put(tmp_path, "1,2,3\na,b,c\n")).tool == "plain"


FORM = (
    Field("Nom", code="A1"),
    Field("Besoins", "many", ("outils, méthodes", "formation"), other="Autre", code="B1"),
    Field("Difficultés", "grid", ("temps", "posture")),
)
ANSWERS = Answers(
    "Enquête",
    FORM,
    (Submission(("Zoé", Ticked(("formation",), "tiers-lieu"), ("oui", "")), {"submitted": "2024-03-12T10:00:00"}),),
)


def test_written_with_keys(tmp_path):
    path = tmp_path / "export.csv"
    exports.write("framaforms", ANSWERS, path, "keys")
    export = exports.read(path)
    assert export.tool == "framaforms"
    assert [c.meta for c in export.columns[:9]] == METAS
    assert [(c.header, c.sub) for c in export.columns[9:]] == [
        ("A1", None),
        ("B1", "outils, méthodes"),
        ("B1", "formation"),
        ("B1", "Other..."),
        ("q3", "temps"),
        ("q3", "posture"),
    ]
    assert export.cells.loc[0, 9:].tolist() == ["Zoé", "", "X", "tiers-lieu", "oui", ""]


def test_written_as_a_workbook(tmp_path):
    path = tmp_path / "export.xlsx"
    exports.write("framaforms", ANSWERS, path, "xlsx")
    export = exports.read(path)
    assert (export.tool, export.encoding) == ("framaforms", "xlsx")
    assert export.cells.loc[0, 9:].tolist() == ["Zoé", "", "X", "tiers-lieu", "oui", ""]
    assert [c.label for c in export.columns[9:12]] == ["Nom", "Besoins [outils, méthodes]", "Besoins [formation]"]
