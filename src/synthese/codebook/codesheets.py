"""Sheets in which a researcher codes free answers: a CSV a question, beside its wave.

Belongs here: reading a sheet however a spreadsheet left it, and its bytes. Does not: which options the codes
make (`codeframe`), the texts of an export (`synthese.cleaning`).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from synthese.errors import SyntheseError

COLUMNS = ("text", "key", "n", "code", "label", "second_coder", "note")
_NEEDED = {"text", "code"}
_DELIMITERS = ";,\t"
# A spreadsheet would run a cell that begins like this; apostrophes before it are counted, so that it is reversible.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_APART = re.compile(r"[\s|,;]+")
_AS_UTF8 = "save it as « CSV UTF-8 », or say how it is written: synthese code --encoding cp1252"


@dataclass(frozen=True)
class SheetRow:
    """One text and what coders made of it.

    Parameters
    ----------
    text : str
        The answer, redacted of what identifies.
    key : str
        Digest of the redacted text: finds it again where a spreadsheet made a date or a number of it.
    n : int
        Answers of this text; 0 = the export has it no more.
    code, label, second_coder, note : str
        As written: codes, French labels of the new ones among them, codes of another person, anything.
    more : tuple of str
        Cells of columns that the researcher added.
    line : int or None
        Line of the file.
    """

    text: str
    key: str = ""
    n: int = 0
    code: str = ""
    label: str = ""
    second_coder: str = ""
    note: str = ""
    more: tuple[str, ...] = ()
    line: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes given, each once; blanks, bars, commas and semicolons part them."""
        return _parted(self.code)

    @property
    def second_codes(self) -> tuple[str, ...]:
        """Codes given by the second coder."""
        return _parted(self.second_coder)

    @property
    def filled(self) -> bool:
        """Whether someone wrote something beside the text."""
        return any((self.code, self.label, self.second_coder, self.note, *self.more))


def _parted(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _APART.split(cell) if part))


@dataclass(frozen=True)
class Sheet:
    """The coding of one question in one wave.

    Parameters
    ----------
    question : str
        Question id.
    rows : tuple of SheetRow
        One a text.
    more : tuple of str
        Headers of the columns that the researcher added.
    file : str
        Where it lies, for messages.
    """

    question: str
    rows: tuple[SheetRow, ...] = ()
    more: tuple[str, ...] = ()
    file: str = ""

    @property
    def in_force(self) -> bool:
        """Whether its codes count: a sheet of texts none of which has a code changes nothing."""
        return not self.rows or any(row.codes for row in self.rows)


def read_sheet(path: Path, file: str, encoding: str | None = None) -> Sheet:
    """Read a sheet; delimiter (``;``, ``,`` or tab), byte order mark and line ends may be any spreadsheet's.

    Parameters
    ----------
    path : Path
        ``data/raw/<wave>/coding/<question>.csv``.
    file : str
        The same, as messages name it.
    encoding : str, optional
        How it is written, where that is not UTF-8.

    Raises
    ------
    SyntheseError
        It cannot be read without doubt; no text of it is quoted.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"this sheet cannot be read ({error.strerror})"
        raise SyntheseError.of("cannot-read", what, file=file, fix="give yourself the right to read it") from error
    try:
        text = content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        what = "this sheet is not UTF-8 text" if encoding is None else f"this sheet is not {encoding} text"
        raise SyntheseError.of("not-utf-8", what, file=file, fix=_AS_UTF8) from error
    except LookupError as error:
        what = f"no encoding {encoding!r} is known"
        raise SyntheseError.of("unknown-encoding", what, file=file, fix="such as cp1252, mac_roman, utf-16") from error
    return _parsed(text.removeprefix("\ufeff"), path.stem, file)


def _parsed(text: str, question: str, file: str) -> Sheet:
    above = 0
    if re.match(r"sep=[^\r\n]?\r?\n", text):  # a line by which Excel is told the delimiter
        text, above = text.partition("\n")[2], 1
    records = _records(text, _delimiter(text), file, above)
    if not records:
        raise _no_sheet(file, "this sheet is empty: even its header is missing")
    head = [name.strip().casefold() for name in records[0][1]]
    while head and not head[-1]:
        head.pop()
    if not set(head) >= _NEEDED:
        raise _no_sheet(file, f"this is no coding sheet: it has no column {', '.join(sorted(_NEEDED - set(head)))}")
    if len(set(head)) < len(head):
        raise _no_sheet(file, "two columns of this sheet have one name")
    added = [place for place, name in enumerate(head) if name not in COLUMNS]
    rows = []
    for line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(head) :]):
            raise SyntheseError.of(
                "too-many-cells",
                f"this row has {len(cells)} cells, the header {len(head)}",
                file=file,
                row=line,
                fix="put quotes around a cell that holds the delimiter",
            )
        held = {name: _read(cell) for name, cell in zip(head, cells, strict=False) if name in COLUMNS}
        number = held.pop("n", "")
        more = tuple(_read(cells[place]) if place < len(cells) else "" for place in added)
        rows.append(SheetRow(n=int(number) if number.isdecimal() else 0, more=more, line=line, **held))
    return Sheet(question, tuple(rows), tuple(records[0][1][place].strip() for place in added), file)


def _no_sheet(file: str, what: str) -> SyntheseError:
    return SyntheseError.of("no-sheet", what, file=file, row=1, fix=f"the columns are {';'.join(COLUMNS)}")


def _delimiter(text: str) -> str:
    """Delimiter by which most of the known columns stand in the first line."""
    first = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""

    def known(delimiter: str) -> int:
        return sum(name.strip(' "').casefold() in COLUMNS for name in first.split(delimiter))

    return max(_DELIMITERS, key=known)


def _records(text: str, delimiter: str, file: str, above: int) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    out: list[tuple[int, list[str]]] = []
    line = above + 1
    try:
        for cells in reader:
            if cells:
                out.append((line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        raise SyntheseError.of(
            "not-csv",
            f"from here on this is no CSV ({error})",
            file=file,
            row=line,
            fix="see whether a quote is missing, or take back the last version",
        ) from error
    return out


def _read(cell: str) -> str:
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def sheet_bytes(sheet: Sheet) -> bytes:
    """Bytes of a sheet: UTF-8 with byte order mark and ``;``, which French Excel opens as a table."""
    stream = io.StringIO(newline="")
    stream.write("\ufeff")
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow([*COLUMNS, *sheet.more])
    for row in sheet.rows:
        told = (row.text, row.key, str(row.n), row.code, row.label, row.second_coder, row.note, *row.more)
        writer.writerow([*map(_safe, told), *[""] * (len(sheet.more) - len(row.more))])
    return stream.getvalue().encode("utf-8")
