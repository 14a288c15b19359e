"""Google Forms answers: the Sheets CSV (the Forms' own download too) and XLSX.

Belongs here: one header row that opens with the time stamp; multi-selects joined in one cell; grids as
``Question [ligne]`` columns; a question repeated in the branches of a form gives columns of one name. A quiz
adds ``Score`` (``7 / 10``) after the stamp and the address. Times are local in Sheets
(``12/03/2024 10:00:00``); the Forms' own download adds the offset (``2024/03/12 10:00:00 AM UTC+1``, a lead).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

import pandas as pd

from synthese.exports.forms import Answers, Ticked
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_STAMPS = {"horodateur", "timestamp"}
_USERS: dict[str, Meta] = {
    "nom d'utilisateur": "user",
    "username": "user",
    "adresse e-mail": "email",
    "email address": "email",
}
_SCORES = {"score", "score total", "total score"}
_SCORE = re.compile(r"\d+([.,]\d+)?( ?/ ?\d+([.,]\d+)?)?")
_GRID = re.compile(r"(?s)(?P<question>.+?) \[(?P<row>.+)\]\s*")


def _word(header: str) -> str:
    return header.strip().casefold().replace("’", "'")


def _recognise(table: Table) -> float:
    return 0.9 if _word(table.head[0][0]) in _STAMPS else 0.0


def _meta(header: Record, index: int, cells: pd.Series) -> Meta | Literal["score"] | None:
    """Say what the tool tells in one of the first columns."""
    word = _word(header[index])
    if index == 0 and word in _STAMPS:
        return "submitted"
    if index == 1 and word in _USERS:
        return _USERS[word]
    scored = word in _SCORES and all(not text or _SCORE.fullmatch(text) for text in cells.unique())
    if 0 < index < 3 and scored and (index == 1 or _word(header[1]) in _USERS):
        return "score"
    return None


def _layout(table: Table) -> Layout:
    header = table.head[0]
    columns = []
    for index, text in enumerate(header):
        meta = _meta(header, index, table.cells[index].iloc[1:])
        grid = _GRID.fullmatch(text)
        columns.append(
            RawColumn(
                index,
                grid["question"] if grid else text,
                grid["row"] if grid else None,
                index + 1,
                kind="meta" if meta else "answer",
                meta=None if meta == "score" else meta,
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
