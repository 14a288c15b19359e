"""Several answers a respondent: multiple response and rankings.

Belongs here: columns of ticks, cells that join options, ranks, and their checks. Does not: cutting one cell
(`cutting`), one answer a respondent (`coding`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from synthese.cleaning.choices import Choices
from synthese.cleaning.coding import choices_of, free_text, not_an_option, read_ticks
from synthese.cleaning.columns import Coded, Desk, Distinct, Flags, answered_where
from synthese.cleaning.cutting import Cut, Cutter
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.normal import MASK, shown
from synthese.cleaning.numbers import read_number
from synthese.codebook import Variable, nearest

Floats = npt.NDArray[np.float64]


def code_multiple(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a multiple response from columns of ticks, from cells that join options, or from both.

    Where an export writes both, the columns count and the cells are a check: a difference is a finding.
    """
    known = choices_of(desk, variable)
    whole = [source for source in sources if source.holds == "whole"]
    parts = [source for source in sources if source.holds == "option"]
    ticks = {option.code: np.zeros(desk.size, dtype=bool) for option in known.options}
    for source in parts:
        ticked, texts = read_ticks(desk, known, variable.id, source)
        ticks[str(source.part)] |= ticked
        for positions, text in texts:
            free_text(desk, known, variable.id, source.label, text, positions)
    if whole and not parts:
        _cells(desk, known, variable, whole, ticks)
    elif whole and not desk.exact:
        _second_encoding(desk, known, variable, whole, ticks)
    coded = Coded(variable, answered_where(_any(ticks, desk.size)), ticks=ticks, label=sources[0].label)
    _check_ticks(desk, known, coded)
    return coded


def _any(ticks: dict[str, Flags], size: int) -> Flags:
    return np.any(list(ticks.values()), axis=0) if ticks else np.zeros(size, dtype=bool)


def _cut_all(desk: Desk, known: Choices, variable: Variable, whole: Sequence[Source]) -> tuple[Distinct, list[Cut]]:
    texts = desk.distinct(desk.merged(whole, variable.id), whole[0].label)
    cutter = Cutter(known, desk.separator)
    return texts, [cutter.cut(text) for text in texts.texts]


def _cells(desk: Desk, known: Choices, variable: Variable, whole: Sequence[Source], ticks: dict[str, Flags]) -> None:
    """Tick what cells name; the rest is « Autre », or a finding."""
    texts, cuts = _cut_all(desk, known, variable, whole)
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
    desk: Desk, known: Choices, variable: Variable, whole: Sequence[Source], ticks: dict[str, Flags]
) -> None:
    """Compare cells that join options with the columns of ticks beside them; take the text of « Autre »."""
    label = whole[0].label
    desk.ledger.column(label, variable.id, "column-second-encoding", f"colonnes par option de {variable.id}")
    texts, cuts = _cut_all(desk, known, variable, whole)
    other = known.other
    for index, text, positions in texts:
        cut = cuts[index]
        named = set(cut.codes) | ({other.code} if other is not None and cut.rest else set())
        same = np.ones(len(positions), dtype=bool)
        for code, flags in ticks.items():
            same &= flags[positions] == (code in named)
        wrong = positions[~same]
        if other is not None and cut.rest:
            free_text(desk, known, variable.id, label, cut.rest, positions)
        alone = wrong[~np.any([flags[wrong] for flags in ticks.values()], axis=0)] if len(wrong) else wrong
        for code in named:
            # Columns left empty beside a filled cell: the cell is the only answer there is.
            ticks[code][alone] = True
        after = {p: ";".join(code for code, flags in ticks.items() if flags[p]) for p in wrong}
        for position in wrong:
            here = np.array([position])
            masked = MASK if cut.rest else shown(text)
            desk.ledger.value(here, variable.id, label, masked, after[position], "encodings-differ", "deux écritures")
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
        for position, told in zip(positions, coded.told(positions), strict=True):
            ledger.value(np.array([position]), target, coded.label, told, told, rule, reason)


def code_ranking(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a ranking from one column of ranks per item, or from cells that name items in order."""
    items = variable.options
    ranks: dict[str, Floats] = {item.code: np.full(desk.size, np.nan) for item in items}
    whole = [source for source in sources if source.holds == "whole"]
    for source in sources:
        if source.holds == "row":
            ranks[str(source.part)] = _ranks(desk, variable, source, len(items))
    if whole:
        known = choices_of(desk, variable)
        texts, cuts = _cut_all(desk, known, variable, whole)
        label = whole[0].label
        for index, text, positions in texts:
            cut = cuts[index]
            for rank, code in enumerate(cut.codes, start=1):
                ranks[code][positions] = rank
            rule, reason = cut.rule, "texte d’un élément"
            if cut.rest:
                rule = not_an_option(desk, known, variable.id, label, cut.rest, positions, variable.id)
                reason = "aucun élément de ce texte"
            if rule is not None:
                after = ";".join(f"{code}={rank}" for rank, code in enumerate(cut.codes, start=1))
                desk.ledger.value(positions, variable.id, label, shown(text), after, rule, reason)
    table = np.array(list(ranks.values()))
    coded = Coded(variable, answered_where(~np.isnan(table).all(axis=0)), values=ranks, label=sources[0].label)
    _check_ranks(desk, coded, table)
    return coded


def _ranks(desk: Desk, variable: Variable, source: Source, most: int) -> Floats:
    texts = desk.distinct(desk.cells(source), source.label)
    table = [np.nan] * len(texts.texts)
    label = source.label
    for index, text, positions in texts:
        value = read_number(text).value
        if value is not None and value.is_integer() and 1 <= value <= most:
            table[index] = value
            continue
        what = f"{shown(text)!r} is no rank from 1 to {most}"
        fix = nearest(text, map(str, range(1, most + 1)))
        desk.ledger.finding("not-a-rank", what, column=label, positions=positions, fix=fix)
        target = f"{variable.id}.{source.part}"
        desk.ledger.value(positions, target, label, shown(text), "", "not-a-rank", f"rangs de 1 à {most}")
    return texts.spread(table, np.nan).astype(np.float64)


def _check_ranks(desk: Desk, coded: Coded, table: Floats) -> None:
    """Two items of one rank, or more items than may be ranked: kept, and told."""
    maximum = coded.variable.question.maximum
    ranked = np.sum(~np.isnan(table), axis=0)
    ordered = np.sort(table, axis=0)
    tied = np.any(np.diff(ordered, axis=0) == 0, axis=0)
    many = ranked > maximum if maximum is not None else np.zeros(desk.size, dtype=bool)
    positions: Positions = np.flatnonzero(tied | many).astype(np.int64)
    what = "two items share a rank, or more items are ranked than allowed"
    fix = "they are kept as given; correct the export if it is wrong"
    desk.ledger.finding("rank-conflict", what, column=coded.label, positions=positions, fix=fix)
    for position, told in zip(positions, coded.told(positions), strict=True):
        desk.ledger.value(
            np.array([position]), coded.variable.id, coded.label, told, told, "rank-conflict", "rangs incohérents"
        )
