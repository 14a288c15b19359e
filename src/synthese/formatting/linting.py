"""What is wrong in a French text.

Belongs here: what stands wrong and where, told apart by whether `typography` mends it (`lint`). Does not:
mending, or which files are read (`synthese.study.linting`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from synthese.formatting.numbers import NBSP, NNBSP
from synthese.formatting.quoting import pairs
from synthese.formatting.typed import typed_numbers
from synthese.formatting.typography import KEPT, LETTER, french

Level = Literal["wrong", "mended"]

# Stands for what is no French text, letter by letter, so that places stay what they are.
HIDDEN = "\U000f0000"
_RUN = re.compile(r"[^\W_]+")
_QUOTES = '«»“”„"'


@dataclass(frozen=True)
class Problem:
    """Something that stands wrong in a text.

    Parameters
    ----------
    line, column : int
        Its place, 1 = first.
    code : str
        Reason code, kebab-case.
    found : str
        The text at that place.
    fix : str
        What would be right; a space that does not break is shown as ⍽.
    level : {"wrong", "mended"}
        Whether `french`, and so the report, mends it by itself.
    offset : int
        Its place as an index of the text, 0 = first.
    """

    line: int
    column: int
    code: str
    found: str
    fix: str
    level: Level = "wrong"
    offset: int = 0

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.found!r} → {self.fix} [{self.code}]"


def hide(text: str, pattern: re.Pattern[str]) -> str:
    """Put `HIDDEN` in the place of each letter that a pattern covers; line ends stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", HIDDEN, match[0]), text)


_SUFFIX = "e|es|ne|nes|le|les|se|ses|ve|ves|fe|ère|ères|ière|ières|rice|rices|trice|trices|euse|euses"
_FORMS = re.compile(
    rf"(?<![\w·])[{LETTER}]{{2,}}(?:"
    rf"\((?:{_SUFFIX})\)s?"
    rf"|\.(?:{_SUFFIX})(?:\.s)?(?![\w.])"
    rf"|-(?:e|ne|le|se|ve|ère|rice|trice|euse)-s(?![\w-])|-(?:e|es|ne|nes|rice|rices|trice|trices|euse|euses)(?![\w-])"
    rf"|/(?:{_SUFFIX})(?![\w/])"
    rf"|·[{LETTER}]+·s(?!\w)"
    r"|(?<=[a-zà-ÿ]{3})E[Ss]?(?!\w))"
)


def _one_form(found: str) -> str:
    """Write an inclusive form as « répondant·es »."""
    bare = re.sub(r"E([Ss]?)$", r"·e\1", found) if found[-2:].strip("sS")[-1:] == "E" else found
    stem, _, rest = re.sub(r"[().·/-]+", "·", bare.lower() if bare is not found else found).partition("·")
    rest = rest.replace("·", "")
    return f"{stem[:-1] if stem.endswith('s') and rest.endswith('s') else stem}·{rest}"


