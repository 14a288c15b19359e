"""The fast reader reads what the strict one reads, or declines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from synthese.errors import SyntheseError
from synthese.exports import delimited, framing, quick

HOSTILE = st.text(st.sampled_from('a,;"\n\r\té \ufeff\u2028\x85\x1c'), max_size=60)
CELLS = st.text(st.sampled_from('aé ,;"\n\r\ufeff\u2028\x0b'), max_size=6)


def as_written(rows: list[list[str]], ends: list[str], quoted: list[bool], delimiter: str) -> str:
    """Lay cells down with line ends and quotes that vary from row to row, quotes only where cells are quoted."""
    lines = []
    for row, end, quote in zip(rows, ends, quoted, strict=True):
        stream = io.StringIO(newline="")
        quoting = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
        csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerow(row)
        lines.append(stream.getvalue().removesuffix("\r\n") + end)
    return "".join(lines)


@st.composite
def clean(draw: st.DrawFn) -> tuple[str, str, int]:
    """Text of a clean file, its delimiter, and how many records it holds."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))
    same = draw(st.none() | st.sampled_from(["\n", "\r\n", "\r"]))
    ends = [same or draw(st.sampled_from(["\n", "\r\n", "\r"])) for _ in rows]
    quoted = [draw(st.booleans()) for _ in rows]
    delimiter = draw(st.sampled_from(",;\t|"))
    return as_written(rows, ends, quoted, delimiter), delimiter, len(rows)


@st.composite
def nearly_clean(draw: st.DrawFn) -> tuple[str, str]:
    """Text of a clean file into which a few characters were put."""
    text, delimiter, _ = draw(clean())
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = (
            text[:place] + draw(st.sampled_from(['"', "\r", "\n", "\r\n", "\n\n", delimiter, "x", '""'])) + text[place:]
        )
    return text, delimiter


def strictly(text: str, delimiter: str, first: int, last: int | None):
    """Read as the strict reader does; None where it finds a fault."""
    try:
        records, ends = delimited.parse(text, "x.csv", delimiter)
        cells, rows, above, notes = framing.squared(records, "x.csv", first, last, begun=first > 1)
    except SyntheseError:
        return None
    return cells.to_numpy().tolist(), rows.tolist(), above, ends, notes


def agree(text: str, delimiter: str, first: int, last: int | None, slice_: int, piece: int) -> bool:
    """Hold the fast reading against the strict one; tell whether there was any."""
    fast = quick.read(text.encode(), delimiter, first, last, slice_=slice_, piece=piece)
    if fast is None:
        return False
    cells, rows, ends = fast
    blank = framing.blank_rows(rows, first, "x.csv")
    assert (cells.to_numpy().tolist(), rows.tolist(), 0, ends, blank) == strictly(text, delimiter, first, last)
    assert {str(kind) for kind in cells.dtypes} == {"str"}
    return True


SIZES = st.sampled_from([1, 2, 3, 5, 8, 1 << 20])
RANGE = st.tuples(st.integers(1, 4), st.none() | st.integers(1, 8)).filter(lambda r: r[1] is None or r[1] >= r[0])
BOUNDED = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(BOUNDED, max_examples=20_000)


def hostile(text: str, delimiter: str, rows: tuple[int, int | None], slice_: int, piece: int) -> None:
    agree(text.removeprefix("\ufeff"), delimiter, *rows, slice_, piece)


def altered(made: tuple[str, str], rows: tuple[int, int | None], slice_: int, piece: int) -> None:
    text, delimiter = made
    agree(text.removeprefix("\ufeff"), delimiter, *rows, slice_, piece)


def unaltered(made: tuple[str, str, int], slice_: int, piece: int) -> None:
    text, delimiter, count = made
    taken = agree(text.removeprefix("\ufeff"), delimiter, 1, None, slice_, piece)
    # Arrow would take U+FEFF at the beginning of what it is given for a mark; the strict reader decides then.
    assert taken or "\ufeff" in text
    records, _ = delimited.parse(text, "x.csv", delimiter)
    assert sum(1 for record in records if record) == count


# Each of these was read otherwise by Arrow than by the strict reader, or would be without a check.
@example('a,b\n"x"y,z\n', ",", (1, None), 8, 8)  # text after a closing quote
@example('a,b\nx"y",z\n', ",", (1, None), 8, 8)  # quotes inside a cell without quotes
@example('x"y\nz",w\na,b\nc,d\n', ",", (2, None), 8, 8)  # the same, around a line end
@example('a,b\nx,"open\n', ",", (1, None), 8, 8)  # never closed
@example("a,b\r\rx,y\r", ",", (1, None), 8, 8)  # lone CR, blank row
@example('a,b\n"\r","\n\r"\n', ",", (1, None), 1, 1)
@example("a,b\r\nx,y", ",", (1, None), 4, 4)  # CRLF over a boundary, no last line end
@example("a,b\n\ufeffx,y\n", ",", (2, None), 8, 8)  # a mark where Arrow begins
@example("a\n\nb\n", ",", (1, None), 8, 8)  # one column
@BOUNDED
@given(HOSTILE, st.sampled_from(",;\t|é"), RANGE, SIZES, SIZES)
def test_hostile_text(text, delimiter, rows, slice_, piece):
    hostile(text, delimiter, rows, slice_, piece)


@BOUNDED
@given(nearly_clean(), RANGE, SIZES, SIZES)
def test_nearly_clean_text(made, rows, slice_, piece):
    altered(made, rows, slice_, piece)


@BOUNDED
@given(clean(), SIZES, SIZES)
def test_clean_text_is_never_declined(made, slice_, piece):
    unaltered(made, slice_, piece)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@LONG
@given(HOSTILE, st.sampled_from(",;\t|é"), RANGE, SIZES, SIZES)
def test_hostile_text_for_long(text, delimiter, rows, slice_, piece):
    hostile(text, delimiter, rows, slice_, piece)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@LONG
@given(nearly_clean(), RANGE, SIZES, SIZES)
def test_nearly_clean_text_for_long(made, rows, slice_, piece):
    altered(made, rows, slice_, piece)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@LONG
@given(clean(), SIZES, SIZES)
def test_clean_text_is_never_declined_for_long(made, slice_, piece):
    unaltered(made, slice_, piece)
