"""What must not change a number: row order, names of options, scale of weights, blank rows, a sample counted in parts.

Every function that takes respondents is put to it, on drawn respondents.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.statistics.association import association, chi_square
from synthese.statistics.bootstrap import bca, mean_of, quantile_of
from synthese.statistics.crosses import column_comparisons, pairwise_statistics
from synthese.statistics.design_groups import compare_means, rank_test
from synthese.statistics.design_tests import rao_scott, wald_independence
from synthese.statistics.designs import Design
from synthese.statistics.effects import concordance
from synthese.statistics.marginal import bootstrap_independence, multiple_by_multiple, single_by_multiple
from synthese.statistics.multiple import cochran_q
from synthese.statistics.numeric import cronbach_alpha, mean, nps, quantile
from synthese.statistics.ordinal import kruskal_wallis, linear_by_linear, mann_whitney
from synthese.statistics.rankings import friedman
from synthese.statistics.simultaneous import goodman, sison_glaz
from synthese.statistics.tabulation import crosstab
from synthese.statistics.weighted import (
    design_effect,
    weighted_difference,
    weighted_mean,
    weighted_quantile,
    weighted_total,
)
from synthese.statistics.weights import kish

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=4, deadline=None)
ROWS, COLUMNS = 4, 3

People = dict[str, np.ndarray]


def drawn(seed: int, n: int = 80) -> People:
    """Respondents with a code of a row and of a column question, a number, a score, marks, ranks and a weight."""
    generator = np.random.default_rng(seed)
    missing = generator.random((n, 5)) < 0.1
    lean = generator.normal(size=n)
    scores = generator.integers(0, 11, n).astype(float)
    marks = (generator.random((n, 3)) + 0.2 * lean[:, None] > 0.5).astype(int)
    others = (generator.random((n, 4)) + 0.2 * lean[:, None] > 0.6).astype(int)
    ranks = generator.permuted(np.tile(np.arange(1, 5), (n, 1)), axis=1)
    return {
        "rows": np.where(missing[:, 0], -1, np.clip(np.round(lean + 1.5), 0, ROWS - 1).astype(int)),
        "columns": np.where(missing[:, 1], -1, generator.integers(0, COLUMNS, n)),
        "two": np.where(missing[:, 1], -1, generator.integers(0, 2, n)),
        "values": np.where(missing[:, 2], np.nan, np.round(10 * lean) + generator.integers(0, 3, n)),
        "scores": np.where(missing[:, 2], np.nan, scores),
        "items": np.where(missing[:, [3]], np.nan, np.round(lean[:, None] + generator.normal(size=(n, 3)), 1)),
        "marks": np.where(missing[:, [3]], -1, marks),
        "others": np.where(missing[:, [4]], -1, others),
        "ranks": np.where(missing[:, [4]], -1, ranks),
        "weights": generator.uniform(0.3, 3, n),
        "strata": np.arange(n) % 2,
        "clusters": np.arange(n) // 4,
    }


def taken(people: People, rows: np.ndarray) -> People:
    return {name: column[rows] for name, column in people.items()}


def counts(codes: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(codes[codes >= 0], minlength=n)


def table(people: People) -> np.ndarray:
    return crosstab(people["rows"], people["columns"], ROWS, COLUMNS)


def plain(people: People) -> Design:
    return Design(people["weights"])


def clustered(people: People) -> Design:
    return Design(people["weights"], strata=people["strata"], clusters=people["clusters"])


PLAIN = {
    "crosstab": table,
    "association": lambda d: association(table(d), seed=1, resamples=99),
    "concordance": lambda d: concordance(table(d)),
    "linear_by_linear": lambda d: linear_by_linear(table(d)),
    "column_comparisons": lambda d: column_comparisons(table(d), minimum_base=10).p_adjusted,
    "goodman": lambda d: goodman(counts(d["rows"], ROWS)),
    "sison_glaz": lambda d: sison_glaz(counts(d["rows"], ROWS)),
    "mean": lambda d: mean(d["values"]),
    "quantile": lambda d: quantile(d["values"], 0.3),
    "nps": lambda d: nps(d["scores"]),
    "cronbach_alpha": lambda d: cronbach_alpha(d["items"]),
    "bca of a mean": lambda d: bca(d["values"], mean_of, 3, resamples=99),
    "bca of a median": lambda d: bca(d["values"], quantile_of(0.5), 3, resamples=99),
    "mann_whitney": lambda d: mann_whitney(d["values"], d["two"]),
    "kruskal_wallis": lambda d: kruskal_wallis(d["values"], d["columns"]),
    "cochran_q": lambda d: cochran_q(d["marks"]),
    "single_by_multiple": lambda d: single_by_multiple(d["rows"], ROWS, d["marks"]),
    "multiple_by_multiple": lambda d: multiple_by_multiple(d["marks"], d["others"]),
    "bootstrap_independence": lambda d: bootstrap_independence(d["marks"], d["others"], 5, 49),
    "friedman": lambda d: friedman(d["ranks"]),
}
OF_DESIGNS = {
    "weighted_mean": lambda d, design: weighted_mean(design, d["values"]),
    "mean of a domain": lambda d, design: weighted_mean(design, d["values"], domain=d["rows"] == 1),
    "weighted_difference": lambda d, design: weighted_difference(design, d["values"], d["two"] == 1, d["two"] == 0),
    "rao_scott": lambda d, design: rao_scott(design, d["rows"], d["columns"]),
    "rao_scott_first": lambda d, design: rao_scott(design, d["rows"], d["columns"], "chi_square"),
    "wald_independence": lambda d, design: wald_independence(design, d["rows"], d["columns"]),
    "compare_means": lambda d, design: compare_means(design, d["values"], d["two"]),
    "rank_test": lambda d, design: rank_test(design, d["values"], d["columns"], ties="mid"),
    "van_der_waerden": lambda d, design: rank_test(design, d["values"], d["two"], "van_der_waerden", "mid"),
    "median": lambda d, design: rank_test(design, d["values"], d["two"], "median", "mid"),
    "weighted_total": lambda d, design: weighted_total(design, d["values"]),
    "design_effect": lambda d, design: design_effect(design, d["values"]),
    "weighted_quantile": lambda d, design: weighted_quantile(d["values"], design.weights, 0.4),
    "kish": lambda d, design: kish(design.weights),
}


def flat(result) -> list[float]:
    """Every number of a result."""
    if result is None:
        return [np.nan]
    if isinstance(result, str):
        return []
    if isinstance(result, np.ndarray):
        return result.astype(float).ravel().tolist()
    if isinstance(result, (list, tuple)):
        return [value for one in result for value in flat(one)]
    if is_dataclass(result):
        return [value for field in fields(result) for value in flat(getattr(result, field.name))]
    return [float(result)]


def same(one, other) -> bool:
    return flat(one) == pytest.approx(flat(other), rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", PLAIN)
@given(seed=seeds)
@few
def test_row_order_and_blank_rows_change_nothing(name, seed):
    people = drawn(seed)
    expected = PLAIN[name](people)
    order = np.random.default_rng(seed).permutation(80)
    assert same(PLAIN[name](taken(people, order)), expected)
    blank = {
        column: np.concatenate([values, np.full((9, *values.shape[1:]), np.nan if values.dtype.kind == "f" else -1)])
        for column, values in people.items()
    }
    assert same(PLAIN[name](taken(blank, np.random.default_rng(seed).permutation(89))), expected)


@pytest.mark.parametrize("design", [plain, clustered])
@pytest.mark.parametrize("name", OF_DESIGNS)
@given(seed=seeds)
@few
def test_row_order_and_the_scale_of_weights_change_no_weighted_number(name, design, seed):
    people = drawn(seed)
    expected = OF_DESIGNS[name](people, design(people))
    moved = taken(people, np.random.default_rng(seed).permutation(80))
    assert same(OF_DESIGNS[name](moved, design(moved)), expected)
    heavier = OF_DESIGNS[name](people, design({**people, "weights": 8 * people["weights"]}))
    if name == "weighted_total":
        assert heavier.value == pytest.approx(8 * expected.value)
        assert heavier.standard_error == pytest.approx(8 * expected.standard_error)
        return
    if name == "design_effect":
        # Without replacement: a part of the population is drawn, and its size is the sum of weights.
        return
    if name == "kish":
        heavier = replace(heavier, total=heavier.total / 8)
    if is_dataclass(expected) and hasattr(expected, "base_weighted"):
        heavier = replace(heavier, base_weighted=heavier.base_weighted / 8)
    assert same(heavier, expected)


@pytest.mark.parametrize("name", OF_DESIGNS)
@given(seed=seeds)
@few
def test_rows_without_weight_are_rows_that_are_not_there(name, seed):
    # Units of the design stay: only what is drawn apart is compared, in strata of several.
    people = drawn(seed)
    expected = OF_DESIGNS[name](people, plain(people))
    ghosts = taken(people, np.concatenate([np.arange(80), np.arange(12)]))
    ghosts["weights"][80:] = 0
    found = OF_DESIGNS[name](ghosts, plain(ghosts))
    if name in ("weighted_quantile", "kish"):
        assert same(found, expected)
        return
    values = [getattr(one, "base", None) for one in (found, expected)]
    assert values[0] == values[1]
    if name in ("weighted_mean", "mean of a domain", "weighted_difference", "weighted_total"):
        # The estimate is the same; its error has n / (n - 1) of all units drawn, ghosts included.
        assert found.value == pytest.approx(expected.value)
    if name in ("weighted_mean", "mean of a domain", "weighted_difference"):
        assert found.standard_error == pytest.approx(expected.standard_error * np.sqrt(92 / 91 / (80 / 79)))


@given(seed=seeds)
@settings(max_examples=12, deadline=None)
def test_names_of_options_move_with_their_numbers_and_no_test_sees_them(seed):
    people = drawn(seed)
    generator = np.random.default_rng(seed)
    names, groups = generator.permutation(ROWS), generator.permutation(COLUMNS)
    renamed = {
        **people,
        "rows": np.where(people["rows"] < 0, -1, names[people["rows"]]),
        "columns": np.where(people["columns"] < 0, -1, groups[people["columns"]]),
    }
    assert (table(renamed)[np.ix_(names, groups)] == table(people)).all()
    for one, other in zip(goodman(counts(people["rows"], ROWS)), np.argsort(names)[names], strict=True):
        assert one == goodman(counts(renamed["rows"], ROWS))[names[other]]
    order = generator.permutation(3)
    assert same(cochran_q(people["marks"][:, order]), cochran_q(people["marks"]))
    for name in ("association", "kruskal_wallis", "single_by_multiple"):
        one, other = PLAIN[name](people), PLAIN[name](renamed)
        if name == "single_by_multiple":
            one, other = one.rao_scott, other.rao_scott
        assert same(one, other), name
    for name in ("rao_scott", "rao_scott_first", "wald_independence", "rank_test"):
        one, other = (OF_DESIGNS[name](d, clustered(d)) for d in (people, renamed))
        assert (other.statistic, other.p_value) == pytest.approx((one.statistic, one.p_value), rel=1e-7), name
    pairs = pairwise_statistics(table(people)[0], table(people).sum(axis=0))
    other_pairs = pairwise_statistics(table(renamed)[names[0]], table(renamed).sum(axis=0))
    assert other_pairs[np.ix_(groups, groups)] == pytest.approx(pairs, nan_ok=True)


@given(seed=seeds, cut=st.integers(0, 80))
@settings(max_examples=15, deadline=None)
def test_a_sample_counted_in_two_parts_adds_up(seed, cut):
    people = drawn(seed)
    parts = [taken(people, np.arange(80) < cut), taken(people, np.arange(80) >= cut)]
    for count in (
        lambda d: counts(d["rows"], ROWS),
        table,
        lambda d: crosstab(d["rows"], d["columns"], ROWS, COLUMNS, d["weights"]),
        lambda d: np.array(cochran_q(d["marks"]).base),
    ):
        assert sum(count(part) for part in parts) == pytest.approx(count(people))
    halves = [
        weighted_total(plain(people), people["values"], domain=d) for d in (np.arange(80) < cut, np.arange(80) >= cut)
    ]
    whole = weighted_total(plain(people), people["values"])
    assert sum(half.value for half in halves if half) == pytest.approx(whole.value)
    assert sum(half.base for half in halves if half) == whole.base
    # Pearson's statistic of a stacked sample is that of the table of sums.
    assert chi_square(sum(table(part) for part in parts)) == chi_square(table(people))
