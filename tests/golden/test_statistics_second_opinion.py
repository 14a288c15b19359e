"""Own code against scipy and statsmodels where they do the same, on drawn tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency, false_discovery_control, fisher_exact
from statsmodels.stats.contingency_tables import Table2x2, cochrans_q
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from synthese.statistics.agreement import cohen_kappa
from synthese.statistics.association import adjusted_residuals, chi_square, g_test
from synthese.statistics.exact import freeman_halton
from synthese.statistics.multiple import cochran_q
from synthese.statistics.multiplicity import benjamini_hochberg, holm
from synthese.statistics.proportions import clopper_pearson, newcombe_difference, wilson, wilson_continuity
from synthese.statistics.waves import mcnemar

DRAWN = np.random.default_rng(1998)
SHARES = [(int(DRAWN.integers(0, base + 1)), int(base)) for base in DRAWN.integers(1, 400, 40)]
TABLES = [DRAWN.integers(1, 30, (2, 2)) for _ in range(20)]


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_intervals_of_a_share(confidence):
    for count, base in SHARES:
        theirs = binomtest(count, base)
        for ours, name in ((wilson, "wilson"), (wilson_continuity, "wilsoncc"), (clopper_pearson, "exact")):
            found, wanted = ours(count, base, confidence), theirs.proportion_ci(confidence, name)
            assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-9), (name, count, base)
        low, high = proportion_confint(count, base, 1 - confidence, "wilson")
        assert (wilson(count, base, confidence).low, wilson(count, base, confidence).high) == pytest.approx(
            (low, high), abs=1e-12
        )


def test_difference_of_two_shares():
    for (a, n), (b, m) in zip(SHARES[::2], SHARES[1::2], strict=True):
        found = newcombe_difference(a, n, b, m)
        assert (found.low, found.high) == pytest.approx(
            confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff"), abs=1e-9
        )
        if 0 < a + b < n + m:
            theirs = chi2_contingency([[a, n - a], [b, m - b]], correction=False)
            ours = chi_square([[a, n - a], [b, m - b]])
            assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)


def test_tables_of_two_by_two():
    for table in TABLES:
        assert freeman_halton(table).p_value == pytest.approx(fisher_exact(table).pvalue, rel=1e-7)
        assert g_test(table).statistic == pytest.approx(
            chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic, rel=1e-9
        )
        assert chi_square(table).statistic == pytest.approx(
            chi2_contingency(table, correction=False).statistic, rel=1e-9
        )
        residuals = np.asarray(Table2x2(table, shift_zeros=False).standardized_resids)
        assert adjusted_residuals(table) == pytest.approx(residuals, rel=1e-9)
        for exact, continuity in ((True, False), (False, False), (False, True)):
            theirs = their_mcnemar(table, exact=exact, correction=continuity)
            ours = mcnemar(table, continuity=continuity, minimum_panel=1)
            if (ours.method == "mcnemar_exact") == exact:
                assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9)


def test_items_and_coders():
    for seed in range(8):
        generator = np.random.default_rng(seed)
        marks = (generator.random((50, 4)) < generator.uniform(0.2, 0.8, 4)).astype(int)
        theirs, ours = cochrans_q(marks), cochran_q(marks)
        assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
        table = generator.integers(0, 12, (3, 3)) + 10 * np.eye(3, dtype=int)
        kappa = cohens_kappa(table)
        found = cohen_kappa(table)
        assert (found.kappa, found.error) == pytest.approx((kappa.kappa, kappa.std_kappa), rel=1e-9)


def test_adjusted_p_values():
    for size in (1, 2, 7, 40):
        p = DRAWN.random(size) ** 2
        assert holm(p.tolist()) == pytest.approx(multipletests(p, method="holm")[1], rel=1e-12)
        assert benjamini_hochberg(p.tolist()) == pytest.approx(false_discovery_control(p), rel=1e-12)
