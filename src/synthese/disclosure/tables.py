"""Tables as the gate sees them: the cells of an estimates frame, their counts, their margins and their rows.

Belongs here: reading a frame into tables, and which of their cells are hidden so far. Does not: any rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pandas as pd

from synthese.codebook import Codebook, Variable, variable
from synthese.codebook.missing import REASONS
from synthese.errors import SyntheseError
from synthese.study import WaveSettings

WITHHELD = ("withheld_primary", "withheld_secondary", "too_small")
CELL_STATISTICS = ("share", "share_of_by", "share_total", "share_mentions", "count")
SUMMARIES = ("mean", "median", "quantile_25", "quantile_75", "nps")
OF_NO_TABLE = ("difference", "difference_nps", "share_standardised", "difference_standardised", "panel_count")

Hidden = Literal["withheld_primary", "withheld_secondary"]


class Key(NamedTuple):
    """What a table is of; `by` is null for a question alone."""

    question: str
    by: str | None
    universe: str | None


class Cell(NamedTuple):
    """One cell: an option, within a group in a cross."""

    option: str
    group: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the frame, as far as the rules look at it."""

    position: int
    option: str | None
    group: str | None
    statistic: str
    count: int | None
    base: int | None
    answered: int | None
    size: float | None
    """Smaller of base and effective n: what the small-base rules read."""
    withheld: bool


@dataclass(eq=False)
class Table:
    """A question alone, or a cross, with what is hidden of it so far.

    Parameters
    ----------
    key : Key
        What it is of.
    row, column : Variable
        The question and the breakdown; `column` is None for a question alone.
    wave : str
        Id of the wave, which decides on the options offered.
    base : int
        Respondents in it.
    size : float
        The smaller of base and effective n.
    answered : int or None
        Respondents who answered, those left out of the base included.
    counts : dict of Cell to int
        Unweighted count of every cell whose count is known.
    group_bases, option_totals : dict of str to int
        Margins of a cross, by group and by option.
    lines : list of Line
        Its rows in the frame.
    hidden : dict of Cell to str
        Cells withheld so far, with their status.
    dropped : str or None
        Why the whole table is withheld, as a reason code.
    """

    key: Key
    row: Variable
    column: Variable | None
    wave: str
    base: int = 0
    size: float = 0.0
    answered: int | None = None
    counts: dict[Cell, int] = field(default_factory=dict)
    group_bases: dict[str, int] = field(default_factory=dict)
    option_totals: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    hidden: dict[Cell, Hidden] = field(default_factory=dict)
    dropped: str | None = None

    @property
    def roots(self) -> tuple[str, str | None]:
        """The questions (or grid rows) behind its variables, groupings undone."""
        return self.row.column, None if self.column is None else self.column.column

    @property
    def sensitive(self) -> bool:
        """Whether the question or the breakdown is declared sensitive."""
        return any(v.question.sensitivity == "sensitive" for v in (self.row, self.column) if v is not None)

    @property
    def exempt(self) -> bool:
        """Whether it is the profile of a public question: suppression leaves it alone."""
        return self.column is None and self.row.question.sensitivity == "public" and self.key.universe is None

    @property
    def additive(self) -> bool:
        """Whether each respondent is in one option at most."""
        return self.row.kind != "multiple"

    @property
    def adds_up(self) -> bool:
        """Whether each respondent is in exactly one option, so that options add up to the base."""
        return self.row.kind in ("single", "ordinal")

    @property
    def column_additive(self) -> bool:
        """Whether each respondent is in one group at most."""
        return self.column is None or self.column.kind != "multiple"

    @property
    def options(self) -> list[str]:
        """Options of the rows, those without a known count included, in codebook order."""
        return list(dict.fromkeys([*self.row.codes, *(cell.option for cell in self.counts)]))

    @property
    def groups(self) -> list[str]:
        """Groups of the columns, in codebook order."""
        named = [cell.group for cell in self.counts if cell.group is not None]
        return list(dict.fromkeys([*(self.column.codes if self.column else ()), *named]))

    def row_parts(self, option: str) -> tuple[str, ...]:
        """Options of the ungrouped question that an option stands for."""
        return _parts(self.row, option, self.wave)

    def column_parts(self, group: str) -> tuple[str, ...]:
        """Options of the ungrouped breakdown that a group stands for."""
        return (group,) if self.column is None else _parts(self.column, group, self.wave)

    def row_counts(self, option: str) -> list[int | None]:
        """List the counts of an option's cells; None where it is not known."""
        return [self.counts.get(Cell(option, group)) for group in self.groups]

    def column_counts(self, group: str) -> list[int | None]:
        """List the counts of a group's cells that are in the base; None where it is not known."""
        return [self.counts.get(Cell(option, group)) for option in self.options if self.in_base(option)]

    def in_base(self, option: str) -> bool:
        """Whether an option counts in the denominator."""
        return all(o.in_base for o in self.row.options if o.code == option)

    def cells(self) -> Iterator[tuple[Cell, int]]:
        """Cells of the table proper, « ne sait pas » and other options out of base left out."""
        return ((cell, count) for cell, count in self.counts.items() if self.in_base(cell.option))

    @property
    def nonzero(self) -> int:
        """Number of cells that are not zero."""
        return sum(1 for _, count in self.cells() if count > 0)


