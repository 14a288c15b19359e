"""Multiple response: several options may be ticked by one respondent.

Belongs here: marks, and Cochran's Q between items. Does not: shares (an option is one share of a question), tests
against another question (``marginal``), rankings (``rankings``).

Marks are an integer array of shape (respondents, items): 1 ticked, 0 not ticked, -1 missing. A respondent
with a missing mark is out of the base; one who answered and ticked nothing is in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from synthese.statistics.results import AssociationTest


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
