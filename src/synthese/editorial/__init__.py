"""What a reader sees: figures, tables, sentences and their notes, from `Released` only.

Belongs here: choosing, wording and drawing. Does not: computing a number, or placing it in a report.
"""

from synthese.editorial.brand import Brand, read_brand
from synthese.editorial.claims import Claim, Variant, write_claim, write_value
from synthese.editorial.conditions import Condition, at_least, at_most, between, called, close_to, higher_than, leads_by
from synthese.editorial.facts import Ref
from synthese.editorial.figures import cross_figure, evolution_figure, grid_figure, question_figure
from synthese.editorial.grid import Box, Grid
from synthese.editorial.number_tables import number_table
from synthese.editorial.piece import Piece
from synthese.editorial.tables import cross_table, evolution_table, planned_table, question_table

__all__ = [
    "Box",
    "Brand",
    "Claim",
    "Condition",
    "Grid",
    "Piece",
    "Ref",
    "Variant",
    "at_least",
    "at_most",
    "between",
    "called",
    "close_to",
    "cross_figure",
    "cross_table",
    "evolution_figure",
    "evolution_table",
    "grid_figure",
    "higher_than",
    "leads_by",
    "number_table",
    "planned_table",
    "question_figure",
    "question_table",
    "read_brand",
    "write_claim",
    "write_value",
]
