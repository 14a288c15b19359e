"""The files of a new study, checked before any is written.

Belongs here: which files there are, and refusing to overwrite one. Does not: what a draft guesses (`drafting`),
or its YAML (`writing`).
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synthese import exports
from synthese.codebook import Codebook, json_schema
from synthese.errors import Fault, SyntheseError
from synthese.exports import RawExport, structures
from synthese.files import told_where, write_bytes
from synthese.rendering.assets import asset
from synthese.scaffold import cells, pages, trying, writing
from synthese.scaffold.adding import add_wave
from synthese.scaffold.drafts import Drafted
from synthese.scaffold.formed import from_structure
from synthese.scaffold.guessing import guess
from synthese.simulation import Plan, simulate
from synthese.study import Study, open_study

_COPIED = ("_quarto.yml", "_brand.yml")
_FOLDERS = ("report/filters", "report/templates")
_VERBATIM = ("01-nettoyage", "02-description", "03-croisements", "04-evolution")
_ROUNDS = 3

_EXAMPLE = "exemple"
_EXAMPLE_DATES = (dt.date(2025, 1, 13), dt.date(2025, 2, 14))
_EXAMPLE_SIZE, _EXAMPLE_SEED, _EXAMPLE_TOOL = 120, 20250113, "google-forms"
# Shares that let the example's cross be published: no cell is small.
_EXAMPLE_PLAN: dict[str, Any] = {
    "schema": 1,
    "title": "Questionnaire d’exemple (données synthétiques)",
    "questions": {
        "Q2": {"shares": {"association": 0.5, "collectivite": 0.35, "autre": 0.15}},
        "Q3": {"shares": {"temps": 0.45, "argent": 0.55, "formation": 0.4, "pairs": 0.72}},
        "Q5": {"median": 8},
    },
}


@dataclass(frozen=True)
class _Start:
    """What a study begins with: its wave, and the files under ``data/raw``."""

    wave: str
    title: str
    codebook: Codebook
    files: Mapping[str, bytes]
    leading: tuple[str, str] | None
    drafted: bool


@dataclass(frozen=True)
class Made:
    """What `make` wrote, what to tell of it on the terminal, and the wave that it added to a study."""

    written: tuple[Path, ...]
    told: tuple[str, ...] = ()
    wave: str | None = None


def init(folder: str | Path, **options: Any) -> list[Path]:
    """Make a new study, or add a wave to one, and return the files written; see `make`."""
    return list(make(folder, **options).written)


def make(
    folder: str | Path,
    *,
    title: str | None = None,
    export: str | Path | None = None,
    structure: str | Path | None = None,
    wave: str | None = None,
    tool: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    last_row: int | None = None,
) -> Made:
    """Make a new study that runs at once, or add a wave to the study that is there.

    Parameters
    ----------
    folder : str or Path
        Where to; made if it is not there. If it is a study and the export is none of its own, the export becomes
        one more wave of it (`adding.add_wave`).
    title : str, optional
        Title of the study.
    export : str or Path, optional
        Answers to begin with: copied, and a codebook is drafted from them. A form's own file (``.lss``, XLSForm) may
        stand here too. Without it: five example questions and 120 synthetic answers, marked as such.
    structure : str or Path, optional
        The form's own file, from which the codebook is drafted as far as it tells; copied beside the export. Without
        an export the answers are synthetic, and marked as such.
    wave : str, optional
        Id of the wave; the year of its first answer if absent.
    tool, encoding, delimiter : str, optional
        Tool that wrote the export, and how; found if absent.
    header_row, last_row : int, optional
        First row of the header and last row of answers, as a spreadsheet numbers them, where lines stand above or
        below them; kept in ``wave.yml``.

    Returns
    -------
    Made
        Files written; those that were there already with the same content are left alone.

    Raises
    ------
    SyntheseError
        Files with other content are there, all of them named; or the export cannot be read. Nothing is written.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise SyntheseError.of("not-a-folder", "this is a file", file=folder, fix="name a new folder")
    if wave is not None and not re.fullmatch(r"[a-z0-9-]+", wave):
        fix = "write small letters, digits and -, such as 2024"
        raise SyntheseError.of("bad-wave", f"{wave!r} cannot be the id of a wave", fix=fix)
    answers, form = None if export is None else Path(export), None if structure is None else Path(structure)
    if answers is not None and form is None and _is_form(answers):
        answers, form = None, answers
    if answers is None:
        start = _example(title, wave) if form is None else _of_form(form, title, wave, tool)
    else:
        with _asked_on_the_command_line():
            raw = exports.read(
                answers, tool, encoding, delimiter, structure=form, header_row=header_row, last_row=last_row
            )
        if (folder / "study.yml").is_file():  # written last: the study is whole
            study = open_study(folder)
            if (known := _wave_of(study, answers)) is not None:
                return Made((), (f"this export is that of wave {known} already",))
            added = add_wave(study, answers, raw, _guessed(raw), wave=wave, structure=form)
            return Made(added.written, added.told, added.wave)
        start = _drafted(answers, raw, title, wave, form)
    files = {**_common(folder, start), **start.files}
    _refuse_to_overwrite(folder, files)
    written = []
    for name, content in sorted(files.items(), key=lambda item: (item[0] == "study.yml", item[0])):
        path = folder / name
        if not path.exists():
            write_bytes(path, content)
            written.append(path)
    return Made(tuple(written))


