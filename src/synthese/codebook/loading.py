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
from synthese.codebook.consistency import check_consistency
from synthese.codebook.headline import Headline
from synthese.codebook.headlines import check_headlines
from synthese.codebook.mixes import check_standardisation
from synthese.codebook.model import Codebook, Consistency, PlannedCross, Question, Regrouping, Scale, Universe
from synthese.codebook.over_waves import check_decisions, check_over_waves
from synthese.codebook.standardisation import Standardisation
from synthese.codebook.universes import check_universes
from synthese.errors import Fault, SyntheseError
from synthese.files import YamlDocument, read_yaml

M = TypeVar("M", bound=BaseModel)

_PLAIN = {
    "missing": ("missing-key", "this key is missing", "add it"),
    "string_type": ("not-text", "this should be text", "put it in quotes"),
    "string_too_short": ("empty", "there is no text here", "write some, or remove the key"),
    "int_parsing": ("not-a-number", "this should be a whole number", "write a whole number"),
    "int_type": ("not-a-number", "this should be a whole number", "write a whole number"),
    "int_from_float": ("not-a-number", "this should be a whole number", "write a whole number"),
    "float_parsing": ("not-a-number", "this should be a number", "write a number, with a point for decimals"),
    "float_type": ("not-a-number", "this should be a number", "write a number, with a point for decimals"),
    "date_type": ("not-a-date", "this should be a date", "write a date such as 2024-01-22"),
    "date_parsing": ("not-a-date", "there is no such date", "write a date such as 2024-01-22"),
    "date_from_datetime_parsing": ("not-a-date", "there is no such date", "write a date such as 2024-01-22"),
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


_SHAPES = (
    ("^[a-z0-9][a-z0-9_]*$|", "write small letters, digits and _, such as `ne_sait_pas`, or a number as in `01`, `2A`"),
    ("^[A-Za-z][A-Za-z0-9_]*$", "write letters, digits and _, a letter first, such as `F1`"),
    ("^[A-Za-z][A-Za-z0-9_]*(", "write a question, a grid row or a regrouping: `F1`, `F2.posture`, `B1@regroupe`"),
    ("^[a-z0-9-]+$", "write small letters, digits and -, such as `2024`"),
)

_BOUNDS = {
    "greater_than_equal": ("write {} or more", "ge"),
    "greater_than": ("write more than {}", "gt"),
    "less_than_equal": ("write {} or less", "le"),
    "less_than": ("write less than {}", "lt"),
}


def _place(data: Any, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Path in the file: without the names that pydantic adds for the members of a union, or for a bad key."""
    path: list[str | int] = []
    for number, step in enumerate(loc):
        inside = isinstance(data, dict) and step in data
        inside = inside or (isinstance(data, list) and isinstance(step, int) and step < len(data))
        if inside:
            data = data[step]
            path.append(step)
        elif number == len(loc) - 1 and step != "[key]" and isinstance(data, dict):
            path.append(step)  # a key that is missing
    return tuple(path)


def _of_unions(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Where a key takes a word or a mapping, keep what is wrong with the one that was written."""
    words = {detail["loc"][:-1] for detail in details if detail["type"] == "literal_error"}

    def beside_the_point(detail: ErrorDetails) -> bool:
        kind, given = detail["type"], detail["input"]
        asks_for_mapping = kind == "model_type" and detail["loc"][:-1] in words
        return (kind == "literal_error" and isinstance(given, dict)) or (asks_for_mapping and isinstance(given, str))

    return [detail for detail in details if not beside_the_point(detail)]


def _written(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: float) -> str:
    return f'put it in quotes: "{_written(value)}"'


def _fault(document: YamlDocument, model: type[BaseModel], error: ErrorDetails) -> Fault:
    path = _place(document.data, tuple(error["loc"]))
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
        pattern = str(context.get("pattern"))
        fix = next((words for start, words in _SHAPES if pattern.startswith(start)), f"it must match {pattern}")
    elif kind in _PLAIN:
        code, what, fix = _PLAIN[kind]
        if kind == "string_type" and isinstance(error["input"], int | float):
            what, fix = f"{_written(error['input'])} is a number here, and this should be text", _quoted(error["input"])
    elif kind in _BOUNDS:
        code, (text, name) = "wrong-value", _BOUNDS[kind]
        what, fix = f"{error['input']!r} is not allowed here", text.format(context[name])
    elif kind == "too_short":
        code, what = "too-short", f"this list has {context['actual_length']} items"
        fix = f"give at least {context['min_length']}"
    else:
        code, what = ("wrong-value", error["msg"]) if "fix" not in context else (kind, error["msg"])
        fix = context.get("fix", "see the documentation of this key")
        path += (context["key"],) if "key" in context else ()
    return Fault(code, what, file=document.file, row=document.line(path), path=path_text(path), fix=fix)


def parse(document: YamlDocument, model: type[M]) -> M:
    """Make a model of a declared file.

    Raises
    ------
    SyntheseError
        Carries one fault for each thing that is wrong, with file, line and path; those that `read_yaml`
        collected come first.
    """
    try:
        parsed = model.model_validate(document.data)
    except ValidationError as error:
        faults = [_fault(document, model, detail) for detail in _of_unions(error.errors())]
        raise SyntheseError([*document.faults, *dict.fromkeys(faults)]) from error
    if document.faults:
        raise SyntheseError(document.faults)
    return parsed


def _readable(document: YamlDocument, key: str, model: type[M]) -> dict[int, M]:
    items = document.data.get(key) or []
    out: dict[int, M] = {}
    for index, item in enumerate(items if isinstance(items, list) else []):
        try:
            out[index] = model.model_validate(item)
        except ValidationError:
            continue  # `parse` tells this fault; the checks go on with what can be read
    return out


def _readable_one(document: YamlDocument, key: str, model: type[M]) -> M | None:
    try:
        return model.model_validate(document.data.get(key))
    except ValidationError:
        return None  # it is absent, or `parse` tells this fault


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
    document = read_yaml(path, collect=True)
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
        question_ids={
            index: str(item["id"])
            for index, item in enumerate(raw if isinstance(raw, list) else [])
            if isinstance(item, dict) and "id" in item
        },
        sections=sections if isinstance(sections := document.data.get("sections"), dict) else (),
    )

    def report(code: str, what: str, place: tuple[str | int, ...], fix: str) -> None:
        faults.append(Fault(code, what, file=path, row=document.line(place), path=path_text(place), fix=fix))

    checks.check(parts, report)
    check_universes(
        _readable(document, "universes", Universe),
        {question.id: question for question in parts.questions.values()},
        {regrouping.id: regrouping for regrouping in parts.regroupings.values()},
        {scale.code: scale for scale in parts.scales.values()},
        report,
        parts.unread,
    )
    check_standardisation(
        _readable_one(document, "standardisation", Standardisation),
        {question.id: question for question in parts.questions.values()},
        {regrouping.id: regrouping for regrouping in parts.regroupings.values()},
        {scale.code: scale for scale in parts.scales.values()},
        report,
        parts.unread,
    )
    check_headlines(
        _readable(document, "headlines", Headline),
        {question.id: question for question in parts.questions.values()},
        {regrouping.id: regrouping for regrouping in parts.regroupings.values()},
        {scale.code: scale for scale in parts.scales.values()},
        report,
        parts.unread,
    )
    rules = _readable(document, "consistency", Consistency)
    check_over_waves(parts.questions, parts.scales, report)
    scales = {scale.code: scale for scale in parts.scales.values()}
    check_consistency(rules, parts.questions, scales, report, parts.unread)
    if codebook is not None and not faults:  # a decision is judged by the verdict that it replaces
        check_decisions(codebook, report)
    if faults or codebook is None:
        raise SyntheseError(sorted(faults, key=lambda fault: fault.row or 0))
    return codebook


def json_schema(model: type[BaseModel] = Codebook) -> str:
    """Write a model's JSON Schema, which editors use to complete and check the file while it is typed."""
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
