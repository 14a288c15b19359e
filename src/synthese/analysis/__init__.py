"""What a notebook sees: open a wave, describe, cross, compare, release, draw, save.

Belongs here: the few verbs of the field, each calling one room below. Does not: what those rooms do.
"""

from synthese.analysis.cleaned import Cleaning, code_states, findings, write_findings
from synthese.analysis.codesheets import rewrite_as_utf8, write_sheets
from synthese.analysis.results import Result
from synthese.analysis.wave import Wave, open_wave

__all__ = [
    "Cleaning",
    "Result",
    "Wave",
    "code_states",
    "findings",
    "open_wave",
    "rewrite_as_utf8",
    "write_findings",
    "write_sheets",
]
