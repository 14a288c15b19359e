"""Cleaning: the one path from an export to clean answers, with its journal.

Belongs here: matching columns and texts with the codebook, missing reasons, which rows are respondents, and
a line for everything dropped or changed. Does not: reading files (`exports`), counting answers
(`statistics`).
"""

from synthese.cleaning.cleaned import PRIVATE, Cleaned, Counts, read_counts, read_journal, read_responses, write
from synthese.cleaning.ledger import JOURNAL_COLUMNS
from synthese.cleaning.replay import replay
from synthese.cleaning.rules import ERRORS, ROW_RULES, RULES
from synthese.cleaning.street import clean

__all__ = [
    "ERRORS",
    "JOURNAL_COLUMNS",
    "PRIVATE",
    "ROW_RULES",
    "RULES",
    "Cleaned",
    "Counts",
    "clean",
    "read_counts",
    "read_journal",
    "read_responses",
    "replay",
    "write",
]
