"""Nothing to count, one respondent, no answers, no weight, huge counts, what is no count at all.

Every function gives a result without NaN, or None or a reason, or a ValueError that says what it wants; never a warning
(pytest makes an error of one) and never another exception.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import product
from math import isnan

import numpy as np
import pytest

from synthese.statistics import proportions
from synthese.statistics.agreement import cohen_kappa
from synthese.statistics.association import association, chi_square, cochran_allows, cramers_v, g_test
from synthese.statistics.bootstrap import bca, mean_of, quantile_of
from synthese.statistics.crosses import column_comparisons
from synthese.statistics.design_groups import compare_means, rank_test
from synthese.statistics.design_tests import rao_scott, wald_independence
from synthese.statistics.designs import Design
from synthese.statistics.effects import concordance, odds_ratio
from synthese.statistics.exact import freeman_halton, monte_carlo
from synthese.statistics.marginal import bootstrap_independence, multiple_by_multiple, single_by_multiple
from synthese.statistics.multiple import cochran_q
from synthese.statistics.numeric import cronbach_alpha, mean, nps, quantile
from synthese.statistics.ordinal import cochran_armitage, expand, kruskal_wallis, linear_by_linear, mann_whitney
from synthese.statistics.rankings import friedman
from synthese.statistics.simultaneous import goodman, sison_glaz
from synthese.statistics.waves import mcnemar
from synthese.statistics.weighted import (
    design_effect,
    weighted_mean,
    weighted_quantile,
    weighted_total,
)
from synthese.statistics.weights import kish, trim


def numbers(result):
    """Every number in a result, however deep, but for arrays: where nothing is tested they hold NaN, as documented."""
    if isinstance(result, (int, float)):
        yield float(result)
    elif isinstance(result, (list, tuple)):
        for one in result:
            yield from numbers(one)
    elif is_dataclass(result):
        for field in fields(result):
            yield from numbers(getattr(result, field.name))


def holds(function, *arguments, **options):
    """Whether it gave a result, rather than a ValueError; one of numpy's own kinds is not meant."""
    try:
        result = function(*arguments, **options)
    except np.linalg.LinAlgError as error:
        raise AssertionError((function, arguments)) from error
    except ValueError:
        return False
    assert not any(isnan(value) for value in numbers(result)), (function, arguments, result)
    return True


COUNTS = {
    "no cell": np.zeros((0, 0), dtype=int),
    "no row": np.zeros((0, 3), dtype=int),
    "nobody": np.zeros((2, 3), dtype=int),
    "one respondent": [[1]],
    "one row": [[3, 4]],
    "one column": [[3], [4]],
    "one a group": np.eye(4, dtype=int),
    "one row left": [[5, 0], [0, 0]],
    "all apart": [[1, 0], [0, 1]],
    "a million": [[10**6, 10**6], [10**6, 10**6 + 500]],
    "a million apart": [[10**6, 0], [0, 10**6]],
    "whole floats": [[1.0, 2.0], [3.0, 4.0]],
}
NO_COUNTS = {
    "halves": [[1.5, 2], [3, 4]],
    "negative": [[-1, 2], [3, 4]],
    "missing": [[np.nan, 2], [3, 4]],
    "infinite": [[np.inf, 2], [3, 4]],
    "a line": [1, 2],
}
OF_TABLES = [
    chi_square,
    g_test,
    cramers_v,
    lambda table: association(table, seed=1, resamples=50),
    lambda table: freeman_halton(table, budget=5_000),
    lambda table: monte_carlo(table, seed=1, resamples=10),
    lambda table: column_comparisons(table).tested.tolist(),
    lambda table: len(expand(table)),
    concordance,
    linear_by_linear,
    odds_ratio,
    mcnemar,
    cohen_kappa,
]


@pytest.mark.parametrize("function", OF_TABLES, ids=lambda function: function.__name__)
def test_tables_with_nothing_to_compare(function):
    needs_a_shape = function in (odds_ratio, mcnemar, cohen_kappa)
    for name, table in COUNTS.items():
        assert holds(function, table) or needs_a_shape or name.startswith("a million"), name


@pytest.mark.parametrize("name", NO_COUNTS)
def test_what_is_no_table_of_counts_is_refused(name):
    for function in (*OF_TABLES, cochran_allows):
        if function is cochran_allows and name == "halves":
            continue  # expected counts may be weighted
        with pytest.raises(ValueError, match=r"table|shape|categories|counted|2 × 2"):
            function(NO_COUNTS[name])


def test_shares_of_nobody_and_of_a_million():
    for count, base in product([0, 1, 0.5, 2, 1e6], [0, 1, 2, 1e6]):
        for interval in (proportions.wilson, proportions.wilson_continuity, proportions.clopper_pearson):
            assert holds(interval, count, base) == (count <= base)
        assert holds(proportions.newcombe_difference, count, base, 1, 3) == (count <= base)
    for count, base in product([-1, np.nan, np.inf, 0], [np.nan, np.inf, -1]):
        for interval in (proportions.wilson, proportions.wilson_continuity, proportions.clopper_pearson):
            assert not holds(interval, count, base)


