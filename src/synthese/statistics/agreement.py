"""Agreement of two coders beyond chance.

Belongs here: Cohen's κ of two codings of the same answers. Does not: sheets, or who coded what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Agreement:
    """How far two codings of the same units agree; None stands for what could not be computed.

    Parameters
    ----------
    base : int
        Units that both coders coded.
    observed : float or None
        Share of the base, in [0, 1], to which both gave the same category.
    expected : float or None
        Share on which they would agree by chance, each keeping their own frequencies.
    kappa : float or None
        Cohen's κ: the part of the agreement possible beyond chance that was reached.
    error : float or None
        Asymptotic standard error of `kappa`, for a base of independent units; None where a coder used one category
        only: κ is then 0 whatever the other one did, and its error says nothing.
    reason : str or None
        Code of why there is no κ: ``no-unit`` (nothing was coded twice) or ``one-category`` (chance alone would
        agree on everything).
    """

    base: int
    observed: float | None = None
    expected: float | None = None
    kappa: float | None = None
    error: float | None = None
    reason: str | None = None


def cohen_kappa(table: npt.ArrayLike) -> Agreement:
    """Unweighted κ of Cohen (1960), with the standard error of Fleiss, Cohen and Everitt (1969).

    Parameters
    ----------
    table : array_like of int, shape (k, k)
        Units by the category of the first coder (rows) and of the second (columns), same order.

    Returns
    -------
    Agreement
        The base is the sum of the table. The error is the one for an interval, not the one under κ = 0.
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"a square table of the same categories is wanted, not one of shape {counts.shape}")
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("units are counted: no negative number, no fraction")
    base = int(counts.sum())
    if not base:
        return Agreement(0, reason="no-unit")
    first, second = counts.sum(axis=1), counts.sum(axis=0)
    agreed = int(np.trace(counts))
    observed, by_chance = agreed / base, float(first @ second)
    expected = by_chance / base**2
    if by_chance == base**2:  # in whole numbers: a share rounded to 1 is not 1
        return Agreement(base, observed, expected, reason="one-category")
    kappa = (observed - expected) / (1 - expected)
    if np.count_nonzero(first) == 1 or np.count_nonzero(second) == 1:
        return Agreement(base, observed, expected, 0.0)
    shares, off = counts / base, 1 - kappa
    around = np.eye(len(counts)) - (second[:, None] + first[None, :]) / base * off
    variance = float((shares * around**2).sum()) - (kappa - expected * off) ** 2
    # With every unit agreed upon the difference is 0 but for rounding.
    error = 0.0 if agreed == base else float(np.sqrt(max(variance, 0.0) / base) / (1 - expected))
    return Agreement(base, observed, expected, kappa, error)


def crossed(first: Sequence[str], second: Sequence[str], units: Sequence[int]) -> npt.NDArray[np.int64]:
    """Count units by both coders' categories, as `cohen_kappa` wants it.

    Parameters
    ----------
    first, second : sequence of str, length n
        Category of each text by each coder.
    units : sequence of int, length n
        Number of units that the text stands for.
    """
    categories = sorted({*first, *second})
    place = {category: number for number, category in enumerate(categories)}
    table = np.zeros((len(categories), len(categories)), dtype=np.int64)
    for row, column, number in zip(first, second, units, strict=True):
        table[place[row], place[column]] += number
    return table
