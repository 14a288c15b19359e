"""A small study with stored artefacts, ready to render; its fonts are cut once a session."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from synthese.rendering.report import prepare_theme
from synthese.study import Study, open_study

SAMPLE = Path(__file__).parent / "data" / "etude"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "etude"
    shutil.copytree(SAMPLE, folder)
    prepare_theme(folder)
    return folder


@pytest.fixture
def make_study(sample: Path, tmp_path: Path) -> Callable[..., Study]:
    """Copy the sample; ``report`` replaces the text of its report."""

    def make(name: str = "etude", report: str | None = None) -> Study:
        folder = tmp_path / name
        shutil.copytree(sample, folder)
        if report is not None:
            (folder / "report" / "synthese.qmd").write_text(report, encoding="utf-8")
        return open_study(folder)

    return make
