"""Waves made by hand: the panel, the trend and the mix are those that the answers give."""

from __future__ import annotations

from math import hypot
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthese.analysis import open_wave
from synthese.codebook import load_codebook
from synthese.editorial.waves import overlap_note
from synthese.estimates.schema import WAVE_METHODS
from synthese.files import write_text
from synthese.statistics.ordinal import cochran_armitage
from synthese.statistics.proportions import wilson
from synthese.statistics.wave_designs import paired_means, two_means
from synthese.statistics.waves import mcnemar

CODEBOOK = """\
schema: 1
title: Essai
questions:
  - {id: MEL, section: A, text: Courriel, type: open, role: contact}
  - {id: Q, section: A, text: Question, type: single, options: [{code: oui, label: Oui}, {code: non, label: Non}]}
  - {id: B, section: A, text: Type, type: single, options: [{code: x, label: X}, {code: y, label: Y}]}
  - {id: N, section: A, text: Nombre, type: numeric, nps: true, minimum_value: 0, maximum_value: 10}
  - {id: POIDS, section: A, text: Poids, type: numeric, role: weight}
planned_crosses: [{id: c, title: Croisement, question: Q, by: B}]
"""
MIX = 'standardisation: {by: B, mix: "2022", name: "structure de 2022"}\n'
WAVE = """\
schema: 1
id: "{id}"
title: "Vague {id}"
export: export.csv
tool: plain
field: {{start: {id}-01-01, end: {id}-01-31}}
channel: Courriel
design: {design}
columns:
  MEL: {{question: MEL}}
  Q: {{question: Q, values: {{Oui: oui, Non: non}}}}
  B: {{question: B, values: {{X: x, "Y": y}}}}
  N: {{question: N}}
  POIDS: {{question: POIDS}}
"""
KEPT = "kept: {duplicates: {by: [MEL]}}\n"
STUDY = 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n'
Answer = tuple[str, str, str, int, float]


def make(root: Path, waves: dict[str, list[Answer]], more: str = "", codebook: str = "", design: str = "probability"):
    write_text(root / "study.yml", STUDY)
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK + codebook)
    for wave, answers in waves.items():
        folder = root / "data" / "raw" / wave
        write_text(folder / "wave.yml", WAVE.format(id=wave, design=design) + more)
        rows = [",".join(map(str, answer)) for answer in answers]
        write_text(folder / "export.csv", "\n".join(["MEL,Q,B,N,POIDS", *rows]) + "\n")
        opened = open_wave(wave, study=root, publish=True)
        opened.save(opened.clean())
    return root


