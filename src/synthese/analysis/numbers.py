"""Rows of numbers: means, quartiles, net promoter score, each with its interval.

Belongs here: which estimate and which interval a number gets, by the sample's design. Does not: the formulas
(`synthese.statistics`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.intervals import Found, alike
from synthese.analysis.rows import Row, interval
from synthese.analysis.sampling import Sample
from synthese.analysis.shares import designed_share
from synthese.statistics import numeric
from synthese.statistics.bootstrap import bca, mean_of, quantile_of
from synthese.statistics.quantiles import covered, inverted_quantile
from synthese.statistics.results import Interval
from synthese.statistics.weighted import Estimate, weighted_mean, weighted_quantile

Floats = NDArray[np.float64]

QUARTILES = (("quantile_25", 0.25), ("median", 0.5), ("quantile_75", 0.75))

# Below, a bootstrap of a mean covers well under its level (Chernick, 2008, 9.1).
FEWEST = 10


def numbers(coded: Coded, sample: Sample) -> Iterator[Row]:
    """Rows of a numeric question: mean, quartiles and, for a score from 0 to 10 declared so, NPS."""
    values = coded.values
    if values is None:
        raise ValueError(f"{coded.variable.id} is not numeric")
    unit = coded.variable.question.unit or "valeur"
    yield mean(values, unit, sample)
    for statistic, q in QUARTILES:
        yield quantile(values, q, statistic, unit, sample)
    if coded.variable.question.nps:
        yield nps(values, sample)


def mean(values: Floats, unit: str, sample: Sample) -> Row:
    """Row of a mean: BCa bootstrap; Student's t with a known frame; Taylor's linearised error with a design.

    Parameters
    ----------
    values : array of float, shape (respondents,)
        NaN where missing.
    unit : str
        Unit of the question.
    sample : Sample
        What the respondents stand for.
    """
    row = _row("mean", unit, values, sample)
    if not row["base_weighted"]:
        return row | {"reason": "empty-base"}
    if sample.design is not None:
        found = weighted_mean(sample.design, values)
        if found is None:
            return row | {"reason": "empty-base"}
        return _with(row | {"value": found.value}, _taylor(found, values, sample))
    plain = numeric.mean(values, sample.confidence, sample.population)
    if plain is None:
        return row | {"reason": "empty-base"}
    row |= {"value": plain.value}
    if (why := _constant(values)) is not None:
        return _with(row, (None, why))
    if sample.population is not None:
        return _with(row, (plain.interval, None))
    if plain.base < FEWEST:
        return _with(row, (None, "too-few-answers"))
    return _with(row, (bca(values, mean_of, sample.seed, sample.confidence), None))


def quantile(values: Floats, q: float, statistic: str, unit: str, sample: Sample) -> Row:
    """Row of a quantile: type 7 with BCa bootstrap; with a known frame or a design, limits of shares inverted.

    The method names the rule of the value, then after ``+`` the interval.
    """
    row = _row(statistic, unit, values, sample)
    rule = "type-7" if sample.design is None else "math"
    value = (
        numeric.quantile(values, q) if sample.design is None else weighted_quantile(values, sample.design.weights, q)
    )
    if value is None:
        return row | {"reason": "empty-base", "method": rule}
    row |= {"value": value, "method": rule}
    found, why = _quantile_interval(values, q, sample)
    if found is None:
        return row | {"reason": why}
    # The value lies between two answers (type 7), the limits are answers.
    found = replace(found, low=min(found.low, value), high=max(found.high, value))
    return interval(row, found) | {"method": f"{rule}+{found.method}"}


def _quantile_interval(values: Floats, q: float, sample: Sample) -> Found:
    given = ~np.isnan(values)
    if sample.weights is not None:
        given &= sample.weights > 0
    if (why := _constant(values[given])) is not None:
        return None, why
    frame = sample.population if sample.design is None else sample.design.population
    if frame is None and not covered(int(given.sum()), q, sample.confidence):
        return None, "too-few-answers"
    if sample.design is None and sample.population is None:
        return bca(values, quantile_of(q), sample.seed, sample.confidence), None
    usual = replace(sample, interval=None)

    def limits(below: Flags) -> Interval | None:
        if usual.design is not None:
            return designed_share(below & given, given, usual)[0]
        return alike(int((below & given).sum()), int(given.sum()), usual)[0]

    found = inverted_quantile(np.where(given, values, np.nan), q, limits)
    return found, None if found is not None else "too-few-answers"


def nps(values: Floats, sample: Sample) -> Row:
    """Row of a net promoter score, in points from -100 to 100; with a design, the mean of 1, 0 and -1."""
    row = _row("nps", "points", values, sample)
    balance = numeric.score_balance(values)
    if not row["base_weighted"]:
        return row | {"reason": "empty-base"}
    if sample.design is not None:
        found = weighted_mean(sample.design, balance)
        if found is None:
            return row | {"reason": "empty-base"}
        value, (limits, why) = found.value, _taylor(found, balance, sample)
    else:
        score = numeric.nps(values, sample.confidence, sample.population)
        if score is None:
            return row | {"reason": "empty-base"}
        value, why = score.value, _constant(balance)
        limits = score.interval if why is None else None
    if limits is not None:
        low, high = 100 * max(-1.0, limits.low), 100 * min(1.0, limits.high)
        limits = replace(limits, low=low, high=high)
    return _with(row | {"value": 100 * value}, (limits, why))


def _row(statistic: str, unit: str, values: Floats, sample: Sample) -> Row:
    given = ~np.isnan(values)
    total, effective = sample.size(given)
    return {
        "statistic": statistic,
        "unit": unit,
        "base": int(given.sum()),
        "base_weighted": total,
        "effective_n": effective,
        "status": "released",
    }


def _with(row: Row, found: Found) -> Row:
    limits, why = found
    return row | {"reason": why} if limits is None else interval(row, limits)


def _constant(values: Floats) -> str | None:
    """Why answers have no spread: there is one, or they are all equal."""
    known = values[~np.isnan(values)]
    if known.size == 1:
        return "single-answer"
    return "no-variation" if known.size and known.min() == known.max() else None


def _taylor(found: Estimate, values: Floats, sample: Sample) -> Found:
    """Symmetric t interval of a weighted mean."""
    design = sample.design
    if design is None:
        raise ValueError("a linearised error needs a design")
    if (why := _constant(np.where(design.weights > 0, values, np.nan))) is not None:
        return None, why
    if found.df < 1:
        return None, "no-degrees-of-freedom"
    if found.standard_error <= 1e-12 * abs(found.value):
        return None, "no-variance"
    method = "taylor-t" if design.population is None else "taylor-t_fpc"
    return replace(found.interval(sample.confidence), method=method), None
