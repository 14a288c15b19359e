"""Framaforms (Drupal 7 Webform): three header rows.

Belongs here: row 1 has the form's title, row 2 the labels of questions with several columns, row 3 the
labels of options, grid lines and one-column questions. Multi-selects are separate (one column per option,
``X`` or empty, then a column for the text of « Autre ») or compact (one cell, joined by a comma, unquoted).
Who exports may choose form keys in place of labels (``submission_details`` and ``webform_serial`` then stand
in rows 2 and 3; the column of « Autre » is the question's key with ``_other``), or no header at all.
Which of the tool's own columns are in the file is a choice too; each comes once, so a question that is
headed like one already met is a question.
"""

from __future__ import annotations

import re

from synthese.errors import SyntheseError
from synthese.exports.forms import Answers, Field, Submission, Ticked
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

# Serial to Username: Webform's own words, the French ones of the translation that Framaforms ships
# (Séquentiel, Heure de complétion), older ones of Webform (Time), and near ones.
_INFO: dict[str, Meta] = {
    **dict.fromkeys(("serial", "webform_serial", "séquentiel", "numéro", "numéro de série", "n° de série"), "serial"),
    **dict.fromkeys(("sid", "webform_sid", "identifiant (id) de la soumission", "identifiant de la soumission"), "id"),
    **dict.fromkeys(
        ("submitted time", "webform_time", "heure de soumission", "heure d'envoi", "date de soumission"), "submitted"
    ),
    **dict.fromkeys(("time", "heure"), "submitted"),
    **dict.fromkeys(
        ("completed time", "webform_completed_time", "heure de complétion", "heure d'achèvement", "heure de fin"),
        "completed",
    ),
    **dict.fromkeys(
        ("modified time", "webform_modified_time", "heure de modification", "date de modification"), "modified"
    ),
    **dict.fromkeys(("draft", "webform_draft", "brouillon", "ébauche"), "draft"),
    **dict.fromkeys(("ip address", "webform_ip_address", "adresse ip"), "ip"),
    **dict.fromkeys(("uid", "webform_uid", "identifiant utilisateur", "id utilisateur"), "uid"),
    **dict.fromkeys(("username", "webform_username", "nom d'utilisateur", "envoyé par", "soumis par"), "user"),
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
_KEYS = (
    "webform_serial",
    "webform_sid",
    "webform_time",
    "webform_completed_time",
    "webform_modified_time",
    "webform_draft",
    "webform_ip_address",
    "webform_uid",
    "webform_username",
)
_KEYED = "submission_details"
_DETAILS = {"submission details", _KEYED, "détails de la soumission", "détails de soumission", "détails de l'envoi"}
_OTHER = "Other..."
# A submission where the header should be: serial and submission ids, three times, draft, address, user's id.
_SUBMISSION = (r"\d+", r"\d+", r".*\d.*", r".*", r".*", r"[01]?", r"[\da-f.:]*", r"\d+")


def _word(text: str) -> str:
    return text.strip().casefold().replace("’", "'")


def _info_columns(header: Record) -> int:
    """How many columns at the left are the tool's own."""
    met: set[Meta] = set()
    for label in header:
        meta = _INFO.get(_word(label))
        if meta is None or meta in met:
            break
        met.add(meta)
    return len(met)


def _headless(table: Table) -> bool:
    """Whether the file opens with a submission."""
    first = table.head[0]
    return len(first) > len(_SUBMISSION) and all(
        re.fullmatch(pattern, cell) for pattern, cell in zip(_SUBMISSION, first, strict=False)
    )


def _recognise(table: Table) -> float:
    if _headless(table):
        return 0.9  # so that the missing header is told, not taken from the first submission
    if len(table) < 3:
        return 0.0
    titles, groups, labels = table.head[:3]
    if any(titles[1:]) or not all(labels) or not _info_columns(labels):
        return 0.0
    return 0.98 if _word(groups[0]) in _DETAILS else 0.8


def _layout(table: Table) -> Layout:
    if _headless(table):
        raise SyntheseError.of(
            "no-header",
            "this Framaforms export has no header: it opens with a submission",
            file=table.file,
            row=int(table.rows[0]),
            fix="export again with « Libellé » (labels), not « Aucun », as « Format d'en-tête de colonne »",
        )
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
    keyed = _word(groups[0]) == _KEYED
    columns: list[RawColumn] = []
    group: str | None = None
    for index, label in enumerate(labels):
        if index < info:
            meta = _INFO[_word(label)]
            columns.append(RawColumn(index, label, None, index + 1, kind="meta", meta=meta))
        elif groups[index]:
            group = groups[index]
            columns.append(RawColumn(index, group, label, index + 1))
        elif group is not None and keyed and label == f"{group}_other":
            columns.append(RawColumn(index, group, _OTHER, index + 1, part=label))
        elif group is not None:
            columns.append(RawColumn(index, group, label, index + 1, loose=True))
        else:
            columns.append(RawColumn(index, label, None, index + 1))
    return Layout(tuple(columns), 3)


def _heads(field: Field, compact: bool, key: str | None) -> list[tuple[str, str]]:
    """Rows 2 and 3 of the header, over the columns of one question."""
    name = field.label if key is None else key
    if field.kind == "one" or (field.kind == "many" and compact):
        return [("", name)]
    other = () if field.other is None else (field.other if key is None else f"{key}_other",)
    return [(name if place == 0 else "", item) for place, item in enumerate((*field.items, *other))]


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
    keyed = dialect.codes
    heads: list[tuple[str, str]] = []
    for number, field in enumerate(answers.fields, start=1):
        heads += _heads(field, dialect.compact, (field.code or f"q{number}") if keyed else None)
    width = len(_WRITTEN) + len(heads)
    out: list[Record] = [
        (answers.title, *[""] * (width - 1)),
        (_KEYED if keyed else "Détails de la soumission", *[""] * (len(_WRITTEN) - 1), *[group for group, _ in heads]),
        (*(_KEYS if keyed else [label for label, _ in _WRITTEN]), *[label for _, label in heads]),
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
        "keys": Dialect(quote_all=True, codes=True),
        "excel": Dialect(suffix=".xls", encoding="utf-16", delimiter="\t", quote_all=True),
        "excel-compact": Dialect(suffix=".xls", encoding="utf-16", delimiter="\t", quote_all=True, compact=True),
        "xlsx": Dialect(suffix=".xlsx"),
    },
)
