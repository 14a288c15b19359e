"""Identities and texts that belong to nobody.

Belongs here: names, addresses and sentences for simulated answers. Addresses are on example.org (RFC 2606),
telephone numbers in the range that Arcep keeps for fiction (01 99 00), IP addresses in TEST-NET-1 (RFC 5737).
"""

from __future__ import annotations

import re

import numpy as np

from synthese.codebook import Question

_FIRST = ("Camille", "Dominique", "Claude", "Sacha", "Alix", "Maxime", "Charlie", "Noa", "Lou", "Eden")
_LAST = ("Exemple", "Fictif", "Modèle", "Essai", "Spécimen", "Témoin", "Échantillon")
_COMMENTS = (
    "Merci pour cette enquête.",
    "Le calendrier est serré ; un rappel serait utile.",
    "Rien à ajouter.",
    "Nous avons répondu « au mieux », les situations étant diverses.",
    "Questionnaire clair, un peu long.",
    "À suivre lors d’une prochaine rencontre,\navec les partenaires.",
    "Certaines questions s’appliquent mal à notre cas ; précisions possibles par téléphone.",
)
_OTHERS = (
    "Selon les situations",
    "Une combinaison de plusieurs réponses",
    "À préciser avec les partenaires",
    "Cas particulier, non listé",
    "Variable d’un territoire à l’autre",
)
_EMAIL = re.compile(r"mail|courriel", re.IGNORECASE)
_PHONE = re.compile(r"t[ée]l[ée]phone|phone|mobile", re.IGNORECASE)
_PERSON = re.compile(r"pr[ée]nom|contact|personne|first name", re.IGNORECASE)


def identity(question: Question, number: int) -> str:
    """Answer of respondent ``number`` to a question that identifies: e-mail, telephone, person or structure."""
    if _EMAIL.search(question.text):
        return f"contact{number}@structure-{number}.example.org"
    if _PHONE.search(question.text):
        return f"01 99 00 {number // 100 % 100:02d} {number % 100:02d}"
    if question.role == "contact" or _PERSON.search(question.text):
        return f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}"
    return f"Structure fictive n° {number}"


def address(number: int) -> str:
    """IP address that routes nowhere."""
    return f"192.0.2.{number % 254 + 1}"


def comments(rng: np.random.Generator, size: int, texts: tuple[str, ...]) -> list[str]:
    """Neutral texts for an open question."""
    return [str(text) for text in rng.choice(np.array(texts or _COMMENTS, dtype=object), size)]


def others(rng: np.random.Generator, size: int, texts: tuple[str, ...]) -> list[str]:
    """Neutral texts for « Autre »."""
    return [str(text) for text in rng.choice(np.array(texts or _OTHERS, dtype=object), size)]
