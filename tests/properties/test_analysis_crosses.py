"""Tests of crosses against enumeration, permutation and other routes to the same number; what takes part in what."""

from __future__ import annotations

from itertools import permutations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import odds_ratio as scipy_odds_ratio

from synthese.analysis.adjusting import adjusted
from synthese.analysis.coding import code
from synthese.analysis.crosses_shown import cross_html
from synthese.analysis.crossing import check_crossable, cross
from synthese.analysis.sampling import Sample
from synthese.analysis.testing import cross_tests
from synthese.codebook import Codebook, variable
from synthese.disclosure import release
from synthese.errors import SyntheseError
from synthese.estimates import estimates_frame, tests_frame
from synthese.statistics.association import expected
from synthese.statistics.design_columns import column_pairs
from synthese.statistics.design_tests import rao_scott
from synthese.statistics.designs import Design
from synthese.statistics.effects import odds_ratio
from synthese.statistics.marginal import single_by_multiple
from synthese.statistics.multiplicity import benjamini_hochberg
from synthese.statistics.ordinal import expand, kruskal_wallis, mann_whitney, rank_groups
from synthese.study import StudySettings, WaveSettings

bounded = settings(max_examples=25, deadline=None)


def options(number: int) -> list[dict]:
    return [{"code": f"o{k}", "label": f"O{k}"} for k in range(number)]


def entry(id: str, kind: str, **more) -> dict:
    return {"id": id, "section": "A", "text": f"{id} ?", "type": kind, **more}


CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "E",
        "questions": [
            entry("S", "single", options=options(3)),
            entry("B", "single", options=options(2)),
            entry("D", "ordinal", options=options(3)),
            entry("E", "ordinal", options=options(3)),
            entry("M", "multiple", options=options(3), unticked="none_of_them"),
            entry("P", "multiple", options=options(2), unticked="none_of_them"),
            entry("N", "numeric"),
            entry("R", "ranking", rows=[{"code": "i", "label": "I"}, {"code": "j", "label": "J"}]),
        ],
    }
)


def answers(n: int, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    columns = {
        name: pd.Series([f"o{k}" for k in draw.integers(0, width, n)], dtype="str")
        for name, width in (("S", 3), ("B", 2), ("D", 3), ("E", 3))
    }
    for name, width in (("M", 3), ("P", 2)):
        columns[name] = pd.Series(["answered"] * n, dtype="str")
        for k in range(width):
            columns[f"{name}.o{k}"] = pd.Series(draw.random(n) < 0.4, dtype="boolean")
    columns["N"] = pd.Series(draw.integers(0, 9, n), dtype="Float64")
    columns["N._reason"] = pd.Series(["answered"] * n, dtype="str")
    return pd.DataFrame(columns)


def found(frame: pd.DataFrame, name: str, by: str, sample: Sample | None = None, **more) -> pd.DataFrame:
    pair = (code(frame, variable(CODEBOOK, id, "w")) for id in (name, by))
    rows = cross_tests(*pair, sample or Sample(seed=1), "exploratory", **more)
    return tests_frame({"wave": "w", **row} for row in rows)


def weighted(n: int) -> Sample:
    return Sample(seed=1, design=Design(np.random.default_rng(5).uniform(0.3, 3, n)))


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None)
def test_the_exact_test_is_the_enumeration_of_all_orders_of_the_answers(seed):
    frame = answers(7, seed)
    row = found(frame, "S", "B", test="exact").iloc[0]
    s, b = frame["S"].to_numpy(), frame["B"].to_numpy()
    assume(len(set(s)) > 1 and len(set(b)) > 1)

    def table(rows):
        return tuple(sum((r, c) == cell for r, c in zip(rows, b, strict=True)) for cell in cells)

    cells = [(r, c) for r in sorted(set(s)) for c in sorted(set(b))]
    tables: dict[tuple, int] = {}
    for order in permutations(s):
        tables[table(order)] = tables.get(table(order), 0) + 1
    seen = tables[table(s)]
    assert row["p_value"] == pytest.approx(sum(n for n in tables.values() if n <= seen) / sum(tables.values()))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_block_test_has_about_the_p_value_of_permutations(seed):
    frame = answers(80, seed)
    row = found(frame, "M", "B").iloc[0]
    groups = frame["B"].eq("o1").to_numpy().astype(int)
    marks = frame[["M.o0", "M.o1", "M.o2"]].to_numpy(dtype=int)
    draw = np.random.default_rng(0)
    drawn = [single_by_multiple(draw.permutation(groups), 2, marks).total for _ in range(500)]
    observed = single_by_multiple(groups, 2, marks).total
    assert row["method"] == "bilder_loughin_rao_scott"
    assert row["p_value"] == pytest.approx(np.mean(np.array(drawn) >= observed - 1e-9), abs=0.07)
    again = found(frame, "M", "B", test="bootstrap").iloc[0]
    assert again["method"] == "bootstrap"
    assert again["p_value"] == pytest.approx(row["p_value"], abs=0.07)


