"""Two variables crossed: shares both ways, counts, residuals; means and medians of a number by group.

Belongs here: rows of estimates of a cross, over those who answered both questions. Does not: its tests (`testing`),
the formulas, or what may be published.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.numbers import numbers
from synthese.analysis.rows import Row, count
from synthese.analysis.sampling import Sample
from synthese.analysis.shares import cross_rows
from synthese.errors import SyntheseError
from synthese.statistics.association import adjusted_residuals
from synthese.statistics.tabulation import crosstab


def check_crossable(coded: Coded, by: Coded) -> None:
    """Refuse a question that has neither options nor numbers, and a breakdown that has no options.

    Raises
    ------
    SyntheseError
        ``not-crossable``.
    """
    kind = coded.variable.kind
    if kind in ("open", "ranking"):
        raise SyntheseError.of(
            "not-crossable",
            f"{coded.variable.id} is {kind}: it has neither options nor numbers to cross",
            fix="cross single, ordinal, multiple or numeric questions",
        )
    if by.variable.kind in ("numeric", "open", "ranking"):
        raise SyntheseError.of(
            "not-crossable",
            f"{by.variable.id} is {by.variable.kind}: it has no options to cross by",
            fix="break down by a single, ordinal or multiple question",
        )


def cross(coded: Coded, by: Coded, sample: Sample) -> Iterator[Row]:
    """Rows of a cross of ``coded`` by the groups of ``by``.

    Parameters
    ----------
    coded, by : Coded
        The question and its breakdown.
    sample : Sample
        What the respondents stand for.

    Yields
    ------
    dict
        ``share`` (option within group), ``share_of_by`` (group within option), ``share_total``, ``count`` and
        ``adjusted_residual`` a cell; totals have a null ``group`` or a null ``option``. The base is those in the base
        of both questions. A residual stands on counts of respondents drawn apart who count alike and are in one group
        each: with a design, or groups that overlap, there is none, and the comparison of columns says the same by
        design. Of a number: ``mean`` and ``median`` in each group and in all.
    """
    base = coded.in_base & by.in_base
    common: Row = {
        "question": coded.variable.id,
        "by": by.variable.id,
        "asked": int((coded.asked & by.asked).sum()),
        "answered": int((coded.answered & by.answered).sum()),
    }
    groups = [(j, g) for j, g in enumerate(by.options) if g.in_base]
    if coded.values is not None:
        yield from (common | row for row in _numbers(coded, sample, base))
        for j, group in groups:
            here: Row = common | {"group": group.code}
            yield from (here | row for row in _numbers(coded, sample, base & by.chosen[:, j]))
    else:
        yield from (common | row for row in _cells(coded, by, sample, base))
    for j, group in groups:
        yield common | {"group": group.code} | count(int((base & by.chosen[:, j]).sum()), int(base.sum()))


def _numbers(coded: Coded, sample: Sample, base: Flags) -> Iterator[Row]:
    return (row for row in numbers(coded.among(base), sample) if row["statistic"] in ("mean", "median"))


def _cells(coded: Coded, by: Coded, sample: Sample, base: Flags) -> Iterator[Row]:
    options = [i for i, option in enumerate(coded.options) if option.in_base]
    groups = [j for j, group in enumerate(by.options) if group.in_base]
    residuals = _residuals(coded, by, base) if sample.design is None else None
    found = cross_rows(coded, options, by, groups, base, sample)
    for r, i in enumerate(options):
        total: Row = {"option": coded.options[i].code}
        share = found.totals[r]
        yield total | share
        yield total | count(share["count"], share["base"])
        for c, j in enumerate(groups):
            cell: Row = total | {"group": by.options[j].code}
            inside = found.within_group[r, c]
            yield cell | inside
            yield cell | found.within_option[r, c]
            yield cell | found.of_total[r, c]
            yield cell | count(inside["count"], inside["base"])
            if residuals is not None:
                yield cell | _residual(residuals[i, j], inside["base"])


def _residuals(coded: Coded, by: Coded, base: Flags) -> NDArray[np.float64] | None:
    if not by.exclusive:
        return None
    width = len(by.options)
    columns = by.codes(base)
    if coded.exclusive:
        counts = crosstab(coded.codes(base), columns, len(coded.options), width)
        return np.asarray(adjusted_residuals(counts), dtype=float)
    flags = [np.where(base, np.where(ticked, 0, 1), -1) for ticked in coded.chosen.T]
    tables = [crosstab(rows, columns, 2, width) for rows in flags]
    return np.vstack([np.asarray(adjusted_residuals(table), dtype=float)[0] for table in tables])


def _residual(value: float, base: int) -> Row:
    known = bool(np.isfinite(value))
    return {
        "statistic": "adjusted_residual",
        "unit": "standard errors",
        "value": float(value) if known else None,
        "base": base,
        "base_weighted": float(base),
        "effective_n": float(base),
        "method": "haberman-1973",
        "status": "released",
        "reason": None if known else "empty-margin",
    }
