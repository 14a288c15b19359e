"""LimeSurvey answers: CSV and XLSX of question codes or texts, with answer codes or full answers.

Belongs here: its headings (``Q1[SQ001]``, ``Q1_SQ001``, ``Question [option]``, code and text), its own columns
in French and English, and which cells it writes for what was not shown. Does not: its form file
(`structures.lss`), words and codes (`exports.limesurvey`).

A row without date of submission was begun and not sent. What was not shown is told for multiple responses and
full answers only (``N/A``); everywhere else the cell is as empty as an answer left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from synthese.codebook.missing import NO_ANSWER, NOT_ASKED, Reason
from synthese.errors import Fault, SyntheseError
from synthese.exports.forms import Answers
from synthese.exports.limesurvey.headings import (
    CODES,
    PEOPLE,
    Heading,
    Style,
    abbreviated,
    headings_of,
    style_of,
    word,
)
from synthese.exports.limesurvey.words import OTHER, WORDS
from synthese.exports.limesurvey.writing import records, render, render_form
from synthese.exports.model import Dialect, Layout, RawColumn, Table, Tool
from synthese.exports.structure import Asked, Item, Structure

_RANK = re.compile(r"(?:rank|ranking|rang|classement)\s?(?P<rank>\d+)", re.IGNORECASE)
_YES, _NO, _NOT_SHOWN = {"oui", "yes"}, {"non", "no"}, {"n/a"}
_FEW = 8  # distinct texts that a column of ticks holds at most
_GENDERS = {"masculin", "féminin", "homme", "femme", "male", "female"}


def _comment(text: str) -> bool:
    return word(text) in {words[key].casefold() for words in WORDS.values() for key in ("comment", "other comment")}


def _other(text: str) -> bool:
    return word(text) in {words["other"].casefold() for words in WORDS.values()}


Place = tuple[Asked, str | None, str, str | None]
Held = tuple[RawColumn, Asked | None]


class _Form:
    """Where the form says that headings belong: question, part, and the labels of both."""

    def __init__(self, form: Structure) -> None:
        self.by_code = form.by_code
        self.by_text: dict[str, list[Place]] = {}
        for asked in form.questions:
            for text, place in self._texts(asked):
                places = self.by_text.setdefault(word(text), [])
                places += [place] if place not in places else []

    def _texts(self, asked: Asked) -> Iterator[tuple[str, Place]]:
        """Headings of full text under which a question's columns may stand."""
        base, _, tail = asked.code.rpartition("_")
        parent = self.by_code.get(base)
        for words in WORDS.values():
            if parent is not None and tail.endswith("comment"):
                name = words["other comment" if tail == "othercomment" else "comment"]
                yield f"{parent.label} [{name}]", (asked, None, asked.label, None)
            elif asked.kind == "ranking":
                for rank in range(1, len(asked.rows) + 1):
                    yield f"{asked.label} [{words['rank']} {rank}]", self._rank(asked, str(rank))
            elif asked.kind == "grid" and tail in ("1", "2") and asked.label.endswith("]"):
                question = asked.label.rpartition(" [")[0]
                for row in asked.rows:
                    yield f"{question} [{row.label}][{words['scale']} {tail}]", self._part(asked, row)
        for item in asked.options if asked.kind == "multiple" else asked.rows if asked.kind == "grid" else ():
            yield f"{asked.label} [{item.label}]", self._part(asked, item)
        if asked.kind not in ("multiple", "grid", "ranking"):
            yield asked.label, (asked, None, asked.label, None)
        if asked.other is not None:
            for words in WORDS.values():
                yield f"{asked.label} [{words['other']}]", (asked, "other", asked.label, asked.other)

    @staticmethod
    def _part(asked: Asked, item: Item) -> Place:
        return asked, item.code, asked.label, item.label

    @staticmethod
    def _rank(asked: Asked, rank: str) -> Place:
        return asked, f"rank:{rank}", asked.label, rank

    def find(self, heading: Heading) -> Place | None:
        """Find the place of a heading; one of two questions worded alike is the first not yet taken."""
        if heading.question is not None:
            return self._by_code(heading.question, heading.part, heading.scale, heading.written)
        places = self.by_text.get(word(heading.text), [])
        return places.pop(0) if places else None

    def _by_code(self, question: str, part: str | None, scale: str | None, written: str) -> Place | None:
        for code in (f"{question}_{part}", written, question if part is None else ""):
            asked = self.by_code.get(code)
            if asked is not None and asked.kind not in ("multiple", "grid", "ranking"):
                return asked, None, asked.label, None
        if part is None:
            return None
        if scale is None and (two := re.fullmatch(r"(.+)_([01])", part)) and question not in self.by_code:
            part, scale = two[1], str(int(two[2]) + 1)
        asked = self.by_code.get(question if scale is None else f"{question}_{scale}")
        if asked is None:
            return None
        if asked.kind == "ranking":
            return self._rank(asked, part)
        if part == "other" and asked.other is not None:
            return asked, "other", asked.label, asked.other
        items = asked.options if asked.kind == "multiple" else asked.rows
        return next((self._part(asked, item) for item in items if item.code == part), None)


