"""The options of a question, and which of them a text is.

Belongs here: matching one text with one option. Does not: several options in one cell (`cutting`), columns
and rows (`coding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from synthese.cleaning.normal import mended, normalise
from synthese.codebook import Option

_MONTHS = "janv|jan|févr|fév|feb|mars|mar|avr|apr|mai|may|juin|jun|juil|jul|août|aout|aug|sept|sep|oct|nov|déc|dec"
_DATES = (
    re.compile(rf"(\d{{1,2}})[-/ .](?:{_MONTHS})\w*\.?(?:[-/ .]\d{{2,4}})?", re.IGNORECASE),
    re.compile(rf"(?:{_MONTHS})\w*\.?[-/ .](\d{{2,4}})", re.IGNORECASE),
    re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}(?: 00:00(?::00)?)?"),
    re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]00:00(?::00)?)?"),
)


def excel_date(text: str) -> bool:
    """Whether a text is a date such as a spreadsheet makes of ``3-6`` or ``1/2``."""
    return any(pattern.fullmatch(text.strip()) for pattern in _DATES)


_OTHER_WORDS = re.compile(
    r"(?:autres?|other)\s*(?:\.\.\.|:)?"
    r"(?:\s*[(:,-]?\s*(?:(?:merci de|veuillez|please|à)\s+)?(?:précise[rz]|specify)\s*\)?\s*(?:\.\.\.|:)?)?"
)
_CUT_SHORT = 60  # bytes from which a label may be one that its file has no room for


def says_other(label: str) -> bool:
    """Whether a tool's own label says « Autre », whatever the form called it: ``Other (please specify)``."""
    return _OTHER_WORDS.fullmatch(normalise(label)) is not None


def begun_by(text: str, labels: Mapping[str, str]) -> str | None:
    """Find the one label that a text begins, by its code: statistical files cut long labels."""
    if len(text.encode()) < _CUT_SHORT:
        return None
    form = normalise(text).removesuffix("...").rstrip()
    found = [code for code, label in labels.items() if normalise(label).startswith(form)]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Match:
    """An option found for a text, and by which rule; no rule where the text is the option's own."""

    code: str
    rule: str | None = None


