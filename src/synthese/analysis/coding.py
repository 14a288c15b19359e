"""Answers of one variable as arrays: who is in the base, who chose what.

Belongs here: the step from ``responses.parquet`` to codes. Does not: counting (`describing`, `crossing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese.codebook import Option, Variable
from synthese.codebook.missing import DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, NOT_ASKED, REASONS, ROUTING_UNKNOWN

Flags = NDArray[np.bool_]

_MANY = 1_000  # answers beyond which each distinct one is coded once


@dataclass(frozen=True)
class Coded:
    """One variable's answers over n respondents.

    Parameters
    ----------
    variable : Variable
        What was asked.
    options : tuple of Option
        Options with a column in ``chosen``, in codebook order.
    chosen : array of bool, shape (n, options)
        Who chose what; one True a row at most for a single answer. Empty for numeric and open questions.
    asked, answered, in_base : array of bool, shape (n,)
        The routing reached them; they gave an answer, « ne sait pas » included; they are in the denominator:
        they chose an option that the codebook leaves in the base, or ticked nothing at all (which is an answer only
        where the codebook says so: `unticked`).
    missing : dict of str to array of bool, shape (n,)
        Who gave no answer, by missing reason; reasons that nobody has are left out.
    kept : array of bool, shape (n,)
        Who is looked at: everybody, or a universe.
    values : array of float, shape (n,), optional
        Numeric answers, NaN where missing.
    ranks : array of float, shape (n, options), optional
        Ranks given, NaN where missing.
    """

    variable: Variable
    options: tuple[Option, ...]
    chosen: Flags
    asked: Flags
    answered: Flags
    in_base: Flags
    missing: dict[str, Flags]
    kept: Flags
    values: NDArray[np.float64] | None = None
    ranks: NDArray[np.float64] | None = None

    @property
    def exclusive(self) -> bool:
        """Whether a respondent has one option at most, so that counts add up to the base."""
        return self.variable.kind in ("single", "ordinal")

    def among(self, inside: Flags) -> Coded:
        """Keep the answers of some respondents; the others stay in the arrays, asked nothing: a domain.

        Parameters
        ----------
        inside : array of bool, shape (n,)
            Who is kept.
        """
        values = None if self.values is None else np.where(inside, self.values, np.nan)
        ranks = None if self.ranks is None else np.where(inside[:, None], self.ranks, np.nan)
        missing = {reason: flags & inside for reason, flags in self.missing.items()}
        return replace(
            self,
            chosen=self.chosen & inside[:, None],
            asked=self.asked & inside,
            answered=self.answered & inside,
            in_base=self.in_base & inside,
            missing={reason: flags for reason, flags in missing.items() if flags.any()},
            kept=inside,
            values=values,
            ranks=ranks,
        )

    @property
    def reasons(self) -> dict[str, int]:
        """Respondents by missing reason."""
        return {reason: int(flags.sum()) for reason, flags in self.missing.items()}

    def codes(self, base: Flags) -> NDArray[np.int64]:
        """Position of the option chosen by each respondent of ``base``; -1 outside it."""
        if not self.options:
            return np.full(len(base), -1, dtype=np.int64)
        position = np.where(self.chosen.any(axis=1), self.chosen.argmax(axis=1), -1)
        return np.where(base, position, -1).astype(np.int64)


def code(responses: pd.DataFrame, variable: Variable) -> Coded:
    """Code one variable's answers.

    Parameters
    ----------
    responses : DataFrame
        ``responses.parquet`` of a wave.
    variable : Variable
        A question, a grid row or a regrouping.
    """
    kind = variable.kind
    if kind in ("single", "ordinal") and len(responses) > _MANY:
        places, texts = pd.factorize(responses[variable.column], use_na_sentinel=False)
        return _spread(code(pd.DataFrame({variable.column: texts}), variable), places)
    status = responses[f"{variable.column}._reason" if kind == "numeric" else variable.column]
    text = status.to_numpy(dtype=object)
    missing = {reason: text == reason for reason in REASONS}
    asked = ~(missing[NOT_ASKED] | missing[ROUTING_UNKNOWN])
    given = ~np.logical_or.reduce(list(missing.values()))
    chosen, options, ranks, values = np.zeros((len(responses), 0), bool), variable.options, None, None
    if kind in ("single", "ordinal"):
        chosen = _one_hot(text, variable)
    elif kind == "multiple":
        chosen = _ticks(responses, variable)
    elif kind == "ranking":
        columns = [responses[c].to_numpy(dtype=float, na_value=np.nan) for c in variable.option_columns.values()]
        ranks = np.column_stack(columns)
        chosen = ranks == 1
    elif kind == "numeric":
        values = responses[variable.column].to_numpy(dtype=float, na_value=np.nan)
        given = given & ~np.isnan(values)
    if variable.kind == "multiple" and variable.question.unticked == "none_of_them":
        given = given | missing.pop(NO_ANSWER)
    in_base = given & ~_outside(responses, text, variable)
    return Coded(
        variable=variable,
        options=options,
        chosen=chosen,
        asked=asked,
        answered=given | missing[DONT_KNOW] | missing[NOT_APPLICABLE],
        in_base=in_base,
        missing={reason: flags for reason, flags in missing.items() if flags.any()},
        kept=np.ones(len(responses), bool),
        values=values,
        ranks=ranks,
    )


def _spread(distinct: Coded, places: NDArray[np.intp]) -> Coded:
    """Give each respondent what was coded of their answer: texts are many, and few of them differ."""
    return replace(
        distinct,
        chosen=distinct.chosen[places],
        asked=distinct.asked[places],
        answered=distinct.answered[places],
        in_base=distinct.in_base[places],
        missing={reason: flags[places] for reason, flags in distinct.missing.items()},
        kept=np.ones(len(places), bool),
    )


def _outside(responses: pd.DataFrame, text: NDArray[np.object_], variable: Variable) -> Flags:
    """Who said nothing but « ne sait pas », by the question itself: a comparison may have left that option out."""
    asked = variable.question.options
    outside = [option.code for option in asked if not option.in_base]
    if not outside or variable.kind not in ("single", "ordinal", "multiple"):
        return np.zeros(len(text), bool)
    if variable.kind == "multiple":
        inside = [option.code for option in asked if option.in_base]
        return _any_tick(responses, variable, outside) & ~_any_tick(responses, variable, inside)
    return np.isin(text.astype(str), outside)


def _one_hot(text: NDArray[np.object_], variable: Variable) -> Flags:
    groups = variable.groups
    if groups is not None:
        text = np.array([groups.get(item, item) for item in text], dtype=object)
    known = {*variable.codes, *(option.code for option in variable.question.options), *REASONS}
    strange = sorted({str(item) for item in text} - known)
    if strange:
        raise ValueError(f"{variable.id}: codes outside the codebook: {strange}")
    return _columns([text == option.code for option in variable.options], len(text))


def _ticks(responses: pd.DataFrame, variable: Variable) -> Flags:
    groups = variable.groups
    if groups is None:
        absent = [name for name in variable.option_columns.values() if name not in responses.columns]
        if absent:
            raise ValueError(f"{variable.id}: the answers have no column {', '.join(absent)}")
        groups = {option: option for option in variable.codes}
    members = {code: [source for source, group in groups.items() if group == code] for code in variable.codes}
    return _columns([_any_tick(responses, variable, members[code]) for code in variable.codes], len(responses))


def _any_tick(responses: pd.DataFrame, variable: Variable, options: Iterable[str]) -> Flags:
    """Who ticked one of some options; an option that this wave did not offer has no column, hence no tick."""
    flags = np.zeros(len(responses), bool)
    for option in options:
        column = f"{variable.column}.{option}"
        if column in responses.columns:
            flags |= responses[column].to_numpy(dtype=bool, na_value=False)
    return flags


def _columns(flags: list[Flags], length: int) -> Flags:
    return np.column_stack(flags) if flags else np.zeros((length, 0), bool)
