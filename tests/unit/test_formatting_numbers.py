"""Numbers become French text by the rules of the house."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from synthese.errors import SyntheseError
from synthese.formatting import (
    date_text,
    decimal_text,
    half_up,
    integer_text,
    k_of_n,
    p_value_text,
    percent,
    percent_text,
    period_text,
    points_text,
    share_percent_text,
    share_text,
    signed_text,
)


@pytest.mark.parametrize(
    ("count", "base", "shown"),
    [(46, 54, 85), (57, 200, 29), (1, 200, 1), (201, 1000, 20), (1, 8, 13), (0, 3, 0), (3, 3, 100), (52, 200, 26)],
)
def test_percent_is_half_up_from_integers(count: int, base: int, shown: int) -> None:
    assert percent(count, base) == shown
    assert isinstance(percent(count, base), int)


def test_percent_with_a_digit_is_decimal() -> None:
    assert percent(46, 54, 1) == Decimal("85.2")
    assert str(percent(1, 4, 1)) == "25.0"


def test_weighted_share_ignores_binary_noise() -> None:
    assert share_percent_text(0.285) == "29\u00a0%"
    assert share_percent_text(np.float64(0.28499999999999992)) == "29\u00a0%"
    assert share_percent_text(0.2849) == "28\u00a0%"


def test_numpy_integers_are_taken() -> None:
    assert percent_text(np.int64(46), np.int64(54)) == "85\u00a0%"


@pytest.mark.parametrize(
    ("count", "base", "text"),
    [
        (0, 54, "0\u00a0%"),
        (1, 1000, "<\u00a01\u00a0%"),
        (5, 1000, "1\u00a0%"),
        (995, 1000, ">\u00a099\u00a0%"),
        (994, 1000, "99\u00a0%"),
        (1000, 1000, "100\u00a0%"),
    ],
)
def test_zero_and_hundred_only_when_exact(count: int, base: int, text: str) -> None:
    assert percent_text(count, base) == text


def test_exceptions_follow_the_digits() -> None:
    assert percent_text(1, 100_000, 1) == "<\u00a00,1\u00a0%"
    assert percent_text(99_999, 100_000, 1) == ">\u00a099,9\u00a0%"


@pytest.mark.parametrize(
    ("count", "base", "effective", "text"),
    [
        (99, 116, None, "85\u00a0%"),
        (85, 100, None, "85\u00a0%"),
        (46, 54, None, "85\u00a0% (46 sur 54)"),
        (20, 30, None, "67\u00a0% (20 sur 30)"),
        (20, 29, None, "20 sur 29"),
        (3, 7, None, "3 sur 7"),
        (99, 116, 80.2, "85\u00a0% (99 sur 116)"),
        (99, 116, 29.9, "99 sur 116"),
    ],
)
def test_base_rule(count: int, base: int, effective: float | None, text: str) -> None:
    assert share_text(count, base, effective) == text


def test_weighted_percentage_does_not_pretend_to_be_the_quotient() -> None:
    assert share_text(46, 54, 41.0, share=0.79) == "79\u00a0% (46 sur 54 avant pondération)"


def test_thousands_and_commas() -> None:
    assert integer_text(1234567) == "1\u202f234\u202f567"
    assert integer_text(123) == "123"
    assert integer_text(-1234) == "\u22121\u202f234"
    assert decimal_text(1234.55) == "1\u202f234,6"
    assert decimal_text(0.5, 0) == "1"
    assert decimal_text(-0.04) == "0,0"
    assert k_of_n(1046, 2054) == "1\u202f046 sur 2\u202f054"


def test_signs() -> None:
    assert signed_text(12) == "+\u00a012"
    assert signed_text(-3.45, 1) == "\u2212\u00a03,5"
    assert signed_text(0.2) == "0"
    assert half_up(-12.5) == -13


def test_points_come_from_unrounded_shares() -> None:
    # 85.4 % and 72.6 % are shown 85 and 73, a gap of 12; the gap is 12.8.
    assert points_text(Fraction(854, 1000) - Fraction(726, 1000)) == "+\u00a013\u00a0points"
    assert points_text(-0.12) == "\u2212\u00a012\u00a0points"
    assert points_text(0.01) == "+\u00a01\u00a0point"
    assert points_text(0.001) == "moins d’un point"
    assert points_text(0) == "moins d’un point"


def test_p_values() -> None:
    assert p_value_text(0.013) == "p\u00a0=\u00a00,013"
    assert p_value_text(0.0009) == "p\u00a0<\u00a00,001"
    assert p_value_text(1.0) == "p\u00a0>\u00a00,999"


def test_dates() -> None:
    assert date_text(date(2024, 3, 12)) == "12 mars 2024"
    assert date_text(date(2026, 5, 1)) == "1er mai 2026"
    assert period_text(date(2024, 3, 12), date(2024, 4, 30)) == "du 12 mars au 30 avril 2024"
    assert period_text(date(2024, 3, 12), date(2024, 3, 30)) == "du 12 au 30 mars 2024"
    assert period_text(date(2023, 12, 12), date(2024, 1, 30)) == "du 12 décembre 2023 au 30 janvier 2024"
    assert period_text(date(2024, 3, 12), date(2024, 3, 12)) == "le 12 mars 2024"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(SyntheseError, match="55 respondents out of 54 is no share"):
        percent(55, 54)
    with pytest.raises(SyntheseError, match="0 respondents out of 0"):
        share_text(0, 0)
    with pytest.raises(SyntheseError, match="ends before it starts → swap the two dates"):
        period_text(date(2024, 3, 12), date(2024, 3, 11))
    with pytest.raises(SyntheseError, match="nan cannot be written as a number"):
        decimal_text(float("nan"))
    with pytest.raises(SyntheseError, match="no p-value"):
        p_value_text(1.2)
    with pytest.raises(SyntheseError, match=r"1\.2 is no share"):
        share_percent_text(1.2)
