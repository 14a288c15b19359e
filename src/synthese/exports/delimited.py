"""Text to records and back: delimiters, quotes, line ends.

Belongs here: delimited text whatever the tool, read strictly by Python's own reader, and the words for what is
wrong with it. Does not: encodings, headers, where the table stands (`framing`), the fast way (`quick`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from synthese.errors import Fault, SyntheseError
from synthese.exports.model import Dialect, Record

DELIMITERS = (",", ";", "\t", "|")
_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_CHARS = 200_000
LONGEST_CELL = 10_000_000
# Lines above or below a table that a delimiter need not cut like the rest.
_MOST_LINES = 10


class _Lines:
    """Lines of a text, which keeps the last one given: it tells how the record ends."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.last = line
            yield line

    @property
    def end(self) -> str:
        return "\r\n" if self.last.endswith("\r\n") else self.last[-1:] if self.last[-1:] in "\r\n" else ""


def _reader(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _records(text: str, delimiter: str) -> tuple[list[list[str]], dict[str, int]]:
    lines = _Lines(text)
    records: list[list[str]] = []
    ends: Counter[str] = Counter()
    for record in _reader(lines, delimiter):
        records.append(record)
        ends[lines.end] += 1
    return records, {end: count for end, count in ends.items() if end}


def _widths(text: str, delimiter: str, first: int, last: int | None) -> list[int] | None:
    """Cells of each record in a sample, or None where the quotes do not fit this delimiter."""
    widths: list[int] = []
    try:
        for number, record in enumerate(_reader(_Lines(text[:SAMPLE_CHARS]), delimiter), start=1):
            if record and first <= number <= (last or number):
                widths.append(len(record))
    except csv.Error as error:
        if "unexpected end of data" not in str(error) or not widths:
            return None
        # A quote still open where the sample (or a truncated file) ends says nothing against the delimiter.
    else:
        if len(text) > SAMPLE_CHARS:
            widths = widths[:-1]
    return widths


def _even_but_for_ends(widths: Sequence[int]) -> bool:
    """Whether all records but narrower ones above and below have one width: lines stand around a table."""
    width, count = Counter(widths).most_common(1)[0]
    narrow = [place for place, other in enumerate(widths) if other != width]
    above = sum(place == order for order, place in enumerate(narrow))
    below = narrow[above:]
    return (
        width > 1
        and count > max(1, len(narrow))
        and all(widths[place] < width for place in narrow)
        and above <= _MOST_LINES
        and len(below) <= _MOST_LINES
        and below == list(range(len(widths) - len(below), len(widths)))
    )


def sniff(text: str, file: str, first: int = 1, last: int | None = None) -> str:
    """Find the delimiter.

    Parameters
    ----------
    text : str
        The file, or more than 200,000 characters of it.
    file : str
        Its name, for messages.
    first, last : int, optional
        Rows the table stands in, where they are known.

    Returns
    -------
    str
        The one that cuts every record of the first 200,000 characters into as many cells (two or more); where
        none does, the one that does so but for lines above and below; else the one that cuts the first record into
        most and other records alike; a comma where none cuts.

    Raises
    ------
    SyntheseError
        Two delimiters read the file equally well.
    """
    widths = {d: w for d in DELIMITERS if (w := _widths(text, d, first, last))}
    even = [d for d, w in widths.items() if w[0] > 1 and len(set(w)) == 1]
    even = even or [d for d, w in widths.items() if _even_but_for_ends(w)]
    if len(even) > 1:
        readings = ", ".join(f"{_WORDS[d]} ({Counter(widths[d]).most_common(1)[0][0]} columns)" for d in even)
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


def settled(text: str, file: str, delimiter: str | None, first: int = 1, last: int | None = None) -> str:
    """Take the user's word for the delimiter, or find it; see `sniff`.

    Raises
    ------
    SyntheseError
        Nothing but blanks; no delimiter at all; or an unclear one.
    """
    if not text.strip():
        raise SyntheseError.of("empty-file", "this file is empty", file=file, fix="export it again")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise SyntheseError.of(
            "bad-delimiter", f"{delimiter!r} cannot cut cells", file=file, fix="one of , ; | or a tab"
        )
    return delimiter or sniff(text, file, first, last)


def _unreadable(text: str, delimiter: str, error: csv.Error, file: str) -> SyntheseError:
    """Say at which record the quotes go wrong."""
    row = 1
    try:
        for _ in _reader(_Lines(text), delimiter):
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


def parse(text: str, file: str, delimiter: str) -> tuple[list[list[str]], dict[str, int]]:
    """Cut text into records.

    Parameters
    ----------
    text : str
        Decoded file; lines end in LF, CRLF or CR, quoted cells may hold any of them.
    file : str
        Its name, for messages.
    delimiter : str
        As `settled`.

    Returns
    -------
    tuple of list, dict
        Every record (blank lines as ``[]``), and how many end in each of LF, CRLF and CR.

    Raises
    ------
    SyntheseError
        Quotes that do not close or do not fit, with the row.
    """
    try:
        return _records(text, delimiter)
    except csv.Error as error:
        raise _unreadable(text, delimiter, error, file) from error


def line_ends(ends: Mapping[str, int], file: str) -> tuple[Fault, ...]:
    """Tell of lines that end in a lone CR, or not all alike."""
    names = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}
    found = ", ".join(f"{names[end]} ({ends[end]})" for end in names if ends.get(end))
    if len(ends) > 1:
        return (Fault("line-ends", f"lines end in several ways: {found}", file=file),)
    if "\r" in ends:
        return (Fault("line-ends", f"lines end in CR alone, as on old Macs: {found}", file=file),)
    return ()


def render(records: Sequence[Record], dialect: Dialect) -> bytes:
    """Lay records down as a tool does: cells quoted always or when needed, quotes doubled."""
    stream = io.StringIO(newline="")
    # Python quotes the characters of the line end alone: with CRLF, a lone CR or LF in a cell is quoted always.
    writer = csv.writer(
        stream,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    lines = []
    for record in records:
        writer.writerow(record)
        lines.append(stream.getvalue().removesuffix("\r\n") + dialect.line_end)
        stream.seek(0)
        stream.truncate()
    text = "".join(lines)
    if dialect.encoding == "utf-16":
        # Named byte order: Python's plain "utf-16" follows the machine.
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(dialect.encoding)
