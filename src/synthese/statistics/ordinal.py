"""Tests that use the order of a scale.

Belongs here: rank tests between groups, trends in shares, linear association of two scales. Does not:
weighted rank tests (``designs``), tests between waves of the same respondents (``waves``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr
from scipy.stats import kruskal, mannwhitneyu

from synthese.statistics.exact import integer_table, whole_table
from synthese.statistics.results import AssociationTest

# Below this size and without ties R's wilcox.test is exact; so is this one.
_EXACT_BELOW = 50


def expand(table: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the row and column codes of each respondent of a count table, in the order of its cells."""
    counts = whole_table(table)
    rows, columns = np.indices(counts.shape)
    return np.repeat(rows.ravel(), counts.ravel()), np.repeat(columns.ravel(), counts.ravel())


def _groups(values: ArrayLike, groups: ArrayLike) -> list[NDArray[np.float64]]:
    array, codes = np.asarray(values, dtype=float), np.asarray(groups)
    if array.shape != codes.shape or array.ndim != 1:
        raise ValueError(f"values and groups must be of one length, found {array.shape} and {codes.shape}")
    kept = ~np.isnan(array) & (codes >= 0)
    array, codes = array[kept], codes[kept]
    return [np.sort(array[codes == code]) for code in np.unique(codes)]


def mann_whitney(values: ArrayLike, groups: ArrayLike) -> AssociationTest:
    """Mann–Whitney test of two groups (Mann and Whitney, 1947), as R's ``wilcox.test``.

    Exact without ties below 50 a group, otherwise normal with ties and continuity corrected.

    Parameters
    ----------
    values : array of float, shape (respondents,)
        Answers, ordered; NaN is missing.
    groups : array of int, shape (respondents,)
        Two codes; -1 is missing.

    Returns
    -------
    AssociationTest
        `statistic` is U of the lower code (R's W); the effect ``probability_of_superiority`` is U / (n₁ n₂),
        the chance that a respondent of the lower code answers higher, ties counting one half (Vargha and
        Delaney, 2000). Reason ``not_two_groups`` or ``no_variation``.

    Raises
    ------
    ValueError
        Arrays of different lengths.
    """
    samples = _groups(values, groups)
    base = sum(sample.size for sample in samples)
    if len(samples) != 2:
        return AssociationTest(base=base, reason="not_two_groups")
    pooled = np.concatenate(samples)
    if pooled.min() == pooled.max():
        return AssociationTest(base=base, reason="no_variation")
    exact = np.unique(pooled).size == pooled.size and max(s.size for s in samples) < _EXACT_BELOW
    result = mannwhitneyu(*samples, method="exact" if exact else "asymptotic", use_continuity=True)
    return AssociationTest(
        method="mann_whitney_exact" if exact else "mann_whitney",
        statistic=float(result.statistic),
        p_value=float(result.pvalue),
        effect="probability_of_superiority",
        effect_size=float(result.statistic) / (samples[0].size * samples[1].size),
        base=base,
    )


def kruskal_wallis(values: ArrayLike, groups: ArrayLike) -> AssociationTest:
    """Kruskal–Wallis test of several groups, corrected for ties (Kruskal and Wallis, 1952).

    Parameters
    ----------
    values : array of float, shape (respondents,)
        Answers, ordered; NaN is missing.
    groups : array of int, shape (respondents,)
        Codes; -1 is missing.

    Returns
    -------
    AssociationTest
        Effect ``epsilon_squared``, H / (n - 1) (Kelley, 1935). Reason ``fewer_than_two_groups`` or
        ``no_variation``.

    Raises
    ------
    ValueError
        Arrays of different lengths.
    """
    samples = _groups(values, groups)
    base = sum(sample.size for sample in samples)
    if len(samples) < 2:
        return AssociationTest(base=base, reason="fewer_than_two_groups")
    pooled = np.concatenate(samples)
    if pooled.min() == pooled.max():
        return AssociationTest(base=base, reason="no_variation")
    result = kruskal(*samples)
    return AssociationTest(
        method="kruskal_wallis",
        statistic=float(result.statistic),
        df=len(samples) - 1,
        p_value=float(result.pvalue),
        effect="epsilon_squared",
        effect_size=float(result.statistic) / (base - 1),
        base=base,
    )


