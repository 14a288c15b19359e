"""Sections 1 to 5 of the oracles, number by number as printed, beside the function that must give it: designs.

What each stands for is told in `test_statistics_designs.py`; the data are those of R's survey (`r/survey_data.R`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from oracles import Oracle, numbers

from synthese.statistics import design_groups, design_tests, proportions, weighted, weights
from synthese.statistics.designs import Design
from synthese.statistics.tabulation import crosstab
from synthese.statistics.two_stage import TwoStageDesign


@cache
def data(name: str) -> dict[str, np.ndarray]:
    columns = numbers("survey_data")[name]
    return {k: np.array([np.nan if v is None else v for v in column]) for k, column in columns.items()}


def codes(sample: str, column: str) -> np.ndarray:
    return np.unique(data(sample)[column], return_inverse=True)[1]


def indicator(sample: str, column: str, value: str) -> np.ndarray:
    return (data(sample)[column] == value).astype(float)


@cache
def design(name: str) -> Design:
    strat, clus, staged = data("apistrat"), data("apiclus1"), data("apiclus2")
    clusters = {"clusters": clus["dnum"], "population": clus["fpc"]}
    types, wide = codes("apiclus1", "stype"), codes("apiclus1", "sch.wide")
    if name == "raked":
        return Design(raked().weights, **clusters, calibration=(types, wide), base_weights=clus["pw"])
    if name == "post":
        margin = weights.Margin(types, np.array([4421.0, 755, 1018]), "register")
        return Design(weights.post_stratify(clus["pw"], margin), **clusters, calibration=(types,))
    if name == "staged":
        given = np.array(numbers("designs")["two_stage"]["weights"])
        return TwoStageDesign(given, clusters=staged["dnum"], population=staged["fpc1"], cluster_sizes=staged["fpc2"])
    return {
        "weights": Design(strat["pw"]),
        "strata": Design(strat["pw"], strata=codes("apistrat", "stype"), population=strat["fpc"]),
        "clusters": Design(clus["pw"], **clusters),
    }[name]


@cache
def raked() -> weights.Raked:
    margins = [
        weights.Margin(codes("apiclus1", "stype"), np.array([4421.0, 755, 1018]), "register"),
        weights.Margin(codes("apiclus1", "sch.wide"), np.array([1072.0, 5122]), "register"),
    ]
    return weights.rake(data("apiclus1")["pw"], margins, tolerance=1e-4)


def sample_of(name: str) -> str:
    return {"weights": "apistrat", "strata": "apistrat", "staged": "apiclus2"}.get(name, "apiclus1")


def mean(name: str, values: str) -> tuple[float, float]:
    found = weighted.weighted_mean(design(name), data(sample_of(name))[values])
    return found.value, found.standard_error


def share(name: str, column: str, value: str) -> tuple[float, float]:
    found = weighted.weighted_mean(design(name), indicator(sample_of(name), column, value))
    return found.value, found.standard_error


def total(name: str, column: str, value: str | None = None) -> tuple[float, float]:
    sample = sample_of(name)
    values = data(sample)[column] if value is None else indicator(sample, column, value)
    found = weighted.weighted_total(design(name), values)
    return found.value, found.standard_error


def jackknife() -> float:
    clus = data("apiclus1")
    kept = [clus["dnum"] != district for district in np.unique(clus["dnum"])]
    drawn = [weighted.weighted_mean(design("clusters"), clus["api00"], domain=rows).value for rows in kept]
    return float(np.sqrt((1 - len(kept) / clus["fpc"][0]) * (len(kept) - 1) * np.var(drawn)))


def ends(interval: proportions.Interval) -> tuple[float, float]:
    return interval.low, interval.high


def share_interval(name: str, method: str) -> tuple[float, float]:
    found = weighted.weighted_mean(design(name), indicator(sample_of(name), "sch.wide", "Yes"))
    value, variance = found.value, found.standard_error**2
    return ends(
        {
            "logit": lambda: proportions.logit(value, variance, found.df),
            "beta": lambda: proportions.korn_graubard(value, variance, found.base, found.df),
            "mean": lambda: proportions.wald(value, variance, found.df),
            "asin": lambda: proportions.arcsine(value, variance, found.df),
            "likelihood": lambda: proportions.likelihood(value, variance, found.base, found.df),
        }[method]()
    )


def f_test(name: str, rows: str, columns: str) -> tuple[float, ...]:
    sample = sample_of(name)
    found = design_tests.rao_scott(design(name), codes(sample, rows), codes(sample, columns))
    return found.statistic, found.df, found.df_denominator, found.p_value


def first_order(name: str, rows: str, columns: str) -> tuple[float, float]:
    """R's "Chisq" prints X² itself, and the p-value of X² over the mean design effect."""
    sample = sample_of(name)
    found = design_tests.rao_scott(design(name), codes(sample, rows), codes(sample, columns), "chi_square")
    return found.base * found.effect_size**2, found.p_value


