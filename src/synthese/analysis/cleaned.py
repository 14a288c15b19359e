"""The result of cleaning as a notebook sees it, and the findings that `synthese check` lists.

Belongs here: showing and saving what `synthese.cleaning` made. Does not: any rule.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from synthese import cleaning, exports
from synthese.analysis.designing import Answers, Designer
from synthese.analysis.keeping import Keeper
from synthese.analysis.opencoding import State, coding_remarks, coding_states, coding_table, rare_codes
from synthese.codebook.codeframe import sheet_remarks
from synthese.errors import Fault, SyntheseError
from synthese.files import write_text
from synthese.study import Study, WaveSettings


@dataclass(frozen=True)
class Cleaning:
    """Clean answers of a wave with their journal, before they are saved.

    Parameters
    ----------
    cleaned : Cleaned
        What `synthese.cleaning.clean` made.
    keeper : Keeper
        Where it goes.
    """

    cleaned: cleaning.Cleaned
    keeper: Keeper

    @property
    def responses(self) -> pd.DataFrame:
        """Clean answers: one row a respondent kept."""
        return self.cleaned.responses

    @property
    def journal(self) -> pd.DataFrame:
        """Every row dropped and every value recoded, with its rule; personal columns masked."""
        return self.cleaned.journal

    @property
    def rules(self) -> pd.DataFrame:
        """Lines of the journal by rule."""
        counted = self.journal.groupby("rule", sort=True).agg(lignes=("rule", "size"), raison=("reason", "first"))
        return counted.reset_index().rename(columns={"rule": "règle"})

    @property
    def findings(self) -> pd.DataFrame:
        """What to look at before trusting the wave."""
        rows = [
            {"code": f.code, "où": f.where, "constat": f.what, "à faire": f.fix or ""} for f in self.cleaned.findings
        ]
        return pd.DataFrame(rows, columns=["code", "où", "constat", "à faire"])

    @property
    def counts(self) -> pd.DataFrame:
        """Rows received, kept and dropped by reason."""
        counts = self.cleaned.counts
        rows = [("reçues", counts.received), *counts.dropped.items(), ("conservées", counts.kept)]
        return pd.DataFrame(rows, columns=["réponses", "effectif"])

    @property
    def coding(self) -> pd.DataFrame:
        """What is coded of the free answers, and how far two coders agree; no text."""
        study, wave = self.keeper.study, self.keeper.wave
        return coding_table(coding_states(study.codebook, wave, study.sheets.get(wave, {}), self.cleaned.free))

    def save(self) -> Path:
        """Write ``responses.parquet``, ``journal.csv`` and the private table; return the first."""
        cleaning.write(self.cleaned, self.keeper.folder)
        return self.keeper.folder / "responses.parquet"

    def __repr__(self) -> str:
        # Not the dataclass's own: it would spell out the personal table and the folders of the machine.
        counts = self.cleaned.counts
        return f"Cleaning(wave={self.keeper.wave!r}, received={counts.received}, kept={counts.kept})"

    def _repr_html_(self) -> str:
        counts = self.cleaned.counts
        synthetic = " · données synthétiques" if self.keeper.study.wave(self.keeper.wave).synthetic else ""
        return (
            f"<p><strong>non publié</strong> · vague {html.escape(self.keeper.wave)}{synthetic} · "
            f"{counts.received} réponses reçues, {counts.kept} conservées, "
            f"{len(self.cleaned.findings)} constats</p>" + self.counts.to_html(index=False, border=0)
        )


def cleaned(study: Study, wave: WaveSettings, *, strict: bool = True) -> cleaning.Cleaned:
    """Read a wave's export and clean it.

    Raises
    ------
    SyntheseError
        The export cannot be read, or a column or an answer is unknown: every fault, with the export's place in the
        study, as exports of several waves may have one name.
    """
    try:
        raw = exports.read(
            [study.raw(wave.id) / name for name in wave.exports],
            tool=wave.tool,
            encoding=wave.encoding,
            delimiter=wave.delimiter,
            structure=study.raw(wave.id) / wave.structure if wave.structure else None,
            header_row=wave.header_row,
            last_row=wave.last_row,
            sheet=wave.sheet,
        )
        return cleaning.clean(raw, study.codebook, wave, strict=strict, sheets=study.sheets.get(wave.id))
    except SyntheseError as error:
        raise SyntheseError(_placed(study, wave, error.faults)) from error


def _placed(study: Study, wave: WaveSettings, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    places: dict[str | Path | None, str] = {"wave.yml": study.relative(study.raw(wave.id) / "wave.yml")}
    for name in wave.exports:
        export = study.raw(wave.id) / name
        places |= dict.fromkeys((export, export.name, name), study.relative(export))
    return tuple(replace(f, file=places.get(f.file, f.file)) for f in faults)


def findings(study: Study, wave: str) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Clean a wave without writing anything.

    Returns
    -------
    errors, remarks : tuple of Fault
        What would stop a run, and what is only to be looked at.
    """
    settings = study.wave(wave)
    try:
        found = cleaned(study, settings, strict=False)
    except SyntheseError as error:
        return error.faults, ()
    errors = set(map(id, found.errors))
    drawn = _drawn(study, settings, found)
    remarks = [fault for fault in found.findings if id(fault) not in errors]
    sheets = study.sheets.get(wave, {})
    files = [sheet.file for sheet in sheets.values()]
    remarks += [fault for fault in sheet_remarks(study.questionnaire, study.sheets) if fault.file in files]
    remarks += coding_remarks(coding_states(study.codebook, wave, sheets, found.free), sheets)
    remarks += rare_codes(study.codebook, wave, sheets, found.responses, study.settings.disclosure.minimum_count)
    return (*_placed(study, settings, found.errors), *drawn), _placed(study, settings, remarks)


def _drawn(study: Study, wave: WaveSettings, found: cleaning.Cleaned) -> tuple[Fault, ...]:
    """Tell what keeps the weights and the design of a wave from being made."""
    try:
        Designer(study, wave, Answers(found.responses, lambda: found.private)).weighting()
    except SyntheseError as error:
        return error.faults
    return ()


def code_states(study: Study, wave: str) -> tuple[State, ...]:
    """Tell how far the coding of a wave's free answers is, and how far two coders agree."""
    done = cleaned(study, study.wave(wave), strict=False)
    return coding_states(study.codebook, wave, study.sheets.get(wave, {}), done.free)


def write_findings(faults: Iterable[Fault], path: Path) -> None:
    """Write findings as CSV: code, file, row, column, path, what, fix."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["code", "file", "row", "column", "path", "what", "fix"])
    for f in faults:
        writer.writerow([f.code, f.file or "", f.row or "", f.column or "", f.path or "", f.what, f.fix or ""])
    write_text(path, buffer.getvalue())
