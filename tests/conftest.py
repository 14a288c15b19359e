"""What several kinds of tests share: the repository as a study, a copy of it, the real surveys."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """Give the repository's folder, which is itself a study; tests do not write there."""
    return ROOT


def copy_study(copy: Path) -> Path:
    """Copy the repository's study, without anything that code made."""
    copy.mkdir()
    for name in ("_quarto.yml", "_brand.yml", "study.yml"):
        shutil.copy2(ROOT / name, copy / name)
    shutil.copytree(ROOT / "notebooks", copy / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "data" / "raw", copy / "data" / "raw")
    made = shutil.ignore_patterns("_output", "_current", "_current.yml", ".quarto", ".*")
    shutil.copytree(ROOT / "report", copy / "report", ignore=made)
    return copy


@pytest.fixture
def study_copy(tmp_path: Path) -> Path:
    """Give a copy of the repository's study, without anything that code made."""
    return copy_study(tmp_path / "étude copiée")


@pytest.fixture(scope="session")
def built_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the study with both waves run and rendered, once for all workers; tests do not write there."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = base / "étude exécutée"
    with FileLock(base / "built.lock"):
        if not (folder / "done").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            copy_study(folder)
            command = [sys.executable, "-m", "synthese", "run", "--all", "--jobs", "2", "--engine", "pandoc"]
            result = subprocess.run(
                [*command, "--study", str(folder)], capture_output=True, text=True, check=False, timeout=280
            )
            assert result.returncode == 0, result.stderr
            (folder / "done").write_text(result.stdout, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def real_surveys() -> Path:
    """Give the folder of surveys that nobody here made."""
    shared = Path(os.environ.get("SYNTHESE_SHARED", ROOT.parent / "shared"))
    folder = shared / "real-surveys"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("real surveys are missing in CI: set SYNTHESE_SHARED")
        pytest.skip("real surveys are not on this machine; set SYNTHESE_SHARED to the folder that has them")
    return folder
