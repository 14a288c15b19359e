"""Verdict on whether a headline holds under other reasonable choices.

Belongs here: the verdict on one number and its variants. Does not: computing the variants (``analysis``), the
words for bands (``formatting``). Only the verdict and the range leave this module: single variants could be
differenced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Robustness:
    """Verdict on a headline.

    Parameters
    ----------
    held, variants : int
        Variants in the same band as the headline, and variants computed.
    low, high : float
        Range of the headline and all its variants.
    """

    held: int
    variants: int
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether every variant is in the same band."""
        return self.held == self.variants


def robustness(headline: float, variants: ArrayLike, edges: Sequence[float]) -> Robustness | None:
    """Count the variants that lie in the same band as the headline.

    Parameters
    ----------
    headline : float
        The published number.
    variants : array of float
        The same number under the variants fixed in the codebook; NaN for one that could not be computed.
    edges : sequence of float
        Lower edges of the bands above the lowest, rising; a number on an edge is in the band above it.

    Returns
    -------
    Robustness or None
        None when no variant could be computed.

    Raises
    ------
    ValueError
        Edges that do not rise, or a headline that is not a number.
    """
    bounds = np.asarray(edges, dtype=float)
    if (np.diff(bounds) <= 0).any():
        raise ValueError("edges of bands must rise")
    if not np.isfinite(headline):
        raise ValueError("the headline must be a number")
    values = np.asarray(variants, dtype=float)
    values = values[~np.isnan(values)]
    if values.size == 0:
        return None
    bands = np.searchsorted(bounds, values, side="right")
    held = int((bands == np.searchsorted(bounds, headline, side="right")).sum())
    return Robustness(held, values.size, min(headline, float(values.min())), max(headline, float(values.max())))