_Fix = str | Callable[[str], str]
_FRENCH_SIGN = "write U+202F before ; ! ?, U+00A0 before : % » and after «, and a plain space after the sign"
_ANYWHERE: tuple[tuple[str, re.Pattern[str], _Fix], ...] = (
    ("space", re.compile(r"(?<=[^\s(\[«])[ \t\u00a0\u202f]+[,.](?![.\d])"), "no space before , and ."),
    ("space", re.compile(r"\([ \u00a0]+(?=\S)|(?<=\S)[ \u00a0]+\)"), "no space inside ( )"),
    ("space", re.compile(rf"(?<=[{LETTER}])[,;!?](?=[{LETTER}])"), "a space after the sign"),
    ("space", re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[’'][ \u00a0](?=\w)", re.I), "no space after ’"),
    ("space", re.compile(rf"(?<=[{LETTER}]) [;:!?»](?=[{LETTER}])|(?<=«) (?=\S)"), _FRENCH_SIGN),
    ("double-space", re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|])"), "one space"),
    (
        "apostrophe",
        re.compile(rf"(?<![\w’'])['‘](?=[{LETTER}])|(?<=[{LETTER}])(?:'|[´ʼ′‘](?=[{LETTER}]))"),
        "write ’, or « » around words",
    ),
    ("dash", re.compile(r"(?<=[^\s|] )-{1,3}(?=\s)|(?<=\w)--+(?=\w)"), "write –, or − for a negative number"),
    ("three-dots", re.compile(r"(?<!\.)\.(?:\.|\.{3,})(?!\.)"), "write … (U+2026)"),
    ("ordinal", re.compile(r"\b(?:\d+|[IVX]+)[ \u00a0](?:ers?|i?[eèé]res?|i?[eèé]mes?)\b"), "write 1er, 1re, 2e"),
    (
        "thousands",
        re.compile(r"(?<![\w.,])\d{1,3}(?:[.'’]\d{3})+(?!\w|[.,]\d)|(?<![\w.,/-])\d{5,}(?=[ \u00a0\u202f][a-zà-ÿœ])"),
        lambda found: f"{int(re.sub(r'[^0-9]', '', found)):,}".replace(",", "⍽"),
    ),
    ("doubled-word", re.compile(rf"(?<![\w’'·-])([{LETTER}]+)\s+\1(?![\w’'·-])", re.I), "write it once"),
)
_TWICE_IS_RIGHT = {"nous", "vous"}  # « nous nous réunissons »
_ALWAYS: tuple[tuple[str, re.Pattern[str], _Fix], ...] = (
    ("three-dots", re.compile(r"\betc\.? ?(?:…|\.{2,})"), "write « etc. »"),
)
_OWN_WORDS: tuple[tuple[str, re.Pattern[str], _Fix], ...] = (
    ("inclusive-form", _FORMS, _one_form),
    ("sondage", re.compile(r"\bsondages?\b|\bsondé(?:·?e?s?)\b", re.I), "write « questionnaire » or « enquête »"),
    (
        "representatif",
        re.compile(r"\breprésentati(?:fs?|ves?|vité)\b", re.I),
        "say what the sample is; a self-selected one stands for nobody else",
    ),
)


def lint(text: str, *, numbers: str | None = None, heading: bool = False) -> list[Problem]:
    """List what is wrong in a text, in its order.

    Parameters
    ----------
    text : str
        Plain text, or Markdown. Code, attributes, placeholders, tags and addresses are not looked at.
    numbers : str, optional
        The same text with everything hidden that may hold a number; what it still holds is typed.
    heading : bool
        Whether it is a title, which ends without a stop.

    Returns
    -------
    list of Problem
        ``mended`` is what `french` writes otherwise; everything else is ``wrong``. Words in « » are quotations:
        neither their words nor their inclusive forms are looked at.
    """
    hidden = hide(text, KEPT)
    out = list(_mended(hidden))
    changed = {place for problem in out for place in range(problem.offset, problem.offset + len(problem.found))}
    out = [_in_context(hidden, problem) for problem in out]
    together, alone = pairs(hidden)
    own = list(hidden)
    for start, end in together:
        own[start + 1 : end] = [sign if sign == "\n" else HIDDEN for sign in own[start + 1 : end]]
    for looked_at, kinds in ((hidden, _ANYWHERE), (hidden, _ALWAYS), ("".join(own), _OWN_WORDS)):
        for code, pattern, fix in kinds:
            for match in pattern.finditer(looked_at):
                if kinds is _ANYWHERE and changed.intersection(range(*match.span())):
                    continue
                if code == "doubled-word" and match[1].lower() in _TWICE_IS_RIGHT:
                    continue
                out.append(_problem(code, match.start(), match[0], fix(match[0]) if callable(fix) else fix))
    for place in alone:
        sign = hidden[place]
        if place in changed or (sign == '"' and hidden[place - 1 : place].isdecimal()):
            continue
        code = "straight-quotes" if sign == '"' else "unbalanced-quotes"
        out.append(_problem(code, place, _around(hidden, place, place + 1), "open and close it: « … »"))
    if numbers is not None:
        own_numbers = "".join(HIDDEN if mine == HIDDEN else sign for mine, sign in zip(own, numbers, strict=True))
        out += [_problem(code, match.start(), match[0], fix) for code, match, fix in typed_numbers(own_numbers)]
    if heading and (stop := re.search(r"(?<!\betc)[.,;:]\s*$", hidden)) and not hidden.rstrip().endswith(".."):
        out.append(_problem("heading-stop", stop.start(), _around(hidden, *stop.span()), "a title ends without a stop"))
    return sorted((_placed(text, problem) for problem in out), key=lambda p: (p.offset, p.code))


def _problem(code: str, offset: int, found: str, fix: str, level: Level = "wrong") -> Problem:
    return Problem(0, 0, code, found, fix, level, offset)


def _placed(text: str, problem: Problem) -> Problem:
    line = text.count("\n", 0, problem.offset) + 1
    column = problem.offset - text.rfind("\n", 0, problem.offset)
    found = re.sub(f"{HIDDEN}+", "…", problem.found)
    return Problem(line, column, problem.code, found, problem.fix, problem.level, problem.offset)


def _around(text: str, start: int, end: int) -> str:
    """Give a place with the words that touch it."""
    before = re.search(rf"[^\s{HIDDEN}]*[ {NBSP}]?$", text[:start])
    after = re.match(rf"[ {NBSP}]?[^\s{HIDDEN}]*", text[end:])
    return (before[0] if before else "") + text[start:end] + (after[0] if after else "")


def _mended(hidden: str) -> Iterator[Problem]:
    """Compare a text with what `french` makes of it; ``fix`` is what stands there afterwards.

    No word is added or taken away, so that the signs between two words stand against those between the same two.
    """
    after = french(hidden)
    if after == hidden:
        return
    words = zip(_RUN.finditer(hidden), _RUN.finditer(after), strict=True)
    here = there = 0
    for old, new in words:
        yield from _signs(hidden, here, old.start(), after[there : new.start()])
        if old[0] != new[0]:
            yield _problem("ordinal", old.start(), old[0], new[0], "mended")
        here, there = old.end(), new.end()
    yield from _signs(hidden, here, len(hidden), after[there:])


def _signs(hidden: str, start: int, end: int, after: str) -> Iterator[Problem]:
    before = hidden[start:end]
    if before == after:
        return
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            between_digits = hidden[: start + i][-1:].isdecimal() and hidden[start + j :][:1].isdecimal()
            code = _kind(before[i:j], after[k:m], between_digits)
            yield _problem(code, start + i, before[i:j], after[k:m], "mended")


def _kind(old: str, new: str, between_digits: bool) -> str:
    if "·" in new:
        return "wrong-dot"
    if "…" in new:
        return "three-dots"
    if [sign for sign in old if sign in _QUOTES] != [sign for sign in new if sign in _QUOTES]:
        return "straight-quotes" if '"' in old else "english-quotes"
    if "’" in new:
        return "apostrophe"
    if any(sign in new and sign not in old for sign in "–—−"):
        return "dash"
    return "thousands" if between_digits else "space"


def _in_context(hidden: str, problem: Problem) -> Problem:
    """Show a change with the words around it, and what does not break as ⍽."""
    start, end = problem.offset, problem.offset + len(problem.found)
    left = re.search(rf"[^\s{HIDDEN}]*$", hidden[max(0, start - 40) : start])
    right = re.match(rf"[^\s{HIDDEN}]*", hidden[end : end + 40])
    before, after = left[0] if left else "", right[0] if right else ""
    shown = re.sub(f"[{NBSP}{NNBSP}]", "⍽", before + problem.fix + after)
    return _problem(problem.code, start, before + problem.found + after, shown, "mended")
