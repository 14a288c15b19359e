"""Not asked, asked and left empty, « ne sait pas » and « sans objet »: four things from the cell to the base."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.analysis.coding import code
from synthese.analysis.describing import describe
from synthese.analysis.sampling import Sample
from synthese.cleaning import RULES, clean, replay
from synthese.codebook import Codebook, variables
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

TOLD = {"N/A": "_not_asked", "NR": "_no_answer", "NSP": "_dont_know", "SO": "_not_applicable"}
FOUR = ["_not_asked", "_no_answer", "_dont_know", "_not_applicable"]


def questions(*given):
    made = [{"section": "a", "text": q["id"], **q} for q in given]
    return Codebook.model_validate({"schema": 1, "title": "t", "questions": made})


def settings(**more):
    given = {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "limesurvey", "channel": "c",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
        "kept": {"empty": "keep", "minimum_answers": 0}, **more,
    }  # fmt: skip
    return WaveSettings.model_validate(given)


def export(columns, records, tool="limesurvey"):
    made = tuple(
        c if isinstance(c, RawColumn) else RawColumn(i, *((c, None) if isinstance(c, str) else c), i + 1, missing=TOLD)
        for i, c in enumerate(columns)
    )
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(len(columns))})
    return RawExport(tool, "x.csv", cells, made, np.arange(2, 2 + len(records)), "utf-8", ",", 1.0)


def cleaned(columns, records, *given, strict=False, **more):
    """Clean, and hold that the journal replayed gives the same."""
    raw, book, wave = export(columns, records), questions(*given), settings(**more)
    done = clean(raw, book, wave, strict=strict)
    pd.testing.assert_frame_equal(replay(done.journal, raw, book, wave), done.responses)
    assert set(done.journal["rule"]) <= set(RULES)
    return done


def estimates(done, question, *given):
    """Rows that describe a question: base, answered, asked of its shares or mean, and count of each reason."""
    (one,) = [v for v in variables(questions(*given), "2024") if v.id == question]
    rows = list(describe(code(done.responses, one), Sample()))
    first = next(row for row in rows if row["statistic"] in ("share", "mean") or one.kind == "open")
    reasons = {row["option"]: row["count"] for row in rows if str(row.get("option")).startswith("_")}
    return (first["base"], first["answered"], first["asked"]), reasons


def lines(done):
    wanted = done.journal.loc[done.journal["row"].notna(), ["row", "question", "before", "after", "rule"]]
    return [tuple(line) for line in wanted.itertuples(index=False)]


def found(done):
    return [(f.code, f.row) for f in done.findings if f.code != "option-unused"]


OPTIONS = [{"code": "un", "label": "Un"}, {"code": "deux", "label": "Deux"}]
ROWS = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]
S = {"id": "Q", "type": "single", "options": OPTIONS}
ORDINAL = {"id": "Q", "type": "ordinal", "options": OPTIONS}
G = {"id": "Q", "type": "grid", "options": OPTIONS, "rows": ROWS}
M = {"id": "Q", "type": "multiple", "options": OPTIONS}
R = {"id": "Q", "type": "ranking", "rows": ROWS}
N = {"id": "Q", "type": "numeric"}
T = {"id": "Q", "type": "open"}

WAYS = [
    pytest.param(S, "Q", [("Q",)], ["Un"], id="single"),
    pytest.param(ORDINAL, "Q", [("Q",)], ["Un"], id="ordinal"),
    pytest.param(S, "Q", [("Q", "Un"), ("Q", "Deux")], ["X", ""], id="single-over-ticks"),
    pytest.param(G, "Q.a", [("Q", "A"), ("Q", "B")], ["Un", "Deux"], id="grid"),
    pytest.param(M, "Q", [("Q",)], ["Un;Deux"], id="multiple-joined"),
    pytest.param(M, "Q", [("Q", "Un"), ("Q", "Deux")], ["Y", ""], id="multiple-over-ticks"),
    pytest.param(R, "Q", [("Q",)], ["A;B"], id="ranking-joined"),
    pytest.param(R, "Q", [("Q", "A"), ("Q", "B")], ["1", "2"], id="ranking-by-item"),
    pytest.param(R, "Q", [("Q", "Rang 1"), ("Q", "Rang 2")], ["A", "B"], id="ranking-by-rank"),
    pytest.param(N, "Q", [("Q",)], ["3"], id="numeric"),
    pytest.param(T, "Q", [("Q",)], ["un texte"], id="open"),
]  # fmt: skip


@pytest.mark.parametrize("declared", [False, True], ids=["told", "declared"])
@pytest.mark.parametrize(("question", "name", "heads", "answer"), WAYS)
def test_four_reasons_stay_apart_to_the_base(question, name, heads, answer, declared):
    # Two answers, then two of N/A, one left empty, one NR, three NSP, one SO.
    texts = ["N/A", "N/A", "", "NR", "NSP", "NSP", "NSP", "SO"]
    width = len(heads)
    records = [answer, answer, *([text] * width for text in texts)]
    told = {} if declared else TOLD
    columns = [RawColumn(i, h[0], h[1] if len(h) > 1 else None, i + 1, missing=told) for i, h in enumerate(heads)]
    missing = {"any": {text: reason.removeprefix("_") for text, reason in TOLD.items()}} if declared else {}
    done = cleaned(columns, records, question, separator=";", missing=missing, strict=True)
    column = f"{name}._reason" if question["type"] == "numeric" else name
    status = list(done.responses[column])
    wanted = ["_not_asked"] * 2 + ["_no_answer"] * 2 + ["_dont_know"] * 3 + ["_not_applicable"]
    assert status[2:] == wanted
    assert not status[0].startswith("_")
    numbers, reasons = estimates(done, name, question)
    # Asked: all but two. Answered: « ne sait pas » and « sans objet » are answers. Base: those who said something.
    assert numbers[1:] == (6, 8)
    if question["type"] != "open":
        assert numbers[0] == 2
    assert reasons == {"_not_asked": 2, "_no_answer": 2, "_dont_know": 3, "_not_applicable": 1}
    rule = "absence-declared" if declared else "absence-told"
    told_lines = [line for line in lines(done) if line[1] == name]
    before = "•••" if question["type"] == "open" else None
    assert [(row, said, after, by) for row, _, said, after, by in told_lines] == [
        (row, before or text, wanted[row - 4], rule)
        for row, text in enumerate(texts, start=4)
        if text
    ]  # fmt: skip


def test_an_empty_cell_that_the_tool_explains_needs_no_line():
    column = RawColumn(0, "Q", None, 1, missing={"": "_not_asked", "-": "_no_answer"})
    for question in (S, N, T, {**M, "options": OPTIONS}):
        done = cleaned([column], [[""], ["-"], [" "]], question)
        name = "Q._reason" if question is N else "Q"
        assert list(done.responses[name]) == ["_not_asked", "_no_answer", "_not_asked"]
        assert [line[0] for line in lines(done)] == [3]


def test_an_option_of_the_codebook_is_that_option_whatever_is_said_of_texts_in_general():
    nsp = {"code": "nsp", "label": "NSP", "in_base": False}
    question = {**S, "options": [*OPTIONS, nsp]}
    done = cleaned(["Q"], [["NSP"], ["Un"], ["SO"]], question, missing={"any": {"NSP": "no_answer"}})
    assert list(done.responses["Q"]) == ["nsp", "un", "_not_applicable"]
    assert estimates(done, "Q", question)[0] == (1, 3, 3)
    named = cleaned(["Q"], [["NSP"]], question, missing={"Q": {"nsp": "dont_know"}})
    assert list(named.responses["Q"]) == ["_dont_know"]
    assert lines(named) == [(2, "Q", "NSP", "_dont_know", "absence-declared")]


def test_a_line_of_a_grid_may_declare_its_own():
    columns = [RawColumn(i, "Q", r["label"], i + 1) for i, r in enumerate(ROWS)]
    missing = {"Q": {"-": "no_answer", "?": "dont_know"}, "Q.b": {"-": "not_applicable"}}
    done = cleaned(columns, [["-", "-"], ["?", "?"]], G, missing=missing)
    assert list(done.responses["Q.a"]) == ["_no_answer", "_dont_know"]
    assert list(done.responses["Q.b"]) == ["_not_applicable", "_dont_know"]


def test_a_declaration_may_name_the_label_of_a_code():
    column = RawColumn(0, "Q", None, 1, labels={"1": "Un", "9": "Ne se prononce pas"})
    done = cleaned([column], [["1"], ["9"]], S, missing={"any": {"Ne se prononce pas": "dont_know"}})
    assert list(done.responses["Q"]) == ["un", "_dont_know"]


def test_a_name_in_missing_that_nobody_asked_is_told_with_the_nearest():
    given = {"any": {"x": "dont_know"}, "QQ": {"x": "dont_know"}, "Q.c": {"x": "dont_know"}, "Q.a": {"x": "no_answer"}}
    with pytest.raises(SyntheseError) as error:
        cleaned([("Q", "A"), ("Q", "B")], [["", ""]], G, missing=given)
    assert [(f.code, f.path) for f in error.value.faults] == [
        ("unknown-question", "missing.QQ"),
        ("unknown-question", "missing.Q.c"),
    ]
    assert "did you mean 'Q'" in error.value.faults[0].fix


def test_one_column_that_was_shown_tells_that_the_question_was():
    done = cleaned([("Q", "Un"), ("Q", "Deux")], [["N/A", "Non"], ["N/A", ""], ["NSP", "N/A"]], M)
    assert list(done.responses["Q"]) == ["_no_answer", "_not_asked", "_dont_know"]


def test_an_answer_to_what_the_tool_did_not_show_is_kept_and_told():
    other = {"code": "autre", "label": "Autre", "other": True}
    question = {**S, "options": [*OPTIONS, other]}
    done = cleaned(["Q", ("Q", "Autre")], [["N/A", "friche"], ["Un", "N/A"]], question)
    assert list(done.responses["Q"]) == ["autre", "un"]
    assert found(done) == [("hidden-with-answer", 2)]
    assert "not shown, and an answer to it is given" in str(next(f for f in done.findings if f.row == 2))
    assert (2, "Q", "autre", "autre", "hidden-with-answer") in lines(done)
    ticks = cleaned([("Q", "Un"), ("Q", "Deux")], [["N/A", "Y"]], M)
    assert list(ticks.responses["Q"]) == ["answered"]
    assert found(ticks) == [("hidden-with-answer", 2)]


def test_a_question_hidden_in_one_branch_is_answered_in_the_other():
    columns = [RawColumn(0, "Q", None, 1, missing=TOLD), RawColumn(1, "Q", None, 2, missing=TOLD)]
    raw = export(columns, [["N/A", "Un"], ["Deux", "N/A"], ["N/A", "N/A"], ["NSP", "N/A"]], tool="google-forms")
    done = clean(raw, questions(S), settings(tool="google-forms"))
    assert list(done.responses["Q"]) == ["un", "deux", "_not_asked", "_dont_know"]
    assert found(done) == [("hidden-though-asked", 4)]


D1 = {"id": "D1", "type": "single", "options": OPTIONS}
D2 = {**N, "id": "D2", "routing": {"question": "D1", "any_of": ["deux"], "champ": "…"}}


def test_the_tool_and_the_routing_are_compared():
    records = [["Un", "N/A"], ["Deux", "N/A"], ["Un", ""], ["Deux", ""], ["", "N/A"], ["", ""], ["Un", "3"]]
    done = cleaned(["D1", "D2"], records, D1, D2)
    assert list(done.responses["D2._reason"]) == [
        "_not_asked", "_not_asked", "_not_asked", "_no_answer", "_not_asked", "_routing_unknown", "_not_asked",
    ]  # fmt: skip
    assert found(done) == [("hidden-though-asked", 3), ("shown-though-not-asked", 4), ("routing-contradiction", 8)]
    assert "by the answer to D1 it was asked of them" in str(done.findings[0])
    assert estimates(done, "D2", D1, D2)[1] == {"_not_asked": 5, "_no_answer": 1, "_routing_unknown": 1}


def test_a_question_without_routing_that_was_hidden_is_told():
    done = cleaned(["Q"], [["N/A"], ["Un"]], S)
    assert found(done) == [("hidden-though-asked", 2)]
    assert "it has no routing" in str(done.findings[0])


def test_ne_sait_pas_to_the_routing_question_is_an_answer_that_does_not_send_there():
    done = cleaned(["D1", "D2"], [["NSP", ""], ["SO", ""], ["NR", ""]], D1, D2)
    assert list(done.responses["D2._reason"]) == ["_not_asked", "_not_asked", "_routing_unknown"]


def test_rows_of_ne_sait_pas_are_answers_and_rows_of_hidden_questions_are_empty():
    kept = {"kept": {"empty": "drop", "minimum_answers": 1}}
    done = cleaned(["Q"], [["NSP"], ["N/A"], ["NR"], ["Un"]], S, **kept)
    assert list(done.responses["Q"]) == ["_dont_know", "un"]
    assert done.counts.dropped["empty"] == 2


def test_identifying_texts_that_only_say_why_make_no_duplicates():
    mail = {"id": "A", "type": "open", "role": "contact"}
    kept = {"kept": {"duplicates": {"by": ["A"], "keep": "last"}, "minimum_answers": 0, "empty": "keep"}}
    done = cleaned(["A", "Q"], [["N/A", "Un"], ["N/A", "Deux"], ["x@y.fr", "Un"], ["x@y.fr", "Un"]], mail, S, **kept)
    assert done.counts.kept == 3
    assert list(done.private["A"]) == ["", "", "x@y.fr"]


def alike(done):
    return [f for f in done.findings if f.code == "absences-alike"]


def test_an_export_that_cannot_tell_hidden_from_empty_says_so_once():
    def columns(*names):
        return [RawColumn(i, name, None, i + 1) for i, name in enumerate(names)]

    records = [["Un", "", "Un", ""], ["", "", "Deux", ""], ["Un", "3", "Un", ""]]
    done = cleaned(columns("Q", "B", "D1", "D2"), records, S, {**N, "id": "B"}, D1, D2)
    (fault,) = alike(done)
    assert "2 questions without routing in codebook.yml have empty cells that may be either (Q, B)" in fault.what
    assert "the base of their percentages is those who answered" in fault.what
    assert fault not in done.errors
    # Where every question is answered, or routed, or the tool or wave.yml tells, there is nothing to say.
    assert alike(cleaned(columns("D1", "D2"), [["Un", ""]], D1, D2)) == []
    assert alike(cleaned(["Q"], [[""]], S)) == []
    assert alike(cleaned(columns("Q"), [[""]], S, missing={"any": {"caché": "not_asked"}})) == []
    # A cell set aside is not an empty one.
    assert alike(cleaned(columns("Q"), [["Trois"]], S)) == []
