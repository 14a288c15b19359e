from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

TITLE = "Enquête;;;;;;;;;;;\n"
FILLED = "V0;V1;V2;V2;V2;V3;V3;V4;A;B;C;D\n"  # what stands there is not known
HEADER = (
    "N°Obs;1. Où ?;2. Outils_1;2. Outils_2;2. Outils_3;3. Bien_1;3. Bien_2;4. Pourquoi ?_(en détail);"
    "CLE;DATE_SAISIE;DATE_ENREG;PROGRESSION\n"
)
BODY = (
    "1;Paris;carnet;;;4;2;car;K1;12/03/2024 10:00:00;12/03/2024 10:05:00;Terminé\n"
    "2;Dijon;carnet;stylo;;1;2;;K2;13/03/2024 10:00:00;13/03/2024 10:05:00;En cours\n"
)


def put(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize("title", ["", TITLE, FILLED])
def test_the_header_stands_in_the_first_or_second_row(tmp_path, title):
    export = exports.read(put(tmp_path, title + HEADER + BODY))
    assert (export.tool, export.confidence) == ("sphinx", 0.95)
    assert [(c.header, c.sub, c.code) for c in export.columns if c.kind == "answer"] == [
        ("Où ?", None, "1"),
        ("Outils", "carnet", "2"),
        ("Outils", "réponse 2", "2"),  # one respondent's word may be their own
        ("Outils", "réponse 3", "2"),
        ("Bien_1", None, "3"),
        ("Bien_2", None, "3"),
        ("Pourquoi ?_(en détail)", None, "4"),
    ]
    assert [(c.header, c.meta) for c in export.columns if c.kind == "meta"] == [
        ("N°Obs", "serial"),
        ("CLE", "id"),
        ("DATE_SAISIE", "started"),
        ("DATE_ENREG", "submitted"),
        ("PROGRESSION", None),
    ]
    assert export.rows.tolist() == ([3, 4] if title else [2, 3])


def test_the_last_column_may_hold_the_text_of_autre(tmp_path):
    content = "N°Obs;Outils_1;Outils_2;Outils_3\n1;carnet;;craie\n2;carnet;stylo;ardoise\n3;;stylo;\n"
    export = exports.read(put(tmp_path, content))
    assert [(c.header, c.sub) for c in export.columns[1:]] == [
        ("Outils", "carnet"),
        ("Outils", "stylo"),
        ("Outils", "réponse 3"),
    ]
    same = exports.read(put(tmp_path, content.replace("ardoise", "craie")))
    assert same.columns[3].sub == "réponse 3", "a text given twice may be one of « Autre »"


def test_a_scale_kept_in_numbered_columns_stays_questions(tmp_path):
    content = "N°Obs;WHOQOL_1;WHOQOL_2\n1;4;4\n2;4;4\n"
    assert [c.label for c in exports.read(put(tmp_path, content)).columns[1:]] == ["WHOQOL_1", "WHOQOL_2"]
    points = "N°Obs;Q_1;Q_2\n1;4;3\n2;4;2\n"
    assert [c.label for c in exports.read(put(tmp_path, points)).columns[1:]] == ["Q_1", "Q_2"]
    same = "N°Obs;Satisfait_1;Satisfait_2\n1;oui;oui\n2;oui;oui\n"
    assert [c.label for c in exports.read(put(tmp_path, same)).columns[1:]] == ["Satisfait_1", "Satisfait_2"]
    names = "N°Obs;Enfant_1;Enfant_2;R\n1;Zoé;Ali;a\n2;;;b\n"
    assert [c.label for c in exports.read(put(tmp_path, names)).columns[1:3]] == ["Enfant_1", "Enfant_2"]
    empty = "N°Obs;Q_1;Q_2;R\n1;;;a\n2;;;b\n"
    assert [c.label for c in exports.read(put(tmp_path, empty)).columns[1:3]] == ["Q_1", "Q_2"]
    holes = "N°Obs;Q_1;Q_3;R\n1;x;;a\n2;x;y;b\n"
    assert [c.label for c in exports.read(put(tmp_path, holes)).columns[1:3]] == ["Q_1", "Q_3"]


def test_numbers_that_are_not_the_tool_s_stay(tmp_path):
    content = "N°Obs;2. Où ?;Âge;1. Citez\n1;Paris;40;a\n"
    assert [c.header for c in exports.read(put(tmp_path, content)).columns[1:]] == ["2. Où ?", "Âge", "1. Citez"]


def test_not_a_sphinx_export(tmp_path):
    with pytest.raises(SyntheseError) as caught:
        exports.read(put(tmp_path, "Q1;Q2\noui;non\n"), tool="sphinx")
    assert caught.value.code == "wrong-header"
    assert "N°Obs" in str(caught.value)


FORM = (
    Field("Où\nexactement ?"),
    Field("Besoins", "many", ("outils ; méthodes", "formation"), other="Autre"),
    Field("Difficultés\npropres", "grid", ("temps", "posture")),
)
ANSWERS = Answers(
    "Enquête",
    FORM,
    tuple(
        Submission(
            (place, Ticked(("outils ; méthodes", "formation"), other), ("oui", "")),
            {"submitted": "2024-03-12T10:00:00"},
        )
        for place, other in (("=1+1", "craie"), ("", "ardoise"), ("Lons", ""))
    ),
)


@pytest.mark.parametrize("variant", ["xlsx", "csv"])
def test_written_as_its_readers_describe(tmp_path, variant):
    path = tmp_path / "export.bin"
    exports.write("sphinx", ANSWERS, path, variant)
    export = exports.read(path)
    assert export.tool == "sphinx"
    assert export.cells.loc[:, 1:6].to_numpy().tolist() == [
        ["=1+1", "outils ; méthodes", "formation", "craie", "oui", ""],
        ["", "outils ; méthodes", "formation", "ardoise", "oui", ""],
        ["Lons", "outils ; méthodes", "formation", "", "oui", ""],
    ]
    assert [(c.header, c.sub) for c in export.columns[1:6]] == [
        ("Où_exactement ?", None),
        ("Besoins", "outils ; méthodes"),
        ("Besoins", "formation"),
        ("Besoins", "réponse 3"),
        ("Difficultés_propres (temps)", None),
    ]
    assert export.cells.loc[0, 9] == "12/03/2024 10:00:00"


def test_compact_joins_what_is_ticked(tmp_path):
    path = tmp_path / "export.xlsx"
    exports.write("sphinx", ANSWERS, path, "compact")
    assert exports.read(path).cells[2].tolist()[0] == "outils ; méthodes ; formation ; craie"


def test_the_tool_says_what_it_tells():
    tool = exports.named("sphinx")
    assert (tool.separators, tool.branching, tool.drafts, tool.tells_not_shown) == ((" ; ", ";"), False, False, False)


def test_a_numbered_question_worded_like_a_column_of_the_tool_is_an_answer(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("N°Obs;CLE;PROGRESSION;1. Âge;2. PROGRESSION\n1;a;Terminado;30;lente\n", "utf-8")
    export = exports.read(path, tool="sphinx")
    assert [(column.header, column.kind) for column in export.columns[2:]] == [
        ("PROGRESSION", "meta"), ("Âge", "answer"), ("PROGRESSION", "answer"),
    ]  # fmt: skip
