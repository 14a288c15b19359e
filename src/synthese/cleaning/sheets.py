"""The free texts of a wave and the sheets in which they are coded.

Belongs here: the texts that can be coded, which row of a sheet is about which, a sheet brought up to date. Does
not: reading a sheet's file (`synthese.codebook`), what its codes do to answers (`recoding`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from synthese.cleaning.normal import blank, normalise
from synthese.cleaning.redaction import BLANK, Redactor, redactor
from synthese.codebook.codesheets import Sheet, SheetRow

_LETTERS_LEFT = 4  # a text blanked to less than that is found by its key alone
_HOLE = re.compile(re.escape(re.escape(normalise(BLANK))))


def key_of(text: str) -> str:
    """Digest of a redacted text, without case, typography and spaces.

    It begins with a letter, so that no spreadsheet takes it for a number. It is made of nothing but the text
    that stands beside it: whoever has the sheet learns nothing more from it.
    """
    return "t" + hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()[:11]


def _left(text: str) -> int:
    """Count the letters of a text outside its blanks."""
    return sum(map(str.isalnum, text.replace(BLANK, "")))


@dataclass(frozen=True)
class FreeText:
    """One distinct text, redacted, and who gave it.

    Parameters
    ----------
    text : str
        As the first of them wrote it.
    key : str
        `key_of` the text.
    places : ndarray of int
        Records of the respondents who gave it.
    """

    text: str
    key: str
    places: npt.NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of answers."""
        return len(self.places)


@dataclass(frozen=True)
class FreeTexts:
    """Free texts of a wave that can be coded; redacted when asked for, and shown by no message.

    Parameters
    ----------
    answers : mapping of str to ndarray of str
        Question id to the text of each record; empty where it counts for nothing: no text, a row left out, an
        answer set aside, a text beside another answer.
    personal : mapping
        What `redaction.redactor` wants.
    """

    answers: Mapping[str, npt.NDArray[np.object_]] = field(default_factory=dict, repr=False)
    personal: Mapping[str, tuple[bool, Sequence[str]]] = field(default_factory=dict, repr=False)

    @cached_property
    def redact(self) -> Redactor:
        """What blanks the names of this wave."""
        return redactor(self.personal)

    @cached_property
    def _listed(self) -> dict[str, tuple[FreeText, ...]]:
        return {}

    def of(self, question: str) -> tuple[FreeText, ...]:
        """List a question's distinct texts in the order of their first appearance.

        Texts that are one after redaction, or but for case and typography, share an entry.
        """
        if question not in self._listed:
            first: dict[str, str] = {}
            places: dict[str, list[int]] = {}
            for place, answer in enumerate(self.answers.get(question, ())):
                if not blank(answer):
                    text = self.redact(answer)
                    key = key_of(text)
                    first.setdefault(key, text)
                    places.setdefault(key, []).append(place)
            self._listed[question] = tuple(
                FreeText(text, key, np.array(places[key], dtype=np.int64)) for key, text in first.items()
            )
        return self._listed[question]


@dataclass(frozen=True)
class Matches:
    """Which text each row of a sheet is about.

    Parameters
    ----------
    texts : tuple of FreeText
        Texts of the wave.
    of_row : tuple of (int or None)
        For each row of the sheet, the place of its text in ``texts``; None = the export has it no more.
    apart : tuple of SheetRow
        Rows whose key is that of one text and whose text is another: columns that were sorted apart.
    """

    texts: tuple[FreeText, ...]
    of_row: tuple[int | None, ...]
    apart: tuple[SheetRow, ...] = ()


def match(sheet: Sheet, texts: tuple[FreeText, ...], redact: Callable[[str], str]) -> Matches:
    """Find the text of each row: by its key, else by its text, else by its text around what was blanked by hand."""
    by_key = {text.key: place for place, text in enumerate(texts)}
    found: list[int | None] = []
    apart = []
    for row in sheet.rows:
        by_text = by_key.get(key_of(redact(row.text)))
        place = by_key.get(row.key)
        if place is not None and by_text is not None and place != by_text and BLANK not in row.text:
            apart.append(row)
        found.append(by_text if place is None else place)
    free = [place for place in range(len(texts)) if place not in set(found)]
    for number, row in enumerate(sheet.rows):
        text = redact(row.text)
        if found[number] is None and BLANK in text and _left(text) >= _LETTERS_LEFT:
            pattern = re.compile(_HOLE.sub(".+", re.escape(normalise(text))))
            fitting = [place for place in free if pattern.fullmatch(normalise(texts[place].text))]
            found[number] = fitting[0] if len(fitting) == 1 else None
    return Matches(texts, tuple(found), tuple(apart))


Suggest = Callable[[FreeText], tuple[str, str]]
"""Gives the code and the note with which the row of a new text begins."""


def updated(sheet: Sheet, texts: tuple[FreeText, ...], redact: Callable[[str], str], suggest: Suggest) -> Sheet:
    """Bring a sheet up to date with a wave's texts: nothing that someone wrote is lost or changed.

    Rows keep their order; new texts follow in the order of their first appearance; rows whose text the export
    has no more come last with ``n`` 0, and go only if nobody wrote in them.
    """
    found = match(sheet, texts, redact).of_row
    present: list[SheetRow] = []
    gone: list[SheetRow] = []
    seen: set[int] = set()
    keys = {text.key for text in texts}
    for row, place in zip(sheet.rows, found, strict=True):
        text = redact(row.text)
        # Blanked, perhaps by hand: its key must not tell what stood there. Where nothing is left to find the text by,
        # it keeps the key, or the text would come back.
        told = key_of(text) if BLANK in text and _left(text) >= _LETTERS_LEFT else row.key
        if place is None or place in seen:
            gone += [replace(row, text=text, key=told, n=0)] if row.filled else []
            continue
        seen.add(place)
        now = texts[place]
        by_hand = text.count(BLANK) > now.text.count(BLANK) and told not in keys
        present.append(replace(row, text=text, key=told if by_hand else now.key, n=now.n))
    new = []
    for place, now in enumerate(texts):
        if place not in seen:
            code, note = suggest(now)
            new.append(SheetRow(now.text, now.key, now.n, code, note=note, more=("",) * len(sheet.more)))
    return replace(sheet, rows=(*present, *new, *gone))
