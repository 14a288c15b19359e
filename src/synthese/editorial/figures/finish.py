"""A figure as a piece: both drawings, words, data file and table.

Belongs here: putting a drawing together with what stands beside it. Does not: choosing or drawing it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from synthese.artefacts import Source, make
from synthese.disclosure import Released
from synthese.editorial.figures.canvas import NARROW, WIDE, Sheet
from synthese.editorial.grid import Align, Box, Grid, csv_bytes
from synthese.editorial.piece import CSV, NARROW_SVG, SVG, TABLE, Piece
from synthese.editorial.reading import Cell
from synthese.editorial.tables import CELL_COLUMNS

Drawing = Callable[[float], Sheet]


def finish(
    released: Released,
    id: str,
    draw: Drawing,
    *,
    caption: str,
    alt: str,
    lines: Sequence[str],
    data: Sequence[tuple[object, ...]],
    grid: Grid,
    subtitle: str = "",
    sources: Sequence[Source] = (),
) -> Piece:
    """Draw a figure in both widths and put it together with its words, its data and the same as a table."""
    payloads = {
        SVG: draw(WIDE).svg(),
        NARROW_SVG: draw(NARROW).svg(),
        CSV: csv_bytes(CELL_COLUMNS, data),
        TABLE: grid.json(),
    }
    made = make(
        released,
        id=id,
        kind="figure",
        payloads=payloads,
        caption=caption,
        subtitle=subtitle,
        alt=alt,
        notes=lines,
        sources=sources,
    )
    return Piece(made)


def as_grid(first: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]]) -> Grid:
    """Set out what a figure shows as a table, for those who would rather read it."""
    head = (Box(first), *(Box(name) for name in columns))
    body = tuple((Box(label), *(Box(cell.text) for cell in cells)) for label, cells in rows)
    numbers: list[Align] = ["right"] * len(columns)
    return Grid((head,), body, ("left", *numbers))
