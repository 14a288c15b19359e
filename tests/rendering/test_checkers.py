"""Checkers of PDF/UA that others wrote, on the study's own PDF; both are young, so what they look at is pinned.

`pdfua` 0.1 has 12 checks, over 16 of the 106 rules of the profile: language, title, marks, structure, headings,
alternative texts. `outloud` 0.2 has 15 Matterhorn checkpoints and checks of meaning. What they say and is not so:

- ``UA-14-001`` of `pdfua` fails on any tag tree whose nodes hold arrays of children, and says so: skipped.
- ``TBL-010`` of `outloud` calls header cells "shredded" where they outnumber the others: so do they in any table
  of two columns whose rows have headers, as ours have.
- ``ORD-001`` warns where a page is painted in another order than it is read: titles of figures, footnotes.
  The order that it is read in is tested by itself, against the page.
- ``FIG-012`` of `outloud` takes the alternative text of the lines between waves, which is mostly numbers, for no
  language.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import outloud
import pytest
from pdfua import validator

FALSE = {"TBL-010", "ORD-001", "FIG-012"}


@pytest.fixture(scope="module", params=("2024", "2026"))
def pdf(request: pytest.FixtureRequest, built_study: Path) -> Path:
    return built_study / "report" / "_output" / request.param / "synthese.pdf"


def test_pdfua_finds_nothing(pdf: Path) -> None:
    report = validator.validate(str(pdf))
    assert list(report.findings) == []
    assert {outcome.rule_id for outcome in report.skipped} <= {"UA-14-001"}


def test_outloud_finds_nothing_but_what_is_known(pdf: Path) -> None:
    result = outloud.check(str(pdf))
    assert {item.rule for item in result.findings if item.severity != "info"} <= FALSE
    assert [run.rule for run in result.runs if run.status == "crashed"] == []


def test_qpdf_reads_the_file_without_a_complaint(pdf: Path) -> None:
    program = shutil.which("qpdf")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("qpdf is not on this machine (CI installs it)")
    assert program is not None, "CI installs qpdf"
    done = subprocess.run([program, "--check", str(pdf)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
