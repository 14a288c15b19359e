"""Multiple response: bases, invariances, and the second-order correction against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.statistics.association import chi_square
from synthese.statistics.marginal import bootstrap_independence, multiple_by_multiple, single_by_multiple
from synthese.statistics.multiple import cochran_q
from synthese.statistics.rankings import friedman
from synthese.statistics.tabulation import crosstab
from synthese.statistics.waves import mcnemar

bounded = settings(max_examples=40, deadline=None)
marks_of = st.lists(st.lists(st.integers(-1, 1), min_size=3, max_size=3), min_size=1, max_size=30).map(np.array)


def correlated(generator: np.random.Generator, n: int, items: int) -> np.ndarray:
    """Items that share a tendency to tick."""
    leaning = generator.normal(size=(n, 1))
    return (leaning + generator.normal(size=(n, items)) > 0.4).astype(int)


def test_one_item_is_the_ordinary_chi_square():
    generator = np.random.default_rng(3)
    groups, marks = generator.integers(-1, 3, 120), generator.integers(0, 2, (120, 1))
    ordinary = chi_square(crosstab(groups, marks[:, 0], 3, 2))
    test = single_by_multiple(groups, 3, marks)
    for corrected in (test.rao_scott, test.bonferroni):
        assert (corrected.statistic, corrected.df) == pytest.approx((ordinary.statistic, ordinary.df))
        assert corrected.p_value == pytest.approx(ordinary.p_value)
    pair = multiple_by_multiple((groups[:, None] == 0).astype(int), marks)
    assert pair.rao_scott.statistic == pytest.approx(
        chi_square(crosstab((groups == 0).astype(int), marks[:, 0], 2, 2)).statistic
    )


def test_items_ticked_always_together_count_once():
    generator = np.random.default_rng(4)
    groups, item = generator.integers(0, 3, 90), generator.integers(0, 2, (90, 1))
    once, twice = single_by_multiple(groups, 3, item), single_by_multiple(groups, 3, np.hstack([item, item]))
    assert twice.total == pytest.approx(2 * once.total)
    assert twice.rao_scott.p_value == pytest.approx(once.rao_scott.p_value)


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_second_order_moments_are_those_of_simulated_independence(kind):
    generator = np.random.default_rng(6)
    totals, rejected = [], 0
    for _ in range(700):
        marks = correlated(generator, 150, 4)
        if kind == "single":
            result = single_by_multiple(generator.integers(0, 4, 150), 4, marks)
        else:
            result = multiple_by_multiple(correlated(generator, 150, 3), marks)
        totals.append(result.total)
        rejected += result.rao_scott.p_value < 0.05
    count = 12
    # df of the correction = (Σ eigenvalues)² / Σ squares; variance of X²_S = 2 Σ squares.
    assert np.mean(totals) == pytest.approx(count, rel=0.06)
    assert np.var(totals) == pytest.approx(2 * count**2 / result.rao_scott.df, rel=0.25)
    assert rejected / 700 == pytest.approx(0.05, abs=0.025)


def test_bootstrap_and_correction_agree_and_order_does_not_matter():
    generator = np.random.default_rng(9)
    w = correlated(generator, 120, 3)
    y = np.where(generator.random((120, 4)) < 0.12, w[:, :1], correlated(generator, 120, 4))
    order = generator.permutation(120)
    one, other = bootstrap_independence(w, y, 5, 600), bootstrap_independence(w[order], y[order], 5, 600)
    assert one == other
    corrected = multiple_by_multiple(w, y)
    assert one.statistic == pytest.approx(corrected.total)
    assert one.p_value == pytest.approx(corrected.rao_scott.p_value, abs=4 * one.p_se + 0.01)
    moved = multiple_by_multiple(w[order], y[order][:, ::-1])
    assert moved.rao_scott.p_value == pytest.approx(corrected.rao_scott.p_value)


def test_nothing_to_compare_has_a_reason():
    nobody = np.zeros((10, 2), dtype=int)
    for test in (
        single_by_multiple(np.arange(10) % 2, 2, nobody),
        single_by_multiple(np.zeros(10, dtype=int), 2, np.eye(10, 2, dtype=int)),
        multiple_by_multiple(nobody, np.eye(10, 2, dtype=int)),
        multiple_by_multiple(np.full((3, 2), -1), np.full((3, 2), -1)),
    ):
        assert test.rao_scott.reason == test.bonferroni.reason == "no_variation"
        assert test.rao_scott.p_value is None
    assert bootstrap_independence(nobody, nobody, 1).reason == "no_variation"
    assert cochran_q(nobody).reason == friedman(np.ones((4, 3), dtype=int)).reason == "no_variation"


@given(st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=2), min_size=30, max_size=90).map(np.array))
@bounded
def test_cochrans_q_of_two_items_is_mcnemars(marks):
    changed = int((marks[:, 0] != marks[:, 1]).sum())
    test = cochran_q(marks)
    if changed >= 25:
        assert test.statistic == pytest.approx(mcnemar(crosstab(1 - marks[:, 0], 1 - marks[:, 1], 2, 2)).statistic)
    assert (test.reason == "no_variation") == (changed == 0)


def test_marks_and_ranks_that_are_none_are_refused():
    assert cochran_q([[1, 0], [0, 0], [-1, -1]]).base == 2, "nothing ticked is an answer, missing is not"
    assert friedman([[1, 2, 3]] * 5).effect_size == pytest.approx(1)
    with pytest.raises(ValueError, match=r"marks must be 1, 0 or -1 \(missing\), found 0 to 2"):
        cochran_q([[2, 0]])
    with pytest.raises(ValueError, match="ranks must be 1, 2, 3"):
        friedman([[0, 1]])
