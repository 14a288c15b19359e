"""One variable, described: shares, counts, means, each with its base and its interval.

Belongs here: putting pure statistics into the rows of the estimates contract. Does not: the formulas
(`synthese.statistics`), which interval suits (`intervals`), or whether a row may be published
(`synthese.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthese.analysis.coding import Coded
from synthese.analysis.intervals import check_interval, together
from synthese.analysis.items import DEPTH, mentions
from synthese.analysis.numbers import mean, numbers
from synthese.analysis.rows import Row, count, interval
from synthese.analysis.sampling import Sample
from synthese.analysis.shares import option_rows, share

__all__ = ["Row", "count", "describe", "interval", "share"]


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
    inside = [place for place, option in enumerate(coded.options) if option.in_base]
    shares = dict(zip(inside, option_rows(coded, inside, sample, joint), strict=True))
    of_mentions: dict[int, Row] = {}
    if coded.variable.kind == "multiple":
        of_mentions = dict(zip(inside, mentions(counted, inside, coded.in_base, sample), strict=True))
    for position, option in enumerate(coded.options):
        here: Row = {"option": option.code}
        if not option.in_base:
            yield here | count(int((coded.chosen[:, position] & coded.answered).sum()), answered)
            continue
        row = shares[position]
        yield here | row
        yield here | count(row["count"], row["base"])
        if position in of_mentions:
            yield here | of_mentions[position]
        if coded.ranks is not None:
            ranks = coded.ranks[:, position]
            if len(coded.options) > DEPTH:
                yield here | share(ranks <= DEPTH, coded.in_base, sample, f"share_top_{DEPTH}")
            yield here | mean(ranks, "rang", sample)
