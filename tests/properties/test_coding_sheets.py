"""Coding sheets: nothing a coder wrote is lost, a second run changes nothing, counts are those made by hand."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.cleaning import clean, read_journal, replay, write
from synthese.cleaning.normal import normalise
from synthese.cleaning.redaction import BLANK, redactor
from synthese.cleaning.sheets import FreeTexts, updated
from synthese.codebook import Codebook
from synthese.codebook.codeframe import as_asked, extended
from synthese.codebook.codesheets import Sheet, SheetRow, read_sheet, sheet_bytes
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

WORDS = ["jardin", "Jardin ", "3-6", "=1+1", "de Zoé", "chez [...]", BLANK, "Zoé Roy", "zoe@x.fr", "un;deux", "l’été"]
PERSONAL = {"A": (True, ["Zoé Roy", "Max"])}
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12).map(
    lambda t: t.replace("\r\n", "\n").replace("\r", "\n").strip()
)
codes = st.sampled_from(["", "a", "neuf", "a neuf", "_", "vieux|a"])
coded_rows = st.builds(
    SheetRow, phrases, st.sampled_from(["", "t0"]), st.just(1), codes, cells, codes, cells, st.tuples(cells)
)


def reread(sheet: Sheet) -> Sheet:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{sheet.question}.csv"
        path.write_bytes(sheet_bytes(sheet))
        return read_sheet(path, sheet.file)


def written(sheet: Sheet) -> list[tuple[str, ...]]:
    return [(r.code, r.label, r.second_coder, r.note, *r.more) for r in sheet.rows]


@given(st.lists(st.builds(SheetRow, cells, cells, st.integers(0, 9), cells, cells, cells, cells, st.tuples(cells))))
@settings(max_examples=200, deadline=None)
def test_every_cell_comes_back(rows):
    sheet = Sheet("F", tuple(rows), ("relu",))
    back = reread(sheet)
    held = [row for row in rows if any((row.text, row.key, row.filled))]
    assert [(r.text, r.key) for r in back.rows if r.text or r.key or r.filled] == [(r.text, r.key) for r in held]
    assert written(back)[: len(rows)] == written(sheet)
    assert sheet_bytes(back) == sheet_bytes(sheet)


@given(st.lists(coded_rows, max_size=6), st.lists(phrases, max_size=8), st.lists(phrases, max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_second_run_changes_nothing_and_codes_survive_any_run(rows, first, second):
    sheet = Sheet("F", tuple(rows), ("relu",))
    for answers in (first, second, [], first):
        texts = FreeTexts({"F": np.array(answers, dtype=object)}, PERSONAL)
        after = updated(sheet, texts.of("F"), texts.redact, lambda _: ("", ""))
        again = updated(reread(after), texts.of("F"), texts.redact, lambda _: ("b", "b"))
        assert sheet_bytes(again) == sheet_bytes(after)
        assert Counter(filter(any, written(after))) == Counter(filter(any, written(sheet)))
        assert sum(row.n for row in after.rows) == len([a for a in answers if a.strip()])
        sheet = after


typed = st.tuples(st.sampled_from(["", "avec ", "l’"]), st.sampled_from(PERSONAL["A"][1]), st.booleans())


@given(st.lists(typed, max_size=4), phrases)
@settings(max_examples=200, deadline=None)
def test_no_personal_answer_is_left_in_a_text_however_it_is_typed(parts, phrase):
    redact = redactor(PERSONAL)
    text = " ".join([phrase, *(before + (name.upper() if shout else name) for before, name, shout in parts)])
    left = redact(text)
    for name in ("roy", "max", "@"):
        assert name not in normalise(left)
    assert redact(left) == left


QUESTIONS = [
    {"id": "A", "type": "open", "role": "contact"},
    {"id": "S", "type": "single"},
    {"id": "M", "type": "multiple"},
    {"id": "F", "type": "open"},
    {"id": "T", "type": "single", "routing": {"question": "S", "any_of": ["autre"], "champ": "…"}},
]
OPTIONS = [{"code": "a", "label": "Aa"}, {"code": "b", "label": "Bb"}]
OTHER = {"code": "autre", "label": "Autre", "other": True}


def _question(q):
    options = {"single": [*OPTIONS, OTHER], "multiple": [*OPTIONS, OTHER], "open": []}[q["type"]]
    return {"section": "a", "text": f"Question {q['id']}", "options": options, **q}


BOOK = Codebook.model_validate({"schema": 1, "title": "t", "questions": [_question(q) for q in QUESTIONS]})
WAVE = WaveSettings.model_validate(
    {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "google-forms",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "channel": "c",
        "design": "self-selected", "separator": ", ", "kept": {"empty": "keep", "minimum_answers": 0},
    }
)  # fmt: skip
COLUMNS = ["A", "S", "M", "F", "T"]
FREE = ["jardin", "Jardin", "vélo", "une friche"]
given_to = {
    "A": st.just(""),
    "S": st.sampled_from(["", "Aa", "Bb", *FREE]),
    "M": st.lists(st.sampled_from(["Aa", "Bb"]), unique=True).flatmap(
        lambda ticked: st.sampled_from(["", *FREE]).map(lambda free: ", ".join(filter(None, [*sorted(ticked), free])))
    ),
    "F": st.sampled_from(["", *FREE]),
    "T": st.sampled_from(["", "Aa", *FREE]),
}
records = st.lists(st.tuples(*given_to.values()), max_size=8)
themes = st.dictionaries(
    st.sampled_from(["jardin", "vélo", "une friche"]), st.sampled_from(["", "a", "n1", "n2", "_"]), min_size=1
)


def export(rows) -> RawExport:
    columns = tuple(RawColumn(i, c, None, i + 1) for i, c in enumerate(COLUMNS))
    held = pd.DataFrame({i: pd.array([r[i] for r in rows], dtype="str") for i in range(len(COLUMNS))})
    return RawExport("google-forms", "x.csv", held, columns, np.arange(2, 2 + len(rows)), "utf-8", ",", 1.0)


def sheets_of(coded: dict[str, dict[str, str]]) -> dict[str, Sheet]:
    """Sheets by question; an open question has no option `a`: there it is a new code."""
    out = {}
    for name, texts in coded.items():
        new = {"n1", "n2"} | ({"a"} if name == "F" else set())
        rows = [SheetRow(text, code=code, label=code.upper() if code in new else "") for text, code in texts.items()]
        out[name] = Sheet(name, tuple(rows))
    return out


@given(records, st.fixed_dictionaries(dict.fromkeys(("S", "M", "F", "T"), themes)))
@settings(max_examples=150, deadline=None)
def test_the_journal_replayed_gives_the_coded_answers_again(rows, coded):
    raw, sheets = export(rows), sheets_of(coded)
    book = extended(BOOK, {"2024": sheets})
    done = clean(raw, book, WAVE, strict=False, sheets=sheets)
    assert not done.errors
    with tempfile.TemporaryDirectory() as folder:
        write(done, Path(folder))
        journal = read_journal(Path(folder) / "journal.csv")
    pd.testing.assert_frame_equal(replay(journal, raw, book, WAVE), done.responses)
    assert as_asked(book) == BOOK


@given(records, st.fixed_dictionaries(dict.fromkeys(("S", "M", "F"), themes)))
@settings(max_examples=150, deadline=None)
def test_counts_are_those_made_by_hand(rows, coded):
    sheets = sheets_of(coded)
    responses = clean(export(rows), extended(BOOK, {"2024": sheets}), WAVE, sheets=sheets).responses
    known = {"Aa": "a", "Bb": "b"}
    code_of = {name: {t: c for t, c in texts.items() if c and c != "_"} for name, texts in coded.items()}

    def by_hand(name: str, cell: str, last: str) -> set[str]:
        parts = [part for part in cell.split(", ") if part]
        return {known.get(part) or code_of[name].get(part.casefold(), last) for part in parts}

    for number, (_, single, several, free, _) in enumerate(rows):
        assert responses["S"][number] == next(iter(by_hand("S", single, "autre")), "_no_answer")
        assert ticked(responses, "M", number) == (by_hand("M", several, "autre") or None)
        if any(coded["F"].values()):
            assert ticked(responses, "F", number) == (by_hand("F", free, "non_classe") or None)
        else:
            assert [c for c in responses.columns if c.startswith("F")] == ["F"]


def ticked(responses: pd.DataFrame, name: str, number: int) -> set[str] | None:
    columns = [column for column in responses.columns if column.startswith(f"{name}.")]
    if responses[name][number] != "answered":
        assert all(pd.isna(responses[column][number]) for column in columns)
        return None
    return {column.partition(".")[2] for column in columns if responses[column][number]}
