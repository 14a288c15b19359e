"""Pairwise column comparisons under a sample design.

Belongs here: which columns of a cross differ in one row, and by how much, with design-based errors. Does not: the
cross as a whole (``design_tests``), the same without a design (``crosses``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc

from synthese.statistics.designs import Design
from synthese.statistics.proportions import t_quantile
from synthese.statistics.ratios import cell_covariance
from synthese.statistics.tabulation import checked_codes


@dataclass(frozen=True)
class ColumnPairs:
    """Shares of one option compared between columns, one value a pair.

    Parameters
    ----------
    first, second : ndarray of int, shape (pairs,)
        Columns compared, ``first < second``.
    difference, low, high : ndarray of float, shape (pairs,)
        Share in the first less share in the second, with its t interval.
    statistic, p_value : ndarray of float, shape (pairs,)
        Rao and Scott's F, with 1 and `df_denominator` degrees of freedom.
    base : ndarray of int, shape (pairs,)
        Respondents with a positive weight in the two columns.
    df_denominator : int
        Degrees of freedom of the design.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    difference: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    statistic: NDArray[np.float64]
    p_value: NDArray[np.float64]
    base: NDArray[np.int64]
    df_denominator: int


def _totals_covariance(design: Design, cells: NDArray[np.intp], n_cells: int) -> NDArray[np.float64]:
    """Covariance of the weighted totals of cells; -1 is in none of them."""
    if design.drawn_apart:
        # Weights only: one bincount of squared weights stands for the matrix of indicators.
        n = cells.size
        totals = np.bincount(cells + 1, design.weights, n_cells + 1)[1:]
        squares = np.bincount(cells + 1, design.squared_weights, n_cells + 1)[1:]
        return np.asarray((np.diag(squares) - np.outer(totals, totals) / n) * (n / (n - 1)))
    return cell_covariance(design, cells, np.eye(n_cells))


def column_pairs(
    design: Design,
    chosen: ArrayLike,
    columns: ArrayLike,
    n_columns: int,
    minimum_base: int = 30,
    confidence: float = 0.95,
) -> ColumnPairs:
    """Compare the share of one option between every two columns: Rao and Scott's test of their 2 × 2 table.

    As `design_tests.rao_scott` with all other columns missing, for all pairs from one covariance of cells (Rao and
    Scott, 1984): a contrast of two columns is a sum of cells. A share of 0 or 1 is not compared, nor a column with a
    small base.

    Parameters
    ----------
    design : Design
        The whole sample.
    chosen : array of bool, shape (respondents,)
        Who chose the option.
    columns : array of int, shape (respondents,)
        Column of each respondent; -1 is missing.
    n_columns : int
        Number of columns.
    minimum_base : int, default 30
        Least base of a column, unweighted.
    confidence : float, default 0.95
        Level of the intervals.

    Returns
    -------
    ColumnPairs
        Without pairs where nothing can be compared.
    """
    codes = checked_codes(columns, n_columns, "columns")
    cells = np.where(codes >= 0, 2 * codes + np.where(np.asarray(chosen, dtype=bool), 0, 1), -1).astype(np.intp)
    positive = cells[design.weights > 0]
    base = np.bincount(positive[positive >= 0] // 2, minlength=n_columns)
    totals = np.bincount(cells + 1, design.weights, 2 * n_columns + 1)[1:].reshape(n_columns, 2)
    tested = np.flatnonzero((base >= minimum_base) & (totals > 0).all(axis=1))
    df = design.df()
    i, j = np.triu_indices(tested.size if df >= 1 else 0, k=1)
    first, second = tested[i], tested[j]
    if first.size == 0:
        nothing = np.zeros(0)
        return ColumnPairs(first, second, *(nothing,) * 5, base[first], df)
    covariance = _totals_covariance(design, cells, 2 * n_columns)

    def variance(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        part = covariance[places[:, :, None], places[:, None, :]]
        return np.asarray(np.einsum("pa,pab,pb->p", weights, part, weights))

    # The four cells of each pair: chosen and not in the first column, then in the second.
    places = np.column_stack([2 * first, 2 * first + 1, 2 * second, 2 * second + 1])
    inside = totals.ravel()[places]
    whole, n = inside.sum(axis=1), base[first] + base[second]
    p = inside / whole[:, None]
    contrast = np.array([0.5, -0.5, -0.5, 0.5]) / p
    simple = (0.25 / p).sum(axis=1) / n
    effect = variance(contrast / whole[:, None]) / simple
    margins = (p[:, 0] + p[:, 1]) * (p[:, 2] + p[:, 3]) * (p[:, 0] + p[:, 2]) * (p[:, 1] + p[:, 3])
    chi_square = n * (p[:, 0] * p[:, 3] - p[:, 1] * p[:, 2]) ** 2 / margins
    statistic = chi_square / effect
    share = totals[:, 0] / np.where(totals.sum(axis=1) > 0, totals.sum(axis=1), 1.0)
    above, below = share[first], share[second]
    size_a, size_b = inside[:, 0] + inside[:, 1], inside[:, 2] + inside[:, 3]
    slopes = np.column_stack([(1 - above) / size_a, -above / size_a, -(1 - below) / size_b, below / size_b])
    half = t_quantile(confidence, df) * np.sqrt(variance(slopes))
    return ColumnPairs(
        first,
        second,
        above - below,
        np.maximum(-1.0, above - below - half),
        np.minimum(1.0, above - below + half),
        statistic,
        np.asarray(fdtrc(1, df, statistic)),
        n,
        df,
    )
