"""What keeps a report a draft: findings of `synthese check` that nobody looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthese.batch import check, findings_of
from synthese.cli.commands import cli
from synthese.rendering import metadata
from synthese.study import open_study, read_standing, write_standing

SAMPLE = Path(__file__).parents[1] / "rendering" / "data" / "etude"
Change = Callable[[str, str, str], Path]


@pytest.fixture
def change(repository: Path, tmp_path: Path) -> Change:
    """Copy the repository's study and replace a text in one of its files."""

    def make(file: str, old: str, new: str) -> Path:
        for name in ("study.yml", "_brand.yml"):
            shutil.copy(repository / name, tmp_path / name)
        shutil.copytree(repository / "notebooks", tmp_path / "notebooks")
        shutil.copytree(repository / "data" / "raw", tmp_path / "data" / "raw")
        (tmp_path / "report").mkdir()
        shutil.copy(repository / "report" / "phrases.yml", tmp_path / "report" / "phrases.yml")
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return make


def test_remarks_that_the_wave_says_were_looked_at_are_no_findings(change: Change) -> None:
    found = check(open_study(change("study.yml", "version", "version")), ["2026"])
    assert found.open == 0
    assert {fault.code for fault in found.reviewed} == {"option-unused", "absences-alike"}


def test_a_remark_that_nobody_looked_at_is_a_finding(change: Change) -> None:
    root = change("data/raw/2026/wave.yml", "  option-unused: ", "  option-used: ")
    found = check(open_study(root), ["2026"])
    assert {fault.code for fault in found.remarks} == {"option-unused", "needless-review"}
    needless = next(fault for fault in found.remarks if fault.code == "needless-review")
    assert needless.what == "`reviewed` names 'option-used', and nothing of that code is found"
    assert (needless.file, needless.path) == ("data/raw/2026/wave.yml", "reviewed.option-used")


def test_an_error_is_a_finding_that_no_review_takes_away(change: Change) -> None:
    root = change("data/raw/2026/wave.yml", "design: self-selected", "design: self-selected\nweight: poids")
    found = check(open_study(root), ["2026"])
    assert found.errors
    assert found.open == len(found.errors)


def test_what_is_to_be_confirmed_of_another_wave_does_not_hold_this_one(change: Change) -> None:
    mark = "# À confirmer : les dates de la collecte.\n"
    study = open_study(change("data/raw/2026/wave.yml", "design:", f"{mark}design:"))
    assert [fault.code for fault in check(study, ["2026"]).remarks] == ["to-confirm"]
    assert check(study, ["2024"]).open == 0


def test_the_command_counts_what_was_looked_at_apart(change: Change) -> None:
    root = change("study.yml", "version", "version")
    told = CliRunner().invoke(cli, ["--study", str(root), "check", "--wave", "2026"])
    assert told.output.strip() == "0 errors, 0 remarks, 4 reviewed"


def test_a_report_with_findings_is_a_draft_whatever_its_settings_say(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "etude")
    settings = tmp_path / "etude" / "study.yml"
    assert "status: publie" in settings.read_text(encoding="utf-8")
    study = open_study(tmp_path / "etude")
    assert "brouillon" not in metadata(study, "2026")
    held = metadata(study, "2026", findings=1)
    assert (held["brouillon"], held["filigrane"]) == ("Brouillon", "Brouillon")


def test_a_check_is_kept_until_anything_it_read_changes(change: Change) -> None:
    root = change("study.yml", "version", "version")
    study = open_study(root)
    assert read_standing(study, "2026") is None
    assert findings_of(study, "2026") == 0
    write_standing(study, "2026", 7)
    assert findings_of(study, "2026") == 7, "the wave was checked again though nothing changed"
    for name in ("data/raw/codebook.yml", "data/raw/2024/wave.yml", "data/raw/2026/google-forms.csv", "study.yml"):
        write_standing(study, "2026", 7)
        with (root / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        assert read_standing(study, "2026") is None, name


def test_a_damaged_record_is_no_record(change: Change) -> None:
    study = open_study(change("study.yml", "version", "version"))
    write_standing(study, "2026", 0).write_text("[]", encoding="utf-8")
    assert read_standing(study, "2026") is None
