"""Tests of a cross under a sample design.

Belongs here: Rao–Scott and Wald tests of independence. Does not: the variance itself (``designs``),
comparisons of means and ranks (``design_groups``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, fdtrc

from synthese.statistics.designs import Design
from synthese.statistics.ratios import cell_covariance
from synthese.statistics.results import DesignTest
from synthese.statistics.tabulation import checked_codes

_DEGENERATE = "fewer_than_two_rows_or_columns"


@dataclass(frozen=True, eq=False)
class _Cross:
    """A cross under a design: shares of cells, and what is needed to test them.

    `pairs` numbers the pair of codes of each respondent, missing ones included; `place` says for each pair which cell
    of `shares` it is, -1 for none.
    """

    shares: NDArray[np.float64]
    pairs: NDArray[np.intp]
    place: NDArray[np.intp]
    total: float
    base: int
    df: int

    @cached_property
    def cells(self) -> NDArray[np.intp]:
        """Cell of each respondent, -1 for whoever is missing."""
        return self.place[self.pairs]

    def influence(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return linearised values over the sum of weights, 0 outside the domain."""
        return np.asarray(values * (self.cells >= 0)[:, None] / self.total)


def _cross(design: Design, rows: ArrayLike, columns: ArrayLike) -> _Cross:
    r, c = checked_codes(rows, None, "rows"), checked_codes(columns, None, "columns")
    if r.shape != design.weights.shape or c.shape != design.weights.shape:
        raise ValueError(f"rows and columns must have the length of weights, found {r.shape} and {c.shape}")
    shape = int(r.max(initial=0)) + 2, int(c.max(initial=0)) + 2
    pairs: NDArray[np.intp] = np.asarray((r + np.intp(1)) * np.intp(shape[1]) + (c + np.intp(1)), dtype=np.intp)
    table = np.bincount(pairs, design.weights, shape[0] * shape[1]).reshape(shape)
    table[0], table[:, 0] = 0, 0
    full = np.outer(table.sum(axis=1) > 0, table.sum(axis=0) > 0)
    place = np.full(table.size, -1, dtype=np.intp)
    place[full.ravel()] = np.arange(full.sum())
    total = float(table.sum())
    shares = table[full.any(axis=1)][:, full.any(axis=0)] / (total or 1.0)
    weighted = pairs if design.all_positive else pairs[design.weights > 0]
    base = int(np.bincount(weighted, minlength=table.size)[place >= 0].sum())
    return _Cross(shares, pairs, place, total, base, design.df())


def _share_covariance(design: Design, cross: _Cross) -> NDArray[np.float64]:
    """Linearised covariance of the shares of all cells, row by row."""
    p = cross.shares.ravel()
    if design.drawn_apart:
        # Weights only: one bincount of squared weights stands for the matrix of influences.
        squares = np.bincount(cross.pairs, design.squared_weights, cross.place.size)[cross.place >= 0]
        n = design.weights.size
        crossed = np.outer(squares, p)
        centred = np.diag(squares) - crossed - crossed.T + squares.sum() * np.outer(p, p)
        return np.asarray(centred / cross.total**2 * n / (n - 1))
    return cell_covariance(design, cross.cells, (np.eye(p.size) - p) / cross.total)


def _interactions(n_rows: int, n_columns: int) -> NDArray[np.float64]:
    """Contrasts between cells that are orthogonal to row and column effects, shape (cells, df)."""
    centre_rows = np.linalg.svd(np.eye(n_rows) - 1 / n_rows)[0][:, : n_rows - 1]
    centre_columns = np.linalg.svd(np.eye(n_columns) - 1 / n_columns)[0][:, : n_columns - 1]
    return np.kron(centre_rows, centre_columns)


