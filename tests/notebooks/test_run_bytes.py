"""Whole runs: the same bytes wherever they are made, nothing done twice, and only what changed done again."""

from __future__ import annotations

import re
import shutil

import pytest

pytestmark = [pytest.mark.xdist_group("run"), pytest.mark.timeout(600)]


def tasks(said: str, mark: str) -> list[str]:
    """Tasks of a run's log with a mark, as ``2024/05``."""
    return sorted(f"{wave}/{name[:2]}" for wave, name in re.findall(rf"(?m)^{mark} +(\S+) +(\S+)", said))


def test_two_builds_in_two_places_give_the_same_bytes(study, bare, run, state, tmp_path):
    formats = ("--to", "html,pdf,docx")
    code, said = run(study, "--all", *formats)  # was built without docx: only the reports are made again
    assert (code, tasks(said, "(?:✓|ok)")) == (0, ["2024/re", "2026/re"]), said
    place = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "77", "SYNTHESE_CACHE": str(tmp_path / "own")}
    code, said = run(bare, "--all", "--jobs", "1", *formats, **place)
    assert code == 0, said
    here, there = state(study), state(bare)
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []
    for name in (
        "responses.parquet",
        "journal.csv",
        "comparability.csv",
        "estimates.parquet",
        "tests.parquet",
        "manifest.json",
    ):
        assert f"data/processed/2026/{name}" in here
    assert "report/_output/index.html" in here
    made = {name.removeprefix("report/_output/2026/") for name in here}
    assert {"synthese.html", "synthese.pdf", "synthese.docx", "annexe-tableaux.html", "annexe-tableaux.pdf"} <= made
    assert {"figures/fig-besoins.svg", "figures/fig-besoins.png", "figures/fig-besoins.csv"} <= made


def test_a_second_run_does_nothing_and_says_so(study, run, state):
    before = state(study)
    stamps = {file: file.stat().st_mtime_ns for file in (study / "data").rglob("*") if file.name != ".lock"}
    code, said = run(study, "--all")
    assert code == 0
    assert "Nothing to do: everything is up to date." in said
    assert len(tasks(said, "=")) == 12
    assert state(study) == before
    assert {file: file.stat().st_mtime_ns for file in stamps} == stamps


def test_a_study_that_was_moved_is_still_up_to_date(study, run, tmp_path):
    moved = tmp_path / "ailleurs"
    shutil.move(study, moved)
    link = tmp_path / "lien"
    link.symlink_to(moved, target_is_directory=True)
    code, said = run(link, "--all")
    assert (code, "Nothing to do" in said) == (0, True), said


def test_a_changed_report_is_rendered_again_and_no_notebook_runs(study, run):
    report = study / "report" / "synthese.qmd"
    report.write_text(report.read_text(encoding="utf-8") + "\nUn paragraphe de plus.\n", encoding="utf-8")
    code, said = run(study, "--wave", "2024")
    assert code == 0, said
    assert tasks(said, "(?:✓|ok)") == ["2024/re"]
    assert "Un paragraphe de plus." in (study / "report" / "_output" / "2024" / "synthese.html").read_text("utf-8")


def test_a_changed_notebook_runs_again_with_what_depends_on_it(study, run):
    book = study / "notebooks" / "04-evolution.ipynb"
    book.write_text(book.read_text(encoding="utf-8").replace("## Comparer", "## Comparer encore"), encoding="utf-8")
    code, said = run(study, "--wave", "2024")
    assert code == 0, said
    assert tasks(said, "=") == ["2024/01", "2024/02", "2024/03", "2024/re"]
    assert tasks(said, "(?:✓|ok)") == ["2024/04", "2024/05"]  # which gave what they gave before
