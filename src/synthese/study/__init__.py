"""A study: its folders, its settings and its waves.

Belongs here: where things lie and what ``study.yml`` and ``wave.yml`` declare. Does not: answers.
"""

from synthese.study.confirming import MARK, to_confirm
from synthese.study.folders import Study, open_study, unknown_waves
from synthese.study.locking import alone
from synthese.study.settings import (
    Bands,
    Disclosure,
    FieldWork,
    Kept,
    StudySettings,
    Unit,
    WaveSettings,
)
from synthese.study.standing import read_standing, write_standing

__all__ = [
    "MARK",
    "Bands",
    "Disclosure",
    "FieldWork",
    "Kept",
    "Study",
    "StudySettings",
    "Unit",
    "WaveSettings",
    "alone",
    "open_study",
    "read_standing",
    "to_confirm",
    "unknown_waves",
    "write_standing",
]
