"""What a tool writes is read back: every cell, whatever the options hold."""

from __future__ import annotations

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
    "œ", "\u2028", "\x85",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|\t\"'\n ·xé"), min_size=1, max_size=8),
)
LABELS = PIECES.filter(lambda s: s.strip() and not s.endswith("]"))
CELLS = st.one_of(st.just(""), PIECES)


@st.composite
def forms(draw: st.DrawFn) -> Answers:
    labels = draw(st.lists(LABELS, min_size=1, max_size=5, unique=True))
    fields = []
    for label in labels:
        kind = draw(st.sampled_from(["one", "many", "grid"]))
        items = tuple(draw(st.lists(LABELS, min_size=1, max_size=4, unique=True))) if kind != "one" else ()
        other = draw(st.none() | st.just("Autre, précisez")) if kind == "many" else None
        fields.append(Field(label, kind, items, other))
    submissions = []
    for _ in range(draw(st.integers(1, 4))):
        values = []
        for field in fields:
            if field.kind == "one":
                values.append(draw(CELLS))
            elif field.kind == "many":
                ticked = tuple(item for item in field.items if draw(st.booleans()))
                values.append(Ticked(ticked, draw(CELLS) if field.other else ""))
            else:
                values.append(tuple(draw(CELLS) for _ in field.items))
        submissions.append(Submission(tuple(values), {"submitted": "2024-03-12T10:00:00"}))
    return Answers(draw(LABELS), tuple(fields), tuple(submissions))


def separate(answers: Answers, mark: str) -> list[list[str]]:
    """Cells by the rule of tools with one column per option, written a second time and plainly."""
    rows = []
    for submission in answers.submissions:
        row: list[str] = []
        for field, value in zip(answers.fields, submission.values, strict=True):
            if field.kind == "one":
                row.append(value)
            elif field.kind == "grid":
                row.extend(value)
            else:
                row.extend(mark if item in value.items else "" for item in field.items)
                if field.other:
                    row.append(value.other)
        rows.append(row)
    return rows


def joined(answers: Answers, joint: str) -> list[list[str]]:
    """Cells by the rule of tools that join what is ticked."""
    rows = []
    for submission in answers.submissions:
        row: list[str] = []
        for field, value in zip(answers.fields, submission.values, strict=True):
            if field.kind == "one":
                row.append(value)
            elif field.kind == "grid":
                row.extend(value)
            else:
                row.append(
                    joint.join([i for i in field.items if i in value.items] + ([value.other] if value.other else []))
                )
        rows.append(row)
    return rows


def back(tool: str, variant: str, answers: Answers) -> exports.RawExport:
    dialect = exports.named(tool).variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write(tool, answers, path, variant)
        # The delimiter is named: with one or two columns two of them may read the file equally well.
        return exports.read(path, tool=tool, delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter)


BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("variant", ["csv", "semicolon", "excel"])
@BOUNDED
@given(answers=forms())
def test_framaforms_separate(variant, answers):
    export = back("framaforms", variant, answers)
    assert export.cells.loc[:, 9:].to_numpy().tolist() == separate(answers, "X")
    subs = [column.sub or column.header for column in export.columns[9:]]
    assert subs == [
        label
        for field in answers.fields
        for label in (
            (field.label,) if field.kind == "one" else (*field.items, *((field.other,) if field.other else ()))
        )
    ]
    assert export.rows.tolist() == list(range(4, 4 + len(answers.submissions)))


@pytest.mark.parametrize(("variant", "joint"), [("csv", ", "), ("forms-csv", ";"), ("xlsx", ", ")])
@BOUNDED
@given(answers=forms())
def test_google_forms(variant, joint, answers):
    export = back("google-forms", variant, answers)
    assert export.cells.loc[:, 1:].to_numpy().tolist() == joined(answers, joint)
    for column, (label, sub) in zip(
        export.columns[1:],
        [(f.label, i) for f in answers.fields for i in (f.items if f.kind == "grid" else (None,))],
        strict=True,
    ):
        # A question whose own text looks like a grid's column cannot be told from one; the whole label is kept.
        assert column.label.strip() == (label if sub is None else f"{label} [{sub}]").strip()


@BOUNDED
@given(answers=forms())
def test_plain(answers):
    labels = [
        f.label if f.kind == "one" else f"{f.label} [{i}]"
        for f in answers.fields
        for i in (*f.items, *((f.other,) if f.other else ())) or ("",)
    ]
    for variant in ("csv", "semicolon"):
        if len(set(labels)) < len(labels):
            with pytest.raises(SyntheseError, match="have this header"):
                back("plain", variant, answers)
        else:
            export = back("plain", variant, answers)
            assert export.cells.to_numpy().tolist() == separate(answers, "1")
            assert [column.header for column in export.columns] == labels


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text(st.sampled_from('a,;"\n\r\t|é\0 '), max_size=40).map(str.encode)))
def test_any_bytes_end_in_a_reading_or_a_clear_error(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(content)
        for tool in (None, *exports.known()):
            try:
                export = exports.read(path, tool=tool)
            except SyntheseError:
                continue  # anything else than a clear error fails the test
            assert len(export.rows) == len(export.cells) > 0
            assert len(export.columns) == export.cells.shape[1]
