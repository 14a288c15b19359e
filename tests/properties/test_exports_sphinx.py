"""What sphinx writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

import pytest
from exported import BOUNDED, back, forms
from hypothesis import given

from synthese.exports import Field


def headers(field: Field, compact: bool) -> list[str]:
    label = field.label.replace("\n", "_")
    if field.kind == "grid":
        return [f"{label} ({item})".replace("\n", "_") for item in field.items]
    if field.kind == "one" or compact:
        return [label]
    return [f"{label}_{number}" for number in range(1, len(field.items) + (field.other is not None) + 1)]


def cells(field: Field, value: object, compact: bool) -> list[str]:
    if field.kind != "many":
        return list(value) if field.kind == "grid" else [value]
    other = [value.other] if field.other else []
    if compact:
        return [" ; ".join([*value.items, *filter(None, other)])]
    return [*(item if item in value.items else "" for item in field.items), *other]


@pytest.mark.parametrize("variant", ["xlsx", "csv", "compact"])
@BOUNDED
@given(answers=forms())
def test_every_answer_comes_back(variant, answers):
    export = back("sphinx", variant, answers)
    compact = variant == "compact"
    assert export.tool == "sphinx"
    asked = [column for column in export.columns if column.kind == "answer"]
    written = [
        f"{number}. {header}"
        for number, field in enumerate(answers.fields, start=1)
        for header in headers(field, compact)
    ]
    found = [(f"{c.code}. " if c.code else "") + c.header + (f"_{c.part}" if c.sub is not None else "") for c in asked]
    assert found == written
    rows = [
        [c for f, value in zip(answers.fields, submission.values, strict=True) for c in cells(f, value, compact)]
        for submission in answers.submissions
    ]
    assert export.cells[[column.index for column in asked]].to_numpy().tolist() == rows
    assert export.rows.tolist() == list(range(3, 3 + len(rows)))


@BOUNDED
@given(answers=forms())
def test_an_option_is_named_by_nothing_but_what_two_respondents_ticked(answers):
    export = back("sphinx", "csv", answers)
    for column in export.columns:
        if column.sub in (None, f"réponse {column.part}"):
            continue
        texts = export.cells[column.index]
        assert set(texts) - {""} == {column.sub}
        assert (texts == column.sub).sum() > 1
