"""Verifying what was rendered, and comparing two builds.

Belongs here: reading outputs as a reader gets them and holding them to what was released. Does not: making
or mending any of it.
"""

from synthese.audit.comparing import Difference, diff
from synthese.audit.verifying import UNCHECKED, verify

__all__ = ["UNCHECKED", "Difference", "diff", "verify"]
