"""Files of statistical packages, SPSS ``.sav`` and Stata ``.dta``: numbers with labels, read as text with a structure.

Belongs here: what the two have in common when they are read; ReadStat, through pyreadstat, parses them. Does not:
telling one from the other (`tools`), writing them (`statistical_writing`).

Cells hold the values as the file does, in plain text: ``1``, ``0.5``, ``2024-01-15``, ``.a`` for a missing value
of Stata. What they stand for is in ``labels`` and ``missing`` of the columns. Row 1 is the line of names, as in a
spreadsheet: the first case is row 2.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from synthese.codebook.missing import DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, NOT_ASKED, Reason
from synthese.errors import Fault, SyntheseError
from synthese.exports.model import Layout, RawColumn, Table
from synthese.exports.statistical_trial import survived
from synthese.exports.structure import Asked, AskedKind, Item, Structure

Read = Callable[..., tuple[Mapping[str, list[Any]], Any]]

_REASONS: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    (
        NOT_ASKED,
        re.compile(r"(?:non|pas) pose|not asked|filtre|filter|skip|(?:non|pas) (?:affich|montr)|not (?:shown|disp)"),
    ),
    (NO_ANSWER, re.compile(r"refus|non.?reponse|sans reponse|no answer|\bnrp?\b")),
    (DONT_KNOW, re.compile(r"ne sai[ts] pas|\bnspp?\b|don'?t know|do not know|\bdk\b")),
    (NOT_APPLICABLE, re.compile(r"sans objet|non concerne|(?:not|non|in).?applicable|\bn/a\b|\binap\b")),
)
_SPSS_DAYS = re.compile(r"[AESJ]?DATE\d|QYR|MOYR|WKYR")
_SPSS_TIMES, _SPSS_SPANS = re.compile(r"DATETIME|YMDHMS"), re.compile(r"D?TIME\d|MTIME")
_STATA_DAYS, _STATA_TIMES, _STATA_MONTHS = re.compile(r"%-?(?:td|d)"), re.compile(r"%-?t[cC]"), re.compile(r"%-?tm")
_SPSS_EPOCH, _STATA_EPOCH = dt.datetime(1582, 10, 14), dt.datetime(1960, 1, 1)
_TICKED, _UNTICKED = "Oui", "Non"
_MOST_PACKED = 1100  # zlib packs no tighter: a file that claims more cases than that is damaged
_FAILURES = (
    *(pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError, ValueError, TypeError, KeyError),
    *(IndexError, OverflowError, MemoryError),
)


@dataclass(frozen=True)
class StatisticalTable(Table):
    """A table whose file tells of its columns itself.

    Parameters
    ----------
    tool : str
        Name of the tool.
    columns : tuple of RawColumn
        One a column.
    """

    tool: str = ""
    columns: tuple[RawColumn, ...] = ()


def recognise(table: Table, tool: str) -> float:
    """Tell whether a table was read from a tool's own format."""
    return 1.0 if isinstance(table, StatisticalTable) and table.tool == tool else 0.0


def layout(table: Table, tool: str, title: str) -> Layout:
    """Take the columns that the file told of.

    Raises
    ------
    SyntheseError
        The file is of another format.
    """
    if not isinstance(table, StatisticalTable) or table.tool != tool:
        raise SyntheseError.of(
            "wrong-tool", f"this is no {title} file", file=table.file, fix="correct `tool` in wave.yml, or leave it out"
        )
    return Layout(table.columns, 1)


def load(content: bytes, file: str, tool: str, read: Read) -> Table:
    """Read a file's content.

    Raises
    ------
    SyntheseError
        Damaged or cut short; characters that do not fit the encoding that it names; no variable.
    """
    notes: tuple[Fault, ...] = ()
    if not survived(content, read.__name__, _MOST_PACKED * len(content)):
        raise _damaged(file, ValueError("its dictionary leads beyond the file"))
    try:
        values, meta = _read(content, read, None)
    except pyreadstat.ReadstatError as error:
        if "convert" not in str(error):
            raise _damaged(file, error) from error
        try:
            values, meta = _read(content, read, "WINDOWS-1252")
        except _FAILURES as again:
            raise _damaged(file, again) from again
        what = "its characters do not fit the encoding that it names: read as cp1252"
        notes = (Fault("legacy-encoding", what, file=file, fix="look at its accents; save it again as Unicode"),)
    except _FAILURES as error:
        raise _damaged(file, error) from error
    if not meta.column_names:
        raise SyntheseError.of("empty-file", "this file has no variable", file=file, fix="export it again")
    variables = [_Variable.of(name, values[name], meta) for name in meta.column_names]
    structure, columns = _described(variables, meta, file)
    cells = {i: pd.array([variable.name, *variable.texts], dtype="str") for i, variable in enumerate(variables)}
    frame = pd.DataFrame(cells)
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    encoding = (meta.file_encoding or "utf-8").lower()
    return StatisticalTable(file, frame, rows, encoding, "", notes, structure, tool=tool, columns=columns)


