from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

SHEET = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
    "Où ?,,Que citez-vous ?,,,Pourquoi ?,Notez,\n"
    ",,,,,,,,,Response,Other (please specify),un,deux,Other (please specify),Open-Ended Response,temps,posture\n"
    "118001,9,03/12/2024 10:00:00 AM,03/12/2024 10:05:00 AM,1.2.3.4,,,,,Paris,,un,,tiers-lieu,parce que,Bien,\n"
    "118002,9,03/13/2024 10:00:00 AM,03/13/2024 10:05:00 AM,1.2.3.4,,,,,,Dijon,,deux,,,,Mal\n"
)


def put(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content.encode())
    return path


def test_questions_go_on_under_an_empty_header(tmp_path):
    export = exports.read(put(tmp_path, SHEET))
    assert (export.tool, export.confidence) == ("surveymonkey", 0.97)
    assert [(c.header, c.sub) for c in export.columns if c.kind == "answer"] == [
        ("Où ?", None),
        ("Où ?", "Other (please specify)"),
        ("Que citez-vous ?", "un"),
        ("Que citez-vous ?", "deux"),
        ("Que citez-vous ?", "Other (please specify)"),
        ("Pourquoi ?", None),
        ("Notez", "temps"),
        ("Notez", "posture"),
    ]
    assert [c.meta for c in export.columns[:9]] == ["id", None, "started", "submitted", "ip", "email", None, None, None]
    assert {c.kind for c in export.columns[:9]} == {"meta"}
    assert export.rows.tolist() == [3, 4]
    assert export.cells.loc[1, 9:].tolist() == ["", "Dijon", "", "deux", "", "", "", "Mal"]


def test_times_headed_as_created_and_modified_are_no_questions(tmp_path):
    content = (
        "Respondent ID,Collector ID,Date Created,Date Modified,IP Address,Custom Data 1,Où ?,Date Created\n"
        ",,,,,,Response,Open-Ended Response\n"
        "1,2,03/01/2024 08:00:00 AM,03/01/2024 08:04:00 AM,,,Paris,hier\n"
    )
    export = exports.read(put(tmp_path, content))
    assert [c.meta for c in export.columns[:5]] == ["id", None, "started", "submitted", "ip"]
    assert [c.header for c in export.columns if c.kind == "answer"] == ["Où ?", "Date Created"]


def test_french_words_and_headers_written_together(tmp_path):
    content = (
        "ID du répondant,Date de début,Date de fin,Adresse IP,Adresse e-mail,Prénom,Nom,Où ?,Citez,,Prénom\n"
        ",,,,,,,Réponse,un,Autre (veuillez préciser),Réponse ouverte\n"
        "1,,,,,,,Paris,un,,Zoé\n"
    )
    export = exports.read(put(tmp_path, content))
    assert export.tool == "surveymonkey"
    assert [c.meta for c in export.columns[:5]] == ["id", "started", "submitted", "ip", "email"]
    assert [(c.header, c.sub, c.kind) for c in export.columns[6:]] == [
        ("Nom", None, "meta"),
        ("Où ?", None, "answer"),
        ("Citez", "un", "answer"),
        ("Citez", "Autre (veuillez préciser)", "answer"),
        ("Prénom", None, "answer"),  # the tool writes nothing under its own « Prénom »
    ]


def test_lines_above_the_header_are_left_out_and_told(tmp_path):
    width = SHEET.splitlines()[0].count(",")
    content = f"Enquête{',' * width}\nExporté le 3 mai{',' * width}\n{SHEET}"
    export = exports.read(put(tmp_path, content))
    assert export.tool == "surveymonkey"
    assert export.rows.tolist() == [5, 6]
    assert export.columns[11].label == "Que citez-vous ? [un]"
    told = {note.code: str(note) for note in export.notes}
    assert "2 row(s) above the header were left out" in told["rows-above-header"]
    assert "header_row: 3" in told["rows-above-header"]
    again = exports.read(put(tmp_path, content), header_row=3)
    assert again.columns == export.columns
    assert not again.notes


