"""Weighted estimates and tests against R's survey: `shared/oracles.md`, sections 1 to 5, and `r/survey_data.R`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synthese.statistics.design_groups import compare_means, rank_test
from synthese.statistics.design_tests import rao_scott, wald_independence
from synthese.statistics.designs import Design
from synthese.statistics.proportions import arcsine, korn_graubard, logit, wald
from synthese.statistics.tabulation import crosstab
from synthese.statistics.two_stage import TwoStageDesign
from synthese.statistics.weighted import (
    design_effect,
    weighted_difference,
    weighted_mean,
    weighted_quantile,
    weighted_total,
)
from synthese.statistics.weights import Margin, kish, post_stratify, rake

DATA = json.loads((Path(__file__).parent / "r" / "survey_data.json").read_text())
R = json.loads((Path(__file__).parent / "r" / "designs.json").read_text())
STRATIFIED = {name: np.array(column) for name, column in DATA["apistrat"].items()}
CLUSTERED = {name: np.array(column) for name, column in DATA["apiclus1"].items()}

STAGED = {name: np.array([np.nan if v is None else v for v in column]) for name, column in DATA["apiclus2"].items()}


def codes(column):
    return np.unique(column, return_inverse=True)[1]


TYPES, WIDE, AWARDS = (codes(STRATIFIED[name]) for name in ("stype", "sch.wide", "awards"))
WEIGHTED = Design(STRATIFIED["pw"])
WITH_STRATA = Design(STRATIFIED["pw"], strata=TYPES, population=STRATIFIED["fpc"])
WITH_CLUSTERS = Design(CLUSTERED["pw"], clusters=CLUSTERED["dnum"], population=CLUSTERED["fpc"])


class TestPublished:
    """Section 1: printed by the author of the package."""

    @pytest.mark.parametrize(
        ("name", "mean", "error"), [("api00", 644.169399, 23.5422), ("api99", 606.978142, 24.2250)]
    )
    def test_means_of_a_cluster_sample(self, name, mean, error):
        estimate = weighted_mean(WITH_CLUSTERS, CLUSTERED[name])
        assert estimate.value == pytest.approx(mean, abs=5e-7)
        assert estimate.standard_error == pytest.approx(error, abs=5e-5)

    @pytest.mark.parametrize(
        ("kind", "share", "error"), [("E", 0.786885, 0.0463), ("H", 0.076503, 0.0268), ("M", 0.136612, 0.0296)]
    )
    def test_shares_of_a_cluster_sample(self, kind, share, error):
        estimate = weighted_mean(WITH_CLUSTERS, (CLUSTERED["stype"] == kind).astype(float))
        assert estimate.value == pytest.approx(share, abs=5e-7)
        assert estimate.standard_error == pytest.approx(error, abs=5e-5)

    @pytest.mark.parametrize(
        ("kind", "total", "error"),
        [(None, 3404940.13, 932235.03), ("E", 4873.97, 1333.32), ("H", 473.86, 158.70), ("M", 846.17, 167.55)],
    )
    def test_totals_of_a_cluster_sample(self, kind, total, error):
        values = CLUSTERED["enroll"] if kind is None else (CLUSTERED["stype"] == kind).astype(float)
        estimate = weighted_total(WITH_CLUSTERS, values)
        assert (estimate.value, estimate.standard_error) == pytest.approx((total, error), abs=6e-3)

    def test_jackknife_of_a_cluster_sample(self):
        # JK1 by hand: leave one district out at a time, centred at the mean, with finite population correction.
        districts = np.unique(CLUSTERED["dnum"])
        drawn = [
            weighted_mean(WITH_CLUSTERS, CLUSTERED["api00"], domain=CLUSTERED["dnum"] != d).value for d in districts
        ]
        k, unsampled = districts.size, 1 - districts.size / CLUSTERED["fpc"][0]
        assert np.sqrt(unsampled * (k - 1) * np.var(drawn)) == pytest.approx(26.3294, abs=5e-5)


class TestWeightsOnly:
    """Section 2."""

    def test_kish(self):
        result = kish(STRATIFIED["pw"])
        assert (result.base, result.total) == (200, pytest.approx(6193.999958))
        assert result.effective_n == pytest.approx(168.5813313, abs=5e-8)
        assert result.design_effect == pytest.approx(1.186370985, abs=5e-10)

    def test_share_and_its_intervals(self):
        estimate = weighted_mean(WEIGHTED, WIDE.astype(float))
        assert estimate.value == pytest.approx(0.8279480114, abs=5e-11)
        assert estimate.standard_error == pytest.approx(0.02606867967, abs=5e-11)
        one = logit(estimate.value, estimate.standard_error**2, estimate.df)
        assert (one.low, one.high) == pytest.approx((0.7703487213, 0.8734735005), abs=1e-9)
        other = korn_graubard(estimate.value, estimate.standard_error**2, estimate.base, estimate.df)
        assert (other.low, other.high) == pytest.approx((0.7699107511, 0.8764512764), abs=1e-9)

    def test_mean_and_quartiles(self):
        estimate = weighted_mean(WEIGHTED, STRATIFIED["api00"])
        assert estimate.value == pytest.approx(662.2873632, abs=5e-8)
        assert estimate.standard_error == pytest.approx(9.585428876, abs=5e-10)
        interval = estimate.interval()
        assert (interval.low, interval.high) == pytest.approx((643.385314, 681.1894124), abs=1e-6)
        assert estimate.df == 199
        quartiles = [weighted_quantile(STRATIFIED["api00"], STRATIFIED["pw"], q) for q in (0.25, 0.5, 0.75)]
        assert quartiles == [565, 668, 756]

    def test_rao_scott_and_wald(self):
        test = rao_scott(WEIGHTED, WIDE, TYPES)
        assert test.statistic == pytest.approx(16.7195776, abs=5e-8)
        assert (test.df, test.df_denominator) == pytest.approx((1.838123808, 365.7866378), rel=1e-9)
        assert test.p_value == pytest.approx(2.977849228e-07, rel=1e-9)
        # X² itself, from V: 200 respondents, two rows.
        assert 200 * test.effect_size**2 == pytest.approx(26.75353404, rel=1e-9)
        assert rao_scott(WEIGHTED, WIDE, TYPES, "chi_square").p_value == pytest.approx(5.479989251e-08, rel=1e-9)
        wald = wald_independence(WEIGHTED, WIDE, TYPES, adjusted=False)
        assert (wald.statistic, wald.p_value) == pytest.approx((14.0332578, 1.989060933e-06), rel=2e-9)
        wald = wald_independence(WEIGHTED, WIDE, TYPES)
        assert (wald.statistic, wald.p_value) == pytest.approx((13.96273891, 2.124702345e-06), rel=2e-9)
        assert (wald.df, wald.df_denominator) == (2, 198)

    def test_cross_of_awards(self):
        test = rao_scott(WEIGHTED, AWARDS, TYPES)
        assert test.statistic == pytest.approx(13.6839436, abs=5e-8)
        assert (test.df, test.df_denominator) == pytest.approx((1.893007026, 376.7083982), rel=1e-9)
        assert test.p_value == pytest.approx(3.061132412e-06, rel=1e-9)
        assert crosstab(AWARDS, TYPES, 2, 3).tolist() == [[27, 34, 26], [73, 16, 24]]
        shares = [weighted_mean(WEIGHTED, AWARDS.astype(float), domain=k == TYPES) for k in range(3)]
        assert [round(100 * s.value) for s in shares] == [73, 32, 48]
        assert [s.standard_error for s in shares] == pytest.approx(
            [0.0445073536, 0.0661352353, 0.0708313873], abs=5e-11
        )

    def test_means_and_ranks_of_groups(self):
        test = compare_means(WEIGHTED, STRATIFIED["api00"], AWARDS)
        assert (test.statistic, test.p_value) == pytest.approx((2.269464936, 0.0243177533), rel=2e-9)
        assert (test.effect_size, test.df_denominator) == (pytest.approx(44.68749396, abs=5e-9), 198)
        ranks = rank_test(WEIGHTED, STRATIFIED["api00"], AWARDS)
        assert (ranks.statistic, ranks.p_value) == pytest.approx((2.086107499, 0.0382499557), rel=1e-9)
        several = rank_test(WEIGHTED, STRATIFIED["api00"], TYPES)
        assert several.statistic * several.df == pytest.approx(6.496380331, rel=1e-9)
        assert several.p_value == pytest.approx(0.04093449561, rel=1e-9)


class TestStrata:
    """Section 3."""

    def test_mean_total_and_design_effect(self):
        estimate = weighted_mean(WITH_STRATA, STRATIFIED["api00"])
        assert estimate.standard_error == pytest.approx(9.408940803, abs=5e-10)
        interval = estimate.interval()
        assert (interval.low, interval.high) == pytest.approx((643.7321883, 680.842538), abs=1e-6)
        assert estimate.df == 197
        assert design_effect(WITH_STRATA, STRATIFIED["api00"]) == pytest.approx(1.20446, abs=5e-6)
        total = weighted_total(WITH_STRATA, STRATIFIED["enroll"])
        assert total.value == pytest.approx(3687177.532, abs=1e-3)
        assert total.standard_error == pytest.approx(114641.7161, abs=1e-4)

    def test_share_and_cell(self):
        share = weighted_mean(WITH_STRATA, WIDE.astype(float))
        assert share.standard_error == pytest.approx(0.02434478011, abs=5e-11)
        interval = logit(share.value, share.standard_error**2, share.df)
        assert (interval.low, interval.high) == pytest.approx((0.7745396544, 0.8708148545), abs=1e-9)
        cell = weighted_mean(WITH_STRATA, ((WIDE == 1) & (TYPES == 0)).astype(float))
        assert (cell.value, cell.standard_error) == pytest.approx((0.64952, 0.02030), abs=5e-6)
        interval = logit(cell.value, cell.standard_error**2, cell.df)
        assert (interval.low, interval.high) == pytest.approx((0.60852, 0.68842), abs=5e-6)

    def test_cross_and_means(self):
        test = rao_scott(WITH_STRATA, WIDE, TYPES)
        assert test.statistic == pytest.approx(17.24744396, rel=1e-9)
        assert (test.df, test.df_denominator) == pytest.approx((1.828671504, 360.2482863), rel=1e-9)
        assert test.p_value == pytest.approx(2.035046359e-07, rel=1e-9)
        assert rao_scott(WITH_STRATA, WIDE, TYPES, "chi_square").p_value == pytest.approx(3.232438416e-08, rel=1e-9)
        means = compare_means(WITH_STRATA, STRATIFIED["api00"], AWARDS)
        assert (means.statistic, means.p_value) == pytest.approx((2.30360732, 0.02229352382), rel=2e-9)
        assert means.df_denominator == 196


class TestClusters:
    """Section 4."""

    types, wide, improved = (codes(CLUSTERED[name]) for name in ("stype", "sch.wide", "comp.imp"))

    def test_cross(self):
        test = rao_scott(WITH_CLUSTERS, self.wide, self.types)
        assert test.statistic == pytest.approx(5.193369541, rel=1e-9)
        assert (test.df, test.df_denominator) == pytest.approx((1.494639778, 20.92495689), rel=1e-9)
        assert test.p_value == pytest.approx(0.02174746237, rel=1e-9)
        first = rao_scott(WITH_CLUSTERS, self.wide, self.types, "chi_square")
        assert first.p_value == pytest.approx(0.005553263303, rel=1e-9)
        assert 183 * test.effect_size**2 == pytest.approx(11.94089208, rel=1e-9)
        wald = wald_independence(WITH_CLUSTERS, self.wide, self.types)
        assert (wald.statistic, wald.p_value) == pytest.approx((2.229554415, 0.1470578869), rel=1e-9)
        assert (wald.df, wald.df_denominator) == (2, 13)

    def test_means_and_ranks(self):
        test = compare_means(WITH_CLUSTERS, CLUSTERED["enroll"], self.improved)
        assert (test.statistic, test.p_value) == pytest.approx((-0.731051147, 0.4777183901), rel=2e-9)
        assert test.df_denominator == 13
        for score, statistic, p in (
            ("wilcoxon", 2.136723758, 0.05220581263),
            ("van_der_waerden", 2.161802183, 0.04986911192),
            ("median", 1.686581816, 0.115518289),
        ):
            test = rank_test(WITH_CLUSTERS, CLUSTERED["ell"], self.improved, score)
            assert (test.statistic, test.p_value) == pytest.approx((statistic, p), rel=2e-9)

    def test_intervals_of_a_share_with_few_units(self):
        share = weighted_mean(WITH_CLUSTERS, self.wide.astype(float))
        value, variance, df = share.value, share.standard_error**2, share.df
        for name, interval in (
            ("logit", logit(value, variance, df)),
            ("asin", arcsine(value, variance, df)),
            ("mean", wald(value, variance, df)),
            ("beta", korn_graubard(value, variance, share.base, df)),
        ):
            assert [interval.low, interval.high] == pytest.approx(R["clustered_share"][name], rel=1e-9)

    def test_column_intervals_printed_by_gtsummary(self):
        printed = []
        for kind in range(3):
            share = weighted_mean(WITH_CLUSTERS, (self.types == kind).astype(float))
            interval = logit(share.value, share.standard_error**2, share.df)
            printed.append((100 * share.value, 100 * interval.low, 100 * interval.high))
        assert np.array(printed) == pytest.approx(np.array([[79, 67, 87], [7.7, 3.5, 16], [14, 8.4, 21]]), abs=0.5)


class TestTwoStages:
    """Section 4, apiclus2: 40 districts, then up to five schools of each; R's numbers are in r/designs.json."""

    design = TwoStageDesign(
        np.array(R["two_stage"]["weights"]),
        clusters=STAGED["dnum"],
        population=STAGED["fpc1"],
        cluster_sizes=STAGED["fpc2"],
    )

    def test_both_stages_add_to_the_error(self):
        for estimate, name in (
            (weighted_mean(self.design, STAGED["api00"]), "api00"),
            (weighted_total(self.design, STAGED["enroll"]), "enroll"),
        ):
            theirs = R["two_stage"][name]
            assert (estimate.value, estimate.standard_error) == pytest.approx(
                (theirs["value"], theirs["error"]), rel=1e-12
            )
        one_stage = weighted_mean(
            Design(self.design.weights, clusters=STAGED["dnum"], population=STAGED["fpc1"]), STAGED["api00"]
        )
        assert one_stage.standard_error < 0.999 * weighted_mean(self.design, STAGED["api00"]).standard_error

    @pytest.mark.parametrize(("name", "column"), [("wide", "sch.wide"), ("stype", "stype")])
    def test_wald_of_a_cross(self, name, column):
        test = wald_independence(self.design, codes(STAGED["comp.imp"]), codes(STAGED[column]))
        theirs = R["two_stage"][name]
        assert test.statistic == pytest.approx(theirs["statistic"][0][0], rel=1e-10)
        assert [test.df, test.df_denominator] == theirs["parameter"]
        assert test.p_value == pytest.approx(theirs["p"][0][0], rel=1e-10)

    def test_rao_scott_of_a_cross(self):
        test = rao_scott(self.design, codes(STAGED["comp.imp"]), codes(STAGED["stype"]))
        theirs = R["two_stage"]["f"]
        assert (test.statistic, test.p_value) == pytest.approx((theirs["statistic"], theirs["p"]), rel=1e-10)

    def test_what_is_not_a_second_stage_is_refused(self):
        weights, districts, ten = np.ones(4), np.array([0, 0, 1, 1]), np.full(4, 10.0)
        with pytest.raises(ValueError, match="cluster_sizes must have the length of weights"):
            TwoStageDesign(weights, clusters=districts, population=ten, cluster_sizes=np.ones(3))
        for clusters, sizes, words in (
            (districts, np.ones(4), "at least the number of respondents drawn"),
            (np.array([0, 0, 0, 1]), ten, "a cluster of which one respondent was drawn out of several"),
        ):
            design = TwoStageDesign(weights, clusters=clusters, population=ten, cluster_sizes=sizes)
            with pytest.raises(ValueError, match=words):
                weighted_mean(design, [1, 2, 3, 4])


