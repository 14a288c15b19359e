"""Sample designs and Taylor-linearised variances.

Belongs here: the design and the covariance of totals under it. Does not: estimates (``weighted``), tests
(``design_tests``), how weights are made (``weights``).

A design without strata and clusters is "weights only": each respondent is drawn apart, with replacement.
Missing answers are a domain, as in R's survey: the rest of the design keeps its strata and clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthese.statistics.addends import Addends, addends
from synthese.statistics.weights import checked_weights

Lonely = Literal["fail", "certainty", "adjust", "average"]


class LonelyUnitError(ValueError):
    """A stratum has a single primary sampling unit: its variance cannot be estimated."""


@dataclass(frozen=True, eq=False)
class Design:
    """A sample design.

    Parameters
    ----------
    weights : ndarray of float, shape (respondents,)
        Weights, any scale for shares and means; the expansion weight for totals.
    strata, clusters : ndarray of int, shape (respondents,), optional
        Stratum and primary sampling unit of each respondent. Clusters of different strata are different.
    population : ndarray of float, shape (respondents,), optional
        Number of primary sampling units in the population of the respondent's stratum: finite population
        correction.
    lonely : {"fail", "certainty", "adjust", "average"}
        What to do with a stratum of one unit, where the population has more: refuse; take it as drawn for certain
        (no variance); centre it at 0, which is the mean of all units for shares and means; give it the average
        variance of the other strata of the domain. As R's ``survey.lonely.psu``.
    calibration : sequence of ndarray of int, each of shape (respondents,)
        Codes of the margins that `weights` were raked or post-stratified to: errors are those of the
        residuals (Deville and Särndal, 1992).
    base_weights : ndarray of float, shape (respondents,), optional
        Weights before calibration, by which residuals are fitted; `weights` by default.
    """

    weights: NDArray[np.float64]
    strata: NDArray[np.int64] | None = None
    clusters: NDArray[np.int64] | None = None
    population: NDArray[np.float64] | None = None
    lonely: Lonely = "fail"
    calibration: Sequence[NDArray[np.int64]] = ()
    base_weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", checked_weights(self.weights))
        for name in ("strata", "clusters", "population", "base_weights"):
            column = getattr(self, name)
            if column is not None and np.shape(column) != self.weights.shape:
                raise ValueError(f"{name} must have the length of weights, found {np.shape(column)}")

    @cached_property
    def all_positive(self) -> bool:
        """Whether nobody has a weight of 0."""
        return bool((self.weights > 0).all())

    @cached_property
    def squared_weights(self) -> NDArray[np.float64]:
        """Weights squared, shape (respondents,)."""
        return np.asarray(self.weights**2)

    @cached_property
    def weight_addends(self) -> Addends:
        """Weights, to be summed in any order."""
        return addends(self.weights)

    @cached_property
    def square_addends(self) -> Addends:
        """Squared weights, to be summed in any order."""
        return addends(self.squared_weights)

    @cached_property
    def drawn_apart(self) -> bool:
        """Whether respondents are drawn one by one with replacement: the variance is then a sum over them."""
        parts = (self.strata, self.clusters, self.population)
        return all(part is None for part in parts) and len(self.calibration) == 0

    @cached_property
    def by_weight(self) -> tuple[NDArray[np.intp], Design]:
        """Order of the respondents by weight, and their weights in it: a design of respondents drawn apart."""
        order = np.argsort(self.weights, kind="stable")
        return order, Design(self.weights[order])

    @cached_property
    def stratum_of_respondent(self) -> NDArray[np.intp]:
        """Stratum 0, 1, … of each respondent."""
        if self.strata is None:
            return np.zeros(self.weights.size, dtype=np.intp)
        return np.unique(self.strata, return_inverse=True)[1]

    @cached_property
    def unit_of_respondent(self) -> NDArray[np.intp]:
        """Primary sampling unit 0, 1, … of each respondent, over all strata."""
        if self.clusters is None:
            return np.arange(self.weights.size)
        clusters = np.unique(self.clusters, return_inverse=True)[1]
        nested = self.stratum_of_respondent * (clusters.max() + 1) + clusters
        return np.unique(nested, return_inverse=True)[1]

    @cached_property
    def stratum_of_unit(self) -> NDArray[np.intp]:
        """Stratum of each primary sampling unit."""
        if self.clusters is None:
            return self.stratum_of_respondent
        strata = np.empty(int(self.unit_of_respondent.max()) + 1, dtype=np.intp)
        strata[self.unit_of_respondent] = self.stratum_of_respondent
        return strata

    @cached_property
    def units_of_stratum(self) -> NDArray[np.intp]:
        """Number of primary sampling units drawn in each stratum."""
        return np.bincount(self.stratum_of_unit)

    def df(self, domain: NDArray[np.bool_] | None = None) -> int:
        """Degrees of freedom: primary sampling units less strata, of the domain where one is given."""
        kept = self.weights > 0 if domain is None else domain & (self.weights > 0)
        if self.strata is None and self.clusters is None:
            return max(0, int(kept.sum()) - 1)
        units = np.bincount(self.unit_of_respondent[kept], minlength=self.stratum_of_unit.size) > 0
        strata = np.bincount(self.stratum_of_unit[units]) > 0
        return int(units.sum() - strata.sum())

    @cached_property
    def lonely_strata(self) -> NDArray[np.bool_]:
        """Whether each stratum has one primary sampling unit, and was not drawn whole."""
        return np.asarray((self.units_of_stratum == 1) & (self._unsampled > 1e-7))

    def averaged(self, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Find the factor of a variance by which strata of one unit have the mean variance of the other ones.

        Parameters
        ----------
        inside : ndarray of bool, shape (strata,) or (strata, estimates)
            Whether someone of the stratum is in the domain. Calibration makes everyone matter to every domain.

        Returns
        -------
        ndarray of float, shape () or (estimates,)
            1 where no stratum of the domain tells a variance: its degrees of freedom are 0.
        """
        inside = np.ones_like(inside) if self.calibration else inside
        counts, others = inside.sum(axis=0), inside[~self.lonely_strata].sum(axis=0)
        if self.lonely != "average":
            return np.ones(np.shape(counts))
        return np.asarray(np.where(others > 0, counts / np.maximum(others, 1), 1.0))

    def covariance(
        self, influence: NDArray[np.float64], domain: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """Covariance of totals Σ w z (Binder, 1983).

        Parameters
        ----------
        influence : array of float, shape (respondents,) or (respondents, estimates)
            z: the linearised values, 0 outside a domain.
        domain : array of bool, shape (respondents,), optional
            Who is in it, weights of 0 included; everyone by default.

        Returns
        -------
        ndarray of float, shape (estimates, estimates)

        Raises
        ------
        LonelyUnitError
            A stratum of one unit when `lonely` is "fail".
        """
        z = influence if influence.ndim == 2 else influence[:, None]
        if self.calibration:
            z = self._residuals(z)
        z = z * self.weights[:, None]
        stratum, n_units = self.stratum_of_unit, self.units_of_stratum
        totals = z if self.clusters is None else sums_by_code(self.unit_of_respondent, z, stratum.size)
        scale = self.scale_of_stratum
        if n_units.size == 1:
            deviations = totals - totals.mean(axis=0)
            return np.asarray(deviations.T @ deviations * scale[0])
        means = sums_by_code(stratum, totals, n_units.size) / n_units[:, None]
        if self.lonely == "adjust":
            means[n_units == 1] = 0.0
        deviations = totals - means[stratum]
        inside = np.ones(n_units.size, dtype=bool)
        if domain is not None:
            inside = np.bincount(self.stratum_of_respondent[domain], minlength=n_units.size) > 0
        return np.asarray((deviations * scale[stratum][:, None]).T @ deviations * self.averaged(inside))

    @cached_property
    def scale_of_stratum(self) -> NDArray[np.float64]:
        """What squared deviations of the units of each stratum are multiplied by in a variance, see :meth:`averaged`.

        Raises
        ------
        LonelyUnitError
            A stratum of one unit when `lonely` is "fail".
        """
        n_units = self.units_of_stratum
        alone = self.lonely_strata
        if alone.any() and self.lonely == "fail":
            raise LonelyUnitError(
                f"{int(alone.sum())} strata have a single primary sampling unit; merge them with a neighbour, or "
                'set lonely to "certainty", "adjust" or "average"'
            )
        return np.asarray(n_units / np.maximum(n_units - 1, 1) * self._unsampled)

    @cached_property
    def _unsampled(self) -> NDArray[np.float64]:
        """Share of each stratum's units that were not drawn."""
        n_units = self.units_of_stratum
        if self.population is None:
            return np.ones(n_units.size)
        sizes = np.zeros(n_units.size)
        sizes[self.stratum_of_respondent] = self.population
        if (sizes < n_units).any():
            raise ValueError("population must be at least the number of units drawn, in each stratum")
        return np.asarray(1 - n_units / sizes)

    @cached_property
    def margins(self) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.float64], NDArray[np.float64]]:
        """Positions of each respondent in the margins, base weights, and the inverse of the weighted cross-product.

        Indicators of several margins are linearly dependent, since each margin adds up to everyone: hence the
        generalised inverse.
        """
        weights = self.weights if self.base_weights is None else checked_weights(self.base_weights)
        places: list[NDArray[np.intp]] = []
        width = 0
        for codes in self.calibration:
            place = np.unique(codes, return_inverse=True)[1] + width
            places.append(place)
            width = int(place.max()) + 1
        product = np.zeros((width, width))
        for one in places:
            for other in places:
                product += np.bincount(one * width + other, weights, width * width).reshape(width, width)
        return tuple(places), weights, np.asarray(np.linalg.pinv(product, hermitian=True), dtype=float)

    @cached_property
    def kinds(self) -> tuple[NDArray[np.intp], NDArray[np.intp], tuple[NDArray[np.intp], ...]]:
        """Kind of each respondent, its stratum, and its places in the margins: a kind shares them all."""
        code = self.stratum_of_respondent.astype(np.intp)
        places = self.margins[0] if self.calibration else ()
        for place in places:
            code = np.unique(code * (int(place.max()) + 1) + place, return_inverse=True)[1]
        first = np.unique(code, return_index=True)[1]
        return code, self.stratum_of_respondent[first], tuple(place[first] for place in places)

    def _residuals(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the margins do not explain of `z`."""
        places, weights, inverse = self.margins
        weighted = z * weights[:, None]
        fitted = inverse @ sum(sums_by_code(place, weighted, inverse.shape[0]) for place in places)
        for place in places:
            z = z - fitted[place]
        return z


def sums_by_code(codes: NDArray[np.intp], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum the rows of `values` by code, shape (size, columns)."""
    return np.column_stack([np.bincount(codes, column, size) for column in values.T])


def in_domain(design: Design, known: NDArray[np.bool_], domain: ArrayLike | None) -> NDArray[np.bool_]:
    """Return who is known, in the domain and has a positive weight."""
    kept = known & (design.weights > 0)
    return kept if domain is None else kept & np.asarray(domain, dtype=bool)
