"""A form and what was sent in, whatever the tool: what a tool's writer is given.

Belongs here: the shapes that simulations make and writers take. Does not: what readers return (`model`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldKind = Literal["one", "many", "grid"]
AnswerKind = Literal["single", "ordinal", "multiple", "grid", "ranking", "numeric", "open"]


@dataclass(frozen=True)
class Field:
    """One question as a form puts it.

    Parameters
    ----------
    label : str
        Wording on the form.
    kind : {"one", "many", "grid"}
        One cell of text; options that can be ticked together; lines that each get one text (a ranking is a
        grid whose cells are ranks).
    items : tuple of str
        Options of a ``many``, lines of a ``grid``.
    other : str or None
        Label of the free-text option of a ``many`` or of a closed ``one``; None = it has none.
    code : str
        Name of the question for tools that export names; ``""`` = the writer makes one from its place.
    answer : str
        Type of the question in the codebook, for tools whose files tell it.
    options : tuple of str
        Closed ``one`` and ``grid``: the answers offered, ``other`` left out; empty = free text or a number.
    required : bool
        Whether the form insists on an answer.
    """

    label: str
    kind: FieldKind = "one"
    items: tuple[str, ...] = ()
    other: str | None = None
    code: str = ""
    answer: AnswerKind = "open"
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Ticked:
    """Answer to a ``many``: options ticked (labels, in the form's order) and the text of « Autre »."""

    items: tuple[str, ...] = ()
    other: str = ""


Value = str | Ticked | tuple[str, ...]


@dataclass(frozen=True)
class Submission:
    """One form sent in.

    Parameters
    ----------
    values : tuple
        One a field: text for ``one``, `Ticked` for ``many``, one text a line for ``grid``; ``""`` = empty.
    meta : mapping of str to str
        What tools add: ISO local times ``submitted``, ``completed``, ``modified``; ``draft`` = ``"1"``;
        ``ip``; ``user``.
    hidden : frozenset of int
        Places of the fields that the form did not show to this respondent; their values are empty.
    """

    values: tuple[Value, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Answers:
    """A form and what was sent in, whatever the tool: what `write` is given."""

    title: str
    fields: tuple[Field, ...]
    submissions: tuple[Submission, ...]
