"""Drafting a new study: every file it needs to run at once, from an export or from an example.

Belongs here: guessing a codebook from answers, and the files of a new study. Does not: running it (`batch`),
or the report's filters and templates (they are copied as they are).
"""

from synthese.scaffold.making import init

__all__ = ["init"]
