"""What Microsoft Forms writes is read back: every cell, every header."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

NASTY = [
    "a, b", "a;b", 'dit "oui"', "l’été", "l'été", "répondant·es", "«\u00a0non modélisée\u00a0»", "a\u202f?", "🌱",
    "=SOMME(A1)", "+33", "-1", "@x", "ligne 1\nligne 2", "a\tb", "a|b", "  bords  ", "X", "1", "[x]", "01", "3.10",
    "œ", "\u2028", "Nom", "nom2", "ID", "fin;", "2024-03-12",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|\t\"'\n ·xé2"), min_size=1, max_size=8),
)
LABELS = PIECES.filter(lambda s: bool(s.strip()))
CELLS = st.one_of(st.just(""), PIECES)


@st.composite
def forms(draw: st.DrawFn) -> Answers:
    fields = []
    for label in draw(st.lists(LABELS, min_size=1, max_size=5)):  # two questions may have one wording
        kind = draw(st.sampled_from(["one", "many", "grid", "ranking"]))
        items = tuple(draw(st.lists(LABELS, min_size=1, max_size=4, unique=True)))
        if kind == "one":
            fields.append(Field(label))
        elif kind == "many":
            fields.append(Field(label, "many", items, draw(st.none() | st.just("Autre")), answer="multiple"))
        else:
            fields.append(Field(label, "grid", items, answer=kind))
    submissions = []
    for _ in range(draw(st.integers(1, 4))):
        values = []
        for field in fields:
            if field.kind == "one":
                values.append(draw(CELLS))
            elif field.kind == "many":
                ticked = tuple(item for item in field.items if draw(st.booleans()))
                values.append(Ticked(ticked, draw(CELLS) if field.other else ""))
            elif field.answer == "ranking":
                order = draw(st.permutations(range(1, len(field.items) + 1)))
                values.append(tuple(str(rank) if draw(st.booleans()) else "" for rank in order))
            else:
                values.append(tuple(draw(CELLS) for _ in field.items))
        submissions.append(Submission(tuple(values), {"submitted": "2024-03-12T10:00:00"}))
    return Answers(draw(LABELS), tuple(fields), tuple(submissions))


def expected(answers: Answers) -> list[list[str]]:
    """Cells by the tool's rule, written a second time and plainly."""
    rows = []
    for submission in answers.submissions:
        row = []
        for field, value in zip(answers.fields, submission.values, strict=True):
            if isinstance(value, str):
                row.append(value)
            elif isinstance(value, Ticked):
                row.append("".join(text + ";" for text in (*value.items, value.other) if text))
            elif field.answer == "ranking":
                ranks = dict(zip(value, field.items, strict=True))
                row.append("".join(ranks[str(n)] + ";" for n in range(1, 10) if str(n) in ranks))
            else:
                row += value
        rows.append(row)
    return rows


@pytest.mark.parametrize("variant", ["xlsx", "csv"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answers=forms())
def test_microsoft_forms(variant, answers):
    dialect = exports.named("microsoft-forms").variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("microsoft-forms", answers, path, variant)
        # No tool is named: its own columns tell it.
        export = exports.read(path, delimiter=None if variant == "xlsx" else ";")
    assert export.tool == "microsoft-forms"
    assert export.cells.loc[:, 6:].to_numpy().tolist() == expected(answers)
    labels = [
        label for field in answers.fields for label in (field.items if field.answer == "grid" else (field.label,))
    ]
    written = [column.code or column.header for column in export.columns[6:]]
    for column, label, there in zip(export.columns[6:], labels, written, strict=True):
        assert column.kind == "answer"
        # A question whose own text ends in a digit cannot be told from one that was numbered to keep it apart.
        assert column.header == label or any(text[-1] in "0123456789" for text in labels)
        assert there in (label, *(f"{label}{n}" for n in range(2, 40)))
    assert len({text.casefold() for text in written}) == len(written)


HEADERS = st.sampled_from(
    [
        "ID",
        "Start time",
        "Completion time",
        "Heure de fin",
        "Email",
        "Nom",
        "Nom2",
        "a",
        "A2",
        "a2",
        "a3",
        "Points - a",
        "",
        "2",
        "x\xa02",
    ]
)
ODD = st.sampled_from(["", "a;b;", "2", '"a, b"', '"', '""', "[]", '{"latitude":1}', "x,y", '"a\\"b"'])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), headers=st.lists(HEADERS, min_size=1, max_size=8))
def test_any_table_ends_in_a_reading_or_a_clear_error(data, headers):
    width = len(headers)
    records = data.draw(st.lists(st.lists(ODD, min_size=width, max_size=width), max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([headers, *records])
        try:
            export = exports.read(path, tool="microsoft-forms", delimiter=",")
        except SyntheseError:
            assert not records  # anything else than a clear error fails the test
            return
    assert [column.position for column in export.columns] == list(range(1, width + 1))
    assert export.cells.to_numpy().tolist() == records