def rows_of_width(width: int) -> st.SearchStrategy[list[list[int]]]:
    row = st.lists(st.integers(0, 9), min_size=width, max_size=width)
    return st.lists(row, min_size=2, max_size=5)


tables = st.integers(2, 4).flatmap(rows_of_width).filter(lambda rows: np.sum(rows) > 0)


@given(tables)
@bounded
def test_ranks_from_counts_are_ranks_of_respondents(table):
    ours = rank_groups(table)
    filled = int((np.sum(table, axis=0) > 0).sum())
    theirs = (mann_whitney if filled == 2 else kruskal_wallis)(*expand(table))
    assert (ours.method, ours.reason, ours.base) == (theirs.method, theirs.reason, theirs.base)
    if theirs.p_value is not None:
        names = ("statistic", "p_value", "effect_size")
        assert [getattr(ours, n) for n in names] == pytest.approx([getattr(theirs, n) for n in names], rel=1e-9)
        assert ours.df == theirs.df


@given(st.lists(st.integers(1, 30), min_size=4, max_size=4))
@bounded
def test_odds_ratios_are_scipys(cells):
    table = np.reshape(cells, (2, 2))
    ours, theirs = odds_ratio(table), scipy_odds_ratio(table)
    low, high = theirs.confidence_interval(0.95)
    assert (ours.value, ours.interval.low, ours.interval.high) == pytest.approx((theirs.statistic, low, high), rel=1e-6)


