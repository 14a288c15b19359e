"""Numbers as French text.

Belongs here: integers, decimals, percentages, gaps, p-values and dates, by the rules of the house and
without any locale. Does not: percentages in words (`words`), punctuation (`typography`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from synthese.errors import SyntheseError
from synthese.formatting.rounding import Number, as_share, exact, half_up, percent_of

NNBSP = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"

#: From this base on, a percentage stands alone, stands with its count, or (below) leaves to the count.
PERCENT_ALONE = 100
PERCENT_WITH_COUNT = 30

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def _grouped(digits: str) -> str:
    head = len(digits) % 3 or 3
    return NNBSP.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def decimal_text(value: Number, digits: int = 1) -> str:
    """Write a number with ``digits`` decimals, half up: ``1234.55`` → "1 234,6" (U+202F, comma, U+2212)."""
    rounded = half_up(value, digits)
    whole, _, rest = f"{abs(rounded):f}".partition(".")
    sign = MINUS if rounded < 0 else ""
    return sign + _grouped(whole) + ("," + rest if rest else "")


def integer_text(value: int) -> str:
    """Write an integer: ``1234`` → "1 234" with U+202F. Not for years or codes."""
    return decimal_text(int(value), 0)


def signed_text(value: Number, digits: int = 0) -> str:
    """Write a number with its sign, U+00A0 after it: "+ 12", "− 3,5"; a rounded zero has none."""
    rounded = half_up(value, digits)
    if rounded == 0:
        return decimal_text(0, digits)
    return f"{'+' if rounded > 0 else MINUS}{NBSP}{decimal_text(abs(rounded), digits)}"


def _percent(share: Fraction, digits: int) -> str:
    rounded = Decimal(percent_of(share, digits))
    step = Decimal(1).scaleb(-digits)
    if rounded == 0 and share != 0:
        return f"<{NBSP}{decimal_text(step, digits)}{NBSP}%"
    if rounded == 100 and share != 1:
        return f">{NBSP}{decimal_text(100 - step, digits)}{NBSP}%"
    return f"{decimal_text(rounded, digits)}{NBSP}%"


def percent_text(count: int, base: int, digits: int = 0) -> str:
    """Write the percentage of ``count`` in ``base``: "85 %" with U+00A0 before the sign.

    "0 %" and "100 %" only when exact, otherwise "< 1 %" and "> 99 %".
    """
    return _percent(as_share(count, base), digits)


def share_percent_text(share: Number, digits: int = 0) -> str:
    """Write a share in [0, 1] that is no ratio of two integers (weighted), as `percent_text` does.

    Raises
    ------
    SyntheseError
        ``impossible-share``: the share is not in [0, 1].
    """
    value = exact(share)
    if not 0 <= value <= 1:
        raise SyntheseError.of("impossible-share", f"{share} is no share", fix="give a number between 0 and 1")
    return _percent(value, digits)


def k_of_n(count: int, base: int) -> str:
    """Write a count and its base: "46 sur 54"."""
    as_share(count, base)
    return f"{integer_text(count)} sur {integer_text(base)}"


def reading_base(base: int, effective_n: float | None = None) -> float:
    """Take the base by which a percentage is judged: the smaller of n and effective n."""
    return base if effective_n is None else min(base, effective_n)


def share_text(count: int, base: int, effective_n: float | None = None, *, share: Number | None = None) -> str:
    """Write a share by the rule of its base.

    Parameters
    ----------
    count, base : int
        Unweighted respondents who gave the answer, and those the percentage is of.
    effective_n : float, optional
        Effective size of the base (Kish, 1965) when weighted; the smaller of it and ``base`` rules.
    share : number, optional
        The weighted share in [0, 1]; without it, ``count / base``.

    Returns
    -------
    str
        From 100 on "85 %"; 30 to 99 "85 % (46 sur 54)"; below, "46 sur 54". A weighted percentage is
        shown with its unweighted count, named as such, since the one is not the quotient of the other.
    """
    percentage, counts = share_parts(count, base, effective_n, share=share)
    if percentage is None or counts is None:
        return percentage or counts or ""
    return f"{percentage} ({counts})"


def share_parts(
    count: int, base: int, effective_n: float | None = None, *, share: Number | None = None
) -> tuple[str | None, str | None]:
    """Write the percentage and the counts of a share apart, None for what its base does not allow or need.

    See `share_text` for the parameters and the rule.
    """
    ruling = reading_base(base, effective_n)
    counts = k_of_n(count, base)
    if ruling < PERCENT_WITH_COUNT:
        return None, counts
    percentage = percent_text(count, base) if share is None else share_percent_text(share)
    if ruling >= PERCENT_ALONE:
        return percentage, None
    return percentage, counts if share is None else f"{counts} avant pondération"


def points_text(difference: Number) -> str:
    """Write a gap of two unrounded shares, in points: ``0.12`` → "+ 12 points".

    Halves go away from zero; a gap that rounds to nil is "moins d’un point", whether it is nil or not.
    """
    value = exact(difference) * 100
    rounded = half_up(value)
    if rounded == 0:
        return "moins d’un point"
    return f"{signed_text(rounded)}{NBSP}{'point' if abs(rounded) == 1 else 'points'}"


def p_value_text(p: float) -> str:
    """Write a p-value: "p = 0,013", "p < 0,001", "p > 0,999".

    Raises
    ------
    SyntheseError
        ``impossible-p-value``: not in [0, 1].
    """
    value = exact(p)
    if not 0 <= value <= 1:
        raise SyntheseError.of("impossible-p-value", f"{p} is no p-value", fix="give a number between 0 and 1")
    if value < Fraction(1, 1000):
        return f"p{NBSP}<{NBSP}0,001"
    if value > Fraction(999, 1000):
        return f"p{NBSP}>{NBSP}0,999"
    return f"p{NBSP}={NBSP}{decimal_text(value, 3)}"


def _day(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def date_text(day: date) -> str:
    """Write a date: "12 mars 2024", "1er mai 2024"."""
    return f"{_day(day)} {MONTHS[day.month - 1]} {day.year}"


def period_text(start: date, end: date) -> str:
    """Write a period, both days included: "du 12 mars au 30 avril 2024", "le 12 mars 2024".

    Raises
    ------
    SyntheseError
        ``impossible-period``: it ends before it starts.
    """
    if end < start:
        raise SyntheseError.of(
            "impossible-period", f"a period from {start} to {end} ends before it starts", fix="swap the two dates"
        )
    if start == end:
        return f"le {date_text(start)}"
    first = _day(start)
    if start.year != end.year:
        first = date_text(start)
    elif start.month != end.month:
        first = f"{first} {MONTHS[start.month - 1]}"
    return f"du {first} au {date_text(end)}"
