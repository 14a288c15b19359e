"""Who was asked: the reasons of missing answers that follow from routing.

Belongs here: applying a codebook's routing to coded answers. Does not: checking the routing itself
(`synthese.codebook`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from synthese.cleaning.columns import Coded, Flags, Objects
from synthese.cleaning.ledger import Ledger
from synthese.codebook import Variable
from synthese.codebook.missing import NO_ANSWER, NOT_ASKED, ROUTING_UNKNOWN


def _reached(source: Coded, any_of: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Who was sent to a routed question, and of whom that is not known; « ne sait pas » is a known answer."""
    status: Objects = source.status
    if source.ticks:
        yes = np.zeros(len(status), dtype=bool)
        for code in any_of:
            if code in source.ticks:
                yes |= source.ticks[code]
    else:
        yes = np.isin(status, any_of)
    return yes, np.isin(status, (NO_ANSWER, ROUTING_UNKNOWN))


def apply_routing(coded: Mapping[str, Coded], ledger: Ledger, tells: Callable[[Variable], bool] | None = None) -> None:
    """Give the answers to routed questions their reason: not asked, or routing unknown.

    Asked are those whose answer to the routing question is in ``any_of``. Where that answer is missing, it is
    not known whether they were asked, unless the tool says that they were not; where the routing question was itself
    not asked, neither was this one. Where the tool says otherwise than the codebook, that is a finding.
    An answer of someone who was not asked, or of whom it is not known, is set aside: it would count people
    whom the Champ leaves out. Questions whose routing question the wave did not ask are left as they are.

    Parameters
    ----------
    coded : mapping of str to Coded
        By variable id, in the order of the questionnaire; changed in place.
    ledger : Ledger
        Told of every answer set aside.
    tells : callable
        Whether the export tells of a variable's empty cells that the question was not shown: then an empty cell
        that does not say so was shown. None, where the form is not compared.
    """
    for target, answers in coded.items():
        routing = answers.variable.question.routing
        if routing is None or routing.question not in coded:
            everyone = np.ones(len(answers.status), dtype=bool)
            _compare(answers, everyone, ~everyone, ledger, tells)
            continue
        yes, unknown = _reached(coded[routing.question], routing.any_of)
        given = answers.given
        hidden = np.asarray(answers.status == NOT_ASKED, dtype=bool)
        _compare(answers, yes, ~yes & ~unknown, ledger, tells)
        unknown &= ~hidden
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


def _compare(
    answers: Coded, asked: Flags, left_out: Flags, ledger: Ledger, tells: Callable[[Variable], bool] | None
) -> None:
    """Report where the tool says shown and the codebook not asked, or the reverse.

    What the tool did not show stays not asked; what the codebook leaves out is left out although it was shown.
    """
    if tells is None or not tells(answers.variable):
        return
    target, routing = answers.variable.id, answers.variable.question.routing
    hidden = np.flatnonzero(asked & (answers.status == NOT_ASKED)).astype(np.int64)
    reached = f"by the answer to {routing.question} it was asked of them" if routing else "it has no routing"
    ledger.finding(
        "hidden-though-asked",
        f"the export says that {target} was not shown to them, while in codebook.yml {reached}: they are not asked",
        column=answers.label,
        positions=hidden,
        fix="if the form has a condition there, declare it as `routing`; those who broke off before it are as they are",
    )
    if routing is None:
        return
    shown = np.flatnonzero(left_out & (answers.status == NO_ANSWER)).astype(np.int64)
    ledger.finding(
        "shown-though-not-asked",
        f"the export says that {target} was shown to them and left empty, while by the answer to {routing.question} it "
        "was not asked of them: they count as not asked",
        column=answers.label,
        positions=shown,
        fix="check the routing in codebook.yml, or the form's own conditions",
    )
