"""Rules that look at one cell, one row or one table: primary suppression, small bases, legibility.

Belongs here: what a count or a base by itself decides. Does not: what could be worked out from other cells
(`audit`, `suppression`), or which cross is published (`ladder`).

Sources: the minimum count of three is inspired by Insee's frequency rule for enterprises (*Guide du secret
statistique*); small bases, sensitivity and the base of compared groups are the study's own rules, in its settings.
"""

from __future__ import annotations

from synthese.codebook.missing import REASONS
from synthese.disclosure.tables import CELL_STATISTICS, SUMMARIES, Cell, Line, Table
from synthese.study.settings import Disclosure

Decision = tuple[str, str | None]
"""Status and reason code of a row."""

PRIVATE = ("share_top_3",)
"""Statistics for notebooks only: how many ranked an item second or third is a cell that no table protects."""

RELEASED: Decision = ("released", None)


def primary(table: Table, rules: Disclosure) -> set[Cell]:
    """Cells that may not be shown because of their own count.

    A cell of 1 to `minimum_count` - 1 respondents. Where the question or the breakdown is sensitive also a cell
    that is the whole of its row or column, or all but 1 to `minimum_count` - 1 of it: what everybody answered is
    known of each. For a multiple response that is not sensitive the complement is not tested: leaving an option
    unticked is no answer. Options out of base count as non-response, which is exempt, as is the one-way profile
    of a public question.
    """
    if table.exempt or rules.minimum_count == 1:
        return set()
    return {cell for cell, count in table.cells() if _small(count, rules) or _near_all(table, cell, count, rules)}


def _small(count: int, rules: Disclosure) -> bool:
    return 0 < count < rules.minimum_count


def _near_all(table: Table, cell: Cell, count: int, rules: Disclosure) -> bool:
    if not table.sensitive or count == 0:
        return False
    wholes = [table.base] if table.column is None else []
    if cell.group is not None:
        wholes = [table.group_bases.get(cell.group, table.base), table.option_totals.get(cell.option, table.base)]
    return any(0 <= whole - count < rules.minimum_count for whole in wholes)


def small_base(table: Table, rules: Disclosure) -> bool:
    """Whether a table rests on fewer than `minimum_base` respondents; the profile of a public question may."""
    return not table.exempt and table.size < rules.minimum_base


def small_margin(table: Table, rules: Disclosure) -> bool:
    """Whether a cross has a group, or an option, of 1 to `minimum_count` - 1 respondents.

    Margins of a published cross are published and true, so that such a cross cannot be.
    """
    totals = [n for option, n in table.option_totals.items() if table.in_base(option)]
    return any(_small(n, rules) for n in (*table.group_bases.values(), *totals))


def legible(table: Table, rules: Disclosure) -> bool:
    """Whether at most the part `most_withheld` of the cells that are not zero is withheld."""
    return len(table.hidden) <= rules.most_withheld * table.nonzero


def small_group_means(table: Table, rules: Disclosure) -> bool:
    """Whether a cross of means has a group under `minimum_base`: the total less the others would give it away."""
    bases = [line.size or 0.0 for line in table.lines if line.statistic in SUMMARIES and line.group is not None]
    return any(0 < base < rules.minimum_base for base in bases)


def row_decision(table: Table, line: Line, rules: Disclosure) -> Decision:
    """Decide one row of a table from what is hidden of it and from the row's base."""
    if line.option in REASONS and line.statistic != "count":
        return "withheld_primary", "unknown-kind"
    if line.option in REASONS or (line.option is None and line.statistic == "count" and table.column is None):
        return RELEASED if table.column is None and table.key.universe is None else ("too_small", "non-response")
    if table.dropped is not None:
        return "too_small", table.dropped
    if line.statistic in PRIVATE:
        return "withheld_primary", "not-published"
    if line.statistic not in (*CELL_STATISTICS, *SUMMARIES, "adjusted_residual"):
        return "withheld_primary", "unknown-kind"
    if line.statistic == "adjusted_residual" and table.hidden:
        return "withheld_secondary", "secondary"  # with the margins it is an equation in the cell
    if line.option is not None:
        cell = Cell(line.option, line.group)
        if cell in table.hidden:
            return table.hidden[cell], "primary" if table.hidden[cell] == "withheld_primary" else "secondary"
        if line.statistic == "share_mentions" and table.hidden:
            return "withheld_secondary", "secondary"  # its denominator is the sum of all mentions
        if table.row.kind == "ranking" and line.statistic in SUMMARIES and table.hidden:
            return "withheld_secondary", "secondary"  # mean ranks of all items have a known sum
    elif line.statistic in SUMMARIES and table.hidden:
        return "withheld_secondary", "secondary"  # a mean of scores is an equation in the counts
    return _base_decision(table, line, rules)


def _base_decision(table: Table, line: Line, rules: Disclosure) -> Decision:
    """Decide a row by its base.

    A mean needs `minimum_base` respondents; a quantile also `minimum_count` of them on either side, so that it is
    nobody's extreme. Dominance (one respondent making most of a total: Insee's 85 % rule) cannot be read from
    estimates and is not tested: no total of a numeric question is published.
    """
    size = line.size or 0.0
    if line.statistic == "count":
        return RELEASED
    if line.statistic == "adjusted_residual":
        return RELEASED if size >= rules.group_base else ("too_small", "small-base")
    if line.statistic in SUMMARIES:
        if size < rules.minimum_base:
            return "too_small", "small-base"
        beyond = {"median": 0.5, "quantile_25": 0.25, "quantile_75": 0.25}.get(line.statistic)
        if beyond is not None and 1 < rules.minimum_count > int(size * beyond):
            return "too_small", "few-beyond"
        return ("count_only", "small-base") if line.statistic == "nps" and size < rules.percentage_base else RELEASED
    if line.statistic in ("share", "share_of_by") and table.column is not None:
        needed = rules.group_base
    else:
        needed = rules.percentage_base
    if line.statistic == "share_mentions":
        size = min(size, table.size)  # its base is mentions, of which a few respondents may give many
    return RELEASED if size >= needed else ("count_only", "small-base")
