"""Columns that identify someone, told by their header and by their values.

Belongs here: patterns of names, addresses and numbers, in French and English. Does not: what is done with such
a column (`guessing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from synthese.cleaning.normal import normalise

Role = Literal["identifier", "contact"]

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?!\d+\.\d+$)(?:\+|\()?\d(?:[\s.\-/()]{0,2}\d){8,13}")  # not a weight of many decimals
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}", re.IGNORECASE)
_LINK = re.compile(
    r"(?:https?://|www\.)\S*(?:linkedin|facebook|twitter|x\.com|mastodon|github)\S*|@\w{3,}", re.IGNORECASE
)
_WITHIN = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?:\+|\b)\d(?:[\s.\-/]?\d){8,}")
# Two or three capitalised words, or one of them all in capitals: « Ada Lovelace », « LOVELACE Ada ».
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’\-]+|[A-ZÀ-ÖØ-Þ'’\-]{2,})(?: (?:de |du |d['’]|van |von )?[A-ZÀ-ÖØ-Þ][\w'’\-]+){1,2}"
)
_SURE = re.compile(
    r"\be-?mails?\b|courriel|adresse (?:mail|électronique|postale)|\b(?:pré)?noms?\b|"
    r"\b(?:first|last|full|family|given|user) ?names?\b|\byour name\b|^name$|date de naissance|date of birth|"
    r"adresse ip|\bip address\b|num[ée]ro de s[ée]curit[ée] sociale|signature",
    re.IGNORECASE,
)
_MAIL_WORD = re.compile(r"e-?mail|courriel|adresse", re.IGNORECASE)
_PERHAPS = re.compile(
    r"t[ée]l[ée]phone|\bt[ée]l\b|\bphone\b|\bmobile\b|coordonn[ée]es|\bcontacts?\b|\baddress\b|\badresse\b|"
    r"code postal|\bzip code\b|\bpostcode\b",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"noms? (?:de|du) (?:la |votre |l['’])?(?:structure|organis|association|entreprise|collectivit|projet|tiers|lieu)|"
    r"raison sociale|\bsiret\b|\bsiren\b|organi[sz]ation(?:['’]s)? name|company name|"
    r"name of (?:your |the )?(?:organi|company|employer|lab|institution)",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"fonction|accept|souhait|consent|combien|nombre|how many|how often|prefer|préf[ée]r|agree to|would you",
    re.IGNORECASE,
)
_YES_NO = {"oui", "non", "yes", "no", "true", "false", "vrai", "faux", "peut-être", "maybe"}
_MOSTLY, _DIFFERENT = 0.5, 0.8


def reaches(text: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number."""
    return bool(_WITHIN.search(text))


def may_name(text: str) -> bool:
    """Whether a text given once may be somebody's name."""
    return bool(_NAME.fullmatch(text.strip()))


def told_by(header: str, given: Sequence[str], *, closed: bool) -> tuple[Role, str] | None:
    """Tell whether a column identifies someone, and how that shows.

    Parameters
    ----------
    header : str
        Its title.
    given : sequence of str
        Its values, blanks left out.
    closed : bool
        Whether the values are a few that are given again and again.

    Returns
    -------
    tuple of str and str, or None
        Role, and the evidence in French, which quotes no value.
    """
    kinds = (
        (_MAIL, "adresses e-mail"),
        (_PHONE, "numéros de téléphone"),
        (_IP, "adresses IP"),
        (_LINK, "comptes ou pages personnelles"),
    )
    for pattern, what in kinds:
        if given and sum(bool(pattern.fullmatch(text.strip())) for text in given) >= _MOSTLY * len(given):
            return "contact", f"les valeurs sont des {what}"
    if _IDENTIFIER.search(header):
        return "identifier", "l’intitulé désigne une structure"
    words = {normalise(text) for text in given}
    about_mail = closed and bool(_MAIL_WORD.search(header)) and not any("@" in text for text in given)
    if _SURE.search(header) and not _FUNCTION.search(header) and not words & _YES_NO and not about_mail:
        return "contact", "l’intitulé désigne une personne ou ses coordonnées"
    if _PERHAPS.search(header) and not _FUNCTION.search(header) and not closed:
        return "contact", "l’intitulé désigne des coordonnées"
    different = len(words) >= _DIFFERENT * len(given)
    if len(given) >= 5 and different and sum(may_name(text) for text in given) >= 0.6 * len(given):
        return "contact", "les valeurs ressemblent à des noms de personnes"
    return None
