"""How long all crosses of many questions by many breakdowns take here, beside other tools, by turns in one run.

Writes 60 questions, 10 breakdowns and a weight of 1e3, 1e5 and 1e6 respondents as Parquet. Each contender, every round
in a process of its own, reads the columns it needs and makes the tables, and tests where said; printed are milliseconds
a table (the best of all rounds), their ratio to one ``numpy.bincount`` a pair in the same run, and the peak memory of
the process. Contenders that take long make some of the tables: how many is printed, and their tables are compared with
those of ``numpy.bincount``. Nothing is compared with a bound. ``make bench-tabulate``; ``--rounds``, ``--sizes``,
``--only`` and ``--wide`` change what is run.

With weights the reference makes one table a pair, of sums of weights. Rao and Scott's test needs two more, of counts
and of squared weights: ``numpy, 3 tables`` makes them too, for a like comparison; ``synthese, one table`` makes, one
pair at a time, the one table that the reference makes.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BREAKS = 10
# As ``bincount`` is of one thread, so are numpy's products of matrices: others may be at work on the machine.
ONE_THREAD = os.environ | {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
MINIMUM_SECONDS = 0.3  # a short task is repeated for as long within its process


def widths(questions: int) -> tuple[list[int], list[int]]:
    """Give options a question and a breakdown have: 2 to 9, and 2 to 7."""
    return [2 + (k * 5) % 8 for k in range(questions)], [2 + (k * 5) % 6 for k in range(BREAKS)]


def write(path: Path, rows: int, questions: int) -> None:
    """Write seeded answers, some options rarer than others, one in twelve missing (-1), and a weight."""
    draw = np.random.default_rng(2026)
    columns: dict[str, Any] = {}
    for name, options in zip(("q", "b"), widths(questions), strict=True):
        for k, width in enumerate(options):
            shares = np.array([1 / (1 + option / 2) for option in range(width)])
            edges = np.cumsum(shares / shares.sum())[:-1]
            codes = np.searchsorted(edges, draw.random(rows)).astype(np.int8)
            codes[draw.random(rows) < 1 / 12] = -1
            columns[f"{name}{k}"] = codes
    columns["w"] = np.exp(draw.normal(0, 0.4, rows))
    pq.write_table(pa.table(columns), path, row_group_size=2**17)


@dataclass(frozen=True)
class Task:
    """What one process does."""

    path: Path
    questions: int
    weighted: bool
    tested: bool
    pairs: int

    @property
    def some(self) -> list[tuple[int, int]]:
        """Pairs to make, spread over all of them."""
        every = [(i, j) for i in range(self.questions) for j in range(BREAKS)]
        return [every[k * len(every) // self.pairs] for k in range(self.pairs)]

    def codes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Read int8 codes column by column, and the weight."""
        file = pq.ParquetFile(self.path)
        rows = file.metadata.num_rows

        def read(prefix: str, count: int) -> np.ndarray:
            out = np.empty((count, rows), dtype=np.int8)
            for k in range(count):
                start = 0
                for batch in file.iter_batches(batch_size=2**17, columns=[f"{prefix}{k}"], use_threads=False):
                    out[k, start : start + batch.num_rows] = batch.column(0).to_numpy()
                    start += batch.num_rows
            return out

        weights = file.read(columns=["w"]).column(0).to_numpy() if self.weighted else None
        return read("q", self.questions), read("b", BREAKS), weights


Tables = dict[tuple[int, int], np.ndarray]
Run = Callable[[], Tables]


def with_bincount(task: Task, three: bool = False) -> Run:
    """One ``bincount`` a pair: codes shifted once a column, scaled once a question, one addition a pair."""
    questions, breaks, weights = task.codes()
    rows, columns = ([w + 1 for w in side] for side in widths(task.questions))
    squares = weights**2 if weights is not None and three else None

    def run() -> Tables:
        shifted = [by + np.intp(1) for by in breaks]
        found = {}
        for i, codes in enumerate(questions):
            own = codes + np.intp(1)
            for j, by in enumerate(shifted):
                index = own * columns[j]
                index += by
                size = rows[i] * columns[j]
                found[i, j] = np.bincount(index, weights, size)
                if three:
                    np.bincount(index, None, size)
                    np.bincount(index, squares, size)
        return {pair: table.reshape(rows[pair[0]], -1)[1:, 1:] for pair, table in found.items()}

    return run


