"""A form and its answers as LimeSurvey would export them: the ``.lss`` and the records of the CSV.

Belongs here: codes and types that its database would give, and both files written. Does not: reading.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from synthese.exports import workbook
from synthese.exports.forms import Answers, Field, Submission, Ticked, Value
from synthese.exports.limesurvey.words import OTHER, WORDS, lines, one_line
from synthese.exports.model import Dialect, Record
from synthese.exports.structure import Item


@dataclass(frozen=True)
class Planned:
    """One question of a form as LimeSurvey's database holds it.

    Parameters
    ----------
    field : Field
        The question.
    code : str
        Letters and figures, 20 at most, no two alike.
    type : str
        LimeSurvey's letter: L list, M multiple, F array, R ranking, N number, T text, Q several texts.
    items : tuple of Item
        Subquestions, or the items of a ranking.
    options : tuple of Item
        Answers offered; five letters and figures at most.
    """

    field: Field
    code: str
    type: str
    items: tuple[Item, ...]
    options: tuple[Item, ...]


_NUMBER = re.compile(r"-?\d{1,20}(?:[.,]\d{1,10})?")


def _type(asked: Field, values: Sequence[object]) -> str:
    """Choose the type that can hold every answer given."""
    if asked.kind == "many":
        return "M"
    if asked.kind == "grid":
        rows = [value for value in values if isinstance(value, tuple)]
        if asked.answer == "ranking" and all(ranks(row) is not None for row in rows):
            return "R"
        return "F" if asked.options and all(cell in ("", *asked.options) for row in rows for cell in row) else "Q"
    if asked.options and (asked.other is not None or all(value in ("", *asked.options) for value in values)):
        return "L"
    if asked.answer == "numeric" and all(value == "" or _NUMBER.fullmatch(str(value)) for value in values):
        return "N"
    return "T"


def ranks(row: Sequence[str]) -> list[int] | None:
    """Places of the items of a ranking, best first; None where the cells are no ranks 1, 2, 3… without ties."""
    given = {cell: place for place, cell in enumerate(row) if cell}
    wanted = [str(rank) for rank in range(1, len(given) + 1)]
    if len(given) != sum(1 for cell in row if cell) or set(given) != set(wanted):
        return None
    return [given[rank] for rank in wanted]


def plan(answers: Answers) -> tuple[Planned, ...]:
    """Give every question a code, a type, and codes of its answers and parts."""
    out: list[Planned] = []
    used: set[str] = set()
    for place, asked in enumerate(answers.fields):
        stem = re.sub(r"[^A-Za-z0-9]", "", asked.code)
        stem = stem if stem[:1].isalpha() else f"Q{stem or place + 1}"
        code, number = stem[:20], 1
        while code.casefold() in used:
            number += 1
            code = f"{stem[: 19 - len(str(number))]}x{number}"
        used.add(code.casefold())
        kind = _type(asked, [submission.values[place] for submission in answers.submissions])
        letter = "A" if kind == "R" else "SQ"
        items = tuple(Item(f"{letter}{n:0{5 - len(letter)}d}", label) for n, label in enumerate(asked.items, start=1))
        options = tuple(Item(f"A{n}", label) for n, label in enumerate(asked.options, start=1))
        out.append(Planned(asked, code, kind, items, options if kind in ("L", "F") else ()))
    return tuple(out)


_SURVEY, _GROUP, _LANGUAGE = "100001", "1", "fr"
# What XML 1.0 cannot hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _markup(label: str) -> str:
    """Label as the editor of texts stores it."""
    lines = html.escape(label, quote=False).replace("\r\n", "\n").split("\n")
    return "<br />\n".join(lines)


def _rows(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """One table of the file; empty where it has no row."""
    body: list[str] = []
    for row in rows:
        body.append("   <row>")
        for column, text in zip(columns, row, strict=True):
            # Labels are markup, in which no section can end: > is written &gt;.
            legal = _ILLEGAL.sub("\ufffd", text)
            body.append(f"    <{column}><![CDATA[{legal}]]></{column}>" if text else f"    <{column}/>")
        body.append("   </row>")
    if not body:
        return []
    fields = [f"   <fieldname>{column}</fieldname>" for column in columns]
    return [f" <{name}>", "  <fields>", *fields, "  </fields>", "  <rows>", *body, "  </rows>", f" </{name}>"]


_QUESTION = (
    "qid", "parent_qid", "sid", "gid", "type", "title", "preg", "other", "mandatory", "question_order", "scale_id",
    "same_default", "relevance", "modulename", "encrypted", "question_theme_name", "same_script",
)  # fmt: skip


def render_form(answers: Answers) -> bytes:
    """Write the form as LimeSurvey 6 exports a survey's structure: one group, in French, no routing."""
    planned = plan(answers)
    questions: list[tuple[str, ...]] = []
    parts: list[tuple[str, ...]] = []
    texts: list[tuple[str, str]] = []
    attributes: list[tuple[str, ...]] = []
    offered: list[tuple[str, ...]] = []
    offered_texts: list[tuple[str, ...]] = []
    last = len(planned)
    for qid, asked in enumerate(planned, start=1):
        other = "Y" if asked.field.other is not None and asked.type in ("L", "M") else "N"
        required = "Y" if asked.field.required else "N"
        tail = ("0", "0", "1", "", "N", "", "0")
        questions.append((str(qid), "0", _SURVEY, _GROUP, asked.type, asked.code, "", other, required, str(qid), *tail))
        texts.append((str(qid), asked.field.label))
        if other == "Y":
            attributes.append((str(qid), "other_replace_text", _markup(asked.field.other or ""), _LANGUAGE))
        for order, item in enumerate(asked.items if asked.type != "R" else (), start=1):
            last += 1
            kind = "T" if asked.type == "Q" else asked.type
            parts.append((str(last), str(qid), _SURVEY, _GROUP, kind, item.code, "", "N", "N", str(order), *tail))
            texts.append((str(last), item.label))
        for order, item in enumerate(asked.items if asked.type == "R" else asked.options, start=1):
            aid = str(len(offered) + 1)
            offered.append((aid, str(qid), item.code, str(order), "0", "0"))
            offered_texts.append((aid, aid, _markup(item.label), _LANGUAGE))
    numbered = [(str(n), qid, _markup(label), "", _LANGUAGE, "") for n, (qid, label) in enumerate(texts, start=1)]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<document>",
        " <LimeSurveyDocType>Survey</LimeSurveyDocType>",
        " <DBVersion>498</DBVersion>",
        f" <languages>\n  <language>{_LANGUAGE}</language>\n </languages>",
        *_rows("answers", ("aid", "qid", "code", "sortorder", "assessment_value", "scale_id"), offered),
        *_rows("answer_l10ns", ("id", "aid", "answer", "language"), offered_texts),
        *_rows(
            "groups",
            ("gid", "sid", "group_order", "randomization_group", "grelevance"),
            [(_GROUP, _SURVEY, "1", "", "1")],
        ),
        *_rows(
            "group_l10ns",
            ("id", "gid", "group_name", "description", "language"),
            [("1", _GROUP, _markup(answers.title), "", _LANGUAGE)],
        ),
        *_rows("questions", _QUESTION, questions),
        *_rows("subquestions", _QUESTION, parts),
        *_rows("question_l10ns", ("id", "qid", "question", "help", "language", "script"), numbered),
        *_rows("question_attributes", ("qid", "attribute", "value", "language"), attributes),
        *_rows(
            "surveys",
            ("sid", "gsid", "language", "additional_languages", "datestamp", "anonymized", "format"),
            [(_SURVEY, "1", _LANGUAGE, "", "Y", "N", "G")],
        ),
        *_rows(
            "surveys_languagesettings",
            ("surveyls_survey_id", "surveyls_language", "surveyls_title"),
            [(_SURVEY, _LANGUAGE, _markup(answers.title))],
        ),
        "</document>",
    ]
    return ("\n".join(lines) + "\n").encode()


