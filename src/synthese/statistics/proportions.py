"""Intervals of one share and of a difference of two shares.

Belongs here: binomial intervals, and intervals of a share from its estimated variance. Does not: the variance
of a weighted share (``designs``), several shares of one question at a time (``simultaneous``).
"""

from __future__ import annotations

from math import asin, inf, pi, sin, sqrt

from scipy.optimize import brentq
from scipy.special import betaincinv, expit, ndtri, stdtrit, xlogy
from scipy.special import logit as log_odds

from synthese.statistics.results import Interval

__all__ = [
    "Interval",
    "arcsine",
    "clopper_pearson",
    "korn_graubard",
    "likelihood",
    "logit",
    "newcombe_difference",
    "normal_quantile",
    "t_quantile",
    "wald",
    "wilson",
    "wilson_continuity",
]


def _checked(count: float, base: float, confidence: float) -> tuple[float, float]:
    if not 0 <= count <= base < inf:
        raise ValueError(f"count must lie in [0, base], found {count} of {base}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie in (0, 1), found {confidence}")
    return float(count), float(base)


def normal_quantile(confidence: float) -> float:
    """Return the two-sided standard normal quantile, 1.96 for a confidence of .95."""
    return float(ndtri(0.5 + confidence / 2))


def finite_population(base: float, population: float | None) -> float:
    """Return (N - n) / (N - 1), by which drawing without replacement multiplies a variance; 1 when N is None.

    Raises
    ------
    ValueError
        `population` below `base`.
    """
    if population is None:
        return 1.0
    if population < base:
        raise ValueError(f"population must be at least the base, found {population} for {base}")
    return 0.0 if population == base else float((population - base) / (population - 1))


def t_quantile(confidence: float, df: float | None) -> float:
    """Return the two-sided Student quantile; the normal one when `df` is None."""
    return normal_quantile(confidence) if df is None else float(stdtrit(df, 0.5 + confidence / 2))


def wilson(count: float, base: float, confidence: float = 0.95, population: float | None = None) -> Interval | None:
    """Score interval of a share, without continuity correction (Wilson, 1927).

    Parameters
    ----------
    count, base : float
        Respondents who chose the option, and respondents in the denominator.
    confidence : float, default 0.95
        Nominal coverage. Exact coverage is close to it from a base of about 50 on and may fall to 92 % at 10.
    population : float, optional
        Size of the frame, where it is known: the sampling variance is multiplied by (N - n) / (N - 1)
        (Cochran, 1977, 3.2), so that a census has no width. Holds only if non-response is independent of the
        answers.

    Returns
    -------
    Interval or None
        None when `base` is 0.

    Raises
    ------
    ValueError
        `count` outside [0, base], `confidence` outside (0, 1), or `population` below `base`.
    """
    count, base = _checked(count, base, confidence)
    if base == 0:
        return None
    z2 = normal_quantile(confidence) ** 2 * finite_population(base, population)
    share = float(count / base)
    centre = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = sqrt(z2 * (share * (1 - share) / base + z2 / (4 * base * base))) / (1 + z2 / base)
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == base else min(1.0, centre + half)
    return Interval(low, high, confidence, "wilson" if population is None else "wilson_fpc")


def wilson_continuity(count: float, base: float, confidence: float = 0.95) -> Interval | None:
    """Score interval of a share with continuity correction, as R's ``prop.test`` (Newcombe, 1998, method 4).

    Parameters
    ----------
    count, base : float
        Respondents who chose the option, and respondents in the denominator.
    confidence : float, default 0.95
        Nominal coverage; the exact one is close to it or above, as Clopper and Pearson's.

    Returns
    -------
    Interval or None
        None when `base` is 0.

    Raises
    ------
    ValueError
        `count` outside [0, base] or `confidence` outside (0, 1).
    """
    count, base = _checked(count, base, confidence)
    if base == 0:
        return None
    z = normal_quantile(confidence)
    share, twice = count / base, 2 * (base + z * z)

    def root(sign: int) -> float:
        inside = z * z - sign * 2 - 1 / base + 4 * share * (base * (1 - share) + sign)
        return z * sqrt(max(0.0, inside))

    low = 0.0 if count == 0 else max(0.0, (2 * count + z * z - 1 - root(1)) / twice)
    high = 1.0 if count == base else min(1.0, (2 * count + z * z + 1 + root(-1)) / twice)
    return Interval(low, high, confidence, "wilson_continuity")


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
    count, base = _checked(count, base, confidence)
    if base == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, base - count + 1, tail))
    high = 1.0 if count == base else float(betaincinv(count + 1, base - count, 1 - tail))
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
    share_a, share_b = float(count_a / base_a), float(count_b / base_b)
    difference = share_a - share_b
    low = difference - sqrt((share_a - a.low) ** 2 + (b.high - share_b) ** 2)
    high = difference + sqrt((a.high - share_a) ** 2 + (share_b - b.low) ** 2)
    return Interval(max(-1.0, low), min(1.0, high), confidence, "newcombe")


