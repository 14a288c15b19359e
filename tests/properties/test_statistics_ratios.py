"""Ratios from sums over cells are those computed over respondents, and no order of respondents touches them."""

from __future__ import annotations

from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.statistics.addends import addends
from synthese.statistics.designs import Design, LonelyUnitError
from synthese.statistics.ratios import cell_covariance, cell_ratios
from synthese.statistics.two_stage import TwoStageDesign
from synthese.statistics.weighted import weighted_ratio

bounded = settings(max_examples=20, deadline=None)
N = 60
KINDS = (
    "weights",
    "zeros",
    "strata",
    "frame",
    "clusters",
    "strata and clusters",
    "lonely adjust",
    "lonely average",
    "lonely alone",
    "calibrated",
    "calibrated clusters",
    "two stages",
)


def sample(kind: str, seed: int) -> Design:
    draw = np.random.default_rng(seed)
    weights = draw.lognormal(0, 1, N)
    clusters, strata = draw.integers(0, 12, N), draw.integers(0, 3, N)
    margins = (draw.integers(0, 3, N), draw.integers(0, 2, N))
    lonely = np.where(np.arange(N) < 2, 7 + np.arange(N), strata)
    frame = np.full(N, 3.0 * N)
    return {
        "weights": lambda: Design(weights),
        "zeros": lambda: Design(np.where(draw.random(N) < 0.2, 0.0, weights)),
        "strata": lambda: Design(weights, strata=strata),
        "frame": lambda: Design(weights, strata=strata, population=frame),
        "clusters": lambda: Design(weights, clusters=clusters),
        "strata and clusters": lambda: Design(weights, strata=clusters % 3, clusters=clusters),
        "lonely adjust": lambda: Design(weights, strata=lonely, lonely="adjust"),
        "lonely average": lambda: Design(weights, strata=lonely, clusters=np.arange(N) // 2, lonely="average"),
        "lonely alone": lambda: Design(weights, strata=lonely, lonely="certainty"),
        "calibrated": lambda: Design(weights, strata=strata, calibration=margins, base_weights=np.sqrt(weights)),
        "calibrated clusters": lambda: Design(weights, clusters=clusters, calibration=margins),
        "two stages": lambda: TwoStageDesign(
            weights, clusters=np.arange(N) % 12, population=frame, cluster_sizes=frame
        ),
    }[kind]()


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
@bounded
def test_ratios_from_cells_are_those_of_respondents(kind, seed):
    design, draw = sample(kind, seed), np.random.default_rng(seed + 1)
    cells = draw.integers(-1, 6, N)
    below = draw.integers(0, 3, (6, 5)).astype(float)
    above = below * (draw.random((6, 5)) < 0.5)
    found = cell_ratios(design, cells, above, below)
    padded = [np.vstack([part, np.zeros(5)])[cells] for part in (above, below)]
    for k in range(5):
        y, x = padded[0][:, k], padded[1][:, k]
        one = weighted_ratio(design, y, x, x > 0)
        if one is None:
            assert np.isnan(found.values[k])
            continue
        seen = (found.values[k], found.standard_errors[k], found.base_weighted[k])
        assert seen == pytest.approx((one.value, one.standard_error, one.base_weighted), rel=1e-11, abs=1e-14)
        assert (found.df[k], found.bases[k]) == (one.df, one.base)
        assert found.chosen[k] == ((y > 0) & (design.weights > 0)).sum()
        assert found.squares[k] == pytest.approx((design.weights[x > 0] ** 2).sum(), rel=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_covariances_from_cells_are_those_of_respondents(kind):
    design, draw = sample(kind, 5), np.random.default_rng(6)
    cells, influence = draw.integers(-1, 4, N), draw.normal(size=(4, 3))
    whole = design.covariance(np.vstack([influence, np.zeros(3)])[cells])
    assert cell_covariance(design, cells, influence) == pytest.approx(whole, rel=1e-11, abs=1e-12)


def test_a_share_of_a_stratum_drawn_alike_does_not_vary():
    strata = np.arange(90) % 3
    design = Design(np.full(90, 0.1), strata=strata)
    found = cell_ratios(design, strata, np.eye(3), np.ones((3, 3)))
    assert (found.standard_errors < 1e-12).all()


def test_a_stratum_of_one_unit_is_refused():
    design = Design(np.ones(5), strata=np.array([0, 0, 0, 0, 1]))
    with pytest.raises(LonelyUnitError, match="single primary sampling unit"):
        cell_ratios(design, np.zeros(5, np.intp), np.ones((1, 1)), np.ones((1, 1)))


@given(st.lists(st.floats(0, 1e9, allow_subnormal=True), max_size=40), st.randoms())
@bounded
def test_sums_are_exact_in_any_order(values, shuffler):
    codes = np.array([k % 3 for k in range(len(values))], dtype=np.intp)
    weights, order = np.array(values, dtype=float), list(range(len(values)))
    shuffler.shuffle(order)
    one = addends(weights).by_code(codes, 3)
    assert one.tolist() == pytest.approx([fsum(weights[codes == c]) for c in range(3)], rel=3e-16, abs=0)
    assert addends(weights[order]).by_code(codes[order], 3).tolist() == one.tolist()


@pytest.mark.parametrize("kind", ["weights", "zeros"])
def test_the_order_of_respondents_touches_no_digit(kind):
    design, draw = sample(kind, 3), np.random.default_rng(4)
    cells, order = draw.integers(-1, 6, N), draw.permutation(N)
    below = np.ones((6, 6))
    one = cell_ratios(design, cells, np.eye(6), below)
    other = cell_ratios(Design(design.weights[order]), cells[order], np.eye(6), below)
    for name, values in vars(one).items():
        assert values.tolist() == vars(other)[name].tolist(), name
