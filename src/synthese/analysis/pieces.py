"""Several pieces of the report, as a cell of a notebook shows them.

Belongs here: holding them together. Does not: making them (`synthese.editorial`), or saving them (`publication`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from synthese.editorial import Piece


@dataclass(frozen=True)
class Pieces:
    """Several pieces, shown one under the other.

    Parameters
    ----------
    pieces : tuple of Piece
        In the order of their file.
    """

    pieces: tuple[Piece, ...]

    def __iter__(self) -> Iterator[Piece]:
        return iter(self.pieces)

    def __len__(self) -> int:
        return len(self.pieces)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(p.artefact.id)}</code></td><td>{escape(p.artefact.text or p.artefact.caption)}"
            f"{f'<br><small>Formulation écartée : {escape(p.why)}.</small>' if p.why else ''}</td></tr>"
            for p in self.pieces
        )
        return f"<table>{rows}</table>"