def rao_scott(
    design: Design, rows: ArrayLike, columns: ArrayLike, reference: Literal["F", "chi_square"] = "F"
) -> DesignTest:
    """Pearson's chi-square of a weighted cross, corrected for the design (Rao and Scott, 1984; Thomas and Rao, 1987).

    As R's ``svychisq``. Missing answers are a domain, and degrees of freedom those of the whole sample; empty
    rows and columns are dropped.

    Parameters
    ----------
    design : Design
        The whole sample.
    rows, columns : array of int, shape (respondents,)
        Codes; -1 is missing.
    reference : {"F", "chi_square"}
        Second-order F (R's default), or first-order chi-square (R's "Chisq").

    Returns
    -------
    DesignTest
        Method ``rao_scott_f``, or ``rao_scott_chi_square``: X² over the mean generalised design effect.
        Effect ``cramers_v`` of the weighted table, plain. Reason ``fewer_than_two_rows_or_columns``,
        ``too_many_empty_cells`` (contrasts that no cell carries), ``too_few_units`` or ``no_variance``.
    """
    cross = _cross(design, rows, columns)
    if min(cross.shares.shape) < 2:
        return DesignTest(base=cross.base, reason=_DEGENERATE)
    p, n = cross.shares.ravel(), cross.base
    means = np.outer(cross.shares.sum(axis=1), cross.shares.sum(axis=0))
    statistic = n * float(((cross.shares - means) ** 2 / means).sum())
    contrasts = _interactions(*cross.shares.shape)
    inverse = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)[:, None] * contrasts
    simple = contrasts.T @ inverse / n
    actual = inverse.T @ _share_covariance(design, cross) @ inverse
    # Too many empty cells: the contrasts, or their errors, are not all there.
    if np.linalg.matrix_rank(simple) < len(simple):
        return DesignTest(base=n, reason="too_many_empty_cells")
    effects = np.linalg.solve(simple, actual)
    trace = float(np.trace(effects))
    if cross.df < 1:
        return DesignTest(base=n, reason="too_few_units")
    if trace < 1e-12:
        return DesignTest(base=n, reason="no_variance")
    numerator_df = trace**2 / float(np.trace(effects @ effects))
    v = float(np.sqrt(statistic / n / (min(cross.shares.shape) - 1)))
    if reference == "chi_square":
        df = contrasts.shape[1]
        return DesignTest(
            method="rao_scott_chi_square",
            statistic=statistic / trace * df,
            df=df,
            p_value=float(chdtrc(df, statistic / trace * df)),
            effect="cramers_v",
            effect_size=v,
            base=n,
        )
    denominator_df = numerator_df * cross.df
    return DesignTest(
        method="rao_scott_f",
        statistic=statistic / trace,
        df=numerator_df,
        p_value=float(fdtrc(numerator_df, denominator_df, statistic / trace)),
        effect="cramers_v",
        effect_size=v,
        base=n,
        df_denominator=denominator_df,
    )


def wald_independence(design: Design, rows: ArrayLike, columns: ArrayLike, adjusted: bool = True) -> DesignTest:
    """Wald test of independence of a weighted cross (Koch, Freeman and Freeman, 1975), as R's ``svychisq``.

    Parameters
    ----------
    design : Design
        The whole sample.
    rows, columns : array of int, shape (respondents,)
        Codes; -1 is missing.
    adjusted : bool, default True
        Adjust F for few primary sampling units.

    Returns
    -------
    DesignTest
        Method ``wald_adjusted`` or ``wald``. Reason ``fewer_than_two_rows_or_columns`` or ``too_few_units``.
    """
    cross = _cross(design, rows, columns)
    if min(cross.shares.shape) < 2:
        return DesignTest(base=cross.base, reason=_DEGENERATE)
    n_rows, n_columns = cross.shares.shape
    p_rows, p_columns = cross.shares.sum(axis=1), cross.shares.sum(axis=0)
    in_row = cross.cells[:, None] // n_columns == np.arange(1, n_rows)
    in_column = cross.cells[:, None] % n_columns == np.arange(1, n_columns)
    centred = (in_row - p_rows[1:])[:, :, None] * (in_column - p_columns[1:])[:, None, :]
    # Observed less expected totals, not shares: the size of the population is not taken as known.
    influence = cross.influence(centred.reshape(cross.pairs.size, -1))
    gap = (cross.shares - np.outer(p_rows, p_columns))[1:, 1:].ravel()
    df, unit_df = gap.size, cross.df
    scale = (unit_df - df + 1) / unit_df if adjusted else 1.0
    denominator_df = unit_df - df + 1 if adjusted else unit_df
    if denominator_df <= 0:
        return DesignTest(base=cross.base, reason="too_few_units")
    covariance = design.covariance(influence, cross.cells >= 0)
    if np.linalg.matrix_rank(covariance, hermitian=True) < df:
        return DesignTest(base=cross.base, reason="too_few_units")
    statistic = float(gap @ np.linalg.solve(covariance, gap)) / df * scale
    return DesignTest(
        method="wald_adjusted" if adjusted else "wald",
        statistic=statistic,
        df=df,
        p_value=float(fdtrc(df, denominator_df, statistic)),
        base=cross.base,
        df_denominator=denominator_df,
    )
