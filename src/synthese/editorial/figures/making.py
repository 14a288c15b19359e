"""From a question to its figure: cells, drawing, words, artefact."""

from __future__ import annotations

from collections.abc import Sequence

from synthese.codebook import Question
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand, read_brand, shades
from synthese.editorial.figures.bars import draw_bars
from synthese.editorial.figures.canvas import Sheet
from synthese.editorial.figures.dots import Row, draw_dots
from synthese.editorial.figures.finish import as_grid, finish
from synthese.editorial.figures.stacked import Stack, draw_stacks
from synthese.editorial.piece import Piece, withheld
from synthese.editorial.reading import (
    CROSS_WITHHELD,
    RESULT_WITHHELD,
    Cell,
    base_of,
    cross,
    cross_title,
    mostly_withheld,
    one_way,
    ordered,
    unit,
)
from synthese.editorial.tables import cell_rows, two_waves
from synthese.errors import SyntheseError
from synthese.formatting import capitalised, french, integer_text, joined


def question_figure(
    released: Released,
    id: str,
    question: str,
    *,
    title: str | None = None,
    extra_notes: Sequence[str] = (),
    universe: str | None = None,
    brand: Brand | None = None,
) -> Piece:
    """Draw one question: sorted bars, or a stacked bar for an ordered scale.

    Parameters
    ----------
    released : Released
        The wave.
    id : str
        ``fig-…``.
    question : str
        A question with options, a row of a grid, or a regrouping.
    title : str, optional
        By default the name of the question in the codebook.
    extra_notes : sequence of str
        More lines, each opening with Lecture, Champ, Note or Source.
    universe : str, optional
        Among the respondents of this universe of the codebook.
    brand : Brand, optional
        Colours and font; by default the library's.

    Returns
    -------
    Piece
        When too many of its cells are withheld, the line "Résultat non diffusé : effectifs trop faibles".
    """
    variable, cells = released.variable(question), one_way(released, question, universe)
    if variable.kind == "ordinal" and universe is None and all(cell.shown for cell in cells):
        return grid_figure(released, id, [question], title=title, extra_notes=extra_notes, brand=brand)
    caption = notes.title_with_n(title or variable.label, base_of(cells))
    lines = notes.question_notes(released, question, extra_notes, universe)
    if mostly_withheld(released, cells):
        return withheld(released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=[lines[-1]])
    shown = cells if variable.kind == "ordinal" else ordered(cells)
    look = brand or read_brand()
    return finish(
        released,
        id,
        lambda width: draw_bars(shown, look, width, synthetic=released.synthetic),
        caption=caption,
        alt=notes.alternative(
            "diagramme en barres", caption, [(c.label, c.text) for c in shown], synthetic=released.synthetic
        ),
        lines=lines,
        data=cell_rows(question, shown),
        grid=as_grid("Réponse", [capitalised(unit(released).plural)], [(c.label, [c]) for c in shown]),
    )