def ours(task: Task) -> Run:
    """All pairs at once; as arrays, not as a record a pair."""
    from synthese.statistics.banner import banner
    from synthese.statistics.banner_tests import banner_tests

    questions, breaks, weights = task.codes()
    options = widths(task.questions)

    def run() -> Tables:
        found = banner(questions, breaks, *options, weights)
        if task.tested:
            banner_tests(found)
        matrix = found.counts if found.weights is None else found.weights
        return {pair: matrix[found.block(*pair)] for pair in task.some} if task.pairs < 10 else {(0, 0): matrix}

    return run


def with_pandas(task: Task) -> Run:
    """``pandas.crosstab`` a pair, and SciPy's chi-square."""
    import pandas as pd
    from scipy.stats import chi2_contingency

    names = {f"{side}{k}" for pair in task.some for side, k in zip("qb", pair, strict=True)} | {"w"}
    frame = pd.read_parquet(task.path, columns=sorted(names))
    frame = frame.mask(frame == -1)

    def run() -> Tables:
        found = {}
        for i, j in task.some:
            sums = {"values": frame["w"], "aggfunc": "sum"} if task.weighted else {}
            table = pd.crosstab(frame[f"q{i}"], frame[f"b{j}"], **sums).fillna(0).to_numpy()
            if task.tested:
                chi2_contingency(table, correction=False)
            found[i, j] = table
        return found

    return run


def with_polars(task: Task) -> Run:
    """Grouped by pair, all pairs collected together, by as many threads as there are cores; and SciPy's chi-square."""
    import polars as pl
    from scipy.stats import chi2_contingency

    frame = pl.read_parquet(task.path)
    options = widths(task.questions)
    what = pl.col("w").sum() if task.weighted else pl.len()

    def run() -> Tables:
        lazy = [frame.lazy().group_by(f"q{i}", f"b{j}").agg(what.alias("n")) for i, j in task.some]
        found = {}
        for (i, j), grouped in zip(task.some, pl.collect_all(lazy), strict=True):
            found[i, j] = laid_out(*(grouped[name].to_numpy() for name in (f"q{i}", f"b{j}", "n")), options, i, j)
            if task.tested:
                chi2_contingency(found[i, j], correction=False)
        return found

    return run


def with_duckdb(task: Task) -> Run:
    """One query of grouping sets a question, all cores; and SciPy's chi-square."""
    import duckdb
    from scipy.stats import chi2_contingency

    options = widths(task.questions)
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT * FROM read_parquet(?)", [str(task.path)])
    what = "sum(w)" if task.weighted else "count(*)"
    by_question: dict[int, list[int]] = {}
    for i, j in task.some:
        by_question.setdefault(i, []).append(j)

    def run() -> Tables:
        found = {}
        for i, breaks in by_question.items():
            sets = ", ".join(f"(q{i}, b{j})" for j in breaks)
            names = ", ".join(f"b{j}" for j in breaks)
            query = f"SELECT q{i} AS q, {names}, {what} AS n FROM t GROUP BY GROUPING SETS ({sets})"
            got = connection.execute(query).fetchnumpy()
            for j in breaks:
                by = np.ma.filled(np.ma.asarray(got[f"b{j}"]).astype(np.int64), -2)
                here = by > -2
                numbers = np.asarray(got["n"], dtype=float)
                found[i, j] = laid_out(np.asarray(got["q"])[here], by[here], numbers[here], options, i, j)
                if task.tested:
                    chi2_contingency(found[i, j], correction=False)
        return found

    return run


def laid_out(q: Any, b: Any, n: Any, options: tuple[list[int], list[int]], i: int, j: int) -> np.ndarray:
    """Lay groups out as a table, the missing left out."""
    table = np.zeros((options[0][i], options[1][j]))
    kept = (q >= 0) & (b >= 0)
    table[q[kept], b[kept]] = n[kept]
    return table


