"""Tally: one header row that opens with ``Submission ID``; every multi-select stands twice.

Belongs here: a multi-select is one column that joins what was ticked by a comma and a space (in the order of
the clicks, nothing quoted), then a column of TRUE and FALSE an option, headed ``Question (option)``, all
empty where nothing was ticked. Such a column is told by the header at the left that its own repeats, so
parentheses in questions and options cut nothing, and by its cells, so a question ``Budget (en euros)`` after a
question ``Budget`` stays one. Where neither says (both never answered), the header stays whole and the
codebook settles it. A header may be empty, and the same header may come twice. A ranking is one cell, first
item first.

Leads, not seen in an export: the lines of a matrix as ``Question (line)`` columns, left whole for the
codebook to cut; the text of « Other » in the joining cell; hidden fields as columns of their own name.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from synthese.errors import SyntheseError
from synthese.exports.forms import Answers, Field, Ticked, Value
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_META: dict[str, Meta | None] = {"submission id": "id", "respondent id": "user", "submitted at": "submitted"}
_WRITTEN = ("Submission ID", "Respondent ID", "Submitted at")
_TRUE, _FALSE = "TRUE", "FALSE"
_LOGICAL = {"", "true", "false"}


def _word(header: str) -> str:
    return header.strip().casefold()


def _info_columns(header: Record) -> int:
    """How many columns at the left are the tool's own."""
    count = 0
    while count < len(header) and _word(header[count]) in _META:
        count += 1
    return count


def _recognise(table: Table) -> float:
    words = [_word(header) for header in table.head[0][:3]]
    if words[0] != "submission id":
        return 0.0
    return 0.97 if "submitted at" in words else 0.6


def _option(header: str, question: str) -> str | None:
    """Option that a header ``question (option)`` names."""
    opening = f"{question} ("
    if not (header.startswith(opening) and header.endswith(")")) or len(header) <= len(opening) + 1:
        return None
    return header[len(opening) : -1]


def _options(table: Table, start: int) -> list[str]:
    """Options in the columns at the right of a joining one; empty where it joins none."""
    header = table.head[0]
    found: list[str] = []
    for name in header[start + 1 :]:
        option = _option(name, header[start]) or _option(name, header[start].rstrip())
        if option is None or not header[start].strip():
            break
        found.append(option)
    if not found:
        return []
    joined = (table.cells[start].iloc[1:] != "").to_numpy(dtype=bool)
    for count in range(len(found)):
        cells = table.cells[start + 1 + count].iloc[1:]
        filled = (cells != "").to_numpy(dtype=bool)
        logical = all(str(text).strip().casefold() in _LOGICAL for text in cells.unique())
        if not logical or (np.any(joined) and not np.any(filled)):
            return found[:count]
    # One column that nobody filled may as well be a question of its own.
    return found if len(found) > 1 or np.any(joined) else []


def _layout(table: Table) -> Layout:
    header = table.head[0]
    if _word(header[0]) not in _META:
        raise SyntheseError.of(
            "wrong-header",
            f"a Tally export opens with “Submission ID”; this file opens with {header[0]!r}",
            file=table.file,
            row=int(table.rows[0]),
            column=header[0] or None,
            fix="give `header_row` in wave.yml where lines stand above the header, or name another tool",
        )
    info = _info_columns(header)
    columns = [RawColumn(i, header[i], None, i + 1, kind="meta", meta=_META[_word(header[i])]) for i in range(info)]
    while len(columns) < len(header):
        start = len(columns)
        columns.append(RawColumn(start, header[start], None, start + 1))
        for option in _options(table, start):
            columns.append(RawColumn(len(columns), header[start], option, len(columns) + 1))
    return Layout(tuple(columns), 1)


def _heads(field: Field) -> list[str]:
    if field.kind == "one" or field.answer == "ranking":
        return [field.label]
    other = () if field.other is None else (field.other,)
    columns = [f"{field.label} ({item})" for item in (*field.items, *other)]
    return columns if field.kind == "grid" else [field.label, *columns]


def _cells(field: Field, value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Ticked):
        if field.answer != "ranking":
            return list(value)
        ranked = sorted((int(rank), place) for place, rank in enumerate(value) if rank)
        return [", ".join(field.items[place] for _, place in ranked)]
    width = len(field.items) + (field.other is not None)
    if not value.items and not value.other:
        return [""] * (1 + width)
    ticks = [_TRUE if item in value.items else _FALSE for item in field.items]
    if field.other is not None:
        ticks.append(_TRUE if value.other else _FALSE)
    return [", ".join([*value.items, *([value.other] if value.other else [])]), *ticks]


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    del dialect  # one way of writing
    out: list[Record] = [(*_WRITTEN, *[head for field in answers.fields for head in _heads(field)])]
    for number, submission in enumerate(answers.submissions, start=1):
        stamp = submission.meta.get("submitted", "")
        cells = [f"S{number:05d}", f"R{number:05d}", dt.datetime.fromisoformat(stamp).isoformat(" ") if stamp else ""]
        for field, value in zip(answers.fields, submission.values, strict=True):
            cells += _cells(field, value)
        out.append(tuple(cells))
    return out


TOOL = Tool(
    name="tally",
    title="Tally",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(", ",),
    branching=True,
    variants={"csv": Dialect(encoding="utf-8-sig")},
)
