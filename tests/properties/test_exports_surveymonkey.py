"""What surveymonkey writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

import pytest
from exported import BOUNDED, OTHER, back, forms
from hypothesis import given

from synthese.exports import Answers


def expected(answers: Answers) -> tuple[list[tuple[str, str | None]], list[list[str]]]:
    """Headers and cells by the tool's rules, written a second time and plainly."""
    heads: list[tuple[str, str | None]] = []
    rows: list[list[str]] = [[] for _ in answers.submissions]
    for place, field in enumerate(answers.fields):
        values = [submission.values[place] for submission in answers.submissions]
        if field.kind == "one":
            heads += [(field.label, None), *([(field.label, OTHER)] if field.other else [])]
        else:
            heads += [(field.label, item) for item in (*field.items, *([OTHER] if field.other else []))]
        for row, value in zip(rows, values, strict=True):
            if field.kind == "grid":
                row.extend(value)
            elif field.kind == "many":
                row.extend(item if item in value.items else "" for item in field.items)
                row.extend([value.other] if field.other else [])
            elif field.other:
                row.extend([value, ""] if value in field.options else ["", value])
            else:
                row.append(value)
    return heads, rows


@pytest.mark.parametrize("variant", ["csv", "xlsx"])
@BOUNDED
@given(answers=forms())
def test_every_answer_comes_back(variant, answers):
    export = back("surveymonkey", variant, answers)
    heads, rows = expected(answers)
    assert export.tool == "surveymonkey"
    assert [(column.header, column.sub) for column in export.columns[9:]] == heads
    assert export.cells.loc[:, 9:].to_numpy().tolist() == rows
    assert export.rows.tolist() == list(range(3, 3 + len(answers.submissions)))
    assert {column.kind for column in export.columns[:9]} == {"meta"}
