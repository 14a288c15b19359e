"""Quarto, when the machine has it: finding it, asking its version, running it.

Belongs here: everything that knows Quarto's command line. Does not: a single measured number.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from synthese.errors import SyntheseError
from synthese.files import told_where
from synthese.rendering import tagging
from synthese.rendering.assets import asset
from synthese.rendering.embedded import Job, stamp

# The Typst that writes PDF/UA-1 came with Quarto 1.9, and with it the option `pdf-standard`; div
# cross-references and filters `at: pre-ast` are older (1.4).
MINIMUM = (1, 9)
_TARGETS = {"html": "html", "pdf": "typst", "docx": "docx"}
_COMPLAINTS = re.compile(r"Unable to resolve crossref|unresolved|not found in document|Could not fetch resource", re.I)
_MARKED = re.compile(r"SYNTHESE\[([a-z-]+)\] (.*)")


@dataclass(frozen=True)
class Quarto:
    """A Quarto that was found: its program and the version it tells."""

    program: Path
    version: str

    @property
    def fits(self) -> bool:
        """Whether it is new enough."""
        return tuple(int(part) for part in re.findall(r"\d+", self.version)[:2]) >= MINIMUM


def find(environment: Mapping[str, str] | None = None) -> Quarto | None:
    """Find Quarto: ``QUARTO_PATH`` (program or its folder), then ``PATH``, then the ``quarto_cli`` package.

    Raises
    ------
    SyntheseError
        ``QUARTO_PATH`` names something that is no Quarto: that was meant, so it is not passed over.
    """
    environment = os.environ if environment is None else environment
    named = environment.get("QUARTO_PATH")
    if named:
        program = shutil.which(named) or shutil.which("quarto", path=named)
        found = program and _ask(Path(program))
        if not found:
            raise SyntheseError.of(
                "no-quarto",
                "QUARTO_PATH does not lead to a Quarto that runs",
                file=named,
                fix="name the program itself, or unset QUARTO_PATH",
            )
        return found
    on_path = shutil.which("quarto", path=environment.get("PATH"))
    if on_path and (found := _ask(Path(on_path))):
        return found
    spec = importlib.util.find_spec("quarto_cli")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        inside = shutil.which("quarto", path=str(Path(folder) / "bin"))
        if inside and (found := _ask(Path(inside))):
            return found
    return None


def _ask(program: Path) -> Quarto | None:
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"^\d+\.\d+[\w.]*", done.stdout.strip())
    return Quarto(program, version.group(0)) if done.returncode == 0 and version else None


def choose(engine: str, environment: Mapping[str, str] | None = None) -> Quarto | None:
    """Choose the engine; ``None`` is the embedded one.

    Raises
    ------
    SyntheseError
        ``quarto`` was asked for and there is none, or it is too old; or the engine has another name.
    """
    if engine == "pandoc":
        return None
    if engine not in ("auto", "quarto"):
        raise SyntheseError.of("unknown-engine", f"no engine {engine!r}", fix="take auto, quarto or pandoc")
    found = find(environment)
    if found and found.fits:
        return found
    if engine == "auto":
        return None
    wanted = ".".join(str(part) for part in MINIMUM)
    if found:
        raise SyntheseError.of(
            "old-quarto",
            f"this is Quarto {found.version}, and the report needs {wanted} or later",
            file=found.program,
            fix="update it, or render with --engine pandoc",
        )
    raise SyntheseError.of(
        "no-quarto",
        "Quarto was not found: not in QUARTO_PATH, not on PATH, not as the package quarto_cli",
        fix="install Quarto, or render with --engine pandoc",
    )


def command(found: Quarto, output: str, report: str = "report/synthese.qmd") -> list[str]:
    """Give the command line that renders a document of a staged project."""
    return [
        str(found.program), "render", report, "--to", _TARGETS[output],
        "--no-execute", "--no-clean", "--metadata", "keep-typ:true",
    ]  # fmt: skip


def make(found: Quarto, job: Job, output: str) -> bytes:
    """Render one format in a project of its own, and give its bytes.

    Two renders of one project at a time race, so each wave has a copy: the report, its filters and
    templates, and the wave's artefacts, with that wave's metadata as ``report/_current.yml``.

    Raises
    ------
    SyntheseError
        Quarto failed, or left something unresolved; with its last lines.
    """
    project = job.staging / "project"
    if not project.exists():
        with told_where(project):
            stage(job, project)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(stamp(job.content))}
    place = job.report.relative_to(job.root)
    done = subprocess.run(
        command(found, output, place.as_posix()), cwd=project, env=environment, capture_output=True, check=False
    )
    log = re.sub(r"\x1b\[[0-9;]*m", "", (done.stdout + done.stderr).decode("utf-8", "replace"))
    marked = _MARKED.search(log)
    if marked:
        raise SyntheseError.of(marked.group(1), marked.group(2), file=place)
    if done.returncode != 0 or _COMPLAINTS.search(log):
        last = " / ".join(line.strip() for line in log.strip().splitlines()[-6:] if line.strip())
        raise SyntheseError.of("quarto", f"Quarto {found.version} could not make the report: {last}", file=place)
    made = sorted((project / "report" / "_output").rglob(f"{place.stem}.{output}"))
    if not made:
        raise SyntheseError.of("quarto", f"Quarto {found.version} ended well but gave no {output}", file=place)
    for typst_source in sorted(project.rglob(f"{place.stem}.typ")):
        shutil.copyfile(typst_source, job.staging / typst_source.name)
    if output != "pdf":
        return made[0].read_bytes()
    pdf, sources = made[0].read_bytes(), sorted(project.rglob(f"{place.stem}.typ"))
    # Quarto may set tables of its own: the tags are then as it left them.
    told = sources and tagging.tells(pdf, text := sources[0].read_text(encoding="utf-8"))
    return tagging.mend(pdf, text) if told else pdf


def stage(job: Job, project: Path) -> None:
    """Copy into a folder what Quarto needs to render one wave."""
    skipped = shutil.ignore_patterns("_output", "_current", "_current.yml", ".quarto", "*_files")
    shutil.copytree(job.root / "report", project / "report", ignore=skipped)
    for name in _ASSETS:
        target = project / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asset(job.root, name), target)
    shutil.copytree(job.theme, project / "report" / "_current")
    shutil.copyfile(job.metadata, project / "report" / "_current.yml")
    for file in _pictures(job):
        target = project / file.relative_to(job.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


_ASSETS = (
    "_quarto.yml",
    "report/annexe.qmd",
    "report/filters/artefacts.lua",
    "report/filters/blocs.lua",
    "report/filters/docx.lua",
    "report/filters/typographie.lua",
    "report/templates/synthese.html",
    "report/templates/synthese.css",
    "report/templates/page.js",
    "report/templates/explorateur.js",
    "report/templates/typst-template.typ",
    "report/templates/typst-show.typ",
)


def _pictures(job: Job) -> list[Path]:
    named = [
        item[key].strip("`").strip()
        for item in job.content.get("artefacts", {}).values()
        for key in ("image", "image-etroite", "bitmap")
        if key in item
    ]
    return [(job.root / name.removeprefix("../")).resolve() for name in sorted(set(named))]
