"""Spaces, apostrophes and dots of French typography.

Belongs here: what can be mended in any French text (`french`), and what only its author can mend
(`lint`). Does not: making numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from synthese.formatting.numbers import NBSP, NNBSP

# Never touched: code, attributes and placeholders, tags and entities, addresses, times.
_MARK = "\U000f0000"  # private use: stands for a kept part while the rest is mended
_KEPT = re.compile(
    _MARK + r"|```.*?```|~~~.*?~~~|`[^`\n]*`|\{[^{}\n]*\}|</?[A-Za-z][^<>\n]*>|&#?\w+;"
    r"|\b(?:https?|ftp|file|mailto|doi):\S+|\bwww\.\S+|\]\([^()\s]*\)"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b\d{1,2}:\d{2}(?::\d{2})?\b",
    re.DOTALL,
)
_BLANK = r"[ \t\u00a0\u202f\u2009]"
_CLOSES = r"(?=$|[\s)\]»”\"’.,…*_])"
_GROUPED = r"[1-9]\d{0,2}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)"


def _thousands(match: re.Match[str]) -> str:
    return re.sub(r"\s", NNBSP, match[0])


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"«{_BLANK}*"), f"«{NBSP}"),
    (re.compile(rf"{_BLANK}*»"), f"{NBSP}»"),
    (re.compile(rf"(?<=[^\s;!?(\[«]){_BLANK}*([;!?]+){_CLOSES}", re.MULTILINE), rf"{NNBSP}\1"),
    (re.compile(rf"(?<=[^\s:|(\[«-]){_BLANK}*:(?=$|[\s»])", re.MULTILINE), f"{NBSP}:"),
    (re.compile(rf"(?<=\d){_BLANK}*([%€])"), rf"{NBSP}\1"),
    (re.compile(rf"(?<![\d.,])(?<!\d{_BLANK}){_GROUPED}"), _thousands),
    (re.compile(r"(?<=[^\W\d_])'(?=[\w«])"), "’"),
    (re.compile(r"(?<=[^\W\d_])[\u22c5\u2022\u2027\u2219](?=[^\W\d_])"), "·"),
)


def _once(text: str) -> str:
    kept = _KEPT.findall(text)
    out = _KEPT.sub(_MARK, text)
    for pattern, replacement in _RULES:
        out = pattern.sub(replacement, out)
    parts = iter(kept)
    return re.sub(_MARK, lambda _: next(parts), out)


def french(text: str) -> str:
    """Mend spaces, apostrophes and inclusive dots; the result of it is left as it is.

    U+202F before ; ! ? and between thousands that a space already parts, U+00A0 before : % € and inside
    « », ’ as apostrophe, · in inclusive forms. URLs, e-mail addresses, code, attributes in braces, tags
    and times stay as they are, and nothing is done across line ends.
    """
    mended = _once(text)
    while mended != text:  # a space put in by one rule can make room for another
        text, mended = mended, _once(mended)
    return mended


@dataclass(frozen=True)
class Problem:
    """Something in a source that only its author can mend.

    Parameters
    ----------
    line, column : int
        Its place, 1 = first.
    code : str
        Reason code, kebab-case.
    found : str
        The text at that place.
    fix : str
        What would be right.
    """

    line: int
    column: int
    code: str
    found: str
    fix: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.found!r} → {self.fix} [{self.code}]"


_QUOTED = re.compile(r"«[^«»]*»", re.DOTALL)
_LINTS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "wrong-dot",
        re.compile(r"[^\W\d_]+[\u22c5\u2022\u2027\u2219][^\W\d_]+"),
        "write the median dot · (U+00B7)",
    ),
    (
        "inclusive-form",
        re.compile(r"\b[^\W\d_]{3,}(?:\((?:e|es|ne|rice|euse)\)s?|\.(?:e\.s|es|rices)\b|-e-s\b|·[^\W\d_]+·s\b)"),
        "write one form throughout: répondant·es",
    ),
    ("sondage", re.compile(r"\bsondages?\b", re.IGNORECASE), "write « questionnaire » or « enquête »"),
    (
        "representatif",
        re.compile(r"\breprésentati(?:f|fs|ve|ves|vité)\b", re.IGNORECASE),
        "say what the sample is; a self-selected one stands for nobody else",
    ),
    ("english-quotes", re.compile(r"[“”„]"), "write « »"),
    ("three-dots", re.compile(r"(?<!\.)\.\.\.(?!\.)"), "write … (U+2026)"),
)


def lint(text: str) -> list[Problem]:
    """List what `french` cannot or should not mend silently, in the order of the text.

    Words in « » are quotations: only their dots and quotes are looked at. Missing or wrong spaces are no
    problem, since `french` mends them.
    """
    hidden = _KEPT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    own_words = _QUOTED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), hidden)
    problems = []
    for code, pattern, fix in _LINTS:
        looked_at = hidden if code in ("wrong-dot", "english-quotes") else own_words
        for match in pattern.finditer(looked_at):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
            problems.append(Problem(line, column, code, match[0], fix))
    return sorted(problems, key=lambda p: (p.line, p.column, p.code))
