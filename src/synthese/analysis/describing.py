"""One variable, described: shares, counts, means, each with its base and its interval.

Belongs here: putting pure statistics into the rows of the estimates contract. Does not: the formulas
(`synthese.statistics`), which interval suits (`intervals`), or whether a row may be published
(`synthese.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.intervals import Found, alike, check_interval, designed, together
from synthese.analysis.items import DEPTH, mention
from synthese.analysis.numbers import mean, numbers
from synthese.analysis.rows import Row, count, interval
from synthese.analysis.sampling import Sample

__all__ = ["Row", "count", "describe", "interval", "share"]


def share(count: Flags, base: Flags, sample: Sample, statistic: str = "share", joint: Found | None = None) -> Row:
    """Row of a share: of the respondents in ``base``, those in ``count``.

    Parameters
    ----------
    count, base : array of bool, shape (respondents,)
        Who chose the option, who is in the denominator. With a design the base is a domain of all respondents.
    sample : Sample
        What the respondents stand for, and the interval asked for. By default Wilson's, with the correction for a
        finite population where the frame is known; with a design Korn and Graubard's.
    statistic : str
        Which share it is.
    joint : tuple of Interval or None and str or None, optional
        Its interval, where it was computed with those of the other options, or why there is none.

    Raises
    ------
    SyntheseError
        ``bad-interval``: the interval asked for does not suit the sample, or bounds whole questions.
    """
    chosen = count & base
    n, k = int(base.sum()), int(chosen.sum())
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
    if sample.design is None:
        found, why = joint or alike(k, n, sample)
        return interval(row | {"value": k / n, "reason": why}, found)
    estimate, (found, why) = designed(chosen, base, sample)
    value = None if estimate is None else min(1.0, estimate.value)
    return interval(row | {"value": value, "reason": why}, found)


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

    Raises
    ------
    SyntheseError
        ``bad-interval``: the interval asked for does not suit the question or the sample.
    """
    check_interval(coded, sample)
    common: Row = {
        "question": coded.variable.id,
        "asked": int(coded.asked.sum()),
        "answered": int(coded.answered.sum()),
    }
    rows: Iterator[Row]
    if coded.variable.kind == "numeric":
        rows = numbers(coded, sample)
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
    joint = together(counted.sum(axis=0)[[o.in_base for o in coded.options]].tolist(), sample)
    several = iter(joint or ())
    for position, option in enumerate(coded.options):
        chosen = coded.chosen[:, position]
        here: Row = {"option": option.code}
        if not option.in_base:
            yield here | count(int((chosen & coded.answered).sum()), answered)
            continue
        yield here | share(chosen, coded.in_base, sample, joint=next(several, None))
        yield here | count(int((chosen & coded.in_base).sum()), int(coded.in_base.sum()))
        if coded.variable.kind == "multiple":
            yield here | mention(counted, position, coded.in_base, sample)
        if coded.ranks is not None:
            ranks = coded.ranks[:, position]
            if len(coded.options) > DEPTH:
                yield here | share(ranks <= DEPTH, coded.in_base, sample, f"share_top_{DEPTH}")
            yield here | mean(ranks, "rang", sample)
