from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthese.analysis import universes
from synthese.analysis.wave import Wave
from synthese.codebook import load_codebook
from synthese.disclosure import release
from synthese.editorial import question_table
from synthese.errors import SyntheseError
from synthese.estimates import select
from synthese.scaffold import init
from synthese.study import open_study

FILMS = """schema: 1
title: "Films"
sections: {A: "A"}
questions:
  - id: Q1
    section: A
    type: multiple
    text: "Lesquels avez-vous vus ?"
    options: [{code: un, label: "Un"}, {code: deux, label: "Deux"}]
  - id: Q2
    section: A
    type: single
    text: "Lequel préférez-vous ?"
    options: [{code: un, label: "Un"}, {code: deux, label: "Deux"}]
  - {id: Q3, section: A, type: open, role: contact, text: "E-mail"}
universes:
  - id: vu_tous
    champ: "personnes ayant vu les deux films"
    all_of: [{question: Q1, any_of: [un]}, {question: Q1, any_of: [deux]}]
    questions: [Q2]
"""


def film_study(folder: Path) -> Wave:
    """50 saw both (30 prefer Un), 20 only Un (all prefer it), 6 gave no answer to Q1, 4 saw both and prefer none."""
    rows = ["Un, Deux,Un"] * 30 + ["Un, Deux,Deux"] * 20 + ["Un,Un"] * 20 + [",Deux"] * 6 + ["Un, Deux,"] * 4
    lines = [f'01/03/2024 10:00:00,"{row.rpartition(",")[0]}",{row.rpartition(",")[2]},x@example.org' for row in rows]
    header = "Horodateur,Lesquels avez-vous vus ?,Lequel préférez-vous ?,E-mail\n"
    export = folder / "export.csv"
    export.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    init(folder / "étude", export=export)
    (folder / "étude" / "data" / "raw" / "codebook.yml").write_text(FILMS, encoding="utf-8")
    study = open_study(folder / "étude")
    wave = Wave(study, study.waves[0], publish=True)
    wave.save(wave.clean())
    return wave


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Wave:
    return film_study(tmp_path_factory.mktemp("films"))


def test_a_universe_has_those_whose_answers_are_known_to_meet_every_condition(films):
    inside = universes.members(films.responses, films.codebook, films.codebook.universes[0], films.id)
    assert int(inside.sum()) == 54
    assert not np.asarray(inside)[films.responses["Q1"].eq("_no_answer")].any()


def test_planned_universes_are_described_beside_the_whole_with_their_own_base(films):
    frame = films.describe().estimates
    whole = select(frame, question="Q2", option="un", statistic="share", universe=None).iloc[0]
    part = select(frame, question="Q2", option="un", statistic="share", universe="vu_tous").iloc[0]
    assert (whole["count"], whole["base"]) == (50, 76)
    assert (part["count"], part["base"], part["asked"]) == (30, 50, 54)
    alone = films.describe("Q2", universe="vu_tous").estimates
    assert set(alone["universe"]) == {"vu_tous"}
    pd.testing.assert_series_equal(select(alone, option="un", statistic="share").iloc[0], part, check_names=False)
    assert "(personnes ayant vu les deux films)" in films.describe().table()["Question"].str.cat()


def test_an_unknown_universe_is_told_with_the_nearest(films):
    with pytest.raises(SyntheseError, match="did you mean 'vu_tous'"):
        films.describe("Q2", universe="vu_tou")


def test_the_champ_line_says_who_the_numbers_are_of(films):
    result = films.describe()
    released = release(result.estimates, result.tests, films.codebook, films.settings, films.study.settings)
    lines = question_table(released, "tbl-q2", "Q2", universe="vu_tous").artefact.notes
    champ = next(line for line in lines if line.startswith("Champ"))
    assert champ.replace("\u00a0", " ") == (
        "Champ : personnes ayant vu les deux films et ayant répondu à la question Q2, n = 50."
    )
    assert "non-réponse" not in "".join(lines)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("question: Q1, any_of: [un]", "question: Q9, any_of: [un]"), "unknown-question", "to filter by"),
        (("question: Q1, any_of: [un]", "question: Q1, any_of: [une]"), "unknown-option", "no option 'une'"),
        (("question: Q1, any_of: [un]", "question: Q3, any_of: [un]"), "not-a-filter", "cannot filter: it is personal"),
        (("questions: [Q2]", "questions: [Q3]"), "unknown-variable", "'Q3' cannot be described"),
    ],
)
def test_what_a_universe_names_must_be_there(tmp_path, change, code, words):
    path = tmp_path / "codebook.yml"
    path.write_text(FILMS.replace(*change), encoding="utf-8")
    with pytest.raises(SyntheseError, match=words) as caught:
        load_codebook(path)
    assert caught.value.code == code


def test_nothing_ticked_is_an_answer_only_where_the_codebook_says_so(tmp_path):
    wave = film_study(tmp_path)
    before = select(wave.describe("Q1").estimates, option="un", statistic="share").iloc[0]
    assert (before["count"], before["base"], before["answered"]) == (74, 74, 74)
    codebook = tmp_path / "étude" / "data" / "raw" / "codebook.yml"
    text = FILMS.replace(
        'text: "Lesquels avez-vous vus ?"', 'text: "Lesquels avez-vous vus ?"\n    unticked: none_of_them'
    )
    codebook.write_text(text, encoding="utf-8")
    study = open_study(tmp_path / "étude")
    again = Wave(study, study.waves[0], publish=True)
    frame = again.describe("Q1").estimates
    after = select(frame, option="un", statistic="share").iloc[0]
    assert (after["count"], after["base"], after["answered"]) == (74, 80, 80)
    assert "_no_answer" not in set(frame["option"].dropna())
    released = release(frame, again.describe("Q1").tests, study.codebook, again.settings, study.settings)
    notes = "".join(question_table(released, "tbl-q1", "Q1").artefact.notes).replace("\u00a0", " ")
    assert "n’en cocher aucune compte comme une réponse" in notes
