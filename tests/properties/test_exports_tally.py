"""What tally writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

from exported import BOUNDED, OTHER, back, forms
from hypothesis import given

from synthese.exports import Field


def headers(field: Field) -> list[str]:
    if field.kind == "one" or field.answer == "ranking":
        return [field.label]
    columns = [f"{field.label} ({item})" for item in (*field.items, *([OTHER] if field.other else []))]
    return columns if field.kind == "grid" else [field.label, *columns]


def cells(field: Field, value: object) -> list[str]:
    if field.answer == "ranking":
        return [", ".join(item for _, item in sorted(zip(value, field.items, strict=True)) if any(value))]
    if field.kind == "grid":
        return list(value)
    if field.kind == "one":
        return [value]
    words = [*value.items, *([value.other] if value.other else [])]
    options = [*field.items, *([OTHER] if field.other else [])]
    ticked = {*value.items, *([OTHER] if value.other else [])}
    return [", ".join(words), *(str(option in ticked).upper() if words else "" for option in options)]


@BOUNDED
@given(answers=forms())
def test_every_answer_comes_back(answers):
    export = back("tally", "csv", answers)
    assert export.tool == "tally"
    written = [header for field in answers.fields for header in headers(field)]
    found = [c.header if c.sub is None else f"{c.header} ({c.sub})" for c in export.columns[3:]]
    assert found == written
    rows = [
        [cell for field, value in zip(answers.fields, submission.values, strict=True) for cell in cells(field, value)]
        for submission in answers.submissions
    ]
    assert export.cells.loc[:, 3:].to_numpy().tolist() == rows
    assert export.rows.tolist() == list(range(2, 2 + len(rows)))


@BOUNDED
@given(answers=forms())
def test_options_are_told_where_someone_ticked_one(answers):
    export = back("tally", "csv", answers)
    place = 3
    for index, field in enumerate(answers.fields):
        columns = export.columns[place : place + len(headers(field))]
        place += len(columns)
        if field.kind != "many":
            continue
        answered = any(s.values[index].items or s.values[index].other for s in answers.submissions)
        if answered or len(columns) > 2:
            options = [*field.items, *([OTHER] if field.other else [])]
            assert [(c.header, c.sub) for c in columns] == [(field.label, s) for s in (None, *options)]
        else:
            assert columns[1].sub is None, "the only option of a question that nobody answered may be a question"
