"""Where the table stands in its file: rows cut out, blank and ragged rows, lines above the header and below answers.

Belongs here: telling answers from what people and spreadsheets put around them, or asking. Does not: quotes,
delimiters, what the columns mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.errors import Fault, SyntheseError
from synthese.exports.model import Record, Table, Tool

SURE = 0.5
_MOST_LINES = 10
_TAIL = 20
_SUMMARY = re.compile(
    r"\s*(?:(?:sous-?total|totaux|total|somme|moyenne|grand total|subtotal|sum|average|mean)\b"
    r"|(?:source|note|nota|remarque|légende|nb)\s*:|n\s*[=:]\s*\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*[-+]?\d[\d\s.,%€]*$")

Rows = npt.NDArray[np.int64]


def outside(file: str, first: int, last: int | None) -> SyntheseError:
    """Make the error of a range in ``wave.yml`` that holds no row."""
    return SyntheseError.of(
        "no-answers",
        f"no row of this file stands between {first} and {'its end' if last is None else last}",
        file=file,
        fix="correct `header_row` and `last_row` in wave.yml",
    )


def blank_rows(rows: Rows, first: int, file: str) -> tuple[Fault, ...]:
    """Tell of rows between the first asked for and the last filled that hold nothing."""
    blank = np.setdiff1d(np.arange(first, rows[-1]), rows)
    if not len(blank):
        return ()
    what = f"{len(blank)} blank row(s) left out: {', '.join(map(str, blank[:10]))}{', …' * (len(blank) > 10)}"
    return (Fault("blank-rows", what, file=file, row=int(blank[0])),)


def _few(record: Sequence[str], width: int) -> bool:
    """Whether a row holds no more than a title, a date or a total would: one cell of a table, two of a wide one."""
    return width > 1 and sum(1 for cell in record if cell) <= (2 if width >= 6 else 1)


def _short_ends(kept: Sequence[tuple[int, Record]], begun: bool) -> tuple[int, int, int]:
    """Width of the table, and how many narrower lines stand above and below it."""
    widths = [len(record) for _, record in kept]
    width, count = Counter(widths).most_common(1)[0]
    above = 0
    if not begun and widths[0] < width and count > 1:
        above = next(place for place, other in enumerate(widths) if other >= width)
        if above > _MOST_LINES or widths[above] != width or not all(_few(kept[i][1], width) for i in range(above)):
            above = 0
    width = widths[above]
    below = 0
    while below < len(kept) - above - 1 and widths[-below - 1] < width and _few(kept[-below - 1][1], width):
        below += 1
    return width, above, below


def _lines_below(kept: Sequence[tuple[int, Record]], below: int, width: int, file: str) -> list[Fault]:
    """Word the fault of narrow rows at the end: a file cut short, or lines that are no answers."""
    number, record = kept[-below]
    above = kept[-below - 1][0]
    apart = number - above > 1 or any(_SUMMARY.match(next((c for c in r if c), "")) for _, r in kept[-below:])
    if below == 1 and not apart:
        return [_truncated(number, record, width, above, file)]
    return [
        Fault(
            "lines-below",
            f"{below} line(s) from here on hold fewer cells than the header's {width}: they are no answers, or the "
            "file is not whole",
            file=file,
            row=number,
            fix=f"write `last_row: {above}` in wave.yml if answers end there; otherwise export it again",
        )
    ]


def _truncated(number: int, record: Record, width: int, above: int, file: str) -> Fault:
    return Fault(
        "truncated",
        f"the last row has {len(record)} cells where the header has {width}: the file is not whole",
        file=file,
        row=number,
        fix=f"export it again; if this line is no answer, write `last_row: {above}` in wave.yml",
    )


def squared(
    records: Sequence[Sequence[str]], file: str, first: int = 1, last: int | None = None, *, begun: bool = False
) -> tuple[pd.DataFrame, Rows, int, tuple[Fault, ...]]:
    """Leave out blank rows and check that all others have the header's width.

    Parameters
    ----------
    records : sequence of sequence of str
        Every row of the file, headers included; a blank row is an empty sequence.
    file : str
        Its name, for messages.
    first, last : int, optional
        Rows to take, as ``wave.yml`` names them; what is outside may have any width.
    begun : bool
        Whether the user says that the header stands in ``first``: then no line stands above it.

    Returns
    -------
    tuple
        Cells, row numbers (1 = first of the file), how many narrower lines above the header were filled up with
        empty cells, and a note for blank rows and for surplus empty cells.

    Raises
    ------
    SyntheseError
        No row at all; or with every row that is too short or too long: a short last row means that the file is
        truncated, or that lines stand below the answers.
    """
    kept = [(n, tuple(r)) for n, r in enumerate(records[:last], start=1) if n >= first and r]
    if not kept:
        if any(records):
            raise outside(file, first, last)
        raise SyntheseError.of("empty-file", "this file holds no row", file=file, fix="export it again")
    width, above, below = _short_ends(kept, begun)
    faults: list[Fault] = []
    surplus: list[int] = []
    out: list[Record] = []
    for place, (number, record) in enumerate(kept):
        if len(record) > width and not any(record[width:]):
            surplus.append(number)
            record = record[:width]
        elif place < above:
            record = (*record, *[""] * (width - len(record)))
        out.append(record)
        if len(record) == width or place >= len(kept) - below:
            continue
        if len(record) < width and place == len(kept) - 1 > 0:
            faults.append(_truncated(number, record, width, kept[place - 1][0], file))
            continue
        faults.append(
            Fault(
                "ragged-row",
                f"this row has {len(record)} cells where the header has {width}",
                file=file,
                row=number,
                fix="export it again, or check `delimiter` in wave.yml: a cell that holds the delimiter must stand in "
                "quotes",
            )
        )
    if below:
        faults += _lines_below(kept, below, width, file)
    if faults:
        raise SyntheseError(faults)
    rows = np.array([number for number, _ in kept], dtype=np.int64)
    notes = list(blank_rows(rows, first, file))
    if surplus:
        what = f"{len(surplus)} row(s) end in empty cells beyond the header; these cells were left out"
        notes.append(Fault("surplus-cells", what, file=file, row=surplus[0]))
    cells = pd.DataFrame({i: pd.array(list(c), dtype="str") for i, c in enumerate(zip(*out, strict=True))})
    return cells, rows, above, tuple(notes)


def _from(table: Table, start: int) -> Table:
    return replace(table, cells=table.cells.iloc[start:].reset_index(drop=True), rows=table.rows[start:], above=0)


def _is_header(record: Record) -> bool:
    """Whether a row reads as a header and as nothing else: each cell filled, no two alike, none a number."""
    return len(record) > 2 and all(record) and len(set(record)) == len(record) and not any(map(_NUMBER.match, record))


def without_lines_above(table: Table, tools: Sequence[Tool]) -> Table:
    """Leave out a title, a date or the like that stand above the header, or ask.

    Parameters
    ----------
    table : Table
        All rows, lines above filled up with empty cells.
    tools : sequence of Tool
        Tools that may have written it; the user's word makes it one.

    Returns
    -------
    Table
        Beginning with its header, with a note where lines were left out. They are where a tool's habits show without
        them and not with them; or, whatever the tool, where they are narrower than the table or stand apart
        from it by a blank row, and the next row can only be a header.

    Raises
    ------
    SyntheseError
        A row that could be a title or the header; asks for ``header_row``.
    """
    width = table.cells.shape[1]
    narrow = 0
    for record in table.head[: min(_MOST_LINES, len(table) - 1)]:
        if not _few(record, width) or (width < 3 and narrow >= table.above):
            break
        narrow += 1
    if not narrow or max(tool.recognise(table) for tool in tools) >= SURE:
        return table
    for start in range(1, narrow + 1):
        if max(tool.recognise(_from(table, start)) for tool in tools) >= SURE:
            return _told(table, start)
    if not table.above and len(tools) == 1 and tools[0].name != "plain":
        return table  # the tool named has headers of its own, which its layout checks
    gap = int(table.rows[narrow] - table.rows[narrow - 1]) > 1
    if (gap or table.above == narrow) and _is_header(table.head[narrow]):
        return _told(table, narrow)
    first, header = int(table.rows[0]), int(table.rows[narrow])
    raise SyntheseError.of(
        "unclear-header",
        f"{narrow} row(s) hold one or two cells where the table has {width}: lines above the header, or the header",
        file=table.file,
        row=first,
        fix=f"say where the header begins in wave.yml: `header_row: {header}`, or `header_row: {first}`"
        + ("; or correct `delimiter`" if table.above else ""),
    )


def _told(table: Table, start: int) -> Table:
    first, header = int(table.rows[0]), int(table.rows[start])
    what = f"{start} row(s) above the header were left out: it was found in row {header}"
    fix = f"write `header_row: {header}` in wave.yml to settle it"
    note = Fault("rows-above-header", what, file=table.file, row=first, fix=fix)
    return replace(_from(table, start), notes=(*table.notes, note))


def _filled(record: Record) -> list[int]:
    return [place for place, cell in enumerate(record) if cell]


def look_below(table: Table, header_records: int) -> tuple[Fault, ...]:
    """Refuse a total, a source or a note below the answers, which would count as a respondent.

    Returns
    -------
    tuple of Fault
        A note where the last rows hold no answer at all.

    Raises
    ------
    SyntheseError
        A last row that begins like a summary and holds little else or only numbers; or that holds little, stands
        below a blank row or where all others have numbers or dates, and is unlike what its column holds above. Says
        which ``last_row`` would leave it out, and which would keep it.
    """
    body, rows = table.cells.iloc[header_records:], table.rows[header_records:]
    if len(body) < 2:
        return ()
    width, start = body.shape[1], max(0, len(body) - _TAIL)
    tail: list[Record] = list(zip(*(body[name].array[start:].tolist() for name in body), strict=True))
    below = len(tail)
    strange = len(tail)
    while below > 0 and below + start > 1:
        record = tail[below - 1]
        places = _filled(record)
        if not places:
            below -= 1
            continue
        summary = _SUMMARY.match(record[places[0]]) is not None
        if not _few(record, max(width, 2)) and not (
            summary and all(_NUMBER.match(record[place]) for place in places[1:])
        ):
            break
        if summary or (width > 2 and _unlike(body, rows, below - 1 + start, places[0])):
            strange = below - 1
        below -= 1
    if strange == len(tail):
        return () if any(tail[-1]) else _empty_end(body, rows, table.file)
    last = start + strange - 1
    raise SyntheseError.of(
        "lines-below",
        f"{len(body) - last - 1} row(s) from here on do not look like answers: a total, a source or a note",
        file=table.file,
        row=int(rows[last + 1]),
        fix=f"say where answers end in wave.yml: `last_row: {rows[last]}`, or `last_row: {rows[-1]}` if these are some",
    )


def _empty_end(body: pd.DataFrame, rows: Rows, file: str) -> tuple[Fault, ...]:
    empty = (body == "").all(axis=1).to_numpy()
    count = len(empty) if empty.all() else int(np.argmin(empty[::-1]))
    what = f"the last {count} row(s) hold no answer at all; they were kept"
    fix = f"write `last_row: {rows[-count - 1]}` in wave.yml if they are no answers" if count < len(rows) else None
    return (Fault("empty-end", what, file=file, row=int(rows[-count]), fix=fix),)


def _unlike(body: pd.DataFrame, rows: Rows, place: int, column: int) -> bool:
    """Whether a row's only text stands apart from what its column holds above it."""
    text = str(body.iloc[place, column])
    others = body.iloc[:place, column]
    others = others[others != ""]
    numbers = others.str.match(r"\s*[-+]?\d")
    if len(others) >= 3 and numbers.mean() >= 0.9:
        return not text.lstrip(" +-")[:1].isdigit()
    return bool(rows[place] - rows[place - 1] > 1) and not (others == text).any()
