"""A headline computed again under other choices: who is then in the base, and who counts.

Belongs here: the variants of one number, as a partition of the respondents, and what it comes to. Does not: the verdict
(`synthese.statistics.robustness`), what may be shown of it (`synthese.disclosure`), or how it is (`robust_results`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags, code
from synthese.analysis.rows import Row
from synthese.analysis.sampling import Sample
from synthese.analysis.shares import share
from synthese.codebook import Codebook, Counted, Variants, variables
from synthese.codebook.missing import NO_ANSWER, NOT_APPLICABLE
from synthese.formatting import Bands, phrase
from synthese.formatting.numbers import PERCENT_WITH_COUNT, reading_base
from synthese.formatting.rounding import percent_of
from synthese.statistics.robustness import Robustness, robustness

USUAL = Variants(without_weights=True, answered_at_least=(0.8, 1.0), dont_know_in_base=True, non_response_in_base=True)
"""Variants of a number for which the codebook fixes none: they can be computed for any question."""


@dataclass(frozen=True)
class Choice:
    """One variant: what is chosen otherwise than for the published number, which chooses nothing otherwise."""

    without_weights: bool = False
    answered_at_least: float | None = None
    dont_know_in_base: bool = False
    non_response_in_base: bool = False
    counted: Counted | None = None

    @property
    def published(self) -> bool:
        """Whether it is the published number's."""
        return self == Choice()


def choices(variants: Variants) -> tuple[Choice, ...]:
    """List every combination of what is fixed, the published one first."""
    return tuple(
        Choice(*combination)
        for combination in product(
            (False, True) if variants.without_weights else (False,),
            (None, *variants.answered_at_least),
            (False, True) if variants.dont_know_in_base else (False,),
            (False, True) if variants.non_response_in_base else (False,),
            (None, *variants.counted),
        )
    )


def completeness(responses: pd.DataFrame, codebook: Codebook, wave: str) -> NDArray[np.float64]:
    """Part of the questions asked of each respondent that they answered, rows of grids apart, open questions left out.

    Those who were asked nothing else answered everything.
    """
    coded = [code(responses, variable) for variable in variables(codebook, wave) if variable.kind != "open"]
    asked = np.sum([one.asked for one in coded], axis=0, dtype=float)
    answered = np.sum([one.answered & one.asked for one in coded], axis=0, dtype=float)
    return np.asarray(np.divide(answered, asked, out=np.ones(len(responses)), where=asked > 0), dtype=float)


@dataclass(frozen=True)
class Variant:
    """A number under one choice.

    Parameters
    ----------
    choice : Choice
        The choice.
    base, counts : array of bool, shape (respondents,)
        Who is in the denominator, and of them who is counted.
    sample : Sample
        What the respondents stand for.
    cells : tuple of str
        What it counts: ``question=option``.
    """

    choice: Choice
    base: Flags
    counts: Flags
    sample: Sample
    cells: tuple[str, ...]

    @property
    def row(self) -> Row:
        """The share, with its interval and bases."""
        return share(self.counts, self.base, self.sample)

    @property
    def value(self) -> float:
        """The share, unrounded."""
        return float(self.row["value"])

    @property
    def percentage(self) -> int:
        """The share in whole per cent, as it would be displayed."""
        row = self.row
        exactly = Fraction(row["count"], row["base"]) if self.sample.weights is None else row["value"]
        return int(percent_of(exactly))

    @property
    def enough(self) -> bool:
        """Whether its base carries a percentage."""
        return reading_base(int(self.base.sum()), self.sample.size(self.base)[1]) >= PERCENT_WITH_COUNT

    @property
    def key(self) -> tuple[bytes, bytes, bool]:
        """Equal for variants that count the same respondents alike."""
        return self.base.tobytes(), self.counts.tobytes(), self.sample.weights is None


