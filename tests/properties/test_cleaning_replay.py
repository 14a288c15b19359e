"""The journal, applied to the export, gives the clean answers again; no row and no answer is lost."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.cleaning import ROW_RULES, clean, read_journal, replay, write
from synthese.codebook import Codebook
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

OPTIONS = [
    {"code": "un", "label": "L’un, l’autre"},
    {"code": "deux", "label": "Deux (raison d'être)"},
    {"code": "01", "label": "01"},
]
OTHER = {"code": "autre", "label": "Autre : préciser", "other": True}
NONE = {"code": "aucun", "label": "Aucun", "exclusive": True}
ROUTED = {"question": "S", "any_of": ["un", "autre"], "champ": "…"}
QUESTIONS = [
    {"id": "A", "type": "open", "role": "identifier"},
    {"id": "S", "type": "single", "options": [*OPTIONS, OTHER]},
    {"id": "T", "type": "single", "options": OPTIONS, "routing": ROUTED},
    {"id": "M", "type": "multiple", "maximum": 2, "options": [*OPTIONS, NONE, OTHER], "routing": ROUTED},
    {"id": "P", "type": "multiple", "options": [*OPTIONS, OTHER]},
    {"id": "G", "type": "grid", "options": OPTIONS, "rows": [{"code": "r", "label": "Rang"}]},
    {"id": "R", "type": "ranking", "rows": OPTIONS},
    {"id": "Q", "type": "ranking", "rows": OPTIONS, "maximum": 2},
    {"id": "X", "type": "numeric", "minimum_value": 0, "maximum_value": 100, "integer": True, "routing": ROUTED},
    {"id": "F", "type": "open"},
]
BOOK = Codebook.model_validate(
    {"schema": 1, "title": "t", "questions": [{"section": "a", "text": f"Question {q['id']}", **q} for q in QUESTIONS]}
)
WAVE = WaveSettings.model_validate(
    {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "google-forms",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "channel": "c",
        "design": "self-selected", "separator": ", ",
        "option_aliases": {"S": {"Zwei": "deux"}, "M": {"Zwei": "deux"}},
        "kept": {"duplicates": {"by": ["A"]}, "trials": {"question": "A", "matches": ["test"]}},
    }
)  # fmt: skip
SPREAD = [("P", "L’un, l’autre"), ("P", "Deux (raison d'être)"), ("P", "01"), ("P", "Autre : préciser")]
SPREAD += [("Question R", item["label"]) for item in OPTIONS]
COLUMNS = ["Brouillon", "A", "S", "S", "T", "M", "P", *SPREAD, ("G", "Rang"), "Q", "X", "F"]

CLEAR = ["", " ", "L’un, l’autre", "Deux (raison d’être)", "01", "un", "Aucun", "X", "TRUE", "non", "12", "2", "3"]
ALMOST = ["l'un, l'autre", "1", "Zwei", "Autre : un jardin", "0,5", "1 200", "L’un, l’autre, 01", "Aucun, 01", "1E+01"]
WRONG = ["Ã©", "é", "3-juin", "-3", "=cmd", "'quoted", "\ufffd", "a\nb", "01, Zwei, L’un, l’autre, friche", "test"]
texts = st.sampled_from([*CLEAR, *ALMOST, *WRONG])
records = st.lists(st.tuples(st.sampled_from(["0", "1", "", "0"]), *[texts] * (len(COLUMNS) - 1)), max_size=8)


def export(rows) -> RawExport:
    columns = tuple(
        RawColumn(i, *((c, None) if isinstance(c, str) else c), i + 1, kind="meta" if i == 0 else "answer",
                  meta="draft" if i == 0 else None)
        for i, c in enumerate(COLUMNS)
    )  # fmt: skip
    cells = pd.DataFrame({i: pd.array([r[i] for r in rows], dtype="str") for i in range(len(COLUMNS))})
    return RawExport("google-forms", "x.csv", cells, columns, np.arange(5, 5 + len(rows)), "utf-8", ",", 1.0)


@given(records)
@settings(max_examples=150, deadline=None)
def test_the_journal_replayed_gives_the_answers_again(rows):
    raw = export(rows)
    done = clean(raw, BOOK, WAVE, strict=False)
    with tempfile.TemporaryDirectory() as folder:
        write(done, Path(folder))
        journal = read_journal(Path(folder) / "journal.csv")
    pd.testing.assert_frame_equal(replay(journal, raw, BOOK, WAVE), done.responses)


@given(records)
@settings(max_examples=100, deadline=None)
def test_every_row_is_a_respondent_or_has_its_line(rows):
    raw = export(rows)
    done = clean(raw, BOOK, WAVE, strict=False)
    dropped = done.journal.loc[done.journal["rule"].isin(ROW_RULES), "row"]
    assert sorted([*done.private["row"], *dropped]) == list(raw.rows)
    assert done.counts.kept + sum(done.counts.dropped.values()) == done.counts.received == len(rows)


@given(records)
@settings(max_examples=100, deadline=None)
def test_a_filled_cell_of_a_single_choice_is_counted_or_has_its_line(rows):
    done = clean(export(rows), BOOK, WAVE, strict=False)
    row_of = dict(zip(done.private["row"], done.responses["T"], strict=True))
    told = set(done.journal.loc[done.journal["question"] == "T", "row"].dropna())
    cells = {5 + i: record[COLUMNS.index("T")] for i, record in enumerate(rows)}
    for row, status in row_of.items():
        if cells[row].strip() and status.startswith("_"):
            assert row in told


@given(records, st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_of_columns_changes_nothing(rows, random):
    # The columns of S stay in order: of two that are filled the first counts.
    raw = export(rows)
    order = list(range(len(COLUMNS)))
    random.shuffle(order)
    first, second = order.index(2), order.index(3)
    if first > second:
        order[first], order[second] = order[second], order[first]
    moved = RawExport(
        raw.tool, raw.file, raw.cells[order], tuple(raw.columns[i] for i in order), raw.rows, "utf-8", ",", 1.0
    )
    here, there = (clean(one, BOOK, WAVE, strict=False) for one in (raw, moved))
    pd.testing.assert_frame_equal(here.responses, there.responses)
