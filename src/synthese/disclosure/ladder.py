"""Crosses: which are published, and which step of a ladder.

Belongs here: planned crosses and their ladders; every other cross is exploratory and never released. Does not: what
can be worked out of a table (`audit`).
"""

from __future__ import annotations

from collections.abc import Mapping

from synthese.codebook import Codebook, LadderStep, PlannedCross
from synthese.disclosure.released import LadderDecision, Step
from synthese.disclosure.rules import legible, primary, small_base, small_group_means, small_margin
from synthese.disclosure.suppression import suppress
from synthese.disclosure.tables import Cell, Key, Table
from synthese.study.settings import Disclosure


def decide_crosses(tables: Mapping[Key, Table], codebook: Codebook, rules: Disclosure) -> tuple[LadderDecision, ...]:
    """Decide every cross, in the codebook's order, each beside all that is published before it.

    A step of a ladder is published only if no cell of it that is not zero would be withheld; a cross without
    ladder may have withheld cells, within `most_withheld`. Margins of a published cross are true and published: one
    that would expose a withheld cell of a question alone, or of a cross published before it, is not published.

    Returns
    -------
    tuple of LadderDecision
        One for each planned cross.
    """
    crosses = {key: table for key, table in tables.items() if key.by is not None and key.universe is None}
    for table in crosses.values():
        table.dropped = "exploratory"
    published: list[Table] = []
    decisions = []
    for planned in codebook.planned_crosses:
        decision = _decide(planned, tables, published, rules)
        decisions.append(decision)
    return tuple(decisions)


def _decide(
    planned: PlannedCross, tables: Mapping[Key, Table], published: list[Table], rules: Disclosure
) -> LadderDecision:
    steps: list[Step] = []
    taken: LadderStep | None = None
    for step in planned.steps:
        table = tables.get(Key(step.question, step.by, None))
        if taken is not None:
            verdict = "ladder"
        elif table is None:
            verdict = "not-tabulated"
        elif table in published:
            verdict, taken = "published", step
        else:
            verdict = _try(table, tables, published, rules, strict=len(planned.steps) > 1)
            if verdict == "published":
                taken = step
                published.append(table)
        steps.append(Step(step.question, step.by, verdict))
        if table is not None and table not in published:
            table.dropped, table.hidden = verdict, {}
    if taken is not None:
        for step in planned.steps:
            other = tables.get(Key(step.question, step.by, None))
            if other is not None and other not in published:
                other.dropped = "ladder"
    reason = None if taken is not None else steps[-1].verdict
    return LadderDecision(planned.id, planned.title, taken, reason, tuple(steps))


def _try(table: Table, tables: Mapping[Key, Table], published: list[Table], rules: Disclosure, *, strict: bool) -> str:
    """Publish a cross if it can be; return the verdict."""
    if small_base(table, rules) or small_group_means(table, rules):
        return "small-base"
    if small_margin(table, rules):
        return "small-margin"
    if _remainder(table, tables, rules):
        return "remainder"
    found = primary(table, rules)
    if strict and found:
        return "cells-withheld"
    if any(_grouped_otherwise(table, other) for other in published):
        return "linked"
    table.dropped = None
    table.hidden = {cell: "withheld_primary" for cell in table.counts if cell in found}
    if not legible(table, rules):
        return "illegible"
    if not suppress(_linked(table, tables, published), rules, within=() if strict else (table,)):
        return "exposed"
    return "published" if legible(table, rules) else "illegible"


def _remainder(table: Table, tables: Mapping[Key, Table], rules: Disclosure) -> bool:
    """Whether a margin of a cross, taken away from its question alone, leaves 1 to `minimum_count` - 1 respondents.

    They are those who answered one question and not the other: few, and what they answered would be known.
    """
    margins = ((table.key.question, table.option_totals), (table.key.by, table.group_bases))
    for question, totals in margins:
        alone = tables.get(Key(question, None, None)) if question is not None else None
        if alone is None or alone.exempt or alone.dropped is not None or table.key.universe is not None:
            continue
        for option, total in totals.items():
            cell = Cell(option, None)
            whole = None if cell in alone.hidden else alone.counts.get(cell)
            if whole is not None and 0 < whole - total < rules.minimum_count and alone.in_base(option):
                return True
    return False


def _linked(table: Table, tables: Mapping[Key, Table], published: list[Table]) -> list[Table]:
    """Collect what is published about the questions of a cross: each alone, and crosses with either."""
    roots = set(table.roots)
    beside = [other for other in published if roots & set(other.roots)]
    for other in beside:
        roots |= set(other.roots)
    alone = [t for key, t in tables.items() if key.by is None and key.universe is None and t.roots[0] in roots]
    return [*alone, *beside, table]


def _grouped_otherwise(table: Table, other: Table) -> bool:
    """Whether two crosses of the same questions cannot be audited together, and so are not both published.

    The groups of a multiple response overlap, so that a finer table does not add up to a coarser one; and where
    bases differ, they do not describe the same respondents.
    """
    if set(table.roots) != set(other.roots):
        return False
    if table.roots != other.roots:
        return True
    overlapping = not (table.additive and table.column_additive)
    return overlapping or table.base != other.base
