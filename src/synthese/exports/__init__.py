"""Exports: every tool's file read as text cells with their columns, and written again for simulations."""

from synthese.exports.forms import Answers, Field, Submission, Ticked
from synthese.exports.model import Layout, RawColumn, RawExport, Table, Tool
from synthese.exports.registry import detect, known, named, read, read_structure, read_table, write
from synthese.exports.structure import Asked, Condition, Item, Structure

__all__ = [
    "Answers",
    "Asked",
    "Condition",
    "Field",
    "Item",
    "Layout",
    "RawColumn",
    "RawExport",
    "Structure",
    "Submission",
    "Table",
    "Ticked",
    "Tool",
    "detect",
    "known",
    "named",
    "read",
    "read_structure",
    "read_table",
    "write",
]
