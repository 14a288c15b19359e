"""The files of a new study, checked before any is written.

Belongs here: which files there are, and refusing to overwrite one. Does not: what a draft guesses (`drafting`),
or its YAML (`writing`).
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synthese import cleaning, exports
from synthese.codebook import Codebook, json_schema, load_codebook, parse
from synthese.errors import Fault, SyntheseError
from synthese.exports import RawExport
from synthese.files import read_yaml, told_where, write_bytes
from synthese.rendering.assets import asset
from synthese.scaffold import cells, pages, writing
from synthese.scaffold.drafts import Drafted
from synthese.scaffold.guessing import guess
from synthese.simulation import Plan, simulate
from synthese.study import WaveSettings

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


def init(
    folder: str | Path,
    *,
    title: str | None = None,
    export: str | Path | None = None,
    tool: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> list[Path]:
    """Make a new study that runs at once.

    Parameters
    ----------
    folder : str or Path
        Where to; made if it is not there.
    title : str, optional
        Title of the study.
    export : str or Path, optional
        Answers to begin with: copied, and a codebook is drafted from them. Without it: five example questions
        and 120 synthetic answers, marked as such.
    tool, encoding, delimiter : str, optional
        Tool that wrote the export, and how; found if absent.

    Returns
    -------
    list of Path
        Files written; those that were there already with the same content are left alone.

    Raises
    ------
    SyntheseError
        Files with other content are there, all of them named; or the export cannot be read. Nothing is written.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise SyntheseError.of("not-a-folder", "this is a file", file=folder, fix="name a new folder")
    start = _example(title) if export is None else _drafted(Path(export), title, tool, encoding, delimiter)
    files = {**_common(folder, start), **start.files}
    _refuse_to_overwrite(folder, files)
    written = []
    for name, content in sorted(files.items(), key=lambda item: (item[0] == "study.yml", item[0])):
        path = folder / name
        if not path.exists():
            write_bytes(path, content)
            written.append(path)
    return written


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


def _example(title: str | None) -> _Start:
    text = pages.template("codebook-exemple.yml")
    codebook = _checked(text)
    plan = Plan.model_validate(_EXAMPLE_PLAN)
    answers = simulate(codebook, _EXAMPLE, _EXAMPLE_SIZE, _EXAMPLE_SEED, _EXAMPLE_TOOL, plan, field_work=_EXAMPLE_DATES)
    name = "reponses-synthetiques.csv"
    with tempfile.TemporaryDirectory(prefix="synthese-") as scratch:
        exports.write(_EXAMPLE_TOOL, answers, Path(scratch) / name)
        content = (Path(scratch) / name).read_bytes()
    wave = pages.render(
        "wave-exemple.yml.j2", wave=_EXAMPLE, export=name, tool=_EXAMPLE_TOOL,
        start=_EXAMPLE_DATES[0].isoformat(), end=_EXAMPLE_DATES[1].isoformat(),
    )  # fmt: skip
    files = {
        "data/raw/codebook.yml": text.encode("utf-8"),
        f"data/raw/{_EXAMPLE}/wave.yml": wave.encode("utf-8"),
        f"data/raw/{_EXAMPLE}/{name}": content,
    }
    return _Start(_EXAMPLE, title or "Étude d’exemple", codebook, files, ("Q3", "pairs"), drafted=False)


def _checked(text: str) -> Codebook:
    with tempfile.TemporaryDirectory(prefix="synthese-") as scratch:
        path = Path(scratch) / "codebook.yml"
        write_bytes(path, text.encode("utf-8"))
        return load_codebook(path)


# From an export


def _drafted(export: Path, title: str | None, tool: str | None, encoding: str | None, delimiter: str | None) -> _Start:
    raw = _read(export, tool, encoding, delimiter)
    content = export.read_bytes()
    title = title or f"Questionnaire {export.stem}"
    drafted = guess(raw)
    dates = writing.field_dates(raw)
    wave_id = str(dates.end.year) if dates.found else "vague-1"
    for _ in range(_ROUNDS):
        book = writing.codebook(title, drafted, export.name)
        wave = writing.wave(wave_id, export.name, raw, drafted, dates)
        codebook = _checked(book)
        settled = _settled(raw, codebook, wave, drafted)
        if settled == drafted:
            break
        drafted = settled
    files = {
        "data/raw/codebook.yml": book.encode("utf-8"),
        f"data/raw/{wave_id}/wave.yml": wave.encode("utf-8"),
        f"data/raw/{wave_id}/{export.name}": content,
    }
    return _Start(wave_id, title, codebook, files, _leading(drafted), drafted=True)


def _read(export: Path, tool: str | None, encoding: str | None, delimiter: str | None) -> RawExport:
    """Read the export; there is no ``wave.yml`` yet to settle in what cannot be told."""
    try:
        return exports.read(export, tool=tool, encoding=encoding, delimiter=delimiter)
    except SyntheseError as error:
        fixes = {
            "unclear-encoding": "open it in a spreadsheet and save it as UTF-8 CSV",
            "unclear-delimiter": "open it in a spreadsheet and save it as comma-separated UTF-8 CSV",
            "unclear-tool": "name the tool with --tool",
        }
        raise SyntheseError([replace(fault, fix=fixes.get(fault.code, fault.fix)) for fault in error.faults]) from error


def _settled(raw: RawExport, codebook: Codebook, wave: str, drafted: Drafted) -> Drafted:
    """Give up as free text the questions whose answers do not all fit what was guessed, so that the study runs."""
    with tempfile.TemporaryDirectory(prefix="synthese-") as scratch:
        path = Path(scratch) / "wave.yml"
        write_bytes(path, wave.encode("utf-8"))
        settings = parse(read_yaml(path), WaveSettings)
    cleaned = cleaning.clean(raw, codebook, settings, strict=False)
    wrong = {fault.column for fault in cleaned.errors}
    why = "Des réponses ne correspondent à aucune option devinée : laissée en texte libre."
    return replace(
        drafted, questions=tuple(one.as_open(why) if one.headers & wrong else one for one in drafted.questions)
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
