"""Rendering one wave, step by step, by either engine."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from synthese.errors import SyntheseError
from synthese.events import Event, Listener, silent
from synthese.files import told_where, write_text
from synthese.rendering import annex, brand, embedded, fonts, jobs, outputs, pictures, quarto
from synthese.rendering.assets import asset
from synthese.rendering.manifest import read_manifest
from synthese.rendering.metadata import as_yaml, metadata
from synthese.rendering.source import read_source
from synthese.study import Study

Engine = Literal["auto", "quarto", "pandoc"]
FORMATS = ("html", "pdf", "docx")
REPORT = Path("report") / "synthese.qmd"


@dataclass(frozen=True)
class Rendered:
    """What was made of a wave.

    Parameters
    ----------
    wave : str
        The wave.
    engine : {"quarto", "pandoc"}
        What made it.
    files : mapping of str to Path
        Format to file.
    versions : mapping of str to str
        Program to version.
    seconds : float
        Wall time.
    """

    wave: str
    engine: str
    files: Mapping[str, Path]
    versions: Mapping[str, str]
    seconds: float

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in the order asked for."""
        return tuple(self.files.values())


def engine_label(engine: Engine = "auto") -> str:
    """Name what would render, with its version: ``quarto 1.11.2`` or ``pandoc 3.9, typst 0.15.2``.

    Raises
    ------
    SyntheseError
        As `render`, where Quarto was asked for.
    """
    chosen = quarto.choose(engine)
    return ", ".join(f"{name} {version}" for name, version in _versions(chosen).items())


def _versions(chosen: quarto.Quarto | None) -> dict[str, str]:
    return {"quarto": chosen.version} if chosen else embedded.versions()


def render(
    study: Study,
    wave_id: str,
    *,
    engine: Engine = "auto",
    formats: Sequence[str] = ("html", "pdf"),
    findings: int = 0,
    listener: Listener = silent,
) -> Rendered:
    """Make the report of a wave from its stored artefacts.

    Everything is made in a staging folder, checked, and only then put into ``report/_output/<wave>``: a
    failure leaves what was there before. Same artefacts, same bytes with the embedded engine. The newest
    wave's metadata also go to ``report/_current.yml``, for plain ``quarto render``.

    Parameters
    ----------
    study : Study
        The study.
    wave_id : str
        The wave.
    engine : {"auto", "quarto", "pandoc"}
        ``auto`` takes Quarto when it is found and new enough, else pandoc and Typst.
    formats : sequence of {"html", "pdf", "docx"}
        What to make.
    findings : int
        What `synthese check` finds of this wave: with any, the report is a draft whatever its settings say.
    listener : callable
        Told of each step.

    Raises
    ------
    SyntheseError
        Unknown wave, engine or format; a manifest that does not fit its files; a fault in the report.
    """
    started = time.perf_counter()
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise SyntheseError.of(
            "unknown-format",
            f"no format {', '.join(unknown) or '(none given)'}",
            fix=f"take some of {', '.join(FORMATS)}",
        )
    chosen = quarto.choose(engine)
    total = 3

    def tell(done: int, detail: str) -> None:
        listener(Event("step", wave_id, "render", detail, done, total))

    tell(0, "manifest and metadata")
    content = metadata(study, wave_id, findings=findings)
    if findings and (study.wave(wave_id).status or study.settings.status) != "brouillon":
        what = f"stays a draft: {findings} findings of `synthese check --wave {wave_id}`"
        listener(Event("warn", wave_id, "render", what))
    theme = prepare_theme(study.root)
    with staging(study.root, wave_id) as folder:
        job = embedded.Job(
            root=study.root,
            report=study.root / REPORT,
            text=read_source(study.root / REPORT, content),
            metadata=folder / "metadata.yml",
            theme=theme,
            content=content,
            staging=folder,
        )
        write_text(job.metadata, as_yaml(content))
        tell(1, f"{', '.join(formats)} by {'Quarto' if chosen else 'pandoc and Typst'}")
        with ThreadPoolExecutor(max_workers=1) as aside:
            entries = read_manifest(study.root, wave_id) if "html" in formats else ()
            drawing = aside.submit(pictures.downloads, study.root, entries, theme)
            made, beside = _documents(job, chosen, formats)
            offered = drawing.result() if "html" in made else None
        if "docx" in made:
            made["docx"] = _finished(study.root, made["docx"], content)
        tell(2, "checks")
        outputs.check(made, _typst_source(folder, REPORT))
        outputs.check(beside, _typst_source(folder, annex.REPORT), annex.NAME)
        outputs.publish(study.output(wave_id), beside, name=annex.NAME)
        files = outputs.publish(study.output(wave_id), made, offered)
    if wave_id == study.newest:
        _write_current(study, content)
    seconds = time.perf_counter() - started
    return Rendered(wave_id, "quarto" if chosen else "pandoc", files, _versions(chosen), seconds)


