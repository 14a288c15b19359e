"""Items that a respondent may give several of: shares of mentions, places in a ranking, tests between items.

Belongs here: rows on the items of a multiple response or a ranking. Does not: shares of respondents (`describing`),
the formulas (`synthese.statistics`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.rows import Row, found, interval
from synthese.analysis.sampling import Sample
from synthese.statistics.designs import Design
from synthese.statistics.multiple import cochran_q
from synthese.statistics.proportions import logit
from synthese.statistics.rankings import friedman
from synthese.statistics.repeated import equal_means
from synthese.statistics.results import AssociationTest
from synthese.statistics.weighted import weighted_ratio

DEPTH = 3
"""How many first places of a ranking count as its top."""


def mention(counted: Flags, position: int, base: Flags, sample: Sample) -> Row:
    """Row of a share of all mentions: its base is a number of mentions, never mixed with shares of respondents.

    Mentions are not drawn, respondents are, each with all of theirs: the interval is that of a ratio of two totals,
    linearised, on the logit scale (Korn and Graubard, 1999, 3.2). Method ``mentions_logit``.

    Parameters
    ----------
    counted : array of bool, shape (respondents, options)
        Mentions that count.
    position : int
        The option.
    base : array of bool, shape (respondents,)
        Who answered.
    sample : Sample
        What the respondents stand for.
    """
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
    design, chosen, each = sample.design, counted[:, position], counted.sum(axis=1)
    fpc = sample.population is not None
    if design is None:
        size = int(base.sum())
        frame = None if sample.population is None else np.full(size, float(sample.population))
        design, chosen, each, base = Design(np.ones(size), population=frame), chosen[base], each[base], base[base]
    else:
        fpc = design.population is not None
        row |= {"base_weighted": float(np.sort(design.weights * each).sum())}
    part = weighted_ratio(design, chosen, each, base)
    if part is None:
        return row | {"reason": "empty-base", "value": None}
    row |= {"value": number / mentions if sample.design is None else min(1.0, part.value)}
    if part.df < 1:
        return row | {"reason": "no-degrees-of-freedom"}
    variance = part.standard_error**2
    if not 0 < part.value < 1 or variance <= 1e-16 * part.value * (1 - part.value) / mentions:
        return row | {"reason": "no-variance"}
    limits = logit(part.value, variance, part.df, sample.confidence)
    method = "mentions_logit_fpc" if fpc else "mentions_logit"
    return interval(row, None if limits is None else replace(limits, method=method))


def item_tests(coded: Coded, sample: Sample, family: str = "exploratory") -> Iterator[Row]:
    """Rows of the tests between the items of one question, by the respondents who answered it.

    A multiple response: that its options are ticked equally often (Cochran's Q), exclusive options such as « aucun »
    and those out of base left aside. A ranking: that its items are placed alike (Friedman), by those who ranked them
    all. With a design the means of marks or ranks are compared instead, by an adjusted Wald test.

    Parameters
    ----------
    coded : Coded
        The question; of another type it yields nothing.
    sample : Sample
        What the respondents stand for.
    family : {"planned", "exploratory"}
        Family within which the p-value is adjusted.
    """
    if coded.variable.kind == "multiple":
        items = [i for i, option in enumerate(coded.options) if option.in_base and not option.exclusive]
        values = np.where(coded.in_base[:, None], coded.chosen[:, items].astype(float), np.nan)
    elif coded.variable.kind == "ranking" and coded.ranks is not None:
        items = list(range(len(coded.options)))
        values = coded.ranks
    else:
        return
    if len(items) < 2:
        return
    if sample.design is not None:
        test: AssociationTest = equal_means(sample.design, values)
    else:
        whole = np.where(np.isnan(values), -1, values).astype(np.int64)
        test = cochran_q(whole) if coded.variable.kind == "multiple" else friedman(whole)
    yield {"question": coded.variable.id, "family": family, "status": "released"} | found(test)
