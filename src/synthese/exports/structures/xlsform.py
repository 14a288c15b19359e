"""XLSForm: a form as a workbook of the sheets ``survey``, ``choices`` and ``settings``.

Belongs here: reading it (KoboToolbox, ODK), and writing that of a simulation. Does not: the exports of the
answers (`tools.kobotoolbox`). Questions inside a repeat are left out: their answers do not stand in the
table of respondents.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook

from synthese.errors import Fault, SyntheseError
from synthese.exports import workbook
from synthese.exports.forms import Answers, Field
from synthese.exports.model import Record
from synthese.exports.structure import Asked, AskedKind, Condition, Item, Structure
from synthese.exports.structures import Format

OTHER = Item("other", "Other")
"""The option and its label that ``or_other`` adds, in every language."""

_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx, and .xls as older servers write
_SELECT = re.compile(
    r"(?:(?P<many>select_multiple_from_file|select[ _]?multiple|select all that apply)"
    r"|(?P<one>select_one_from_file|select_one_external|select[ _]?one|select1)|(?P<rank>rank))(?: from)?(?=\s|$)",
    re.IGNORECASE,
)
_OR_OTHER = re.compile(r"[ _]or[ _](?:specify[ _])?other$", re.IGNORECASE)
_KINDS: dict[str, AskedKind] = {
    "integer": "numeric",
    "int": "numeric",
    "decimal": "numeric",
    "range": "numeric",
    "date": "date",
    "datetime": "date",
    "time": "date",
    "note": "note",
    "calculate": "note",
    "hidden": "note",
    "acknowledge": "single",
    "trigger": "single",
}
# What a device fills in by itself; the export names these columns as the tool's own.
_DEVICE = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
    "start-geopoint", "background-audio",
}  # fmt: skip
_GRID_LOOKS = ("list-nolabel", "table-list", "label")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_QUOTED = r"(?:'(?P<{0}>[^']*)'|\"(?P<{0}2>[^\"]*)\"|(?P<{0}3>-?\d+(?:\.\d+)?))"
_EQUALS = re.compile(r"\$\{(?P<q>[^}]+)\}\s*=\s*" + _QUOTED.format("v"))
_SELECTED = re.compile(r"selected\(\s*\$\{(?P<q>[^}]+)\}\s*,\s*" + _QUOTED.format("v") + r"\s*\)")
_AT_MOST = re.compile(r"count-selected\(\s*\.\s*\)\s*(?P<sign><=|<|=)\s*(?P<n>\d+)")
_ALONE = re.compile(
    r"not\(\s*selected\(\s*\.\s*,\s*['\"](?P<v>[^'\"]+)['\"]\s*\)\s*and\s*"
    r"count-selected\(\s*\.\s*\)\s*(?:>\s*1|>=\s*2|!=\s*1)\s*\)"
)

Row = Mapping[str, str]


def plain(text: str) -> str:
    """Label without the markup that XLSForm allows in it: HTML tags, ``**bold**``."""
    return _BOLD.sub(r"\1", _TAG.sub("", text))


def _recognise(content: bytes) -> bool:
    if not content.startswith(_MAGIC):
        return False
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return "survey" in {name.strip().lower() for name in book.sheet_names}
    except CalamineError:
        return False  # no workbook at all: another format's file, or a damaged one


def _rows(records: Sequence[Record]) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """Column names of a sheet, in lower case but for a language, and its rows with their numbers."""
    if not records:
        return [], iter(())
    names = []
    for name in records[0]:
        word, mark, language = name.strip().partition("::")
        if not mark and word.lower().startswith("label:"):
            word, _, language = word.partition(":")
        names.append(f"{word.strip().lower()}::{language.strip()}" if language else word.strip().lower())
    rows = (
        (number, {name: cell.strip() for name, cell in zip(names, record, strict=False) if name})
        for number, record in enumerate(records[1:], start=2)
        if any(record)
    )
    return names, rows


def _label_columns(names: Sequence[str], default: str) -> tuple[str, ...]:
    """Columns of labels, best first: the form's language, French, the one without language, the others."""
    found = [name for name in names if name == "label" or name.startswith("label::")]

    def rank(name: str) -> tuple[int, int]:
        language = name.partition("::")[2].lower()
        ours = bool(re.search(r"\(fr[-_)]", language)) or language.startswith(("fr", "french"))
        if language and language == default.lower():
            return 0, found.index(name)
        return (1 if ours else 2 if not language else 3), found.index(name)

    return tuple(sorted(found, key=rank))


