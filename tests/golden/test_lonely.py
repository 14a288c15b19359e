"""Strata of one primary sampling unit, against R's survey: domains, weights of 0, units drawn for sure."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import stdtrit

from synthese.analysis import open_wave
from synthese.files import write_text
from synthese.statistics.design_tests import rao_scott
from synthese.statistics.designs import Design
from synthese.statistics.ratios import cell_ratios
from synthese.statistics.weighted import weighted_mean, weighted_total

R = json.loads((Path(__file__).parent / "r" / "lonely.json").read_text(encoding="utf-8"))
RULES, DRAWN = ("certainty", "adjust", "average"), ("clusters", "sure", "apart")


def column(name, rows):
    return np.array([row[name] for row in rows])


def codes(name, rows):
    return np.unique(column(name, rows), return_inverse=True)[1].astype(np.int64)


def made(rule, drawn):
    rows = [R["data"][place] for place in R["apart"]] if drawn == "apart" else R["data"]
    return rows, Design(
        column("w", rows).astype(float),
        strata=codes("stratum", rows),
        clusters=None if drawn == "apart" else column("cluster", rows),
        population=column("units", rows).astype(float) if drawn == "sure" else None,
        lonely=rule,
    )


def near(error):
    return pytest.approx(error, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("group", [None, "pair", "impair", "loin"])
@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("rule", RULES)
def test_shares_means_and_totals(rule, drawn, group):
    rows, design = made(rule, drawn)
    told = R["rules"][rule][drawn] if group is None else R["rules"][rule][drawn]["groups"][group]
    domain = np.ones(len(rows), bool) if group is None else column("group", rows) == group
    yes, staff = (column("yes", rows) == "oui").astype(float), column("staff", rows).astype(float)
    found = {
        "share": weighted_mean(design, yes, domain),
        "mean": weighted_mean(design, staff, domain),
        "total": weighted_total(design, staff, domain),
    }
    for name, one in found.items():
        value, error = told[name]
        assert (one.value, one.df) == (near(value), told["df"]), name
        # R says NaN where no stratum of the domain tells a variance; here degrees of freedom of 0 say so.
        assert one.standard_error == near(error) if error is not None else one.df == 0, name
    cells = np.where(domain, yes.astype(np.intp), -1)
    cell = cell_ratios(design, cells, np.array([[0.0, 1.0], [1.0, 0.0]]), np.ones((2, 2)))
    assert cell.standard_errors == near(np.full(2, found["share"].standard_error))
    assert set(cell.df) == {told["df"]}


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("rule", RULES)
def test_a_cross(rule, drawn):
    rows, design = made(rule, drawn)
    told, found = R["rules"][rule][drawn]["test"], rao_scott(design, codes("yes", rows), codes("size", rows))
    assert found.statistic == pytest.approx(told["statistic"], rel=1e-8)
    assert (found.df, found.df_denominator) == (pytest.approx(told["df"][0]), pytest.approx(told["df"][1]))
    assert found.p_value == pytest.approx(told["p"], rel=1e-7)


CODEBOOK = """\
schema: 1
title: "E"
questions:
  - {id: S, section: A, text: "Secteur", type: single, options: [OPTIONS]}
  - {id: G, section: A, text: "Grappe", type: open, role: key}
  - {id: POIDS, section: A, text: "Poids", type: numeric, role: weight}
  - {id: T, section: A, text: "Taille", type: single,
     options: [{code: petite, label: petite}, {code: moyenne, label: moyenne}, {code: grande, label: grande}]}
  - {id: Q, section: A, text: "Oui ?", type: single, options: [{code: oui, label: oui}, {code: non, label: non}]}
  - {id: N, section: A, text: "Effectif", type: numeric}
""".replace("OPTIONS", ", ".join(f"{{code: {one}, label: {one}}}" for one in "abcde"))
WAVE = """\
schema: 1
id: "2024"
title: "Vague 2024"
export: export.csv
tool: plain
field: {start: 2024-01-01, end: 2024-02-01}
channel: "Courriel"
design: probability
weight: POIDS
strata: S
clusters: G
"""
COLUMNS = {"stratum": "S", "cluster": "G", "w": "POIDS", "size": "T", "yes": "Q", "staff": "N"}


@pytest.mark.parametrize(("rule", "drawn"), [("average", "sure"), ("adjust", "clusters")])
def test_from_a_wave(tmp_path, rule, drawn):
    root = tmp_path / "étude"
    more = f"lonely: {rule}\n" + ("primary_units: {a: 20, b: 9, c: 8, d: 1, e: 6}\n" if drawn == "sure" else "")
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    columns = "columns:\n" + "".join(f"  {c}: {{question: {q}}}\n" for c, q in COLUMNS.items())
    write_text(root / "data" / "raw" / "2024" / "wave.yml", WAVE + more + columns)
    lines = [",".join(str(row[c]) for c in COLUMNS) for row in R["data"]]
    write_text(root / "data" / "raw" / "2024" / "export.csv", "\n".join([",".join(COLUMNS), *lines]) + "\n")
    wave = open_wave(study=root, publish=True)
    wave.save(wave.clean())
    told = R["rules"][rule][drawn]
    value, error = told["mean"]
    half = stdtrit(told["df"], 0.975) * error
    mean = wave.describe("N").estimates.set_index("statistic").loc["mean"]
    assert mean["value"] == pytest.approx(value, rel=1e-9)
    assert [mean["ci_low"], mean["ci_high"]] == pytest.approx([value - half, value + half], rel=1e-8)
    test = wave.cross("Q", "T").tests.iloc[0]
    assert (test["method"], test["statistic"]) == ("rao_scott_f", pytest.approx(told["test"]["statistic"], rel=1e-8))
    assert test["p_value"] == pytest.approx(told["test"]["p"], rel=1e-7)


def test_a_unit_drawn_for_sure_needs_no_rule():
    rows, design = made("fail", "sure")
    assert design.lonely_strata.tolist() == [False, False, False, False, True]
    known = column("stratum", rows) != "e"
    kept = Design(design.weights[known], design.strata[known], design.clusters[known], design.population[known])
    assert weighted_mean(kept, column("staff", rows).astype(float)[known]).standard_error > 0
