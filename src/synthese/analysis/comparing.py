"""A wave compared with an earlier one, as far as the codebook's verdict allows.

Belongs here: differences of shares and their tests. Does not: the verdict (`synthese.codebook`), or the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from synthese.analysis.coding import Coded
from synthese.analysis.crossing import found
from synthese.analysis.describing import Row, interval, share
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, Variable, Verdict
from synthese.statistics.association import association
from synthese.statistics.proportions import newcombe_difference


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
    overlap: int,
    samples: tuple[Sample, Sample],
) -> tuple[list[Row], list[Row]]:
    """Rows of the differences between two waves, option by option, and of their tests.

    Parameters
    ----------
    now, then : Coded
        The same variable, harmonised, in the wave and in the reference wave.
    reference_wave : str
        Id of the earlier wave.
    overlap : int
        Respondents in both waves. The samples are then not independent: no interval and no test.
    samples : tuple of Sample
        What the respondents of both waves stand for. With weights the difference is one of weighted shares,
        without interval and test: those need the design of the samples.

    Returns
    -------
    estimates, tests : list of dict
        A difference is the share now minus the share then; its count and base are those of the wave.
    """
    weighted = any(sample.weights is not None for sample in samples)
    why_not = f"partial-overlap:{overlap}" if overlap else "weighted-design" if weighted else None
    estimates = list(_differences(now, then, reference_wave, why_not, samples))
    tests = list(_tests(now, then, reference_wave, samples[0].seed, why_not))
    return estimates, tests


def _counts(coded: Coded, position: int) -> tuple[int, int]:
    return int((coded.chosen[:, position] & coded.in_base).sum()), int(coded.in_base.sum())


def _differences(
    now: Coded,
    then: Coded,
    reference_wave: str,
    why_not: str | None,
    samples: tuple[Sample, Sample],
) -> Iterator[Row]:
    for position, option in enumerate(now.options):
        if not option.in_base:
            continue
        k, n = _counts(now, position)
        k0, n0 = _counts(then, position)
        here = share(now.chosen[:, position], now.in_base, samples[0])
        there = share(then.chosen[:, position], then.in_base, samples[1])
        row: Row = {
            "question": now.variable.id,
            "option": option.code,
            "statistic": "difference",
            "unit": "share",
            "count": k,
            "base": n,
            "asked": int(now.asked.sum()),
            "answered": int(now.answered.sum()),
            "base_weighted": here["base_weighted"],
            "effective_n": here["effective_n"],
            "reference_wave": reference_wave,
            "status": "released",
        }
        if here["value"] is None or there["value"] is None:
            yield row | {"reason": "empty-base"}
            continue
        row = row | {"value": here["value"] - there["value"], "method": "difference"}
        if why_not:
            yield row | {"reason": why_not}
        else:
            yield interval(row, newcombe_difference(k, n, k0, n0, samples[0].confidence))


def _tests(now: Coded, then: Coded, reference_wave: str, seed: int, why_not: str | None) -> Iterator[Row]:
    for position, option in enumerate(now.options):
        if not option.in_base:
            continue
        k, n = _counts(now, position)
        k0, n0 = _counts(then, position)
        row: Row = {
            "question": now.variable.id,
            "option": option.code,
            "reference_wave": reference_wave,
            "family": "planned",
            "base": n + n0,
            "status": "released",
        }
        if why_not:
            yield row | {"reason": why_not}
        else:
            yield row | found(association([[k, n - k], [k0, n0 - k0]], seed))