def _label(row: Row, columns: Sequence[str], name: str) -> str:
    return next((plain(row[column]) for column in columns if row.get(column)), name)


def _condition(relevant: str) -> Condition | None:
    """Read ``${q} = 'a'``, ``selected(${q}, 'a')``, and several of one question joined by ``or``."""
    question, codes = "", []
    for part in re.split(r"\s+or\s+", relevant.strip()):
        bare = part.strip()
        while bare.startswith("(") and bare.endswith(")"):
            bare = bare[1:-1].strip()
        found = _EQUALS.fullmatch(bare) or _SELECTED.fullmatch(bare)
        if found is None or (question and found["q"].strip() != question):
            return None
        question = found["q"].strip()
        codes.append(next(found[name] for name in ("v", "v2", "v3") if found[name] is not None))
    return Condition(question, tuple(codes)) if codes and all(codes) else None


def _most(constraint: str) -> int | None:
    """Most options that may be ticked, where a constraint says so and nothing else may lift it."""
    found = _AT_MOST.search(constraint)
    if found is None or re.search(r"\bor\b|\bif\s*\(", constraint):
        return None
    return int(found["n"]) - (found["sign"] == "<")


@dataclass
class _Group:
    """A group while it is read: its questions, and whether its lines are those of a grid."""

    name: str
    label: str
    relevant: str
    score: str | None = None
    asked: list[Asked] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    nolabel: bool = False

    @property
    def grid(self) -> bool:
        """All its questions choose one option of the same list, and stand as lines under one header."""
        choices = [name for name in self.lists if name]
        return self.nolabel and len(self.asked) > 0 and len(choices) == len(self.asked) and len(set(choices)) == 1

    def as_grid(self, relevants: Sequence[str]) -> Asked:
        first = self.asked[0]
        shown, expression = _routing(relevants)
        return Asked(
            code=self.name,
            label=self.label,
            kind="grid",
            options=first.options,
            rows=tuple(Item(line.code, line.label) for line in self.asked),
            required=all(line.required for line in self.asked),
            section="",
            shown_if=shown,
            expression=expression,
        )


def _routing(relevants: Sequence[str]) -> tuple[Condition | None, str]:
    told = [text for text in relevants if text]
    if len(told) == 1 and (simple := _condition(told[0])) is not None:
        return simple, ""
    return None, told[0] if len(told) == 1 else " and ".join(f"({text})" for text in told)


