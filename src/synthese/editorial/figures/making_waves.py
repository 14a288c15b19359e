"""A question over the waves: from released numbers to a figure.

Belongs here: which waves may be drawn together, with their words and data. Does not: whether two waves compare
(`synthese.editorial.waves`), layouts.
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand, read_brand
from synthese.editorial.figures.canvas import Sheet
from synthese.editorial.figures.choosing import choose
from synthese.editorial.figures.dots import Row, draw_dots
from synthese.editorial.figures.finish import as_grid, finish
from synthese.editorial.figures.slopes import Slope, draw_slopes
from synthese.editorial.piece import Piece
from synthese.editorial.reading import ordered
from synthese.editorial.tables import cell_rows, two_waves
from synthese.editorial.waves import Change
from synthese.formatting import points_text

CHARTS = ("slopes", "dots")


def evolution_figure(
    released: Released,
    id: str,
    question: str,
    reference: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    chart: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw two waves side by side: a line an answer, or a ring and a disc.

    Parameters
    ----------
    reference : str
        Id of the earlier wave; see `question_figure` for the others.
    chart : str, optional
        ``slopes`` (the usual one) or ``dots``.

    Returns
    -------
    Piece
        When the codebook forbids the comparison, a line that gives its reason.

    Raises
    ------
    SyntheseError
        ``unfit-chart``: see `question_figure`.
    """
    name = choose(chart, CHARTS, f"{question} over the waves")
    waves = two_waves(released, id, question, reference, title)
    if isinstance(waves, Piece):
        return waves
    found, caption = waves
    order = {cell.option.code: i for i, cell in enumerate(ordered([change.later for change in found]))}
    rows = sorted(found, key=lambda change: order[change.later.option.code])
    look = brand or read_brand()
    marked = notes.synthetic(released, reference)
    pairs = [(c.later.label, _told(c, reference, released.wave)) for c in rows]
    names = [reference, released.wave]

    def draw(width: float) -> Sheet:
        if name == "dots":
            drawn = [Row(change.later.label, (change.earlier, change.later)) for change in rows]
            return draw_dots(drawn, names, look, width, synthetic=marked)
        lines = [Slope(c.later.label, (c.earlier, c.later), _gap(c, ""), other=c.later.option.other) for c in rows]
        return draw_slopes(lines, names, look, width, synthetic=marked)

    data: list[tuple[object, ...]] = []
    for wave, cells in (
        (reference, [change.earlier for change in rows]),
        (released.wave, [change.later for change in rows]),
    ):
        data += [(line[0], wave, *line[2:]) for line in cell_rows(question, cells)]
    return finish(
        released,
        id,
        draw,
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative("pentes" if name == "slopes" else "points", caption, pairs, synthetic=marked),
        lines=notes.change_notes(released, question, found, reference, extra_notes),
        data=data,
        grid=as_grid("Réponse", names, [(c.later.label, (c.earlier, c.later)) for c in rows]),
    )


def _gap(change: Change, otherwise: str) -> str:
    return otherwise if change.difference is None else points_text(change.difference)


def _told(change: Change, reference: str, wave: str) -> str:
    """Write both shares, and the gap where it is released."""
    gap = _gap(change, "")
    return f"{change.earlier.text} en {reference}, {change.later.text} en {wave}" + (f", écart : {gap}" if gap else "")
