"""How long each part of a study takes here, in one run on a copy of the repository's study.

Prints wall seconds and peak memory; nothing is compared with a bound. ``make bench``.
"""

from __future__ import annotations

import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import copy_study
from synthese.batch import run
from synthese.events import Event
from synthese.rendering import engine_label, render
from synthese.study import open_study


def main() -> None:
    """Run both waves, once with one job and once with two, then render again."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {engine_label('pandoc')}")
    with tempfile.TemporaryDirectory() as scratch:
        study = open_study(copy_study(Path(scratch) / "study"))
        for jobs in (1, 2):
            seconds: dict[str, list[float]] = {}

            def listen(event: Event, seconds: dict[str, list[float]] = seconds) -> None:
                if event.kind == "done" and event.seconds is not None:
                    seconds.setdefault(event.task, []).append(event.seconds)

            report = run(study, study.wave_ids, jobs=jobs, force=True, engine="pandoc", listener=listen)
            print(f"\nforced run of {len(study.wave_ids)} waves, {jobs} job(s): {report.seconds:.1f} s")
            for task, values in seconds.items():
                print(f"  {task:<18} {'  '.join(f'{value:6.2f} s' for value in values)}")
        started = time.monotonic()
        run(study, study.wave_ids, engine="pandoc")
        print(f"\nrun with nothing to do: {time.monotonic() - started:.2f} s")
        for formats in (("html",), ("pdf",), ("html", "pdf")):
            started = time.monotonic()
            render(study, study.newest, engine="pandoc", formats=formats)
            print(f"render {'+'.join(formats):<10} {time.monotonic() - started:.2f} s")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\npeak memory: {own:.0f} MiB here, {children:.0f} MiB in the largest process started")


if __name__ == "__main__":
    main()
