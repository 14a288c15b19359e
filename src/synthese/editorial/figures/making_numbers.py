"""A numeric question: from its released quartiles to a figure.

Belongs here: reading the quartiles, their words and data. Does not: the layout (`quartiles`).
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.codebook import Variable
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand
from synthese.editorial.figures.finish import finish
from synthese.editorial.figures.quartiles import NAMES, draw_quartiles
from synthese.editorial.grid import Box, Grid
from synthese.editorial.piece import Piece, withheld
from synthese.editorial.reading import RESULT_WITHHELD, unit
from synthese.editorial.weights import weighted_note
from synthese.formatting import capitalised, decimal_text, french, integer_text

_STATISTICS = ("quantile_25", "median", "quantile_75")


def number_figure(
    released: Released,
    id: str,
    variable: Variable,
    *,
    title: str | None,
    subtitle: str,
    extra_notes: Sequence[str],
    universe: str | None,
    brand: Brand,
) -> Piece:
    """Draw the middle half of the answers and their median, where the gate released all three; see `question_figure`.

    Of a number that may be negative nothing is drawn either: its bar would begin at a 0 that means nothing.
    """
    rows = [released.estimate(variable.id, statistic=name, universe=universe) for name in _STATISTICS]
    base = next((row.base for row in rows if row.base is not None), None)
    caption = notes.title_with_n(title or variable.label, base)
    values = [row.value for row in rows if row.value is not None]
    source = notes.source(released)
    if base is None or len(values) < len(rows):
        return withheld(released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=notes.composed(source))
    if min(values) < 0:
        text = french("Figure non présentée : des réponses sont négatives, voir le tableau.")
        return withheld(released, id, caption=caption, text=text, notes=notes.composed(source))
    low, median, high = values
    measured = french(variable.question.unit or "")
    who = unit(released).plural
    among = f"{who} du champ" if universe else who
    champs = {known.id: known.champ for known in released.codebook.universes}
    field = f"{champs[universe]} et ayant répondu" if universe else who
    lines = notes.composed(
        f"Lecture : la moitié des {among} déclarent {decimal_text(median, 1)} {measured} ou moins ; "
        f"la moitié centrale, de {decimal_text(low, 1)} à {decimal_text(high, 1)}.",
        f"Champ : {field} à la question {variable.question.id}, n = {integer_text(base)}.",
        "Note : barre du premier au troisième quartile, trait à la médiane ; les extrêmes ne sont pas montrés.",
        weighted_note(released) if released.wave_settings.weighted else None,
        notes.design_note(released, intervals=False),
        source,
        extra=extra_notes,
    )
    told = [(name, f"{decimal_text(value, 1)} {measured}".rstrip()) for name, value in zip(NAMES, values, strict=True)]
    body = [(Box(name), Box(decimal_text(value, 1))) for name, value in zip(NAMES, values, strict=True)]
    body.append((Box(capitalised(who)), Box(integer_text(base))))
    grid = Grid(((Box("Indicateur"), Box(capitalised(measured or "valeur"))),), tuple(body), ("left", "right"))
    data: list[tuple[object, ...]] = [
        (variable.id, None, name, label, None, base, f"{value:.6f}", row.status)
        for name, label, value, row in zip(_STATISTICS, NAMES, values, rows, strict=True)
    ]
    return finish(
        released,
        id,
        lambda width: draw_quartiles((low, median, high), brand, width, unit=measured, synthetic=released.synthetic),
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative("barre des quartiles", caption, told, synthetic=released.synthetic),
        lines=lines,
        data=data,
        grid=grid,
    )
