"""The tools that are known, and the way from a file to an export and back.

Belongs here: finding the tools, telling which one wrote a file, `read` and `write`. Does not: any tool's
habits. A tool is added by one file in `tools`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from synthese.errors import Fault, SyntheseError
from synthese.exports import delimited, encodings, framing, joining, quick, structures, tools, workbook
from synthese.exports.forms import Answers
from synthese.exports.model import RawExport, Table, Tool
from synthese.exports.structure import Structure
from synthese.files import write_bytes

_APART = 0.2
# Bytes from which the fast way is worth its checks.
_LARGE = 1 << 20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@cache
def known() -> dict[str, Tool]:
    """Every tool by its name, sorted."""
    found = [import_module(f"{tools.__name__}.{info.name}").TOOL for info in pkgutil.iter_modules(tools.__path__)]
    return {tool.name: tool for tool in sorted(found, key=lambda tool: tool.name)}


def named(name: str) -> Tool:
    """Tool by its name.

    Raises
    ------
    SyntheseError
        Unknown; lists the known ones.
    """
    if name not in known():
        raise SyntheseError.of("unknown-tool", f"no tool is called {name!r}", fix=f"one of {', '.join(known())}")
    return known()[name]


def read_structure(path: Path) -> Structure:
    """Read the file that holds a form (``.lss``, XLSForm, ``.sav``, ``.dta``).

    Raises
    ------
    SyntheseError
        Missing, or nothing that holds a form.
    """
    path = Path(path)
    content = _content(path)
    if (tool := _by_magic(content)) is not None and tool.load is not None:
        table = tool.load(content, path.name)
        if table.structure is not None:
            return table.structure
    return structures.read(content, path.name)


def _by_magic(content: bytes) -> Tool | None:
    return next((tool for tool in known().values() if any(content.startswith(mark) for mark in tool.magic)), None)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SyntheseError.of(
            "missing-file", "this export is missing", file=path, fix="put it there, or correct `export` in wave.yml"
        ) from error
    except OSError as error:
        raise SyntheseError.of(
            "cannot-read", f"cannot be read ({error.strerror})", file=path, fix="see the reason and try again"
        ) from error


def read_table(
    path: Path,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    last_row: int | None = None,
    sheet: str | None = None,
) -> Table:
    """Read a file's records, whatever the tool; see `read` for the parameters and errors."""
    file = path.name
    content = _content(path)
    if not content:
        raise SyntheseError.of("empty-file", "this file is empty", file=file, fix="export it again")
    if content.startswith(_ZIP):
        cells, rows, notes = workbook.read_sheet(content, file, header_row or 1, last_row, sheet)
        return Table(file, cells, rows, "xlsx", "", notes)
    if content.startswith(_OLE):
        raise SyntheseError.of(
            "not-a-workbook",
            "this is a workbook of the kind used before 2007, or one with a password",
            file=file,
            fix="save it as XLSX without password",
        )
    if (tool := _by_magic(content)) is not None and tool.load is not None:
        return _cut_out(tool.load(content, file), header_row, last_row)
    return _text_table(content, file, encoding, delimiter, header_row, last_row)


def _text_table(
    content: bytes, file: str, encoding: str | None, delimiter: str | None, header_row: int | None, last_row: int | None
) -> Table:
    first = header_row or 1
    utf8, found, notes = encodings.to_utf8(content, file, encoding)
    # Four bytes a character at most: enough to find the delimiter, without decoding a large file.
    sample = utf8[: 4 * delimited.SAMPLE_CHARS + 4].decode("utf-8", "ignore")
    cut = delimited.settled(sample, file, delimiter, first, last_row)
    quick_one = quick.read(utf8, cut, first, last_row) if len(utf8) >= _LARGE else None
    above = 0
    if quick_one is not None:
        cells, rows, ends = quick_one
        more = framing.blank_rows(rows, first, file)
    else:
        records, ends = delimited.parse(utf8.decode("utf-8"), file, cut)
        cells, rows, above, more = framing.squared(records, file, first, last_row, begun=header_row is not None)
    return Table(file, cells, rows, found, cut, (*notes, *delimited.line_ends(ends, file), *more), above=above)


def detect(table: Table) -> tuple[Tool, float]:
    """Tell which tool wrote a table.

    Returns
    -------
    tuple of Tool, float
        The tool and the confidence in [0, 1]; ``plain`` where no tool's habits show.

    Raises
    ------
    SyntheseError
        Two tools are about as likely.
    """
    for tool in known().values():
        # Its first bytes have told already what such a file is; names of variables look like anything.
        if tool.load is not None and (sure := tool.recognise(table)) >= framing.SURE:
            return tool, sure
    scores = sorted(((t.recognise(table), t.name) for t in known().values()), key=lambda s: (-s[0], s[1]))
    (best, name), (second, rival) = scores[0], scores[1]
    if best >= framing.SURE and best - second < _APART:
        raise SyntheseError.of(
            "unclear-tool",
            f"this file could come from {name} ({best:.0%}) or {rival} ({second:.0%})",
            file=table.file,
            fix=f"say which in wave.yml: `tool: {name}`",
        )
    return (known()[name], best) if best >= framing.SURE else (known()["plain"], known()["plain"].recognise(table))


