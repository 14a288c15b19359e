"""Intervals against published numbers and R: `shared/oracles.md`, sections 2 and 7."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from synthese.statistics.bootstrap import bca, mean_of, quantile_of
from synthese.statistics.numeric import mean, nps, quantile
from synthese.statistics.proportions import (
    Interval,
    arcsine,
    clopper_pearson,
    korn_graubard,
    logit,
    newcombe_difference,
    wald,
    wilson,
)
from synthese.statistics.simultaneous import goodman, sison_glaz

WEIGHTED = (0.8279480114, 0.02606867967**2)


def bounds(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return interval.low, interval.high


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (81, 263, 0.2552885199, 0.366209577),
        (15, 148, 0.0623863995, 0.1604872417),
        (0, 20, 0, 0.1611251581),
        (1, 29, 0.0061132143, 0.1717552188),
    ],
)
def test_wilson_is_newcombes_table(count, base, low, high):
    assert bounds(wilson(count, base)) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (81, 263, 0.2527367456, 0.3676219226),
        (15, 148, 0.05784401, 0.16165049),
        (0, 20, 0, 0.168433471),
        (1, 29, 0.00087264689, 0.1776442955),
    ],
)
def test_clopper_pearson_is_newcombes_table(count, base, low, high):
    assert bounds(clopper_pearson(count, base)) == pytest.approx((low, high), abs=5e-9)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524314724, 0.333872654),
        ((9, 10), (3, 10), 0.1705227239, 0.8090179735),
        ((6, 7), (2, 7), 0.0582279275, 0.8062496375),
        ((5, 56), (0, 29), -0.0381371479, 0.1925600139),
        ((0, 10), (0, 20), -0.1611251581, 0.2775327999),
        ((10, 10), (0, 10), 0.6075093504, 1),
        ((40, 120), (70, 140), -0.2796402705, -0.0463202041),
    ],
)
def test_difference_is_newcombes_hybrid_score(a, b, low, high):
    assert bounds(newcombe_difference(*a, *b)) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (logit(*WEIGHTED, df=199), (0.7703487213, 0.8734735005)),
        (korn_graubard(*WEIGHTED, base=200, df=199), (0.7699107511, 0.8764512764)),
        (wald(*WEIGHTED, df=199), (0.7765417079, 0.8793543149)),
        (arcsine(*WEIGHTED, df=199), (0.7736633005, 0.8761583208)),
    ],
)
def test_intervals_from_a_variance_are_svyciprop(interval, expected):
    assert bounds(interval) == pytest.approx(expected, abs=2e-9)


# Counts of May and Johnson (2000); bounds of statsmodels 0.15 and of R's MultinomialCI, which agree.
MAY_JOHNSON = [56, 72, 73, 59, 62, 87, 58]


def test_simultaneous_intervals_are_those_of_statsmodels():
    from statsmodels.stats.proportion import multinomial_proportions_confint

    for own, name in ((goodman, "goodman"), (sison_glaz, "sison-glaz")):
        ours = [bounds(interval) for interval in own(MAY_JOHNSON)]
        assert np.array(ours) == pytest.approx(multinomial_proportions_confint(MAY_JOHNSON, method=name), abs=1e-9)


def test_sison_glaz_prints_the_published_bounds():
    low, high = bounds(sison_glaz(MAY_JOHNSON)[0])
    assert (round(low, 4), round(high, 4)) == (0.0792, 0.1644)


def test_bca_is_scipys_on_the_same_draws():
    values = np.sort(np.random.default_rng(7).exponential(size=40))
    theirs = bootstrap((values,), np.mean, method="BCa", rng=np.random.default_rng(1)).confidence_interval
    assert bounds(bca(values, mean_of, seed=1)) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_bca_of_a_median_between_ties_is_still_an_interval():
    low, high = bounds(bca(np.repeat([1, 2, 3, 4, 5], 8), quantile_of(0.5), seed=3))
    assert low <= 3 <= high


def test_mean_quantile_and_nps_by_hand():
    # R: t.test(c(2, 4, 4, 5, 10))$conf.int; quantile(c(2, 4, 4, 5, 10), .8)
    result = mean([2, 4, 4, 5, 10])
    assert result is not None
    assert bounds(result.interval) == pytest.approx((1.275008005, 8.724991995), abs=1e-8)
    assert quantile([2, 4, 4, 5, 10], 0.8) == pytest.approx(6)
    score = nps([10, 9, 9, 8, 7, 6, 0, np.nan])
    assert score is not None
    assert (score.promoters, score.passives, score.detractors, score.base) == (3, 2, 2, 7)
    assert score.value == pytest.approx(1 / 7)
    # Variance of a mean of scores coded 1, 0, -1, with the divisor n.
    assert score.variance == pytest.approx(np.var([1, 1, 1, 0, 0, -1, -1]) / 7)
