"""Rules between the answers of one row, as the codebook declares them.

Belongs here: finding the rows that break a rule. Does not: rules of one question (`coding`, `several`), who was
asked (`routing`), whether a rule makes sense (`synthese.codebook`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthese.cleaning.columns import Coded, Flags
from synthese.cleaning.ledger import Ledger
from synthese.codebook import Codebook
from synthese.codebook.missing import NO_ANSWER
from synthese.codebook.model import Consistency, Given


def check_rules(codebook: Codebook, coded: Mapping[str, Coded], size: int, ledger: Ledger) -> None:
    """Tell of every row that breaks a rule between answers; the answers are kept as given.

    A rule looks at the rows in which all of its ``when`` holds. An answer that is missing breaks a rule only
    where the rule wants one (``answered``) and the question was asked. Rules about questions that the wave did
    not ask are left out.

    Parameters
    ----------
    codebook : Codebook
        With its ``consistency``.
    coded : mapping of str to Coded
        By variable id, routing applied.
    size : int
        Number of records.
    ledger : Ledger
        Told of each row, under the rule ``inconsistent``.
    """
    for rule in codebook.consistency:
        named = {*rule.when, *rule.then, *(rule.at_most or ())}
        if named <= set(coded):
            _check(rule, coded, size, ledger)


def _check(rule: Consistency, coded: Mapping[str, Coded], size: int, ledger: Ledger) -> None:
    concerned = np.ones(size, dtype=bool)
    for name, wanted in rule.when.items():
        concerned &= _holds(coded[name], wanted)
    broken: dict[str, Flags] = {}
    for name, wanted in rule.then.items():
        answers = coded[name]
        failing = answers.status == NO_ANSWER if wanted == "answered" else answers.given & ~_holds(answers, wanted)
        broken[name] = concerned & np.asarray(failing, dtype=bool)
    if rule.at_most is not None:
        lower, upper = rule.at_most
        with np.errstate(invalid="ignore"):
            broken[lower] = concerned & (coded[lower].values[""] > coded[upper].values[""])
    for name, flags in broken.items():
        answers = coded[name]
        positions = np.flatnonzero(flags).astype(np.int64)
        ledger.finding(
            "inconsistent",
            f"rule {rule.id!r} is broken: {rule.what}",
            column=answers.label,
            positions=positions,
            fix="the answers are kept as given; correct the export, or the rule in codebook.yml",
        )
        given = answers.given[positions]
        for position, told, is_given in zip(positions, answers.told(positions), given, strict=True):
            told = told if is_given else ""
            ledger.value(np.array([position]), name, answers.label, told, told, "inconsistent", rule.what)


def _holds(answers: Coded, wanted: Given) -> Flags:
    if wanted == "answered":
        return answers.given
    if wanted == "missing":
        return ~answers.given
    if answers.ticks:
        ticked = [answers.ticks[code] for code in wanted if code in answers.ticks]
        return np.asarray(np.any(ticked, axis=0), dtype=bool) if ticked else np.zeros(len(answers.status), dtype=bool)
    return np.isin(answers.status.astype(str), list(wanted))