@pytest.mark.parametrize("kind", ["weights", "strata", "clusters", "calibration"])
def test_pairs_of_columns_are_rao_scotts_test_of_the_two_alone(kind):
    draw = np.random.default_rng(3)
    n = 240
    parts = {"strata": {"strata": np.arange(n) // 60}, "clusters": {"clusters": np.arange(n) // 4}}
    parts["calibration"] = {"calibration": [np.arange(n) // 60]}
    design = Design(draw.uniform(0.3, 3, n), **parts.get(kind, {}))
    columns = draw.integers(-1, 4, n)
    chosen = draw.random(n) < 0.2 + 0.15 * columns
    pairs = column_pairs(design, chosen, columns, 4, minimum_base=10)
    assert len(pairs.first) >= 3
    for k, (i, j) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        alone = np.where(np.isin(columns, (i, j)), (columns == j).astype(int), -1)
        test = rao_scott(design, (~chosen).astype(int), alone)
        mine = (pairs.statistic[k], pairs.p_value[k], pairs.base[k], pairs.df_denominator)
        assert mine == pytest.approx((test.statistic, test.p_value, test.base, test.df_denominator), rel=1e-8)


PAIRS = {"holm_pairs"}


@pytest.mark.parametrize("sample", [None, weighted(90)], ids=["alike", "weighted"])
def test_pairs_are_of_groups_of_thirty_and_adjusted_within_their_row(sample):
    frame = answers(90, 4)
    frame["S"] = pd.Series(["o0"] * 31 + ["o1"] * 30 + ["o2"] * 29, dtype="str")
    rows = found(frame, "D", "S", sample).loc[lambda rows: rows["adjustment"].isin(PAIRS)]
    assert set(zip(rows["group"], rows["reference_group"], strict=True)) == {("o0", "o1")}
    frame = answers(300, 4)
    many = None if sample is None else weighted(300)
    rows = found(frame, "D", "S", many).loc[lambda rows: rows["adjustment"].isin(PAIRS)]
    for _, row in rows.groupby("option"):
        p, a = np.sort(row["p_value"]), np.sort(row["p_adjusted"])
        assert len(row) == 3
        assert a == pytest.approx(np.minimum(1, np.maximum.accumulate(p * [3, 2, 1])))
    assert found(frame, "S", "M", many)["adjustment"].isin(PAIRS).sum() == 0, "overlapping groups are not compared"


def test_a_share_of_0_or_1_is_not_compared():
    frame = answers(120, 5)
    frame["S"] = pd.Series(["o0", "o1", "o2"] * 40, dtype="str")
    frame.loc[frame["S"].eq("o1"), "M.o0"] = True
    frame.loc[frame["S"].eq("o2"), "M.o1"] = False
    rows = found(frame, "M", "S").loc[lambda rows: rows["adjustment"].isin(PAIRS)]
    pairs = {o: set(zip(r["group"], r["reference_group"], strict=True)) for o, r in rows.groupby("option")}
    assert pairs["o0"] == {("o0", "o2")}
    assert pairs["o1"] == {("o0", "o1")}
    assert len(pairs["o2"]) == 3


WANTED = {
    ("S", "B"): ["chi_square"],
    ("B", "B"): ["chi_square", "fisher_exact"],
    ("D", "B"): ["chi_square", "mann_whitney"],
    ("D", "S"): ["chi_square", "kruskal_wallis"],
    ("D", "E"): ["chi_square", "linear_by_linear", "concordance", "concordance"],
    ("B", "D"): ["chi_square", "cochran_armitage"],
    ("M", "S"): ["bilder_loughin_rao_scott", "bonferroni", *["chi_square"] * 3],
    ("M", "D"): ["bilder_loughin_rao_scott", "bonferroni", *["chi_square", "cochran_armitage"] * 3],
    ("M", "B"): ["bilder_loughin_rao_scott", "bonferroni", *["chi_square", "fisher_exact"] * 3],
    ("S", "P"): ["bilder_loughin_rao_scott", "bonferroni", *["chi_square"] * 2],
    ("M", "P"): ["bilder_loughin_rao_scott", "bonferroni", *["bilder_loughin_rao_scott"] * 3],
    ("N", "B"): ["mann_whitney"],
    ("N", "S"): ["kruskal_wallis"],
}
BY_DESIGN = {
    ("S", "B"): ["rao_scott_f"],
    ("D", "B"): ["rao_scott_f", "design_rank_t"],
    ("D", "E"): ["rao_scott_f", "design_rank_f"],
    ("B", "D"): ["rao_scott_f", "design_rank_t"],
    ("M", "S"): [None, "bonferroni", *["rao_scott_f"] * 3],
    ("M", "D"): [None, "bonferroni", *["rao_scott_f", "design_rank_t"] * 3],
    ("S", "P"): [None, "bonferroni", *["rao_scott_f"] * 2],
    ("M", "P"): [None, "bonferroni", *["rao_scott_f"] * 6],
    ("N", "B"): ["design_t", "design_rank_t"],
    ("N", "S"): ["design_rank_f"],
}


@pytest.mark.parametrize(("name", "by"), WANTED)
def test_which_tests_a_cross_gets(name, by):
    frame = answers(200, 6)
    alone = found(frame, name, by).loc[lambda rows: ~rows["adjustment"].isin(PAIRS)]
    assert alone["method"].tolist() == WANTED[name, by]
    effects = alone["method"].isin(["fisher_exact", "concordance"])
    assert (alone["p_value"].isna() == effects).all(), "an effect is no test"
    assert set(alone["family"]) == {"exploratory"}
    if (name, by) in BY_DESIGN:
        rows = found(frame, name, by, weighted(200)).loc[lambda rows: ~rows["adjustment"].isin(PAIRS)]
        assert [None if pd.isna(m) else m for m in rows["method"]] == BY_DESIGN[name, by]
        tested = rows.loc[rows["method"].notna() & rows["method"].ne("bonferroni")]
        assert tested[["p_value", "df_denominator"]].notna().all().all()


def test_rows_adjusted_within_their_cross_take_no_part_in_the_report():
    rows = found(answers(200, 7), "M", "S")
    report = adjusted(rows)
    alone = rows["adjustment"].isna() & rows["p_value"].notna()
    assert rows["adjustment"].dropna().unique().tolist() == ["bonferroni", "holm_pairs"]
    assert report.loc[~alone, "p_adjusted"].equals(rows.loc[~alone, "p_adjusted"])
    wanted = benjamini_hochberg([float(p) for p in rows.loc[alone, "p_value"]])
    assert report.loc[alone, "p_adjusted"].tolist() == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("pair", "test", "sample", "words"),
    [
        ("SB", "g3", None, "no test 'g3'"),
        ("SB", "bootstrap", None, "'bootstrap' tests a multiple response as a block, and S by B has none"),
        ("NB", "g2", None, "'g2' needs options, and N by B has numbers"),
        ("SB", "g2", weighted(20), "'g2' takes every answer to count alike"),
    ],
)
def test_tests_that_do_not_suit_are_refused(pair, test, sample, words):
    with pytest.raises(SyntheseError, match=words):
        found(answers(20, 1), *pair, sample, test=test)


def test_rankings_and_breakdowns_without_options_are_refused():
    def side(name: str):
        return SimpleNamespace(variable=variable(CODEBOOK, name, "w"))

    for pair, words in (("RS", "R is ranking: it has neither options nor numbers"), ("SN", "N is numeric: it has no")):
        with pytest.raises(SyntheseError, match=words):
            check_crossable(*map(side, pair))


def test_an_exact_test_of_a_table_too_large_is_refused():
    with pytest.raises(SyntheseError, match=r'test="monte_carlo"'):
        found(answers(6000, 2), "S", "D", test="exact")


def test_numbers_of_groups_are_told_with_their_bases():
    frame = answers(60, 8)
    pair = [code(frame, variable(CODEBOOK, id, "w")) for id in "NB"]
    rows = estimates_frame({"wave": "w", **row} for row in cross(*pair, Sample(seed=1)))
    values = frame["N"].to_numpy(dtype=float)
    for group in ("o0", "o1"):
        inside = frame["B"].eq(group).to_numpy()
        of_group = rows.loc[rows["group"].eq(group).fillna(False)].set_index("statistic")
        assert of_group.loc["mean", "value"] == pytest.approx(values[inside].mean())
        assert of_group.loc["median", "value"] == np.median(values[inside])
        assert of_group.loc["mean", "base"] == of_group.loc["count", "count"] == inside.sum()
        assert of_group.loc["mean", "ci_low"] < of_group.loc["mean", "value"] < of_group.loc["mean", "ci_high"]
    assert rows.loc[rows["group"].isna(), "statistic"].tolist() == ["mean", "median"]


def test_letters_stand_beside_the_larger_share():
    frame = answers(300, 9)
    frame["S"] = pd.Series(["o0"] * 100 + ["o1"] * 100 + ["o2"] * 100, dtype="str")
    for place, chosen in ((0, 80), (1, 40), (2, 30)):
        ticks = [True] * chosen + [False] * (100 - chosen)
        frame.loc[100 * place : 100 * place + 99, "M.o0"] = ticks
    pair = [code(frame, variable(CODEBOOK, id, "w")) for id in "MS"]
    rows = estimates_frame({"wave": "w", **row} for row in cross(*pair, Sample(seed=1)))
    page = cross_html("M × S", rows, found(frame, "M", "S"), lambda _, option: str(option)).replace("\u00a0", " ")
    assert "<td>80 (80,0 %)<sup> B C</sup>" in page
    assert "<td>40 (40,0 %)<br>" in page, "forty is not significantly more than thirty"
    assert "<th scope='col'>o2<br><small>C</small></th>" in page
    assert "seuil de 5 %" in page
    assert "Bilder–Loughin" in page
    assert "Holm par ligne" not in page, "pairs are letters, not lines"


def test_the_rule_follows_expected_counts():
    for n, methods in ((9, {"freeman_halton"}), (400, {"chi_square"})):
        frame = answers(n, 3)
        row = found(frame, "S", "D").iloc[0]
        counts = pd.crosstab(frame["S"], frame["D"]).to_numpy()
        means = expected(counts)
        assert (means.min() >= 1 and (means < 5).mean() <= 0.2) == (row["method"] == "chi_square")
        assert row["method"] in methods


def test_the_gate_releases_nothing_of_a_number_by_groups():
    # The codebook plans no cross of a number, so that each is exploratory: even large groups stay in the notebook.
    frame = answers(300, 8)
    pair = [code(frame, variable(CODEBOOK, id, "w")) for id in "NB"]
    rows = estimates_frame({"wave": "w", **row} for row in cross(*pair, Sample(seed=1)))
    wave = WaveSettings.model_validate(
        {
            "schema": 1,
            "id": "w",
            "title": "V",
            "export": "export.csv",
            "tool": "plain",
            "field": {"start": "2026-01-01", "end": "2026-02-01"},
            "channel": "c",
            "design": "probability",
        }
    )
    settings_ = StudySettings.model_validate({"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}})
    released = release(rows, found(frame, "N", "B"), CODEBOOK, wave, settings_)
    for kept in (released.estimates, released.tests):
        assert set(kept["status"]) == {"too_small"}
        assert set(kept["reason"]) == {"exploratory"}
        assert kept.select_dtypes("number").isna().all().all()
