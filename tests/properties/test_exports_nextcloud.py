"""What nextcloud-forms writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

import re

import pytest
from exported import BOUNDED, PIECES, back, forms
from hypothesis import given

from synthese.exports import Field

# An apostrophe of one's own before such a character cannot be told from the tool's.
CERTAIN = PIECES.filter(lambda s: not re.match("'[=+\\-@\t\r]", s))


def headers(field: Field) -> list[str]:
    return [f"{field.label} ({item})" for item in field.items] if field.kind == "grid" else [field.label]


def cells(field: Field, value: object) -> list[str]:
    if field.kind == "many":
        return ["; ".join([*value.items, *([value.other] if value.other else [])])]
    return list(value) if field.kind == "grid" else [value]


@pytest.mark.parametrize("variant", ["csv", "older-csv", "xlsx"])
@BOUNDED
@given(answers=forms(CERTAIN))
def test_every_answer_comes_back(variant, answers):
    export = back("nextcloud-forms", variant, answers)
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
@given(answers=forms(CERTAIN))
def test_lines_stay_with_their_question(answers):
    export = back("nextcloud-forms", "csv", answers)
    place = 4
    for number, field in enumerate(answers.fields, start=1):
        columns = export.columns[place : place + len(headers(field))]
        place += len(columns)
        assert {column.code for column in columns} == {f"question-id-{number}"}
        assert len({column.part for column in columns}) == len(columns)
        plain = not any(mark in text for text in (field.label, *field.items) for mark in "()")
        if field.kind == "grid" and plain:
            assert [(c.header, c.sub) for c in columns] == [(field.label, item) for item in field.items]
