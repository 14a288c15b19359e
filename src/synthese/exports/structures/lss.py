"""LimeSurvey's own form file (``.lss``): XML rows of its database.

Belongs here: both shapes of the file (texts in the rows of each language, versions 2 and 3; texts in tables of
their own, from version 4), routing, and what the types of questions come down to. Does not: its words and markup, and
writing the file (`exports.limesurvey`); columns of exports (`tools.limesurvey`).

Questions that hold several answers without being grids, multiple responses or rankings (several texts, several
numbers, arrays of texts, comments, the second scale of an array) come down to several questions, which are
named as LimeSurvey's expressions name their parts: ``Q1_SQ001``, ``Q1_comment``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from synthese.errors import SyntheseError
from synthese.exports.limesurvey.words import WORDS, plain
from synthese.exports.structure import Asked, AskedKind, Condition, Item, Structure
from synthese.exports.structures import Format

_FIXED = {
    "5": [(str(n), "") for n in range(1, 6)],
    "A": [(str(n), "") for n in range(1, 6)],
    "B": [(str(n), "") for n in range(1, 11)],
    "C": [("Y", "yes"), ("U", "uncertain"), ("N", "no")],
    "E": [("I", "increase"), ("S", "same"), ("D", "decrease")],
    "G": [("F", "female"), ("M", "male")],
    "Y": [("Y", "yes"), ("N", "no")],
}
_SIMPLE: Mapping[str, AskedKind] = {
    "L": "single", "!": "single", "O": "single", "Y": "single", "G": "single", "5": "ordinal", "I": "single",
    "N": "numeric", "D": "date", "X": "note", "M": "multiple", "P": "multiple", "R": "ranking",
    "A": "grid", "B": "grid", "C": "grid", "E": "grid", "F": "grid", "H": "grid",
}  # fmt: skip
_TERM = re.compile(
    r"(?P<name>[A-Za-z0-9_]+)(?:\.(?:NAOK|code|value))?\s*(?:==|\beq\b)\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\d+))"
)
_ALWAYS = {"", "1", "(1)"}


Row = Mapping[str, str]


@dataclass
class _Document:
    """Rows of every table of the file, gathered while it is read."""

    file: str
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    row: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    languages: list[str] = field(default_factory=list)
    kind: str = ""

    def start(self, name: str, _attributes: object) -> None:
        self.path.append(name)
        self.text = []
        if len(self.path) == 4 and name == "row":
            self.row = {}

    def end(self, name: str) -> None:
        text, depth = "".join(self.text), len(self.path)
        if depth == 5 and self.path[3] == "row":
            self.row[name] = text
        elif depth == 4 and name == "row":
            self.tables[self.path[1]].append(self.row)
        elif depth == 3 and name == "language":
            self.languages.append(text.strip())
        elif depth == 2 and name == "LimeSurveyDocType":
            self.kind = text.strip()
        self.path.pop()
        self.text = []

    def refuse(self, *_: object) -> None:
        raise SyntheseError.of(
            "unsafe-xml",
            "this file declares a document type, which LimeSurvey never writes: it is not read",
            file=self.file,
            fix="export the survey's structure (.lss) again",
        )


def _document(content: bytes, file: str) -> _Document:
    """Gather the rows; entities are never declared, for a document type is refused at its first word."""
    out = _Document(file)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = out.refuse
    parser.StartElementHandler = out.start
    parser.EndElementHandler = out.end
    parser.CharacterDataHandler = lambda data: out.text.append(data)
    try:
        at = 0
        # A document type stands before the first element; byte by byte, nothing behind it is looked at.
        while at < len(content) and not out.path:
            parser.Parse(content[at : at + 1], False)
            at += 1
        parser.Parse(content[at:], True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise SyntheseError.of(
            "broken-xml",
            f"this file is not well-formed XML ({error})",
            file=file,
            row=getattr(error, "lineno", None),
            fix="export the survey's structure (.lss) again; do not edit it by hand",
        ) from error
    return out


@dataclass(frozen=True)
class _Entry:
    """One question as the tables hold it, its texts in the language chosen."""

    code: str
    label: str
    type: str
    section: str
    row: Row
    gate: str
    attributes: Mapping[str, str]
    parts: tuple[tuple[Item, str], ...]
    answers: tuple[tuple[Item, str], ...]

    def of_scale(self, scale: str) -> tuple[Item, ...]:
        return tuple(item for item, own in self.answers if own == scale)


class _Form:
    """The tables put together."""

    def __init__(self, document: _Document) -> None:
        self.tables = document.tables
        survey = self.tables["surveys"][0] if self.tables["surveys"] else {}
        self.base = survey.get("language") or (document.languages or [""])[0]
        self.language = next((lang for lang in document.languages if lang.split("-")[0] == "fr"), self.base)
        self.words = WORDS["fr" if self.language.split("-")[0] == "fr" else "en"]
        self.survey = survey

    def texts(self, table: str, flat: str, key: str, column: str) -> dict[str, str]:
        """Texts by a row's id: in the language chosen, else the survey's own, else any."""
        best: dict[str, tuple[int, str]] = {}
        for row in (*self.tables[table], *self.tables[flat]):
            name, text = _id(row, key), row.get(column, "")
            language = row.get("language") or row.get("surveyls_language", "")
            rank = 0 if language == self.language else 1 if language == self.base else 2
            if text and (name not in best or rank < best[name][0]):
                best[name] = (rank, text)
        return {name: plain(text) for name, (_, text) in best.items()}

    def rows(self, table: str, key: str, order: str) -> list[Row]:
        """Rows of a table, each once (older files repeat them for every language), in the form's order."""
        first: dict[str, Row] = {}
        for row in self.tables[table]:
            first.setdefault(_id(row, key), row)
        return sorted(first.values(), key=lambda row: _number(row.get(order, "")))

    def entries(self) -> list[_Entry]:
        """Every question with what belongs to it."""
        labels = self.texts("question_l10ns", "questions", "qid", "question")
        labels |= self.texts("question_l10ns", "subquestions", "qid", "question")
        answers = self.texts("answer_l10ns", "answers", "aid", "answer")
        sections = self.texts("group_l10ns", "groups", "gid", "group_name")
        parts: dict[str, list[tuple[Item, str]]] = defaultdict(list)
        offered: dict[str, list[tuple[Item, str]]] = defaultdict(list)
        for row in self.rows("subquestions", "qid", "question_order"):
            item = Item(row.get("title", ""), labels.get(row.get("qid", ""), ""))
            parts[row.get("parent_qid", "")].append((item, row.get("scale_id", "0")))
        for row in self.rows("answers", "aid", "sortorder"):
            item = Item(row.get("code", ""), answers.get(_id(row, "aid"), ""))
            offered[row.get("qid", "")].append((item, row.get("scale_id", "0")))
        attributes: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.tables["question_attributes"]:
            if row.get("language", "") in ("", self.language):
                attributes[row.get("qid", "")][row.get("attribute", "")] = row.get("value", "")
        groups = {row.get("gid", ""): place for place, row in enumerate(self.rows("groups", "gid", "group_order"))}
        gates = {row.get("gid", ""): row.get("grelevance", "").strip() for row in self.tables["groups"]}
        out = self.rows("questions", "qid", "question_order")
        out.sort(key=lambda row: groups.get(row.get("gid", ""), len(groups)))
        return [
            _Entry(
                code=row.get("title", ""),
                label=labels.get(row.get("qid", ""), ""),
                type=row.get("type", ""),
                section=sections.get(row.get("gid", ""), ""),
                row=row,
                gate=gates.get(row.get("gid", ""), ""),
                attributes=attributes[row.get("qid", "")],
                parts=tuple(parts[row.get("qid", "")]),
                answers=tuple(offered[row.get("qid", "")]),
            )
            for row in out
        ]


