"""Tests of a cross: which are run, and their rows.

Belongs here: the rule that chooses tests by the types of the two questions and by the design; tests of independence
and their effect sizes. Does not: tests that use an order (`ordered`), multiple responses (`blocks`), pairs of columns
(`columns`), formulas (`synthese.statistics`).

Every row with a p-value and without an `adjustment` of its own takes part in the adjustment over the whole report, in
the family of its cross: the test of the whole table, of each option of a multiple response, and those of an order.
Left out of it are pairs of columns (adjusted by Holm within their row, as in SPSS Custom Tables), Bonferroni's row of
a multiple response (adjusted over its options), and effects: they are no tests and have no p-value. The p-value of
Fisher's test beside an odds ratio would be that of the main test again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np

from synthese.analysis import blocks, columns, ordered
from synthese.analysis.coding import Coded
from synthese.analysis.rows import Row, found
from synthese.analysis.sampling import Sample
from synthese.analysis.sides import Codes, Crossed, crossed
from synthese.errors import SyntheseError
from synthese.statistics.association import Choice, association
from synthese.statistics.design_tests import rao_scott
from synthese.statistics.effects import odds_ratio
from synthese.statistics.exact import TooLargeError
from synthese.statistics.tabulation import crosstab

Asked = Literal["rule", "chi_square", "g2", "exact", "monte_carlo", "bootstrap"]
"""Which test of a cross: by rule, or one on request."""


def check_test(test: str, coded: Coded, by: Coded, sample: Sample) -> None:
    """Refuse a test on request that is unknown, or wrong for the questions or the design.

    Raises
    ------
    SyntheseError
        ``unknown-test`` or ``test-not-suited``.
    """
    if test not in get_args(Asked):
        raise SyntheseError.of("unknown-test", f"no test {test!r}", fix=f"one of {', '.join(get_args(Asked))}")
    if test == "rule":
        return
    name = f"{coded.variable.id} by {by.variable.id}"
    if sample.design is not None:
        what = f"{test!r} takes every answer to count alike and to be drawn apart, which those of {name} are not"
        raise SyntheseError.of("test-not-suited", what, fix="leave `test` out: Rao and Scott's F follows the design")
    if coded.variable.kind == "numeric":
        raise SyntheseError.of("test-not-suited", f"{test!r} needs options, and {name} has numbers", fix="leave it out")
    if test == "bootstrap" and coded.exclusive and by.exclusive:
        what = f"'bootstrap' tests a multiple response as a block, and {name} has none"
        raise SyntheseError.of("test-not-suited", what, fix='use test="monte_carlo"')


def cross_tests(coded: Coded, by: Coded, sample: Sample, family: str, test: Asked = "rule") -> Iterator[Row]:
    """Rows of the tests of a cross.

    Without a design: chi-square where expected counts allow (Cochran, 1954), Freeman–Halton by enumeration where the
    table is small enough, seeded Monte Carlo otherwise; `method` says which. Each option of a multiple response,
    ticked or not, is tested so against the groups, and the response as one block by Bilder and Loughin (2004).
    With a design: Rao and Scott's second-order F, missing answers a domain. A finite population is not corrected for
    in a test without a design: its p-value is then too large rather than too small.

    Parameters
    ----------
    coded, by : Coded
        The question and its breakdown.
    sample : Sample
        What the respondents stand for.
    family : {"planned", "exploratory"}
        Family within which p-values are adjusted.
    test : str
        One test on request, in the place of the rule's.

    Yields
    ------
    dict
        Rows of the tests contract without ``wave``.

    Raises
    ------
    SyntheseError
        ``unknown-test``, ``test-not-suited``, or ``table-too-large`` for the exact test.
    """
    check_test(test, coded, by, sample)
    cross = crossed(coded, by, sample)
    common: Row = {
        "question": coded.variable.id,
        "by": by.variable.id,
        "family": family,
        "status": "released",
        "base": int(cross.base.sum()),
    }
    for row in _rows(cross, test):
        yield common | row


def _rows(cross: Crossed, test: Asked) -> Iterator[Row]:
    rows, groups = cross.rows, cross.columns
    choice: Choice = "rule" if test == "bootstrap" else test
    if rows.values is not None:
        if groups.exclusive:
            yield from ordered.numbers(cross)
        else:
            yield {"reason": "overlapping-groups"}
        return
    if rows.exclusive and groups.exclusive:
        yield _independence(cross, rows.codes, groups.codes, choice)
        yield from _odds_ratio(cross, cross.counts())
        yield from ordered.scales(cross)
    else:
        yield blocks.whole(cross, bootstrap=test == "bootstrap")
        parts = list(_parts(cross, choice))
        yield blocks.bonferroni(cross, [row for row in parts if row.get("method") not in ordered.TRENDS])
        yield from parts
    if groups.exclusive:
        yield from columns.pairs(cross)


def _parts(cross: Crossed, test: Choice) -> Iterator[Row]:
    """Rows of each option of a multiple response, ticked or not ticked."""
    rows, groups = cross.rows, cross.columns
    if groups.exclusive:
        for place, option in enumerate(rows.options):
            here: Row = {"option": option}
            ticked = rows.ticked(place)
            yield here | _independence(cross, ticked, groups.codes, test)
            yield from (here | row for row in _odds_ratio(cross, _counts(ticked, groups.codes)))
            if groups.ordered:
                yield here | ordered.trend(cross, ticked)
    elif rows.exclusive:
        for place, group in enumerate(groups.options):
            yield {"group": group} | _independence(cross, rows.codes, groups.ticked(place), test)
    elif cross.design is None:
        for place, option in enumerate(rows.options):
            yield {"option": option} | blocks.item(cross, place)
    else:
        # One option after the other: the second-order test of an option against all others is not known by design.
        marked = [groups.ticked(place) for place in range(len(groups.options))]
        for place, option in enumerate(rows.options):
            ticked = rows.ticked(place)
            for group, column in zip(groups.options, marked, strict=True):
                yield {"option": option, "group": group} | _independence(cross, ticked, column, test)


def _counts(rows: Codes, groups: Codes) -> Codes:
    shape = int(rows.max(initial=-1)) + 1, int(groups.max(initial=-1)) + 1
    return np.asarray(crosstab(rows, groups, *shape), dtype=np.int64)


def _independence(cross: Crossed, rows: Codes, groups: Codes, test: Choice) -> Row:
    if cross.design is not None:
        return found(rao_scott(cross.design, rows, groups))
    try:
        return found(association(_counts(rows, groups), cross.sample.seed, cross.sample.confidence, test=test))
    except TooLargeError as error:
        raise SyntheseError.of("table-too-large", str(error), fix='use test="monte_carlo"') from error


def _odds_ratio(cross: Crossed, counts: Codes) -> Iterator[Row]:
    """Row of the odds ratio of a table that has two rows and two columns once empty ones are left out."""
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if cross.design is not None or counts.shape != (2, 2):
        return
    ratio = odds_ratio(counts, cross.sample.confidence)
    if ratio is not None:
        bounds = ratio.value, ratio.interval.low, ratio.interval.high
        size, low, high = (value if np.isfinite(value) else None for value in bounds)
        yield {
            "method": "fisher_exact",
            "effect": "odds_ratio",
            "effect_size": size,
            "effect_low": low,
            "effect_high": high,
            "base": int(counts.sum()),
            "reason": None if size is not None and high is not None else "infinite",
        }
