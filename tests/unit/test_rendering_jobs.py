"""What each document of a wave is made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese.rendering import jobs
from synthese.rendering.embedded import Job
from synthese.rendering.metadata import as_yaml


@pytest.fixture
def job(tmp_path: Path, repository: Path) -> Job:
    text = '::: {artefact="fig-a"}\n:::\n\n::: {artefact="tbl-annexe-f1"}\n:::\n'
    ids = ("fig-a", "tbl-annexe-f1", "tbl-annexe-f2")
    content = {
        "title": "Essai",
        "annexe": "`[]`",
        "croisements": "`[]`",
        "explorateur": "`x`",
        "artefacts": {id: {"kind": "`table`"} for id in ids},
    }
    (tmp_path / "metadata.yml").write_text(as_yaml(content), encoding="utf-8")
    report = repository / "report" / "synthese.qmd"
    return Job(repository, report, text, tmp_path / "metadata.yml", tmp_path, content, tmp_path)


def test_a_report_gets_of_the_annex_only_the_tables_that_it_names(job: Job) -> None:
    apart = jobs.apart(job)
    assert sorted(apart.content["artefacts"]) == ["fig-a", "tbl-annexe-f1"]
    assert "tbl-annexe-f2" not in apart.metadata.read_text(encoding="utf-8")
    assert "croisements" in apart.content
    assert "tbl-annexe-f2" in job.metadata.read_text(encoding="utf-8"), "what Quarto reads holds both documents"


def test_paper_has_no_explorer(job: Job) -> None:
    paper = jobs.for_paper(jobs.apart(job))
    assert {"croisements", "explorateur"}.isdisjoint(paper.content)
    assert "explorateur" not in paper.metadata.read_text(encoding="utf-8")
    assert "explorateur" in jobs.apart(job).metadata.read_text(encoding="utf-8")


def test_the_annex_has_its_own_text_and_its_tables_only(job: Job) -> None:
    every = jobs.annexed(job)
    assert every is not None
    assert sorted(every.content["artefacts"]) == ["tbl-annexe-f1", "tbl-annexe-f2"]
    assert every.report.name == "annexe.qmd"
    assert ".annexe-tableaux" in every.text


def test_a_wave_without_tables_of_an_annex_has_none(job: Job) -> None:
    del job.content["annexe"]  # type: ignore[attr-defined]
    assert jobs.annexed(job) is None


def test_the_annex_is_for_reading() -> None:
    assert jobs.formats_of(("html", "docx", "pdf")) == ("html", "pdf")
