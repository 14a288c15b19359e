"""What spreadsheets do to answers: mended where only one reading is possible, and always told with its row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean
from synthese.codebook import Codebook
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

WAVE = WaveSettings.model_validate(
    {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "google-forms", "channel": "c",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
        "kept": {"empty": "keep", "minimum_answers": 0},
    }
)  # fmt: skip


def cleaned(question, *texts):
    asked = {"id": "Q", "section": "a", "text": "Q", **question}
    book = Codebook.model_validate({"schema": 1, "title": "t", "questions": [asked]})
    cells = pd.DataFrame({0: pd.array(texts, dtype="str")})
    raw = RawExport(
        "google-forms", "x.csv", cells, (RawColumn(0, "Q", None, 1),), np.arange(2, 2 + len(texts)), "utf-8", ",", 1.0
    )
    done = clean(raw, book, WAVE, strict=False)
    return done, [(f.code, f.row) for f in done.findings if f.code not in ("option-unused", "duplicates-suspected")]


def single(*labels):
    return {"type": "single", "options": [{"code": f"o{i}", "label": label} for i, label in enumerate(labels)]}


@pytest.mark.parametrize(
    ("labels", "text", "chosen", "rule"),
    [
        (("01", "10", "2A"), "1", "o0", "leading-zero"),
        (("3.1", "3.10"), "3.1", "o0", None),
        (("3.2", "3.10"), "3.1", "o1", "trailing-zero"),
        (("3,10", "3,2"), "3,1", "o0", "trailing-zero"),
        (("2.0", "3.5"), "2", "o0", "trailing-zero"),
        (("Santé", "Culture"), "SantÃ©", "o0", "mojibake"),
        (("3-6", "6-12"), "03/06/2024", "_no_answer", "excel-date"),
        (("3-6", "6-12"), "2024-06-03T00:00:00", "_no_answer", "excel-date"),
        (("3-6", "6-12"), "03-juin", "_no_answer", "excel-date"),
        (("3-6", "6-12"), "juin-24", "_no_answer", "excel-date"),
        (("1/2", "1/3"), "01-févr", "_no_answer", "excel-date"),
    ],
)
def test_an_option_that_a_spreadsheet_rewrote(labels, text, chosen, rule):
    done, found = cleaned(single(*labels), labels[0], text)
    assert list(done.responses["Q"]) == ["o0", chosen]
    assert set(found) == ({(rule, 3)} if rule else set())


def test_two_readings_are_none():
    done, found = cleaned(single("3.10", "3.100"), "3.1")
    assert list(done.responses["Q"]) == ["_no_answer"]
    assert found == [("unknown-option", 2)]


def test_a_number_in_scientific_notation_is_read_and_told():
    done, found = cleaned({"type": "numeric"}, "1,5E+03", "12")
    assert list(done.responses["Q"]) == [1500, 12]
    assert found == [("scientific-notation", 2)]


@pytest.mark.parametrize("role", ["identifier", "contact", "comment"])
def test_digits_lost_in_an_identifying_or_free_text_are_told_without_the_text(role):
    done, found = cleaned({"type": "open", "role": role}, "1,23457E+13", "41234567890123", "Structure 3E+12 bis")
    assert found == [("scientific-notation", 2)]
    assert not any("rows" in fault.what for fault in done.findings if fault.code == "scientific-notation")
    assert "23457" not in str(list(done.findings))
    assert list(done.private["Q"]) == ["1,23457E+13", "41234567890123", "Structure 3E+12 bis"]


def test_telephone_numbers_without_their_zero():
    _, found = cleaned({"type": "open", "role": "contact"}, "06 12 34 56 78", "612345678", "0145678901", "")
    assert found == [("leading-zero", 3)]
    _, found = cleaned({"type": "open", "role": "identifier"}, "612345678", "SIREN 552 100 554", "La Fabrique")
    assert found == [], "nine digits are also a SIREN"


def test_lost_characters_in_an_identifying_text_are_told():
    _, found = cleaned({"type": "open", "role": "identifier"}, "L\ufffdgende", "PÃ´le")
    assert found == [("replacement-character", 2), ("mojibake", 3)]
