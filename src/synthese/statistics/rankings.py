"""Rankings: respondents put items in order.

Belongs here: whether items are ranked alike, and agreement between respondents. Does not: items ticked without an
order (``multiple``), shares and means of ranks (those of any question).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc
from scipy.stats import rankdata

from synthese.statistics.results import AssociationTest


def _ranks(ranks: ArrayLike) -> NDArray[np.int64]:
    array = np.asarray(ranks)
    if array.ndim != 2 or array.dtype.kind not in "iu":
        raise ValueError(f"ranks must be integers of shape (respondents, items), found {array.dtype}, {array.shape}")
    array = array.astype(np.int64)
    if ((array < 1) & (array != -1)).any():
        raise ValueError("ranks must be 1, 2, 3 … or -1 (not ranked)")
    return array


def friedman(ranks: ArrayLike) -> AssociationTest:
    """Test that all items are ranked alike (Friedman, 1937), with Kendall's W (Kendall and Babington Smith, 1939).

    Parameters
    ----------
    ranks : array of int, shape (respondents, items)
        1 is first, ties allowed; whoever left an item out (-1) is left out.

    Returns
    -------
    AssociationTest
        Method ``friedman``; effect ``kendalls_w``, 0 = no agreement, 1 = all the same order. Reason
        ``no_variation``, or ``partial_rankings`` where nobody ranked every item.
    """
    array = _ranks(ranks)
    known = array[(array > 0).all(axis=1)]
    n, k = known.shape
    if n == 0 and (array > 0).any():
        return AssociationTest(base=0, reason="partial_rankings")
    if n == 0 or k < 2 or (known == known[:, :1]).all():
        return AssociationTest(base=n, reason="no_variation")
    placed = rankdata(known, axis=1)
    # The correction for ties: k(k² - 1) less Σ(t³ - t) is 12 times the spread of each respondent's ranks.
    spread = float(((placed - (k + 1) / 2) ** 2).sum())
    statistic = (k - 1) * float(((placed.sum(axis=0) - n * (k + 1) / 2) ** 2).sum()) / spread
    return AssociationTest(
        method="friedman",
        statistic=statistic,
        df=k - 1,
        p_value=float(chdtrc(k - 1, statistic)),
        effect="kendalls_w",
        effect_size=statistic / (n * (k - 1)),
        base=n,
    )
