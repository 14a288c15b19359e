"""Counting of integer codes.

Belongs here: checks of codes, and counts of pairs of codes, weighted or not. Does not: what a count means.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def checked_codes(values: ArrayLike, n: int | None, name: str) -> NDArray[np.integer[Any]]:
    """Return `values` as an integer array; `n` is the number of options, None where the data tell it.

    Raises
    ------
    ValueError
        Codes that are not one-dimensional integers in [-1, n).
    """
    codes = np.asarray(values)
    if codes.ndim != 1 or codes.dtype.kind not in "iu":
        raise ValueError(f"{name} must be one-dimensional integer codes, not {codes.dtype} of shape {codes.shape}")
    if codes.size and (codes.min() < -1 or (n is not None and codes.max() >= n)):
        raise ValueError(f"{name} must lie in [-1, {'…' if n is None else n}), found {codes.min()} to {codes.max()}")
    return codes


def crosstab(
    rows: ArrayLike, columns: ArrayLike, n_rows: int, n_columns: int, weights: ArrayLike | None = None
) -> NDArray[Any]:
    """Count each pair of codes.

    Parameters
    ----------
    rows, columns : array of int, shape (respondents,)
        Codes of each respondent; whoever has -1 in either is left out of every cell.
    n_rows, n_columns : int
        Numbers of options.
    weights : array of float, shape (respondents,), optional
        Weight of each respondent.

    Returns
    -------
    ndarray, shape (n_rows, n_columns)
        int64 counts, or float64 sums of weights when `weights` is given.

    Raises
    ------
    ValueError
        Codes that are not integers in their range, or arrays of different lengths.
    """
    first, second = checked_codes(rows, n_rows, "rows"), checked_codes(columns, n_columns, "columns")
    if first.shape != second.shape:
        raise ValueError(f"rows and columns differ in length: {first.size} and {second.size}")
    # One bincount over (n_rows + 1) × (n_columns + 1) pairs, the missing in row 0 and column 0: cheaper than a mask.
    width = n_columns + 1
    fits = (n_rows + 1) * width <= np.iinfo(np.int16).max  # less memory to walk through
    narrow: type[np.signedinteger[Any]] = np.int16 if fits else np.intp
    pairs: NDArray[Any] = first.astype(narrow)
    pairs += 1
    pairs *= width
    pairs += second.astype(narrow)
    pairs += 1
    binned = np.bincount(
        pairs, weights=None if weights is None else np.asarray(weights), minlength=(n_rows + 1) * width
    )
    result: NDArray[Any] = binned.reshape(n_rows + 1, width)[1:, 1:]
    return result
