"""Intervals of one sample against brute force: every resample, every value in turn, drawn samples and their truth."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.statistics.bootstrap import bca, mean_of, quantile_of
from synthese.statistics.designs import Design
from synthese.statistics.proportions import korn_graubard, logit, wilson
from synthese.statistics.quantiles import covered, inverted_quantile
from synthese.statistics.weighted import weighted_mean, weighted_ratio

bounded = settings(max_examples=15, deadline=None)
answers = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5, 7.0]), min_size=3, max_size=12)
ORDERS = (0.1, 0.25, 0.5, 0.75, 0.9)


def known(values) -> np.ndarray:
    return np.sort(np.array(values, dtype=float))


@pytest.mark.parametrize("q", ORDERS)
def test_a_quantile_is_resampled_as_if_every_sample_were_drawn(q):
    values = known([1, 2, 4, 8, 9])
    every = np.quantile(values[np.array(list(product(range(5), repeat=5)))], q, axis=1)
    drawn = quantile_of(q).resampled(values, np.random.default_rng(3), 40_000)
    assert set(np.round(drawn, 9)) <= set(np.round(every, 9))
    for cut in np.unique(np.round(every, 9)):
        assert np.mean(drawn <= cut + 1e-8) == pytest.approx(np.mean(every <= cut + 1e-8), abs=0.01)


def test_answers_that_repeat_are_resampled_as_if_every_sample_were_drawn():
    values = known([1] * 3 + [2] * 4 + [5])
    drawn = mean_of.resampled(np.repeat(values, 2), np.random.default_rng(3), 40_000)
    plain = np.repeat(values, 2)[np.random.default_rng(4).integers(0, 16, (40_000, 16))].mean(axis=1)
    for part in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert np.quantile(drawn, part) == pytest.approx(np.quantile(plain, part), abs=0.07)
    assert drawn.std() == pytest.approx(plain.std(), rel=0.02)


@given(values=answers, q=st.sampled_from(ORDERS))
@bounded
def test_each_answer_is_left_out_in_turn(values, q):
    values = known(values)
    without = [np.delete(values, place) for place in range(values.size)]
    assert quantile_of(q).jackknifed(values) == pytest.approx([np.quantile(rest, q) for rest in without])
    assert mean_of.jackknifed(values) == pytest.approx([rest.mean() for rest in without])


@given(values=answers, seed=st.integers(0, 5), data=st.data())
@bounded
def test_the_order_of_answers_moves_no_bootstrap(values, seed, data):
    shuffled = data.draw(st.permutations(values))
    for statistic in (mean_of, quantile_of(0.25)):
        assert bca(values, statistic, seed, resamples=199) == bca(shuffled, statistic, seed, resamples=199)


@given(values=st.lists(st.integers(0, 9), min_size=2, max_size=40), q=st.sampled_from(ORDERS), data=st.data())
@bounded
def test_a_quantile_may_be_any_answer_that_no_share_rules_out(values, q, data):
    array = np.array(values, dtype=float)

    def limits(below):
        return wilson(int(below.sum()), array.size)

    found = inverted_quantile(array, q, limits)
    shares = [(v, limits(array <= v)) for v in sorted(set(values))]
    low = next((v for v, share in shares if share.high >= q), None)
    high = next((v for v, share in shares if share.low >= q), None)
    if len(shares) < 2 or limits(array < min(values)).high >= q or high is None:
        assert found is None
    else:
        assert (found.low, found.high, found.method) == (low, high, "inverted_wilson")
        shuffled = np.array(data.draw(st.permutations(values)), dtype=float)
        assert found == inverted_quantile(shuffled, q, lambda below: wilson(int(below.sum()), array.size))


def test_the_fewest_answers_that_could_bound_a_quantile():
    assert [min(n for n in range(2, 99) if covered(n, q, 0.95)) for q in (0.5, 0.25, 0.75)] == [6, 11, 11]


# Drawn samples, whose truth is known


def test_a_median_of_answers_that_many_share_is_covered():
    """Days a week, a third of them 2: centred on the share found at the estimate an interval would miss it."""
    chances, runs, hits = np.array([0.2, 0.2, 0.35, 0.15, 0.1]), 400, 0
    generator = np.random.default_rng(11)
    for _ in range(runs):
        values = generator.choice(5, 60, p=chances).astype(float)
        found = inverted_quantile(values, 0.5, lambda below, n=values.size: wilson(int(below.sum()), n))
        hits += found.low <= 2 <= found.high
    assert hits / runs >= 0.95


def test_a_weighted_share_is_covered_where_weights_go_with_the_answer():
    """Half of the population answers three times as often, and says yes less: unweighted shares are far off."""
    generator, runs, hits, naive = np.random.default_rng(12), 400, 0, 0
    for _ in range(runs):
        often = generator.random(150) < 0.75
        yes = generator.random(150) < np.where(often, 0.2, 0.6)
        found = weighted_mean(Design(np.where(often, 1.0, 3.0)), yes.astype(float))
        limits = korn_graubard(found.value, found.standard_error**2, found.base, found.df)
        hits += limits.low <= 0.4 <= limits.high
        plain = wilson(int(yes.sum()), 150)
        naive += plain.low <= 0.4 <= plain.high
    assert 0.93 <= hits / runs <= 0.99
    assert naive / runs < 0.6


def test_a_share_of_mentions_is_covered_where_mentions_were_not_drawn_apart():
    """One in two ticks the first option alone, the others the five others: mentions of one respondent are alike."""
    generator, runs, hits, naive = np.random.default_rng(13), 400, 0, 0
    truth = 0.5 / (0.5 + 0.5 * 5)
    for _ in range(runs):
        first = generator.random(80) < 0.5
        each = np.where(first, 1, 5)
        found = weighted_ratio(Design(np.ones(80)), first, each)
        limits = logit(found.value, found.standard_error**2, found.df)
        hits += limits.low <= truth <= limits.high
        plain = wilson(int(first.sum()), int(each.sum()))
        naive += plain.low <= truth <= plain.high
    assert 0.93 <= hits / runs <= 0.97
    assert naive / runs < 0.9


@given(scale=st.sampled_from([1e-3, 0.7, 50.0]), data=st.data())
@bounded
def test_the_scale_of_weights_and_the_order_of_respondents_move_no_estimate(scale, data):
    n = 30
    generator = np.random.default_rng(data.draw(st.integers(0, 99)))
    weights, values = generator.uniform(0.5, 4, n), generator.poisson(3, n).astype(float)
    each = generator.integers(1, 5, n).astype(float)
    strata, clusters = np.repeat([0, 1], 15), np.repeat(np.arange(10), 3)
    inside = generator.random(n) < 0.7
    order = generator.permutation(n)
    for more in ({}, {"strata": strata}, {"clusters": clusters}, {"strata": strata, "clusters": clusters}):
        one = Design(weights, **more)
        other = Design(weights[order] * scale, **{name: codes[order] for name, codes in more.items()})
        for a, b in (
            (weighted_mean(one, values, inside), weighted_mean(other, values[order], inside[order])),
            (
                weighted_ratio(one, values, each, inside),
                weighted_ratio(other, values[order], each[order], inside[order]),
            ),
        ):
            assert (a.value, a.standard_error) == pytest.approx((b.value, b.standard_error), rel=1e-9)
            assert (a.df, a.base) == (b.df, b.base)
            assert a.base_weighted * scale == pytest.approx(b.base_weighted)