def _read(content: bytes, read: Read, encoding: str | None) -> tuple[Mapping[str, list[Any]], Any]:
    common = {"user_missing": True, "disable_datetime_conversion": True, "output_format": "dict", "encoding": encoding}
    _, meta = read(io.BytesIO(content), metadataonly=True, **common)
    if (meta.number_rows or 0) > _MOST_PACKED * len(content):
        raise ValueError("it claims more cases than it can hold")
    return read(io.BytesIO(content), **common)


def _damaged(file: str, error: BaseException) -> SyntheseError:
    what = f"this file is damaged or not whole ({str(error)[:120].rstrip('.') or type(error).__name__})"
    return SyntheseError.of("damaged-file", what, file=file, fix="export it again")


def number_text(value: float) -> str:
    """Write a number in plain digits: no exponent, and no noise beyond the 15 digits that a double holds."""
    if float(value).is_integer():
        return str(int(value))
    text = np.format_float_positional(float(f"{value:.15g}"), trim="-")
    return str(text)


def reason_of(label: str | None) -> Reason:
    """Tell by its label why a missing value is missing; any that does not say is ``_no_answer``, refusals too."""
    if not label:
        return NO_ANSWER
    plain = unicodedata.normalize("NFKD", label.replace("’", "'")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return next((reason for reason, pattern in _REASONS if pattern.search(plain)), NO_ANSWER)


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _moment(epoch: dt.datetime, seconds: float, *, day: bool) -> str:
    try:
        at = epoch + dt.timedelta(seconds=round(seconds))
    except OverflowError:
        return number_text(seconds)
    return at.date().isoformat() if day else at.isoformat()


def _writer(form: str, storage: str) -> tuple[Callable[[float], str], bool]:
    """Choose how a variable's numbers are written, and say whether they are dates."""
    if _SPSS_DAYS.match(form):
        return lambda value: _moment(_SPSS_EPOCH, value, day=True), True
    if _SPSS_TIMES.match(form):
        return lambda value: _moment(_SPSS_EPOCH, value, day=False), True
    if _SPSS_SPANS.match(form):
        return _span, True
    if _STATA_DAYS.match(form):
        return lambda value: _moment(_STATA_EPOCH, value * 86400, day=True), True
    if _STATA_TIMES.match(form):
        return lambda value: _moment(_STATA_EPOCH, value / 1000, day=False), True
    if _STATA_MONTHS.match(form):
        return lambda value: f"{1960 + int(value) // 12:04d}-{int(value) % 12 + 1:02d}", True
    if storage == "float":
        return lambda value: number_text(float(str(np.float32(value)))), False
    return number_text, False


@dataclass(frozen=True)
class _Variable:
    """One variable of the file, its values as text."""

    name: str
    label: str
    texts: Sequence[str]
    labels: Mapping[str, str]
    missing: Mapping[str, Reason]
    kind: AskedKind

    @classmethod
    def of(cls, name: str, values: list[Any], meta: Any) -> _Variable:
        """Write a variable's values as text."""
        storage = str(meta.readstat_variable_types.get(name) or "")
        write, date = _writer(str(meta.original_variable_types.get(name) or ""), storage)
        codes, uniques = pd.factorize(np.array(values, dtype=object), use_na_sentinel=True)
        string = storage == "string"
        seen = [_text(value, write, string=string) for value in uniques]
        texts = np.array([*seen, ""], dtype=object)[codes]
        given = meta.variable_value_labels.get(name) or {}
        labels = {_text(value, write, string=string): str(label).strip() for value, label in given.items()}
        absent = _missing_texts(name, list(uniques), given, meta, write, string=string)
        missing = {text: reason_of(labels.get(text)) for text in absent if text}
        kind = _kind(seen, labels, missing, str(meta.variable_measure.get(name)), string=string, date=date)
        label = (meta.column_names_to_labels.get(name) or "").strip()
        return cls(name, label or name, texts.tolist(), labels, missing, kind)


def _text(value: Any, write: Callable[[float], str], *, string: bool) -> str:
    if isinstance(value, str):
        # Numbers of Stata may be one of the missing values .a to .z.
        return value if string else f".{value}"
    return "" if value is None or np.isnan(value) else write(float(value))


def _missing_texts(
    name: str,
    uniques: Sequence[Any],
    given: Mapping[Any, str],
    meta: Any,
    write: Callable[[float], str],
    *,
    string: bool,
) -> list[str]:
    ranges = meta.missing_ranges.get(name) or []
    values = [*uniques, *given]
    out = [f".{value}" for value in values if isinstance(value, str) and not string]
    for one in ranges:
        low, high = (one["lo"], one["hi"]) if isinstance(one, dict) else (one, one)
        if low == high:
            out.append(_text(low, write, string=string))
        else:
            out += [_text(v, write, string=string) for v in values if not isinstance(v, str) and low <= v <= high]
    return list(dict.fromkeys(out))


def _kind(
    seen: Sequence[str],
    labels: Mapping[str, str],
    missing: Mapping[str, Reason],
    measure: str,
    *,
    string: bool,
    date: bool,
) -> AskedKind:
    """Guess a variable's kind: a scale whose ends alone are labelled stays a number."""
    if date:
        return "date"
    closed = [text for text in labels if text not in missing]
    if not closed:
        return "open" if string else "numeric"
    unlabelled = [text for text in seen if text and text not in labels and text not in missing]
    if unlabelled and not string and measure != "nominal":
        return "numeric"
    return "ordinal" if measure == "ordinal" else "single"


def _described(variables: Sequence[_Variable], meta: Any, file: str) -> tuple[Structure, tuple[RawColumn, ...]]:
    """Tell the form, and the columns: those of a multiple response set are one question."""
    places = {variable.name: place for place, variable in enumerate(variables)}
    columns = [
        RawColumn(i, v.label, None, i + 1, code=v.name, labels=v.labels, missing=v.missing)
        for i, v in enumerate(variables)
    ]
    asked: dict[int, Asked] = {}
    taken: set[str] = set()
    for name, one in meta.mr_sets.items():
        held = [variables[places[member]] for member in one["variable_list"] if member in places]
        # A set may be a subtotal of another: a variable belongs to the first that names it.
        if len(held) < 2 or taken & {variable.name for variable in held}:
            continue
        taken |= {variable.name for variable in held}
        label = (one["label"] or "").strip() or name
        if one["is_dichotomy"]:
            counted = None if one["counted_value"] is None else number_text(one["counted_value"])
            options = tuple(Item(variable.name, variable.label) for variable in held)
            asked[places[held[0].name]] = Asked(name, label, "multiple", options)
        else:
            counted = None
            labels = {text: said for variable in held for text, said in variable.labels.items()}
            missing = {text: reason for variable in held for text, reason in variable.missing.items()}
            options = tuple(Item(text, said) for text, said in labels.items() if text not in missing)
            rows = tuple(Item(variable.name, variable.label) for variable in held)
            asked[places[held[0].name]] = Asked(name, label, "multiple", options, rows, missing=missing)
        for number, variable in enumerate(held, start=1):
            here = replace(columns[places[variable.name]], header=label, sub=variable.label, code=name)
            if one["is_dichotomy"]:
                here = replace(here, part=variable.name, labels=_ticks(variable, counted))
            else:
                here = replace(here, part=f"mention:{number}")
            columns[places[variable.name]] = here
    for place, variable in enumerate(variables):
        if variable.name not in taken:
            asked[place] = _asked(variable)
    title = (meta.file_label or "").strip()
    return Structure(title, tuple(asked[place] for place in sorted(asked)), file), tuple(columns)


def _ticks(variable: _Variable, counted: str | None) -> Mapping[str, str]:
    """Label the values of a dichotomy by what the set counts; without that, by the file's own labels."""
    if counted is None:
        return variable.labels
    texts = [*dict.fromkeys(variable.texts), *variable.labels]
    values = {text: _TICKED if text == counted else _UNTICKED for text in texts if text}
    return {**values, **{text: label for text, label in variable.labels.items() if text in variable.missing}}


def _asked(variable: _Variable) -> Asked:
    options: tuple[Item, ...] = ()
    if variable.kind in ("single", "ordinal"):
        more = {text: text for text in dict.fromkeys(variable.texts) if text}
        known = {**variable.labels, **{text: text for text in more if text not in variable.labels}}
        options = tuple(Item(text, label) for text, label in known.items() if text not in variable.missing)
    return Asked(variable.name, variable.label, variable.kind, options, missing=variable.missing)
