"""Change of a share among the same respondents, unweighted.

Belongs here: the keyed panel. Does not: waves drawn apart (``association``, ``wave_designs``), trends over several
waves (``ordinal.cochran_armitage``), whether two wordings may be compared (the codebook's business).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, chdtrc

from synthese.statistics.exact import whole_table
from synthese.statistics.proportions import wilson
from synthese.statistics.results import AssociationTest, Interval

# Fewer discordant respondents than this: McNemar's test is the exact binomial one.
_EXACT_BELOW = 25


def _paired_interval(table: np.ndarray, confidence: float) -> Interval:
    """Interval of the difference of two shares of the same respondents: method 10 of Newcombe (1998b)."""
    (a, b), (c, d) = table.astype(float).tolist()
    n = a + b + c + d
    after, before = (a + c) / n, (a + b) / n
    first, second = wilson(a + c, n, confidence), wilson(a + b, n, confidence)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    product = a * d - b * c
    phi = 0.0
    if margins > 0:
        phi = (max(product - n / 2, 0.0) if product > 0 else product) / sqrt(margins)
    assert first is not None
    assert second is not None
    low_after, high_after = after - first.low, first.high - after
    low_before, high_before = before - second.low, second.high - before
    gap = after - before
    low = gap - sqrt(max(0.0, low_after**2 - 2 * phi * low_after * high_before + high_before**2))
    high = gap + sqrt(max(0.0, high_after**2 - 2 * phi * high_after * low_before + low_before**2))
    return Interval(max(-1.0, low), min(1.0, high), confidence, "newcombe_paired")


def mcnemar(
    table: ArrayLike, continuity: bool = False, confidence: float = 0.95, minimum_panel: int = 30
) -> AssociationTest:
    """Change of a share among the same respondents (McNemar, 1947).

    Chi-square on those who changed, exact binomial when they are fewer than 25.

    Parameters
    ----------
    table : array of int, shape (2, 2)
        Panel counts: rows before (yes, no), columns after (yes, no).
    continuity : bool, default False
        Apply Edwards' correction, as R's ``mcnemar.test`` does by default.
    confidence : float, default 0.95
        Nominal coverage of the interval of the difference.
    minimum_panel : int, default 30
        Least number of respondents in both waves.

    Returns
    -------
    AssociationTest
        Method ``mcnemar`` or ``mcnemar_exact``; effect ``difference``, share after minus share before. Reason
        ``panel_too_small`` or ``no_change``.

    Raises
    ------
    ValueError
        A table that is not 2 × 2.
    """
    counts = whole_table(table)
    if counts.shape != (2, 2):
        raise ValueError(f"a panel of one option needs a 2 × 2 table, found shape {counts.shape}")
    base = int(counts.sum())
    if base < max(1, minimum_panel):
        return AssociationTest(base=base, reason="panel_too_small")
    left, joined = int(counts[0, 1]), int(counts[1, 0])
    changed = left + joined
    interval = _paired_interval(counts, confidence)
    statistic = p_value = method = None
    if changed >= _EXACT_BELOW:
        method = "mcnemar"
        statistic = max(0.0, abs(left - joined) - (1 if continuity else 0)) ** 2 / changed
        p_value = float(chdtrc(1, statistic))
    elif changed > 0:
        method = "mcnemar_exact"
        p_value = min(1.0, 2 * float(bdtr(min(left, joined), changed, 0.5)))
    return AssociationTest(
        method=method,
        statistic=statistic,
        df=None if statistic is None else 1,
        p_value=p_value,
        effect="difference",
        effect_size=(joined - left) / base,
        effect_low=interval.low,
        effect_high=interval.high,
        base=base,
        reason="no_change" if changed == 0 else None,
    )
