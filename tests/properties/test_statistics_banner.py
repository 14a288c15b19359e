"""Counting and testing all pairs at once: the same numbers as one pair at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from synthese.statistics import banner as counting
from synthese.statistics.association import chi_square, cochran_allows, cramers_v, expected
from synthese.statistics.banner import Banner, banner
from synthese.statistics.banner_tests import banner_tests
from synthese.statistics.design_tests import rao_scott
from synthese.statistics.designs import Design
from synthese.statistics.tabulation import crosstab


@dataclass(frozen=True)
class Survey:
    questions: NDArray[np.int8]
    breaks: NDArray[np.int8]
    question_widths: list[int]
    break_widths: list[int]
    weights: NDArray[np.float64]

    def count(self, *, weighted: bool, rows: Any = slice(None)) -> Banner:
        chosen = self.questions[:, rows], self.breaks[:, rows]
        weights = self.weights[rows] if weighted else None
        return banner(*chosen, self.question_widths, self.break_widths, weights)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return [(i, j) for i in range(len(self.question_widths)) for j in range(len(self.break_widths))]


def made(seed: int, n: int, questions: list[int], breaks: list[int]) -> Survey:
    draw = np.random.default_rng(seed)

    def codes(widths: list[int]) -> NDArray[np.int8]:
        columns = [np.minimum(draw.geometric(0.35, n) - 1, w - 1) for w in widths]
        return np.stack([np.where(draw.random(n) < 0.1, -1, c) for c in columns]).astype(np.int8)

    weights = np.where(draw.random(n) < 0.05, 0.0, np.exp(draw.normal(0, 0.7, n)))
    return Survey(codes(questions), codes(breaks), questions, breaks, weights)


@st.composite
def surveys(draw: Callable[..., Any], least: int = 0) -> Survey:
    widths = st.integers(1, 9)
    return made(
        draw(st.integers(0, 2**16)),
        draw(st.integers(least, 120)),
        draw(st.lists(widths, min_size=1, max_size=9)),
        draw(st.lists(widths, min_size=1, max_size=5)),
    )


@pytest.mark.parametrize("sizes", [None, (1, 1), (1, 3), (2, 2), (3, 1), (4, 5)])
@given(survey=surveys(), chunk=st.sampled_from([1, 7, 2**17]))
@settings(max_examples=12, deadline=None)
def test_every_pair_is_its_crosstab(sizes: tuple[int, int] | None, survey: Survey, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if sizes is not None:
            patch.setattr(counting, "_sizes", lambda *_: sizes)
        patch.setattr(counting, "_INDICES", chunk)
        plain = survey.count(weighted=False)
        weighted = survey.count(weighted=True) if survey.weights.sum() > 0 else None
    for i, j in survey.pairs:
        pair = survey.questions[i], survey.breaks[j], survey.question_widths[i], survey.break_widths[j]
        counts = crosstab(*pair)
        assert np.array_equal(plain.counts[plain.block(i, j)], counts)
        if weighted is not None:
            assert weighted.weights is not None
            assert weighted.squares is not None
            assert weighted.positive is not None
            at, w = weighted.block(i, j), survey.weights
            assert np.array_equal(weighted.counts[at], counts)
            np.testing.assert_allclose(weighted.weights[at], crosstab(*pair, w), rtol=1e-12)
            np.testing.assert_allclose(weighted.squares[at], crosstab(*pair, w**2), rtol=1e-12)
            assert np.array_equal(weighted.positive[at], crosstab(*pair, w > 0))


@given(survey=surveys(least=2), seed=st.integers(0, 99), cut=st.integers(0, 120))
@settings(max_examples=25, deadline=None)
def test_neither_order_nor_a_split_changes_a_count(survey: Survey, seed: int, cut: int) -> None:
    whole = survey.count(weighted=False)
    shuffled = survey.count(weighted=False, rows=np.random.default_rng(seed).permutation(survey.weights.size))
    parts = survey.count(weighted=False, rows=slice(cut)) + survey.count(weighted=False, rows=slice(cut, None))
    assert np.array_equal(shuffled.counts, whole.counts)
    assert np.array_equal(parts.counts, whole.counts)
    assert parts.respondents == whole.respondents


def test_weighted_parts_add_up_to_the_whole() -> None:
    survey = made(4, 90, [3, 5, 2], [2, 4])
    whole = survey.count(weighted=True)
    parts = survey.count(weighted=True, rows=slice(40)) + survey.count(weighted=True, rows=slice(40, None))
    for name in ("counts", "positive", "weights", "squares"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-12, err_msg=name)
    assert (parts.respondents, parts.positive_respondents) == (whole.respondents, whole.positive_respondents)
    np.testing.assert_allclose(banner_tests(parts).p_value, banner_tests(whole).p_value, rtol=1e-9)


@given(survey=surveys())
@settings(max_examples=25, deadline=None)
def test_unweighted_tests_are_those_of_each_table(survey: Survey) -> None:
    counted = survey.count(weighted=False)
    found = banner_tests(counted)
    for i, j in survey.pairs:
        table = counted.counts[counted.block(i, j)]
        kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        test, v = chi_square(table), cramers_v(table)
        assert found.base[i, j] == test.base
        assert found.cochran[i, j] == cochran_allows(kept)
        if kept.size:
            assert found.least_expected[i, j] == pytest.approx(expected(kept).min(), rel=1e-12)
        if v is None:
            assert np.isnan([found.p_value[i, j], found.df[i, j], found.effect_size[i, j]]).all()
            continue
        assert found.statistic[i, j] == pytest.approx(test.statistic, rel=1e-10, abs=1e-12)
        assert found.df[i, j] == test.df
        assert found.p_value[i, j] == pytest.approx(test.p_value, rel=1e-10, abs=1e-14)
        assert found.effect_size[i, j] ** 2 == pytest.approx(v.corrected**2, rel=1e-10, abs=1e-12)


@given(survey=surveys(least=2))
@settings(max_examples=40, deadline=None)
def test_weighted_tests_are_rao_scott_of_each_table_empty_cells_included(survey: Survey) -> None:
    if not survey.weights.sum() > 0:
        return
    found, design = banner_tests(survey.count(weighted=True)), Design(survey.weights)
    for i, j in survey.pairs:
        test = rao_scott(design, survey.questions[i], survey.breaks[j])
        assert found.base[i, j] == test.base
        if test.p_value is None:
            assert np.isnan([found.p_value[i, j], found.df[i, j], found.effect_size[i, j]]).all(), test.reason
            continue
        for name in ("statistic", "df", "df_denominator", "effect_size"):
            assert getattr(found, name)[i, j] == pytest.approx(getattr(test, name), rel=1e-10, abs=1e-12), name
        assert found.p_value[i, j] == pytest.approx(test.p_value, rel=1e-10, abs=1e-12)


def test_a_wide_question_beside_narrow_ones_is_counted_apart() -> None:
    survey = made(8, 400, [2] * 8 + [120, 2, 3], [2, 3, 90])
    counted = survey.count(weighted=False)
    for i, j in survey.pairs:
        pair = survey.questions[i], survey.breaks[j], survey.question_widths[i], survey.break_widths[j]
        assert np.array_equal(counted.counts[counted.block(i, j)], crosstab(*pair))


def test_a_composite_keeps_within_the_bins_that_the_plan_allows() -> None:
    for n in (0, 10**3, 10**5, 10**7, 10**12):
        merged, across = counting._sizes(n, [7] * 60, [5] * 10, 1)
        assert 7**merged * 5**across <= counting._BINS
    assert counting._sizes(10**12, [7] * 60, [5] * 10, 1) > (1, 3), "many respondents pay for more bins"
    assert counting._sizes(10**12, [4000], [4000], 1) == (1, 1)


@pytest.mark.parametrize(
    ("questions", "widths", "weights", "told"),
    [
        ([[0, 1, 2]], [2], None, r"questions\[0\] must lie in \[-1, 2\), found 0 to 2"),
        ([[0, -2, 1]], [2], None, r"questions\[0\] must lie in \[-1, 2\), found -2 to 1"),
        ([[0, 1, 1], [0, 3, 0]], [2, 3], None, r"questions\[1\] must lie"),
        ([[0.0, 1.0, 1.0]], [2], None, "questions must be rows of integer codes, not float64"),
        ([[0, 1]], [2], None, "questions and breaks differ in length: 2 and 3"),
        ([[0, 1, 1]], [2, 2], None, "questions has 1 rows and 2 widths"),
        ([[-1, -1, -1]], [0], None, "questions must be at least one, each with at least one option"),
        ([[0, 1, 1]], [2], [1.0, 2.0], "weights must have the length of questions"),
        ([[0, 1, 1]], [2], [1.0, -2.0, 1.0], "negative"),
    ],
)
def test_what_does_not_fit_is_refused(questions: Any, widths: list[int], weights: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        banner(questions, [[0, 1, 0]], widths, [2], weights)


def test_banners_that_differ_are_not_added() -> None:
    survey, other = made(1, 20, [2, 3], [2]), made(1, 20, [2, 4], [2])
    with pytest.raises(ValueError, match="different widths"):
        _ = survey.count(weighted=False) + other.count(weighted=False)
    with pytest.raises(ValueError, match="unweighted"):
        _ = survey.count(weighted=True) + survey.count(weighted=False)
