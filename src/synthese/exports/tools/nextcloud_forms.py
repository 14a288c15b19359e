"""Nextcloud Forms (Framaspace): CSV and XLSX, one header row, or two with the form's own names below.

Belongs here: the tool's columns open the file, headed in the language of who exports; later versions add the
submission's id and a second row that names every column (``question-id-12``, ``question-id-12-34`` for a grid
line or a ranked item), by which ``Question (line)`` is cut. What is ticked is joined by a semicolon and a
space, nothing quoted, the text of « Autre » among it. Times are ISO 8601 with the exporter's offset.

In a CSV a text that begins with ``= + - @``, a tab or a return is written after an apostrophe; it is taken off
(in ``labels``; cells stay as written) where no text of the file begins so without one. An apostrophe that a
respondent typed before such a character cannot be told from the tool's.

The versions that write ids give a grid or ranking left empty one cell instead of one a line, and so move the
answers after it to the left (read in ``SubmissionService::getSubmissionsData``): rows that may be moved are
told. Rows of simulations are not moved.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import numpy as np

from synthese.errors import Fault, SyntheseError
from synthese.exports.forms import Answers, Field, Ticked, Value
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_META: dict[str, Meta] = {
    **dict.fromkeys(("submission id", "id de soumission", "identifiant de soumission", "id de la soumission"), "id"),
    **dict.fromkeys(("user id", "identifiant utilisateur", "id utilisateur", "id de l'utilisateur"), "uid"),
    **dict.fromkeys(("user display name", "nom d'affichage de l'utilisateur", "nom d'affichage"), "user"),
    **dict.fromkeys(("timestamp", "horodatage"), "submitted"),
}
_NAMES: dict[str, Meta] = {
    "submission_id": "id",
    "user_id": "uid",
    "user_display_name": "user",
    "timestamp": "submitted",
}
_WRITTEN = ("ID de soumission", "Identifiant utilisateur", "Nom d'affichage de l'utilisateur", "Horodatage")
_QUESTION = re.compile(r"question-id-(?P<question>\d+)(?:-(?P<part>\d+(?:-\d+)?))?")
_BARE = ("=", "+", "-", "@", "\t", "\r")
_OFFSET = "+01:00"


def _word(header: str) -> str:
    return header.strip().casefold().replace("’", "'")


def _told(header: Record) -> list[Meta]:
    """Say what the tool's own columns at the left hold."""
    found: list[Meta] = []
    for text in header:
        if _word(text) not in _META:
            break
        found.append(_META[_word(text)])
    return found


def _ids(table: Table) -> Record | None:
    """Second row, where it names the columns."""
    if len(table.head) < 2:
        return None
    row = table.head[1]
    named = all(text in _NAMES or _QUESTION.fullmatch(text) for text in row if text)
    return row if named and any(_QUESTION.fullmatch(text) or text in _NAMES for text in row) else None


def _recognise(table: Table) -> float:
    if _ids(table) is not None:
        return 0.99
    told = _told(table.head[0])
    return 0.95 if told[-3:] == ["uid", "user", "submitted"] else 0.0


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def _cut(titles: list[str]) -> list[tuple[str, str]] | None:
    """Cut ``Question (line)`` titles of one question; None where a line leaves parentheses open.

    One way at most leaves every line balanced: a shorter line would begin after a parenthesis of a longer one
    that nothing closes.
    """
    first = titles[0]
    for place in range(len(first)):
        opening = first[: place + 2]
        if first[place : place + 2] != " (" or not all(t.startswith(opening) and t.endswith(")") for t in titles):
            continue
        lines = [title[len(opening) : -1] for title in titles]
        if all(line and _balanced(line) for line in lines):
            return [(first[:place], line) for line in lines]
    return None


def _unescaped(table: Table, first: int, columns: list[int]) -> dict[int, dict[str, str]]:
    """Texts that the tool put an apostrophe before, by column; none where some text went without."""
    out: dict[int, dict[str, str]] = {}
    if table.encoding == "xlsx":
        return out
    for index in columns:
        texts = table.cells[index].iloc[first:]
        if texts.str.startswith(_BARE).any():
            return {}
        marked = texts[texts.str.startswith("'")].unique()
        labels = {str(text): str(text)[1:] for text in marked if str(text)[1:].startswith(_BARE)}
        if labels:
            out[index] = labels
    return out


