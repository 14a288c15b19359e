"""The two synthetic waves end to end: their planned counts, what is published of them, and what the report says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from synthese.estimates import read_parquet, select, validate_estimates, validate_tests

# Numbers of respondents fixed by the plan of the study: (wave, variable, option) → count, base.
PLANNED = {
    ("2024", "F1", "echange_pairs"): (46, 54),
    ("2024", "D1", "generaliste"): (44, 54),
    ("2024", "D1", "thematique"): (4, 54),
    ("2024", "D1", "les_deux"): (6, 54),
    ("2024", "C3", "pairs"): (39, 54),
    ("2024", "B7", "oui"): (45, 54),
    ("2026", "F1", "echange_pairs"): (99, 116),
    ("2026", "D1", "generaliste"): (66, 118),
}


def estimates(study: Path, wave: str, *, private: bool = False) -> pd.DataFrame:
    folder = study / "data" / "processed" / wave
    return read_parquet((folder / "private" if private else folder) / "estimates.parquet")


def page(study: Path, wave: str) -> str:
    html = (study / "report" / "_output" / wave / "synthese.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", html.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'"))


def words(study: Path, wave: str) -> str:
    """Say what the page says, without its marks: a number may be a button."""
    return re.sub(r"<[^>]+>", "", page(study, wave))


def manifest(study: Path, wave: str) -> dict:
    return json.loads((study / "data" / "processed" / wave / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", PLANNED, ids=lambda key: "-".join(key))
def test_planned_counts_are_released(built_study: Path, key: tuple[str, str, str]) -> None:
    wave, question, option = key
    rows = select(estimates(built_study, wave), question=question, option=option, statistic="share", by=None)
    assert [(r.count_, r.base) for r in rows.rename(columns={"count": "count_"}).itertuples()] == [PLANNED[key]]


def test_members_of_a_network_who_want_exchange(built_study: Path) -> None:
    rows = select(
        estimates(built_study, "2024"), question="F1", option="echange_pairs", by="B7", group="oui", statistic="share"
    )
    assert (rows.iloc[0]["count"], rows.iloc[0]["base"]) == (39, 45)


def test_four_dimensions_lead_by_four(built_study: Path) -> None:
    rows = select(estimates(built_study, "2024", private=True), question="D3", statistic="share", by=None)
    counts = dict(zip(rows["option"], rows["count"], strict=True))
    first = {"modele_economique", "strategie", "gouvernance", "animation"}
    assert min(counts[o] for o in first) - max(n for o, n in counts.items() if o not in first) >= 4


def test_routed_question_is_too_small_in_the_first_wave_only(built_study: Path) -> None:
    first = select(estimates(built_study, "2024"), question="D2", statistic="share", by=None)
    assert set(first["status"]) == {"too_small"}
    private = select(estimates(built_study, "2024", private=True), question="D2", statistic="share", by=None)
    assert set(private["base"]) == {10}
    second = select(estimates(built_study, "2026"), question="D2", statistic="share", by=None)
    assert set(second["status"]) == {"released"}


@pytest.mark.parametrize(("wave", "step"), [("2024", "B1@trois"), ("2026", "B1@regroupe")])
def test_main_cross_is_published_at_one_step_of_its_ladder(built_study: Path, wave: str, step: str) -> None:
    frame = estimates(built_study, wave)
    shown = frame.loc[frame["question"].str.startswith("D1") & frame["by"].notna() & frame["option"].notna()]
    shown = shown.loc[shown["status"].isin(["released", "count_only"])]
    assert set(shown["by"]) == {step}


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_volunteers_get_no_inference(built_study: Path, wave: str) -> None:
    released = validate_estimates(estimates(built_study, wave))
    assert released[["ci_low", "ci_high", "confidence"]].isna().to_numpy().all()
    assert select(released, statistic="adjusted_residual")["value"].isna().all()
    tests = validate_tests(read_parquet(built_study / "data" / "processed" / wave / "tests.parquet"))
    assert len(tests)
    assert tests[["p_value", "p_adjusted", "statistic", "effect_size"]].isna().to_numpy().all()
    private = estimates(built_study, wave, private=True)
    assert private["ci_low"].notna().any(), "the researcher sees intervals"
    known = read_parquet(built_study / "data" / "processed" / wave / "private" / "tests.parquet")
    assert known["p_adjusted"].notna().any()


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_released_numbers_are_the_private_ones(built_study: Path, wave: str) -> None:
    released, private = estimates(built_study, wave), estimates(built_study, wave, private=True)
    assert len(released) == len(private)
    shown = released["value"].notna()
    assert released.loc[shown, "value"].tolist() == private.loc[shown, "value"].tolist()


def test_the_generalist_sentence_changes_by_itself(built_study: Path) -> None:
    assert "L'accompagnement proposé est en très grande majorité généraliste" in words(built_study, "2024")
    later = words(built_study, "2026")
    assert "très grande majorité généraliste" not in later
    assert "L'accompagnement proposé est en majorité généraliste : 56 %" in later


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_nothing_is_mostly_withheld(built_study: Path, wave: str) -> None:
    folder = built_study / "data" / "processed" / wave
    tables = sorted((folder / "artefacts").glob("*.table.json"))
    assert tables
    for path in tables:
        cells = [cell["text"] for row in json.loads(path.read_text(encoding="utf-8"))["body"] for cell in row[1:]]
        assert cells.count("s") <= len(cells) / 3, path.name


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_synthetic_data_are_called_so_everywhere(built_study: Path, wave: str) -> None:
    assert "onnées synthétiques" in page(built_study, wave)
    for item in manifest(built_study, wave)["artefacts"].values():
        if item["kind"] == "figure" and item["status"] == "released":
            assert any("données synthétiques" in note for note in item["notes"]), item["id"]
            assert "synthétiques" in item["alt"], item["id"]
    appendix = built_study / "report" / "_output" / wave / "annexe-05-publication.html"
    assert "Données synthétiques" in appendix.read_text(encoding="utf-8")


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_every_figure_and_table_has_its_lines(built_study: Path, wave: str) -> None:
    for item in manifest(built_study, wave)["artefacts"].values():
        if item["status"] not in ("released", "count_only") or item["id"] in ("tbl-reponses", "tbl-bandes"):
            continue
        if item["kind"] in ("figure", "table"):
            starts = [note.split()[0] for note in item["notes"]]
            assert {"Lecture", "Champ", "Source"} <= set(starts), item["id"]
            assert re.search(r"n = \d+|\d+ sur \d+", re.sub(r"\s", " ", item["caption"])), item["id"]
            assert item["subtitle"] or item["id"] == "tbl-robustesse", item["id"]
            assert item["sources"] or item["id"] == "tbl-robustesse", item["id"]


def test_manifest_names_the_answers_of_the_earlier_wave_that_it_quotes(built_study: Path) -> None:
    inputs = {wave: manifest(built_study, wave)["artefacts"]["txt-evolution"]["inputs"] for wave in ("2024", "2026")}
    part = "data/processed/2024/private/parts/description.estimates.parquet"
    assert part in inputs["2024"]
    assert inputs["2026"][part] == inputs["2024"][part]
    assert "data/raw/2024/wave.yml" in inputs["2026"]
    assert "data/processed/2026/counts.json" in inputs["2026"]
    assert not any("2026" in path for path in inputs["2024"])


def test_figures_one_to_three_are_those_of_the_published_synthesis(built_study: Path) -> None:
    html = page(built_study, "2026")
    numbers = {}
    for name in ("types", "dimensions", "modalites"):
        match = re.search(rf'id="fig-{name}".*?Figure (\d+)', html)
        assert match
        numbers[name] = int(match[1])
    assert numbers == {"types": 1, "dimensions": 2, "modalites": 3}


def test_raw_exports_are_not_touched(built_study: Path, repository: Path) -> None:
    for path in (repository / "data" / "raw").rglob("*"):
        if path.is_file():
            assert (built_study / path.relative_to(repository)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_reworded_question_has_no_evolution(built_study: Path, wave: str) -> None:
    frame = estimates(built_study, wave, private=True)
    changes = select(frame, statistic="difference")
    assert "D3" not in set(changes["question"])
    assert ("F1" in set(changes["question"])) == (wave == "2026")
    if wave == "2026":
        split = set(select(frame, question="D4", statistic="difference")["option"])
        assert "collectif" in split
        assert not {"ateliers", "codeveloppement"} & split


def test_verification_finds_nothing(built_study: Path) -> None:
    from synthese.audit import verify
    from synthese.study import open_study

    study = open_study(built_study)
    assert [fault for wave in study.wave_ids for fault in verify(study, wave)] == []


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_no_released_row_names_the_method_of_an_interval_it_does_not_give(built_study: Path, wave: str) -> None:
    intervals = {"wilson", "bca", "type-7+bca", "mentions_logit"}
    private = estimates(built_study, wave, private=True)
    assert intervals <= set(private["method"].dropna())
    assert not intervals & set(estimates(built_study, wave)["method"].dropna())
