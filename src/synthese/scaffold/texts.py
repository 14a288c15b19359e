"""Answers looked at as texts: numbers, ticks, lists of options, options or free text.

Belongs here: guesses about the cells of one question. Does not: which columns are one question (`drafting`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from synthese.cleaning.normal import normalise
from synthese.cleaning.numbers import read_number
from synthese.scaffold import personal
from synthese.scaffold.scales import order_of

_TICKED = frozenset(["x", "1", "1.0", "true", "vrai", "oui", "yes", "y", "o", "✓", "✔", "☑"])
_UNTICKED = frozenset(["0", "0.0", "false", "faux", "non", "no", "n", "☐"])
_OTHER = re.compile(
    r"(?:une? |any )?(?:autre|other)s?(?: (?:réponses?|raisons?|cas|answers?|reasons?))?"
    r"\s*(?:[:(…/,;.\-–—].*|please specify.*|specify.*|(?:à )?préciser.*|précisez.*)?",
    re.IGNORECASE | re.DOTALL,
)
_OUTSIDE = re.compile(
    r"(?:je )?ne sa(?:it|is) pas(?: / .*)?|nsp|n\.?s\.?p\.?|sans opinion|(?:i )?don['’]t know|not sure|"
    r"(?:non concerné|sans objet|not applicable|unfamiliar)\S*(?: \(?n/?a\)?)?|n/?a",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"aucun(?:e|·e)?s?(?: .*)?|rien(?: de tout cela)?|non|no|none(?: .*)?|nothing|jamais|never|no gpus?", re.IGNORECASE
)
_OPPOSITES = {"oui": "Non", "non": "Oui", "yes": "No", "no": "Yes"}
_REPEATED = 0.8  # part of the answers that must be given more than once for a list of options
_MOST_OPTIONS = 30
_FEW = 12  # distinct answers that are all taken as options, even those given once
_LONGEST_OPTION = 150
_DECIMAL = re.compile(r"\d+\.\d*[1-9]")
_DAY = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[ T]\d{1,2}[:h]\d{2}.*)?")


@dataclass(frozen=True)
class Choice:
    """One option as the answers show it: its text, how many gave it, whether it leaves the base or stands alone."""

    label: str
    count: int
    other: bool = False
    in_base: bool = True
    exclusive: bool = False


def is_other(label: str) -> bool:
    """Whether an option is « Autre »."""
    return bool(_OTHER.fullmatch(label.strip()))


def is_nothing(label: str) -> bool:
    """Whether an option says that none of the others holds."""
    return bool(_NOTHING.fullmatch(label.strip()))


def leaves_base(label: str) -> bool:
    """Whether an option is no substantive answer: « Ne sait pas », « Non concerné »."""
    return bool(_OUTSIDE.fullmatch(label.strip()))


def code(label: str, taken: Iterable[str]) -> str:
    """Make a code of a text: lower case, no accents, words joined by ``_``, 30 letters at most, not yet taken."""
    spelt = label.casefold()
    for sign, word in (("œ", "oe"), ("æ", "ae"), ("+", " plus "), ("#", " sharp ")):
        spelt = spelt.replace(sign, word)
    plain = unicodedata.normalize("NFKD", spelt)
    words = re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))
    out = ""
    for word in words:
        if out and len(out) + len(word) >= 30:
            break
        out = f"{out}_{word}" if out else word[:30]
    out, number, used = out or "option", 1, set(taken)
    found = out
    while found in used:
        number += 1
        found = f"{out}_{number}"
    return found


def distinct(texts: Iterable[str]) -> list[tuple[str, int]]:
    """Count answers, two writings of one as one, in its commonest writing; most frequent first."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        forms.setdefault(normalise(text), Counter())[text.strip()] += 1
    found = [(min(written, key=lambda t: (-written[t], t)), written.total()) for written in forms.values()]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def are_numbers(texts: Sequence[str]) -> bool:
    """Whether all are numbers, and not codes such as ``01``, nor a few whole numbers that stand for options."""
    values = [read_number(text.strip()).value for text in texts]
    if any(value is None for value in values) or any(re.match(r"0\d", text.strip()) for text in texts):
        return False
    different = {value for value in values if value is not None}
    return len(different) > 5 or any(value != int(value) for value in different)


def are_dates(texts: Sequence[str]) -> bool:
    """Whether all are days, with or without a time."""
    return bool(texts) and all(_DAY.fullmatch(text.strip()) for text in texts)


def whole_numbers(texts: Sequence[str]) -> tuple[int, int] | None:
    """Smallest and largest of whole numbers; None where one is not whole."""
    values = [read_number(text.strip()).value for text in texts]
    known = [int(value) for value in values if value is not None and value.is_integer()]
    return (min(known), max(known)) if known and len(known) == len(texts) else None


def are_ticks(texts: Iterable[str], label: str) -> bool:
    """Whether all are ticks, or the option's own text."""
    own = normalise(label)
    return all(normalise(text) in _TICKED | _UNTICKED or normalise(text) == own for text in texts)


def is_unticked(text: str, label: str) -> bool:
    """Whether a cell of an option's column says that it is not ticked, and is not the option's own text."""
    return normalise(text) in _UNTICKED and normalise(text) != normalise(label)


