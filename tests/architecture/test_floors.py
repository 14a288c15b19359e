"""The house stands: rooms import downwards only, and no file outgrows its subject."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LONGEST = 400


def test_rooms_import_only_from_lower_floors(repository: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
    ]
    result = subprocess.run([*command, "--no-cache"], cwd=repository, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "KEPT" in result.stdout


def test_every_module_says_what_belongs_there(repository: Path) -> None:
    for path in sorted((repository / "src" / "synthese").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), f"{path.name} opens without a docstring"


def test_no_module_outgrows_its_subject(repository: Path) -> None:
    long = {
        path.relative_to(repository).as_posix(): lines
        for path in (repository / "src").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_library_does_not_reach_for_shared_folder(repository: Path) -> None:
    for path in (repository / "src").rglob("*.py"):
        assert "SYNTHESE_SHARED" not in path.read_text(encoding="utf-8"), path
