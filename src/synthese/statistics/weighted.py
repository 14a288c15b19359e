"""Weighted estimates with Taylor-linearised errors.

Belongs here: totals, means, shares, ratios, differences of a sample design, and the weighted quantile. Does not: the
variance itself (``designs``), intervals of a quantile (``quantiles``), tests (``design_tests``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthese.statistics.designs import Design, in_domain
from synthese.statistics.proportions import t_quantile
from synthese.statistics.results import Interval


@dataclass(frozen=True)
class Estimate:
    """A weighted estimate.

    Parameters
    ----------
    value, standard_error : float
        The estimate and its linearised error.
    df : int
        Degrees of freedom of the error; 0 or less where it cannot be estimated.
    base : int
        Respondents in the denominator, unweighted.
    base_weighted : float
        Sum of their weights.
    """

    value: float
    standard_error: float
    df: int
    base: int
    base_weighted: float

    def interval(self, confidence: float = 0.95) -> Interval:
        """Return the symmetric t interval; for a share see ``proportions.logit`` and ``korn_graubard``."""
        half = t_quantile(confidence, self.df) * self.standard_error
        return Interval(self.value - half, self.value + half, confidence, "t")


def weighted_total(design: Design, values: ArrayLike, domain: ArrayLike | None = None) -> Estimate | None:
    """Total in the population (Horvitz and Thompson, 1952), arguments and None as :func:`weighted_mean`.

    Weights are taken as expansion weights.
    """
    array = np.asarray(values, dtype=float)
    kept = in_domain(design, ~np.isnan(array), domain)
    if not kept.any():
        return None
    z = np.where(kept, array, 0.0)
    error = sqrt(float(design.covariance(z, _among(~np.isnan(array), domain))[0, 0]))
    weight = float(design.weights[kept].sum())
    return Estimate(float(design.weights @ z), error, design.df(kept), int(kept.sum()), weight)


def weighted_mean(design: Design, values: ArrayLike, domain: ArrayLike | None = None) -> Estimate | None:
    """Mean with its linearised error (Binder, 1983); the mean of a 0/1 variable is a share.

    Parameters
    ----------
    design : Design
        The whole sample.
    values : array of float, shape (respondents,)
        NaN is missing: those who answered are a domain.
    domain : array of bool, shape (respondents,), optional
        A group of respondents.

    Returns
    -------
    Estimate or None
        None when nobody in the domain answered.
    """
    array = np.asarray(values, dtype=float)
    kept = in_domain(design, ~np.isnan(array), domain)
    if not kept.any():
        return None
    return weighted_ratio(design, array, np.ones(array.size), domain)


def weighted_ratio(
    design: Design, numerator: ArrayLike, denominator: ArrayLike, domain: ArrayLike | None = None
) -> Estimate | None:
    """Ratio of two totals with its linearised error (Cochran, 1977, 6.4; Binder, 1983).

    The share of an option among all mentions is one: each respondent gives its own number of mentions to both totals,
    and is drawn whole.

    Parameters
    ----------
    design : Design
        The whole sample.
    numerator, denominator : array of float, shape (respondents,)
        What is summed; NaN is missing: those who have both are a domain.
    domain : array of bool, shape (respondents,), optional
        A group of respondents.

    Returns
    -------
    Estimate or None
        Its ``base`` counts respondents, its ``base_weighted`` sums their weights. None when nobody is left, or where
        the denominator is 0.
    """
    y, x = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    known = ~(np.isnan(y) | np.isnan(x))
    kept = in_domain(design, known, domain)
    w, above, below = design.weights[kept], y[kept], x[kept]
    order = np.lexsort((w, below, above))  # sums of floats depend on their order
    w, above, below = w[order], above[order], below[order]
    total = float((w * below).sum())
    if total == 0:
        return None
    value = float((w * above).sum()) / total
    n, units = int(kept.sum()), design.weights.size
    if design.drawn_apart:
        residuals = w * (above - value * below) / total
        mean = float(residuals.sum()) / units  # 0 but for rounding
        squares = float(((residuals - mean) ** 2).sum()) + (units - n) * mean**2
        error = sqrt(squares * units / (units - 1)) if units > 1 else 0.0
        df = n - 1
    else:
        z = np.where(kept, np.nan_to_num(y) - value * np.nan_to_num(x), 0.0) / total
        error, df = sqrt(max(0.0, float(design.covariance(z, _among(known, domain))[0, 0]))), design.df(kept)
    return Estimate(value, error, df, n, float(np.sort(w).sum()))


def _among(known: NDArray[np.bool_], domain: ArrayLike | None) -> NDArray[np.bool_]:
    """Who is in a domain, weights of 0 included: a stratum is in it by its respondents, whatever they weigh."""
    return known if domain is None else known & np.asarray(domain, dtype=bool)


def _mean_influence(
    design: Design, array: NDArray[np.float64], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float, float]:
    weight = float(design.weights[kept].sum())
    value = float(design.weights[kept] @ array[kept]) / weight
    return np.where(kept, array - value, 0.0) / weight, value, weight


def weighted_difference(design: Design, values: ArrayLike, first: ArrayLike, second: ArrayLike) -> Estimate | None:
    """Mean in one domain minus mean in another, which may share clusters; the degrees of freedom are one fewer.

    Parameters
    ----------
    design : Design
        The whole sample.
    values : array of float, shape (respondents,)
        NaN is missing.
    first, second : array of bool, shape (respondents,)
        The two domains.

    Returns
    -------
    Estimate or None
        None when nobody answered in a domain.
    """
    array = np.asarray(values, dtype=float)
    a, b = (in_domain(design, ~np.isnan(array), domain) for domain in (first, second))
    if not (a.any() and b.any()):
        return None
    z_a, mean_a, weight_a = _mean_influence(design, array, a)
    z_b, mean_b, weight_b = _mean_influence(design, array, b)
    either = np.asarray(first, dtype=bool) | np.asarray(second, dtype=bool)
    error = sqrt(float(design.covariance(z_a - z_b, _among(~np.isnan(array), either))[0, 0]))
    both = a | b
    return Estimate(mean_a - mean_b, error, design.df(both) - 1, int(both.sum()), weight_a + weight_b)


def design_effect(design: Design, values: ArrayLike, domain: ArrayLike | None = None) -> float | None:
    """Variance of a mean over that of a simple random sample without replacement of as many (Kish, 1965).

    Arguments as :func:`weighted_mean`; weights are expansion weights. None with fewer than two answers or no
    variance.
    """
    array = np.asarray(values, dtype=float)
    estimate = weighted_mean(design, array, domain)
    if estimate is None or estimate.base < 2:
        return None
    kept = in_domain(design, ~np.isnan(array), domain)
    n, weight = estimate.base, estimate.base_weighted
    spread = float(design.weights[kept] @ (array[kept] - estimate.value) ** 2) / weight * n / (n - 1)
    simple = spread / n * (1 - n / weight) if weight > n else spread / n
    return estimate.standard_error**2 / simple if simple > 0 else None


def weighted_quantile(values: ArrayLike, weights: ArrayLike, q: float) -> float | None:
    """Smallest answer at which the weighted distribution reaches `q` (type 1 of Hyndman and Fan, 1996).

    As R's ``svyquantile``, rule "math".

    Parameters
    ----------
    values, weights : array of float, shape (respondents,)
        NaN is missing; so is a weight of 0.
    q : float
        Order, in (0, 1).

    Returns
    -------
    float or None
        None when nobody answered.
    """
    array, weight = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    kept = ~np.isnan(array) & (weight > 0)
    if not kept.any():
        return None
    order = np.argsort(array[kept], kind="stable")
    array, weight = array[kept][order], weight[kept][order]
    reached = np.cumsum(weight) / weight.sum()
    # Half a unit in the tenth digit: sums of weights that should meet q exactly may fall short of it.
    place = int(np.searchsorted(reached, q - 5e-11))
    return float(array[min(place, array.size - 1)])
