"""Elision, agreement and lists in French.

Belongs here: how a noun joins the words around it. Does not: numbers, or the sentences themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Before these no vowel is dropped, though they open with a vowel or an h.
_NO_ELISION = re.compile(
    r"onz|oui\b|ouistiti|un\s?%|"
    r"h(?:a[cinr]|all|alt|ameau|asard|auss|aut|avre|eros\b|ers|eurt|ierarch|iss|obby|ockey|ollande|ongr|ont|ors"
    r"|ouille|ublot|uit|url|utte)"
)
# …except these, whose h is mute.
_ELISION = re.compile(r"ha(?:rmon|lein)|hallucin")


@dataclass(frozen=True)
class Noun:
    """A noun and how it agrees, such as the unit of a study.

    Parameters
    ----------
    singular, plural : str
        "structure", "structures"; an adjective may follow: "structure répondante".
    feminine : bool
        Its gender.
    """

    singular: str
    plural: str
    feminine: bool

    def with_adjective(self, masculine: str) -> Noun:
        """Add a regular adjective, given in the masculine singular: "répondant"."""
        single = masculine + ("e" if self.feminine and not masculine.endswith("e") else "")
        many = single if single.endswith(("s", "x")) else single + "s"
        return Noun(f"{self.singular} {single}", f"{self.plural} {many}", self.feminine)

    def counted(self, count: int) -> str:
        """Form for a count, without it: singular below 2 (0, 1), plural from 2 on."""
        return self.singular if abs(count) < 2 else self.plural

    def agree(self, stem: str, count: int = 2) -> str:
        """Agree a regular participle or adjective given in the masculine singular: "interrogé".

        A noun in inclusive form ("répondant·es") has it in the same form: "interrogé·es".
        """
        inclusive = "·" in self.counted(count)
        return stem + ("e" if self.feminine else "·e" if inclusive else "") + ("s" if abs(count) >= 2 else "")


def elides(following: str) -> bool:
    """Tell whether "de", "que", "le" lose their vowel before this text."""
    bare = unicodedata.normalize("NFD", following.lstrip('«\u00a0\u202f "').lower().replace("œ", "oe"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    if not letters or (_NO_ELISION.match(letters) and not _ELISION.match(letters)):
        return False
    return letters[0] in "aeiouyh" and not re.match(r"y[aeiou]", letters)


def elide(word: str, following: str) -> str:
    """Join a word that ends in a mute vowel to what follows: "de" + "associations" → "d’associations"."""
    if elides(following):
        return f"{word[:-1]}’{following}"
    return f"{word} {following}"


def capitalised(text: str) -> str:
    """Put the first letter in upper case and leave the rest alone."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Put the first letter in lower case, unless the first word is an acronym or a proper form ("PTCE")."""
    first = re.match(r"\w+", text)
    if first is None or (len(first[0]) > 1 and not first[0][1:].islower()):
        return text
    return text[:1].lower() + text[1:]


def joined(items: Sequence[str], last: str = "et") -> str:
    """List items in a sentence: "a, b et c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
