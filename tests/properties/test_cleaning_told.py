"""Whatever a tool tells of its cells, the journal replayed on the export gives the answers again."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese.cleaning import clean, replay
from synthese.codebook import Codebook
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

OPTIONS = [
    {"code": "un", "label": "Premier"}, {"code": "2", "label": "Second"}, {"code": "nsp", "label": "NSP"},
    {"code": "divers", "label": "Autre : préciser", "other": True},
]  # fmt: skip
ROWS = [{"code": "a", "label": "Le temps"}, {"code": "b", "label": "L’argent"}]
CLOSED = OPTIONS[:3]
ROUTING = {"question": "S", "any_of": ["un"], "champ": "…"}
QUESTIONS = [
    {"id": "S", "type": "single", "options": OPTIONS}, {"id": "B", "type": "single", "options": OPTIONS},
    {"id": "M", "type": "multiple", "options": OPTIONS}, {"id": "W", "type": "multiple", "options": CLOSED},
    {"id": "C", "type": "multiple", "options": OPTIONS}, {"id": "G", "type": "ordinal", "options": CLOSED},
    {"id": "R", "type": "ranking", "rows": ROWS}, {"id": "I", "type": "ranking", "rows": ROWS},
    {"id": "N", "type": "numeric", "routing": ROUTING}, {"id": "T", "type": "open", "routing": ROUTING},
]  # fmt: skip
BOOK = Codebook.model_validate(
    {"schema": 1, "title": "t", "questions": [{"section": "a", "text": q["id"], **q} for q in QUESTIONS]}
)
HEADS = [
    ("S", None, None), ("S", "Autre", None), *[("B", o["label"], None) for o in OPTIONS],
    *[("M", o["label"], None) for o in OPTIONS], ("W", None, None), *[("W", o["label"], None) for o in CLOSED],
    ("C", None, "mention:1"), ("C", None, "mention:2"), ("G", None, None), ("R", None, "rank:1"), ("R", None, "rank:2"),
    ("I", "Le temps", None), ("I", "L’argent", None), ("N", None, None), ("T", None, None),
]  # fmt: skip
TEXTS = st.sampled_from(
    ["", "", "1", "2", "3", " 1", "-oth-", "99", "N/A", "NSP", "nsp ", "Premier", "premier", "Second", "Oui", "Non",
     "0", "X", "Le temps", "L'argent", "Premier;Second", "Le temps;L’argent", "à Lille", "Rang 2", "1er", "1,5"]
)  # fmt: skip
LABELS = st.dictionaries(
    st.sampled_from(["1", "2", "3", "99", "-oth-", "0"]),
    st.sampled_from(
        ["Premier", "premier *", "Second", "Autre", "Inconnu", "Oui", "Non", "NSP", "Le temps", "7", "Rang 1"]
    ),
)
MISSING = st.dictionaries(
    st.sampled_from(["N/A", "99", "NSP", "", "0", "Premier"]),
    st.sampled_from(["_not_asked", "_no_answer", "_dont_know", "_not_applicable"]),
)
ABSENCES = st.dictionaries(
    st.sampled_from(["N/A", "nsp", "Inconnu", "99", "à Lille"]),
    st.sampled_from(["not_asked", "no_answer", "dont_know", "not_applicable"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_journal_replayed_gives_the_answers_again(data):
    columns = tuple(
        RawColumn(i, head, sub, i + 1, part=part, labels=data.draw(LABELS), missing=data.draw(MISSING))
        for i, (head, sub, part) in enumerate(HEADS)
    )
    records = data.draw(st.lists(st.lists(TEXTS, min_size=len(HEADS), max_size=len(HEADS)), min_size=1, max_size=4))
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(len(HEADS))})
    raw = RawExport("spss", "x", cells, columns, np.arange(2, 2 + len(records)), "utf-8", "", 1.0)
    missing = {name: found for name in ("any", "S", "M", "N") if (found := data.draw(ABSENCES))}
    wave = WaveSettings.model_validate({
        "schema": 1, "id": "2024", "title": "t", "export": "x", "tool": "spss", "channel": "c", "separator": ";",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
        "missing": missing, "kept": {"minimum_answers": 0},
    })  # fmt: skip
    done = clean(raw, BOOK, wave, strict=False)
    pd.testing.assert_frame_equal(replay(done.journal, raw, BOOK, wave), done.responses)
