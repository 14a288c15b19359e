"""The frame of headlines tried under variants: its columns, with their types and meaning.

Belongs here: the contract of ``robustness.parquet``. Does not: computing (`synthese.analysis`) or releasing
(`synthese.disclosure`) what is in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from synthese.errors import SyntheseError
from synthese.estimates.schema import Kind
from synthese.files import write_bytes

ROBUSTNESS_COLUMNS: Final[dict[str, tuple[Kind, str]]] = {
    "wave": ("text", "wave id"),
    "headline": ("text", "id of the headline in the codebook; null where a gap is tried under the usual variants"),
    "question": ("text", "variable id"),
    "option": ("text", "option code"),
    "by": ("text", "breakdown of a headline within a group; null for all respondents"),
    "group": ("text", "that group"),
    "reference_wave": ("text", "null = the share itself; else the gap between its share and that of this wave"),
    "declared": ("count", "variants that the codebook fixes, the published one included"),
    "computed": (
        "count",
        "of them, those that count other respondents, and enough of them; the published one is one",
    ),
    "held": ("count", "of these, in the band of the published share; or gaps of its sign and of 10 points or more"),
    "low": ("number", "lowest share of the variants; null for a gap. Released: rounded to whole per cent"),
    "high": ("number", "highest share of the variants"),
    "closest": ("count", "private: fewest respondents that tell the published share and both ends of the range apart"),
    "cells": ("text", "private: question=option pairs that the ends of the range count, separated by spaces"),
    "status": ("text", "what the gate decided"),
    "reason": ("text", "why it, or its range, is not released"),
}
ROBUSTNESS_NUMBERS: Final = ("declared", "computed", "held", "low", "high")
PRIVATE: Final = ("closest", "cells")
"""Columns that are null in what is released: they tell of single respondents."""

_AGAIN: Final = "run the wave again with --force"
_DTYPES: dict[Kind, str] = {"text": "str", "count": "Int64", "number": "Float64"}
_ARROW = {"text": pa.string(), "count": pa.int64(), "number": pa.float64()}


def robustness_frame(rows: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Make a frame of headlines under variants; absent keys are null.

    Raises
    ------
    ValueError
        A key is no column of the contract.
    """
    rows = list(rows)
    unknown = sorted({key for row in rows for key in row} - set(ROBUSTNESS_COLUMNS))
    if unknown:
        raise ValueError(f"columns outside the contract: {', '.join(unknown)}")
    columns = ROBUSTNESS_COLUMNS.items()
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=_DTYPES[kind]) for name, (kind, _) in columns}
    )


def write_robustness(frame: pd.DataFrame, path: Path) -> None:
    """Store a frame of headlines: typed by the contract, the same bytes for the same rows."""
    schema = pa.schema([(name, _ARROW[kind]) for name, (kind, _) in ROBUSTNESS_COLUMNS.items()])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    write_bytes(path, buffer.getvalue())


def read_robustness(path: Path) -> pd.DataFrame:
    """Read what `write_robustness` stored."""
    try:
        table = pq.read_table(io.BytesIO(path.read_bytes()))  # not by name: Arrow wants it in UTF-8
    except (pa.ArrowInvalid, OSError) as error:
        raise SyntheseError.of("damaged-results", "this file is damaged", file=path, fix=_AGAIN) from error
    if table.column_names != list(ROBUSTNESS_COLUMNS):
        raise SyntheseError.of("damaged-results", "these are no results of this version", file=path, fix=_AGAIN)
    return robustness_frame(table.to_pylist())
