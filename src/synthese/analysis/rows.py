"""A row of the estimates contract while it is being made.

Belongs here: what every kind of row shares. Does not: any statistic.
"""

from __future__ import annotations

from typing import Any

from synthese.statistics.results import Interval

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
