"""The engine that every installation has: pandoc and Typst, the two that Quarto is built on.

Belongs here: running them on a report's text and a wave's metadata. Does not: what the report says, or
where its outputs go (`publish` does that for both engines).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import pypandoc
import typst

from synthese.errors import SyntheseError
from synthese.files import write_bytes, write_text
from synthese.rendering import fonts, tagging
from synthese.rendering.assets import asset
from synthese.rendering.metadata import as_yaml

# Typography first: references turn alternative texts into code of the output.
FILTERS = ("artefacts", "typographie", "references", "blocs")
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_MARKED = re.compile(r"SYNTHESE\[([a-z-]+)\] (.*)")
# "-smart": Typst gets the apostrophes and quotation marks that the typography filter chose.
_WRITERS = {"html": "html", "pdf": "typst-smart", "docx": "docx"}


@dataclass(frozen=True)
class Job:
    """What an engine needs to make one wave's report.

    Parameters
    ----------
    root : Path
        The study's folder.
    report : Path
        Path of the report's main file.
    text : str
        Its text, includes and shortcodes resolved.
    metadata : Path
        The wave's metadata file.
    theme : Path
        Folder with ``theme.css`` and ``fonts``.
    content : mapping
        The metadata themselves.
    staging : Path
        Folder for what is made on the way.
    """

    root: Path
    report: Path
    text: str
    metadata: Path
    theme: Path
    content: Mapping[str, Any]
    staging: Path


@lru_cache(maxsize=1)
def pandoc() -> str:
    """Find pandoc, once and before threads do: while pypandoc looks, others would see an old one that it met first."""
    return str(pypandoc.get_pandoc_path())


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Tell which pandoc and which Typst do the work."""
    return {"pandoc": str(pypandoc.get_pandoc_version()), "typst": version("typst")}


def make(job: Job, output: str) -> bytes:
    """Make one output, ``html``, ``pdf`` or ``docx``, and give its bytes.

    Raises
    ------
    SyntheseError
        An unknown artefact or reference, an image without alternative text, a fault that pandoc or Typst
        finds in the text, or a PDF that would not reach PDF/UA-1 and PDF/A-2a.
    """
    if output == "html":
        return _pandoc(job, "html", _html(job)).encode("utf-8")
    if output == "docx":
        target = job.staging / "synthese.docx"
        _pandoc(_with_bitmaps(job), "docx", [f"--output={target}", f"--resource-path=.{os.pathsep}{job.staging}"])
        return target.read_bytes()
    source = _pandoc(job, "pdf", _typst(job))
    write_text(job.staging / f"{job.report.stem}.typ", source)
    return tagging.mend(_compile(job, source), source)


def _html(job: Job) -> list[str]:
    css = asset(job.root, "report/templates/synthese.css")
    return [
        f"--template={asset(job.root, 'report/templates/synthese.html')}",
        "--embed-resources",
        "--section-divs",
        "--toc",
        "--toc-depth=3",
        f"--css={css}",
        f"--css={job.theme / 'theme.css'}",
    ]


def _filters(output: str) -> tuple[str, ...]:
    # Boxes are marked before they lose what tells them.
    return (*FILTERS[:-1], "docx", FILTERS[-1]) if output == "docx" else FILTERS


def _typst(job: Job) -> list[str]:
    return [
        f"--template={asset(job.root, 'report/templates/embarque.typ')}",
        "--shift-heading-level-by=-1",
    ]


def _pandoc(job: Job, output: str, more: list[str]) -> str:
    command = [
        pandoc(),
        "--from=markdown",
        f"--to={_WRITERS[output]}",
        "--standalone",
        "--wrap=none",
        "--fail-if-warnings",
        f"--metadata-file={job.metadata}",
        *(f"--lua-filter={asset(job.root, f'report/filters/{name}.lua')}" for name in _filters(output)),
        *more,
    ]
    if re.search(r"^bibliography:", job.text, re.MULTILINE):
        command.append("--citeproc")
    done = subprocess.run(
        command,
        input=job.text.encode("utf-8"),
        cwd=job.report.parent,
        # pandoc spells the names of files by the locale: an accent in a path would stop it under C.
        env={**os.environ, "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": str(stamp(job.content))},
        capture_output=True,
        check=False,
    )
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode != 0:
        raise _told(errors, job)
    return done.stdout.decode("utf-8")


def _told(errors: str, job: Job) -> SyntheseError:
    place = job.report.relative_to(job.root)
    marked = _MARKED.search(errors)
    if marked:
        return SyntheseError.of(marked.group(1), marked.group(2), file=place)
    last = " ".join(line.strip() for line in errors.strip().splitlines()[-4:])
    return SyntheseError.of("pandoc", f"pandoc could not make the report: {last}", file=place)


@lru_cache(maxsize=4)
def _fonts(folder: Path, key: str) -> typst.Fonts:  # noqa: ARG001 - another key, other files
    # Typst's own fonts stay, for code and rare signs; the machine's do not come in.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def stamp(content: Mapping[str, Any]) -> int:
    """Give the moment that outputs carry instead of the clock's: noon (UTC) on the last day of field work.

    Where that day is not known, the first day that archives can write: no reader takes it for a date of the study.
    """
    end = dt.date.fromisoformat(str(content.get("date", "1980-01-01")))
    return int(dt.datetime(end.year, end.month, end.day, 12, tzinfo=dt.UTC).timestamp())


def _compile(job: Job, source: str) -> bytes:
    place = job.report.relative_to(job.root)
    try:
        compiler = typst.Compiler(
            source.encode("utf-8"), root=str(job.root), font_paths=_fonts(*fonts.keyed(job.theme / "fonts"))
        )
        made, warned = compiler.compile_with_warnings(
            format="pdf", pdf_standards=[*STANDARDS], timestamp=stamp(job.content)
        )
    except typst.TypstError as error:
        hints = f" ({'; '.join(error.hints)})" if error.hints else ""
        what = f"Typst could not make the PDF: {error.message}{hints}"
        raise SyntheseError.of("typst", what, file=place, fix=_place(error.diagnostic)) from error
    if warned:
        what = f"Typst warns: {warned[0].message}"
        raise SyntheseError.of("typst", what, file=place, fix=_place(warned[0].diagnostic))
    return _one(made)


def _one(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document")
    return made


def _with_bitmaps(job: Job) -> Job:
    """Draw a PNG of each figure that has none: word processors want one, and pandoc cannot draw it."""
    items: dict[str, Any] = {}
    for name, item in job.content["artefacts"].items():
        items[name] = item
        if "image" in item and "bitmap" not in item:
            picture = (job.report.parent / item["image"].strip("`")).resolve().relative_to(job.root).as_posix()
            source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("/{picture}", width: 16cm)\n'
            drawn = typst.Compiler(source.encode("utf-8"), root=str(job.root)).compile(format="png", ppi=220)
            target = job.staging / f"{name}.png"
            write_bytes(target, _one(drawn))
            items[name] = {**item, "bitmap": f"`{target.name}`"}
    content = {**job.content, "artefacts": items}
    metadata = job.staging / "metadata-docx.yml"
    write_text(metadata, as_yaml(content))
    return replace(job, content=content, metadata=metadata)


def _place(diagnostic: str) -> str | None:
    lines = [line.strip() for line in diagnostic.splitlines() if "│" in line]
    quoted = " ".join(line.split("│", 1)[1].strip() for line in lines[:4])
    return f"see the text near: {quoted}" if quoted else None
