"""Several options in one cell: found by the known options, never by a blind split.

Belongs here: cutting one cell's text. Does not: which separator an export uses, what is made of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from synthese.cleaning.choices import Choices, Match
from synthese.cleaning.normal import mended, normalise

_READINGS_KEPT = 8


@dataclass(frozen=True)
class Cut:
    """One cell cut into options.

    Parameters
    ----------
    codes : tuple of str
        Options found, in the order of the cell, each once.
    rest : str
        What matches no option.
    rule : str or None
        The weightiest rule by which an option was matched; None where all are the options' own texts.
    ambiguous : bool
        Another reading matches as much with other options.
    """

    codes: tuple[str, ...]
    rest: str = ""
    rule: str | None = None
    ambiguous: bool = False


@dataclass(frozen=True)
class _Reading:
    """One way to read the tokens from some place on, as linked lists."""

    cost: int
    repeats: int
    pieces: int
    found: frozenset[str]
    match: Match | None = None
    rest: int | None = None
    after: _Reading | None = None


@dataclass(frozen=True)
class Cutter:
    """Cuts cells of one question.

    A cell is split at every separator into tokens; an option whose text holds the separator is a run of
    tokens. Of all ways to cover the tokens by options the one is taken that leaves least text unmatched,
    names no option twice, and uses fewest (hence longest) options.

    Parameters
    ----------
    choices : Choices
        Known texts.
    separator : str
        What the tool writes between options.
    """

    choices: Choices
    separator: str

    @cached_property
    def _exact(self) -> Mapping[tuple[str, ...], Match]:
        return {tuple(text.split(self.separator)): match for text, match in self.choices.exact.items()}

    @cached_property
    def _loose(self) -> Mapping[tuple[str, ...], Match]:
        return {self._tokens(text): match for text, match in self.choices.loose.items()}

    def _tokens(self, form: str) -> tuple[str, ...]:
        bare = self.separator.strip()
        return tuple(token.strip() for token in form.split(bare or self.separator))

    def cut(self, text: str) -> Cut:
        """Cut one cell's text."""
        tokens = tuple(text.split(self.separator))
        reading, ambiguous = _read(tokens, self._exact, str)
        if reading.cost:
            spread = tuple(text.split(self.separator.strip() or self.separator))
            again, unclear = _read(spread, self._loose, lambda token: normalise(token).strip())
            if again.cost < reading.cost:
                tokens, reading, ambiguous = spread, again, unclear
        if reading.cost and (whole := mended(text)) is not None:
            better = self.cut(whole)
            if len(better.rest) < reading.cost:
                return Cut(better.codes, better.rest, "mojibake", better.ambiguous)
        return self._told(tokens, reading, ambiguous)

    def _told(self, tokens: tuple[str, ...], reading: _Reading, ambiguous: bool) -> Cut:
        matches: list[Match] = []
        rest: list[str] = []
        here: _Reading | None = reading
        while here is not None:
            if here.match is not None:
                matches.append(here.match)
            if here.rest is not None:
                rest.append(tokens[here.rest])
            here = here.after
        rules = {match.rule for match in matches}
        rule = next((r for r in ("option-alias", "option-normalised") if r in rules), None)
        codes = tuple(dict.fromkeys(match.code for match in matches))
        return Cut(codes, self.separator.join(rest).strip(), rule, ambiguous)


def _read(
    tokens: tuple[str, ...], known: Mapping[tuple[str, ...], Match], form: Callable[[str], str]
) -> tuple[_Reading, bool]:
    """Find the best way to cover tokens by known runs, and whether another is as good."""
    forms = tuple(form(token) for token in tokens)
    longest = max((len(run) for run in known), default=1)
    best: list[list[_Reading]] = [[] for _ in range(len(forms) + 1)]
    best[len(forms)] = [_Reading(0, 0, 0, frozenset())]
    for start in range(len(forms) - 1, -1, -1):
        found: dict[frozenset[str], _Reading] = {}
        for stop in range(start + 1, min(start + longest, len(forms)) + 1):
            match = known.get(forms[start:stop])
            if match is None:
                continue
            for later in best[stop]:
                _keep(found, _with_option(match, later))
        for later in best[start + 1]:
            _keep(found, _with_rest(start, forms[start], later))
        best[start] = sorted(found.values(), key=_rank)[:_READINGS_KEPT]
    first, *others = best[0]
    return first, any(_rank(other)[:2] == _rank(first)[:2] for other in others)


def _rank(reading: _Reading) -> tuple[int, int, int]:
    return reading.cost, reading.repeats, reading.pieces


def _with_option(match: Match, later: _Reading) -> _Reading:
    repeats = later.repeats + (match.code in later.found)
    return _Reading(later.cost, repeats, later.pieces + 1, later.found | {match.code}, match, None, later)


def _with_rest(place: int, token: str, later: _Reading) -> _Reading:
    if not token.strip() and later.after is None and not later.pieces:
        return later  # tools may end a cell by a separator
    return _Reading(later.cost + len(token) + 1, later.repeats, later.pieces, later.found, None, place, later)


def _keep(found: dict[frozenset[str], _Reading], reading: _Reading) -> None:
    known = found.get(reading.found)
    if known is None or _rank(reading) < _rank(known):
        found[reading.found] = reading
