"""KoboToolbox exports (formpack), CSV and XLSX, and the XLSForm beside them.

Belongs here: headers by labels or by XML names, with or without the groups they stand in; a multiple response
as one column that joins its options by spaces, as one column of ``1`` and ``0`` per option (all empty where
nothing was answered), or as both; ``or_other``; rows of tags; GPS. Answers inside repeated groups are not
read: a CSV drops them, a workbook has them in further sheets. Does not: reading an XLSForm
(`structures.xlsform`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.errors import Fault
from synthese.exports.forms import Answers, Ticked, Value
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool
from synthese.exports.structure import Asked, Structure
from synthese.exports.structures import xlsform
from synthese.exports.structures.xlsform import OTHER, Named

_META: dict[str, Meta | None] = {
    **dict.fromkeys(("today", "deviceid", "subscriberid", "simserial", "phonenumber", "audit", "_uuid"), None),
    **dict.fromkeys(("_validation_status", "_notes", "_status", "__version__", "_version_", "_tags"), None),
    **dict.fromkeys(("_parent_table_name", "_parent_index", "_attachments", "_geolocation"), None),
    **dict.fromkeys(("formhub/uuid", "meta/instanceID", "meta/instanceName", "meta/rootUuid"), None),
    "start": "started",
    "end": "completed",
    "username": "user",
    "_id": "id",
    "_submission_time": "submitted",
    "_submitted_by": "user",
    "_index": "serial",
}
_OWN = ("_id", "_uuid", "_submission_time", "_validation_status", "_index", "__version__", "_submitted_by")
_SEPARATORS = ("/", "::", ".", ":", "|", " > ", " - ")
_TICKS = {"", "0", "1", "0.0", "1.0", "true", "false", "TRUE", "FALSE", "True", "False"}
_YES = {"1", "1.0", "true", "TRUE", "True"}
_GPS = re.compile(r"(?s)(?P<before>.*?)_(?P<question>.+)_(?:latitude|longitude|altitude|precision)")
_TAG = re.compile(r"#\s*[A-Za-z].*")
_SPECIFY = "Specify other."  # label of the text of `or_other`, where it has one


def _is_meta(header: str) -> bool:
    return header in _META or header.startswith("_submission__")


def _only_ticks(cells: pd.Series) -> bool:
    # A look at the first cells spares most columns the whole.
    return set(cells.iloc[:50].unique()) <= _TICKS and set(cells.unique()) <= _TICKS


def _recognise(table: Table) -> float:
    there = len(set(_OWN) & set(table.head[0]))
    return 0.95 if there > 2 else 0.7 if there == 2 else 0.0


@dataclass(frozen=True)
class _Place:
    """What a column of a form stands for."""

    asked: Asked
    holds: str  # "whole", "option", "other" (its text), "row"
    sub: str | None = None
    part: str | None = None


@dataclass
class _Reader:
    """One table being read: its columns as they are settled, by index."""

    table: Table
    header: Sequence[str]
    body: pd.DataFrame
    columns: dict[int, RawColumn] = field(default_factory=dict)
    notes: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ticks = [_only_ticks(self.body[i]) for i in self.body]
        self.empty = [np.asarray(self.body[i] == "", dtype=bool) for i in self.body]
        self.on = {i: np.asarray(self.body[i].isin(_YES), dtype=bool) for i, ticks in enumerate(self.ticks) if ticks}

    def note(self, code: str, what: str, fix: str | None = None) -> None:
        """Tell what was found and settled."""
        self.notes.append(Fault(code, what, file=self.table.file, row=int(self.table.rows[0]), fix=fix))

    def aside(self, index: int, label: str | None = None, code: str | None = None) -> None:
        """Set a column apart that is no answer, or repeats one."""
        header = self.header[index]
        self.columns[index] = RawColumn(
            index, header if label is None else label, None, index + 1, "meta", _META.get(header), code=code
        )

    def left(self) -> list[int]:
        """Columns that are not settled."""
        return [index for index in range(len(self.header)) if index not in self.columns]

    def by_form(self, structure: Structure) -> None:
        """Settle the columns that a form tells of."""
        headers = [xlsform.plain(header).strip() for header in self.header]

        def known(sep: str) -> int:
            places = _places(structure, sep)
            return sum(any(key in places for key in _ends(header, sep)) for header in headers)

        sep = max(_SEPARATORS, key=known)
        places, used = _places(structure, sep), set()
        found: dict[int, _Place] = {}
        by_name = 0
        for index in self.left():
            for key in _ends(headers[index], sep):
                place = next((place for place in places.get(key, ()) if id(place) not in used), None)
                if place is not None and (key == headers[index] or not _is_meta(headers[index])):
                    used.add(id(place))
                    found[index] = place
                    by_name += key.startswith(place.asked.code) - key.startswith(place.asked.label)
                    break
        split = {place.asked.code for place in found.values() if place.holds == "option"}
        joined = 0
        for index, place in found.items():
            asked = place.asked
            repeats = place.holds == "whole" and asked.code in split
            if repeats or asked.kind == "note":
                joined += repeats
                self.aside(index, asked.label, asked.code)
                continue
            items = (*asked.rows, *asked.options, *((OTHER,) if asked.other else ()))
            if place.holds in ("option", "other") or (by_name < 0 and asked.kind != "ranking"):
                items = ()  # ticks, texts, or labels already: only a ranking is in names everywhere
            elif asked.kind == "grid":
                items = asked.options
            labels = {item.code: item.label for item in items}
            self.columns[index] = RawColumn(
                index, asked.label, place.sub, index + 1, code=asked.code, part=place.part, labels=labels
            )
            if place.holds == "whole" and asked.kind == "multiple":
                what = f"the options of {asked.code} are joined by spaces: names can be cut apart, labels cannot"
                self.note("joined-by-spaces", what, "export select-many questions as separate columns")
        self._removed(structure, headers, sep)
        self._told_joined(joined)

    def _removed(self, structure: Structure, headers: Sequence[str], sep: str) -> None:
        """Settle the columns of options that an earlier version of the form had."""
        heads = {h + sep: q for q in structure.questions if q.kind == "multiple" for h in (q.label, q.code)}
        for index in self.left():
            for key in _ends(headers[index], sep) if self.ticks[index] else ():
                head = max((head for head in heads if key.startswith(head) and key != head), key=len, default=None)
                if head is not None:
                    asked, sub = heads[head], key[len(head) :]
                    self.columns[index] = RawColumn(index, asked.label, sub, index + 1, code=asked.code, part=sub)
                    break

    def by_habits(self) -> None:
        """Settle what is left by what headers and cells look like."""
        there = [sep for sep in _SEPARATORS if any(sep in header for header in self.header)] or ["/"]
        sep, runs = max(((sep, list(self._runs(sep))) for sep in there), key=lambda found: len(found[1]))
        named = self._names(sep)
        for first, options, prefix in runs:
            if first is not None:
                self.aside(first)
            question = prefix.rpartition(sep)[2] if named else prefix
            for index in options:
                sub = self.header[index][len(prefix + sep) :]
                code, part = (prefix, sub) if named else (None, None)
                self.columns[index] = RawColumn(index, question, sub, index + 1, code=code, part=part)
        self._told_joined(sum(first is not None for first, _, _ in runs))
        split = 0
        for index in self.left():
            header = self.header[index]
            group, _, question = header.rpartition(sep)
            if _is_meta(header):
                self.aside(index)
            elif (other := self._text_of_other(index, sep)) is not None:
                self.columns[index] = RawColumn(
                    index, other.header, OTHER.label, index + 1, code=other.code, part=OTHER.code if named else None
                )
            elif named:
                self.columns[index] = RawColumn(index, question, None, index + 1, code=header)
            elif group and any(self.header[i].rpartition(sep)[0] == group for i in self._beside(index)):
                self.columns[index] = RawColumn(index, group, question, index + 1, loose=True, code=header)
                split += 1
            else:
                self.columns[index] = RawColumn(index, header, None, index + 1)
        if split:
            self.note(
                "groups-in-headers",
                f"{split} header(s) were read as group{sep}question: columns side by side begin alike",
                "name the form (XLSForm) under `structure` in wave.yml to settle it",
            )

    def _runs(self, sep: str) -> Iterator[tuple[int | None, list[int], str]]:
        """Yield the columns of each multiple response: the one that joins its options, one per option, its header."""
        index = 0
        while index < len(self.header):
            header = self.header[index]
            if index in self.columns or _is_meta(header):
                index += 1
                continue
            options = self._options(index + 1, header + sep)
            first, prefix = (index, header) if options and self._agree(index, options) else (None, "")
            if first is None:
                cuts = [found.start() for found in re.finditer(re.escape(sep), header) if found.start()]
                alone = [(self._options(index, header[: cut + len(sep)]), header[:cut]) for cut in cuts]
                options, prefix = max(alone, key=lambda found: (len(found[0]), len(found[1])), default=([], ""))
                if len(options) < 2 or not self._ticked(options).any():
                    index += 1
                    continue
            yield first, options, prefix
            index = options[-1] + 1

    def _options(self, start: int, prefix: str) -> list[int]:
        out: list[int] = []
        for index in range(start, len(self.header)):
            header = self.header[index]
            alike = header.startswith(prefix) and header != prefix and self.ticks[index] and index not in self.columns
            # All columns of a question are empty where it was not answered.
            if not alike or (out and not np.array_equal(self.empty[index], self.empty[out[0]])):
                break
            out.append(index)
        return out

    def _ticked(self, options: Sequence[int]) -> npt.NDArray[np.bool_]:
        on = np.zeros(len(self.body), dtype=bool)
        for index in options:
            on |= self.on[index]
        return on

    def _agree(self, whole: int, options: list[int]) -> bool:
        """Whether a column names options exactly where one is ticked."""
        ticked = self._ticked(options)
        return bool(ticked.any() and np.array_equal(ticked, ~self.empty[whole]))

    def _names(self, sep: str) -> bool:
        """Whether headers are XML names, with the groups they stand in."""
        name = re.compile(r"[^\W\d][\w.\-]*")
        mine = [header for header in self.header if not _is_meta(header)]
        return all(name.fullmatch(part) for header in mine for part in header.split(sep))

    def _beside(self, index: int) -> list[int]:
        return [i for i in (index - 1, index + 1) if 0 <= i < len(self.header)]

    def _text_of_other(self, index: int, sep: str) -> RawColumn | None:
        """Column of the question whose « Autre » a column gives the text of: the one before it."""
        header, before = self.header[index], self.columns.get(index - 1)
        if before is None or before.kind == "meta":
            return None
        if not header.endswith(f"_{OTHER.code}") and header.rpartition(sep)[2] != _SPECIFY:
            return None
        if before.sub in (OTHER.code, OTHER.label):
            return before
        told = before.sub is None and self.body[index - 1].isin((OTHER.code, OTHER.label)).any()
        return before if told else None

    def _told_joined(self, count: int) -> None:
        if count:
            self.note(
                "joined-by-spaces",
                f"{count} column(s) that join the options of a question by spaces were left aside: "
                "the columns beside them tell each option apart",
            )

    def gps(self) -> None:
        """Set the four numbers that are cut from a point apart: the point itself stays."""
        points = [
            index
            for index, header in enumerate(self.header)
            if (found := _GPS.fullmatch(header)) and found["before"] + found["question"] in self.header[:index]
        ]
        for index in points:
            self.aside(index)
        if points:
            self.note(
                "gps-columns", f"{len(points)} column(s) of coordinates were left aside: each repeats its question"
            )


def _places(structure: Structure, sep: str) -> dict[str, list[_Place]]:
    """Headers by which an export can name each column of a form, and what they stand for, in its order."""
    out: dict[str, list[_Place]] = {}

    def add(place: _Place, *keys: str) -> None:
        for key in dict.fromkeys(key.strip() for key in keys):
            out.setdefault(key, []).append(place)

    for asked in structure.questions:
        heads = (asked.code, asked.label)
        other = (OTHER,) if asked.other is not None else ()
        if asked.kind == "grid":
            for row in asked.rows:
                keys = [f"{head}{sep}{text}" for head in heads for text in (row.code, row.label)]
                add(_Place(asked, "row", row.label, row.code), *keys, row.code, row.label)
            continue
        add(_Place(asked, "whole"), *heads)
        if asked.kind == "multiple":
            for item in (*asked.options, *other):
                keys = [f"{head}{sep}{text}" for head in heads for text in (item.code, item.label)]
                add(_Place(asked, "option", item.label, item.code), *keys)
        if other:
            add(_Place(asked, "other", OTHER.label, OTHER.code), f"{asked.code}_{OTHER.code}", _SPECIFY)
    return out


def _ends(header: str, sep: str) -> Iterator[str]:
    """Yield the header, then what follows each separator in it: it may open with the groups it stands in."""
    yield header
    for found in re.finditer(re.escape(sep), header):
        yield header[found.end() :].strip()


def _layout(table: Table) -> Layout:
    tags = 0
    for record in table.head[1:]:
        told = [cell for cell in record if cell]
        if not told or not all(_TAG.fullmatch(cell) for cell in told):
            break
        tags += 1
    reader = _Reader(table, table.head[0], table.cells.iloc[1 + tags :])
    if tags:
        reader.note("tag-rows", f"{tags} row(s) of tags below the header were left out")
    reader.gps()
    if table.structure is not None:
        reader.by_form(table.structure)
    if len(reader.columns) < len(reader.header):
        reader.by_habits()
    return Layout(tuple(reader.columns[i] for i in range(len(reader.header))), 1 + tags, tuple(reader.notes))


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    """Write what formpack does with groups in headers; the only groups of these forms are grids."""
    codes, named = dialect.codes, xlsform.named(answers)
    header = ["start", "end"]
    for question in named:
        head = question.name if codes else question.asked.label
        whole = question.asked.kind != "grid" or question.ranked
        listed = () if question.ranked or question.asked.kind == "one" else question.listed(codes)
        header += [*([head] if whole else []), *(f"{head}/{text}" for text in listed)]
        header += [f"{question.name}_{OTHER.code}"] if question.other else []
    out: list[Record] = [(*header, *_OWN)]
    for number, submission in enumerate(answers.submissions, start=1):
        stamp = submission.meta.get("submitted", "")
        local = f"{stamp}.000+00:00" if stamp else ""
        cells = [local, local]
        for question, value in zip(named, submission.values, strict=True):
            cells += _cells(question, value, codes)
        own = {"_id": str(number), "_uuid": f"{number:032x}", "_submission_time": stamp, "_index": str(number)}
        own["_submitted_by"] = submission.meta.get("user", "")
        out.append((*cells, *(own.get(name, "") for name in _OWN)))
    return out


def _cells(question: Named, value: Value, codes: bool) -> list[str]:
    asked = question.asked
    answers = dict(zip(asked.options, question.options if codes else asked.options, strict=True))
    if isinstance(value, str):
        if asked.answer == "numeric":
            value = value.replace(",", ".")
        if not question.other:
            return [answers.get(value, value)]
        text = value if value and value not in answers else ""
        return [(OTHER.code if codes else OTHER.label) if text else answers.get(value, ""), text]
    if isinstance(value, Ticked):
        listed = question.listed(codes)
        on = [item in value.items for item in asked.items] + ([bool(value.other)] if question.other else [])
        whole = " ".join(text for text, ticked in zip(listed, on, strict=True) if ticked)
        split = [("1" if ticked else "0") if any(on) else "" for ticked in on]
        return [whole, *split, *([value.other] if question.other else [])]
    if question.ranked:
        ranks = sorted((int(rank), name) for rank, name in zip(value, question.items, strict=True) if rank.strip())
        return [" ".join(name for _, name in ranks)]  # names in every export, even by labels
    return [answers.get(cell, cell) for cell in value]


def _companion(answers: Answers, dialect: Dialect) -> tuple[str, bytes] | None:
    """Write the form, where the export names what it alone can label."""
    if not dialect.codes and not any(question.ranked for question in xlsform.named(answers)):
        return None
    return ".form.xlsx", xlsform.render(answers, "form.xlsx")


TOOL = Tool(
    name="kobotoolbox",
    title="KoboToolbox",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(" ",),
    branching=True,
    variants={
        "csv": Dialect(delimiter=";", quote_all=True, line_end="\r\n"),
        "xml": Dialect(delimiter=";", quote_all=True, line_end="\r\n", codes=True),
        "xlsx": Dialect(suffix=".xlsx"),
        "xml-xlsx": Dialect(suffix=".xlsx", codes=True),
    },
    companion=_companion,
)