def _check_share(share: float, variance: float) -> None:
    if not (0 <= share <= 1 and 0 <= variance < inf):
        raise ValueError(f"share must lie in [0, 1] and variance be positive, found {share} and {variance}")


def _unknown(df: float | None) -> bool:
    """Whether the variance has no degrees of freedom, as that of a single cluster."""
    return df is not None and df <= 0


def wald(share: float, variance: float, df: float | None = None, confidence: float = 0.95) -> Interval | None:
    """Symmetric interval of a share from its variance (Korn and Graubard, 1999, 3.2), not cut to [0, 1].

    Parameters
    ----------
    share, variance : float
        Estimate and its estimated variance.
    df : float, optional
        Degrees of freedom of the variance; None for the normal quantile.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Interval or None
        None without degrees of freedom.
    """
    _check_share(share, variance)
    if _unknown(df):
        return None
    half = t_quantile(confidence, df) * sqrt(variance)
    return Interval(share - half, share + half, confidence, "wald")


def logit(share: float, variance: float, df: float | None = None, confidence: float = 0.95) -> Interval | None:
    """Interval of a share on the logit scale, from its variance (Korn and Graubard, 1999, 3.2).

    Parameters
    ----------
    share, variance : float
        Estimate and its estimated variance.
    df : float, optional
        Degrees of freedom of the variance; None for the normal quantile.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Interval or None
        None for a share of 0 or 1, which has no logit, and without degrees of freedom.
    """
    _check_share(share, variance)
    if share in (0, 1) or _unknown(df):
        return None
    centre, half = log_odds(share), t_quantile(confidence, df) * sqrt(variance) / (share * (1 - share))
    return Interval(float(expit(centre - half)), float(expit(centre + half)), confidence, "logit")


def arcsine(share: float, variance: float, df: float | None = None, confidence: float = 0.95) -> Interval | None:
    """Interval of a share on the variance-stabilising scale asin(sqrt(p)), from its variance (Bartlett, 1936).

    Parameters
    ----------
    share, variance : float
        Estimate and its estimated variance.
    df : float, optional
        Degrees of freedom of the variance; None for the normal quantile.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Interval or None
        None for a share of 0 or 1, and without degrees of freedom.
    """
    _check_share(share, variance)
    if share in (0, 1) or _unknown(df):
        return None
    centre = asin(sqrt(share))
    half = t_quantile(confidence, df) * sqrt(variance / (4 * share * (1 - share)))
    return Interval(sin(max(0.0, centre - half)) ** 2, sin(min(pi / 2, centre + half)) ** 2, confidence, "arcsine")


def korn_graubard(share: float, variance: float, base: int, df: float, confidence: float = 0.95) -> Interval | None:
    """Clopper–Pearson interval at the effective base of a weighted share (Korn and Graubard, 1998).

    Parameters
    ----------
    share, variance : float
        Estimate and its estimated variance.
    base : int
        Respondents in the denominator, unweighted.
    df : float
        Degrees of freedom of the variance.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Interval or None
        None when the variance is 0 (a share of 0 or 1 has no design effect: use ``clopper_pearson``), and without
        degrees of freedom.
    """
    _check_share(share, variance)
    if variance == 0 or share in (0, 1) or base < 2 or _unknown(df):
        return None
    effective = share * (1 - share) / variance
    effective *= (t_quantile(confidence, base - 1) / t_quantile(confidence, df)) ** 2
    exact = clopper_pearson(share * effective, effective, confidence)
    return None if exact is None else Interval(exact.low, exact.high, confidence, "korn_graubard")


def likelihood(share: float, variance: float, base: int, df: float, confidence: float = 0.95) -> Interval | None:
    """Interval of a share where the scaled likelihood ratio stays below t² (Rao and Scott, 1984).

    R's ``svyciprop(method = "likelihood")`` reads the same curve off a spline through some ten points, and differs by
    about 2e-6; told to converge, and to take many points, it agrees. Its dispersion n / (n - 1) is kept.

    Parameters
    ----------
    share, variance : float
        Estimate and its estimated variance.
    base : int
        Respondents in the denominator, unweighted.
    df : float
        Degrees of freedom of the variance.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Interval or None
        None for a share of 0 or 1, without variance or degrees of freedom, or with a base below 2.
    """
    _check_share(share, variance)
    if share in (0, 1) or variance == 0 or base < 2 or _unknown(df):
        return None
    effective = share * (1 - share) / variance
    reached = t_quantile(confidence, df) ** 2 * base / (base - 1)

    def excess(other: float) -> float:
        ratio = float(xlogy(share, share / other) + xlogy(1 - share, (1 - share) / (1 - other)))
        return 2 * effective * ratio - reached

    nearest = 1e-300, 1 - 2.0**-53
    low = float(brentq(excess, nearest[0], share, xtol=1e-14)) if excess(nearest[0]) > 0 else 0.0
    high = float(brentq(excess, share, nearest[1], xtol=1e-14)) if excess(nearest[1]) > 0 else 1.0
    return Interval(low, high, confidence, "likelihood")
