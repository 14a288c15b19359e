"""Where the parts of a study lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from synthese.codebook import Codebook, load_codebook, nearest, parse
from synthese.codebook.codeframe import check_sheets, extended
from synthese.codebook.codesheets import Sheet, read_sheet
from synthese.errors import Fault, SyntheseError
from synthese.files import read_yaml
from synthese.study.settings import StudySettings, WaveSettings

_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".tsv", ".txt")
_EXPORTS = (".csv", ".tsv", ".xlsx")


@dataclass(frozen=True)
class Study:
    """A study's folder, what it declares, and its waves in the order of their field work.

    Parameters
    ----------
    root : Path
        The folder that holds ``study.yml``.
    settings : StudySettings
        ``study.yml``.
    waves : tuple of WaveSettings
        Every ``data/raw/<wave>/wave.yml``, ordered by start of field work, then id.
    """

    root: Path
    settings: StudySettings
    waves: tuple[WaveSettings, ...]

    @cached_property
    def questionnaire(self) -> Codebook:
        """``data/raw/codebook.yml``, read and checked: what people were asked."""
        return load_codebook(self.codebook_file)

    @cached_property
    def sheets(self) -> dict[str, dict[str, Sheet]]:
        """Sheets in which free answers are coded, by wave, oldest first, then by question."""
        return {
            wave: {path.stem: read_sheet(path, self.relative(path)) for path in self.sheet_files(wave)}
            for wave in self.wave_ids
        }

    @cached_property
    def codebook(self) -> Codebook:
        """What people were asked, and the options that coders made of free answers: what is counted."""
        check_sheets(self.questionnaire, self.sheets)
        return extended(self.questionnaire, self.sheets)

    @property
    def codebook_file(self) -> Path:
        """Where the codebook lies."""
        return self.root / "data" / "raw" / "codebook.yml"

    @property
    def wave_ids(self) -> tuple[str, ...]:
        """Ids of the waves, oldest first."""
        return tuple(wave.id for wave in self.waves)

    @property
    def newest(self) -> str:
        """Id of the wave whose field work began last."""
        return self.waves[-1].id

    def wave(self, wave_id: str) -> WaveSettings:
        """Find the declaration of a wave.

        Raises
        ------
        SyntheseError
            No such wave; the message names the nearest, or lists those there are.
        """
        for wave in self.waves:
            if wave.id == wave_id:
                return wave
        if wave_id and self.raw(wave_id).is_dir():
            raise SyntheseError.of(
                "unknown-wave",
                f"the folder of wave {wave_id!r} has no wave.yml",
                file=self.raw(wave_id),
                fix="write one, after that of another wave",
            )
        raise SyntheseError.of(
            "unknown-wave",
            f"no wave {wave_id!r} in this study",
            file=self.root / "data" / "raw",
            fix=nearest(wave_id, self.wave_ids),
        )

    def earlier(self, wave_id: str) -> tuple[WaveSettings, ...]:
        """Waves before this one, oldest first."""
        return self.waves[: self.wave_ids.index(self.wave(wave_id).id)]

    def raw(self, wave_id: str) -> Path:
        """Folder of a wave's export."""
        return self.root / "data" / "raw" / wave_id

    def sheet_files(self, wave_id: str) -> tuple[Path, ...]:
        """Files of a wave's coding sheets, in the order of their names.

        Raises
        ------
        SyntheseError
            A workbook lies there: its codes would not count.
        """
        found = sorted((self.raw(wave_id) / "coding").glob("*.*"))
        found = [path for path in found if path.is_file() and path.name[0] not in ".~"]
        for path in found:
            if path.suffix.lower() in _WORKBOOKS:
                fix = "save it as « CSV UTF-8 » under the question's id, and move this file away"
                what = "a coding sheet is a CSV file: what this one says does not count"
                raise SyntheseError.of("not-a-sheet", what, file=self.relative(path), fix=fix)
        return tuple(path for path in found if path.suffix.lower() == ".csv")

    def processed(self, wave_id: str) -> Path:
        """Folder of what code made of a wave."""
        return self.root / "data" / "processed" / wave_id

    def private(self, wave_id: str) -> Path:
        """Folder of what is never published."""
        return self.processed(wave_id) / "private"

    def output(self, wave_id: str) -> Path:
        """Folder of a wave's rendered report."""
        return self.root / "report" / "_output" / wave_id

    def relative(self, path: Path) -> str:
        """Path from the study's root, with forward slashes on every system."""
        # Not resolved first: `data` may be a link to another disk.
        plain = Path(os.path.abspath(path))  # noqa: PTH100
        return (plain if plain.is_relative_to(self.root) else path.resolve()).relative_to(self.root).as_posix()


