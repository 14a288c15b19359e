"""Calibrated weights: margins and bounds hold or it is said which does not; residuals are those of least squares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.statistics.designs import Design
from synthese.statistics.weights import Margin, NotMetError, kish, rake


@st.composite
def samples(draw):
    """Weights, codes of two margins in which every option occurs, totals, and an order of rows."""
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    sizes = draw(st.tuples(st.integers(2, 4), st.integers(2, 3)))
    n = draw(st.integers(30, 60))
    codes = [np.concatenate([np.arange(k), rng.integers(0, k, n - k)]) for k in sizes]
    codes[1] = rng.permutation(codes[1])
    totals = [rng.uniform(1, 3, k) for k in sizes]
    return rng.uniform(0.5, 4, n), codes, [total / total.sum() for total in totals], rng.permutation(n)


def raked(weights, codes, totals, **more):
    margins = [Margin(code, total, "s") for code, total in zip(codes, totals, strict=True)]
    return rake(weights, margins, **more)


@settings(max_examples=25, deadline=None)
@given(samples(), st.sampled_from([None, 1.2, 2.0, 4.0]))
def test_margins_and_bound_hold_or_the_farthest_option_is_named(sample, at_most):
    weights, codes, totals, _ = sample
    try:
        found = raked(weights, codes, totals, at_most=at_most)
    except NotMetError as error:
        farthest = error
    else:
        farthest = None
    if farthest is not None:
        assert 0 <= farthest.option < totals[farthest.margin].size
        assert farthest.gap > 1e-10
        return
    for code, total in zip(codes, totals, strict=True):
        met = np.bincount(code, found.weights) / found.weights.sum()
        assert met == pytest.approx(total, rel=1e-9)
    assert found.weights.sum() == pytest.approx(weights.sum(), rel=1e-9)
    if at_most is not None:
        assert found.weights.max() <= at_most * found.weights.mean() * (1 + 1e-9)


@settings(max_examples=25, deadline=None)
@given(samples(), st.sampled_from([1e-6, 3.0, 1e6]))
def test_neither_order_nor_scale_changes_calibrated_weights(sample, scale):
    weights, codes, totals, order = sample
    one = raked(weights, codes, totals)
    other = raked(scale * weights[order], [code[order] for code in codes], totals)
    assert other.weights == pytest.approx(scale * one.weights[order], rel=1e-7)
    assert kish(other.weights).effective_n == pytest.approx(one.after.effective_n, rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(samples(), st.booleans())
def test_residuals_are_those_of_weighted_least_squares(sample, clustered):
    weights, codes, totals, order = sample
    values = np.column_stack([np.cos(np.arange(weights.size)), order % 2]).astype(float)
    clusters = order % 7 if clustered else None
    found = raked(weights, codes, totals)
    design = Design(found.weights, clusters=clusters, calibration=codes, base_weights=weights)
    indicators = np.column_stack([codes[k][:, None] == np.arange(totals[k].size) for k in (0, 1)])
    root = np.sqrt(weights)[:, None]
    residuals = values - indicators @ np.linalg.lstsq(indicators * root, values * root, rcond=None)[0]
    expected = Design(found.weights, clusters=clusters).covariance(residuals)
    assert design.covariance(values) == pytest.approx(expected, rel=1e-8, abs=1e-10)
    # A margin itself is known: its total has no error.
    assert design.covariance((codes[0] == 0).astype(float)) == pytest.approx(0, abs=1e-10)