def people(prefix: str, size: int, chosen: int, seed: int) -> list[Answer]:
    rng = np.random.default_rng(seed)
    scores, weights = rng.integers(0, 11, size), rng.choice([1.0, 2.0, 3.0], size)
    said = ["Oui" if i < chosen else "Non" for i in range(size)]
    kind = ["X" if i < size * (seed + 1) // 5 else "Y" for i in range(size)]
    return [(f"{prefix}{i}@ex.fr", said[i], kind[i], int(scores[i]), float(weights[i])) for i in range(size)]


THREE = {"2018": people("a", 60, 20, 1), "2022": people("b", 80, 40, 2), "2024": people("c", 70, 45, 3)}


@pytest.fixture(scope="module")
def apart(tmp_path_factory) -> Path:
    """Make three waves that share nobody, for certain."""
    return make(tmp_path_factory.mktemp("apart") / "étude", THREE, KEPT, MIX)


def test_a_trend_is_that_of_the_dates_and_needs_three_waves(apart):
    tests = open_wave("2024", study=apart).compare().tests
    trend = tests.loc[tests["reference_wave"].eq("2018")].set_index("option")
    days = [pd.Timestamp(f"{y}-01-16").toordinal() for y in ("2018", "2022", "2024")]
    expected = cochran_armitage([20, 40, 45], [60, 80, 70], [(day - days[0]) / 365.25 for day in days])
    row = trend.loc["oui"]
    assert (row["method"], row["effect"], row["base"], row["family"]) == (
        "cochran_armitage",
        "slope_per_year",
        210,
        "planned",
    )
    assert row["p_value"] == pytest.approx(expected.p_value)
    assert row["effect_size"] == pytest.approx(expected.effect_size)
    assert set(trend.index) == {"oui", "non", "x", "y"}
    early = open_wave("2022", study=apart).compare()
    assert not early.tests["method"].eq("cochran_armitage").any()
    assert not any(note.startswith("Tendance") for note in early.notes)
    assert (
        "Tendance sur 2018, 2022, 2024 : vagues placées au milieu de leur collecte."
        in open_wave("2024", study=apart).compare().notes
    )


def test_a_wave_that_the_verdict_refuses_leaves_the_series(tmp_path):
    refused = 'comparability: [{question: Q, waves: ["2022", "2018"], comparable: false, reason: "autre champ"}]\n'
    root = make(tmp_path / "étude", THREE, KEPT, refused)
    tests = open_wave("2024", study=root).compare().tests
    assert set(tests.loc[tests["reference_wave"].eq("2018"), "question"]) == {"B"}


def test_dates_not_known_leave_the_order_of_the_waves(tmp_path):
    waves = {wave: answers[:12] for wave, answers in THREE.items()}
    root = make(tmp_path / "étude", waves, KEPT)
    file = root / "data" / "raw" / "2022" / "wave.yml"
    write_text(file, file.read_text(encoding="utf-8").replace("2022-01-31}", "2022-01-31, known: false}"))
    result = open_wave("2024", study=root).compare()
    trend = result.tests.loc[result.tests["reference_wave"].eq("2018")]
    assert set(trend["effect"]) == {"slope_per_wave"}
    assert any(note.endswith("vagues placées par leur ordre.") for note in result.notes)


def test_means_and_nps_are_compared(apart):
    result = open_wave("2024", study=apart).compare("N")
    values = [np.array([answer[3] for answer in THREE[wave]], dtype=float) for wave in ("2024", "2022")]
    expected = two_means(*values)
    mean = result.frame.set_index("statistic").loc["difference"]
    assert (mean["value"], mean["ci_low"], mean["method"]) == (
        pytest.approx(expected.effect_size), pytest.approx(expected.effect_low), "welch",
    )  # fmt: skip
    nps = result.frame.set_index("statistic").loc["difference_nps"]
    points = [100 * ((v >= 9).mean() - (v <= 6).mean()) for v in values]
    assert nps["value"] == pytest.approx(points[0] - points[1])
    assert result.tests["p_value"].tolist()[0] == pytest.approx(expected.p_value)
    assert result.tests["question"].tolist() == ["N", "N"]


@pytest.mark.parametrize("mix", ['"2022"', "pooled", "{x: 0.5, y: 0.5}, source: Recensement"])
def test_shares_are_brought_to_the_mix_that_is_named(tmp_path, mix):
    declared = MIX.replace('"2022"', mix)
    root = make(tmp_path / "étude", {wave: THREE[wave] for wave in ("2022", "2024")}, KEPT, declared)
    result = open_wave("2024", study=root).compare("Q")
    structure, shares = {}, {}
    for wave in ("2022", "2024"):
        structure[wave] = [sum(a[2] == stratum for a in THREE[wave]) for stratum in "XY"]
        shares[wave] = [sum(a[1] == "Oui" for a in THREE[wave] if a[2] == stratum) for stratum in "XY"]
    wanted = {
        '"2022"': structure["2022"],
        "pooled": [a + b for a, b in zip(structure["2022"], structure["2024"], strict=True)],
    }.get(mix, [0.5, 0.5])
    mixed = [share / sum(wanted) for share in wanted]
    now, then = (
        sum(m * k / n for m, k, n in zip(mixed, shares[w], structure[w], strict=True)) for w in ("2024", "2022")
    )
    below = [m * (k / n - wilson(k, n).low) for m, k, n in zip(mixed, shares["2024"], structure["2024"], strict=True)]
    rows = result.frame.set_index(["option", "statistic"])
    row, gap = rows.loc[("oui", "share_standardised")], rows.loc[("oui", "difference_standardised")]
    assert (row["value"], row["ci_low"]) == (pytest.approx(now), pytest.approx(now - hypot(*below)))
    assert gap["value"] == pytest.approx(now - then)
    assert gap["ci_low"] < gap["value"] < gap["ci_high"]
    assert (gap["by"], gap["method"]) == ("B", "standardised:structure de 2022")
    assert any("Parts standardisées selon B : structure de 2022" in note for note in result.notes)
    if mix == '"2022"':
        crude = rows.loc[("oui", "difference"), "value"]
        assert gap["value"] != crude, "the strata differ"


def panel(kept: int, joined: int, left: int, never: int) -> dict[str, list[Answer]]:
    """Two waves that share as many respondents, and ten more each."""
    pairs = [("Oui", "Oui")] * kept + [("Non", "Oui")] * joined + [("Oui", "Non")] * left + [("Non", "Non")] * never
    then = [(f"p{i}@ex.fr", before, "X", i % 11, 1.0) for i, (before, _) in enumerate(pairs)]
    now = [(f" P{i}@EX.fr", after, "X", (i + 2) % 11, 1.0) for i, (_, after) in enumerate(pairs)]
    return {"2022": then + people("t", 10, 4, 1), "2024": now + people("n", 10, 6, 2)}


def test_a_panel_of_thirty_is_told_apart_and_the_waves_are_not_tested(tmp_path):
    root = make(tmp_path / "étude", panel(12, 11, 4, 9), KEPT)
    result = open_wave("2024", study=root).compare("Q")
    expected = mcnemar([[12, 4], [11, 9]])
    rows = result.frame.loc[result.frame["universe"].eq("_panel") & result.frame["option"].eq("oui")]
    change = rows.loc[rows["statistic"].eq("difference")].iloc[0]
    assert (change["value"], change["base"], change["count"]) == (pytest.approx(7 / 36), 36, 23)
    assert (change["ci_low"], change["method"]) == (pytest.approx(expected.effect_low), "newcombe_paired")
    cells = rows.loc[rows["statistic"].eq("panel_count")].set_index("group")["count"].to_dict()
    assert cells == {"kept": 12, "joined": 11, "left": 4, "never": 9}
    tests = result.tests.set_index(["universe", "option"])
    assert tests.loc[("_panel", "oui"), "p_value"] == pytest.approx(expected.p_value)
    apart = result.tests.loc[result.tests["universe"].isna()]
    assert set(apart["reason"]) == {"partial-overlap:36"}
    assert apart["p_value"].isna().all()
    assert result.notes[1].startswith("Panel : 36 reconnu·es dans les deux vagues, leur évolution est donnée à part")
    number = open_wave("2024", study=root).compare("N")
    told = number.frame.loc[number.frame["universe"].eq("_panel")].set_index("statistic")
    before, after = np.arange(36) % 11, (np.arange(36) + 2) % 11
    assert told.loc["difference", "value"] == pytest.approx(paired_means(after, before).effect_size)
    assert set(number.tests.loc[number.tests["universe"].eq("_panel"), "method"]) == {"paired_t"}


def test_what_there_is_is_shown_in_french_and_what_there_is_not_is_said(apart, tmp_path):
    def shown(root: Path, part: str) -> str:
        return getattr(open_wave("2024", study=root).compare(), part)._repr_html_().replace("\u00a0", " ")

    mine = make(tmp_path / "étude", panel(12, 11, 4, 9), KEPT)
    for part, words in (
        ("waves", ("+ 20 points", "36 répondant·es dans les deux vagues")),
        ("panel", ("McNemar exact", "Newcombe, paires", "<th>gardent</th>", "t apparié", "p = 0,118")),
        ("trends", ("Pas de tendance : il faut trois vagues comparables deux à deux.",)),
        ("standardised", ("Rien n’est standardisé",)),
    ):
        said = shown(mine, part)
        assert all(word in said for word in words), said
        assert "non publié" in said
        assert not any(word in said for word in ("None", "NA&gt;", "nan"))
    assert "points par an" in shown(apart, "trends")
    assert "tendance de Cochran–Armitage" in shown(apart, "trends")
    assert "structure de 2022" in shown(apart, "standardised")
    assert "Écart brut" in shown(apart, "standardised")
    assert "Pas de panel" in shown(apart, "panel")
    assert "t de Welch" in shown(apart, "waves")


def test_a_panel_of_twenty_nine_is_not(tmp_path):
    root = make(tmp_path / "étude", panel(10, 8, 4, 7), KEPT)
    result = open_wave("2024", study=root).compare("Q")
    assert result.frame["universe"].isna().all()
    assert result.notes[1] == (
        "Panel : 29 reconnu·es dans les deux vagues, moins de 30 : leur évolution n’est pas donnée à part."
    )


def test_an_unknown_overlap_is_told_and_the_assumption_is_named(tmp_path):
    root = make(tmp_path / "étude", panel(12, 11, 4, 9))
    result = open_wave("2024", study=root).compare("Q")
    assert result.notes[0].startswith("Recouvrement inconnu : aucune question")
    assert result.frame["ci_low"].notna().all()
    assert set(result.frame["reason"]) == set(result.tests["reason"]) == {"overlap-unknown"}


def test_a_weighted_wave_has_an_interval_and_a_test(tmp_path):
    root = make(tmp_path / "étude", {w: THREE[w] for w in ("2022", "2024")}, KEPT)
    for wave in ("2022", "2024"):
        file = root / "data" / "raw" / wave / "wave.yml"
        write_text(file, file.read_text(encoding="utf-8") + "weight: POIDS\n")
    result = open_wave("2024", study=root).compare("Q")
    row, test = result.frame.set_index("option").loc["oui"], result.tests.set_index("option").loc["oui"]
    weighted = [sum(a[4] for a in THREE[w] if a[1] == "Oui") / sum(a[4] for a in THREE[w]) for w in ("2024", "2022")]
    assert row["value"] == pytest.approx(weighted[0] - weighted[1])
    assert row["ci_low"] < row["value"] < row["ci_high"]
    assert (row["method"], test["method"]) == ("variance_recovery_korn_graubard", "rao_scott_f")
    assert 0 < test["p_value"] < 1


def test_every_method_of_a_change_is_documented(apart, tmp_path):
    root = make(tmp_path / "étude", panel(12, 11, 4, 9), KEPT)
    results = [open_wave("2024", study=study).compare() for study in (apart, root)]
    used = {name for one in results for frame in (one.frame, one.tests) for name in frame["method"].dropna()}
    used = {name.partition(":")[0] for name in used} - {"chi_square"}
    assert used <= set(WAVE_METHODS), used - set(WAVE_METHODS)
    assert {"newcombe_paired", "welch", "cochran_armitage", "standardised"} <= used


def test_the_codebook_of_these_waves_is_right(apart):
    assert load_codebook(apart / "data" / "raw" / "codebook.yml").standardisation.wave == "2022"


def released(root: Path):
    """Release the waves as notebook 05 does."""
    for wave in ("2022", "2024"):
        opened = open_wave(wave, study=root, publish=True)
        for result in (opened.describe(), opened.cross(), opened.compare()):
            opened.save(result)
    return open_wave("2024", study=root, publish=True).release().released


def test_what_a_probability_sample_releases_says_what_it_supposes(tmp_path):
    waves = {w: THREE[w] for w in ("2022", "2024")}
    unknown = released(make(tmp_path / "inconnu", waves))
    note = overlap_note(unknown, "Q", "2022")
    assert note is not None
    assert note.endswith("intervalles et tests supposent deux échantillons tirés séparément.")
    rows = unknown.evolution("Q")
    assert rows["ci_low"].notna().all()
    assert set(rows["reason"]) == {"overlap-unknown"}
    known = released(make(tmp_path / "connu", waves, KEPT))
    assert overlap_note(known, "Q", "2022") is None
    tests = known.tests.loc[known.tests["reference_wave"].notna()]
    assert set(tests.loc[tests["question"].isin(["Q", "N"]), "status"]) == {"released"}


def test_a_panel_shows_its_change_in_a_probability_sample_and_never_its_cells(tmp_path):
    pairs = panel(12, 11, 4, 9)
    found = released(make(tmp_path / "étude", pairs, KEPT)).estimates.query("universe == '_panel' and question == 'Q'")
    assert set(found.loc[found["statistic"].eq("difference"), "status"]) == {"released"}
    assert set(found.loc[found["statistic"].eq("panel_count"), "reason"]) == {"panel-cell"}
    volunteers = released(make(tmp_path / "volontaires", pairs, KEPT, design="self-selected"))
    barred = volunteers.estimates.query("universe == '_panel'")
    assert len(barred)
    assert set(barred["status"]) == {"withheld_primary"}
