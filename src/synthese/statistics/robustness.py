"""Verdict on whether a headline holds under other reasonable choices.

Belongs here: the verdict on one number and its variants. Does not: computing the variants (``analysis``), which band a
number is in (``formatting``), or what may be shown of it (``disclosure``). Only the verdict and the range leave this
module: single variants could be differenced.

The variants are the universes of a multiverse analysis (Steegen, Tuerlinckx, Gelman and Vanpaemel, 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class Robustness:
    """Verdict on a headline.

    Parameters
    ----------
    held, variants : int
        Variants in the same band as the headline, and all of them; the headline is one.
    low, high : float
        Range of the variants.
    """

    held: int
    variants: int
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether every variant is in the same band."""
        return self.held == self.variants


def robustness(values: Sequence[float], bands: Sequence[str | None]) -> Robustness:
    """Count the variants that are in the same band as the headline.

    Parameters
    ----------
    values : sequence of float
        The published number first, then the same number under each variant fixed in the codebook.
    bands : sequence of str or None
        What each is called; None for a number that no expression fits, which holds with none but another such.

    Raises
    ------
    ValueError
        Nothing to judge, sequences of different lengths, or a value that is not a number.
    """
    if len(values) != len(bands) or not values:
        raise ValueError(f"as many bands as values, and one at least: {len(bands)} and {len(values)}")
    if not all(isfinite(value) for value in values):
        raise ValueError("a variant that could not be computed is left out, not given as no number")
    held = sum(band == bands[0] for band in bands)
    return Robustness(held, len(values), min(values), max(values))


def agreeing(gaps: Sequence[float], least: float) -> int:
    """Count the variants of a gap that go the way of the published one, by as much as is asked.

    Parameters
    ----------
    gaps : sequence of float
        The published gap first, then the same gap under each variant; NaN where it could not be computed, which agrees
        with nothing.
    least : float
        Smallest gap, in the unit of ``gaps``, that may be spoken of.
    """
    sign = 1 if gaps[0] > 0 else -1
    # Differences of shares carry binary noise: 0.9 - 0.8 falls short of 0.1.
    return sum(sign * gap >= least - 1e-12 for gap in gaps)
