"""Valid tests of a multiple response against a single or another multiple response.

Belongs here: marginal independence of every item, with the corrections that items of one respondent need.
Does not: shares (``multiple``). Pooling the mentions in one table and testing that is not valid: mentions of
one respondent are not independent.

Marks are as in ``multiple``: integers of shape (respondents, items), 1 ticked, 0 not ticked, -1 missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from synthese.statistics.multiple import checked_marks
from synthese.statistics.results import AssociationTest


@dataclass(frozen=True)
class MarginalIndependence:
    """Test that every item is independent of a question, all items at once.

    Parameters
    ----------
    statistics : ndarray of float
        Pearson's statistic of each item, shape (items,), or of each pair of items, shape (items of w, items
        of y); NaN where an item was ticked by nobody or by everybody.
    rao_scott : AssociationTest
        Sum of `statistics` with the second-order correction: `statistic` and `df` are the corrected ones.
    bonferroni : AssociationTest
        Smallest p-value of `statistics`, times their number.
    p_adjusted : ndarray of float
        Bonferroni-adjusted p-value of each of `statistics`.
    total : float
        X²_S, the uncorrected sum of `statistics`.
    """

    statistics: NDArray[np.float64]
    rao_scott: AssociationTest
    bonferroni: AssociationTest
    p_adjusted: NDArray[np.float64]
    total: float


def group_statistics(ticked: ArrayLike, bases: ArrayLike, empty_cell: float = 0.0) -> NDArray[np.float64]:
    """Pearson's statistic of each item against a single response (Agresti and Liu, 1999), shape (items,).

    Parameters
    ----------
    ticked : array of int, shape (groups, items)
        Respondents of each group who ticked each item.
    bases : array of int, shape (groups,)
        Respondents of each group who answered.
    empty_cell : float, default 0
        Put in the place of each empty cell (.5 in R's MRCV).

    Returns
    -------
    ndarray of float, shape (items,)
        NaN where nobody or everybody ticked the item.
    """
    yes, base = np.asarray(ticked, dtype=float), np.asarray(bases, dtype=float)[:, None]
    full = base[:, 0] > 0
    cells = np.stack([yes, base - yes])[:, full]
    varies = (cells.sum(axis=1) > 0).all(axis=0)
    cells = np.where(cells == 0, empty_cell, cells)
    rows, columns, total = cells.sum(axis=0), cells.sum(axis=1), cells.sum(axis=(0, 1))
    means = rows[None] * columns[:, None] / np.where(total > 0, total, 1)
    parts = np.divide((cells - means) ** 2, means, out=np.zeros_like(cells), where=means > 0)
    return np.where(varies, parts.sum(axis=(0, 1)), np.nan)


def pair_statistics(
    both: ArrayLike, ticked_w: ArrayLike, ticked_y: ArrayLike, base: int, empty_cell: float = 0.0
) -> NDArray[np.float64]:
    """Pearson's statistic of each pair of items of two multiple responses (Bilder and Loughin, 2004).

    Parameters
    ----------
    both : array of int, shape (items of w, items of y)
        Respondents who ticked both.
    ticked_w, ticked_y : array of int
        Respondents who ticked each item of w, each item of y.
    base : int
        Respondents who answered both questions.
    empty_cell : float, default 0
        Put in the place of each empty cell of the 2 × 2 tables (.5 in R's MRCV).

    Returns
    -------
    ndarray of float, shape (items of w, items of y)
        NaN where nobody or everybody ticked one of the two.
    """
    w, y = np.asarray(ticked_w, dtype=np.int64), np.asarray(ticked_y, dtype=np.int64)
    pairs = np.asarray(both, dtype=np.int64)
    return np.stack(
        [
            group_statistics(np.stack([pairs[i], y - pairs[i]]), [w[i], base - w[i]], empty_cell)
            if 0 < w[i] < base
            else np.full(y.size, np.nan)
            for i in range(w.size)
        ]
    )


def _squared_correlations(marks: NDArray[np.int64]) -> float:
    """Sum of the squared correlations between all items that vary, each with itself included."""
    # From whole counts, so that not even the last digit depends on the order of the respondents.
    n, ticked = len(marks), marks.sum(axis=0)
    varying = (ticked > 0) & (ticked < n)
    ticked = ticked[varying]
    gaps = n * (marks.T @ marks)[varying][:, varying] - np.outer(ticked, ticked)
    spread = (ticked * (n - ticked)).astype(float)
    return float((gaps.astype(float) ** 2 / np.outer(spread, spread)).sum())


def _assemble(statistics: NDArray[np.float64], each: int, squares: float, base: int) -> MarginalIndependence:
    """Second-order and Bonferroni tests; `each` df a statistic, `squares` the sum of squared eigenvalues."""
    count = int((~np.isnan(statistics)).sum())
    if count == 0 or each < 1 or squares <= 0:
        nothing = AssociationTest(base=base, reason="no_variation")
        return MarginalIndependence(statistics, nothing, nothing, np.full(statistics.shape, np.nan), 0.0)
    total, eigenvalues = float(np.nansum(statistics)), float(count * each)
    corrected, df = total * eigenvalues / squares, eigenvalues**2 / squares
    p_each = np.asarray(chdtrc(each, statistics))
    p_adjusted = np.minimum(1.0, p_each * count)
    return MarginalIndependence(
        statistics,
        AssociationTest(
            method="rao_scott_second_order",
            statistic=corrected,
            df=df,
            p_value=float(chdtrc(df, corrected)),
            base=base,
        ),
        AssociationTest(
            method="bonferroni",
            statistic=float(np.nanmax(statistics)),
            df=each,
            p_value=float(np.nanmin(p_adjusted)),
            base=base,
        ),
        p_adjusted,
        total,
    )


def single_by_multiple(
    groups: ArrayLike, n_groups: int, marks: ArrayLike, empty_cell: float = 0.0
) -> MarginalIndependence:
    """Test a single response against every item of a multiple response (Agresti and Liu, 1999).

    Second-order Rao–Scott correction (Thomas and Decady, 2004; Bilder and Loughin, 2004) with the covariance
    of the statistics under independence: each of the r - 1 contrasts between groups has the correlation
    matrix of the items.

    Parameters
    ----------
    groups : array of int, shape (respondents,)
        Codes 0 … `n_groups` - 1; -1 is missing.
    n_groups : int
        Number of options.
    marks : array of int, shape (respondents, items)
        1 ticked, 0 not ticked, -1 missing.
    empty_cell : float, default 0
        Put in the place of each empty cell (.5 in R's MRCV).

    Returns
    -------
    MarginalIndependence
        The base is whoever answered both; reason ``no_variation`` when there is nothing to compare.
    """
    array, codes = checked_marks(marks), np.asarray(groups)
    kept = (array >= 0).all(axis=1) & (codes >= 0)
    array, codes = array[kept], codes[kept]
    bases = np.bincount(codes, minlength=n_groups)
    ticked = np.column_stack([np.bincount(codes[item > 0], minlength=n_groups) for item in array.T])
    statistics = group_statistics(ticked, bases, empty_cell)
    contrasts = int((bases > 0).sum()) - 1
    squares = contrasts * _squared_correlations(array) if len(array) else 0.0
    return _assemble(statistics, contrasts, squares, len(array))


def multiple_by_multiple(marks_w: ArrayLike, marks_y: ArrayLike, empty_cell: float = 0.0) -> MarginalIndependence:
    """Test every item of a multiple response against every item of another (Bilder and Loughin, 2004).

    X²_S with the second-order Rao–Scott correction; under independence the pairs have the Kronecker product
    of the two correlation matrices.

    Parameters
    ----------
    marks_w, marks_y : array of int, shape (respondents, items)
        1 ticked, 0 not ticked, -1 missing.
    empty_cell : float, default 0
        Put in the place of each empty cell (.5 in R's MRCV).

    Returns
    -------
    MarginalIndependence
        The base is whoever answered both; reason ``no_variation`` when there is nothing to compare.
    """
    w, y = checked_marks(marks_w), checked_marks(marks_y)
    kept = (w >= 0).all(axis=1) & (y >= 0).all(axis=1)
    w, y = w[kept], y[kept]
    statistics = pair_statistics(w.T @ y, w.sum(axis=0), y.sum(axis=0), len(w), empty_cell)
    squares = _squared_correlations(w) * _squared_correlations(y) if len(w) else 0.0
    return _assemble(statistics, 1, squares, len(w))


def bootstrap_independence(
    marks_w: ArrayLike, marks_y: ArrayLike, seed: int, resamples: int = 1_999, single: bool = False
) -> AssociationTest:
    """p-value of X²_S by seeded bootstrap, the two questions drawn apart (Bilder and Loughin, 2004).

    Both questions are sorted before drawing. p = (1 + k) / (1 + resamples).

    Parameters
    ----------
    marks_w, marks_y : array of int, shape (respondents, items)
        1 ticked, 0 not ticked, -1 missing.
    seed : int
        Seed of the generator.
    resamples : int, default 1999
        Bootstrap samples.
    single : bool, default False
        `marks_w` are the options of a single response, one column each: the statistic is that of
        :func:`single_by_multiple`, Pearson's of every item.

    Returns
    -------
    AssociationTest
        Method ``bootstrap``, `p_se` filled; reason ``no_variation``.
    """
    w, y = checked_marks(marks_w), checked_marks(marks_y)
    kept = (w >= 0).all(axis=1) & (y >= 0).all(axis=1)
    w, y = w[kept], y[kept]
    n = len(w)

    def total(first: NDArray[Any], second: NDArray[Any]) -> float:
        a, b = first.mean(axis=0), second.mean(axis=0)
        spread = n * np.outer(a if single else a * (1 - a), b * (1 - b))
        gap = (first.T @ second - n * np.outer(a, b)) ** 2
        return float(np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 1e-12).sum())

    if n == 0 or (w.std(axis=0) == 0).all() or (y.std(axis=0) == 0).all():
        return AssociationTest(base=n, reason="no_variation")
    # Float matrices multiply many times faster than integer ones.
    w, y = w.astype(float), y.astype(float)
    observed, generator = total(w, y), np.random.default_rng(seed)
    # Drawn apart, the two need not stay side by side; sorted, they do not show the order of the respondents.
    w, y = w[np.lexsort(w.T)], y[np.lexsort(y.T)]
    extreme = sum(
        total(w[generator.integers(0, n, n)], y[generator.integers(0, n, n)]) >= observed * (1 - 1e-9)
        for _ in range(resamples)
    )
    p_value = (1 + extreme) / (1 + resamples)
    return AssociationTest(
        method="bootstrap",
        statistic=observed,
        p_value=p_value,
        p_se=float(np.sqrt(p_value * (1 - p_value) / resamples)),
        base=n,
    )
