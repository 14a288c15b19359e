"""Whether a gap between two waves holds under every variant: what a sentence on two waves needs to be said.

Belongs here: the gap of one option in two waves, under the same choices in both. Does not: the variants (`robust`), or
the sentence (`synthese.editorial`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags, code
from synthese.analysis.comparing import harmonised
from synthese.analysis.describing import Row
from synthese.analysis.robust import USUAL, Choice, Variant, completeness, tried
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, Headline, Variants, Verdict, comparability, variable
from synthese.statistics.robustness import agreeing

LEAST_GAP = 0.1
"""Smallest gap between volunteers of two waves that is spoken of, in every variant: 10 points."""


@dataclass(frozen=True, eq=False)
class Side:
    """One wave's answers, as the variants need them.

    Parameters
    ----------
    codebook : Codebook
        The study's.
    wave : str
        Wave id.
    responses : DataFrame
        Its clean answers.
    sample : Sample
        What its respondents stand for.
    complete : array of float, shape (respondents,)
        See `synthese.analysis.robust.completeness`.
    """

    codebook: Codebook
    wave: str
    responses: pd.DataFrame
    sample: Sample
    complete: NDArray[np.float64]

    @classmethod
    def of(cls, codebook: Codebook, wave: str, responses: pd.DataFrame, sample: Sample) -> Side:
        """Take a wave's answers, and see how complete each respondent's are."""
        return cls(codebook, wave, responses, sample, completeness(responses, codebook, wave))

    def coded(self, name: str, verdict: Verdict | None = None) -> Coded:
        """Code a variable's answers; brought to what two waves can tell, for a verdict on both."""
        mine = variable(self.codebook, name, self.wave)
        return code(self.responses, mine if verdict is None else harmonised(self.codebook, mine, self.wave, verdict))

    def inside(self, by: str | None, group: str | None) -> Flags:
        """Who is in a group of a breakdown; everybody without one. Nobody, where the wave did not offer the group."""
        if by is None:
            return np.ones(len(self.responses), dtype=bool)
        groups = self.coded(by)
        columns = [position for position, option in enumerate(groups.options) if option.code == group]
        return np.asarray(groups.chosen[:, columns].any(axis=1) & groups.in_base, dtype=bool)


def gaps(now: Side, then: Side, names: Iterable[str]) -> Iterator[Row]:
    """Rows of the gaps between two waves under variants: every option of some variables, and headlines in a group.

    A headline of the codebook is tried under its own variants, any other number under `USUAL`. A variant whose base
    carries no percentage in one of the waves agrees with nothing: where it cannot be told, it is not said.

    Parameters
    ----------
    now, then : Side
        The wave and the earlier one.
    names : iterable of str
        Variables that both waves asked and that have options.
    """
    headlines = now.codebook.headlines
    whole = {(h.question, h.option): h.variants for h in headlines if h.by is None}
    for name in names:
        if now.coded(name).ranks is not None:
            continue
        found = comparability(now.codebook, name, now.wave, then.wave)
        if found.comparable:
            sides = (_codeds(now, name, found, whole), _codeds(then, name, found, whole))
            for option in sides[0][name].options:
                if option.in_base:
                    variants = whole.get((name, option.code), USUAL)
                    yield from _gap(now, then, sides, (name, option.code), (None, None), variants)
    for headline in headlines:
        yield from _within(now, then, headline)


def asks(codebook: Codebook, name: str, wave: str) -> bool:
    """Whether a wave asked a question, a row of a grid, or what a regrouping groups."""
    whole, _, row = name.partition("@")[0].partition(".")
    question = codebook.by_id[whole]
    return question.asked(wave) and all(one.offered(wave) for one in question.rows if one.code == row)


def _codeds(side: Side, name: str, verdict: Verdict, whole: dict[tuple[str, str], Variants]) -> dict[str, Coded]:
    """Code a variable and the other groupings of it that variants of its options count."""
    out = {name: side.coded(name, verdict)}
    for (question, _), variants in whole.items():
        for counted in variants.counted:
            if question == name and counted.question is not None and counted.question not in out:
                out[counted.question] = side.coded(counted.question)
    return out


def _within(now: Side, then: Side, headline: Headline) -> Iterator[Row]:
    """Row of a headline within a group, where both waves asked both questions alike."""
    if headline.by is None:
        return
    for name in (headline.question, headline.by):
        both = all(asks(now.codebook, name, wave) for wave in (now.wave, then.wave))
        if not both or not comparability(now.codebook, name, now.wave, then.wave).comparable:
            return
    used = {headline.question, *(c.question for c in headline.variants.counted if c.question)}
    sides = ({n: now.coded(n) for n in sorted(used)}, {n: then.coded(n) for n in sorted(used)})
    number, group = (headline.question, headline.option), (headline.by, headline.group)
    yield from _gap(now, then, sides, number, group, headline.variants)


def _gap(
    now: Side,
    then: Side,
    sides: tuple[dict[str, Coded], dict[str, Coded]],
    number: tuple[str, str],
    group: tuple[str | None, str | None],
    variants: Variants,
) -> Iterator[Row]:
    pairs: dict[object, tuple[Variant, Variant | None]] = {}
    tries = [
        {one.choice: one for one in tried(codeds, number, side.inside(*group), side.complete, side.sample, variants)}
        for side, codeds in zip((now, then), sides, strict=True)
    ]
    if not all(Choice() in one and one[Choice()].enough for one in tries):
        return
    for choice, variant in tries[0].items():
        other = tries[1].get(choice)
        pairs.setdefault((variant.key, other and other.key), (variant, other))
    found = [
        one.value - other.value if other is not None and one.enough and other.enough else float("nan")
        for one, other in pairs.values()
    ]
    yield {
        "question": number[0],
        "option": number[1],
        "by": group[0],
        "group": group[1],
        "reference_wave": then.wave,
        "declared": variants.number,
        "computed": len(found),
        "held": agreeing(found, LEAST_GAP),
        "status": "released",
    }
