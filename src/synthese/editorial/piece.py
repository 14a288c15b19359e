"""A finished piece of the report: an artefact, with how Jupyter shows it.

Belongs here: pairing an `Artefact` with its view. Does not: making its parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from synthese.artefacts import Artefact, make
from synthese.disclosure import Released
from synthese.editorial.grid import Grid

SVG = "image/svg+xml"
NARROW_SVG = "image/svg+xml;layout=narrow"  # the same figure for a screen of 320 pixels
CSV = "text/csv"
TABLE = "application/vnd.synthese.table+json"


@dataclass(frozen=True)
class Piece:
    """An artefact as a notebook holds it: save it, and look at it.

    Parameters
    ----------
    artefact : Artefact
        What is saved.
    grid : Grid or None
        The structure of a table.
    why : str or None
        Why a stronger wording of a sentence does not stand, in French: shown in the notebook, not in the report.
    """

    artefact: Artefact
    grid: Grid | None = None
    why: str | None = None

    def _repr_html_(self) -> str:
        made = self.artefact
        if made.text is not None:
            body = f"<p>{escape(made.text)}</p>"
        elif self.grid is not None:
            body = self.grid.html(made.id)
        else:
            svg = made.payloads[SVG].decode("utf-8")
            body = svg[svg.index("<svg") :]
        title = f"<figcaption><strong>{escape(made.caption)}</strong></figcaption>" if made.caption else ""
        lines = made.notes if self.why is None else (*made.notes, f"Formulation écartée : {self.why}.")
        notes = "".join(f"<p><small>{escape(line)}</small></p>" for line in lines)
        return f'<figure id="{made.id}">{title}{body}{notes}</figure>'


def withheld(released: Released, id: str, *, caption: str, text: str, notes: Iterable[str]) -> Piece:
    """Make the piece that stands where a figure or a table may not: its title and a line that says why."""
    kind = "table" if id.startswith("tbl-") else "figure"
    return Piece(
        make(
            released,
            id=id,
            kind=kind,  # type: ignore[arg-type]
            caption=caption,
            notes=tuple(notes),
            text=text,
            status="too_small",
        )
    )
