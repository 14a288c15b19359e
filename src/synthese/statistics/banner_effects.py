"""Design effects of all tables of a banner at once, for a design of weights alone.

Belongs here: the two traces that Rao and Scott's second-order correction takes (Rao and Scott, 1984; Thomas and Rao,
1987). Does not: the tests (``banner_tests``), any other design or a single table (``design_tests``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthese.statistics.banner import Banner

Floats = NDArray[np.float64]

_CELLS = 2**12  # cells of tables worked on side by side

# With p the shares of cells, s their sums of squared weights (over the squared total, times n / (n - 1)) and C the
# contrasts of interaction, the design effects of Rao and Scott are those of M W, where M = C (C' D(1/p) C)^-1 C' and
# W = D(s/p²) - (s/p) 1' - 1 (s/p)' + Σs 1 1'. M is also D(p) - D(p) X L⁻ X' D(p), where X holds the effects of rows
# less those of columns and L = X' D(p) X is the Laplacian of the graph that joins each row to the columns of its cells.
# So the traces take inverses of the size of one margin, not of the number of cells. M 1 = 0 when no cell is empty:
# the traces of M W are then those of M D(s/p²), which are Σu - tr(L⁻S) and Σu² - 2 tr(L⁻T) + tr(L⁻S L⁻S), where u =
# s/p and S and T are the Laplacians of s and of s²/p. Once rows are eliminated, they take matrices of the size of
# one margin less 1. Tables are the last axis throughout: hundreds of small matrices are worked on side by side.


def effect_traces(banner: Banner, shares: Floats, squares: Floats, cells: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Traces of the generalised design effects of each table, and of their square, over the base.

    Parameters
    ----------
    banner : Banner
        Whose tables they are.
    shares : array of float, shape (options of questions, options of breakdowns)
        Weighted shares of the cells of each table.
    squares : array of float, same shape
        Sums of squared weights over the squared total of the table, times n / (n - 1).
    cells : array of int, shape (questions, breakdowns)
        Rows times columns that are not empty; 0 for no table: under two rows or columns.

    Returns
    -------
    first, second : ndarray of float, shape (questions, breakdowns)
        NaN for no table, and where so many cells are empty that contrasts are not independent on the others.
    """
    starts, by_starts = banner.question_starts, banner.break_starts
    widths, by_widths = np.asarray(banner.question_widths), np.asarray(banner.break_widths)
    first, second = np.full(cells.shape, np.nan), np.full(cells.shape, np.nan)
    question, by = np.nonzero(cells)
    filled = np.add.reduceat((shares > 0).astype(np.intp), by_starts, axis=1)
    # Without an empty cell the effect of the first column is held at 0, if it has one.
    rare = np.add.reduceat(filled, starts, axis=0) < cells
    rare |= ~(np.add.reduceat(shares, by_starts, axis=1)[starts] > 0)
    rare |= ~(np.add.reduceat(shares, starts, axis=0)[:, by_starts] > 0)
    order = np.lexsort((by_widths[by], widths[question], rare[question, by]))
    # A row and a column of zeros beyond the last stand for the options that a question does not have.
    flat = [np.pad(matrix, ((0, 1), (0, 1))).reshape(-1) for matrix in (shares, squares)]
    while order.size:
        # Tables of about the same shape, as many as the cache holds.
        tables = order[: max(1, _CELLS // int(widths[question[order[0]]] * by_widths.max()))]
        whole = ~rare[question[tables], by[tables]]
        tables = tables[whole == whole[0]]
        order = order[tables.size :]
        q, b = question[tables], by[tables]
        rows = _places(starts[q], widths[q], shares.shape[0])
        columns = _places(by_starts[b], by_widths[b], shares.shape[1])
        places = rows[:, None] * (shares.shape[1] + 1) + columns
        if places.shape[0] < places.shape[1]:
            places = places.swapaxes(0, 1)
        traces = _full_traces if whole[0] else _block_traces
        first[q, b], second[q, b] = traces(*(values[places] for values in flat))
    return first, second


def _places(starts: NDArray[np.intp], widths: NDArray[np.intp], beyond: int) -> NDArray[np.intp]:
    """Places of options in the matrix, shape (options, tables); `beyond` for none."""
    offsets = np.arange(widths.max())[:, None]
    return np.where(offsets < widths, starts + offsets, beyond)


def _full_traces(p: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Traces of tables without an empty cell and with a first column, shape (rows, columns, tables)."""
    inverse = _reciprocal(p.sum(axis=1))
    u = s * _reciprocal(p)
    laplacians = np.stack([p, s, s * u])
    # With rows eliminated, what each Laplacian leaves to the columns, the first left out.
    rows, columns, within = laplacians.sum(axis=2), laplacians.sum(axis=1)[:, 1:], p[:, 1:] * inverse[:, None]
    left = -_crossed(within, laplacians[:, :, 1:] - (rows / 2)[:, :, None] * within)
    left += left.swapaxes(1, 2)
    diagonal = np.arange(len(within[0]))
    left[:, diagonal, diagonal] += columns
    left[0, diagonal, diagonal] += columns[0] == 0
    between = s[:, 1:] - rows[1][:, None] * within
    left[2] -= _crossed(between * inverse[:, None], between[None])[0]
    effects = _inverse(left[0])
    both = _times(effects, left[1])
    ratios = rows[1:] * inverse
    first = u.sum(axis=(0, 1)) - ratios[0].sum(axis=0) - both[diagonal, diagonal].sum(axis=0)
    second = (u * u).sum(axis=(0, 1)) + (ratios[0] ** 2 - 2 * ratios[1]).sum(axis=0)
    both *= both.swapaxes(0, 1)
    both -= 2 * effects * left[2]
    return first, second + both.sum(axis=(0, 1))


def _crossed(left: Floats, right: Floats) -> Floats:
    """Products of the transpose of one matrix with several, table by table."""
    return np.asarray(np.einsum("ijt,kilt->kjlt", left, right))


def _block_traces(p: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Traces of tables of about the same shape, shape (rows, columns, tables)."""
    r, c = p.sum(axis=1), p.sum(axis=0)
    empty = (p == 0) & (r > 0)[:, None] & (c > 0)
    if not empty.any():
        return _first_and_second(p, s, *_inverse_laplacian(p))
    # The effects of a row and a column that meet in an empty cell are the same, so that any share there changes
    # nothing; with one the graph hangs together.
    blocks = _inverse_laplacian(p + empty / p[:, :, 0].size)
    merged = _merge(*blocks, empty)
    first, second = _first_and_second(p, s, *blocks)
    first, second = _with_empty_cells(p, s, *blocks, first, second)
    levels = (r > 0).sum(axis=0), (c > 0).sum(axis=0)
    contrasts = (levels[0] - 1) * (levels[1] - 1)
    regular = (p > 0).sum(axis=(0, 1)) - (levels[0] + levels[1] - 1 - merged) == contrasts
    return np.where(regular, first, np.nan), np.where(regular, second, np.nan)


def _times(a: Floats, b: Floats) -> Floats:
    """Product of matrices, table by table."""
    return np.asarray(np.einsum("ikt,kjt->ijt", a, b))


def _inverse(matrices: Floats) -> Floats:
    """Inverse of positive definite matrices by elimination, table by table."""
    left, right = matrices.copy(), np.zeros_like(matrices)
    right[np.arange(len(left)), np.arange(len(left))] = 1.0
    for k in range(len(left)):
        scale = 1.0 / left[k, k]
        left[k] *= scale
        right[k] *= scale
        factors = left[:, k].copy()
        factors[k] = 0.0
        left[:, k + 1 :] -= factors[:, None] * left[k, k + 1 :]
        right[:, : k + 1] -= factors[:, None] * right[k, : k + 1]
    return right


def _reciprocal(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _inverse_laplacian(p: Floats) -> tuple[Floats, Floats, Floats]:
    """Blocks of L⁻: rows by rows, rows by columns with the sign that X gives them, columns by columns."""
    r, c = p.sum(axis=1), p.sum(axis=0)
    inverse = _reciprocal(r)
    within = p * inverse[:, None]
    # Schur complement of the rows; c c' makes it regular and alters no difference of effects.
    schur = c[:, None] * c - _times(p.swapaxes(0, 1), within)
    diagonal = np.arange(len(c))
    schur[diagonal, diagonal] += np.where(c > 0, c, 1.0)
    columns = _inverse(schur)
    crossed = _times(within, columns)
    rows = _times(crossed, within.swapaxes(0, 1))
    diagonal = np.arange(len(r))
    rows[diagonal, diagonal] += inverse
    return rows, -crossed, columns


def _merge(a: Floats, b: Floats, c: Floats, empty: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Hold the effects of row and column to be the same in each empty cell, in place; how many were not yet."""
    merged = np.zeros(empty.shape[2], dtype=np.intp)
    table, row, column = np.nonzero(np.moveaxis(empty, 2, 0))
    rank = np.arange(table.size) - np.searchsorted(table, table)
    apart = a[row, row, table] + 2 * b[row, column, table] + c[column, column, table]
    for turn in range(int(rank.max()) + 1):
        chosen = rank == turn
        t, i, j, each = table[chosen], row[chosen], column[chosen], np.arange(int(chosen.sum()))
        rows, columns = a[:, i, t] + b[:, j, t], b[i, :, t].T + c[:, j, t]
        size = rows[i, each] + columns[j, each]
        new = size > 1e-9 * apart[chosen]
        scale = np.divide(1.0, size, out=np.zeros_like(size), where=new)
        a[:, :, t] -= rows[:, None] * (rows * scale)
        b[:, :, t] -= rows[:, None] * (columns * scale)
        c[:, :, t] -= columns[:, None] * (columns * scale)
        merged[t] += new
    return merged


def _first_and_second(p: Floats, s: Floats, a: Floats, b: Floats, c: Floats) -> tuple[Floats, Floats]:
    """Traces of M D(s/p²) and of its square; a, b and c are the blocks of X's inverse Laplacian, b with X's sign."""
    diagonal = np.arange(len(a)), np.arange(len(c))
    leverage = 2 * b
    leverage += a[diagonal[0], diagonal[0]][:, None]
    leverage += c[diagonal[1], diagonal[1]]
    leverage *= s
    u = s * _reciprocal(p)
    s_rows, s_columns = s.sum(axis=1), s.sum(axis=0)
    a_s, s_c, s_b = _times(a, s), _times(s, c), _times(s, b.swapaxes(0, 1))
    terms = s_b * s_b.swapaxes(0, 1)
    terms *= 2
    terms += a * a * s_rows[:, None] * s_rows
    second = terms.sum(axis=(0, 1))
    second += (c * c * s_columns[:, None] * s_columns).sum(axis=(0, 1))
    weighted = b * s_columns
    terms = 2 * b * s_rows[:, None] * (2 * a_s + weighted)
    terms += 2 * s_c * (a_s + 2 * weighted)
    terms += u * (u - 2 * leverage)
    return (u - leverage).sum(axis=(0, 1)), second + terms.sum(axis=(0, 1))


def _with_empty_cells(
    p: Floats, s: Floats, a: Floats, b: Floats, c: Floats, first: Floats, second: Floats
) -> tuple[Floats, Floats]:
    """Traces of M W from those of M D(s/p²), where M 1 is not 0."""

    def projected(values: Floats) -> Floats:
        """M times values."""
        held = p * values
        rows, columns = held.sum(axis=1)[:, None], held.sum(axis=0)[:, None]
        effects = _times(a, rows) + _times(b, columns)
        effects = effects + (_times(b.swapaxes(0, 1), rows) + _times(c, columns)).swapaxes(0, 1)
        return np.asarray(p * (values - effects))

    filled = p > 0
    inverse = _reciprocal(p)
    u, total = s * inverse, s.sum(axis=(0, 1))
    centred = np.where(filled, u - total / 2, 0.0)
    m, k = projected(filled.astype(float)), projected(centred)
    m_sum = m.sum(axis=(0, 1))
    first = first + total * m_sum - 2 * (u * m).sum(axis=(0, 1))
    second = second + 2 * (k.sum(axis=(0, 1)) ** 2 + m_sum * (centred * k).sum(axis=(0, 1)))
    return first, second - 4 * (u * inverse * m * k).sum(axis=(0, 1))
