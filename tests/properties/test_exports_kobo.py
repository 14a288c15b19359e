"""What KoboToolbox writes is read back: every answer, by labels and by names, with the form and without."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked, workbook

NASTY = [
    "a, b", "a;b", 'dit "oui"', "l’été", "l'été", "répondant·es", "«\u00a0non modélisée\u00a0»", "a\u202f?", "🌱",
    "=SOMME(A1)", "+33", "-1", "@x", "ligne 1\nligne 2", "a\tb", "a|b", "  bords  ", "X", "1", "[x]", "01", "3.10",
    "œ", "a/b", "et/ou", "Other", "other", "a_other", "start", "0",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|/:.\"'\n ·xé"), min_size=1, max_size=8),
)
TAKEN = ("", "start", "end", "Other")
LABELS = PIECES.map(str.strip).filter(lambda text: text not in TAKEN)
CELLS = st.one_of(st.just(""), PIECES)
BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def unmarked(text: str) -> str:
    return re.sub(r"[/:.|]| [->] |_other$", "", text).strip()


@st.composite
def forms(draw: st.DrawFn, marked: bool = True) -> Answers:
    """Any form and its answers; unless ``marked``, no label holds a separator and nothing is ranked."""
    texts = LABELS if marked else LABELS.map(unmarked).filter(lambda text: text not in TAKEN)
    kinds = ["text", "single", "many", "grid", "ranking"][: None if marked else -1]
    labels = draw(st.lists(texts, min_size=1, max_size=5, unique=True))
    fields = []
    for place, label in enumerate(labels):
        kind = draw(st.sampled_from(kinds))
        items = tuple(draw(st.lists(texts, min_size=2, max_size=4, unique=True)))
        options = tuple(draw(st.lists(LABELS, min_size=1, max_size=4, unique=True)))
        other = draw(st.none() | st.just("Autre, précisez"))
        code = draw(st.sampled_from(["", f"F{place}"]))
        if kind == "text":
            fields.append(Field(label, code=code))
        elif kind == "single":
            fields.append(Field(label, "one", (), other, code, "single", options))
        elif kind == "many":
            fields.append(Field(label, "many", items, other, code, "multiple"))
        elif kind == "grid":
            fields.append(Field(label, "grid", items, None, code, "grid", options))
        else:
            fields.append(Field(label, "grid", items, None, code, "ranking"))
    submissions = []
    for _ in range(draw(st.integers(1, 4))):
        values = []
        for field in fields:
            if field.kind == "many":
                ticked = tuple(item for item in field.items if draw(st.booleans()))
                values.append(Ticked(ticked, draw(CELLS) if field.other else ""))
            elif field.answer == "ranking":
                ranked = draw(st.permutations(range(1, len(field.items) + 1)))
                values.append(tuple(map(str, ranked)) if draw(st.booleans()) else ("",) * len(field.items))
            elif field.kind == "grid":
                values.append(tuple(draw(st.sampled_from(("", *field.options))) for _ in field.items))
            elif field.options:
                closed = st.sampled_from(("", *field.options))
                values.append(draw(closed | CELLS) if field.other else draw(closed))
            else:
                values.append(draw(CELLS))
        submissions.append(Submission(tuple(values), {"submitted": "2024-03-12T10:00:00"}))
    return Answers(draw(LABELS), tuple(fields), tuple(submissions))


def back(variant: str, answers: Answers, form: bool) -> exports.RawExport:
    dialect = exports.named("kobotoolbox").variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("kobotoolbox", answers, path, variant)
        beside = path.with_suffix(".form.xlsx")
        assert beside.exists() or not dialect.codes
        # No tool is named: its own columns tell it.
        return exports.read(
            path, delimiter=None if dialect.suffix == ".xlsx" else ";", structure=beside if form else None
        )


def told(export: exports.RawExport) -> list[dict[tuple[str, str | None], str]]:
    """Answers of each record by question and part, in labels; two columns of one place must not clash."""
    out = []
    for record in export.cells.itertuples(index=False, name=None):
        answers: dict[tuple[str, str | None], str] = {}
        for column in export.columns:
            cell = record[column.index]
            if column.kind == "meta" or not cell:
                continue
            place = (column.header, column.sub)
            text = column.labels.get(cell, cell)
            if set(column.labels) and " " in cell and all(name in column.labels for name in cell.split(" ")):
                text = "\0".join(column.labels[name] for name in cell.split(" "))
            answers[place] = f"{answers[place]}\0{text}" if place in answers else text
        out.append(answers)
    return out


def given_answers(answers: Answers) -> list[dict[tuple[str, str | None], str]]:
    """The same, from what was sent in."""
    out = []
    for submission in answers.submissions:
        record: dict[tuple[str, str | None], str] = {}
        for field, value in zip(answers.fields, submission.values, strict=True):
            if isinstance(value, Ticked):
                if value.items or value.other:
                    record |= {(field.label, item): "1" if item in value.items else "0" for item in field.items}
                    if field.other:
                        record[field.label, "Other"] = f"1\0{value.other}" if value.other else "0"
            elif field.answer == "ranking":
                order = sorted((int(rank), item) for rank, item in zip(value, field.items, strict=True) if rank)
                if order:
                    record[field.label, None] = "\0".join(item for _, item in order)
            elif field.kind == "grid":
                record |= {(field.label, row): cell for row, cell in zip(field.items, value, strict=True) if cell}
            elif field.options and field.other and value and value not in field.options:
                record[field.label, None] = "Other"
                record[field.label, "Other"] = value
            elif value:
                record[field.label, None] = value
        out.append(record)
    return out


def with_field(answers: Answers, field: Field, value: str | tuple[str, ...]) -> Answers:
    assume(field.label not in [other.label for other in answers.fields])
    submissions = tuple(Submission((*s.values, value), s.meta) for s in answers.submissions)
    return Answers(answers.title, (*answers.fields, field), submissions)


@pytest.mark.parametrize("variant", ["xml", "xml-xlsx"])
@BOUNDED
@given(answers=forms())
def test_names_with_the_form(variant, answers):
    assert told(back(variant, answers, True)) == given_answers(answers)


@pytest.mark.parametrize("variant", ["csv", "xlsx"])
@BOUNDED
@given(answers=forms())
def test_labels_with_the_form(variant, answers):
    # The names in which a ranking is written need the form; lines and questions of one header follow its order.
    ranked = Field("Ordre ?", "grid", ("un", "deux"), None, "ordre", "ranking")
    answers = with_field(answers, ranked, ("2", "1"))
    assert told(back(variant, answers, True)) == given_answers(answers)


@pytest.mark.parametrize("variant", ["csv", "xlsx"])
@BOUNDED
@given(answers=forms(marked=False))
def test_labels_without_the_form(variant, answers):
    # A separator inside a label cannot be told from the one between a group and a question, nor a question named
    # like the text of « Autre » from that; a name that a form gives to options ranked means nothing without it.
    answers = with_field(answers, Field("Votre avis ?"), "")
    assert told(back(variant, answers, False)) == given_answers(answers)


HEADERS = st.sampled_from(
    [
        "a",
        "b",
        "a/b",
        "a/Other",
        "a/other",
        "a_other",
        "Specify other.",
        "g/a",
        "g/a/b",
        "_a_latitude",
        "_id",
        "_uuid",
        "_index",
        "start",
        "",
        "/",
        "a::b",
        "a.b",
        "_submission__id",
        "a/",
        "/a",
    ]
)
TICKS = st.sampled_from(["", "0", "1", "a", "other", "Other", "a b", "#x", "b a"])
TYPES = st.sampled_from(
    [
        "text",
        "note",
        "integer",
        "select_one a",
        "select_multiple a",
        "select_multiple a or_other",
        "rank a",
        "",
        "start",
        "begin_group",
        "end_group",
        "begin_repeat",
        "end_repeat",
        "begin_score",
        "score__row",
        "end_score",
        "calculate",
    ]
)
LOOKS = st.sampled_from(["", "label", "list-nolabel", "field-list"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), headers=st.lists(HEADERS, min_size=1, max_size=8))
def test_any_table_and_any_form_end_in_a_reading_or_a_clear_error(data, headers):
    width = len(headers)
    records = data.draw(st.lists(st.lists(TICKS, min_size=width, max_size=width), max_size=4))
    names = st.sampled_from(["a", "b", "", "c"])
    rows = data.draw(st.lists(st.tuples(TYPES, names, names, LOOKS), max_size=8))
    choices = [("list_name", "name", "label"), ("a", "b", ""), ("a", "c", "b"), ("a", "", "x")]
    with tempfile.TemporaryDirectory() as folder:
        path, form = Path(folder) / "a.csv", Path(folder) / "f.xlsx"
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in [headers, *records]))
        form.write_bytes(
            workbook.render_book({"survey": [("type", "name", "label", "appearance"), *rows], "choices": choices}, "f")
        )
        for structure in (None, form):
            try:
                export = exports.read(path, tool="kobotoolbox", delimiter=";", structure=structure)
            except SyntheseError:
                continue  # anything else than a clear error fails the test
            assert [column.index for column in export.columns] == list(range(width))
            # Rows that hold nothing at all are blank; rows of tags stand right below the header.
            assert len(export.cells) <= len(records)
