"""Columns of a cross compared two by two, as SPSS Custom Tables do.

Belongs here: the rows of pairs, adjusted by Holm within each row of the table, and the letters they give. Does not:
formulas (`statistics.crosses`, `statistics.design_columns`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from synthese.analysis.rows import Row
from synthese.analysis.sides import Crossed
from synthese.statistics.crosses import column_comparisons, letter
from synthese.statistics.design_columns import column_pairs
from synthese.statistics.multiplicity import holm
from synthese.statistics.proportions import newcombe_difference

ADJUSTMENT = "holm_pairs"
LEVEL = 0.05
"""Level of the letters: SPSS's default."""

MINIMUM_BASE = 30
"""Least base of a column that is compared."""


def pairs(cross: Crossed) -> Iterator[Row]:
    """Rows of every two groups compared on every option: the share of ``group`` less that of ``reference_group``.

    z tests with a pooled share and Newcombe's interval of the difference; with a design Rao and Scott's F of the two
    columns and a t interval. Groups of fewer than 30 respondents, and shares of 0 or 1, are not compared. Groups that
    overlap are not either: a respondent would be on both sides.
    """
    found = _alike(cross) if cross.design is None else _designed(cross)
    for row in found:
        yield row | {"adjustment": ADJUSTMENT, "effect": "difference"}


def _alike(cross: Crossed) -> Iterator[Row]:
    rows, groups = cross.rows, cross.columns
    width = len(groups.options)
    bases = np.bincount(groups.codes + 1, minlength=width + 1)[1:]
    counts = np.array(
        [np.bincount(groups.codes[chosen], minlength=width) for chosen in rows.chosen.T], dtype=np.int64
    ).reshape(len(rows.options), width)
    compared = column_comparisons(counts, MINIMUM_BASE, bases)
    for r, i, j in np.argwhere(np.triu(~np.isnan(compared.p_adjusted))):
        gap = float(counts[r, i] / bases[i] - counts[r, j] / bases[j])
        bounds = newcombe_difference(
            int(counts[r, i]), int(bases[i]), int(counts[r, j]), int(bases[j]), cross.sample.confidence
        )
        assert bounds is not None
        yield {
            "option": rows.options[r],
            "group": groups.options[i],
            "reference_group": groups.options[j],
            "method": "two_shares_pooled_z",
            "statistic": float(np.copysign(np.sqrt(compared.statistic[r, i, j]), gap)),
            "p_value": float(compared.p_value[r, i, j]),
            "p_adjusted": float(compared.p_adjusted[r, i, j]),
            "effect_size": gap,
            "effect_low": bounds.low,
            "effect_high": bounds.high,
            "base": int(bases[i] + bases[j]),
        }


def _designed(cross: Crossed) -> Iterator[Row]:
    assert cross.design is not None
    rows, groups = cross.rows, cross.columns
    for place, option in enumerate(rows.options):
        compared = column_pairs(
            cross.design,
            rows.chosen[:, place],
            groups.codes,
            len(groups.options),
            MINIMUM_BASE,
            cross.sample.confidence,
        )
        adjusted = holm(compared.p_value.tolist())
        for k, (i, j) in enumerate(zip(compared.first, compared.second, strict=True)):
            yield {
                "option": option,
                "group": groups.options[i],
                "reference_group": groups.options[j],
                "method": "rao_scott_f",
                "statistic": float(compared.statistic[k]),
                "df": 1.0,
                "df_denominator": float(compared.df_denominator),
                "p_value": float(compared.p_value[k]),
                "p_adjusted": adjusted[k],
                "effect_size": float(compared.difference[k]),
                "effect_low": float(compared.low[k]),
                "effect_high": float(compared.high[k]),
                "base": int(compared.base[k]),
            }


def letters(tests: Iterable[Any], groups: list[str]) -> dict[tuple[str, str], str]:
    """Letters of each cell, by option and group: of the columns whose share is significantly smaller.

    Parameters
    ----------
    tests : iterable of named tuple
        Rows of `pairs` of one cross.
    groups : list of str
        Its columns, A being the first.
    """
    smaller: dict[tuple[str, str], list[int]] = {}
    for row in tests:
        if row.p_adjusted < LEVEL:
            larger = row.effect_size > 0
            above, below = (row.group, row.reference_group) if larger else (row.reference_group, row.group)
            smaller.setdefault((row.option, above), []).append(groups.index(below))
    return {cell: " ".join(letter(place) for place in sorted(places)) for cell, places in smaller.items()}
