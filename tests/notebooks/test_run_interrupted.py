"""Runs that end before their end: Ctrl-C, `kill -9`, two at once.

What was there stays whole, no process stays behind, and the next run completes the work.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.xdist_group("run"),
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
]

MINUTE = 60.0


def line(process, text: str) -> str:
    """Read what a run prints until a line holds a text; give all of it."""
    said = ""
    for printed in process.stdout:
        said += printed
        if text in printed:
            return said
    pytest.fail(f"the run never said {text!r}:\n{said}")


def kernels(study: Path) -> list[int]:
    """Processes, kernels above all, that work in a study."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink() == study.resolve():
                found.append(int(entry.name))
        except OSError:
            continue  # ended while we looked, or not ours
    return found


def gone(study: Path) -> bool:
    end = time.monotonic() + 10
    while kernels(study):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def stray(study: Path) -> list[str]:
    """Half-written files and folders."""
    hidden = (path for path in study.rglob(".*") if path.name not in (".lock", ".staging"))
    return [path.relative_to(study).as_posix() for path in (*hidden, *(study / ".staging").glob("render-*"))]


def whole(study: Path, before: dict[str, str], state) -> list[str]:
    """Files that are not as they were; a forced run writes the same bytes again, so there should be none."""
    after = state(study)
    return [name for name in before if after.get(name) != before[name]]


@pytest.mark.parametrize(
    ("where", "everyone"),
    [("02-description   3/", True), ("05-publication   4/", False), ("render           2/", True)],
    ids=["02-group", "05-process", "render-group"],
)
def test_ctrl_c_ends_at_once_with_one_line(study, start, state, where, everyone):
    before = state(study)
    if not where.startswith("02"):
        # Only the last steps, to come there soon.
        where_from = "05-publication" if where.startswith("05") else "synthese"
        for file in (study / "notebooks" / f"{where_from}.ipynb", study / "report" / f"{where_from}.qmd"):
            if file.is_file():
                text = file.read_text(encoding="utf-8")
                file.write_text(text.replace("# 05 ·", "# 05  ·") if file.suffix == ".ipynb" else text + "\n", "utf-8")
    process = start(study, "--wave", "2024", *(["--force"] if where.startswith("02") else []))
    line(process, where)
    (os.killpg if everyone else os.kill)(process.pid, signal.SIGINT)
    asked = time.monotonic()
    said, _ = process.communicate(timeout=MINUTE)
    assert process.returncode == 1
    assert time.monotonic() - asked < 20
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("synthese: interrupted: nothing is half-written; run the same command")
    assert gone(study)
    assert stray(study) == []
    assert whole(study, before, state) == []


def killed(study: Path, start, seconds: float) -> None:
    process = start(study, "--wave", "2024", "--force")
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=MINUTE)
    assert gone(study), "kernels outlive a run that was killed"


def rounds(study: Path, start, run, state, seed: int, number: int, longest: float) -> None:
    before = state(study)
    moments = random.Random(seed)
    for _ in range(number):
        moment = moments.uniform(0.3, longest)
        killed(study, start, moment)
        assert whole(study, before, state) == [], f"killed after {moment:.2f} s"
    code, said = run(study, "--wave", "2024")
    assert code == 0, said
    assert state(study) == before
    assert stray(study) == []


def test_a_run_that_is_killed_leaves_what_was_there_and_the_next_completes_it(study, start, run, state):
    rounds(study, start, run, state, seed=2026, number=3, longest=9)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(5))
def test_killed_again_and_again(study, start, run, state, seed):
    rounds(study, start, run, state, seed=seed, number=8, longest=16)


def test_a_first_run_that_is_killed_is_completed_to_the_same_bytes(built, bare, start, run, state):
    process = start(bare, "--wave", "2024")
    line(process, "05-publication   9/")
    process.kill()
    process.communicate(timeout=MINUTE)
    assert gone(bare)
    code, said = run(bare, "--wave", "2024")
    assert code == 0, said
    assert "4 up to date" in said
    expected = {name: digest for name, digest in state(built).items() if "/2024/" in name}
    assert {name: digest for name, digest in state(bare).items() if "/2024/" in name} == expected
    assert stray(bare) == []


def test_of_two_runs_at_once_one_is_refused_and_the_other_completes(study, start, run, state):
    before = state(study)
    first = start(study, "--wave", "2024", "--force")
    said = line(first, "01-nettoyage")
    code, refusal = run(study, "--wave", "2024")
    assert code == 1
    assert refusal.strip() == (
        "synthese: data/processed: another run is at work on this study → wait for it to end, or stop it "
        "[already-running]"
    )
    more, _ = first.communicate(timeout=2 * MINUTE)
    assert first.returncode == 0, said + more
    assert state(study) == before


def test_whoever_stops_reading_gets_no_traceback(study, start, state):
    before = state(study)
    process = start(study, "--wave", "2024", "--force")
    line(process, "01-nettoyage")
    process.stdout.close()
    process.wait(timeout=2 * MINUTE)
    assert process.returncode == 1
    assert gone(study)
    assert stray(study) == []
    assert whole(study, before, state) == []
