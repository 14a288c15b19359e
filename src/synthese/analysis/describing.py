"""One variable, described: shares, counts, means, each with its base.

Belongs here: putting pure statistics into the rows of the estimates contract. Does not: the formulas
(`synthese.statistics`), or whether a row may be published (`synthese.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags
from synthese.statistics import numeric
from synthese.statistics.proportions import wilson
from synthese.statistics.results import Interval

Row = dict[str, Any]
Weights = NDArray[np.float64] | None


def effective_size(weights: Weights, base: Flags) -> tuple[float, float]:
    """Sum of weights over a base, and its effective size (Kish, 1965); the plain count without weights."""
    if weights is None:
        return float(base.sum()), float(base.sum())
    w = weights[base]
    squares = float((w**2).sum())
    return float(w.sum()), float(w.sum()) ** 2 / squares if squares else 0.0


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


def share(count: Flags, base: Flags, weights: Weights, confidence: float, statistic: str = "share") -> Row:
    """Row of a share: of the respondents in ``base``, those in ``count``.

    Without weights the interval is Wilson's; with weights it is Wilson's on the effective size of the base.
    """
    chosen = count & base
    n, k = int(base.sum()), int(chosen.sum())
    total, effective = effective_size(weights, base)
    row: Row = {
        "statistic": statistic,
        "unit": "share",
        "count": k,
        "base": n,
        "base_weighted": total,
        "effective_n": effective,
        "status": "released",
    }
    if n == 0 or total == 0:
        return row | {"value": None, "reason": "empty-base"}
    if weights is None:
        return interval(row | {"value": k / n}, wilson(k, n, confidence))
    value = min(1.0, float(weights[chosen].sum()) / total)
    found = interval(row | {"value": value}, wilson(value * effective, effective, confidence))
    return found | {"method": "wilson-effective-n"}


def count(number: int, base: int) -> Row:
    """Row of a count of respondents."""
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


def describe(coded: Coded, weights: Weights, confidence: float) -> Iterator[Row]:
    """Rows that describe one variable.

    Parameters
    ----------
    coded : Coded
        Its answers.
    weights : array of float, shape (n,), optional
        Weights of the respondents.
    confidence : float
        Level of the intervals.

    Yields
    ------
    dict
        Rows of the estimates contract without ``wave``; shares are over those who gave a substantive answer.
    """
    common: Row = {
        "question": coded.variable.id,
        "asked": int(coded.asked.sum()),
        "answered": int(coded.answered.sum()),
    }
    rows: Iterator[Row]
    if coded.variable.kind == "numeric":
        rows = _numbers(coded, confidence)
    elif coded.variable.kind == "open":
        rows = iter([count(int(coded.answered.sum()), int(coded.asked.sum()))])
    else:
        rows = _options(coded, weights, confidence)
    for row in rows:
        yield common | row
    for reason, number in coded.reasons.items():
        yield common | {"option": reason} | count(number, len(coded.asked))


def _options(coded: Coded, weights: Weights, confidence: float) -> Iterator[Row]:
    answered = int(coded.answered.sum())
    mentions = int((coded.chosen & coded.in_base[:, None]).sum())
    for position, option in enumerate(coded.options):
        chosen = coded.chosen[:, position]
        here: Row = {"option": option.code}
        if not option.in_base:
            yield here | count(int((chosen & coded.answered).sum()), answered)
            continue
        yield here | share(chosen, coded.in_base, weights, confidence)
        yield here | count(int((chosen & coded.in_base).sum()), int(coded.in_base.sum()))
        if coded.variable.kind == "multiple":
            yield here | _mention(chosen, coded, weights, mentions)
        if coded.ranks is not None:
            yield here | _mean(coded.ranks[:, position], "rang", confidence)


def _mention(chosen: Flags, coded: Coded, weights: Weights, mentions: int) -> Row:
    """Share of all mentions: its base is a number of mentions, and it is never mixed with shares of respondents."""
    number = int((chosen & coded.in_base).sum())
    row: Row = {
        "statistic": "share_mentions",
        "unit": "share",
        "count": number,
        "base": mentions,
        "base_weighted": float(mentions),
        "effective_n": float(mentions),
        "status": "released",
    }
    if mentions == 0:
        return row | {"reason": "empty-base"}
    if weights is None:
        return row | {"value": number / mentions}
    per_option = (coded.chosen & coded.in_base[:, None]) * weights[:, None]
    total = float(per_option.sum())
    return row | {"value": float(weights[chosen & coded.in_base].sum()) / total, "base_weighted": total}


def _mean(values: NDArray[np.float64], unit: str, confidence: float) -> Row:
    given = int((~np.isnan(values)).sum())
    row: Row = {
        "statistic": "mean",
        "unit": unit,
        "base": given,
        "base_weighted": float(given),
        "effective_n": float(given),
        "status": "released",
    }
    found = numeric.mean(values, confidence)
    if found is None:
        return row | {"reason": "empty-base"}
    return interval(row | {"value": found.value}, found.interval)


def _numbers(coded: Coded, confidence: float) -> Iterator[Row]:
    values = coded.values
    if values is None:
        raise ValueError(f"{coded.variable.id} is not numeric")
    question = coded.variable.question
    unit = question.unit or "valeur"
    first = _mean(values, unit, confidence)
    yield first
    for statistic, q in (("quantile_25", 0.25), ("median", 0.5), ("quantile_75", 0.75)):
        found = numeric.quantile(values, q)
        yield {
            "statistic": statistic,
            "unit": unit,
            "value": found,
            "base": first["base"],
            "base_weighted": first["base_weighted"],
            "effective_n": first["effective_n"],
            "method": "type-7",
            "status": "released",
            "reason": None if found is not None else "empty-base",
        }
    if question.nps:
        score = numeric.nps(values, confidence)
        if score is not None:
            points = Interval(
                100 * score.interval.low, 100 * score.interval.high, score.interval.confidence, score.interval.method
            )
            yield interval(
                {
                    "statistic": "nps",
                    "unit": "points",
                    "value": 100 * score.value,
                    "base": score.base,
                    "base_weighted": float(score.base),
                    "effective_n": float(score.base),
                    "status": "released",
                },
                points,
            )
