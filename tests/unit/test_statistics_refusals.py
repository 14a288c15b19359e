"""What the room refuses, in which words, and what it answers when there is nothing to compute."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from synthese.statistics.association import association, chi_square, cramers_v, freeman_halton, monte_carlo
from synthese.statistics.bootstrap import bca, mean_of
from synthese.statistics.multiplicity import holm
from synthese.statistics.numeric import mean, nps, quantile
from synthese.statistics.proportions import clopper_pearson, newcombe_difference, wilson
from synthese.statistics.simultaneous import goodman, sison_glaz
from synthese.statistics.tabulation import crosstab
from synthese.statistics.waves import mcnemar


def test_codes_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"rows must lie in \[-1, 2\), found 0 to 2"):
        crosstab([0, 1, 2], [0, 0, 0], 2, 1)
    with pytest.raises(ValueError, match="rows must be one-dimensional integer codes, not float64"):
        crosstab([0.0, 1.0], [0, 1], 2, 2)
    with pytest.raises(ValueError, match="differ in length: 1 and 2"):
        crosstab([0], [0, 1], 2, 2)


def test_nobody_answered_gives_zeros_and_none():
    nobody = np.array([-1, -1])
    empty = np.array([], dtype=int)
    assert crosstab(empty, empty, 1, 2).tolist() == [[0, 0]]
    assert crosstab(nobody, nobody, 2, 2).tolist() == [[0, 0], [0, 0]]
    assert wilson(0, 0) is clopper_pearson(0, 0) is newcombe_difference(0, 0, 1, 2) is None
    assert mean([np.nan]) is quantile([], 0.5) is nps([]) is bca([4.0], mean_of, 1) is None
    assert goodman([0, 0]) is sison_glaz([0, 0]) is None


def test_a_share_above_one_is_refused():
    with pytest.raises(ValueError, match=r"count must lie in \[0, base\], found 3 of 2"):
        wilson(3, 2)
    with pytest.raises(ValueError, match=r"confidence must lie in \(0, 1\), found 95"):
        wilson(1, 2, confidence=95)
    with pytest.raises(ValueError, match="population must be at least the base, found 5 for 10"):
        wilson(1, 10, population=5)


def test_a_census_has_no_width():
    full = wilson(3, 10, population=10)
    assert (full.low, full.high) == pytest.approx((0.3, 0.3))
    assert mean([1, 2, 3], population=3).standard_error == 0
    # Ten of nineteen leave half the variance: as good as twenty out of very many.
    half, twice = wilson(3, 10, population=19), wilson(6, 20)
    assert (half.low, half.high) == pytest.approx((twice.low, twice.high))
    large, unknown = wilson(3, 10, population=10**9), wilson(3, 10)
    assert (large.low, large.high) == pytest.approx((unknown.low, unknown.high))


def test_results_hold_plain_numbers_whatever_comes_in():
    count, base = np.array([3, 5]), np.array([10, 12])
    for result in (
        wilson(count[0], base[0]),
        wilson(count[0], base[0], population=base[1]),
        clopper_pearson(count[0], base[0]),
        newcombe_difference(count[0], base[0], count[1], base[1]),
        mcnemar(np.array([[20, 10], [5, 20]])),
        association(np.array([[10, 20], [20, 10]]), seed=1),
        mean(np.array([1, 2, 4])),
        nps(np.array([1, 9, 10])),
    ):
        fields = dataclasses.asdict(result)
        fields.update(fields.pop("interval", None) or {})
        assert all(type(value) in (int, float, str, type(None)) for value in fields.values()), result


def test_sison_glaz_says_nothing_of_a_unanimous_question():
    assert sison_glaz([0, 0, 7]) is None
    assert goodman([0, 0, 7])[2].low < 0.6


@pytest.mark.parametrize("table", [[[3, 4, 0]], [[3], [4]], [[0, 0], [0, 0]], [[3, 0], [4, 0]], [[1, 2], [0, 0]]])
def test_a_table_with_nothing_to_compare_has_a_reason(table):
    for test in (chi_square, freeman_halton, lambda t: monte_carlo(t, 1), lambda t: association(t, 1)):
        result = test(table)
        assert result.reason == "fewer_than_two_rows_or_columns"
        assert result.p_value is None
        assert result.base == np.sum(table)
    assert cramers_v(table) is None


def test_a_table_too_large_for_enumeration_is_refused_and_then_simulated():
    table = np.arange(36).reshape(6, 6) % 7
    with pytest.raises(ValueError, match="6 × 6 table of 105 is too large for enumeration: more than 2000000 partial"):
        freeman_halton(table)
    result = association(table, seed=4)
    assert result.method == "monte_carlo"
    assert result.p_se > 0
    assert result == association(table, seed=4)
    assert result.p_value != association(table, seed=5).p_value


def test_tables_that_are_not_counts_are_refused():
    with pytest.raises(ValueError, match="table must hold whole, non-negative counts"):
        chi_square([[1, -1], [2, 3]])
    with pytest.raises(ValueError, match="table must hold whole, non-negative counts"):
        chi_square([[1.5, 1], [2, 3]])
    with pytest.raises(ValueError, match="table must be two-dimensional"):
        chi_square([1, 2])


def test_an_effect_size_that_cannot_be_corrected_is_zero():
    # One respondent a row and a column: plain V is 1 by construction.
    v = cramers_v([[1, 0], [0, 1]])
    assert (v.plain, v.corrected, v.low, v.high) == (1, 0, 0, 1)


def test_p_values_and_scores_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"p-values must lie in \[0, 1\], found 0.5 to 1.5"):
        holm([0.5, 1.5])
    with pytest.raises(ValueError, match="scores must be whole numbers from 0 to 10"):
        nps([11])
    with pytest.raises(ValueError, match="values must be finite"):
        mean([np.inf])
    with pytest.raises(ValueError, match=r"q must lie in \[0, 1\], found 50"):
        quantile([1], 50)


def test_missing_values_stay_in_their_place():
    assert holm([0.01, None, 0.04]) == [0.02, None, 0.04]
    adjusted = holm([float("nan"), 0.04])
    assert np.isnan(adjusted[0])
    assert adjusted[1] == 0.04
