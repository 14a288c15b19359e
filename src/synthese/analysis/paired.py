"""What changed among the respondents of two waves: the panel, apart from the waves themselves.

Belongs here: rows of the panel, in the universe `PANEL`. Does not: recognising who answered twice (`panel`).
"""

from __future__ import annotations

from synthese.analysis.coding import Coded
from synthese.analysis.comparing import changed, counted, scores_of
from synthese.analysis.panel import LEAST_PANEL, Panel
from synthese.analysis.rows import Row, count, found, interval
from synthese.analysis.sampling import Sample
from synthese.statistics.results import Interval
from synthese.statistics.wave_designs import paired_means
from synthese.statistics.waves import mcnemar

PANEL = "_panel"
UNWEIGHTED = "unweighted-panel"
CELLS = ("kept", "joined", "left", "never")
"""Cells of an option over two waves: chosen in both, in the later only, in the earlier only, in neither."""


def paired(
    now: Coded, then: Coded, reference_wave: str, panel: Panel, samples: tuple[Sample, Sample]
) -> tuple[list[Row], list[Row], int]:
    """Rows of the change among those who answered a question in both waves.

    Parameters
    ----------
    now, then : Coded
        The same variable, harmonised, in the wave and in the reference wave.
    reference_wave : str
        Id of the earlier wave.
    panel : Panel
        Who is in both.
    samples : tuple of Sample
        Weights are of each wave, and of no panel: rows of weighted waves say in their reason that they count every
        respondent alike.

    Returns
    -------
    estimates, tests : list of dict
        A ``difference`` an option, with Newcombe's interval for pairs, its four cells as ``panel_count``, and McNemar's
        test; of a numeric question the mean difference and its t test. None with fewer than `LEAST_PANEL` respondents.
    base : int
        Respondents who answered in both waves.
    """
    beware = UNWEIGHTED if any(sample.weights is not None for sample in samples) else None
    both = now.in_base[panel.here] & then.in_base[panel.there]
    base = int(both.sum())
    if base < LEAST_PANEL:
        return [], [], base
    here, there = panel.here[both], panel.there[both]
    start = counted(now, reference_wave) | {"universe": PANEL, "asked": base, "answered": base, "base": base}
    start |= {"base_weighted": float(base), "effective_n": float(base)}
    confidence = samples[0].confidence
    estimates: list[Row] = []
    tests: list[Row] = []
    if now.variable.kind == "numeric":
        for (statistic, unit, values), (_, _, values0) in zip(scores_of(now), scores_of(then), strict=True):
            row = start | {"statistic": statistic, "unit": unit}
            result = paired_means(values[here], values0[there], confidence)
            estimate, test = changed(row, result, None, beware, confidence)
            estimates.append(estimate)
            tests.append(test)
        return estimates, tests, base
    for position, option in enumerate(now.options):
        if not option.in_base:
            continue
        after, before = now.chosen[here, position], then.chosen[there, position]
        cells = [int(flags.sum()) for flags in (after & before, after & ~before, ~after & before, ~after & ~before)]
        row = start | {"option": option.code}
        result = mcnemar([[cells[0], cells[2]], [cells[1], cells[3]]], confidence=confidence, minimum_panel=LEAST_PANEL)
        assert result.effect_low is not None
        assert result.effect_high is not None
        bounds = Interval(result.effect_low, result.effect_high, confidence, "newcombe_paired")
        change = row | {"statistic": "difference", "unit": "share", "count": int(after.sum()), "reason": beware}
        estimates.append(interval(change | {"value": result.effect_size}, bounds))
        for name, number in zip(CELLS, cells, strict=True):
            estimates.append(row | count(number, base) | {"group": name, "statistic": "panel_count"})
        tested = found(result)
        test = {"question": now.variable.id, "option": option.code, "universe": PANEL, "family": "planned"}
        test |= {"reference_wave": reference_wave, "status": "released"}
        tests.append(test | tested | {"reason": tested["reason"] or beware})
    return estimates, tests, base
