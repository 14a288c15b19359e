"""A table as one frozen structure, written natively to each output.

Belongs here: rows, headers, spans and alignment, and their JSON, CSV and HTML. Does not: what a table says
(`tables`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from great_tables import GT

Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Box:
    """One cell of a table.

    Parameters
    ----------
    text : str
        What it prints; never empty of meaning: a withheld number is "s".
    colspan, rowspan : int
        Columns and rows it covers.
    length : float or None
        Of the bar that may stand for its number, in [0, 1]; None where there is no such number.
    """

    text: str
    colspan: int = 1
    rowspan: int = 1
    length: float | None = None


@dataclass(frozen=True)
class Grid:
    """A table.

    Parameters
    ----------
    head, body : tuple of tuple of Box
        Header rows (one at least) and data rows; every row covers as many columns as ``align`` has entries.
    align : tuple of {"left", "right", "center"}
        One a column.
    row_headers : int
        First columns that name their row.
    """

    head: tuple[tuple[Box, ...], ...]
    body: tuple[tuple[Box, ...], ...]
    align: tuple[Align, ...]
    row_headers: int = 1

    def __post_init__(self) -> None:
        for name, rows in (("head", self.head), ("body", self.body)):
            area = sum(box.colspan * box.rowspan for row in rows for box in row)
            if not rows or area != len(rows) * len(self.align):
                raise ValueError(
                    f"the {name} of a table covers {area} cells, not {len(rows)} rows of {len(self.align)} columns"
                )

    def as_dict(self) -> dict[str, Any]:
        """Plain structure, as the report's filter reads it."""

        def row(boxes: Iterable[Box]) -> list[dict[str, Any]]:
            return [
                {"text": b.text, "colspan": b.colspan, "rowspan": b.rowspan}
                | ({} if b.length is None else {"length": round(b.length, 4)})
                for b in boxes
            ]

        return {
            "head": [row(line) for line in self.head],
            "body": [row(line) for line in self.body],
            "align": list(self.align),
            "row_headers": self.row_headers,
        }

    def json(self) -> bytes:
        """JSON of `as_dict`, stable."""
        return (json.dumps(self.as_dict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")

    def flat(self) -> tuple[list[str], list[list[str]]]:
        """Column names (header rows joined) and rows, spans written out."""
        heads = _written_out(self.head, len(self.align))
        names = []
        for column in range(len(self.align)):
            parts = dict.fromkeys(line[column] for line in heads if line[column])
            names.append(" – ".join(parts))
        return names, _written_out(self.body, len(self.align))

    def html(self, id: str) -> str:
        """HTML by great_tables, for a notebook; ``id`` keeps its bytes stable."""
        names, rows = self.flat()
        frame = pd.DataFrame({str(i): [row[i] for row in rows] for i in range(len(names))})
        table = GT(frame, id=id, rowname_col="0" if self.row_headers else None)
        table = table.cols_label({str(i): name for i, name in enumerate(names) if not (i == 0 and self.row_headers)})
        if self.row_headers:
            table = table.tab_stubhead(names[0])
        for i, align in enumerate(self.align[1:], start=1):
            table = table.cols_align(align, columns=[str(i)])
        return str(table.as_raw_html())


def _written_out(rows: Sequence[Sequence[Box]], width: int) -> list[list[str]]:
    grid = [[""] * width for _ in rows]
    filled = [[False] * width for _ in rows]
    for y, row in enumerate(rows):
        x = 0
        for box in row:
            while x < width and filled[y][x]:
                x += 1
            for dy in range(box.rowspan):
                for dx in range(box.colspan):
                    grid[y + dy][x + dx], filled[y + dy][x + dx] = box.text, True
            x += box.colspan
    return grid


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8: commas, points as decimal marks, an empty cell for what is not told."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode("utf-8")
