"""Large clean files, fast: the same records as `delimited` reads, through Arrow, or none at all.

Belongs here: proof that a file's quotes leave one reading only, where its records begin, and Arrow's reading of
them. Does not: files that are not clean, and words for what is wrong with them: those go through `delimited`.

A file is clean where each quote opens a cell, closes one or is doubled within one. Strict readers then agree:
a delimiter or a line end cuts where the number of quotes before it is even.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from pandas.arrays import ArrowStringArray

from synthese.exports.delimited import LONGEST_CELL

_STR = pd.StringDtype("pyarrow", na_value=np.nan)
_QUOTE, _LF, _CR = b'"\n\r'
# Larger ones cost more in fresh pages than they save in steps.
_SLICE = 1 << 18
_PIECE = 1 << 21

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scan:
    """Where the records of a clean file stand.

    Parameters
    ----------
    begins, ends : ndarray of int, shape (n,)
        First byte of each record, and the one after its last, line end left out; blank records are empty.
    line_ends : dict of str to int
        How many records end in LF, CRLF and CR.
    """

    begins: Places
    ends: Places
    line_ends: dict[str, int]


def _line_marks(data: npt.NDArray[np.uint8], delimiter: int, slice_: int) -> Places | None:
    """Places of line ends outside quotes; None where a quote stands in an unclean place."""
    before = np.zeros(256, dtype=np.bool_)
    before[[delimiter, _LF, _CR, _QUOTE]] = True
    size = len(data)
    inside = 0
    marks: list[Places] = []
    for start in range(0, size, slice_):
        part = data[start : start + slice_]
        quotes = np.flatnonzero(part == _QUOTE) + start
        opening, closing = quotes[inside::2], quotes[1 - inside :: 2]
        if len(opening) and opening[0] == 0:
            opening = opening[1:]
        if len(closing) and closing[-1] == size - 1:
            closing = closing[:-1]
        if not before[data[opening - 1]].all() or not before[data[closing + 1]].all():
            return None
        lines = np.flatnonzero((part == _LF) | (part == _CR)) + start
        even = (np.searchsorted(quotes, lines) + inside) % 2 == 0
        marks.append(lines[even])
        inside = (inside + len(quotes)) % 2
    return None if inside else np.concatenate(marks)


def scan(content: bytes, delimiter: str, slice_: int = _SLICE) -> Scan | None:
    """Find the records of a clean file.

    Parameters
    ----------
    content : bytes
        UTF-8, not empty.
    delimiter : str
        One ASCII character.
    slice_ : int
        Bytes looked at together; the result does not depend on it.

    Returns
    -------
    Scan or None
        None where the file is not clean.
    """
    data = np.frombuffer(content, dtype=np.uint8)
    marks = _line_marks(data, ord(delimiter), slice_)
    if marks is None:
        return None
    kinds = data[marks]
    # LF right after CR belongs to it.
    after_cr = np.zeros(len(marks), dtype=np.bool_)
    after_cr[1:] = (kinds[1:] == _LF) & (kinds[:-1] == _CR) & (np.diff(marks) == 1)
    pairs = int(after_cr.sum())
    single = {"\n": int((kinds == _LF).sum()) - pairs, "\r\n": pairs, "\r": int((kinds == _CR).sum()) - pairs}
    ends = marks[~after_cr]
    # A record begins after its predecessor's last mark, which is the one before the next record's end.
    nexts = np.append(np.flatnonzero(~after_cr)[1:], len(marks)) - 1
    begins = np.concatenate([[0], marks[nexts] + 1]) if len(ends) else np.zeros(1, dtype=np.int64)
    if begins[-1] < len(data):
        ends = np.append(ends, len(data))
    else:
        begins = begins[:-1]
    return Scan(begins, ends, {end: count for end, count in single.items() if count})


def read(
    content: bytes,
    delimiter: str,
    first: int = 1,
    last: int | None = None,
    *,
    slice_: int = _SLICE,
    piece: int = _PIECE,
) -> tuple[pd.DataFrame, Places, dict[str, int]] | None:
    """Read a clean file whose records are all of one width.

    Parameters
    ----------
    content : bytes
        UTF-8 without byte-order mark and without NUL.
    delimiter : str
        As `delimited.settled`.
    first, last : int, optional
        Rows to read, 1 = first of the file.
    slice_, piece : int
        Bytes that are looked at, and read, together; the result depends on neither.

    Returns
    -------
    tuple of DataFrame, ndarray of int, dict; or None
        Records that are not blank × columns as text, their rows, and how many records of the file end in each
        kind of line end. None where another reader must decide.
    """
    if not content or not delimiter.isascii():
        return None
    found = scan(content, delimiter, slice_)
    if found is None:
        return None
    begins, ends = found.begins[first - 1 : last], found.ends[first - 1 : last]
    filled = np.flatnonzero(ends > begins)
    if not len(filled) or int((ends - begins).max()) > LONGEST_CELL:
        return None
    begin, end = int(begins[filled[0]]), int(ends[filled[-1]])
    header = content[begin : int(ends[filled[0]])].decode("utf-8")
    width = len(next(csv.reader(io.StringIO(header, newline=""), delimiter=delimiter, strict=True)))
    if width == 1:
        return None  # a cell alone and empty is a blank line to Arrow
    whole, cuts = pa.py_buffer(content), _cuts(begins[filled], end, piece)
    if any(content.startswith(codecs.BOM_UTF8, cut) for cut in cuts):
        return None  # Arrow would take it for a mark
    parts = [whole.slice(start, stop - start) for start, stop in pairwise(cuts)]
    # Arrow's own threads cut by bytes: rows longer than a block stop it, and it must look for their ends again.
    with ThreadPoolExecutor(pa.cpu_count()) as workers:
        tables = list(workers.map(lambda part: _through_arrow(part, delimiter, width), parts))
    read_ones = [table for table in tables if table is not None]
    if len(read_ones) < len(tables) or sum(map(len, read_ones)) != len(filled):
        return None
    return text_frame(pa.concat_tables(read_ones).columns), filled + first, found.line_ends


def _cuts(begins: Places, end: int, piece: int) -> list[int]:
    """Places to cut at, each where a record begins, about ``piece`` bytes apart."""
    wanted = np.searchsorted(begins, np.arange(begins[0] + piece, end, piece))
    inner = np.unique(wanted[wanted < len(begins)])
    return [int(begins[0]), *begins[inner].tolist(), end]


def text_frame(columns: Iterable[pa.ChunkedArray | pa.Array]) -> pd.DataFrame:
    """Make a frame of text columns ``0..k-1`` out of Arrow's large strings, without a copy."""
    # The stubs do not know `dtype` here; without it a missing value would be of another kind.
    made = {i: ArrowStringArray(column, dtype=_STR) for i, column in enumerate(columns)}  # type: ignore[call-arg]
    return pd.DataFrame(made, copy=False)


@cache
def _pool() -> pa.MemoryPool:
    """Memory for the cells: Arrow's usual pool, mimalloc, asks the system for pages twice as dearly."""
    backends = pa.supported_memory_backends()
    return pa.jemalloc_memory_pool() if "jemalloc" in backends else pa.default_memory_pool()


def _through_arrow(part: pa.Buffer, delimiter: str, width: int) -> pa.Table | None:
    """Read whole records, as one block; None where one has another width."""
    names = [str(i) for i in range(width)]
    try:
        return pa.csv.read_csv(
            pa.BufferReader(part),
            pa.csv.ReadOptions(column_names=names, block_size=part.size + 1, use_threads=False),
            # Cells may hold line ends all the same: this option is about how Arrow cuts blocks, and there is one.
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
            ),
            memory_pool=_pool(),
        )
    except pa.ArrowInvalid:
        return None
