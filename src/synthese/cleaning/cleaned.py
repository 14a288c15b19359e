"""What cleaning gives, and how it is stored.

Belongs here: the result, its files and reading them again. Does not: how it is made (`street`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from synthese.cleaning.ledger import FILE, JOURNAL_COLUMNS
from synthese.cleaning.rules import ERRORS, SHEET_ERRORS
from synthese.cleaning.sheets import FreeTexts
from synthese.errors import Fault, SyntheseError
from synthese.files import write_bytes, write_json, write_text

RESPONSES, JOURNAL, COUNTS = "responses.parquet", "journal.csv", "counts.json"
PRIVATE = Path("private") / "identities.parquet"
_DTYPES = {pa.string(): "str", pa.bool_(): "boolean", pa.int64(): "Int64", pa.float64(): "Float64"}
_ARROW = {"str": pa.string(), "boolean": pa.bool_(), "Int64": pa.int64(), "Float64": pa.float64()}
# A spreadsheet would run a cell that begins like this; a leading quote of our own is doubled to stay reversible.
_FORMULA = re.compile(r"[=+\-@\t\r']")


@dataclass(frozen=True)
class Counts:
    """Rows received, kept and left out, for the method page.

    Parameters
    ----------
    received : int
        Rows of the export.
    kept : int
        Respondents.
    dropped : mapping of str to int
        Rows left out by each rule, in the order of `rules.ROW_RULES`, zeros included.
    partial : int
        Respondents who left without answer at least one closed or numeric question that they were asked.
    set_aside : mapping of str to int
        Cells of respondents set aside or recoded, by rule of the journal.
    absences_alike : tuple of str
        Questions of which the export does not tell whether those who left them empty were shown them.
    """

    received: int
    kept: int
    dropped: Mapping[str, int]
    partial: int
    set_aside: Mapping[str, int]
    absences_alike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cleaned:
    """Clean answers of a wave, and how they came to be.

    Parameters
    ----------
    wave : str
        Id of the wave.
    responses : DataFrame
        One row a respondent, in codes and missing reasons; no personal column, no free text.
    journal : DataFrame
        Every column and row left out and every value changed, with its rule.
    findings : tuple of Fault
        What ``synthese check`` shows; those whose code is in `rules.ERRORS` or `rules.SHEET_ERRORS` stop a wave.
    private : DataFrame
        Respondent, row in the export (and which file, of several), personal and open answers, texts of « Autre ».
    counts : Counts
        For the method page.
    free : FreeTexts
        Free texts that can be coded; stored nowhere.
    """

    wave: str
    responses: pd.DataFrame
    journal: pd.DataFrame
    findings: tuple[Fault, ...]
    private: pd.DataFrame
    counts: Counts
    free: FreeTexts = field(default_factory=FreeTexts, repr=False)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Findings that stop a wave."""
        return tuple(fault for fault in self.findings if fault.code in ERRORS | SHEET_ERRORS)


def _parquet(frame: pd.DataFrame) -> bytes:
    schema = pa.schema([(str(name), _ARROW[str(dtype)]) for name, dtype in frame.dtypes.items()])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def write(cleaned: Cleaned, folder: Path) -> tuple[Path, ...]:
    """Store clean answers, each file whole or not at all; the same answers give the same bytes.

    Parameters
    ----------
    cleaned : Cleaned
        What to store.
    folder : Path
        ``data/processed/<wave>``.

    Returns
    -------
    tuple of Path
        ``responses.parquet``, ``journal.csv``, ``counts.json``, ``private/identities.parquet``.
    """
    counts = cleaned.counts
    write_bytes(folder / PRIVATE, _parquet(cleaned.private))
    write_text(folder / JOURNAL, _journal_text(cleaned.journal))
    told = {
        "received": counts.received,
        "kept": counts.kept,
        "dropped": dict(counts.dropped),
        "partial": counts.partial,
        "set_aside": dict(counts.set_aside),
        "absences_alike": list(counts.absences_alike),
    }
    write_json(folder / COUNTS, told)
    write_bytes(folder / RESPONSES, _parquet(cleaned.responses))
    return tuple(folder / name for name in (RESPONSES, JOURNAL, COUNTS, PRIVATE))


def _journal_text(journal: pd.DataFrame) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(journal.columns)
    columns = []
    for name in journal.columns:
        missing = journal[name].isna().to_numpy()
        texts = ["" if gone else str(v) for v, gone in zip(journal[name].tolist(), missing, strict=True)]
        columns.append(texts if name == "row" else [f"'{t}" if _FORMULA.match(t) else t for t in texts])
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


def _missing(path: Path) -> SyntheseError:
    return SyntheseError.of("missing-results", "these results are missing", file=path, fix="run the wave")


def read_responses(path: Path) -> pd.DataFrame:
    """Read ``responses.parquet`` with the types of `Cleaned.responses`.

    Raises
    ------
    SyntheseError
        The file is missing or damaged.
    """
    try:
        table = pq.read_table(io.BytesIO(path.read_bytes()))  # not by name: Arrow wants it in UTF-8
    except FileNotFoundError as error:
        raise _missing(path) from error
    except (pa.ArrowException, OSError) as error:
        raise SyntheseError.of(
            "damaged-results", "this file is damaged", file=path, fix="run the wave again with --force"
        ) from error
    return pd.DataFrame(
        {
            name: table.column(name).to_pandas().astype(_DTYPES[table.schema.field(name).type])
            if table.schema.field(name).type == pa.string()
            else pd.array(table.column(name).to_pylist(), dtype=_DTYPES[table.schema.field(name).type])
            for name in table.column_names
        }
    )


def read_journal(path: Path) -> pd.DataFrame:
    """Read ``journal.csv`` as `Cleaned.journal`; an empty cell is null."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise _missing(path) from error
    records = list(csv.reader(io.StringIO(text, newline="")))
    if not records or tuple(records[0]) not in (JOURNAL_COLUMNS, (*JOURNAL_COLUMNS, FILE)):
        raise SyntheseError.of(
            "damaged-results", "this is no journal", file=path, fix="run the wave again with --force"
        )
    out = {}
    for place, name in enumerate(records[0]):
        texts = [record[place] or None for record in records[1:]]
        if name == "row":
            out[name] = pd.Series(pd.array([None if t is None else int(t) for t in texts], dtype="Int64"))
        else:
            out[name] = pd.Series([t[1:] if t and t[0] == "'" else t for t in texts], dtype="str")
    return pd.DataFrame(out)


def read_counts(path: Path) -> Counts:
    """Read ``counts.json``."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _missing(path) from error
    return Counts(**{**told, "absences_alike": tuple(told["absences_alike"])})