def with_svy(task: Task) -> Run:
    """svy's crosstab, which always makes Rao and Scott's test, among those who answered both."""
    import polars as pl
    import svy

    frame = pl.read_parquet(task.path)
    frame = frame.with_columns(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in frame.columns[:-1])

    def run() -> Tables:
        for i, j in task.some:
            sample = svy.Sample(frame.select(f"q{i}", f"b{j}", "w"), svy.Design(wgt="w"))
            sample.categorical.tabulate(f"q{i}", f"b{j}", drop_nulls=True)
        return {}

    return run


def rao_scott_alone(task: Task) -> Run:
    """Our test of one table at a time, counting included."""
    from synthese.statistics.design_tests import rao_scott
    from synthese.statistics.designs import Design

    questions, breaks, weights = task.codes()
    assert weights is not None
    design = Design(weights)

    def run() -> Tables:
        for i, j in task.some:
            rao_scott(design, questions[i], breaks[j])
        return {}

    return run


def one_table_alone(task: Task) -> Run:
    """Our table of one pair at a time, of sums of weights alone where there are weights: like for like."""
    from synthese.statistics.tabulation import crosstab

    questions, breaks, weights = task.codes()
    rows, columns = widths(task.questions)

    def run() -> Tables:
        return {(i, j): crosstab(questions[i], breaks[j], rows[i], columns[j], weights) for i, j in task.some}

    return run


@dataclass(frozen=True)
class Contender:
    """A tool, and how many of 600 tables it makes at each size (by the most rows)."""

    make: Callable[[Task], Run]
    tested: tuple[bool, ...] = (False, True)
    weights: tuple[bool, ...] = (False, True)
    pairs: tuple[tuple[int, int], ...] = ((10**9, 600),)

    def many(self, rows: int) -> int:
        """Tables to make."""
        return next(pairs for most, pairs in self.pairs if rows <= most)


CONTENDERS = {
    "numpy.bincount": Contender(with_bincount, (False,)),
    "numpy, 3 tables": Contender(lambda task: with_bincount(task, three=True), (False,), (True,)),
    "synthese": Contender(ours),
    "synthese, one table": Contender(one_table_alone, (False,), (False, True), ((10**5, 60), (10**9, 10))),
    "one by one": Contender(rao_scott_alone, (True,), (True,), ((10**3, 600), (10**5, 60), (10**9, 20))),
    "polars": Contender(with_polars, (False, True), (False, True), ((10**3, 120), (10**5, 60), (10**9, 10))),
    "duckdb": Contender(with_duckdb, (False, True), (False, True), ((10**3, 60), (10**5, 30), (10**9, 10))),
    "pandas + scipy": Contender(with_pandas, (False, True), (False, True), ((10**3, 12), (10**5, 6), (10**9, 2))),
    "svy": Contender(with_svy, (True,), (True,), ((10**3, 2), (10**5, 2), (10**9, 1))),
}


def peak_memory() -> float:
    """Peak of this process in MiB; on Linux ``ru_maxrss`` starts with the peak of the process that started it."""
    status = Path("/proc/self/status")
    if status.is_file():
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if "VmHWM" in line)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(name: str, task: Task, check: bool) -> None:
    """Run one contender in this process, imports and reading left out of the time."""
    run = CONTENDERS[name].make(task)
    tables = run() if name != "svy" else {}
    spent, best = 0.0, float("inf")
    while spent < MINIMUM_SECONDS:
        started = time.perf_counter()
        run()
        seconds = time.perf_counter() - started
        best, spent = min(best, seconds), spent + seconds
    peak = peak_memory()
    if check and tables:
        sums = with_bincount(task)()
        if (0, 0) in tables and tables[0, 0].shape != sums[0, 0].shape:
            whole = [np.hstack([sums[i, j] for j in range(BREAKS)]) for i in range(task.questions)]
            sums = {(0, 0): np.vstack(whole)}
        for pair, table in tables.items():
            np.testing.assert_allclose(table, sums[pair], rtol=1e-9, err_msg=f"{name} {pair}")
    print(json.dumps({"seconds": best, "peak": peak}))


