"""The only place a number becomes text.

Belongs here: rounding, numbers, percentages in words, agreement and typography, all in French. Does not:
anything that knows what is counted. Imports nothing of the library but its errors.
"""

from synthese.formatting.grammar import Noun, capitalised, elide, joined, lowered
from synthese.formatting.linting import Problem, lint
from synthese.formatting.numbers import (
    MINUS,
    NBSP,
    NNBSP,
    date_text,
    decimal_text,
    integer_text,
    k_of_n,
    p_value_text,
    percent_text,
    period_text,
    points_text,
    share_parts,
    share_percent_text,
    share_text,
    signed_text,
)
from synthese.formatting.rounding import half_up, percent, percent_of
from synthese.formatting.typography import french
from synthese.formatting.words import DEFAULT_BANDS, Band, Bands, Phrase, phrase

__all__ = [
    "DEFAULT_BANDS",
    "MINUS",
    "NBSP",
    "NNBSP",
    "Band",
    "Bands",
    "Noun",
    "Phrase",
    "Problem",
    "capitalised",
    "date_text",
    "decimal_text",
    "elide",
    "french",
    "half_up",
    "integer_text",
    "joined",
    "k_of_n",
    "lint",
    "lowered",
    "p_value_text",
    "percent",
    "percent_of",
    "percent_text",
    "period_text",
    "phrase",
    "points_text",
    "share_parts",
    "share_percent_text",
    "share_text",
    "signed_text",
]
