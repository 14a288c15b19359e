"""Plain CSV and XLSX: one header row, one record a row, no tool's habits.

Belongs here: the reader of last resort, for files whose ``wave.yml`` maps the columns. Multi-selects stand
in one column per option, ``Question [option]``, filled with ``1`` or empty.
"""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from synthese.errors import Fault, SyntheseError
from synthese.exports.forms import Answers, Ticked
from synthese.exports.model import Dialect, Layout, RawColumn, Record, Table, Tool

_ALWAYS_POSSIBLE = 0.2


def _recognise(table: Table) -> float:
    del table  # any table can be plain
    return _ALWAYS_POSSIBLE


def _layout(table: Table) -> Layout:
    header = table.head[0]
    # Two columns without header are told apart by their place; two of one name may be a mistake.
    counts = Counter(name for name in header if name)
    faults = [
        Fault(
            "duplicate-header",
            f"{count} columns have this header: {', '.join(str(p) for p, h in enumerate(header, 1) if h == name)}",
            file=table.file,
            row=int(table.rows[0]),
            column=name,
            fix="name the tool in wave.yml if it writes such columns (`tool: google-forms`), or rename one",
        )
        for name, count in counts.items()
        if count > 1
    ]
    if faults:
        raise SyntheseError(faults)
    return Layout(tuple(RawColumn(i, name, None, i + 1) for i, name in enumerate(header)), 1)


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    del dialect
    header: list[str] = []
    for field in answers.fields:
        if field.kind == "one":
            header.append(field.label)
        else:
            items = (*field.items, *((field.other,) if field.other is not None else ()))
            header += [f"{field.label} [{item}]" for item in items]
    out: list[Record] = [tuple(header)]
    for submission in answers.submissions:
        cells: list[str] = []
        for field, value in zip(answers.fields, submission.values, strict=True):
            if isinstance(value, str):
                cells.append(value)
            elif isinstance(value, Ticked):
                cells += ["1" if item in value.items else "" for item in field.items]
                cells += [value.other] if field.other is not None else []
            else:
                cells += [cell or "" for _, cell in zip_longest(field.items, value)]
        out.append(tuple(cells))
    return out


TOOL = Tool(
    name="plain",
    title="CSV or XLSX without a tool's habits",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(", ", ";", ",", "|", "\n"),
    branching=True,
    variants={"csv": Dialect(), "semicolon": Dialect(delimiter=";"), "xlsx": Dialect(suffix=".xlsx")},
)