def compare(path: Path, rows: int, questions: int, chosen: argparse.Namespace) -> None:
    """Run every contender by turns, and print how they compare."""
    print(f"\n{rows:,} respondents, {questions} questions × {BREAKS} breakdowns", flush=True)
    for weighted in (False, True):
        runs = [
            (name, tested)
            for name, contender in CONTENDERS.items()
            for tested in contender.tested
            if weighted in contender.weights and (chosen.only is None or name in chosen.only)
        ]
        found: dict[tuple[str, bool], list[dict[str, float]]] = {run: [] for run in runs}
        for turn in range(chosen.rounds):
            for name, tested in runs:
                if name == "svy" and importlib.util.find_spec("svy") is None:
                    continue
                pairs = min(CONTENDERS[name].many(rows), questions * BREAKS)
                pairs = questions * BREAKS if pairs == 600 else pairs
                given = [name, str(path), str(questions), str(int(weighted)), str(int(tested)), str(pairs)]
                command = [sys.executable, __file__, "--run", *given, *(["--check"] if turn == 0 else [])]
                result = subprocess.run(command, capture_output=True, text=True, check=False, env=ONE_THREAD)
                if result.returncode:
                    sys.exit(f"{name} failed:\n{result.stderr}")
                found[name, tested].append(json.loads(result.stdout) | {"tables": pairs})
        show(found, weighted)


def show(found: dict[tuple[str, bool], list[dict[str, float]]], weighted: bool) -> None:
    """Print a line a contender: the best round, and the ratio to the reference."""
    print(f"  {'weighted' if weighted else 'unweighted':<33}{'ms/table':>10}{'ratio':>10}{'peak MiB':>10}   tables")
    each = {run: min(m["seconds"] / m["tables"] for m in turns) for run, turns in found.items() if turns}
    reference = each.get(("numpy.bincount", False))
    three = each.get(("numpy, 3 tables", False))
    for (name, tested), turns in found.items():
        what = f"{name}{', tables and tests' if tested else ', tables'}"
        if not turns:
            print(f"    {what:<31} is not installed")
            continue
        seconds = each[name, tested]
        ratio = f"{seconds / reference:9.2f}×" if reference else "          "
        more = f"   ({seconds / three:.2f}× of numpy, 3 tables)" if three else ""
        peak = max(m["peak"] for m in turns)
        print(f"    {what:<31}{seconds * 1e3:10.4f}{ratio}{peak:10.0f}   {turns[0]['tables']:.0f}{more}", flush=True)


def main() -> None:
    """Write the answers and compare at each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, help="these contenders only")
    parser.add_argument("--wide", type=int, default=200, help="questions of a last run of ours at the largest size")
    parser.add_argument("--run", nargs=6, help="run one contender once (for the above)")
    parser.add_argument("--check", action="store_true", help="compare its tables with those of numpy.bincount")
    chosen = parser.parse_args()
    if chosen.run:
        name, path, *numbers = chosen.run
        questions, weighted, tested, pairs = (int(number) for number in numbers)
        one(name, Task(Path(path), questions, bool(weighted), bool(tested), pairs), chosen.check)
        return
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}, {os.cpu_count()} core(s)")
    print(f"load {load}; best of {chosen.rounds} rounds; peak memory is of the whole process, reading included")
    print("column `tables`: how many of all pairs were made; the slower tools make some, spread over all")
    print("numpy works by one thread; polars, duckdb and svy by as many as there are cores")
    with tempfile.TemporaryDirectory() as scratch:
        for rows in chosen.sizes:
            path = Path(scratch) / "answers.parquet"
            write(path, rows, 60)
            compare(path, rows, 60, chosen)
        if chosen.wide:
            write(path, max(chosen.sizes), chosen.wide)
            chosen.only, chosen.rounds = ["numpy.bincount", "synthese"], 1
            compare(path, max(chosen.sizes), chosen.wide, chosen)
    print(f"\nload at the end: {' '.join(f'{value:.2f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    main()
