"""Rounding, half up, once.

Belongs here: how an exact or a weighted share becomes the number that is displayed. Does not: spaces,
commas and signs (`numbers`), and what base a percentage needs to be shown.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from synthese.errors import SyntheseError

Number = int | float | Decimal | Fraction

# A weighted sum carries a few units of binary noise in its last digits; they must not decide a rounding.
_NOISE = Decimal("1e-12")


def exact(value: Number) -> Fraction:
    """Read a number as the decimal it stands for: ``0.285`` is 285/1000, not its binary neighbour.

    Raises
    ------
    SyntheseError
        ``not-a-number``: the value is infinite or not a number.
    """
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, (float, Decimal)):  # an int, of Python or of numpy
        return Fraction(int(value))
    decimal = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not decimal.is_finite():
        raise SyntheseError.of(
            "not-a-number",
            f"{value} cannot be written as a number",
            fix="a missing number is shown by its status, never by a text made of it",
        )
    if isinstance(value, float) and abs(decimal) < 1:
        decimal = decimal.quantize(_NOISE, ROUND_HALF_EVEN)
    return Fraction(decimal)


def half_up(value: Number, digits: int = 0) -> Decimal:
    """Round to ``digits`` decimals, halves away from zero.

    A gap and its opposite thus show the same figure.

    Parameters
    ----------
    value : int, float, Decimal or Fraction
        What is rounded; integers, decimals and fractions are taken exactly.
    digits : int
        Decimals kept, 0 or more.

    Returns
    -------
    Decimal
        With exactly ``digits`` decimals.
    """
    scaled = abs(exact(value)) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    negative = exact(value) < 0 and whole != 0
    return Decimal((int(negative), tuple(int(d) for d in str(whole)), -digits))


def as_share(count: int, base: int) -> Fraction:
    """Exact share of ``count`` respondents among ``base``.

    Raises
    ------
    SyntheseError
        ``impossible-share``: the base is not positive, or the count is not between 0 and the base.
    """
    if base <= 0 or not 0 <= count <= base:
        raise SyntheseError.of(
            "impossible-share",
            f"{count} respondents out of {base} is no share",
            fix="give a count between 0 and its base, and a base of 1 or more",
        )
    return Fraction(int(count), int(base))


def percent_of(share: Number, digits: int = 0) -> int | Decimal:
    """Percentage of a share in [0, 1], half up: an ``int`` when ``digits`` is 0, else a ``Decimal``."""
    rounded = half_up(exact(share) * 100, digits)
    return int(rounded) if digits == 0 else rounded


def percent(count: int, base: int, digits: int = 0) -> int | Decimal:
    """Percentage of ``count`` in ``base``, half up, from the integers themselves.

    Parameters
    ----------
    count, base : int
        Unweighted respondents who gave the answer, and those the percentage is of.
    digits : int
        Decimals kept.

    Returns
    -------
    int or Decimal
        ``85`` for 46 of 54; ``Decimal("85.2")`` with one digit. The exceptions "< 1 %" and "> 99 %" are
        a matter of text: see `synthese.formatting.numbers.percent_text`.
    """
    return percent_of(as_share(count, base), digits)


def shown_percent(share: Number) -> int:
    """Whole percentage by which a share is named: what is displayed "< 1 %" is 0, "> 99 %" is 99."""
    value = exact(share)
    return min(int(half_up(value * 100)), 99) if value < 1 else 100
