"""Which columns of an export are one question.

Belongs here: headers read as questions and their parts. Does not: what kind a question is (`guessing`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from synthese.cleaning.normal import normalise
from synthese.exports import RawColumn, RawExport
from synthese.scaffold import texts

_TOOLS_OWN = re.compile(
    r"(?:submission|respondent|response|réponse|token|collector)?[\s_]?id|#|n°|horodateur|timestamp|submitted at|"
    r"(?:start|end|submit|completed|created|modified) ?(?:time|date|at)|(?:start|end)date|"
    r"date de (?:soumission|création)|ip|ip address|adresse ip|user[\s_]?agent|language|langue",
    re.IGNORECASE,
)
_UNNAMED = re.compile(r"Unnamed: \d+")  # what pandas writes over a column without header
_WHO = ("user", "email")


@dataclass
class Group:
    """Columns that share a header: the whole answer, and parts of it."""

    text: str
    whole: list[RawColumn] = field(default_factory=list)
    parts: dict[str, list[RawColumn]] = field(default_factory=dict)


def values(raw: RawExport, column: RawColumn) -> list[str]:
    """Answers in a column as texts, blanks and reasons left out; a code reads as what it stands for."""
    given = [text for text in raw.cells[column.index].tolist() if text.strip() and text not in column.missing]
    return [column.labels.get(text, text) for text in given] if column.labels else given


def groups_of(raw: RawExport) -> tuple[list[Group], list[RawColumn]]:
    """Gather columns into questions.

    Returns
    -------
    list of Group, list of RawColumn
        Questions in the order of the file, and columns that are no question: the tool's own, or without header.
    """
    groups: dict[str, Group] = {}
    ignored: list[RawColumn] = []
    heads = {normalise(column.header) for column in raw.columns}
    different = dict.fromkeys(column.header for column in raw.columns)
    shared = Counter(normalise(head) for header in different for head, _ in _readings(header))
    for column in raw.columns:
        head, part = column.header.strip(), column.sub
        if column.loose and part is not None and not _is_part(raw, column, groups.get(normalise(head))):
            head, part = part, None  # Framaforms writes a question that follows a multi-select like one more option
        named = column.meta in _WHO and bool(values(raw, column))  # who answered, as the tool noted it
        own = not head or _UNNAMED.fullmatch(head) or (raw.tool == "plain" and _TOOLS_OWN.fullmatch(head))
        if (column.kind == "meta" or own) and not named:
            ignored.append(column)
            continue
        for before, after in _readings(head) if part is None else ():
            if head.endswith("]") or normalise(before) in heads or shared[normalise(before)] > 2:
                head, part = before, after
                break
        group = groups.setdefault(normalise(head), Group(head))
        if part is None:
            group.whole.append(column)
        else:
            group.parts.setdefault(part.strip(), []).append(column)
    return [_whole_again(group) for group in groups.values()], ignored


def _readings(header: str) -> list[tuple[str, str]]:
    """Ways to read ``Question [part]`` or ``Question (part)``; brackets open a part once, parentheses may nest."""
    header = header.strip()
    if header.endswith("]") and "[" in header:
        head, _, part = header[:-1].partition("[")
        return [(head.strip(), part)] if head.strip() else []
    if not header.endswith(")"):
        return []
    places = [place for place, char in enumerate(header) if char == "(" and header[:place].strip()]
    return [(header[:place].strip(), header[place + 1 : -1]) for place in places]


def _whole_again(group: Group) -> Group:
    """Take a single part for what it is: a header that happens to end in brackets."""
    if group.whole or len(group.parts) != 1 or any(len(columns) != 1 for columns in group.parts.values()):
        return group
    column = next(iter(group.parts.values()))[0]
    return Group(column.label.strip(), whole=[column])


def _is_part(raw: RawExport, column: RawColumn, group: Group | None) -> bool:
    """Whether a column that may be a question of its own is one more option, or one more line of a grid."""
    part, given = column.sub or "", {normalise(text) for text in values(raw, column)}
    if texts.is_other(part) or given <= {"x"}:
        return True
    columns = [before for columns in (group.parts.values() if group else ()) for before in columns]
    known = {normalise(text) for before in columns for text in values(raw, before)} - {"x"}
    return len(given & known) * 2 > len(given | known)
