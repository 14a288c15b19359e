"""What the method page says of a wave: collection, answers kept, how to read, confidentiality, words.

Belongs here: pieces about how the numbers came to be, written from the settings and from cleaning's counts.
Does not: results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthese.artefacts import make
from synthese.cleaning import Counts
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.grid import Align, Box, Grid, csv_bytes
from synthese.editorial.piece import CSV, TABLE, Piece, withheld
from synthese.editorial.reading import unit as noun
from synthese.editorial.tested import families_told
from synthese.editorial.weights import Weighed, drawing_told, weights_told
from synthese.formatting import (
    DEFAULT_BANDS,
    capitalised,
    date_text,
    french,
    integer_text,
    joined,
    lowered,
    percent_text,
)

_DROPPED: Mapping[str, str] = {
    "draft": "brouillons écartés",
    "empty": "réponses vides écartées",
    "trial": "réponses d’essai écartées",
    "too-few-answers": "réponses trop incomplètes écartées",
    "must-answer": "réponses sans l’une des questions indispensables écartées",
    "duplicate": "doublons écartés",
}
SYNTHETIC = "Ces réponses sont synthétiques : elles ont été tirées au hasard pour montrer la méthode."


def _sentence(released: Released, id: str, *sentences: str | None) -> Piece:
    text = " ".join(sentence for sentence in sentences if sentence)
    return Piece(make(released, id=id, kind="sentence", text=french(text)))


def _align(columns: int) -> tuple[Align, ...]:
    numbers: list[Align] = ["right"] * (columns - 1)
    return ("left", *numbers)


def _table(
    released: Released,
    id: str,
    caption: str,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    lines: tuple[str, ...] | None = None,
) -> Piece:
    grid = Grid(
        head=(tuple(Box(text) for text in head),),
        body=tuple(tuple(Box(text) for text in row) for row in rows),
        align=_align(len(head)),
    )
    return Piece(
        make(
            released,
            id=id,
            kind="table",
            payloads={TABLE: grid.json(), CSV: csv_bytes(head, rows)},
            caption=french(caption),
            notes=notes.composed(*(lines or (notes.source(released),))),
        ),
        grid,
    )


def opening(released: Released, id: str, counts: Counts) -> Piece:
    """Say in two sentences when the questionnaire was open and how many answered; and that data are synthetic."""
    wave, unit = released.wave_settings, released.settings.unit
    return _sentence(
        released,
        id,
        f"Le questionnaire ({lowered(wave.title)}) a été ouvert {wave.field_work.opened} : "
        f"{integer_text(counts.kept)} {unit.plural} y ont répondu.",
        SYNTHETIC if wave.synthetic else None,
    )


def collection(released: Released, id: str, counts: Counts) -> Piece:
    """Say who was invited, through what, when, with which reminders, and what became of the answers."""
    wave, unit = released.wave_settings, released.settings.unit
    field = wave.field_work
    reminders = joined([date_text(day) for day in field.reminders])
    if wave.invited is None:
        invited = f"Le nombre de {unit.plural} {noun(released).agree('touché', 2)} n’est pas connu."
    else:
        invited = f"{integer_text(wave.invited)} {unit.plural} ont été {noun(released).agree('invité', wave.invited)}"
        census = f" (taux de réponse : {percent_text(counts.kept, wave.invited)})" if wave.design == "census" else ""
        invited += f"{census}."
    return _sentence(
        released,
        id,
        f"Diffusion : {lowered(wave.channel.rstrip('.'))}.",
        f"Le questionnaire a été ouvert {field.opened}"
        + (f", avec des relances ({reminders})." if len(field.reminders) > 1 else "")
        + (f", avec une relance ({reminders})." if len(field.reminders) == 1 else "")
        + ("." if not field.reminders else ""),
        invited,
        f"{integer_text(counts.received)} réponses ont été reçues et {integer_text(counts.kept)} conservées, "
        + (
            f"dont {integer_text(counts.partial)} partielles, gardées pour les questions auxquelles elles répondent."
            if counts.partial > 1
            else "dont une partielle, gardée pour les questions auxquelles elle répond."
        )
        if counts.partial
        else f"{integer_text(counts.received)} réponses ont été reçues et {integer_text(counts.kept)} conservées.",
        "L’outil n’écrit pas si une question a été affichée : une question sans filtre laissée vide compte comme "
        "non-réponse, et la base de chaque pourcentage est l’ensemble de celles et ceux qui ont répondu à la question."
        if counts.absences_alike
        else None,
        f"Une personne répond pour chaque {unit.singular}." if unit.represented else None,
        SYNTHETIC if wave.synthetic else None,
    )


def answers(released: Released, id: str, counts: Counts) -> Piece:
    """Table of the answers received, left out by reason, and kept."""
    rows = [("réponses reçues", integer_text(counts.received))]
    rows += [(_DROPPED.get(rule, rule), integer_text(number)) for rule, number in counts.dropped.items() if number]
    rows += [("réponses conservées", integer_text(counts.kept))]
    if counts.partial:
        rows.append(("dont réponses partielles", integer_text(counts.partial)))
    caption = f"Réponses reçues et conservées, {lowered(released.wave_settings.title)}"
    shown = [(capitalised(name), number) for name, number in rows]
    return _table(released, id, caption, ("Réponses", "Effectif"), shown)


def reading(released: Released, id: str, weighed: Weighed | None = None) -> Piece:
    """Say what the design allows to conclude, as the notes do under each figure, and how answers are weighted."""
    design = notes.design_note(released).removeprefix("Note : ")
    base = released.settings.disclosure.percentage_base
    return _sentence(
        released,
        id,
        capitalised(design),
        *(drawing_told(released, weighed) + weights_told(released, weighed) if weighed is not None else ()),
        families_told(released),
        f"Un pourcentage est donné à partir d’une base de {base} ; au-dessous, seuls les effectifs le sont."
        if base > 1
        else None,
    )


def confidentiality(released: Released, id: str) -> Piece:
    """State the rules of publication that were applied."""
    rules, unit = released.settings.disclosure, released.settings.unit
    first = (
        "Règle de confidentialité inspirée de celle de l’Insee pour les entreprises : aucun effectif de moins de "
        f"{rules.minimum_count} {unit.plural} n’est diffusé, ni rien qui permette de le retrouver par différence ; "
        "les totaux restent exacts."
        if rules.minimum_count > 1
        else None
    )
    return _sentence(
        released,
        id,
        first,
        f"Motif du réglage retenu : {rules.reason.rstrip('.')}." if rules.reason else None,
        f"Une question dont la base est inférieure à {rules.minimum_base} n’est pas diffusée, "
        "ni un tableau dont trop de cases seraient masquées."
        if rules.minimum_base > 1
        else None,
        "Aucune réponse personnelle ni aucun texte libre n’est publié.",
    )


def words(released: Released, id: str) -> Piece:
    """Table of the expressions used for shares, with the percentages that they stand for and how one is picked."""
    bands = DEFAULT_BANDS.with_limits(released.settings.bands.model_dump())
    rows = [(capitalised(expression), percentage) for expression, percentage in bands.rows()]
    picked = (
        "Note : la borne basse de l’intervalle de confiance désigne l’expression."
        if released.design == "probability"
        else "Note : quand une réponse de moins ferait quitter la tranche, l’expression de la tranche inférieure est "
        "employée ; « la moitié », sans « environ », se dit d’une part exacte."
    )
    few = joined([f"« {band.quantity} »" for band in bands.small])
    small = (
        f"Note : de {bands.some_from} à {bands.all_from - 1} réponses, les seules expressions sont {few}, "
        "toujours avec les effectifs ; au-dessous, il n’y en a pas."
    )
    head = ("Expression", "Part")
    return _table(released, id, "Expressions employées et pourcentages affichés", head, rows, lines=(picked, small))


def first_wave(released: Released, id: str) -> Piece:
    """Make the piece that stands where an evolution would, in the first wave."""
    text = french("Première vague du questionnaire : il n’y a pas encore d’évolution à présenter.")
    return withheld(released, id, caption="Évolution", text=text, notes=())