# Code and French heading of its own columns, in the order of the export, and where their cells come from.
_OWN = (
    ("id", "ID de la réponse", ""),
    ("submitdate", "Date de soumission", "submitted"),
    ("lastpage", "Dernière page", ""),
    ("startlanguage", "Langue de départ", ""),
    ("seed", "Tête de série", ""),
    ("startdate", "Date de lancement", "started"),
    ("datestamp", "Date de la dernière action", "modified"),
    ("ipaddr", "Adresse IP", "ip"),
)
Cell = str | None


def _own(number: int, submission: Submission) -> list[Cell]:
    """Cells of the tool's own columns; what was begun and not sent has no date of submission."""
    told = dict(submission.meta)
    draft = told.get("draft", "0") == "1"
    submitted = None if draft else (told.get("completed") or told.get("submitted") or None)
    stamps = {"submitted": submitted, "started": told.get("submitted"), "modified": told.get("modified")}
    times = {key: text.replace("T", " ")[:19] if text else None for key, text in stamps.items()}
    seed = str(zlib.crc32(str(number).encode()))
    last = "0" if draft else "1"
    return [str(number), times["submitted"], last, "fr", seed, times["started"], times["modified"], told.get("ip")]


def _headings(planned: Planned, codes: bool) -> list[str]:
    """Headings of one question's columns."""
    asked, label = planned.field, html.escape(one_line(planned.field.label), quote=False)
    parts = [(item.code, item.label) for item in planned.items]
    if planned.type == "R":
        parts = [(str(n), f"{WORDS['fr']['rank']} {n}") for n in range(1, len(planned.items) + 1)]
    if asked.other is not None and planned.type in ("L", "M"):
        parts.append(("other", WORDS["fr"]["other"]))
    whole = [] if planned.items else [planned.code if codes else label]
    return whole + [
        f"{planned.code}[{code}]" if codes else f"{label} [{html.escape(one_line(text), quote=False)}]"
        for code, text in parts
    ]


