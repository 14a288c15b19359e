"""What nextcloud-forms writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.exports import Answers, Field, Submission, Ticked

NASTY = [
    "a, b", "a;b", "a ; b", 'dit "oui"', "l’été", "l'été", "répondant·es", "«\u00a0non modélisée\u00a0»", "a\u202f?",
    "🌱", "=SOMME(A1)", "+33", "-1", "@x", "ligne 1\nligne 2", "a\tb", "a|b", "  bords  ", "X", "1", "[x]", "(x)", "01",
    "3.10", "œ", "\u2028", "\x85", "TRUE", "Autre", "q_1", "1. a", "é" * 10_000,
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|\t\"'\n ·xé()_"), min_size=1, max_size=8),
)
# An apostrophe of one's own before such a character cannot be told from the tool's.
CERTAIN = PIECES.filter(lambda s: not re.match("'[=+\\-@\t\r]", s))
LABELS = CERTAIN.filter(lambda s: s.strip())
CELLS = st.one_of(st.just(""), CERTAIN)
OTHER = "Autre, précisez"


@st.composite
def forms(draw: st.DrawFn) -> Answers:
    fields, columns = [], []
    labels = draw(st.lists(LABELS, min_size=1, max_size=5, unique=True))
    size = draw(st.integers(1, 4))
    for label in labels:
        kind = draw(st.sampled_from(["one", "closed", "many", "grid", "ranking"]))
        items = tuple(draw(st.lists(LABELS, min_size=1, max_size=4, unique=True)))
        other = draw(st.sampled_from([None, OTHER]))
        if kind == "one":
            fields.append(Field(label))
            columns.append([draw(CELLS) for _ in range(size)])
        elif kind == "closed":
            fields.append(Field(label, other=other, answer="single", options=items))
            columns.append(
                [draw(st.sampled_from(["", *items]) | (CELLS if other else st.just(""))) for _ in range(size)]
            )
        elif kind == "many":
            fields.append(Field(label, "many", items, other, answer="multiple"))
            columns.append(
                [
                    Ticked(tuple(i for i in items if draw(st.booleans())), draw(CELLS) if other else "")
                    for _ in range(size)
                ]
            )
        elif kind == "grid":
            fields.append(Field(label, "grid", items, answer="grid"))
            columns.append([tuple(draw(CELLS) for _ in items) for _ in range(size)])
        else:
            fields.append(Field(label, "grid", items, answer="ranking"))
            order = st.permutations([str(rank) for rank in range(1, len(items) + 1)])
            columns.append([tuple(draw(order) if draw(st.booleans()) else [""] * len(items)) for _ in range(size)])
    stamp = {"submitted": "2024-03-12T10:00:00"}
    submissions = [Submission(tuple(column[i] for column in columns), stamp) for i in range(size)]
    return Answers(draw(LABELS), tuple(fields), tuple(submissions))


def back(variant: str, answers: Answers) -> exports.RawExport:
    dialect = exports.named("nextcloud-forms").variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("nextcloud-forms", answers, path, variant)
        # The tool is not named: it must be told from all others. The delimiter is, for labels that hold several.
        return exports.read(path, delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter)


BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def headers(field: Field) -> list[str]:
    return [f"{field.label} ({item})" for item in field.items] if field.kind == "grid" else [field.label]


def cells(field: Field, value: object) -> list[str]:
    if field.kind == "many":
        return ["; ".join([*value.items, *([value.other] if value.other else [])])]
    return list(value) if field.kind == "grid" else [value]


@pytest.mark.parametrize("variant", ["csv", "older-csv", "xlsx"])
@BOUNDED
@given(answers=forms())
def test_every_answer_comes_back(variant, answers):
    export = back(variant, answers)
    assert export.tool == "nextcloud-forms"
    told, first = (3, 2) if variant == "older-csv" else (4, 3)
    found = [c.header if c.sub is None else f"{c.header} ({c.sub})" for c in export.columns[told:]]
    assert found == [header for field in answers.fields for header in headers(field)]
    rows = [
        [cell for field, value in zip(answers.fields, submission.values, strict=True) for cell in cells(field, value)]
        for submission in answers.submissions
    ]
    read = [
        [column.labels.get(cell, cell) for column, cell in zip(export.columns[told:], line, strict=True)]
        for line in export.cells.loc[:, told:].to_numpy().tolist()
    ]
    assert read == rows
    assert export.rows.tolist() == list(range(first, first + len(rows)))


@BOUNDED
@given(answers=forms())
def test_lines_stay_with_their_question(answers):
    export = back("csv", answers)
    place = 4
    for number, field in enumerate(answers.fields, start=1):
        columns = export.columns[place : place + len(headers(field))]
        place += len(columns)
        assert {column.code for column in columns} == {f"question-id-{number}"}
        assert len({column.part for column in columns}) == len(columns)
        plain = not any(mark in text for text in (field.label, *field.items) for mark in "()")
        if field.kind == "grid" and plain:
            assert [(c.header, c.sub) for c in columns] == [(field.label, item) for item in field.items]
