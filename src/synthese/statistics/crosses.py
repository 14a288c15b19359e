"""What is shown of a cross: shares both ways with intervals, and which columns differ.

Belongs here: shares of a count table, pairwise column comparisons and their letters. Does not: the test of
the whole table (``association``), multiple response (``multiple``), weights (``designs``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from synthese.statistics.exact import whole_table
from synthese.statistics.multiplicity import holm
from synthese.statistics.proportions import normal_quantile


@dataclass(frozen=True)
class Shares:
    """Shares of a table with Wilson intervals, all of the table's shape; NaN where the base is 0.

    Parameters
    ----------
    value, low, high : ndarray of float, shape (rows, columns)
        The share and its bounds.
    base : ndarray of int, shape (rows, columns)
        The denominator of each cell.
    confidence : float
        Nominal coverage of each interval, one at a time.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    base: NDArray[np.int64]
    confidence: float


@dataclass(frozen=True)
class ColumnComparisons:
    """Which columns differ in which row, as SPSS Custom Tables print it.

    Parameters
    ----------
    letters : tuple of tuple of str
        For each row and column, the letters of the columns whose share is significantly smaller; columns are
        A, B, … Z, AA, …
    statistic, p_value : ndarray of float, shape (rows, columns, columns)
        z² and unadjusted p-value of each pair, symmetric; NaN where the pair was not tested.
    p_adjusted : ndarray of float, shape (rows, columns, columns)
        Holm-adjusted p-value of each pair, symmetric; NaN where the pair was not tested.
    tested : ndarray of bool, shape (rows, columns)
        Whether the cell took part: its column has the least base and its share is neither 0 nor 1.
    """

    letters: tuple[tuple[str, ...], ...]
    statistic: NDArray[np.float64]
    p_value: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]
    tested: NDArray[np.bool_]


def shares(table: ArrayLike, of: Literal["columns", "rows", "total"], confidence: float = 0.95) -> Shares:
    """Shares of each cell within its column, its row or the table, with Wilson's intervals (1927).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Unweighted counts of respondents.
    of : {"columns", "rows", "total"}
        What adds up to 1: each column (share of the option within the group), each row (share of the group
        within the option) or the whole table.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    Shares
        Bases are column sums, row sums or the sum of the table.
    """
    counts = whole_table(table)
    axes: dict[str, tuple[int, ...]] = {"columns": (0,), "rows": (1,), "total": (0, 1)}
    base = np.broadcast_to(counts.sum(axis=axes[of], keepdims=True), counts.shape)
    z2 = normal_quantile(confidence) ** 2
    denominator = np.where(base > 0, base, 1).astype(float)
    value = counts / denominator
    centre = (value + z2 / (2 * denominator)) / (1 + z2 / denominator)
    spread = np.sqrt(z2 * (value * (1 - value) / denominator + z2 / (4 * denominator**2)))
    half = spread / (1 + z2 / denominator)
    low = np.where(counts == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(counts == base, 1.0, np.minimum(centre + half, 1.0))
    empty = base == 0
    value, low, high = (np.where(empty, np.nan, array) for array in (value, low, high))
    return Shares(value, low, high, base.copy(), confidence)


def pairwise_statistics(counts: ArrayLike, bases: ArrayLike, continuity: bool = False) -> NDArray[np.float64]:
    """z² of each pair of shares of independent groups, the share pooled (R's ``prop.test``): chi-square with 1 df.

    Parameters
    ----------
    counts, bases : array of int, shape (groups,)
        Respondents who chose the option, and respondents in each group.
    continuity : bool, default False
        Apply Yates' correction, as ``pairwise.prop.test`` does by default.

    Returns
    -------
    ndarray of float, shape (groups, groups)
        Symmetric; NaN on the diagonal, for an empty group and where nobody or everybody of a pair chose the
        option.
    """
    chosen, base = np.asarray(counts, dtype=float), np.asarray(bases, dtype=float)
    result = np.full((chosen.size, chosen.size), np.nan)
    i, j = np.triu_indices(chosen.size, k=1)
    i, j = (side[(base[i] > 0) & (base[j] > 0)] for side in (i, j))
    pooled = (chosen[i] + chosen[j]) / (base[i] + base[j])
    kept = (pooled > 0) & (pooled < 1)
    i, j, pooled = i[kept], j[kept], pooled[kept]
    inverse = 1 / base[i] + 1 / base[j]
    gap = np.abs(chosen[i] / base[i] - chosen[j] / base[j])
    if continuity:
        gap = gap - np.minimum(0.5 * inverse, gap)
    result[i, j] = result[j, i] = gap**2 / (pooled * (1 - pooled) * inverse)
    return result


def pairwise_shares(counts: ArrayLike, bases: ArrayLike, continuity: bool = False) -> NDArray[np.float64]:
    """Unadjusted p-value of each pair of shares; arguments and NaN as in `pairwise_statistics`."""
    return np.asarray(chdtrc(1, pairwise_statistics(counts, bases, continuity)))


def letter(column: int) -> str:
    """Letter of a column counted from 0: A to Z, then AA, AB and so on."""
    name = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_comparisons(
    table: ArrayLike, alpha: float = 0.05, minimum_base: int = 30, bases: ArrayLike | None = None
) -> ColumnComparisons:
    """Compare the columns of a cross two by two within each row (IBM SPSS Statistics Algorithms, CTABLES).

    Pooled z tests, Holm-adjusted over the pairs of one row; as in SPSS a share of 0 or 1 is not compared.
    Columns with a small base are left out.

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Unweighted counts of respondents.
    alpha : float, default 0.05
        Level of the adjusted p-values.
    minimum_base : int, default 30
        Least base of a column that is compared.
    bases : array of int, shape (columns,), optional
        Respondents in each column where they are not the sum of the counts (multiple response).

    Returns
    -------
    ColumnComparisons
    """
    counts = whole_table(table)
    base = counts.sum(axis=0) if bases is None else np.asarray(bases, dtype=np.int64)
    n_rows, n_columns = counts.shape
    tested = (base >= minimum_base) & (counts > 0) & (counts < base)
    statistic = np.full((n_rows, n_columns, n_columns), np.nan)
    p_adjusted = np.full_like(statistic, np.nan)
    letters = []
    for r in range(n_rows):
        statistic[r] = pairwise_statistics(np.where(tested[r], counts[r], 0), np.where(tested[r], base, 0))
        raw = np.asarray(chdtrc(1, statistic[r]))
        upper = np.triu_indices(n_columns, k=1)
        adjusted = np.array(holm(raw[upper].tolist()), dtype=float)
        p_adjusted[r][upper] = adjusted
        p_adjusted[r].T[upper] = adjusted
        share = counts[r] / np.where(base > 0, base, 1)
        letters.append(
            tuple(
                "".join(letter(j) for j in range(n_columns) if p_adjusted[r, i, j] < alpha and share[j] < share[i])
                for i in range(n_columns)
            )
        )
    return ColumnComparisons(tuple(letters), statistic, np.asarray(chdtrc(1, statistic)), p_adjusted, tested)
