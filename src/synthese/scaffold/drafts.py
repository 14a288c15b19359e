"""What a draft is: questions with the evidence for what was guessed, and what to confirm.

Belongs here: the shapes that guessing fills and writing reads. Does not: guesses (`guessing`, `formed`), YAML
(`writing`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from synthese.exports import RawColumn
from synthese.scaffold.texts import Choice

Type = Literal["single", "ordinal", "multiple", "grid", "ranking", "numeric", "open"]
Role = Literal["measure", "identifier", "contact", "comment"]


@dataclass(frozen=True)
class Part:
    """One column of a question that has several: its code, its text, and its columns."""

    code: str
    label: str
    columns: tuple[RawColumn, ...] = ()


@dataclass(frozen=True)
class Route:
    """Who is asked: those who gave one of some answers to an earlier question, by the draft's codes."""

    question: str
    codes: tuple[str, ...]
    champ: str


@dataclass(frozen=True)
class Draft:
    """One drafted question.

    Parameters
    ----------
    id : str
        ``Q1``…, or the form's own name of it.
    text : str
        Its header, or its wording where the form is known.
    type, role : str
        What was guessed.
    evidence : tuple of str
        Why, in French; free of answers that could identify.
    confirm : tuple of str
        What to confirm, in French: each is a line that `synthese check` lists until it is deleted.
    choices : tuple of Choice
        Options.
    codes : tuple of str
        Their codes.
    parts : tuple of Part
        Rows, or options that have a column each.
    columns : tuple of RawColumn
        Columns that hold the whole answer.
    separator : str or None
        What joins options in one cell.
    section : str
        Title of its group in the form; ``""`` = none.
    route : Route or None
        Who is asked it.
    required : bool
        Whether the form insists on an answer.
    maximum : int or None
        Most options that may be ticked.
    integer, nps : bool
        Numbers that are whole; a 0–10 recommendation score.
    bounds : tuple of float, or None
        Smallest and largest number.
    missing : tuple of (str, str)
        Texts of the export that say why there is no answer, with the reason as ``wave.yml`` writes it.
    formed : bool
        Whether the form tells it: its options are then all that were offered, chosen or not.
    """

    id: str
    text: str
    type: Type
    evidence: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    role: Role = "measure"
    choices: tuple[Choice, ...] = ()
    codes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    columns: tuple[RawColumn, ...] = ()
    separator: str | None = None
    section: str = ""
    route: Route | None = None
    required: bool = False
    maximum: int | None = None
    integer: bool = False
    nps: bool = False
    bounds: tuple[float, float] | None = None
    missing: tuple[tuple[str, str], ...] = ()
    formed: bool = False

    @property
    def personal(self) -> bool:
        """Whether it identifies someone."""
        return self.role in ("identifier", "contact")

    @property
    def headers(self) -> frozenset[str]:
        """Headers of its columns, as messages name them."""
        columns = [*self.columns, *(column for part in self.parts for column in part.columns)]
        return frozenset(column.label for column in columns)

    def as_open(self, why: str) -> Draft:
        """Give the question up as free text."""
        return replace(
            self, type="open", choices=(), codes=(), parts=(), separator=None, route=None, required=False,
            maximum=None, integer=False, nps=False, bounds=None, missing=(), evidence=(why,),
            confirm=("le type de la question et ses options.",),
        )  # fmt: skip


@dataclass(frozen=True)
class Drafted:
    """A drafted questionnaire.

    Parameters
    ----------
    questions : tuple of Draft
        In the order of the form or of the file.
    ignored : tuple of RawColumn
        Columns that are no question: the tool's own, or without header.
    title : str
        The form's; ``""`` = not known.
    notes : tuple of str
        What to confirm of the whole, in French.
    """

    questions: tuple[Draft, ...]
    ignored: tuple[RawColumn, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
