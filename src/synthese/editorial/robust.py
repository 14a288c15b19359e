"""Headlines under variants: in how many each holds, and the range, as a line of text and as a table.

Belongs here: the words of the verdict. Does not: the verdict, or whether a range may be shown (`synthese.disclosure`).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from synthese.artefacts import make
from synthese.codebook import Headline, Variants, nearest
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.facts import Ref, look_up
from synthese.editorial.grid import Box, Grid, csv_bytes
from synthese.editorial.piece import CSV, TABLE, Piece, withheld
from synthese.editorial.reading import unit
from synthese.errors import SyntheseError
from synthese.formatting import french, integer_text, joined, share_percent_text

NONE = "Aucun résultat n’a été recalculé sous d’autres choix."
NOT_TRIED = "Robustesse non présentée : base trop petite, ou résultat non diffusé."
_HEAD = ("Résultat", "Part publiée", "En mots", "Tient dans", "Étendue")
_WIDER = "n. d."


def _rows(released: Released) -> dict[str, dict[str, Any]]:
    """Released headlines of the wave, by id."""
    frame = released.robustness
    frame = frame.loc[frame["headline"].notna() & frame["reference_wave"].isna() & frame["status"].eq("released")]
    rows = [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]
    return {str(row["headline"]): row for row in rows}


def _range(row: dict[str, Any]) -> str | None:
    """Write a range; None where it is withheld."""
    if row["low"] is None or row["high"] is None:
        return None
    low, high = share_percent_text(row["low"]), share_percent_text(row["high"])
    return f"{low} dans toutes" if low == high else f"de {low} à {high}"


def line(released: Released, id: str, headline: str) -> Piece:
    """Say in one line in how many variants a headline holds: « tient dans 11 variantes sur 12 (de 81 % à 88 %) ».

    Raises
    ------
    SyntheseError
        The codebook has no such headline.
    """
    known = [one.id for one in released.codebook.headlines]
    if headline not in known:
        raise SyntheseError.of("unknown-headline", f"no headline {headline!r}", fix=nearest(headline, known))
    row = _rows(released).get(headline)
    if row is None:
        return Piece(make(released, id=id, kind="sentence", text=french(NOT_TRIED), status="too_small"))
    span = _range(row)
    holds = _holds(row).replace(" sur ", " de calcul sur ")
    text = f"Ce résultat tient dans {holds}" + (f" ({span})." if span else ".")
    return Piece(make(released, id=id, kind="sentence", text=french(text)))


def table(released: Released, id: str) -> Piece:
    """Tabulate every headline of the wave; a line in its place where there is none."""
    caption = "Résultats mis en avant, recalculés sous d’autres choix"
    declared = {one.id: one for one in released.codebook.headlines}
    found = [(declared[name], row) for name, row in _rows(released).items() if name in declared]
    if not found:
        text = french(NOT_TRIED if declared else NONE)
        return withheld(released, id, caption=french(caption), text=text, notes=(notes.source(released),))
    body: list[tuple[str, ...]] = []
    data: list[tuple[object, ...]] = []
    bases: list[int] = []
    for headline, row in found:
        share = look_up(released, Ref(headline.question, headline.option, headline.by, headline.group))
        bases.append(share.estimate.base or 0)
        span, called = _range(row), share.form("quantity") or ""
        body.append((headline.title, share.form("percent") or "", called, _holds(row), span or _WIDER))
        data.append((headline.id, row["held"], row["computed"], row["low"], row["high"]))
    grid = Grid(
        head=(tuple(Box(text) for text in _HEAD),),
        body=tuple(tuple(Box(french(text)) for text in cells) for cells in body),
        align=("left", "right", "left", "right", "right"),
    )
    low, high = integer_text(min(bases)), integer_text(max(bases))
    size = f"n = {low}" if low == high else f"n = {low} à {high}"
    lines = notes.composed(
        _reading(body),
        f"Champ : {unit(released).plural} à la question dont chaque résultat est tiré, {size}.",
        *_lines(released, [headline for headline, _ in found], all(_range(row) for _, row in found)),
        notes.source(released),
    )
    payloads = {TABLE: grid.json(), CSV: csv_bytes(("resultat", "tient", "variantes", "bas", "haut"), data)}
    made = make(released, id=id, kind="table", payloads=payloads, caption=french(f"{caption} ({size})"), notes=lines)
    return Piece(made, grid)


def _holds(row: dict[str, Any]) -> str:
    return f"{integer_text(row['held'])} variante{'s' * (row['held'] > 1)} sur {integer_text(row['computed'])}"


def _reading(body: list[tuple[str, ...]]) -> str:
    """Read the first line that has a range aloud; the first one where none has."""
    title, percent, called, holds, span = next((cells for cells in body if cells[-1] != _WIDER), body[0])
    named = f" ({called})" if called else ""
    over = "" if span == _WIDER else f" ; selon la variante, la part va {span}" if span.startswith("de ") else ""
    return f"Lecture : « {title} », {percent}{named} : la même expression s’applique dans {holds}{over}."


def _lines(released: Released, headlines: list[Headline], every: bool) -> list[str]:
    """Say what a variant is, which ones there are, and why a range may be absent."""
    weighted = released.wave_settings.weight is not None
    said = joined(list(dict.fromkeys(what for one in headlines for what in choices(one.variants, weighted=weighted))))
    lines = [
        "Note : chaque résultat est recalculé sous toutes les combinaisons de choix fixés avant la lecture des "
        f"réponses : {said}. Il tient là où la même expression en mots s’applique. Le choix publié est l’une des "
        "variantes ; celles qui comptent les mêmes réponses n’en font qu’une.",
    ]
    if not every:
        lines.append(
            f"Note : {_WIDER} = étendue non diffusée : trop peu de variantes, ou quelques réponses s’en déduiraient."
        )
    return lines


def choices(variants: Variants, *, weighted: bool) -> list[str]:
    """Name the choices of a headline in French, as parts of an enumeration."""
    said = []
    if variants.without_weights and weighted:
        said.append("sans pondération")
    parts = [share_percent_text(part) for part in sorted(variants.answered_at_least) if part < 1]
    if parts:
        said.append(f"seulement les questionnaires remplis à {joined(parts, 'ou')} au moins")
    if 1 in variants.answered_at_least:
        said.append("seulement ceux remplis en entier" if parts else "seulement les questionnaires remplis en entier")
    if variants.dont_know_in_base:
        said.append("« ne sait pas » compté dans la base")
    if variants.non_response_in_base:
        said.append("non-réponses comptées dans la base")
    if variants.counted:
        said.append("réponses regroupées autrement")
    return said