def _undeclared(raw: Path) -> list[Fault]:
    """Folders that hold answers but no ``wave.yml``: a wave must not go missing without a word."""
    return [
        Fault(
            "no-wave-file",
            "this folder holds an export but no wave.yml",
            file=folder,
            fix="write one, after that of another wave, or move the folder out of data/raw",
        )
        for folder in sorted(raw.glob("*/"))
        if not (folder / "wave.yml").exists()
        and not folder.name.startswith(".")
        and any(file.suffix.lower() in _EXPORTS for file in folder.iterdir())
    ]


def open_study(root: str | Path = ".") -> Study:
    """Read a study's declarations.

    Parameters
    ----------
    root : str or Path
        The study's folder, or one inside it.

    Raises
    ------
    SyntheseError
        Not a study, or ``study.yml`` or a ``wave.yml`` is wrong; carries every fault of all of them.
    """
    start = Path(root).resolve()
    if not start.exists():
        raise SyntheseError.of("no-folder", "there is no such folder", file=start, fix="see how its name is written")
    for folder in (start, *start.parents):
        if (folder / "study.yml").is_file():
            break
    else:
        raise SyntheseError.of(
            "not-a-study",
            "there is no study here: no study.yml in this folder or above it",
            file=start,
            fix="go to the study's folder, name it with --study, or make one with `synthese init DIR`",
        )
    faults: list[Fault] = []
    settings: StudySettings | None = None
    try:
        settings = parse(read_yaml(folder / "study.yml", collect=True), StudySettings)
    except SyntheseError as error:
        faults += error.faults
    waves: list[WaveSettings] = []
    for file in sorted((folder / "data" / "raw").glob("*/wave.yml")):
        try:
            document = read_yaml(file, collect=True)
            wave = parse(document, WaveSettings)
        except SyntheseError as error:
            faults += error.faults
            continue
        if wave.id != file.parent.name:
            faults.append(
                Fault(
                    "wave-id",
                    f"the wave is called {wave.id!r} but its folder is {file.parent.name!r}",
                    file=file,
                    row=document.line(("id",)),
                    path="id",
                    fix=f'write id: "{file.parent.name}"',
                )
            )
        waves.append(wave)
    faults += _undeclared(folder / "data" / "raw")
    if not waves and not faults:
        faults.append(
            Fault(
                "no-wave",
                "this study has no wave",
                file=folder / "data" / "raw",
                fix="put the export and a wave.yml into data/raw/<wave>/",
            )
        )
    if faults or settings is None:
        raise SyntheseError(faults)
    return Study(folder, settings, tuple(sorted(waves, key=lambda wave: (wave.field_work.start, wave.id))))


def unknown_waves(study: Study) -> tuple[Fault, ...]:
    """List the waves that the codebook names and the study does not have: a typo would silently hide a question."""
    named: list[tuple[str, str]] = []
    for question in study.codebook.questions:
        named += [(f"{question.id}: asked_in", wave) for wave in question.asked_in or ()]
        named += [(f"{question.id}: rewordings", rewording.wave) for rewording in question.rewordings]
        named += [(f"{question.id}: routing_in", put.wave) for put in question.routing_in]
        named += [(f"{question.id}: type_in", put.wave) for put in question.type_in]
        named += [(f"{question.id}: order_in", put.wave) for put in question.order_in]
        named += [(f"{question.id}.{o.code}: rewordings", r.wave) for o in question.options for r in o.rewordings]
        parts = [*((o.code, o.waves) for o in question.options), *((r.code, r.waves) for r in question.rows)]
        named += [(f"{question.id}.{code}: waves", wave) for code, waves in parts for wave in waves or ()]
    named += [(f"comparability: {d.question}", wave) for d in study.codebook.comparability for wave in d.waves]
    if (mix := study.codebook.standardisation) is not None and mix.wave is not None:
        named.append(("standardisation: mix", mix.wave))
    return tuple(
        Fault(
            "unknown-wave",
            f"the codebook names wave {wave!r}, which the study does not have",
            file=study.relative(study.codebook_file),
            path=place,
            fix=nearest(wave, study.wave_ids),
        )
        for place, wave in dict.fromkeys(named)
        if wave not in study.wave_ids
    )