@dataclass
class _Reader:
    """One form being read."""

    file: str
    choices: Mapping[str, tuple[Item, ...]]
    labels: Sequence[str]
    open: list[_Group] = field(default_factory=lambda: [_Group("", "", "")])
    repeats: int = 0

    def row(self, number: int, row: Row) -> None:
        """Take in one row of the sheet ``survey``."""
        kind = " ".join(row.get("type", "").split())
        word = kind.lower().replace(" ", "_")
        if not kind:
            return
        if re.fullmatch(r"begin_(repeat|loop)", word):
            self.repeats += 1
        elif re.fullmatch(r"end_(repeat|loop)", word):
            self.repeats = max(0, self.repeats - 1)
        elif self.repeats:
            return
        elif word.startswith("begin_"):
            name = row.get("name") or row.get("$autoname") or f"group_{number}"
            group = _Group(name, _label(row, self.labels, ""), row.get("relevant", ""))
            group.score = row.get("kobo--score-choices") or row.get("kobo--rank-items")
            group.nolabel = word == "begin_score" or _looks_like_grid(row.get("appearance", ""))
            self.open.append(group)
        elif word.startswith("end_"):
            self.close(number)
        elif word not in _DEVICE:
            self._question(row, kind)

    def close(self, number: int) -> None:
        """End the innermost group, whose end stands in a row."""
        if len(self.open) == 1:
            raise SyntheseError(
                Fault(
                    "bad-xlsform",
                    "a group ends here that has not begun",
                    file=self.file,
                    row=number,
                    column="type",
                    fix="correct the sheet `survey`, or export the form again",
                )
            )
        group = self.open.pop()
        parent = self.open[-1]
        if group.grid:
            asked = [group.as_grid([g.relevant for g in (*self.open, group)])]
        else:
            asked = [q if q.section else _in_section(q, group.label) for q in group.asked]
        parent.asked += asked
        parent.lists += [""] * len(asked)

    def _question(self, row: Row, kind: str) -> None:
        name = row.get("name") or row.get("$autoname", "")
        appearance = row.get("appearance", "")
        listed, other = "", bool(_OR_OTHER.search(kind)) or row.get("_or_other", "").lower() == "true"
        bare = _OR_OTHER.sub("", kind)
        found = _SELECT.match(bare)
        if found is not None:
            listed = bare[found.end() :].strip()
            type_: AskedKind = "multiple" if found["many"] else "ranking" if found["rank"] else "single"
        elif bare.lower() in ("score__row", "rank__level"):
            type_, listed = "single", self.open[-1].score or ""
        else:
            type_ = _KINDS.get(bare.lower(), "open")
        if not name:
            return  # a note without name: nothing of it is exported
        group = self.open[-1]
        if type_ == "single" and appearance.strip() == "label":
            group.nolabel = True  # the header of a grid: no answer is given in it
            return
        group.nolabel |= type_ == "single" and _looks_like_grid(appearance)
        options = self.choices.get(listed, ())
        if bare.lower() in ("acknowledge", "trigger"):
            options = (Item("OK", "OK"),)
        constraint = row.get("constraint", "")
        shown, expression = _routing([g.relevant for g in self.open if g.relevant] + [row.get("relevant", "")])
        group.asked.append(
            Asked(
                code=name,
                label=_label(row, self.labels, name),
                kind=type_,
                options=() if type_ == "ranking" else options,
                rows=options if type_ == "ranking" else (),
                other=OTHER.label if other and type_ in ("single", "multiple") else None,
                required=row.get("required", "").lower() in ("yes", "true", "true()", "1"),
                maximum=_most(constraint) if type_ == "multiple" else None,
                shown_if=shown,
                expression=expression,
                exclusive=tuple(m["v"] for m in _ALONE.finditer(constraint)) if type_ == "multiple" else (),
            )
        )
        group.lists.append(listed if type_ == "single" and not other else "")


def _looks_like_grid(appearance: str) -> bool:
    return any(word in appearance.split() for word in _GRID_LOOKS)


def _in_section(asked: Asked, title: str) -> Asked:
    return Asked(**{**vars(asked), "section": title})


def _read(content: bytes, file: str) -> Structure:
    sheets = {name.strip().lower(): records for name, records in workbook.read_book(content, file).items()}
    names, rows = _rows(sheets.get("survey", []))
    if "type" not in names or "name" not in names:
        raise SyntheseError.of(
            "bad-xlsform",
            "the sheet `survey` has no column `type` or none called `name`",
            file=file,
            row=1,
            fix="give the XLSForm itself, not an export of answers",
        )
    settings = next((row for _, row in _rows(sheets.get("settings", []))[1]), {})
    default = settings.get("default_language", "")
    choice_names, choice_rows = _rows(sheets.get("choices", []))
    columns = _label_columns(choice_names, default)
    choices: dict[str, list[Item]] = {}
    for _, row in choice_rows:
        code = row.get("name") or row.get("value", "")
        listed = row.get("list_name") or row.get("list name", "")
        if code:
            choices.setdefault(listed, []).append(Item(code, _label(row, columns, code)))
    reader = _Reader(file, {name: tuple(items) for name, items in choices.items()}, _label_columns(names, default))
    for number, row in rows:
        reader.row(number, row)
    while len(reader.open) > 1:
        reader.close(0)
    return Structure(settings.get("form_title", ""), tuple(reader.open[0].asked), file)


