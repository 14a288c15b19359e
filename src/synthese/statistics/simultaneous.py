"""Joint intervals of all shares of one single-choice question.

Belongs here: intervals that hold together, over every option at once. Does not: one share at a time
(``proportions``).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, pdtr
from scipy.stats import poisson

from synthese.statistics.proportions import wilson
from synthese.statistics.results import Interval


def _counts(counts: ArrayLike) -> NDArray[np.int64]:
    array = np.asarray(counts)
    if array.ndim != 1 or not np.isfinite(array).all() or (array != np.floor(array)).any() or (array < 0).any():
        raise ValueError("counts must be one-dimensional, whole and non-negative")
    return array.astype(np.int64)


def goodman(counts: ArrayLike, confidence: float = 0.95) -> list[Interval] | None:
    """Score intervals of all shares at once, Bonferroni-adjusted (Goodman, 1965).

    Parameters
    ----------
    counts : array of int, shape (options,)
        Respondents by option; the base is their sum.
    confidence : float, default 0.95
        Joint coverage, at least about this.

    Returns
    -------
    list of Interval or None
        One for each option; None when nobody answered.
    """
    known = _counts(counts)
    base = int(known.sum())
    if base == 0:
        return None
    each = 1 - (1 - confidence) / known.size
    single = [wilson(int(count), base, each) for count in known]
    return [Interval(one.low, one.high, confidence, "goodman") for one in single if one is not None]


def _joint_probability(width: int, counts: NDArray[np.int64], base: int) -> float:
    """Probability that every count of a new sample lies within ± `width`: Sison and Glaz's Edgeworth expansion."""
    if width == 0:
        full = counts[counts > 0]
        logs = gammaln(base + 1) + (full * np.log(full / base) - gammaln(full + 1)).sum()
        return float(np.exp(logs))
    moments = np.zeros((counts.size, 4))
    log_box = 0.0
    for k, rate in enumerate(counts):
        low, high = max(int(rate) - width, 0), int(rate) + width
        inside = float(pdtr(high, rate)) - (float(pdtr(low - 1, rate)) if low > 0 else 0.0)
        if rate == 0:
            inside = 1.0
        log_box += float(np.log(inside))
        support = np.arange(low, high + 1)
        mass = (support == 0).astype(float) if rate == 0 else poisson.pmf(support, rate) / inside
        centre = float((support * mass).sum())
        deviations = support - centre
        moments[k] = (
            centre,
            *((deviations**power * mass).sum() for power in (2, 3)),
            (deviations**4 * mass).sum() - 3 * (deviations**2 * mass).sum() ** 2,
        )
    mean, variance, third, fourth = moments.sum(axis=0)
    z = (base - mean) / sqrt(variance)
    skew, excess = third / variance**1.5, fourth / variance**2
    polynomial = (
        1
        + skew * (z**3 - 3 * z) / 6
        + excess * (z**4 - 6 * z**2 + 3) / 24
        + skew**2 * (z**6 - 15 * z**4 + 45 * z**2 - 15) / 72
    )
    density = polynomial * np.exp(-z * z / 2) / sqrt(2 * np.pi)
    log_poisson = base * np.log(base) - base - float(gammaln(base + 1))
    return float(np.exp(log_box - log_poisson) * density / sqrt(variance))


def sison_glaz(counts: ArrayLike, confidence: float = 0.95) -> list[Interval] | None:
    """Joint intervals of equal width, narrower than Goodman's with many options (Sison and Glaz, 1995).

    Parameters
    ----------
    counts : array of int, shape (options,)
        Respondents by option; the base is their sum. Coverage is poor when counts are very unequal: at least
        seven options of similar size are recommended (May and Johnson, 2000).
    confidence : float, default 0.95
        Joint coverage, about.

    Returns
    -------
    list of Interval or None
        One for each option; None when nobody answered, or when all chose the same option: the method would
        then give no width at all.
    """
    known = _counts(counts)
    base = int(known.sum())
    if base == 0:
        return None
    before, width = 0.0, 0
    while (now := _joint_probability(width, known, base)) < confidence and width < base:
        before, width = now, width + 1
    if width == 0:
        return None
    # `width - 1` is the last too narrow one; the fraction of a step is added above, twice, as the authors do.
    narrow = (width - 1) / base
    step = (confidence - before) / (now - before) if now > before else 1.0
    return [
        Interval(
            max(0.0, float(c) / base - narrow),
            min(1.0, float(c) / base + narrow + 2 * step / base),
            confidence,
            "sison_glaz",
        )
        for c in known
    ]
