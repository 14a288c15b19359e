"""A real survey that nobody here made, end to end: its numbers against those computed from the file.

Eighteen French answers exported by Tally, every multiple response written twice. The study beside this test
holds its codebook and column mapping; the answers are read where they lie.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from synthese.estimates import read_parquet, select

HERE = Path(__file__).parent / "publicodes"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run_study(tmp_path_factory: pytest.TempPathFactory, real_surveys: Path) -> Path:
    root = tmp_path_factory.mktemp("publicodes")
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (root / "notebooks").mkdir()
    shutil.copy(HERE / "study.yml", root)
    shutil.copy(HERE / "codebook.yml", root / "data" / "raw")
    shutil.copy(HERE / "wave.yml", raw)
    shutil.copy(real_surveys / "publicodes-2024-fr" / "data.csv", raw)
    for name in ("_quarto.yml", "_brand.yml"):
        shutil.copy(ROOT / name, root)
    for path in (ROOT / "notebooks").glob("0[1-4]-*.ipynb"):
        shutil.copy(path, root / "notebooks")
    shutil.copy(HERE / "05-publication.ipynb", root / "notebooks")
    for folder in ("filters", "templates"):
        shutil.copytree(ROOT / "report" / folder, root / "report" / folder)
    shutil.copy(HERE / "synthese.qmd", root / "report")
    shutil.copy(HERE / "phrases.yml", root / "report")
    command = [sys.executable, "-m", "synthese", "run", "--study", str(root), "--engine", "pandoc"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return root


@pytest.fixture(scope="module")
def released(run_study: Path) -> pd.DataFrame:
    return read_parquet(run_study / "data" / "processed" / "2024" / "estimates.parquet")


def expected(real_surveys: Path) -> dict[str, tuple[float, int]]:
    with (real_surveys / "EXPECTED.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["set"] == "publicodes-2024-fr"]
    return {row["question_option"]: (float(row["computed_from_file"]), int(row["base_n"])) for row in rows}


def one(frame: pd.DataFrame, question: str, option: str | None, statistic: str) -> pd.Series:
    rows = select(frame, question=question, option=option, statistic=statistic, by=None)
    assert len(rows) == 1
    return rows.iloc[0]


SHARES = {
    "utilisé en production = Oui": ("production", "oui"),
    "remplace connu (>80 % publié)": ("connaissance.remplace@connu", "connu"),
}
COUNTS = {
    "chantier: nouvelles fonctionnalités au langage (count)": "langage",
    "chantier: Améliorer les performances (count)": "performances",
    "chantier: Outiller l'édition (count)": "edition",
    "chantier: Faire des tutos (count)": "tutos",
    "chantier: Faciliter la publication (count)": "publication",
}


def test_every_expected_figure_is_compared(real_surveys: Path) -> None:
    assert set(expected(real_surveys)) == {*SHARES, *COUNTS, "NPS", "autre éditeur que VSCode"}


@pytest.mark.parametrize("name", SHARES)
def test_shares_with_their_base(released: pd.DataFrame, real_surveys: Path, name: str) -> None:
    value, base = expected(real_surveys)[name]
    row = one(released, *SHARES[name], "share")
    assert round(100 * row["value"], 2) == value
    assert row["base"] == base


@pytest.mark.parametrize("name", COUNTS)
def test_counts_with_their_base(released: pd.DataFrame, real_surveys: Path, name: str) -> None:
    value, base = expected(real_surveys)[name]
    row = one(released, "chantiers", COUNTS[name], "share")
    assert (row["count"], row["base"]) == (value, base)


def test_nps(released: pd.DataFrame, real_surveys: Path) -> None:
    value, base = expected(real_surveys)["NPS"]
    row = one(released, "recommandation", None, "nps")
    assert round(row["value"], 2) == value
    assert row["base"] == base


def test_base_is_those_who_answered(released: pd.DataFrame, real_surveys: Path) -> None:
    value, base = expected(real_surveys)["autre éditeur que VSCode"]
    row = one(released, "editeur", "vscode", "share")
    assert row["base"] == base
    assert round(100 * (base - row["count"]) / base, 2) == value


def test_report_prints_counts_not_percentages_on_eighteen_answers(run_study: Path) -> None:
    page = (
        (run_study / "report" / "_output" / "2024" / "synthese.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    )
    assert "16 sur 18" in page
    assert "89 %" not in page
    assert (run_study / "report" / "_output" / "2024" / "synthese.pdf").read_bytes().startswith(b"%PDF")
