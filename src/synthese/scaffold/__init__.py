"""Drafting a study: every file it needs to run at once, from an export, a form or an example; and its next waves.

Belongs here: guessing a codebook from answers, and the files of a new study. Does not: running it (`batch`),
or the report's filters and templates (they are copied as they are).
"""

from synthese.scaffold.making import Made, init, make

__all__ = ["Made", "init", "make"]
