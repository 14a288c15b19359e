"""Samples drawn in two stages, each without replacement: clusters, then respondents within clusters.

Belongs here: what the second stage adds to a variance. Does not: the first stage, or designs of one stage
(``designs``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthese.statistics.designs import Design, LonelyUnitError


@dataclass(frozen=True, eq=False)
class TwoStageDesign(Design):
    """A design whose clusters were themselves sampled (Cochran, 1977, 11.8; Särndal, Swensson and Wretman, 1992, 4.3).

    The variance of the first stage alone holds when clusters are few out of many; with a finite number of them
    (`population`), what is drawn within them counts too, times the share of clusters drawn. As R's
    ``svydesign(id = ~cluster + respondent, fpc = ~clusters + respondents)``.

    Parameters
    ----------
    cluster_sizes : ndarray of float, shape (respondents,), optional
        Respondents of the population in the cluster of each. None, or no `population`, leaves the first stage alone.
    """

    cluster_sizes: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.cluster_sizes is not None and np.shape(self.cluster_sizes) != self.weights.shape:
            raise ValueError(f"cluster_sizes must have the length of weights, found {np.shape(self.cluster_sizes)}")

    def covariance(
        self, influence: NDArray[np.float64], domain: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """Covariance of totals Σ w z, both stages; arguments and errors as :meth:`Design.covariance`.

        Raises
        ------
        LonelyUnitError
            A cluster of which one respondent was drawn out of several.
        ValueError
            More respondents in a cluster than `cluster_sizes` says.
        """
        first = super().covariance(influence, domain)
        if self.cluster_sizes is None or self.population is None:
            return first
        z = influence if influence.ndim == 2 else influence[:, None]
        if self.calibration:
            z = self._residuals(z)
        z = z * self.weights[:, None]
        unit, strata = self.unit_of_respondent, self.stratum_of_respondent
        drawn = np.bincount(unit)
        sizes, clusters, of_stratum = np.zeros(drawn.size), np.zeros(drawn.size), np.zeros(drawn.size, dtype=np.intp)
        sizes[unit], clusters[unit], of_stratum[unit] = self.cluster_sizes, self.population, strata
        if (sizes < drawn).any():
            raise ValueError("cluster_sizes must be at least the number of respondents drawn, in each cluster")
        if ((drawn == 1) & (sizes > 1)).any():
            raise LonelyUnitError("a cluster of which one respondent was drawn out of several has no variance within")
        share_of_clusters = np.bincount(of_stratum)[of_stratum] / clusters
        scale = share_of_clusters * (1 - drawn / sizes) * drawn / np.where(drawn > 1, drawn - 1, 1)
        means = np.column_stack([np.bincount(unit, column) for column in z.T]) / drawn[:, None]
        deviations = z - means[unit]
        return np.asarray(first + (deviations * scale[unit][:, None]).T @ deviations)
