"""Texts brought to one form, for matching only.

Belongs here: what makes two writings of one text equal, and the marks of a damaged one. Does not: what a
text means (`choices`, `numbers`), and any change of what is stored.
"""

from __future__ import annotations

import re
import unicodedata

_DROPPED: dict[int, str] = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")
_SAME: dict[int, str] = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ′`´", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("•⋅‧∙・", "·"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        "…": "...",
    }
)
_SPACES = re.compile(r"\s+")
_BEFORE = re.compile(r" (?=[:;!?»)\]])")
_AFTER = re.compile(r"(?<=[«(\[]) ")
# « acteur.rices » and « acteur·rices » are one writing; « 3.1 » and « etc. » are left alone.
_INCLUSIVE = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
# Tools and spreadsheets write a formula's first sign behind an apostrophe.
_GUARDED = re.compile(r"^'(?=[=+@-])")
_REQUIRED = re.compile(r"\s*\*+$")
MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u2122]|â€|Ã\u00a0")
MASK = "•••"
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE = re.compile(r"(?:\+|\b)\d(?:[\s.\-/]?\d){8,}")
_LONGEST_SHOWN = 80


def normalise(text: str) -> str:
    """Bring a text to the form in which two writings of it are equal.

    NFC; one apostrophe, one dash, one median dot (a point between letters counts as one); every space a
    plain one, none doubled, none before ``: ; ! ? » )`` or after ``« (``; ``…`` as three points; no
    zero-width character; no ``*`` of a required question at the end; no apostrophe before a formula's first
    sign; no case.
    """
    text = unicodedata.normalize("NFC", text.translate(_DROPPED)).translate(_SAME)
    text = _GUARDED.sub("", _SPACES.sub(" ", text).strip())
    text = _AFTER.sub("", _BEFORE.sub("", text))
    return _INCLUSIVE.sub("·", _REQUIRED.sub("", text)).casefold()


def blank(text: str) -> bool:
    """Whether a cell holds nothing but spaces and zero-width characters."""
    return not text.translate(_DROPPED).strip()


def identity(text: str) -> str:
    """Form in which two identifying answers (name, e-mail, telephone) of one respondent are equal.

    An e-mail without case; a telephone number as its digits (``+33`` as ``0``); anything else as words
    without accents, punctuation or case.
    """
    text = text.translate(_DROPPED).strip()
    if "@" in text:
        return _SPACES.sub("", text).casefold()
    if text and re.fullmatch(r"[\d\s.+()/\-]+", text):
        digits = re.sub(r"\D", "", text)
        return "0" + digits[2:] if text.startswith("+33") else digits
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", plain))


def mended(text: str) -> str | None:
    """UTF-8 that was read as cp1252 (``Ã©``), read rightly; None where the text is not that."""
    if not MOJIBAKE.search(text):
        return None
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def shown(text: str) -> str:
    """Text of a closed question as a message may quote it: no e-mail, no telephone number, not too long."""
    text = _PHONE.sub(MASK, _MAIL.sub(MASK, _SPACES.sub(" ", text).strip()))
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
