"""The two sides of a cross as arrays for its tests.

Belongs here: codes and marks over the base of both questions, in an order that is not that of the respondents. Does
not: any test (`testing`, `ordered`, `blocks`, `columns`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.sampling import Sample
from synthese.statistics.designs import Design
from synthese.statistics.tabulation import crosstab

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Side:
    """One question of a cross.

    Parameters
    ----------
    options : tuple of str
        Codes of its options in the base, in codebook order; none of a numeric question.
    exclusive, ordered : bool
        Whether a respondent has one option at most, and whether the options are a scale.
    chosen : array of bool, shape (respondents, options)
        Who chose what, False outside the base of the cross.
    values : array of float, shape (respondents,), optional
        Numbers given; NaN outside the base of the cross.
    base : array of bool, shape (respondents,)
        The base of the cross.
    """

    options: tuple[str, ...]
    exclusive: bool
    ordered: bool
    chosen: Flags
    values: NDArray[np.float64] | None
    base: Flags

    @cached_property
    def codes(self) -> Codes:
        """Position of the option of each respondent, -1 outside the base; options must be exclusive."""
        if not self.options:
            return np.full(self.base.size, -1, dtype=np.int64)
        return np.where(self.base, self.chosen.argmax(axis=1), -1).astype(np.int64)

    @cached_property
    def marks(self) -> Codes:
        """Ticks: 1 and 0, -1 outside the base; shape (respondents, options)."""
        return np.where(self.base[:, None], self.chosen, -1).astype(np.int64)

    def ticked(self, option: int) -> Codes:
        """0 for whoever ticked an option, 1 for whoever did not, -1 outside the base."""
        return np.where(self.base, np.where(self.chosen[:, option], 0, 1), -1).astype(np.int64)

    @property
    def scale(self) -> NDArray[np.float64]:
        """Place on the scale, or the number given; NaN outside the base."""
        return self.values if self.values is not None else np.where(self.base, self.codes, np.nan)


@dataclass(frozen=True, eq=False)
class Crossed:
    """A question and its breakdown, over all respondents.

    Parameters
    ----------
    rows, columns : Side
        The question and the breakdown.
    base : array of bool, shape (respondents,)
        Who is in the base of both.
    design : Design, optional
        The whole sample, in the order of the arrays.
    sample : Sample
        Level, seed.
    """

    rows: Side
    columns: Side
    base: Flags
    design: Design | None
    sample: Sample

    def counts(self) -> Codes:
        """Unweighted counts, shape (options, groups); both sides exclusive."""
        width = len(self.rows.options), len(self.columns.options)
        return np.asarray(crosstab(self.rows.codes, self.columns.codes, *width), dtype=np.int64)


def crossed(coded: Coded, by: Coded, sample: Sample) -> Crossed:
    """Bring two questions to the base of their cross.

    Where respondents are drawn apart they are put in the order of their weights: sums of floats depend on their
    order, and that of the respondents must not matter.
    """
    base = coded.in_base & by.in_base
    design, order = sample.design, None
    if design is not None and design.drawn_apart:
        order, design = design.by_weight
        base = base[order]
    sides = [_side(side, base, order) for side in (coded, by)]
    return Crossed(sides[0], sides[1], base, design, sample)


def _side(coded: Coded, base: Flags, order: NDArray[np.intp] | None) -> Side:
    kept = [place for place, option in enumerate(coded.options) if option.in_base]
    chosen, values = coded.chosen[:, kept], coded.values
    if order is not None:
        chosen, values = chosen[order], None if values is None else values[order]
    return Side(
        options=tuple(coded.options[place].code for place in kept),
        exclusive=coded.exclusive,
        ordered=coded.variable.kind == "ordinal",
        chosen=chosen & base[:, None],
        values=None if values is None else np.where(base, values, np.nan),
        base=base,
    )
