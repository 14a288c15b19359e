"""Change between waves: `shared/oracles.md`, sections 7, 8 and "Added", and `r/waves.R` (R's survey)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synthese.statistics.association import chi_square
from synthese.statistics.designs import Design
from synthese.statistics.ordinal import cochran_armitage
from synthese.statistics.proportions import newcombe_difference, wilson
from synthese.statistics.wave_designs import (
    Part,
    design_change,
    design_trend,
    design_two_means,
    paired_means,
    plain,
    recovered_difference,
    share_part,
    stacked,
    standardised_part,
    two_means,
)
from synthese.statistics.waves import mcnemar
from synthese.statistics.weighted import weighted_mean

DATA = json.loads((Path(__file__).parent / "r" / "survey_data.json").read_text())
R = json.loads((Path(__file__).parent / "r" / "waves.json").read_text())
NOW = {name: np.array(column) for name, column in DATA["apistrat"].items()}
THEN = {name: np.array(column) for name, column in DATA["apiclus1"].items()}
WEIGHTED = Design(NOW["pw"])
CLUSTERED = Design(THEN["pw"], clusters=THEN["dnum"])
EVERYBODY = [np.ones(data["pw"].size, dtype=bool) for data in (NOW, THEN)]


def digits(expected: float, tolerance: float = 1e-9):
    return pytest.approx(expected, rel=tolerance, abs=1e-12)


def test_a_weighted_change_is_that_of_rs_stacked_designs():
    now = (WEIGHTED, NOW["sch.wide"] == "Yes", EVERYBODY[0])
    then = (CLUSTERED, THEN["sch.wide"] == "Yes", EVERYBODY[1])
    found = design_change(now, then)
    assert (found.method, found.effect, found.base) == ("rao_scott_f", "difference", 383)
    assert (found.statistic, found.p_value) == (digits(R["f"]["statistic"]), digits(R["f"]["p"]))
    assert (found.df, found.df_denominator) == (digits(R["f"]["df"][0]), digits(R["f"]["df"][1]))
    for place, (part, whole) in enumerate(((now, R["now"]), (then, R["then"]))):
        mine = share_part(*part, 0.95)
        assert [mine.value, mine.low, mine.high] == [digits(end, 1e-7) for end in whole], place
    assert [found.effect_low, found.effect_high] == [digits(end, 1e-7) for end in R["ends"]]


def test_the_scale_of_a_waves_weights_does_not_matter():
    chosen, chosen0 = NOW["sch.wide"] == "Yes", THEN["sch.wide"] == "Yes"
    then = (CLUSTERED, chosen0, EVERYBODY[1])
    one = design_change((WEIGHTED, chosen, EVERYBODY[0]), then)
    other = design_change((Design(NOW["pw"] * 1000), chosen, EVERYBODY[0]), then)
    assert (other.statistic, other.effect_low) == (digits(one.statistic), digits(one.effect_low))


def test_a_changed_mean_is_that_of_r():
    found = design_two_means((WEIGHTED, NOW["api00"].astype(float)), (CLUSTERED, THEN["api00"].astype(float)))
    expected = R["mean"]
    assert (found.effect_size, found.df, found.p_value) == (
        digits(expected["value"]), expected["df"], digits(expected["p"]),
    )  # fmt: skip
    assert found.statistic == digits(expected["value"] / expected["error"])
    welch = two_means(NOW["api00"], THEN["api00"])
    assert (welch.statistic, welch.df, welch.p_value) == tuple(digits(R["welch"][name]) for name in ("t", "df", "p"))
    assert [welch.effect_low, welch.effect_high] == [digits(end) for end in R["welch"]["ends"]]


def test_the_trend_is_rs_with_its_scores_and_the_weighted_one_agrees_with_it():
    found = cochran_armitage([83, 90, 129], [86, 93, 136], [0, 2, 3])
    assert (found.statistic, found.p_value) == (digits(R["trend"]["statistic"]), digits(R["trend"]["p"]))
    shares = []
    for k, n in ((83, 86), (90, 93), (129, 136)):
        shares.append(weighted_mean(plain(n), np.arange(n) < k))
    weighted = design_trend(shares, [0, 2, 3])
    assert weighted.effect_size == digits(found.effect_size)
    assert weighted.p_value == pytest.approx(found.p_value, abs=0.03), "its variance is not the pooled one"
    assert weighted.effect_low < weighted.effect_size < weighted.effect_high


def test_two_waves_of_the_oracle():
    low, high = newcombe_difference(40, 120, 70, 140).low, newcombe_difference(40, 120, 70, 140).high
    assert (round(low, 10), round(high, 10)) == (-0.2796402705, -0.0463202041)
    found = chi_square([[40, 80], [70, 70]])
    assert (found.statistic, found.p_value) == (digits(7.353535354, 1e-9), digits(0.006693101, 1e-7))
    flags = [np.arange(n) < k for k, n in ((40, 120), (70, 140))]
    parts = [share_part(None, chosen, np.ones_like(chosen), 0.95) for chosen in flags]
    again = recovered_difference(parts[0], parts[1], 0.95, "newcombe")
    assert (again.low, again.high) == (digits(low), digits(high))


def test_mcnemar_of_the_oracle_and_its_paired_interval():
    found = mcnemar([[794, 150], [86, 570]])
    assert found.statistic == digits(17.3559322, 1e-8)
    assert found.effect_size == digits((86 - 150) / 1600)
    assert found.effect_low < found.effect_size < found.effect_high < 0
    assert mcnemar([[794, 150], [86, 570]], continuity=True).statistic == digits(16.81779661, 1e-9)
    # The other way round, the other sign.
    one, other = mcnemar([[20, 8], [3, 9]]), mcnemar([[20, 3], [8, 9]])
    assert (one.effect_low, one.effect_high) == (digits(-other.effect_high), digits(-other.effect_low))


def test_who_does_not_change_is_told_and_pairs_beat_two_samples():
    now, then = np.arange(40) % 7.0, np.arange(40) % 7.0 + np.tile([0.0, 1.0], 20)
    paired, apart = paired_means(now, then), two_means(now, then)
    assert paired.effect_size == apart.effect_size == -0.5
    assert paired.effect_high - paired.effect_low < apart.effect_high - apart.effect_low
    assert paired_means(now, now).reason == "no_variation"


def test_a_standardised_share_is_the_mean_of_the_strata_and_its_bounds_add_up_in_squares():
    counts, bases, mix = [30, 12, 5], [50, 20, 30], [0.2, 0.3, 0.5]
    bounds = [wilson(k, n) for k, n in zip(counts, bases, strict=True)]
    value = 0.2 * 30 / 50 + 0.3 * 12 / 20 + 0.5 * 5 / 30
    weighted = [(w, k / n, b) for w, k, n, b in zip(mix, counts, bases, bounds, strict=True)]
    low = value - sum((w * (p - b.low)) ** 2 for w, p, b in weighted) ** 0.5
    high = value + sum((w * (b.high - p)) ** 2 for w, p, b in weighted) ** 0.5
    parts = []
    for k, n in zip(counts, bases, strict=True):
        parts.append(share_part(None, np.arange(n) < k, np.ones(n, bool), 0.95))
    found = standardised_part(parts, mix)
    assert (found.value, found.low, found.high) == (digits(value), digits(low), digits(high))
    alone = standardised_part(parts, [2.0, 0.0, 0.0])
    assert (alone.value, alone.low) == (digits(0.6), digits(bounds[0].low))
    with pytest.raises(ValueError, match="a mix has a positive weight for each stratum"):
        standardised_part([Part(0.5, 0.4, 0.6)], [0.0])


def test_stacked_calibration_of_one_wave_says_nothing_of_the_other():
    """Covariances add up, whatever the totals: a wave that is not calibrated is not centred for it."""
    margin = np.unique(NOW["stype"], return_inverse=True)[1]
    calibrated = Design(NOW["pw"] / NOW["pw"].mean(), calibration=(margin,))
    clustered = Design(THEN["pw"] / THEN["pw"].mean(), clusters=THEN["dnum"])
    values = np.concatenate([NOW["api00"], THEN["api00"]]).astype(float)
    ends = NOW["pw"].size
    found = stacked(calibrated, clustered).covariance(values)[0, 0]
    apart = calibrated.covariance(values[:ends])[0, 0] + clustered.covariance(values[ends:])[0, 0]
    assert found == digits(apart)
    assert stacked(calibrated, clustered).df() == calibrated.df() + clustered.df()