def _documents(
    job: embedded.Job, chosen: quarto.Quarto | None, formats: Sequence[str]
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Make the report, and the annex of every table where the wave has one, in the formats for reading."""
    every = jobs.annexed(job)
    report = jobs.apart(job)
    paper = jobs.for_paper(report)
    wanted = [((report if name == "html" else paper), name) for name in formats]
    beside = [(every, name) for name in jobs.formats_of(formats)] if every else []
    if chosen:  # two renders of one project at a time race, and a project has one set of metadata
        done = [quarto.make(chosen, replace(one, metadata=job.metadata), name) for one, name in beside + wanted]
    else:  # pandoc and Typst work side by side: each in a process or a thread of its own
        embedded.pandoc()
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            # The annex first: it takes longest.
            done = list(pool.map(lambda task: embedded.make(*task), beside + wanted))
    made = dict(zip((name for _, name in wanted), done[len(beside) :], strict=True))
    return made, dict(zip((name for _, name in beside), done, strict=False))


def _typst_source(folder: Path, report: Path) -> str | None:
    path = folder / f"{report.stem}.typ"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _finished(root: Path, made: bytes, content: Mapping[str, Any]) -> bytes:
    from synthese.rendering import docx  # its library is slow to load, and few want this format

    theme = brand.read_theme(asset(root, "_brand.yml"))
    moment = dt.datetime.fromtimestamp(embedded.stamp(content), dt.UTC)
    return docx.finish(made, theme, content, moment, docx.bitmap(theme, root))


def write_current(study: Study, wave_id: str, *, findings: int = 0) -> Path:
    """Write what plain ``quarto render`` reads: ``report/_current.yml``, and looks in ``report/_current``.

    Parameters
    ----------
    study : Study
        The study.
    wave_id : str
        The wave.
    findings : int
        See `render`.

    Returns
    -------
    Path
        ``report/_current.yml``.
    """
    prepare_theme(study.root)
    return _write_current(study, metadata(study, wave_id, findings=findings))


def _write_current(study: Study, content: Mapping[str, Any]) -> Path:
    path = study.root / "report" / "_current.yml"
    write_text(path, as_yaml(content))
    return path


def prepare_theme(root: Path) -> Path:
    """Write ``theme.css`` and the fonts of the study's brand into ``report/_current``; give that folder."""
    theme = brand.read_theme(asset(root, "_brand.yml"))
    folder = root / "report" / "_current"
    lock = root / ".staging" / "theme.lock"
    with told_where(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        fonts.prepare(folder / "fonts", theme)
        sheet = brand.css(theme) + fonts.css(folder / "fonts", theme)
        path = folder / "theme.css"
        if not path.is_file() or path.read_text(encoding="utf-8") != sheet:
            write_text(path, sheet)
    return folder


@contextmanager
def staging(root: Path, wave_id: str) -> Iterator[Path]:
    """Give a wave a folder of its own, gone afterwards."""
    parent = root / ".staging"
    with told_where(parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"render-{wave_id}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
