from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

OLDER = (
    '\ufeff"Identifiant utilisateur","Nom d\'affichage de l\'utilisateur","Horodatage","Où ?","Citez","Tél."\n'
    '"","Utilisateur anonyme","2024-03-12T10:00:00+01:00","Paris","a; b","\'+33 1"\n'
    '"zoe","Zoé","2024-07-12T10:00:00+02:00","","","\'=1+1"\n'
)
NAMED = (
    "ID,Wer,Anzeigename,Zeit,Où ?,Notez (1 à 5) (temps (long)),Notez (1 à 5) (posture),Suite ?\n"
    "submission_id,user_id,user_display_name,timestamp,question-id-7,question-id-9-31,question-id-9-32,question-id-10\n"
    "1,,Anonym,2024-03-12T10:00:00+01:00,Paris,Bien,Mal,oui\n"
)


def put(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content.encode())
    return path


def test_the_older_form(tmp_path):
    export = exports.read(put(tmp_path, OLDER))
    assert (export.tool, export.confidence, export.encoding) == ("nextcloud-forms", 0.95, "utf-8-sig")
    assert [(c.kind, c.meta) for c in export.columns[:4]] == [
        ("meta", "uid"),
        ("meta", "user"),
        ("meta", "submitted"),
        ("answer", None),
    ]
    assert export.cells.loc[0, 2] == "2024-03-12T10:00:00+01:00"
    assert export.rows.tolist() == [2, 3]


def test_english_headers(tmp_path):
    content = "User ID,User display name,Timestamp,Where?\n,Anonymous user,2024-03-12T10:00:00+00:00,Paris\n"
    assert exports.read(put(tmp_path, content)).tool == "nextcloud-forms"


def test_the_row_of_names_cuts_grids_in_any_language(tmp_path):
    export = exports.read(put(tmp_path, NAMED))
    assert (export.tool, export.confidence) == ("nextcloud-forms", 0.99)
    assert [c.meta for c in export.columns[:4]] == ["id", "uid", "user", "submitted"]
    assert [(c.header, c.sub, c.code, c.part) for c in export.columns[4:]] == [
        ("Où ?", None, "question-id-7", None),
        ("Notez (1 à 5)", "temps (long)", "question-id-9", "31"),
        ("Notez (1 à 5)", "posture", "question-id-9", "32"),
        ("Suite ?", None, "question-id-10", None),
    ]
    assert export.rows.tolist() == [3]


def test_parentheses_that_do_not_close_leave_the_header_whole(tmp_path):
    content = NAMED.replace("temps (long)", "temps :)").replace("posture)", "posture :()")
    export = exports.read(put(tmp_path, content))
    assert [(c.header, c.sub) for c in export.columns[5:7]] == [
        ("Notez (1 à 5) (temps :))", None),
        ("Notez (1 à 5) (posture :()", None),
    ]


def test_the_apostrophe_before_a_formula_comes_off_where_that_is_certain(tmp_path):
    export = exports.read(put(tmp_path, OLDER))
    assert export.cells[5].tolist() == ["'+33 1", "'=1+1"], "cells stay as written"
    assert export.columns[5].labels == {"'+33 1": "+33 1", "'=1+1": "=1+1"}
    assert all(not column.labels for column in export.columns[:5])
    bare = OLDER.replace('"Paris"', '"-"')  # this version writes none: the apostrophe is a respondent's
    assert not exports.read(put(tmp_path, bare)).columns[5].labels
    own = OLDER.replace("'+33 1", "'quatre'")
    assert exports.read(put(tmp_path, own)).columns[5].labels == {"'=1+1": "=1+1"}


def test_rows_that_an_empty_grid_may_have_moved_are_told(tmp_path):
    stamp = ",,Anonym,2024-03-13T10:00:00+01:00,Dijon"
    # Moved or its second line; nothing at all; its second line, since the last question is in its place; all of it.
    moved = f"{NAMED}2{stamp},,oui,\n3{stamp},,,\n4{stamp},,Mal,oui\n5{stamp},Bien,Mal,\n"
    export = exports.read(put(tmp_path, moved))
    assert [(note.code, note.row) for note in export.notes] == [("answers-moved", 4)]
    assert "1 row(s)" in str(export.notes[0])
    assert "compare these rows" in str(export.notes[0])
    assert not exports.read(put(tmp_path, NAMED)).notes


def test_not_a_nextcloud_export(tmp_path):
    path = put(tmp_path, "Horodatage,Q1,Q2\n2024,oui,non\n")
    assert exports.read(path).tool == "plain"
    with pytest.raises(SyntheseError) as caught:
        exports.read(put(tmp_path, "Q1,Q2\noui,non\n"), tool="nextcloud-forms")
    assert caught.value.code == "wrong-header"
    assert "this file opens with 'Q1'" in str(caught.value)


FORM = (
    Field("Où ?"),
    Field("Besoins", "many", ("outils; méthodes", "formation"), other="Autre"),
    Field("Difficultés", "grid", ("temps", "posture")),
    Field("Rangez", "grid", ("a", "b"), answer="ranking"),
    Field("Suite ?"),
)
ANSWERS = Answers(
    "Enquête",
    FORM,
    (
        Submission(
            ("=1+1", Ticked(("outils; méthodes",), "-tiers-lieu"), ("oui", ""), ("2", "1"), "@x"),
            {"submitted": "2024-03-12T10:00:00"},
        ),
        Submission(("", Ticked((), "-1"), ("", ""), ("", ""), "non")),
    ),
)


@pytest.mark.parametrize("variant", ["csv", "older-csv", "xlsx"])
def test_written_as_the_tool_writes(tmp_path, variant):
    path = tmp_path / "export.bin"
    exports.write("nextcloud-forms", ANSWERS, path, variant)
    export = exports.read(path)
    assert export.tool == "nextcloud-forms"
    told = 3 if variant == "older-csv" else 4
    mark = "" if variant == "xlsx" else "'"
    assert export.cells.loc[:, told:].to_numpy().tolist() == [
        [f"{mark}=1+1", "outils; méthodes; -tiers-lieu", "oui", "", "2", "1", f"{mark}@x"],
        ["", f"{mark}-1", "", "", "", "", "non"],
    ]
    if variant != "older-csv":
        assert [c.label for c in export.columns[6:10]] == [
            "Difficultés [temps]",
            "Difficultés [posture]",
            "Rangez [a]",
            "Rangez [b]",
        ]
    if variant == "csv":
        assert path.read_bytes().startswith(b'\xef\xbb\xbf"ID de soumission","Identifiant utilisateur"')


def test_the_tool_says_what_it_tells():
    tool = exports.named("nextcloud-forms")
    assert (tool.separators, tool.branching, tool.drafts, tool.tells_not_shown) == (("; ",), False, False, False)
