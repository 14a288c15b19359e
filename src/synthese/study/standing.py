"""How many findings of `synthese check` a wave stands with, kept so that a render need not check again.

Belongs here: the record and what it depends on. Does not: checking (`batch`), or what findings do to a report.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import synthese
from synthese.files import sha256, write_json
from synthese.study.folders import Study

NAME = "checks.json"


def _depends_on(study: Study, wave: str) -> str:
    """Hash every file that checking a wave reads, and the library's version."""
    report, books = study.root / "report", study.root / "notebooks"
    files = [study.codebook_file, study.root / "study.yml", study.root / "_brand.yml", report / "phrases.yml"]
    files += [*books.glob("*.ipynb"), *study.raw(wave).rglob("*")]
    # A wave is also checked beside the others: which there are, and how their free answers were coded.
    for other in study.wave_ids:
        files += [study.raw(other) / "wave.yml", *study.sheet_files(other)]
    digest = hashlib.sha256(synthese.__version__.encode())
    for file in sorted(set(files)):
        if file.is_file() and not file.name.startswith("."):
            digest.update(f"{study.relative(file)}\0{sha256(file)}\n".encode())
    return digest.hexdigest()


def _path(study: Study, wave: str) -> Path:
    return study.processed(wave) / NAME


def read_standing(study: Study, wave: str) -> int | None:
    """Give the number of findings of a wave's last check; None where it was never run or what it read has changed."""
    try:
        kept = json.loads(_path(study, wave).read_text(encoding="utf-8"))
        return int(kept["findings"]) if kept["depends_on"] == _depends_on(study, wave) else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None  # a damaged record only means that the wave is checked again


def write_standing(study: Study, wave: str, findings: int) -> Path:
    """Keep the number of findings of a wave that was just checked."""
    write_json(_path(study, wave), {"depends_on": _depends_on(study, wave), "findings": findings})
    return _path(study, wave)