@dataclass(frozen=True)
class Named:
    """A field under the names of a form: its own, of its options or lines, and of its answers."""

    asked: Field
    name: str
    items: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def ranked(self) -> bool:
        """Whether its items are put in order."""
        return self.asked.answer == "ranking"

    @property
    def other(self) -> bool:
        """Whether it has ``or_other``: a further option, and a column for its text."""
        return self.asked.other is not None and (self.asked.kind == "many" or bool(self.options))

    def listed(self, codes: bool) -> tuple[str, ...]:
        """Options of a multiple response, lines of a grid: their names or their labels, « Autre » included."""
        other = ((OTHER.code if codes else OTHER.label),) if self.other and self.asked.kind == "many" else ()
        return (*(self.items if codes else self.asked.items), *other)


def named(answers: Answers) -> list[Named]:
    """Give names to the questions, options and lines of a form."""
    taken = set(_DEVICE)
    out = []
    for place, asked in enumerate(answers.fields, start=1):
        name = _name(asked.code or f"q{place}", taken)
        fresh = taken if asked.kind == "grid" and asked.answer != "ranking" else {OTHER.code}
        prefix = f"{name}_" if fresh is taken else ""
        items = tuple(_name(prefix + item, fresh) for item in asked.items)
        taken_here = {OTHER.code}
        out.append(Named(asked, name, items, tuple(_name(option, taken_here) for option in asked.options)))
    return out


def _name(text: str, taken: set[str]) -> str:
    """Make an XML name of a text, as form builders do: ASCII letters, digits and underscores, none twice."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    bare = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:40] or "_"
    bare = f"_{bare}" if bare[0].isdigit() else bare
    name, number = bare, 0
    while name in taken or name.endswith(f"_{OTHER.code}"):
        number += 1
        name = f"{bare}_{number:03}"
    taken.add(name)
    return name


def render(answers: Answers, file: str) -> bytes:
    """Write the form that answers were given to; same form, same bytes."""
    survey: list[Record] = [("type", "name", "label::Français (fr)", "required", "appearance")]
    choices: list[Record] = [("list_name", "name", "label::Français (fr)")]
    for question in named(answers):
        asked, name = question.asked, question.name
        must, tail = "true" if asked.required else "", " or_other" if question.other else ""
        lines = asked.kind == "grid" and not question.ranked
        many = asked.kind == "many" or question.ranked
        listed = (
            zip(question.items, asked.items, strict=True) if many else zip(question.options, asked.options, strict=True)
        )
        choices += [(name, code, label) for code, label in listed]
        one = f"select_one {name}" if asked.options else "decimal" if asked.answer == "numeric" else "text"
        if lines:
            survey.append(("begin_group", name, asked.label, "", "field-list"))
            survey += [
                (one, code, label, must, "list-nolabel")
                for code, label in zip(question.items, asked.items, strict=True)
            ]
            survey.append(("end_group", "", "", "", ""))
        else:
            kind = "rank" if question.ranked else "select_multiple"
            survey.append((f"{kind} {name}{tail}" if many else one + tail, name, asked.label, must, ""))
    settings: list[Record] = [("form_title",), (answers.title,)]
    return workbook.render_book({"survey": survey, "choices": choices, "settings": settings}, file)


FORMAT = Format("XLSForm", _recognise, _read)
