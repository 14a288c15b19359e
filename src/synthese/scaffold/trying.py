"""A drafted codebook and wave tried on the export, before anything is written.

Belongs here: reading drafted text as the study will, and which columns do not fit it. Does not: mending a draft.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from synthese import cleaning
from synthese.analysis.cleaned import cleaned
from synthese.codebook import Codebook, load_codebook, parse
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


def wrong_columns(raw: RawExport, codebook: Codebook, wave: str) -> frozenset[str]:
    """Headers of the columns with an answer that the codebook has no place for.

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
    found = cleaning.clean(raw, codebook, settings, strict=False)
    return frozenset(fault.column for fault in found.errors if fault.column is not None)


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
