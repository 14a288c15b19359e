"""Tables of numeric questions.

Belongs here: median, quartiles, mean and score of a question, in rows. Does not: tables of shares (`tables`).
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.artefacts import make
from synthese.codebook import Variable
from synthese.disclosure import Estimate, Released
from synthese.editorial import notes
from synthese.editorial.grid import Align, Box, Grid, csv_bytes
from synthese.editorial.piece import CSV, TABLE, Piece, withheld
from synthese.editorial.reading import RESULT_WITHHELD, WITHHELD, unit
from synthese.editorial.weights import weighted_note
from synthese.editorial.wording import QUARTILES, median_told, places, quartiles_told, who
from synthese.formatting import capitalised, decimal_text, french, integer_text

_NUMBERS = (
    ("median", "Médiane"),
    ("quantile_25", "Premier quartile"),
    ("quantile_75", "Troisième quartile"),
    ("mean", "Moyenne"),
)
_SCORE = (("nps", "Score de recommandation (NPS)"),)
_SCORE_NOTE = "Note : NPS, part des notes 9 et 10 moins part des notes 0 à 6, en points."


def _range(released: Released, row: Estimate, digits: int) -> str:
    """Interval of a mean or a quantile in a probability sample, empty where there is none."""
    if released.design != "probability" or row.value is None or row.ci_low is None or row.ci_high is None:
        return ""
    return f"{decimal_text(row.ci_low, digits)} {'à' if row.ci_low < 0 else '–'} {decimal_text(row.ci_high, digits)}"


def number_table(
    released: Released,
    id: str,
    question: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    extra_notes: Sequence[str] = (),
    universe: str | None = None,
) -> Piece:
    """Table of a numeric question: median, quartiles and mean; see `tables.question_table`.

    One decimal, but for quartiles that are all whole, of a question that counts things.
    """
    variable = released.variable(question)
    asked = _NUMBERS + _SCORE if variable.question.nps else _NUMBERS
    found = [(name, released.estimate(question, statistic=statistic, universe=universe)) for statistic, name in asked]
    base = next((row.base for _, row in found if row.base is not None), None)
    caption = notes.title_with_n(title or variable.label, base)
    if base is None:
        return withheld(
            released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=notes.composed(notes.source(released))
        )
    unit_name = french(variable.question.unit or "Valeur")
    whole = places(released, question, universe=universe)
    digits = [whole if row.statistic in QUARTILES else 1 for _, row in found]
    ranges = [_range(released, row, number) for (_, row), number in zip(found, digits, strict=True)]
    body: list[tuple[Box, ...]] = [
        (Box(name), Box(WITHHELD if row.value is None else decimal_text(row.value, number)))
        for (name, row), number in zip(found, digits, strict=True)
    ]
    body.append((Box(capitalised(unit(released).plural)), Box(integer_text(base))))
    head: tuple[Box, ...] = (Box("Indicateur"), Box(capitalised(unit_name)))
    if any(ranges):
        head = (*head, Box(french(f"Intervalle à {notes.confidence_text(released)}")))
        body = [(*row, Box(text)) for row, text in zip(body, [*ranges, ""], strict=True)]
    align: tuple[Align, ...] = ("left", "right", "right")
    grid = Grid((head,), tuple(body), align[: len(head)])
    values = [row.value for _, row in found]
    reading = _number_reading(released, variable, values, whole, universe, title or "")
    field = notes.champ_number(released, variable, base, universe)
    hidden = notes.HIDDEN if None in values else None
    weighted = weighted_note(released) if released.wave_settings.weighted else None
    design = notes.design_note(released, intervals=any(ranges))
    score = _SCORE_NOTE if variable.question.nps else None
    lines = notes.composed(reading, field, score, weighted, hidden, design, notes.source(released), extra=extra_notes)
    made = make(
        released,
        id=id,
        kind="table",
        payloads={TABLE: grid.json(), CSV: csv_bytes(*grid.flat())},
        caption=caption,
        subtitle=subtitle,
        notes=lines,
    )
    return Piece(made, grid)


def _number_reading(
    released: Released,
    variable: Variable,
    values: Sequence[float | None],
    digits: int,
    universe: str | None,
    title: str,
) -> str | None:
    """Read the median aloud, or the other quartiles where the title tells it."""
    median, low, high = values[:3]
    among, measure = who(released, variable, universe=universe), variable.question.unit
    told = None if median is None else median_told(among, median, digits, measure)
    if told is not None and capitalised(french(told)) in french(title):
        told = None if low is None or high is None else quartiles_told(among, low, high, digits, measure)
    return None if told is None else f"Lecture : {told}."
