"""Rows of shares: of one base, of a question's options, of a cross both ways, all from sums over cells.

Belongs here: the cells that shares are counted in, and their rows. Does not: the order of rows (`describing`,
`crossing`), the formulas (`statistics.ratios`), which interval suits (`intervals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.intervals import Found, Part, alike, designed
from synthese.analysis.rows import Row, interval
from synthese.analysis.sampling import Sample
from synthese.statistics.ratios import Ratios, cell_ratios

Cells = NDArray[np.intp]


def share(count: Flags, base: Flags, sample: Sample, statistic: str = "share", joint: Found | None = None) -> Row:
    """Row of a share: of the respondents in ``base``, those in ``count``.

    Parameters
    ----------
    count, base : array of bool, shape (respondents,)
        Who chose the option, who is in the denominator. With a design the base is a domain of all respondents.
    sample : Sample
        What the respondents stand for, and the interval asked for. By default Wilson's, with the correction for a
        finite population where the frame is known; with a design Korn and Graubard's.
    statistic : str
        Which share it is.
    joint : tuple of Interval or None and str or None, optional
        Its interval, where it was computed with those of the other options, or why there is none.

    Raises
    ------
    SyntheseError
        ``bad-interval``: the interval asked for does not suit the sample, or bounds whole questions.
    """
    cells = np.where(base, np.where(count, 0, 1), -1).astype(np.intp)
    (row,) = _rows(cells, [(statistic, [0], [0, 1])], sample, None if joint is None else [joint])
    return row


def option_rows(coded: Coded, options: Sequence[int], sample: Sample, joint: Sequence[Found] | None) -> list[Row]:
    """Rows of the share of each option among those in the base.

    Parameters
    ----------
    coded : Coded
        The question.
    options : sequence of int
        Positions of the options in the base.
    sample : Sample
        What the respondents stand for.
    joint : sequence, optional
        Intervals that were computed together, one an option.
    """
    if not coded.exclusive:
        intervals = [None] * len(options) if joint is None else list(joint)
        pairs = zip(options, intervals, strict=True)
        return [share(coded.chosen[:, place], coded.in_base, sample, joint=found) for place, found in pairs]
    everything = list(range(len(options)))
    wanted: list[_Wanted] = [("share", [place], everything) for place in everything]
    return _rows(_codes(coded, options, coded.in_base), wanted, sample, joint)


@dataclass(frozen=True, eq=False)
class CrossRows:
    """Rows of shares of a cross, by option, and by option and group.

    Parameters
    ----------
    totals : dict
        By option: its share in all.
    within_group, within_option, of_total : dict
        By option and group, as positions among those in the base.
    """

    totals: dict[int, Row]
    within_group: dict[tuple[int, int], Row]
    within_option: dict[tuple[int, int], Row]
    of_total: dict[tuple[int, int], Row]


def cross_rows(
    coded: Coded, options: Sequence[int], by: Coded, groups: Sequence[int], base: Flags, sample: Sample
) -> CrossRows:
    """Rows of all shares of a cross.

    Options, or groups, of which a respondent may have several are counted one after the other, against those who do
    not have it.

    Parameters
    ----------
    coded, by : Coded
        The question and its breakdown.
    options, groups : sequence of int
        Positions of those in the base.
    base : array of bool, shape (respondents,)
        Who is in the base of both.
    sample : Sample
        What the respondents stand for.
    """
    found = CrossRows({}, {}, {}, {})
    for rows, of_rows, n_rows in _sides(coded, options, base):
        for columns, of_columns, n_columns in _sides(by, groups, base):
            cells = np.where((rows >= 0) & (columns >= 0), rows * n_columns + columns, -1).astype(np.intp)
            _add_table(found, cells, (n_rows, n_columns), list(of_rows), list(of_columns), sample)
    if not groups:
        found.totals.update({i: share(base & coded.chosen[:, o], base, sample) for i, o in enumerate(options)})
    return found


def _add_table(
    found: CrossRows, cells: Cells, shape: tuple[int, int], options: list[int], groups: list[int], sample: Sample
) -> None:
    place = np.arange(shape[0] * shape[1]).reshape(shape)
    everything = place.ravel().tolist()
    keys: list[tuple[dict[Any, Row], Any]] = []
    wanted: list[_Wanted] = []
    for r, option in enumerate(options):
        if option not in found.totals:
            keys.append((found.totals, option))
            wanted.append(("share", place[r].tolist(), everything))
        for c, group in enumerate(groups):
            cell = [int(place[r, c])]
            for target, statistic, below in (
                (found.within_group, "share", place[:, c].tolist()),
                (found.within_option, "share_of_by", place[r].tolist()),
                (found.of_total, "share_total", everything),
            ):
                keys.append((target, (option, group)))
                wanted.append((statistic, cell, below))
    for (target, key), row in zip(keys, _rows(cells, wanted, sample), strict=True):
        target[key] = row


def _sides(coded: Coded, options: Sequence[int], base: Flags) -> Iterable[tuple[Cells, Sequence[int], int]]:
    """Codes of a question, the options that its first codes stand for, and the number of codes."""
    if not options:
        return
    if coded.exclusive:
        yield _codes(coded, options, base), range(len(options)), len(options)
    else:
        for place, option in enumerate(options):
            yield np.where(base, np.where(coded.chosen[:, option], 0, 1), -1).astype(np.intp), [place], 2


def _codes(coded: Coded, options: Sequence[int], base: Flags) -> Cells:
    """Place of each respondent's option among `options`, -1 outside the base; options must be exclusive."""
    places = np.full(len(coded.options) + 1, -1, dtype=np.intp)
    places[list(options)] = np.arange(len(options))
    return places[coded.codes(base)]


