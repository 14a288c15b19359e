"""Rankings, single choices over boxes, and « Autre »: no answer lost, none made up, whatever the columns hold."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean, replay
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings


def cleaned(columns, records, *questions, strict=False, tool="framaforms", **more):
    """Clean, and hold that the journal replayed gives the same."""
    settings = WaveSettings.model_validate({
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": tool, "channel": "c",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
        "kept": {"empty": "keep", "minimum_answers": 0}, **more,
    })  # fmt: skip
    given = [{"section": "a", "text": q["id"], **q} for q in questions]
    book = Codebook.model_validate({"schema": 1, "title": "t", "questions": given})
    made = tuple(
        c if isinstance(c, RawColumn) else RawColumn(i, *((c, None) if isinstance(c, str) else c), i + 1)
        for i, c in enumerate(columns)
    )
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(len(columns))})
    raw = RawExport(tool, "x.csv", cells, made, np.arange(2, 2 + len(records)), "utf-8", ",", 1.0)
    done = clean(raw, book, settings, strict=strict)
    pd.testing.assert_frame_equal(replay(done.journal, raw, book, settings), done.responses)
    return done


def found(done):
    return [(f.code, f.row) for f in done.findings if f.code not in ("option-unused", "absences-alike")]


def lines(done):
    wanted = done.journal.loc[done.journal["row"].notna(), ["row", "question", "before", "after", "rule"]]
    return [tuple(line) for line in wanted.itertuples(index=False)]


def ranks(done, *items):
    return [[None if pd.isna(rank) else int(rank) for rank in done.responses[f"R.{item}"]] for item in items]


ROWS = [{"code": "x", "label": "Pairs"}, {"code": "y", "label": "Impact"}, {"code": "z", "label": "Argent"}]
R = {"id": "R", "type": "ranking", "rows": ROWS}
OPTIONS = [{"code": "un", "label": "Un"}, {"code": "deux", "label": "Deux"}, {"code": "trois", "label": "Trois"}]
OTHER = {"code": "autre", "label": "Autre", "other": True}
S = {"id": "S", "type": "single", "options": OPTIONS}
M = {"id": "M", "type": "multiple", "options": OPTIONS}
G = {"id": "G", "type": "grid", "options": OPTIONS[:2], "rows": ROWS[:2]}


def by_rank(labels=None):
    return [RawColumn(i, "R", f"Rang {i + 1}", i + 1, part=f"rank:{i + 1}", labels=labels or {}) for i in range(3)]


def test_a_column_a_rank_holds_an_item():
    labels = {"A1": "Pairs", "A2": "Impact", "A3": "Argent"}
    done = cleaned(by_rank(labels), [["A2", "A1", ""], ["", "", ""], ["A3", "A1", "A2"]], R, strict=True)
    assert ranks(done, "x", "y", "z") == [[2, None, 2], [1, None, 3], [None, None, 1]]
    assert list(done.responses["R"]) == ["answered", "_no_answer", "answered"]
    assert done.journal.empty


@pytest.mark.parametrize("head", ["Rang", "rang :", "Rank", "Classement", "Choix"])
def test_ranks_are_known_by_their_sub_headers_too(head):
    done = cleaned([("R", f"{head} {n}") for n in (2, 1)], [["Pairs", "Impact"]], R, strict=True)
    assert ranks(done, "x", "y") == [[2], [1]]
    joined = cleaned([f"R [{head} {n}]" for n in (1, 2)], [["Pairs", "Impact"]], R, strict=True)
    assert ranks(joined, "x", "y") == [[1], [2]]


def test_an_item_at_two_ranks_has_the_better_one_and_is_told():
    done = cleaned(by_rank(), [["Pairs", "impact ", "pairs"]], R)
    assert ranks(done, "x", "y", "z") == [[1], [2], [None]]
    assert found(done) == [("rank-conflict", 2)]
    told = "x=1;y=2"
    assert lines(done) == [
        (2, "R", "impact", told, "option-normalised"), (2, "R", "pairs", told, "option-normalised"),
        (2, "R", told, told, "rank-conflict"),
    ]  # fmt: skip


def test_an_item_that_is_none_stops_the_wave():
    done = cleaned(by_rank(), [["Pairs", "Bidule", ""], ["Bidule", "", ""]], R)
    assert ranks(done, "x") == [[1, None]]
    assert list(done.responses["R"]) == ["answered", "_no_answer"]
    assert found(done) == [("unknown-option", 3), ("unknown-option", 2)]
    assert [f.column for f in done.errors] == ["R [Rang 1]", "R [Rang 2]"]
    assert lines(done) == [(2, "R", "Bidule", "x=1", "unknown-option"), (3, "R", "Bidule", "", "unknown-option")]


@pytest.mark.parametrize("texts", [("1", "2"), ("Rang 1", "Rang 2"), ("1er choix", "2e choix"), ("n° 1", "2nd")])
def test_a_column_an_item_holds_a_rank(texts):
    done = cleaned([("R", row["label"]) for row in ROWS], [[texts[1], texts[0], ""]], R, strict=True)
    assert ranks(done, "x", "y", "z") == [[2], [1], [None]]
    assert len(lines(done)) == (0 if texts[0] == "1" else 2)


def test_a_rank_behind_a_code_and_a_rank_that_is_none():
    columns = [
        RawColumn(i, "R", row["label"], i + 1, labels={"A1": "1", "A2": "Choix 2"}) for i, row in enumerate(ROWS)
    ]
    done = cleaned(columns, [["A2", "A1", ""], ["9", "premier", "0"]], R)
    assert ranks(done, "x", "y") == [[2, None], [1, None]]
    assert found(done) == [("not-a-rank", 3)] * 3
    assert [line[2] for line in lines(done) if line[4] == "not-a-rank"] == ["9", "premier", "0"]


def test_a_summary_beside_columns_of_ranks_is_a_check():
    columns = ["R", *[("R", row["label"]) for row in ROWS]]
    records = [
        ["Pairs,Impact", "1", "2", ""],
        ["Pairs,Impact", "2", "1", ""],
        ["Argent", "", "", ""],
        ["", "1", "", ""],
    ]
    done = cleaned(columns, records, R)
    assert ranks(done, "x", "y", "z") == [[1, 2, None, 1], [2, 1, None, None], [None, None, 1, None]]
    assert found(done) == [("encodings-differ", 3)]
    assert "2 rows; also 4" in next(f for f in done.findings if f.code == "encodings-differ").what


def boxes(question, *codes):
    return [(question["id"], o["label"]) for o in [*OPTIONS, OTHER] if o["code"] in codes]


def test_a_single_choice_over_boxes_is_single_and_two_ticks_are_told():
    columns = boxes(S, "un", "deux", "trois")
    done = cleaned(columns, [["X", "", ""], ["", "", "1"], ["X", "X", ""], ["", "", ""]], S, strict=True)
    assert list(done.responses["S"]) == ["un", "trois", "_no_answer", "_no_answer"]
    assert found(done) == [("two-answers", 4)]
    assert "several options of S are ticked, and it takes one" in str(next(f for f in done.findings if f.row == 4))
    assert lines(done) == [(4, "S", "un;deux", "_no_answer", "two-answers")]


def test_the_order_of_boxes_changes_nothing():
    question = {**S, "options": [*OPTIONS, OTHER]}
    columns = boxes(question, "un", "deux", "trois", "autre")
    record = ["X", "", "X", "friche"]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1]):
        done = cleaned([columns[i] for i in order], [[record[i] for i in order]], question)
        assert list(done.responses["S"]) == ["_no_answer"]
        assert sorted(code for code, _ in found(done)) == ["text-without-other", "two-answers"]


def test_a_text_of_other_beside_a_box_is_kept_apart():
    question = {**S, "options": [*OPTIONS, OTHER]}
    columns = boxes(question, "un", "deux", "trois", "autre")
    done = cleaned(columns, [["X", "", "", "friche"], ["", "", "", "jardin"], ["", "", "", "X"]], question, strict=True)
    assert list(done.responses["S"]) == ["un", "autre", "autre"]
    assert list(done.private["S.autre"]) == ["friche", "jardin", ""]
    assert found(done) == [("text-without-other", 2)]


def test_the_tick_and_the_text_of_other_may_be_two_columns():
    for question in ({**S, "options": [*OPTIONS, OTHER]}, {**M, "options": [*OPTIONS, OTHER]}):
        name = question["id"]
        columns = [*boxes(question, "un", "deux", "trois", "autre"), RawColumn(4, name, "Autre", 5)]
        done = cleaned(columns, [["0", "0", "0", "1", "friche"], ["1", "0", "0", "0", ""]], question, strict=True)
        assert list(done.private[f"{name}.autre"]) == ["friche", ""]
        assert not found(done)
    with pytest.raises(SyntheseError, match=r"columns 1, 2 all hold M\.un"):
        cleaned([("M", "Un"), RawColumn(1, "M", "un", 2), *boxes(M, "deux", "trois")], [["1"] * 4], M)


def test_columns_of_one_mention_each_are_read_together():
    question = {**M, "options": [*OPTIONS, OTHER]}
    columns = [RawColumn(i, "M", f"Choix {i + 1}", i + 1, part=f"mention:{i + 1}") for i in range(3)]
    records = [["Deux", "Un", ""], ["", "", ""], ["Trois ", "friche", "un jardin"], ["Deux", "Deux", ""]]
    done = cleaned(columns, records, question, strict=True)
    assert done.responses["M.un"].tolist() == [True, pd.NA, False, False]
    assert done.responses["M.deux"].tolist() == [True, pd.NA, False, True]
    assert done.responses["M.autre"].tolist() == [False, pd.NA, True, False]
    assert done.private["M.autre"].tolist() == ["", "", "friche ; un jardin", ""]
    assert lines(done) == [
        (4, "M", "Trois", "trois;autre", "option-normalised"), (4, "M", "•••", "trois;autre", "other-text"),
        (4, "M", "•••", "trois;autre", "other-text"),
    ]  # fmt: skip


def test_several_texts_of_other_in_one_cell_are_kept_whole():
    question = {**M, "options": [*OPTIONS, OTHER]}
    done = cleaned(["M"], [["Un,une friche, un jardin,Deux"], ["friche,Un,jardin"]], question, strict=True)
    assert done.private["M.autre"].tolist() == ["une friche, un jardin", "friche,jardin"]
    assert done.responses["M.un"].tolist() == [True, True]


STRANGE = [
    pytest.param(S, ["S"], ["Bidule"], "S", id="single"),
    pytest.param(G, [("G", "Pairs"), ("G", "Impact")], ["Un", "Bidule"], "G [Impact]", id="grid"),
    pytest.param(S, boxes(S, "un", "deux", "trois"), ["X", "Bidule", ""], "S [Deux]", id="single-over-boxes"),
    pytest.param(M, boxes(M, "un", "deux", "trois"), ["X", "Bidule", ""], "M [Deux]", id="boxes"),
    pytest.param(M, ["M"], ["Un,Bidule"], "M", id="joined"),
    pytest.param(M, ["M", *boxes(M, "un", "deux", "trois")], ["Un,Bidule", "X", "", ""], "M", id="joined-and-boxes"),
    pytest.param(M, [("M", "Choix 1"), ("M", "Choix 2")], ["Un", "Bidule"], "M [Choix 2]", id="mentions"),
    pytest.param(R, ["R"], ["Pairs,Bidule"], "R", id="ranking-joined"),
    pytest.param(R, by_rank(), ["Pairs", "Bidule", ""], "R [Rang 2]", id="ranking-by-rank"),
    pytest.param(R, ["R", *by_rank()], ["Pairs,Bidule", "Pairs", "", ""], "R", id="ranking-both"),
]


@pytest.mark.parametrize(("question", "columns", "record", "column"), STRANGE)
def test_a_text_that_is_nothing_known_is_a_finding_with_row_and_column(question, columns, record, column):
    columns = [
        RawColumn(i, c.header, c.sub, i + 1, part=c.part) if isinstance(c, RawColumn) else c
        for i, c in enumerate(columns)
    ]
    good = ["" for _ in record]
    done = cleaned(columns, [good, record], question)
    assert [(f.code, f.row, f.column) for f in done.errors] == [("unknown-option", 3, column)]
    assert "Bidule" in done.errors[0].what
    with pytest.raises(SyntheseError, match="Bidule"):
        cleaned(columns, [good, record], question, strict=True)
