"""YesWiki Bazar entries, CSV.

Belongs here: one header row that opens with the two dates; `` *`` behind the label of a required question;
answers of closed questions written as a line of CSV inside the cell (a label with a space or a comma stands in
quotes, which the file's own quotes double), so that they are cut twice; the columns of a user's page and of a map.
Labels are given for texts in quotes (`RawColumn.labels`); cells stay as written. A value that the list
of the wiki no longer has stands as its key. PHP writes no second quote after a backslash: such a file cannot be read.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from synthese.errors import Fault
from synthese.exports.forms import Answers, Field, Ticked, Value
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_DATES: dict[str, Meta] = {"datetime_create": "submitted", "datetime_latest": "modified"}
_OWN: dict[str, Meta | None] = {
    **_DATES,
    "NomWiki": "user",
    "nomwiki": "user",
    "id_fiche": "id",
    "bf_latitude": None,
    "bf_longitude": None,
}
_PASSWORDS = {"Mot de passe", "mot_de_passe_wikini"}
_REQUIRED = " *"
_QUOTED = re.compile(r'[,"\\\n\r\t ]')  # what PHP puts in quotes
_OPENS = re.compile(r'(?:\A|,)"')
_MAP = re.compile(r'(?s)\[\]|\{.*"(?:bf_)?l(?:atitude|ongitude)":.*\}|\{"geometries":.*\}')


def _recognise(table: Table) -> float:
    there = len(set(_DATES) & set(table.head[0][:2]))
    return 0.95 if there == 2 else 0.7 if there else 0.0


def _pieces(line: str) -> list[tuple[str, str]]:
    """Cut a cell's line into options, each as written and without its quotes; empty where it is no such line."""
    for options, write in ((_by_doubled_quotes(line), _piece), (_by_bare_quotes(line), _older_piece)):
        written = [write(option) for option in options]
        if ",".join(written) == line:
            return list(zip(written, options, strict=True))
    return []


def _by_doubled_quotes(line: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line, newline=""), strict=True), [])
    except csv.Error:
        return []  # quotes that someone typed


def _by_bare_quotes(line: str) -> list[str]:
    """Cut a line of an older wiki, which doubles no quote: one that opens an option closes before a comma."""
    out: list[str] = []
    place = 0
    while place < len(line):
        quoted = line[place] == '"'
        end = line.find('",' if quoted else ",", place + quoted)
        if end < 0:
            end = len(line) - quoted
        out.append(line[place + quoted : end])
        place = end + quoted + 1
    return out


def _piece(label: str) -> str:
    """Write one option as PHP does in a line of CSV."""
    if not _QUOTED.search(label):
        return label
    return '"' + re.sub(r'(?<!\\)"', '""', label) + '"'


def _older_piece(label: str) -> str:
    return f'"{label}"' if "," in label or label.startswith('"') else label


def _labels(cells: pd.Series) -> Mapping[str, str]:
    """Texts in quotes and what they stand for; empty for a column of texts that people wrote, but by accident."""
    quoted = sorted(cell for cell in cells.unique() if _OPENS.search(cell))
    return {written: label for cell in quoted for written, label in _pieces(cell) if written != label}


def _layout(table: Table) -> Layout:
    columns: list[RawColumn] = []
    maps: list[str] = []
    passwords = 0
    for index, header in enumerate(table.head[0]):
        label = header.removesuffix(_REQUIRED)
        cells = table.cells[index].iloc[1:]
        own = label in _OWN or label in _PASSWORDS
        position = not own and bool((cells != "").any()) and _all(_MAP, cells)
        if own or position:
            passwords += label in _PASSWORDS
            maps += [label] if position else []
            columns.append(RawColumn(index, label, None, index + 1, "meta", _OWN.get(label)))
        else:
            columns.append(RawColumn(index, label, None, index + 1, labels=_labels(cells)))
    notes = []
    row = int(table.rows[0])
    if passwords:
        what = f"{passwords} column(s) of passwords were left aside"
        fix = "delete them from this file: nothing needs them"
        notes.append(Fault("password-column", what, file=table.file, row=row, fix=fix))
    if maps:
        what = f"positions on a map were left aside: {', '.join(map(repr, maps))}"
        notes.append(Fault("map-column", what, file=table.file, row=row))
    return Layout(tuple(columns), 1, tuple(notes))


def _all(pattern: re.Pattern[str], cells: pd.Series) -> bool:
    return all(pattern.fullmatch(cell) for cell in cells.unique() if cell)


def _line(labels: Iterable[str]) -> str:
    return ",".join(_piece(label) for label in labels)


def _closed(field: Field) -> bool:
    return field.kind == "many" or bool(field.options)


def _heads(field: Field) -> Sequence[str]:
    """Headers of one question: a text of its own for « Autre », a list of its own for each line of a grid."""
    star = _REQUIRED if field.required else ""
    if field.kind == "grid":
        return [f"{field.label} [{row}]{star}" for row in field.items]
    other = [f"{field.label} [{field.other}]"] if field.other is not None and _closed(field) else []
    return [field.label + star, *other]


def _cells(field: Field, value: Value) -> list[str]:
    if isinstance(value, Ticked):
        free = [value.other] if field.other is not None else []
        return [_line([*value.items, *([field.other] if field.other is not None and value.other else [])]), *free]
    if not isinstance(value, str):
        return [_line([cell]) if cell in field.options else cell for cell in value]
    if not _closed(field):
        return [value]
    if field.other is None:
        return [_line([value]) if value else ""]
    free_text = value if value and value not in field.options else ""
    told = field.other if free_text else value
    return [_line([told]) if told else "", free_text]


def _date(stamp: str) -> str:
    return dt.datetime.fromisoformat(stamp).strftime("%d/%m/%Y %H:%M:%S") if stamp else ""


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    del dialect  # written one way
    out: list[Record] = [(*_DATES, *(head for field in answers.fields for head in _heads(field)))]
    for submission in answers.submissions:
        begun = submission.meta.get("submitted", "")
        cells = [_date(begun), _date(submission.meta.get("modified", "") or begun)]
        for field, value in zip(answers.fields, submission.values, strict=True):
            cells += _cells(field, value)
        out.append(tuple(cells))
    return out


TOOL = Tool(
    name="yeswiki",
    title="YesWiki Bazar",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(",",),
    variants={"csv": Dialect()},
)
