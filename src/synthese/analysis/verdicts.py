"""What a wave may be compared on, variable by variable: the table that is kept with the study and shown in 04.

Belongs here: verdicts of one wave as a table. Does not: the verdict itself (`synthese.codebook`), the comparison.
"""

from __future__ import annotations

import csv
import html
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from synthese.analysis.keeping import Keeper
from synthese.codebook import KINDS, Codebook, Verdict, comparability
from synthese.files import write_text

FILE = "comparability.csv"
COLUMNS = ("question", "wave", "reference", "kind", "comparable", "overridden", "reason", "options")


@dataclass(frozen=True)
class Comparability:
    """Verdicts of a wave with every earlier one.

    Parameters
    ----------
    codebook : Codebook
        What was asked.
    wave : str
        Wave id.
    references : tuple of str
        Earlier waves, oldest first; none for the first wave.
    verdicts : dict of (str, str) to Verdict
        By reference and variable id, in the order of the waves and of the codebook.
    keeper : Keeper
        Where the table goes.
    """

    codebook: Codebook
    wave: str
    references: tuple[str, ...]
    verdicts: dict[tuple[str, str], Verdict]
    keeper: Keeper

    @property
    def frame(self) -> pd.DataFrame:
        """One row a variable and earlier wave: the columns of `COLUMNS`, codes of ``options`` joined by spaces."""
        return pd.DataFrame(self._rows(), columns=list(COLUMNS))

    def table(self, *, differing: bool = False) -> pd.DataFrame:
        """Lay the verdicts out for reading, in French; only those that differ if asked."""
        rows = [
            {
                "question": f"{name} {self._label(name)}",
                "depuis": reference,
                "verdict": KINDS[verdict.kind],
                "comparée": ("oui" if verdict.comparable else "non") + (" (décision)" if verdict.overridden else ""),
                "pourquoi": verdict.reason,
            }
            for (reference, name), verdict in self.verdicts.items()
            if not differing or verdict.kind != "identical" or verdict.overridden
        ]
        return pd.DataFrame(rows, columns=["question", "depuis", "verdict", "comparée", "pourquoi"])

    @property
    def overview(self) -> pd.DataFrame:
        """Number of variables by earlier wave and kind of verdict."""
        counted = Counter((r, verdict.kind, verdict.comparable) for (r, _), verdict in self.verdicts.items())
        rows = [
            {"depuis": r, "verdict": said, "comparées": "oui" if fine else "non", "questions": counted[r, kind, fine]}
            for r in self.references
            for kind, said in reversed(KINDS.items())
            for fine in (True, False)
            if counted[r, kind, fine]
        ]
        return pd.DataFrame(rows, columns=["depuis", "verdict", "comparées", "questions"])

    def _label(self, name: str) -> str:
        whole, _, regrouping = name.partition("@")
        question_id, _, row = whole.partition(".")
        question = self.codebook.by_id[question_id]
        if regrouping:
            return next(r.label for r in self.codebook.regroupings if r.id == name)
        return next((r.display for r in question.rows if r.code == row), question.display)

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                name,
                self.wave,
                reference,
                verdict.kind,
                "true" if verdict.comparable else "false",
                "true" if verdict.overridden else "false",
                verdict.reason,
                " ".join(verdict.options),
            )
            for (reference, name), verdict in self.verdicts.items()
        ]

    def save(self) -> Path:
        """Write ``comparability.csv`` beside the wave's results and return it."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(self._rows())
        path = self.keeper.folder / FILE
        write_text(path, buffer.getvalue())
        return path

    def __repr__(self) -> str:
        return f"Comparability(wave={self.wave!r}, references={self.references!r}, verdicts={len(self.verdicts)})"

    def _repr_html_(self) -> str:
        if not self.references:
            return f"<p>Vague {html.escape(self.wave)} : première vague, rien à comparer.</p>"
        total, fine = len(self.verdicts), sum(v.comparable for v in self.verdicts.values())
        shown = self.table(differing=True)
        head = f"Vague {html.escape(self.wave)} : {fine} comparaisons permises sur {total}"
        if shown.empty:
            return f"<p>{head} ; toutes sont posées à l’identique.</p>"
        told = f"ci-dessous, {len(shown)} qui ne sont pas à l’identique"
        return f"<p>{head} ; {told}.</p>{shown.to_html(index=False, border=0)}"


def verdicts(codebook: Codebook, wave: str, references: Iterable[str], keeper: Keeper) -> Comparability:
    """State the verdict of every question, grid row and regrouping of the codebook with every earlier wave.

    Questions that identify people are left out: they are never tabulated, hence never compared.
    """
    names = [name for question in codebook.questions if not question.personal for name in _of(codebook, question.id)]
    references = tuple(references)
    found = {(r, name): comparability(codebook, name, wave, r) for r in references for name in names}
    return Comparability(codebook, wave, references, found, keeper)


def _of(codebook: Codebook, question_id: str) -> list[str]:
    """Ids of a question, its grid rows and their regroupings."""
    question = codebook.by_id[question_id]
    names = [question_id]
    names += [f"{question_id}.{row.code}" for row in question.rows if question.type == "grid"]
    return names + [r.id for r in codebook.regroupings if r.id.partition("@")[0] in names]
