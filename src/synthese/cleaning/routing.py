"""Who was asked: the reasons of missing answers that follow from routing.

Belongs here: applying a codebook's routing to coded answers. Does not: checking the routing itself
(`synthese.codebook`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthese.cleaning.columns import Coded, Flags, Objects
from synthese.cleaning.ledger import Ledger
from synthese.codebook.missing import NOT_ASKED, ROUTING_UNKNOWN


def _reached(source: Coded, any_of: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Who was sent to a routed question, and of whom that is not known."""
    status: Objects = source.status
    if source.ticks:
        yes = np.zeros(len(status), dtype=bool)
        for code in any_of:
            if code in source.ticks:
                yes |= source.ticks[code]
    else:
        yes = np.isin(status, any_of)
    return yes, ~source.given & (status != NOT_ASKED)


def apply_routing(coded: Mapping[str, Coded], ledger: Ledger) -> None:
    """Give the answers to routed questions their reason: not asked, or routing unknown.

    Asked are those whose answer to the routing question is in ``any_of``. Where that answer is missing, it is
    not known whether they were asked; where the routing question was itself not asked, neither was this one.
    An answer of someone who was not asked, or of whom it is not known, is set aside: it would count people
    whom the Champ leaves out. Questions whose routing question the wave did not ask are left as they are.

    Parameters
    ----------
    coded : mapping of str to Coded
        By variable id, in the order of the questionnaire; changed in place.
    ledger : Ledger
        Told of every answer set aside.
    """
    for target, answers in coded.items():
        routing = answers.variable.question.routing
        if routing is None or routing.question not in coded:
            continue
        yes, unknown = _reached(coded[routing.question], routing.any_of)
        given = answers.given
        cases = (
            ("routing-contradiction", ~yes & ~unknown, NOT_ASKED, f"{target} was not asked of them"),
            ("routing-unknown-answer", unknown, ROUTING_UNKNOWN, f"it is not known whether {target} was asked of them"),
        )
        for rule, where, reason, what in cases:
            positions = np.flatnonzero(where & given).astype(np.int64)
            for position, told in zip(positions, answers.told(positions), strict=True):
                here = np.array([position])
                ledger.value(here, target, answers.label, told, reason, rule, f"réponse à {routing.question}")
            ledger.finding(
                rule,
                f"an answer is given although {what}, by the answer to {routing.question}: set aside",
                column=answers.label,
                positions=positions,
                fix="check the routing in codebook.yml, or the form's own conditions",
            )
            answers.status[where] = reason
            for flags in answers.ticks.values():
                flags[where] = False
            for values in answers.values.values():
                values[where] = np.nan
