"""Framaforms (Drupal 7 Webform): three header rows.

Belongs here: row 1 has the form's title, row 2 the labels of questions with several columns, row 3 the
labels of options, grid lines and one-column questions. Multi-selects are separate (one column per option,
``X`` or empty, then a column for the text of « Autre ») or compact (one cell, joined by a comma, unquoted).
"""

from __future__ import annotations

from synthese.errors import SyntheseError
from synthese.exports.forms import Answers, Field, Submission, Ticked
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_INFO: dict[str, Meta] = {
    "serial": "serial",
    "webform_serial": "serial",
    "numéro": "serial",
    "numéro de série": "serial",
    "sid": "id",
    "webform_sid": "id",
    "submitted time": "submitted",
    "webform_time": "submitted",
    "heure de soumission": "submitted",
    "completed time": "completed",
    "webform_completed_time": "completed",
    "heure d'achèvement": "completed",
    "modified time": "modified",
    "webform_modified_time": "modified",
    "heure de modification": "modified",
    "draft": "draft",
    "webform_draft": "draft",
    "brouillon": "draft",
    "ip address": "ip",
    "webform_ip_address": "ip",
    "adresse ip": "ip",
    "uid": "uid",
    "webform_uid": "uid",
    "username": "user",
    "webform_username": "user",
    "nom d'utilisateur": "user",
}
# The labels Framaforms shows in French, in the order of the export.
_WRITTEN: tuple[tuple[str, str], ...] = (
    ("Numéro de série", "serial"),
    ("SID", "id"),
    ("Heure de soumission", "submitted"),
    ("Heure d’achèvement", "completed"),
    ("Heure de modification", "modified"),
    ("Brouillon", "draft"),
    ("Adresse IP", "ip"),
    ("UID", "uid"),
    ("Nom d’utilisateur", "user"),
)
_DETAILS = {"submission details", "submission_details", "détails de la soumission"}


def _word(text: str) -> str:
    return text.strip().casefold().replace("’", "'")


def _info_columns(header: Record) -> int:
    """How many columns at the left are the tool's own."""
    count = 0
    for label in header:
        if _word(label) not in _INFO:
            break
        count += 1
    return count


def _recognise(table: Table) -> float:
    if len(table) < 3:
        return 0.0
    titles, groups, labels = table.head[:3]
    if any(titles[1:]) or not all(labels) or not _info_columns(labels):
        return 0.0
    return 0.98 if _word(groups[0]) in _DETAILS else 0.8


def _layout(table: Table) -> Layout:
    if len(table) < 3:
        raise SyntheseError.of(
            "short-header",
            f"a Framaforms export opens with three header rows; this file has {len(table)} row(s)",
            file=table.file,
            fix="export again with the labels as header, or name another tool in wave.yml",
        )
    titles, groups, labels = table.head[:3]
    if any(titles[1:]):
        raise SyntheseError.of(
            "wrong-header",
            "the first row of a Framaforms export holds the form's title alone",
            file=table.file,
            row=int(table.rows[0]),
            fix="export again with the labels as header, or name another tool in wave.yml",
        )
    info = _info_columns(labels)
    columns: list[RawColumn] = []
    group: str | None = None
    for index, label in enumerate(labels):
        if index < info:
            meta = _INFO[_word(label)]
            columns.append(RawColumn(index, label, None, index + 1, kind="meta", meta=meta))
        elif groups[index]:
            group = groups[index]
            columns.append(RawColumn(index, group, label, index + 1))
        elif group is not None:
            columns.append(RawColumn(index, group, label, index + 1, loose=True))
        else:
            columns.append(RawColumn(index, label, None, index + 1))
    return Layout(tuple(columns), 3)


def _heads(field: Field, compact: bool) -> list[tuple[str, str]]:
    """Rows 2 and 3 of the header, over the columns of one question."""
    if field.kind == "one" or (field.kind == "many" and compact):
        return [("", field.label)]
    items = (*field.items, *((field.other,) if field.other is not None else ()))
    return [(field.label if place == 0 else "", item) for place, item in enumerate(items)]


def _cells(submission: Submission, fields: tuple[Field, ...], compact: bool) -> list[str]:
    cells: list[str] = []
    for field, value in zip(fields, submission.values, strict=True):
        if isinstance(value, str):
            cells.append(value)
        elif isinstance(value, Ticked):
            other = [value.other] if field.other is not None else []
            if compact:
                # Webform joins the empty text of « Autre » too: a comma ends the cell.
                cells.append(",".join([*value.items, *other]) if value.items or value.other else "")
            else:
                cells += ["X" if item in value.items else "" for item in field.items] + other
        else:
            cells += value
    return cells


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    heads = [head for field in answers.fields for head in _heads(field, dialect.compact)]
    width = len(_WRITTEN) + len(heads)
    out: list[Record] = [
        (answers.title, *[""] * (width - 1)),
        ("Détails de la soumission", *[""] * (len(_WRITTEN) - 1), *[group for group, _ in heads]),
        (*[label for label, _ in _WRITTEN], *[label for _, label in heads]),
    ]
    for number, submission in enumerate(answers.submissions, start=1):
        told = {"serial": str(number), "id": str(number), "draft": "0", "uid": "0", **submission.meta}
        info = [told.get(key, "") for _, key in _WRITTEN]
        out.append((*info, *_cells(submission, answers.fields, dialect.compact)))
    return out


TOOL = Tool(
    name="framaforms",
    title="Framaforms",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    drafts=True,
    separators=(",",),
    variants={
        "csv": Dialect(quote_all=True),
        "semicolon": Dialect(quote_all=True, delimiter=";"),
        "compact": Dialect(quote_all=True, compact=True),
        "excel": Dialect(suffix=".xls", encoding="utf-16", delimiter="\t", quote_all=True),
        "excel-compact": Dialect(suffix=".xls", encoding="utf-16", delimiter="\t", quote_all=True, compact=True),
    },
)
