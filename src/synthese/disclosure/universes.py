"""Tables of a part of the respondents (a universe), which must not give away the rest by subtraction.

Belongs here: what may be released of a question asked about a filter's respondents. Does not: crosses, which the
ladder decides before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from synthese.disclosure.rules import primary, small_base
from synthese.disclosure.tables import Key, Table
from synthese.study.settings import Disclosure

_MOST_TOGETHER = 6  # universes of one question that are audited together; any more are not released


@dataclass(frozen=True)
class Part:
    """Counts of a question's options over some of its respondents, and how many these are."""

    counts: Mapping[str, int]
    base: int


def decide_universes(tables: Mapping[Key, Table], rules: Disclosure) -> None:
    """Drop the tables of a universe that are not clean; nothing of them is hidden cell by cell.

    One is released only if no cell of it is withheld; the whole question, and each published cross with it, is shown
    without a withheld cell; and no difference leaves 1 to `minimum_count` - 1 respondents: to the whole, to each
    group of a published cross (a filter may be all but one of a group), to each other universe of the question, and
    of one of them to several others together (parts that share nobody add up). Crosses within a universe are
    exploratory: never released. Universes are decided after crosses, and never put a cross aside.
    """
    kept: dict[str, list[Part]] = {}
    for key, table in tables.items():
        if key.universe is None:
            continue
        if key.universe.startswith("_"):
            table.dropped = "unknown-kind"
            continue
        if key.by is not None:
            table.dropped = "exploratory"
            continue
        if small_base(table, rules):
            table.dropped = "small-base"
            continue
        whole = tables.get(Key(key.question, None, None))
        beside = kept.setdefault(table.roots[0], [])
        part = _part(table)
        if (
            whole is None
            or whole.dropped
            or whole.hidden
            or primary(table, rules)
            or len(beside) >= _MOST_TOGETHER
            or _gives_away([_part(whole), part, *beside], rules)
            or any(crosses_give_away(part, table, cross, rules) for cross in tables.values())
        ):
            table.dropped = "universe"
        else:
            beside.append(part)


def _part(table: Table) -> Part:
    return Part({cell.option: count for cell, count in table.counts.items()}, table.base)


def _gives_away(parts: list[Part], rules: Disclosure) -> bool:
    """Whether one part less some of the others leaves few in a cell or in the base."""
    for place, one in enumerate(parts):
        others = parts[:place] + parts[place + 1 :]
        for size in range(1, len(others) + 1):
            for together in combinations(others, size):
                if any(0 < abs(left) < rules.minimum_count for left in _left(one, together)):
                    return True
    return False


def _left(one: Part, others: tuple[Part, ...]) -> Iterator[int]:
    """Take from counts and base of a part those of others; options that one of the tables lacks are not compared."""
    for option, count in one.counts.items():
        if all(option in other.counts for other in others):
            yield count - sum(other.counts[option] for other in others)
    yield one.base - sum(other.base for other in others)


def crosses_give_away(part: Part, table: Table, cross: Table, rules: Disclosure) -> bool:
    """Tell whether a published cross with the question has a withheld cell, or a group that differs little."""
    roots = cross.roots
    if cross.key.by is None or cross.key.universe is not None or cross.dropped or table.roots[0] not in roots:
        return False
    if cross.hidden:
        return True
    groups: list[tuple[Mapping[str, int], int]] = []
    if cross.roots[0] == table.roots[0]:
        for group in cross.groups:
            cells = {cell.option: count for cell, count in cross.counts.items() if cell.group == group}
            groups.append((cells, cross.group_bases.get(group, 0)))
        parts = {option: cross.row_parts(option) for option in cross.options}
    else:
        for option in cross.options:
            cells = {cell.group: n for cell, n in cross.counts.items() if cell.option == option and cell.group}
            groups.append((cells, cross.option_totals.get(option, 0)))
        parts = {group: cross.column_parts(group) for group in cross.groups}
    mine = {option: table.row_parts(option) for option in part.counts}
    return any(
        0 < abs(left) < rules.minimum_count
        for cells, base in groups
        for left in (*_grouped_alike(part.counts, mine, cells, parts), part.base - base)
    )


def _grouped_alike(
    mine: Mapping[str, int],
    my_parts: Mapping[str, tuple[str, ...]],
    theirs: Mapping[str, int],
    their_parts: Mapping[str, tuple[str, ...]],
) -> Iterator[int]:
    """Differences of counts of the same options, where one table may group what the other tells apart."""
    for option, count in theirs.items():
        inside = [code for code, parts in my_parts.items() if set(parts) <= set(their_parts[option])]
        if {part for code in inside for part in my_parts[code]} == set(their_parts[option]):
            yield count - sum(mine[code] for code in inside)
    for option, count in mine.items():
        inside = [code for code in theirs if set(their_parts[code]) <= set(my_parts[option])]
        if {part for code in inside for part in their_parts[code]} == set(my_parts[option]):
            yield count - sum(theirs[code] for code in inside)