def _moved(table: Table, ids: Record, first: int) -> list[Fault]:
    """Rows in which a grid left empty may have moved the answers after it to the left."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(ids):
        if (found := _QUESTION.fullmatch(name)) and found["part"]:
            groups[found["question"]].append(index)
    filled = (table.cells.iloc[first:] != "").to_numpy(dtype=bool)
    suspect = np.zeros(len(filled), dtype=bool)
    for places in groups.values():
        width = len(places)
        if width > 1 and places[-1] < filled.shape[1] - 1:
            # The moved answers leave the end of the row empty, and some stand under the other lines.
            suspect |= ~filled[:, places[0]] & filled[:, places[1:]].any(axis=1) & ~filled[:, 1 - width :].any(axis=1)
    rows = table.rows[first:][suspect]
    if not len(rows):
        return []
    what = (
        f"{len(rows)} row(s) may hold answers one question too far left (this version of the tool writes a grid "
        f"or ranking left empty as one cell): {', '.join(map(str, rows[:10]))}"
    )
    fix = "compare these rows with the answers shown on the site, and correct the export"
    return [Fault("answers-moved", what, file=table.file, row=int(rows[0]), fix=fix)]


def _layout(table: Table) -> Layout:
    header, ids = table.head[0], _ids(table)
    first = 1 if ids is None else 2
    told = _told(header)
    if ids is None and not told:
        raise SyntheseError.of(
            "wrong-header",
            "a Nextcloud Forms export opens with the user's id and name and the time; this file opens with "
            f"{header[0]!r}",
            file=table.file,
            row=int(table.rows[0]),
            column=header[0] or None,
            fix="export it again, give `header_row` in wave.yml, or name another tool",
        )
    titles: dict[str, list[str]] = defaultdict(list)
    found = [_QUESTION.fullmatch(name) for name in ids] if ids is not None else [None] * len(header)
    for match, title in zip(found, header, strict=True):
        if match is not None and match["part"]:
            titles[match["question"]].append(title)
    lines = {question: iter(cut) for question, group in titles.items() if (cut := _cut(group)) is not None}
    answers = [i for i in range(len(header)) if (ids[i] not in _NAMES if ids is not None else i >= len(told))]
    labels = _unescaped(table, first, answers)
    columns = []
    for index, (match, title) in enumerate(zip(found, header, strict=True)):
        if index not in answers:
            meta = _NAMES[ids[index]] if ids is not None else told[index]
            columns.append(RawColumn(index, title, None, index + 1, kind="meta", meta=meta))
            continue
        question, line = title, None
        if match is not None and match["part"] and match["question"] in lines:
            question, line = next(lines[match["question"]])
        code = f"question-id-{match['question']}" if match is not None else None
        part = match["part"] if match is not None else None
        columns.append(RawColumn(index, question, line, index + 1, code=code, part=part, labels=labels.get(index, {})))
    return Layout(tuple(columns), first, tuple(_moved(table, ids, first) if ids is not None else ()))


def _heads(field: Field, number: int) -> list[tuple[str, str]]:
    """Title and name of each column of one question."""
    if field.kind != "grid":
        return [(field.label, f"question-id-{number}")]
    return [
        (f"{field.label} ({item})", f"question-id-{number}-{100 * number + place}")
        for place, item in enumerate(field.items, start=1)
    ]


def _cells(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Ticked):
        return ["; ".join([*value.items, *([value.other] if value.other else [])])]
    return list(value)


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    ids = dialect.codes
    heads = [head for number, field in enumerate(answers.fields, start=1) for head in _heads(field, number)]
    out: list[Record] = [(*(_WRITTEN if ids else _WRITTEN[1:]), *[title for title, _ in heads])]
    if ids:
        out.append((*_NAMES, *[name for _, name in heads]))
    for number, submission in enumerate(answers.submissions, start=1):
        stamp = submission.meta.get("submitted", "")
        told = dt.datetime.fromisoformat(stamp).isoformat() + _OFFSET if stamp else ""
        cells = [cell for value in submission.values for cell in _cells(value)]
        if dialect.suffix == ".csv":
            cells = [f"'{cell}" if cell.startswith(_BARE) else cell for cell in cells]
        out.append((*([str(number)] if ids else []), "", "Utilisateur anonyme", told, *cells))
    return out


TOOL = Tool(
    name="nextcloud-forms",
    title="Nextcloud Forms",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=("; ",),
    variants={
        "csv": Dialect(encoding="utf-8-sig", quote_all=True, codes=True),
        "older-csv": Dialect(encoding="utf-8-sig", quote_all=True),
        "xlsx": Dialect(suffix=".xlsx", codes=True),
    },
)
