"""How long the report of one wave takes here from stored artefacts, and which part of it what takes.

Prints wall seconds, best of five, of one run on a copy of the repository's study: manifest and metadata, pandoc without
filters and each filter by itself, Typst, the pictures to download. Nothing is compared with a bound. ``make bench``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pypandoc

from conftest import copy_study
from synthese.batch import run
from synthese.rendering import embedded, engine_label, jobs, pictures, render, report
from synthese.rendering.manifest import read_manifest
from synthese.rendering.metadata import as_yaml, metadata
from synthese.rendering.source import read_source
from synthese.study import open_study

ROUNDS = 5


def best(what: Callable[[], object]) -> float:
    """Run something five times; give the shortest time, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        what()
        times.append(time.perf_counter() - started)
    return min(times)


def _read(job: embedded.Job, filters: int, writer: str = "native", more: tuple[str, ...] = ()) -> float:
    """Time pandoc on the report with its first filters only."""
    command = [pypandoc.get_pandoc_path(), "--from=markdown", f"--to={writer}", "--standalone", "--wrap=none", *more]
    command += [f"--metadata-file={job.metadata}"]
    command += [f"--lua-filter={job.root / 'report' / 'filters' / name}.lua" for name in embedded.FILTERS[:filters]]
    source = job.text.encode("utf-8")
    return best(lambda: subprocess.run(command, input=source, cwd=job.report.parent, capture_output=True, check=True))


def main() -> None:
    """Run the newest wave, then time each part of its rendering."""
    print(f"{engine_label('pandoc')}; best of {ROUNDS}, in seconds")
    with tempfile.TemporaryDirectory() as scratch:
        study = open_study(copy_study(Path(scratch) / "study"))
        wave = study.newest
        run(study, [wave], jobs=2, engine="pandoc")
        for formats in (("html",), ("pdf",), ("html", "pdf"), ("docx",)):
            seconds = best(lambda formats=formats: render(study, wave, engine="pandoc", formats=formats))  # type: ignore[misc]
            print(f"render {'+'.join(formats):<22} {seconds:.3f}")
        theme = report.prepare_theme(study.root)
        content = metadata(study, wave)
        print(f"  manifest and metadata        {best(lambda: metadata(study, wave)):.3f}")
        with report.staging(study.root, wave) as folder:
            text = read_source(study.root / report.REPORT, content)
            path = folder / "metadata.yml"
            path.write_text(as_yaml(content), encoding="utf-8")
            job = embedded.Job(study.root, study.root / report.REPORT, text, path, theme, content, folder)
            job = jobs.apart(job)
            paper = jobs.for_paper(job)
            plain = _read(job, 0)
            print(f"  pandoc, start and reading    {plain:.3f}")
            before = plain
            for number, name in enumerate(embedded.FILTERS, start=1):
                now = _read(job, number)
                print(f"  filter {name:<21} {now - before:.3f}")
                before = now
            print(f"  pandoc to HTML, all of it    {best(lambda: embedded.make(job, 'html')):.3f}")
            source = embedded._pandoc(paper, "pdf", embedded._typst(paper))
            print(f"  Typst, compiling             {best(lambda: embedded._compile(paper, source)):.3f}")
            print(f"  pandoc and Typst to PDF      {best(lambda: embedded.make(paper, 'pdf')):.3f}")
            every = jobs.annexed(embedded.Job(study.root, job.report, text, path, theme, content, folder))
            if every is not None:
                for output in ("html", "pdf"):
                    seconds = best(lambda output=output: embedded.make(every, output))  # type: ignore[misc]
                    print(f"  annex of every table, {output:<6} {seconds:.3f}")
        entries = read_manifest(study.root, wave)
        made = pictures.downloads(study.root, entries, theme)
        seconds = best(lambda: pictures.downloads(study.root, entries, theme))
        drawn = sum(name.endswith(".png") for name in made)
        print(f"  pictures to download         {seconds:.3f}  ({drawn} figures, {1000 * seconds / drawn:.0f} ms each)")
        sizes = [(path.name, path.stat().st_size) for path in sorted(study.output(wave).iterdir()) if path.is_file()]
        print("\n".join(f"{name:<28} {size / 1024:.0f} kB" for name, size in sizes))


if __name__ == "__main__":
    main()
