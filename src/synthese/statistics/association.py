"""Independence of two questions in a table of unweighted counts.

Belongs here: chi-square, G², Cramér's V, adjusted residuals, and the rule that chooses a test. Does not:
ordered scales (``ordinal``), multiple response, weights (``designs``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, chndtr

from synthese.statistics.exact import TooLargeError, freeman_halton, integer_table, monte_carlo
from synthese.statistics.results import AssociationTest

__all__ = [
    "AssociationTest",
    "Choice",
    "CramersV",
    "adjusted_residuals",
    "association",
    "chi_square",
    "cochran_allows",
    "cramers_v",
    "expected",
    "freeman_halton",
    "g_test",
    "monte_carlo",
]

Choice = Literal["rule", "chi_square", "g2", "exact", "monte_carlo"]
"""Which test of independence: by the rule of `association`, or one on request."""

_DEGENERATE = "fewer_than_two_rows_or_columns"


@dataclass(frozen=True)
class CramersV:
    """Cramér's V of a table.

    Parameters
    ----------
    plain : float
        V as Cramér (1946) defined it: biased upwards in small samples.
    corrected : float
        Bias-corrected V (Bergsma, 2013).
    low, high : float
        Confidence interval of the corrected V.
    confidence : float
        Nominal coverage of the interval.
    """

    plain: float
    corrected: float
    low: float
    high: float
    confidence: float


def expected(table: ArrayLike) -> NDArray[np.float64]:
    """Return the counts expected under independence, shape of `table`; all zero when the table is empty.

    Raises
    ------
    ValueError
        Not a two-dimensional table of finite, non-negative numbers (weighted counts may be given).
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("table must hold two-dimensional, finite, non-negative counts")
    total = counts.sum()
    if total == 0:
        return np.zeros_like(counts)
    result: NDArray[np.float64] = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    return result


def _statistic(counts: NDArray[np.int64]) -> float:
    means = expected(counts)
    return float(((counts - means) ** 2 / means).sum())


def chi_square(table: ArrayLike) -> AssociationTest:
    """Pearson's chi-square test of independence, without continuity correction (Pearson, 1900).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; all-zero rows and columns are ignored.

    Returns
    -------
    AssociationTest
        Without p-value and with a reason when under two rows or columns are left.
    """
    counts = integer_table(table)
    base = int(counts.sum())
    if min(counts.shape) < 2:
        return AssociationTest(base=base, reason=_DEGENERATE)
    statistic = _statistic(counts)
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return AssociationTest(
        method="chi_square", statistic=statistic, df=df, p_value=float(chdtrc(df, statistic)), base=base
    )


def g_test(table: ArrayLike) -> AssociationTest:
    """Likelihood-ratio test of independence, G² (Wilks, 1938).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; all-zero rows and columns are ignored; an empty cell adds nothing.

    Returns
    -------
    AssociationTest
        Without p-value and with a reason when under two rows or columns are left.
    """
    counts = integer_table(table)
    base = int(counts.sum())
    if min(counts.shape) < 2:
        return AssociationTest(base=base, reason=_DEGENERATE)
    full = counts > 0
    statistic = max(0.0, float(2 * (counts[full] * np.log(counts[full] / expected(counts)[full])).sum()))
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return AssociationTest(method="g_test", statistic=statistic, df=df, p_value=float(chdtrc(df, statistic)), base=base)


def _noncentrality(statistic: float, df: int, probability: float) -> float:
    """Noncentrality at which a chi-square variable falls below `statistic` with this probability, or 0."""

    def excess(noncentrality: float) -> float:
        return float(chndtr(statistic, df, noncentrality)) - probability

    if excess(0.0) <= 0:
        return 0.0
    high = statistic + 10.0
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0.0, high, xtol=1e-10))


