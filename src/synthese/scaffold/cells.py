"""Notebooks from templates: text with ``# %%`` marks becomes cells.

Belongs here: the one way from a template to an ``.ipynb``. Does not: what the cells say (`templates`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from synthese.notebooks.light import nbformat

_MARK = re.compile(r"^# %%(?: \[(?P<kind>\w+)\])?(?: tags=(?P<tags>[\w,]+))?\s*$", re.MULTILINE)
_WAVE = re.compile(r'^wave = "[^"]*"', re.MULTILINE)
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(source: str) -> bytes:
    """Make a notebook of text in the percent format: ``# %%``, ``# %% [markdown]``, ``# %% tags=parameters``."""
    marks = list(_MARK.finditer(source))
    cells: list[Any] = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(source)
        text = source[mark.end() : end].strip("\n")
        make = nbformat.v4.new_markdown_cell if mark["kind"] == "markdown" else nbformat.v4.new_code_cell
        cell = make(text)
        cell["id"] = f"c{number:03d}"
        if mark["tags"]:
            cell["metadata"]["tags"] = mark["tags"].split(",")
        cells.append(cell)
    return _bytes(nbformat.v4.new_notebook(cells=cells, metadata=_METADATA))


def for_wave(path: Path, wave: str) -> bytes:
    """Copy a notebook, its default wave replaced: the one that it is tried on by hand."""
    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = _WAVE.sub(f'wave = "{wave}"', cell.source)
    return _bytes(book)


def _bytes(book: nbformat.NotebookNode) -> bytes:
    nbformat.validate(book)
    return (json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
