"""Studies drafted from real surveys: init, run, correct by a patch, run again, as a user would."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from synthese.estimates import read_parquet, select

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Drafted:
    """A study drafted by the command line in a folder of its own."""

    root: Path

    def synthese(self, *words: str) -> str:
        command = [sys.executable, "-m", "synthese", *words]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def init(self, export: Path, *options: str) -> str:
        return self.synthese("init", str(self.root), "--from", str(export), *options)

    def run(self, *options: str) -> str:
        return self.synthese("run", "--study", str(self.root), "--engine", "pandoc", *options)

    def correct(self, name: str) -> None:
        """Apply the hand corrections, which fit the draft to the letter or not at all."""
        command = ["git", "apply", "--whitespace=nowarn", str(HERE / name / "corrections.patch")]
        alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(self.root.parent)}
        subprocess.run(command, cwd=self.root, check=True, capture_output=True, env=alone)

    def estimates(self, wave: str, *, private: bool = True) -> pd.DataFrame:
        folder = self.root / "data" / "processed" / wave
        return read_parquet((folder / "private" if private else folder) / "estimates.parquet")

    def page(self, wave: str) -> str:
        page = self.root / "report" / "_output" / wave / "synthese.html"
        return page.read_text(encoding="utf-8").replace("\u00a0", " ").replace("\u202f", " ")

    def share(self, wave: str, question: str, option: str, **keys: Any) -> tuple[float, int]:
        """Percentage to two decimals and base, as EXPECTED.csv has them."""
        where = {"by": None, "group": None, "universe": None, "statistic": "share", **keys}
        rows = select(self.estimates(wave), question=question, option=option, **where)
        assert len(rows) == 1
        return round(100 * float(rows.iloc[0]["value"]), 2), int(rows.iloc[0]["base"])


@pytest.fixture(scope="session")
def figures(real_surveys: Path) -> dict[str, dict[str, tuple[float, int]]]:
    """Give each survey's figures as computed from its file, with their bases, by name (and base, where two)."""
    found: dict[str, dict[str, tuple[float, int]]] = {}
    with (real_surveys / "EXPECTED.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = row["question_option"] + (" | ECP" if row["base"] == "ECP" else "")
            known = found.setdefault(row["set"], {})
            assert name not in known
            known[name] = float(row["computed_from_file"]), int(row["base_n"])
    return found


@pytest.fixture(scope="session")
def new_study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a maker of empty places for studies."""
    return lambda name: Drafted(tmp_path_factory.mktemp(name) / "étude")
