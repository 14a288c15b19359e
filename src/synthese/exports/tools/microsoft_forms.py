"""Microsoft Forms answers: the XLSX download, and a CSV that Excel made of it.

Belongs here: one header row that opens with the tool's own columns (numbered answer, start, end, e-mail, name);
what is ticked in one cell with ``;`` after every choice, the last included, the free text of « Autre » among
them; a ranking as its items in order, the same way; one column per statement of a Likert question, headed by the
statement alone; columns of points and feedback of a quiz. As a sheet's table has no two headers alike, the second
``Nom`` is written ``Nom2``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthese.errors import Fault
from synthese.exports.forms import Answers, Field, Ticked, Value
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_OWN: dict[str, Meta | None] = {
    "id": "id",
    "start time": "started",
    "heure de début": "started",
    "completion time": "submitted",
    "heure de fin": "submitted",
    "email": "email",
    "adresse de messagerie": "email",
    "adresse e-mail": "email",
    "name": "user",
    "nom": "user",
    "last modified time": "modified",
    "heure de la dernière modification": "modified",
    "language": None,
    "langue": None,
    "total points": None,
    "total des points": None,
    "quiz feedback": None,
}
_WRITTEN = ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", "Heure de la dernière modification")
_MARKED = re.compile(r"(?s)(?:Points|Feedback|Commentaires) - (?P<question>.+)")
_NUMBERED = re.compile(r"(?s)(?P<header>.*[^0-9])(?P<number>[1-9][0-9]{0,2})")


def _word(header: str) -> str:
    return " ".join(header.split()).casefold().replace("’", "'")


def _own(header: Record) -> int:
    """How many columns at the left are the tool's own; a question may have the name of one."""
    seen: set[str] = set()
    for text in header:
        word = _word(text)
        if word not in _OWN or word in seen:
            break
        seen.add(word)
    return len(seen)


def _recognise(table: Table) -> float:
    header = table.head[0]
    known = [_OWN[_word(text)] for text in header[: _own(header)]]
    if known[:3] != ["id", "started", "submitted"]:
        return 0.0
    return 0.95 if {"email", "user"} & set(known) else 0.8


def _unnumbered(header: Sequence[str]) -> dict[int, str]:
    """Headers that a number was put behind because an earlier column has them, by place.

    A header that ends in a digit by itself (``Q1``) is left alone: ``Q12`` is a question of its own.
    """
    times: dict[str, int] = {}
    out: dict[int, str] = {}
    for index, text in enumerate(header):
        found = _NUMBERED.fullmatch(text)
        if found is not None and times.get(found["header"].casefold(), 0) == int(found["number"]) - 1 > 0:
            out[index] = found["header"]
        key = out.get(index, text).casefold()
        times[key] = times.get(key, 0) + 1
    return out


def _layout(table: Table) -> Layout:
    header = table.head[0]
    own, again = _own(header), _unnumbered(header)
    columns: list[RawColumn] = []
    marks = 0
    for index, text in enumerate(header):
        marked = _MARKED.fullmatch(text)
        if index < own:
            columns.append(RawColumn(index, text, None, index + 1, "meta", _OWN[_word(text)]))
        elif marked is not None and marked["question"] in header:
            columns.append(RawColumn(index, text, None, index + 1, "meta"))
            marks += 1
        elif index in again:
            columns.append(RawColumn(index, again[index], None, index + 1, code=text))
        else:
            columns.append(RawColumn(index, text, None, index + 1))
    notes = []
    if marks:
        what = f"{marks} column(s) of points and feedback of a quiz were left aside"
        notes.append(Fault("quiz-columns", what, file=table.file, row=int(table.rows[0])))
    if again:
        places = ", ".join(str(index + 1) for index in sorted(again))
        what = f"columns {places} end in a number that is there because an earlier column has the same header"
        fix = "if the number belongs to the question, name that header under `aliases` in wave.yml"
        notes.append(Fault("numbered-headers", what, file=table.file, row=int(table.rows[0]), fix=fix))
    return Layout(tuple(columns), 1, tuple(notes))


def _joined(texts: Sequence[str]) -> str:
    return "".join(f"{text};" for text in texts)


def _heads(field: Field) -> Sequence[str]:
    return field.items if field.kind == "grid" and field.answer != "ranking" else (field.label,)


def _cells(field: Field, value: Value) -> list[str]:
    if isinstance(value, str):
        return [value.replace(",", ".") if field.answer == "numeric" else value]
    if isinstance(value, Ticked):
        return [_joined([*value.items, *([value.other] if value.other else [])])]
    if field.answer == "ranking":
        ranked = sorted((int(rank), item) for rank, item in zip(value, field.items, strict=True) if rank.strip())
        return [_joined([item for _, item in ranked])]
    return list(value)


def _numbered(header: Sequence[str]) -> list[str]:
    """Make headers different from each other, case aside, as a sheet's table does."""
    out: list[str] = []
    taken: set[str] = set()
    for text in header:
        name, number = text, 1
        while name.casefold() in taken:
            number += 1
            name = f"{text}{number}"
        taken.add(name.casefold())
        out.append(name)
    return out


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    del dialect  # the CSV is the same sheet
    out: list[Record] = [tuple(_numbered([*_WRITTEN, *(head for field in answers.fields for head in _heads(field))]))]
    for number, submission in enumerate(answers.submissions, start=1):
        stamp = submission.meta.get("submitted", "")
        user = submission.meta.get("user", "")
        cells = [str(number), stamp, stamp, "anonymous", user, ""]
        for field, value in zip(answers.fields, submission.values, strict=True):
            cells += _cells(field, value)
        out.append(tuple(cells))
    return out


TOOL = Tool(
    name="microsoft-forms",
    title="Microsoft Forms",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(";",),
    branching=True,
    variants={
        "xlsx": Dialect(suffix=".xlsx"),
        "csv": Dialect(encoding="utf-8-sig", delimiter=";", line_end="\r\n"),
    },
)
