"""Simulated answers as SPSS ``.sav`` and Stata ``.dta``.

Belongs here: a form's questions as variables with labels, hidden ones as declared missing values, and bytes
without a clock. Does not: reading (`statistical`).

A closed question is a number with value labels; a multiple response one variable an option (a set in ``.sav``); a
grid or ranking one variable a line; the text of « Autre » a variable beside. Stata has no missing value for texts:
a hidden one is empty there.
"""

from __future__ import annotations

import re
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from synthese.exports import statistical
from synthese.exports.forms import Answers, Field, Ticked
from synthese.exports.model import Dialect, Record

_HIDDEN = "Non posée"
_HIDDEN_CODES, _HIDDEN_TEXTS = (99.0, -99.0, -999.0, -9999.0, -99999.0), ("#NP", "#NP1", "#NP2", "#NP3")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")
_PRODUCT = b"@(#) SPSS DATA FILE - synthese".ljust(60)
_STAMP = re.compile(rb"<timestamp>.{18}</timestamp>", re.DOTALL)


@dataclass(frozen=True)
class Limits:
    """Room that a format has: bytes of names and value labels, characters or bytes of variable labels."""

    name: int
    label: int
    value_label: int
    label_in_bytes: bool


_SAV, _DTA = Limits(64, 256, 120, True), Limits(32, 80, 32000, False)


@dataclass
class _Column:
    """One variable: numbers with labels, or texts; ``hidden`` says of whom the form did not show it."""

    name: str
    label: str
    values: list[Any]
    hidden: list[bool]
    labels: dict[float, str] = field(default_factory=dict)
    group: str = ""

    @property
    def text(self) -> bool:
        return any(isinstance(value, str) for value in self.values)


def _cut(text: str, room: int, *, in_bytes: bool) -> str:
    """Cut a text to the room there is, never within a character."""
    if not in_bytes:
        return text[:room]
    return text.encode()[:room].decode(errors="ignore")


def _distinct(texts: Sequence[str], room: int, *, in_bytes: bool = True) -> list[str]:
    """Cut texts to the room there is; different ones that become alike are numbered."""
    out: list[str] = []
    seen: dict[str, str] = {}
    for text in texts:
        short, number = _cut(text, room, in_bytes=in_bytes), 1
        while seen.get(short, text) != text:
            number += 1
            short = _cut(text, room - len(end := f" ({number})"), in_bytes=in_bytes) + end
        seen[short] = text
        out.append(short)
    return out


def _unique(names: Sequence[str], room: int) -> list[str]:
    """Cut names to the room there is; no two are alike, whatever their case."""
    out: list[str] = []
    for name in names:
        short, number = name[:room], 1
        while short.casefold() in {other.casefold() for other in out}:
            number += 1
            short = name[: room - len(end := f"_{number}")] + end
        out.append(short)
    return out


def _name(field_: Field, place: int) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", field_.code)
    return name if re.match(r"[A-Za-z]", name) else f"V{place}{name}"


def _columns(answers: Answers) -> tuple[list[_Column], dict[str, str]]:
    """Lay the answers down as variables; the sets of multiple responses with their labels."""
    out: list[_Column] = []
    sets: dict[str, str] = {}
    for place, field_ in enumerate(answers.fields):
        name = _name(field_, place + 1)
        values = [submission.values[place] for submission in answers.submissions]
        hidden = [place in submission.hidden for submission in answers.submissions]
        if field_.kind == "one":
            out += _one(name, field_, [str(value) for value in values], hidden)
        elif field_.kind == "grid":
            cells = [value if isinstance(value, tuple) else () for value in values]
            lines = [[line[i] if i < len(line) else "" for line in cells] for i in range(len(field_.items))]
            coded = field_.answer != "ranking" and all(v in ("", *field_.options) for line in lines for v in line)
            for number, (item, line) in enumerate(zip(field_.items, lines, strict=True), start=1):
                label = f"{field_.label} [{item}]"
                known = field_.options if coded else ()
                out.append(_closed(f"{name}_{number}", label, line, known, hidden))
        else:
            ticked = [value if isinstance(value, Ticked) else Ticked() for value in values]
            if field_.items:
                sets[name] = field_.label
            for number, item in enumerate(field_.items, start=1):
                boxes: list[Any] = [float(item in t.items) if t.items or t.other else None for t in ticked]
                column = _Column(f"{name}_{number}", item, boxes, hidden, {0.0: "Non", 1.0: "Oui"}, name)
                out.append(column)
            if field_.other is not None:
                label = f"{field_.label} [{field_.other}]"
                out.append(_Column(f"{name}_autre", label, [t.other for t in ticked], hidden))
    return out, sets


def _one(name: str, field_: Field, texts: list[str], hidden: list[bool]) -> list[_Column]:
    known = field_.options
    if not known or len(set(known)) < len(known) or field_.other in known:
        return [_closed(name, field_.label, texts, (), hidden)]
    if field_.other is None:
        return [_closed(name, field_.label, texts, known, hidden)]
    free = [text if text and text not in (*known, field_.other) else "" for text in texts]
    chosen = [field_.other if text else given for text, given in zip(free, texts, strict=True)]
    coded = _closed(name, field_.label, chosen, (*known, field_.other), hidden)
    return [coded, _Column(f"{name}_autre", f"{field_.label} [{field_.other}]", free, hidden)]


def _closed(name: str, label: str, texts: list[str], options: Sequence[str], hidden: list[bool]) -> _Column:
    """Write closed answers as numbers with labels, numbers as numbers, and anything else as text."""
    codes = {option: float(number) for number, option in enumerate(options, start=1)}
    if options and all(text in ("", *codes) for text in texts):
        values: list[Any] = [codes.get(text) for text in texts]
        return _Column(name, label, values, hidden, {code: option for option, code in codes.items()})
    if any(texts) and all(not text or _NUMBER.fullmatch(text) for text in texts):
        return _Column(name, label, [float(t.replace(",", ".")) if t else None for t in texts], hidden)
    return _Column(name, label, list(texts), hidden)


