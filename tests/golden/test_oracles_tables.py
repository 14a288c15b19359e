"""Sections 6 to 8 of the oracles and what was added, number by number as printed, beside the function that gives it.

Section 9 has rules of disclosure and no number of a function here.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from oracles import Oracle, half_a_unit, numbers
from scipy.stats import binom, chi2

from synthese.statistics import (
    association,
    effects,
    exact,
    marginal,
    multiplicity,
    numeric,
    ordinal,
    proportions,
    waves,
)
from synthese.statistics.crosses import pairwise_statistics

# Section 6: 279 farmers, contaminants by storage; 262 farmers, education by sources.
BOTH = np.array([[27, 16, 2, 2], [22, 12, 1, 1], [19, 6, 1, 0]])
TESTED, STORED = np.array([40, 30, 21]), np.array([143, 80, 85, 13])
SOURCES = np.array([[19, 38, 29, 47, 40], [2, 6, 8, 8, 4], [1, 13, 10, 17, 14], [19, 29, 40, 53, 29], [3, 4, 8, 6, 6]])
EDUCATION = np.array([88, 16, 31, 113, 14])

PARTY = [[762, 327, 468], [484, 239, 477]]
INCOME = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]])
ARTHRITIS = [[29, 7, 7], [13, 7, 21]]
SMOKE = [[7, 1, 3], [87, 18, 84], [12, 3, 4], [9, 1, 7]]
TEA = [[3, 1], [1, 3]]
SMOKERS, PATIENTS = [83, 90, 129, 70], [86, 93, 136, 82]


def ends(interval: proportions.Interval) -> tuple[float, float]:
    return interval.low, interval.high


@cache
def made(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Made farmers: the survey's own answers are not at hand. Both sides of what is tested, one row a farmer.

    Drawn at random, then exchanged until they had every printed table of pairs (of items of the two questions; of
    education and item) and, among the pairs of items of one question, such as give the printed degrees of freedom.
    X²_S, its correction and the p-values then have no choice left but to be right or wrong; that the degrees of freedom
    follow from pairs as they should is held by `r/multiple.R`.
    """
    counted = json.loads((Path(__file__).parent / "made_farmers.json").read_text())[name]
    rows = [pattern.split() for pattern, count in counted.items() for _ in range(count)]
    first, second = ([[int(mark) for mark in row[side]] for row in rows] for side in (0, 1))
    return np.array(first), np.array(second)


def two_multiple(empty: float = 0.5) -> marginal.MarginalIndependence:
    return marginal.multiple_by_multiple(*made("farmer2"), empty)


def single_and_multiple() -> marginal.MarginalIndependence:
    education, sources = made("farmer1")
    return marginal.single_by_multiple(education[:, 0], 5, sources)


def bootstrapped_single() -> float:
    education, sources = made("farmer1")
    return marginal.bootstrap_independence(np.eye(5, dtype=int)[education[:, 0]], sources, 102211, single=True).p_value


def pair_cells(empty: float = 0.5) -> np.ndarray:
    return marginal.pair_statistics(BOTH, TESTED, STORED, 279, empty)


def bonferroni(statistics: np.ndarray, df: int) -> float:
    return float(min(1, statistics.size * chi2.sf(statistics.max(), df)))


def values_of(found: Any) -> tuple[float, ...]:
    return found.statistic, found.df, found.p_value


def airquality() -> tuple[np.ndarray, np.ndarray]:
    table = numbers("tables")["airquality"]
    return np.array([np.nan if v is None else v for v in table["ozone"]], float), np.array(table["month"])


def may_and_august() -> tuple[float, float]:
    ozone, month = airquality()
    found = ordinal.mann_whitney(ozone, np.select([month == 5, month == 8], [0, 1], -1))
    return found.statistic, found.p_value


def over_incomes() -> tuple[float, ...]:
    incomes, satisfaction = ordinal.expand(INCOME)
    return values_of(ordinal.kruskal_wallis(satisfaction, incomes))


def holm_pairs() -> list[float]:
    upper = np.triu_indices(4, k=1)
    adjusted = multiplicity.holm(chi2.sf(pairwise_statistics(SMOKERS, PATIENTS, True)[upper], 1).tolist())
    return [adjusted[2], adjusted[4], adjusted[5]]


