"""LimeSurvey's own words in two languages, and its labels without markup.

Belongs here: what its form file and its exports write alike. Does not: reading or writing either.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

OTHER = "-oth-"
# Read in LimeSurvey's code, their French wording from files of French surveys where known.
WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "other": "Autre", "comment": "Commentaire", "other comment": "Autre commentaire", "yes": "Oui", "no": "Non",
        "uncertain": "Incertain", "male": "Masculin", "female": "Féminin", "increase": "Augmenter",
        "same": "Sans changement", "decrease": "Diminuer", "scale": "Échelle", "rank": "Rang",
    },
    "en": {
        "other": "Other", "comment": "Comment", "other comment": "Other comment", "yes": "Yes", "no": "No",
        "uncertain": "Uncertain", "male": "Male", "female": "Female", "increase": "Increase",
        "same": "Same", "decrease": "Decrease", "scale": "Scale", "rank": "Rank",
    },
}  # fmt: skip
_BREAK = re.compile("\r\n|[\n\x0b\x0c\r\x85\u2028\u2029]")
_TAG = re.compile(r"<(?:!|(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*))[^<>]*>")
_BLOCKS = {"br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_MUTE = {"script", "style"}


def lines(text: str) -> str:
    """Text with every kind of line end as the CSV writes it."""
    return _BREAK.sub("\n", text)


def one_line(text: str) -> str:
    """Text as LimeSurvey's headings show it: lines joined by a space, ends trimmed."""
    return " ".join(line for part in _BREAK.split(text) if (line := part.strip(" \t")))


def plain(markup: str) -> str:
    """Text of a label without its HTML: tags dropped, entities decoded, one line."""
    out: list[str] = []
    at, mute = 0, ""
    for tag in _TAG.finditer(markup):
        if not mute:
            out.append(html.unescape(markup[at : tag.start()]))
        at = tag.end()
        name = (tag["name"] or "").lower()
        if mute:
            mute = "" if tag["close"] and name == mute else mute
        elif name in _MUTE and not tag["close"]:
            mute = name
        elif name in _BLOCKS:
            out.append("\n")
    if not mute:
        out.append(html.unescape(markup[at:]))
    return one_line("".join(out))
