"""What a notebook declares before it is run: its parameters cell, read and checked."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.validator import NotebookValidationError

from synthese.codebook import nearest
from synthese.errors import Fault, SyntheseError


@dataclass(frozen=True)
class Parameter:
    """One assignment of the ``parameters`` cell.

    Parameters
    ----------
    name : str
        Variable assigned.
    default : object
        Literal value.
    type : str
        Annotation as written, or the literal's type.
    """

    name: str
    default: Any
    type: str


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a notebook file.

    Raises
    ------
    SyntheseError
        Missing, or not a notebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SyntheseError.of("missing-notebook", "this notebook is missing", file=path, fix="restore it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _no_notebook(path, str(error)) from error
    try:
        content = json.loads(text)
    except ValueError as error:
        raise _no_notebook(path, str(error)) from error
    # Asked first, for nbformat answers what is far from a notebook with errors of many kinds.
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise _no_notebook(path, "it has no cells")
    if content.get("nbformat") != 4:
        raise _no_notebook(path, f"format {content.get('nbformat')}, and only 4 is read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that cells of format 4.4 have no ids
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
    except (NotebookValidationError, KeyError) as error:
        raise _no_notebook(path, str(error)) from error
    return notebook


def _no_notebook(path: Path, reason: str) -> SyntheseError:
    reason = reason.splitlines()[0][:200] if reason else "unknown"
    fix = "restore it from version control, or open and save it in JupyterLab"
    return SyntheseError.of("not-a-notebook", f"this is not a notebook: {reason}", file=path, fix=fix)


def _parameters_cell(notebook: nbformat.NotebookNode, path: Path) -> tuple[int, str]:
    tagged = [
        (index, cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    ]
    if len(tagged) != 1:
        what = "no code cell is" if not tagged else f"{len(tagged)} code cells are"
        raise SyntheseError.of(
            "no-parameters-cell",
            f"{what} tagged `parameters`",
            file=path,
            fix="tag exactly one code cell `parameters`, with one assignment a line",
        )
    return tagged[0]


def _assignment(statement: ast.stmt) -> Parameter | None:
    """Read ``name = literal``, annotated or not; None for anything else."""
    target: ast.expr
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value, annotation = statement.target, statement.value, ast.unparse(statement.annotation)
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value, annotation = statement.targets[0], statement.value, ""
    else:
        return None
    if not isinstance(target, ast.Name):
        return None
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError):
        return None
    return Parameter(target.id, default, annotation or type(default).__name__)


def declared_parameters(notebook: nbformat.NotebookNode, path: Path) -> tuple[Parameter, ...]:
    """Read the parameters that a notebook declares.

    Raises
    ------
    SyntheseError
        No cell, or several, tagged ``parameters``; or a line of it is no plain assignment of a literal.
    """
    index, source = _parameters_cell(notebook, path)
    faults: list[Fault] = []
    found: list[Parameter] = []
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise SyntheseError.of(
            "bad-parameters-cell", f"cell {index + 1} is not Python: {error.msg}", file=path, row=error.lineno
        ) from error
    for statement in body:
        parameter = _assignment(statement)
        if parameter is None:
            faults.append(
                Fault(
                    "bad-parameters-cell",
                    f"cell {index + 1}, line {statement.lineno}: not one name = literal",
                    file=path,
                    fix='write one assignment of a literal a line, such as wave = "2024"',
                )
            )
        else:
            found.append(parameter)
    if faults:
        raise SyntheseError(faults)
    return tuple(found)


def check_parameters(declared: tuple[Parameter, ...], given: Mapping[str, Any], path: Path) -> None:
    """Refuse a parameter that the notebook does not declare: papermill would only warn.

    Raises
    ------
    SyntheseError
        One fault for each unknown parameter.
    """
    names = [parameter.name for parameter in declared]
    faults = [
        Fault("unknown-parameter", f"no parameter {name!r} in this notebook", file=path, fix=nearest(name, names))
        for name in sorted(given)
        if name not in names
    ]
    if faults:
        raise SyntheseError(faults)
