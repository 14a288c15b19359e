"""Multiple response: several options may be ticked by one respondent.

Belongs here: shares of respondents and of mentions, Cochran's Q between items. Does not: tests against
another question (``marginal``), rankings (``rankings``).

Marks are an integer array of shape (respondents, items): 1 ticked, 0 not ticked, -1 missing. A respondent
with a missing mark is out of the base; one who answered and ticked nothing is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from synthese.statistics.proportions import wilson
from synthese.statistics.results import AssociationTest, Interval


@dataclass(frozen=True)
class MultipleShares:
    """Two kinds of percentages of one multiple response, never to be mixed.

    Parameters
    ----------
    counts : ndarray of int, shape (items,)
        Respondents who ticked each item.
    base : int
        Respondents who answered.
    mentions : int
        Ticks in all.
    of_respondents : ndarray of float, shape (items,)
        `counts` / `base`: may add up to more than 1. NaN when nobody answered.
    intervals : tuple of Interval or None
        Wilson interval of each share of respondents.
    of_mentions : ndarray of float, shape (items,)
        `counts` / `mentions`: adds up to 1. NaN when nothing was ticked.
    """

    counts: NDArray[np.int64]
    base: int
    mentions: int
    of_respondents: NDArray[np.float64]
    intervals: tuple[Interval | None, ...]
    of_mentions: NDArray[np.float64]


def checked_marks(marks: ArrayLike) -> NDArray[np.int64]:
    """Return the marks as int64.

    Raises
    ------
    ValueError
        Marks that are not a two-dimensional array of 1, 0 and -1.
    """
    array = np.asarray(marks)
    if array.ndim != 2 or array.dtype.kind not in "iub":
        raise ValueError(f"marks must be integers of shape (respondents, items), found {array.dtype}, {array.shape}")
    array = array.astype(np.int64)
    if array.size and (array.min() < -1 or array.max() > 1):
        raise ValueError(f"marks must be 1, 0 or -1 (missing), found {array.min()} to {array.max()}")
    return array


def multiple_shares(marks: ArrayLike, confidence: float = 0.95) -> MultipleShares:
    """Share of respondents and share of mentions of each item.

    Parameters
    ----------
    marks : array of int, shape (respondents, items)
        1 ticked, 0 not ticked, -1 missing.
    confidence : float, default 0.95
        Nominal coverage of each interval.

    Returns
    -------
    MultipleShares
        The base is whoever has no missing mark.
    """
    array = checked_marks(marks)
    known = array[(array >= 0).all(axis=1)]
    counts, base = known.sum(axis=0), len(known)
    mentions = int(counts.sum())
    nothing = np.full(counts.shape, np.nan)
    return MultipleShares(
        counts,
        base,
        mentions,
        counts / base if base else nothing,
        tuple(wilson(int(count), base, confidence) for count in counts),
        counts / mentions if mentions else nothing,
    )


def cochran_q(marks: ArrayLike) -> AssociationTest:
    """Test that all items are ticked equally often, by the same respondents (Cochran, 1950).

    Parameters
    ----------
    marks : array of int, shape (respondents, items)
        1 ticked, 0 not ticked, -1 missing.

    Returns
    -------
    AssociationTest
        Method ``cochran_q``; reason ``no_variation`` when no respondent distinguishes between the items.
    """
    array = checked_marks(marks)
    known = array[(array >= 0).all(axis=1)]
    k, columns, rows = known.shape[1], known.sum(axis=0), known.sum(axis=1)
    spread = int((rows * (k - rows)).sum())
    if spread == 0:
        return AssociationTest(base=len(known), reason="no_variation")
    total = int(columns.sum())
    statistic = (k - 1) * (k * int((columns**2).sum()) - total**2) / spread
    return AssociationTest(
        method="cochran_q",
        statistic=statistic,
        df=k - 1,
        p_value=float(chdtrc(k - 1, statistic)),
        base=len(known),
    )