def test_variances_without_a_share_or_degrees_of_freedom():
    for share, variance, df in product([0, 1, 0.5, 1e-9], [0, 1e-12, 0.1, 4.0], [0, 1, 9, 1e9]):
        found = [
            proportions.wald(share, variance, df),
            proportions.logit(share, variance, df),
            proportions.arcsine(share, variance, df),
            proportions.korn_graubard(share, variance, 10, df),
            proportions.likelihood(share, variance, 10, df),
            proportions.korn_graubard(share, variance, 1, df),
        ]
        assert not any(isnan(value) for value in numbers(found))
        assert df > 0 or found == [None] * 6
    for share, variance in ((-0.1, 0.1), (1.1, 0.1), (np.nan, 0.1), (0.5, -1), (0.5, np.nan), (0.5, np.inf)):
        assert not holds(proportions.logit, share, variance, 5)


def test_options_that_nobody_chose():
    for counts in ([], [0], [5], [0, 0], [5, 0], [10**6, 1], [1] * 30):
        assert holds(goodman, counts)
        assert holds(sison_glaz, counts)
    for counts in ([1.5], [-1], [np.nan], [np.inf], [[1]]):
        assert not holds(goodman, counts)
        assert not holds(sison_glaz, counts)


@pytest.mark.parametrize("values", [[], [1], [np.nan], [1, 1], [0, 10], [5, 5, 5, np.nan], [None, 3]], ids=str)
def test_numbers_that_nobody_gave(values):
    values = np.array(values, dtype=float)
    for function in (mean, nps, lambda v: quantile(v, 0.5), lambda v: cronbach_alpha(np.column_stack([v, v]))):
        assert holds(function, values)
    for statistic in (mean_of, quantile_of(0.5)):
        assert holds(bca, values, statistic, 1, resamples=50)
    for groups in ([0] * values.size, list(range(values.size)), [-1] * values.size):
        assert holds(mann_whitney, values, groups)
        assert holds(kruskal_wallis, values, groups)


def test_trends_and_mixes_of_nobody():
    for counts, bases in (
        ([], []),
        ([0], [0]),
        ([0, 0], [5, 5]),
        ([5, 5], [5, 5]),
        ([1, 0], [2, 0]),
        ([10**6], [10**7]),
    ):
        assert holds(cochran_armitage, counts, bases)
    for counts, bases in (([3], [2]), ([np.nan], [2]), ([-1], [2]), ([1], [np.inf])):
        assert not holds(cochran_armitage, counts, bases)


@pytest.mark.parametrize("marks", [[], [[1]], [[0]], [[-1, -1]], [[1, 1], [1, 1]], [[1, 0], [0, 1]]], ids=str)
def test_marks_that_say_nothing(marks):
    marks = np.array(marks, dtype=int).reshape(len(marks), -1) if marks else np.zeros((0, 3), dtype=int)
    groups = np.arange(len(marks)) % 2
    assert holds(cochran_q, marks)
    assert holds(friedman, np.where(marks == 0, -1, marks))
    for test in (single_by_multiple(groups, 2, marks), multiple_by_multiple(marks, marks)):
        assert not any(isnan(value) for value in numbers((test.rao_scott, test.bonferroni, test.total)))
    assert holds(bootstrap_independence, marks, marks, 1, 20)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [np.nan, 1], [-1, 1], [np.inf, 1]], ids=str)
def test_weights_that_are_none_are_refused(weights):
    for function in (kish, Design, lambda w: trim(w, 2)):
        with pytest.raises(ValueError, match="weights must be finite and non-negative, with a positive sum"):
            function(np.array(weights, dtype=float))


@pytest.mark.parametrize("weights", [[1, 0], [1e12, 1], [1e-100, 1e-100], [1, 0, 0, 1], [1e12] * 4], ids=str)
def test_designs_of_almost_nobody(weights):
    design, n = Design(np.array(weights, dtype=float)), len(weights)
    assert holds(kish, weights)
    groupings = [np.full(n, -1), np.zeros(n, dtype=int), np.arange(n) % 2, np.arange(n)]
    for values in (np.full(n, np.nan), np.ones(n), np.arange(n, dtype=float)):
        for estimate in (weighted_mean, weighted_total, design_effect):
            assert holds(estimate, design, values)
        assert holds(weighted_quantile, values, weights, 0.5)
        for groups in groupings:
            assert holds(compare_means, design, values, groups)
            for score in ("wilcoxon", "van_der_waerden", "median"):
                assert holds(rank_test, design, values, groups, score)
    for rows, columns in product(groupings, groupings):
        assert holds(rao_scott, design, rows, columns)
        assert holds(wald_independence, design, rows, columns)


def test_a_sample_of_one_has_no_degrees_of_freedom():
    found = weighted_mean(Design(np.ones(1)), [3.0])
    assert (found.value, found.df, found.base) == (3, 0, 1)
