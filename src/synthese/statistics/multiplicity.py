"""Adjustment of p-values for the number of tests.

Belongs here: adjustments of one family of p-values. Does not: which tests make a family (the codebook says
which crosses are planned).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import numpy as np
from numpy.typing import NDArray


def _split(p: Sequence[float | None]) -> tuple[list[int], NDArray[np.float64]]:
    places = [i for i, value in enumerate(p) if value is not None and not isnan(value)]
    values = np.array([p[i] for i in places], dtype=float)
    if values.size and (values.min() < 0 or values.max() > 1):
        raise ValueError(f"p-values must lie in [0, 1], found {values.min()} to {values.max()}")
    return places, values


def _put(p: Sequence[float | None], places: list[int], adjusted: NDArray[np.float64]) -> list[float | None]:
    result = list(p)
    for place, value in zip(places, adjusted, strict=True):
        result[place] = float(value)
    return result


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values to control the family-wise error rate (Holm, 1979).

    Parameters
    ----------
    p : sequence of float or None
        One family of p-values. None and NaN stay where they are and do not count in the family.

    Returns
    -------
    list of float or None
        In the order of `p`.

    Raises
    ------
    ValueError
        A p-value outside [0, 1].
    """
    places, values = _split(p)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1)))
    return _put(p, places, adjusted)


def benjamini_hochberg(p: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values to control the false discovery rate (Benjamini and Hochberg, 1995).

    Parameters
    ----------
    p : sequence of float or None
        One family of p-values. None and NaN stay where they are and do not count in the family.

    Returns
    -------
    list of float or None
        In the order of `p`.

    Raises
    ------
    ValueError
        A p-value outside [0, 1].
    """
    places, values = _split(p)
    order = np.argsort(values, kind="stable")[::-1]
    ranks = np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1, np.minimum.accumulate(values[order] * values.size / ranks))
    return _put(p, places, adjusted)


def adjust_by_family(p: Sequence[float | None], families: Sequence[str]) -> tuple[list[float | None], list[str | None]]:
    """Adjust all p-values of a report, each within its own family.

    Planned crosses are held to the family-wise error rate (Holm), exploratory ones to the false discovery
    rate (Benjamini and Hochberg).

    Parameters
    ----------
    p : sequence of float or None
        Every p-value of the report.
    families : sequence of {"planned", "exploratory"}
        Family of each.

    Returns
    -------
    adjusted : list of float or None
        In the order of `p`.
    adjustment : list of str or None
        ``holm`` or ``benjamini_hochberg``; None where there is no p-value.

    Raises
    ------
    ValueError
        Sequences of different lengths, an unknown family or a p-value outside [0, 1].
    """
    methods = {"planned": holm, "exploratory": benjamini_hochberg}
    unknown = sorted(set(families) - set(methods))
    if unknown:
        raise ValueError(f'a family is "planned" or "exploratory", found {unknown}')
    if len(p) != len(families):
        raise ValueError(f"p and families differ in length: {len(p)} and {len(families)}")
    adjusted: list[float | None] = [None] * len(p)
    adjustment: list[str | None] = [None] * len(p)
    for family, method in methods.items():
        places = [i for i, name in enumerate(families) if name == family]
        for place, value in zip(places, method([p[i] for i in places]), strict=True):
            adjusted[place] = value
            if value is not None and not isnan(value):
                adjustment[place] = method.__name__
    return adjusted, adjustment
