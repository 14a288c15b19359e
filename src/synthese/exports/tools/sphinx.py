"""Sphinx (Sphinx iQ, Sphinx Online): one header row, the second of the sheet, that opens with ``N°Obs``.

Belongs here: the tool's own columns in capitals (``CLE``, ``DATE_SAISIE``…), the number that it puts before
every question (``3. Âge``), and multi-selects as one column an option, headed ``Question_1``, ``Question_2``…,
whose cells hold the option's label or nothing. Columns of one stem are a multi-select where each but the last
holds one text at most, no two the same, and some text that is no number is met twice: scales kept in
``Bien-être_1``, ``Bien-être_2`` do not, and stay questions. A column is called by its option where two
respondents ticked it; a text seen once may be a respondent's own, as may any in the last column, where that
of « Autre » stands: these are called ``réponse 3``, a cell that names one of the options.

All this comes from programs that read such files, none from an export: ``N°Obs``, row 2, ``_1`` and the
capitals from several, each other point from one. Leads too: a newline of a question is written ``_`` (left as
it is: it may be an underscore), the lines of a table are headed ``Question (line)`` (left whole for the
codebook to cut), what is ticked may be joined by `` ; `` in one cell, times are day first. ``PROGRESSION``
tells whether an answer was finished, in words that change with the language: it is left as a column of the
tool's own.
"""

from __future__ import annotations

import datetime as dt
import re

from synthese.errors import SyntheseError
from synthese.exports.forms import Answers, Field, Ticked, Value
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_META: dict[str, Meta | None] = {
    "n°obs": "serial",
    "cle": "id",
    "date_saisie": "started",
    "date_enreg": "submitted",
    "date_modif": "modified",
    **dict.fromkeys(
        (
            "temps_saisie",
            "origine_saisie",
            "lang_saisie",
            "appareil_saisie",
            "progression",
            "derniere_question_saisie",
        )
    ),
}
_FIRST = "n°obs"
_WRITTEN = ("CLE", "DATE_SAISIE", "DATE_ENREG", "DATE_MODIF", "ORIGINE_SAISIE", "PROGRESSION")
_NUMBER = re.compile(r"(?s)(?P<number>\d+)\. (?P<label>.+)")
_PART = re.compile(r"(?s)(?P<stem>.+)_(?P<part>\d+)")


def _word(header: str) -> str:
    return re.sub(r"\s+", "", header).casefold().replace("º", "°")


def _first(table: Table) -> int | None:
    """Row of the header among the first three."""
    return next((row for row, record in enumerate(table.head[:3]) if _word(record[0]) == _FIRST), None)


def _recognise(table: Table) -> float:
    row = _first(table)
    if row is None:
        return 0.0
    told = sum(_word(header) in _META for header in table.head[row])
    return 0.95 if told > 1 else 0.8


def _numbered(header: Record) -> list[tuple[str | None, str]]:
    """Numbers that the tool put before the questions, and their labels; no number where one has none."""
    answers = [text for text in header if _word(text) not in _META]
    found = [_NUMBER.fullmatch(text) for text in answers]
    numbers = [int(match["number"]) for match in found if match]
    if len(numbers) < len(answers) or len(numbers) < 2 or numbers != sorted(numbers):
        return [(None, text) for text in header]
    out: list[tuple[str | None, str]] = []
    for text in header:
        match = None if _word(text) in _META else _NUMBER.fullmatch(text)
        out.append((match["number"], match["label"]) if match else (None, text))
    return out


def _run(labels: list[tuple[str | None, str]], start: int) -> list[int]:
    """Columns ``stem_1``, ``stem_2``… from here on."""
    places: list[int] = []
    stem = None
    for place in range(start, len(labels)):
        match = _PART.fullmatch(labels[place][1])
        if match is None or match["part"] != str(len(places) + 1) or stem not in (None, match["stem"]):
            break
        stem = match["stem"]
        places.append(place)
    return places if len(places) > 1 else []


