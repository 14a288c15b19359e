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
from synthese.analysis.sampling import Sample
from synthese.statistics import numeric
from synthese.statistics.proportions import wilson
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


def share(count: Flags, base: Flags, sample: Sample, statistic: str = "share") -> Row:
    """Row of a share: of the respondents in ``base``, those in ``count``.

    Without weights the interval is Wilson's; with weights it is Wilson's on the effective size of the base.
    """
    chosen = count & base
    n, k = int(base.sum()), int(chosen.sum())
    weights, confidence = sample.weights, sample.confidence
    total, effective = sample.size(base)
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
    value = min(1.0, float(np.sort(weights[chosen]).sum()) / total)
    found = interval(row | {"value": value}, wilson(value * effective, effective, confidence))
    return found | {"method": "wilson-effective-n"}


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


def describe(coded: Coded, sample: Sample) -> Iterator[Row]:
    """Rows that describe one variable.

    Parameters
    ----------
    coded : Coded
        Its answers.
    sample : Sample
        What the respondents stand for.

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
        rows = _numbers(coded, sample)
    elif coded.variable.kind == "open":
        rows = iter([count(int(coded.answered.sum()), int(coded.asked.sum()))])
    else:
        rows = _options(coded, sample)
    for row in rows:
        yield common | row
    for reason, number in coded.reasons.items():
        yield common | {"option": reason} | count(number, int(coded.kept.sum()))


def _options(coded: Coded, sample: Sample) -> Iterator[Row]:
    answered = int(coded.answered.sum())
    counted = coded.chosen & coded.in_base[:, None] & np.array([option.in_base for option in coded.options], bool)
    for position, option in enumerate(coded.options):
        chosen = coded.chosen[:, position]
        here: Row = {"option": option.code}
        if not option.in_base:
            yield here | count(int((chosen & coded.answered).sum()), answered)
            continue
        yield here | share(chosen, coded.in_base, sample)
        yield here | count(int((chosen & coded.in_base).sum()), int(coded.in_base.sum()))
        if coded.variable.kind == "multiple":
            yield here | _mention(counted, position, sample.weights)
        if coded.ranks is not None:
            yield here | _mean(coded.ranks[:, position], "rang", sample)


def _mention(counted: Flags, position: int, weights: NDArray[np.float64] | None) -> Row:
    """Share of all mentions: its base is a number of mentions, and it is never mixed with shares of respondents."""
    number, mentions = int(counted[:, position].sum()), int(counted.sum())
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
    sums = [float(np.sort(weights[ticked]).sum()) for ticked in counted.T]
    total = sum(sums)
    return row | {"value": sums[position] / total if total else None, "base_weighted": total}


def _mean(values: NDArray[np.float64], unit: str, sample: Sample) -> Row:
    """Row of a mean; with weights it has no interval, which would need the design of the sample."""
    given = ~np.isnan(values)
    weights, confidence = sample.weights, sample.confidence
    total, effective = sample.size(given)
    row: Row = {
        "statistic": "mean",
        "unit": unit,
        "base": int(given.sum()),
        "base_weighted": total,
        "effective_n": effective,
        "status": "released",
    }
    found = numeric.mean(values, confidence)
    if found is None or total == 0:
        return row | {"reason": "empty-base"}
    if weights is None:
        return interval(row | {"value": found.value}, found.interval)
    order = np.lexsort((weights[given], values[given]))
    weighted = float(np.average(values[given][order], weights=weights[given][order]))
    return row | {"value": weighted, "method": "weighted-mean"}


def _numbers(coded: Coded, sample: Sample) -> Iterator[Row]:
    """Mean, quartiles and, for a 0–10 score, NPS; quartiles and NPS of a weighted wave are not computed."""
    values = coded.values
    if values is None:
        raise ValueError(f"{coded.variable.id} is not numeric")
    question = coded.variable.question
    unit = question.unit or "valeur"
    first = _mean(values, unit, sample)
    yield first
    bases = {name: first[name] for name in ("base", "base_weighted", "effective_n", "status")}
    if sample.weights is not None:
        for statistic in ("quantile_25", "median", "quantile_75", *(["nps"] if question.nps else [])):
            yield {"statistic": statistic, "unit": unit, **bases, "reason": "weighted-design"}
        return
    for statistic, q in (("quantile_25", 0.25), ("median", 0.5), ("quantile_75", 0.75)):
        found = numeric.quantile(values, q)
        reason = None if found is not None else "empty-base"
        yield {"statistic": statistic, "unit": unit, "value": found, **bases, "method": "type-7", "reason": reason}
    if question.nps:
        score = numeric.nps(values, sample.confidence)
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
