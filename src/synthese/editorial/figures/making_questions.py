"""One question: from released numbers to a figure.

Belongs here: pairing cells with their drawing, words and data. Does not: scales, crosses and waves
(`making_scales`, `making_crosses`, `making_waves`), which drawing fits (`choosing`), layouts.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.codebook import Variable
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand, read_brand
from synthese.editorial.figures.bars import draw_bars
from synthese.editorial.figures.choosing import choose, for_question
from synthese.editorial.figures.finish import as_grid, finish
from synthese.editorial.figures.intervals import draw_intervals
from synthese.editorial.figures.making_numbers import number_figure
from synthese.editorial.figures.making_scales import grid_figure
from synthese.editorial.figures.regions import placed
from synthese.editorial.figures.tiles import draw_tiles
from synthese.editorial.piece import Piece, withheld
from synthese.editorial.reading import RESULT_WITHHELD, WITHHELD, Cell, base_of, mostly_withheld, one_way, ordered, unit
from synthese.editorial.tables import cell_rows
from synthese.formatting import capitalised, french, integer_text


def question_figure(
    released: Released,
    id: str,
    question: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    chart: str | None = None,
    extra_notes: Sequence[str] = (),
    universe: str | None = None,
    brand: Brand | None = None,
) -> Piece:
    """Draw one question, by its type: sorted bars, one stacked bar, a map of regions, quartiles of a number.

    Parameters
    ----------
    released : Released
        The wave.
    id : str
        ``fig-…``.
    question : str
        A question with options or a number, a row of a grid, or a regrouping.
    title : str, optional
        By default the name of the question in the codebook.
    subtitle : str
        What stands under the title: the question as it was put.
    chart : str, optional
        A drawing in place of the usual one: ``bars``, ``stacked``, ``diverging``, ``intervals``, ``map`` or
        ``quartiles``, where it fits (`choosing.for_question`).
    extra_notes : sequence of str
        More lines, each opening with Lecture, Champ, Note or Source.
    universe : str, optional
        Among the respondents of this universe of the codebook.
    brand : Brand, optional
        Colours and font; by default the library's.

    Returns
    -------
    Piece
        When too many of its cells are withheld, the line "Résultat non diffusé : effectifs trop faibles". A stacked
        bar of which a cell is withheld becomes bars.

    Raises
    ------
    SyntheseError
        ``unfit-chart``: the drawing is unknown or does not fit. ``not-regions``: a map of other answers.
    """
    variable = released.variable(question)
    look = brand or read_brand()
    if variable.kind == "numeric":
        choose(chart, for_question(released, variable, (), universe), question)
        return number_figure(
            released,
            id,
            variable,
            title=title,
            subtitle=subtitle,
            extra_notes=extra_notes,
            universe=universe,
            brand=look,
        )
    cells = one_way(released, question, universe)
    name = choose(chart, for_question(released, variable, cells, universe), question)
    if name in ("stacked", "diverging") and all(cell.shown for cell in cells):
        return grid_figure(
            released,
            id,
            [question],
            title=title,
            subtitle=subtitle,
            chart=chart and name,
            extra_notes=extra_notes,
            brand=look,
        )
    caption = notes.title_with_n(title or variable.label, base_of(cells))
    lines = notes.question_notes(released, question, extra_notes, universe, title=title or "", subtitle=subtitle)
    if name == "map":
        placed(question, variable.options)  # whatever is withheld
    if mostly_withheld(released, cells):
        return withheld(released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=[lines[-1]])
    if name == "map":
        return _map_figure(released, id, variable, cells, caption, subtitle, lines, look)
    shown = cells if variable.kind == "ordinal" else ordered(cells)
    ranges = name == "intervals"
    kind = "points et intervalles" if ranges else "diagramme en barres"
    pairs = [(c.label, f"{c.text}, intervalle {c.interval}" if ranges and c.interval else c.text) for c in shown]
    head = f"Intervalle à {notes.confidence_text(released)}"
    return finish(
        released,
        id,
        lambda width: (
            draw_intervals(shown, look, width, head=french(head), synthetic=released.synthetic)
            if ranges
            else draw_bars(shown, look, width, synthetic=released.synthetic)
        ),
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative(kind, caption, pairs, synthetic=released.synthetic),
        lines=lines,
        data=cell_rows(question, shown),
        grid=as_grid("Réponse", [capitalised(unit(released).plural)], [(c.label, [c]) for c in shown]),
    )


def _map_figure(
    released: Released,
    id: str,
    variable: Variable,
    cells: Sequence[Cell],
    caption: str,
    subtitle: str,
    lines: Sequence[str],
    look: Brand,
) -> Piece:
    """Draw a tile a region; answers that are no region stand in words beside."""
    places = {option.code: code for code, option in placed(variable.id, [cell.option for cell in cells]).items()}
    tiles = {places[cell.option.code]: cell for cell in cells if cell.option.code in places}
    beside = [french(f"{cell.label} : {_number(cell)}") for cell in cells if cell.option.code not in places]
    who = capitalised(unit(released).plural)
    pairs = [(cell.label, _number(cell)) for cell in ordered(cells)]
    kind = "carte en tuiles, une par région, avec son effectif"
    return finish(
        released,
        id,
        lambda width: draw_tiles(tiles, look, width, unit=who, beside=beside, synthetic=released.synthetic),
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative(kind, caption, pairs, synthetic=released.synthetic),
        lines=lines,
        data=cell_rows(variable.id, cells),
        grid=as_grid("Réponse", [who], [(cell.label, [cell]) for cell in ordered(cells)]),
    )


def _number(cell: Cell) -> str:
    return WITHHELD if cell.count is None else integer_text(cell.count)