@dataclass(frozen=True)
class Choices:
    """Texts by which a wave's export may name the options of a question.

    Parameters
    ----------
    options : tuple of Option
        Options that the wave offered.
    exact, loose : mapping of str to Match
        Text as it stands, and normalised, to option; a normalised text that two options share is in neither.
    withheld : mapping of str to str
        Normalised text of options that the codebook says this wave did not offer, to their code.
    unlisted : mapping of str to str
        Texts of the export whose label is no option, to that label: closed answers that the codebook lacks.
    relabelled : mapping of str to tuple of str
        Texts of the export that are one option by code while their label differs: the label, and the code of the
        option that the text would be by itself.
    """

    options: tuple[Option, ...]
    exact: Mapping[str, Match] = field(repr=False)
    loose: Mapping[str, Match] = field(repr=False)
    withheld: Mapping[str, str] = field(default_factory=dict, repr=False)
    unlisted: Mapping[str, str] = field(default_factory=dict, repr=False)
    relabelled: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    @cached_property
    def other(self) -> Option | None:
        """The option that free text counts in."""
        return next((option for option in self.options if option.other), None)

    @cached_property
    def listed(self) -> Mapping[str, str]:
        """Labels of the options that are not for free text, by their normalised form."""
        return {normalise(option.label): option.label for option in self.options if not option.other}

    @property
    def labels(self) -> list[str]:
        """Texts of the options, for messages."""
        return [option.label for option in self.options]

    def option(self, code: str) -> Option:
        """Option by its code."""
        return next(option for option in self.options if option.code == code)

    @property
    def plain(self) -> Choices:
        """Only the options' own texts and codes: no alias, no normalising, no free text."""
        own = {text: match for text, match in self.exact.items() if match.rule is None}
        return Choices(tuple(o.model_copy(update={"other": False}) for o in self.options), own, {})

    def labelled(self, labels: Mapping[str, str]) -> Choices:
        """Know the texts of a column by the labels that the export gives them.

        A label is what the respondent saw: where it is an option, it counts and not the text, which may be the
        code of another one. Where it is none, the text by itself counts. What ``wave.yml`` declares of a text comes
        before both.
        """
        if not labels:
            return self
        exact, loose = dict(self.exact), dict(self.loose)
        unlisted, relabelled = dict(self.unlisted), dict(self.relabelled)
        for text, label in labels.items():
            mine = self.exact.get(text) or self.loose.get(normalise(text))
            if mine is not None and mine.rule == "option-alias":
                continue
            match = self.match(label) or self._cut_short(label)
            if match is None and self.other is not None and says_other(label):
                match = Match(self.other.code, "option-normalised")
            if mine is not None and (match is None or match.code != mine.code):
                relabelled[text.strip()] = (label, mine.code)
            if match is not None:
                exact[text] = match
                loose[normalise(text)] = Match(match.code, match.rule or "option-normalised")
            elif mine is None:
                unlisted[text.strip()] = label
        return replace(self, exact=exact, loose=loose, unlisted=unlisted, relabelled=relabelled)

    def _cut_short(self, label: str) -> Match | None:
        code = begun_by(label, {option.code: option.label for option in self.options})
        return Match(code, "option-cut-short") if code is not None else None

    def match(self, text: str) -> Match | None:
        """Find the option that a text is: exactly, then normalised, then as spreadsheets damage it.

        Returns
        -------
        Match or None
            None where nothing fits; a date made by a spreadsheet fits nothing.
        """
        if text in self.exact:
            return self.exact[text]
        form = normalise(text)
        if form in self.loose:
            return self.loose[form]
        whole = mended(text)
        if whole is not None and (found := self.match(whole)) is not None:
            return Match(found.code, "mojibake")
        if re.fullmatch(r"\d+", form):
            padded = {m.code for known, m in self.loose.items() if known[:1] == "0" and known.lstrip("0") == form}
            if len(padded) == 1:
                return Match(padded.pop(), "leading-zero")
        if re.fullmatch(r"\d+(?:[.,]\d*[1-9])?", form):
            point = form.replace(",", ".") + ("" if {".", ","} & set(form) else ".")
            longer = {
                m.code
                for known, m in self.loose.items()
                if re.fullmatch(rf"{re.escape(point)}0+", known.replace(",", "."))
            }
            if len(longer) == 1:
                return Match(longer.pop(), "trailing-zero")
        return None


def choices(options: Iterable[Option], wave: str, aliases: Mapping[str, str]) -> Choices:
    """Gather the texts of a question's options in a wave.

    Parameters
    ----------
    options : iterable of Option
        All options of the question.
    wave : str
        Id of the wave.
    aliases : mapping of str to str
        Texts that ``wave.yml`` declares, to option code; they come before the options' own texts.
    """
    options = tuple(options)
    offered = tuple(option for option in options if option.offered(wave))
    codes = {option.code for option in offered}
    exact: dict[str, Match] = {}
    loose: dict[str, Match] = {}
    shared: set[str] = set()

    def put(text: str, code: str, rule: str | None) -> None:
        exact.setdefault(text, Match(code, rule))
        form = normalise(text)
        if form in loose and loose[form].code != code and loose[form].rule != "option-alias":
            shared.add(form)
        loose.setdefault(form, Match(code, rule or "option-normalised"))

    for text, code in aliases.items():
        if code in codes:
            put(text, code, "option-alias")
    for option in offered:
        put(option.label, option.code, None)
    for option in offered:
        # Tools may export codes; a label that looks like another option's code comes first.
        exact.setdefault(option.code, Match(option.code))
        loose.setdefault(option.code.casefold(), Match(option.code, "option-normalised"))
    for form in shared:
        del loose[form]
    withheld = {normalise(o.label): o.code for o in options if not o.offered(wave) and normalise(o.label) not in loose}
    return Choices(offered, exact, loose, withheld)