def read(
    path: Path | Sequence[Path],
    tool: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    *,
    structure: Path | None = None,
    header_row: int | None = None,
    last_row: int | None = None,
    sheet: str | None = None,
) -> RawExport:
    """Read an export as it was written.

    Parameters
    ----------
    path : Path or sequence of Path
        The file, a workbook being known by its first bytes and not its name; or the files that a wave came in, of one
        tool and with the same columns: their answers follow each other.
    tool, encoding, delimiter : str, optional
        What ``wave.yml`` says of it; what it does not say is found, or asked for where two readings are plausible.
    structure : Path, optional
        File that holds the form, for exports of codes.
    header_row, last_row : int, optional
        First row of the header and last row of answers, as a spreadsheet numbers them, where lines stand
        above or below them.
    sheet : str, optional
        Sheet of a workbook that holds the answers.

    Returns
    -------
    RawExport
        Text cells, columns, row numbers, and what was found.

    Raises
    ------
    SyntheseError
        Missing, empty, header-only, truncated or ragged file; wrong or unclear encoding, delimiter or tool;
        duplicate header where the tool writes none. With file, row and what to do.
    """
    given = None if tool is None else named(tool)
    form = None if structure is None else read_structure(structure)
    tables: list[Table] = []
    for one in (path,) if isinstance(path, str | Path) else path:
        found = read_table(Path(one), encoding, delimiter, header_row, last_row, sheet)
        if form is not None:
            found = replace(found, structure=form)
        if header_row is None:
            found = framing.without_lines_above(found, tuple(known().values()) if given is None else (given,))
        tables.append(found)
    chosen, confidence = (given, 1.0) if given is not None else detect(tables[0])
    layouts = [chosen.layout(part) for part in tables]
    below: list[Fault] = []
    for part, seen in zip(tables, layouts, strict=True):
        if len(part) == seen.header_records:
            raise SyntheseError.of(
                "no-answers",
                "this file has a header and no answer",
                file=part.file,
                row=int(part.rows[-1]),
                fix="export it again once answers have come in",
            )
        below += framing.look_below(part, seen.header_records) if last_row is None else ()
    table, layout, files = tables[0], layouts[0], None
    if len(tables) > 1:
        table, files = joining.joined(tables, layouts)
        layout = chosen.layout(table)
    cells = table.cells.iloc[layout.header_records :].reset_index(drop=True)
    notes = [*table.notes, *layout.notes, *below]
    if given is None and confidence < framing.SURE:
        what = "no tool's habits were recognised: read as plain, one header row"
        notes.append(Fault("tool-assumed", what, file=table.file, fix="name the `tool` in wave.yml to settle it"))
    return RawExport(
        tool=chosen.name,
        file=table.file,
        cells=cells,
        columns=layout.columns,
        rows=table.rows[layout.header_records :],
        encoding=table.encoding,
        delimiter=table.delimiter,
        confidence=confidence,
        notes=tuple(notes),
        structure=table.structure,
        header_row=header_row,
        last_row=last_row,
        files=files,
    )


def _cut_out(table: Table, header_row: int | None, last_row: int | None) -> Table:
    """Keep the rows from the header's first to the last of answers, as ``wave.yml`` names them."""
    if header_row is None and last_row is None:
        return table
    first, last = header_row or 1, last_row or int(table.rows[-1])
    inside = (table.rows >= first) & (table.rows <= last)
    if not inside.any():
        raise framing.outside(table.file, first, last_row)
    return replace(table, cells=table.cells.loc[inside].reset_index(drop=True), rows=table.rows[inside])


def write(tool: str, answers: Answers, path: Path, variant: str | None = None) -> None:
    """Write answers as a tool exports them.

    Parameters
    ----------
    tool : str
        Name of the tool.
    answers : Answers
        The form and its submissions.
    path : Path
        Where to; the variant's usual suffix is not forced on it. The form, where the tool has a file for it
        (``.lss``), is written beside it under the same name.
    variant : str, optional
        One of the tool's ``variants``; None = its usual one.

    Raises
    ------
    SyntheseError
        Unknown tool or variant; a disk that refuses; a character the format cannot hold.
    """
    chosen: Tool = named(tool)
    if variant is None:
        variant = next(iter(chosen.variants))
    if variant not in chosen.variants:
        raise SyntheseError.of(
            "unknown-variant", f"{tool} has no variant {variant!r}", fix=f"one of {', '.join(chosen.variants)}"
        )
    dialect = chosen.variants[variant]
    if chosen.dump is not None:
        content = chosen.dump(answers, dialect)
    elif dialect.suffix == ".xlsx":
        content = workbook.render_sheet(chosen.records(answers, dialect), answers.title, path.name)
    else:
        content = delimited.render(chosen.records(answers, dialect), dialect)
    beside = chosen.companion(answers, dialect) if chosen.companion is not None else None
    if beside is not None:
        suffix, form = beside
        form_file = path.with_suffix(suffix)
        if form_file.exists() and form_file.read_bytes() != form:
            fix = "name another file, or move this one away"
            raise SyntheseError.of("would-overwrite", "this file is there already", file=form_file, fix=fix)
        write_bytes(form_file, form)
    write_bytes(path, content)
