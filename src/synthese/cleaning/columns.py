"""Cells of a column, each distinct text once.

Belongs here: access to the raw cells that every coder shares. Does not: what a text means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Ledger, Positions
from synthese.cleaning.normal import MOJIBAKE, blank, shown
from synthese.codebook import Question, Variable
from synthese.codebook.missing import ANSWERED, DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, REASONS
from synthese.exports import RawExport
from synthese.study import WaveSettings

_DAMAGE = (
    ("replacement-character", re.compile("\ufffd"), "a character was lost (\ufffd) when this was saved"),
    ("mojibake", MOJIBAKE, "UTF-8 was read as cp1252 (Ã©) when this was saved"),
)

_SILENT = frozenset(REASONS) - {DONT_KNOW, NOT_APPLICABLE}
_ANSWERED_OR_NOT = np.array([NO_ANSWER, ANSWERED], dtype=object)

Objects = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Distinct:
    """A column's texts without repetition.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Index into ``texts`` of each record; -1 = blank.
    texts : list of str
        Distinct texts, some of which may be blank and are then of no record.
    """

    codes: npt.NDArray[np.int64]
    texts: list[str]

    @cached_property
    def _groups(self) -> tuple[Positions, Positions]:
        # Short codes are sorted by radix, several times as fast.
        codes = self.codes.astype(np.int16) if len(self.texts) < np.iinfo(np.int16).max else self.codes
        order = np.argsort(codes, kind="stable").astype(np.int64)
        return order, np.searchsorted(codes[order], np.arange(len(self.texts) + 1))

    def where(self, index: int) -> Positions:
        """Find the records that hold one of the texts."""
        order, starts = self._groups
        return order[starts[index] : starts[index + 1]]

    @property
    def there(self) -> list[tuple[int, str]]:
        """Each text that some record holds, with its index."""
        counts = np.bincount(self.codes + 1, minlength=len(self.texts) + 1)[1:]
        return [(index, self.texts[index]) for index in np.flatnonzero(counts).tolist()]

    def __iter__(self) -> Iterator[tuple[int, str, Positions]]:
        """Each text that some record holds: its index, itself, its records."""
        for index, text in self.there:
            yield index, text, self.where(index)

    def spread(self, values: Sequence[Any], missing: Any) -> Objects:
        """Give each record the value of its text, or ``missing``."""
        table = np.empty(len(values) + 1, dtype=object)
        table[:-1] = values
        table[-1] = missing
        return table[self.codes]


def distinct(cells: pd.Series) -> Distinct:
    """Take a column's texts without repetition."""
    codes, uniques = pd.factorize(cells)
    texts: list[str] = pd.Index(uniques).tolist()
    # Most texts begin by a letter or a digit: only the others need a closer look.
    empty = np.array([not text[:1].isalnum() and blank(text) for text in texts] + [True])
    return Distinct(np.where(empty[codes], -1, codes).astype(np.int64), texts)


@dataclass
class Coded:
    """Answers to one question or grid row, in codes.

    Parameters
    ----------
    variable : Variable
        What was asked.
    status : ndarray of str, shape (n,)
        Option code or missing reason; for several columns ``answered`` or a reason.
    ticks : dict of str to ndarray of bool
        Multiple response: option code to ticked or not.
    values : dict of str to ndarray of float
        Ranking: item code to rank, NaN = not ranked. Numeric: the number, under ``""``.
    label : str
        Header of the column, for messages.
    empty : ndarray of bool, shape (n,)
        Records whose cells are all empty; of length 0 until the columns were read.
    """

    variable: Variable
    status: Objects
    ticks: dict[str, Flags] = field(default_factory=dict)
    values: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    label: str = ""
    empty: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def given(self) -> Flags:
        """Who gave an answer."""
        codes, texts = levels(self.status)
        return np.array([text not in REASONS for text in texts], dtype=bool)[codes]

    @property
    def said(self) -> Flags:
        """Who said something, « ne sait pas » and « sans objet » included."""
        codes, texts = levels(self.status)
        return np.array([text not in _SILENT for text in texts], dtype=bool)[codes]

    def told(self, positions: Positions) -> list[str]:
        """Answers of some records as the journal writes them: a code, codes joined by ``;``, a number."""
        if self.ticks:
            return [";".join(code for code, flags in self.ticks.items() if flags[p]) for p in positions]
        if self.variable.kind == "ranking":
            return [
                ";".join(f"{code}={ranks[p]:g}" for code, ranks in self.values.items() if ranks[p] == ranks[p])
                for p in positions
            ]
        if self.variable.kind == "numeric":
            return [f"{self.values[''][p]:.15g}" for p in positions]
        return [str(self.status[p]) for p in positions]


