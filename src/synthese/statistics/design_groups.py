"""Comparison of groups under a sample design.

Belongs here: two means, and rank tests between groups, with design-based errors. Does not: crosses
(``design_tests``), the variance itself (``designs``).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, ndtri, stdtr

from synthese.statistics.designs import Design, in_domain
from synthese.statistics.results import DesignTest
from synthese.statistics.weighted import weighted_difference


def compare_means(design: Design, values: ArrayLike, groups: ArrayLike) -> DesignTest:
    """Difference of the means of two groups with its design-based t test (Lumley, 2010, 2.4), as R's ``svyttest``.

    Parameters
    ----------
    design : Design
        The whole sample.
    values : array of float, shape (respondents,)
        NaN is missing.
    groups : array of int, shape (respondents,)
        0 and 1; -1 is missing.

    Returns
    -------
    DesignTest
        Method ``design_t``; effect ``difference``, group 1 minus group 0, with its 95 % interval. Reason
        ``not_two_groups`` or ``no_variation``.
    """
    codes = np.asarray(groups)
    estimate = weighted_difference(design, values, codes == 1, codes == 0)
    if estimate is None:
        return DesignTest(reason="not_two_groups")
    if estimate.standard_error == 0 or estimate.df < 1:
        return DesignTest(base=estimate.base, reason="no_variation")
    statistic, interval = estimate.value / estimate.standard_error, estimate.interval()
    return DesignTest(
        method="design_t",
        statistic=statistic,
        p_value=2 * float(stdtr(estimate.df, -abs(statistic))),
        effect="difference",
        effect_size=estimate.value,
        effect_low=interval.low,
        effect_high=interval.high,
        base=estimate.base,
        df_denominator=estimate.df,
    )


def rank_test(
    design: Design,
    values: ArrayLike,
    groups: ArrayLike,
    score: Literal["wilcoxon", "van_der_waerden", "median"] = "wilcoxon",
    ties: Literal["mean", "mid"] = "mean",
) -> DesignTest:
    """Rank test between groups under a design (Lumley and Scott, 2013), as R's ``svyranktest``.

    Parameters
    ----------
    design : Design
        The whole sample.
    values : array of float, shape (respondents,)
        Ordered answers; NaN is missing.
    groups : array of int, shape (respondents,)
        Codes; -1 is missing.
    score : {"wilcoxon", "van_der_waerden", "median"}
        Function of the estimated population rank; with three groups or more "wilcoxon" is Kruskal and
        Wallis's.
    ties : {"mean", "mid"}
        Rank of tied answers: the plain mean of their ranks one by one, as R has it, which depends on the order of the
        respondents where their weights differ; or the share of the population below plus half of that of the tie.

    Returns
    -------
    DesignTest
        Two groups: method ``design_rank_t``, t and the difference of mean scores, later code minus earlier.
        More: ``design_rank_f``, F. Reason ``fewer_than_two_groups``, ``no_variation`` (everybody answered alike),
        ``too_few_units`` or ``no_variance`` (no error can be computed).
    """
    array, codes = np.asarray(values, dtype=float), np.asarray(groups)
    domain = in_domain(design, ~np.isnan(array) & (codes >= 0), None)
    weight, known = design.weights[domain], array[domain]
    base, levels = int(domain.sum()), np.unique(codes[domain])
    if levels.size < 2:
        return DesignTest(base=base, reason="fewer_than_two_groups")
    answers, inverse = np.unique(known, return_inverse=True)
    if answers.size < 2:
        return DesignTest(base=base, reason="no_variation")
    ranks = _ranks(weight, inverse, ties)
    scores = {"wilcoxon": ranks, "van_der_waerden": ndtri(ranks), "median": (ranks > 0.5).astype(float)}[score]
    full = np.full(array.size, np.nan)
    full[domain] = scores
    df = design.df(domain)
    if levels.size == 2:
        estimate = weighted_difference(design, full, codes == levels[1], codes == levels[0])
        assert estimate is not None
        if df < 2:
            return DesignTest(base=base, reason="too_few_units")
        if estimate.standard_error < 1e-12:
            return DesignTest(base=base, reason="no_variance")
        statistic = estimate.value / estimate.standard_error
        return DesignTest(
            method="design_rank_t",
            statistic=statistic,
            p_value=2 * float(stdtr(df - 1, -abs(statistic))),
            effect="difference_of_scores",
            effect_size=estimate.value,
            base=base,
            df_denominator=df - 1,
        )
    influence, gaps = np.zeros((array.size, levels.size - 1)), np.zeros(levels.size - 1)
    first = _centred(design, full, codes == levels[0])
    for k, level in enumerate(levels[1:]):
        other = _centred(design, full, codes == level)
        influence[:, k], gaps[k] = other[0] - first[0], other[1] - first[1]
    count, denominator_df = gaps.size, df - gaps.size
    if denominator_df < 1:
        return DesignTest(base=base, reason="too_few_units")
    covariance = design.covariance(influence, domain)
    if np.linalg.matrix_rank(covariance, hermitian=True) < count:
        return DesignTest(base=base, reason="no_variance")
    chi = float(gaps @ np.linalg.solve(covariance, gaps))
    return DesignTest(
        method="design_rank_f",
        statistic=chi / count,
        df=count,
        p_value=float(fdtrc(count, denominator_df, chi / count)),
        base=base,
        df_denominator=denominator_df,
    )


def _ranks(weight: NDArray[np.float64], places: NDArray[np.intp], ties: Literal["mean", "mid"]) -> NDArray[np.float64]:
    """Estimated population rank of each answer, in (0, 1); `places` number the different answers in order."""
    if ties == "mid":
        sums = np.bincount(places, weight)
        return np.asarray((sums.cumsum() - sums / 2)[places] / weight.sum())
    order = np.argsort(places, kind="stable")
    middle = np.empty(places.size)
    middle[order] = np.cumsum(weight[order]) - weight[order] / 2
    return np.asarray((np.bincount(places, middle) / np.bincount(places))[places] / weight.sum())


def _centred(
    design: Design, scores: NDArray[np.float64], group: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    kept = in_domain(design, ~np.isnan(scores), group)
    weight = design.weights[kept].sum()
    mean = float(design.weights[kept] @ scores[kept] / weight)
    return np.where(kept, scores - mean, 0.0) / weight, mean