def _columns(headings: Sequence[Heading], form: _Form | None) -> list[Held]:
    """Make a column of each heading, with the question it belongs to where a form tells."""
    out: list[Held] = []
    for index, heading in enumerate(headings):
        place = form.find(heading) if form is not None and heading.own is None else None
        if heading.own is not None:
            meta = PEOPLE.get(heading.own) or CODES.get(heading.own, (None, False))[0]
            column = RawColumn(index, heading.written, None, index + 1, kind="meta", meta=meta)
        elif place is not None:
            asked, part, label, sub = place
            column = RawColumn(index, label, sub, index + 1, code=asked.code, part=part)
        else:
            column = _plain_column(index, heading, headings[index - 1] if index else None)
        out.append((column, place[0] if place is not None else None))
    return out


def _plain_column(index: int, heading: Heading, before: Heading | None) -> RawColumn:
    """Make a column of what its heading alone tells; parts with names of their own become questions."""
    question, part, label, sub = heading.question, heading.part, heading.label, heading.sub
    if part == "filecount":
        return RawColumn(index, heading.written, None, index + 1, kind="meta")
    if question is not None and part is not None:
        if heading.scale is not None:
            question = f"{question}_{heading.scale}"
        elif part.endswith("comment"):
            question, part = f"{question}_{part}", None
    if label is None:
        return RawColumn(index, str(question or heading.written), part, index + 1, code=question, part=part)
    if sub is not None and _comment(sub):
        option = before.sub if before is not None and before.label == label and before.sub != sub else None
        header = f"{label} [{option}][{sub}]" if option is not None else f"{label} [{sub}]"
        return RawColumn(index, header, None, index + 1, code=question, part=part)
    if sub is not None and (rank := _RANK.fullmatch(sub.strip())):
        return RawColumn(index, label, rank["rank"], index + 1, code=question, part=f"rank:{rank['rank']}")
    return RawColumn(index, label, sub, index + 1, code=question, part=part)


def _ranked(columns: list[Held], values: pd.DataFrame) -> list[Held]:
    """Tell rankings among columns of codes: ``Q[1]``, ``Q[2]``… filled from the first on, no item twice in a row."""
    groups: dict[str, list[int]] = {}
    for place, (column, asked) in enumerate(columns):
        if asked is None and column.code is not None and column.part is not None:
            groups.setdefault(column.code, []).append(place)
    out = list(columns)
    for places in groups.values():
        parts = [columns[place][0].part for place in places]
        if len(places) < 2 or parts != [str(n) for n in range(1, len(places) + 1)]:
            continue
        rows = [list(row) for row in values[places].itertuples(index=False, name=None)]
        filled = [[cell for cell in row if cell] for row in rows]
        whole = all(row[: len(given)] == given for row, given in zip(rows, filled, strict=True))
        if whole and all(len(set(given)) == len(given) for given in filled) and any(len(g) > 1 for g in filled):
            for place, part in zip(places, parts, strict=True):
                out[place] = (replace(columns[place][0], part=f"rank:{part}"), None)
    return out


def _coded(columns: Sequence[Held], texts: Sequence[Sequence[str]], style: Style) -> bool:
    """Tell whether answers are codes rather than full answers, by what the cells hold."""
    codes = labels = 0
    for (column, asked), found in zip(columns, texts, strict=True):
        if asked is not None and asked.kind != "multiple" and column.part != "other":
            items = (*asked.options, *(asked.rows if asked.kind == "ranking" else ()))
            names = {item.code for item in items}
            codes += len(names.intersection(found))
            labels += len({word(text) for text in found} & {word(item.label) for item in items}) if items else 0
            if asked.other is not None:
                codes, labels = codes + 2 * (OTHER in found), labels + any(map(_other, found))
        elif column.kind == "answer" and column.sub is not None and len(found) <= _FEW:
            words = {word(text) for text in found} - {""}
            codes += words == {"y"}
            labels += bool(words & _YES) and words <= _YES | _NO | _NOT_SHOWN
        elif asked is None:
            codes += 2 * (OTHER in found)
    return codes > labels if codes != labels else style.kind == "code"


def _labels(asked: Asked | None, column: RawColumn, coded: bool, texts: Sequence[str]) -> dict[str, str]:
    """Tell what cells stand for: answer codes, « Autre », and texts that a quote keeps from being formulas."""
    out = {text: text[1:] for text in texts if text.startswith("'=")}
    if asked is None or column.part == "other":
        return out
    if asked.kind == "multiple":
        # Y and N may be exported as 1 and 2.
        return out | ({"2": "N"} if coded and "2" in texts and set(texts) <= {"1", "2"} else {})
    items = asked.rows if asked.kind == "ranking" else asked.options
    if coded:
        out |= {item.code: item.label for item in items}
    if asked.other is not None:
        taken = {word(item.label) for item in items}
        names = [OTHER] if coded else [t for t in texts if _other(t) and word(t) not in taken and t != asked.other]
        out |= dict.fromkeys(names, asked.other)
    return out


