"""A study is opened with every fault of its declarations at once; its waves stand in the order of their field work."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese.errors import SyntheseError
from synthese.study import open_study

STUDY = 'schema: 1\ntitle: "Essai"\nsource: "Questionnaire"\ncontact: {role: "Chargé·e de mission"}\n'
WAVE = """\
schema: 1
id: "{id}"
title: "Vague"
export: export.csv
tool: plain
field: {{start: {start}, end: 2030-01-01}}
channel: "Courriel"
design: self-selected
"""


def make(root: Path, study: str = STUDY, **waves: str) -> Path:
    root.mkdir(exist_ok=True)
    (root / "study.yml").write_text(study, encoding="utf-8")
    for name, text in waves.items():
        folder = root / "data" / "raw" / name.removeprefix("w")
        folder.mkdir(parents=True)
        (folder / "wave.yml").write_text(text, encoding="utf-8")
    return root


def wave(id: str, start: str = "2024-01-01", more: str = "") -> str:
    return WAVE.format(id=id, start=start) + more


def faults_of(root: Path):
    with pytest.raises(SyntheseError) as caught:
        open_study(root)
    return caught.value.faults


def test_waves_stand_in_the_order_of_their_field_work_not_of_their_names(tmp_path):
    root = make(
        tmp_path / "é",
        w2024=wave("2024", "2024-05-01"),
        wautre=wave("autre", "2022-01-01"),
        wb=wave("b", "2024-05-01"),
    )
    study = open_study(root)
    assert study.wave_ids == ("autre", "2024", "b")
    assert study.newest == "b"
    assert [w.id for w in study.earlier("2024")] == ["autre"]
    assert study.earlier("autre") == ()


def test_a_study_is_found_from_a_folder_inside_it_and_paths_are_relative(tmp_path):
    root = make(tmp_path / "é", w2024=wave("2024"))
    study = open_study(root / "data" / "raw")
    assert study.root == root
    assert study.relative(study.private("2024") / "x.parquet") == "data/processed/2024/private/x.parquet"
    assert study.output("2024") == root / "report" / "_output" / "2024"


def test_data_on_another_disk_is_still_the_study_s(tmp_path):
    elsewhere = tmp_path / "disque"
    elsewhere.mkdir()
    root = make(tmp_path / "é", w2024=wave("2024"))
    (root / "data" / "processed").symlink_to(elsewhere, target_is_directory=True)
    assert open_study(root).relative(root / "data" / "processed" / "a.json") == "data/processed/a.json"


def test_no_study_here_and_no_such_folder(tmp_path):
    (fault,) = faults_of(tmp_path)
    assert fault.code == "not-a-study"
    assert "no study.yml in this folder or above it → go to the study's folder, name it with --study" in str(fault)
    make(tmp_path, w2024=wave("2024"))
    # A slip of the pen is not answered with the study around it.
    (fault,) = faults_of(tmp_path / "etude")
    assert fault.code == "no-folder"


def test_an_unknown_wave_is_answered_with_the_nearest(tmp_path):
    root = make(tmp_path / "é", w2024=wave("2024"), w2026=wave("2026", "2026-01-01"))
    (root / "data" / "raw" / "2028").mkdir()
    study = open_study(root)
    with pytest.raises(SyntheseError, match=r"no wave '2025' in this study → did you mean '2024'\?"):
        study.wave("2025")
    with pytest.raises(SyntheseError, match=r"no wave 'essai' in this study → known: 2024, 2026"):
        study.wave("essai")
    with pytest.raises(SyntheseError, match=r"the folder of wave '2028' has no wave.yml → write one"):
        study.wave("2028")


def test_no_wave_at_all(tmp_path):
    (fault,) = faults_of(make(tmp_path / "é"))
    assert fault.code == "no-wave"
    assert "put the export and a wave.yml into data/raw/<wave>/" in str(fault)


def test_faults_of_every_file_come_at_once(tmp_path):
    root = make(
        tmp_path / "é",
        STUDY + "disclosure: {minimum_count: 1}\nstatut: relu\n",
        w2024=wave("2024").replace('"2024"', "2024"),
        w2026=wave("2025"),
        w2028=wave("2028", "2024-02-30"),
    )
    said = {(fault.code, Path(str(fault.file)).name, fault.row, fault.path) for fault in faults_of(root)}
    assert said == {
        ("missing-reason", "study.yml", 5, "disclosure.reason"),
        ("unknown-key", "study.yml", 6, "statut"),
        ("not-text", "wave.yml", 2, "id"),
        ("wave-id", "wave.yml", 2, "id"),
        ("not-a-date", "wave.yml", 6, "field.start"),
    }
    words = "\n".join(map(str, faults_of(root)))
    assert 'put it in quotes: "2024"' in words
    assert "minimum_count under 3 needs a reason → add `reason: …`" in words
    assert "unknown key 'statut' → did you mean 'status'?" in words
    assert "the wave is called '2025' but its folder is '2026' → write id: \"2026\"" in words
    assert "there is no such date → write a date such as 2024-01-22" in words


@pytest.mark.parametrize(
    ("more", "code", "row", "words"),
    [
        ("population: 200\n", "population-self-selected", 9, "those who chose to answer are no sample of it → remove"),
        ("invited: 0\n", "wrong-value", 9, "0 is not allowed here → write 1 or more"),
        ("columns: {A: ignor}\n", "unknown-value", 9, "'ignor' is not allowed here → one of 'ignore'"),
        ("columns: {A: {question: D1, optoin: x}}\n", "unknown-key", 9, "columns.A.optoin: unknown key 'optoin'"),
        ("kept: {duplicates: {by: [A3], keep: lats}}\n", "unknown-value", 9, "kept.duplicates.keep: 'lats'"),
    ],
)
def test_a_wrong_wave(tmp_path, more, code, row, words):
    (fault,) = faults_of(make(tmp_path / "é", w2024=wave("2024", more=more)))
    assert (fault.code, fault.row) == (code, row)
    assert words in str(fault)


def test_field_work_does_not_end_before_it_starts(tmp_path):
    (fault,) = faults_of(make(tmp_path / "é", w2024=wave("2024", "2031-01-01")))
    assert "row 6, field.end: field work ends before it starts → swap the two dates" in str(fault)


def test_a_small_minimum_count_with_its_reason_and_codes_that_keep_their_zero(tmp_path):
    root = make(
        tmp_path / "é",
        STUDY + 'disclosure: {minimum_count: 1, reason: "données publiques"}\n',
        w2024=wave("2024", more="option_aliases: {B3: {01: 01, Corse-du-Sud: 2A}}\naliases: {A4: Téléphone}\n"),
    )
    study = open_study(root)
    assert study.settings.disclosure.minimum_count == 1
    assert study.wave("2024").option_aliases["B3"] == {"01": "01", "Corse-du-Sud": "2A"}
    assert study.wave("2024").aliases["A4"] == ("Téléphone",)


def test_a_census_may_state_its_population(tmp_path):
    root = make(tmp_path / "é", w2024=wave("2024", more="population: 200\n").replace("self-selected", "census"))
    assert open_study(root).wave("2024").population == 200


def test_a_wave_that_only_the_codebook_knows_is_told(study_copy):
    from synthese.study import open_study, unknown_waves

    file = study_copy / "data" / "raw" / "codebook.yml"
    assert unknown_waves(open_study(study_copy)) == ()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('asked_in: ["2026"]', 'asked_in: ["2027"]'), encoding="utf-8")
    (fault,) = unknown_waves(open_study(study_copy))
    assert (fault.code, fault.path) == ("unknown-wave", "B3: asked_in")
    assert "2027" in fault.what
    assert fault.fix
