"""Making, checking, storing and selecting results frames."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from synthese.errors import SyntheseError
from synthese.estimates.schema import ESTIMATE_COLUMNS, STATISTICS, STATUSES, TEST_COLUMNS, Kind
from synthese.files import write_bytes

_DTYPES: dict[Kind, str] = {"text": "str", "count": "Int64", "number": "Float64"}
_ARROW = {"text": pa.string(), "count": pa.int64(), "number": pa.float64()}

Rows = Iterable[Mapping[str, Any]]
Columns = Mapping[str, tuple[Kind, str]]


def _frame(rows: Rows, columns: Columns) -> pd.DataFrame:
    rows = list(rows)
    unknown = sorted({key for row in rows for key in row} - set(columns))
    if unknown:
        raise ValueError(f"columns outside the contract: {', '.join(unknown)}")
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=_DTYPES[kind]) for name, (kind, _) in columns.items()}
    )


def estimates_frame(rows: Rows) -> pd.DataFrame:
    """Make a frame of estimates from rows; absent keys are null.

    Raises
    ------
    ValueError
        A key is no column of the contract, or a row breaks it (see `validate_estimates`).
    """
    return validate_estimates(_frame(rows, ESTIMATE_COLUMNS))


def tests_frame(rows: Rows) -> pd.DataFrame:
    """Make a frame of tests from rows; absent keys are null."""
    return validate_tests(_frame(rows, TEST_COLUMNS))


def empty_estimates() -> pd.DataFrame:
    """Frame of estimates without rows."""
    return _frame([], ESTIMATE_COLUMNS)


def empty_tests() -> pd.DataFrame:
    """Frame of tests without rows."""
    return _frame([], TEST_COLUMNS)


def validate_estimates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame if it keeps the contract.

    Raises
    ------
    ValueError
        Wrong columns, an unknown or absent statistic or status, a share outside [0, 1], a count above its base,
        or a number in a withheld row.
    """
    if list(frame.columns) != list(ESTIMATE_COLUMNS):
        raise ValueError(f"columns are not those of the contract: {list(frame.columns)}")
    _only(frame, "statistic", STATISTICS)
    _only(frame, "status", STATUSES)
    share = frame["statistic"].isin(["share", "share_of_by", "share_total", "share_mentions", "share_top_3"])
    outside = frame.loc[share & ((frame["value"] < 0) | (frame["value"] > 1)).fillna(False)]
    if len(outside):
        raise ValueError(f"share outside [0, 1]: {outside.iloc[0].to_dict()}")
    over = frame.loc[(frame["count"] > frame["base"]).fillna(False) & share & frame["statistic"].ne("share_mentions")]
    if len(over):
        raise ValueError(f"count above its base: {over.iloc[0].to_dict()}")
    return _no_numbers_withheld(frame, ESTIMATE_COLUMNS)


def validate_tests(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of tests if it keeps the contract; see `validate_estimates`."""
    if list(frame.columns) != list(TEST_COLUMNS):
        raise ValueError(f"columns are not those of the contract: {list(frame.columns)}")
    _only(frame, "status", STATUSES)
    _only(frame, "family", ("planned", "exploratory"), null=True)
    return _no_numbers_withheld(frame, TEST_COLUMNS)


def _only(frame: pd.DataFrame, column: str, allowed: tuple[str, ...], *, null: bool = False) -> None:
    if not null and frame[column].isna().any():
        raise ValueError(f"{column} is null in {int(frame[column].isna().sum())} rows")
    wrong = sorted(set(frame[column].dropna()) - set(allowed))
    if wrong:
        raise ValueError(f"{column} {wrong[0]!r} is not one of {', '.join(allowed)}")


def _no_numbers_withheld(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    withheld = frame["status"].isin(["withheld_primary", "withheld_secondary", "too_small"])
    numbers = [name for name, (kind, _) in columns.items() if kind != "text"]
    if frame.loc[withheld, numbers].notna().to_numpy().any():
        raise ValueError("a withheld row has a number in it")
    return frame


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Store a results frame: typed by the contract, the same bytes for the same rows."""
    columns = TEST_COLUMNS if "p_value" in frame.columns else ESTIMATE_COLUMNS
    schema = pa.schema([(name, _ARROW[kind]) for name, (kind, _) in columns.items()])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    write_bytes(path, buffer.getvalue())


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a stored results frame, estimates or tests."""
    try:
        table = pq.read_table(io.BytesIO(path.read_bytes()))  # not by name: Arrow wants it in UTF-8
    except FileNotFoundError as error:
        raise SyntheseError.of("missing-results", "these results are missing", file=path, fix="run the wave") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise SyntheseError.of(
            "damaged-results", "this file is damaged", file=path, fix="run the wave again with --force"
        ) from error
    columns = TEST_COLUMNS if "p_value" in table.column_names else ESTIMATE_COLUMNS
    if table.column_names != list(columns):
        raise SyntheseError.of(
            "damaged-results", "these are no results of this version", file=path, fix="run the wave again with --force"
        )
    return _frame(table.to_pylist(), columns)


def select(frame: pd.DataFrame, **where: str | None) -> pd.DataFrame:
    """Keep the rows in which each named column has the given value; None asks for null."""
    mask = pd.Series(True, index=frame.index)
    for column, value in where.items():
        mask &= frame[column].isna() if value is None else frame[column].eq(value).fillna(False)
    return frame.loc[mask]