MATRIX = (
    "RespondentID,StartDate,Où ?,Qui fait quoi ?,,,,Suite ?\n"
    ",,Response,achats,,paie,,Response\n"
    ",,,moi,un tiers,moi,un tiers,\n"
    "1,x,Paris,moi,,,un tiers,oui\n"
    "2,x,,,,moi,,non\n"
)


def test_a_third_header_row_is_told_by_the_empty_id(tmp_path):
    export = exports.read(put(tmp_path, MATRIX))
    assert [(c.header, c.sub) for c in export.columns[2:]] == [
        ("Où ?", None),
        ("Qui fait quoi ?", "achats - moi"),
        ("Qui fait quoi ?", "achats - un tiers"),
        ("Qui fait quoi ?", "paie - moi"),
        ("Qui fait quoi ?", "paie - un tiers"),
        ("Suite ?", None),
    ]
    assert export.rows.tolist() == [4, 5]
    assert [note.code for note in export.notes] == ["third-header-row"]
    assert export.notes[0].row == 3


def test_a_third_row_without_ids_below_is_kept(tmp_path):
    anonymous = MATRIX.replace("\n1,x", "\n,x").replace("\n2,x", "\n,x")
    export = exports.read(put(tmp_path, anonymous))
    assert export.rows.tolist() == [3, 4, 5], "what cannot be told from a respondent is not swallowed"


@pytest.mark.parametrize(
    "first",
    [
        ",,Paris,moi,,,un tiers,oui\n",  # an answer to a question of one column
        ",x,,moi,,,un tiers,\n",  # a date of the tool's own
        ",,,moi,,,,\n",  # one cell is no header row
    ],
)
def test_a_respondent_without_id_is_no_header_row(tmp_path, first):
    lines = MATRIX.splitlines(keepends=True)
    export = exports.read(put(tmp_path, "".join([*lines[:2], first, *lines[3:]])))
    assert export.rows.tolist() == [3, 4, 5]
    assert not export.notes


def test_a_file_whose_ids_were_taken_out(tmp_path):
    content = "Où ?,Citez,,Pourquoi ?\nResponse,un,deux,Open-Ended Response\nParis,un,,car\n"
    export = exports.read(put(tmp_path, content))
    assert (export.tool, export.confidence) == ("surveymonkey", 0.75)
    assert [c.label for c in export.columns] == ["Où ?", "Citez [un]", "Citez [deux]", "Pourquoi ?"]
    assert export.cells.to_numpy().tolist() == [["Paris", "un", "", "car"]]


def test_answers_that_read_response_make_no_second_header(tmp_path):
    assert exports.read(put(tmp_path, "Q1,Q2,Q3\nResponse,non,oui\nx,y,z\n")).tool == "plain"
    assert exports.read(put(tmp_path, "Q1,Q2,Q3\nResponse,,Response\nx,y,z\n")).tool == "plain"


def test_a_question_without_text_is_told(tmp_path):
    content = "RespondentID,Citez,,,Suite ?\n,un,deux,Open-Ended Response,Response\n1,un,,libre,oui\n"
    export = exports.read(put(tmp_path, content))
    assert [(c.header, c.sub) for c in export.columns[3:]] == [("", None), ("Suite ?", None)]
    assert [(note.code, note.column) for note in export.notes] == [("untitled-question", "#4")]


def test_numbers_stand_for_options_where_they_are_places(tmp_path):
    content = (
        "RespondentID,Citez,,,Autre (précisez),Rangez,,Cochez,\n"
        ",un,deux,trois,Autre,a,b,c,d\n"
        "1,1,,3,libre,1,2,1,0\n"
        "2,,2,,,1,2,0,1\n"
    )
    export = exports.read(put(tmp_path, content))
    assert [dict(c.labels) for c in export.columns[1:4]] == [{"1": "un"}, {"2": "deux"}, {"3": "trois"}]
    assert all(not c.labels for c in export.columns[4:])
    assert export.cells.loc[0].tolist() == ["1", "1", "", "3", "libre", "1", "2", "1", "0"]