class TestCalibration:
    """Section 5."""

    types = codes(CLUSTERED["stype"])
    wide = codes(CLUSTERED["sch.wide"])
    by_type = Margin(types, np.array([4421.0, 755, 1018]), "register of schools")
    by_wide = Margin(wide, np.array([1072.0, 5122]), "register of schools")

    def test_raked_weights(self):
        # R's rake stops as soon as no margin moves by 1, which here leaves a gap of 1e-4.
        raked = rake(CLUSTERED["pw"], [self.by_type, self.by_wide], tolerance=1e-4)
        found = {(t, w): raked.weights[(self.types == t) & (self.wide == w)] for t in range(3) for w in range(2)}
        assert [found[t, w][0] for w in (0, 1) for t in range(3)] == pytest.approx(
            [39.83850941, 67.12578263, 49.0700674, 29.87046387, 50.33015277, 36.79218166], rel=1e-9
        )
        assert all(np.ptp(cell) < 1e-9 for cell in found.values())
        assert raked.after.effective_n == pytest.approx(174.0105279, rel=1e-7)
        assert raked.after.design_effect == pytest.approx(1.051660507, rel=1e-7)
        assert raked.sources == ("register of schools", "register of schools")

    def test_errors_of_raked_estimates_are_those_of_residuals(self):
        weights = rake(CLUSTERED["pw"], [self.by_type, self.by_wide], tolerance=1e-4).weights
        parts = {"clusters": CLUSTERED["dnum"], "population": CLUSTERED["fpc"]}
        design = Design(weights, **parts, calibration=(self.types, self.wide), base_weights=CLUSTERED["pw"])
        estimate = weighted_mean(design, CLUSTERED["api00"])
        assert estimate.value == pytest.approx(641.2302469, rel=1e-7)
        assert estimate.standard_error == pytest.approx(23.70364124, rel=1e-6)
        total = weighted_total(design, CLUSTERED["enroll"])
        assert total.value == pytest.approx(3647300.031, rel=1e-9)
        # Stopped early, R's residuals use the weights of each pass; run to the end the errors agree, see below.
        assert total.standard_error == pytest.approx(400602.7197, rel=2e-5)
        naive = weighted_mean(Design(weights), CLUSTERED["api00"])
        assert naive.standard_error < 0.5 * estimate.standard_error

    def test_raking_to_the_end_is_rs_when_told_to_go_on(self):
        raked = rake(CLUSTERED["pw"], [self.by_type, self.by_wide])
        cells = [raked.weights[(self.types == t) & (self.wide == w)][0] for w in range(2) for t in range(3)]
        assert cells == pytest.approx(R["raked"]["cells"], rel=1e-9)
        parts = {"clusters": CLUSTERED["dnum"], "population": CLUSTERED["fpc"]}
        design = Design(raked.weights, **parts, calibration=(self.types, self.wide), base_weights=CLUSTERED["pw"])
        for estimate, name in (
            (weighted_mean(design, CLUSTERED["api00"]), "api00"),
            (weighted_total(design, CLUSTERED["enroll"]), "enroll"),
        ):
            assert estimate.value == pytest.approx(R["raked"][name]["value"], rel=1e-9)
            assert estimate.standard_error == pytest.approx(R["raked"][name]["error"], rel=1e-7)

    def test_post_stratified(self):
        weights = post_stratify(CLUSTERED["pw"], self.by_type)
        design = Design(weights, clusters=CLUSTERED["dnum"], population=CLUSTERED["fpc"], calibration=(self.types,))
        estimate = weighted_mean(design, CLUSTERED["api00"])
        assert estimate.value == pytest.approx(642.3107882, rel=1e-9)
        assert estimate.standard_error == pytest.approx(23.92048645, rel=1e-9)
        total = weighted_total(design, CLUSTERED["enroll"])
        assert (total.value, total.standard_error) == pytest.approx((3680892.945, 406292.6363), rel=1e-9)


