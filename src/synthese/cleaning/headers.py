"""Headers: the texts by which an export can name a question, an option or a row.

Belongs here: what a wave's headers may be, and reading one header. Does not: going through the columns of
an export (`mapping`, `declared`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from synthese.cleaning.choices import begun_by, says_other
from synthese.cleaning.normal import normalise
from synthese.codebook import Codebook, Question, Row
from synthese.exports import RawColumn
from synthese.study import WaveSettings

Holds = Literal["whole", "option", "row", "rank", "mention"]

_NUMBERED = re.compile(r"(?:rang|rank|ranking|classement|choix|choice|mention|réponse|response|n°) ?:? ?(\d{1,2})")


@dataclass(frozen=True)
class Source:
    """One column and what it holds.

    Parameters
    ----------
    column : RawColumn
        The column.
    question : str
        Id of its question.
    holds : {"whole", "option", "row", "rank", "mention"}
        The answer; whether one option was ticked; one grid row's answer or one item's rank; the item at one rank;
        one of the options chosen.
    part : str or None
        Code of that option, row or item; number of that rank or mention, from 1.
    values : mapping of str to str
        Texts of this column that ``wave.yml`` gives a code.
    """

    column: RawColumn
    question: str
    holds: Holds = "whole"
    part: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Header for messages; a column that only looked like a further option is named by its own."""
        column = self.column
        return str(column.sub) if column.loose and self.holds == "whole" else column.label

    @property
    def place(self) -> tuple[str, str, str | None]:
        """What it holds, as a key."""
        return self.question, self.holds, self.part


@dataclass
class Index:
    """Headers by which a wave's export can name its questions and their parts."""

    exact: dict[str, set[str]]
    loose: dict[str, set[str]]

    def find(self, text: str) -> tuple[set[str], str | None]:
        """Find questions by a header, and by which rule (None = as it stands)."""
        text = text.strip()
        if text in self.exact:
            return self.exact[text], None
        # Sphinx writes an underscore for a line end.
        for form in (normalise(text), normalise(text.replace("_", " "))):
            if form in self.loose:
                return self.loose[form], "header-normalised"
        return set(), None


def rows_of(question: Question, wave: str) -> tuple[Row, ...]:
    """Rows of a grid, or items of a ranking, that a wave offered."""
    return tuple(row for row in question.rows if row.waves is None or wave in row.waves)


def index_of(codebook: Codebook, wave: WaveSettings) -> Index:
    """Gather the headers of a wave: wordings, ids and aliases of the questions that it asked."""
    exact: dict[str, set[str]] = defaultdict(set)
    for question in codebook.questions:
        if question.asked(wave.id):
            for text in (question.wording(wave.id), question.id, *wave.aliases.get(question.id, ())):
                exact[text.strip()].add(question.id)
    loose: dict[str, set[str]] = defaultdict(set)
    for text, ids in exact.items():
        loose[normalise(text)] |= ids
    return Index(dict(exact), dict(loose))


def part_of(question: Question, text: str, wave: WaveSettings) -> tuple[Holds, str] | None:
    """Find the option, row or item of a question that a sub-header names; ``rank:2`` and ``Rang 2`` are places."""
    holds: Holds
    held, _, number = text.partition(":")
    if (question.type, held) in (("ranking", "rank"), ("multiple", "mention")) and number.isdecimal():
        return ("rank" if question.type == "ranking" else "mention"), str(int(number))
    if question.type in ("grid", "ranking"):
        holds, known = "row", [(row.code, row.label) for row in rows_of(question, wave.id)]
    elif question.type in ("single", "ordinal", "multiple"):
        holds, known = "option", [(o.code, o.label) for o in question.options if o.offered(wave.id)]
    else:
        return None
    aliases = wave.option_aliases.get(question.id, {})
    form = normalise(text)
    for word, code in aliases.items():
        if normalise(word) == form and code in dict(known):
            return holds, code
    readings = (
        [code for code, label in known if label == text.strip()],
        [code for code, label in known if normalise(label) == form],
        [code for code, _ in known if code == text.strip()],
        [code for code, label in known if normalise(label) == normalise(text.replace("_", " "))],
    )
    for found in readings:
        if len(found) == 1:
            return holds, found[0]
    other = next((o.code for o in question.options if o.other and o.offered(wave.id)), None)
    if holds == "option" and other is not None and says_other(text):
        return holds, other
    if (begun := begun_by(text, dict(known))) is not None:
        return holds, begun
    if question.type in ("ranking", "multiple") and (place := _NUMBERED.fullmatch(form)):
        return ("rank" if question.type == "ranking" else "mention"), str(int(place[1]))
    return None


def split_header(header: str, index: Index) -> list[tuple[str, str]]:
    """Ways to read ``Question [part]``, ``Question (part)``, ``id/part``… in one header."""
    header = header.strip()
    out = []
    for opening, closing in (("[", "]"), ("(", ")")):
        if header.endswith(closing):
            places = [place for place, char in enumerate(header) if char == opening]
            out += [(header[:place], header[place + 1 : -1]) for place in places]
    for mark in ("/", "_", "."):
        for head, found, tail in (header.partition(mark), header.rpartition(mark)):
            if found and (head, tail) not in out:
                out.append((head, tail))
    return [(head, tail) for head, tail in out if index.find(head)[0]]
