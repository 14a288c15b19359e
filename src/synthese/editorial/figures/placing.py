"""Labels that would cover each other, moved apart as little as can be.

Belongs here: one-dimensional placing. Does not: drawing.
"""

from __future__ import annotations

from collections.abc import Sequence


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels apart so that none covers another, as near to their places as least squares allows.

    Parameters
    ----------
    centres, heights : sequence of float
        Where each label would stand, and the room that it takes.
    low, high : float
        Ends of the room for all of them; labels that need more run past ``high``.

    Returns
    -------
    list of float
        Centres in the order given; labels of equal centre keep that order.

    Notes
    -----
    Isotonic regression of the upper edges by pooling adjacent violators (Barlow et al., 1972).
    """
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    above = [0.0]
    for i in order:
        above.append(above[-1] + heights[i])
    pools: list[tuple[float, int]] = []  # mean, size
    for place, i in enumerate(order):
        pools.append((centres[i] - heights[i] / 2 - above[place], 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (mean, size), (other, more) = pools[-2], pools[-1]
            pools[-2:] = [((mean * size + other * more) / (size + more), size + more)]
    starts = [mean for mean, size in pools for _ in range(size)]
    last = max(low, high - above[-1])
    placed = [0.0] * len(order)
    for place, i in enumerate(order):
        placed[i] = min(max(starts[place], low), last) + above[place] + heights[i] / 2
    return placed