def wald(name: str, rows: str, columns: str, adjusted: bool = True) -> tuple[float, ...]:
    sample = sample_of(name)
    found = design_tests.wald_independence(design(name), codes(sample, rows), codes(sample, columns), adjusted)
    return found.statistic, found.df, found.df_denominator, found.p_value


def t_test(name: str, values: str, groups: str) -> tuple[float, ...]:
    sample = sample_of(name)
    found = design_groups.compare_means(design(name), data(sample)[values], codes(sample, groups))
    return found.statistic, found.df_denominator, found.p_value, found.effect_size


def ranks(name: str, values: str, groups: str, score: str = "wilcoxon") -> tuple[float, float]:
    sample = sample_of(name)
    found = design_groups.rank_test(design(name), data(sample)[values], codes(sample, groups), score)
    return found.statistic * (found.df or 1), found.p_value


def column_shares(method: Callable[[weighted.Estimate], float]) -> list[float]:
    awards, types = indicator("apistrat", "awards", "Yes"), codes("apistrat", "stype")
    return [method(weighted.weighted_mean(design("weights"), awards, domain=types == k)) for k in range(3)]


def percents(kind: str) -> list[float]:
    found = weighted.weighted_mean(design("clusters"), indicator("apiclus1", "stype", kind))
    low, high = ends(proportions.logit(found.value, found.standard_error**2, found.df))
    return [100 * found.value, 100 * low, 100 * high]


def cell() -> list[float]:
    both = indicator("apistrat", "sch.wide", "Yes") * indicator("apistrat", "stype", "E")
    found = weighted.weighted_mean(design("strata"), both)
    return [
        found.value,
        found.standard_error,
        *ends(proportions.logit(found.value, found.standard_error**2, found.df)),
    ]


def raked_cell(wide: str, kind: str) -> float:
    place = indicator("apiclus1", "sch.wide", wide) * indicator("apiclus1", "stype", kind) > 0
    return float(raked().weights[place][0])


