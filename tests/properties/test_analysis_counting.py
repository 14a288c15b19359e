"""Describe, cross and compare against counting by hand, respondent by respondent, in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product
from math import isclose, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from synthese.analysis.coding import code
from synthese.analysis.comparing import compare, harmonised
from synthese.analysis.crossing import cross
from synthese.analysis.describing import describe
from synthese.analysis.sampling import Sample
from synthese.analysis.testing import cross_tests
from synthese.codebook import Codebook, comparability, variable
from synthese.estimates import ESTIMATE_COLUMNS, estimates_frame, tests_frame
from synthese.statistics.designs import Design

bounded = settings(max_examples=15, deadline=None)


def options(*codes: str, outside: str = "", **more: dict) -> list[dict]:
    return [{"code": c, "label": c.upper(), "in_base": c != outside} | more.get(c, {}) for c in codes]


def question(id: str, kind: str, **more) -> dict:
    return {"id": id, "section": "A", "text": f"{id} ?", "type": kind, **more}


NEW, OLD = {"waves": ["w2"]}, {"waves": ["w1"]}
PARTS = {"coll": OLD, "atelier": NEW | {"split_of": "coll"}, "codev": NEW | {"split_of": "coll"}}
CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "Essai",
        "questions": [
            question("S", "single", options=options("a", "b", "c", "nsp", outside="nsp")),
            question("T", "single", options=options("x", "nsp", "y", outside="nsp")),
            question("M", "multiple", options=options("p", "q", "r", "nsp", outside="nsp")),
            question("K", "single", options=options("coll", "autre", "atelier", "codev", **PARTS)),
            question("D", "ordinal", options=options("non", "oui", "nsp", outside="nsp", nsp=NEW)),
            question("N", "numeric"),
            question("R", "ranking", rows=[{"code": "i", "label": "I"}, {"code": "j", "label": "J"}]),
            question("O", "open"),
        ],
        "regroupings": [
            {
                "id": "S@deux",
                "label": "Deux",
                "groups": [
                    {"code": "ab", "label": "AB", "of": ["a", "b"]},
                    {"code": "c", "label": "C", "of": ["c"]},
                    {"code": "nsp", "label": "NSP", "of": ["nsp"]},
                ],
            },
            {
                "id": "M@deux",
                "label": "Deux",
                "groups": [
                    {"code": "pq", "label": "PQ", "of": ["p", "q"]},
                    {"code": "r", "label": "R", "of": ["r"]},
                    {"code": "nsp", "label": "NSP", "of": ["nsp"]},
                ],
            },
        ],
    }
)
REASONS = ("_not_asked", "_no_answer", "_dont_know", "_routing_unknown")
TICKS = ("p", "q", "r", "nsp")

Respondent = dict[str, object]


def single(*codes: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*codes, *codes, *REASONS])


@st.composite
def _respondent(draw, wave: str = "w2") -> Respondent:
    ticks = draw(st.sampled_from([*REASONS[:2], "answered", "answered", "answered"]))
    of_wave = {"w1": ("coll", "autre"), "w2": ("atelier", "codev", "autre")}[wave]
    degree = {"w1": ("non", "oui"), "w2": ("non", "oui", "nsp")}[wave]
    marks = draw(st.sets(st.sampled_from(TICKS)))
    return {
        "S": draw(single("a", "b", "c", "nsp")),
        "T": draw(single("x", "y", "nsp")),
        "M": ticks,
        "marks": marks if ticks == "answered" else None,
        "K": draw(single(*of_wave)),
        "D": draw(single(*degree)),
        "N": draw(st.one_of(st.sampled_from(REASONS), st.integers(-5, 40))),
        "weight": draw(st.sampled_from([0.1, 0.7, 1.3, 3.0])),
    }


respondents = st.lists(_respondent(), max_size=25)


def frame(people: list[Respondent]) -> pd.DataFrame:
    def text(name: str) -> pd.Series:
        return pd.Series([p[name] for p in people], dtype="str")

    def tick(option: str) -> pd.Series:
        return pd.Series([None if p["marks"] is None else option in p["marks"] for p in people], dtype="boolean")

    numbers = [p["N"] for p in people]
    return pd.DataFrame(
        {name: text(name) for name in ("S", "T", "M", "K", "D")}
        | {f"M.{option}": tick(option) for option in TICKS}
        | {
            "N": pd.Series([n if isinstance(n, int) else None for n in numbers], dtype="Float64"),
            "N._reason": pd.Series(["answered" if isinstance(n, int) else n for n in numbers], dtype="str"),
        }
    )


def coded(people: list[Respondent], name: str, wave: str = "w2"):
    return code(frame(people), variable(CODEBOOK, name, wave))


def weights(people: list[Respondent]) -> np.ndarray:
    return np.array([p["weight"] for p in people], dtype=float)


def sample(people: list[Respondent]) -> Sample:
    known = weights(people)
    return Sample(seed=1, design=Design(known) if known.any() else None)


# What a clerk with the paper forms would say.


def said(person: Respondent, name: str) -> set[str] | None:
    """Options given, groups for a regrouping; None for no answer."""
    question_id, _, regrouped = name.partition("@")
    if question_id == "M":
        if person["M"] != "answered":
            return None
        given = set(person["marks"])
    else:
        given = {str(person[question_id])}
        if given & set(REASONS):
            return None
    if regrouped:
        group = {"a": "ab", "b": "ab", "p": "pq", "q": "pq"}
        given = {group.get(item, item) for item in given}
    return given


def substantive(person: Respondent, name: str) -> bool:
    given = said(person, name)
    return given is not None and given != {"nsp"}


def asked(person: Respondent, name: str) -> bool:
    return person[name.split("@")[0]] not in ("_not_asked", "_routing_unknown")


def answered(person: Respondent, name: str) -> bool:
    return asked(person, name) and person[name.split("@")[0]] != "_no_answer"


OPTIONS = {
    "S": ("a", "b", "c"),
    "T": ("x", "y"),
    "M": ("p", "q", "r"),
    "S@deux": ("ab", "c"),
    "M@deux": ("pq", "r"),
}


class Rows(dict):
    """Rows by statistic, option and group, each once; the contract of estimates has been checked."""

    def __init__(self, rows):
        self.all = [dict.fromkeys(ESTIMATE_COLUMNS) | row for row in rows]
        estimates_frame(self.all)
        super().__init__(((row["statistic"], row["option"], row["group"]), row) for row in self.all)
        assert len(self) == len(self.all)

    def column(self, name: str) -> set:
        return {row[name] for row in self.all}


def cell(rows: Rows, statistic: str, option: str | None, group: str | None = None) -> dict:
    return rows[statistic, option, group]


def is_share(row: dict, chosen: list[Respondent], base: list[Respondent], weighted: bool = False) -> None:
    assert (row["count"], row["base"]) == (len(chosen), len(base))
    if not base:
        assert row["value"] is None
        assert row["reason"] == "empty-base"
        return
    size = (lambda people: sum(p["weight"] for p in people)) if weighted else len
    assert isclose(row["value"], size(chosen) / size(base), abs_tol=1e-12)
    assert isclose(row["base_weighted"], size(base))
    squares = sum(p["weight"] ** 2 for p in base) if weighted else len(base)
    assert isclose(row["effective_n"], size(base) ** 2 / squares)
    assert row["ci_low"] <= row["value"] <= row["ci_high"]


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@given(people=respondents)
@bounded
def test_a_description_is_what_a_clerk_would_count(name, weighted, people):
    rows = Rows(describe(coded(people, name), sample(people) if weighted else Sample()))
    base = [p for p in people if substantive(p, name)]
    assert rows.column("asked") == {sum(asked(p, name) for p in people)}
    assert rows.column("answered") == {sum(answered(p, name) for p in people)}
    for option in OPTIONS[name]:
        chosen = [p for p in base if option in said(p, name)]
        is_share(cell(rows, "share", option), chosen, base, weighted)
        assert cell(rows, "count", option)["value"] == len(chosen)
    outside = [p for p in people if "nsp" in (said(p, name) or ())]
    assert cell(rows, "count", "nsp")["count"] == len(outside)
    assert {row["statistic"] for row in rows.all if row["option"] == "nsp"} == {"count"}
    reasons = Counter(str(p[name.split("@")[0]]) for p in people)
    for reason in REASONS:
        found = [(row["count"], row["base"]) for row in rows.all if row["option"] == reason]
        assert found == ([(reasons[reason], len(people))] if reasons[reason] else [])


@given(people=respondents)
@bounded
def test_mentions_add_up_to_all_mentions(people):
    for weighted in (False, True):
        rows = Rows(describe(coded(people, "M"), sample(people) if weighted else Sample()))
        size = (lambda p: p["weight"]) if weighted else (lambda p: 1)
        ticks = [(p, o) for p in people if substantive(p, "M") for o in p["marks"] if o != "nsp"]
        for option in OPTIONS["M"]:
            row = cell(rows, "share_mentions", option)
            of_it = [p for p, o in ticks if o == option]
            assert (row["count"], row["base"]) == (len(of_it), len(ticks))
            if ticks:
                assert isclose(row["value"], sum(map(size, of_it)) / sum(size(p) for p, _ in ticks))


@given(people=respondents)
@bounded
def test_numbers_have_those_who_gave_one_as_their_base(people):
    given_ = [p for p in people if isinstance(p["N"], int)]
    rows = Rows(describe(coded(people, "N"), Sample()))
    assume(weights(people).any())
    weighted = Rows(describe(coded(people, "N"), sample(people)))
    assert {row["base"] for row in rows.all if row["statistic"] != "count"} == {len(given_)}
    if given_:
        values = sorted(p["N"] for p in given_)
        assert isclose(cell(rows, "mean", None)["value"], sum(values) / len(values), abs_tol=1e-9)
        middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
        assert cell(rows, "median", None)["value"] == middle
        total = sum(p["weight"] for p in given_)
        row = cell(weighted, "mean", None)
        assert isclose(row["value"], sum(p["weight"] * p["N"] for p in given_) / total, abs_tol=1e-9)
        assert isclose(row["base_weighted"], total)
        heavy = sorted((p["N"], p["weight"]) for p in given_)
        below = [sum(w for _, w in heavy[: i + 1]) / total for i in range(len(heavy))]
        half = next(value for (value, _), part in zip(heavy, below, strict=True) if part > 0.5 - 1e-9)
        assert cell(weighted, "median", None)["value"] == half
    else:
        for found, name in product((rows, weighted), ("mean", "median", "quantile_25", "quantile_75")):
            assert cell(found, name, None)["reason"] == "empty-base"
            assert cell(found, name, None)["value"] is None


CROSSES = [("S", "T"), ("M", "T"), ("S@deux", "T"), ("M", "S@deux"), ("M@deux", "S"), ("T", "M")]


@pytest.mark.parametrize(("name", "by"), CROSSES)
@pytest.mark.parametrize("weighted", [False, True])
@given(people=respondents)
@bounded
def test_a_cross_is_what_a_clerk_would_count(name, by, weighted, people):
    heavy = sample(people) if weighted else Sample(seed=1)
    rows = Rows(cross(coded(people, name), coded(people, by), heavy))
    both = [p for p in people if substantive(p, name) and substantive(p, by)]
    assert rows.column("asked") == {sum(asked(p, name) and asked(p, by) for p in people)}
    assert rows.column("answered") == {sum(answered(p, name) and answered(p, by) for p in people)}
    assert "nsp" not in rows.column("option") | rows.column("group")
    for option in OPTIONS[name]:
        chosen = [p for p in both if option in said(p, name)]
        is_share(cell(rows, "share", option), chosen, both, weighted)
        assert cell(rows, "count", option)["count"] == len(chosen)
        cells = 0
        for group in OPTIONS[by]:
            members = [p for p in both if group in said(p, by)]
            inside = [p for p in members if option in said(p, name)]
            is_share(cell(rows, "share", option, group), inside, members, weighted)
            is_share(cell(rows, "share_of_by", option, group), inside, chosen, weighted)
            is_share(cell(rows, "share_total", option, group), inside, both, weighted)
            count = cell(rows, "count", option, group)
            assert (count["count"], count["base"]) == (len(inside), len(members))
            assert cell(rows, "count", None, group)["count"] == len(members)
            cells += len(inside)
        if by != "M":
            assert cells == len(chosen)


@pytest.mark.parametrize(("name", "by"), CROSSES[:-1])
@given(people=respondents)
@bounded
def test_residuals_compare_each_cell_with_independence_over_the_base(name, by, people):
    rows = Rows(cross(coded(people, name), coded(people, by), Sample()))
    both = [p for p in people if substantive(p, name) and substantive(p, by)]
    n = len(both)
    for option in OPTIONS[name]:
        for group in OPTIONS[by]:
            row = cell(rows, "adjusted_residual", option, group)
            here = sum(option in said(p, name) for p in both)
            there = sum(group in said(p, by) for p in both)
            seen = sum(option in said(p, name) and group in said(p, by) for p in both)
            assert row["base"] == there
            if here in (0, n) or there in (0, n):
                assert row["value"] is None
                assert row["reason"] == "empty-margin"
                continue
            expected = here * there / n
            error = sqrt(expected * (1 - here / n) * (1 - there / n))
            assert isclose(row["value"], (seen - expected) / error, abs_tol=1e-9)


@given(people=respondents)
@bounded
def test_no_residual_where_it_would_be_wrong(people):
    assume(weights(people).any())
    s, m = coded(people, "S"), coded(people, "M")
    for found in (cross(s, m, Sample()), cross(m, s, sample(people))):
        assert "adjusted_residual" not in {row["statistic"] for row in found}


@given(people=respondents)
@settings(max_examples=10, deadline=None)
def test_tests_stand_on_the_base_of_the_cross(people):
    both = [p for p in people if substantive(p, "M") and substantive(p, "T")]
    rows = tests_frame(cross_tests(coded(people, "M"), coded(people, "T"), Sample(), "planned"))
    assert rows["p_value"].isna().all() or set(rows["base"]) == {len(both)}
    assert rows["option"].tolist()[:2] == [None, None] or rows["option"].isna().tolist()[:2] == [True, True]
    of_options = rows.loc[rows["option"].notna() & rows["method"].ne("fisher_exact") & rows["group"].isna()]
    assert of_options["option"].tolist() == ["p", "q", "r"]
    for row in of_options.itertuples():
        ticked = [row.option in p["marks"] for p in both]
        varies = len(set(ticked)) == 2 and len({str(p["T"]) for p in both}) == 2
        assert pd.notna(row.p_value) == varies
    single_ = tests_frame(cross_tests(coded(people, "S"), coded(people, "T"), Sample(), "exploratory"))
    base = [p for p in people if substantive(p, "S") and substantive(p, "T")]
    assert single_["base"].tolist()[0] == len(base)
    assert set(single_["family"]) == {"exploratory"}


earlier = st.lists(_respondent("w1"), max_size=25)


@pytest.mark.parametrize("name", ["S", "K", "D", "M"])
@given(now=respondents, then=earlier, weighted=st.booleans(), shared=st.sampled_from([0, 3]))
@bounded
def test_a_difference_is_that_of_two_shares(name, now, then, weighted, shared):
    verdict = comparability(CODEBOOK, name, "w2", "w1")
    pair = []
    for people, wave in ((now, "w2"), (then, "w1")):
        mine = harmonised(CODEBOOK, variable(CODEBOOK, name, wave), wave, verdict)
        pair.append(code(frame(people), mine))
    heavy = (sample(now), sample(then)) if weighted else (Sample(seed=1), Sample(seed=1))
    found, tested = compare(*pair, "w1", shared, heavy)
    rows, tests_ = Rows(found), tests_frame(tested)

    def size(people):
        return sum(p["weight"] for p in people) if weighted else len(people)

    def share(people, option):
        base = [p for p in people if substantive(p, name)]
        of_it = {"coll": {"coll", "atelier", "codev"}}.get(option, {option})
        chosen = [p for p in base if said(p, name) & of_it]
        return chosen, base

    wanted = {"S": "abc", "K": ("coll", "autre"), "D": ("non", "oui"), "M": "pqr"}[name]
    assert [row["option"] for row in rows.all] == tests_["option"].tolist() == list(wanted)
    for option in wanted:
        (chosen, base), (chosen0, base0) = share(now, option), share(then, option)
        row = cell(rows, "difference", option)
        assert (row["count"], row["base"], row["reference_wave"]) == (len(chosen), len(base), "w1")
        test = tests_.loc[tests_["option"].eq(option)].iloc[0]
        if not base or not base0:
            assert row["reason"] == "empty-base"
            continue
        assert isclose(row["value"], size(chosen) / size(base) - size(chosen0) / size(base0), abs_tol=1e-12)
        if shared:
            assert row["reason"] == test["reason"] == "partial-overlap:3"
            assert row["ci_low"] is None
            assert pd.isna(test["p_value"])
        else:
            assert row["ci_low"] <= row["value"] <= row["ci_high"]
            assert test["base"] == len(base) + len(base0)


# What must not matter.


def everything(people: list[Respondent], weighted: bool) -> tuple[list, list]:
    heavy = sample(people) if weighted else Sample(seed=1)
    rows = [row for name in (*OPTIONS, "N") for row in describe(coded(people, name), heavy)]
    tested = []
    for name, by in CROSSES:
        rows += cross(coded(people, name), coded(people, by), heavy)
        tested += cross_tests(coded(people, name), coded(people, by), heavy, "planned")
    return rows, tested


@given(people=respondents, weighted=st.booleans(), data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_respondents_does_not_matter(people, weighted, data):
    shuffled = data.draw(st.permutations(people))
    assert repr(everything(people, weighted)) == repr(everything(shuffled, weighted))


@given(people=respondents, blank=st.integers(1, 5))
@settings(max_examples=15, deadline=None)
def test_respondents_without_an_answer_change_no_share(people, blank):
    nobody = dict.fromkeys(("S", "T", "M", "K", "D", "N"), "_no_answer") | {"marks": None, "weight": 1.0}
    before, after = everything(people, False), everything([*people, *([nobody] * blank)], False)
    assert repr(before[1]) == repr(after[1])

    def shares(rows):
        kept = [row for row in rows if row.get("option") not in (*REASONS, "nsp")]
        return repr([{k: v for k, v in row.items() if k not in ("asked", "answered")} for row in kept])

    assert shares(before[0]) == shares(after[0])


@given(people=respondents)
@settings(max_examples=15, deadline=None)
def test_labels_do_not_matter(people):
    mine = variable(CODEBOOK, "S", "w2")
    renamed = replace(
        mine, label="Z", options=tuple(o.model_copy(update={"label": f"é{o.code}"}) for o in mine.options)
    )
    answers, groups = frame(people), coded(people, "T")
    rows = [repr(list(cross(code(answers, v), groups, Sample()))) for v in (mine, renamed)]
    assert rows[0] == rows[1]