def tried(
    codeds: dict[str, Coded],
    headline: tuple[str, str],
    inside: Flags,
    complete: NDArray[np.float64],
    sample: Sample,
    variants: Variants,
) -> tuple[Variant, ...]:
    """Try a number under every choice fixed for it, the published one first.

    Parameters
    ----------
    codeds : dict of str to Coded
        Answers to the headline's question, and to the groupings of it that variants count, by id.
    headline : tuple of str
        Its question and option.
    inside : array of bool, shape (respondents,)
        The group that it is of; everybody for a headline without breakdown.
    complete : array of float, shape (respondents,)
        See `completeness`.
    sample : Sample
        What the respondents stand for.
    variants : Variants
        What is fixed.

    Returns
    -------
    tuple of Variant
        A variant that counts no option offered in the wave is left out.
    """
    question, option = headline
    found = []
    for choice in choices(variants):
        name = (choice.counted.question if choice.counted else None) or question
        coded = codeds[name]
        wanted = choice.counted.options if choice.counted else (option,)
        columns = [position for position, one in enumerate(coded.options) if one.code in wanted and one.in_base]
        if not columns:
            continue
        base = coded.in_base.copy()
        if choice.dont_know_in_base:
            base |= coded.answered & ~coded.missing.get(NOT_APPLICABLE, np.zeros_like(base))
        if choice.non_response_in_base:
            base |= coded.missing.get(NO_ANSWER, np.zeros_like(base))
        if choice.answered_at_least is not None:
            base &= complete >= choice.answered_at_least - 1e-9
        base &= inside
        counts = coded.chosen[:, columns].any(axis=1) & coded.in_base & base
        cells = tuple(f"{name}={coded.options[position].code}" for position in columns)
        weights = replace(sample, design=None) if choice.without_weights else sample
        found.append(Variant(choice, base, counts, weights, cells))
    return tuple(found)


def distinct(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Keep the published variant, and of those that have a percentage one each that counts other respondents.

    A choice that moves nobody is no further trial: two variants that count the same respondents alike are one.
    """
    kept: dict[tuple[bytes, bytes, bool], Variant] = {}
    for variant in variants:
        if variant.choice.published or variant.enough:
            kept.setdefault(variant.key, variant)
    return tuple(kept.values())


def expression(variant: Variant, bands: Bands, *, by_bound: bool) -> str | None:
    """Code of the expression that a variant's percentage earns; None where it earns none.

    « La moitié » and « environ la moitié » are one band, of the same percentage.
    """
    row = variant.row
    weighted = variant.sample.weights is not None
    found = phrase(
        row["count"],
        row["base"],
        bands,
        lower_bound=row.get("ci_low") if by_bound else None,
        effective_n=row["effective_n"],
        share=row["value"] if weighted else None,
    )
    return None if found is None else found.band.code.removesuffix("_exacte")


def verdict(variants: tuple[Variant, ...], bands: Bands, *, by_bound: bool) -> Robustness:
    """Judge the published variant, the first, by all of them."""
    return robustness(
        [v.value for v in variants], [expression(variant, bands, by_bound=by_bound) for variant in variants]
    )


def closest(variants: Iterable[Variant], answered: Flags, *, sensitive: bool) -> int | None:
    """Find the fewest respondents that some of these variants tell apart, two by two; None where they tell nothing.

    Where two shares and their bases are known, what is subtracted is a table of its own: those in whom the two
    differ, and of them those who are counted. Those without a substantive answer are left out: their number is
    published.

    Parameters
    ----------
    variants : iterable of Variant
        The published one and those at the ends of the range.
    answered : array of bool, shape (respondents,)
        Who gave a substantive answer.
    sensitive : bool
        Whether also those who differ and are not counted matter: none or few of them tell of all the others.
    """
    states = [np.where(v.base, np.where(v.counts, 2, 1), 0)[answered] for v in variants]
    numbers: list[int] = []
    for position, one in enumerate(states):
        for other in states[position + 1 :]:
            differ = one != other
            if not differ.any():
                continue
            counted = int((differ & ((one == 2) | (other == 2))).sum())
            total = int(differ.sum())
            numbers += [total] + [counted] * (counted > 0) + [total - counted] * sensitive
    return min(numbers, default=None)


def ends(variants: tuple[Variant, ...]) -> Iterator[Variant]:
    """Give the variants whose whole percentage is the lowest or the highest of all."""
    rounded = [variant.percentage for variant in variants]
    for variant, value in zip(variants, rounded, strict=True):
        if value in (min(rounded), max(rounded)):
            yield variant
