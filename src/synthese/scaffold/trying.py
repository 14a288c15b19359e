"""A drafted codebook and wave tried on the export, before anything is written.

Belongs here: reading drafted text as the study will, and which columns do not fit it. Does not: mending a draft.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from synthese import cleaning
from synthese.analysis.cleaned import cleaned
from synthese.codebook import Codebook, load_codebook, parse
from synthese.errors import Fault, SyntheseError
from synthese.exports import RawExport
from synthese.files import read_yaml, write_text
from synthese.study import Study, WaveSettings


def read_codebook(text: str) -> Codebook:
    """Read a codebook's text.

    Raises
    ------
    SyntheseError
        It is no codebook.
    """
    with tempfile.TemporaryDirectory(prefix="synthese-") as scratch:
        path = Path(scratch) / "codebook.yml"
        write_text(path, text)
        return load_codebook(path)


@dataclass(frozen=True)
class Trial:
    """What of an export a draft has no place for.

    Parameters
    ----------
    wrong : frozenset of str
        Headers of the columns with an answer that the codebook has no place for.
    unplaced : tuple of Fault
        Columns that fit no question, and questions without column: no answer was looked at. Their fixes name files
        of the wave, so they are for `synthese check` once these are written.
    """

    wrong: frozenset[str] = frozenset()
    unplaced: tuple[Fault, ...] = ()


def trial(raw: RawExport, codebook: Codebook, wave: str) -> Trial:
    """Clean an export by a draft.

    Parameters
    ----------
    raw : RawExport
        The export.
    codebook : Codebook
        The draft.
    wave : str
        Text of a ``wave.yml``.
    """
    with tempfile.TemporaryDirectory(prefix="synthese-") as scratch:
        path = Path(scratch) / "wave.yml"
        write_text(path, wave)
        settings = parse(read_yaml(path), WaveSettings)
    try:
        found = cleaning.clean(raw, codebook, settings, strict=False)
    except SyntheseError as error:
        return Trial(unplaced=error.faults)
    return Trial(frozenset(fault.column for fault in found.errors if fault.column is not None))


def wrong_columns(raw: RawExport, codebook: Codebook, wave: str) -> frozenset[str]:
    """Headers of the columns with an answer that the codebook has no place for; see `trial`."""
    return trial(raw, codebook, wave).wrong


def other_texts(study: Study, wave: WaveSettings) -> dict[str, list[str]]:
    """Texts that a wave's respondents typed as « Autre », by question; they are private.

    Raises
    ------
    SyntheseError
        The wave cannot be cleaned: mend it before another is added.
    """
    private = cleaned(study, wave).private
    found: dict[str, list[str]] = {}
    for column in private.columns:
        name, _, option = str(column).rpartition(".")
        if name and option:
            found.setdefault(name, []).extend(text for text in private[column].dropna().tolist() if text.strip())
    return found
