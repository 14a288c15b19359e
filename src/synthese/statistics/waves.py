"""Change of a share between waves.

Belongs here: independent samples, the keyed panel, standardisation to one mix of a structure. Does not:
trends over several waves (``ordinal.cochran_armitage``), whether two wordings may be compared (the codebook's
business).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, chdtrc

from synthese.statistics.exact import whole_table
from synthese.statistics.proportions import newcombe_difference, wilson
from synthese.statistics.results import AssociationTest, Interval

# Fewer discordant respondents than this: McNemar's test is the exact binomial one.
_EXACT_BELOW = 25
_MOST_STRATA = 3


@dataclass(frozen=True)
class Overlap:
    """Respondents of two waves, by key.

    Parameters
    ----------
    both, only_first, only_second : int
        Keys in both waves, in the first only, in the second only.
    """

    both: int
    only_first: int
    only_second: int


@dataclass(frozen=True)
class StandardisedShare:
    """A share as it would be with a given mix of strata.

    Parameters
    ----------
    value : float
        Σ mix × share of the stratum.
    interval : Interval
        Bounds recovered from the Wilson interval of each stratum.
    """

    value: float
    interval: Interval


def overlap(first: Iterable[str], second: Iterable[str]) -> Overlap:
    """Count respondents that two waves have in common; an independent-samples test needs `both` to be 0."""
    a, b = set(first), set(second)
    return Overlap(len(a & b), len(a - b), len(b - a))


def two_shares(
    count_a: int,
    base_a: int,
    count_b: int,
    base_b: int,
    shared: int = 0,
    continuity: bool = False,
    confidence: float = 0.95,
) -> AssociationTest:
    """Test of share a minus share b, independent samples: pooled chi-square (Pearson, 1900), as R's ``prop.test``.

    Parameters
    ----------
    count_a, base_a, count_b, base_b : int
        Respondents who chose the option and respondents in the denominator, in each sample.
    shared : int, default 0
        Respondents in both samples (:func:`overlap`): the test refuses any.
    continuity : bool, default False
        Apply Yates' correction, as ``prop.test`` does by default.
    confidence : float, default 0.95
        Nominal coverage of the interval of the difference.

    Returns
    -------
    AssociationTest
        Effect ``difference`` with Newcombe's hybrid score interval. Reason ``overlapping_samples``,
        ``empty_sample`` or ``no_variation`` (nobody or everybody chose the option: the interval remains).
    """
    interval = newcombe_difference(count_a, base_a, count_b, base_b, confidence)
    base = int(base_a + base_b)
    if shared > 0:
        return AssociationTest(base=base, reason="overlapping_samples")
    if interval is None:
        return AssociationTest(base=base, reason="empty_sample")
    gap = float(count_a / base_a - count_b / base_b)
    pooled = float((count_a + count_b) / base)
    statistic = p_value = None
    if 0 < pooled < 1:
        inverse = 1 / base_a + 1 / base_b
        tested = abs(gap) - (min(0.5 * inverse, abs(gap)) if continuity else 0)
        statistic = float(tested**2 / (pooled * (1 - pooled) * inverse))
        p_value = float(chdtrc(1, statistic))
    return AssociationTest(
        method=None if statistic is None else "two_shares",
        statistic=statistic,
        df=None if statistic is None else 1,
        p_value=p_value,
        effect="difference",
        effect_size=gap,
        effect_low=interval.low,
        effect_high=interval.high,
        base=base,
        reason="no_variation" if statistic is None else None,
    )


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


def standardised(
    counts: ArrayLike, bases: ArrayLike, mix: ArrayLike, confidence: float = 0.95
) -> StandardisedShare | None:
    """Share of one wave with the structure of a given mix: direct standardisation.

    The interval combines the strata's Wilson intervals (variance recovery: Zou and Donner, 2008).

    Parameters
    ----------
    counts, bases : array of int, shape (strata,)
        Respondents who chose the option and respondents in the denominator, by stratum; at most three strata.
    mix : array of float, shape (strata,)
        Weights of the strata, any positive scale.
    confidence : float, default 0.95
        Nominal coverage.

    Returns
    -------
    StandardisedShare or None
        None when a stratum of the mix has no respondent in this wave.

    Raises
    ------
    ValueError
        More than three strata, or a mix that is not positive.
    """
    chosen, base, weights = (np.asarray(array, dtype=float) for array in (counts, bases, mix))
    if chosen.size > _MOST_STRATA:
        raise ValueError(f"at most {_MOST_STRATA} strata may be standardised, found {chosen.size}")
    if (weights < 0).any() or weights.sum() <= 0:
        raise ValueError("mix must be positive")
    weights = weights / weights.sum()
    value = below = above = 0.0
    for k, n, w in zip(chosen, base, weights, strict=True):
        one = wilson(k, n, confidence)
        if w == 0:
            continue
        if one is None:
            return None
        value += w * k / n
        below += (w * (k / n - one.low)) ** 2
        above += (w * (one.high - k / n)) ** 2
    interval = Interval(max(0.0, value - sqrt(below)), min(1.0, value + sqrt(above)), confidence, "variance_recovery")
    return StandardisedShare(value, interval)
