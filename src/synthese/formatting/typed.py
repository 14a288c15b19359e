"""Numbers that someone typed.

Belongs here: which numbers of a text are statistics. Does not: the rest of what is wrong in a text (`linting`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLANK = "[ \u00a0\u202f]"
_NUMBER = re.compile(rf"(?<![\w.,/’'·-])\d+(?:{_BLANK}\d{{3}}(?!\d))*(?:,\d+)?(?!\w|[.,/-]\w)")
_PERCENTAGE = re.compile(
    rf"(?<![\w.,])\d+(?:,\d+)?{_BLANK}*(?:%|‰|pour{_BLANK}cent\b|points?{_BLANK}de{_BLANK}pourcentage\b)"
    rf"|\b(?:vingt|trente|quarante|cinquante|soixante|quatre-vingt)[\w-]*(?:{_BLANK}[\w-]+)?{_BLANK}"
    rf"(?:%|pour{_BLANK}cent\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMES = (
    "figures?|tableaux?|pages?|pp?\\.|articles?|art\\.|chapitres?|n°|numéros?|vagues?|étapes?|niveaux?|versions?|pistes?|"
    "annexes?|parties?|sections?|questions?|§|axes?|objectifs?|phases?|volets?|loi|licence"
)
# What may stand before or after a number that is no statistic: its name, a date, an address, the marker of a list.
_STANDARD_OR_TIME = re.compile(rf"\b[A-Z][A-Z/-]+{_BLANK}$|\b\d{{1,2}}{_BLANK}?h{_BLANK}$")
_NAME = re.compile(rf"(?:\b(?:{_NAMES})|n°|§){_BLANK}(?:\d+(?:,| et| à){_BLANK})*$", re.IGNORECASE)
_DATED = re.compile(
    rf"{_BLANK}(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|h\b|(?:bis|ter)?,?\s*(?:rue|avenue|boulevard|place|quai|chemin|allée|cours|impasse)\b)"
)
_MARKER = re.compile(r"(?:^|\n)[ \t>]*(?:#+[ \t]+)?\(?$")


def typed_numbers(text: str) -> Iterator[tuple[str, re.Match[str], str]]:
    """Find the percentages and counts of a text: code, place, and what would be right.

    Years, dates, times, street numbers, numbers of pages, figures and versions, and the markers of lists are none.
    """
    taken: set[int] = set()
    for match in _PERCENTAGE.finditer(text):
        taken.update(range(*match.span()))
        yield "typed-percentage", match, "quote the artefact that holds it; a fact of others: […]{.fait-cite}"
    for match in _NUMBER.finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 30]
        if (
            match.start() in taken
            or _YEAR.fullmatch(match[0])
            or _NAME.search(before)
            or _STANDARD_OR_TIME.search(before)
        ):
            continue
        if _DATED.match(after) or (_MARKER.search(before) and re.match(r"[.)]\s", after)):
            continue
        yield "typed-count", match, "quote the artefact that holds it, or write it in words; […]{.fait-cite}"
