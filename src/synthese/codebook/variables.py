"""What a table is made of: a question, a row of a grid, or a regrouping, under one face.

Belongs here: resolving an id to a `Variable` in a wave. Does not: answers or counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from synthese.codebook.checks import nearest
from synthese.codebook.harmonising import groups_of
from synthese.codebook.model import Codebook, Option, Question
from synthese.errors import SyntheseError

VariableKind = Literal["single", "ordinal", "multiple", "ranking", "numeric", "open"]


@dataclass(frozen=True)
class Variable:
    """One thing that can be described or crossed.

    Parameters
    ----------
    id : str
        ``F1``, ``F2.posture`` or ``B1@regroupe``.
    question : Question
        The question it comes from, as the wave put it.
    kind : str
        A grid's row is ``ordinal``; a regrouping has the kind of its question.
    label : str
        Name for tables, in French.
    options : tuple of Option
        Options that the wave offered (groups for a regrouping, items for a ranking), in codebook order.
    groups : dict of str to str, optional
        For a regrouping: option code to group code.
    """

    id: str
    question: Question
    kind: VariableKind
    label: str
    options: tuple[Option, ...]
    groups: dict[str, str] | None = field(default=None, compare=False)

    @property
    def column(self) -> str:
        """The column of ``responses.parquet`` that holds the answer (or its status, for several columns)."""
        return self.id.split("@")[0]

    @property
    def option_columns(self) -> dict[str, str]:
        """For multiple and ranking: option code to column."""
        return {option.code: f"{self.column}.{option.code}" for option in self.options}

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the options, in order."""
        return tuple(option.code for option in self.options)

    @property
    def wording(self) -> str:
        """Full wording of the question."""
        return self.question.text

    def option(self, code: str) -> Option:
        """Option by its code."""
        for option in self.options:
            if option.code == code:
                return option
        raise SyntheseError.of("unknown-option", f"{self.id} has no option {code!r}", fix=nearest(code, self.codes))


def variables(codebook: Codebook, wave: str) -> tuple[Variable, ...]:
    """List what a wave lets describe: questions and grid rows that are not personal, in questionnaire order."""
    out: list[Variable] = []
    for declared in codebook.questions:
        if declared.personal or not declared.asked(wave):
            continue
        question = declared.put_in(wave)
        if question.type == "grid":
            out += [_row(question, row.code, wave) for row in question.rows if row.offered(wave)]
        else:
            out.append(_whole(question, wave))
    return tuple(out)


def variable(codebook: Codebook, name: str, wave: str) -> Variable:
    """Resolve an id in a wave.

    Raises
    ------
    SyntheseError
        Unknown id (with the nearest known one), a question the wave did not ask, or a personal one.
    """
    base, _, regrouping = name.partition("@")
    question_id, _, row = base.partition(".")
    question = codebook.by_id.get(question_id)
    if question is None:
        raise SyntheseError.of(
            "unknown-question",
            f"no question {question_id!r} in the codebook",
            fix=nearest(question_id, codebook.by_id),
        )
    if question.personal:
        raise SyntheseError.of(
            "personal-question",
            f"{question_id} identifies people: it is never tabulated",
            fix="take another question",
        )
    if not question.asked(wave):
        raise SyntheseError.of(
            "not-in-wave",
            f"wave {wave!r} did not ask {question_id}",
            fix=f"asked in {', '.join(question.asked_in or ())}",
        )
    if row and question.type != "grid":
        raise SyntheseError.of(
            "no-rows", f"{question_id} is {question.type}: it has no rows", fix=f"write {question_id}"
        )
    if question.type == "grid" and not row:
        rows = [f"{question_id}.{r.code}" for r in question.rows]
        raise SyntheseError.of("grid-row", f"{question_id} is a grid: say which row", fix=f"one of {', '.join(rows)}")
    question = question.put_in(wave)
    whole = _row(question, row, wave) if row else _whole(question, wave)
    return _regrouped(codebook, whole, name) if regrouping else whole


def _offered(options: tuple[Option, ...], wave: str) -> tuple[Option, ...]:
    return tuple(option for option in options if option.offered(wave))


def _whole(question: Question, wave: str) -> Variable:
    kind = question.typed(wave)
    if kind == "grid":
        raise ValueError("a grid is described row by row")
    options = _offered(question.options, wave)
    if kind == "ranking":
        options = tuple(
            Option(code=row.code, label=row.label, short=row.short) for row in question.rows if row.offered(wave)
        )
    return Variable(question.id, question, kind, question.display, options)


def _row(question: Question, code: str, wave: str) -> Variable:
    for row in question.rows:
        if row.code == code:
            if not row.offered(wave):
                raise SyntheseError.of(
                    "not-in-wave",
                    f"wave {wave!r} did not ask {question.id}.{code}",
                    fix=f"asked in {', '.join(row.waves or ())}",
                )
            return Variable(f"{question.id}.{code}", question, "ordinal", row.display, _offered(question.options, wave))
    known = [f"{question.id}.{row.code}" for row in question.rows]
    raise SyntheseError.of(
        "unknown-row", f"{question.id} has no row {code!r}", fix=nearest(f"{question.id}.{code}", known)
    )


def _regrouped(codebook: Codebook, whole: Variable, name: str) -> Variable:
    for regrouping in codebook.regroupings:
        if regrouping.id == name:
            break
    else:
        known = [r.id for r in codebook.regroupings]
        raise SyntheseError.of("unknown-regrouping", f"no regrouping {name!r}", fix=nearest(name, known))
    groups = groups_of(whole.question, regrouping)
    options = tuple(
        Option(
            code=group.code,
            label=group.label,
            short=group.short,
            # Of all the options, those of other waves too: what counts must not depend on the wave.
            in_base=any(option.in_base for option in whole.question.options if groups.get(option.code) == group.code),
        )
        for group in regrouping.groups
    )
    # Groups are those of the codebook in every wave, so that waves can be compared through them.
    return Variable(name, whole.question, whole.kind, regrouping.label, options, groups)
