"""The attack: what a reader could work out of the cells that are withheld.

Belongs here: everything published about linked tables, written as linear equations in whole numbers, and the
smallest and largest value that each withheld cell can then take. Does not: choosing what to hide.

Sources: the audit by linear programming, each suppressed cell lying in a feasibility interval, is that of Fischetti
and Salazar (2001, *Management Science* 47) and of the *Handbook on Statistical Disclosure Control* (Hundepool et
al., 2010, section 4); here in whole numbers (`scipy.optimize.milp`), since counts are. A reader is given more than the
published tables print: every margin and base, that a withheld cell is not zero, and, in a second attack, the status
of each cell in the released frame (a primary one lies in 1 … `minimum_count` - 1, a secondary one does not).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from synthese.disclosure.rules import primary
from synthese.disclosure.tables import Cell, Table
from synthese.disclosure.unknowns import Sum, Unknowns, World, add, minus, value
from synthese.errors import SyntheseError
from synthese.study.settings import Disclosure


@dataclass(frozen=True)
class Secret:
    """A cell to protect: the sum it is, its true value, and what may not be learnt of it.

    Parameters
    ----------
    table, cell
        Where it stands.
    total : dict of int to float
        The unknowns it sums.
    value : int
        Its true count.
    whole : int
        What it is a part of, for a cell that is nearly the whole.
    least_alternatives : bool
        Whether a second possible value is asked for even of a reader who knows every status.
    is_primary : bool
        Whether it may not even be known to be small (or, in a sensitive table, nearly the whole).
    """

    table: Table
    cell: Cell
    total: Sum
    value: int
    whole: int
    least_alternatives: bool
    is_primary: bool


class Attack:
    """Linked tables as a reader sees them.

    Parameters
    ----------
    tables : iterable of Table
        Tables of linked questions, each with what is hidden of it; a dropped question alone is unknown but for its
        base, a dropped cross is left out.
    rules : Disclosure
        Settings.
    worlds : list of ndarray
        Answers that fitted the same tables with other cells hidden; those that fit still are used again, and those
        found are added.
    """

    def __init__(self, tables: Iterable[Table], rules: Disclosure, worlds: list[World]) -> None:
        self.rules = rules
        self._worlds = worlds
        self.unknowns = Unknowns()
        self.secrets: list[Secret] = []
        self._alone: dict[str, tuple[Table, dict[str, Sum]]] = {}
        tables = list(tables)
        for table in tables:
            if table.column is None:
                self._add_alone(table)
        for table in tables:
            if table.column is not None and table.dropped is None:
                self._add_cross(table)
        known = worlds if self.secrets else []
        self._plain = [world for world in known if self.unknowns.allows(world, informed=False)]
        self._informed = [world for world in self._plain if self.unknowns.allows(world, informed=True)]

    def exposed(self) -> Secret | None:
        """First cell that a reader can work out, in the order of the tables; None if there is none.

        A withheld cell is protected when it has at least two possible values for a reader who knows every status
        and, if it is a primary one, when a reader who knows none could take it for a cell of `minimum_count` or more.
        """
        return next((secret for secret in self.secrets if not self._protected(secret)), None)

    def _protected(self, secret: Secret) -> bool:
        if secret.least_alternatives and not self._has_two_values(secret):
            return False
        return not secret.is_primary or self._hides_kind(secret)

    def _has_two_values(self, secret: Secret) -> bool:
        if any(value(secret.total, world) != secret.value for world in self._informed):
            return True
        for sign in (-1.0, 1.0):
            world = self._extreme(secret.total, sign, informed=True)
            self._informed.append(world)  # it shows other values of other cells too
            if value(secret.total, world) != secret.value:
                return True
        return False

    def _hides_kind(self, secret: Secret) -> bool:
        least, small = self.rules.minimum_count, secret.value < self.rules.minimum_count

        def other_kind(world: World) -> bool:
            count = value(secret.total, world)
            return count >= least if small else count <= secret.whole - least

        if any(other_kind(world) for world in (*self._plain, *self._informed)):
            return True
        self._plain.append(self._extreme(secret.total, -1.0 if small else 1.0, informed=False))
        return other_kind(self._plain[-1])

    def _extreme(self, total: Sum, sign: float, *, informed: bool) -> World:
        found = self.unknowns.extreme(total, sign, informed=informed)
        if found is None:
            names = sorted({secret.table.key.question for secret in self.secrets})
            raise SyntheseError.of(
                "tables-disagree",
                f"no answers fit the tables of {', '.join(names)}: they contradict each other",
                fix="tabulate them again from the same answers",
            )
        self._worlds.append(found)
        return found

    # Questions alone

    def _add_alone(self, table: Table) -> None:
        cells: dict[str, Sum] = {}
        additive = table.additive
        most = table.answered or table.base
        for option in table.options:
            if additive:
                names = [(table.row.column, part) for part in table.row_parts(option)]
                cells[option] = dict.fromkeys((self.unknowns.get(name, most) for name in names), 1.0)
            else:
                cells[option] = self._mentions(table, option, most)
        self._alone[table.row.id] = (table, cells)
        inside = [option for option in table.options if table.in_base(option)]
        known = all(Cell(option, None) in table.counts for option in inside)
        if additive:
            self._sum_is(add(*(cells[o] for o in inside)), table.base, sum(c for _, c in table.cells()), known)
        else:
            self._ticked(table, cells, [o for o in inside if o in table.row.codes], known)
        self._state(table, {Cell(option, None): total for option, total in cells.items()})

    def _sum_is(self, total: Sum, base: int, truth: int, known: bool) -> None:
        """State that options add up to their base; of a ranking with ties or gaps it may not be true."""
        if truth <= base:
            self.unknowns.say(total, base if known and truth == base else 0, base)

    def _mentions(self, table: Table, option: str, most: int) -> Sum:
        """One option of a multiple response, or the respondents who ticked at least one of several."""
        parts = table.row_parts(option)
        indices = [self.unknowns.get((table.row.column, part), most) for part in parts]
        if len(indices) == 1:
            return {indices[0]: 1.0}
        union: Sum = {self.unknowns.get((table.row.column, "one of", *parts), most): 1.0}
        for index in indices:
            self.unknowns.say(minus(union, {index: 1.0}))
        self.unknowns.say(minus(dict.fromkeys(indices, 1.0), union))
        return union

    def _ticked(self, table: Table, cells: dict[str, Sum], options: list[str], known: bool) -> None:
        """Whoever answered ticked one exclusive option, or at least one and at most `maximum` of the others."""
        exclusive = [o for o in options if table.row.option(o).exclusive]
        others = [o for o in options if o not in exclusive]
        alone = add(*(cells[o] for o in exclusive))
        every = add(*(cells[o] for o in others))
        for option in others:
            self.unknowns.say(add(cells[option], alone), 0, table.base)
        truth = sum(table.counts.get(Cell(o, None), 0) for o in options)
        if known and truth >= table.base:
            self.unknowns.say(add(every, alone), table.base)
        maximum = table.row.question.maximum
        rest = table.base - sum(table.counts.get(Cell(o, None), 0) for o in exclusive)
        ticked = sum(table.counts.get(Cell(o, None), 0) for o in others)
        if known and maximum is not None and table.row.groups is None and ticked <= maximum * rest:
            weighted = {index: maximum * c for index, c in alone.items()}
            self.unknowns.say(add(every, weighted), 0, maximum * table.base)

    # Crosses

    def _add_cross(self, table: Table) -> None:
        cells = {
            Cell(option, group): self._crossed(table, option, group)
            for option in table.options
            for group in table.groups
            if table.in_base(option)
        }
        inside = [option for option in table.options if table.in_base(option)]
        for group in table.groups:
            column = {o: cells[Cell(o, group)] for o in inside}
            self._margin(column, table.group_bases.get(group, 0), table.additive, table.column_counts(group))
        for option in inside:
            row = {g: cells[Cell(option, g)] for g in table.groups}
            self._margin(row, table.option_totals.get(option, 0), table.column_additive, table.row_counts(option))
        if not table.additive and not table.column_additive:
            for cell, total in cells.items():
                least = table.option_totals.get(cell.option, 0) + table.group_bases.get(cell.group or "", 0)
                self.unknowns.say(total, max(0, least - table.base))
        assert table.column is not None
        self._link(table, table.row.id, {o: table.option_totals.get(o, 0) for o in inside})
        self._link(table, table.column.id, table.group_bases)
        self._link_parts(table)
        self._state(table, cells)

    def _crossed(self, table: Table, option: str, group: str) -> Sum:
        """Write a cell of a cross as a sum over the finest cells of its questions where they add up."""
        assert table.column is not None
        row = table.row.column if table.additive else table.row.id
        column = table.column.column if table.column_additive else table.column.id
        rows = table.row_parts(option) if table.additive else (option,)
        columns = table.column_parts(group) if table.column_additive else (group,)
        return {self.unknowns.get((row, column, r, c), table.base): 1.0 for r in rows for c in columns}

    def _margin(self, line: dict[str, Sum], margin: int, additive: bool, counts: list[int | None]) -> None:
        total = add(*line.values())
        truth = sum(count or 0 for count in counts)
        known = all(count is not None for count in counts) and len(counts) == len(line)
        if additive:
            self._sum_is(total, margin, truth, known)
            return
        for part in line.values():
            self.unknowns.say(part, 0, margin)
        if known and truth >= margin:
            self.unknowns.say(total, margin)

    def _link(self, table: Table, name: str, margins: dict[str, int]) -> None:
        """State that a margin of a cross counts those of the question alone who also answered the other question."""
        if name not in self._alone:
            return
        alone, cells = self._alone[name]
        for option, margin in margins.items():
            if option in cells and margin <= alone.counts.get(Cell(option, None), margin):
                self.unknowns.say(cells[option], margin, margin + max(0, alone.base - table.base))

    def _link_parts(self, table: Table) -> None:
        """State the same for the finest options, where both questions add up."""
        if table.column is None or not (table.additive and table.column_additive):
            return
        pair = (table.row.column, table.column.column)
        for place, root in enumerate(pair):
            lines: dict[str, Sum] = {}
            for name, index in self.unknowns.names.items():
                if len(name) == 4 and name[:2] == pair:
                    lines.setdefault(str(name[2 + place]), {})[index] = 1.0
            for part, total in lines.items():
                if (root, part) in self.unknowns.names:
                    self.unknowns.say(minus({self.unknowns.names[root, part]: 1.0}, total))

    # What is known of each cell, and what must not be

    def _state(self, table: Table, cells: dict[Cell, Sum]) -> None:
        least = self.rules.minimum_count
        unseen = primary(table, self.rules) if table.dropped is not None else set()
        for cell, total in cells.items():
            count = table.counts.get(cell)
            if count is None or not total:
                continue
            whole = table.base if cell.group is None else table.group_bases.get(cell.group, table.base)
            if table.dropped is not None:
                if cell in unseen:
                    self.secrets.append(Secret(table, cell, total, count, whole, False, True))
                continue
            status = table.hidden.get(cell)
            if status is None:
                self.unknowns.say(total, count, count)
                continue
            self.unknowns.say(total, 1)
            if status == "withheld_secondary":
                self.unknowns.say(total, least, statuses=True)
            elif not table.sensitive:
                self.unknowns.say(total, 1, least - 1, statuses=True)
            # With a minimum of two, a primary status says "one" by itself: nothing is left to hide by hiding more.
            told = status == "withheld_primary" and least == 2 and not table.sensitive
            self.secrets.append(Secret(table, cell, total, count, whole, not told, status == "withheld_primary"))
