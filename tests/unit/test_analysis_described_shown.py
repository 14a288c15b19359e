"""What a notebook shows of a description repeats nothing, and has no code, no null, no empty column."""

from __future__ import annotations

import pandas as pd

from synthese.analysis.described_shown import described_html, folded
from synthese.analysis.results import Notes


def rows(*cells):
    names = ["Question", "Réponse", "Statistique", "Valeur", "Intervalle", "Méthode de l’intervalle", "Effectif"]
    names += ["Base", "Interrogés"]
    return pd.DataFrame(list(cells), columns=names).astype({"Effectif": "Int64"})


def test_a_question_is_named_once_with_its_base_and_its_method():
    page = described_html(
        rows(
            ("F1 Besoins", "Pairs", "part des répondant·es", "85,0 %", "78 % – 91 %", "Wilson", 99, 116, 118),
            ("F1 Besoins", "Pairs", "part des mentions", "24,4 %", "22 % – 26 %", "logit", 99, 405, 118),
            ("F1 Besoins", "Formation", "part des répondant·es", "50,0 %", "41 % – 59 %", "Wilson", 58, 116, 118),
            ("F1 Besoins", "Formation", "part des mentions", "14,3 %", "12 % – 17 %", "logit", 58, 405, 118),
            ("F1 Besoins", "Sans réponse", "effectif", "2", "", "", 2, 118, 118),
            ("N <b>", "", "moyenne", "2,9", "2,2 – 4,7", "bootstrap BCa", pd.NA, 115, 118),
        ),
        "95 %",
    )
    assert page.count("F1 Besoins") == page.count("Wilson") == 1
    assert "base 116 · 405 mentions · 118 interrogé·es · sans réponse : 2 · Wilson ; logit" in page
    assert "<td>99</td><td>85,0 %</td><td>78 % – 91 %</td><td>24,4 %</td><td>22 % – 26 %</td>" in page
    assert "<th scope='row'>moyenne</th><td></td><td>2,9</td>" in page
    assert "N &lt;b&gt;" in page
    assert not any(word in page for word in ("NA", "nan", "None", "part des répondant·es –"))


def test_no_question_of_a_type_is_said():
    assert described_html(rows(), "95 %") == "<p>Aucune question de ce type.</p>"


def test_what_every_line_repeats_is_told_once():
    table = pd.DataFrame(
        {
            "Question": ["A", "A", "B"],
            "Réponse": ["x", "y", "x"],
            "Depuis": "2024",
            "p": ["", None, ""],
            "Base": [3, 3, 4],
        }
    )
    short, told = folded(table)
    assert told == ["Depuis : 2024"]
    assert short["Question"].tolist() == ["A", "", "B"]
    assert list(short) == ["Question", "Réponse", "Base"]


def test_notes_are_a_list():
    assert Notes(["un < deux"])._repr_html_() == "<ul><li>un &lt; deux</li></ul>"
    assert Notes()._repr_html_() == ""
