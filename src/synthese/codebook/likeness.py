"""Whether two French wordings have anything in common.

Belongs here: words of a text, and how many of them another one has. Does not: what follows for a comparison.
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

# One shared word in five of the shorter text: below that, two questions only share what all questions share.
NOTHING_IN_COMMON = 0.2
_STEM = 5
_SAME_WORD = 88.0
_GRAMMAR = re.compile(
    r"a|ai|ainsi|alors|as|au|aucun|aucune|aussi|autre|autres|aux|avec|avez|avoir|avons|c|ca|car|ce|ceci|"
    r"cela|celle|celles|celui|ces|cet|cette|ceux|chaque|ci|combien|comme|comment|d|dans|de|depuis|des|donc|"
    r"dont|du|elle|elles|en|encore|entre|es|est|et|etaient|etait|etant|ete|etes|etre|eu|eux|fait|faites|"
    r"font|hors|ici|il|ils|j|je|l|la|laquelle|le|lequel|les|lesquelles|lesquels|leur|leurs|lors|lui|m|ma|"
    r"mais|me|mes|moi|moins|mon|n|ne|ni|nos|notre|nous|on|ont|ou|oui|par|parmi|pas|plus|plusieurs|pour|"
    r"pourquoi|pouvez|qu|quand|que|quel|quelle|quelles|quelque|quelques|quels|qui|quoi|s|sa|sans|se|selon|"
    r"sera|serez|ses|si|soit|son|sont|sous|suis|sur|t|ta|te|tel|telle|tes|ton|tous|tout|toute|toutes|tres|"
    r"tu|un|une|vers|vos|votre|vous|y"
)


def words(text: str) -> frozenset[str]:
    """List the words of a text that carry its matter: no case, no accent, no elision, no grammatical word.

    A text made of nothing else keeps them all.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "·•\u00ad")
    found = re.findall(r"[a-z0-9]+", plain)
    return frozenset(word for word in found if not _GRAMMAR.fullmatch(word)) or frozenset(found)


def likeness(one: str, other: str) -> float:
    """Measure which part of the words of the shorter text the other one has.

    Two words are one when they begin with the same five letters (« accompagnez », « accompagnement ») or differ
    by a slip of the pen.

    Returns
    -------
    float
        In [0, 1]; 1 where a text has no word at all, as nothing can then be told.
    """
    few, many = sorted((words(one), words(other)), key=lambda found: (len(found), sorted(found)))
    if not few:
        return 1.0
    return sum(any(_same(word, known) for known in many) for word in few) / len(few)


def _same(word: str, other: str) -> bool:
    one, two = (text.rstrip("sx") or text for text in (word, other))
    if one[:_STEM] == two[:_STEM]:
        return True
    return min(len(one), len(two)) >= _STEM and fuzz.ratio(one, two) >= _SAME_WORD
