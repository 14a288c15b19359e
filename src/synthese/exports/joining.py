"""Several files of one wave made one table: a tool that caps its exports, two teams in the field.

Belongs here: telling that files have the same columns, and putting their answers one after the other. Does not: what
a column is (each tool's layout).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.errors import Fault, SyntheseError
from synthese.exports.model import Layout, RawColumn, Table

_Key = tuple[Any, ...]
_FIX = "export every file with the same settings, or make what is asked otherwise a wave of its own"


def joined(tables: Sequence[Table], layouts: Sequence[Layout]) -> tuple[Table, npt.NDArray[np.object_]]:
    """Put the answers of several files under the header of the first, in the order of the files.

    Parameters
    ----------
    tables, layouts : sequence
        The files, two at least, and what their tool makes of each.

    Returns
    -------
    Table, ndarray of str, shape (n,)
        The table, its ``rows`` those of each file; and the file of each record of answers.

    Raises
    ------
    SyntheseError
        A file lacks a column of the first or has one more, or tells of another form: every fault, with file and header.
    """
    first, head = tables[0], layouts[0].header_records
    faults: list[Fault] = []
    bodies, rows, names = [first.cells.iloc[head:]], [first.rows], [first.file] * (len(first) - head)
    for table, layout in zip(tables[1:], layouts[1:], strict=True):
        if table.structure != first.structure:
            what = f"this file has another form (questions, options or labels) than {first.file}"
            faults.append(Fault("form-differs", what, file=table.file, fix=_FIX))
        order, differing = _order(first, layouts[0], table, layout)
        faults += differing
        if faults:
            continue
        body = table.cells.iloc[layout.header_records :, order]
        bodies.append(body.set_axis(first.cells.columns, axis=1))
        rows.append(table.rows[layout.header_records :])
        names += [table.file] * len(body)
    if faults:
        raise SyntheseError(faults)
    cells = pd.concat([first.cells.iloc[:head], *bodies], ignore_index=True)
    notes = tuple(note for table in tables for note in table.notes)
    return replace(first, cells=cells, rows=np.concatenate(rows), notes=notes), np.array(names, dtype=object)


def _order(first: Table, wanted: Layout, table: Table, layout: Layout) -> tuple[list[int], list[Fault]]:
    """Give the place in a file of each column of the first file, or what differs."""
    heads = [one.cells.iloc[: seen.header_records] for one, seen in ((first, wanted), (table, layout))]
    if heads[0].shape == heads[1].shape and (heads[0].to_numpy() == heads[1].to_numpy()).all():
        return list(range(heads[0].shape[1])), []
    names, others = (list(zip(*head.to_numpy().tolist(), strict=True)) for head in heads)
    if len(set(names)) == len(names) and sorted(names) == sorted(others):
        # By the words of the file: what a column is may hang on its neighbours (Tally's options follow their question).
        return [others.index(name) for name in names], []
    known, found = _keys(wanted.columns), _keys(layout.columns)
    if known.keys().isdisjoint(found):
        # Its first row may be an answer: nothing of it is repeated.
        what = f"no column of this file is named as in {first.file}: is its first row an answer, or its tool another?"
        fix = "give every file the header of the first, or make what is asked otherwise a wave of its own"
        return [], [Fault("header-lacking", what, file=table.file, row=_row(table), fix=fix)]
    lacks = [
        Fault(
            "column-lacking",
            f"this file lacks a column that {first.file} has",
            file=table.file,
            row=_row(table),
            column=column.label or f"#{column.position}",
            fix=_FIX,
        )
        for key, column in known.items()
        if key not in found
    ]
    more = [
        Fault(
            "column-added",
            f"this file has a column that {first.file} lacks",
            file=table.file,
            row=_row(table),
            column=column.label or f"#{column.position}",
            fix=_FIX,
        )
        for key, column in found.items()
        if key not in known
    ]
    return [found[key].index for key in known if key in found], [*lacks, *more]


def _row(table: Table) -> int:
    return int(table.rows[0])


def _keys(columns: Sequence[RawColumn]) -> dict[_Key, RawColumn]:
    """Tell columns apart by their names, and those of one name by their order."""
    seen: Counter[_Key] = Counter()
    out = {}
    for column in columns:
        name = (column.header, column.sub, column.code, column.part)
        out[(*name, seen[name])] = column
        seen[name] += 1
    return out
