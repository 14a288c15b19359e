"""Every released table of a wave, for the annex and for the explorer of crosses.

Belongs here: which tables there are, their ids and their order. Does not: how one is made (`tables`), or where it
stands (`rendering`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from synthese.codebook import Question
from synthese.disclosure import Released
from synthese.editorial.absent import asked
from synthese.editorial.number_tables import number_table
from synthese.editorial.piece import Piece
from synthese.editorial.provenance import sourced
from synthese.editorial.tables import cross_table, evolution_table, question_table
from synthese.estimates import select
from synthese.formatting import french

PREFIX = "tbl-annexe-"


def annex_id(question: str, by: str | None = None, *, evolution: bool = False) -> str:
    """Name a table of the annex.

    >>> annex_id("D1@binaire", "B1@regroupe")
    'tbl-annexe-d1-binaire-par-b1-regroupe'
    """
    name = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    if by is not None:
        name += "-par-" + re.sub(r"[^a-z0-9]+", "-", by.lower()).strip("-")
    return f"{PREFIX}{name}" + ("-evolution" if evolution else "")


def annex(released: Released) -> tuple[Piece, ...]:
    """Make every table that may be shown, in the order of the codebook.

    Of each question with options, row of a grid, regrouping and numeric question: its table, the crosses of it
    that are published, and its evolution since the wave before where the codebook lets compare. What is withheld is
    left out.

    Parameters
    ----------
    released : Released
        The wave.

    Returns
    -------
    tuple of Piece
        Tables ``tbl-annexe-<question>``, ``…-par-<breakdown>``, ``…-evolution``.
    """
    pieces = [piece for name in annexed(released) for piece in _tables(released, name)]
    return tuple(piece for piece in pieces if piece.artefact.status in ("released", "count_only"))


def annexed(released: Released) -> tuple[str, ...]:
    """List what the annex tabulates: questions, rows of grids and their regroupings, as the codebook does."""
    names: list[str] = []
    for question in released.codebook.questions:
        if question.personal or question.technical or not question.asked(released.wave):
            continue
        for whole in _wholes(question, released):
            names += [whole, *(r.id for r in released.codebook.regroupings if r.id.partition("@")[0] == whole)]
    return tuple(names)


def _wholes(question: Question, released: Released) -> list[str]:
    if question.typed(released.wave) != "grid":
        return [question.id]
    return [f"{question.id}.{row.code}" for row in question.rows if row.offered(released.wave)]


def _tables(released: Released, name: str) -> Iterator[Piece]:
    variable = released.variable(name)
    rows = released.one_way(name)
    subtitle = french(f"« {variable.question.text} »")
    title = variable.label
    if variable.question.type == "grid":
        title = f"{variable.question.display} : {title}"

    def told(
        make: Callable[..., Piece], *keys: str, by: str | None = None, reference: str | None = None, title: str | None
    ) -> Piece:
        id = annex_id(name, by, evolution=reference is not None)
        piece = make(released, id, name, *keys, title=title)
        return sourced(released, piece, name, by=by, reference=reference, subtitle=subtitle)

    if variable.kind == "numeric" and len(select(rows, statistic="median")):
        yield told(number_table, title=title)
    if not variable.options or not len(select(rows, statistic="share")):
        return
    yield told(question_table, title=title)
    for by in _published(released, name):
        yield told(cross_table, by, by=by, title=None)
    if len(released.waves) > 1:
        reference = released.waves[-2]
        if asked(released.earlier(reference), name):
            yield told(evolution_table, reference, reference=reference, title=title)


def _published(released: Released, name: str) -> list[str]:
    """Breakdowns of a question whose cross is the published step of a planned one, each once."""
    steps = [decision.step for decision in released.ladder if decision.step is not None]
    return list(dict.fromkeys(step.by for step in steps if step.question == name))
