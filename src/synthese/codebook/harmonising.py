"""Options of two waves brought to what both can tell.

Belongs here: through which option a split or merged one is compared. Does not: whether the question may be
compared (`comparability`), or counting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from synthese.codebook.model import Question, Regrouping

Codes = dict[str, str]


@dataclass(frozen=True)
class Harmony:
    """Options of two waves, and the option through which each is compared.

    Parameters
    ----------
    by_wave : mapping of str to dict of str to str
        For each of the two waves: code of an option it offered, to the code it is compared through. An option that
        has no counterpart in the other wave is left out.
    """

    by_wave: Mapping[str, Codes] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """Options through which the waves are compared."""
        return frozenset(code for codes in self.by_wave.values() for code in codes.values())

    def members(self, wave: str, code: str) -> tuple[str, ...]:
        """Options of a wave that count as ``code``."""
        return tuple(source for source, counted in self.by_wave.get(wave, {}).items() if counted == code)

    def whole(self, code: str) -> bool:
        """Whether an option is compared as it stands, in both waves."""
        return all(self.members(wave, code) == (code,) for wave in self.by_wave)


def harmonise(question: Question, wave: str, reference: str) -> Harmony:
    """Bring the options of two waves to what both can tell; the same from either side.

    An option and its parts (``split_of``, over any number of steps) are counted as the option where one of the two
    waves offered it and they did not offer the same of them: whether it was split or merged since, is all one.
    Parts of an option that neither offered are counted as that option where the waves have no part in common.
    Everything else is compared as it stands, so that parts offered by both waves stay apart.

    Parameters
    ----------
    question : Question
        The question.
    wave, reference : str
        Wave ids, in any order.
    """
    known = {option.code for option in question.options}
    parts: dict[str | None, list[str]] = defaultdict(list)
    for option in question.options:
        parts[option.split_of if option.split_of in known else None].append(option.code)
    offered = {here: {o.code for o in question.options if o.offered(here)} for here in (wave, reference)}

    def within(code: str) -> tuple[Codes, Codes]:
        mine: Codes = {}
        theirs: Codes = {}
        for part in parts[code]:
            for found, more in zip((mine, theirs), within(part), strict=True):
                found.update(more)
        itself = False
        for found, here in ((mine, wave), (theirs, reference)):
            if code in offered[here]:
                found[code] = code
                itself = True
        differ = set(mine) != set(theirs) if itself else not set(mine.values()) & set(theirs.values())
        if mine and theirs and differ:
            return dict.fromkeys(mine, code), dict.fromkeys(theirs, code)
        return mine, theirs

    mine: Codes = {}
    theirs: Codes = {}
    for root in parts[None]:
        for found, more in zip((mine, theirs), within(root), strict=True):
            found.update(more)
    both = set(mine.values()) & set(theirs.values())
    order = {option.code: place for place, option in enumerate(question.options)}
    kept = [
        {
            source: counted
            for source, counted in sorted(found.items(), key=lambda item: order[item[0]])
            if counted in both
        }
        for found in (mine, theirs)
    ]
    return Harmony({wave: kept[0], reference: kept[1]})


def groups_of(question: Question, regrouping: Regrouping) -> Codes:
    """Group of every option of a question: the one that names it, else that of what it is a part of, else of its parts.

    A part that no group names counts with the option it is a part of; an option that no group names counts in the
    group of its parts when all of these are in one. What is left is in no group.
    """
    named = {code: group.code for group in regrouping.groups for code in group.of}
    whole_of = {option.code: option.split_of for option in question.options}
    out: Codes = {}
    for option in question.options:
        above: str | None = option.code
        seen: set[str] = set()
        while above is not None and above not in named and above not in seen:
            seen.add(above)
            above = whole_of.get(above)
        if above in named:
            out[option.code] = named[str(above)]
    changed = True
    while changed:
        changed = False
        for option in question.options:
            parts = {out.get(o.code) for o in question.options if o.split_of == option.code}
            if option.code not in out and len(parts) == 1 and None not in parts:
                out[option.code] = str(parts.pop())
                changed = True
    return out
