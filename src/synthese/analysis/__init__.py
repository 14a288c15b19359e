"""What a notebook sees: open a wave, describe, cross, compare, release, draw, save.

Belongs here: the few verbs of the field, each calling one room below. Does not: what those rooms do.
"""

from synthese.analysis.cleaned import Cleaning, findings, write_findings
from synthese.analysis.results import Result
from synthese.analysis.wave import Wave, open_wave

__all__ = ["Cleaning", "Result", "Wave", "findings", "is_error", "open_wave", "write_findings"]
