"""The middle half of a number's answers, and their median.

Belongs here: the layout of this strip. Does not: whether its numbers may be shown.
"""

from __future__ import annotations

from synthese.editorial.brand import Brand
from synthese.editorial.figures.canvas import LINE, SIZE, SMALL, Sheet
from synthese.editorial.figures.placing import spread
from synthese.formatting import decimal_text

BAR = 16.0
NAMES = ("Premier quartile", "Médiane", "Troisième quartile")


def scale_end(most: float) -> float:
    """Round the end of a scale up to 1, 2 or 5 times a power of ten, or half of a tenfold of it."""
    if most <= 0:
        return 1.0
    power = 1.0
    while power > most:
        power /= 10
    while power * 10 < most:
        power *= 10
    return next(power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12) if power * step >= most * 1.04)


def draw_quartiles(
    quartiles: tuple[float, float, float], brand: Brand, width: float, *, unit: str, synthetic: bool, digits: int = 1
) -> Sheet:
    """Draw a bar from the first quartile to the third, cut at the median, from 0.

    Parameters
    ----------
    quartiles : (float, float, float)
        First quartile, median and third quartile, in ``unit``; none below 0.
    brand, width
        See `Sheet`.
    unit : str
        Of the numbers: "ETP".
    synthetic : bool
        Whether to say so.
    digits : int
        Decimals of the numbers.
    """
    sheet = Sheet(width, brand)
    end = scale_end(quartiles[2])
    left, right = 3.0, width - 3.0
    places = [left + (right - left) * number / end for number in quartiles]
    names = [sheet.wrap(name, 52 if sheet.narrow else 200, SMALL) for name in NAMES]
    numbers = [decimal_text(number, digits) for number in quartiles]
    wide = [
        max(*(sheet.measure(line, SMALL) for line in lines), sheet.measure(number, style="semibold")) + 10
        for lines, number in zip(names, numbers, strict=True)
    ]
    at = spread(places, wide, 0, width)
    tallest = max(map(len, names))
    y = SIZE * LINE / 2 + 1
    foot = y + tallest * SMALL * LINE + 8
    for x, place, lines, number in zip(at, places, names, numbers, strict=True):
        sheet.text(x, y, number, style="semibold", side="center")
        for index, line in enumerate(lines):
            sheet.text(x, y + (index + 1) * SMALL * LINE + 1, line, size=SMALL, side="center")
        sheet.rule(x, foot, place, foot + 7, brand["muted"], thick=0.6)
    bar = foot + 9
    low, median, high = places
    sheet.box(low, bar, high - low, BAR, brand["primary"])
    sheet.rule(median, bar - 2, median, bar + BAR + 2, brand["background"], thick=3.4)
    sheet.rule(median, bar - 2, median, bar + BAR + 2, brand["foreground"], thick=1.6)
    axis = bar + BAR + 5
    sheet.rule(left, axis, right, axis, brand["muted"], thick=0.7)
    for share in (0.0, 0.5, 1.0):
        x = left + (right - left) * share
        sheet.rule(x, axis, x, axis + 3, brand["muted"], thick=0.7)
        text = decimal_text(end * share, 0 if end >= 10 and end % 2 == 0 else 1)
        if share == 1.0:
            text = f"{text} {unit}"
        side = {0.0: "left", 0.5: "center", 1.0: "right"}[share]
        sheet.text({0.0: 0.0, 0.5: x, 1.0: width}[share], axis + 10, text, size=SMALL, colour=brand["muted"], side=side)  # type: ignore[arg-type]
    sheet.finish(axis + 17, synthetic=synthetic)
    return sheet