def rank_groups(table: ArrayLike) -> AssociationTest:
    """Rank test between the groups of a count table: `mann_whitney` of two groups, `kruskal_wallis` of more.

    The same numbers as those two on the answers of each respondent, from the counts alone.

    Parameters
    ----------
    table : array of int, shape (options, groups)
        Counts, options in order; empty groups are ignored.

    Returns
    -------
    AssociationTest
        As of `mann_whitney` or `kruskal_wallis`.
    """
    counts = whole_table(table)
    counts = counts[:, counts.sum(axis=0) > 0]
    n_groups, sizes, ties = counts.shape[1], counts.sum(axis=0), counts.sum(axis=1)
    base = int(sizes.sum())
    if n_groups < 2:
        return AssociationTest(base=base, reason="fewer_than_two_groups")
    if (ties > 0).sum() < 2:
        return AssociationTest(base=base, reason="no_variation")
    if n_groups == 2 and ties.max() == 1 and sizes.max() < _EXACT_BELOW:
        return mann_whitney(*expand(counts))
    ranks = ties.cumsum() - ties + (ties + 1) / 2
    sums, t = ranks @ counts, ties.astype(float)
    tied = float((t**3 - t).sum())
    if n_groups > 2:
        spread = 1 - tied / (float(base) ** 3 - base)
        statistic = (12 / (base * (base + 1)) * float((sums**2 / sizes).sum()) - 3 * (base + 1)) / spread
        return AssociationTest(
            method="kruskal_wallis",
            statistic=statistic,
            df=n_groups - 1,
            p_value=float(chdtrc(n_groups - 1, statistic)),
            effect="epsilon_squared",
            effect_size=statistic / (base - 1),
            base=base,
        )
    pairs = float(sizes[0]) * float(sizes[1])
    u = float(sums[0] - sizes[0] * (sizes[0] + 1) / 2)
    error = np.sqrt(pairs / 12 * (base + 1 - tied / (base * (base - 1))))
    z = max(0.0, abs(u - pairs / 2) - 0.5) / error
    return AssociationTest(
        method="mann_whitney",
        statistic=u,
        p_value=min(1.0, 2 * float(ndtr(-z))),
        effect="probability_of_superiority",
        effect_size=u / pairs,
        base=base,
    )


def linear_by_linear(
    table: ArrayLike, row_scores: ArrayLike | None = None, column_scores: ArrayLike | None = None
) -> AssociationTest:
    """Linear-by-linear association, M² = (n - 1) r² (Mantel, 1963; Agresti, 2013, 3.4).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts, both scales in order.
    row_scores, column_scores : array of float, optional
        Scores of the options; 1, 2, 3, … by default.

    Returns
    -------
    AssociationTest
        Effect ``pearson_r``. Reason ``no_variation`` when a scale has one value only.

    Raises
    ------
    ValueError
        Not a table of counts.
    """
    counts = np.asarray(table)
    base = int(integer_table(counts).sum())
    u = np.arange(counts.shape[0], dtype=float) if row_scores is None else np.asarray(row_scores, dtype=float)
    v = np.arange(counts.shape[1], dtype=float) if column_scores is None else np.asarray(column_scores, float)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if base == 0:
        return AssociationTest(base=0, reason="no_variation")
    du, dv = u - (rows * u).sum() / base, v - (columns * v).sum() / base
    spread = float((rows * du**2).sum() * (columns * dv**2).sum())
    if spread <= 0:
        return AssociationTest(base=base, reason="no_variation")
    r = float(du @ counts @ dv) / float(np.sqrt(spread))
    statistic = (base - 1) * r**2
    return AssociationTest(
        method="linear_by_linear",
        statistic=statistic,
        df=1,
        p_value=float(chdtrc(1, statistic)),
        effect="pearson_r",
        effect_size=r,
        base=base,
    )


def cochran_armitage(counts: ArrayLike, bases: ArrayLike, scores: ArrayLike | None = None) -> AssociationTest:
    """Trend of a share over ordered groups (Cochran, 1954; Armitage, 1955), as R's ``prop.trend.test``.

    The variance is that of the pooled share with divisor n: statsmodels' ordinal test has (n - 1) / n of it.

    Parameters
    ----------
    counts, bases : array of int, shape (groups,)
        Respondents who chose the option and respondents in each group.
    scores : array of float, shape (groups,), optional
        Scores of the groups, such as dates; 1, 2, 3, … by default.

    Returns
    -------
    AssociationTest
        Effect ``slope``: change of the share for one step of the scores. Reason ``no_variation``.

    Raises
    ------
    ValueError
        A count above its base.
    """
    chosen, base = np.asarray(counts, dtype=float), np.asarray(bases, dtype=float)
    if not ((chosen >= 0) & (chosen <= base) & np.isfinite(base)).all():
        raise ValueError("counts must lie in [0, base] in each group")
    total = base.sum()
    place = np.arange(chosen.size, dtype=float) if scores is None else np.asarray(scores, dtype=float)
    if total == 0 or chosen.sum() in (0, total):
        return AssociationTest(base=int(total), reason="no_variation")
    pooled = chosen.sum() / total
    deviations = place - (base * place).sum() / total
    spread = float((base * deviations**2).sum())
    if spread == 0:
        return AssociationTest(base=int(total), reason="no_variation")
    slope = float((deviations * chosen).sum()) / spread
    statistic = slope**2 * spread / float(pooled * (1 - pooled))
    return AssociationTest(
        method="cochran_armitage",
        statistic=statistic,
        df=1,
        p_value=float(chdtrc(1, statistic)),
        effect="slope",
        effect_size=slope,
        base=int(total),
    )
