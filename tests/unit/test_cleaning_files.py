"""What cleaning stores: whole files, the same bytes, read again as they were."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean, read_counts, read_journal, read_responses, write
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

OPTIONS = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]
QUESTIONS = [
    {"id": "N", "type": "open", "role": "identifier"},
    {"id": "S", "type": "single", "options": OPTIONS},
    {"id": "M", "type": "multiple", "options": OPTIONS},
    {"id": "X", "type": "numeric"},
    {"id": "R", "type": "ranking", "rows": OPTIONS},
]
RECORDS = [["Zoé", "A", "A, B", "0,5", "B, A"], ["Ali", "", "", "", ""], ["=1+1", "B", "B", "@12", "A"]]


@pytest.fixture
def done():
    field = FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1))
    wave = WaveSettings.model_validate({
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "google-forms", "field": field,
        "channel": "c", "design": "self-selected", "kept": {"minimum_answers": 0},
    })  # fmt: skip
    book = {"schema": 1, "title": "t", "questions": [{"section": "a", "text": q["id"], **q} for q in QUESTIONS]}
    columns = tuple(RawColumn(i, q["id"], None, i + 1) for i, q in enumerate(QUESTIONS))
    cells = pd.DataFrame({i: pd.array([r[i] for r in RECORDS], dtype="str") for i in range(5)})
    raw = RawExport("google-forms", "x.csv", cells, columns, np.arange(2, 5), "utf-8", ",", 1.0)
    return clean(raw, Codebook.model_validate(book), wave)


def test_what_is_written_is_read_again(done, tmp_path):
    paths = write(done, tmp_path)
    assert [str(p.relative_to(tmp_path)) for p in paths] == [
        "responses.parquet", "journal.csv", "counts.json", "private/identities.parquet",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(read_responses(tmp_path / "responses.parquet"), done.responses)
    pd.testing.assert_frame_equal(read_journal(tmp_path / "journal.csv"), done.journal)
    assert read_counts(tmp_path / "counts.json") == done.counts
    assert list(pd.read_parquet(tmp_path / "private/identities.parquet")["N"]) == ["Zoé", "Ali", "=1+1"]


def test_types_are_those_of_the_data_model(done):
    types = {name: str(dtype) for name, dtype in done.responses.dtypes.items()}
    assert types == {
        "respondent": "str", "S": "str", "M": "str", "M.a": "boolean", "M.b": "boolean", "X": "Float64",
        "X._reason": "str", "R": "str", "R.a": "Int64", "R.b": "Int64",
    }  # fmt: skip


def test_the_same_answers_give_the_same_bytes(done, tmp_path):
    first = [p.read_bytes() for p in write(done, tmp_path / "one")]
    assert first == [p.read_bytes() for p in write(done, tmp_path / "two")]


def test_a_cell_of_the_journal_is_never_a_formula(done, tmp_path):
    write(done, tmp_path)
    text = (tmp_path / "journal.csv").read_text(encoding="utf-8")
    assert ",'@12," in text
    assert not any(cell[:1] in "=+-@" for line in text.splitlines()[1:] for cell in line.split(",") if cell)


def test_no_personal_answer_outside_private(done, tmp_path):
    for path in write(done, tmp_path):
        if "private" not in str(path.relative_to(tmp_path)):
            assert "Zoé".encode() not in path.read_bytes()
            assert b"Ali" not in path.read_bytes()


def test_missing_and_damaged_files_are_told(tmp_path):
    for read, name in ((read_responses, "r.parquet"), (read_journal, "j.csv"), (read_counts, "c.json")):
        with pytest.raises(SyntheseError, match="these results are missing"):
            read(tmp_path / name)
    (tmp_path / "r.parquet").write_bytes(b"no")
    (tmp_path / "j.csv").write_text("a,b\n")
    with pytest.raises(SyntheseError, match="this file is damaged"):
        read_responses(tmp_path / "r.parquet")
    with pytest.raises(SyntheseError, match="this is no journal"):
        read_journal(tmp_path / "j.csv")
