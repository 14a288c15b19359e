"""The form itself, where a file tells it: questions, options and lines with the tool's names and labels.

Belongs here: the shape that `.lss`, XLSForm, `.sav` and `.dta` come down to. Does not: reading these files
(one module each in `structures`, or the tool's own module), codebooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from synthese.codebook.missing import Reason

AskedKind = Literal["single", "multiple", "ordinal", "grid", "ranking", "numeric", "open", "date", "note"]


@dataclass(frozen=True)
class Item:
    """One option, or one line of a grid: the tool's name of it, and its label."""

    code: str
    label: str


@dataclass(frozen=True)
class Condition:
    """Who is shown a question: those whose answer to ``question`` is one of ``codes`` (the tool's names)."""

    question: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One question of a form, under the tool's own names.

    Parameters
    ----------
    code : str
        The tool's name of the question.
    label : str
        Its wording, without markup.
    kind : str
        As far as the file tells.
    options : tuple of Item
        Answers offered, « Autre » left out.
    rows : tuple of Item
        Lines of a grid, items of a ranking.
    other : str or None
        Label of the free-text option; None = it has none.
    required : bool
        Whether the form insists on an answer.
    section : str
        Title of its group; ``""`` = none.
    maximum : int or None
        Most options that may be ticked.
    shown_if : Condition or None
        Its routing, where it is one of the simple kind; ``expression`` holds any other as written.
    expression : str
        Routing as the tool writes it; ``""`` = shown to all.
    exclusive : tuple of str
        Names of the options that cannot be ticked with others.
    missing : mapping of str to str
        Names of answers that say why there is none (user-missing values), with the reason.
    """

    code: str
    label: str
    kind: AskedKind = "open"
    options: tuple[Item, ...] = ()
    rows: tuple[Item, ...] = ()
    other: str | None = None
    required: bool = False
    section: str = ""
    maximum: int | None = None
    shown_if: Condition | None = None
    expression: str = ""
    exclusive: tuple[str, ...] = ()
    missing: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class Structure:
    """A form as its own file tells it.

    Parameters
    ----------
    title : str
        Of the form; ``""`` = the file has none.
    questions : tuple of Asked
        In the form's order.
    source : str
        Name of the file.
    """

    title: str
    questions: tuple[Asked, ...]
    source: str

    @property
    def by_code(self) -> dict[str, Asked]:
        """Questions by the tool's name of them."""
        return {question.code: question for question in self.questions}
