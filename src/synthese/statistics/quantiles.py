"""Intervals of a quantile by inverting intervals of shares.

Belongs here: which values a quantile may have, given how surely each value is above or below its order. Does not: the
quantile itself (``numeric``, ``weighted``), its bootstrap interval (``bootstrap``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthese.statistics.numeric import answered
from synthese.statistics.results import Interval

Limits = Callable[[NDArray[np.bool_]], Interval | None]


def covered(n: int, q: float, confidence: float) -> bool:
    """Whether n answers are enough for an interval of a quantile: their whole range would hold it that often.

    The range misses it when all answers lie above or all below, with probability q^n + (1 - q)^n: 6 answers are the
    fewest for the median at 95 %, 11 for a quartile.
    """
    return float(q**n + (1 - q) ** n) <= 1 - confidence


def inverted_quantile(values: ArrayLike, q: float, limits: Limits) -> Interval | None:
    """Interval of a quantile: the values v whose share of answers up to v is not surely below, or surely above, `q`.

    Test inversion (Woodruff, 1952; Francisco and Fuller, 1991): from the smallest v at which the upper limit of that
    share reaches `q` to the smallest at which its lower limit does. Unlike an interval centred on the share found at
    the estimate it holds for answers that many respondents share, such as a number of days.

    Parameters
    ----------
    values : array of float, shape (respondents,)
        NaN is missing.
    q : float
        Order, in (0, 1).
    limits : callable
        Takes who answered v or less (array of bool, shape (respondents,)) and returns the interval of their share
        among those who answered.

    Returns
    -------
    Interval or None
        Both ends are answers, or the interval is None: fewer than two different answers, or too few answers for one
        to be surely beyond the quantile. Method ``inverted_`` and that of `limits` for the largest share below 1.
    """
    array = np.asarray(values, dtype=float)
    known = np.unique(answered(array))
    if known.size < 2:
        return None
    found: dict[int, Interval | None] = {}

    def at(place: int) -> Interval | None:
        if place not in found:
            found[place] = limits(array <= (known[place] if place >= 0 else -np.inf))
        return found[place]

    outside, inside = at(-1), at(known.size - 1)
    if outside is None or inside is None or outside.high >= q or inside.low < q:
        return None

    def first(reached: Callable[[Interval], bool]) -> float | None:
        low, high = -1, known.size - 1  # never reached at `low`, always at `high`
        while high - low > 1:
            middle = (low + high) // 2
            here = at(middle)
            if here is None:
                return None
            low, high = (low, middle) if reached(here) else (middle, high)
        return float(known[high])

    low, high = first(lambda share: share.high >= q), first(lambda share: share.low >= q)
    method = at(known.size - 2)
    if low is None or high is None or method is None:
        return None
    return Interval(low, high, method.confidence, f"inverted_{method.method}")
