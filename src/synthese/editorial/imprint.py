"""Who publishes a report, and under which terms: its « ours », and the number of answers that its cover sets large.

Belongs here: sentences from the study's settings that no estimate enters. Does not: how to cite (`rendering.metadata`,
which knows the version that is printed) or how the numbers came to be (`method`).
"""

from __future__ import annotations

from synthese.artefacts import make
from synthese.cleaning import Counts
from synthese.disclosure import Released
from synthese.editorial.piece import Piece
from synthese.formatting import date_text, french, integer_text, joined

PRIVACY = (
    "Aucune donnée personnelle n’est publiée : les réponses individuelles restent chez l’équipe de l’étude, "
    "et seuls des résultats agrégés, passés par la règle de confidentialité, sont diffusés."
)


def _stop(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def publisher(released: Released, id: str) -> Piece:
    """Say who publishes, directs, wrote and answers for the report; what the settings leave out is left out."""
    settings, wave = released.settings, released.wave_settings
    contact = settings.contact
    named = f"{contact.role}, {contact.organisation}" if contact.organisation else contact.role
    parts = [
        f"Éditeur : {settings.publisher}" if settings.publisher else None,
        f"Direction de la publication : {settings.publication_director}" if settings.publication_director else None,
        f"Étude et rédaction : {joined(list(settings.authors))}" if settings.authors else None,
        f"Contact : {named}",
        f"Hébergement : {settings.host}" if settings.host else None,
        f"Version {settings.version}"
        + (f", données arrêtées au {date_text(wave.field_work.end)}" if wave.field_work.known else ""),
    ]
    text = " ".join(_stop(part) for part in parts if part)
    return Piece(make(released, id=id, kind="sentence", text=french(text)))


def terms(released: Released, id: str) -> Piece:
    """Say the licence, who paid and what becomes of personal data; what the settings leave out is left out."""
    settings = released.settings
    parts = [
        f"Licence : {settings.licence}" if settings.licence else None,
        f"Financement : {settings.funding}" if settings.funding else None,
        f"Données personnelles : {settings.privacy or PRIVACY}",
    ]
    text = " ".join(_stop(part) for part in parts if part)
    return Piece(make(released, id=id, kind="sentence", text=french(text)))


def kept(released: Released, id: str, counts: Counts) -> Piece:
    """Write the number of answers that count, alone: the cover sets it large."""
    return Piece(make(released, id=id, kind="value", text=integer_text(counts.kept)))
