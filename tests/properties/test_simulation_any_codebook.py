"""Any questionnaire can be simulated, written by any tool and read back; the same seed gives the same bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.codebook import Codebook
from synthese.exports import Ticked
from synthese.simulation import simulate

KINDS = ("single", "multiple", "ordinal", "grid", "ranking", "numeric", "open")


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    questions = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(KINDS))
        question = {"id": f"Q{number}", "section": "A", "type": kind, "text": f"Question, {number} ?"}
        if kind in ("single", "multiple", "ordinal", "grid"):
            count = draw(st.integers(2, 5))
            options = [{"code": f"o{i}", "label": f"Option {i}, suite"} for i in range(count)]
            if kind in ("single", "multiple"):
                options[-1]["other"] = draw(st.booleans())
                options[0]["exclusive"] = kind == "multiple" and count > 2 and draw(st.booleans())
            question["options"] = options
        if kind in ("grid", "ranking"):
            question["rows"] = [{"code": f"r{i}", "label": f"Ligne {i}"} for i in range(draw(st.integers(1, 4)))]
        if kind in ("multiple", "ranking"):
            question["maximum"] = draw(st.none() | st.integers(1, 3))
        if kind == "numeric":
            question |= {
                "minimum_value": 0,
                "maximum_value": draw(st.sampled_from([10, 1000])),
                "integer": draw(st.booleans()),
            }
        if kind == "open":
            question["role"] = draw(st.sampled_from(["identifier", "contact", "comment"]))
        routers = [q for q in questions if q["type"] == "single"]
        if routers and draw(st.booleans()):
            question["routing"] = {"question": routers[-1]["id"], "any_of": ["o0"], "champ": "celles qui"}
        questions.append(question)
    return Codebook.model_validate({"schema": 1, "title": "t", "sections": {"A": "A"}, "questions": questions})


@pytest.mark.parametrize("tool", exports.known())
@settings(max_examples=40, deadline=None)
@given(codebook=codebooks(), size=st.integers(1, 40), seed=st.integers(0, 2**31))
def test_any_codebook(tool, codebook, size, seed):
    answers = simulate(codebook, "2024", size, seed, tool)
    assert len(answers.submissions) == size
    for row in answers.submissions:
        for question, field, value in zip(codebook.questions, answers.fields, row.values, strict=True):
            labels = {option.label for option in question.options}
            if isinstance(value, Ticked):
                held = len(value.items) + bool(value.other)
                assert held <= (question.maximum or 99)
                assert set(value.items) <= labels
                assert value.other not in labels
                if question.options[0].exclusive and question.options[0].label in value.items:
                    assert held == 1
            elif question.type == "ranking":
                ranks = sorted(int(rank) for rank in value if rank)
                assert ranks == list(range(1, len(ranks) + 1))
                assert len(ranks) <= (question.maximum or 99)
            elif question.type == "grid":
                assert set(value) <= labels | {""}
            elif question.type in ("single", "ordinal") and not any(o.other for o in question.options):
                assert value in labels | {""}
            if question.routing is not None:
                router = [q.id for q in codebook.questions].index(question.routing.question)
                if row.values[router] != "Option 0, suite":
                    assert value in ("", Ticked(), tuple("" for _ in field.items)), "not asked, not answered"
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one", Path(folder) / "two"
        exports.write(tool, answers, one)
        exports.write(tool, simulate(codebook, "2024", size, seed, tool), two)
        assert one.read_bytes() == two.read_bytes()
        binary = exports.named(tool).dump is not None or one.read_bytes().startswith(b"PK")
        delimiter = next(iter(exports.named(tool).variants.values())).delimiter
        export = exports.read(one, tool=tool, delimiter=None if binary else delimiter)
        assert len(export.cells) + sum("blank" in note.code for note in export.notes) >= 1
