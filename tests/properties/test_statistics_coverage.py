"""Exact coverage of 95 % Wilson intervals over every share from 10 to 90 %, not over a grid of shares.

"93 to 97 %" is true of every base from 56 on. At 50 coverage lies in 93.08 to 97.03 %, at 52 to 55 it falls to 92.85 %.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import binom

from synthese.statistics.proportions import wilson


def log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def extremes(n: int) -> tuple[float, float]:
    """Infimum and maximum of coverage, in percent.

    Between two neighbouring bounds of intervals the counts that cover are the same, a to b, and the probability of
    those is a function with one peak, which has a closed form: its least values lie at the ends.
    """
    low, high = np.array([(one.low, one.high) for one in (wilson(count, n) for count in range(n + 1))]).T
    jumps = np.unique(np.concatenate([low, high, [0.1, 0.9]]))
    jumps = jumps[(jumps >= 0.1) & (jumps <= 0.9)]
    left, right = jumps[:-1], jumps[1:]
    middle = (left + right) / 2
    a, b = np.searchsorted(high, middle), np.searchsorted(low, middle) - 1

    def covered(share: np.ndarray) -> np.ndarray:
        return binom.cdf(b, n, share) - binom.cdf(a - 1, n, share)

    # Where the derivative is 0: C(n-1, a-1) p^(a-1) q^(n-a) = C(n-1, b) p^b q^(n-1-b).
    with np.errstate(invalid="ignore"):
        odds = np.exp((log_choose(n - 1, a - 1.0) - log_choose(n - 1, b.astype(float))) / (b - a + 1))
    peak = np.clip(np.nan_to_num(odds / (1 + odds), nan=0.5), left, right)
    ends = np.minimum(covered(left), covered(right))
    return 100 * float(ends.min()), 100 * float(np.max([covered(left), covered(right), covered(peak)]))


def test_from_56_on_coverage_is_93_to_97_percent():
    for n in range(56, 201):
        least, most = extremes(n)
        assert least >= 93, n
        assert most <= 97, n


def test_at_50_it_is_almost_so_and_at_55_not():
    assert extremes(50) == (pytest.approx(93.081, abs=5e-4), pytest.approx(97.031, abs=5e-4))
    found = {n: extremes(n) for n in range(50, 56)}
    assert [n for n, (least, _) in found.items() if least < 93] == [52, 53, 54, 55]
    assert [n for n, (_, most) in found.items() if most > 97] == [50]
    assert min(least for least, _ in found.values()) == pytest.approx(92.85, abs=0.01)


def test_a_fine_grid_finds_nothing_beyond_the_extremes():
    n, shares = 60, np.linspace(0.1, 0.9, 20_001)
    low, high = np.array([(one.low, one.high) for one in (wilson(count, n) for count in range(n + 1))]).T
    covers = (low[:, None] <= shares) & (shares <= high[:, None])
    found = 100 * (binom.pmf(np.arange(n + 1)[:, None], n, shares) * covers).sum(axis=0)
    least, most = extremes(n)
    assert least - 1e-9 <= found.min() <= least + 0.1
    assert most - 0.01 <= found.max() <= most + 1e-9
