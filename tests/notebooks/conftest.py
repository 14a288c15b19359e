"""What tests of whole runs share: the command line in a process of its own, and one build to copy from."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = shutil.ignore_patterns("_output", "_current", "_current.yml", ".*")
COMMAND = [sys.executable, "-P", "-m", "synthese"]


def copied(target: Path) -> Path:
    """Copy the repository's study without what code made."""
    target.mkdir(parents=True)
    for name in ("_quarto.yml", "_brand.yml", "study.yml"):
        shutil.copy2(ROOT / name, target / name)
    shutil.copytree(ROOT / "notebooks", target / "notebooks", ignore=MADE)
    shutil.copytree(ROOT / "data" / "raw", target / "data" / "raw")
    shutil.copytree(ROOT / "report", target / "report", ignore=MADE)
    return target


@pytest.fixture(scope="session")
def start(source) -> Callable[..., subprocess.Popen[str]]:
    """Start ``synthese run --engine pandoc …`` on a study, in a session of its own."""

    def begin(study: Path, *options: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, "run", "--engine", "pandoc", *options],
            cwd=study,
            env=os.environ | {"PYTHONPATH": str(source), "PYTHONWARNINGS": "ignore"} | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            # A shell that started the tests in the background had them ignore Ctrl-C, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    return begin


@pytest.fixture(scope="session")
def run(start) -> Callable[..., tuple[int, str]]:
    """Run ``synthese run`` to its end: exit code, and all that it printed."""

    def done(study: Path, *options: str, **more: str) -> tuple[int, str]:
        process = start(study, *options, **more)
        said, _ = process.communicate(timeout=280)
        return process.returncode, said

    return done


@pytest.fixture(scope="session")
def state() -> Callable[[Path], dict[str, str]]:
    """Hash everything that a run makes, the ledger and the lock left out."""

    def hashed(study: Path) -> dict[str, str]:
        made = (study / "data" / "processed", study / "report" / "_output", study / "report" / "_current.yml")
        files = (file for place in made for file in ([place] if place.is_file() else sorted(place.rglob("*"))))
        return {
            file.relative_to(study).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
            if file.is_file() and file.name not in (".lock", "ledger.json")
        }

    return hashed


@pytest.fixture(scope="session")
def built(built_study) -> Path:
    """Give the repository's study, both waves built; tests copy it and leave it alone."""
    return built_study


@pytest.fixture
def study(built, tmp_path) -> Path:
    """Give a copy of the built study, to be attacked."""
    shutil.copytree(built, tmp_path / "étude")
    return tmp_path / "étude"


@pytest.fixture
def bare(tmp_path) -> Path:
    """Give a copy of the repository's study without anything made."""
    return copied(tmp_path / "étude nue")
