"""What is written as SPSS or Stata is read back, whatever the labels hold; any bytes end in a reading or an error."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked
from synthese.exports.forms import Value

NASTY = [
    "a, b", "a;b", 'dit "oui"', "l’été", "répondant·es", "«\u00a0non modélisée\u00a0»", "a\u202f?", "🌱", "=SOMME(A1)",
    "ligne 1\nligne 2", "a\tb", "X", "1", "[x]", "01", "3.10", "#NP", "99", "-99", "a", "é" * 150, "texte " * 60,
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=10)
)
LABELS = TEXTS.map(str.strip).filter(lambda s: s and not s.endswith("]"))
NUMBERS = st.one_of(st.integers(-99, 10**6).map(str), st.sampled_from(["0,5", "12.25", "-99", "99", "123456789012"]))


@st.composite
def forms(draw: st.DrawFn) -> Answers:
    fields: list[Field] = []
    for number in range(draw(st.integers(1, 5))):
        code, label = f"Q{number}", draw(LABELS)
        kind = draw(st.sampled_from(["single", "multiple", "grid", "ranking", "numeric", "open"]))
        # Labels of one question stay different where a format cuts them; cutting itself is a test of its own.
        short = st.lists(LABELS.map(lambda s: s[:40].strip()).filter(bool), min_size=2, max_size=4, unique=True)
        items = tuple(draw(short))
        other = draw(st.none() | st.just("Autre, précisez"))
        if kind == "single":
            fields.append(Field(label, "one", (), other, code, "single", items))
        elif kind == "multiple":
            fields.append(Field(label, "many", items, other, code, "multiple"))
        elif kind in ("grid", "ranking"):
            options = ("Peu", "Très") if kind == "grid" else ()
            fields.append(Field(label, "grid", items, None, code, kind, options))
        else:
            fields.append(Field(label, "one", code=code, answer=kind))
    submissions = []
    for _ in range(draw(st.integers(1, 4))):
        hidden = frozenset(i for i in range(len(fields)) if draw(st.integers(0, 5)) == 0)
        values = [_value(draw, field, shown=i not in hidden) for i, field in enumerate(fields)]
        submissions.append(Submission(tuple(values), hidden=hidden))
    return Answers(draw(LABELS), tuple(fields), tuple(submissions))


def _value(draw: st.DrawFn, field: Field, *, shown: bool) -> Value:
    if field.kind == "many":
        if not shown:
            return Ticked()
        ticked = tuple(item for item in field.items if draw(st.booleans()))
        return Ticked(ticked, draw(st.just("") | LABELS) if field.other else "")
    if field.kind == "grid":
        places = [str(rank) for rank in range(1, len(field.items) + 1)]
        cells = st.sampled_from(["", *(field.options or places)]) if shown else st.just("")
        return tuple(draw(cells) for _ in field.items)
    if not shown:
        return ""
    if field.answer == "numeric":
        return draw(st.just("") | NUMBERS)
    free = LABELS.filter(lambda s: s not in field.options) if field.other else st.nothing()
    return draw(st.just("") | st.sampled_from(field.options) | free) if field.options else draw(st.just("") | LABELS)


def said(export: exports.RawExport, column: exports.RawColumn) -> list[str]:
    """Texts of a column as people see them: the label of a value, the reason of a missing one."""
    cells = export.cells[column.index].tolist()
    return [column.missing.get(cell) or column.labels.get(cell, cell) for cell in cells]


def expected(tool: str, answers: Answers) -> dict[str, list[str]]:
    """The same by the rules of the format, written a second time and plainly."""
    out: dict[str, list[str]] = {}
    for place, field in enumerate(answers.fields):
        values = [submission.values[place] for submission in answers.submissions]
        gone = [place in submission.hidden for submission in answers.submissions]

        def put(name: str, texts: list[str], *, text: bool, gone: list[bool] = gone) -> None:
            told = any(gone) and not (text and tool == "stata")
            out[name] = ["_not_asked" if told and g else t for t, g in zip(texts, gone, strict=True)]

        code = field.code
        if field.kind == "many":
            for number, item in enumerate(field.items, start=1):
                boxes = [("Oui" if item in v.items else "Non") if v.items or v.other else "" for v in values]
                put(f"{code}_{number}", boxes, text=False)
            if field.other:
                put(f"{code}_autre", [v.other for v in values], text=True)
        elif field.kind == "grid":
            for number in range(len(field.items)):
                texts = [value[number] for value in values]
                # A line of numbers that no one filled is a line of texts.
                put(f"{code}_{number + 1}", texts, text=not field.options and not any(texts))
        elif field.options:
            free = [v if v and v not in field.options else "" for v in values]
            put(code, [field.other if f else v for f, v in zip(free, values, strict=True)], text=False)
            if field.other:
                put(f"{code}_autre", free, text=True)
        elif any(values) and all(
            not v or v.replace(",", ".").lstrip("-").replace(".", "", 1).isdecimal() for v in values
        ):
            numbers = [f"{float(v.replace(',', '.')):.15g}" if v else "" for v in values]
            put(code, numbers, text=False)
        else:
            put(code, values, text=True)
    return out


@pytest.mark.parametrize("tool", ["spss", "stata"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answers=forms())
def test_every_answer_comes_back(tool, answers):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        exports.write(tool, answers, path)
        content = path.read_bytes()
        exports.write(tool, answers, path)
        assert path.read_bytes() == content
        export = exports.read(path)
    assert export.tool == tool
    found = {(c.part or c.code): said(export, c) for c in export.columns}
    assert found == expected(tool, answers)
    questions = export.structure.by_code
    assert all(c.code in questions for c in export.columns)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tool=st.sampled_from(["spss", "stata"]), where=st.floats(0, 1), mask=st.integers(1, 255), cut=st.booleans())
def test_damaged_bytes_end_in_a_reading_or_a_clear_error(tool, where, mask, cut):
    answers = Answers(
        "t",
        (Field("Q", code="Q", answer="single", options=("un", "deux")), Field("T", code="T")),
        tuple(Submission((("un", "deux")[i % 2], f"texte {i}")) for i in range(5)),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        exports.write(tool, answers, path)
        content = bytearray(path.read_bytes())
        place = min(int(where * len(content)), len(content) - 1)
        if cut:
            del content[place:]
        else:
            content[place] ^= mask
        path.write_bytes(bytes(content))
        try:
            export = exports.read(path, tool=tool)
        except SyntheseError:
            return  # anything else than a clear error fails the test
        assert len(export.rows) == len(export.cells) > 0
        assert len(export.columns) == export.cells.shape[1]