def _id(row: Row, key: str) -> str:
    """Id of a row; answers have one of their own from version 4 on only."""
    if key == "aid" and "aid" not in row:
        return "/".join(row.get(name, "") for name in ("qid", "scale_id", "code"))
    return row.get(key, "")


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0


def _unwrapped(text: str) -> str:
    """Drop parentheses around the whole."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, char in enumerate(text):
            depth += (char == "(") - (char == ")")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def routing(expression: str, names: Mapping[str, tuple[str, str]]) -> Condition | None:
    """Read ``Q1 == "A1"``, ``Q1_SQ001.NAOK == "Y"`` and several of one question joined by ``or``.

    Parameters
    ----------
    expression : str
        Relevance as LimeSurvey holds it.
    names : mapping of str to tuple of str, str
        Names of expressions: of a question (``""`` beside it) or of an option of a multiple response.

    Returns
    -------
    Condition or None
        None for any other expression.
    """
    asked: set[str] = set()
    codes: list[str] = []
    for term in re.split(r"\s+or\s+|\s*\|\|\s*", _unwrapped(expression)):
        match = _TERM.fullmatch(_unwrapped(term))
        if match is None or match["name"] not in names:
            return None
        question, part = names[match["name"]]
        value = next(text for text in (match["double"], match["single"], match["bare"]) if text is not None)
        if not value or (part and value != "Y"):
            return None
        asked.add(question)
        codes.append(part or value)
    return Condition(asked.pop(), tuple(dict.fromkeys(codes))) if len(asked) == 1 else None


def _names(entries: Sequence[_Entry]) -> dict[str, tuple[str, str]]:
    """Names that expressions give closed questions and options, older ones (``1X2X3SQ001``) included."""
    out: dict[str, tuple[str, str]] = {}
    for entry in entries:
        old = "X".join(entry.row.get(key, "") for key in ("sid", "gid", "qid"))
        kind = _SIMPLE.get(entry.type)
        if kind in ("single", "ordinal"):
            out[entry.code] = out[old] = (entry.code, "")
        elif kind == "multiple":
            for item, _ in entry.parts:
                out[f"{entry.code}_{item.code}"] = out[f"{old}{item.code}"] = (entry.code, item.code)
    return out


def _conditions(form: _Form, entries: Sequence[_Entry]) -> dict[str, str]:
    """Conditions of files older than relevance, as expressions by question."""
    codes = {entry.row.get("qid", ""): entry.code for entry in entries}
    out: dict[str, list[str]] = defaultdict(list)
    for row in form.tables["conditions"]:
        name = row.get("cfieldname", "").lstrip("+") or codes.get(row.get("cqid", ""), "")
        out[row.get("qid", "")].append(f'{name} {row.get("method", "==").strip()} "{row.get("value", "")}"')
    # Several of one question mean any of them, those of several questions all of them.
    joint = {qid: " or " if len({t.split(" ")[0] for t in terms}) == 1 else " and " for qid, terms in out.items()}
    return {qid: joint[qid].join(dict.fromkeys(terms)) for qid, terms in out.items()}


def _maximum(entry: _Entry) -> int | None:
    text = entry.attributes.get("max_answers", "").strip()
    return int(text) if re.fullmatch(r"[1-9]\d{0,3}", text) else None


def _questions(entry: _Entry, words: Mapping[str, str], base: Asked) -> list[Asked]:
    """Tell what a question comes down to; ``base`` has its code, label, section, routing."""

    def cell(
        code: str, label: str, kind: AskedKind, rows: tuple[Item, ...] = (), options: tuple[Item, ...] = ()
    ) -> Asked:
        return Asked(f"{entry.code}_{code}", f"{entry.label} [{label}]", kind, options, rows, None, base.required,
                     base.section, None, base.shown_if, base.expression)  # fmt: skip

    parts = tuple(item for item, scale in entry.parts if scale == "0")
    fixed = tuple(Item(code, words[word] if word else code) for code, word in _FIXED.get(entry.type, ()))
    options = fixed or entry.of_scale("0")
    if entry.type in ("K", "Q"):
        return [cell(item.code, item.label, "numeric" if entry.type == "K" else "open") for item in parts]
    if entry.type in (":", ";"):
        across = [item for item, scale in entry.parts if scale == "1"]
        kind: AskedKind = "numeric" if entry.type == ":" else "open"
        return [cell(f"{row.code}_{col.code}", f"{row.label}][{col.label}", kind) for row in parts for col in across]
    if entry.type == "1":
        heads = [entry.attributes.get(f"dualscale_header{letter}", "") for letter in "AB"]
        names = [plain(head) or f"{words['scale']} {number}" for number, head in enumerate(heads, start=1)]
        return [cell(str(n + 1), name, "grid", parts, entry.of_scale(str(n))) for n, name in enumerate(names)]
    kind = base.kind
    exclusive = tuple(re.findall(r"[A-Za-z0-9]+", entry.attributes.get("exclude_all_others", "")))
    has_other = entry.row.get("other") == "Y" and entry.type in ("L", "!", "M", "P")
    other = plain(entry.attributes.get("other_replace_text", "")) or words["other"] if has_other else None
    asked = Asked(
        code=entry.code,
        label=entry.label,
        kind=kind,
        options=parts if kind == "multiple" else () if kind == "ranking" else options,
        # Items of a ranking are its answers; its subquestions in files of late.
        rows=(options or parts) if kind == "ranking" else parts if kind == "grid" else (),
        other=other,
        required=base.required,
        section=base.section,
        maximum=_maximum(entry),
        shown_if=base.shown_if,
        expression=base.expression,
        exclusive=exclusive if kind == "multiple" else (),
    )
    if entry.type == "O":
        return [asked, cell("comment", words["comment"], "open")]
    if entry.type == "P":
        comments = [cell(f"{p.code}comment", f"{p.label}][{words['comment']}", "open") for p in parts]
        last = [cell("othercomment", words["other comment"], "open")] if other is not None else []
        return [asked, *comments, *last]
    return [asked]


def _read(content: bytes, file: str) -> Structure:
    document = _document(content, file)
    if document.kind != "Survey" or not document.tables["questions"]:
        raise SyntheseError.of(
            "no-form",
            f"this file of LimeSurvey holds no survey with questions (it says {document.kind or 'nothing'!r})",
            file=file,
            fix="export the survey's structure (.lss), not a question, a group or a label set",
        )
    form = _Form(document)
    entries = form.entries()
    names, conditions = _names(entries), _conditions(form, entries)
    questions: list[Asked] = []
    for entry in entries:
        own = entry.row.get("relevance", "").strip()
        own = conditions.get(entry.row.get("qid", ""), "") if own in _ALWAYS else own
        gates = [text for text in (entry.gate, own) if text not in _ALWAYS]
        simple = routing(gates[0], names) if len(gates) == 1 else None
        base = Asked(
            entry.code,
            entry.label,
            _SIMPLE.get(entry.type, "open"),
            required=entry.row.get("mandatory") == "Y",
            section=entry.section,
            shown_if=simple,
            expression="" if simple else gates[0] if len(gates) == 1 else " and ".join(f"({g})" for g in gates),
        )
        questions += _questions(entry, form.words, base)
    titles = form.texts("surveys_languagesettings", "", "surveyls_survey_id", "surveyls_title")
    return Structure(next(iter(titles.values()), ""), tuple(questions), file)


FORMAT = Format("LimeSurvey (.lss)", lambda content: b"<LimeSurveyDocType>" in content[:4096], _read)
