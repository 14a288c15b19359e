"""Counts, exact tests and intervals against brute force."""

from __future__ import annotations

from itertools import pairwise, permutations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2_contingency

from synthese.statistics.association import (
    adjusted_residuals,
    association,
    chi_square,
    cramers_v,
    freeman_halton,
    g_test,
    monte_carlo,
)
from synthese.statistics.bootstrap import bca, mean_of
from synthese.statistics.multiplicity import benjamini_hochberg, holm
from synthese.statistics.proportions import newcombe_difference, wilson
from synthese.statistics.tabulation import crosstab

codes = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 2)), max_size=40)
tables = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=4).map(np.array)
bounded = settings(max_examples=60, deadline=None)


@given(codes)
def test_crosstab_counts_every_pair_of_answers(pairs):
    array = np.array(pairs, dtype=np.int8).reshape(-1, 2)
    weights = np.arange(1.0, len(pairs) + 1)
    table = crosstab(array[:, 0], array[:, 1], 4, 3)
    weighted = crosstab(array[:, 0], array[:, 1], 4, 3, weights)
    for r in range(4):
        for c in range(3):
            assert table[r, c] == pairs.count((r, c))
            assert weighted[r, c] == sum(w for w, pair in zip(weights, pairs, strict=True) if pair == (r, c))


def enumerated(table: np.ndarray) -> float:
    """Freeman–Halton by walking over every table with these margins."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    n = int(table.sum())
    constant = prod(factorial(v) for v in [*rows.tolist(), *columns.tolist()]) / factorial(n)
    found = []

    def fill(cells: list[int]) -> None:
        if len(cells) == table.size:
            candidate = np.array(cells).reshape(table.shape)
            if (candidate.sum(axis=1) == rows).all() and (candidate.sum(axis=0) == columns).all():
                found.append(constant / prod(factorial(v) for v in cells))
            return
        r, c = divmod(len(cells), table.shape[1])
        for value in range(int(min(rows[r] - sum(cells[r * table.shape[1] :]), columns[c])) + 1):
            fill([*cells, value])

    fill([])
    observed = constant / prod(factorial(v) for v in table.ravel().tolist())
    assert sum(found) == pytest.approx(1)
    return sum(p for p in found if p <= observed * (1 + 1e-7))


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=3).map(np.array))
@bounded
def test_freeman_halton_is_the_enumeration_of_all_tables(table):
    assume(table.sum() <= 9)
    assume((table.sum(axis=0) > 0).sum() > 1)
    assume((table.sum(axis=1) > 0).sum() > 1)
    full = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    assert freeman_halton(table).p_value == pytest.approx(enumerated(full), rel=1e-6)


def test_freeman_halton_is_the_permutation_of_answers():
    rows, columns = [0, 0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 1, 0, 1]
    observed = crosstab(rows, columns, 3, 2)
    weight = {}
    for shuffled in permutations(columns):
        key = tuple(crosstab(rows, shuffled, 3, 2).ravel())
        weight[key] = weight.get(key, 0) + 1
    mine = weight[tuple(observed.ravel())]
    p = sum(w for w in weight.values() if w <= mine) / factorial(7)
    assert freeman_halton(observed).p_value == pytest.approx(p)


@given(tables, st.randoms(use_true_random=False))
@bounded
def test_order_of_options_and_blank_ones_change_nothing(table, random):
    assume((table.sum(axis=0) > 0).sum() > 1)
    assume((table.sum(axis=1) > 0).sum() > 1)
    order = list(range(table.shape[0]))
    random.shuffle(order)
    other = np.vstack([table[order], np.zeros((1, 3), dtype=int)])[:, ::-1]
    for test in (chi_square, g_test, freeman_halton, lambda t: monte_carlo(t, 5, 200)):
        a, b = test(table), test(other)
        assert a.p_value == pytest.approx(b.p_value, rel=1e-6)
        assert a.df == b.df
    assert cramers_v(table).plain == pytest.approx(cramers_v(other).plain)
    assert cramers_v(table).corrected == pytest.approx(cramers_v(other).corrected)
    assert association(table, 1).method == association(other, 1).method


@given(tables)
@bounded
def test_chi_square_is_scipys_and_v_lies_in_its_interval(table):
    assume((table.sum(axis=0) > 0).sum() > 1)
    assume((table.sum(axis=1) > 0).sum() > 1)
    full = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    theirs = chi2_contingency(full, correction=False)
    ours = chi_square(table)
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))
    v = cramers_v(table)
    assert 0 <= v.low <= v.corrected + 1e-12
    assert v.corrected <= v.high + 1e-12
    assert v.high <= 1
    assert v.corrected <= v.plain * 1.5 + 1e-12


@given(tables)
@bounded
def test_residuals_squared_of_a_two_by_two_are_its_chi_square(table):
    small = table[:2, :2]
    assume((small.sum(axis=0) > 0).all())
    assume((small.sum(axis=1) > 0).all())
    assert adjusted_residuals(small) ** 2 == pytest.approx(np.full((2, 2), chi_square(small).statistic))


def extreme_coverages(n: int, shares: np.ndarray) -> tuple[float, float]:
    """Least and greatest exact coverage of Wilson's interval over these shares."""
    k = np.arange(n + 1)
    bounds = np.array([(i.low, i.high) for i in (wilson(int(c), n) for c in k)])
    found = [binom.pmf(k, n, p)[(bounds[:, 0] <= p) & (p <= bounds[:, 1])].sum() for p in shares]
    return float(min(found)), float(max(found))


