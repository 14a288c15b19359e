"""p-values against permutations of the answers: drawn, within Monte Carlo error, or every one where they are few."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

from synthese.statistics.association import chi_square, g_test
from synthese.statistics.exact import freeman_halton, monte_carlo
from synthese.statistics.marginal import bootstrap_independence, multiple_by_multiple, single_by_multiple
from synthese.statistics.multiple import cochran_q
from synthese.statistics.ordinal import cochran_armitage, kruskal_wallis, linear_by_linear, mann_whitney
from synthese.statistics.rankings import friedman
from synthese.statistics.tabulation import crosstab

DRAWS = 600


def permuted(statistic: Callable[[np.random.Generator | None], float], seed: int) -> tuple[float, float]:
    """Share of permutations at least as extreme as what was observed (no generator), and four standard errors of it."""
    generator, observed = np.random.default_rng(seed), statistic(None)
    p = float(np.mean([statistic(generator) >= observed - 1e-9 for _ in range(DRAWS)]))
    return p, 4 * np.sqrt(max(p * (1 - p), 0.01) / DRAWS)


def respondents(seed: int, n: int = 150, link: float = 0.25) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    lean = generator.normal(size=n)

    def question(options: int) -> np.ndarray:
        return np.clip(np.round(link * lean + generator.normal(size=n) + (options - 1) / 2), 0, options - 1).astype(int)

    def items(k: int, of: float) -> np.ndarray:
        own = 2.5 * generator.normal(size=(n, 1))
        return (3 * of * lean[:, None] + own + generator.normal(size=(n, k)) > 0.4).astype(int)

    return {"rows": question(4), "columns": question(3), "w": items(3, link), "y": items(4, link)}


def shuffled(values: np.ndarray, generator: np.random.Generator | None) -> np.ndarray:
    return values if generator is None else generator.permutation(values)


@pytest.mark.parametrize("seed", [1, 2])
def test_tests_of_a_table_are_those_of_permuted_answers(seed):
    people = respondents(seed)

    def table(generator: np.random.Generator | None) -> np.ndarray:
        return crosstab(people["rows"], shuffled(people["columns"], generator), 4, 3)

    def trend(generator: np.random.Generator | None) -> np.ndarray:
        return crosstab((people["rows"] > 1).astype(int), shuffled(people["columns"], generator), 2, 3)

    for test in (chi_square, g_test, linear_by_linear):
        p, error = permuted(lambda generator, test=test: test(table(generator)).statistic, seed)
        assert test(table(None)).p_value == pytest.approx(p, abs=error + 0.01), test
    p, error = permuted(
        lambda generator: cochran_armitage(trend(generator)[1], trend(None).sum(axis=0)).statistic, seed
    )
    assert cochran_armitage(trend(None)[1], trend(None).sum(axis=0)).p_value == pytest.approx(p, abs=error + 0.01)
    p, error = permuted(
        lambda generator: kruskal_wallis(people["rows"], shuffled(people["columns"], generator)).statistic, seed
    )
    assert kruskal_wallis(people["rows"], people["columns"]).p_value == pytest.approx(p, abs=error + 0.01)


# Two moments are matched: the correction is meant for the upper tail, and may be .06 off in the middle of it.
@pytest.mark.parametrize("seed", [10, 12])
def test_two_multiple_responses_are_tested_as_permuted_respondents_are(seed):
    people = respondents(seed)
    w, y = people["w"], people["y"]
    p, error = permuted(lambda generator: multiple_by_multiple(shuffled(w, generator), y).total, seed)
    corrected = multiple_by_multiple(w, y)
    assert corrected.rao_scott.p_value == pytest.approx(p, abs=error + 0.01)
    simulated = bootstrap_independence(w, y, seed=seed, resamples=DRAWS)
    assert simulated.p_value == pytest.approx(p, abs=error + 4 * simulated.p_se)
    assert corrected.bonferroni.p_value >= p - error


@pytest.mark.parametrize("seed", [1, 9])
def test_a_single_and_a_multiple_response_are_tested_as_permuted_respondents_are(seed):
    people = respondents(seed)
    y, groups = people["y"], people["columns"]
    p, error = permuted(lambda generator: single_by_multiple(shuffled(groups, generator), 3, y).total, seed)
    assert single_by_multiple(groups, 3, y).rao_scott.p_value == pytest.approx(p, abs=error + 0.01)
    chosen = np.eye(3, dtype=int)[groups]
    simulated = bootstrap_independence(chosen, y, seed=seed, resamples=DRAWS, single=True)
    assert simulated.statistic == pytest.approx(single_by_multiple(groups, 3, y).total)
    assert simulated.p_value == pytest.approx(p, abs=error + 4 * simulated.p_se)


def test_items_and_ranks_are_exchanged_within_each_respondent():
    generator = np.random.default_rng(5)
    marks = (generator.random((70, 4)) < [0.3, 0.4, 0.4, 0.45]).astype(int)
    ranks = np.argsort(generator.random((30, 4)) * [1, 1.2, 1.2, 1.3], axis=1).argsort(axis=1) + 1
    for test, array in ((cochran_q, marks), (friedman, ranks)):

        def statistic(within: np.random.Generator | None, test=test, array=array) -> float:
            return test(array if within is None else within.permuted(array, axis=1)).statistic

        p, error = permuted(statistic, 6)
        assert test(array).p_value == pytest.approx(p, abs=error + 0.015)


def test_ranks_of_few_are_those_of_every_permutation():
    values, groups = np.array([3.0, 1, 4, 1, 5, 9, 2]), np.array([0, 0, 0, 1, 1, 2, 2])
    observed = kruskal_wallis(values, groups)
    every = [kruskal_wallis(values, np.array(order)).statistic for order in set(permutations(groups.tolist()))]
    assert len(every) == 210
    # The chi-square reference is no more than an approximation here; the statistic is what is permuted.
    assert abs(observed.p_value - np.mean(np.array(every) >= observed.statistic - 1e-9)) < 0.12
    two = np.where(groups == 2, 1, groups)
    apart = np.array([3.0, 1, 4, 1.5, 5, 9, 2])
    exact = mann_whitney(apart, two)
    gaps = [abs(mann_whitney(apart, np.array(o)).statistic - 6) for o in set(permutations(two.tolist()))]
    assert exact.method == "mann_whitney_exact"
    assert exact.p_value == pytest.approx(np.mean(np.array(gaps) >= abs(exact.statistic - 6) - 1e-9))


def test_simulated_tables_meet_the_enumerated_ones():
    generator = np.random.default_rng(7)
    for _ in range(12):
        table = generator.integers(0, 6, (3, 3)) + np.eye(3, dtype=int)
        exact, simulated = freeman_halton(table).p_value, monte_carlo(table, seed=8, resamples=3_000)
        assert abs(simulated.p_value - exact) <= 4 * np.sqrt(exact * (1 - exact) / 3_000) + 1 / 3_000


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_level_of_the_tests_of_a_multiple_response(kind):
    rejected, runs = np.zeros(3), 1_500
    for seed in range(runs):
        people = respondents(seed, n=120, link=0)
        if kind == "single":
            found = single_by_multiple(people["rows"], 4, people["y"])
            p = found.rao_scott.p_value, found.bonferroni.p_value, 1.0
        else:
            found = multiple_by_multiple(people["w"], people["y"])
            simulated = bootstrap_independence(people["w"], people["y"], seed, 99)
            p = found.rao_scott.p_value, found.bonferroni.p_value, simulated.p_value
        rejected += np.array(p) <= 0.05
    level = rejected / runs
    error = 4 * np.sqrt(0.05 * 0.95 / runs)
    assert level[0] == pytest.approx(0.05, abs=error)
    assert level[1] <= 0.05 + error
    assert kind == "single" or level[2] == pytest.approx(0.05, abs=error + 0.01)
