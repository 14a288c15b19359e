"""Spack's users, 2020 and 2021, as one study drafted from Google Forms: the drafts run, and the figures hold.

The published post swaps two labels and counts a respondent less (EXPECTED.csv): what is printed is what the file gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from synthese import cleaning, exports
from synthese.analysis import open_wave
from synthese.estimates import select
from synthese.scaffold import init
from synthese.study import open_study

pytestmark = pytest.mark.timeout(900)  # two runs of a study, on a machine that may do other things

EXPORT = "spack-user-survey-{}-responses.{}"
# Name in EXPECTED.csv → question, option, group of the Exascale project (Q4).
SHARES = {
    "Are you part of the U.S. Exascale Computing Projec = Yes": ("Q4", "yes", None),
    "What kind of user are you? = Scientist/Researcher": ("Q1", "scientist_researcher", None),
    "What kind of user are you? = Software Developer": ("Q1", "software_developer", None),
    "What kind of user are you? = Software Developer | ECP": ("Q1", "software_developer", "yes"),
    "What kind of user are you? = System Administrator": ("Q1", "system_administrator", None),
    "What kind of user are you? = User Support Staff": ("Q1", "user_support_staff", None),
    "Where do you work? = University HPC/Computing Center": ("Q2", "university_hpc_computing", None),
    "How did you find out about Spack? = Used at my site": ("Q6", "used_at_my_site", None),
    "Where do you work = DOE NNSA + Office of Science": ("Q2@doe", "doe", None),
    "What are your primary application areas? ~ Traditional HPC / Simulation": (
        "Q5", "traditional_hpc_simulation", None,
    ),
    "Have you contributed to Spack? ~ Packages": ("Q8", "packages", None),
    "What version(s) of Spack do you use? ~ develop | ECP": ("Q9", "develop", "yes"),
    "What are your primary application areas? ~ Computer Science Research | ECP": (
        "Q5", "computer_science_research", "yes",
    ),
    "What Python version(s) do you use to run ~ 2.7": ("Q12", "2_7", None),
    "commercial support: probably+definitely": ("Q26@achat", "oui", None),
    "docs daily": ("Q25", "daily", None),
}  # fmt: skip
ALL = "respondents (count)"


@dataclass(frozen=True)
class Spack:
    """The study after its corrections, and what was seen on the way."""

    study: Any
    told: str
    alone: pd.DataFrame
    beside: pd.DataFrame
    page: str


def clean(root: Path, wave: str) -> pd.DataFrame:
    study = open_study(root)
    settings = study.wave(wave)
    raw = exports.read(study.raw(wave) / settings.export, tool=settings.tool)
    return cleaning.clean(raw, study.codebook, settings).responses


@pytest.fixture(scope="module")
def spack(new_study: Any, real_surveys: Path) -> Spack:
    study = new_study("spack")
    study.init(real_surveys / "spack" / EXPORT.format(2020, "csv"))
    alone = clean(study.root, "2020")
    told = study.init(real_surveys / "spack" / EXPORT.format(2021, "csv"))
    beside = clean(study.root, "2020")
    study.run("--to", "html")
    page = study.page("2021")
    study.correct("spack")
    study.run("--wave", "2020", "--to", "html")
    return Spack(study, told, alone, beside, page)


def test_every_expected_figure_is_compared(figures: Any) -> None:
    assert set(figures["spack"]) == {*SHARES, ALL}


@pytest.mark.parametrize("name", SHARES)
def test_shares_with_their_base(spack: Spack, figures: Any, name: str) -> None:
    question, option, group = SHARES[name]
    keys = {} if group is None else {"by": "Q4", "group": group}
    assert spack.study.share("2020", question, option, **keys) == figures["spack"][name]


def test_respondents(spack: Spack, figures: Any) -> None:
    row = select(spack.study.estimates("2020"), question="Q1", option="manager", statistic="share", by=None).iloc[0]
    assert (float(row["asked"]), int(row["base"])) == figures["spack"][ALL]


def test_the_page_prints_the_file_and_not_the_post(spack: Spack) -> None:
    page = " ".join(spack.study.page("2020").split())
    assert "(n = 170). Software Developer : 41 % ; Scientist/Researcher : 35 %" in page


def test_the_drafts_run_before_any_correction(spack: Spack) -> None:
    assert "What kind of user are you" in spack.page
    assert "What languages do you primarily program in" in spack.page
    assert "Research Software Engineer (RSE)" in spack.page


def test_a_second_wave_changes_nothing_of_the_first(spack: Spack) -> None:
    kept = [name for name in spack.alone.columns if name in spack.beside.columns]
    pd.testing.assert_frame_equal(spack.beside[kept], spack.alone[kept])
    # Lines of the grid that the second wave dropped are the first wave's still.
    assert set(spack.alone.columns) == set(spack.beside.columns)


def test_the_second_wave_is_told_on_the_terminal_and_in_the_codebook(spack: Spack) -> None:
    assert "wave 2021: 30 questions of the codebook" in spack.told
    assert "Q34 is new: 'What languages do you primarily program in?'" in spack.told
    assert "Q14 is not in this export" in spack.told
    book = open_study(spack.study.root).codebook.by_id
    assert (book["Q34"].asked_in, book["Q14"].asked_in) == (("2021",), ("2020",))
    assert (book["Q22"].wording("2021"), book["Q22"].rewordings[0].comparable) == (
        "If we had a (virtual) Spack user meeting, would you attend?", False,
    )  # fmt: skip
    assert {o.code for o in book["Q9"].options if o.waves == ("2021",)} == {"0_16", "0_17"}
    assert (spack.study.root / "data" / "raw" / "codebook.avant-2021.yml").is_file()


@pytest.fixture(scope="module")
def workbook(new_study: Any, real_surveys: Path) -> pd.DataFrame:
    """Estimates of 2020 from the workbooks, corrected by the same patch."""
    study = new_study("spack-xlsx")
    init(study.root, export=real_surveys / "spack" / EXPORT.format(2020, "xlsx"))
    init(study.root, export=real_surveys / "spack" / EXPORT.format(2021, "xlsx"))
    study.correct("spack")
    wave = open_wave("2020", study=study.root)
    wave.__dict__["responses"] = clean(study.root, "2020")
    return pd.concat([wave.describe().estimates, wave.cross().estimates])


@pytest.mark.parametrize("name", SHARES)
def test_the_workbook_gives_the_same_figures(workbook: pd.DataFrame, figures: Any, name: str) -> None:
    question, option, group = SHARES[name]
    by = None if group is None else "Q4"
    rows = select(workbook, question=question, option=option, statistic="share", by=by, group=group, universe=None)
    assert (round(100 * float(rows.iloc[0]["value"]), 2), int(rows.iloc[0]["base"])) == figures["spack"][name]