def _cells(planned: Planned, value: Value, shown: bool, codes: bool) -> list[Cell]:
    """Cells of one answer: None = NULL of the database, which a CSV writes bare."""
    asked = planned.field
    named = planned.items if planned.type == "R" else planned.options
    names = {item.label: item.code if codes else one_line(item.label) for item in named}
    empty: Cell = "" if shown else None
    if isinstance(value, Ticked):
        yes, no, absent = ("Y", "", None) if codes else (WORDS["fr"]["yes"], WORDS["fr"]["no"], "N/A")
        cells: list[Cell] = [(yes if item in value.items else no) if shown else absent for item in asked.items]
        return cells + ([value.other or empty] if asked.other is not None else [])
    if planned.type == "R":
        order = [asked.items[place] for place in ranks(value) or ()]
        left = len(asked.items) - len(order)
        return [names[item] for item in order] + [empty if codes else None] * left
    if planned.type == "L":
        text = str(value)
        blank = empty if codes else None
        if asked.other is None:
            return [names[text] if text else blank]
        if not text or text in names:
            return [names[text] if text else blank, empty]
        return [OTHER if codes else WORDS["fr"]["other"], "" if text == asked.other else text]
    given = [str(value)] if isinstance(value, str) else list(value)
    if planned.type == "N":
        return [f"{Decimal(text.replace(',', '.')).normalize():f}" if text else empty for text in given]
    # Full answers make NULL of an array or a text an empty text.
    blank = empty if codes else ""
    return [(names[text] if planned.type == "F" else text) if text else blank for text in given]


def _table(answers: Answers, dialect: Dialect) -> list[list[Cell]]:
    planned = plan(answers)
    head: list[Cell] = [code if dialect.codes else text for code, text, _ in _OWN]
    head += [heading for one in planned for heading in _headings(one, dialect.codes)]
    out = [head]
    for number, submission in enumerate(answers.submissions, start=1):
        filled = [n for n, value in enumerate(submission.values) if _filled(value)]
        # Pages that a draft did not reach were not shown.
        reached = max(filled, default=-1) if submission.meta.get("draft") == "1" else len(planned)
        cells: list[Cell] = []
        for place, (one, value) in enumerate(zip(planned, submission.values, strict=True)):
            cells += _cells(one, value, place <= reached and place not in submission.hidden, dialect.codes)
        # A quote keeps cells from being formulas, as the form of exports proposes.
        out.append(_own(number, submission) + [f"'{cell}" if cell and cell[0] == "=" else cell for cell in cells])
    return out


def _filled(value: Value) -> bool:
    if isinstance(value, Ticked):
        return bool(value.items or value.other)
    return any(value) if isinstance(value, tuple) else bool(value)


def records(answers: Answers, dialect: Dialect) -> list[Record]:
    """Every record of the export, headings first; NULL is empty."""
    return [tuple(lines(cell or "") for cell in row) for row in _table(answers, dialect)]


def render(answers: Answers, dialect: Dialect) -> bytes:
    """Write the CSV as LimeSurvey does: every cell quoted but NULL, a blank line at the end; or the workbook."""
    if dialect.suffix == ".xlsx":
        return workbook.render_sheet(records(answers, dialect), answers.title, f"results-survey{_SURVEY}.xlsx")
    rows = [
        dialect.delimiter.join("" if cell is None else '"' + lines(cell).replace('"', '""') + '"' for cell in row)
        for row in _table(answers, dialect)
    ]
    return dialect.line_end.join([*rows, "", ""]).encode(dialect.encoding)
