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
# So the traces take inverses of the size of one margin, not of the number of cells. M 1 = 0 when no cell is empty.
# Tables are the last axis throughout: hundreds of small matrices are worked on side by side.


def effect_traces(
    banner: Banner, shares: Floats, squares: Floats, comparable: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Traces of the generalised design effects of each table, and of their square, over the base.

    Parameters
    ----------
    banner : Banner
        Whose tables they are.
    shares : array of float, shape (options of questions, options of breakdowns)
        Weighted shares of the cells of each table.
    squares : array of float, same shape
        Sums of squared weights over the squared total of the table, times n / (n - 1).
    comparable : array of bool, shape (questions, breakdowns)
        Tables with two rows and two columns at least that are not empty.

    Returns
    -------
    first, second : ndarray of float, shape (questions, breakdowns)
        NaN for no table, and where so many cells are empty that contrasts are not independent on the others.
    """
    starts, by_starts = banner.question_starts, banner.break_starts
    widths, by_widths = np.asarray(banner.question_widths), np.asarray(banner.break_widths)
    first, second = np.full(comparable.shape, np.nan), np.full(comparable.shape, np.nan)
    question, by = np.nonzero(comparable)
    order = np.lexsort((by_widths[by], widths[question]))
    # A row and a column of zeros beyond the last stand for the options that a question does not have.
    flat = [np.pad(matrix, ((0, 1), (0, 1))).reshape(-1) for matrix in (shares, squares)]
    while order.size:
        # Tables of about the same shape, as many as the cache holds.
        tables = order[: max(1, _CELLS // int(widths[question[order[0]]] * by_widths.max()))]
        order = order[tables.size :]
        q, b = question[tables], by[tables]
        rows = _places(starts[q], widths[q], shares.shape[0])
        columns = _places(by_starts[b], by_widths[b], shares.shape[1])
        cells = rows[:, None] * (shares.shape[1] + 1) + columns
        if cells.shape[0] < cells.shape[1]:
            cells = cells.swapaxes(0, 1)
        first[q, b], second[q, b] = _block_traces(*(values[cells] for values in flat))
    return first, second


def _places(starts: NDArray[np.intp], widths: NDArray[np.intp], beyond: int) -> NDArray[np.intp]:
    """Places of options in the matrix, shape (options, tables); `beyond` for none."""
    offsets = np.arange(widths.max())[:, None]
    return np.where(offsets < widths, starts + offsets, beyond)


def _block_traces(p: Floats, s: Floats) -> tuple[Floats, Floats]:
    sparse = ((p == 0) & (p.sum(axis=1) > 0)[:, None] & (p.sum(axis=0) > 0)).any(axis=(0, 1))
    if not sparse.any():
        return _full_traces(p, s)
    if sparse.all():
        return _sparse_traces(p, s)
    first, second = np.empty(sparse.size), np.empty(sparse.size)
    for chosen, traces in ((~sparse, _full_traces), (sparse, _sparse_traces)):
        first[chosen], second[chosen] = traces(p[:, :, chosen], s[:, :, chosen])
    return first, second


def _times(a: Floats, b: Floats) -> Floats:
    """Product of matrices, table by table."""
    product = a[:, 0, None] * b[0]
    for k in range(1, a.shape[1]):
        product += a[:, k, None] * b[k]
    return np.asarray(product)


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


def _full_traces(p: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Traces of tables, shape (rows, columns, tables), without an empty cell but those of empty rows and columns."""
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
    return _laplacian_traces(p, s, rows, -crossed, columns)


def _laplacian_traces(p: Floats, s: Floats, a: Floats, b: Floats, c: Floats) -> tuple[Floats, Floats]:
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


def _sparse_traces(p: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Traces of tables with empty cells: the effects of a row and a column that meet in one are the same.

    NaN where so many are empty that the contrasts are not independent on the others.
    """
    n_rows = len(p)
    masses = np.concatenate([p.sum(axis=1), p.sum(axis=0)])
    present = masses > 0
    size = np.arange(len(masses))
    laplacian = np.zeros((len(masses), *masses.shape))
    laplacian[:n_rows, n_rows:], laplacian[n_rows:, :n_rows] = -p, -p.swapaxes(0, 1)
    laplacian[size, size] = masses
    members = ((_merged(p == 0, present) == size[:, None, None]) & present).astype(float)
    used = members.any(axis=1)
    contracted = _times(_times(members, laplacian), members.swapaxes(0, 1)) + used[:, None] * used
    contracted[size, size] += ~used
    inverse = _times(_times(members.swapaxes(0, 1), _inverse(contracted)), members)
    a, b, c = inverse[:n_rows, :n_rows], -inverse[:n_rows, n_rows:], inverse[n_rows:, n_rows:]
    first, second = _laplacian_traces(p, s, a, b, c)

    def projected(values: Floats) -> Floats:
        """M times values."""
        held = p * values
        rows, columns = held.sum(axis=1)[:, None], held.sum(axis=0)[:, None]
        effects = _times(a, rows) + _times(b, columns)
        effects = effects + (_times(b.swapaxes(0, 1), rows) + _times(c, columns)).swapaxes(0, 1)
        return np.asarray(p * (values - effects))

    filled = p > 0
    inverse_p = _reciprocal(p)
    u, total = s * inverse_p, s.sum(axis=(0, 1))
    centred = np.where(filled, u - total / 2, 0.0)
    m, k = projected(filled.astype(float)), projected(centred)
    m_sum = m.sum(axis=(0, 1))
    first += total * m_sum - 2 * (u * m).sum(axis=(0, 1))
    second += 2 * (k.sum(axis=(0, 1)) ** 2 + m_sum * (centred * k).sum(axis=(0, 1)))
    second -= 4 * (u * inverse_p * m * k).sum(axis=(0, 1))
    contrasts = (present[:n_rows].sum(axis=0) - 1) * (present[n_rows:].sum(axis=0) - 1)
    regular = filled.sum(axis=(0, 1)) - (used.sum(axis=0) - 1) == contrasts
    return np.where(regular, first, np.nan), np.where(regular, second, np.nan)


def _merged(empty: NDArray[np.bool_], present: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Least number among the rows and columns that empty cells join, shape (rows + columns, tables)."""
    n_rows, size = len(empty), len(present)
    joins = empty & present[:n_rows, None] & present[n_rows:]
    labels = np.repeat(np.arange(size)[:, None], present.shape[1], axis=1)
    while True:
        before = labels.copy()
        rows, columns = labels[:n_rows], labels[n_rows:]
        columns[:] = np.minimum(columns, np.where(joins, rows[:, None], size).min(axis=0))
        rows[:] = np.minimum(rows, np.where(joins, columns, size).min(axis=1))
        if (labels == before).all():
            return labels
