"""Quotation marks: which of them belong together, and which French ones they become.

Belongs here: pairing. Does not: the spaces inside (`typography`).
"""

from __future__ import annotations

import re

_SIGNS = re.compile('[«»“”„"\n]')
_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŒœŸ0-9]")


def pairs(text: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Find the quotation marks that belong together.

    Returns
    -------
    list of (int, int)
        Places of an opening and of its closing mark, on one line and properly nested, by the place of the latter.
    list of int
        Places of marks without partner, sorted.
    """
    found: list[tuple[int, int]] = []
    alone: list[int] = []
    waiting: list[tuple[str, int]] = []
    for match in _SIGNS.finditer(text):
        sign, place = match[0], match.start()
        if sign == "\n":
            alone += [at for _, at in waiting]
            waiting.clear()
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        opened = {"»": "«", "”": "“", '"': '"'}.get(sign)
        last = max((i for i, (mark, _) in enumerate(waiting) if mark == opened), default=-1)
        if sign == '"' and not (last >= 0 and before and not before.isspace()):
            if after and not after.isspace() and not _WORD.match(before):
                waiting.append((sign, place))
            else:
                alone.append(place)
        elif opened is None:
            waiting.append(("“" if sign == "„" else sign, place))
        elif last < 0:
            alone.append(place)
        else:
            alone += [at for _, at in waiting[last + 1 :]]
            found.append((waiting[last][1], place))
            del waiting[last:]
    return found, sorted([*alone, *(at for _, at in waiting)])


def quotes(text: str) -> str:
    """Write « » for straight and English pairs, “ ” for those that stand inside another pair."""
    found, _ = pairs(text)
    letters = list(text)
    for start, end in found:
        if text[start] != "«":
            inside = sum(low < start and end < high for low, high in found) % 2
            letters[start], letters[end] = "“”" if inside else "«»"
    return "".join(letters)