def as_options(texts: Sequence[str]) -> tuple[Choice, ...] | None:
    """Take answers as the options of a question that has one answer; None where they look like free text.

    They are options when at most 30 differ, at most half as many as there are answers, and 80 % of the answers
    are given more than once. With 12 or fewer, each is an option; with more, those given once are « Autre », as
    is whatever may name a person.
    """
    found = distinct(texts)
    repeated = sum(count for _, count in found if count > 1)
    if not found or any(len(label) > _LONGEST_OPTION for label, count in found if count > 1):
        return None
    if len(found) > min(_MOST_OPTIONS * 3, max(2, len(texts) // 2)) or repeated < _REPEATED * len(texts):
        return None
    kept = [
        (label, count)
        for label, count in found
        if (count > 1 or (len(found) <= _FEW and not personal.may_name(label))) and not personal.reaches(label)
    ]
    if len(kept) > _MOST_OPTIONS or not kept:
        return None
    return _with_other(kept, rest=len(found) > len(kept))


def _with_other(kept: Sequence[tuple[str, int]], *, rest: bool) -> tuple[Choice, ...]:
    """Mark « Autre » and « Ne sait pas »; add « Autre » where texts are left that are no option, or one option.

    What a spreadsheet made of another option (3.1 beside 3.10) is none: cleaning restores it.
    """
    labels = {label for label, _ in kept}
    kept = [(label, count) for label, count in kept if not (_DECIMAL.fullmatch(label) and f"{label}0" in labels)]
    choices: list[Choice] = []
    for label, count in kept:
        other = is_other(label) and not any(choice.other for choice in choices)
        choices.append(Choice(label, count, other, in_base=not leaves_base(label)))
    if len(choices) == 1 and (opposite := _OPPOSITES.get(normalise(choices[0].label))):
        choices.append(Choice(opposite, 0))
    if (rest or len(choices) < 2) and not any(choice.other for choice in choices):
        choices.append(Choice("Autre", 0, other=True))
    return tuple(sorted(choices, key=lambda choice: (choice.other, not choice.in_base)))


def as_scale(choices: Sequence[Choice]) -> tuple[str, tuple[Choice, ...]] | None:
    """Put ordered options in their order, lowest first, and say what was recognised; None where no order shows."""
    inside = [choice for choice in choices if choice.in_base]
    if any(choice.other for choice in choices) or (found := order_of([choice.label for choice in inside])) is None:
        return None
    what, places = found
    return what, (*(inside[place] for place in places), *(choice for choice in choices if not choice.in_base))


def as_list(texts: Sequence[str], separators: Sequence[str]) -> tuple[str, tuple[Choice, ...]] | None:
    """Take answers as options joined in one cell.

    Returns
    -------
    tuple of str and tuple of Choice, or None
        The separator and the options: parts given more than once, those that always stand side by side put
        together again (an option may hold the separator), if they make up 80 % of all parts in cells of which
        a tenth holds several. Of several separators that do, the one that leaves the fewest parts, then the first:
        cutting at a sign that options hold (« Ateliers ; initiation ») makes parts of what two options share.
    """
    best: tuple[int, str, tuple[Choice, ...]] | None = None
    for separator in separators:
        cells = [_cut(text, separator) for text in texts]
        if sum(len(cell) > 1 for cell in cells) < max(2, len(cells) / 10):
            continue
        cells = _joined(cells, separator)
        counts = Counter(part for cell in cells for part in cell if part)
        kept = [
            (part, count)
            for part, count in counts.items()
            if count > 1 and len(part) <= _LONGEST_OPTION and not personal.reaches(part)
        ]
        repeated = sum(count for _, count in kept)
        several = any(len([part for part in cell if counts[part] > 1]) > 1 for cell in cells)
        if 2 <= len(kept) <= _MOST_OPTIONS and several and repeated >= _REPEATED * counts.total():
            kept.sort(key=lambda item: (-item[1], item[0]))
            merged = distinct([label for label, count in kept for _ in range(count)])
            choices = _with_other(merged, rest=len(counts) > len(kept))
            beside = {normalise(part) for cell in cells if len(cell) > 1 for part in cell}
            if best is None or len(counts) < best[0]:
                told = (
                    replace(choice, exclusive=is_nothing(choice.label) and normalise(choice.label) not in beside)
                    for choice in choices
                )
                best = len(counts), separator, tuple(told)
    return best and best[1:]


def _cut(text: str, separator: str) -> list[str]:
    """Cut a cell; a tool may write a line of CSV in it, options that hold the separator in quotes."""
    if len(separator) == 1 and (text.startswith('"') or f'{separator}"' in text):
        return [part.strip() for row in csv.reader([text], delimiter=separator) for part in row]
    return [part.strip() for part in text.split(separator)]


def _joined(cells: list[list[str]], separator: str) -> list[list[str]]:
    """Put together neighbours that never stand apart: « raison d'être, plan d'action » is one option."""
    while True:
        counts = Counter(part for cell in cells for part in cell)
        pairs = Counter(pair for cell in cells for pair in pairwise(cell))
        glued = [pair for pair, count in pairs.items() if count > 1 and count == counts[pair[0]] == counts[pair[1]]]
        if not glued:
            return cells
        left, right = min(glued)
        together = separator.rstrip() + " " if separator.rstrip() in (",", ";") else separator
        out = []
        for cell in cells:
            merged: list[str] = []
            for part in cell:
                if merged and (merged[-1], part) == (left, right):
                    merged[-1] = f"{left}{together}{right}"
                else:
                    merged.append(part)
            out.append(merged)
        cells = out
