"""Tests of all tables of a banner at once.

Belongs here: chi-square, Rao–Scott and Cramér's V of every pair, as arrays. Does not: counting (``banner``), one table
by itself (``association``, ``design_tests``), any other design than weights alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from synthese.statistics.banner import Banner
from synthese.statistics.banner_effects import effect_traces

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BannerTests:
    """One test a pair; every array has shape (questions, breakdowns), NaN where there is no test.

    Parameters
    ----------
    method : str
        ``chi_square``, or ``rao_scott_f`` where there are weights.
    base : ndarray of int64
        Respondents in the table; of a positive weight where there are weights.
    statistic, df, p_value : ndarray of float
        Chi-square or F, its (numerator) degrees of freedom, and its upper tail.
    df_denominator : ndarray of float
        Of F; NaN for chi-square.
    effect : str
        ``cramers_v_corrected``, or ``cramers_v`` where there are weights.
    effect_size : ndarray of float
        Cramér's V.
    least_expected : ndarray of float
        Smallest expected count of the unweighted table, empty rows and columns left out.
    cochran : ndarray of bool
        Whether chi-square may be used on the unweighted table (Cochran, 1954).
    """

    method: str
    base: NDArray[np.int64]
    statistic: Floats
    df: Floats
    p_value: Floats
    df_denominator: Floats
    effect: str
    effect_size: Floats
    least_expected: Floats
    cochran: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Margins:
    """Margins of every table of a matrix; empty rows and columns are no part of a table."""

    banner: Banner
    rows: Floats
    columns: Floats
    totals: Floats
    of_breaks: Floats

    @classmethod
    def of(cls, banner: Banner, matrix: NDArray[Any]) -> _Margins:
        # A product with 0 and 1 sums many short runs faster than `add.reduceat`; whole numbers stay whole.
        of_breaks = np.repeat(np.eye(len(banner.break_widths)), banner.break_widths, axis=0)
        rows, columns = matrix @ of_breaks, np.add.reduceat(matrix, banner.question_starts, axis=0)
        return cls(banner, rows, columns, np.add.reduceat(rows, banner.question_starts, axis=0), of_breaks)

    def shape(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns that are not empty, of each table."""
        return (
            np.add.reduceat((self.rows > 0).astype(np.intp), self.banner.question_starts, axis=0),
            ((self.columns > 0) @ self.of_breaks).astype(np.intp),
        )

    def spread(self, tables: NDArray[Any]) -> NDArray[Any]:
        """Give each cell the value of its table."""
        return np.repeat(np.repeat(tables, self.banner.question_widths, axis=0), self.banner.break_widths, axis=1)

    def gather(self, cells: NDArray[Any]) -> Floats:
        """Sum the cells of each table."""
        return np.asarray(np.add.reduceat(cells @ self.of_breaks, self.banner.question_starts, axis=0))

    def expected(self) -> Floats:
        """Give each cell the count expected under independence."""
        per_table = self.rows / np.repeat(np.maximum(self.totals, 1e-300), self.banner.question_widths, axis=0)
        rows = np.repeat(per_table, self.banner.break_widths, axis=1)
        return np.asarray(rows * np.repeat(self.columns, self.banner.question_widths, axis=0))

    def least_expected(self) -> Floats:
        rows = np.where(self.rows > 0, self.rows, np.inf)
        columns = np.where(self.columns > 0, self.columns, np.inf)
        least = np.minimum.reduceat(rows, self.banner.question_starts, axis=0) * np.minimum.reduceat(
            columns, self.banner.break_starts, axis=1
        )
        found = np.full(self.totals.shape, np.nan)
        return np.asarray(np.divide(least, self.totals, out=found, where=self.totals > 0))

    def chi_square(self, matrix: NDArray[Any], expected: Floats) -> Floats:
        gaps = matrix - expected
        gaps *= gaps
        return np.asarray(self.gather(np.divide(gaps, expected, out=gaps, where=expected > 0)), dtype=float)


def banner_tests(banner: Banner) -> BannerTests:
    """Test every pair: chi-square, or Rao and Scott's F where there are weights.

    Parameters
    ----------
    banner : Banner
        The tables. Weights are taken as a design of weights alone: each respondent drawn apart.

    Returns
    -------
    BannerTests
        The numbers of ``association.chi_square`` and ``cramers_v``, or of ``design_tests.rao_scott``, for each pair.
    """
    margins = _Margins.of(banner, banner.counts)
    expected = margins.expected()
    n_rows, n_columns = margins.shape()
    least = margins.least_expected()
    few = margins.gather((expected < 5) & (expected > 0))
    cochran = (least >= 1) & (few <= 0.2 * n_rows * n_columns)
    if banner.weights is not None:
        return _rao_scott(banner, least, cochran)
    statistic = margins.chi_square(banner.counts, expected)
    comparable = (n_rows > 1) & (n_columns > 1)
    df = np.where(comparable, (n_rows - 1) * (n_columns - 1), np.nan)
    statistic = np.where(comparable, statistic, np.nan)
    n = np.where(comparable, margins.totals, 2).astype(float)
    rows, columns = n_rows - 1.0, n_columns - 1.0
    # Bias-corrected V (Bergsma, 2013); 0 where one respondent a row or a column leaves nothing to correct.
    scale = n * np.minimum(rows - rows**2 / (n - 1), columns - columns**2 / (n - 1))
    excess = np.divide(statistic - n * df / (n - 1), scale, out=np.zeros_like(n), where=scale > 0)
    return BannerTests(
        method="chi_square",
        base=margins.totals.astype(np.int64),
        statistic=statistic,
        df=df,
        p_value=np.asarray(chdtrc(df, statistic)),
        df_denominator=np.full(df.shape, np.nan),
        effect="cramers_v_corrected",
        effect_size=np.where(comparable, np.sqrt(np.clip(excess, 0, 1)), np.nan),
        least_expected=least,
        cochran=cochran,
    )


def _rao_scott(banner: Banner, least: Floats, cochran: NDArray[np.bool_]) -> BannerTests:
    assert banner.weights is not None
    assert banner.squares is not None
    assert banner.positive is not None
    margins = _Margins.of(banner, banner.weights)
    n_rows, n_columns = margins.shape()
    comparable = (n_rows > 1) & (n_columns > 1)
    base = margins.gather(banner.positive).astype(np.int64)
    total = np.where(comparable, margins.totals, 1.0)
    statistic = margins.chi_square(banner.weights, margins.expected()) / total
    n, positive = banner.respondents, banner.positive_respondents
    shares = banner.weights / margins.spread(total)
    squares = banner.squares * margins.spread(n / max(1, n - 1) / total**2)
    first, second = effect_traces(banner, shares, squares, np.where(comparable, n_rows * n_columns, 0))
    trace = base * first
    tested = (trace >= 1e-12) & (positive > 1)
    trace, df = np.where(tested, trace, np.nan), np.where(tested, first**2 / second, np.nan)
    f, df_denominator = base * statistic / trace, df * (positive - 1)
    effect = np.sqrt(statistic / np.where(comparable, np.minimum(n_rows, n_columns) - 1, 1))
    return BannerTests(
        method="rao_scott_f",
        base=base,
        statistic=f,
        df=df,
        p_value=np.asarray(fdtrc(df, df_denominator, f)),
        df_denominator=df_denominator,
        effect="cramers_v",
        effect_size=np.where(tested, effect, np.nan),
        least_expected=least,
        cochran=cochran,
    )
