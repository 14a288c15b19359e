"""Reading declared files: YAML to a pydantic model, with every fault at once and its line.

Belongs here: `parse`, used for each declared file of a study, and `load_codebook`. Does not: what the
declarations mean.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from synthese.codebook import checks
from synthese.codebook.checks import nearest
from synthese.codebook.model import Codebook, PlannedCross, Question, Regrouping, Scale
from synthese.errors import Fault, SyntheseError
from synthese.files import YamlDocument, read_yaml

M = TypeVar("M", bound=BaseModel)

_PLAIN = {
    "missing": ("missing-key", "this key is missing", "add it"),
    "string_type": ("not-text", "this should be text", "put it in quotes"),
    "int_parsing": ("not-a-number", "this should be a whole number", "write a whole number"),
    "int_type": ("not-a-number", "this should be a whole number", "write a whole number"),
    "bool_parsing": ("not-a-boolean", "this should be true or false", "write true or false"),
    "bool_type": ("not-a-boolean", "this should be true or false", "write true or false"),
    "tuple_type": ("not-a-list", "this should be a list", "write `[a, b]` or lines that begin with `-`"),
    "dict_type": (
        "not-a-mapping",
        "this should hold `key: value` lines",
        "indent `key: value` lines under it",
    ),
    "model_type": (
        "not-a-mapping",
        "this should hold `key: value` lines",
        "indent `key: value` lines under it",
    ),
}


def path_text(path: tuple[str | int, ...]) -> str:
    """Write a place as ``questions[3].options[1].code``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models(argument)]


def _fields_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Keys that a place accepts: those of the model found by walking the path."""
    here: list[type[BaseModel]] = [model]
    for step in path:
        if isinstance(step, int):
            continue
        found = [field for m in here for name, field in m.model_fields.items() if step in (name, field.alias)]
        here = [inner for field in found for inner in _models(field.annotation)] or here
    return [field.alias or name for m in here for name, field in m.model_fields.items()]


def _fault(document: YamlDocument, model: type[BaseModel], error: ErrorDetails) -> Fault:
    path = tuple(error["loc"])
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        code, what = "unknown-key", f"unknown key {path[-1]!r}"
        fix = nearest(str(path[-1]), _fields_at(model, path[:-1]))
    elif kind in ("literal_error", "enum"):
        code, what = "unknown-value", f"{error['input']!r} is not allowed here"
        fix = f"one of {context.get('expected')}"
    elif kind == "string_pattern_mismatch":
        code, what = "bad-code", f"{error['input']!r} is not a valid code"
        fix = f"it must match {context.get('pattern')}"
    elif kind in _PLAIN:
        code, what, fix = _PLAIN[kind]
    else:
        code, what, fix = "wrong-value", error["msg"].removeprefix("Value error, "), "correct it"
    return Fault(code, what, file=document.file, row=document.line(path), path=path_text(path), fix=fix)


def parse(document: YamlDocument, model: type[M]) -> M:
    """Make a model of a declared file.

    Raises
    ------
    SyntheseError
        Carries one fault for each thing that is wrong, with file, line and path.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise SyntheseError([_fault(document, model, detail) for detail in error.errors()]) from error


def _readable(document: YamlDocument, key: str, model: type[M]) -> dict[int, M]:
    items = document.data.get(key) or []
    out: dict[int, M] = {}
    for index, item in enumerate(items if isinstance(items, list) else []):
        try:
            out[index] = model.model_validate(item)
        except ValidationError:
            continue  # `parse` tells this fault; the checks go on with what can be read
    return out


def load_codebook(path: Path) -> Codebook:
    """Read and check a codebook.

    Parameters
    ----------
    path : Path
        ``data/raw/codebook.yml``.

    Returns
    -------
    Codebook
        Checked: every reference resolves, routing has no loop, regroupings cover their question.

    Raises
    ------
    SyntheseError
        Carries every fault found, in the order of the file.
    """
    document = read_yaml(path)
    faults: list[Fault] = []
    codebook: Codebook | None = None
    try:
        codebook = parse(document, Codebook)
    except SyntheseError as error:
        faults += error.faults
    raw = document.data.get("questions") or []
    parts = checks.Parts(
        scales=_readable(document, "scales", Scale),
        questions=_readable(document, "questions", Question),
        regroupings=_readable(document, "regroupings", Regrouping),
        crosses=_readable(document, "planned_crosses", PlannedCross),
        question_ids=[str(q["id"]) for q in raw if isinstance(q, dict) and "id" in q] if isinstance(raw, list) else [],
    )

    def report(code: str, what: str, place: tuple[str | int, ...], fix: str) -> None:
        faults.append(Fault(code, what, file=path, row=document.line(place), path=path_text(place), fix=fix))

    checks.check(parts, report)
    if faults or codebook is None:
        raise SyntheseError(sorted(faults, key=lambda fault: fault.row or 0))
    return codebook


def json_schema(model: type[BaseModel] = Codebook) -> str:
    """Write a model's JSON Schema, which editors use to complete and check the file while it is typed."""
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
