"""Rows that are no respondents: each left out by one stated rule, in a stated order."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import ROW_RULES, clean
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

YES_NO = [{"code": "oui", "label": "Oui"}, {"code": "non", "label": "Non"}]
QUESTIONS = [
    {"id": "A1", "type": "open", "role": "identifier"},
    {"id": "A3", "type": "open", "role": "contact"},
    {"id": "A8", "type": "single", "role": "consent", "options": YES_NO},
    {"id": "B1", "type": "single", "options": YES_NO},
    {"id": "B2", "type": "single", "options": YES_NO},
]


def cleaned(*records, **kept):
    field = FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1))
    wave = WaveSettings.model_validate({
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "framaforms", "field": field,
        "channel": "c", "design": "self-selected", "kept": kept,
    })  # fmt: skip
    book = {"schema": 1, "title": "t", "questions": [{"section": "a", "text": q["id"], **q} for q in QUESTIONS]}
    columns = (
        RawColumn(0, "Brouillon", None, 1, kind="meta", meta="draft"),
        *(RawColumn(i, q["id"], None, i + 1) for i, q in enumerate(QUESTIONS, start=1)),
    )
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(6)})
    raw = RawExport("framaforms", "x.csv", cells, columns, np.arange(4, 4 + len(records)), "utf-8", ",", 1.0)
    return clean(raw, Codebook.model_validate(book), wave)


def row(name="", mail="", consent="", one="Oui", two="Oui", draft="0"):
    return [draft, name, mail, consent, one, two]


def drops(done):
    lines = done.journal.loc[done.journal["rule"].isin(ROW_RULES)]
    return list(zip(lines["row"], lines["rule"], strict=True))


def test_each_rule_drops_its_row_with_a_line():
    done = cleaned(
        row("a", draft="1"),
        row("", one="", two=""),
        row("TEST "),
        row("b", consent="Oui", one="", two=""),
        row("c", mail="c@x.fr", one="Non"),
        row("d", mail="C@X.fr "),
        row("e", two=""),
        row("f", one=""),
        trials={"question": "A1", "matches": ["test"]},
        duplicates={"by": ["A3"]},
        must_answer=["B1"],
    )
    dropped = [(4, "draft"), (5, "empty"), (6, "trial"), (7, "too-few-answers"), (8, "duplicate"), (11, "must-answer")]
    assert drops(done) == dropped
    assert list(done.private["row"]) == [9, 10]
    assert list(done.responses["respondent"]) == ["r0001", "r0002"]
    counts = done.counts
    assert (counts.received, counts.kept, counts.partial) == (8, 2, 2)
    assert list(counts.dropped.items()) == [(rule, 1) for rule in ROW_RULES]
    assert sum(counts.dropped.values()) + counts.kept == counts.received


def test_a_tool_that_dates_only_what_was_sent_marks_its_drafts_by_that():
    field = FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1))
    wave = {"schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "limesurvey", "field": field}
    wave |= {"channel": "c", "design": "self-selected"}
    question = {"id": "B1", "section": "a", "text": "B1", "type": "single", "options": YES_NO}
    book = Codebook.model_validate({"schema": 1, "title": "t", "questions": [question]})
    columns = (RawColumn(0, "Date de soumission", None, 1, "meta", "submitted"), RawColumn(1, "B1", None, 2))
    cells = pd.DataFrame({0: pd.array(["2024-01-02 10:00:00", " "], dtype="str"), 1: ["Oui", "Non"]}, dtype="str")
    for kept, rows in (({}, [2]), ({"drafts": "keep"}, [2, 3])):
        raw = RawExport("limesurvey", "x.csv", cells, columns, np.array([2, 3]), "utf-8", ";", 1.0)
        done = clean(raw, book, WaveSettings.model_validate({**wave, "kept": kept}))
        assert list(done.private["row"]) == rows
    assert drops(done) == []
    undated = RawExport("limesurvey", "x.csv", cells[[1]], columns[1:], np.array([2, 3]), "utf-8", ";", 1.0)
    assert list(clean(undated, book, WaveSettings.model_validate(wave)).private["row"]) == [2, 3]


def test_a_row_is_dropped_by_the_first_rule_that_holds():
    done = cleaned(row("test", draft="1", one="", two=""), row("x"), trials={"question": "A1", "matches": ["test"]})
    assert drops(done) == [(4, "draft")]


def test_a_draft_never_displaces_an_answer():
    same = {"duplicates": {"by": ["A3"], "keep": "last"}}
    done = cleaned(row("a", "a@x.fr"), row("b", "a@x.fr", draft="1"), row("c", "a@x.fr", one="", two=""), **same)
    assert drops(done) == [(5, "draft"), (6, "too-few-answers")]
    assert list(done.private["A1"]) == ["a"]


@pytest.mark.parametrize(("keep", "stays"), [("first", "a"), ("last", "c"), ("most_complete", "b")])
def test_which_duplicate_stays_is_declared(keep, stays):
    records = [row("a", "a@x.fr", two=""), row("b", "a@x.fr"), row("c", "a@x.fr", one="")]
    done = cleaned(*records, duplicates={"by": ["A3"], "keep": keep})
    assert list(done.private["A1"]) == [stays]
    reason = done.journal.loc[done.journal["rule"] == "duplicate", "reason"].iloc[0]
    assert f"ligne {4 + 'abc'.index(stays)}" in reason
    assert "A3" in reason
    assert "x.fr" not in reason


def test_any_identifying_answer_links_rows_and_empty_ones_link_none():
    records = [row("La Fabrique", "a@x.fr"), row("Autre", "b@x.fr"), row("la fabrique", "b@x.fr"), row(""), row("")]
    done = cleaned(*records, duplicates={"by": ["A1", "A3"], "keep": "first"})
    assert drops(done) == [(5, "duplicate"), (6, "duplicate")]
    reasons = list(done.journal.loc[done.journal["rule"] == "duplicate", "reason"])
    assert "même A3 que" in reasons[0]
    assert "même A1, A3 que" in reasons[1]


def test_rows_of_one_content_are_duplicates_only_where_that_is_declared():
    # The identity differs, as it does when a form is sent twice without it; spaces around an answer are no answer.
    records = [row("a"), row("b", one=" Oui"), row("c", one="Non"), row("d", one="Non", two="")]
    assert drops(cleaned(*records)) == []
    by_content = cleaned(*records, duplicates={"content": True, "content_minimum": 2, "keep": "first"})
    assert drops(by_content) == [(5, "duplicate")]
    assert by_content.journal.loc[by_content.journal["rule"] == "duplicate", "reason"].iloc[0] == (
        "même contenu que la ligne 4, conservée (first)"
    )
    assert drops(cleaned(*records, duplicates={"content": True, "content_minimum": 3})) == []


def test_duplicates_by_nothing_are_refused():
    with pytest.raises(ValueError, match="neither by which questions nor by content"):
        cleaned(row("a"), duplicates={})


def test_a_question_that_must_be_answered_drops_the_rows_without_it():
    done = cleaned(row("a", consent="Oui"), row("b"), row("", consent="Oui"), must_answer=["A8", "A1"])
    assert drops(done) == [(5, "must-answer"), (6, "must-answer")]
    reasons = list(done.journal.loc[done.journal["rule"] == "must-answer", "reason"])
    assert reasons == ["sans réponse à A8", "sans réponse à A1"]


def test_rows_that_share_an_identity_are_told_where_no_rule_says_what_they_are():
    records = [
        row("La Fabrique", "a@x.fr"),
        row("Autre", "A@x.fr"),
        row("la fabrique", "c@x.fr"),
        row("", ""),
        row("", ""),
    ]
    found = [fault for fault in cleaned(*records).findings if fault.code == "duplicates-suspected"]
    assert [(fault.row, fault.column, fault.what.split(",")[0]) for fault in found] == [
        (6, "A1", "the answer to A1 is that of an earlier row"),
        (5, "A3", "the answer to A3 is that of an earlier row"),
    ]
    assert "x.fr" not in str(found)
    assert not any(f.code == "duplicates-suspected" for f in cleaned(*records, duplicates="keep").findings)


def test_a_trial_is_the_whole_answer_not_a_part_of_it():
    done = cleaned(row("Testeurs associés"), row("Test"), trials={"question": "A1", "matches": ["test"]})
    assert drops(done) == [(5, "trial")]


def test_rules_can_be_switched_off():
    done = cleaned(row("a", draft="1"), row("", one="", two=""), drafts="keep", empty="keep", minimum_answers=0)
    assert drops(done) == []
    assert done.counts.kept == 2


def test_faults_in_a_dropped_row_do_not_stop_the_wave():
    done = cleaned(row("a", draft="1", one="Peut-être"), row("b"))
    assert done.errors == ()
    assert list(done.journal.loc[done.journal["row"].notna(), "rule"]) == ["draft"]


def test_no_row_at_all_is_kept():
    done = cleaned(row("a", draft="1"))
    assert done.responses.shape == (0, 4)
    assert done.counts.kept == 0


def test_a_row_whose_only_answer_fits_no_option_stops_the_wave():
    with pytest.raises(SyntheseError) as caught:
        cleaned(row("a"), row("b", one="Peut-être", two=""))
    assert caught.value.code == "unknown-option"
    assert caught.value.faults[0].row == 5
