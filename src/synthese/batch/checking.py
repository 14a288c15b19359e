"""What `synthese check` finds, for those who run it and for reports, which stay drafts while there is any.

Belongs here: every check of a wave gathered, and which remarks its `wave.yml` says were looked at. Does not: what
each check looks for (`analysis`, `codebook`, `study`), or showing it (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from synthese.analysis import findings
from synthese.batch.readiness import check_ready
from synthese.codebook import remarks as needless_decisions
from synthese.errors import Fault, SyntheseError
from synthese.study import Study, read_standing, to_confirm, unknown_waves, write_standing


@dataclass(frozen=True)
class Checked:
    """What was found of one wave or several.

    Parameters
    ----------
    errors : tuple of Fault
        What would stop a run.
    remarks : tuple of Fault
        What is to be looked at.
    reviewed : tuple of Fault
        Remarks that ``reviewed`` of the wave's settings says were looked at and stand.
    """

    errors: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    reviewed: tuple[Fault, ...]

    @property
    def open(self) -> int:
        """Number of findings that keep a report a draft."""
        return len(self.errors) + len(self.remarks)


def check(study: Study, waves: Iterable[str]) -> Checked:
    """Check the codebook, the settings and the raw answers of some waves; write nothing.

    Raises
    ------
    SyntheseError
        The codebook cannot be read: nothing else can be read without it.
    """
    chosen = list(waves)
    codebook = study.codebook
    errors: list[Fault] = []
    try:
        check_ready(study, chosen)
    except SyntheseError as error:
        errors += error.faults
    remarks = [*unknown_waves(study), *needless_decisions(codebook, study.relative(study.codebook_file))]
    elsewhere = {study.relative(study.raw(wave) / "wave.yml") for wave in study.wave_ids if wave not in chosen}
    remarks += [fault for fault in to_confirm(study) if fault.file not in elsewhere]
    reviewed: list[Fault] = []
    for wave in chosen:
        wrong, told = findings(study, wave)
        errors += [fault for fault in wrong if fault not in errors]
        looked_at = study.wave(wave).reviewed
        reviewed += [fault for fault in told if fault.code in looked_at]
        remarks += [fault for fault in told if fault.code not in looked_at]
        if not wrong:  # with errors, not every remark is found
            remarks += _needless(study, wave, {fault.code for fault in told})
    return Checked(tuple(errors), tuple(remarks), tuple(reviewed))


def findings_of(study: Study, wave: str) -> int:
    """Count the open findings of a wave: by its last check where nothing changed since, else by one that is kept."""
    known = read_standing(study, wave)
    if known is None:
        known = check(study, [wave]).open
        write_standing(study, wave, known)
    return known


def _needless(study: Study, wave: str, found: set[str]) -> list[Fault]:
    """Tell a remark that ``reviewed`` names and that is not there: a slip, or of answers that have changed since."""
    file = study.relative(study.raw(wave) / "wave.yml")
    return [
        Fault(
            "needless-review",
            f"`reviewed` names {code!r}, and nothing of that code is found",
            file=file,
            path=f"reviewed.{code}",
            fix="take it out, or correct its code",
        )
        for code in study.wave(wave).reviewed
        if code not in found
    ]
