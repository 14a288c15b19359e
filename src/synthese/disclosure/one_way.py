"""Questions by themselves, with their regroupings: what is withheld of each.

Belongs here: the order of the rules for tables without breakdown. Does not: the attack they are tried with.
"""

from __future__ import annotations

from collections.abc import Mapping

from synthese.disclosure.rules import legible, primary, small_base
from synthese.disclosure.suppression import suppress
from synthese.disclosure.tables import Key, Table
from synthese.study.settings import Disclosure


def decide_one_way(tables: Mapping[Key, Table], rules: Disclosure) -> None:
    """Hide cells, and drop tables, of every question alone.

    Tables of one question (itself and its regroupings) are published beside each other, so they are protected
    together: a hidden cell must follow neither from its own table nor from a coarser one. A table that is not
    legible by itself is dropped; where tables are legible apart but not together, the finest with a hidden cell is.
    """
    families: dict[str, list[Table]] = {}
    for key, table in tables.items():
        if key.by is None and key.universe is None:
            if small_base(table, rules):
                table.dropped = "small-base"
            families.setdefault(table.roots[0], []).append(table)
    for family in families.values():
        _decide_family(family, rules)


def _decide_family(family: list[Table], rules: Disclosure) -> None:
    for table in family:
        if table.dropped is None:
            _hide_primary(table, rules)
            if not (suppress([table], rules) and legible(table, rules)):
                _drop(table, "illegible")
    while shown := [table for table in family if table.dropped is None]:
        for table in shown:
            _hide_primary(table, rules)
        if suppress(family, rules) and all(legible(table, rules) for table in shown):
            return
        hiding = [table for table in shown if table.hidden] or shown
        _drop(max(hiding, key=lambda table: (len(table.counts), table.key.question)), "linked")


def _hide_primary(table: Table, rules: Disclosure) -> None:
    found = primary(table, rules)
    table.hidden = {cell: "withheld_primary" for cell in table.counts if cell in found}


def _drop(table: Table, reason: str) -> None:
    table.dropped = reason
    table.hidden = {}
