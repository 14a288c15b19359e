"""Exact and simulated tests of independence, all margins fixed.

Belongs here: the Freeman–Halton test by enumeration, and the same p-value by seeded simulation. Does not: the
choice between them (``association``).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln
from scipy.stats import random_table

from synthese.statistics.results import AssociationTest

# A table counts as "as improbable as the observed one" within this relative tolerance, R's own.
_TOLERANCE = 1e-7
# Partial tables that one enumeration may visit: about one second.
ENUMERATION_BUDGET = 2_000_000
_ROUNDING = 1e-9


class TooLargeError(ValueError):
    """The table is too large for enumeration."""


def whole_table(table: ArrayLike) -> NDArray[np.int64]:
    """Return the table as int64.

    Raises
    ------
    ValueError
        Not a two-dimensional table of whole, non-negative numbers.
    """
    array = np.asarray(table)
    if array.ndim != 2:
        raise ValueError(f"table must be two-dimensional, found shape {array.shape}")
    if array.dtype.kind not in "iub" and not (array.dtype.kind == "f" and np.isfinite(array).all()):
        raise ValueError("table must hold whole, non-negative counts")
    counts = array.astype(np.int64)
    if (counts != array).any() or (counts < 0).any():
        raise ValueError("table must hold whole, non-negative counts")
    return counts


def integer_table(table: ArrayLike) -> NDArray[np.int64]:
    """Return the table as int64, its all-zero rows and columns dropped; errors as :func:`whole_table`."""
    counts = whole_table(table)
    full: NDArray[np.int64] = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return full


def _log_factorials(n: int) -> NDArray[np.float64]:
    return np.asarray(gammaln(np.arange(n + 1) + 1.0), dtype=np.float64)


def _fillings(room: NDArray[np.int64], total: int, limit: int) -> NDArray[np.int64] | None:
    """Every way to put `total` into rows with `room` left, shape (ways, rows); None when over `limit`."""
    ways = np.zeros((1, 0), dtype=np.int64)
    left = np.array([total], dtype=np.int64)
    room_after = np.append(np.cumsum(room[::-1])[::-1][1:], 0)
    for place, after in zip(room, room_after, strict=True):
        low = np.maximum(0, left - after)
        n_choices = np.minimum(place, left) - low + 1
        if n_choices.sum() > limit:
            return None
        parent = np.repeat(np.arange(left.size), n_choices)
        offset = np.arange(parent.size) - np.repeat(np.cumsum(n_choices) - n_choices, n_choices)
        value = low[parent] + offset
        ways = np.column_stack([ways[parent], value])
        left = left[parent] - value
    return ways


def _log_bounds(
    rows: NDArray[np.int64], columns: NDArray[np.int64], factorials: NDArray[np.float64]
) -> tuple[float, float]:
    """Bounds of -Σ log x! over all tables with these margins.

    Above: the Lagrangian dual at the multipliers of independence, each cell maximised on its own. Below: the
    largest of all mass of a column, or of a row, in one cell.
    """
    low = max(-float(factorials[columns].sum()), -float(factorials[rows].sum()))
    r, c = rows[rows > 0], columns[columns > 0]
    if r.size == 0:
        return low, 0.0
    a, b = r + 0.5 * c.size / r.size, (c + 0.5 * r.size / c.size) / (c.sum() + 0.5 * c.size)
    rate = np.outer(a, b)
    best = np.floor(rate).astype(np.int64)
    cells = best * np.log(rate) - gammaln(best + 1.0)
    high = float(cells.sum() - (r * np.log(a)).sum() - (c * np.log(b)).sum())
    return low, high


def freeman_halton(table: ArrayLike, budget: int = ENUMERATION_BUDGET) -> AssociationTest:
    """Exact test of independence of an r × c table (Freeman and Halton, 1951; Fisher's for 2 × 2).

    The p-value is the probability, margins fixed, of all tables no more probable than the observed one.
    Columns are filled one after the other; partial tables with the same room left and the same probability so
    far are merged, and one whose completions all count, or all do not, is closed at once (the network of
    Mehta and Patel, 1983).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; all-zero rows and columns are ignored.
    budget : int
        Partial tables that may be visited.

    Returns
    -------
    AssociationTest
        Method ``freeman_halton``; without p-value and with a reason when under two rows or columns are left.

    Raises
    ------
    TooLargeError
        A ValueError: more partial tables than `budget`.
    ValueError
        Not a table of counts.
    """
    counts = integer_table(table)
    base = int(counts.sum())
    if min(counts.shape) < 2:
        return AssociationTest(base=base, reason="fewer_than_two_rows_or_columns")
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    factorials = _log_factorials(base)
    rows, columns = np.sort(counts.sum(axis=1)), np.sort(counts.sum(axis=0))[::-1]
    constant = float(factorials[rows].sum() + factorials[columns].sum() - factorials[base])
    threshold = -float(factorials[counts].sum()) + _TOLERANCE
    # Level: room left in each row (sorted, since rows are exchangeable) → {log probability so far: tables}.
    level: dict[tuple[int, ...], tuple[NDArray[np.float64], NDArray[np.float64]]] = {
        tuple(rows.tolist()): (np.zeros(1), np.ones(1))
    }
    p_value, visited = 0.0, 0
    for j in range(columns.size):
        following: dict[tuple[int, ...], list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}
        later = columns[j + 1 :]
        log_completions = -float(factorials[later].sum()) + float(factorials[later.sum()])
        for room, (past, weight) in level.items():
            ways = _fillings(np.array(room, dtype=np.int64), int(columns[j]), budget - visited)
            visited += 0 if ways is None else ways.shape[0] * (1 + past.size)
            if ways is None or visited > budget:
                raise TooLargeError(
                    f"a {counts.shape[0]} × {counts.shape[1]} table of {base} is too large for enumeration: "
                    f"more than {budget} partial tables; use monte_carlo"
                )
            steps = -factorials[ways].sum(axis=1)
            rests = np.sort(np.array(room, dtype=np.int64) - ways, axis=1)
            keys, inverse = np.unique(rests, axis=0, return_inverse=True)
            order = np.argsort(inverse, kind="stable")
            groups = np.split(steps[order], np.flatnonzero(np.diff(inverse[order])) + 1)
            for key, own in zip(keys, groups, strict=True):
                values = (past[:, None] + own[None, :]).ravel()
                weights = np.repeat(weight, own.size)
                following.setdefault(tuple(key.tolist()), []).append((values, weights))
        level = {}
        for rest, parts in following.items():
            values, weights = _merge(np.concatenate([v for v, _ in parts]), np.concatenate([w for _, w in parts]))
            rest_array = np.array(rest, dtype=np.int64)
            low, high = _log_bounds(rest_array, later, factorials)
            all_count = values + high <= threshold
            if all_count.any():
                completions = log_completions - float(factorials[rest_array].sum())
                logs = values[all_count] + completions + constant
                p_value += float((weights[all_count] * np.exp(logs)).sum())
            open_ = ~all_count & (values + low <= threshold)
            if open_.any():
                level[rest] = (values[open_], weights[open_])
    return AssociationTest(method="freeman_halton", p_value=min(1.0, p_value), base=base)


def _merge(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    starts = np.concatenate([[True], np.diff(values) > _ROUNDING])
    index = np.flatnonzero(starts)
    return values[index], np.add.reduceat(weights, index)


def monte_carlo(table: ArrayLike, seed: int, resamples: int = 9_999) -> AssociationTest:
    """Freeman–Halton p-value by seeded simulation, with its standard error (tables: Patefield, 1981).

    Margins are sorted before drawing, so that the order of rows and columns does not change the p-value. The
    observed table counts as one of the draws: p = (1 + k) / (1 + resamples) (Davison and Hinkley, 1997).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; all-zero rows and columns are ignored.
    seed : int
        Seed of the generator.
    resamples : int, default 9999
        Tables drawn.

    Returns
    -------
    AssociationTest
        Method ``monte_carlo``, `p_se` filled; without p-value and with a reason when under two rows or
        columns are left.

    Raises
    ------
    ValueError
        Not a table of counts, or fewer than one resample.
    """
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, found {resamples}")
    counts = integer_table(table)
    base = int(counts.sum())
    if min(counts.shape) < 2:
        return AssociationTest(base=base, reason="fewer_than_two_rows_or_columns")
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    factorials = _log_factorials(base)
    draws = random_table(np.sort(counts.sum(axis=1)), np.sort(counts.sum(axis=0))).rvs(
        size=resamples, random_state=np.random.default_rng(seed)
    )
    observed = float(factorials[counts].sum())
    extreme = int((factorials[draws.astype(np.int64)].sum(axis=(1, 2)) >= observed - _TOLERANCE).sum())
    p_value = (1 + extreme) / (1 + resamples)
    return AssociationTest(
        method="monte_carlo", p_value=p_value, p_se=sqrt(p_value * (1 - p_value) / resamples), base=base
    )
