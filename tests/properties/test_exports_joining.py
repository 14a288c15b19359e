"""A wave in several files gives what it gives in one, and every row is named with its file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.cleaning import clean, read_journal, replay, write
from synthese.codebook import Codebook, load_codebook
from synthese.exports import workbook
from synthese.simulation import simulate
from synthese.study import FieldWork, WaveSettings

ROOT = Path(__file__).resolve().parents[2]
WAYS = [(name, way) for name, tool in exports.known().items() if tool.dump is None for way in tool.variants]
SIZE = 12


@cache
def book() -> Codebook:
    return load_codebook(ROOT / "data" / "raw" / "codebook.yml")


@cache
def exported(tool: str, variant: str) -> tuple[list[list[str]], str, bytes | None]:
    """Records of a simulated export, and its form: suffix and content."""
    dialect = exports.named(tool).variants[variant]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"export{dialect.suffix}"
        exports.write(tool, simulate(book(), "2026", SIZE, 7, tool), path, variant)
        form = next((other for other in Path(name).iterdir() if other != path), None)
        if dialect.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path).worksheets[0]
            records = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        else:
            text = path.read_bytes().decode(dialect.encoding).removeprefix("\ufeff")
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter))
        return records, form.suffix if form else "", form.read_bytes() if form else None


def stored(path: Path, records: list[list[str]], dialect: exports.model.Dialect) -> Path:
    if dialect.suffix == ".xlsx":
        path.write_bytes(workbook.render_sheet([tuple(record) for record in records], "1", path.name))
        return path
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=dialect.delimiter, quoting=csv.QUOTE_ALL).writerows(records)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    return path


def wave(tool: str, structure: str | None) -> WaveSettings:
    return WaveSettings.model_validate(
        {
            "schema": 1, "id": "2026", "title": "t", "export": ["a.csv", "b.csv"], "tool": tool, "channel": "c",
            "field": FieldWork(start=dt.date(2026, 1, 1), end=dt.date(2026, 2, 1)), "design": "self-selected",
            "structure": structure, "kept": {"minimum_answers": 3},
        }
    )  # fmt: skip


@pytest.mark.parametrize(("tool", "variant"), WAYS, ids=[f"{tool}-{variant}" for tool, variant in WAYS])
@settings(max_examples=2, deadline=None)
@given(cut=st.integers(1, SIZE - 1), shuffle=st.randoms(use_true_random=False))
def test_a_file_cut_in_two_gives_what_the_one_gives(tool, variant, cut, shuffle):
    records, suffix, form = exported(tool, variant)
    dialect = exports.named(tool).variants[variant]
    delimiter = None if dialect.suffix == ".xlsx" else dialect.delimiter
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        structure = None if form is None else folder / f"form{suffix}"
        if structure is not None:
            structure.write_bytes(form)
        how = {"tool": tool, "delimiter": delimiter, "structure": structure}
        one = exports.read(stored(folder / "one", records, dialect), **how)
        head = len(records) - len(one.cells)
        kept = wave(tool, structure and structure.name)
        parts = [records[: head + cut], [*records[:head], *records[head + cut :]]]
        if head == 1 and tool in ("google-forms", "microsoft-forms", "tally"):
            own = {column.index for column in one.columns if column.kind == "meta"}
            first = [n for n, header in enumerate(records[0]) if records[0].count(header) == 1 and n not in own]
            order = dict(zip(first, shuffle.sample(first, len(first)), strict=True))
            parts[1] = [[record[order.get(n, n)] for n in range(len(record))] for record in parts[1]]
        two = exports.read([stored(folder / f"part-{n}", part, dialect) for n, part in enumerate(parts)], **how)
        alone, together = (clean(raw, book(), kept, strict=False) for raw in (one, two))
        write(together, folder / "clean")
        journal = read_journal(folder / "clean" / "journal.csv")
    pd.testing.assert_frame_equal(together.responses, alone.responses)
    pd.testing.assert_frame_equal(together.private.drop(columns=["row", "file"]), alone.private.drop(columns="row"))
    assert [fault.code for fault in together.findings] == [fault.code for fault in alone.findings]
    assert together.counts == alone.counts
    same = ["respondent", "question", "column", "before", "after", "rule"]
    pd.testing.assert_frame_equal(journal[same], alone.journal[same])
    # Rows and files are those that a person finds: the record stands there.
    shift = np.where(two.files == "part-1", cut, 0)
    assert two.files.tolist() == ["part-0"] * cut + ["part-1"] * (SIZE - cut)
    if dialect.suffix == ".xlsx":
        assert (two.rows + shift).tolist() == one.rows.tolist()
    pd.testing.assert_frame_equal(replay(journal, two, book(), kept), alone.responses)