def smokers() -> tuple[float, ...]:
    return values_of(association.chi_square([SMOKERS, np.subtract(PATIENTS, SMOKERS)]))


def wave_change() -> tuple[float, ...]:
    found = association.chi_square([[40, 80], [70, 70]])
    return found.statistic, found.p_value


def corrected_wave_change() -> tuple[float, float]:
    statistic = float(pairwise_statistics([40, 70], [120, 140], continuity=True)[0, 1])
    return statistic, chi2.sf(statistic, 1)


def wald_of_two_waves() -> tuple[float, float]:
    """R's prop.test: the two shares as two strata, each with its own variance."""
    gap, variance = 40 / 120 - 1 / 2, 40 / 120 * 80 / 120 / 120 + 0.25 / 140
    half = proportions.normal_quantile(0.95) * variance**0.5
    return gap - half, gap + half


def alpha() -> float:
    items = numbers("tables")["attitude"]
    return numeric.cronbach_alpha(np.column_stack([items[name] for name in items]))


def coverage(n: int) -> tuple[float, float]:
    """Least and greatest exact coverage at half percents from 10 to 90, in percent."""
    k, bounds = np.arange(n + 1), np.array([ends(proportions.wilson(count, n)) for count in range(n + 1)])
    found = [binom.pmf(k, n, p)[(bounds[:, 0] <= p) & (p <= bounds[:, 1])].sum() for p in np.arange(20, 181) / 200]
    return 100 * min(found), 100 * max(found)


