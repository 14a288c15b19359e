"""Tests of a cross that use an order: of a scale, of ordered groups, of numbers.

Belongs here: which of them suits two questions, by their types and the design. Does not: formulas
(`synthese.statistics`), tests that ignore order (`testing`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.rows import Row, found
from synthese.analysis.sides import Codes, Crossed
from synthese.statistics.design_groups import compare_means, rank_test
from synthese.statistics.designs import Design
from synthese.statistics.effects import concordance
from synthese.statistics.ordinal import cochran_armitage, kruskal_wallis, linear_by_linear, mann_whitney, rank_groups
from synthese.statistics.results import Interval

TRENDS = ("cochran_armitage", "design_rank_t", "design_rank_f", "fisher_exact")
"""Methods of rows of an option that do not repeat its test of independence."""


def scales(cross: Crossed) -> Iterator[Row]:
    """Rows for two questions with one answer each, at least one of them a scale.

    Two scales: linear by linear, with the scores 1, 2, 3, … of `reason`, then gamma and tau-b. A scale of three
    options or more by groups: Mann–Whitney between two, Kruskal–Wallis between more; a scale of two options has no
    order to use. A question of two options by ordered groups: Cochran–Armitage, the trend of the share of the first.
    With a design each is a design-based rank test (Lumley and Scott, 2013), and gamma and tau-b, whose errors are
    those of a simple random sample, are left out.
    """
    rows, groups = cross.rows, cross.columns
    if rows.ordered and groups.ordered:
        yield _two_scales(cross)
        if cross.design is None:
            yield from _concordance(cross)
    elif rows.ordered and len(rows.options) > 2:
        yield _ranks(cross, rows.scale, groups.codes) if cross.design else found(rank_groups(cross.counts()))
    elif groups.ordered and len(rows.options) == 2:
        yield trend(cross, rows.codes)


def _two_scales(cross: Crossed) -> Row:
    if cross.design is not None:
        return _ranks(cross, cross.rows.scale, cross.columns.codes)
    row = found(linear_by_linear(cross.counts()))
    scores = f"scores:1..{len(cross.rows.options)}x1..{len(cross.columns.options)}"
    return row | {"reason": row["reason"] or scores}


def _concordance(cross: Crossed) -> Iterator[Row]:
    agreement = concordance(cross.counts(), cross.sample.confidence)
    effects: list[tuple[str, float | None, Interval | None]] = [
        ("gamma", agreement.gamma, agreement.gamma_interval),
        ("tau_b", agreement.tau_b, agreement.tau_b_interval),
    ]
    for name, value, bounds in effects:
        yield {
            "method": "concordance",
            "effect": name,
            "effect_size": value,
            "effect_low": bounds and bounds.low,
            "effect_high": bounds and bounds.high,
            "reason": None if value is not None else "no_variation",
        }


def trend(cross: Crossed, answers: Codes) -> Row:
    """Row of the trend of a share over ordered groups; `answers` has 0 for who chose the option, 1 for who did not.

    Cochran–Armitage with scores 1, 2, 3, … of the groups; with a design the rank test of the groups' order between
    those who chose the option and those who did not.
    """
    groups = cross.columns
    if cross.design is not None:
        return _ranks(cross, groups.scale, answers)
    width = len(groups.options)
    known = np.where(answers >= 0, groups.codes, -1)
    bases = np.bincount(known + 1, minlength=width + 1)[1:]
    chosen = np.bincount(np.where(answers == 0, known, -1) + 1, minlength=width + 1)[1:]
    return found(cochran_armitage(chosen, bases))


def numbers(cross: Crossed) -> Iterator[Row]:
    """Rows of a number by groups: a rank test; with a design and two groups also the t test of their means."""
    values, codes = cross.rows.scale, cross.columns.codes
    known = np.unique(codes[~np.isnan(values) & (codes >= 0)])
    if cross.design is None:
        yield found(mann_whitney(values, codes) if known.size == 2 else kruskal_wallis(values, codes))
        return
    if known.size == 2:
        pair = np.where(codes == known[0], 0, np.where(codes == known[1], 1, -1))
        design, arranged, pair = _arranged(cross.design, values, pair)
        yield found(compare_means(design, arranged, pair))
    yield _ranks(cross, values, codes)


def _ranks(cross: Crossed, values: NDArray[np.float64], codes: Codes) -> Row:
    assert cross.design is not None
    return found(rank_test(*_arranged(cross.design, values, codes), ties="mid"))


def _arranged(design: Design, values: NDArray[np.float64], codes: Codes) -> tuple[Design, NDArray[np.float64], Codes]:
    """Put respondents drawn apart in an order of their answers, on which no sum then depends."""
    if not design.drawn_apart:
        return design, values, codes
    order = np.lexsort((values, codes, design.weights))
    return Design(design.weights[order]), values[order], codes[order]
