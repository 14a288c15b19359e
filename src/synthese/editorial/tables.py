"""Tables of released estimates.

Belongs here: which rows and columns a table of shares has and what its cells print. Does not: numeric questions
(`number_tables`), the structure on a page (`grid`), the lines (`notes`).
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.artefacts import make
from synthese.codebook import comparability
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.grid import Align, Box, Grid, csv_bytes
from synthese.editorial.piece import CSV, TABLE, Piece, withheld
from synthese.editorial.reading import (
    CROSS_WITHHELD,
    RESULT_WITHHELD,
    WITHHELD,
    Cell,
    base_of,
    cross,
    cross_title,
    cross_withheld,
    mostly_withheld,
    one_way,
    outside_base,
    unit,
)
from synthese.editorial.waves import NOT_PRESENTED, Change, changes
from synthese.formatting import capitalised, french, integer_text, points_text, signed_text
from synthese.formatting.numbers import PERCENT_WITH_COUNT

CELL_COLUMNS = ("question", "groupe", "reponse", "libelle", "effectif", "base", "part", "statut")


def cell_rows(question: str, cells: Sequence[Cell]) -> list[tuple[object, ...]]:
    """Rows of the data file of a table or a figure; what is withheld is empty, a share has four decimals more."""
    return [
        (
            question,
            None if cell.group is None else french(cell.group.label),
            cell.option.code,
            cell.label,
            cell.count,
            cell.base if cell.shown else None,
            None if cell.value is None else f"{cell.value:.6f}",
            cell.status,
        )
        for cell in cells
    ]


def _number(value: int | None) -> str:
    return WITHHELD if value is None else integer_text(value)


def _finish(
    released: Released,
    id: str,
    grid: Grid,
    data: bytes,
    caption: str,
    lines: Sequence[str],
    cells: Sequence[Cell],
    subtitle: str = "",
) -> Piece:
    counts_only = all(cell.value is None for cell in cells)
    made = make(
        released,
        id=id,
        kind="table",
        payloads={TABLE: grid.json(), CSV: data},
        caption=caption,
        subtitle=subtitle,
        notes=lines,
        status="count_only" if counts_only else "released",
    )
    return Piece(made, grid)


def question_table(
    released: Released,
    id: str,
    question: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    extra_notes: Sequence[str] = (),
    universe: str | None = None,
) -> Piece:
    """Table of one question: count and percentage of each answer, and the true base.

    Parameters
    ----------
    released : Released
        The wave.
    id : str
        ``tbl-…``.
    question : str
        A question with options, a row of a grid, or a regrouping.
    title : str, optional
        By default the name of the question in the codebook.
    subtitle : str
        What stands under the title: the question as it was put.
    extra_notes : sequence of str
        More lines, each opening with Lecture, Champ, Note or Source.
    universe : str, optional
        Among the respondents of this universe of the codebook.

    Returns
    -------
    Piece
        With a percentage from a base of 30 on only. When too many of its cells are withheld, the piece is
        the line "Résultat non diffusé : effectifs trop faibles".
    """
    variable, cells = released.variable(question), one_way(released, question, universe)
    base = base_of(cells)
    caption = notes.title_with_n(title or variable.label, base)
    lines = notes.question_notes(released, question, extra_notes, universe, title=title or "", subtitle=subtitle)
    if mostly_withheld(released, cells):
        return withheld(released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=[lines[-1]])
    shares = any(cell.value is not None and (cell.parts[0] or WITHHELD) != WITHHELD for cell in cells)
    intervals = any(cell.interval for cell in cells)
    head = [Box("Réponse"), Box("Effectif")]
    head += [Box("Part")] if shares else []
    head += [Box(french(f"Intervalle à {released.settings.confidence:.0%}"))] if intervals else []
    body = []
    for cell in cells:
        bar = _bar(cell)
        row = [Box(cell.label), Box(_number(cell.count), length=None if shares else bar)]
        row += [Box(cell.parts[0] or "", length=bar)] if shares else []
        row += [Box(cell.interval or "")] if intervals else []
        body.append(tuple(row))
    whole = "" if variable.kind == "multiple" else french("100 %")
    last = (capitalised(unit(released).plural), _number(base), whole, "")
    body.append(tuple(map(Box, last[: len(head)])))
    for name, count in outside_base(released, question, universe):
        if count is not None:
            body.append(tuple(map(Box, (f"{name} (hors total)", _number(count), "", "")[: len(head)])))
    align: tuple[Align, ...] = ("left", "right", "right", "right")
    grid = Grid((tuple(head),), tuple(body), align[: len(head)])
    return _finish(
        released, id, grid, csv_bytes(CELL_COLUMNS, cell_rows(question, cells)), caption, lines, cells, subtitle
    )


def cross_table(
    released: Released,
    id: str,
    question: str,
    by: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    extra_notes: Sequence[str] = (),
) -> Piece:
    """Table of a cross: answers in rows, groups in columns, true totals.

    Each column is of the group above it: from a base of 30 on its percentages (and counts, by the rule of the
    base), below its counts. See `question_table` for the parameters.

    Returns
    -------
    Piece
        When too many cells are withheld, the line "Croisement non diffusé : effectifs trop faibles".
    """
    table = cross(released, question, by)
    caption = notes.title_with_n(title or cross_title(table, released), table.base)
    lines = notes.cross_notes(released, table, extra_notes, subtitle=subtitle)
    if mostly_withheld(released, table.cells):
        return withheld(released, id, caption=caption, text=f"{CROSS_WITHHELD}.", notes=[lines[-1]])
    columns = [*(cells for _, _, cells in table.groups), table.total]
    names = [*(french(group.display) for group, _, _ in table.groups), "Ensemble"]
    bases = [*(base for _, base, _ in table.groups), table.base]
    body = [
        (
            Box(table.total[i].label),
            *(
                Box(_in_group(cells[i], base), length=_bar(cells[i]))
                for cells, base in zip(columns, bases, strict=True)
            ),
        )
        for i in range(len(table.total))
    ]
    body.append((Box(capitalised(unit(released).plural)), *(Box(_number(base)) for base in bases)))
    head = (Box("Réponse"), *(Box(name) for name in names))
    right: Align = "right"
    grid = Grid((head,), tuple(body), ("left", *(right for _ in names)))
    cells = (*table.cells, *table.total)
    return _finish(
        released, id, grid, csv_bytes(CELL_COLUMNS, cell_rows(question, cells)), caption, lines, table.cells, subtitle
    )


def _bar(cell: Cell) -> float | None:
    return cell.length if cell.shown else None


def _in_group(cell: Cell, base: int | None) -> str:
    """Print a cell of a cross: its share by the rule of the base, or its bare count under a small base."""
    if not cell.shown:
        return WITHHELD
    if cell.value is None or (base or 0) < PERCENT_WITH_COUNT:
        return integer_text(cell.count or 0)
    percentage, _ = cell.parts
    return f"{percentage} ({integer_text(cell.count or 0)})"


def planned_table(
    released: Released,
    id: str,
    planned: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    extra_notes: Sequence[str] = (),
) -> Piece:
    """Table of the one step of a planned cross that is published, or the line that it is not.

    Parameters
    ----------
    planned : str
        Id of the planned cross in the codebook.
    title : str, optional
        By default the one of the planned cross; see `question_table` for the others.
    """
    decision = released.decision(planned)
    if decision.step is None:
        return withheld(
            released,
            id,
            caption=french(decision.title),
            text=f"{cross_withheld(decision)}.",
            notes=notes.composed(notes.source(released)),
        )
    step = decision.step
    named = title or decision.title
    return cross_table(released, id, step.question, step.by, title=named, subtitle=subtitle, extra_notes=extra_notes)


def evolution_withheld(released: Released, id: str, question: str, reference: str, caption: str) -> Piece:
    """Make the piece that says why two waves are not set side by side."""
    verdict = comparability(released.codebook, question, released.wave, reference)
    why = RESULT_WITHHELD if verdict.comparable else f"{NOT_PRESENTED}{verdict.reason}"
    lines = notes.composed(notes.source(released, reference))
    return withheld(released, id, caption=caption, text=french(f"{why}."), notes=lines)


def two_waves(
    released: Released, id: str, question: str, reference: str, title: str | None
) -> tuple[tuple[Change, ...], str] | Piece:
    """Find what a question's figure or table of two waves shows, and its caption; or the piece that says why not."""
    label = title or released.variable(question).label
    found = changes(released, question, reference)
    caption = notes.title_of_waves(label, reference, released.wave, found)
    if not found or mostly_withheld(released, [change.later for change in found]):
        return evolution_withheld(released, id, question, reference, caption)
    return found, caption


