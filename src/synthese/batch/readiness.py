"""What can be told before the first kernel starts: all of it at once, and in a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from synthese import exports
from synthese.batch.plan import notebooks
from synthese.editorial.sentences import read_sentences
from synthese.errors import Fault, SyntheseError
from synthese.files import read_yaml
from synthese.notebooks import declared_parameters, read_notebook
from synthese.study import Study

_NUMBERS = ("01", "02", "03", "04", "05")
_PARAMETERS = ("wave", "publish")
_WORDING: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("_brand.yml", partial(read_yaml, collect=True)),
    ("report/phrases.yml", read_sentences),
)


def check_ready(study: Study, waves: Iterable[str]) -> None:
    """Check what the waves of a run will need: codebook, exports, notebooks, wording.

    Parameters
    ----------
    study : Study
        The study.
    waves : iterable of str
        Waves to be run.

    Raises
    ------
    SyntheseError
        Every fault, files named from the study's root.
    """
    faults: list[Fault] = []

    def check(read: Callable[[], object]) -> None:
        try:
            read()
        except SyntheseError as error:
            faults.extend(error.faults)

    check(lambda: study.codebook)
    for wave in waves:
        faults += _wave_faults(study, wave)
    try:
        books = notebooks(study)
    except SyntheseError as error:
        faults += error.faults
        books = ()
    numbers = {book.stem[:2] for book in books}
    if books and (missing := [number for number in _NUMBERS if number not in numbers]):
        # Without this, what it once kept would be published again as if it were fresh.
        what = f"no notebook has the number {', '.join(missing)}"
        faults.append(
            Fault("missing-notebook", what, file=study.root / "notebooks", fix="restore it from version control")
        )
    for book in books:
        try:
            declared = [parameter.name for parameter in declared_parameters(read_notebook(book), book)]
        except SyntheseError as error:
            faults += error.faults
            continue
        lacking = [name for name in _PARAMETERS if name not in declared]
        if lacking:
            what = f"the `parameters` cell does not declare {' and '.join(lacking)}"
            faults.append(Fault("lacking-parameter", what, file=book, fix="declare `wave` and `publish` there"))
    for name, read in _WORDING:
        if (study.root / name).is_file():
            check(partial(read, study.root / name))
    if faults:
        raise SyntheseError(from_root(study, SyntheseError(faults)))


def from_root(study: Study, error: SyntheseError) -> list[Fault]:
    """Name files from the study's root: shorter, and without the names of the machine's folders."""
    out = []
    for fault in error.faults:
        file = fault.file
        if isinstance(file, Path) and file.is_absolute() and file.is_relative_to(study.root):
            file = file.relative_to(study.root).as_posix()
        out.append(replace(fault, file=file))
    return out


def _wave_faults(study: Study, wave: str) -> list[Fault]:
    settings = study.wave(wave)
    declared = study.raw(wave) / "wave.yml"
    if settings.tool not in exports.known():
        fix = f"one of {', '.join(exports.known())}"
        return [Fault("unknown-tool", f"no tool is called {settings.tool!r}", file=declared, path="tool", fix=fix)]
    fix = "put it there, or correct `export` in wave.yml"
    places = [study.raw(wave) / name for name in settings.exports]
    return [
        Fault("missing-file", "this export is missing", file=place, fix=fix) for place in places if not place.exists()
    ]
