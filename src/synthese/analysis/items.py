"""Items that a respondent may give several of: shares of mentions, places in a ranking, tests between items.

Belongs here: rows on the items of a multiple response or a ranking. Does not: shares of respondents (`describing`),
the formulas (`synthese.statistics`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.rows import Row, found, interval
from synthese.analysis.sampling import Sample
from synthese.statistics.designs import Design
from synthese.statistics.multiple import cochran_q
from synthese.statistics.proportions import logit
from synthese.statistics.rankings import friedman
from synthese.statistics.ratios import Ratios, cell_ratios
from synthese.statistics.repeated import equal_means
from synthese.statistics.results import AssociationTest

DEPTH = 3
"""How many first places of a ranking count as its top."""


def mentions(counted: Flags, positions: Sequence[int], base: Flags, sample: Sample) -> list[Row]:
    """Rows of shares of all mentions: their base is a number of mentions, never mixed with shares of respondents.

    Mentions are not drawn, respondents are, each with all of theirs: the interval is that of a ratio of two totals,
    linearised, on the logit scale (Korn and Graubard, 1999, 3.2). Method ``mentions_logit``.

    Parameters
    ----------
    counted : array of bool, shape (respondents, options)
        Mentions that count.
    positions : sequence of int
        The options.
    base : array of bool, shape (respondents,)
        Who answered.
    sample : Sample
        What the respondents stand for.
    """
    design = sample.design
    if design is None:
        counted, base = counted[base], base[base]
        frame = None if sample.population is None else np.full(base.size, float(sample.population))
        design = Design(np.ones(base.size), population=frame) if base.any() else None
    each = counted.sum(axis=1)
    number, width = int(each.sum()), 2 * (counted.shape[1] + 1)
    row: Row = {
        "statistic": "share_mentions",
        "unit": "share",
        "base": number,
        "base_weighted": float(number),
        "effective_n": float(number),
        "status": "released",
    }
    rows = []
    for position in positions:
        here = row | {"count": int(counted[:, position].sum())}
        if design is None or number == 0:
            rows.append(here | {"reason": "empty-base"})
            continue
        cells = np.where(base, 2 * each + counted[:, position], -1).astype(np.intp)
        ticked, of_each = np.arange(width) % 2.0, np.arange(width) // 2.0
        everybody = np.ones((width, 1), dtype=bool)
        part = cell_ratios(design, cells, ticked[:, None], of_each[:, None], everybody)
        rows.append(_mention(here, part, design, sample))
    return rows


def _mention(row: Row, part: Ratios, design: Design, sample: Sample) -> Row:
    if sample.design is not None:
        row |= {"base_weighted": float(part.denominators[0])}
    if part.denominators[0] == 0:
        return row | {"reason": "empty-base", "value": None}
    value, variance, df = float(part.values[0]), float(part.standard_errors[0]) ** 2, int(part.df[0])
    row |= {"value": row["count"] / row["base"] if sample.design is None else min(1.0, value)}
    if df < 1:
        return row | {"reason": "no-degrees-of-freedom"}
    if not 0 < value < 1 or variance <= 1e-16 * value * (1 - value) / row["base"]:
        return row | {"reason": "no-variance"}
    limits = logit(value, variance, df, sample.confidence)
    method = "mentions_logit" if design.population is None else "mentions_logit_fpc"
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
