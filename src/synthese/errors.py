"""Faults told to a user: what, where and what would be right.

Belongs here: the one exception type of the library and the fault it carries. Does not: anything that
knows a room (each room words its own faults).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a study or with its use.

    Parameters
    ----------
    code : str
        Stable reason code, kebab-case (``unknown-column``), by which tests and tables name the fault.
    what : str
        What is wrong, in one sentence, without personal data.
    file : str or Path, optional
        The file, relative to the study where possible.
    row : int, optional
        Place in the file: a line of a text, a row of an export (1 = first line of the file).
    column : str, optional
        Header of the column.
    path : str, optional
        Place in a structured file, such as ``questions[3].options[1].code``.
    fix : str, optional
        What would be right, or what to do.
    """

    code: str
    what: str
    file: str | Path | None = None
    row: int | None = None
    column: str | None = None
    path: str | None = None
    fix: str | None = None

    @property
    def where(self) -> str:
        """Place in words: ``data/raw/2024/export.csv, row 4, column 'Région'``."""
        parts = []
        if self.file is not None:
            parts.append(str(self.file))
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column!r}")
        if self.path is not None:
            parts.append(self.path)
        return ", ".join(parts)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        fix = f" → {self.fix}" if self.fix else ""
        return f"{where}{self.what}{fix} [{self.code}]"


@dataclass(eq=False)  # an exception is itself, and can be hashed
class SyntheseError(Exception):
    """Something is wrong with the study or its use; the command line prints it without traceback.

    Carries every fault found at once. ``SyntheseError.of(...)`` makes the usual one-fault error.
    """

    faults: tuple[Fault, ...] = field(default_factory=tuple)

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not self.faults:
            raise ValueError("a SyntheseError carries at least one fault")
        super().__init__(str(self))

    @classmethod
    def of(
        cls,
        code: str,
        what: str,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        path: str | None = None,
        fix: str | None = None,
    ) -> SyntheseError:
        """Make an error of one fault; see `Fault` for the parameters."""
        return cls(Fault(code, what, file=file, row=row, column=column, path=path, fix=fix))

    @property
    def code(self) -> str:
        """Reason code of the first fault."""
        return self.faults[0].code

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
