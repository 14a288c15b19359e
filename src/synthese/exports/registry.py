"""The tools that are known, and the way from a file to an export and back.

Belongs here: finding the tools, telling which one wrote a file, `read` and `write`. Does not: any tool's
habits. A tool is added by one file in `tools`.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from synthese.errors import Fault, SyntheseError
from synthese.exports import delimited, encodings, tools, workbook
from synthese.exports.model import Answers, RawExport, Table, Tool
from synthese.files import write_bytes

_SURE = 0.5
_APART = 0.2
_ZIP = b"PK\x03\x04"


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


def read_table(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Read a file's records, whatever the tool; see `read` for the errors."""
    file = path.name
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise SyntheseError.of(
            "missing-file", "this export is missing", file=path, fix="put it there, or correct `export` in wave.yml"
        ) from error
    except OSError as error:
        raise SyntheseError.of(
            "cannot-read", f"cannot be read ({error.strerror})", file=path, fix="see the reason and try again"
        ) from error
    if not content:
        raise SyntheseError.of("empty-file", "this file is empty", file=file, fix="export it again")
    if content.startswith(_ZIP):
        sheet, notes = workbook.read_sheet(path, file)
        records, rows, more = delimited.squared(sheet, file)
        return Table(file, records, rows, "xlsx", "", (*notes, *more))
    text, found, notes = encodings.decode(content, file, encoding)
    raw, cut = delimited.parse(text, file, delimiter)
    records, rows, more = delimited.squared(raw, file)
    return Table(file, records, rows, found, cut, (*notes, *more))


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
    scores = sorted(((t.recognise(table), t.name) for t in known().values()), key=lambda s: (-s[0], s[1]))
    (best, name), (second, rival) = scores[0], scores[1]
    if best >= _SURE and best - second < _APART:
        raise SyntheseError.of(
            "unclear-tool",
            f"this file could come from {name} ({best:.0%}) or {rival} ({second:.0%})",
            file=table.file,
            fix=f"say which in wave.yml: `tool: {name}`",
        )
    return (known()[name], best) if best >= _SURE else (known()["plain"], known()["plain"].recognise(table))


def read(path: Path, tool: str | None = None, encoding: str | None = None, delimiter: str | None = None) -> RawExport:
    """Read an export as it was written.

    Parameters
    ----------
    path : Path
        The file; a workbook is known by its first bytes, not its name.
    tool, encoding, delimiter : str, optional
        What ``wave.yml`` says of it; what it does not say is found, or asked for where two readings are plausible.

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
    table = read_table(Path(path), encoding, delimiter)
    chosen, confidence = (given, 1.0) if given is not None else detect(table)
    layout = chosen.layout(table)
    body = table.records[layout.header_records :]
    if not body:
        raise SyntheseError.of(
            "no-answers",
            "this file has a header and no answer",
            file=table.file,
            row=table.rows[-1],
            fix="export it again once answers have come in",
        )
    notes = [*table.notes, *layout.notes]
    if given is None and confidence < _SURE:
        what = "no tool's habits were recognised: read as plain, one header row"
        notes.append(Fault("tool-assumed", what, file=table.file, fix="name the `tool` in wave.yml to settle it"))
    cells = pd.DataFrame({i: pd.array(list(c), dtype="str") for i, c in enumerate(zip(*body, strict=True))})
    return RawExport(
        tool=chosen.name,
        file=table.file,
        cells=cells,
        columns=layout.columns,
        rows=np.asarray(table.rows[layout.header_records :], dtype=np.int64),
        encoding=table.encoding,
        delimiter=table.delimiter,
        confidence=confidence,
        notes=tuple(notes),
    )


def write(tool: str, answers: Answers, path: Path, variant: str | None = None) -> None:
    """Write answers as a tool exports them.

    Parameters
    ----------
    tool : str
        Name of the tool.
    answers : Answers
        The form and its submissions.
    path : Path
        Where to; the variant's usual suffix is not forced on it.
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
    records = chosen.records(answers, dialect)
    if dialect.suffix == ".xlsx":
        content = workbook.render_sheet(records, answers.title, path.name)
    else:
        content = delimited.render(records, dialect)
    write_bytes(path, content)
