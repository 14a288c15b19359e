"""Tables of a part of the respondents (a universe), which must not give away the rest by subtraction.

Belongs here: what may be released of a question asked about a filter's respondents. Does not: crosses, which the
ladder decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from synthese.disclosure.rules import primary, small_base
from synthese.disclosure.tables import Key, Table
from synthese.study.settings import Disclosure


def decide_universes(tables: Mapping[Key, Table], rules: Disclosure) -> None:
    """Drop the tables of a universe that are not clean; nothing of them is hidden cell by cell.

    One is released only if no cell of it is withheld, the whole question is shown without a withheld cell, and
    the difference to the whole, and to each other released universe of the question, is nowhere 1 to
    `minimum_count` - 1 respondents. Crosses within a universe are exploratory: never released.
    """
    kept: dict[str, list[Table]] = {}
    for key, table in tables.items():
        if key.universe is None:
            continue
        whole = tables.get(Key(key.question, None, None))
        if key.by is not None:
            table.dropped = "exploratory"
        elif small_base(table, rules):
            table.dropped = "small-base"
        elif (
            whole is None
            or whole.dropped
            or whole.hidden
            or primary(table, rules)
            or any(_differs_little(table, other, rules) for other in (whole, *kept.get(key.question, [])))
        ):
            table.dropped = "universe"
        else:
            kept.setdefault(key.question, []).append(table)


def _differs_little(table: Table, other: Table, rules: Disclosure) -> bool:
    pairs = [(count, other.counts.get(cell, 0)) for cell, count in table.counts.items()]
    pairs.append((table.base, other.base))
    return any(0 < abs(one - two) < rules.minimum_count for one, two in pairs)
