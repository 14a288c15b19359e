"""Secondary suppression: which further cells are withheld so that the first ones cannot be worked out.

Belongs here: choosing cells, few and small. Does not: the attack (`audit`).

The choice is a greedy one, then thinned: as long as a cell is exposed, the smallest published cell of a line through
it is withheld; at the end each such cell, largest first, is published again if nothing is exposed by it. It ends with
a pattern from which no cell can be taken away, not always the cheapest one (an exact choice is NP-hard: Kelly, Golden
and Assad, 1992, *Networks* 22). Zeros are never withheld: a structural zero would protect nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synthese.disclosure.audit import Attack, Secret
from synthese.disclosure.tables import Cell, Table
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
    chosen: list[tuple[Table, Cell]] = []
    while exposed := Attack(tables, rules).exposed():
        found = _cheapest(exposed, allowed)
        if found is None:
            return False
        table, cell = found
        table.hidden[cell] = "withheld_secondary"
        chosen.append(found)
    # The last one chosen is what ended the exposure: it stays.
    for table, cell in sorted(chosen[:-1], key=lambda tc: -tc[0].counts[tc[1]]):
        del table.hidden[cell]
        if Attack(tables, rules).exposed():
            table.hidden[cell] = "withheld_secondary"
    for table in allowed:
        table.hidden = {cell: table.hidden[cell] for cell in table.counts if cell in table.hidden}
    return True


def _cheapest(exposed: Sequence[Secret], allowed: Sequence[Table]) -> tuple[Table, Cell] | None:
    for secret in exposed:
        for nearby in (True, False):
            options = [
                (_hidden_in_line(table, cell, secret.cell), count, i, j)
                for i, table in enumerate(allowed)
                if (table is secret.table) is nearby
                for j, (cell, count) in enumerate(table.counts.items())
                if count > 0
                and cell not in table.hidden
                and table.in_base(cell.option)
                and (not nearby or _in_line(cell, secret.cell))
            ]
            if options:
                _, _, i, j = min(options)
                return allowed[i], list(allowed[i].counts)[j]
    return None


def _in_line(one: Cell, other: Cell) -> bool:
    return one.group is None or one.group == other.group or one.option == other.option


def _hidden_in_line(table: Table, cell: Cell, exposed: Cell) -> int:
    """Cells already hidden in the line that joins two cells: a line with one hidden cell needs another most."""
    if cell.group is None:
        return 0
    same_group = cell.group == exposed.group
    return sum(1 for c in table.hidden if (c.group == cell.group if same_group else c.option == cell.option))
