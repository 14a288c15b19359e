"""What the title of a figure or a table states, and the question under it.

Belongs here: choosing the one finding that released numbers allow, and wording it as the Lecture lines are. Does not:
the base after it and the lines below (`notes`), or a finding that the author wrote (`claims`).

A title takes no word of comparison, evolution or inference: it gives numbers, and the reader compares. Where a hidden
answer could be the first one, where more than two share the first place, or where « Autre » leads, nothing is stated
and the title stays the topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synthese.codebook import Option, Variable
from synthese.disclosure import Released
from synthese.editorial.figures.regions import region_of
from synthese.editorial.reading import Cell, Cross, cross, mostly_withheld, one_way, unit, worded
from synthese.editorial.waves import Change, changes
from synthese.editorial.wording import answer, median_told, places, predicate, who
from synthese.formatting import capitalised, french, integer_text, percent_of
from synthese.formatting.rounding import exact

CLOSE = 3
"""Answers as near as that, in respondents or in displayed points, share a title."""
_FEW = {2: "Deux", 3: "Trois", 4: "Quatre", 5: "Cinq", 6: "Six"}
_MULTIPLE = "Plusieurs réponses possibles."


def stated(
    released: Released, questions: Sequence[str], by: str | None, universe: str | None, chart: str | None
) -> str | None:
    """State what a figure or a table of questions may; None where its title stays the topic.

    Parameters
    ----------
    released : Released
        The wave.
    questions : sequence of str
        A question, or the rows of a grid.
    by, universe : str or None
        Breakdown, universe.
    chart : str or None
        The drawing: of a map its regions are counted.
    """
    if len(questions) > 1:
        return of_grid(released, questions)
    if by is not None:
        return of_cross(released, questions[0], by)
    if chart == "map":
        return of_regions(released, questions[0])
    return of_question(released, questions[0], universe)


def of_question(released: Released, question: str, universe: str | None = None) -> str | None:
    """State what most of those who answered a question said; None where nothing can honestly be stated.

    Parameters
    ----------
    released : Released
        The wave.
    question : str
        A question, a row of a grid, or a regrouping; of a numeric question its median is stated.
    universe : str, optional
        Among the respondents of this universe of the codebook.

    Returns
    -------
    str or None
        « 85 % des structures répondantes citent l’échange entre pairs »; of two answers that are tied or close, both;
        of an ordered scale, the share of its two highest answers. With the counts on a base under 100, without a
        percentage on one under 30, as everywhere.
    """
    variable = released.variable(question)
    among = who(released, variable, universe=universe)
    if variable.kind == "numeric":
        return _median(released, variable, among, universe)
    cells = one_way(released, question, universe)
    if variable.kind == "ordinal":
        top = _highest(cells)
        return None if top is None else french(f"{_share(top, among)} {_said(variable, cells)}")
    found = _first(cells)
    if found is None:
        return None
    first, second = found
    text = f"{_share(first, among)} {predicate(variable, first.option.code)}"
    if second is not None:
        also = answer(variable, second.option)
        same = second.count == first.count and second.value == first.value
        text += f", et autant {also}" if same else f", et {second.text} {also}"
    return french(text)


def of_grid(released: Released, questions: Sequence[str]) -> str | None:
    """State the row of a grid whose two highest answers were given most, or both of two that are close."""
    if len(questions) == 1:
        return of_question(released, questions[0])
    rows = [(released.variable(name), one_way(released, name)) for name in questions]
    tops = [(variable, _highest(cells)) for variable, cells in rows if variable.kind == "ordinal"]
    known = [(variable, top) for variable, top in tops if top is not None and top.parts[0] is not None]
    if len(known) < len(rows):
        return None
    known.sort(key=lambda one: -one[1].length)
    (variable, top), *others = known
    near = [(v, t) for v, t in others if _close(top, t)]
    if len(near) > 1:
        return None
    text = f"{variable.label} : {_share(top, who(released, variable))} ont répondu {_quoted(rows[0][1])}"
    if near:
        text += f" ; {near[0][0].label} : {near[0][1].text}"
    return french(text)


def of_regions(released: Released, question: str) -> str | None:
    """State in how many regions somebody answered; None where a count is hidden, which may be nil."""
    cells = [cell for cell in one_way(released, question) if region_of(cell.option) is not None]
    reached = sum(bool(cell.count) for cell in cells)
    if not reached or any(not cell.shown for cell in cells):
        return None
    at_least = f"au moins une {unit(released).singular}" if unit(released).feminine else "au moins une réponse"
    return french(f"Dans {integer_text(reached)} régions sur {integer_text(len(cells))}, {at_least}")


def of_cross(released: Released, question: str, by: str) -> str | None:
    """State one answer in the groups that may be compared, highest and lowest; or in the larger one of two.

    Groups under the base that lets their shares be compared, or with a hidden cell, are not stated.
    """
    table = cross(released, question, by)
    if mostly_withheld(released, table.cells):
        return None
    least = released.settings.disclosure.group_base
    fit = [
        (group, cells)
        for group, base, cells in table.groups
        if base is not None and base >= least and all(cell.shown and cell.parts[0] is not None for cell in cells)
    ]
    found = _first(table.total)
    if found is None or not fit:
        return None
    code = found[0].option.code
    told = [(group, cell) for group, cells in fit for cell in cells if cell.option.code == code and _countable(cell)]
    if not told:
        return None
    told.sort(key=lambda one: -one[1].length)
    if len(told) == 1 and len(table.groups) > 2:
        return None  # one group among several says nothing of the cross
    if len(told) == 1:
        return french(_of_group(released, table, *told[0]))
    (first, high), (last, low) = told[0], told[-1]
    answer = worded(found[0].option)
    return french(f"{answer} : {high.text} du groupe « {first.display} », {low.text} du groupe « {last.display} »")


def of_change(released: Released, question: str, reference: str) -> str | None:
    """State the first answer of this wave in both waves, without a word on what the gap means."""
    found = changes(released, question, reference)
    first = _first([change.later for change in found])
    if first is None:
        return None
    change = next(change for change in found if change.later.option.code == first[0].option.code)
    if not change.earlier.shown or mostly_withheld(released, [one.later for one in found]):
        return None
    return french(_both(change, reference, released.wave))


def _both(change: Change, reference: str, wave: str) -> str:
    return f"{change.later.label} : {change.earlier.text} en {reference}, {change.later.text} en {wave}"


def wording(released: Released, questions: Sequence[str], by: str | None = None) -> str:
    """Write the question as the wave put it, and how it could be answered: « … ? » Plusieurs réponses possibles."""
    variable = released.variable(questions[0])
    question = variable.question.put_in(released.wave)
    texts = f"« {question.text} »"
    if by is not None:
        crossed = released.variable(by).question.put_in(released.wave)
        texts += f", selon « {crossed.text} »"
    elif variable.groups is not None:
        texts += ", réponses regroupées"
    ends = texts.removesuffix(" »").endswith(("?", "!", "…", "."))
    how = ""
    if question.type == "multiple":
        most = question.maximum
        told = most is not None and "au plus" in question.text
        how = "" if told else f"{_FEW.get(most, integer_text(most))} réponses au plus." if most else _MULTIPLE
    elif question.type == "grid" and len(questions) > 1:
        how = "Une réponse par ligne."
    elif question.type == "grid":
        texts += f", à propos de « {variable.label} »"
        ends = False
    alone = by is None and variable.groups is None
    return french(f"{texts}{'' if (ends and alone) or not how else '.'} {how}".strip())


def _share(cell: Cell, among: str) -> str:
    """Open a title: "85 % des structures répondantes (46 sur 54)", "7 structures répondantes sur 12"."""
    percentage, counts = cell.parts
    if percentage is None:
        return f"{integer_text(cell.count or 0)} {among} sur {integer_text(cell.base or 0)}"
    return f"{percentage} des {among}" + (f" ({counts})" if counts else "")


def _countable(cell: Cell) -> bool:
    """Whether a title may name a share: two respondents at least, and not the count of a share that is not told."""
    return cell.shown and (cell.count or 0) >= 2 and not (cell.weighted and cell.value is None)


def _close(cell: Cell, other: Cell) -> bool:
    points = abs(_points(cell) - _points(other))
    return points < CLOSE or (cell.base == other.base and abs((cell.count or 0) - (other.count or 0)) < CLOSE)


def _points(cell: Cell) -> int:
    return int(percent_of(exact(cell.length)))


def _first(cells: Sequence[Cell]) -> tuple[Cell, Cell | None] | None:
    """Find the answer given most, with the one that is tied with it or close; None where none can be put first."""
    if not cells or any(not cell.shown for cell in cells):
        return None
    found = sorted(cells, key=lambda cell: -cell.length)
    first = found[0]
    near = [cell for cell in found[1:] if _close(first, cell)]
    leading = [first, *near]
    if len(leading) > 2 or not all(_countable(cell) and not cell.option.other for cell in leading):
        return None
    return first, near[0] if near else None


def _highest(cells: Sequence[Cell]) -> Cell | None:
    """Add up the two highest answers of a scale (the highest of one of three or less) over its base."""
    if not cells or any(not cell.shown for cell in cells):
        return None
    last = cells[-_side(cells) :]
    value = None if any(cell.value is None for cell in last) else sum(cell.value or 0.0 for cell in last)
    whole = replace(last[-1], count=sum(cell.count or 0 for cell in last), value=value, ci_low=None, ci_high=None)
    return whole if _countable(whole) else None


def _side(cells: Sequence[Cell]) -> int:
    return 2 if len(cells) > 3 else 1


def _quoted(cells: Sequence[Cell]) -> str:
    return " ou ".join(f"« {cell.label} »" for cell in cells[-_side(cells) :])


def _said(variable: Variable, cells: Sequence[Cell]) -> str:
    """Say what those of the highest answers did: "jugent leur financement suffisant : « Plutôt » ou…"."""
    if variable.question.type == "grid":
        return f"ont répondu {_quoted(cells)} à propos de « {variable.label} »"
    return f"{variable.question.lecture or 'ont répondu'} {_quoted(cells)}"


def _of_group(released: Released, table: Cross, group: Option, cell: Cell) -> str:
    them = f"{who(released, table.question, table.by)} du groupe « {group.display} »"
    return f"{_share(cell, them)} {predicate(table.question, cell.option.code)}"


def _median(released: Released, variable: Variable, among: str, universe: str | None) -> str | None:
    row = released.estimate(variable.id, statistic="median", universe=universe)
    if row.value is None or row.base is None:
        return None
    digits = places(released, variable.id, universe=universe)
    return french(capitalised(median_told(among, row.value, digits, variable.question.unit)))
