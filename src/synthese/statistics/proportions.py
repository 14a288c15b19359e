"""Intervals of one share and of a difference of two independent shares.

Belongs here: unweighted binomial intervals. Does not: weighted shares (``weights``), several shares of one
question at a time (``simultaneous``).
"""

from __future__ import annotations

from math import sqrt

from scipy.special import ndtri
from scipy.stats import beta

from synthese.statistics.results import Interval

__all__ = ["Interval", "clopper_pearson", "newcombe_difference", "wilson"]


def _check(count: float, base: float, confidence: float) -> None:
    if not 0 <= count <= base:
        raise ValueError(f"count must lie in [0, base], found {count} of {base}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie in (0, 1), found {confidence}")


def normal_quantile(confidence: float) -> float:
    """Return the two-sided standard normal quantile, 1.96 for a confidence of .95."""
    return float(ndtri(0.5 + confidence / 2))


def wilson(count: float, base: float, confidence: float = 0.95) -> Interval | None:
    """Score interval of a share, without continuity correction (Wilson, 1927).

    Parameters
    ----------
    count, base : float
        Respondents who chose the option, and respondents in the denominator.
    confidence : float, default 0.95
        Nominal coverage. Exact coverage is close to it from a base of about 50 on and may fall to 92 % at 10.

    Returns
    -------
    Interval or None
        None when `base` is 0.

    Raises
    ------
    ValueError
        `count` outside [0, base] or `confidence` outside (0, 1).
    """
    _check(count, base, confidence)
    if base == 0:
        return None
    z2 = normal_quantile(confidence) ** 2
    share = count / base
    centre = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = sqrt(z2 * (share * (1 - share) / base + z2 / (4 * base * base))) / (1 + z2 / base)
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == base else min(1.0, centre + half)
    return Interval(low, high, confidence, "wilson")


def clopper_pearson(count: float, base: float, confidence: float = 0.95) -> Interval | None:
    """Exact binomial interval of a share: coverage never below `confidence` (Clopper and Pearson, 1934).

    Parameters
    ----------
    count, base : float
        Respondents who chose the option, and respondents in the denominator.
    confidence : float, default 0.95
        Guaranteed coverage.

    Returns
    -------
    Interval or None
        None when `base` is 0.

    Raises
    ------
    ValueError
        `count` outside [0, base] or `confidence` outside (0, 1).
    """
    _check(count, base, confidence)
    if base == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(beta.ppf(tail, count, base - count + 1))
    high = 1.0 if count == base else float(beta.ppf(1 - tail, count + 1, base - count))
    return Interval(low, high, confidence, "clopper_pearson")


def newcombe_difference(
    count_a: float, base_a: float, count_b: float, base_b: float, confidence: float = 0.95
) -> Interval | None:
    """Interval of share a minus share b, two independent samples: hybrid score (Newcombe, 1998, method 10).

    Parameters
    ----------
    count_a, base_a, count_b, base_b : float
        Respondents who chose the option and respondents in the denominator, in each sample.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Interval or None
        In [-1, 1]; None when either base is 0.

    Raises
    ------
    ValueError
        A count outside [0, base] or `confidence` outside (0, 1).
    """
    a, b = wilson(count_a, base_a, confidence), wilson(count_b, base_b, confidence)
    if a is None or b is None:
        return None
    share_a, share_b = count_a / base_a, count_b / base_b
    difference = share_a - share_b
    low = difference - sqrt((share_a - a.low) ** 2 + (b.high - share_b) ** 2)
    high = difference + sqrt((a.high - share_a) ** 2 + (share_b - b.low) ** 2)
    return Interval(max(-1.0, low), min(1.0, high), confidence, "newcombe")