def _absent(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if len(text) < 8 and word(text) in _NOT_SHOWN]


def _missing(asked: Asked | None, column: RawColumn, ticks: bool, texts: Sequence[str]) -> dict[str, Reason]:
    """Tell why there is no answer where a cell of full answers says ``N/A``."""
    absent = _absent(texts)
    if not absent:
        return {}
    if asked is not None:
        if asked.kind == "multiple" and column.part != "other":
            return dict.fromkeys(absent, NOT_ASKED)
        # Yes/no and gender say N/A for what was not answered too.
        named = {item.code for item in asked.options} in ({"Y", "N"}, {"F", "M"})
        return dict.fromkeys(absent, NO_ANSWER) if named and asked.kind == "single" else {}
    if ticks:
        return dict.fromkeys(absent, NOT_ASKED)
    words = {word(text) for text in texts} - _NOT_SHOWN if len(texts) <= _FEW else {""}
    fixed = column.sub is None and bool(words) and (words <= _YES | _NO or words <= _GENDERS)
    return dict.fromkeys(absent, NO_ANSWER) if fixed else {}


def _tick_groups(columns: Sequence[Held], values: pd.DataFrame, texts: Sequence[Sequence[str]]) -> set[int]:
    """Columns of questions that look like multiple responses: yes or no in each, N/A in all or none of a row."""
    groups: dict[str, list[int]] = {}
    for column, asked in columns:
        if asked is None and column.kind == "answer" and column.sub is not None and not _other(column.sub):
            groups.setdefault(column.header, []).append(column.index)
    out: set[int] = set()
    for places in groups.values():
        found = [text for place in places for text in dict.fromkeys(texts[place])]
        distinct = {word(text) for text in found} if len(found) <= _FEW * len(places) else {""}
        if not distinct <= _YES | _NO | _NOT_SHOWN or not distinct & _NOT_SHOWN:
            continue
        absent = values[places].isin(_absent(found))
        if (absent.all(axis=1) | ~absent.any(axis=1)).all():
            out |= set(places)
    return out


def _notes(coded: bool, file: str) -> list[Fault]:
    if coded:
        what = "this export of answer codes cannot tell a question that was not shown from one left empty"
        fix = "state the routing in codebook.yml; full answers tell of multiple responses at least"
    else:
        what = (
            "of full answers, only those to multiple responses tell a question that was not shown (N/A) from one left "
            "empty"
        )
        fix = "state the routing of the other questions in codebook.yml"
    return [Fault("not-shown-untold", what, file=file, fix=fix)]


def _layout(table: Table) -> Layout:
    written = table.head[0]
    if abbreviated(written):
        raise SyntheseError.of(
            "abbreviated-headings",
            "the headings of this export are abbreviated: questions cannot be told by them",
            file=table.file,
            row=int(table.rows[0]),
            fix="export again with headings as “Full question text”, or as “Question code” with the form (.lss)",
        )
    values = table.cells.iloc[1:]
    if len(values) == 1 and not any(values.iloc[0]):
        raise SyntheseError.of(
            "no-answers",
            "this file has a header and one empty record, as LimeSurvey writes where no answer has come in",
            file=table.file,
            row=int(table.rows[-1]),
            fix="export it again once answers have come in",
        )
    style, _ = style_of(written)
    form = _Form(table.structure) if table.structure is not None else None
    columns = _columns(list(headings_of(written, style)), form)
    if style.kind == "code":
        columns = _ranked(columns, values)
    texts = [[str(text) for text in values[place].unique()] for place in range(len(columns))]
    coded = _coded(columns, texts, style)
    ticks = _tick_groups(columns, values, texts) if not coded else set()
    out = []
    for (column, asked), found in zip(columns, texts, strict=True):
        if column.kind == "answer":
            missing = _missing(asked, column, column.index in ticks, found)
            column = replace(column, labels=_labels(asked, column, coded, found), missing=missing)
        out.append(column)
    notes = _notes(coded, table.file)
    if style.underscored and style.kind == "text":
        what = "spaces of the headings were written as underscores: every underscore was read as a space"
        notes.append(Fault("headings-underscored", what, file=table.file))
    return Layout(tuple(out), 1, tuple(notes))


def _companion(answers: Answers, _dialect: Dialect) -> tuple[str, bytes]:
    return ".lss", render_form(answers)


TOOL = Tool(
    name="limesurvey",
    title="LimeSurvey",
    recognise=lambda table: style_of(table.head[0])[1],
    layout=_layout,
    records=records,
    dump=render,
    companion=_companion,
    drafts=True,
    unfinished_when_empty="submitted",
    separators=(),
    variants={
        "full": Dialect(encoding="utf-8-sig", delimiter=";", quote_all=True, line_end="\r\n"),
        "comma": Dialect(encoding="utf-8-sig", delimiter=",", quote_all=True, line_end="\r\n"),
        "codes": Dialect(encoding="utf-8-sig", delimiter=";", quote_all=True, line_end="\r\n", codes=True),
        "xlsx": Dialect(suffix=".xlsx"),
    },
)
