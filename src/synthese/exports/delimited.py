"""Text to records and back: delimiters, quotes, line ends, ragged rows.

Belongs here: delimited text whatever the tool. Does not: encodings, headers.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from synthese.errors import Fault, SyntheseError
from synthese.exports.model import Dialect, Record

DELIMITERS = (",", ";", "\t", "|")
_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_CHARS = 200_000
_LONGEST_CELL = 10_000_000


def _records(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _widths(text: str, delimiter: str) -> list[int] | None:
    """Cells of each record in a sample, or None where the quotes do not fit this delimiter."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text[:_SAMPLE_CHARS], newline=""), delimiter=delimiter, strict=True)
    widths: list[int] = []
    try:
        widths.extend(len(record) for record in reader if record)
    except csv.Error as error:
        if "unexpected end of data" not in str(error) or not widths:
            return None
        # A quote still open where the sample (or a truncated file) ends says nothing against the delimiter.
    else:
        if len(text) > _SAMPLE_CHARS:
            widths = widths[:-1]
    return widths


def sniff(text: str, file: str) -> str:
    """Find the delimiter.

    Returns
    -------
    str
        The one that cuts every record of the first 200,000 characters into as many cells (two or more); where
        none does, the one that cuts the first record into most and other records alike; a comma where none cuts.

    Raises
    ------
    SyntheseError
        Two delimiters read the file equally well.
    """
    widths = {d: w for d in DELIMITERS if (w := _widths(text, d))}
    even = [d for d, w in widths.items() if w[0] > 1 and len(set(w)) == 1]
    if len(even) > 1:
        readings = ", ".join(f"{_WORDS[d]} ({widths[d][0]} columns)" for d in even)
        raise SyntheseError.of(
            "unclear-delimiter",
            f"several delimiters read this file: {readings}",
            file=file,
            fix="say which in wave.yml: `delimiter: ','`, `';'`, `'|'` or `\"\\t\"`",
        )
    if even:
        return even[0]
    usual = {d: w[0] for d, w in widths.items() if w[0] > 1 and w[0] == Counter(w).most_common(1)[0][0]}
    cutting = usual or {d: w[0] for d, w in widths.items() if w[0] > 1}
    return max(cutting, key=lambda d: cutting[d]) if cutting else ","


def _unreadable(text: str, delimiter: str, error: csv.Error, file: str) -> SyntheseError:
    """Say at which record the quotes go wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 1
    try:
        for _ in reader:
            row += 1
    except csv.Error:
        pass  # the same error again: only the record it stands in is wanted
    if "unexpected end of data" in str(error) or "field larger" in str(error):
        return SyntheseError.of(
            "unclosed-quote",
            "a quote opened in this row is never closed: the file is truncated, or the quote is stray",
            file=file,
            row=row,
            fix="export it again; do not edit the file by hand",
        )
    return SyntheseError.of(
        "stray-quote",
        f"text follows a closing quote here ({_WORDS.get(delimiter, delimiter)} read as delimiter)",
        file=file,
        row=row,
        fix="check `delimiter` in wave.yml, or export the file again: quotes inside a cell are doubled",
    )


def squared(records: Sequence[Sequence[str]], file: str) -> tuple[list[Record], list[int], tuple[Fault, ...]]:
    """Leave out blank rows and check that all others have the header's width.

    Parameters
    ----------
    records : sequence of sequence of str
        Every row of the file, headers included; a blank row is an empty sequence.
    file : str
        Its name, for messages.

    Returns
    -------
    tuple
        Records, their row numbers (1 = first), and a note for blank rows and for surplus empty cells.

    Raises
    ------
    SyntheseError
        With every row that is too short or too long; a short last row means that the file is truncated.
    """
    kept = [(number, tuple(record)) for number, record in enumerate(records, start=1) if record]
    if not kept:
        raise SyntheseError.of("empty-file", "this file holds no row", file=file, fix="export it again")
    width = len(kept[0][1])
    faults: list[Fault] = []
    notes: list[Fault] = []
    out: list[Record] = []
    surplus: list[int] = []
    last = kept[-1][0]
    for number, record in kept:
        if len(record) > width and not any(record[width:]):
            surplus.append(number)
            record = record[:width]
        out.append(record)
        if len(record) < width and number == last:
            faults.append(
                Fault(
                    "truncated",
                    f"the last row has {len(record)} cells where the header has {width}: the file is not whole",
                    file=file,
                    row=number,
                    fix="export it again",
                )
            )
        elif len(record) != width:
            faults.append(
                Fault(
                    "ragged-row",
                    f"this row has {len(record)} cells where the header has {width}",
                    file=file,
                    row=number,
                    fix="export it again, or check `delimiter` in wave.yml: "
                    "a cell that holds the delimiter must stand in quotes",
                )
            )
    if faults:
        raise SyntheseError(faults)
    numbers = {number for number, _ in kept}
    blank = [number for number in range(1, last) if number not in numbers]
    if blank:
        what = f"{len(blank)} blank row(s) left out: {', '.join(map(str, blank[:10]))}"
        notes.append(Fault("blank-rows", what, file=file, row=blank[0]))
    if surplus:
        what = f"{len(surplus)} row(s) end in empty cells beyond the header; these cells were left out"
        notes.append(Fault("surplus-cells", what, file=file, row=surplus[0]))
    return out, [number for number, _ in kept], tuple(notes)


def parse(text: str, file: str, delimiter: str | None = None) -> tuple[list[list[str]], str]:
    """Cut text into records.

    Parameters
    ----------
    text : str
        Decoded file; lines end in LF, CRLF or CR, quoted cells may hold any of them.
    file : str
        Its name, for messages.
    delimiter : str, optional
        The user's word for it; None finds it.

    Returns
    -------
    tuple of list, str
        Every record (blank lines as ``[]``) and the delimiter.

    Raises
    ------
    SyntheseError
        Nothing but blanks; unclear delimiter; quotes that do not close or do not fit, with the row.
    """
    if not text.strip():
        raise SyntheseError.of("empty-file", "this file is empty", file=file, fix="export it again")
    if delimiter is not None and len(delimiter) != 1:
        raise SyntheseError.of(
            "bad-delimiter", f"{delimiter!r} is not one character", file=file, fix="one of , ; | or a tab"
        )
    delimiter = delimiter or sniff(text, file)
    try:
        return _records(text, delimiter), delimiter
    except csv.Error as error:
        raise _unreadable(text, delimiter, error, file) from error


def render(records: Sequence[Record], dialect: Dialect) -> bytes:
    """Lay records down as a tool does: cells quoted always or when needed, quotes doubled."""
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL,
        lineterminator=dialect.line_end,
    )
    writer.writerows(records)
    text = stream.getvalue()
    if dialect.encoding == "utf-16":
        # Named byte order: Python's plain "utf-16" follows the machine.
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(dialect.encoding)
