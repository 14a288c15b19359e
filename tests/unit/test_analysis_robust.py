"""A headline under variants: who is in the base, who counts, what two variants tell apart, what is kept of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.analysis import open_wave
from synthese.analysis.robust import Choice, choices, closest, completeness, distinct, ends, tried
from synthese.analysis.robust_gaps import Side, gaps
from synthese.analysis.robust_results import HeadlineVariants, headlines
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, Variants
from synthese.estimates import robustness_frame
from synthese.formatting import DEFAULT_BANDS
from synthese.statistics.designs import Design

YES_NO = [{"code": "oui", "label": "Oui"}, {"code": "non", "label": "Non"}]
NSP = {"code": "nsp", "label": "Ne sait pas", "in_base": False}


def codebook(variants=None, headline=None):
    declared = {"id": "h", "title": "Le besoin", "question": "Q", "option": "oui"} | (headline or {})
    questions = [
        {"id": "Q", "section": "S", "type": "single", "text": "Q", "options": [*YES_NO, NSP]},
        {"id": "A", "section": "S", "type": "single", "text": "A", "options": YES_NO},
        {"id": "O", "section": "S", "type": "open", "text": "O"},
    ]
    given = {"schema": 1, "title": "E", "sections": {"S": "S"}, "questions": questions}
    if variants is not None:
        given["headlines"] = [declared | {"variants": variants}]
    return Codebook.model_validate(given)


def answers(**columns):
    return pd.DataFrame({name: np.repeat(list(values), list(values.values())) for name, values in columns.items()})


# 40 oui, 20 non, 6 nsp, 4 without answer; A is left empty by the first 10 (all "oui") and by those without answer.
WAVE = answers(
    Q={"oui": 40, "non": 20, "nsp": 6, "_no_answer": 4},
    A={"_no_answer": 10, "oui": 56, "_no_answer ": 4},
    O={"_no_answer": 70},
).replace("_no_answer ", "_no_answer")
ALL = {"answered_at_least": [1], "dont_know_in_base": True, "non_response_in_base": True, "without_weights": True}


def side(variants=None, responses=WAVE, weights=None, wave="2026", headline=None):
    sample = Sample(design=None if weights is None else Design(weights))
    return Side.of(codebook(variants, headline), wave, responses, sample)


def variants_of(one, variants):
    return tried(
        {"Q": one.coded("Q")}, ("Q", "oui"), np.ones(len(WAVE), bool), one.complete, one.sample,
        Variants.model_validate(variants),
    )  # fmt: skip


def test_each_choice_moves_who_is_in_the_base_and_who_counts():
    one = side()
    found = {v.choice: (int(v.counts.sum()), int(v.base.sum())) for v in variants_of(one, ALL)}
    assert len(found) == 2 * 2 * 2 * 2
    assert found[Choice()] == (40, 60)
    assert found[Choice(dont_know_in_base=True)] == (40, 66)
    assert found[Choice(non_response_in_base=True)] == (40, 64)
    assert found[Choice(dont_know_in_base=True, non_response_in_base=True)] == (40, 70)
    assert found[Choice(answered_at_least=1)] == (30, 50)
    assert found[Choice(answered_at_least=1, dont_know_in_base=True, non_response_in_base=True)] == (30, 56)


def test_other_answers_may_count():
    one = side()
    counted = {"counted": [{"options": ["oui", "non"]}, {"options": ["non"]}]}
    assert [int(v.counts.sum()) for v in variants_of(one, counted)] == [40, 60, 20]
    assert variants_of(one, counted)[1].cells == ("Q=oui", "Q=non")


def test_open_questions_do_not_make_an_answer_partial():
    complete = completeness(WAVE, codebook(), "2026")
    assert sorted(set(complete)) == [0.0, 0.5, 1.0]
    assert (complete == 0.5).sum() == 10


def test_variants_that_count_the_same_respondents_alike_are_one():
    found = variants_of(side(), ALL)  # nobody without weights is any other than with none
    assert len(found) == 16
    # Complete answers have nobody without answer: two of the eight are one with another.
    assert len(distinct(found)) == 6
    weighted = variants_of(side(weights=np.linspace(1, 2, len(WAVE))), ALL)
    assert len(distinct(weighted)) == 12


def test_a_variant_on_few_respondents_is_not_judged():
    few = WAVE.assign(A=np.repeat(["_no_answer", "oui"], [45, 25]))
    one = side(responses=few)
    kept = distinct(variants_of(one, {"answered_at_least": [1]}))
    assert [variant.choice for variant in kept] == [Choice()]


def test_the_verdict_is_by_the_expression_that_each_percentage_earns():
    rows, details = headlines(side(ALL), DEFAULT_BANDS, probability=False)
    (row,) = rows
    # 40 of 60, 67 %, is « une grande majorité », with one fewer as well; 61, 63, 57, 60 and 54 % are « une majorité ».
    assert (row["declared"], row["computed"], row["held"]) == (16, 6, 1)
    assert (row["low"], row["high"]) == (30 / 56, 40 / 60)
    assert len(details) == 16
    assert {line["tient"] for line in details} == {"oui", "non", "comme une autre"}


def test_a_headline_that_a_wave_cannot_have_has_no_row():
    few = WAVE.iloc[35:60]
    assert headlines(side(ALL, responses=few), DEFAULT_BANDS, probability=False) == ([], [])


def test_a_headline_within_a_group_looks_at_the_group_alone():
    headline = {"by": "A", "group": "oui"}
    (row,), _ = headlines(side({"dont_know_in_base": True}, headline=headline), DEFAULT_BANDS, probability=False)
    assert (row["by"], row["group"], row["high"], row["low"]) == ("A", "oui", 30 / 50, 30 / 56)


def test_what_two_variants_tell_apart_is_counted():
    one = side()
    published, complete = variants_of(one, {"answered_at_least": [1]})
    answered = one.coded("Q").in_base
    assert closest([published, complete], answered, sensitive=False) == 10
    assert closest([published, complete], answered, sensitive=True) == 0, "all ten that differ said the same"
    turned = side(responses=WAVE.assign(Q=WAVE["Q"].replace({"oui": "non", "non": "oui"})))
    uncounted = variants_of(turned, {"answered_at_least": [1]})
    assert closest(uncounted, turned.coded("Q").in_base, sensitive=False) == 10, "nobody counted differs"
    with_nsp = variants_of(one, {"dont_know_in_base": True})
    assert closest(with_nsp, answered, sensitive=True) is None, "who gave no substantive answer is published"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["oui", "non", "nsp", "_no_answer"]), min_size=60, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
    st.randoms(use_true_random=False),
)
def test_any_answers_in_any_order_have_one_verdict_and_the_headline_in_its_range(q, partial, random):
    frame = pd.DataFrame({"Q": q, "A": np.where(partial, "_no_answer", "non"), "O": "_no_answer"})
    frame.loc[:34, "Q"] = ["oui"] * 20 + ["non"] * 15
    rows, _ = headlines(side(ALL, responses=frame), DEFAULT_BANDS, probability=False)
    (row,) = rows
    published = (frame["Q"] == "oui").sum() / frame["Q"].isin(["oui", "non"]).sum()
    assert row["low"] <= published <= row["high"]
    assert 1 <= row["held"] <= row["computed"] <= row["declared"]
    order = list(range(len(frame)))
    random.shuffle(order)
    again, _ = headlines(
        side(ALL, responses=frame.iloc[order].reset_index(drop=True)), DEFAULT_BANDS, probability=False
    )
    assert again == rows
    # Brute force: two by two, respondents whose state differs between the headline and the ends.
    one = side(ALL, responses=frame)
    kept = distinct(
        tried({"Q": one.coded("Q")}, ("Q", "oui"), np.ones(60, bool), one.complete, one.sample, Variants(**ALL))
    )
    shown = {id(v): v for v in (kept[0], *ends(kept))}.values()
    numbers = set()
    for a in shown:
        for b in shown:
            apart = [
                r for r in range(60)
                if frame["Q"][r] in ("oui", "non") and (a.base[r], a.counts[r]) != (b.base[r], b.counts[r])
            ]  # fmt: skip
            numbers |= {len(apart), sum(a.counts[r] or b.counts[r] for r in apart)}
    assert row["closest"] == min(numbers - {0}, default=None)


def test_a_gap_is_tried_in_both_waves_under_the_same_choices():
    # 2024: 20 of 60 said yes; 2026: 40 of 60. Among complete answers the gap is turned round in 2024.
    then = answers(Q={"oui": 20, "non": 40}, A={"_no_answer": 1, "oui": 59}, O={"_no_answer": 60})
    found = {(row["question"], row["option"]): row for row in gaps(side(), side(responses=then, wave="2024"), ["Q"])}
    row = found["Q", "oui"]
    assert (row["reference_wave"], row["held"], row["computed"]) == ("2024", row["computed"], row["computed"])
    assert ("Q", "nsp") not in found
    turned = answers(Q={"oui": 20, "non": 40}, A={"oui": 20, "_no_answer": 25, "non": 15}, O={"_no_answer": 60})
    row = next(gaps(side(), side(responses=turned, wave="2024"), ["Q"]))
    assert 0 < row["held"] < row["computed"], "complete answers of 2024: 20 of 35 against 30 of 50"
    small = answers(Q={"oui": 20, "non": 40}, A={"_no_answer": 45, "non": 15}, O={"_no_answer": 60})
    row = next(gaps(side(), side(responses=small, wave="2024"), ["Q"]))
    assert row["held"] < row["computed"], "a variant that cannot be told agrees with nothing"


def test_a_headline_s_own_variants_try_its_gap():
    then = side(responses=answers(Q={"oui": 20, "non": 40}, A={"oui": 60}, O={"_no_answer": 60}), wave="2024")
    (row, *_) = gaps(side({"dont_know_in_base": True}), then, ["Q"])
    assert (row["declared"], row["computed"]) == (2, 2)


def test_the_notebook_shows_labels_and_each_title_once():
    row = {"wave": "2026", "question": "Q", "reference_wave": "2024", "declared": 4, "computed": 4, "held": 2}
    gap = row | {"status": "released"}
    frame = robustness_frame([gap | {"option": "oui"}, gap | {"option": "nsp", "by": "A", "group": "non"}])
    details = pd.DataFrame({"résultat": ["Le besoin", "Le besoin", "Autre"], "variante": ["x", "y", "z"]})
    found = HeadlineVariants("2026", False, frame, details, codebook())
    assert found.gaps["réponse"].tolist() == ["Oui", "Ne sait pas"]
    assert found.gaps["parmi"].tolist() == ["", "Non"]
    page = found._repr_html_()
    assert page.count("Le besoin") == 1
    assert "nsp" not in page
    assert page.count("<td>Q</td>") == 1


def test_the_repository_s_waves_keep_their_headlines_private_until_released(built_study: Path):
    wave = open_wave("2026", study=built_study)
    found = wave.robustness()
    page = found._repr_html_()
    assert "non publié" in page
    assert "données synthétiques" in page
    private = pd.read_parquet(built_study / "data/processed/2026/private/parts/robustesse.parquet")
    released = pd.read_parquet(built_study / "data/processed/2026/robustness.parquet")
    assert private["closest"].notna().any()
    assert released[["closest", "cells"]].isna().to_numpy().all()
    mine = released.loc[released["headline"].notna()]
    assert mine["headline"].tolist() == [headline.id for headline in wave.codebook.headlines]
    shown = mine["low"].dropna()
    assert len(shown)
    assert shown.tolist() == [round(low, 2) for low in shown], "whole per cent"
    text = (built_study / "report/_output/2026/synthese.html").read_text(encoding="utf-8")
    assert "recalculés sous d’autres choix" in text
    assert wave.tests.families["nombre"].gt(0).any()


def test_choices_are_every_combination_the_published_one_first():
    every = choices(Variants.model_validate(ALL))
    assert every[0].published
    assert len(set(every)) == len(every) == 16