@dataclass
class Desk:
    """What coders work with: the export, the wave's declarations, the ledger, and texts set apart.

    Parameters
    ----------
    texts : dict of str to ndarray of str
        Texts that never leave ``private/``: personal and open answers under the question's id, those of
        « Autre » under ``question.option``.
    exact : bool
        Take only what needs no rule: an option's own text, a number as a computer writes it, a tick. The
        journal holds the rest (`replay`).
    filled : ndarray of bool, shape (n,)
        Rows in which some answer is given, in words or by a tick (an explicit FALSE is nothing).
    """

    raw: RawExport
    wave: WaveSettings
    ledger: Ledger
    separator: str
    texts: dict[str, Objects] = field(default_factory=dict)
    exact: bool = False
    filled: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.filled = np.zeros(self.size, dtype=bool)

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.raw.cells)

    def aliases(self, question: Question, target: str) -> dict[str, str]:
        """Texts that ``wave.yml`` gives a code for a question; those of a grid row come first."""
        return {**self.wave.option_aliases.get(question.id, {}), **self.wave.option_aliases.get(target, {})}

    def cells(self, source: Source) -> pd.Series:
        """One column's texts."""
        return self.raw.cells[source.column.index]

    def merged(
        self, sources: Sequence[Source], target: str, read: Callable[[Source], pd.Series] | None = None
    ) -> pd.Series:
        """Texts of columns that hold one thing (a question repeated in the branches of a form).

        The first filled column counts; another text beside it is a finding. ``read`` gives the texts of one
        column, its cells if absent.
        """
        read = read or self.cells
        out = read(sources[0])
        if len(sources) == 1:
            return out
        label = sources[0].label
        self.ledger.column(label, target, "columns-merged", f"{len(sources)} colonnes")
        for source in sources[1:]:
            more = read(source)
            free = (out.str.strip() == "").to_numpy(dtype=bool)
            filled = (more.str.strip() != "").to_numpy(dtype=bool)
            differ = np.flatnonzero(~free & filled & (out.str.strip() != more.str.strip()).to_numpy(dtype=bool))
            self.each(
                differ,
                target,
                label,
                [shown(str(text)) for text in more.iloc[differ]],
                [shown(str(text)) for text in out.iloc[differ]],
                "branch-conflict",
                f"colonne {source.column.position}",
            )
            self.ledger.finding(
                "branch-conflict",
                f"two columns hold {target} and both are filled, with different answers",
                column=label,
                positions=differ,
                fix="if one of the headers is a mistake, correct it; otherwise keep one of the answers in the export",
            )
            out = out.where(~free, more)
        return out

    def each(
        self,
        positions: Positions,
        target: str,
        column: str,
        before: Sequence[str],
        after: Sequence[str],
        rule: str,
        reason: str,
    ) -> None:
        """Note values changed one by one: alike changes are one entry of the ledger."""
        alike: dict[tuple[str, str], list[int]] = {}
        for position, was, now in zip(positions.tolist(), before, after, strict=True):
            alike.setdefault((was, now), []).append(position)
        for (was, now), places in alike.items():
            self.ledger.value(np.array(places, dtype=np.int64), target, column, was, now, rule, reason)

    def keep_text(self, key: str, positions: Positions, text: str) -> None:
        """Set a text apart for ``private/``, after the one that another column gave, if any."""
        if key not in self.texts:
            self.texts[key] = np.full(self.size, "", dtype=object)
        kept = self.texts[key]
        for position in positions:
            known = kept[position]
            kept[position] = text if known in ("", text) else f"{known} ; {text}"

    def distinct(self, cells: pd.Series, column: str, *, ticks: bool = False) -> Distinct:
        """Take a column's texts without repetition, and report those with lost or wrongly decoded characters.

        Unless they are ticks, which say nothing yet, the rows that hold a text count as filled.
        """
        texts = distinct(cells)
        if not ticks:
            self.filled |= texts.codes >= 0
        joined = "\n".join(texts.texts)
        for code, pattern, what in _DAMAGE:
            if not pattern.search(joined):
                continue
            hit = [positions for _, text, positions in texts if pattern.search(text)]
            self.ledger.finding(
                code,
                what,
                column=column,
                positions=np.sort(np.concatenate([*hit, np.empty(0, np.int64)])).astype(np.int64),
                fix="export it again, and save it as UTF-8",
            )
        return texts


def answered_where(flags: Flags) -> Objects:
    """Status of a question of several columns: who gave an answer."""
    return np.asarray(_ANSWERED_OR_NOT[flags.astype(np.int8)], dtype=object)


def levels(status: Objects) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Take the distinct values of a status, and which of them each record has."""
    codes, values = pd.factorize(status)
    return codes.astype(np.int64), [str(value) for value in values]
