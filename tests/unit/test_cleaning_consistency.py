"""Rules between answers: declared in the codebook, told with their rows, and never a reason to change an answer."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean, replay
from synthese.codebook import Codebook, load_codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

OPTIONS = [{"code": "oui", "label": "Oui"}, {"code": "non", "label": "Non"}]
TOPICS = [{"code": "eau", "label": "Eau"}, {"code": "air", "label": "Air"}]
QUESTIONS = [
    {"id": "B7", "type": "single", "options": OPTIONS},
    {"id": "B8", "type": "open"},
    {"id": "N1", "type": "numeric"},
    {"id": "N2", "type": "numeric"},
    {"id": "M", "type": "multiple", "options": TOPICS},
    {"id": "Z", "type": "single", "options": OPTIONS, "asked_in": ["2026"]},
]
WAVE = WaveSettings.model_validate(
    {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "google-forms", "channel": "c",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
    }
)  # fmt: skip


def run(rules, *records):
    questions = [{"section": "a", "text": q["id"], **q} for q in QUESTIONS]
    book = Codebook.model_validate({"schema": 1, "title": "t", "questions": questions, "consistency": rules})
    names = [q["id"] for q in QUESTIONS[:-1]]
    cells = pd.DataFrame({i: pd.array([r.get(n, "") for r in records], dtype="str") for i, n in enumerate(names)})
    columns = tuple(RawColumn(i, n, None, i + 1) for i, n in enumerate(names))
    raw = RawExport("google-forms", "x.csv", cells, columns, np.arange(2, 2 + len(records)), "utf-8", ",", 1.0)
    done = clean(raw, book, WAVE)
    pd.testing.assert_frame_equal(replay(done.journal, raw, book, WAVE), done.responses)
    return done


def broken(done):
    lines = done.journal.loc[done.journal["rule"] == "inconsistent"]
    return list(zip(lines["row"], lines["question"], lines["before"], strict=True))


def test_a_question_that_another_answer_calls_for():
    rule = {
        "id": "reseaux",
        "what": "membre d’un réseau, sans le nommer",
        "when": {"B7": ["oui"]},
        "then": {"B8": "answered"},
    }
    done = run([rule], {"B7": "Oui", "B8": "Rés’O"}, {"B7": "Oui"}, {"B7": "Non"}, {"N1": "1"})
    assert broken(done) == [(3, "B8", "•••")]
    (found,) = [fault for fault in done.findings if fault.code == "inconsistent"]
    assert (found.row, found.column) == (3, "B8")
    assert "rule 'reseaux' is broken: membre d’un réseau, sans le nommer" in found.what
    assert list(done.responses["B8"]) == ["answered", "_no_answer", "_no_answer", "_no_answer"]


def test_a_number_that_may_not_be_above_another():
    rule = {"id": "partie", "what": "la partie dépasse le tout", "at_most": ["N1", "N2"]}
    done = run([rule], {"N1": "3", "N2": "2"}, {"N1": "2", "N2": "2"}, {"N1": "9"}, {"N2": "1"})
    assert broken(done) == [(2, "N1", "3")]
    assert list(done.responses["N1"].fillna(-1)) == [3, 2, 9, -1]


def test_codes_and_ticks_that_exclude_each_other():
    rule = {
        "id": "eau",
        "what": "…",
        "when": {"M": ["eau"], "N1": "answered"},
        "then": {"B7": ["non"], "N2": "missing"},
    }
    done = run(
        [rule], {"M": "Eau, Air", "N1": "1", "B7": "Oui", "N2": "4"}, {"M": "Eau", "N1": "1", "B7": "Non"},
        {"M": "Air", "N1": "1", "B7": "Oui"}, {"M": "Eau", "B7": "Oui"}, {"M": "Eau", "N1": "1"},
    )  # fmt: skip
    assert broken(done) == [(2, "B7", "oui"), (2, "N2", "4")]


def test_a_rule_on_a_question_that_the_wave_did_not_ask_is_left_out():
    rule = {"id": "z", "what": "…", "when": {"Z": ["oui"]}, "then": {"B7": ["non"]}}
    assert broken(run([rule], {"B7": "Oui"})) == []


def test_a_rule_that_names_what_is_not_there_is_told_with_its_line(tmp_path):
    path = tmp_path / "codebook.yml"
    path.write_text(
        """\
schema: 1
title: t
sections: {a: A}
questions:
  - {id: B7, section: a, text: B7, type: single, options: [{code: oui, label: Oui}, {code: non, label: Non}]}
  - {id: N1, section: a, text: N1, type: numeric}
consistency:
  - {id: un, what: w, when: {B9: [oui]}, then: {B7: [ouii]}}
  - {id: un, what: w, at_most: [N1, B7]}
  - {id: deux, what: w}
""",
        encoding="utf-8",
    )
    with pytest.raises(SyntheseError) as caught:
        load_codebook(path)
    told = [(fault.code, fault.row, fault.path) for fault in caught.value.faults]
    assert told == [
        ("unknown-variable", 8, "consistency[0].when.B9"),
        ("unknown-option", 8, "consistency[0].then.B7"),
        ("duplicate-id", 9, "consistency[1].id"),
        ("not-numeric", 9, "consistency[1].at_most[1]"),
        ("empty-rule", 10, "consistency[2].id"),
    ]
    assert "did you mean 'oui'?" in str(caught.value)