WHOLE_PERCENTS = np.arange(10, 91) / 100


@pytest.mark.parametrize(("n", "least", "most"), [(54, 0.934, 0.9673), (80, 0.93, 0.97), (100, 0.93, 0.97)])
def test_wilson_covers_93_to_97_percent_at_whole_percents(n, least, most):
    low, high = extreme_coverages(n, WHOLE_PERCENTS)
    assert least <= low
    assert high <= most


@pytest.mark.parametrize(
    ("n", "least", "most"),
    [(10, 0.9158, 0.985), (30, 0.9208, 0.9761), (50, 0.9308, 0.9704), (54, 0.929, 0.9693), (100, 0.9326, 0.9654)],
)
def test_worst_coverage_lies_beside_the_bounds_and_is_known(n, least, most):
    # Coverage jumps where a share crosses a bound of some interval: a grid of shares misses the extremes.
    intervals = [wilson(count, n) for count in range(n + 1)]
    bounds = np.array([i.low for i in intervals] + [i.high for i in intervals])
    shares = np.concatenate([WHOLE_PERCENTS, bounds - 1e-9, bounds + 1e-9])
    low, high = extreme_coverages(n, shares[(shares >= 0.1) & (shares <= 0.9)])
    assert low == pytest.approx(least, abs=1e-4)
    assert high == pytest.approx(most, abs=2e-4)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
@bounded
def test_difference_mirrors_when_samples_are_swapped(base_a, base_b, data):
    a, b = data.draw(st.integers(0, base_a)), data.draw(st.integers(0, base_b))
    one, other = newcombe_difference(a, base_a, b, base_b), newcombe_difference(b, base_b, a, base_a)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert one.low <= a / base_a - b / base_b <= one.high


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=20))
def test_adjusted_p_values_keep_order_place_and_bounds(p):
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p)
        assert [v is None for v in adjusted] == [v is None for v in p]
        known = sorted((a, b) for a, b in zip(p, adjusted, strict=True) if a is not None)
        assert all(a <= b + 1e-15 <= 1 + 1e-15 for a, b in known)
        assert all(first[1] <= second[1] for first, second in pairwise(known))


@given(st.lists(st.integers(0, 10), min_size=2, max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_bootstrap_does_not_see_the_order_of_respondents(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    one, other = bca(values, mean_of, 11, resamples=200), bca([*shuffled, float("nan")], mean_of, 11, resamples=200)
    assert one == other
    assert (one is None) == (len(set(values)) == 1)
    assert one is None or one.low <= one.high


@pytest.mark.parametrize(
    ("shares", "n"),
    [
        ([[0.2, 0.1, 0.05], [0.08, 0.15, 0.1], [0.04, 0.08, 0.2]], 150),
        ([[0.14, 0.11, 0.1], [0.1, 0.12, 0.1], [0.1, 0.1, 0.13]], 200),
        ([[0.25, 0.25], [0.25, 0.25]], 100),
    ],
)
def test_interval_of_v_covers_and_correction_removes_most_of_the_bias(shares, n):
    p = np.array(shares) / np.sum(shares)
    means = np.outer(p.sum(axis=1), p.sum(axis=0))
    true = np.sqrt(((p - means) ** 2 / means).sum() / (min(p.shape) - 1))
    draws = np.random.default_rng(1).multinomial(n, p.ravel(), size=500)
    found = [cramers_v(draw.reshape(p.shape)) for draw in draws]
    assert 0.92 <= np.mean([v.low <= true + 1e-12 and true <= v.high for v in found]) <= 0.99
    assert abs(np.mean([v.corrected for v in found]) - true) < abs(np.mean([v.plain for v in found]) - true)
