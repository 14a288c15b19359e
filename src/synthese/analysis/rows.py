"""A row of the contracts of estimates and tests while it is being made.

Belongs here: what every kind of row shares. Does not: any statistic.
"""

from __future__ import annotations

from typing import Any

from synthese.statistics.results import AssociationTest, DesignTest, Interval

Row = dict[str, Any]


def interval(row: Row, found: Interval | None) -> Row:
    """Add an interval to a row."""
    if found is None:
        return row
    return row | {
        "ci_low": found.low,
        "ci_high": found.high,
        "confidence": found.confidence,
        "method": found.method,
    }


def count(number: int, base: int) -> Row:
    """Row of a count of respondents; it is never weighted, and neither is its base."""
    return {
        "statistic": "count",
        "unit": "respondents",
        "value": float(number),
        "count": number,
        "base": base,
        "base_weighted": float(base),
        "effective_n": float(base),
        "status": "released",
    }


def found(test: AssociationTest) -> Row:
    """Put a test's result into the columns of the contract of tests."""
    return {
        "method": test.method,
        "statistic": test.statistic,
        "df": test.df,
        "df_denominator": test.df_denominator if isinstance(test, DesignTest) else None,
        "p_value": test.p_value,
        "p_se": test.p_se,
        "effect": test.effect,
        "effect_size": test.effect_size,
        "effect_low": test.effect_low,
        "effect_high": test.effect_high,
        "base": test.base,
        "reason": test.reason,
    }