P_VALUES = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.2, 0.6]
ORACLES = [
    Oracle("6", "w1", "4.93 2.93 14.29 0.01", lambda: pair_cells()[0]),
    Oracle("6", "w2", "6.56 2.11 11.68 0.13", lambda: pair_cells()[1]),
    Oracle("6", "w3", "13.98 0.00 7.08 0.32", lambda: pair_cells()[2]),
    Oracle("6", "X²_S", "64.03", lambda: pair_cells().sum()),
    Oracle("6", "Bonferroni", ".0019", lambda: bonferroni(pair_cells(), 1)),
    Oracle("6", "w3×y4 as it is", "1.11", lambda: pair_cells(0)[2, 3]),
    Oracle("6", "X²_S as it is", "64.825", lambda: pair_cells(0).sum()),
    Oracle(
        "6",
        "farmer1",
        "5.959584651 7.893209918 4.615699381 1.418756094 10.94868914",
        lambda: marginal.group_statistics(SOURCES, EDUCATION),
    ),
    Oracle("6", "farmer1 X²_S", "30.83593919", lambda: marginal.group_statistics(SOURCES, EDUCATION).sum()),
    Oracle(
        "6", "farmer1 Bonferroni", ".135733852", lambda: bonferroni(marginal.group_statistics(SOURCES, EDUCATION), 4)
    ),
    Oracle("6", "RS2", "36.1709902 6.778563333 5.471531e-06", lambda: values_of(two_multiple().rao_scott)),
    Oracle("6", "RS2 as printed", "36.17 6.78", lambda: values_of(two_multiple().rao_scott)[:2]),
    Oracle("6", "X²_S of farmers", "64.03", lambda: two_multiple().total),
    Oracle("6", "Bonferroni of farmers", ".0019", lambda: two_multiple().bonferroni.p_value),
    Oracle("6", "RS2 as it is", "36.61839408", lambda: two_multiple(0).rao_scott.statistic),
    Oracle("6", "X²_S of farmers as it is", "64.825", lambda: two_multiple(0).total),
    Oracle("6", "bootstrap", ".0005", lambda: marginal.bootstrap_independence(*made("farmer2"), 102211).p_value),
    Oracle(
        "6",
        "farmer1 RS2",
        "28.67895449 18.60099303 .06322334",
        lambda: values_of(single_and_multiple().rao_scott),
    ),
    Oracle("6", "farmer1 X²_S of farmers", "30.83593919", lambda: single_and_multiple().total),
    Oracle("6", "farmer1 Bonferroni of farmers", ".135733852", lambda: single_and_multiple().bonferroni.p_value),
    Oracle(
        "6", "farmer1 bootstrap", ".0555", bootstrapped_single, 4 * (2 * 0.0555 * 0.9445 / 1999) ** 0.5, "Monte Carlo"
    ),
    Oracle("6", "the wrong way", "13.9617 16 .6016", lambda: values_of(association.chi_square(SOURCES))),
    Oracle("7", "Wilson 81/263", ".2552885199 .366209577", lambda: ends(proportions.wilson(81, 263))),
    Oracle("7", "Wilson 15/148", ".0623863995 .1604872417", lambda: ends(proportions.wilson(15, 148))),
    Oracle("7", "Wilson 0/20", "0 .1611251581", lambda: ends(proportions.wilson(0, 20))),
    Oracle("7", "Wilson 1/29", ".0061132143 .1717552188", lambda: ends(proportions.wilson(1, 29))),
    Oracle("7", "exact 81/263", ".2527367456 .3676219226", lambda: ends(proportions.clopper_pearson(81, 263))),
    Oracle("7", "exact 15/148", ".05784401 .16165049", lambda: ends(proportions.clopper_pearson(15, 148))),
    Oracle("7", "exact 0/20", "0 .168433471", lambda: ends(proportions.clopper_pearson(0, 20))),
    Oracle(
        "7",
        "exact 1/29",
        ".00087264689 .1776442955",
        lambda: ends(proportions.clopper_pearson(1, 29)),
        2e-11,
        "R 4.2.2 itself has .00087264688358 and .17764429548872",
    ),
    Oracle("7", "Wilson+cc", ".2535086823 .368176201", lambda: ends(proportions.wilson_continuity(81, 263))),
    Oracle("7", "56/70-48/80", ".0524314724 .333872654", lambda: ends(proportions.newcombe_difference(56, 70, 48, 80))),
    Oracle("7", "9/10-3/10", ".1705227239 .8090179735", lambda: ends(proportions.newcombe_difference(9, 10, 3, 10))),
    Oracle("7", "6/7-2/7", ".0582279275 .8062496375", lambda: ends(proportions.newcombe_difference(6, 7, 2, 7))),
    Oracle("7", "5/56-0/29", "-.0381371479 .1925600139", lambda: ends(proportions.newcombe_difference(5, 56, 0, 29))),
    Oracle("7", "0/10-0/20", "-.1611251581 .2775327999", lambda: ends(proportions.newcombe_difference(0, 10, 0, 20))),
    Oracle("7", "10/10-0/10", ".6075093504 1", lambda: ends(proportions.newcombe_difference(10, 10, 0, 10))),
    Oracle("8", "party X²", "30.0701491 2 2.953589e-07", lambda: values_of(association.chi_square(PARTY))),
    Oracle("8", "party G²", "30.01669261", lambda: association.g_test(PARTY).statistic),
    Oracle("8", "party V", ".1044358", lambda: association.cramers_v(PARTY).plain),
    Oracle("8", "party residuals", "4.50 .70 -5.32", lambda: association.adjusted_residuals(PARTY)[0]),
    Oracle("8", "income X²", "5.965514589 9 .7433647", lambda: values_of(association.chi_square(INCOME))),
    Oracle("8", "income G²", "6.764053", lambda: association.g_test(INCOME).statistic),
    Oracle("8", "income exact", ".782684939", lambda: exact.freeman_halton(INCOME).p_value),
    Oracle(
        "8",
        "C, D",
        "1331 849",
        lambda: (effects.concordance(INCOME).concordant, effects.concordance(INCOME).discordant),
    ),
    Oracle(
        "8",
        "γ, τ_b",
        ".2211009174 .1523521513",
        lambda: (effects.concordance(INCOME).gamma, effects.concordance(INCOME).tau_b),
    ),
    Oracle(
        "8",
        "M²",
        "3.807460928 1 .05102474",
        lambda: values_of(ordinal.linear_by_linear(INCOME, [7.5, 20, 32.5, 60], [1, 2, 3, 4])),
    ),
    Oracle("8", "income KW", "4.119957653 3 .248798821", over_incomes),
    Oracle("8", "tea p", ".4857142857", lambda: exact.freeman_halton(TEA).p_value),
    Oracle("8", "tea OR", "6.408308867", lambda: effects.odds_ratio(TEA).value, 2e-5, "R solves to eps^.25"),
    Oracle("8", "tea low", ".2117329153", lambda: effects.odds_ratio(TEA).interval.low, 5e-6, "R solves to eps^.25"),
    Oracle(
        "8", "tea high", "621.9337505", lambda: effects.odds_ratio(TEA).interval.high, 6.0, "R solves 1/OR to eps^.25"
    ),
    Oracle("8", "Arthritis", "13.05501985 2 .001462643", lambda: values_of(association.chi_square(ARTHRITIS))),
    Oracle("8", "Arthritis V", ".3942295", lambda: association.cramers_v(ARTHRITIS).plain),
    Oracle("8", "Arthritis exact", ".001393195", lambda: exact.freeman_halton(ARTHRITIS).p_value),
    Oracle("8", "Smoke", "5.488545891 6 .4828421695", lambda: values_of(association.chi_square(SMOKE))),
    Oracle("8", "Smoke exact", ".4138454486", lambda: exact.freeman_halton(SMOKE).p_value),
    Oracle("8", "Smoke may not be χ²", "0", lambda: float(association.cochran_allows(SMOKE))),
    Oracle("8", "McNemar", "17.3559322", lambda: waves.mcnemar([[794, 150], [86, 570]]).statistic),
    Oracle("8", "McNemar cc", "16.81779661", lambda: waves.mcnemar([[794, 150], [86, 570]], continuity=True).statistic),
    Oracle("8", "smokers", "12.6004113 3 .005585476662", smokers),
    Oracle("8", "trend", "8.224922285 1 .004131897478", lambda: values_of(ordinal.cochran_armitage(SMOKERS, PATIENTS))),
    Oracle("8", "Holm pairs", ".118565 .093217 .123768", holm_pairs),
    Oracle("8", "change", "7.353535354 .006693101", wave_change),
    Oracle("8", "change, R's Wald", "-.2848764824 -.0484568510", wald_of_two_waves),
    Oracle("8", "change cc", "6.686558442 .009714256", corrected_wave_change),
    Oracle("8", "Holm", ".07 .12 .15 .16 .16 .008 .4 .6", lambda: multiplicity.holm(P_VALUES)),
    Oracle(
        "8", "BH", ".04 .053333 .06 .064 .066667 .008 .228571 .6", lambda: multiplicity.benjamini_hochberg(P_VALUES)
    ),
    Oracle(
        "8", "airquality KW", "29.26657631 4 6.900714e-06", lambda: values_of(ordinal.kruskal_wallis(*airquality()))
    ),
    Oracle("8", "airquality W", "127.5 .0001208078", may_and_august),
    Oracle("8", "α", ".8431427696", alpha),
    Oracle(
        "Added",
        "Newcombe of the waves",
        "-.2796402705 -.0463202041",
        lambda: ends(proportions.newcombe_difference(40, 120, 70, 140)),
    ),
    Oracle("Added", "coverage at 10", "92.0", lambda: coverage(10)[0]),
    Oracle("Added", "coverage at 30", "92.4", lambda: coverage(30)[0]),
    Oracle("Added", "coverage at 54", "93.4 96.7", lambda: coverage(54)),
]


@pytest.mark.parametrize("one", ORACLES, ids=str)
def test_a_function_gives_what_is_printed(one):
    assert one.faults() == []


def test_digits_are_counted_as_they_are_printed():
    assert [half_a_unit(text) for text in ("199", ".1234", "2.97e-07")] == pytest.approx([0.5, 0.5e-4, 0.5e-9])
    wrong = Oracle("0", "third digit", ".123", lambda: 0.1236)
    assert wrong.faults() == ["0.1236 is not the printed .123"]
    assert Oracle("0", "two numbers", ".1 .2", lambda: 0.1).faults()
    assert Oracle("0", "no number", ".1", lambda: float("nan")).faults()
