"""What surveymonkey writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

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
LABELS = PIECES.filter(lambda s: s.strip())
CELLS = st.one_of(st.just(""), PIECES)
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
    dialect = exports.named("surveymonkey").variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("surveymonkey", answers, path, variant)
        # The tool is not named: it must be told from all others. The delimiter is, for labels that hold several.
        return exports.read(path, delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter)


BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


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
    export = back(variant, answers)
    heads, rows = expected(answers)
    assert export.tool == "surveymonkey"
    assert [(column.header, column.sub) for column in export.columns[9:]] == heads
    assert export.cells.loc[:, 9:].to_numpy().tolist() == rows
    assert export.rows.tolist() == list(range(3, 3 + len(answers.submissions)))
    assert {column.kind for column in export.columns[:9]} == {"meta"}
