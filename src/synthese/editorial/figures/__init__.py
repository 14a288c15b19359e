"""Figures of released estimates, one grammar for every question.

Belongs here: which drawing a question gets. Does not: layout (`bars`, `stacked`, `dots`), words (`notes`).
"""

from synthese.editorial.figures.making_crosses import cross_figure
from synthese.editorial.figures.making_questions import question_figure
from synthese.editorial.figures.making_scales import grid_figure
from synthese.editorial.figures.making_waves import evolution_figure

__all__ = ["cross_figure", "evolution_figure", "grid_figure", "question_figure"]