COARSE = "R stops raking when no margin moves by 1, and takes residuals pass by pass"
EARLY = "R stops its fit early: the method xlogit, without a fit, gives the row of R to the end"
ORACLES = [
    Oracle("1", "api00", "644.169399 23.5422", lambda: mean("clusters", "api00")),
    Oracle("1", "api99", "606.978142 24.2250", lambda: mean("clusters", "api99")),
    Oracle("1", "stype E", ".786885 .0463", lambda: share("clusters", "stype", "E")),
    Oracle("1", "stype H", ".076503 .0268", lambda: share("clusters", "stype", "H")),
    Oracle("1", "stype M", ".136612 .0296", lambda: share("clusters", "stype", "M")),
    Oracle("1", "enroll total", "3404940.13 932235.03", lambda: total("clusters", "enroll")),
    Oracle("1", "total E", "4873.97 1333.32", lambda: total("clusters", "stype", "E")),
    Oracle("1", "total H", "473.86 158.70", lambda: total("clusters", "stype", "H")),
    Oracle("1", "total M", "846.17 167.55", lambda: total("clusters", "stype", "M")),
    Oracle("1", "JK1", "26.3294", jackknife),
    Oracle(
        "2",
        "n, Σw",
        "200 6193.999958",
        lambda: (weights.kish(data("apistrat")["pw"]).base, design("weights").weights.sum()),
    ),
    Oracle("2", "Kish n", "168.5813313", lambda: weights.kish(data("apistrat")["pw"]).effective_n),
    Oracle("2", "Kish deff", "1.186370985", lambda: weights.kish(data("apistrat")["pw"]).design_effect),
    Oracle("2", "sch.wide", ".8279480114 .02606867967", lambda: share("weights", "sch.wide", "Yes")),
    Oracle("2", "logit", ".7703487213 .8734735005", lambda: share_interval("weights", "logit"), 1e-9, EARLY),
    Oracle("2", "logit, R to the end", ".770348721705 .873473500907", lambda: share_interval("weights", "logit")),
    Oracle("2", "beta", ".7699107511 .8764512764", lambda: share_interval("weights", "beta")),
    Oracle("2", "mean", ".7765417079 .8793543149", lambda: share_interval("weights", "mean")),
    Oracle("2", "asin", ".7736633005 .8761583208", lambda: share_interval("weights", "asin")),
    Oracle(
        "2",
        "likelihood",
        ".7725214424 .8752754683",
        lambda: share_interval("weights", "likelihood"),
        2.5e-6,
        "R reads it off a spline of a fit stopped early; told to go on it gives the row below",
    ),
    Oracle("2", "likelihood, R to the end", ".772520584 .875273461", lambda: share_interval("weights", "likelihood")),
    Oracle("2", "api00", "662.2873632 9.585428876", lambda: mean("weights", "api00")),
    Oracle(
        "2",
        "t interval",
        "643.385314 681.1894124",
        lambda: ends(weighted.weighted_mean(design("weights"), data("apistrat")["api00"]).interval()),
    ),
    Oracle("2", "df", "199", lambda: weighted.weighted_mean(design("weights"), data("apistrat")["api00"]).df),
    Oracle(
        "2",
        "quartiles",
        "565 668 756",
        lambda: [
            weighted.weighted_quantile(data("apistrat")["api00"], data("apistrat")["pw"], q) for q in (0.25, 0.5, 0.75)
        ],
    ),
    Oracle(
        "2",
        "F wide",
        "16.7195776 1.838123808 365.7866378 2.977849228e-07",
        lambda: f_test("weights", "sch.wide", "stype"),
    ),
    Oracle("2", "Chisq", "26.75353404 5.479989251e-08", lambda: first_order("weights", "sch.wide", "stype")),
    Oracle(
        "2", "Wald", "14.0332578 2 199 1.989060933e-06", lambda: wald("weights", "sch.wide", "stype", adjusted=False)
    ),
    Oracle("2", "adjWald", "13.96273891 2 198 2.124702345e-06", lambda: wald("weights", "sch.wide", "stype")),
    Oracle(
        "2",
        "F awards",
        "13.6839436 1.893007026 376.7083982 3.061132412e-06",
        lambda: f_test("weights", "awards", "stype"),
    ),
    Oracle(
        "2",
        "cells",
        "27 34 26 73 16 24",
        lambda: crosstab(codes("apistrat", "awards"), codes("apistrat", "stype"), 2, 3).ravel(),
    ),
    Oracle("2", "Yes %", "73 32 48", lambda: [100 * v for v in column_shares(lambda e: e.value)]),
    Oracle(
        "2",
        "Yes SE",
        ".0445073536 .0661352353 .0708313873",
        lambda: column_shares(lambda e: e.standard_error),
    ),
    Oracle("2", "t awards", "2.269464936 198 .0243177533 44.68749396", lambda: t_test("weights", "api00", "awards")),
    Oracle("2", "Wilcoxon", "2.086107499 .0382499557", lambda: ranks("weights", "api00", "awards")),
    Oracle("2", "KW", "6.496380331 .04093449561", lambda: ranks("weights", "api00", "stype")),
    Oracle("3", "api00", "662.2873632 9.408940803", lambda: mean("strata", "api00")),
    Oracle("3", "deff", "1.20446", lambda: weighted.design_effect(design("strata"), data("apistrat")["api00"])),
    Oracle(
        "3",
        "t interval",
        "643.7321883 680.842538",
        lambda: ends(weighted.weighted_mean(design("strata"), data("apistrat")["api00"]).interval()),
    ),
    Oracle("3", "df", "197", lambda: design("strata").df()),
    Oracle("3", "enroll", "3687177.532 114641.7161", lambda: total("strata", "enroll")),
    Oracle("3", "sch.wide SE", ".02434478011", lambda: share("strata", "sch.wide", "Yes")[1]),
    Oracle("3", "logit", ".7745396544 .8708148545", lambda: share_interval("strata", "logit"), 1e-9, EARLY),
    Oracle(
        "3", "F", "17.24744396 1.828671504 360.2482863 2.035046359e-07", lambda: f_test("strata", "sch.wide", "stype")
    ),
    Oracle("3", "Chisq p", "3.232438416e-08", lambda: first_order("strata", "sch.wide", "stype")[1]),
    Oracle("3", "t awards", "2.30360732 196 .02229352382", lambda: t_test("strata", "api00", "awards")[:3]),
    Oracle("3", "svy's cell", ".64952 .02030 .60852 .68842", cell),
    Oracle(
        "4", "F", "5.193369541 1.494639778 20.92495689 .02174746237", lambda: f_test("clusters", "sch.wide", "stype")
    ),
    Oracle("4", "Chisq", "11.94089208 .005553263303", lambda: first_order("clusters", "sch.wide", "stype")),
    Oracle("4", "adjWald", "2.229554415 2 13 .1470578869", lambda: wald("clusters", "sch.wide", "stype")),
    Oracle("4", "t", "-.731051147 13 .4777183901", lambda: t_test("clusters", "enroll", "comp.imp")[:3]),
    Oracle("4", "Wilcoxon", "2.136723758 .05220581263", lambda: ranks("clusters", "ell", "comp.imp")),
    Oracle("4", "vdW", "2.161802183 .04986911192", lambda: ranks("clusters", "ell", "comp.imp", "van_der_waerden")),
    Oracle("4", "median", "1.686581816 .115518289", lambda: ranks("clusters", "ell", "comp.imp", "median")),
    Oracle("4", "cardx, sch.wide", "11.4203 1 39", lambda: wald("staged", "comp.imp", "sch.wide")[:3]),
    Oracle("4", "cardx, stype", "4.480236 2 38", lambda: wald("staged", "comp.imp", "stype")[:3]),
    Oracle("4", "gtsummary E", "79 67 87", lambda: percents("E")),
    Oracle("4", "gtsummary H", "7.7 3.5 16", lambda: percents("H")),
    Oracle("4", "gtsummary M", "14 8.4 21", lambda: percents("M")),
    Oracle("5", "E·No", "39.83850941", lambda: raked_cell("No", "E")),
    Oracle("5", "H·No", "67.12578263", lambda: raked_cell("No", "H")),
    Oracle("5", "M·No", "49.0700674", lambda: raked_cell("No", "M")),
    Oracle("5", "E·Yes", "29.87046387", lambda: raked_cell("Yes", "E")),
    Oracle("5", "H·Yes", "50.33015277", lambda: raked_cell("Yes", "H")),
    Oracle("5", "M·Yes", "36.79218166", lambda: raked_cell("Yes", "M")),
    Oracle("5", "n_eff", "174.0105279", lambda: raked().after.effective_n),
    Oracle("5", "deff_K", "1.051660507", lambda: raked().after.design_effect),
    Oracle("5", "mean", "641.2302469", lambda: mean("raked", "api00")[0]),
    Oracle("5", "mean SE", "23.70364124", lambda: mean("raked", "api00")[1], 2.1e-5, COARSE),
    Oracle("5", "enroll", "3647300.031", lambda: total("raked", "enroll")[0]),
    Oracle("5", "enroll SE", "400602.7197", lambda: total("raked", "enroll")[1], 8.0, COARSE),
    Oracle("5", "post-stratified", "642.3107882 23.92048645", lambda: mean("post", "api00")),
    Oracle("5", "post-stratified enroll", "3680892.945 406292.6363", lambda: total("post", "enroll")),
]


@pytest.mark.parametrize("one", ORACLES, ids=str)
def test_a_function_gives_what_is_printed(one):
    assert one.faults() == []
