"""Columns that name one option or item each: « Choix 1 », « Rang 2 ».

Belongs here: texts of such a column to codes. Does not: what place they take (`several`, `ranking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthese.cleaning.absences import Told
from synthese.cleaning.choices import excel_date
from synthese.cleaning.coding import choices_of, free_text, not_an_option
from synthese.cleaning.columns import Coded, Desk
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.normal import MASK, shown
from synthese.codebook import Variable


@dataclass(frozen=True)
class Odd:
    """A text of such a column that was read by a rule, or not at all: the journal tells what became of the answer."""

    positions: Positions
    label: str
    before: str
    rule: str
    reason: str


def named_in(desk: Desk, variable: Variable, told: Told, source: Source, odd: list[Odd]) -> list[tuple[str, Positions]]:
    """Read a column that names one option or item.

    Returns
    -------
    list of (str, ndarray of int)
        Codes with the records that name them. What needs a line in the journal is added to ``odd``.
    """
    known = choices_of(desk, variable, (source,))
    texts = told.read([source], lambda text: known.match(text) is not None)
    label, out = source.label, []
    for _, text, positions in texts:
        match = known.match(text)
        if match is not None:
            out.append((match.code, positions))
            if match.rule is not None:
                reason = f"→ {known.option(match.code).label}"
                odd.append(Odd(positions, label, shown(text), match.rule, reason))
        elif known.other is not None and not excel_date(text) and text.strip() not in known.unlisted:
            free_text(desk, known, variable.id, label, text, positions)
            out.append((known.other.code, positions))
            odd.append(Odd(positions, label, MASK, "other-text", "aucune option de ce texte"))
        else:
            rule = not_an_option(desk, known, variable.id, label, text, positions, variable.id)
            odd.append(Odd(positions, label, shown(text), rule, "aucune option de ce texte"))
    return out


def tell_odd(desk: Desk, coded: Coded, odd: Sequence[Odd]) -> None:
    """Write a line for each odd text, with the whole answer after it."""
    for one in odd:
        after, before = coded.told(one.positions), [one.before] * len(one.positions)
        desk.each(one.positions, coded.variable.id, one.label, before, after, one.rule, one.reason)
