"""Tests of independence and adjusted p-values against R: `shared/oracles.md`, section 8."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synthese.statistics.association import (
    adjusted_residuals,
    association,
    chi_square,
    cochran_allows,
    cramers_v,
    freeman_halton,
    g_test,
    monte_carlo,
)
from synthese.statistics.multiplicity import benjamini_hochberg, holm

PARTY_GENDER = [[762, 327, 468], [484, 239, 477]]
INCOME_SATISFACTION = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
TEA = [[3, 1], [1, 3]]
ARTHRITIS = [[29, 7, 7], [13, 7, 21]]
SMOKE_EXERCISE = [[7, 1, 3], [87, 18, 84], [12, 3, 4], [9, 1, 7]]


@pytest.mark.parametrize(
    ("table", "statistic", "df", "p"),
    [
        (PARTY_GENDER, 30.0701491, 2, 2.953589e-07),
        (INCOME_SATISFACTION, 5.965514589, 9, 0.7433647),
        (ARTHRITIS, 13.05501985, 2, 0.001462643),
        (SMOKE_EXERCISE, 5.488545891, 6, 0.4828421695),
    ],
)
def test_chi_square_is_rs(table, statistic, df, p):
    test = chi_square(table)
    assert test.statistic == pytest.approx(statistic, rel=1e-8)
    assert test.df == df
    assert test.p_value == pytest.approx(p, rel=4e-7)


def test_g_squared_is_rs():
    assert g_test(PARTY_GENDER).statistic == pytest.approx(30.01669261, rel=1e-9)
    assert g_test(INCOME_SATISFACTION).statistic == pytest.approx(6.764053, rel=1e-7)


@pytest.mark.parametrize(
    ("table", "p"),
    [
        (INCOME_SATISFACTION, 0.782684939),
        (TEA, 0.4857142857),
        (ARTHRITIS, 0.001393195),
        (SMOKE_EXERCISE, 0.4138454486),
    ],
)
def test_freeman_halton_is_rs_fisher_test(table, p):
    assert freeman_halton(table).p_value == pytest.approx(p, rel=4e-7)
    simulated = monte_carlo(table, seed=1)
    assert abs(simulated.p_value - p) < 4 * simulated.p_se


def test_sixty_tables_too_large_to_enumerate_by_hand_are_rs():
    cases = json.loads((Path(__file__).parent / "r" / "exact.json").read_text())["cases"]
    assert len(cases) == 60
    for case in cases:
        found = freeman_halton(case["table"], budget=20_000_000)
        assert found.p_value == pytest.approx(case["p"], rel=1e-6), case["table"]


def test_cramers_v_is_vcds():
    assert cramers_v(PARTY_GENDER).plain == pytest.approx(0.1044358, abs=5e-8)
    assert cramers_v(ARTHRITIS).plain == pytest.approx(0.3942295, abs=5e-8)


def test_corrected_v_is_bergsmas_formula():
    # Bergsma (2013): φ̃² = max(0, φ² - df/(n-1)); r̃ = r - (r-1)²/(n-1); c̃ alike.
    shrunk = 13.05501985 / 84 - 2 / 83
    smaller = min(2 - 1 / 83 - 1, 3 - 4 / 83 - 1)
    assert cramers_v(ARTHRITIS).corrected == pytest.approx(np.sqrt(shrunk / smaller), rel=1e-8)


def test_adjusted_residuals_are_agrestis():
    residuals = adjusted_residuals(PARTY_GENDER)
    assert np.round(residuals[0], 2).tolist() == [4.5, 0.7, -5.32]
    assert residuals[1] == pytest.approx(-residuals[0])


def test_rule_names_its_test():
    assert association(PARTY_GENDER, seed=1).method == "chi_square"
    assert not cochran_allows(SMOKE_EXERCISE)
    assert association(SMOKE_EXERCISE, seed=1).method == "freeman_halton"
    assert association(np.array(INCOME_SATISFACTION) * [[3], [1], [1], [1]], seed=1).method == "monte_carlo"


def test_adjustments_are_rs_p_adjust():
    p = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.2, 0.6]
    assert holm(p) == pytest.approx([0.07, 0.12, 0.15, 0.16, 0.16, 0.008, 0.4, 0.6])
    assert benjamini_hochberg(p) == pytest.approx(
        [0.04, 0.053333, 0.06, 0.064, 0.066667, 0.008, 0.228571, 0.6], abs=5e-7
    )
