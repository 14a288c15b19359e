"""FiveThirtyEight's Star Wars poll, drafted from SurveyMonkey's two header rows in Mac Roman, and corrected.

Its bases change with the question: those who ticked a film, those who saw all six (a universe), those who answered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from synthese.estimates import select
from synthese.study import open_study

pytestmark = pytest.mark.timeout(900)  # two runs of a study, on a machine that may do other things

SET = "538-star-wars"
FILMS = {
    "Ep I": "star_wars_episode_i_the",
    "Ep II": "star_wars_episode_ii_attack_of",
    "Ep III": "star_wars_episode_iii_revenge",
    "Ep IV": "star_wars_episode_iv_a_new",
    "Ep V": "star_wars_episode_v_the_empire",
    "Ep VI": "star_wars_episode_vi_return_of",
}
SHARES = {
    **{f"seen {film}": ("Q3", code, None) for film, code in FILMS.items()},
    **{f"ranked 1 {film}": ("Q4", code, "vu_les_six") for film, code in FILMS.items()},
    "Han shot first": ("Q6", "han", None),
}


@pytest.fixture(scope="module")
def run(new_study: Any, real_surveys: Path) -> Any:
    study = new_study("star-wars")
    study.init(real_surveys / SET / "StarWars.csv", "--encoding", "mac_roman", "--wave", "2014")
    study.run("--to", "html")
    (study.root / "drafted.html").write_text(study.page("2014"), encoding="utf-8")
    study.correct("star_wars")
    study.run("--to", "html")
    return study


def test_every_expected_figure_is_compared(figures: Any) -> None:
    assert set(figures[SET]) == set(SHARES)


@pytest.mark.parametrize("name", SHARES)
def test_shares_with_their_base(run: Any, figures: Any, name: str) -> None:
    question, option, universe = SHARES[name]
    assert run.share("2014", question, option, universe=universe) == figures[SET][name]


def test_the_universe_is_released_beside_the_whole(run: Any) -> None:
    frame = run.estimates("2014", private=False)
    ranked = select(frame, question="Q4", statistic="share", by=None)
    assert set(zip(ranked["universe"].fillna(""), ranked["base"], strict=True)) == {("", 836), ("vu_les_six", 471)}
    assert set(ranked["status"]) == {"released"}


def test_the_draft_runs_before_any_correction(run: Any) -> None:
    page = (run.root / "drafted.html").read_text(encoding="utf-8")
    assert "(n = 835)" in page
    assert "Which character shot first" in page


def test_the_draft_knows_types_scale_order_and_filters(run: Any) -> None:
    study = open_study(run.root)
    book = study.codebook.by_id
    assert [book[q].type for q in ("Q3", "Q4", "Q5", "Q11")] == ["multiple", "ranking", "grid", "ordinal"]
    assert [option.code for option in book["Q5"].options if not option.in_base] == ["unfamiliar_n_a"]
    assert [option.label for option in book["Q11"].options] == ["18-29", "30-44", "45-60", "> 60"]
    text = study.codebook_file.read_text(encoding="utf-8")
    assert text.count("un filtre (`routing`) sur Q1, any_of: [yes]") == 6
    assert text.count("un filtre (`routing`) sur Q7, any_of: [yes]") == 1
