"""Shares of two waves brought to one mix of strata, the mix that the codebook names.

Belongs here: rows of ``share_standardised`` and ``difference_standardised``. Does not: the mix that is declared
(`synthese.codebook`), or whether they may be shown (`synthese.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthese.analysis.coding import Coded
from synthese.analysis.comparing import UNKNOWN, counted, part_of
from synthese.analysis.rows import Row
from synthese.analysis.sampling import Sample
from synthese.codebook import Standardisation
from synthese.statistics.wave_designs import Part, recovered_difference, standardised_part

EMPTY = "empty-stratum"


@dataclass(frozen=True, eq=False)
class Stratified:
    """A wave with its strata.

    Parameters
    ----------
    coded : Coded
        The variable to standardise.
    strata : Coded
        The breakdown whose mix is fixed.
    sample : Sample
        What the respondents stand for.
    """

    coded: Coded
    strata: Coded
    sample: Sample

    @property
    def structure(self) -> dict[str, float]:
        """Sum of weights of each stratum, over those whose stratum is known."""
        weights = self.sample.weights
        counts: dict[str, float] = {}
        for position, stratum in enumerate(self.strata.options):
            if stratum.in_base:
                inside = self.strata.chosen[:, position] & self.strata.in_base
                counts[stratum.code] = float(inside.sum() if weights is None else np.sort(weights[inside]).sum())
        return counts

    def part(self, position: int, mix: Mapping[str, float]) -> Part | None:
        """Share of an option with the structure of a mix; None where a stratum of the mix has no respondent."""
        parts: list[Part] = []
        for code, weight in mix.items():
            inside = self.strata.chosen[:, self.strata.variable.codes.index(code)] & self.strata.in_base
            one = part_of(replace(self.coded, in_base=self.coded.in_base & inside), position, self.sample)
            if one is None and weight > 0:
                return None
            parts.append(one or Part(0.0, 0.0, 0.0))
        return standardised_part(parts, list(mix.values()))


def shares_of(structure: Mapping[str, float]) -> dict[str, float] | None:
    """Bring sums of weights to shares; None where there are none."""
    total = sum(structure.values())
    return {code: weight / total for code, weight in structure.items()} if total > 0 else None


def pooled(waves: tuple[Stratified, Stratified]) -> dict[str, float] | None:
    """Structure of two waves together, a respondent of each counting alike on average."""
    one, other = waves[0].structure, waves[1].structure
    scale = [sum(s.values()) / max(1, int(w.strata.in_base.sum())) for s, w in zip((one, other), waves, strict=True)]
    if not all(scale):
        return None
    return shares_of({code: one[code] / scale[0] + other[code] / scale[1] for code in one})


def standardise(
    now: Stratified,
    then: Stratified,
    declared: Standardisation,
    mix: Mapping[str, float],
    reference_wave: str,
    overlap: int | None,
) -> Iterator[Row]:
    """Rows of one variable standardised in a wave, and of its difference with an earlier one.

    Parameters
    ----------
    now, then : Stratified
        The wave and the earlier one.
    declared : Standardisation
        Names the mix: it stands in ``method``.
    mix : mapping of str to float
        Share of each stratum.
    reference_wave : str
        Id of the earlier wave.
    overlap : int or None
        Respondents in both waves: the difference has then no interval.

    Yields
    ------
    dict
        For each option ``share_standardised`` and ``difference_standardised``, ``by`` the strata, without ``group``;
        the base is those of the wave who answered both questions.
    """
    inside = now.coded.in_base & now.strata.in_base
    weighted, effective = now.sample.size(inside)
    for position, option in enumerate(now.coded.options):
        if not option.in_base:
            continue
        row = counted(now.coded, reference_wave) | {"option": option.code, "by": declared.by, "unit": "share"}
        row |= {"base": int(inside.sum()), "base_weighted": weighted, "effective_n": effective}
        row |= {"method": f"standardised:{declared.name}"}
        here, there = now.part(position, mix), then.part(position, mix)
        share: Row = row | {"statistic": "share_standardised"}
        change: Row = row | {"statistic": "difference_standardised"}
        confidence = now.sample.confidence
        if here is None:
            yield share | {"reason": EMPTY}
        else:
            yield share | {"value": here.value, "ci_low": here.low, "ci_high": here.high, "confidence": confidence}
        if here is None or there is None:
            yield change | {"reason": EMPTY}
            continue
        change |= {"value": here.value - there.value}
        if overlap:
            yield change | {"reason": f"partial-overlap:{overlap}"}
            continue
        bounds = recovered_difference(here, there, confidence, "variance_recovery")
        beware = UNKNOWN if overlap is None else None
        yield change | {"ci_low": bounds.low, "ci_high": bounds.high, "confidence": confidence, "reason": beware}
