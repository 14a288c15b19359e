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
    "to_confirm",
    "unknown_waves",
]
