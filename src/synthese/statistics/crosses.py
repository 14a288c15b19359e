"""Which columns of a cross differ.

Belongs here: pairwise comparisons of columns, names of columns by letter. Does not: the test of the whole table
(``association``), comparisons under a design (``design_columns``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from synthese.statistics.exact import whole_table
from synthese.statistics.multiplicity import holm


@dataclass(frozen=True)
class ColumnComparisons:
    """Which columns differ in which row, as SPSS Custom Tables print it.

    Parameters
    ----------
    statistic, p_value : ndarray of float, shape (rows, columns, columns)
        z² and unadjusted p-value of each pair, symmetric; NaN where the pair was not tested.
    p_adjusted : ndarray of float, shape (rows, columns, columns)
        Holm-adjusted p-value of each pair, symmetric; NaN where the pair was not tested.
    tested : ndarray of bool, shape (rows, columns)
        Whether the cell took part: its column has the least base and its share is neither 0 nor 1.
    """

    statistic: NDArray[np.float64]
    p_value: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]
    tested: NDArray[np.bool_]


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


def letter(column: int) -> str:
    """Letter of a column counted from 0: A to Z, then AA, AB and so on."""
    name = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_comparisons(table: ArrayLike, minimum_base: int = 30, bases: ArrayLike | None = None) -> ColumnComparisons:
    """Compare the columns of a cross two by two within each row (IBM SPSS Statistics Algorithms, CTABLES).

    Pooled z tests, Holm-adjusted over the pairs of one row; as in SPSS a share of 0 or 1 is not compared.
    Columns with a small base are left out.

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Unweighted counts of respondents.
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
    for r in range(n_rows):
        statistic[r] = pairwise_statistics(np.where(tested[r], counts[r], 0), np.where(tested[r], base, 0))
        raw = np.asarray(chdtrc(1, statistic[r]))
        upper = np.triu_indices(n_columns, k=1)
        adjusted = np.array(holm(raw[upper].tolist()), dtype=float)
        p_adjusted[r][upper] = adjusted
        p_adjusted[r].T[upper] = adjusted
    return ColumnComparisons(statistic, np.asarray(chdtrc(1, statistic)), p_adjusted, tested)
