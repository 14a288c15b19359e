"""A wave described: which tests come with it, what a notebook shows, what is kept and what passes the gate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthese.analysis.adjusting import adjusted
from synthese.analysis.numbers import nps
from synthese.analysis.sampling import Sample
from synthese.analysis.wave import Wave
from synthese.disclosure import release
from synthese.errors import SyntheseError
from synthese.estimates import empty_tests, estimates_frame, read_parquet, select
from synthese.scaffold import init
from synthese.study import open_study

FORM = """schema: 1
title: "Films"
sections: {A: "A"}
questions:
  - id: Q1
    section: A
    type: multiple
    text: "Lesquels avez-vous vus ?"
    options: [{code: un, label: "Un"}, {code: deux, label: "Deux"}, {code: trois, label: "Trois"}]
  - id: Q2
    section: A
    type: single
    text: "Lequel ?"
    options: [{code: un, label: "Un"}, {code: deux, label: "Deux"}]
  - {id: Q3, section: A, type: numeric, unit: "films", text: "Combien par an ?"}
universes:
  - {id: vu_un, champ: "personnes ayant vu Un", all_of: [{question: Q1, any_of: [un]}], questions: [Q1, Q3]}
"""


@pytest.fixture(scope="module")
def wave(tmp_path_factory: pytest.TempPathFactory) -> Wave:
    """60 respondents of a probability sample; Q1 un 45, deux 30, trois 15; Q3 from 0 to 59."""
    folder = tmp_path_factory.mktemp("films")
    seen = ["Un, Deux", "Un", "Un, Trois", "Deux"]
    lines = [f'01/03/2024 10:00:00,"{seen[i % 4]}",{"Un" if i % 3 else "Deux"},{i}' for i in range(60)]
    header = "Horodateur,Lesquels avez-vous vus ?,Lequel ?,Combien par an ?\n"
    export = folder / "export.csv"
    export.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    init(folder / "étude", export=export)
    (folder / "étude" / "data" / "raw" / "codebook.yml").write_text(FORM, encoding="utf-8")
    study = open_study(folder / "étude")
    found = Wave(study, study.waves[0], publish=True)
    found.save(found.clean())
    return replace(found, settings=found.settings.model_copy(update={"design": "probability"}))


def test_the_options_of_a_multiple_response_are_tested_once_whole_and_once_in_each_universe(wave):
    tests = wave.describe().tests
    assert tests["method"].tolist() == ["cochran_q", "cochran_q"]
    assert tests["universe"].fillna("").tolist() == ["", "vu_un"]
    assert tests["base"].tolist() == [60, 45]
    assert set(tests["family"]) == {"exploratory"}
    assert tests[["by", "reference_wave"]].isna().all().all()
    # Un 45, Deux 30, Trois 15; 30 respondents ticked one of three, 30 two: Q = 2 (3 · 3150 - 90²) / (60 · 2).
    assert tests["statistic"].iloc[0] == pytest.approx(2 * (3 * 3150 - 8100) / 120)


def test_tests_of_items_are_kept_adjusted_and_decided_as_their_table_is(wave):
    result = wave.describe()
    kept = wave.save(result)
    tests = adjusted(read_parquet(Path(str(kept).replace(".estimates.", ".tests."))))
    assert set(tests["adjustment"]) == {"benjamini_hochberg"}
    assert (tests["p_adjusted"] >= tests["p_value"]).all()
    more = wave.codebook, wave.settings, wave.study.settings
    shown = release(result.estimates, tests, *more).tests
    assert shown["reason"].tolist() != ["design-self-selected"] * 2
    assert shown["status"].iloc[1] != "released", "tests within a universe stay in notebooks"
    alone = wave.settings.model_copy(update={"design": "self-selected"})
    hidden = release(result.estimates, tests, wave.codebook, alone, wave.study.settings).tests
    assert set(hidden["reason"]) == {"design-self-selected"}
    assert hidden["p_value"].isna().all()


def test_a_design_without_inference_releases_no_interval_but_the_rule_of_a_quartile(wave):
    estimates, more = wave.describe().estimates, (wave.codebook, wave.settings, wave.study.settings)
    sampled = release(estimates, wave.describe("Q3").tests, *more).estimates
    assert sampled["ci_low"].notna().sum() > 10
    alone = wave.settings.model_copy(update={"design": "self-selected"})
    shown = release(estimates, wave.describe("Q3").tests, wave.codebook, alone, wave.study.settings).estimates
    assert shown[["ci_low", "ci_high", "confidence"]].isna().all().all()
    quantiles = shown["statistic"].isin(["quantile_25", "median", "quantile_75"])
    assert shown["method"].fillna("").tolist() == ["type-7" if here else "" for here in quantiles]
    assert shown["value"].equals(sampled["value"])


def test_no_interval_ends_at_an_extreme_or_tells_pairs_of_answers(wave):
    """A quarter of 45 less three standard errors are 2 respondents: an end of that interval could be somebody's."""
    result = wave.describe()
    released = release(result.estimates, result.tests, wave.codebook, wave.settings, wave.study.settings)
    part = select(released.estimates, question="Q3", universe="vu_un").set_index("statistic")
    assert part["ci_low"].notna().to_dict() == {
        "mean": True,
        "quantile_25": False,
        "median": True,
        "quantile_75": False,
    }
    assert part["method"].tolist() == ["bca", "type-7", "type-7+bca", "type-7"]
    assert part["value"].notna().all()
    mentions = select(released.estimates, statistic="share_mentions")
    assert select(result.estimates, statistic="share_mentions")["ci_low"].notna().all()
    assert mentions["ci_low"].isna().all()
    assert mentions["method"].isna().all()
    rules = wave.study.settings.disclosure.model_copy(update={"percentage_base": 100})
    few = wave.study.settings.model_copy(update={"disclosure": rules})
    released = release(result.estimates, result.tests, wave.codebook, wave.settings, few)
    counted = select(released.estimates, statistic="share_mentions")
    assert set(counted["status"]) == {"count_only"}
    assert counted["method"].isna().all()


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "shown"),
    [
        (20, 15, 25, True),
        (2, 33, 25, False),
        (20, 1, 39, False),
        (33, 25, 2, False),
        (40, 0, 20, True),
        (3, 54, 3, True),
    ],
)
def test_the_interval_of_a_score_does_not_give_a_few_respondents_away(wave, promoters, passives, detractors, shown):
    base = {"wave": wave.id, "question": "Q3", "statistic": "nps", "unit": "points", "status": "released"}
    scores = np.repeat([10.0, 8.0, 0.0], [promoters, passives, detractors])
    row = base | {"answered": 60, "asked": 60} | nps(scores, Sample())
    more = wave.codebook, wave.settings, wave.study.settings
    (released,) = release(estimates_frame([row]), empty_tests(), *more).estimates.to_dict("records")
    assert pd.notna(row["ci_low"])
    assert released["value"] == row["value"]
    assert (pd.notna(released["ci_low"]), pd.notna(released["method"])) == (shown, shown)


def test_the_interval_of_one_question_or_one_cross_is_chosen(wave):
    frame = wave.describe("Q2", interval="goodman").estimates
    assert set(select(frame, statistic="share")["method"]) == {"goodman"}
    crossed = wave.cross("Q1", "Q2", interval="clopper_pearson").estimates
    assert set(select(crossed, statistic="share")["method"]) == {"clopper_pearson"}
    with pytest.raises(SyntheseError, match="an interval is chosen for one question"):
        wave.describe(interval="wilson")


def test_a_notebook_names_each_interval_in_french_and_shows_no_code(wave):
    table = wave.describe("Q1").table()
    assert set(table["Méthode de l’intervalle"]) == {"Wilson", "linéarisation par répondant, logit"}
    numbers = wave.describe("Q3").table().set_index("Statistique")["Méthode de l’intervalle"]
    assert set(numbers) == {"bootstrap BCa"}
    alone = wave.describe("Q2")
    only = alone.estimates.assign(ci_low=float("nan"), ci_high=float("nan"), reason="no-variation")
    assert "pas d’intervalle : réponses toutes égales" in set(
        replace(alone, estimates=only).table()["Méthode de l’intervalle"]
    )