def _wave_of(study: Study, export: Path) -> str | None:
    """Find the wave whose export has the same bytes."""
    content = export.read_bytes()
    exports_ = [(wave.id, study.raw(wave.id) / name) for wave in study.waves for name in wave.exports]
    return next((id for id, path in exports_ if path.is_file() and path.read_bytes() == content), None)


def _is_form(path: Path) -> bool:
    """Whether a file holds a form and no answers."""
    with told_where(path):
        content = path.read_bytes()
    return any(kind.recognise(content) for kind in structures.formats())


def _guessed(raw: RawExport) -> Drafted:
    """Draft from the form where the export tells it, from the values otherwise."""
    return guess(raw) if raw.structure is None else from_structure(raw.structure, raw)


def _refuse_to_overwrite(folder: Path, files: Mapping[str, bytes]) -> None:
    with told_where(folder):
        there = [n for n, new in files.items() if (folder / n).exists() and (folder / n).read_bytes() != new]
    if there:
        fix = "name an empty folder, or move these files away"
        raise SyntheseError(
            [Fault("would-overwrite", "this file is there already", folder / n, fix=fix) for n in there]
        )


def _common(folder: Path, start: _Start) -> dict[str, bytes]:
    """List the files that do not depend on where answers come from but for the codebook."""
    files: dict[str, bytes] = {name: asset(folder, name).read_bytes() for name in _COPIED}
    for name, known in zip(_FOLDERS, ("artefacts.lua", "synthese.html"), strict=True):
        source = asset(folder, f"{name}/{known}").parent
        files |= {f"{name}/{path.name}": path.read_bytes() for path in sorted(source.iterdir()) if path.is_file()}
    for stem in _VERBATIM:
        name = f"notebooks/{stem}.ipynb"
        files[name] = cells.for_wave(asset(folder, name), start.wave)
    files["data/raw/codebook.schema.json"] = json_schema().encode("utf-8")
    return files | pages.made(start.codebook, start.wave, start.title, start.leading, drafted=start.drafted)


# Without an export


def _example(title: str | None, wave: str | None) -> _Start:
    text = pages.template("codebook-exemple.yml")
    codebook = trying.read_codebook(text)
    plan = Plan.model_validate(_EXAMPLE_PLAN)
    files = _synthetic(codebook, wave or _EXAMPLE, _EXAMPLE_TOOL, plan)
    files["data/raw/codebook.yml"] = text.encode("utf-8")
    return _Start(wave or _EXAMPLE, title or "Étude d’exemple", codebook, files, ("Q3", "pairs"), drafted=False)


def _synthetic(codebook: Codebook, wave: str, tool: str, plan: Plan | None = None) -> dict[str, bytes]:
    """Draw answers at random and write them as a tool would, in a wave marked as synthetic."""
    answers = simulate(codebook, wave, _EXAMPLE_SIZE, _EXAMPLE_SEED, tool, plan, field_work=_EXAMPLE_DATES)
    dialect = next(iter(exports.named(tool).variants.values()))
    name = f"reponses-synthetiques{dialect.suffix}"
    with tempfile.TemporaryDirectory(prefix="synthese-") as scratch:
        exports.write(tool, answers, Path(scratch) / name)
        files = {f"data/raw/{wave}/{path.name}": path.read_bytes() for path in sorted(Path(scratch).iterdir())}
    beside = [path for path in files if not path.endswith(f"/{name}")]
    settings = pages.render(
        "wave-exemple.yml.j2", wave=wave, export=name, tool=tool, structure=Path(beside[0]).name if beside else None,
        start=_EXAMPLE_DATES[0].isoformat(), end=_EXAMPLE_DATES[1].isoformat(),
        mail=next((q.id for q in codebook.questions if q.role == "contact"), None),
    )  # fmt: skip
    return {f"data/raw/{wave}/wave.yml": settings.encode("utf-8"), **files}


