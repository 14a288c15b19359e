"""Many ratios of one sample at once, from sums over cells.

Belongs here: shares of a table, with linearised errors, from a few passes over the respondents. Does not: one estimate
of answers that differ from respondent to respondent (``weighted``), intervals.

The linearised values of a ratio of numbers of respondents are equal within a cell. A variance then needs the sums of
weights by cell, and by primary sampling unit and cell, instead of an array over respondents for each ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthese.statistics.addends import addends
from synthese.statistics.designs import Design, sums_by_code

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
_VALUES_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class Ratios:
    """Ratios of totals, one value each.

    Parameters
    ----------
    values, standard_errors : ndarray of float, shape (ratios,)
        NaN where the denominator is 0.
    df : ndarray of int, shape (ratios,)
        Degrees of freedom of the error.
    base_weighted, squares : ndarray of float, shape (ratios,)
        Sums of weights, and of their squares, of whoever is in the denominator.
    denominators : ndarray of float, shape (ratios,)
        Weighted totals of the denominators; of numbers of respondents they are `base_weighted`.
    bases, chosen : ndarray of int, shape (ratios,)
        Respondents of positive weight in the denominator, and those of them in the numerator.
    """

    values: Floats
    standard_errors: Floats
    df: Counts
    base_weighted: Floats
    squares: Floats
    denominators: Floats
    bases: Counts
    chosen: Counts


def cell_ratios(
    design: Design, cells: NDArray[np.intp], above: Floats, below: Floats, domain: NDArray[np.bool_] | None = None
) -> Ratios:
    """Ratios of two totals with their linearised errors (Cochran, 1977, 6.4; Binder, 1983).

    As :func:`weighted.weighted_ratio` of one ratio after the other. Sums are exact, hence the same in any order of the
    respondents.

    Parameters
    ----------
    design : Design
        The whole sample.
    cells : array of int, shape (respondents,)
        Cell of each respondent, -1 for none.
    above, below : array of float, shape (cells, ratios)
        What each respondent of a cell adds to the numerator and to the denominator of each ratio.
    domain : array of bool, shape (cells, ratios), optional
        Whose answers they are, a 0 being one; by default of whoever adds to the denominator.
    """
    size, inside = len(above), below != 0 if domain is None else domain
    codes = cells + np.intp(1)  # 0 is whoever is in no cell
    weights = design.weight_addends.by_code(codes, size + 1)[1:]
    squares = design.square_addends.by_code(codes, size + 1)[1:]
    positive = codes if design.all_positive else codes[design.weights > 0]
    counts = np.bincount(positive, minlength=size + 1)[1:]
    totals = weights @ below
    known = totals > 0
    values = np.divide(weights @ above, totals, out=np.full(totals.size, np.nan), where=known)
    influence = np.zeros((size + 1, totals.size))
    influence[1:, known] = ((above - np.where(known, values, 0.0) * below) / np.where(known, totals, 1.0))[:, known]
    variances = _variances(design, codes, influence, weights, squares, inside)
    return Ratios(
        values=values,
        standard_errors=np.where(known, np.sqrt(np.maximum(variances, 0.0)), np.nan),
        df=_degrees(design, codes, inside, counts),
        base_weighted=weights @ inside,
        squares=squares @ inside,
        denominators=totals,
        bases=counts @ inside,
        chosen=counts @ (inside & (above != 0)),
    )


def _variances(
    design: Design,
    codes: NDArray[np.intp],
    influence: Floats,
    weights: Floats,
    squares: Floats,
    inside: NDArray[np.bool_],
) -> Floats:
    """Variance of each total Σ w z, z being `influence` (cells + 1, ratios) by code."""
    n = design.weights.size
    if design.drawn_apart:
        mean = weights @ influence[1:] / n  # 0 but for rounding
        return np.asarray((squares @ influence[1:] ** 2 - n * mean**2) * (n / (n - 1) if n > 1 else 0.0))
    if type(design) is not Design:
        domains = np.vstack([np.zeros(inside.shape[1], dtype=bool), inside])
        pairs = zip(influence.T, domains.T, strict=True)
        columns = [design.covariance(column[codes], domain[codes])[0, 0] for column, domain in pairs]
        return np.asarray(columns, dtype=float)
    rows = _grouped(design, codes, len(influence))
    step = max(1, _VALUES_AT_ONCE // rows.stratum.size)
    parts = []
    for start in range(0, influence.shape[1], step):
        between, within = rows.deviations(design, influence[:, start : start + step])
        parts.append((between**2).sum(axis=0) + (within**2).sum(axis=0))
    return np.concatenate(parts) * _averaged(design, codes, inside)


def _averaged(design: Design, codes: NDArray[np.intp], inside: NDArray[np.bool_]) -> Floats:
    """See :meth:`Design.averaged`: of the domains `inside` (cells, estimates)."""
    if design.lonely != "average":
        return np.ones(inside.shape[1])
    size, n_strata = len(inside) + 1, design.units_of_stratum.size
    drawn = np.bincount(design.stratum_of_respondent * size + codes, minlength=n_strata * size)
    return design.averaged(drawn.reshape(n_strata, size)[:, 1:].astype(float) @ inside > 0)


def cell_covariance(design: Design, cells: NDArray[np.intp], influence: Floats) -> Floats:
    """Covariance of totals Σ w z as :meth:`Design.covariance`, z being equal within a cell.

    Parameters
    ----------
    design : Design
        The whole sample.
    cells : array of int, shape (respondents,)
        Cell of each respondent, -1 for none.
    influence : array of float, shape (cells, estimates)
        z by cell; it is 0 in none.
    """
    if type(design) is not Design:
        return design.covariance(np.vstack([influence, np.zeros(influence.shape[1])])[cells], cells >= 0)
    codes, padded = cells + np.intp(1), np.vstack([np.zeros(influence.shape[1]), influence])
    between, within = _grouped(design, codes, len(padded)).deviations(design, padded)
    everyone = np.ones((len(influence), 1), dtype=bool)
    return np.asarray((between.T @ between + within.T @ within) * _averaged(design, codes, everyone))


@dataclass(frozen=True, eq=False)
class _Grouped:
    """A sample in rows whose units have equal linearised values: a unit each, or units of one stratum and one cell.

    Where units are clusters, `weights` and `margins` have the sums of weights of each by cell and by place in the
    margins of a calibration. Where they are respondents, `weights` has the mean weight of each row, `place` its cell,
    `kinds` its places in the margins; `units` and `spread` are the number of units of a row and the sum of squares of
    their weights about the mean. `by_margin` sums base weights by place in the margins and cell.
    """

    stratum: NDArray[np.intp]
    units: Floats
    spread: Floats
    place: NDArray[np.intp] | None
    kinds: tuple[NDArray[np.intp], ...]
    weights: Floats
    margins: Floats | None
    by_margin: Floats | None

    def deviations(self, design: Design, influence: Floats) -> tuple[Floats, Floats]:
        """Deviations of units between rows and within rows: their squares add up to the variances of totals."""
        fitted = None
        if self.by_margin is not None:
            fitted = design.margins[2] @ (self.by_margin @ influence)
        if self.place is None:
            totals = self.weights @ influence
            if fitted is not None and self.margins is not None:
                totals = totals - self.margins @ fitted
            values = np.zeros((0, influence.shape[1]))
        else:
            values = influence[self.place]
            if fitted is not None:
                for kind in self.kinds:
                    values = values - fitted[kind]
            totals = self.weights[:, None] * values
        n_units, scale = design.units_of_stratum, design.scale_of_stratum
        means = sums_by_code(self.stratum, self.units[:, None] * totals, n_units.size) / n_units[:, None]
        if design.lonely == "adjust" and n_units.size > 1:
            means[n_units == 1] = 0.0
        each = scale[self.stratum]
        between = (totals - means[self.stratum]) * np.sqrt(each * self.units)[:, None]
        return between, values * np.sqrt(each * self.spread)[: len(values), None]


def _grouped(design: Design, codes: NDArray[np.intp], size: int) -> _Grouped:
    by_margin = None
    places: tuple[NDArray[np.intp], ...] = ()
    width = 0
    if design.calibration:
        places, weights, inverse = design.margins
        width = len(inverse)
        base = addends(weights)
        by_margin = np.asarray(sum(base.by_code(place * size + codes, width * size) for place in places))
        by_margin = by_margin.reshape(width, size)
    if design.clusters is not None:
        stratum, unit = design.stratum_of_unit, design.unit_of_respondent
        sums = design.weight_addends.by_code(unit * size + codes, stratum.size * size)
        margins = None
        if places:
            parts = [design.weight_addends.by_code(unit * width + place, stratum.size * width) for place in places]
            margins = np.asarray(sum(parts)).reshape(-1, width)
        ones, nothing = np.ones(stratum.size), np.zeros(stratum.size)
        return _Grouped(stratum, ones, nothing, None, (), sums.reshape(-1, size), margins, by_margin)
    kind, stratum, kinds = design.kinds
    rows = kind * size + codes
    counts = np.bincount(rows, minlength=stratum.size * size)
    found = np.flatnonzero(counts)
    means = design.weight_addends.by_code(rows, counts.size) / np.maximum(counts, 1)
    spread = addends((design.weights - means[rows]) ** 2, at_most=2).by_code(rows, counts.size)
    of_kind = found // size
    return _Grouped(
        stratum=stratum[of_kind],
        units=counts[found].astype(float),
        spread=spread[found],
        place=found % size,
        kinds=tuple(column[of_kind] for column in kinds),
        weights=means[found],
        margins=None,
        by_margin=by_margin,
    )


def _degrees(design: Design, codes: NDArray[np.intp], inside: NDArray[np.bool_], counts: Counts) -> Counts:
    """Degrees of freedom of each ratio: as :meth:`Design.df` of its domain."""
    if design.strata is None and design.clusters is None:
        return np.maximum(counts @ inside - 1, 0)
    size = len(inside) + 1
    stratum = design.stratum_of_unit
    n_strata = design.units_of_stratum.size
    unit, n_units = design.unit_of_respondent, stratum.size
    if design.clusters is None:  # as many units as respondents: counted by stratum
        unit, n_units = design.stratum_of_respondent, n_strata
    positive = design.weights > 0
    drawn = np.bincount((unit * size + codes)[positive], minlength=n_units * size).reshape(n_units, size)[:, 1:]
    units = drawn.astype(float) @ inside
    if design.clusters is None:
        return np.asarray((units - (units > 0)).sum(axis=0).astype(np.int64))
    strata = sums_by_code(stratum, (units > 0).astype(float), n_strata) > 0
    return np.asarray((units > 0).sum(axis=0) - strata.sum(axis=0), dtype=np.int64)
