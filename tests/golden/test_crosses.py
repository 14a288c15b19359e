"""What `Wave.cross` says of two questions against printed numbers: `shared/oracles.md`, 2 to 4, 6 and 8, and `r/`."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from synthese.analysis.sampling import Sample
from synthese.analysis.wave import Wave
from synthese.codebook import Codebook
from synthese.statistics.designs import Design

HERE = Path(__file__).parent / "r"
DATA = json.loads((HERE / "survey_data.json").read_text())
TABLES = json.loads((HERE / "tables.json").read_text())
MULTIPLE = json.loads((HERE / "multiple.json").read_text())

PARTY = [[762, 327, 468], [484, 239, 477]]
INCOME = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
TEA = [[3, 1], [1, 3]]
SMOKERS = [[83, 90, 129, 70], [3, 3, 7, 12]]
# farmer1: 262 farmers, 5 levels of education × 5 sources of information.
SOURCES = [[19, 38, 29, 47, 40], [2, 6, 8, 8, 4], [1, 13, 10, 17, 14], [19, 29, 40, 53, 29], [3, 4, 8, 6, 6]]
EDUCATION = [88, 16, 31, 113, 14]


STRATIFIED = {name: np.array(column) for name, column in DATA["apistrat"].items()}
CLUSTERED = {name: np.array(column) for name, column in DATA["apiclus1"].items()}


def codes(column: np.ndarray) -> np.ndarray:
    return np.unique(column, return_inverse=True)[1]


def near(expected: object, rel: float = 1e-9):
    return pytest.approx(expected, rel=rel, abs=1e-12)


def one(places: np.ndarray, kind: str = "single") -> tuple[dict, dict]:
    """A question with one answer, as its entry of a codebook and its columns."""
    options = [{"code": f"o{k}", "label": f"O{k}"} for k in range(int(places.max()) + 1)]
    return {"type": kind, "options": options}, {"": pd.Series([f"o{k}" for k in places], dtype="str")}


def several(marks: np.ndarray) -> tuple[dict, dict]:
    """A question with several answers."""
    options = [{"code": f"o{k}", "label": f"O{k}"} for k in range(marks.shape[1])]
    ticks = {f".o{k}": pd.Series(ticked.astype(bool), dtype="boolean") for k, ticked in enumerate(marks.T)}
    entry = {"type": "multiple", "options": options, "unticked": "none_of_them"}
    return entry, {"": pd.Series(["answered"] * len(marks), dtype="str")} | ticks


def number(values: np.ndarray) -> tuple[dict, dict]:
    given = np.where(np.isnan(values), "_no_answer", "answered")
    numbers = pd.Series([None if np.isnan(v) else v for v in values], dtype="Float64")
    return {"type": "numeric"}, {"": numbers, "._reason": pd.Series(given, dtype="str")}


def study(sample: Sample, **questions: tuple[dict, dict]) -> Wave:
    """A wave of a study with these questions and nothing else."""
    entries = [{"id": id, "section": "A", "text": f"{id} ?", **entry} for id, (entry, _) in questions.items()]
    codebook = Codebook.model_validate({"schema": 1, "title": "E", "questions": entries})
    columns = {f"{id}{end}": column for id, (_, found) in questions.items() for end, column in found.items()}
    wave = Wave(SimpleNamespace(codebook=codebook), SimpleNamespace(id="w", synthetic=True))
    wave.__dict__.update(responses=pd.DataFrame(columns), weighting=SimpleNamespace(sample=sample))
    return wave


def people(table: list[list[int]], kinds: tuple[str, str] = ("single", "single")) -> Wave:
    """One respondent for each of the counts of a table of Q × G."""
    rows, columns = np.indices(np.shape(table))
    sides = (np.repeat(side.ravel(), np.ravel(table)) for side in (rows, columns))
    q, g = (one(side, kind) for side, kind in zip(sides, kinds, strict=True))
    return study(Sample(seed=1), Q=q, G=g)


def chosen(wave: Wave, method: str, *, test: str = "rule", **where: str | None) -> list:
    found = wave.cross("Q", "G", test=test).tests
    kept = found.loc[found["method"].eq(method).fillna(False)]
    for name, value in where.items():
        kept = kept.loc[kept[name].isna() if value is None else kept[name].eq(value).fillna(False)]
    return list(kept.astype(object).where(kept.notna(), None).itertuples())


def only(wave: Wave, method: str, *, test: str = "rule", **where: str | None):
    (row,) = chosen(wave, method, test=test, **where)
    return row


class TestTables:
    """Section 8."""

    def test_party_and_gender(self):
        wave = people(np.transpose(PARTY).tolist())
        row = only(wave, "chi_square")
        assert (row.statistic, row.df, row.base) == (near(30.0701491), 2, 2757)
        assert row.p_value == near(2.953589e-07, 1e-6)
        assert (row.effect, row.family) == ("cramers_v_corrected", "exploratory")
        assert row.effect_low < row.effect_size < 0.1044358 < row.effect_high
        assert only(wave, "g_test", test="g2").statistic == near(30.01669261)
        found = wave.cross("Q", "G").estimates
        residuals = found.loc[found["statistic"].eq("adjusted_residual") & found["group"].eq("o0"), "value"]
        assert [round(float(r), 2) for r in residuals] == [4.50, 0.70, -5.32]

    def test_income_and_satisfaction_as_scales(self):
        wave = people(INCOME, ("ordinal", "ordinal"))
        assert only(wave, "freeman_halton", test="exact").p_value == near(0.782684939, 1e-8)
        asked = only(wave, "chi_square", test="chi_square")
        assert (asked.statistic, asked.df) == (near(5.965514589), 9)
        assert asked.p_value == near(0.7433647, 1e-6)
        assert asked.reason == "small_expected_counts"
        simulated = only(wave, "monte_carlo", test="monte_carlo")
        assert abs(simulated.p_value - 0.782684939) < 4 * simulated.p_se
        effects = {row.effect: row for row in chosen(wave, "concordance")}
        assert effects["gamma"].effect_size == near(0.2211009174)
        assert effects["tau_b"].effect_size == near(0.1523521513)
        assert all(row.effect_low < row.effect_size < row.effect_high for row in effects.values())
        assert {row.p_value for row in effects.values()} == {None}
        linear = only(wave, "linear_by_linear")
        assert (linear.df, linear.reason) == (1, "scores:1..4x1..4")

    def test_satisfaction_by_groups_of_income(self):
        row = only(people(np.transpose(INCOME).tolist(), ("ordinal", "single")), "kruskal_wallis")
        assert (row.statistic, row.df, row.p_value) == (near(4.119957653), 3, near(0.248798821, 1e-8))

    def test_tea(self):
        wave = people(TEA)
        assert only(wave, "freeman_halton").p_value == near(0.4857142857)
        ratio = only(wave, "fisher_exact")
        assert (ratio.effect, ratio.p_value) == ("odds_ratio", None)
        # R stops its search of the roots early: four digits of the estimate, two of the upper end.
        assert ratio.effect_size == near(6.408308867, 1e-5)
        assert (ratio.effect_low, ratio.effect_high) == (near(0.2117329153, 1e-4), near(621.9337505, 1e-2))

    def test_smokers(self):
        wave = people(SMOKERS, ("single", "ordinal"))
        row = only(wave, "chi_square")
        assert (row.statistic, row.df, row.p_value) == (near(12.6004113, 1e-8), 3, near(0.005585476662))
        trend = only(wave, "cochran_armitage")
        assert (trend.statistic, trend.p_value) == (near(8.224922285), near(0.004131897478))
        pairs = chosen(wave, "two_shares_pooled_z", option="o0", reference_group="o3")
        assert [row.group for row in pairs] == ["o0", "o1", "o2"]
        assert [row.p_adjusted for row in pairs] == near(TABLES["smokers"]["pairs_uncorrected"][2])
        assert {row.adjustment for row in pairs} == {"holm_pairs"}

    def test_ozone_by_month(self):
        ozone = np.array([np.nan if v is None else v for v in TABLES["airquality"]["ozone"]], dtype=float)
        month = np.array(TABLES["airquality"]["month"]) - 5
        wave = study(Sample(seed=1), Q=number(ozone), G=one(month))
        row = only(wave, "kruskal_wallis")
        assert (row.statistic, row.p_value) == (near(29.26657631), near(6.900714e-06, 1e-6))
        means = wave.cross("Q", "G").estimates.set_index(["statistic", "group"])["value"]
        assert means["mean", "o0"] == near(np.nanmean(ozone[month == 0]))
        assert means["median", "o3"] == np.nanmedian(ozone[month == 3])
        kept = np.isin(month, [0, 3])
        wave = study(Sample(seed=1), Q=number(ozone[kept]), G=one(month[kept] // 3))
        row = only(wave, "mann_whitney")
        assert (row.statistic, row.p_value) == (127.5, near(0.0001208078, 1e-6))


class TestDesigns:
    """Sections 2 to 4."""

    def test_weights_only(self):
        sample = Sample(design=Design(STRATIFIED["pw"]))
        wide, types = codes(STRATIFIED["sch.wide"]), codes(STRATIFIED["stype"])
        row = only(study(sample, Q=one(wide), G=one(types)), "rao_scott_f", group=None)
        assert row.statistic == near(16.7195776, 1e-8)
        assert (row.df, row.df_denominator) == (near(1.838123808), near(365.7866378))
        assert (row.p_value, row.base) == (near(2.977849228e-07), 200)

    def test_every_item_of_a_multiple_response(self):
        sample = Sample(design=Design(STRATIFIED["pw"]))
        marks = np.column_stack([codes(STRATIFIED[name]) for name in ("sch.wide", "awards")])
        wave = study(sample, Q=several(marks), G=one(codes(STRATIFIED["stype"])))
        rows = chosen(wave, "rao_scott_f", group=None)
        assert [row.option for row in rows] == ["o0", "o1"]
        assert [row.statistic for row in rows] == near([16.7195776, 13.6839436], 1e-8)
        assert rows[1].p_value == near(3.061132412e-06)
        least = only(wave, "bonferroni")
        assert (least.p_value, least.p_adjusted) == (near(2.977849228e-07), near(2 * 2.977849228e-07))
        whole = wave.cross("Q", "G").tests.iloc[0]
        assert (whole["reason"], pd.isna(whole["p_value"])) == ("block-not-by-design", True)

    def test_numbers_by_groups(self):
        sample = Sample(design=Design(STRATIFIED["pw"]))
        score = number(STRATIFIED["api00"].astype(float))
        wave = study(sample, Q=score, G=one(codes(STRATIFIED["awards"])))
        means = only(wave, "design_t")
        assert (means.statistic, means.p_value) == (near(2.269464936, 1e-8), near(0.0243177533, 1e-8))
        assert (means.effect_size, means.df_denominator) == (near(44.68749396), 198)
        # R ranks ties by the order of its rows; here that order must not matter, and the third digit differs.
        ranks = only(wave, "design_rank_t")
        assert (ranks.statistic, ranks.p_value) == (near(2.086107499, 1e-3), near(0.0382499557, 1e-2))
        ranks = only(study(sample, Q=score, G=one(codes(STRATIFIED["stype"]))), "design_rank_f")
        assert (ranks.statistic * ranks.df, ranks.p_value) == (near(6.496380331, 1e-3), near(0.04093449561, 1e-2))

    def test_strata(self):
        wide, types = codes(STRATIFIED["sch.wide"]), codes(STRATIFIED["stype"])
        design = Design(STRATIFIED["pw"], strata=types, population=STRATIFIED["fpc"].astype(float))
        row = only(study(Sample(design=design), Q=one(wide), G=one(types)), "rao_scott_f", group=None)
        assert (row.statistic, row.p_value) == (near(17.24744396), near(2.035046359e-07))
        assert (row.df, row.df_denominator) == (near(1.828671504), near(360.2482863))

    def test_clusters(self):
        design = Design(CLUSTERED["pw"], clusters=codes(CLUSTERED["dnum"]), population=CLUSTERED["fpc"].astype(float))
        q, g = one(codes(CLUSTERED["sch.wide"])), one(codes(CLUSTERED["stype"]))
        row = only(study(Sample(design=design), Q=q, G=g), "rao_scott_f", group=None)
        assert (row.statistic, row.p_value) == (near(5.193369541), near(0.02174746237))
        assert (row.df, row.df_denominator) == (near(1.494639778), near(20.92495689))


class TestMultipleResponse:
    """Section 6."""

    def test_farmers_by_education(self):
        groups = np.repeat(np.arange(5), EDUCATION)
        place = np.concatenate([np.arange(n) for n in EDUCATION])
        marks = place[:, None] < np.array(SOURCES)[groups]
        wave = study(Sample(seed=1), Q=several(marks), G=one(groups))
        items = [row for row in chosen(wave, "chi_square") if row.option is not None]
        known = dict(zip("01234", (5.959584651, 7.893209918, 4.615699381, 1.418756094, 10.94868914), strict=True))
        assert items
        assert all(row.statistic == near(known[row.option[1]]) for row in items)
        asked = study(Sample(seed=1), Q=several(marks), G=one(groups)).cross("Q", "G", test="chi_square").tests
        least = asked.loc[asked["method"].eq("bonferroni").fillna(False)].iloc[0]
        assert least["p_adjusted"] == near(0.135733852)

    @pytest.mark.parametrize("case", MULTIPLE["single"], ids=lambda case: f"{len(case['y'])} respondents")
    def test_single_by_multiple_either_way(self, case):
        single, marks = one(np.array(case["group"])), several(np.array(case["y"]))
        for sides in ({"Q": marks, "G": single}, {"Q": single, "G": marks}):
            row = only(study(Sample(seed=1), **sides), "bilder_loughin_rao_scott")
            assert (row.statistic, row.df, row.p_value) == near((case["statistic"], case["df"], case["p"]), 1e-8)
            assert (row.option, row.group, row.base) == (None, None, len(case["y"]))

    @pytest.mark.parametrize("case", MULTIPLE["multiple"], ids=lambda case: f"{len(case['w'])} respondents")
    def test_multiple_by_multiple(self, case):
        w, y = several(np.array(case["w"])), several(np.array(case["y"]))
        wave = study(Sample(seed=1), Q=w, G=y)
        row = only(wave, "bilder_loughin_rao_scott", option=None)
        assert (row.statistic, row.df, row.p_value) == near((case["statistic"], case["df"], case["p"]), 1e-8)
        least = only(wave, "bonferroni")
        assert least.p_adjusted == near(case["bonferroni"], 1e-10)
        assert least.p_value <= least.p_adjusted