class TestDomains:
    """Missing answers and groups are domains; R's numbers are in r/designs.json."""

    awards = np.where(np.arange(200) % 7 == 0, -1, AWARDS)
    wide = np.where(np.arange(200) % 11 == 2, -1, WIDE)

    @pytest.mark.parametrize(("design", "name"), [(WITH_STRATA, "strata"), (WEIGHTED, "plain")])
    def test_cross_with_missing_answers(self, design, name):
        test = rao_scott(design, self.wide, self.awards)
        theirs = R["missing"][name]
        assert test.statistic == pytest.approx(theirs["statistic"], rel=1e-9)
        assert [test.df, test.df_denominator] == pytest.approx(theirs["parameter"])
        assert test.p_value == pytest.approx(theirs["p"], rel=1e-6)

    def test_share_of_those_who_answered(self):
        values = np.where(self.awards < 0, np.nan, self.awards)
        estimate = weighted_mean(WITH_STRATA, values)
        assert estimate.value == pytest.approx(R["missing"]["mean"]["value"][1], rel=1e-12)
        assert estimate.standard_error == pytest.approx(R["missing"]["mean"]["error"][1], rel=1e-12)
        assert estimate.base == 171

    def test_mean_of_a_group(self):
        estimate = weighted_mean(WITH_STRATA, STRATIFIED["api00"], domain=self.awards == 1)
        assert (estimate.value, estimate.standard_error, estimate.df) == pytest.approx(
            (R["domain"]["value"], R["domain"]["error"], R["domain_df"]), rel=1e-12
        )

    def test_quantiles(self):
        found = [weighted_quantile(STRATIFIED["enroll"], STRATIFIED["pw"], q) for q in (0.1, 0.25, 0.5, 0.9)]
        assert found == R["quantiles"]


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
def test_strata_of_one_unit(lonely):
    design = Design(np.array([10.0, 12, 9, 20, 18, 30, 7, 8]), strata=np.array([1, 1, 1, 2, 2, 3, 4, 4]), lonely=lonely)
    estimate = weighted_mean(design, [3, 5, 9, 2, 8, 4, 1, 6])
    assert estimate.standard_error == pytest.approx(R["lonely"][lonely], rel=1e-12)


def test_a_difference_is_the_slope_of_a_regression():
    estimate = weighted_difference(WEIGHTED, STRATIFIED["api00"], AWARDS == 1, AWARDS == 0)
    x, root = np.column_stack([np.ones(200), AWARDS]), np.sqrt(STRATIFIED["pw"])
    slope = np.linalg.lstsq(x * root[:, None], STRATIFIED["api00"] * root, rcond=None)[0][1]
    assert estimate.value == pytest.approx(slope)