def _options(table: Table, first: int, places: list[int]) -> list[str] | None:
    """Tell what the columns of one stem stand for; None where they are questions of their own."""
    texts = [table.cells[place].iloc[first:] for place in places]
    held = [column[column != ""].value_counts() for column in texts]
    labels = [str(counts.index[0]) for counts in held if len(counts) == 1]
    if any(len(counts) > 1 for counts in held[:-1]) or len(set(labels)) < len(labels):
        return None
    named = [len(counts) == 1 and int(counts.iloc[0]) > 1 for counts in held[:-1]]
    met = [str(counts.index[0]) for counts, sure in zip(held, named, strict=False) if sure]
    if all(text.strip().isdecimal() for text in met):
        return None  # no text shows an option, or they are points of a scale
    return [
        str(counts.index[0]) if sure else f"réponse {number}"
        for number, (counts, sure) in enumerate(zip(held, [*named, False], strict=True), start=1)
    ]


def _layout(table: Table) -> Layout:
    row = _first(table)
    if row is None:
        raise SyntheseError.of(
            "wrong-header",
            "none of the first three rows opens with “N°Obs”, as the header of a Sphinx export does",
            file=table.file,
            fix="export the data again with their header, give `header_row` in wave.yml, or name another tool",
        )
    header = table.head[row]
    labels = _numbered(header)
    columns: list[RawColumn] = []
    while len(columns) < len(header):
        index = len(columns)
        number, label = labels[index]
        if number is None and _word(label) in _META:
            columns.append(RawColumn(index, label, None, index + 1, kind="meta", meta=_META[_word(label)]))
            continue
        places = _run(labels, index)
        options = _options(table, row + 1, places) if places else None
        if options is None:
            columns.append(RawColumn(index, label, None, index + 1, code=number))
            continue
        stem = label.removesuffix("_1")
        for part, (place, option) in enumerate(zip(places, options, strict=True), start=1):
            columns.append(RawColumn(place, stem, option, place + 1, code=labels[place][0], part=str(part)))
    return Layout(tuple(columns), row + 1)


def _heads(field: Field, compact: bool) -> list[str]:
    label = field.label.replace("\n", "_")
    if field.kind == "grid":
        return [f"{label} ({item})".replace("\n", "_") for item in field.items]
    if field.kind == "one" or compact:
        return [label]
    width = len(field.items) + (field.other is not None)
    return [f"{label}_{part}" for part in range(1, width + 1)]


def _cells(field: Field, value: Value, compact: bool) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Ticked):
        return list(value)
    if compact:
        return [" ; ".join([*value.items, *([value.other] if value.other else [])])]
    return [*[i if i in value.items else "" for i in field.items], *([] if field.other is None else [value.other])]


def _stamp(iso: str) -> str:
    return dt.datetime.fromisoformat(iso).strftime("%d/%m/%Y %H:%M:%S") if iso else ""


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    heads: list[str] = []
    for number, field in enumerate(answers.fields, start=1):
        heads += [f"{number}. {head}" for head in _heads(field, dialect.compact)]
    header = ("N°Obs", *heads, *_WRITTEN)
    out: list[Record] = [(answers.title, *[""] * (len(header) - 1)), header]
    for number, submission in enumerate(answers.submissions, start=1):
        sent = _stamp(submission.meta.get("submitted", ""))
        cells = [str(number)]
        for field, value in zip(answers.fields, submission.values, strict=True):
            cells += _cells(field, value, dialect.compact)
        out.append(
            (*cells, f"K{number:05d}", sent, sent, _stamp(submission.meta.get("modified", "")), "Web", "Terminé")
        )
    return out


TOOL = Tool(
    name="sphinx",
    title="Sphinx",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(" ; ", ";"),
    variants={
        "xlsx": Dialect(suffix=".xlsx"),
        "csv": Dialect(delimiter=";", quote_all=True),
        "compact": Dialect(suffix=".xlsx", compact=True),
    },
)
