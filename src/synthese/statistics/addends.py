"""Sums of weights that do not depend on the order of respondents.

Belongs here: floats cut into parts whose sums are exact. Does not: what is summed, or what a sum means.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Addends:
    """Numbers of 0 or more, cut into parts.

    All numbers of a part are multiples of one power of 2, few enough that no sum of them is rounded (extraction of
    Rump, Ogita and Oishi, 2008): every sum is the same in any order, and right to its last digit.

    Parameters
    ----------
    parts : tuple of ndarray of float, shape (respondents,)
        Parts of each number, largest first; together they are the number.
    """

    parts: tuple[Floats, ...]

    def by_code(self, codes: NDArray[np.intp], n: int) -> Floats:
        """Sum the numbers by code, shape (n,).

        Parameters
        ----------
        codes : array of int, shape (respondents,)
            0 … `n` - 1.
        n : int
            Number of codes.
        """
        total = np.zeros(n)
        for part in reversed(self.parts):
            total += np.bincount(codes, part, n)
        return total


def addends(values: ArrayLike, at_most: int | None = None) -> Addends:
    """Cut numbers of 0 or more into parts.

    Parameters
    ----------
    values : array of float, shape (respondents,)
        Finite, 0 or more.
    at_most : int, optional
        Parts to keep; what is left, beyond the digits of a float for two of them and a million numbers, is dropped.
    """
    rest = np.asarray(values, dtype=float)
    bits = 52 - rest.size.bit_length()
    parts: list[Floats] = []
    while len(parts) != at_most and (largest := float(np.abs(rest).max(initial=0.0))) > 0:
        # The smallest float at worst: everything is a multiple of it.
        unit = max(2.0 ** (frexp(largest)[1] - bits), 5e-324)
        part = np.round(rest / unit) * unit
        parts.append(part)
        rest = rest - part
    return Addends(tuple(parts))
