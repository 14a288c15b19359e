"""Ordered scales, effects, waves: invariances, and brute force over permutations or the multinomial."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, multinomial

from synthese.statistics.association import chi_square
from synthese.statistics.crosses import column_comparisons, letter
from synthese.statistics.effects import concordance
from synthese.statistics.ordinal import (
    cochran_armitage,
    expand,
    kruskal_wallis,
    linear_by_linear,
    mann_whitney,
)
from synthese.statistics.waves import mcnemar

bounded = settings(max_examples=50, deadline=None)
tables = st.lists(st.lists(st.integers(0, 8), min_size=3, max_size=3), min_size=3, max_size=3).map(np.array)


def test_mann_whitney_is_the_permutation_of_groups():
    values = np.array([1.0, 3, 4, 7, 9, 12, 13, 20])
    groups = np.array([0, 1, 0, 0, 1, 1, 0, 1])
    observed = mann_whitney(values, groups)

    def u(chosen):
        return sum(values[i] > values[j] for i in chosen for j in range(8) if j not in chosen)

    gaps = [abs(u(chosen) - 8) for chosen in combinations(range(8), 4)]
    assert observed.p_value == pytest.approx(np.mean(np.array(gaps) >= abs(observed.statistic - 8)))


@pytest.mark.parametrize("test", [kruskal_wallis, mann_whitney])
def test_rank_tests_agree_with_random_permutations(test):
    generator = np.random.default_rng(5)
    values, groups = generator.integers(0, 5, 60).astype(float), np.repeat([0, 1], 30)
    values[groups == 1] += generator.integers(0, 2, 30)
    observed = test(values, groups)
    center = 0 if test is kruskal_wallis else 450
    drawn = [abs(test(values, generator.permutation(groups)).statistic - center) for _ in range(800)]
    p = np.mean(np.array(drawn) >= abs(observed.statistic - center) - 1e-9)
    assert p == pytest.approx(observed.p_value, abs=4 * np.sqrt(0.25 / 800))


@given(tables)
@bounded
def test_gamma_and_tau_are_counts_of_pairs(table):
    rows, columns = expand(table)
    result = concordance(table)
    signs = [
        np.sign(int(rows[i]) - int(rows[j])) * np.sign(int(columns[i]) - int(columns[j]))
        for i, j in combinations(range(rows.size), 2)
    ]
    assert result.concordant == sum(s > 0 for s in signs)
    assert result.discordant == sum(s < 0 for s in signs)
    if result.tau_b is not None:
        assert result.tau_b == pytest.approx(kendalltau(rows, columns).statistic)
        assert result.tau_b_interval.low <= result.tau_b <= result.tau_b_interval.high
    mirrored = concordance(table[::-1])
    assert (mirrored.concordant, mirrored.discordant) == (result.discordant, result.concordant)


def test_errors_of_gamma_and_tau_are_those_of_resampled_tables():
    table = np.array([[30, 22, 9], [18, 40, 21], [6, 25, 33]])
    draws = multinomial.rvs(table.sum(), table.ravel() / table.sum(), size=1500, random_state=2)
    resampled = [concordance(draw.reshape(3, 3)) for draw in draws]
    result = concordance(table)
    for name in ("gamma", "tau_b"):
        interval = getattr(result, f"{name}_interval")
        error = (interval.high - interval.low) / (2 * 1.959964)
        assert np.std([getattr(r, name) for r in resampled]) == pytest.approx(error, rel=0.06)


@given(tables)
@bounded
def test_linear_by_linear_does_not_see_the_unit_of_scores(table):
    assume(table.sum() > 1)
    one, other = linear_by_linear(table), linear_by_linear(table, [10, 30, 50], [5, 4, 3])
    assert one.reason == other.reason
    if one.p_value is not None:
        assert one.statistic == pytest.approx(other.statistic)
        assert one.effect_size == pytest.approx(-other.effect_size)
        rows, columns = expand(table)
        assert one.effect_size == pytest.approx(np.corrcoef(rows, columns)[0, 1])


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(20, 40)), min_size=2, max_size=2))
@bounded
def test_trend_over_two_groups_is_the_comparison_of_two_shares(groups):
    (a, n), (b, m) = groups
    trend, change = cochran_armitage([a, b], [n, m]), chi_square([[a, b], [n - a, m - b]])
    assert (trend.reason is None) == (change.reason is None)
    if trend.p_value is not None:
        assert trend.statistic == pytest.approx(change.statistic)
        assert trend.effect_size == pytest.approx(b / m - a / n)


@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=2, max_size=3).map(np.array))
@bounded
def test_comparisons_follow_the_columns_when_these_are_moved(table):
    result, moved = column_comparisons(table), column_comparisons(table[:, ::-1])
    assert moved.p_adjusted[:, ::-1, ::-1] == pytest.approx(result.p_adjusted, nan_ok=True)


def test_letters_go_on_after_z():
    assert [letter(i) for i in (0, 25, 26, 27, 51, 52, 701, 702)] == ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]


def test_false_differences_stay_at_the_level_of_the_family():
    generator = np.random.default_rng(8)
    chosen = generator.binomial(80, 0.4, size=(400, 4))
    wrong = sum(bool((column_comparisons([row, 80 - row]).p_adjusted[0] < 0.05).any()) for row in chosen)
    assert wrong / 400 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_paired_interval_covers():
    cells = np.array([0.35, 0.15, 0.25, 0.25])
    draws = multinomial.rvs(60, cells, size=1500, random_state=4)
    held = [(r := mcnemar(draw.reshape(2, 2))).effect_low <= 0.1 <= r.effect_high for draw in draws]
    assert 0.93 <= np.mean(held) <= 0.975


@given(st.integers(0, 9), st.integers(0, 9))
@bounded
def test_exact_mcnemar_counts_coin_tosses(left, joined):
    result = mcnemar([[20, left], [joined, 20]])
    if left + joined == 0:
        assert result.reason == "no_change"
        return
    tosses = [bin(i).count("1") for i in range(2 ** (left + joined))]
    worse = np.mean(np.array(tosses) <= min(left, joined))
    assert result.p_value == pytest.approx(min(1, 2 * worse))
    assert result.effect_size == pytest.approx((joined - left) / (40 + left + joined))
