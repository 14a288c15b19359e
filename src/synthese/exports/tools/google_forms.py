"""Google Forms answers: the Sheets CSV (the Forms' own download too) and XLSX.

Belongs here: one header row that opens with the time stamp; multi-selects joined in one cell; grids as
``Question [ligne]`` columns; a question repeated in the branches of a form gives columns of one name.
"""

from __future__ import annotations

import datetime as dt
import re

from synthese.exports.forms import Answers, Ticked
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_STAMPS = {"horodateur", "timestamp"}
_USERS = {"nom d'utilisateur", "adresse e-mail", "username", "email address"}
_GRID = re.compile(r"(?s)(?P<question>.+?) \[(?P<row>.+)\]\s*")


def _word(header: str) -> str:
    return header.strip().casefold().replace("’", "'")


def _recognise(table: Table) -> float:
    return 0.9 if _word(table.head[0][0]) in _STAMPS else 0.0


def _layout(table: Table) -> Layout:
    columns = []
    for index, header in enumerate(table.head[0]):
        meta: Meta | None = None
        if index == 0 and _word(header) in _STAMPS:
            meta = "submitted"
        elif index == 1 and _word(header) in _USERS:
            meta = "user"
        grid = _GRID.fullmatch(header)
        columns.append(
            RawColumn(
                index,
                grid["question"] if grid else header,
                grid["row"] if grid else None,
                index + 1,
                kind="meta" if meta else "answer",
                meta=meta,
            )
        )
    return Layout(tuple(columns), 1)


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    # Sheets joins what is ticked by a comma and a space, the Forms' own download by a semicolon; neither quotes.
    joint = ";" if dialect.compact else ", "
    header = ["Horodateur"]
    for field in answers.fields:
        header += [f"{field.label} [{row}]" for row in field.items] if field.kind == "grid" else [field.label]
    out: list[Record] = [tuple(header)]
    for submission in answers.submissions:
        stamp = submission.meta.get("submitted", "")
        cells = [dt.datetime.fromisoformat(stamp).strftime("%d/%m/%Y %H:%M:%S") if stamp else ""]
        for value in submission.values:
            if isinstance(value, str):
                cells.append(value)
            elif isinstance(value, Ticked):
                cells.append(joint.join([*value.items, *([value.other] if value.other else [])]))
            else:
                cells += value
        out.append(tuple(cells))
    return out


TOOL = Tool(
    name="google-forms",
    title="Google Forms",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(", ", ";"),
    branching=True,
    variants={
        "csv": Dialect(line_end="\r\n"),
        "forms-csv": Dialect(line_end="\r\n", quote_all=True, compact=True),
        "xlsx": Dialect(suffix=".xlsx"),
    },
)
