"""What tally writes is read back: every answer and every header, whatever the labels hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

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
    dialect = exports.named("tally").variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("tally", answers, path, variant)
        # The tool is not named: it must be told from all others. The delimiter is, for labels that hold several.
        return exports.read(path, delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter)


BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


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
    export = back("csv", answers)
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
    export = back("csv", answers)
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
