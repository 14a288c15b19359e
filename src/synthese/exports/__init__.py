"""Exports: every tool's file read as text cells with their columns, and written again for simulations."""

from synthese.exports.model import (
    Answers,
    Field,
    Layout,
    RawColumn,
    RawExport,
    Submission,
    Table,
    Ticked,
    Tool,
)
from synthese.exports.registry import detect, known, named, read, read_table, write

__all__ = [
    "Answers",
    "Field",
    "Layout",
    "RawColumn",
    "RawExport",
    "Submission",
    "Table",
    "Ticked",
    "Tool",
    "detect",
    "known",
    "named",
    "read",
    "read_table",
    "write",
]
