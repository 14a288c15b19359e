"""Words that sentences made of the codebook share: who is counted, what they say, how many of what.

Belongs here: the pieces that titles, Lecture lines and tables must word alike. Does not: whole lines (`notes`),
titles (`findings`), sentences of an author (`claims`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from synthese.codebook import Option, Variable
from synthese.disclosure import Released
from synthese.editorial.reading import unit, worded
from synthese.estimates import select
from synthese.formatting import decimal_text
from synthese.formatting.grammar import elide

QUARTILES: Final = ("quantile_25", "median", "quantile_75")
_ELIDED: Final = ("de", "que", "jusque")
_REPEATED: Final = ("à", "de", "par", "pour", "sur", "dans", "en", "avec", "chez")
_CONTRACTED: Final = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}


def who(released: Released, *variables: Variable, universe: str | None = None) -> str:
    """Name those who are counted: of a routed question or a universe not all who answered, as the Champ line says.

    Returns
    -------
    str
        "structures répondantes", or "structures concernées".
    """
    known = unit(released)
    if universe is None and not any(variable.question.routing for variable in variables):
        return known.plural
    bare = replace(known, singular=released.settings.unit.singular, plural=released.settings.unit.plural)
    return f"{bare.plural} {bare.agree('concerné')}"


def predicate(variable: Variable, code: str) -> str:
    """Say what those who gave an answer do, in the plural: "citent l’échange entre pairs".

    Made of the codebook's ``lecture`` of the question and of the option; an answer that has none is quoted.
    """
    option, question = variable.option(code), variable.question
    if question.type == "grid":
        return f"ont répondu « {worded(option)} » à propos de « {variable.label} »"
    if question.type == "ranking":
        return f"classent « {option.label} » en premier"
    if question.lecture is None:
        return f"ont répondu « {worded(option)} »"
    verb, _, last = f" {question.lecture}".rpartition(" ")
    return f"{verb} {_after(last, _object(variable, option))}".strip()


def answer(variable: Variable, option: Option) -> str:
    """Name an answer after the verb of its question, with the preposition that the verb ends on: "par les pairs"."""
    question = variable.question
    if question.type in ("grid", "ranking") or question.lecture is None:
        return f"« {option.label if question.type == 'ranking' else worded(option)} »"
    last = question.lecture.rpartition(" ")[2]
    told = _object(variable, option)
    return _after(last, told) if last in _REPEATED else told


def _object(variable: Variable, option: Option) -> str:
    lecture = option.lecture
    if variable.groups is not None:
        members = [source for source, group in variable.groups.items() if group == option.code]
        if len(members) == 1:
            lecture = next(o.lecture for o in variable.question.options if o.code == members[0])
    return lecture or f"« {worded(option)} »"


def _after(word: str, following: str) -> str:
    """Join a verb's last word to what follows: "de" + "un·e élu·e" → "d’un·e élu·e", "à" + "le maire" → "au maire"."""
    first, _, rest = following.partition(" ")
    if rest and (word, first) in _CONTRACTED:
        return f"{_CONTRACTED[word, first]} {rest}"
    return elide(word, following) if word in _ELIDED else f"{word} {following}"


def places(
    released: Released, question: str, *, by: str | None = None, group: str | None = None, universe: str | None = None
) -> int:
    """Say how many decimals quartiles take: none where the question counts things and every released one is whole.

    Bounds of their intervals are looked at too, where the design allows some.
    """
    if not released.variable(question).question.integer:
        return 1
    rows = released.one_way(question, universe) if by is None else select(released.cross(question, by), group=group)
    columns = ["value", "ci_low", "ci_high"] if released.design == "probability" else ["value"]
    numbers = rows.loc[rows["statistic"].isin(list(QUARTILES)), columns].astype("float64").to_numpy().ravel()
    known = numbers[~np.isnan(numbers)]
    return 0 if len(known) and (known % 1 == 0).all() else 1


def median_told(among: str, median: float, digits: int, measure: str | None) -> str:
    """Read a median aloud: "la moitié des structures répondantes déclarent 8 coopérations ou moins"."""
    return f"la moitié des {among} déclarent {_at_most(median, digits, measure)}"


def quartiles_told(among: str, low: float, high: float, digits: int, measure: str | None) -> str:
    """Read the other quartiles aloud: "un quart des … déclarent 3 coopérations ou moins, et un quart 15 ou plus"."""
    return (
        f"un quart des {among} déclarent {_at_most(low, digits, measure)}, "
        f"et un quart {decimal_text(high, digits)} ou plus"
    )


def _at_most(value: float, digits: int, measure: str | None) -> str:
    """Write a number and what it counts; in brackets where the noun would be in the singular, which nothing tells."""
    number = decimal_text(value, digits)
    if measure is None:
        return f"{number} ou moins"
    plural = measure.islower() and measure.endswith(("s", "x"))
    return f"{number} ou moins ({measure})" if plural and abs(value) < 2 else f"{number} {measure} ou moins"