def _palette(released: Released, question: Question, count: int, look: Brand) -> tuple[list[str], float | None]:
    """Colours of an ordered scale, and where it parts: agreement and satisfaction do, from "no" to "yes"."""
    kind = next((s.kind for s in released.codebook.scales if s.code == question.scale), "other")
    if kind in ("agreement", "satisfaction"):
        side = len(look.diverging) // 2
        no, yes = look.diverging[:side], look.diverging[-side:]
        middle = [look.diverging[side]] if count % 2 else []
        return [*shades(no, count // 2), *middle, *shades(yes, count // 2)], count / 2
    return shades(look.sequential, count), None


def _brackets(cells: Sequence[Cell]) -> str | None:
    """Say what the numbers in brackets are, when segments show them under a percentage."""
    return "Note : effectifs entre parenthèses." if any(all(cell.parts) for cell in cells) else None


def _categories(look: Brand, count: int) -> list[str]:
    if count > len(look.categories):
        raise SyntheseError.of(
            "too-many-colours",
            f"{count} answers in one bar: the brand has {len(look.categories)} colours for them",
            fix="regroup the answers in the codebook, or add colours `category-…` to _brand.yml",
        )
    return list(look.categories[:count])


def grid_figure(
    released: Released,
    id: str,
    questions: Sequence[str],
    *,
    title: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw scales as stacked bars of 100 %, one a question or a row of a grid: ``["F2.posture", "F2.elus"]``.

    Bars of agreement and satisfaction part at their middle, the others begin at the left. A row in which a
    cell is withheld is left out and named in a note. See `question_figure` for the parameters.

    Raises
    ------
    SyntheseError
        ``different-scales``: the questions do not have the same answers.
    """
    look = brand or read_brand()
    rows = [(name, released.variable(name), one_way(released, name)) for name in questions]
    codes = {tuple(cell.option.code for cell in cells) for _, _, cells in rows}
    if len(codes) > 1:
        raise SyntheseError.of(
            "different-scales",
            f"{', '.join(questions)} do not have the same answers",
            fix="draw them apart",
        )
    drawn = [(name, variable, cells) for name, variable, cells in rows if all(cell.shown for cell in cells)]
    first = rows[0][1]
    name = title or (first.question.display if len(rows) > 1 else first.label)
    bases = {base for _, _, cells in drawn if (base := base_of(cells)) is not None}
    caption = notes.title_with_bases(name, bases)
    if not drawn:
        lines = notes.composed(notes.source(released))
        return withheld(released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=lines)
    left_out = [french(variable.label) for _, variable, cells in rows if not all(cell.shown for cell in cells)]
    missing = f"Note : non diffusé, effectifs trop faibles : {joined(left_out)}." if left_out else ""
    more = [line for line in (missing, _brackets([cell for _, _, cells in drawn for cell in cells])) if line]
    lines = notes.question_notes(released, drawn[0][0], [*more, *extra_notes])
    if len(drawn) > 1:
        field = notes.champ_rows(released, first, [cells for _, _, cells in drawn])
        lines = tuple(field if line.startswith("Champ") else line for line in lines)
    stacks = [Stack(french(v.label), base_of(cells) or 0, cells) for _, v, cells in drawn]
    colours, middle = _palette(released, first.question, len(drawn[0][2]), look)
    one = len(stacks) == 1
    pairs = [(c.label if one else f"{stack.label}, {c.label}", c.text) for stack in stacks for c in stack.cells]
    return finish(
        released,
        id,
        lambda width: draw_stacks(stacks, colours, look, width, middle=middle, synthetic=released.synthetic),
        caption=caption,
        alt=notes.alternative("barres empilées à 100 %", caption, pairs, synthetic=released.synthetic),
        lines=lines,
        data=[row for name, _, cells in drawn for row in cell_rows(name, cells)],
        grid=as_grid("Question", [c.label for c in stacks[0].cells], [(stack.label, stack.cells) for stack in stacks]),
    )


def cross_figure(
    released: Released,
    id: str,
    question: str,
    by: str,
    *,
    title: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw a cross: a stacked bar a group, or dots for a multiple response.

    Only groups large enough for shares (``group_base``) whose every cell is released are drawn; the others
    are named in a note. With fewer than two such groups the piece is a line: the counts belong in a table.
    See `question_figure` for the parameters.
    """
    table = cross(released, question, by)
    caption = notes.title_with_n(title or cross_title(table, released), table.base)
    if mostly_withheld(released, table.cells):
        lines = notes.composed(notes.source(released))
        return withheld(released, id, caption=caption, text=f"{CROSS_WITHHELD}.", notes=lines)
    least = released.settings.disclosure.group_base
    fit = [
        (group, base, cells)
        for group, base, cells in table.groups
        if base is not None and base >= least and all(cell.shown for cell in cells)
    ]
    if len(fit) < 2:
        text = french("Figure non présentée : effectifs des groupes trop faibles pour comparer des pourcentages.")
        return withheld(released, id, caption=caption, text=text, notes=notes.composed(notes.source(released)))
    apart = [
        f"{french(group.display)} (n = {integer_text(base)})" if base else french(group.display)
        for group, base, _ in table.groups
        if group.code not in {g.code for g, _, _ in fit}
    ]
    missing = [f"Note : groupes trop petits pour être représentés : {joined(apart)}."] if apart else []
    look = brand or read_brand()
    cells = [cell for _, _, group_cells in fit for cell in group_cells]
    pairs = [(f"{cell.group.display}, {cell.label}", cell.text) for cell in cells if cell.group]

    def draw(width: float) -> Sheet:
        if table.question.kind == "multiple":
            by_option = {c.option.code: [cs[i] for _, _, cs in fit] for i, c in enumerate(fit[0][2])}
            rows = [Row(c.label, tuple(by_option[c.option.code])) for c in ordered(table.total)]
            names = [french(group.display) for group, _, _ in fit]
            return draw_dots(rows, names, look, width, synthetic=released.synthetic)
        stacks = [Stack(french(group.display), base or 0, cs) for group, base, cs in fit]
        if table.question.kind == "ordinal":
            colours, middle = _palette(released, table.question.question, len(fit[0][2]), look)
        else:
            colours, middle = _categories(look, len(fit[0][2])), None
        return draw_stacks(stacks, colours, look, width, middle=middle, synthetic=released.synthetic)

    kind = "points" if table.question.kind == "multiple" else "barres empilées à 100 %"
    note = None if table.question.kind == "multiple" else _brackets(cells)
    brackets = [note] if note else []
    return finish(
        released,
        id,
        draw,
        caption=caption,
        alt=notes.alternative(kind, caption, pairs, synthetic=released.synthetic),
        lines=notes.cross_notes(released, table, [*missing, *brackets, *extra_notes]),
        data=cell_rows(question, cells),
        grid=as_grid(
            "Réponse",
            [french(group.display) for group, _, _ in fit],
            [(c.label, [group_cells[i] for _, _, group_cells in fit]) for i, c in enumerate(fit[0][2])],
        ),
    )


def evolution_figure(
    released: Released,
    id: str,
    question: str,
    reference: str,
    *,
    title: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw two waves side by side, a ring and a disc an answer.

    Parameters
    ----------
    reference : str
        Id of the earlier wave; see `question_figure` for the others.

    Returns
    -------
    Piece
        When the codebook forbids the comparison, a line that gives its reason.
    """
    waves = two_waves(released, id, question, reference, title)
    if isinstance(waves, Piece):
        return waves
    found, caption = waves
    order = {cell.option.code: i for i, cell in enumerate(ordered([change.later for change in found]))}
    rows = sorted(found, key=lambda change: order[change.later.option.code])
    look = brand or read_brand()
    marked = notes.synthetic(released, reference)
    pairs = [(c.later.label, f"{c.earlier.text} en {reference}, {c.later.text} en {released.wave}") for c in rows]
    drawn = [Row(change.later.label, (change.earlier, change.later)) for change in rows]
    data: list[tuple[object, ...]] = []
    for wave, cells in (
        (reference, [change.earlier for change in rows]),
        (released.wave, [change.later for change in rows]),
    ):
        data += [(line[0], wave, *line[2:]) for line in cell_rows(question, cells)]
    return finish(
        released,
        id,
        lambda width: draw_dots(drawn, [reference, released.wave], look, width, synthetic=marked),
        caption=caption,
        alt=notes.alternative("points", caption, pairs, synthetic=marked),
        lines=notes.change_notes(released, question, found, reference, extra_notes),
        data=data,
        grid=as_grid("Réponse", [reference, released.wave], [(row.label, row.cells) for row in drawn]),
    )
