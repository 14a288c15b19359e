"""A map of tiles, one a French region, with a count in each.

Belongs here: the layout of tiles and the classes of their shades. Does not: which answer is which region
(`regions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthese.editorial.brand import Brand, shades
from synthese.editorial.figures.canvas import SMALL, Sheet, ink_on
from synthese.editorial.figures.regions import REGIONS, Region
from synthese.editorial.reading import WITHHELD, Cell
from synthese.formatting import integer_text

CLASSES = 4  # of shades, beside 0
GAP = 3.0
ABSENT = "–"
_ACROSS = max(region.column for region in REGIONS) + 1
_DOWN = max(region.row for region in REGIONS) + 1


def classes(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Cut counts above 0 into at most `CLASSES` classes of equal, round width, such as 1 to 5 and 6 to 10.

    Returns
    -------
    list of (int, int)
        First and last count of each class, which no count need be in; empty where every count is 0.
    """
    most = max(counts, default=0)
    if most == 0:
        return []
    scale = 1
    while True:
        for step in (scale, 2 * scale, 5 * scale):
            if -(-most // step) <= CLASSES:
                return [(first, first + step - 1) for first in range(1, most + 1, step)]
        scale *= 10


def _hatch(sheet: Sheet, x: float, y: float, side: float) -> None:
    """Outline a tile whose number is not told, and hatch it lightly."""
    sheet.box(x, y, side, side, sheet.brand["background"], edge=sheet.brand["muted"])
    for step in range(1, 8):
        along = step * side / 4
        low, high = max(0.0, along - side), min(along, side)
        sheet.rule(x + low, y + along - low, x + high, y + along - high, sheet.brand["track"], thick=0.8)


def _tile(sheet: Sheet, region: Region, x: float, y: float, side: float, cell: Cell | None, colour: str | None) -> None:
    ink: str = sheet.brand["foreground"]
    if cell is None or colour is None:
        if cell is None:
            ink = sheet.brand["muted"]  # no tile: an empty one is a region that nobody named
        else:
            _hatch(sheet, x, y, side)
        number = ABSENT if cell is None else WITHHELD
    else:
        edge = sheet.brand["track"] if colour == sheet.brand["background"] else colour
        sheet.box(x, y, side, side, colour, edge=edge)
        ink = ink_on(colour, sheet.brand)
        number = integer_text(cell.count or 0)
    names = (region.abbreviation,) if sheet.narrow else region.short
    top = y + (11.0 if sheet.narrow else 9.0)
    for index, line in enumerate(names):
        sheet.text(x + side / 2, top + index * 9.5, line, size=SMALL, colour=ink, side="center")
    sheet.text(
        x + side / 2,
        y + side - (13 if sheet.narrow else 14),
        number,
        size=12,
        colour=ink,
        style="semibold",
        side="center",
    )


def draw_tiles(
    cells: Mapping[str, Cell], brand: Brand, width: float, *, unit: str, beside: Sequence[str] = (), synthetic: bool
) -> Sheet:
    """Draw a tile a region.

    Parameters
    ----------
    cells : mapping of str to Cell
        By code of INSEE; a region that the question did not offer is not there.
    brand, width
        See `Sheet`.
    unit : str
        What is counted, for the key: "Structures répondantes".
    beside : sequence of str
        Lines for answers that are no region: "Autre : 3".
    synthetic : bool
        Whether to say so.
    """
    sheet = Sheet(width, brand)
    counts = [cell.count for cell in cells.values() if cell.count is not None]
    ranges = classes(counts)
    colours = shades(brand.sequential, CLASSES + 1)[-len(ranges) :] if ranges else []
    side = (width / _ACROSS - GAP) if sheet.narrow else 53.0
    pitch = side + GAP

    def colour_of(cell: Cell | None) -> str | None:
        if cell is None or cell.count is None:
            return None
        if cell.count == 0:
            return brand["background"]
        return next(colour for (low, high), colour in zip(ranges, colours, strict=True) if low <= cell.count <= high)

    top = 0.5
    for region in REGIONS:
        cell = cells.get(region.code)
        x, y = 0.5 + region.column * pitch, top + region.row * pitch
        _tile(sheet, region, x, y, side, cell, colour_of(cell))
    bottom = top + _DOWN * pitch
    entries: list[tuple[str | None, str]] = []
    if any(count == 0 for count in counts):
        entries.append((brand["background"], "0"))
    entries += [
        (colour, integer_text(low) if low == high else f"{integer_text(low)} à {integer_text(high)}")
        for (low, high), colour in zip(ranges, colours, strict=True)
    ]
    if any(cell.count is None for cell in cells.values()):
        entries.append((None, "s : non diffusé"))
    if len(cells) < len(REGIONS):
        entries.append(("", "non proposée"))
    if sheet.narrow:
        x, y = 0.0, bottom + 8
        sheet.text(x, y, unit, size=SMALL, style="semibold")
        y += 14
        for colour, text in entries:
            wide = 14 + sheet.measure(text, SMALL)
            if x > 0 and x + wide > width:
                x, y = 0.0, y + 14
            _swatch(sheet, x, y, colour)
            sheet.text(x + 14, y, text, size=SMALL)
            x += wide + 10
        y += 14
    else:
        x = _ACROSS * pitch + 14
        room = width - x
        titles = sheet.wrap(unit, room, SMALL, "semibold")
        y = top + 6
        for line in titles:
            sheet.text(x, y, line, size=SMALL, style="semibold")
            y += 10.5
        y += 5
        for colour, text in entries:
            _swatch(sheet, x, y, colour)
            sheet.text(x + 16, y, text, size=SMALL)
            y += 15
        y += 6
    left = 0.0 if sheet.narrow else x
    for text in beside:
        for line in sheet.wrap(text, width - left, SMALL):
            sheet.text(left, y, line, size=SMALL)
            y += 10.5
    sheet.finish(max(bottom, y - 4) + 1, synthetic=synthetic)
    return sheet


def _swatch(sheet: Sheet, x: float, y: float, colour: str | None) -> None:
    side = 10.0
    if colour is None:
        _hatch(sheet, x + 0.5, y - side / 2, side)
        return
    if colour == "":
        sheet.text(x + 0.5 + side / 2, y, ABSENT, size=SMALL, colour=sheet.brand["muted"], side="center")
        return
    edge = sheet.brand["track"] if colour == sheet.brand["background"] else colour
    sheet.box(x + 0.5, y - side / 2, side, side, colour, edge=edge)
