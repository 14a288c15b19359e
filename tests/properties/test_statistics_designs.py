"""Weights and designs: invariances, and resampling as brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.statistics.association import chi_square
from synthese.statistics.design_groups import compare_means, rank_test
from synthese.statistics.design_tests import rao_scott, wald_independence
from synthese.statistics.designs import Design, LonelyUnitError
from synthese.statistics.numeric import mean
from synthese.statistics.tabulation import crosstab
from synthese.statistics.weighted import weighted_difference, weighted_mean, weighted_quantile, weighted_total
from synthese.statistics.weights import Margin, kish, post_stratify, rake, trim

bounded = settings(max_examples=40, deadline=None)


def sample(n: int = 240, seed: int = 1) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {
        "rows": generator.integers(-1, 3, n),
        "columns": generator.integers(-1, 4, n),
        "values": generator.normal(size=n),
        "weights": generator.uniform(0.4, 3, n),
        "strata": np.repeat([0, 1, 2], n // 3),
        "clusters": np.repeat(np.arange(n // 8), 8),
    }


def designs(data: dict[str, np.ndarray]) -> list[Design]:
    return [
        Design(data["weights"]),
        Design(data["weights"], strata=data["strata"]),
        Design(data["weights"], strata=data["strata"], clusters=data["clusters"]),
    ]


def test_neither_order_nor_scale_nor_blank_rows_matter():
    data = sample()
    order = np.random.default_rng(2).permutation(240)
    moved = {name: column[order] for name, column in data.items()}
    moved["weights"] = moved["weights"] * 57
    blank = {name: np.concatenate([column, column[:20]]) for name, column in moved.items()}
    blank["weights"][240:] = 0
    for design, other, padded in zip(designs(data), designs(moved), designs(blank), strict=True):
        tests = [
            (test(d, x["rows"], x["columns"]), mean_of.value, mean_of.standard_error)
            for d, x in ((design, data), (other, moved))
            for test in (rao_scott, wald_independence)
            for mean_of in (weighted_mean(d, x["values"]),)
        ]
        for (one, value, error), (two, value_2, error_2) in zip(tests[:2], tests[2:], strict=True):
            assert (one.statistic, one.p_value, one.base) == pytest.approx((two.statistic, two.p_value, two.base))
            assert (value, error) == pytest.approx((value_2, error_2))
        # A weight of 0 is outside the domain, yet its unit stays in the design.
        with_blank = rao_scott(padded, blank["rows"], blank["columns"])
        assert with_blank.base == tests[0][0].base
        assert with_blank.effect_size == pytest.approx(tests[0][0].effect_size)
        if design.strata is not None:
            assert weighted_mean(padded, blank["values"]).value == pytest.approx(tests[0][1])


def test_short_cut_for_weights_only_is_the_general_covariance():
    data = sample()
    short, long = Design(data["weights"]), Design(data["weights"], strata=np.zeros(240, dtype=int))
    for reference in ("F", "chi_square"):
        a, b = (rao_scott(d, data["rows"], data["columns"], reference) for d in (short, long))
        assert (a.statistic, a.df, a.p_value) == pytest.approx((b.statistic, b.df, b.p_value))


def test_equal_weights_give_pearsons_chi_square_but_for_the_divisor():
    data = sample(2400)
    table = crosstab(data["rows"], data["columns"], 3, 4)
    pearson = chi_square(table)
    corrected = rao_scott(Design(np.ones(2400)), data["rows"], data["columns"], "chi_square")
    assert corrected.statistic == pytest.approx(pearson.statistic, rel=0.02)
    assert corrected.base == pearson.base


def test_errors_are_those_of_a_bootstrap_of_units():
    data = sample(480, seed=3)
    data["values"] = data["values"] + np.repeat(np.random.default_rng(4).normal(size=60), 8)
    design = designs(data)[2]
    error = weighted_mean(design, data["values"]).standard_error
    generator, drawn = np.random.default_rng(5), []
    units = [np.unique(data["clusters"][data["strata"] == s]) for s in range(3)]
    of_unit = {u: np.flatnonzero(data["clusters"] == u) for u in range(60)}
    for _ in range(600):
        rows = np.concatenate([of_unit[u] for stratum in units for u in generator.choice(stratum, stratum.size)])
        drawn.append(np.average(data["values"][rows], weights=data["weights"][rows]))
    # A bootstrap has the divisor n of each stratum, 20 here.
    assert np.std(drawn) * np.sqrt(20 / 19) == pytest.approx(error, rel=0.1)


def test_level_of_weighted_tests_is_kept():
    generator, rejected = np.random.default_rng(7), np.zeros(4)
    for _ in range(400):
        weights = generator.choice([1.0, 5.0], 200)
        rows, columns, values = generator.integers(0, 3, 200), generator.integers(0, 2, 200), generator.normal(size=200)
        design = Design(weights)
        rejected += [
            test.p_value < 0.05
            for test in (
                rao_scott(design, rows, columns),
                wald_independence(design, rows, columns),
                compare_means(design, values, columns),
                rank_test(design, values, rows),
            )
        ]
    assert rejected / 400 == pytest.approx(np.full(4, 0.05), abs=0.035)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30))
@bounded
def test_equal_weights_give_the_plain_mean(values):
    ours, plain = weighted_mean(Design(np.ones(len(values))), values), mean(values)
    assert ours.value == pytest.approx(plain.value, abs=1e-9)
    assert ours.standard_error == pytest.approx(plain.standard_error, abs=1e-9)
    assert weighted_total(Design(np.ones(len(values))), values).value == pytest.approx(sum(values), abs=1e-6)
    assert weighted_quantile(values, np.ones(len(values)), 1) == max(values)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5)), min_size=1, max_size=12))
@bounded
def test_whole_weights_are_repeated_respondents(pairs):
    weights, values = (np.array(column) for column in zip(*pairs, strict=True))
    repeated = np.sort(np.repeat(values, weights))
    for q in (0.25, 0.5, 0.75):
        place = int(np.ceil(q * repeated.size - 1e-9)) - 1
        assert weighted_quantile(values, weights, q) == repeated[max(place, 0)]


@given(st.lists(st.floats(0.1, 20), min_size=3, max_size=40), st.floats(1.5, 4))
@bounded
def test_trimming_keeps_the_sum_and_the_cap(weights, most):
    trimmed = trim(weights, most)
    assert trimmed.sum() == pytest.approx(sum(weights))
    assert trimmed.max() <= most * np.mean(weights) * (1 + 1e-9)
    assert kish(trimmed).design_effect <= kish(weights).design_effect + 1e-9


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=12, max_size=40), st.floats(0.2, 0.8))
@bounded
def test_raked_weights_meet_their_margins(pairs, share):
    rows, columns = (
        np.array([*c, *extra])
        for c, extra in zip(zip(*pairs, strict=True), ([0, 1, 2] * 2, [0, 0, 0, 1, 1, 1]), strict=True)
    )
    margins = [
        Margin(rows, np.array([0.5, 0.3, 0.2]), "census 2021"),
        Margin(columns, np.array([share, 1 - share]), "census 2021"),
    ]
    weights = np.ones(rows.size)
    raked = rake(weights, margins)
    for margin in margins:
        sums = np.bincount(margin.codes, weights=raked.weights)
        assert sums / sums.sum() == pytest.approx(margin.targets)
    assert raked.weights.sum() == pytest.approx(rows.size)
    assert raked.after.effective_n <= rows.size + 1e-9
    one = post_stratify(weights, margins[0])
    assert one == pytest.approx(rake(weights, margins[:1]).weights)


def test_margins_are_refused_in_words():
    codes = np.array([0, 0, 1])
    for change, words in (
        ({"source": " "}, "a margin must name its source"),
        ({"targets": np.array([1.0, 1, 1])}, r"no respondent for option \[2\] of a margin"),
        ({"targets": np.array([3.0, 0])}, r"respondents for option \[1\] whose target is 0"),
        ({"codes": np.array([0, -1, 1])}, r"codes of a margin must lie in \[0, 2\)"),
    ):
        with pytest.raises(ValueError, match=words):
            Margin(**{"codes": codes, "targets": np.array([2.0, 1]), "source": "census", **change})
    good = Margin(codes, np.array([2.0, 1]), "census")
    with pytest.raises(ValueError, match=r"margins must have one sum, found \[3.0, 4.0\]"):
        rake(np.ones(3), [good, Margin(codes, np.array([3.0, 1]), "register")])
    with pytest.raises(ValueError, match="raking did not meet the margins in 500 passes"):
        rake(np.ones(3), [good, Margin(codes, np.array([1.0, 2]), "register")])
    with pytest.raises(ValueError, match="raking needs at least one margin"):
        rake(np.ones(3), [])
    with pytest.raises(ValueError, match="weights must be finite and non-negative"):
        kish([1, -1])
    with pytest.raises(ValueError, match="nobody is left to take the weight"):
        trim([0, 0, 5], 1.5)


def test_a_stratum_of_one_unit_is_an_error_with_three_ways_out():
    design = Design(np.ones(4), strata=np.array([0, 0, 0, 1]))
    with pytest.raises(LonelyUnitError, match=r'1 strata have a single primary .* "certainty", "adjust" or "average"'):
        weighted_mean(design, [1, 2, 3, 4])


def test_nothing_to_estimate_is_none_or_a_reason():
    design = Design(np.ones(4))
    nothing = np.full(4, np.nan)
    assert weighted_mean(design, nothing) is weighted_total(design, nothing) is None
    assert weighted_quantile(nothing, np.ones(4), 0.5) is None
    assert weighted_difference(design, [1, 2, 3, 4], [True] * 4, [False] * 4) is None
    with pytest.raises(ValueError, match=r"columns must lie in \[-1, …\), found -2 to 1"):
        rao_scott(design, [0, 1, 0, 1], [-2, 0, 1, 1])
    with pytest.raises(ValueError, match="rows and columns must have the length of weights"):
        rao_scott(design, [0, 1], [0, 1])
    missing, one = np.full(4, -1), np.zeros(4, dtype=int)
    for test in (rao_scott(design, missing, one), wald_independence(design, one, one)):
        assert (test.reason, test.p_value) == ("fewer_than_two_rows_or_columns", None)
    assert compare_means(design, [1, 2, 3, 4], one).reason == "not_two_groups"
    assert rank_test(design, [1, 2, 3, 4], one).reason == "fewer_than_two_groups"
    assert rank_test(design, [1, 1, 1, 1], [0, 1, 0, 1]).reason == "no_variation"
    assert compare_means(design, [1, 1, 1, 1], [0, 1, 0, 1]).reason == "no_variation"
