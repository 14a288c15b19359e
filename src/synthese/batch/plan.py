"""The plan: one task a notebook and wave, then its report, and which must come before which."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import synthese
from synthese.errors import SyntheseError
from synthese.files import sha256
from synthese.study import Study

RENDER = "render"
_NUMBERED = re.compile(r"^\d\d-[a-z0-9-]+$")
_PUBLICATION = "05"
_EVOLUTION = "04"


@dataclass(frozen=True)
class Task:
    """One thing to do for one wave.

    Parameters
    ----------
    wave : str
        Wave id.
    name : str
        A notebook's stem, or ``render``.
    needs : tuple of (str, str)
        Tasks that come first, as (wave, name).
    inputs : tuple of Path
        Files that it reads and that no task makes.
    parameters : tuple of (str, str)
        What it is run with, beside its wave.
    """

    wave: str
    name: str
    needs: tuple[tuple[str, str], ...]
    inputs: tuple[Path, ...]
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> tuple[str, str]:
        """Wave and name."""
        return (self.wave, self.name)


def notebooks(study: Study) -> tuple[Path, ...]:
    """List the study's numbered notebooks, in order.

    Raises
    ------
    SyntheseError
        There is none.
    """
    found = sorted(path for path in (study.root / "notebooks").glob("*.ipynb") if _NUMBERED.match(path.stem))
    if not found:
        raise SyntheseError.of(
            "no-notebook",
            "this study has no numbered notebook",
            file=study.root / "notebooks",
            fix="restore 01-nettoyage.ipynb … 05-publication.ipynb, or make a study with `synthese init`",
        )
    return tuple(found)


def plan(
    study: Study, waves: Iterable[str], *, formats: tuple[str, ...], engine: str, render: bool = True
) -> tuple[Task, ...]:
    """Plan the tasks of some waves, and of the earlier waves that they are compared with.

    Parameters
    ----------
    study : Study
        The study.
    waves : iterable of str
        Waves asked for; each gets its report.
    formats : tuple of str
        Formats of the report.
    engine : str
        Name and version of the rendering engine: a report made by another one is out of date.
    render : bool
        Whether to render reports at all.

    Returns
    -------
    tuple of Task
        In an order in which they can be run.
    """
    asked = [study.wave(wave).id for wave in waves]
    books = notebooks(study)
    last = max(study.wave_ids.index(wave) for wave in asked)
    needed = [wave for wave in study.wave_ids[: last + 1] if wave in asked or _compares(books)]
    tasks: list[Task] = []
    # An option that coders made has its label in the sheet of any wave.
    sheets = tuple(path for wave in study.wave_ids for path in study.sheet_files(wave))
    for wave in needed:
        folder = study.raw(wave)
        raw = tuple(path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
        common = (study.codebook_file, study.root / "study.yml", *dict.fromkeys((*raw, *sheets)))
        before: tuple[tuple[str, str], ...] = ()
        for book in books:
            needs = before
            if book.stem[:2] in (_EVOLUTION, _PUBLICATION):
                # An evolution reads the earlier answers; a publication, the earlier private estimates as well.
                end = books[0].stem if book.stem[:2] == _EVOLUTION else _EVOLUTION + "~"
                earlier = [w.id for w in study.earlier(wave) if w.id in needed]
                needs += tuple((w, other.stem) for w in earlier for other in books if other.stem <= end)
            wording = (study.root / "_brand.yml", *sorted((study.root / "report").glob("*.yml")))
            words = tuple(path for path in wording if not path.name.startswith("_current"))
            more = words if book.stem[:2] == _PUBLICATION else ()
            tasks.append(Task(wave, book.stem, needs, (*common, *more, book)))
            before += ((wave, book.stem),)
        if render and wave in asked:
            how = (("engine", engine), ("formats", ",".join(formats)))
            tasks.append(Task(wave, RENDER, before[-1:], _report_sources(study), how))
    return tuple(tasks)


def _compares(books: tuple[Path, ...]) -> bool:
    return any(book.stem[:2] == _EVOLUTION for book in books)


def _report_sources(study: Study) -> tuple[Path, ...]:
    report = study.root / "report"
    made = {"_output", "_current.yml", "_current", ".quarto"}
    inside = (
        path
        for path in sorted(report.rglob("*"))
        if path.is_file() and path.relative_to(report).parts[0] not in made and not path.name.startswith(".")
    )
    outside = (study.root / name for name in ("_quarto.yml", "_brand.yml", "study.yml"))
    return (*inside, *outside)


@lru_cache(maxsize=1)
def library_fingerprint() -> str:
    """Hash of the library's own code, the Python version and the packages that shape results."""
    digest = hashlib.sha256()
    root = Path(synthese.__file__).parent
    for path in sorted([*root.rglob("*.py"), *root.rglob("assets/**/*")]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    packages = ("matplotlib", "numpy", "pandas", "pypandoc_binary", "scipy", "seaborn", "typst", "pyarrow")
    versions = {name: importlib.metadata.version(name) for name in packages}
    digest.update(json.dumps([platform.python_version(), versions], sort_keys=True).encode())
    return digest.hexdigest()


def key(study: Study, task: Task, made: dict[tuple[str, str], dict[str, str]]) -> str:
    """Hash of everything that a task's result depends on.

    Parameters
    ----------
    study : Study
        The study.
    task : Task
        The task.
    made : dict
        Outputs (path → sha256) of the tasks it needs.
    """
    inputs = {study.relative(path): sha256(path) for path in task.inputs if path.is_file()}
    content = {
        "inputs": inputs,
        "library": library_fingerprint(),
        "needs": {"/".join(need): made.get(need, {}) for need in task.needs},
        "parameters": dict(task.parameters),
        "task": task.name,
        "wave": task.wave,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
