"""Several answers a respondent: multiple response.

Belongs here: columns of ticks, cells that join options, columns of one mention each, and their checks. Does not:
cutting one cell (`cutting`), rankings (`ranking`), one answer a respondent (`coding`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthese.cleaning.absences import Told
from synthese.cleaning.choices import Choices
from synthese.cleaning.coding import choices_of, free_text, not_an_option
from synthese.cleaning.columns import Coded, Desk, Distinct, Flags, answered_where
from synthese.cleaning.cutting import Cut, Cutter
from synthese.cleaning.headers import Source
from synthese.cleaning.naming import Odd, named_in, tell_odd
from synthese.cleaning.normal import MASK, shown
from synthese.cleaning.ticks import free_options, read_ticks
from synthese.codebook import Variable


def code_multiple(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a multiple response from columns of ticks, from cells that join options, or from both.

    Where an export writes both, the columns count and the cells are a check: a difference is a finding. Columns
    that hold one of the options chosen each (« Choix 1 », « Choix 2 ») are read together.
    """
    whole = [source for source in sources if source.holds == "whole"]
    mentions = [source for source in sources if source.holds == "mention"]
    parts = [source for source in sources if source.holds == "option"]
    known, told, others = choices_of(desk, variable), Told(desk, variable), free_options(variable.question)
    ticks = {option.code: np.zeros(desk.size, dtype=bool) for option in known.options}
    for source in parts:
        ticked, texts = read_ticks(desk, known, told, variable.id, source, stands=source.part not in others)
        ticks[str(source.part)] |= ticked
        for positions, text in texts:
            free_text(desk, known, variable.id, source.label, text, positions)
    odd: list[Odd] = []
    for source in mentions:
        for code, positions in named_in(desk, variable, told, source, odd):
            ticks[code][positions] = True
    named = choices_of(desk, variable, whole)
    # A column for the text of « Autre » alone is no second writing of the question.
    if whole and not mentions and all(source.part in others for source in parts):
        _cells(desk, named, variable, told, whole, ticks)
    elif whole and desk.exact:
        told.read(whole, lambda text: named.match(text) is not None)
    elif whole:
        _second_encoding(desk, named, variable, told, whole, ticks)
    coded = Coded(variable, answered_where(_any(ticks, desk.size)), ticks=ticks, label=sources[0].label)
    tell_odd(desk, coded, odd)
    told.settle(coded)
    _check_ticks(desk, known, coded)
    return coded


def _any(ticks: dict[str, Flags], size: int) -> Flags:
    return np.any(list(ticks.values()), axis=0) if ticks else np.zeros(size, dtype=bool)


def cut_all(desk: Desk, known: Choices, told: Told, whole: Sequence[Source]) -> tuple[Distinct, list[Cut]]:
    """Cut the cells of columns that join options or items, each distinct text once."""
    texts = told.read(whole, lambda text: known.match(text) is not None)
    cutter = Cutter(known, desk.separator)
    return texts, [cutter.cut(text) for text in texts.texts]


def _cells(
    desk: Desk, known: Choices, variable: Variable, told: Told, whole: Sequence[Source], ticks: dict[str, Flags]
) -> None:
    """Tick what cells name; the rest is « Autre », or a finding."""
    texts, cuts = cut_all(desk, known, told, whole)
    label = whole[0].label
    for index, text, positions in texts:
        cut = cuts[index]
        codes = list(cut.codes)
        before, rule, reason = shown(text), cut.rule, "texte d’une option"
        if cut.ambiguous:
            rule, reason = "ambiguous-options", "plusieurs lectures possibles"
            desk.ledger.finding(
                rule,
                f"{before!r} can be read as different options of {variable.id}: the longest are taken",
                column=label,
                positions=positions,
                fix="export with one column per option, or with another separator",
            )
        if cut.rest:
            before = shown(text.replace(cut.rest, MASK)) if cut.rest in text else MASK
            if known.other is not None:
                free_text(desk, known, variable.id, label, cut.rest, positions)
                codes += [known.other.code] if known.other.code not in codes else []
                rule, reason = "other-text", "texte qui n’est d’aucune option"
            else:
                before = shown(text)
                rule = not_an_option(desk, known, variable.id, label, cut.rest, positions, variable.id)
                reason = "texte qui n’est d’aucune option"
        for code in codes:
            ticks[code][positions] = True
        if rule is not None:
            desk.ledger.value(positions, variable.id, label, before, ";".join(codes), rule, reason)


def _second_encoding(
    desk: Desk, known: Choices, variable: Variable, told: Told, whole: Sequence[Source], ticks: dict[str, Flags]
) -> None:
    """Compare cells that join options with the columns of ticks beside them; take the text of « Autre »."""
    label = whole[0].label
    desk.ledger.column(label, variable.id, "column-second-encoding", f"colonnes par option de {variable.id}")
    texts, cuts = cut_all(desk, known, told, whole)
    other = known.other
    for index, text, positions in texts:
        cut = cuts[index]
        named = set(cut.codes) | ({other.code} if other is not None and cut.rest else set())
        same = np.ones(len(positions), dtype=bool)
        for code, flags in ticks.items():
            same &= flags[positions] == (code in named)
        wrong = positions[~same]
        if cut.rest and other is not None:
            free_text(desk, known, variable.id, label, cut.rest, positions)
        elif cut.rest:
            not_an_option(desk, known, variable.id, label, cut.rest, positions, variable.id)
        alone = wrong[~np.any([flags[wrong] for flags in ticks.values()], axis=0)] if len(wrong) else wrong
        for code in named:
            # Columns left empty beside a filled cell: the cell is the only answer there is.
            ticks[code][alone] = True
        after = [";".join(code for code, flags in ticks.items() if flags[p]) for p in wrong]
        before = [MASK if cut.rest else shown(text)] * len(wrong)
        desk.each(wrong, variable.id, label, before, after, "encodings-differ", "deux écritures")
        desk.ledger.finding(
            "encodings-differ",
            f"the cell and the columns of {variable.id} do not say the same: the columns are taken where one is ticked",
            column=label,
            positions=wrong,
            fix="look at these rows in the export",
        )


def _check_ticks(desk: Desk, known: Choices, coded: Coded) -> None:
    """More ticks than allowed, and an exclusive option beside others: kept, and told."""
    question, target, ledger = coded.variable.question, coded.variable.id, desk.ledger
    total = np.sum(list(coded.ticks.values()), axis=0)
    checks: list[tuple[str, Flags, str, str]] = []
    if question.maximum is not None:
        what = f"more than {question.maximum} options are ticked"
        checks.append(("too-many", total > question.maximum, what, f"maximum : {question.maximum}"))
    for option in known.options:
        if option.exclusive:
            both = coded.ticks[option.code] & (total > 1)
            what = f"{option.label!r} is ticked together with other options"
            checks.append(("exclusive-with-others", both, what, f"option exclusive : {option.code}"))
    for rule, flags, what, reason in checks:
        positions = np.flatnonzero(flags).astype(np.int64)
        fix = "they are kept as given; correct the export if it is wrong"
        ledger.finding(rule, what, column=coded.label, positions=positions, fix=fix)
        told = coded.told(positions)
        desk.each(positions, target, coded.label, told, told, rule, reason)
