"""Ordered answers: known scales in French and English, numbers and ranges.

Belongs here: telling that options have an order, and which. Does not: what is an option (`texts`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthese.cleaning.normal import normalise

# Lowest first. Two writings of one step share a place.
_SCALES: tuple[tuple[str, ...], ...] = (
    ("pas du tout", "pas vraiment|plutôt pas|plutôt non", "moyennement", "plutôt|plutôt oui", "tout à fait"),
    ("non, pas du tout", "non, plutôt pas|plutôt non|non, pas vraiment", "plutôt oui|oui, plutôt|oui, un peu",
     "oui, tout à fait|oui, beaucoup"),
    ("non", "plutôt non|probablement pas", "peut-être|je ne sais pas encore", "plutôt oui|probablement",
     "oui|certainement"),
    ("pas du tout d'accord", "pas d'accord|plutôt pas d'accord", "ni d'accord ni pas d'accord|neutre",
     "d'accord|plutôt d'accord", "tout à fait d'accord"),
    ("pas du tout satisfait|très insatisfait", "peu satisfait|plutôt pas satisfait|insatisfait",
     "ni satisfait ni insatisfait|moyennement satisfait|neutre", "plutôt satisfait|assez satisfait|satisfait",
     "très satisfait|tout à fait satisfait"),
    ("pas du tout", "un peu|peu", "moyennement|assez", "beaucoup", "énormément"),
    ("pas du tout important", "peu important", "moyennement important", "assez important|plutôt important|important",
     "très important", "essentiel|indispensable"),
    ("pas du tout utile|inutile", "peu utile", "moyennement utile", "plutôt utile|assez utile|utile", "très utile"),
    ("jamais", "très rarement", "rarement", "parfois|de temps en temps|occasionnellement", "régulièrement",
     "souvent", "très souvent", "toujours|systématiquement"),
    ("jamais", "moins souvent|plus rarement", "une fois par an|tous les ans|chaque année",
     "plusieurs fois par an", "une fois par mois|tous les mois|chaque mois", "plusieurs fois par mois",
     "une fois par semaine|toutes les semaines|chaque semaine", "plusieurs fois par semaine",
     "tous les jours|chaque jour|quotidiennement"),
    ("très insuffisant", "insuffisant", "suffisant", "très suffisant"),
    ("très mauvais|très mauvaise", "mauvais|mauvaise", "moyen|moyenne|passable", "bon|bonne|bien",
     "très bon|très bonne|très bien", "excellent|excellente"),
    ("très faible", "faible", "moyen|moyenne|modéré|modérée", "fort|forte|élevé|élevée", "très fort|très forte"),
    ("strongly disagree", "disagree|somewhat disagree", "neither agree nor disagree|neutral|undecided",
     "agree|somewhat agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied|somewhat dissatisfied", "neither satisfied nor dissatisfied|neutral",
     "satisfied|somewhat satisfied", "very satisfied"),
    ("very unfavorably", "somewhat unfavorably", "neither favorably nor unfavorably (neutral)", "somewhat favorably",
     "very favorably"),
    ("very unlikely", "unlikely|somewhat unlikely", "neutral|neither likely nor unlikely", "likely|somewhat likely",
     "very likely"),
    ("never", "rarely|seldom", "sometimes|occasionally", "often|frequently", "very often", "always"),
    ("never", "less often", "yearly|annually|once a year", "quarterly", "monthly|once a month", "weekly|once a week",
     "several times a week", "daily|every day"),
    ("not important|not at all important", "slightly important", "somewhat important|moderately important",
     "important", "very important", "extremely important|critical|essential"),
    ("horrible|very bad|terrible|very poor", "bad|poor", "ok|okay|average|fair|neutral", "good", "very good",
     "excellent"),
    ("no|definitely not", "probably not", "maybe|not sure", "probably", "yes|yes, definitely|definitely"),
    ("not at all", "a little|slightly", "somewhat|moderately", "a lot|very much|very", "extremely"),
    ("none", "low", "medium", "high"),
)  # fmt: skip

_INCLUSIVE = re.compile(r"·\w+(?:·\w+)?|\(\w{1,3}\)")
_NUMBER = re.compile(r"\d[\d\s.,\u00a0\u202f]*")
_RANGE = re.compile(
    r"(?P<less>moins d['e]|<|≤|jusqu['’]à|less than|under|up to|fewer than)?\s*[$€£]?\s*(?P<low>\d[\d\s.,]*)\s*[$€£%]?"
    r"(?:\s*(?:-|à|to|et)\s*[$€£]?\s*\d[\d\s.,]*)?\s*(?P<more>\+|et plus|ou plus|and more|or more)?\s*(?P<unit>[^\d]*)"
)
_MORE = re.compile(r"(?:plus d['e]|>|≥|au moins|au-delà d['e]|more than|over|at least)\s*")


def _plain(label: str) -> str:
    """Bring a label to the form in which it is looked up: no inclusive ending, no final punctuation."""
    return _INCLUSIVE.sub("", normalise(label)).rstrip("!. ").strip()


def order_of(labels: Sequence[str]) -> tuple[str, list[int]] | None:
    """Find the order of options.

    Parameters
    ----------
    labels : sequence of str
        Options, « Autre » and « Ne sait pas » left out; no two alike.

    Returns
    -------
    tuple of str and list of int, or None
        What was recognised, in French, and the labels' places, lowest first; None where no order shows.
    """
    if len(labels) < 3:
        return None
    plain = [_plain(label) for label in labels]
    for scale in _SCALES:
        place = {word: step for step, words in enumerate(scale) for word in words.split("|")}
        steps = [place.get(word) for word in plain]
        known = [step for step in steps if step is not None]
        if len(known) == len(labels) == len(set(known)):
            return "échelle reconnue", sorted(range(len(labels)), key=lambda i: known[i])
    numbers = [_place(word) for word in plain]
    found = [number for number in numbers if number is not None]
    if len(found) == len(labels) == len(set(found)):
        whole = all(_NUMBER.fullmatch(word) for word in plain)
        what = "nombres" if whole else "tranches"
        return what, sorted(range(len(labels)), key=lambda i: found[i])
    return None


def _place(word: str) -> tuple[float, int] | None:
    """Where a number or a range of numbers stands: its lower end, and whether it is open below or above."""
    more = _MORE.match(word)
    match = _RANGE.fullmatch(word[more.end() :] if more else word)
    if match is None or len(match["unit"]) > 20 or re.match(r"0\d", match["low"]):
        return None
    low = float(re.sub(r"[\s,]", "", match["low"]).rstrip(".") or 0)
    return low, -1 if match["less"] else int(more is not None or bool(match["more"]))