def cramers_v(table: ArrayLike, confidence: float = 0.95) -> CramersV | None:
    """Cramér's V, plain and bias-corrected, with an interval of the latter.

    The interval inverts the noncentral chi-square distribution of the statistic (Steiger, 2004; Smithson,
    2003) and is put on the scale of the corrected V, so that it holds the estimate; it ignores that margins
    were estimated.

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; all-zero rows and columns are ignored: a blank row does not change V.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    CramersV or None
        None when under two rows or columns are left.
    """
    counts = integer_table(table)
    if min(counts.shape) < 2:
        return None
    n, (r, c) = int(counts.sum()), counts.shape
    statistic, df = _statistic(counts), (r - 1) * (c - 1)
    plain = sqrt(statistic / (n * min(r - 1, c - 1)))
    scale = n * min(r - 1 - (r - 1) ** 2 / (n - 1), c - 1 - (c - 1) ** 2 / (n - 1))
    if scale <= 0:
        # One respondent a row and a column: V is 1 by construction and the correction has nothing left.
        return CramersV(min(1.0, plain), 0.0, 0.0, 1.0, confidence)

    def corrected(noncentrality: float) -> float:
        return sqrt(min(1.0, max(0.0, noncentrality) / scale))

    tail = (1 - confidence) / 2
    return CramersV(
        min(1.0, plain),
        corrected(statistic - n * df / (n - 1)),
        corrected(_noncentrality(statistic, df, 1 - tail)),
        corrected(_noncentrality(statistic, df, tail)),
        confidence,
    )


def adjusted_residuals(table: ArrayLike) -> NDArray[Any]:
    """Compute adjusted standardised residuals: about N(0, 1) each under independence (Haberman, 1973).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts.

    Returns
    -------
    ndarray of float, shape (rows, columns)
        NaN where the row or the column is empty or holds everybody.
    """
    counts = np.asarray(table, dtype=float)
    means, total = expected(counts), counts.sum()
    if total == 0:
        return np.full(counts.shape, np.nan)
    variance = means * np.outer(1 - counts.sum(axis=1) / total, 1 - counts.sum(axis=0) / total)
    residuals = np.full(counts.shape, np.nan)
    np.divide(counts - means, np.sqrt(variance), out=residuals, where=variance > 1e-12)
    return residuals


def cochran_allows(table: ArrayLike) -> bool:
    """Whether chi-square may be used: no expected count below 1, at most 20 % below 5 (Cochran, 1954)."""
    means = expected(table)
    return bool(means.size and means.min() >= 1 and (means < 5).mean() <= 0.2)


def association(
    table: ArrayLike,
    seed: int,
    confidence: float = 0.95,
    resamples: int = 9_999,
    budget: int = 200_000,
    test: Choice = "rule",
) -> AssociationTest:
    """Test of independence by a fixed rule or as asked, with the bias-corrected Cramér's V.

    Chi-square when expected counts allow (:func:`cochran_allows`), otherwise Freeman–Halton by enumeration
    when the table is small enough, otherwise its p-value by seeded simulation.

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; all-zero rows and columns are dropped first.
    seed : int
        Seed of the simulation.
    confidence : float, default 0.95
        Nominal coverage of the interval of the effect size.
    resamples : int, default 9999
        Tables drawn by the simulation.
    budget : int, default 200000
        Partial tables that the enumeration may visit: about a tenth of a second. Ten times as many where the
        exact test is asked for.
    test : {"rule", "chi_square", "g2", "exact", "monte_carlo"}
        One test on request.

    Returns
    -------
    AssociationTest
        `method` says which test was used; effect ``cramers_v_corrected``. Nulls and the reason
        ``fewer_than_two_rows_or_columns`` when there is nothing to compare. The reason
        ``small_expected_counts`` goes with a chi-square or G² on request that the rule would not have allowed.

    Raises
    ------
    TooLargeError
        The exact test was asked for, and the table is too large for it.
    """
    counts = integer_table(table)
    effect = cramers_v(counts, confidence)
    if effect is None:
        return AssociationTest(base=int(counts.sum()), reason=_DEGENERATE)
    chosen = _chosen(counts, test, seed, resamples, budget)
    return replace(
        chosen,
        effect="cramers_v_corrected",
        effect_size=effect.corrected,
        effect_low=effect.low,
        effect_high=effect.high,
    )


def _chosen(counts: NDArray[np.int64], test: Choice, seed: int, resamples: int, budget: int) -> AssociationTest:
    allowed = cochran_allows(counts)
    if test in ("chi_square", "g2"):
        found = chi_square(counts) if test == "chi_square" else g_test(counts)
        return found if allowed else replace(found, reason="small_expected_counts")
    if test == "rule" and allowed:
        return chi_square(counts)
    if test == "exact":
        return freeman_halton(counts, 10 * budget)
    if test == "rule":
        try:
            return freeman_halton(counts, budget)
        except TooLargeError:
            pass  # the rule goes on to the next test
    return monte_carlo(counts, seed, resamples)