def _frame(columns: Sequence[_Column], limits: Limits, *, letters: bool) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Make what pyreadstat writes: values, labels, missing values."""
    names = _unique([column.name for column in columns], limits.name)
    headers = _headers(columns, limits)
    data: dict[str, Any] = {}
    labels: dict[str, dict[Any, str]] = {}
    missing: dict[str, list[Any]] = {}
    for name, column in zip(names, columns, strict=True):
        known = dict(zip(column.labels, _distinct(list(column.labels.values()), limits.value_label), strict=True))
        values = list(column.values)
        if column.text:
            values = [value or "" for value in values]
            mark: Any = next(text for text in _HIDDEN_TEXTS if text not in values)
        else:
            used = {*known, *values}
            mark = "a" if letters else next(code for code in _HIDDEN_CODES if code not in used)
        if any(column.hidden) and not (letters and column.text):
            values = [mark if gone else value for value, gone in zip(values, column.hidden, strict=True)]
            known[mark] = _HIDDEN
            missing[name] = [mark]
        plain = not column.text and not any(isinstance(value, str) for value in values)
        data[name] = np.array(values, dtype=float) if plain else pd.Series(values, dtype=object)
        if known:
            labels[name] = known
    told = {"column_labels": headers, "variable_value_labels": labels}
    return pd.DataFrame(data), {**told, "missing_user_values" if letters else "missing_ranges": missing}


def _headers(columns: Sequence[_Column], limits: Limits) -> list[str]:
    """Variable labels; where a question and its part have no room together, the part, which its name completes."""
    whole = []
    for column in columns:
        label, part = column.label, re.fullmatch(r"(?s).+? \[(.+)\]", column.label)
        size = len(label.encode()) if limits.label_in_bytes else len(label)
        whole.append(part[1] if part and size > limits.label else label)
    return _distinct(whole, limits.label, in_bytes=limits.label_in_bytes)


def dump_sav(answers: Answers, dialect: Dialect) -> bytes:
    """Write answers as SPSS does."""
    del dialect
    columns, sets = _columns(answers)
    frame, told = _frame(columns, _SAV, letters=False)
    measure = dict.fromkeys(told["variable_value_labels"], "nominal")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.sav"
        label = _cut(answers.title, 64, in_bytes=True)
        pyreadstat.write_sav(frame, path, file_label=label, variable_measure=measure, **told)
        content = bytearray(path.read_bytes())
    content[4:64] = _PRODUCT
    content[92:109] = b"01 Jan 2400:00:00"
    members: dict[str, list[str]] = {name: [] for name in sets}
    for name, column in zip(frame.columns, columns, strict=True):
        if column.group:
            members[column.group].append(str(name))
    return _with_sets(bytes(content), {name: (label, members[name]) for name, label in sets.items()})


def _with_sets(content: bytes, sets: dict[str, tuple[str, list[str]]]) -> bytes:
    """Add the record of multiple response sets (type 7, subtype 7) that pyreadstat does not write."""
    if not sets:
        return content
    lines = b""
    for name, (label, members) in sets.items():
        text = label.replace("\n", " ").encode()
        lines += b"$%s=D1 1 %d %s %s\n" % (name.encode(), len(text), text, " ".join(members).encode())
    end = _end_of_dictionary(content)
    return content[:end] + struct.pack("<4i", 7, 7, 1, len(lines)) + lines + content[end:]


def _end_of_dictionary(content: bytes) -> int:
    """Find where the record stands that ends the dictionary, going through those before it."""

    def numbers(at: int, count: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{count}i", content, at)

    at = 176
    while (kind := numbers(at, 1)[0]) != 999:
        if kind == 2:
            _, labelled, missing = numbers(at + 4, 3)
            at += 32
            if labelled:
                at += 4 + (numbers(at, 1)[0] + 3) // 4 * 4
            at += 8 * abs(missing)
        elif kind == 3:
            count = numbers(at + 4, 1)[0]
            at += 8
            for _ in range(count):
                at += 8 + (1 + content[at + 8] + 7) // 8 * 8
        elif kind == 4:
            at += 8 + 4 * numbers(at + 4, 1)[0]
        elif kind == 7:
            _, size, count = numbers(at + 4, 3)
            at += 16 + size * count
        else:
            raise ValueError(f"an unknown record {kind} in a file just written")
    return at


def dump_dta(answers: Answers, dialect: Dialect) -> bytes:
    """Write answers as Stata does."""
    del dialect
    columns, sets = _columns(answers)
    for column in columns:
        if column.group:
            column.label = f"{sets[column.group]} [{column.label}]"
    frame, told = _frame(columns, _DTA, letters=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.dta"
        pyreadstat.write_dta(frame, path, file_label=_cut(answers.title, 80, in_bytes=False), **told)
        content = path.read_bytes()
    return _STAMP.sub(b"<timestamp>\x1101 Jan 2024 00:00</timestamp>", content, count=1)


def _records(content: bytes, tool: str, read: statistical.Read) -> list[Record]:
    return list(statistical.load(content, "export", tool, read).cells.itertuples(index=False, name=None))


def sav_records(answers: Answers, dialect: Dialect) -> list[Record]:
    """Rows of the file, names first."""
    return _records(dump_sav(answers, dialect), "spss", pyreadstat.read_sav)


def dta_records(answers: Answers, dialect: Dialect) -> list[Record]:
    """Rows of the file, names first."""
    return _records(dump_dta(answers, dialect), "stata", pyreadstat.read_dta)
