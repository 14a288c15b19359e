"""A question among groups: from released numbers to a figure.

Belongs here: which groups are drawn, with their words and data. Does not: which drawing fits (`choosing`), layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synthese.codebook import Option
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand, read_brand
from synthese.editorial.figures.canvas import Sheet
from synthese.editorial.figures.choosing import choose, for_cross, parts
from synthese.editorial.figures.counts import draw_counts
from synthese.editorial.figures.dots import Row, draw_dots
from synthese.editorial.figures.finish import as_grid, finish
from synthese.editorial.figures.making_scales import brackets, categories, palette
from synthese.editorial.figures.mosaic import draw_mosaic
from synthese.editorial.figures.multiples import Panel, draw_multiples
from synthese.editorial.figures.stacked import Stack, draw_stacks
from synthese.editorial.piece import Piece, withheld
from synthese.editorial.reading import CROSS_WITHHELD, Cell, Cross, cross, cross_title, mostly_withheld, ordered, unit
from synthese.editorial.tables import cell_rows
from synthese.formatting import french, integer_text, joined

Group = tuple[Option, int, tuple[Cell, ...]]
KINDS = {
    "stacked": "barres empilées à 100 %",
    "mosaic": "mosaïque, largeur selon l’effectif du groupe",
    "counts": "barres empilées, en effectifs",
    "dots": "points",
    "multiples": "barres, un cadre par groupe",
}
TOO_FEW = "Figure non présentée : effectifs des groupes trop faibles pour comparer des pourcentages."


def cross_figure(
    released: Released,
    id: str,
    question: str,
    by: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    chart: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw a cross: a stacked bar a group or a mosaic; of a multiple response dots, or a panel a group.

    Only groups large enough for shares (``group_base``) whose every cell is released are drawn; the others
    are named in a note. With fewer than two such groups, a mosaic or stacked bars become bars of respondents,
    where the author asked for a chart and every count is released; else the piece is a line: the counts belong in a
    table.

    Parameters
    ----------
    chart : str, optional
        ``stacked``, ``mosaic`` or ``counts`` (respondents, no share); of a multiple response ``dots`` or
        ``multiples``. See `question_figure` for the others.

    Raises
    ------
    SyntheseError
        ``unfit-chart``: see `question_figure`.
    """
    table = cross(released, question, by)
    least = released.settings.disclosure.group_base
    known = [(g, base, cells) for g, base, cells in table.groups if base and all(cell.shown for cell in cells)]
    fit = [group for group in known if group[1] >= least]
    name = choose(chart, for_cross(table.question.kind, [base for _, base, _ in fit]), f"{question} by {by}")
    if name != "counts" and len(fit) < 2 and chart is not None and table.question.kind != "multiple":
        name = "counts"
    if name == "counts":
        fit = known
    caption = notes.title_with_n(title or cross_title(table, released), table.base)
    if mostly_withheld(released, table.cells):
        lines = notes.composed(notes.source(released))
        return withheld(released, id, caption=caption, text=f"{CROSS_WITHHELD}.", notes=lines)
    if len(fit) < 2:
        return withheld(
            released, id, caption=caption, text=french(TOO_FEW), notes=notes.composed(notes.source(released))
        )
    cells = [cell for _, _, group_cells in fit for cell in group_cells]
    counted = name == "counts"
    pairs = [(f"{cell.group.display}, {cell.label}", _told(cell, counted)) for cell in cells if cell.group]
    look = brand or read_brand()
    return finish(
        released,
        id,
        lambda width: _draw(released, table, fit, name, look, width),
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative(KINDS[name], caption, pairs, synthetic=released.synthetic),
        lines=notes.cross_notes(
            released,
            replace(table, groups=tuple(fit)),
            [*_more(released, table, fit, name), *extra_notes],
            subtitle=subtitle,
        ),
        data=cell_rows(question, cells),
        grid=as_grid(
            "Réponse",
            [french(group.display) for group, _, _ in fit],
            [(c.label, [group_cells[i] for _, _, group_cells in fit]) for i, c in enumerate(fit[0][2])],
        ),
    )


def _told(cell: Cell, counted: bool) -> str:
    return f"{integer_text(cell.count or 0)} sur {integer_text(cell.base or 0)}" if counted else cell.text


def _more(released: Released, table: Cross, fit: Sequence[Group], name: str) -> list[str]:
    """Lines that only the drawing calls for: groups left out, what widths, brackets and pale bars are."""
    drawn = {group.code for group, _, _ in fit}
    apart = [
        f"{french(group.display)} (n = {integer_text(base)})" if base else french(group.display)
        for group, base, _ in table.groups
        if group.code not in drawn
    ]
    lines = [f"Note : groupes trop petits pour être représentés : {joined(apart)}."] if apart else []
    plural = unit(released).plural
    if name == "counts":
        lines.append(f"Note : longueurs en nombre de {plural} ; groupes trop petits pour comparer des pourcentages.")
        return lines
    if name == "mosaic":
        lines.append(f"Note : la largeur d’un groupe dit son nombre de {plural}.")
    if name == "multiples":
        lines.append("Note : en clair, l’ensemble.")
    note = brackets([cell for _, _, cells in fit for cell in cells]) if name != "dots" else None
    return [*lines, note] if note else lines


def _draw(released: Released, table: Cross, fit: Sequence[Group], name: str, look: Brand, width: float) -> Sheet:
    synthetic = released.synthetic
    if name in ("dots", "multiples"):
        order = [cell.option.code for cell in ordered(table.total)]
        by_code = [{cell.option.code: cell for cell in cells} for _, _, cells in fit]
        names = [french(group.display) for group, _, _ in fit]
        if name == "dots":
            whole = {cell.option.code: cell for cell in table.total}
            rows = [Row(whole[code].label, tuple(found[code] for found in by_code)) for code in order]
            return draw_dots(rows, names, look, width, synthetic=synthetic)
        panels = [
            Panel(label, base, tuple(found[code] for code in order))
            for label, (_, base, _), found in zip(names, fit, by_code, strict=True)
        ]
        return draw_multiples(panels, ordered(table.total), look, width, synthetic=synthetic)
    stacks = [Stack(french(group.display), base, cells) for group, base, cells in fit]
    count = len(fit[0][2])
    ordinal = table.question.kind == "ordinal"
    parted = ordinal and parts(released, table.question.question)
    colours = palette(look, count, parted=parted) if ordinal else categories(look, count)
    if name == "mosaic":
        return draw_mosaic(stacks, colours, look, width, synthetic=synthetic)
    if name == "counts":
        return draw_counts(stacks, colours, look, width, synthetic=synthetic)
    middle = count / 2 if parted else None
    return draw_stacks(stacks, colours, look, width, middle=middle, synthetic=synthetic)