def _parts(of: Variable, code: str, wave: str) -> tuple[str, ...]:
    """Options of the question, offered in the wave, that a code stands for: itself, its group, or its split."""
    offered = [option for option in of.question.options if option.offered(wave)]
    if of.groups is not None:
        return tuple(option.code for option in offered if of.groups.get(option.code) == code)
    if code in of.codes:
        return (code,)
    whole = {option.code: option.split_of for option in of.question.options}

    def inside(part: str) -> bool:
        above = whole.get(part)
        return above == code or (above is not None and inside(above))

    return tuple(option.code for option in offered if inside(option.code)) or (code,)


def _integer(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]


def _size(base: object, effective: object) -> float | None:
    known = [float(v) for v in (base, effective) if not pd.isna(v)]  # type: ignore[arg-type, call-overload]
    return min(known) if known else None


def read_tables(estimates: pd.DataFrame, codebook: Codebook, wave: WaveSettings) -> dict[Key, Table]:
    """Sort a frame's rows into tables, in the order of their ids; evolution and contrasts belong to none.

    Raises
    ------
    SyntheseError
        A row of another wave, of an unknown or personal question, or two counts for one cell.
    """
    waves = sorted(set(estimates["wave"].dropna()) - {wave.id})
    if waves:
        raise SyntheseError.of(
            "other-wave",
            f"the estimates to release for wave {wave.id!r} hold rows of {waves[0]!r}",
            fix="release each wave by itself, the earlier one first",
        )
    tables: dict[Key, Table] = {}
    columns = ["question", "by", "universe", "option", "group", "statistic", "count", "base", "answered"]
    columns += ["effective_n", "status", "reference_wave", "reference_group"]
    names: dict[str, Variable] = {}
    for position, values in enumerate(zip(*(estimates[c].tolist() for c in columns), strict=True)):
        row: dict[str, Any] = {c: (None if pd.isna(v) else v) for c, v in zip(columns, values, strict=True)}
        if row["statistic"] in OF_NO_TABLE or row["reference_wave"] or row["reference_group"]:
            continue
        key = Key(row["question"], row["by"], row["universe"])
        if key not in tables:
            for name in filter(None, (key.question, key.by)):
                names.setdefault(name, variable(codebook, name, wave.id))
            tables[key] = Table(key, names[key.question], names[key.by] if key.by else None, wave.id)
        tables[key].lines.append(
            Line(
                position,
                row["option"],
                row["group"],
                row["statistic"],
                _integer(row["count"]),
                _integer(row["base"]),
                _integer(row["answered"]),
                _size(row["base"], row["effective_n"]),
                row["status"] in WITHHELD,
            )
        )
    for table in tables.values():
        _fill(table)
    return {key: tables[key] for key in sorted(tables, key=lambda k: tuple(part or "" for part in k))}


def _fill(table: Table) -> None:
    for line in table.lines:
        if line.withheld or line.option in REASONS:
            continue
        if line.option is not None and line.statistic in CELL_STATISTICS and line.count is not None:
            cell = Cell(line.option, line.group)
            if table.column is not None and line.group is None:
                table.option_totals[line.option] = line.count
            elif table.counts.setdefault(cell, line.count) != line.count and line.statistic != "share_mentions":
                raise SyntheseError.of(
                    "two-counts",
                    f"{table.key.question} has two counts for option {line.option!r}"
                    + (f" in group {line.group!r} of {table.key.by}" if line.group else ""),
                    fix="tabulate the question once",
                )
        if table.column is None and line.statistic != "share_mentions":
            table.answered = max(table.answered or 0, line.answered or 0, line.base or 0)
            if line.option is None or table.in_base(line.option):
                table.base = max(table.base, line.base or 0)
                table.size = max(table.size, line.size or 0.0)
        if table.column is not None and line.group is not None:
            if line.option is None and line.statistic == "count" and line.count is not None:
                table.group_bases[line.group] = line.count
            elif line.statistic in ("share", *SUMMARIES):
                table.group_bases[line.group] = max(table.group_bases.get(line.group, 0), line.base or 0)
    _in_order(table)
    if table.column is not None:
        _margins(table)


def _in_order(table: Table) -> None:
    """Put cells in the codebook's order, so that no decision depends on the order of the rows."""
    rows = {code: place for place, code in enumerate(table.row.codes)}
    columns = {code: place for place, code in enumerate(table.column.codes if table.column else ())}

    def place(cell: Cell) -> tuple[int, str, int, str]:
        group = cell.group or ""
        return rows.get(cell.option, len(rows)), cell.option, columns.get(group, len(columns)), group

    table.counts = {cell: table.counts[cell] for cell in sorted(table.counts, key=place)}


def _margins(table: Table) -> None:
    """Fill the margins of a cross that the rows do not state, from its cells or its bases."""
    additive = table.column is not None and table.column.kind not in ("multiple", "ranking")
    if additive:
        sums: dict[str, int] = {}
        for cell, count in table.counts.items():
            sums[cell.option] = sums.get(cell.option, 0) + count
        table.option_totals = {**sums, **table.option_totals}
    overall = []
    for line in table.lines:
        if line.statistic == "share_of_by" and line.option is not None and line.base is not None:
            table.option_totals[line.option] = line.base
        if line.statistic == "share_total" or (line.group is None and line.statistic in ("share", *SUMMARIES)):
            overall.append(line)
    sum_of_groups = sum(table.group_bases.values()) if additive else max(table.group_bases.values(), default=0)
    table.base = max((line.base or 0 for line in overall), default=sum_of_groups)
    table.size = max((line.size or 0.0 for line in overall), default=float(table.base))
