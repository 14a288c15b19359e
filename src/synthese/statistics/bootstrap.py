"""Seeded bootstrap intervals of one-sample statistics.

Belongs here: the BCa interval of a mean and of a quantile. Does not: the bootstrap of a test of multiple responses
(``marginal``), intervals of a sample design (``weighted``, ``quantiles``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from synthese.statistics.numeric import answered
from synthese.statistics.results import Interval

Floats = NDArray[np.float64]
_CELLS_AT_ONCE = 200_000  # what the cache of a processor holds
_DRAWS_AT_MOST = 200_000_000
_RESAMPLES_AT_LEAST = 999


class Statistic(Protocol):
    """A statistic of sorted values, in the three forms that BCa needs; none of them holds resamples by value."""

    def value(self, known: Floats) -> float:
        """Return the statistic of the values themselves."""

    def resampled(self, known: Floats, generator: np.random.Generator, resamples: int) -> Floats:
        """Return the statistic of samples drawn with replacement, shape (resamples,)."""

    def jackknifed(self, known: Floats) -> Floats:
        """Return the statistic without each value in turn, shape (values,)."""


class _Mean:
    def value(self, known: Floats) -> float:
        return float(known.mean())

    def resampled(self, known: Floats, generator: np.random.Generator, resamples: int) -> Floats:
        distinct, counts = np.unique(known, return_counts=True)
        if 4 * distinct.size <= known.size:  # answers that repeat: how often each is drawn, instead of every draw
            drawn = generator.multinomial(known.size, counts / known.size, resamples)
            return np.asarray(drawn @ distinct / known.size)
        chunk = max(1, _CELLS_AT_ONCE // known.size)
        parts = []
        for start in range(0, resamples, chunk):
            rows = min(chunk, resamples - start)
            parts.append(known[generator.integers(0, known.size, (rows, known.size))].mean(axis=-1))
        return np.concatenate(parts)

    def jackknifed(self, known: Floats) -> Floats:
        return np.asarray((known.sum() - known) / (known.size - 1))


@dataclass(frozen=True)
class _Quantile:
    q: float

    def value(self, known: Floats) -> float:
        return float(np.quantile(known, self.q))

    def resampled(self, known: Floats, generator: np.random.Generator, resamples: int) -> Floats:
        """Draw the two places that a type-7 quantile lies between as order statistics of uniform draws.

        A draw from n sorted values is the value at place floor(nU), so that the k-th smallest draw is the value at
        floor(n U(k)); U(k) is beta(k, n - k + 1), and U(k+1) the smallest of n - k uniforms above it (David and
        Nagaraja, 2003, 2.5). The same distribution as resampling, at a cost that n does not enter.
        """
        n = known.size
        below, part = _between(self.q, n)
        first = generator.beta(below + 1, n - below, resamples)
        second = first if below + 1 == n else first + (1 - first) * generator.beta(1, n - below - 1, resamples)
        low, high = (known[np.minimum((n * u).astype(np.int64), n - 1)] for u in (first, second))
        return np.asarray(low + part * (high - low))

    def jackknifed(self, known: Floats) -> Floats:
        below, part = _between(self.q, known.size - 1)
        left_out = np.arange(known.size)

        def at(place: int) -> Floats:
            place = min(place, known.size - 2)
            return np.asarray(np.where(left_out <= place, known[place + 1], known[place]))

        low, high = at(below), at(below + 1)
        return np.asarray(low + part * (high - low))


def _between(q: float, n: int) -> tuple[int, float]:
    """Place below the type-7 quantile of n sorted values, from 0, and how far it lies on the way to the next."""
    place = (n - 1) * q
    return floor(place), place - floor(place)


mean_of: Statistic = _Mean()


def quantile_of(q: float) -> Statistic:
    """Return the statistic "quantile of order `q`" (type 7 of Hyndman and Fan, 1996); .5 is the median."""
    return _Quantile(q)


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
    statistic : Statistic
        :data:`mean_of` or :func:`quantile_of`.
    seed : int
        Seed of the generator.
    confidence : float, default 0.95
        Nominal coverage.
    resamples : int, default 9999
        Bootstrap samples; fewer, down to 999, where they would be more than 2e8 draws.

    Returns
    -------
    Interval or None
        None with fewer than two answers, or where all are equal: no resample differs from the sample.
    """
    known = answered(values)
    if known.size < 2 or known[0] == known[-1]:
        return None
    resamples = max(min(resamples, _DRAWS_AT_MOST // known.size), min(resamples, _RESAMPLES_AT_LEAST))
    estimate = statistic.value(known)
    drawn = statistic.resampled(known, np.random.default_rng(seed), resamples)
    # Sums of the same answers in another order differ in the last digit: still ties.
    ties = np.isclose(drawn, estimate, rtol=1e-12, atol=0)
    below = float(np.mean((drawn < estimate) & ~ties) + np.mean(ties) / 2)
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if 0 < below < 1:
        shift = float(ndtri(below))
        jackknife = statistic.jackknifed(known)
        deviations = jackknife.mean() - jackknife
        spread = float((deviations**2).sum())
        # A jackknife without spread (a median between equal answers) has no skewness to correct.
        acceleration = float((deviations**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
        raw = shift + ndtri(tails)
        tails = ndtr(shift + raw / (1 - acceleration * raw))
    low, high = np.quantile(drawn, tails)
    return Interval(float(low), float(high), confidence, "bca")
