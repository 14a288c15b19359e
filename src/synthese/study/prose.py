"""The words of a report's Markdown, in their places.

Belongs here: what of a source is text that someone reads. Does not: what is wrong in it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from synthese.formatting.linting import hide

_FRONT = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_DIV = re.compile(r"\s*(:{3,})\s*(.*?)\s*:*\s*$")
_FOREIGN = re.compile(r"\blang=[\"']?(?!fr\b)[A-Za-z]")
_RULE = re.compile(r"[ \t]*[-*_=+|: \t]{3,}$")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]^][^\]]*\]:\s+\S+")
_BLOCK = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|#|>|\||:\s|\[\^|$)")
_NO_TEXT = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\$\$.*?\$\$|(?<!\\)\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)", re.DOTALL),
    re.compile(r"\[[^\[\]]*\]\{[^{}]*\blang=[\"']?(?!fr\b)[^{}]*\}"),
    re.compile(r"\[\^[^\]]+\]:?"),
    re.compile(r"(?<![\w@])@[\w][\w:.-]*"),
)
_CITED = re.compile(r"\[[^\[\]]*\]\{[^{}]*\.fait-cite\b[^{}]*\}")


def front_matter(text: str) -> re.Match[str] | None:
    """Find the YAML that opens a source."""
    return _FRONT.match(text)


def prose(text: str) -> tuple[str, str]:
    """Hide what is no text, and join the lines of a paragraph; every letter keeps its place.

    Returns
    -------
    str
        The text, without code, raw output, comments, formulas, other languages, labels of notes.
    str
        The same, without facts of others either (``[…]{.fait-cite}``): where no number is to be typed.
    """
    front = front_matter(text)
    kept = front.end() if front else 0
    out = re.sub(r"[^\n]", " ", text[:kept]) + text[kept:]
    out = "\n".join(_lines(out.split("\n")))
    for pattern in _NO_TEXT:
        out = hide(out, pattern)
    out = _joined(out)
    return out, hide(out, _CITED)


def _lines(lines: list[str]) -> list[str]:
    """Blank the lines that hold no text."""
    out, fence = [], ""
    divs: list[bool] = []  # those that are open, and whether each is in another language
    for line in lines:
        mark, div = _FENCE.match(line), _DIV.match(line)
        text = False
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
        elif mark:
            fence = mark[1]
        elif div and div[2]:
            divs.append(bool(_FOREIGN.search(div[2])))
        elif div:
            del divs[-1:]
        else:
            text = not any(divs) and not _RULE.match(line) and not _REFERENCE.match(line)
        out.append(line if text else " " * len(line))
    return out


def _joined(text: str) -> str:
    lines = text.split("\n")
    out = lines[0]
    for above, line in pairwise(lines):
        ends = not above.strip() or above.lstrip().startswith("#") or above.endswith(("  ", "\\"))
        out += ("\n" if ends or _BLOCK.match(line) else " ") + line
    return out
