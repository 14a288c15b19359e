"""Estimates of numeric answers: mean, quantiles, net promoter score.

Belongs here: unweighted one-sample estimates with analytic intervals. Does not: bootstrap intervals
(``bootstrap``), comparisons of groups (``ordinal``), weighted estimates (``weighted``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from synthese.statistics.proportions import finite_population, normal_quantile
from synthese.statistics.results import Interval


@dataclass(frozen=True)
class Mean:
    """A mean with its t interval.

    Parameters
    ----------
    value : float
        The mean.
    standard_error : float or None
        None when `base` is 1.
    interval : Interval or None
        None when `base` is 1.
    base : int
        Numeric answers in the mean.
    """

    value: float
    standard_error: float | None
    interval: Interval | None
    base: int


@dataclass(frozen=True)
class NetPromoterScore:
    """A net promoter score, in points / 100.

    Parameters
    ----------
    value : float
        Share of promoters minus share of detractors, in [-1, 1].
    variance : float
        Estimated variance of `value`.
    interval : Interval
        Normal interval, cut to [-1, 1].
    promoters, passives, detractors : int
        Respondents who answered 9–10, 7–8, 0–6.
    base : int
        Respondents who gave a score.
    """

    value: float
    variance: float
    interval: Interval
    promoters: int
    passives: int
    detractors: int
    base: int


def answered(values: ArrayLike) -> NDArray[np.float64]:
    """Return the finite values as floats, sorted; NaN is missing.

    Sums over floats depend on their order, so everything here is computed on sorted values.

    Raises
    ------
    ValueError
        Values that are not one-dimensional, or infinite.
    """
    array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"values must be one-dimensional, found shape {array.shape}")
    if np.isinf(array).any():
        raise ValueError("values must be finite or NaN (missing), found an infinite one")
    return np.sort(array[~np.isnan(array)])


def mean(values: ArrayLike, confidence: float = 0.95, population: float | None = None) -> Mean | None:
    """Mean of the numeric answers with its t interval (Student, 1908).

    Parameters
    ----------
    values : array of float, shape (respondents,)
        NaN is missing and left out of the base.
    confidence : float, default 0.95
        Nominal coverage.
    population : float, optional
        Size of the frame, where it is known: the variance is multiplied by 1 - n / N (Cochran, 1977, 2.6).

    Returns
    -------
    Mean or None
        None when nobody answered.
    """
    known = answered(values)
    if known.size == 0:
        return None
    centre = float(known.mean())
    if known.size == 1:
        return Mean(centre, None, None, 1)
    sampled = 0.0 if population is None else known.size / population
    if sampled > 1:
        raise ValueError(f"population must be at least the base, found {population} for {known.size}")
    error = float(known.std(ddof=1)) * sqrt((1 - sampled) / known.size)
    half = float(stdtrit(known.size - 1, 0.5 + confidence / 2)) * error
    method = "t" if population is None else "t_fpc"
    return Mean(centre, error, Interval(centre - half, centre + half, confidence, method), int(known.size))


def quantile(values: ArrayLike, q: float) -> float | None:
    """Quantile by linear interpolation: type 7 of Hyndman and Fan (1996), R's default.

    Parameters
    ----------
    values : array of float, shape (respondents,)
        NaN is missing and left out.
    q : float
        Order, in [0, 1]; .5 is the median.

    Returns
    -------
    float or None
        None when nobody answered.

    Raises
    ------
    ValueError
        `q` outside [0, 1].
    """
    if not 0 <= q <= 1:
        raise ValueError(f"q must lie in [0, 1], found {q}")
    known = answered(values)
    return float(np.quantile(known, q, method="linear")) if known.size else None


def nps(scores: ArrayLike, confidence: float = 0.95, population: float | None = None) -> NetPromoterScore | None:
    """Net promoter score: share of 9–10 minus share of 0–6 (Reichheld, 2003; variance: Rocks, 2016).

    The variance is that of the difference of two shares of one multinomial, (p + d - (p - d)²) / n.

    Parameters
    ----------
    scores : array of float, shape (respondents,)
        Whole scores 0 … 10; NaN is missing and left out of the base.
    confidence : float, default 0.95
        Nominal coverage.
    population : float, optional
        Size of the frame, where it is known: the variance is multiplied by (N - n) / (N - 1) (Cochran, 1977, 3.2).

    Returns
    -------
    NetPromoterScore or None
        None when nobody answered.

    Raises
    ------
    ValueError
        A score that is not a whole number from 0 to 10.
    """
    balance = np.sort(score_balance(scores))
    n = int((~np.isnan(balance)).sum())
    if n == 0:
        return None
    promoters, detractors = int((balance == 1).sum()), int((balance == -1).sum())
    value = (promoters - detractors) / n
    variance = max(0.0, (promoters + detractors) / n - value**2) / n * finite_population(n, population)
    half = normal_quantile(confidence) * sqrt(variance)
    method = "normal" if population is None else "normal_fpc"
    interval = Interval(max(-1.0, value - half), min(1.0, value + half), confidence, method)
    return NetPromoterScore(value, variance, interval, promoters, n - promoters - detractors, detractors, n)


def score_balance(scores: ArrayLike) -> NDArray[np.float64]:
    """Code scores as 1 (promoters, 9–10), 0 (7–8), -1 (detractors, 0–6): their mean is the net promoter score.

    Parameters
    ----------
    scores : array of float, shape (respondents,)
        Whole scores 0 … 10; NaN is missing and stays so.

    Raises
    ------
    ValueError
        A score that is not a whole number from 0 to 10.
    """
    array = np.asarray(scores, dtype=float)
    known = answered(array)
    if known.size and (known[0] < 0 or known[-1] > 10 or (known != np.round(known)).any()):
        raise ValueError("scores must be whole numbers from 0 to 10")
    return np.where(np.isnan(array), np.nan, (array >= 9).astype(float) - (array <= 6))


def cronbach_alpha(items: ArrayLike) -> float | None:
    """Compute the internal consistency of the items of a scale, alpha (Cronbach, 1951).

    Parameters
    ----------
    items : array of float, shape (respondents, items)
        Scores; whoever lacks one is left out.

    Returns
    -------
    float or None
        None with fewer than two complete respondents or items, or when the sum does not vary.
    """
    scores = np.asarray(items, dtype=float)
    complete = scores[~np.isnan(scores).any(axis=1)]
    k = scores.shape[1]
    if k < 2 or len(complete) < 2:
        return None
    total = float(complete.sum(axis=1).var(ddof=1))
    if total == 0:
        return None
    return float(k / (k - 1)) * (1 - float(complete.var(axis=0, ddof=1).sum()) / total)
