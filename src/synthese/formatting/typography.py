"""Spaces, quotation marks, dashes, apostrophes and dots of French typography.

Belongs here: what can be mended in any French text (`french`). Does not: making numbers, or what only an
author can mend (`synthese.formatting.linting`). ``report/filters/typographie.lua`` has the same rules in the same
order for what the engines read; a test runs the same texts through both.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from synthese.formatting.numbers import MINUS, NBSP, NNBSP
from synthese.formatting.quoting import quotes

# Never touched: code, attributes and placeholders, tags and entities, addresses.
_MARK = "\U000f0000"  # private use: stands for a kept part while the rest is mended
KEPT = re.compile(
    _MARK + r"|```.*?```|~~~.*?~~~|`[^`\n]*`|\{[^{}\n]*\}|</?[A-Za-z][^<>\n]*>|&#?\w+;|\]\([^()\s]*\)"
    r"|(?:[A-Za-z][A-Za-z0-9+.-]*://|\b(?:mailto:|doi:|www\.|10\.[0-9]{4,}/))[^\s\"<>\u0080-\u00bf\u2000-\u2fff]+"
    r"|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+",
    re.DOTALL,
)
LETTER = "A-Za-zÀ-ÖØ-öø-ÿŒœŸ"
UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
_WORD = LETTER + "0-9"
_BLANK = "[ \t\u00a0\u202f\u2009]"
_CLOSES = r"(?=$|[\s)\]»”\"’.,…*_])"
_ENDS = rf"(?![{_WORD}’'²³°€-])"  # of a unit: "12 l’an" and "12 t-shirts" have none

_ORDINALS = {
    **dict.fromkeys(("ère", "ére", "ière", "iere", "ere"), "re"),
    **dict.fromkeys(("ères", "éres", "ières", "ieres", "eres"), "res"),
    "ier": "er",
    "iers": "ers",
    "è": "e",
    **dict.fromkeys(("ème", "éme", "eme", "ième", "ieme"), "e"),
    **dict.fromkeys(("èmes", "émes", "emes", "ièmes", "iemes"), "es"),
}
_UNITS = (
    "k€|M€|Md€|km²|km|m²|m³|cm|mm|ha|min|kg|kWh|MWh|GWh|kW|MW|ko|Mo|Go|°C|°|ETP|ETPT|points?|millions?|milliards?"
    "|euros?|ans?|mois|[hmsjgtWL]"
)
_GROUPS = r"(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)"


def _thousands(match: re.Match[str]) -> str:
    return re.sub(r"\s", NNBSP, match[0])


def _ordinal(match: re.Match[str]) -> str:
    return match[1] + _ORDINALS.get(match[2], match[2])


def _range(match: re.Match[str]) -> str:
    low, high = match[1], match[2]
    padded = any(len(side) > 1 and side[0] == "0" and side[1] != "," for side in (low, high))
    if padded or float(low.replace(",", ".")) >= float(high.replace(",", ".")):
        return match[0]
    return f"{low}–{high}"


_DASH = re.compile(rf"(?<=[^\s(\[«“:;/|–—-])({_BLANK})(-|---?|–|—){_BLANK}?(?=([^\s–—-]|$))", re.MULTILINE)
_STOP = re.compile(r"[.!?…]\s|\n")
_WRITTEN = {"-": "–", "--": "–", "---": "—"}


def _dashes(text: str) -> str:
    """Part incises: a dash that opens one keeps to what follows, a dash that closes it to what precedes."""
    out, done, opened = [], 0, False
    for match in _DASH.finditer(text):
        dash, following = match[2], match[3]
        spaced = match.end() > match.end(2)
        before = text[match.start() - 1]
        if not following or (before.isdecimal() and following.isdecimal()) or (dash == "-" and following.isdecimal()):
            continue
        closes = following in ",.;:!?)…»"
        if not (spaced or closes):
            continue
        opened = not opened if not _STOP.search(text, done, match.start()) else True
        if closes and opened:
            opened = False
            continue
        written = _WRITTEN.get(dash, dash)
        gap = "" if closes else " " if not opened else NBSP
        out += [text[done : match.start()], " " if opened else NBSP, written, gap]
        done = match.end()
    return "".join([*out, text[done:]])


_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_MARKS: tuple[_Rule, ...] = (
    (re.compile(rf"(?<=[{LETTER}])[\u22c5\u2022\u2027\u2219](?=[{LETTER}])"), "·"),
    (re.compile(rf"(?<=[{LETTER}])'(?=[{_WORD}«“\"*_\[({_MARK}])"), "’"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
    (re.compile(rf"(?<![{_WORD}.,])(\d+|[IVX]+)([{LETTER}]+)(?![{_WORD}])"), _ordinal),
    (re.compile(r"(?<=\d)--(?=\d)"), "–"),
    (
        re.compile(
            rf"(?<![{_WORD}.,–−/-])(\d{{1,4}}(?:,\d+)?)-(\d{{1,4}}(?:,\d+)?)(?![{_WORD}/-]|[.,]\d)",
        ),
        _range,
    ),
    (re.compile(rf"(?<![^\s(\[«])(?<!\d{_BLANK})-(?=\d)"), MINUS),
)
_SPACES: tuple[_Rule, ...] = (
    (re.compile(rf"«{_BLANK}*(?=\S)"), f"«{NBSP}"),
    (re.compile(rf"(?<=\S){_BLANK}*»"), f"{NBSP}»"),
    (re.compile(rf"(?<=[^\s;!?(\[«]){_BLANK}*([;!?]+){_CLOSES}", re.MULTILINE), rf"{NNBSP}\1"),
    (re.compile(rf"(?<=[^\s:|(\[«-]){_BLANK}*:(?=$|[\s»*_])", re.MULTILINE), f"{NBSP}:"),
    (re.compile(rf"(?:(?<=\d)|(?<=\S){_BLANK}+)([%‰€])(?![{_WORD}])"), rf"{NBSP}\1"),
    (re.compile(rf"(?<![{_WORD}.,])(?<!\d{_BLANK})[1-9]\d{{0,2}}{_GROUPS}"), _thousands),
)
# What belongs together on one line.
_TOGETHER: tuple[_Rule, ...] = (
    (re.compile(rf"(?<![{_WORD}])((?:[nN][°º]|pp?\.|art\.|vol\.|chap\.|fig\.|t\.)|§){_BLANK}(?=\d)"), rf"\1{NBSP}"),
    (re.compile(rf"(?<=\d){_BLANK}sur{_BLANK}(?=\d)"), f"{NBSP}sur{NBSP}"),
    (re.compile(rf"(?<![{_WORD}])([A-Za-z]{{1,2}}){_BLANK}([=<>≤≥]){_BLANK}(?=[\d−])"), rf"\1{NBSP}\2{NBSP}"),
    (re.compile(rf"(?<=[=<>≤≥]){_BLANK}(?=\d)"), NBSP),
    (re.compile(rf"(?<![{_WORD}.,])(\d{{1,2}}){_BLANK}?h{_BLANK}?([0-5]\d){_ENDS}"), rf"\1{NBSP}h{NBSP}\2"),
    (re.compile(rf"(?<![{_WORD}.,])(\d{{1,2}}){_BLANK}?h{_ENDS}"), rf"\1{NBSP}h"),
    (re.compile(rf"(?<=\d){_BLANK}(?=(?:{_UNITS}){_ENDS})"), NBSP),
    (
        re.compile(rf"(?<![{_WORD}])(MM?\.|Mmes?|Mlles?|Dre?|Pre?|Me|Mgr){_BLANK}(?=[{UPPER}])"),
        rf"\1{NBSP}",
    ),
    (re.compile(rf"(?<![{_WORD}])([IVX]+er?|\d+e){_BLANK}(?=siècles?(?![{_WORD}]))"), rf"\1{NBSP}"),
    (re.compile(rf"(?<=[{LETTER}]){_BLANK}(?=[IVX]{{2,}}(?![{_WORD}]))"), NBSP),
)


def _once(text: str, glued: bool) -> str:
    kept = KEPT.findall(text)
    out = KEPT.sub(_MARK, text)
    for pattern, replacement in _MARKS:
        out = pattern.sub(replacement, out)
    out = quotes(_dashes(out))
    for pattern, replacement in (*_SPACES, *(_TOGETHER if glued else ())):
        out = pattern.sub(replacement, out)
    parts = iter(kept)
    return re.sub(_MARK, lambda _: next(parts), out)


def french(text: str, *, glued: bool = False) -> str:
    """Mend the typography of a French text; the result of it is left as it is.

    U+202F before ; ! ? and between thousands that a space already parts; U+00A0 before : % € and inside « »;
    ’ as apostrophe; · in inclusive forms; « » for straight and English quotation marks, “ ” inside them; – in
    incises and between numbers that grow; − before a number; …; 1re and 2e for 1ère and 2ème. Addresses,
    code, attributes in braces and tags stay as they are, nothing is done across line ends, and but for the
    endings of ordinals no letter and no digit is changed.

    Parameters
    ----------
    text : str
        Plain text, or Markdown.
    glued : bool
        Also U+00A0 in « n° 3 », « 46 sur 54 », « n = 54 », « 12 km », « M. Untel », « 10 h 30 ». The filter of
        the engines does it to all that a page shows, so that only what never meets it needs it here.
    """
    mended = _once(text, glued)
    while mended != text:  # a space put in by one rule can make room for another
        text, mended = mended, _once(mended, glued)
    return mended
