"""A wave compared with an earlier one, as far as the codebook's verdict allows.

Belongs here: differences of shares, means and NPS of independent samples, and their tests. Does not: the verdict
(`synthese.codebook`), the panel (`paired`), trends and standardised shares (`trending`, `standardising`), the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded
from synthese.analysis.rows import Row, found, interval
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, Variable, Verdict
from synthese.statistics.association import association
from synthese.statistics.designs import Design
from synthese.statistics.proportions import wilson
from synthese.statistics.results import AssociationTest, Interval
from synthese.statistics.wave_designs import (
    Part,
    design_change,
    design_two_means,
    plain,
    recovered_difference,
    share_part,
    two_means,
)

UNKNOWN = "overlap-unknown"
"""Reason of a test that takes two waves for independent, since nothing would recognise who answered both."""

_Numbers = NDArray[np.float64]


def harmonised(codebook: Codebook, variable: Variable, wave: str, verdict: Verdict) -> Variable:
    """Give a variable the options that both waves can tell; split or merged ones counted as one.

    Returns
    -------
    Variable
        With the options of ``verdict.options``: each has the text that ``wave`` printed, or that the codebook has
        for an option that the wave did not offer.
    """
    if variable.kind not in ("single", "ordinal", "multiple"):
        return variable
    groups = dict(verdict.harmony.by_wave.get(wave, {}))
    known = (
        variable.options if variable.groups is not None else codebook.by_id[variable.question.id].put_in(wave).options
    )
    by_code = {option.code: option for option in known}
    return replace(variable, options=tuple(by_code[code] for code in verdict.options), groups=groups)


def compare(
    now: Coded,
    then: Coded,
    reference_wave: str,
    overlap: int | None,
    samples: tuple[Sample, Sample],
) -> tuple[list[Row], list[Row]]:
    """Rows of the differences between two waves, option by option, and of their tests.

    Parameters
    ----------
    now, then : Coded
        The same variable, harmonised, in the wave and in the reference wave.
    reference_wave : str
        Id of the earlier wave.
    overlap : int or None
        Respondents in both waves. The samples are then not independent: no interval and no test. None where nothing
        would recognise them: both are computed, and their reason says that independence is assumed.
    samples : tuple of Sample
        What the respondents of both waves stand for. Where either has a design, the waves are strata of one: the test
        is Rao and Scott's, the interval recovered from those of both shares.

    Returns
    -------
    estimates, tests : list of dict
        A difference is the share (mean, NPS) now minus that then; its count and base are those of the wave.
    """
    why_not = f"partial-overlap:{overlap}" if overlap else None
    beware = UNKNOWN if overlap is None else None
    rows = _numbers if now.variable.kind == "numeric" else _shares
    pairs = list(rows(now, then, reference_wave, why_not, beware, samples))
    return [estimate for estimate, _ in pairs], [test for _, test in pairs]


def counted(now: Coded, reference_wave: str) -> Row:
    """Begin a row of evolution: whom the routing reached, who answered, which wave it is compared with."""
    return {
        "question": now.variable.id,
        "asked": int(now.asked.sum()),
        "answered": int(now.answered.sum()),
        "reference_wave": reference_wave,
        "status": "released",
    }


def part_of(coded: Coded, position: int, sample: Sample) -> Part | None:
    """Share of an option with the interval of its sample; None where nobody is in the base."""
    chosen = coded.chosen[:, position]
    if sample.design is not None:
        return share_part(sample.design, chosen, coded.in_base, sample.confidence)
    k, n = int((chosen & coded.in_base).sum()), int(coded.in_base.sum())
    one = wilson(k, n, sample.confidence, sample.population)
    return None if one is None else Part(k / n, one.low, one.high)


def named(samples: tuple[Sample, Sample]) -> str:
    """Name the interval of a difference of shares, by what was known of both samples."""
    if any(sample.design is not None for sample in samples):
        return "variance_recovery_korn_graubard"
    return "newcombe" if any(sample.population is None for sample in samples) else "newcombe_fpc"


def _designs(samples: tuple[Sample, Sample], sizes: tuple[int, int]) -> tuple[Design, Design] | None:
    """Design of each wave where either has one; a wave without is one of plain answers."""
    if all(sample.design is None for sample in samples) or 0 in sizes:
        return None
    one, other = (sample.design or plain(size) for sample, size in zip(samples, sizes, strict=True))
    return one, other


def _shares(
    now: Coded,
    then: Coded,
    reference_wave: str,
    why_not: str | None,
    beware: str | None,
    samples: tuple[Sample, Sample],
) -> Iterator[tuple[Row, Row]]:
    weighted, effective = samples[0].size(now.in_base)
    designs = _designs(samples, (now.in_base.size, then.in_base.size))
    sampled = samples if designs is None else tuple(replace(s, design=d) for s, d in zip(samples, designs, strict=True))
    for position, option in enumerate(now.options):
        if not option.in_base:
            continue
        k, n = (int((now.chosen[:, position] & now.in_base).sum()), int(now.in_base.sum()))
        k0, n0 = (int((then.chosen[:, position] & then.in_base).sum()), int(then.in_base.sum()))
        row: Row = counted(now, reference_wave) | {"option": option.code, "statistic": "difference", "unit": "share"}
        row |= {"count": k, "base": n, "base_weighted": weighted, "effective_n": effective}
        test: Row = {
            "question": now.variable.id,
            "option": option.code,
            "reference_wave": reference_wave,
            "family": "planned",
            "base": n + n0,
            "status": "released",
        }
        here, there = (part_of(coded, position, sample) for coded, sample in zip((now, then), sampled, strict=True))
        if here is None or there is None:
            yield row | {"reason": "empty-base"}, test | {"reason": why_not or "empty-base"}
            continue
        row |= {"value": here.value - there.value, "method": "difference", "reason": why_not or beware}
        if why_not:
            yield row, test | {"reason": why_not}
            continue
        row = interval(row, recovered_difference(here, there, samples[0].confidence, named(samples)))
        if designs is None:
            result: AssociationTest = association([[k, n - k], [k0, n0 - k0]], samples[0].seed)
        else:
            result = design_change(
                (designs[0], now.chosen[:, position], now.in_base),
                (designs[1], then.chosen[:, position], then.in_base),
                samples[0].confidence,
            )
        tested = found(result)
        yield row, test | tested | {"reason": tested["reason"] or beware}


def scores_of(coded: Coded) -> Iterator[tuple[str, str, _Numbers]]:
    """Statistic, unit and values of each mean that a numeric question is compared by: itself, and its NPS."""
    if coded.values is None:
        raise ValueError(f"{coded.variable.id} is not numeric")
    yield "difference", coded.variable.question.unit or "valeur", coded.values
    if coded.variable.question.nps:
        promoters, detractors = coded.values >= 9, coded.values <= 6
        points = 100.0 * promoters - 100.0 * detractors
        yield "difference_nps", "points", np.where(np.isnan(coded.values), np.nan, points)


def _numbers(
    now: Coded,
    then: Coded,
    reference_wave: str,
    why_not: str | None,
    beware: str | None,
    samples: tuple[Sample, Sample],
) -> Iterator[tuple[Row, Row]]:
    designs = _designs(samples, (now.in_base.size, then.in_base.size))
    for (statistic, unit, values), (_, _, values0) in zip(scores_of(now), scores_of(then), strict=True):
        given = ~np.isnan(values)
        weighted, effective = samples[0].size(given)
        row: Row = counted(now, reference_wave) | {"statistic": statistic, "unit": unit, "base": int(given.sum())}
        row |= {"base_weighted": weighted, "effective_n": effective}
        if designs is None:
            result = two_means(values, values0, samples[0].confidence)
        else:
            result = design_two_means((designs[0], values), (designs[1], values0), samples[0].confidence)
        yield changed(row, result, why_not, beware, samples[0].confidence)


def changed(
    row: Row, result: AssociationTest, why_not: str | None, beware: str | None, confidence: float
) -> tuple[Row, Row]:
    """Rows of a changed mean and of its test, from the test of it."""
    tested = found(result)
    test: Row = {name: row[name] for name in ("question", "reference_wave", "status", "universe") if name in row}
    test |= {"family": "planned", "base": result.base}
    if result.effect_size is None:
        why = why_not or result.reason or "empty-base"
        return row | {"reason": why}, test | {"reason": why}
    row = row | {"value": result.effect_size, "method": "difference", "reason": why_not or beware}
    if why_not:
        return row, test | {"reason": why_not}
    assert result.effect_low is not None
    assert result.effect_high is not None
    bounds = Interval(result.effect_low, result.effect_high, confidence, result.method or "t")
    return interval(row, bounds), test | tested | {"reason": tested["reason"] or beware}