def evolution_table(
    released: Released,
    id: str,
    question: str,
    reference: str,
    *,
    title: str | None = None,
    subtitle: str = "",
    extra_notes: Sequence[str] = (),
) -> Piece:
    """Table of two waves: the share of each answer in both, and the gap in points where it is released.

    Parameters
    ----------
    reference : str
        Id of the earlier wave; see `question_table` for the others.

    Returns
    -------
    Piece
        When the codebook forbids the comparison, a line that gives its reason.
    """
    waves = two_waves(released, id, question, reference, title)
    if isinstance(waves, Piece):
        return waves
    found, caption = waves
    gaps = any(change.difference is not None for change in found)
    intervals = released.design == "probability" and any(change.interval is not None for change in found)
    body = []
    for change in found:
        row = [Box(change.later.label)]
        row += [Box(cell.text, length=_bar(cell)) for cell in (change.earlier, change.later)]
        if gaps:
            row.append(Box(WITHHELD if change.difference is None else points_text(change.difference)))
        if intervals:
            row.append(Box(_change_range(change)))
        body.append(tuple(row))
    bases = (base_of([c.earlier for c in found]), base_of([c.later for c in found]))
    last = [Box(capitalised(unit(released).plural)), *(Box(_number(base)) for base in bases)]
    head = [Box("Réponse"), Box(reference), Box(released.wave)] + ([Box("Écart")] if gaps else [])
    head += [Box(french(f"Intervalle de l’écart à {notes.confidence_text(released)}"))] if intervals else []
    body.append((*last, *(Box("") for _ in head[len(last) :])))
    align: tuple[Align, ...] = ("left", "right", "right", "right", "right")
    grid = Grid((tuple(head),), tuple(body), align[: len(head)])
    names, rows = grid.flat()
    hidden = gaps and any(change.difference is None for change in found)
    lines = notes.change_notes(
        released, question, found, reference, extra_notes, subtitle=subtitle, hidden=hidden or None in bases
    )
    return _finish(released, id, grid, csv_bytes(names, rows), caption, lines, [c.later for c in found], subtitle)


def _change_range(change: Change) -> str:
    """Interval of a difference, in points; empty where there is none."""
    if change.interval is None or change.difference is None:
        return ""
    low, high = (signed_text(100 * bound, 0) for bound in change.interval)
    return f"{low} à {high}"
