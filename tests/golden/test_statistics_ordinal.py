"""Ordered scales, effects, column letters and waves against R: `shared/oracles.md`, section 8, and `r/tables.R`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import chdtrc

from synthese.statistics.association import chi_square
from synthese.statistics.crosses import column_comparisons, pairwise_statistics
from synthese.statistics.effects import concordance, odds_ratio
from synthese.statistics.multiplicity import holm
from synthese.statistics.numeric import cronbach_alpha
from synthese.statistics.ordinal import (
    cochran_armitage,
    expand,
    kruskal_wallis,
    linear_by_linear,
    mann_whitney,
)
from synthese.statistics.proportions import newcombe_difference
from synthese.statistics.waves import mcnemar

R = json.loads((Path(__file__).parent / "r" / "tables.json").read_text())
INCOME_SATISFACTION = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]])
SMOKERS, PATIENTS = np.array([83, 90, 129, 70]), np.array([86, 93, 136, 82])
OZONE = np.array([np.nan if v is None else v for v in R["airquality"]["ozone"]], dtype=float)
MONTH = np.array(R["airquality"]["month"])


def test_kruskal_wallis_is_rs():
    incomes, satisfaction = expand(INCOME_SATISFACTION)
    test = kruskal_wallis(satisfaction, incomes)
    assert (test.statistic, test.p_value) == pytest.approx((4.119957653, 0.248798821), rel=1e-9)
    test = kruskal_wallis(OZONE, MONTH)
    assert test.statistic == pytest.approx(29.26657631, rel=1e-9)
    assert test.p_value == pytest.approx(6.900714e-06, rel=1e-7)
    assert (test.df, test.base) == (4, 116)


def test_mann_whitney_is_rs_wilcox_test():
    months = np.where(MONTH == 5, 0, np.where(MONTH == 8, 1, -1))
    test = mann_whitney(OZONE, months)
    assert test.method == "mann_whitney"
    assert test.statistic == 127.5
    assert test.p_value == pytest.approx(0.0001208078, rel=3e-7)
    without_ties = R["exact_wilcoxon"]
    values = without_ties["x"] + without_ties["y"]
    test = mann_whitney(values, np.repeat([0, 1], [len(without_ties["x"]), len(without_ties["y"])]))
    assert test.method == "mann_whitney_exact"
    assert (test.statistic, test.p_value) == pytest.approx(
        (without_ties["statistic"], without_ties["p.value"]), rel=1e-12
    )


def test_linear_by_linear_is_agrestis():
    test = linear_by_linear(INCOME_SATISFACTION, [7.5, 20, 32.5, 60], [1, 2, 3, 4])
    assert test.statistic == pytest.approx(3.807460928, rel=1e-9)
    assert test.p_value == pytest.approx(0.05102474, rel=2e-7)


def test_concordance_is_agrestis():
    result = concordance(INCOME_SATISFACTION)
    assert (result.concordant, result.discordant) == (1331, 849)
    assert result.gamma == pytest.approx(0.2211009174, abs=5e-11)
    assert result.tau_b == pytest.approx(0.1523521513, abs=5e-11)


def test_trend_of_shares_is_rs_prop_trend_test():
    test = cochran_armitage(SMOKERS, PATIENTS)
    assert (test.statistic, test.p_value) == pytest.approx((8.224922285, 0.004131897478), rel=1e-9)


def test_pairs_of_shares_are_rs_pairwise_prop_test():
    upper = np.triu_indices(4, k=1)
    for continuity, name in ((True, "pairs"), (False, "pairs_uncorrected")):
        theirs = np.array(R["smokers"][name], dtype=float)
        raw = chdtrc(1, pairwise_statistics(SMOKERS, PATIENTS, continuity))
        ours = np.full((4, 4), np.nan)
        ours.T[upper] = holm(raw[upper].tolist())
        assert ours[1:, :3][~np.isnan(theirs)] == pytest.approx(theirs[~np.isnan(theirs)], rel=1e-10)
    corrected = holm(chdtrc(1, pairwise_statistics(SMOKERS, PATIENTS, True))[upper].tolist())
    assert np.round([corrected[2], corrected[4], corrected[5]], 6).tolist() == [0.118565, 0.093217, 0.123768]


def test_columns_compared_are_those_of_r_and_have_the_least_base():
    table = np.array([SMOKERS, PATIENTS - SMOKERS])
    result = column_comparisons(table)
    # Uncorrected Holm p-values of R against group 4: .057, .043, .065.
    assert np.argwhere(np.triu(result.p_adjusted[0] < 0.05)).tolist() == [[1, 3]]
    assert result.p_adjusted[0, 1, 3] == pytest.approx(R["smokers"]["pairs_uncorrected"][2][1], rel=1e-10)
    assert np.isnan(column_comparisons(table, minimum_base=83).p_adjusted[:, :, 3]).all()


def test_odds_ratio_is_rs_fisher_test():
    # R 4.2 solves to a tolerance of eps^.25: 6.408308867 [.2117329153, 621.9337505]. The equations solved exactly:
    result = odds_ratio([[3, 1], [1, 3]])
    assert result.value == pytest.approx(6.408308867, rel=2e-6)
    assert result.value == pytest.approx(max(np.roots([1, 0, -36, -32, -3]).real), rel=1e-9)
    assert result.interval.low == pytest.approx(0.2117329153, rel=2e-5)
    assert result.interval.high == pytest.approx(621.9337505, rel=0.01)
    weights = np.array([1, 16, 36, 16, 1]) * result.interval.high ** np.arange(5)
    assert weights[:4].sum() / weights.sum() == pytest.approx(0.025, rel=1e-9)


def test_mcnemar_is_rs():
    table = [[794, 150], [86, 570]]
    assert mcnemar(table).statistic == pytest.approx(17.3559322, rel=1e-8)
    assert mcnemar(table, continuity=True).statistic == pytest.approx(16.81779661, rel=1e-9)
    few = mcnemar([[30, 3], [11, 30]])
    assert few.method == "mcnemar_exact"
    assert few.p_value == pytest.approx(R["mcnemar"]["exact"]["p.value"], rel=1e-12)


def test_change_between_two_waves_is_rs_prop_test():
    test = chi_square([[40, 80], [70, 70]])
    assert (test.statistic, test.p_value) == pytest.approx((7.353535354, 0.006693101), rel=1e-7)
    interval = newcombe_difference(40, 120, 70, 140)
    assert (interval.low, interval.high) == pytest.approx((-0.2796402705, -0.0463202041), abs=1e-10)
    corrected = pairwise_statistics([40, 70], [120, 140], continuity=True)[0, 1]
    assert (corrected, chdtrc(1, corrected)) == pytest.approx((6.686558442, 0.009714256), rel=1e-7)


def test_alpha_of_a_scale_is_rs():
    items = np.column_stack([R["attitude"][name] for name in R["attitude"]])
    assert cronbach_alpha(items) == pytest.approx(0.8431427696, abs=5e-11)
