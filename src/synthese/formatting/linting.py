"""What is wrong in a French text.

Belongs here: what only its author can mend (`lint`), at its place. Does not: what is mended silently
(`typography`), or which files are read (`synthese.audit.linting`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from synthese.formatting.typography import KEPT as _KEPT


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
