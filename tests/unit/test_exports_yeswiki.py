"""YesWiki Bazar exports, on small files laid out as the wiki writes them."""

from __future__ import annotations

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

DATES = "17/11/2020 08:55:44,18/11/2020 09:00:00"
HASH = "5f4dcc3b5aa765d61d8327deb882cf99"


def wiki(path, header, *records):
    path.write_bytes("\n".join([f"datetime_create,datetime_latest,{header}", *records, ""]).encode())
    return path


def test_a_cell_is_cut_twice(tmp_path):
    # In the file: "…" around the cell, "" for each quote inside it.
    line = f'{DATES},"""Échange, de pairs"",Formation,""dit """"oui""""""","""Oui, souvent""",Non'
    export = exports.read(wiki(tmp_path / "a.csv", '"Vos actions ? *",Souvent ?,Encore ?', line))
    assert (export.tool, export.confidence) == ("yeswiki", 0.95)
    assert [column.header for column in export.columns] == [
        "datetime_create", "datetime_latest", "Vos actions ?", "Souvent ?", "Encore ?",
    ]  # fmt: skip
    assert [column.meta for column in export.columns] == ["submitted", "modified", None, None, None]
    assert export.cells.loc[0, 2] == '"Échange, de pairs",Formation,"dit ""oui"""'
    assert export.columns[2].labels == {'"Échange, de pairs"': "Échange, de pairs", '"dit ""oui"""': 'dit "oui"'}
    assert export.columns[3].labels == {'"Oui, souvent"': "Oui, souvent"}
    assert export.columns[4].labels == {}


def test_an_older_wiki_quotes_only_labels_with_a_comma_and_doubles_nothing(tmp_path):
    path = tmp_path / "a.csv"
    head = '"datetime_create","datetime_latest","Actions ? *"'
    cells = '"Échange de pairs,""Ateliers, cours"",il ""dit"" oui"'
    path.write_text(f'{head}\n"17/11/2020 08:55:44","17/11/2020 08:55:44",{cells}\n')
    export = exports.read(path, delimiter=",")
    assert export.cells.loc[0, 2] == 'Échange de pairs,"Ateliers, cours",il "dit" oui'
    assert export.columns[2].labels == {'"Ateliers, cours"': "Ateliers, cours"}


@pytest.mark.parametrize("text", ['"Bonjour", dit-il', 'il a dit "oui"', '"ouvert', '"a""b', '"seul"'])
def test_quotes_that_someone_typed_mean_nothing(tmp_path, text):
    cell = text.replace('"', '""')
    export = exports.read(wiki(tmp_path / "a.csv", "Un mot ?,B", f'{DATES},"{cell}",b'))
    assert export.cells.loc[0, 2] == text
    assert export.columns[2].labels == {}


def test_a_password_and_a_position_are_left_aside(tmp_path):
    place = '"{""latitude"":""45.7"",""longitude"":""4.8"",""geometries"":null}"'
    path = wiki(
        tmp_path / "a.csv", '"NomWiki *","Mot de passe *",Où ?,bf_latitude,Âge ?',
        f"{DATES},ZoeD,{HASH},{place},45.7,33", f"{DATES},LeoP,{HASH},[],,44",
    )  # fmt: skip
    export = exports.read(path)
    assert [(c.header, c.kind, c.meta) for c in export.columns[2:]] == [
        ("NomWiki", "meta", "user"), ("Mot de passe", "meta", None), ("Où ?", "meta", None),
        ("bf_latitude", "meta", None), ("Âge ?", "answer", None),
    ]  # fmt: skip
    assert [note.code for note in export.notes] == ["password-column", "map-column"]
    assert HASH not in repr(export.columns) + repr(export.notes)
    assert "45.7" not in repr(export.notes)


def test_an_open_answer_that_looks_like_a_position_in_part_stays_an_answer(tmp_path):
    export = exports.read(wiki(tmp_path / "a.csv", "Quoi ?,B", f"{DATES},[],1", f"{DATES},rien,1"))
    assert export.columns[2].kind == "answer"


def test_only_its_dates_tell_it(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("datetime_latest,Âge ?\n17/11/2020 08:55:44,3\n")
    assert exports.read(path).confidence == pytest.approx(0.7)
    path.write_text("Âge ?,B,datetime_create,datetime_latest\n3,1,a,b\n")
    assert exports.read(path).tool == "plain"


def test_a_backslash_before_a_quote_is_told_with_its_row(tmp_path):
    with pytest.raises(SyntheseError, match="text follows a closing quote") as caught:
        exports.read(wiki(tmp_path / "a.csv", "Un mot ?,B", f"{DATES},bon,b", rf'{DATES},"a\"b",b'), delimiter=",")
    assert caught.value.faults[0].row == 3


def test_what_is_written(tmp_path):
    fields = (
        Field("Actions ?", "many", ("Échange, de pairs", "Cours", 'dit "oui"'), "Autre", required=True),
        Field("Métier ?", options=("Juriste", "Chef de projet"), other="Autre métier", answer="single"),
        Field("Rythme", "grid", ("Lire", "Écrire"), options=("Un peu", "Jamais"), answer="grid"),
        Field("Un mot ?"),
    )
    values = (Ticked(("Échange, de pairs", 'dit "oui"'), "le reste"), "poète", ("Un peu", "Jamais"), 'a, "b"')
    submissions = (
        Submission(values, {"submitted": "2024-03-12T10:00:00", "modified": "2024-03-13T08:05:09"}),
        Submission((Ticked(), "Chef de projet", ("", ""), ""), {"submitted": "2024-03-12T10:00:00"}),
    )
    exports.write("yeswiki", Answers("T", fields, submissions), tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"datetime_create,datetime_latest,Actions ? *,Actions ? [Autre],")
    export = exports.read(tmp_path / "a.csv")
    assert [column.header for column in export.columns[2:]] == [
        "Actions ?", "Actions ? [Autre]", "Métier ?", "Métier ? [Autre métier]", "Rythme [Lire]", "Rythme [Écrire]",
        "Un mot ?",
    ]  # fmt: skip
    assert export.cells.loc[0].tolist() == [
        "12/03/2024 10:00:00", "13/03/2024 08:05:09", '"Échange, de pairs","dit ""oui""",Autre', "le reste",
        '"Autre métier"', "poète", '"Un peu"', "Jamais", 'a, "b"',
    ]  # fmt: skip
    assert export.cells.loc[1].tolist()[2:] == ["", "", '"Chef de projet"', "", "", "", ""]
