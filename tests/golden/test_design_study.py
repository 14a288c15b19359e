"""From ``wave.yml`` and a CSV to shares, means and tests: what R's survey says of the same file and design."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synthese.analysis import open_wave
from synthese.files import write_text

R = json.loads((Path(__file__).parent / "r" / "design_study.json").read_text(encoding="utf-8"))
COLUMNS = {"stratum": "S", "cluster": "G", "w": "POIDS", "size": "T", "age": "A", "yes": "Q", "staff": "N"}
CODEBOOK = """\
schema: 1
title: "E"
questions:
  - {id: S, section: A, text: "Secteur", type: single,
     options: [{code: nord, label: nord}, {code: sud, label: sud}, {code: est, label: est}]}
  - {id: G, section: A, text: "Grappe", type: open, role: key}
  - {id: POIDS, section: A, text: "Poids", type: numeric, role: weight}
  - {id: T, section: A, text: "Taille", type: single,
     options: [{code: petite, label: petite}, {code: moyenne, label: moyenne}, {code: grande, label: grande}]}
  - {id: A, section: A, text: "Âge", type: single,
     options: [{code: jeune, label: jeune}, {code: ancienne, label: ancienne}]}
  - {id: Q, section: A, text: "Oui ?", type: single, options: [{code: oui, label: oui}, {code: non, label: non}]}
  - {id: N, section: A, text: "Effectif", type: numeric}
"""
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
"""
DRAWN = "strata: S\nclusters: G\nprimary_units: {nord: 40, sud: 25, est: 12}\n"
DESIGNS = {
    "drawn": DRAWN,
    "raked": DRAWN
    + """\
calibration:
  - {question: T, totals: {petite: 1400, moyenne: 800, grande: 500}, source: "registre, 2023"}
  - {question: A, totals: {jeune: 1200, ancienne: 1500}, source: "registre, 2023"}
""",
    "fitted": """\
calibration:
  - {question: T, totals: {petite: 51.851851851851855, moyenne: 29.62962962962963, grande: 18.51851851851852},
     source: "registre, 2023"}
""",
}


@pytest.fixture(scope="module")
def waves(tmp_path_factory):
    """Open one wave for each design; one of them is in another order of rows, with weights ten times as large."""
    found = {}
    for name, more in DESIGNS.items():
        for turned in (False, True):
            root = tmp_path_factory.mktemp(name) / "étude"
            write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
            write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
            columns = "columns:\n" + "".join(f"  {c}: {{question: {q}}}\n" for c, q in COLUMNS.items())
            write_text(root / "data" / "raw" / "2024" / "wave.yml", WAVE + more + columns)
            rows = R["data"] if not turned else [row | {"w": 10 * row["w"]} for row in reversed(R["data"])]
            lines = [",".join(str(row.get(c) if row.get(c) is not None else "") for c in COLUMNS) for row in rows]
            write_text(root / "data" / "raw" / "2024" / "export.csv", "\n".join([",".join(COLUMNS), *lines]) + "\n")
            wave = open_wave(study=root, publish=True)
            wave.save(wave.clean())
            found[name, turned] = wave
    return found


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_means_and_tests_of_a_declared_design(waves, name):
    wave, told = waves[name, False], R[name]
    share = wave.describe("Q").estimates.set_index(["option", "statistic"]).loc[("oui", "share")]
    assert share["value"] == pytest.approx(told["share"], rel=1e-9)
    assert [share["ci_low"], share["ci_high"]] == pytest.approx(told["share_interval"], abs=1e-8)
    assert share["base"] == sum(row.get("yes") is not None for row in R["data"])
    mean = wave.describe("N").estimates.set_index("statistic").loc["mean"]
    assert mean["value"] == pytest.approx(told["mean"], rel=1e-9)
    assert [mean["ci_low"], mean["ci_high"]] == pytest.approx(told["mean_interval"], abs=1e-7)
    assert mean["effective_n"] == pytest.approx(told["effective_n"], rel=1e-9)
    assert mean["base_weighted"] == pytest.approx(told["total"], rel=1e-9)
    test = wave.cross("Q", "A").tests.iloc[0]
    assert (test["method"], test["statistic"]) == ("rao_scott_f", pytest.approx(told["statistic"], rel=1e-8))
    assert test["p_value"] == pytest.approx(told["p"], rel=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_neither_the_order_of_rows_nor_the_scale_of_weights_matters(waves, name):
    one, other = (waves[name, turned].describe().estimates for turned in (False, True))
    for column in ("value", "ci_low", "ci_high", "count", "base", "effective_n"):
        first, second = (frame[column].to_numpy(dtype=float, na_value=np.nan) for frame in (one, other))
        assert first == pytest.approx(second, rel=1e-9, nan_ok=True), column


def test_the_name_of_a_cluster_stays_private(waves):
    wave = waves["raked", False]
    assert not wave.responses.astype(str).map(lambda text: "n°" in text).any(axis=None)
    assert wave.weighting.facts.clusters == 20
    assert "G" not in set(wave.describe().estimates["question"])
    assert "n°" not in wave.weighting._repr_html_()


def test_margins_are_met_and_shown_with_their_source(waves):
    table = waves["raked", False].weighting.calibration
    assert table["après"].tolist() == table["population"].tolist()
    assert table["avant"].tolist() != table["après"].tolist()
    assert table["population"].tolist() == ["51,9 %", "29,6 %", "18,5 %", "44,4 %", "55,6 %"]
    assert set(table["source"]) == {"registre, 2023"}
