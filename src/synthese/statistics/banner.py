"""Counting of every pair of many questions and many breakdowns at once.

Belongs here: the plan of the counting, and the counts, sums of weights and of squared weights of all pairs. Does not:
a single pair (``tabulation``), tests of the pairs (``banner_tests``).

Several questions and several breakdowns are merged into one composite code; one ``bincount`` of it, summed over the
other codes afterwards, gives the tables of all its pairs: three questions and three breakdowns make nine tables for
the price of one. Where respondents are few, what costs is the calls: many composites then share one ``bincount``,
each in bins of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthese.statistics.weights import checked_weights

Floats = NDArray[np.float64]

# What the plan weighs, in nanoseconds on a machine of 2024; only their proportions matter.
_PER_CODE = 0.7  # one respondent of one composite: index and cast
_PER_SUM = 1.15  # one respondent of one composite, binned once: counts, weights and squared weights make three
_PER_BIN = 0.6  # one bin of one such table: summed over the other codes
_PER_CHUNK = 0.3  # one bin of one such table, cleared and added, each time that `_INDICES` codes are binned
_PER_QUESTION = 20_000.0  # numpy's own time to take one question out of a composite of several
_BINS = 2**15  # most bins of a composite on average: they stay in the second-level cache
_MEMBERS = 2**20  # most bins of a composite times options of its columns
_INDICES = 2**17  # codes binned at a time
_SHARED = 2**15  # most codes of composites that share a bincount


@dataclass(frozen=True, eq=False)
class Banner:
    """Tables of every question by every breakdown, side by side in one matrix.

    Missing answers are left out pair by pair: a table holds who answered both.

    Parameters
    ----------
    question_widths, break_widths : tuple of int
        Numbers of options, in the order of the rows and of the columns.
    counts : ndarray of int64, shape (sum of question_widths, sum of break_widths)
        Respondents.
    respondents : int
        Size of the whole sample, missing answers included.
    weights, squares : ndarray of float64, same shape, optional
        Sums of weights, and of squared weights.
    positive : ndarray of int64, same shape, optional
        Respondents whose weight is above 0.
    positive_respondents : int
        Of the whole sample, those whose weight is above 0.
    """

    question_widths: tuple[int, ...]
    break_widths: tuple[int, ...]
    counts: NDArray[np.int64]
    respondents: int
    weights: NDArray[np.float64] | None = None
    squares: NDArray[np.float64] | None = None
    positive: NDArray[np.int64] | None = None
    positive_respondents: int = 0

    @property
    def question_starts(self) -> NDArray[np.intp]:
        """First row of each question."""
        return _starts(self.question_widths)

    @property
    def break_starts(self) -> NDArray[np.intp]:
        """First column of each breakdown."""
        return _starts(self.break_widths)

    def block(self, question: int, by: int) -> tuple[slice, slice]:
        """Rows and columns of one pair in the matrices."""
        row, column = self.question_starts[question], self.break_starts[by]
        return (
            slice(row, row + self.question_widths[question]),
            slice(column, column + self.break_widths[by]),
        )

    def __add__(self, other: Banner) -> Banner:
        """Tables of both samples together: a file read in parts is counted in parts.

        Raises
        ------
        ValueError
            Other widths, or weights on one side only.
        """
        if (self.question_widths, self.break_widths) != (other.question_widths, other.break_widths):
            raise ValueError("banners of different widths cannot be added")
        if (self.weights is None) != (other.weights is None):
            raise ValueError("a weighted banner cannot be added to an unweighted one")

        def both(one: NDArray[Any] | None, two: NDArray[Any] | None) -> NDArray[Any] | None:
            return None if one is None or two is None else one + two

        return replace(
            self,
            counts=self.counts + other.counts,
            respondents=self.respondents + other.respondents,
            weights=both(self.weights, other.weights),
            squares=both(self.squares, other.squares),
            positive=both(self.positive, other.positive),
            positive_respondents=self.positive_respondents + other.positive_respondents,
        )


def _starts(widths: Sequence[int]) -> NDArray[np.intp]:
    return np.array([0, *accumulate(widths)][:-1], dtype=np.intp)


def banner(
    questions: ArrayLike,
    breaks: ArrayLike,
    question_widths: Sequence[int],
    break_widths: Sequence[int],
    weights: ArrayLike | None = None,
) -> Banner:
    """Count every question by every breakdown.

    Parameters
    ----------
    questions : array of int, shape (questions, respondents)
        Codes 0 … width - 1; -1 is missing. A small type such as int8 is the fastest.
    breaks : array of int, shape (breakdowns, respondents)
        Codes, likewise.
    question_widths, break_widths : sequence of int
        Number of options of each, at least 1.
    weights : array of float, shape (respondents,), optional
        Weight of each respondent, none negative.

    Returns
    -------
    Banner

    Raises
    ------
    ValueError
        Codes that are not integers in their range, or arrays that do not fit one another.
    """
    rows, columns = _checked(questions, question_widths, "questions"), _checked(breaks, break_widths, "breaks")
    if rows.shape[1] != columns.shape[1]:
        raise ValueError(f"questions and breaks differ in length: {rows.shape[1]} and {columns.shape[1]}")
    row_widths, column_widths = tuple(int(w) for w in question_widths), tuple(int(w) for w in break_widths)
    if weights is None:
        (counts,) = _tables(rows, columns, row_widths, column_widths, [])
        return Banner(row_widths, column_widths, counts.astype(np.int64), rows.shape[1])
    w = checked_weights(weights)
    if w.shape != rows.shape[1:]:
        raise ValueError(f"weights must have the length of questions, found {w.shape} and {rows.shape[1]}")
    heavy = w > 0
    zeros = not heavy.all()
    extra = [heavy.astype(float)] if zeros else []
    found = _tables(rows, columns, row_widths, column_widths, [w, w * w, *extra])
    counts = found[0].astype(np.int64)
    positive = found[3].astype(np.int64) if zeros else counts
    return Banner(
        row_widths, column_widths, counts, rows.shape[1], found[1], found[2], positive, int(np.count_nonzero(heavy))
    )


def _checked(values: ArrayLike, widths: Sequence[int], name: str) -> NDArray[np.integer[Any]]:
    codes = np.asarray(values)
    if codes.ndim != 2 or codes.dtype.kind not in "iu":
        raise ValueError(f"{name} must be rows of integer codes, not {codes.dtype} of shape {codes.shape}")
    if codes.shape[0] != len(widths):
        raise ValueError(f"{name} has {codes.shape[0]} rows and {len(widths)} widths")
    if len(widths) == 0 or min(widths) < 1:
        raise ValueError(f"{name} must be at least one, each with at least one option")
    if codes.shape[1]:
        low, high = codes.min(axis=1), codes.max(axis=1)
        wrong = (low < -1) | (high >= np.asarray(widths))
        if wrong.any():
            k = int(wrong.argmax())
            raise ValueError(f"{name}[{k}] must lie in [-1, {widths[k]}), found {low[k]} to {high[k]}")
    return codes


def _sizes(n: int, questions: Sequence[int], breaks: Sequence[int], sums: int) -> tuple[int, int]:
    """How many questions and breakdowns a composite merges, at the least expected cost of `sums` tables a pair."""
    q, b = (float(np.exp(np.log(widths).mean())) for widths in (questions, breaks))

    def cost(sizes: tuple[int, int]) -> float:
        merged, across = sizes
        composites = ceil(len(questions) / merged) * ceil(len(breaks) / across)
        per_bin = _PER_BIN * (merged + across > 2) + _PER_CHUNK * ceil(n / _INDICES)
        each = n * (_PER_CODE + _PER_SUM * sums) + q**merged * b**across * per_bin * sums
        return composites * each + len(questions) * _PER_QUESTION * (merged > 1)

    allowed = [(m, a) for m in range(1, 5) for a in range(1, 6) if q**m * b**a <= _BINS]
    return min(allowed, key=cost, default=(1, 1))


def _groups(widths: Sequence[int], size: int) -> list[list[int]]:
    """Share columns out among groups of `size` whose numbers of composite codes are near one another."""
    if size == 1:
        return [[k] for k in range(len(widths))]
    order = sorted(range(len(widths)), key=lambda k: (-widths[k], k))
    number = ceil(len(order) / size)
    groups: list[list[int]] = [[] for _ in range(number)]
    for place, k in enumerate(order):
        turn, at = divmod(place, number)
        groups[number - 1 - at if turn % 2 else at].append(k)
    usual = 4 * float(np.exp(np.log(widths).mean() * size))

    def fits(group: list[int]) -> bool:
        bins = prod(widths[k] for k in group)
        return bins <= usual and bins * sum(widths[k] for k in group) <= _MEMBERS

    return [part for g in groups for part in ([g] if fits(g) else [[k] for k in g])]


def _composite(codes: NDArray[np.integer[Any]], group: list[int], widths: Sequence[int], kind: Any) -> NDArray[Any]:
    """One code for a group of columns, the last varying fastest; the missing are code 0 of each."""
    merged: NDArray[Any] = codes[group[0]].astype(kind)
    merged += kind(1)
    for k in group[1:]:
        merged *= kind(widths[k])
        merged += codes[k].astype(kind)
        merged += kind(1)
    return merged


def _members(widths: Sequence[int]) -> Floats:
    """Which codes of its columns a composite code holds, 0 or 1, shape (product of widths, sum of widths)."""
    codes = np.indices(widths).reshape(len(widths), -1)
    members = np.zeros((codes.shape[1], sum(widths)))
    members[np.arange(codes.shape[1]), codes + _starts(widths)[:, None]] = 1.0
    return members


def _tables(
    questions: NDArray[np.integer[Any]],
    breaks: NDArray[np.integer[Any]],
    question_widths: Sequence[int],
    break_widths: Sequence[int],
    weights: list[NDArray[np.float64]],
) -> Floats:
    """Count all pairs, then sum each of `weights`, shape (1 + weights, options of questions, options of breaks)."""
    n, channels = questions.shape[1], 1 + len(weights)
    rows, columns = [w + 1 for w in question_widths], [w + 1 for w in break_widths]
    merged, across = _sizes(n, rows, columns, channels)
    row_groups, column_groups = _groups(rows, merged), _groups(columns, across)
    bins = [prod(columns[k] for k in group) for group in column_groups]
    row_bins = [prod(rows[k] for k in group) for group in row_groups]
    batches = list(_batches(row_bins, max(bins), n))
    most = max(bins) * max(sum(row_bins[batch]) for batch in batches)
    kind: Any = np.uint16 if most <= 2**16 else np.uint32 if most <= 2**32 else np.uint64
    by = [_composite(breaks, group, columns, kind) for group in column_groups]
    members = [_members([columns[k] for k in group]) if len(group) > 1 else None for group in column_groups]
    ends = list(accumulate(sum(columns[k] for k in group) for group in column_groups))
    # Composites share a bincount only where one chunk holds all respondents: their weights are repeated once for all.
    number = max(batch.stop - batch.start for batch in batches)
    repeated = [np.tile(w, number) if number > 1 else w for w in weights]
    index = np.empty(min(number * n, _INDICES), dtype=np.intp)
    parts = []
    for batch in batches:
        groups, sizes = row_groups[batch], row_bins[batch]
        wide = np.empty((channels, sum(sizes), ends[-1]))
        counted = _binned(questions, groups, sizes, rows, by, bins, repeated, index)
        for tables, inside, start, end in zip(counted, members, [0, *ends], ends, strict=False):
            for channel, table in zip(wide, tables, strict=True):
                cells = table.reshape(channel.shape[0], -1)
                channel[:, start:end] = cells if inside is None else cells @ inside
        for group, start, size in zip(groups, _starts(sizes), sizes, strict=True):
            part = wide[:, start : start + size]
            parts.append(_members([rows[k] for k in group]).T @ part if len(group) > 1 else part)
    kept = [_kept(row_groups, rows), _kept(column_groups, columns)]
    return np.concatenate(parts, axis=1)[:, kept[0][:, None], kept[1]]


def _kept(groups: list[list[int]], widths: Sequence[int]) -> NDArray[np.intp]:
    """Places of the options of each column in turn, the missing left out, among those of all groups in turn."""
    order = [k for group in groups for k in group]
    starts = dict(zip(order, _starts([widths[k] for k in order]), strict=True))
    return np.concatenate([np.arange(starts[k] + 1, starts[k] + widths[k]) for k in range(len(widths))])


def _batches(sizes: Sequence[int], widest: int, n: int) -> Iterator[slice]:
    """Question groups that share one bincount: as many as fit, one at least."""
    first, bins = 0, 0
    for k, size in enumerate(sizes):
        if k > first and ((bins + size) * widest > 2 * _BINS or (k + 1 - first) * n > min(_SHARED, _INDICES)):
            yield slice(first, k)
            first, bins = k, 0
        bins += size
    yield slice(first, len(sizes))


def _binned(
    questions: NDArray[np.integer[Any]],
    groups: list[list[int]],
    sizes: list[int],
    rows: Sequence[int],
    by: list[NDArray[Any]],
    bins: list[int],
    repeated: list[Floats],
    index: NDArray[np.intp],
) -> Iterator[list[NDArray[Any]]]:
    """Bin question groups by each break group: counts and sums of weights, one flat array each."""
    n, number, total = questions.shape[1], len(groups), sum(sizes)
    found: list[list[NDArray[Any]]] = [[] for _ in bins]
    kind = by[0].dtype.type
    for start in range(0, max(n, 1), _INDICES):
        inside = slice(start, min(n, start + _INDICES))
        length = inside.stop - start
        if number > 1 and all(len(group) == 1 for group in groups):
            merged = questions[groups[0][0] : groups[-1][0] + 1, inside].astype(kind)
            merged += (_starts(sizes) + 1).astype(kind)[:, None]
        else:
            merged = np.empty((number, length), dtype=kind)
            for k, (group, first) in enumerate(zip(groups, _starts(sizes), strict=True)):
                np.add(_composite(questions[:, inside], group, rows, kind), kind(first), out=merged[k])
        weights = [w[start : start + number * length] for w in repeated]
        place = index[: number * length].reshape(number, length)
        for k, (width, codes) in enumerate(zip(bins, by, strict=True)):
            place[...] = merged * kind(width) + codes[inside]
            flat = place.reshape(-1)
            here = [np.bincount(flat, w, total * width) for w in (None, *weights)]
            sums = [old + new for old, new in zip(found[k], here, strict=True)] if start else here
            if inside.stop == n:
                yield sums
            else:
                found[k] = sums
