"""A question over the waves: from released numbers to a figure.

Belongs here: which waves may be drawn together, with their words and data. Does not: whether two waves compare
(`synthese.editorial.waves`), layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthese.codebook import comparability
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand, read_brand
from synthese.editorial.figures.canvas import Sheet
from synthese.editorial.figures.choosing import choose
from synthese.editorial.figures.dots import Row, draw_dots
from synthese.editorial.figures.finish import finish
from synthese.editorial.figures.slopes import Slope, draw_slopes
from synthese.editorial.grid import Align, Box, Grid
from synthese.editorial.piece import Piece
from synthese.editorial.reading import Cell, base_of, ordered
from synthese.editorial.tables import cell_rows, two_waves
from synthese.editorial.waves import Change, changes, comparison_note
from synthese.formatting import french, integer_text, joined, points_text

CHARTS = ("slopes", "dots")
NOT_OFFERED = "–"


@dataclass(frozen=True)
class _Line:
    """One answer: its changes since each wave drawn, None where that wave did not offer it."""

    later: Cell
    since: tuple[Change | None, ...]

    @property
    def cells(self) -> tuple[Cell | None, ...]:
        """Its share in each wave, the last one included."""
        return (*(None if change is None else change.earlier for change in self.since), self.later)

    @property
    def gap(self) -> str:
        """The gap since the first wave drawn, empty where it is not released."""
        first = self.since[0]
        return "" if first is None or first.difference is None else points_text(first.difference)


def evolution_figure(
    released: Released,
    id: str,
    question: str,
    reference: str | Sequence[str],
    *,
    title: str | None = None,
    subtitle: str = "",
    chart: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw a question over the waves: a line an answer, or two waves as a ring and a disc.

    Every wave drawn is one that the codebook lets compare with this one; another is left out and a note says why,
    so that no line crosses a break of the series. The gap in points is the released one, since the first wave drawn.

    Parameters
    ----------
    reference : str or sequence of str
        Ids of earlier waves, in their order; see `question_figure` for the other parameters.
    chart : str, optional
        ``slopes`` (the usual one) or ``dots``, which shows the last of the earlier waves only.

    Returns
    -------
    Piece
        When no earlier wave may be compared, a line that gives the reason for the last of them.

    Raises
    ------
    SyntheseError
        ``unfit-chart``: see `question_figure`.
    """
    given = [reference] if isinstance(reference, str) else list(reference)
    name = choose(chart, CHARTS, f"{question} over the waves")
    if name == "dots":
        given = given[-1:]
    found, broken = _comparable(released, question, given)
    if not found:
        alone = two_waves(released, id, question, given[-1], title)
        if isinstance(alone, Piece):
            return alone
    waves = [*found, released.wave]
    rows = _rows(list(found.values()))
    caption = _caption(released, title or released.variable(question).label, found)
    marked = notes.synthetic(released, *found)
    look = brand or read_brand()

    def draw(width: float) -> Sheet:
        if name == "dots":
            pairs = [Row(row.later.label, tuple(cell for cell in row.cells if cell is not None)) for row in rows]
            return draw_dots(pairs, waves, look, width, synthetic=marked)
        lines = [Slope(row.later.label, row.cells, row.gap, other=row.later.option.other) for row in rows]
        return draw_slopes(lines, waves, look, width, synthetic=marked)

    data: list[tuple[object, ...]] = []
    for place, wave in enumerate(waves):
        there = [cell for row in rows if (cell := row.cells[place]) is not None]
        data += [(line[0], wave, *line[2:]) for line in cell_rows(question, there)]
    pairs = [(row.later.label, _told(row, waves)) for row in rows]
    return finish(
        released,
        id,
        draw,
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative("pentes" if name == "slopes" else "points", caption, pairs, synthetic=marked),
        lines=_lines(released, question, found, [*broken, *extra_notes], subtitle),
        data=data,
        grid=_grid(rows, waves),
    )


def _comparable(
    released: Released, question: str, references: Sequence[str]
) -> tuple[dict[str, tuple[Change, ...]], list[str]]:
    """Find the changes since each wave that may be drawn, and say why the others may not."""
    found: dict[str, tuple[Change, ...]] = {}
    broken: list[str] = []
    counted: dict[str, int | None] = {}
    for wave in reversed(references):  # the last wave decides how answers are counted together
        verdict = comparability(released.codebook, question, released.wave, wave)
        since = changes(released, question, wave)
        reason = verdict.reason if not verdict.comparable else ""
        if not reason and (not since or not any(change.later.shown for change in since)):
            reason = "résultat non diffusé, effectifs trop faibles"
        if not reason:
            theirs = {change.later.option.code: change.later.count for change in since}
            if any(counted.get(code, count) != count for code, count in theirs.items()):
                reason = "ses réponses ne se comparent que regroupées autrement"
            else:
                found[wave] = since
                counted |= theirs
        if reason:
            broken.insert(0, f"Note : la vague {wave.removeprefix('vague-')} n’est pas représentée : {reason}.")
    return dict(reversed(found.items())), broken


def _rows(found: Sequence[tuple[Change, ...]]) -> list[_Line]:
    """Join changes by answer, highest share of the last wave first."""
    by_code = [{change.later.option.code: change for change in since} for since in found]
    later = {code: change.later for since in by_code for code, change in since.items()}
    return [
        _Line(cell, tuple(since.get(cell.option.code) for since in by_code)) for cell in ordered(list(later.values()))
    ]


def _caption(released: Released, title: str, found: dict[str, tuple[Change, ...]]) -> str:
    first = next(iter(found))
    if len(found) == 1:
        return notes.title_of_waves(title, first, released.wave, found[first])
    bases = [base_of([change.earlier for change in since]) for since in found.values()]
    bases.append(base_of([change.later for change in found[first]]))
    told = [integer_text(base) for base in bases if base is not None]
    told = told if len(told) == len(bases) else []
    return french(f"{title}, de {first} à {released.wave}" + (f" (n = {joined(told)})" if told else ""))


def _lines(
    released: Released, question: str, found: dict[str, tuple[Change, ...]], extra: Sequence[str], subtitle: str
) -> tuple[str, ...]:
    """Lines of the first wave drawn, with what the others need, under the dates of them all."""
    first, *others = found
    more = [note for wave in others if (note := comparison_note(released, question, wave))]
    lines = notes.change_notes(
        released, question, found[first], first, [*dict.fromkeys(more), *extra], subtitle=subtitle
    )
    whole = french(notes.source(released, *found))
    return tuple(dict.fromkeys(whole if line.startswith("Source") and others else line for line in lines))


def _told(row: _Line, waves: Sequence[str]) -> str:
    """Write every share, and the gap where it is released."""
    told = [f"{_text(cell)} en {wave}" for cell, wave in zip(row.cells, waves, strict=True)]
    return ", ".join(told) + (f", écart : {row.gap}" if row.gap else "")


def _text(cell: Cell | None) -> str:
    return NOT_OFFERED if cell is None else cell.text


def _grid(rows: Sequence[_Line], waves: Sequence[str]) -> Grid:
    """Set out the shares of every wave, and the gaps where one is released."""
    gaps = any(row.gap for row in rows)
    head = ["Réponse", *waves] + (["Écart"] if gaps else [])
    body = [[row.later.label, *map(_text, row.cells)] + ([row.gap or NOT_OFFERED] if gaps else []) for row in rows]
    numbers: list[Align] = ["right"] * (len(head) - 1)
    return Grid((tuple(map(Box, head)),), tuple(tuple(map(Box, line)) for line in body), ("left", *numbers))
