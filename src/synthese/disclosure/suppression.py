"""Secondary suppression: which further cells are withheld so that the first ones cannot be worked out.

Belongs here: choosing cells, few and small. Does not: the attack (`audit`).

The choice is a greedy one, then thinned: as long as a cell is exposed, a published cell is withheld, of those that
join lines with a single withheld cell the smallest; at the end each such cell is published again if nothing is exposed
by it. It ends with a pattern from which no cell can be taken away, not always the cheapest one (an
exact choice is NP-hard: Kelly, Golden and Assad, 1992, *Networks* 22). Zeros are never withheld: a structural zero
would protect nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from synthese.disclosure.audit import Attack
from synthese.disclosure.tables import Cell, Table
from synthese.disclosure.unknowns import World
from synthese.study.settings import Disclosure


def suppress(tables: Sequence[Table], rules: Disclosure, within: Iterable[Table] | None = None) -> bool:
    """Hide further cells until no withheld cell of linked tables is exposed.

    Parameters
    ----------
    tables : sequence of Table
        Linked tables; their ``hidden`` cells are added to.
    rules : Disclosure
        Settings.
    within : iterable of Table, optional
        Tables in which cells may be hidden; all of them by default.

    Returns
    -------
    bool
        Whether all is protected; False when hiding every cell that may be hidden is not enough.
    """
    if rules.minimum_count == 1:
        return True
    allowed = [t for t in (tables if within is None else within) if t.dropped is None and not t.exempt]
    worlds: list[World] = []
    chosen: list[tuple[Table, Cell]] = []
    while exposed := _alone_in_line(allowed) or _worked_out(tables, rules, worlds):
        found = _cheapest(*exposed, allowed)
        if found is None:
            return False
        table, cell = found
        table.hidden[cell] = "withheld_secondary"
        chosen.append(found)
    _thin(chosen, allowed, lambda: _worked_out(tables, rules, worlds) is not None)
    for table in allowed:
        table.hidden = {cell: table.hidden[cell] for cell in table.counts if cell in table.hidden}
    return True


def _thin(chosen: Sequence[tuple[Table, Cell]], allowed: Sequence[Table], audit: Callable[[], bool]) -> None:
    """Publish again what need not be withheld: the later choices first are tried without the earlier ones."""

    def exposed() -> bool:
        return _alone_in_line(allowed) is not None or audit()

    for table, cell in chosen:
        del table.hidden[cell]
    kept = []
    for table, cell in reversed(chosen):
        if not exposed():
            break
        table.hidden[cell] = "withheld_secondary"
        kept.append((table, cell))
    for table, cell in sorted(kept[:-1], key=lambda found: -found[0].counts[found[1]]):
        del table.hidden[cell]
        if exposed():
            table.hidden[cell] = "withheld_secondary"


def _worked_out(tables: Sequence[Table], rules: Disclosure, worlds: list[World]) -> tuple[Table, Cell] | None:
    secret = Attack(tables, rules, worlds).exposed()
    return None if secret is None else (secret.table, secret.cell)


def _alone_in_line(allowed: Sequence[Table]) -> tuple[Table, Cell] | None:
    """Find a withheld cell that its line gives away, before the audit is asked: its margin less the others."""
    for table in allowed:
        if not (table.adds_up and table.column_additive):
            continue
        for cell in table.hidden:
            line = [c for c in table.hidden if c.group == cell.group]
            across = [c for c in table.hidden if c.option == cell.option]
            if (len(line) == 1 or (cell.group is not None and len(across) == 1)) and len(table.hidden) < table.nonzero:
                return table, cell
    return None


def _cheapest(at: Table, exposed: Cell, allowed: Sequence[Table]) -> tuple[Table, Cell] | None:
    """Choose the smallest cell of those that end most lines with a single hidden cell, near what is exposed first."""
    for nearby in (True, False):
        options = [
            (-_single_lines(table, cell), not _in_line(cell, exposed), count, i, j)
            for i, table in enumerate(allowed)
            if (table is at) is nearby
            for j, (cell, count) in enumerate(table.counts.items())
            if count > 0 and cell not in table.hidden and table.in_base(cell.option)
        ]
        if options:
            *_, i, j = min(options)
            return allowed[i], list(allowed[i].counts)[j]
    return None


def _in_line(one: Cell, other: Cell) -> bool:
    return one.group == other.group or one.option == other.option


def _single_lines(table: Table, cell: Cell) -> int:
    """Lines through a cell in which one other cell is hidden: a line needs two, or its margin gives the one away."""
    if cell.group is None:
        return int(len(table.hidden) == 1)
    rows = sum(1 for hidden in table.hidden if hidden.option == cell.option)
    columns = sum(1 for hidden in table.hidden if hidden.group == cell.group)
    return int(rows == 1) + int(columns == 1)