_Wanted = tuple[str, list[int], list[int]]
"""Which share it is, the cells of its numerator, and those of its denominator."""


def _rows(cells: Cells, wanted: Sequence[_Wanted], sample: Sample, joint: Sequence[Found] | None = None) -> list[Row]:
    size = 1 + max((max(below) for _, _, below in wanted), default=0)
    above, below = np.zeros((size, len(wanted))), np.zeros((size, len(wanted)))
    for k, (_, numerator, denominator) in enumerate(wanted):
        above[numerator, k], below[denominator, k] = 1.0, 1.0
    counts = np.bincount(cells + 1, minlength=size + 1)[1:]
    chosen, bases = (counts @ above).astype(np.int64), (counts @ below).astype(np.int64)
    ratios = None if sample.design is None else cell_ratios(sample.design, cells, above, below)
    rows = []
    for k, (statistic, _, _) in enumerate(wanted):
        total = float(bases[k]) if ratios is None else float(ratios.base_weighted[k])
        squares = total if ratios is None else float(ratios.squares[k])
        row: Row = {
            "statistic": statistic,
            "unit": "share",
            "count": int(chosen[k]),
            "base": int(bases[k]),
            "base_weighted": total,
            "effective_n": total**2 / squares if squares else 0.0,
            "status": "released",
        }
        if total == 0:
            rows.append(row | {"value": None, "reason": "empty-base"})
        elif ratios is None:
            found, why = alike(row["count"], row["base"], sample) if joint is None else joint[k]
            rows.append(interval(row | {"value": row["count"] / row["base"], "reason": why}, found))
        else:
            part = _part(ratios, k, row["effective_n"])
            found, why = designed(part, sample)
            rows.append(interval(row | {"value": min(1.0, part.value), "reason": why}, found))
    return rows


def _part(ratios: Ratios, k: int, effective: float) -> Part:
    return Part(
        value=float(ratios.values[k]),
        standard_error=float(ratios.standard_errors[k]),
        df=int(ratios.df[k]),
        base=int(ratios.bases[k]),
        chosen=int(ratios.chosen[k]),
        effective=effective,
    )


def designed_share(chosen: Flags, base: Flags, sample: Sample) -> Found:
    """Interval of the share of a base who chose, by the design of the sample.

    Parameters
    ----------
    chosen, base : array of bool, shape (respondents,)
        Who chose the option, who is in the denominator: somebody of positive weight at least.
    sample : Sample
        With a design.
    """
    if sample.design is None:
        raise ValueError("a linearised error needs a design")
    cells = np.where(base, np.where(chosen, 0, 1), -1).astype(np.intp)
    ratios = cell_ratios(sample.design, cells, np.array([[1.0], [0.0]]), np.ones((2, 1)))
    total, squares = float(ratios.base_weighted[0]), float(ratios.squares[0])
    return designed(_part(ratios, 0, total**2 / squares), sample)
