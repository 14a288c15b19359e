"""Cohen's κ against R's vcd, and the cases in which there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synthese.statistics.agreement import Agreement, cohen_kappa, crossed

R = json.loads((Path(__file__).parent / "r" / "kappa.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", R, ids=lambda case: f"{sum(map(sum, case['table']))} units")
def test_kappa_and_its_standard_error_are_rs(case):
    found = cohen_kappa(case["table"])
    assert found.kappa == pytest.approx(case["kappa"], rel=1e-13, abs=1e-15)
    assert found.error == pytest.approx(case["error"], rel=1e-12, abs=1e-15)
    assert found.reason is None


def test_kappa_of_a_hand_computed_table():
    # Cohen (1960), table 1 in counts of 200: 88 + 40 + 12 agreed upon, .41 by chance.
    found = cohen_kappa([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert (found.base, found.observed, found.expected) == (200, 0.7, pytest.approx(0.41))
    assert found.kappa == pytest.approx(0.29 / 0.59)


def test_agreement_on_everything_is_one_without_error():
    assert cohen_kappa([[7, 0], [0, 3]]) == Agreement(10, 1.0, pytest.approx(0.58), pytest.approx(1.0), 0.0)


@pytest.mark.parametrize("table", [[[5]], [[5, 0], [0, 0]], [[0, 0, 0], [0, 9, 0], [0, 0, 0]]])
def test_one_category_leaves_nothing_to_agree_upon(table):
    found = cohen_kappa(table)
    assert (found.kappa, found.error, found.reason, found.observed) == (None, None, "one-category", 1.0)


@pytest.mark.parametrize("table", [[[40, 3], [0, 0]], [[40, 0], [3, 0]]])
def test_a_coder_of_one_category_gives_no_error(table):
    # R's vcd takes the root of a difference that is 0 but for rounding, and may print NaN.
    found = cohen_kappa(table)
    assert (found.kappa, found.error, found.observed) == (0.0, None, pytest.approx(40 / 43))


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], crossed([], [], [])])
def test_nothing_coded_twice_has_no_kappa(table):
    assert cohen_kappa(table) == Agreement(0, reason="no-unit")


def test_a_text_counts_for_every_unit_that_gave_it():
    assert crossed(["b", "a", "b"], ["b", "b", "c"], [2, 1, 4]).tolist() == [[0, 1, 0], [0, 2, 4], [0, 0, 0]]


@pytest.mark.parametrize("table", [[[1, 2]], [[1, -1], [0, 2]], [[0.5, 0], [0, 2]]])
def test_what_is_no_table_of_two_coders_is_refused(table):
    with pytest.raises(ValueError, match=r"square|counted"):
        cohen_kappa(table)