def test_a_file_without_the_two_rows_is_refused(tmp_path):
    path = put(tmp_path, "RespondentID,Q1,Q2\n118001,oui,non\n118002,,oui\n")
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, tool="surveymonkey")
    assert caught.value.code == "wrong-header"
    assert "two header rows" in str(caught.value)
    assert "header_row" in str(caught.value)


FORM = (
    Field("Où ?", options=("Paris", "Dijon"), other="Autre"),
    Field("Besoins", "many", ("outils, méthodes", "formation"), other="Autre (veuillez préciser)"),
    Field("Difficultés", "grid", ("temps", "posture")),
    Field("Pourquoi ?"),
)
ANSWERS = Answers(
    "Enquête",
    FORM,
    (
        Submission(
            ("Lons", Ticked(("outils, méthodes",), "tiers-lieu"), ("oui", ""), "=1+1"),
            {"submitted": "2024-03-12T22:00:00", "ip": "10.0.0.1"},
        ),
        Submission(("Dijon", Ticked(), ("", ""), "")),
    ),
)


@pytest.mark.parametrize("variant", ["csv", "xlsx"])
def test_written_as_the_tool_writes(tmp_path, variant):
    path = tmp_path / "export.bin"
    exports.write("surveymonkey", ANSWERS, path, variant)
    export = exports.read(path)
    assert export.tool == "surveymonkey"
    assert export.cells.loc[0, :4].tolist() == [
        "118000000001",
        "1",
        "03/12/2024 10:00:00 PM",
        "03/12/2024 10:00:00 PM",
        "10.0.0.1",
    ]
    assert export.cells.loc[:, 9:].to_numpy().tolist() == [
        ["", "Lons", "outils, méthodes", "", "tiers-lieu", "oui", "", "=1+1"],
        ["Dijon", "", "", "", "", "", "", ""],
    ]


def test_the_tool_says_what_it_tells():
    tool = exports.named("surveymonkey")
    assert (tool.separators, tool.branching, tool.drafts, tool.tells_not_shown) == ((", ",), True, False, False)


def test_the_real_survey_gives_every_question(real_surveys):
    export = exports.read(real_surveys / "538-star-wars" / "StarWars.csv", encoding="mac_roman")
    assert (export.tool, export.confidence, export.cells.shape) == ("surveymonkey", 0.97, (1186, 38))
    assert (export.rows[0], export.rows[-1]) == (3, 1188)
    assert not export.notes
    headers = [c.header for c in export.columns]
    assert [headers.count(h) for h in dict.fromkeys(headers)] == [1, 1, 1, 6, 6, 14, *[1] * 9]
    films = [c.sub for c in export.columns[3:9]]
    assert films == [c.sub for c in export.columns[9:15]]
    assert [c.sub for c in export.columns if c.header.startswith("Please state")][-1] == "Yoda"
    assert all(c.sub is None for c in [*export.columns[:3], *export.columns[29:]])
    assert headers[31].endswith("Universe?åÊ")  # as it stands in the file
    assert all(not c.labels for c in export.columns), "ranks are no options' numbers"


def test_the_real_survey_gives_the_published_figures(real_surveys):
    export = exports.read(real_surveys / "538-star-wars" / "StarWars.csv", encoding="mac_roman")
    expected = pd.read_csv(real_surveys / "EXPECTED.csv")
    expected = expected[expected["set"] == "538-star-wars"].set_index("question_option")
    numerals = ["I", "II", "III", "IV", "V", "VI"]
    seen = pd.DataFrame({n: export.cells[3 + i] == export.columns[3 + i].sub for i, n in enumerate(numerals)})
    for base, rows in (("seen", seen.any(axis=1)), ("ranked 1", seen.all(axis=1))):
        for i, numeral in enumerate(numerals):
            line = expected.loc[f"{base} Ep {numeral}"]
            flags = seen[numeral] if base == "seen" else export.cells[9 + i] == "1"
            assert rows.sum() == line["base_n"]
            assert 100 * flags[rows].mean() == pytest.approx(line["computed_from_file"], abs=0.005)
    shot = export.cells[29]
    assert (shot != "").sum() == expected.loc["Han shot first", "base_n"]
    assert 100 * (shot == "Han").sum() / 828 == pytest.approx(39.25, abs=0.005)
