from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

INFO = "Submission ID,Respondent ID,Submitted at"


def put(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content.encode())
    return path


def parts(export: exports.RawExport) -> list[tuple[str, str | None]]:
    return [(c.header, c.sub) for c in export.columns if c.kind == "answer"]


def test_a_multi_select_stands_twice(tmp_path):
    content = (
        f'{INFO},Citez (deux au plus) ,"Citez (deux au plus)  (a (b, c))",Citez (deux au plus)  (d),Autre\n'
        'x1,r1,2024-08-11 23:25:40,"d, a (b, c)",TRUE,TRUE,non\n'
        "x2,r2,2024-08-12 23:25:40,,,,oui\n"
    )
    export = exports.read(put(tmp_path, content))
    assert (export.tool, export.confidence) == ("tally", 0.97)
    assert [c.meta for c in export.columns[:3]] == ["id", "user", "submitted"]
    assert parts(export) == [
        ("Citez (deux au plus) ", None),
        ("Citez (deux au plus) ", "a (b, c)"),
        ("Citez (deux au plus) ", "d"),
        ("Autre", None),
    ]
    assert export.rows.tolist() == [2, 3]


def test_a_question_that_begins_like_another_stays_one(tmp_path):
    content = f"{INFO},Budget,Budget (en euros),Budget (prévu)\nx1,r1,,oui,1200,\nx2,r2,,non,,\n"
    assert parts(exports.read(put(tmp_path, content))) == [
        ("Budget", None),
        ("Budget (en euros)", None),  # a number is no tick
        ("Budget (prévu)", None),
    ]


def test_a_column_never_filled_beside_answers_is_no_option(tmp_path):
    content = f"{INFO},Budget,Budget (prévu),Suite\nx1,r1,,oui,,a\n"
    assert parts(exports.read(put(tmp_path, content)))[1] == ("Budget (prévu)", None)


def test_what_nobody_answered(tmp_path):
    several = f"{INFO},Motif,Motif (a),Motif (b),Suite\nx1,r1,,,,,oui\n"
    assert parts(exports.read(put(tmp_path, several)))[:3] == [("Motif", None), ("Motif", "a"), ("Motif", "b")]
    one = f"{INFO},Motif,Motif (a),Suite\nx1,r1,,,,oui\n"
    # A question of its own or the only option: the codebook says.
    assert parts(exports.read(put(tmp_path, one)))[:2] == [("Motif", None), ("Motif (a)", None)]


def test_empty_headers_and_headers_met_twice(tmp_path):
    content = f"{INFO},Suite,,Suite,, (a)\nx1,r1,,oui,,non,a,TRUE\n"
    assert parts(exports.read(put(tmp_path, content))) == [
        ("Suite", None),
        ("", None),
        ("Suite", None),
        ("", None),
        (" (a)", None),  # no option of a question without text
    ]


def test_lower_case_ticks_and_links(tmp_path):
    content = f"{INFO},Q,Q (a),Q (b),Fichier\nx1,r1,,a,true,false,https://storage.tally.so/x.pdf\n"
    export = exports.read(put(tmp_path, content))
    assert [c.sub for c in export.columns[3:]] == [None, "a", "b", None]
    assert export.cells.loc[0, 6] == "https://storage.tally.so/x.pdf"


def test_not_a_tally_export(tmp_path):
    path = put(tmp_path, "Identifiant,Respondent ID,Submitted at,Q\n1,2,3,4\n")
    assert exports.read(path).tool == "plain"
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, tool="tally")
    assert caught.value.code == "wrong-header"
    assert "this file opens with 'Identifiant'" in str(caught.value)
    assert "header_row" in str(caught.value)


@pytest.mark.parametrize("tool", [None, "tally"])
def test_a_title_above_the_header(tmp_path, tool):
    export = exports.read(put(tmp_path, "Enquête,,\nSubmission ID,Submitted at,Q\nx1,,oui\n"), tool=tool)
    assert (export.tool, export.rows.tolist()) == ("tally", [3])
    assert "header_row: 2" in str(export.notes[0])


