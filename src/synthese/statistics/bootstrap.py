"""Seeded bootstrap intervals of one-sample statistics.

Belongs here: the BCa interval. Does not: the bootstrap of a test of multiple responses (``multiple``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from synthese.statistics.numeric import answered
from synthese.statistics.results import Interval

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_CELLS_AT_ONCE = 2_000_000


def mean_of(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each row, shape (samples,)."""
    return np.asarray(samples.mean(axis=-1))


def quantile_of(q: float) -> Statistic:
    """Return the statistic "quantile of order `q` of each row" (type 7); .5 is the median."""

    def statistic(samples: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.quantile(samples, q, axis=-1))

    return statistic


def _resampled(known: NDArray[np.float64], statistic: Statistic, seed: int, resamples: int) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    chunk = max(1, _CELLS_AT_ONCE // known.size)
    parts = []
    for start in range(0, resamples, chunk):
        rows = min(chunk, resamples - start)
        parts.append(statistic(known[generator.integers(0, known.size, (rows, known.size))]))
    return np.concatenate(parts)


def _jackknifed(known: NDArray[np.float64], statistic: Statistic) -> NDArray[np.float64]:
    chunk = max(1, _CELLS_AT_ONCE // known.size)
    parts = []
    for start in range(0, known.size, chunk):
        left_out = np.arange(start, min(start + chunk, known.size))
        columns = np.arange(known.size - 1)
        parts.append(statistic(known[columns + (columns >= left_out[:, None])]))
    return np.concatenate(parts)


def bca(
    values: ArrayLike,
    statistic: Statistic,
    seed: int,
    confidence: float = 0.95,
    resamples: int = 9_999,
) -> Interval | None:
    """Bias-corrected and accelerated bootstrap interval (Efron, 1987).

    Values are sorted first: the interval does not depend on the order of the respondents.

    Parameters
    ----------
    values : array of float, shape (respondents,)
        NaN is missing and left out.
    statistic : callable
        Takes samples of shape (samples, size) and returns shape (samples,): :func:`mean_of`,
        :func:`quantile_of`.
    seed : int
        Seed of the generator.
    confidence : float, default 0.95
        Nominal coverage.
    resamples : int, default 9999
        Bootstrap samples.

    Returns
    -------
    Interval or None
        None with fewer than two answers.
    """
    known = answered(values)
    if known.size < 2:
        return None
    estimate = float(statistic(known[None, :])[0])
    drawn = _resampled(known, statistic, seed, resamples)
    below = float(np.mean(drawn < estimate) + np.mean(drawn == estimate) / 2)
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if 0 < below < 1:
        shift = float(ndtri(below))
        jackknife = _jackknifed(known, statistic)
        deviations = jackknife.mean() - jackknife
        spread = float((deviations**2).sum())
        # A jackknife without spread (a median between equal answers) has no skewness to correct.
        acceleration = float((deviations**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
        raw = shift + ndtri(tails)
        tails = ndtr(shift + raw / (1 - acceleration * raw))
    low, high = np.quantile(drawn, tails)
    return Interval(float(low), float(high), confidence, "bca")
