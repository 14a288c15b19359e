"""Notebooks stay thin: prose, one call, the result shown."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import nbformat
import pytest

from synthese.notebooks import declared_parameters, read_notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINES = 8
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.AsyncFor, ast.comprehension)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]


def test_the_five_notebooks_are_there() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01-nettoyage",
        "02-description",
        "03-croisements",
        "04-evolution",
        "05-publication",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_stored(path: Path) -> None:
    for cell in code_cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short_and_straight(path: Path) -> None:
    for cell in code_cells(path):
        assert len(cell.source.splitlines()) <= LINES, cell.source
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, FORBIDDEN)], cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_stands_before_each_cell(path: Path) -> None:
    cells = read_notebook(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    for before, cell in itertools.pairwise(cells):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_imports_come_from_the_library_only(path: Path) -> None:
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in ("synthese", "IPython") for name in names), cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_parameters_are_typed_literals_with_a_comment(path: Path) -> None:
    parameters = declared_parameters(read_notebook(path), path)
    assert [(p.name, p.type) for p in parameters] == [("wave", "str"), ("publish", "bool")]
    assert parameters[1].default is False, "run by hand, a notebook publishes nothing"
    cell = next(c for c in code_cells(path) if "parameters" in c.metadata.get("tags", []))
    assert all("#" in line for line in cell.source.splitlines())
