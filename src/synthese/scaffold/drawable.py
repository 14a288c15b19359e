"""Short texts for labels that the report's fonts cannot draw, such as those with emoji.

Belongs here: what is left of a label without them. Does not: the label itself, by which answers are found.
"""

from __future__ import annotations

import re

from synthese.editorial.brand import known_characters


def short_of(label: str, code: str) -> str | None:
    """Give a label without the characters that figures cannot draw; its code in words where nothing is left of it.

    Returns
    -------
    str or None
        None where the label can be drawn as it is.
    """
    known = known_characters() | set(" \t\r\n")
    if set(label) <= known:
        return None
    left = re.sub(r"\s+", " ", "".join(char for char in label if char in known)).strip()
    return left if any(map(str.isalnum, left)) else code.replace("_", " ")
