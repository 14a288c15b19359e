"""How long a large export takes to read here, beside pandas' plain reader and openpyxl, alternately in one run.

Writes a CSV of 1e5 × 200 and a workbook of 1e4 × 200 into a temporary folder, reads each several times with each
reader, every time in a process of its own, and prints seconds, ratios and peak memory; nothing is compared with
a bound. ``make bench``; ``--rounds``, ``--rows`` and ``--sheet-rows`` change the sizes.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

COLUMNS = 200
LABELS = (
    "Oui", "Non", "Ne sait pas", "Très d’accord", "Plutôt d’accord", "Pas du tout", "Bâtiment, travaux publics",
    "« Autre »", "Coopérative d’activité et d’emploi",
)  # fmt: skip
SENTENCE = (
    "les chantiers coopératifs permettent à chacune, chacun d’échanger ; un accompagnement « sur mesure » plutôt "
    "qu’un modèle tout fait"
)
KINDS = ("label", "label", "tick", "tick", "tick", "number", "rare", "label", "quoted", "text")
POOL = 997


def pools(seed: int) -> dict[str, list[str]]:
    """Give cells of each kind that a survey's export holds, as many empty as such exports have."""
    pick = random.Random(seed)

    def sentence() -> str:
        words = " ".join(pick.choices(SENTENCE.split(), k=pick.randint(5, 40)))
        return words + ("\nà la ligne" if pick.random() < 0.1 else "")

    cell: dict[str, Callable[[], str]] = {
        "label": lambda: pick.choice(LABELS) if pick.random() < 0.85 else "",
        "tick": lambda: "X" if pick.random() < 0.3 else "",
        "number": lambda: str(pick.randint(0, 5000)) if pick.random() < 0.7 else f"{pick.random() * 100:.2f}",
        "rare": lambda: "" if pick.random() < 0.95 else "précision",
        "quoted": lambda: 'dit "oui", puis non' if pick.random() < 0.3 else "outils, méthodes",
        "text": lambda: sentence() if pick.random() < 0.15 else "",
    }
    return {kind: [make() for _ in range(POOL)] for kind, make in cell.items()}


def rows(count: int) -> Iterator[list[str]]:
    """Give a header and as many answers; the same every time."""
    made = pools(2024)
    kinds = [KINDS[place % len(KINDS)] for place in range(COLUMNS)]
    yield ["Horodateur", *(f"Question {place} : qu’en pensez-vous ?" for place in range(1, COLUMNS))]
    for row in range(count):
        stamp = f"12/03/2024 {row // 3600 % 24:02}:{row // 60 % 60:02}:{row % 60:02}"
        yield [stamp, *(made[kinds[place]][(row * 7 + place * 13) % POOL] for place in range(1, COLUMNS))]


def write_csv(path: Path, count: int) -> None:
    """Write the large CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows(count))


def write_sheet(path: Path, count: int) -> None:
    """Write the large workbook, with numbers and dates as such."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Réponses")
    for place, row in enumerate(rows(count)):
        if place == 0:
            sheet.append(row)
            continue
        stamp = dt.datetime.strptime(row[0], "%d/%m/%Y %H:%M:%S")
        sheet.append([stamp, *(float(cell) if cell[:1].isdigit() else cell or None for cell in row[1:])])
    book.save(path)


def ours(path: Path) -> int:
    """Read as a study does."""
    from synthese import exports

    return exports.read(path).cells.size


def with_pandas(path: Path) -> int:
    """Read with pandas' plain reader."""
    import pandas as pd

    return pd.read_csv(path).size


def with_openpyxl(path: Path) -> int:
    """Read every value with openpyxl, row by row."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True))


READERS = {"synthese": ours, "pandas": with_pandas, "openpyxl": with_openpyxl}


def one(reader: str, path: Path) -> None:
    """Read once in this process, imports left out of the time."""
    import openpyxl  # noqa: F401
    import pandas as pd  # noqa: F401

    from synthese import exports

    exports.known()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, busy = time.perf_counter(), time.process_time()
    cells = READERS[reader](path)
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "cpu": cpu, "cells": cells, "peak": peak / 1024, "before": before / 1024}))


def compare(path: Path, other: str, rounds: int) -> None:
    """Read with ours and the other by turns, and print how they compare."""
    found: dict[str, list[dict[str, float]]] = {"synthese": [], other: []}
    for _ in range(rounds):
        for reader, measures in found.items():
            command = [sys.executable, __file__, "--read", reader, str(path)]
            result = subprocess.run(command, capture_output=True, text=True, check=True)
            measures.append(json.loads(result.stdout))
    print(f"\n{path.name}, {path.stat().st_size / 2**20:.0f} MiB, {rounds} round(s)")
    for reader, measures in found.items():
        seconds = sorted(measure["seconds"] for measure in measures)
        peak, before = (max(measure[key] for measure in measures) for key in ("peak", "before"))
        print(
            f"  {reader:<9} best {seconds[0]:7.3f} s   median {statistics.median(seconds):7.3f} s   "
            f"processor {min(measure['cpu'] for measure in measures):7.3f} s   "
            f"peak memory {peak:5.0f} MiB ({before:.0f} before reading)   {measures[0]['cells']:,.0f} cells"
        )
    ratios = {
        name: take([m[key] for m in found["synthese"]]) / take([m[key] for m in found[other]])
        for name, key, take in (
            ("best", "seconds", min),
            ("median", "seconds", statistics.median),
            ("processor", "cpu", min),
        )
    }
    told = "   ".join(f"{name} {ratio:.2f}× ({1 / ratio:.1f} times as fast)" for name, ratio in ratios.items())
    print(f"  synthese takes, of {other}'s time: {told}")


def main() -> None:
    """Write both files and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sheet-rows", type=int, default=10_000)
    parser.add_argument("--read", nargs=2, metavar=("READER", "FILE"), help="read one file once (for the above)")
    chosen = parser.parse_args()
    if chosen.read:
        one(chosen.read[0], Path(chosen.read[1]))
        return
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} core(s), load {load}")
    with tempfile.TemporaryDirectory() as scratch:
        large, sheet = Path(scratch) / "large.csv", Path(scratch) / "large.xlsx"
        write_csv(large, chosen.rows)
        write_sheet(sheet, chosen.sheet_rows)
        compare(large, "pandas", chosen.rounds)
        compare(sheet, "openpyxl", max(1, chosen.rounds // 2))
    print(f"load at the end: {' '.join(f'{value:.2f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    main()
