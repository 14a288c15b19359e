"""Questions of one scale, a bar each: from released numbers to a figure.

Belongs here: pairing rows with their bars and colours. Does not: layouts (`stacked`).
"""

from __future__ import annotations

from collections.abc import Sequence

from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.brand import Brand, read_brand, shades
from synthese.editorial.figures.choosing import choose, parts
from synthese.editorial.figures.finish import as_grid, finish
from synthese.editorial.figures.stacked import Stack, draw_stacks
from synthese.editorial.piece import Piece, withheld
from synthese.editorial.reading import RESULT_WITHHELD, Cell, base_of, one_way
from synthese.editorial.tables import cell_rows
from synthese.errors import SyntheseError
from synthese.formatting import french, joined


def grid_figure(
    released: Released,
    id: str,
    questions: Sequence[str],
    *,
    title: str | None = None,
    subtitle: str = "",
    chart: str | None = None,
    extra_notes: Sequence[str] = (),
    brand: Brand | None = None,
) -> Piece:
    """Draw scales as stacked bars of 100 %, one a question or a row of a grid: ``["F2.posture", "F2.elus"]``.

    Bars of agreement and satisfaction part at their middle (``diverging``, a middle answer by halves), the others
    begin at the left (``stacked``); ``chart`` may say otherwise. A row in which a cell is withheld is left out and
    named in a note. See `question_figure` for the parameters.

    Raises
    ------
    SyntheseError
        ``different-scales``: the questions do not have the same answers. ``unfit-chart``: see `question_figure`.
    """
    look = brand or read_brand()
    rows = [(name, released.variable(name), one_way(released, name)) for name in questions]
    codes = {tuple(cell.option.code for cell in cells) for _, _, cells in rows}
    if len(codes) > 1:
        raise SyntheseError.of(
            "different-scales",
            f"{', '.join(questions)} do not have the same answers",
            fix="draw them apart",
        )
    first = rows[0][1]
    fitting: tuple[str, ...] = ("stacked",)
    if first.kind == "ordinal":
        fitting = ("diverging", "stacked") if parts(released, first.question) else ("stacked", "diverging")
    parted = choose(chart, fitting, ", ".join(questions)) == "diverging"
    drawn = [(name, variable, cells) for name, variable, cells in rows if all(cell.shown for cell in cells)]
    name = title or (first.question.display if len(rows) > 1 else first.label)
    bases = {base for _, _, cells in drawn if (base := base_of(cells)) is not None}
    caption = notes.title_with_bases(name, bases)
    if not drawn:
        lines = notes.composed(notes.source(released))
        return withheld(released, id, caption=caption, text=f"{RESULT_WITHHELD}.", notes=lines)
    left_out = [french(variable.label) for _, variable, cells in rows if not all(cell.shown for cell in cells)]
    missing = f"Note : non diffusé, effectifs trop faibles : {joined(left_out)}." if left_out else ""
    more = [line for line in (missing, brackets([cell for _, _, cells in drawn for cell in cells])) if line]
    if len(drawn) > 1:
        whole, answers = [v for _, v, _ in drawn], [cells for _, _, cells in drawn]
        lines = notes.grid_notes(released, whole, answers, [*more, *extra_notes])
    else:
        lines = notes.question_notes(released, drawn[0][0], [*more, *extra_notes], title=title or "")
    stacks = [Stack(french(v.label), base_of(cells) or 0, cells) for _, v, cells in drawn]
    count = len(drawn[0][2])
    colours = palette(look, count, parted=parted) if first.kind == "ordinal" else categories(look, count)
    middle = count / 2 if parted else None
    one = len(stacks) == 1
    pairs = [(c.label if one else f"{stack.label}, {c.label}", c.text) for stack in stacks for c in stack.cells]
    return finish(
        released,
        id,
        lambda width: draw_stacks(stacks, colours, look, width, middle=middle, synthetic=released.synthetic),
        caption=caption,
        subtitle=subtitle,
        alt=notes.alternative("barres empilées à 100 %", caption, pairs, synthetic=released.synthetic),
        lines=lines,
        data=[row for name, _, cells in drawn for row in cell_rows(name, cells)],
        grid=as_grid("Question", [c.label for c in stacks[0].cells], [(stack.label, stack.cells) for stack in stacks]),
    )


def palette(look: Brand, count: int, *, parted: bool) -> list[str]:
    """Colours of an ordered scale: from "no" to "yes" where its bars part, else from light to dark."""
    if not parted:
        return shades(look.sequential, count)
    side = len(look.diverging) // 2
    no, yes = look.diverging[:side], look.diverging[-side:]
    middle = [look.diverging[side]] if count % 2 else []
    return [*shades(no, count // 2), *middle, *shades(yes, count // 2)]


def brackets(cells: Sequence[Cell]) -> str | None:
    """Say what the numbers in brackets are, when segments show them under a percentage."""
    return "Note : effectifs entre parenthèses." if any(all(cell.parts) for cell in cells) else None


def categories(look: Brand, count: int) -> list[str]:
    """Colours of answers without order.

    Raises
    ------
    SyntheseError
        ``too-many-colours``: more answers than the brand has colours for.
    """
    if count > len(look.categories):
        raise SyntheseError.of(
            "too-many-colours",
            f"{count} answers in one bar: the brand has {len(look.categories)} colours for them",
            fix="regroup the answers in the codebook, or add colours `category-…` to _brand.yml",
        )
    return list(look.categories[:count])
