"""Clean answers as small integer codes, column by column, for counting many crosses at once.

Belongs here: reading closed questions off ``responses.parquet`` without holding the frame. Does not: what is an answer
and who is in its base (`coding`, which is asked), counting (`synthese.statistics.banner`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, code
from synthese.codebook import Variable
from synthese.errors import SyntheseError

_ROWS = 2**16  # answers to a multiple response held as a frame at a time


@dataclass(frozen=True)
class Line:
    """One column of codes: a question, or one option of a multiple response.

    Parameters
    ----------
    variable : Variable
        The question, grid row or regrouping.
    option : str or None
        The option, whose codes are 0 for ticked and 1 for not ticked; None for a single answer.
    width : int
        Number of codes.
    """

    variable: Variable
    option: str | None
    width: int


@dataclass(frozen=True, eq=False)
class Codes:
    """Columns of codes.

    Parameters
    ----------
    lines : tuple of Line
        What each is.
    values : ndarray of int8 (int16 beyond 127 options), shape (lines, respondents)
        Position among the options in the base, -1 for whoever is not in it.
    """

    lines: tuple[Line, ...]
    values: NDArray[np.signedinteger[Any]]


def read_codes(path: Path, variables: Sequence[Variable]) -> Codes:
    """Read closed questions, one at a time.

    Parameters
    ----------
    path : Path
        ``responses.parquet``.
    variables : sequence of Variable
        Single, ordinal and multiple questions, grid rows and regroupings.

    Raises
    ------
    SyntheseError
        ``missing-results``: the wave was not run; ``damaged-results``.
    """
    lines = [line for v in variables for line in _lines(v)]
    widest = max((line.width for line in lines), default=0)
    try:
        with path.open("rb") as handle:  # not by name: Arrow wants it in UTF-8
            texts = [v.column for v in variables if v.kind != "multiple"]
            file = pq.ParquetFile(handle, read_dictionary=texts)
            shape = len(lines), file.metadata.num_rows
            values: NDArray[Any] = np.empty(shape, dtype=np.int8 if widest < 128 else np.int16)
            place = 0
            for variable in variables:
                width = len(_lines(variable))
                read = _ticked if variable.kind == "multiple" else _position
                read(file, variable, values[place : place + width])
                place += width
    except FileNotFoundError as error:
        what = "these results are missing"
        raise SyntheseError.of("missing-results", what, file=path, fix="run the wave") from error
    except (pa.ArrowException, OSError) as error:
        fix = "run the wave again with --force"
        raise SyntheseError.of("damaged-results", "this file is damaged", file=path, fix=fix) from error
    return Codes(tuple(lines), values)


def _lines(variable: Variable) -> list[Line]:
    options = [option.code for option in variable.options if option.in_base]
    if variable.kind == "multiple":
        return [Line(variable, option, 2) for option in options]
    return [Line(variable, None, len(options))] if options else []


def _kept(coded: Coded) -> NDArray[np.bool_]:
    return coded.chosen[:, [place for place, option in enumerate(coded.options) if option.in_base]]


def _position(file: pq.ParquetFile, variable: Variable, out: NDArray[Any]) -> None:
    """Code a single answer: each distinct text once, then every respondent by the number of theirs."""
    if not len(out):
        return
    seen: list[str | None] = []
    codes = np.empty(0, out.dtype)
    for inside, batch in _batches(file, [variable.column]):
        column = batch.column(0)
        texts, numbers = column.dictionary.to_pylist(), column.indices
        if column.null_count:
            texts.append(None)
            numbers = numbers.fill_null(len(texts) - 1)
        if texts != seen or not len(codes):
            coded = code(pd.DataFrame({variable.column: pd.Series(texts, dtype="str")}), variable)
            codes, seen = np.where(coded.in_base, _kept(coded).argmax(axis=1), -1).astype(out.dtype), texts
        out[0, inside] = codes[numbers.to_numpy(zero_copy_only=False)]


def _ticked(file: pq.ParquetFile, variable: Variable, out: NDArray[Any]) -> None:
    """Code each option of a multiple response: 0 ticked, 1 not ticked, -1 not in the base."""
    known = set(file.schema_arrow.names)
    columns = [name for name in known if name.startswith(f"{variable.column}.")]
    for inside, batch in _batches(file, [variable.column, *sorted(columns)]):
        frame = batch.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        coded = code(frame, variable)
        out[:, inside] = np.where(coded.in_base, np.where(_kept(coded).T, 0, 1), -1)


def _batches(file: pq.ParquetFile, columns: list[str]) -> Iterator[tuple[slice, Any]]:
    start = 0
    for batch in file.iter_batches(batch_size=_ROWS, columns=columns, use_threads=False):
        yield slice(start, start + batch.num_rows), batch
        start += batch.num_rows
