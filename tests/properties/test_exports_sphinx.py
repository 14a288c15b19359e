"""What sphinx writes is read back: every answer and every header, whatever the labels hold."""

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
    dialect = exports.named("sphinx").variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("sphinx", answers, path, variant)
        # The tool is not named: it must be told from all others. The delimiter is, for labels that hold several.
        return exports.read(path, delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter)


BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


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
    export = back(variant, answers)
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
    export = back("csv", answers)
    for column in export.columns:
        if column.sub in (None, f"réponse {column.part}"):
            continue
        texts = export.cells[column.index]
        assert set(texts) - {""} == {column.sub}
        assert (texts == column.sub).sum() > 1
