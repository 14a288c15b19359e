"""Weights of respondents: calibration to margins, trimming, and what they cost in precision.

Belongs here: raking, post-stratification, trimming, Kish's design effect. Does not: errors of weighted
estimates (``designs``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Margin:
    """A known distribution in the population.

    Parameters
    ----------
    codes : ndarray of int, shape (respondents,)
        Option of each respondent, 0 … options - 1; nobody may be missing.
    targets : ndarray of float, shape (options,)
        Size, or share, of each option in the population.
    source : str
        Where the targets come from; may not be empty.
    """

    codes: NDArray[np.int64]
    targets: NDArray[np.float64]
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("a margin must name its source")
        codes, targets = np.asarray(self.codes), np.asarray(self.targets, dtype=float)
        if codes.min() < 0 or codes.max() >= targets.size:
            raise ValueError(f"codes of a margin must lie in [0, {targets.size}): a missing one has no target")
        if (targets < 0).any() or targets.sum() <= 0:
            raise ValueError("targets of a margin must be positive")
        absent = (np.bincount(codes, minlength=targets.size) == 0) & (targets > 0)
        if absent.any():
            raise ValueError(f"no respondent for option {np.flatnonzero(absent).tolist()} of a margin")
        present = (np.bincount(codes, minlength=targets.size) > 0) & (targets == 0)
        if present.any():
            raise ValueError(f"respondents for option {np.flatnonzero(present).tolist()} whose target is 0")


class NotMetError(ValueError):
    """Raking did not bring the weights to every margin.

    Parameters
    ----------
    margin, option : int
        The margin and the option of it that are farthest off.
    gap : float
        Its relative distance to its target.
    passes : int
        Passes over all margins.
    """

    def __init__(self, margin: int, option: int, gap: float, passes: int) -> None:
        super().__init__(
            f"raking did not meet the margins in {passes} passes: option {option} of margin {margin} is {gap:.2g} off"
        )
        self.margin, self.option, self.gap, self.passes = margin, option, gap, passes


@dataclass(frozen=True)
class Kish:
    """What unequal weights cost (Kish, 1965, 11.7; 1992).

    Parameters
    ----------
    base : int
        Respondents with a positive weight.
    total : float
        Sum of weights.
    design_effect : float
        n Σw² / (Σw)², at least 1.
    effective_n : float
        (Σw)² / Σw².
    ratio : float
        Largest over smallest positive weight.
    """

    base: int
    total: float
    design_effect: float
    effective_n: float
    ratio: float


@dataclass(frozen=True)
class Raked:
    """Raked weights and how they came about.

    Parameters
    ----------
    weights : ndarray of float, shape (respondents,)
        Their sum is that of the first margin's targets, or of the given weights where targets are shares.
    iterations : int
        Passes over all margins.
    gap : float
        Largest relative distance to a target that is left.
    before, after : Kish
        Diagnostics of the given and of the raked weights.
    sources : tuple of str
        Sources of the margins, in order.
    """

    weights: NDArray[np.float64]
    iterations: int
    gap: float
    before: Kish
    after: Kish
    sources: tuple[str, ...]


def checked_weights(weights: ArrayLike) -> NDArray[np.float64]:
    """Return the weights as floats.

    Raises
    ------
    ValueError
        A weight that is negative, NaN or infinite, or a sum of 0.
    """
    array = np.asarray(weights, dtype=float)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any() or array.sum() <= 0:
        raise ValueError("weights must be finite and non-negative, with a positive sum")
    return array


def kish(weights: ArrayLike) -> Kish:
    """Diagnose weights: design effect and effective number of respondents (Kish, 1965, 11.7; 1992).

    Parameters
    ----------
    weights : array of float, shape (respondents,)
        Any positive scale; a weight of 0 is out of the base.

    Returns
    -------
    Kish

    Raises
    ------
    ValueError
        Weights that are not finite and non-negative with a positive sum.
    """
    array = checked_weights(weights)
    array = np.sort(array[array > 0])
    total, relative = float(array.sum()), array / array[-1]
    effective = float(relative.sum() ** 2 / (relative**2).sum())
    return Kish(array.size, total, array.size / effective, effective, float(array[-1] / array[0]))


def post_stratify(weights: ArrayLike, margin: Margin) -> NDArray[np.float64]:
    """Scale weights so that each option has its size in the population (Holt and Smith, 1979).

    Parameters
    ----------
    weights : array of float, shape (respondents,)
        Weights of the design.
    margin : Margin
        Sizes, or shares, of the options; shares keep the sum of weights.

    Returns
    -------
    ndarray of float, shape (respondents,)
    """
    array = checked_weights(weights)
    sums = np.bincount(margin.codes, weights=array, minlength=margin.targets.size)
    scale = array.sum() / margin.targets.sum() if _are_shares(margin) else 1.0
    factors = np.divide(margin.targets * scale, sums, out=np.zeros_like(sums), where=sums > 0)
    result: NDArray[np.float64] = array * factors[margin.codes]
    return result


def _are_shares(margin: Margin) -> bool:
    return bool(abs(float(margin.targets.sum()) - 1) < 1e-6)


def rake(
    weights: ArrayLike,
    margins: Sequence[Margin],
    tolerance: float = 1e-10,
    most_iterations: int = 500,
    at_most: float | None = None,
) -> Raked:
    """Rake weights to several margins in turn (Deming and Stephan, 1940), no weight above a bound if one is given.

    Parameters
    ----------
    weights : array of float, shape (respondents,)
        Weights of the design.
    margins : sequence of Margin
        All shares, or all sizes with one sum. One margin is post-stratification.
    tolerance : float, default 1e-10
        Largest relative distance to a target at the end.
    most_iterations : int, default 500
        Passes over all margins.
    at_most : float, optional
        Largest weight, in units of the mean weight, more than 1. Weights are cut after each pass and raked again,
        so that in the end both the bound and the margins hold.

    Returns
    -------
    Raked

    Raises
    ------
    NotMetError
        Margins that cannot all be met, or not under the bound.
    ValueError
        Margins whose sums differ, no margin, or a bound of 1 or less.
    """
    if not margins:
        raise ValueError("raking needs at least one margin")
    if at_most is not None and at_most <= 1:
        raise ValueError(f"at_most must be above 1, found {at_most}")
    sums = [float(margin.targets.sum()) for margin in margins]
    if max(sums) - min(sums) > 1e-6 * max(sums):
        raise ValueError(f"margins must have one sum, found {sums}")
    given = checked_weights(weights)
    total = float(given.sum()) if _are_shares(margins[0]) else sums[0]
    # Of fixed size, since cutting takes from the sum, which shares would keep as they find it.
    margins = [replace(margin, targets=margin.targets / sums[0] * total) for margin in margins]
    most = np.inf if at_most is None else at_most * total / int((given > 0).sum())
    current = given
    for iteration in range(1, most_iterations + 1):
        for margin in margins:
            current = post_stratify(current, margin)
        current = np.minimum(current, most)
        gaps = [_gaps(current, margin) for margin in margins]
        gap = max(float(found.max()) for found in gaps)
        if gap <= tolerance:
            sources = tuple(margin.source for margin in margins)
            return Raked(current, iteration, gap, kish(given), kish(current), sources)
    worst = int(np.argmax([found.max() for found in gaps]))
    raise NotMetError(worst, int(gaps[worst].argmax()), gap, most_iterations)


def _gaps(weights: NDArray[np.float64], margin: Margin) -> NDArray[np.float64]:
    """Relative distance of each option to its target; 0 where the target is 0."""
    sums = np.bincount(margin.codes, weights=weights, minlength=margin.targets.size)
    wanted = margin.targets / margin.targets.sum()
    known = wanted > 0
    return np.where(known, np.abs(sums / sums.sum() / np.where(known, wanted, 1) - 1), 0.0)


def trim(weights: ArrayLike, most: float, tolerance: float = 1e-12) -> NDArray[np.float64]:
    """Cut weights above `most` times their mean, and spread what was cut over the others (Potter, 1990).

    Parameters
    ----------
    weights : array of float, shape (respondents,)
        Weights; their sum is kept.
    most : float
        Largest weight allowed, in units of the mean weight; more than 1.
    tolerance : float
        Relative excess that ends the passes.

    Returns
    -------
    ndarray of float, shape (respondents,)
        Margins met before are no longer met exactly: rake again, or say so.

    Raises
    ------
    ValueError
        `most` of 1 or less, or so low that nobody is left to take what was cut.
    """
    if most <= 1:
        raise ValueError(f"most must be above 1, found {most}")
    array = checked_weights(weights)
    total, cap = array.sum(), most * array.mean()
    current = array
    while current.max() > cap * (1 + tolerance):
        current = np.minimum(current, cap)
        below = (current < cap) & (current > 0)
        if not below.any():
            raise ValueError("nobody is left to take the weight that was cut: raise most")
        missing = total - current.sum()
        current = np.where(below, current * (1 + missing / current[below].sum()), current)
    return np.asarray(np.minimum(current, cap))