FORM = (
    Field("Où ?", options=("Paris",), other="Autre"),
    Field("Besoins", "many", ("outils, méthodes", "formation (une)"), other="Autre"),
    Field("Difficultés", "grid", ("temps", "posture")),
    Field("Rangez", "grid", ("a", "b, c", "d"), answer="ranking"),
)
ANSWERS = Answers(
    "Enquête",
    FORM,
    (
        Submission(
            ("Lons", Ticked(("formation (une)",), "tiers-lieu"), ("oui", ""), ("3", "1", "")),
            {"submitted": "2024-03-12T10:00:00"},
        ),
        Submission(("", Ticked(), ("", ""), ("", "", "")), {"submitted": "2024-03-13T10:00:00"}),
    ),
)


def test_written_as_the_tool_writes(tmp_path):
    path = tmp_path / "export.csv"
    exports.write("tally", ANSWERS, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfSubmission ID,Respondent ID,Submitted at,")
    export = exports.read(path)
    assert export.tool == "tally"
    assert export.cells.loc[:, 2:].to_numpy().tolist() == [
        ["2024-03-12 10:00:00", "Lons", "formation (une), tiers-lieu", "FALSE", "TRUE", "TRUE", "oui", "", "b, c, a"],
        ["2024-03-13 10:00:00", "", "", "", "", "", "", "", ""],
    ]
    assert parts(export) == [
        ("Où ?", None),
        ("Besoins", None),
        ("Besoins", "outils, méthodes"),
        ("Besoins", "formation (une)"),
        ("Besoins", "Autre"),
        ("Difficultés (temps)", None),
        ("Difficultés (posture)", None),
        ("Rangez", None),
    ]


def test_the_tool_says_what_it_tells():
    tool = exports.named("tally")
    assert (tool.separators, tool.branching, tool.drafts, tool.tells_not_shown) == ((", ",), True, False, False)


def test_the_real_survey_gives_every_question(real_surveys):
    path = real_surveys / "publicodes-2024-fr" / "data.csv"
    export = exports.read(path)
    assert (export.tool, export.confidence, export.cells.shape) == ("tally", 0.97, (18, 48))
    assert not export.notes
    several = {c.header for c in export.columns if c.sub is not None}
    assert {h: [c.position for c in export.columns if c.header == h] for h in several} == {
        "Pour quelles raisons ?": list(range(7, 14)),
        "Quel éditeur utilisez-vous pour écrire du Publicodes ?": list(range(14, 22)),
        "Quels chantiers devraient-ils être prioriser ?": list(range(38, 45)),
    }
    assert export.columns[10].sub == "Ne rentre pas dans mes contraintes techniques (performance, interopérabilité)"
    assert export.columns[19].sub == "L'éditeur en ligne (publicodes studio)"
    assert export.columns[22].label == "Votre retour sur cette fonctionnalité ? (1)"
    assert [c.position for c in export.columns if not c.header] == [45, 47]


def test_the_real_survey_gives_the_published_figures(real_surveys):
    export = exports.read(real_surveys / "publicodes-2024-fr" / "data.csv")
    expected = pd.read_csv(real_surveys / "EXPECTED.csv").set_index("question_option")["computed_from_file"]
    counts = {c.sub: (export.cells[c.index] == "TRUE").sum() for c in export.columns if c.sub is not None}
    wanted = {
        "Ajouter de nouvelles": "nouvelles fonctionnalités au langage",
        "Améliorer les performances": "Améliorer les performances",
        "Outiller l'édition": "Outiller l'édition",
        "Faire des tutos": "Faire des tutos",
        "Faciliter la publication": "Faciliter la publication",
    }
    for opening, name in wanted.items():
        count = next(n for sub, n in counts.items() if sub.startswith(opening))
        assert count == expected[f"chantier: {name} (count)"]
    editors = [c for c in export.columns if c.header.startswith("Quel éditeur")]
    answered = export.cells[editors[0].index] != ""
    without = answered & (export.cells[editors[1].index] != "TRUE")
    assert (editors[1].sub, answered.sum()) == ("VSCode", 17)
    assert 100 * without.sum() / 17 == pytest.approx(expected["autre éditeur que VSCode"], abs=0.005)