def _of_form(form: Path, title: str | None, wave: str | None, tool: str | None) -> _Start:
    """Draft from a form alone; its answers are drawn at random."""
    drafted = from_structure(exports.read_structure(form))
    if not drafted.questions:
        raise SyntheseError.of("no-question", "this form asks nothing", file=form, fix="name the file of another form")
    title = title or drafted.title or f"Questionnaire {form.stem}"
    book = writing.codebook(title, drafted, form.name)
    codebook = trying.read_codebook(book)
    wave = wave or _EXAMPLE
    files = _synthetic(codebook, wave, tool or _EXAMPLE_TOOL)
    files["data/raw/codebook.yml"] = book.encode("utf-8")
    return _Start(wave, title, codebook, files, _leading(drafted), drafted=True)


# From an export


def _drafted(export: Path, raw: RawExport, title: str | None, wave_id: str | None, form: Path | None) -> _Start:
    drafted = _guessed(raw)
    title = title or drafted.title or f"Questionnaire {export.stem}"
    dates = writing.field_dates(raw)
    wave_id = wave_id or (str(dates.start.year) if dates.found else "vague-1")
    structure = None if form is None else form.name
    for _ in range(_ROUNDS):
        book = writing.codebook(title, drafted, export.name)
        wave = writing.wave(wave_id, export.name, raw, drafted, dates, structure=structure)
        codebook = trying.read_codebook(book)
        settled = _settled(raw, codebook, wave, drafted)
        if settled == drafted:
            break
        drafted = settled
    files = {
        "data/raw/codebook.yml": book.encode("utf-8"),
        f"data/raw/{wave_id}/wave.yml": wave.encode("utf-8"),
        f"data/raw/{wave_id}/{export.name}": export.read_bytes(),
    }
    if form is not None:
        files[f"data/raw/{wave_id}/{form.name}"] = form.read_bytes()
    return _Start(wave_id, title, codebook, files, _leading(drafted), drafted=True)


@contextmanager
def _asked_on_the_command_line() -> Iterator[None]:
    """Say how to settle what cannot be told: there is no ``wave.yml`` yet."""
    try:
        yield
    except SyntheseError as error:
        fixes = {
            "unclear-encoding": "name it with --encoding (cp1252 or mac_roman), or save the file as UTF-8 CSV",
            "unclear-delimiter": "name it with --delimiter, or save the file as comma-separated UTF-8 CSV",
            "unclear-tool": "name the tool with --tool",
            "unclear-sheet": "keep one of them in a copy of the workbook, or put all rows into one sheet",
        }
        told = [replace(fault, fix=fixes.get(fault.code) or _as_options(fault.fix)) for fault in error.faults]
        raise SyntheseError(told) from error


def _as_options(fix: str | None) -> str | None:
    """Name rows as options of ``init``."""
    options = re.sub(r"`(header|last)_row: (\d+)`", r"--\1-row \2", fix or "")
    return fix if options == (fix or "") else re.sub(r" in wave\.yml(:)?", lambda at: " with" if at[1] else "", options)


def _settled(raw: RawExport, codebook: Codebook, wave: str, drafted: Drafted) -> Drafted:
    """Give up as free text the questions whose answers do not all fit what was guessed, so that the study runs."""
    wrong = trying.wrong_columns(raw, codebook, wave)
    why = "Des réponses ne correspondent à aucune option devinée : laissée en texte libre."
    settled = tuple(one.as_open(why) if one.headers & wrong else one for one in drafted.questions)
    opened = {one.id for one in settled if one.type == "open"}
    return replace(
        drafted,
        questions=tuple(replace(q, route=None) if q.route and q.route.question in opened else q for q in settled),
    )


def _leading(drafted: Drafted) -> tuple[str, str] | None:
    """Find the first closed question's commonest answer, which the example sentence is about."""
    for kind in ("multiple", "single"):
        for one in drafted.questions:
            choices = [
                (choice, code)
                for choice, code in zip(one.choices, one.codes, strict=True)
                if not choice.other and choice.in_base
            ]
            if one.type == kind and choices:
                return one.id, max(choices, key=lambda item: item[0].count)[1]
    return None
