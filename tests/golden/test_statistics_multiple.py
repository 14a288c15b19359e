"""Multiple response against published numbers: `shared/oracles.md`, section 6.

The pairwise tables of the two farmers' surveys are printed in Koziol and Bilder (R Journal, 2014) and in MRCV's manual;
the answers themselves are not at hand: the second-order correction is held to the sum of eigenvalues printed there, to
one built cell by cell (`r/multiple.R`), to made farmers (`test_oracles_tables.py`) and to permutations
(`tests/properties/test_statistics_permutation.py`).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2, friedmanchisquare
from statsmodels.stats.contingency_tables import cochrans_q

from synthese.statistics.association import chi_square
from synthese.statistics.marginal import group_statistics, multiple_by_multiple, pair_statistics, single_by_multiple
from synthese.statistics.multiple import cochran_q
from synthese.statistics.rankings import friedman

# farmer2: 279 farmers, 3 contaminants tested for × 4 ways to store waste.
BOTH = np.array([[27, 16, 2, 2], [22, 12, 1, 1], [19, 6, 1, 0]])
TESTED, STORED, FARMERS = np.array([40, 30, 21]), np.array([143, 80, 85, 13]), 279
# farmer1: 262 farmers, 5 levels of education × 5 sources of information.
SOURCES = np.array([[19, 38, 29, 47, 40], [2, 6, 8, 8, 4], [1, 13, 10, 17, 14], [19, 29, 40, 53, 29], [3, 4, 8, 6, 6]])
EDUCATION = np.array([88, 16, 31, 113, 14])


def test_pairs_of_items_are_koziol_and_bilders():
    found = pair_statistics(BOTH, TESTED, STORED, FARMERS, empty_cell=0.5)
    assert np.round(found, 2).tolist() == [
        [4.93, 2.93, 14.29, 0.01],
        [6.56, 2.11, 11.68, 0.13],
        [13.98, 0.00, 7.08, 0.32],
    ]
    assert found.sum() == pytest.approx(64.03, abs=0.005)
    assert min(1, found.size * chi2.sf(found.max(), 1)) == pytest.approx(0.0019, abs=5e-5)


def test_without_a_constant_the_empty_cell_counts_as_it_is():
    found = pair_statistics(BOTH, TESTED, STORED, FARMERS)
    assert round(found[2, 3], 2) == 1.11
    assert found.sum() == pytest.approx(64.825, abs=5e-4)


def test_eigenvalues_of_pairs_add_up_to_their_number():
    # In a second-order correction df / statistic = (Σ eigenvalues) / X²_S: MRCV's printed results give 12 and 20.
    assert 6.778563333 / 36.61839408 * pair_statistics(BOTH, TESTED, STORED, FARMERS).sum() == pytest.approx(12)
    assert 6.778563333 / 36.1709902 * pair_statistics(
        BOTH, TESTED, STORED, FARMERS, empty_cell=0.5
    ).sum() == pytest.approx(12)
    assert 18.60099303 / 28.67895449 * group_statistics(SOURCES, EDUCATION).sum() == pytest.approx(20)


def test_items_by_education_are_mrcvs():
    found = group_statistics(SOURCES, EDUCATION)
    assert found == pytest.approx([5.959584651, 7.893209918, 4.615699381, 1.418756094, 10.94868914], rel=1e-9)
    assert found.sum() == pytest.approx(30.83593919, rel=1e-9)
    assert 5 * chi2.sf(found.max(), 4) == pytest.approx(0.135733852, rel=1e-8)


def test_pooling_the_mentions_is_another_and_invalid_test():
    wrong = chi_square(SOURCES)
    assert (wrong.base, wrong.df) == (453, 16)
    assert (wrong.statistic, wrong.p_value) == pytest.approx((13.9617, 0.6016), abs=5e-5)


def test_cochrans_q_is_statsmodels():
    marks = (np.random.default_rng(1).random((60, 5)) < [0.2, 0.3, 0.4, 0.45, 0.5]).astype(int)
    theirs = cochrans_q(marks)
    ours = cochran_q(marks)
    assert (ours.statistic, ours.df, ours.p_value) == pytest.approx((theirs.statistic, theirs.df, theirs.pvalue))


def test_friedman_is_scipys():
    ranks = np.argsort(np.random.default_rng(2).random((25, 4)) * [1, 1.3, 1.4, 1.4], axis=1).argsort(axis=1) + 1
    ranks[:5, 0] = ranks[:5, 1]
    theirs = friedmanchisquare(*ranks.T)
    ours = friedman(ranks)
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))


R = json.loads((Path(__file__).parent / "r" / "multiple.json").read_text())


@pytest.mark.parametrize("case", R["multiple"], ids=lambda case: f"{len(case['w'])} respondents")
def test_second_order_of_two_multiple_responses_is_the_one_built_cell_by_cell(case):
    # r/multiple.R takes the eigenvalues of the covariance over all patterns of answers; here it is two correlations.
    found = multiple_by_multiple(case["w"], case["y"])
    assert found.statistics == pytest.approx(np.array(case["cells"]), rel=1e-12)
    assert found.total == pytest.approx(case["total"], rel=1e-12)
    assert found.rao_scott.statistic == pytest.approx(case["statistic"], rel=1e-8)
    assert (found.rao_scott.df, found.rao_scott.p_value) == pytest.approx((case["df"], case["p"]), rel=1e-8)
    assert found.bonferroni.p_value == pytest.approx(case["bonferroni"], rel=1e-10)


@pytest.mark.parametrize("case", R["single"], ids=lambda case: f"{len(case['y'])} respondents")
def test_second_order_of_a_single_and_a_multiple_response_is_the_one_built_cell_by_cell(case):
    found = single_by_multiple(case["group"], case["groups"], case["y"])
    assert found.statistics == pytest.approx(np.array(case["items"]), rel=1e-12)
    assert found.rao_scott.statistic == pytest.approx(case["statistic"], rel=1e-8)
    assert (found.rao_scott.df, found.rao_scott.p_value) == pytest.approx((case["df"], case["p"]), rel=1e-8)
    assert found.bonferroni.p_value == pytest.approx(case["bonferroni"], rel=1e-10)
