"""Rankings: which item each respondent put first, and after it.

Belongs here: columns of ranks (one an item), columns of items (one a rank), cells that name items in order, and
their checks. Does not: cutting one cell (`cutting`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from synthese.cleaning.absences import Told
from synthese.cleaning.coding import choices_of, not_an_option
from synthese.cleaning.columns import Coded, Desk, answered_where
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.naming import Odd, named_in, tell_odd
from synthese.cleaning.normal import normalise, shown
from synthese.cleaning.numbers import read_number
from synthese.cleaning.several import cut_all
from synthese.codebook import Variable, nearest

Floats = npt.NDArray[np.float64]

# « Rang 2 », « 1er choix », « n° 3 », « 2nd »
_PLACE = re.compile(
    r"(?:n°|#|rang|rank|choix|choice|position|place)? ?(\d{1,2}) ?(?:er|re|ère|e|è|ème|eme|nd|nde|st|rd|th)?"
    r"(?: (?:choix|rang|position|place|choice))?"
)


def code_ranking(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a ranking from a column of ranks per item, a column of items per rank, or cells that name items in order.

    Where cells stand beside columns, the columns count and a difference is a finding. An item named at two ranks has
    the better one.
    """
    items = variable.options
    told = Told(desk, variable)
    ranks: dict[str, Floats] = {item.code: np.full(desk.size, np.nan) for item in items}
    whole = [source for source in sources if source.holds == "whole"]
    columns = [source for source in sources if source.holds != "whole"]
    odd: list[Odd] = []
    twice = np.zeros(desk.size, dtype=bool)
    for source in sources:
        if source.holds == "row":
            ranks[str(source.part)] = _ranks(desk, variable, told, source, len(items))
    for source in sorted((s for s in sources if s.holds == "rank"), key=lambda s: int(s.part or 0)):
        for code, positions in named_in(desk, variable, told, source, odd):
            taken = ~np.isnan(ranks[code][positions])
            twice[positions[taken]] = True
            ranks[code][positions[~taken]] = int(source.part or 0)
    if whole:
        found = ranks if not columns else {code: np.full(desk.size, np.nan) for code in ranks}
        _ordered(desk, variable, told, whole, found, odd)
        if columns and not desk.exact:
            _compare(desk, variable, whole[0], ranks, found)
    table = np.array(list(ranks.values()))
    coded = Coded(variable, answered_where(~np.isnan(table).all(axis=0)), values=ranks, label=sources[0].label)
    tell_odd(desk, coded, odd)
    told.settle(coded)
    _check_ranks(desk, coded, table, twice)
    return coded


def _ordered(
    desk: Desk,
    variable: Variable,
    told: Told,
    whole: Sequence[Source],
    ranks: dict[str, Floats],
    odd: list[Odd],
) -> None:
    """Read cells that name items in order."""
    known = choices_of(desk, variable, whole)
    texts, cuts = cut_all(desk, known, told, whole)
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
            odd.append(Odd(positions, label, shown(text), rule, reason))


def _compare(desk: Desk, variable: Variable, whole: Source, ranks: dict[str, Floats], found: dict[str, Floats]) -> None:
    """Compare cells that name items in order with the columns beside them; they count where these are empty."""
    desk.ledger.column(whole.label, variable.id, "column-second-encoding", f"colonnes de {variable.id}")
    columns, cells = np.array(list(ranks.values())), np.array(list(found.values()))
    filled = ~np.isnan(cells).all(axis=0)
    wrong = np.flatnonzero(filled & ~((columns == cells) | (np.isnan(columns) & np.isnan(cells))).all(axis=0))
    wrong = wrong.astype(np.int64)
    alone = wrong[np.isnan(columns[:, wrong]).all(axis=0)]
    for code, values in ranks.items():
        values[alone] = found[code][alone]
    read = Coded(variable, answered_where(filled), values=found)
    taken = Coded(variable, answered_where(filled), values=ranks)
    before, after = read.told(wrong), taken.told(wrong)
    desk.each(wrong, variable.id, whole.label, before, after, "encodings-differ", "deux écritures")
    desk.ledger.finding(
        "encodings-differ",
        f"the cell and the columns of {variable.id} do not say the same: the columns are taken where one is filled",
        column=whole.label,
        positions=wrong,
        fix="look at these rows in the export",
    )


def _rank_of(text: str) -> tuple[float | None, bool]:
    """Read a rank, and whether it is written as a plain number."""
    value = read_number(text).value
    if value is not None:
        return value, True
    place = _PLACE.fullmatch(normalise(text))
    return (float(place[1]), False) if place else (None, False)


def _ranks(desk: Desk, variable: Variable, told: Told, source: Source, most: int) -> Floats:
    texts = told.read([source])
    table = [np.nan] * len(texts.texts)
    label, target = source.label, f"{variable.id}.{source.part}"
    for index, text, positions in texts:
        said = source.column.labels.get(text, source.column.labels.get(text.strip(), ""))
        value, plain = _rank_of(text)
        if value is None and said:
            value, plain = _rank_of(said)[0], False
        if value is not None and value.is_integer() and 1 <= value <= most:
            table[index] = value
            if not plain:
                desk.ledger.value(positions, target, label, shown(text), f"{value:g}", "number-parsed", "rang")
            continue
        what = f"{shown(text)!r} is no rank from 1 to {most}"
        fix = nearest(text, map(str, range(1, most + 1)))
        desk.ledger.finding("not-a-rank", what, column=label, positions=positions, fix=fix)
        desk.ledger.value(positions, target, label, shown(text), "", "not-a-rank", f"rangs de 1 à {most}")
    return texts.spread(table, np.nan).astype(np.float64)


def _check_ranks(desk: Desk, coded: Coded, table: Floats, twice: npt.NDArray[np.bool_]) -> None:
    """Two items of one rank, an item at two ranks, or more items than may be ranked: kept, and told."""
    maximum = coded.variable.question.maximum
    ranked = np.sum(~np.isnan(table), axis=0)
    ordered = np.sort(table, axis=0)
    tied = np.any(np.diff(ordered, axis=0) == 0, axis=0)
    many = ranked > maximum if maximum is not None else np.zeros(desk.size, dtype=bool)
    positions: Positions = np.flatnonzero(tied | many | twice).astype(np.int64)
    what = "two items share a rank, an item has two, or more items are ranked than allowed"
    fix = "they are kept as given (an item of two ranks at the better one); correct the export if it is wrong"
    desk.ledger.finding("rank-conflict", what, column=coded.label, positions=positions, fix=fix)
    told = coded.told(positions)
    desk.each(positions, coded.variable.id, coded.label, told, told, "rank-conflict", "rangs incohérents")
