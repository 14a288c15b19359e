"""What the answers of a wave stand for: their weights, their design, the frame they come from.

Belongs here: the one record that describing, crossing and comparing take beside the answers. Does not: reading it from
``wave.yml`` (`designing`), or any formula (`synthese.statistics`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Flags
from synthese.statistics.designs import Design


@dataclass(frozen=True, eq=False)
class Sample:
    """A wave's respondents as a sample.

    Parameters
    ----------
    confidence : float
        Level of every interval.
    seed : int
        Seed of whatever is simulated or resampled.
    design : Design, optional
        Weights, strata and clusters of all respondents; None where every answer counts alike and was drawn apart.
    population : int, optional
        Size of the frame that an unweighted sample was drawn from: finite population correction. It is taken for the
        frame of every base, item non-response and universes included, whose own frames are smaller and unknown: an
        interval is then too wide rather than too narrow.
    interval : str, optional
        Interval of shares that was asked for; None for the one that suits the design.
    """

    confidence: float = 0.95
    seed: int = 0
    design: Design | None = None
    population: int | None = None
    interval: str | None = None

    @property
    def weights(self) -> NDArray[np.float64] | None:
        """Weight of each respondent, or None where every answer counts alike."""
        return None if self.design is None else self.design.weights

    def size(self, base: Flags) -> tuple[float, float]:
        """Sum of weights over a base, and its effective size (Kish, 1965); the plain count without weights.

        Parameters
        ----------
        base : array of bool, shape (respondents,)
            Who is in the denominator.
        """
        if self.weights is None:
            return float(base.sum()), float(base.sum())
        w = np.sort(self.weights[base])  # sums of floats depend on their order
        total, squares = float(w.sum()), float((w**2).sum())
        return total, total**2 / squares if squares else 0.0
