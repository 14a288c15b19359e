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
from synthese.editorial.wording import QUARTILES, median_told, places, quartiles_told, who
from synthese.formatting import capitalised, decimal_text, french, integer_text


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
    rows = [released.estimate(variable.id, statistic=name, universe=universe) for name in QUARTILES]
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
    digits = places(released, variable.id, universe=universe)
    among = who(released, variable, universe=universe)
    told = median_told(among, median, digits, variable.question.unit)
    if capitalised(french(told)) in french(title or ""):
        told = quartiles_told(among, low, high, digits, variable.question.unit)
    else:
        told += f" ; la moitié centrale, de {decimal_text(low, digits)} à {decimal_text(high, digits)}"
    lines = notes.composed(
        f"Lecture : {told}.",
        notes.champ_number(released, variable, base, universe),
        "Note : barre du premier au troisième quartile, trait à la médiane ; les extrêmes ne sont pas montrés.",
        weighted_note(released) if released.wave_settings.weighted else None,
        notes.design_note(released, intervals=False),
        source,
        extra=extra_notes,
    )
    texts = [decimal_text(value, digits) for value in values]
    pairs = [(name, f"{text} {measured}".rstrip()) for name, text in zip(NAMES, texts, strict=True)]
    body = [(Box(name), Box(text)) for name, text in zip(NAMES, texts, strict=True)]
    body.append((Box(capitalised(unit(released).plural)), Box(integer_text(base))))
    grid = Grid(((Box("Indicateur"), Box(capitalised(measured or "valeur"))),), tuple(body), ("left", "right"))
    data: list[tuple[object, ...]] = [
        (variable.id, None, name, label, None, base, f"{value:.6f}", row.status)
        for name, label, value, row in zip(QUARTILES, NAMES, values, rows, strict=True)
    ]
    return finish(
        released,
        id,
        lambda width: draw_quartiles(
            (low, median, high), brand, width, unit=measured, digits=digits, synthetic=released.synthetic
        ),
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative("barre des quartiles", caption, pairs, synthetic=released.synthetic),
        lines=lines,
        data=data,
        grid=grid,
    )
