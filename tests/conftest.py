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
def shared_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that all workers of one run of the tests share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session", autouse=True)
def cache(shared_base: Path) -> None:
    """Keep what the user's cache would hold for this run of the tests only."""
    os.environ["SYNTHESE_CACHE"] = str(shared_base / "cache")


@pytest.fixture(scope="session")
def source(shared_base: Path) -> Path:
    """Give a copy of the library's source: what is edited while tests run would make every task out of date."""
    copy = shared_base / "source" / "src"
    with FileLock(shared_base / "source.lock"):
        if not copy.is_dir():
            parts = copy.with_name("parts")
            shutil.copytree(ROOT / "src", parts, ignore=shutil.ignore_patterns("__pycache__"))
            parts.rename(copy)
    return copy


@pytest.fixture(scope="session")
def built_study(shared_base: Path, source: Path) -> Path:
    """Give a copy of the study with both waves run and rendered, once for all workers; tests do not write there."""
    folder = shared_base / "étude exécutée" / "l’étude"
    done = folder.parent / "done"
    with FileLock(shared_base / "built.lock"):
        if not done.is_file():
            shutil.rmtree(folder.parent, ignore_errors=True)
            folder.parent.mkdir()
            copy_study(folder)
            command = [sys.executable, "-P", "-m", "synthese", "run", "--all", "--jobs", "2", "--engine", "pandoc"]
            place = {"PYTHONPATH": str(source), "TZ": "Europe/Paris", "LC_ALL": "C.UTF-8"}
            result = subprocess.run(
                command, cwd=folder, env=os.environ | place, capture_output=True, text=True, check=False, timeout=280
            )
            assert result.returncode == 0, result.stderr
            done.write_text(result.stdout, encoding="utf-8")
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
