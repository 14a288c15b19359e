"""What cleaning did, as it goes along: lines of the journal and findings.

Belongs here: collecting, one entry for many cells; the journal's frame. Does not: deciding anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.cleaning.normal import MASK
from synthese.cleaning.rules import ERRORS
from synthese.errors import Fault

FILE = "file"
"""Last column of the journal, and a column of the private answers, where a wave came in several files."""

JOURNAL_COLUMNS = ("row", "respondent", "question", "column", "before", "after", "rule", "reason")

Positions = npt.NDArray[np.int64]
_ROWS_NAMED = 10


@dataclass(frozen=True)
class Line:
    """The same thing done to the cells of some rows."""

    positions: Positions
    question: str | None
    column: str | None
    before: str | None
    after: str | None
    rule: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """The same thing found in some rows; ``positions`` None = of the whole export."""

    code: str
    what: str
    column: str | None
    positions: Positions | None
    fix: str | None


@dataclass
class Ledger:
    """Collector of journal lines and findings, filled by every step of cleaning.

    Parameters
    ----------
    file : str
        Name of the export, for findings.
    rows : ndarray of int
        Row in the file of each record.
    private : set of str
        Questions whose texts are masked: personal and open ones.
    files : ndarray of str or None
        File of each record, where there are several; rows are then those of that file.
    """

    file: str
    rows: npt.NDArray[np.int64]
    private: frozenset[str] = frozenset()
    files: npt.NDArray[np.object_] | None = None
    dropped: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    values: list[Line] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)

    def drop(self, positions: Positions, rule: str, reason: str) -> None:
        """Note rows left out."""
        self.dropped.append(Line(positions, None, None, None, None, rule, reason))

    def column(self, column: str, question: str | None, rule: str, reason: str) -> None:
        """Note what became of a column."""
        self.columns.append(Line(np.empty(0, np.int64), question, column, None, None, rule, reason))

    def value(
        self, positions: Positions, question: str, column: str, before: str, after: str, rule: str, reason: str
    ) -> None:
        """Note a value changed, or set aside, in some rows."""
        if not len(positions):
            return
        if question.split(".")[0] in self.private:
            before, after = MASK, after if after.startswith("_") else MASK
        self.values.append(Line(positions, question, column, before, after, rule, reason))

    def finding(
        self,
        code: str,
        what: str,
        *,
        column: str | None = None,
        positions: Positions | None = None,
        fix: str | None,
        merged: bool = False,
    ) -> None:
        """Note what the user should look at; ``merged``: rows join those of an earlier finding in the same words."""
        if merged and positions is not None:
            for number, known in enumerate(self.found):
                if (known.code, known.what, known.column) == (code, what, column) and known.positions is not None:
                    self.found[number] = Finding(code, what, column, np.union1d(known.positions, positions), fix)
                    return
        if positions is None or len(positions):
            self.found.append(Finding(code, what, column, positions, fix))

    def unread(self, size: int) -> npt.NDArray[np.int64]:
        """Count the answers of each row that were given but fit nothing declared."""
        counts = np.zeros(size, dtype=np.int64)
        for finding in self.found:
            if finding.code in ERRORS and finding.positions is not None:
                np.add.at(counts, finding.positions, 1)
        return counts

    def journal(self, respondents: Sequence[str | None]) -> pd.DataFrame:
        """Make the journal: what became of columns, then each row's lines in the order of the file.

        Parameters
        ----------
        respondents : sequence of str or None
            Key of each record, None where it was dropped; values of dropped rows get no line.

        Returns
        -------
        DataFrame
            `JOURNAL_COLUMNS`; ``row`` is null for columns, ``respondent`` for columns and dropped rows. `FILE` after
            them, where there are several.
        """
        keys = np.array([*respondents, None], dtype=object)
        kept = np.array([key is not None for key in respondents], dtype=bool)
        lines = [*self.columns, *self.dropped, *self.values]
        places = [np.array([-1]) for _ in self.columns]
        places += [line.positions for line in self.dropped]
        places += [line.positions[kept[line.positions]] for line in self.values]
        sizes = [len(place) for place in places]
        place = np.concatenate([*places, np.empty(0, np.int64)]).astype(np.int64)
        # Columns come first (-1); the steps keep their order within a row.
        order = np.argsort(place, kind="stable")
        place = place[order]
        row = pd.array(np.append(self.rows, 0)[place], dtype="Int64")
        row[place < 0] = pd.NA
        out = {"row": pd.Series(row), "respondent": pd.Series(keys[place], dtype="str")}
        for name in JOURNAL_COLUMNS[2:]:
            texts = np.array([getattr(line, name) for line in lines], dtype=object)
            out[name] = pd.Series(np.repeat(texts, sizes)[order], dtype="str")
        if self.files is not None:
            out[FILE] = pd.Series(np.array([*self.files, None], dtype=object)[place], dtype="str")
        return pd.DataFrame(out)

    def faults(self, kept: npt.NDArray[np.bool_]) -> tuple[Fault, ...]:
        """Word the findings that concern a kept row, or the export as a whole.

        Parameters
        ----------
        kept : ndarray of bool
            Which records are kept: what stands in a dropped row is nobody's concern.
        """
        out: list[Fault] = []
        for finding in self.found:
            file, row, what = self.file, None, finding.what
            if finding.positions is not None:
                # Records stand in the order of their rows, file after file.
                found = np.sort(finding.positions[kept[finding.positions]])
                if not len(found):
                    continue
                row = int(self.rows[found[0]])
                file = file if self.files is None else str(self.files[found[0]])
                if len(found) > 1:
                    named = [self._row(position, file) for position in found[1:_ROWS_NAMED]]
                    what = f"{what} ({len(found)} rows; also {', '.join(named)}{'…' * (len(found) > _ROWS_NAMED)})"
            out.append(Fault(finding.code, what, file=file, row=row, column=finding.column, fix=finding.fix))
        return tuple(out)

    def _row(self, position: int, file: str) -> str:
        """Name a row, with its file if that is another one than the file just named."""
        other = self.files is not None and self.files[position] != file
        return f"{self.rows[position]} of {self.files[position]}" if other else str(self.rows[position])  # type: ignore[index]
