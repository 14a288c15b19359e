"""Checks of a codebook that need two of its parts at once.

Belongs here: references, uniqueness, routing, coverage; every fault is collected. Does not: the shape of
a single part, which its model states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from synthese.codebook.model import Option, PlannedCross, Question, Regrouping, Scale

Path = tuple[str | int, ...]
Report = Callable[[str, str, Path, str], None]

_WITH_OPTIONS = ("single", "multiple", "ordinal", "grid")
_WITH_ROWS = ("grid", "ranking")


@dataclass(frozen=True)
class Parts:
    """The parts of a codebook that could be read, each with its place in the file."""

    scales: Mapping[int, Scale]
    questions: Mapping[int, Question]
    regroupings: Mapping[int, Regrouping]
    crosses: Mapping[int, PlannedCross]
    question_ids: Sequence[str]
    """Ids of all questions in the file, those that could not be read included."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or list the known ones."""
    known = list(known)
    match = process.extractOne(word, known, score_cutoff=60) if known else None
    if match:
        return f"did you mean {match[0]!r}?"
    return f"known: {', '.join(known[:12])}{'…' if len(known) > 12 else ''}" if known else "none is declared"


def check(parts: Parts, report: Report) -> None:
    """Report every fault between parts.

    Parameters
    ----------
    parts : Parts
        What could be read.
    report : callable
        Called as ``report(code, what, path, fix)`` for each fault.
    """
    for index, scale in parts.scales.items():
        _unique((o.code for o in scale.options), ("scales", index, "options"), "option code", report)
    _unique(parts.question_ids, ("questions",), "question id", report)
    scales = {scale.code: scale for scale in parts.scales.values()}
    by_id = {question.id: question for question in parts.questions.values()}
    for index, question in parts.questions.items():
        _check_question(question, ("questions", index), scales, report)
        _check_routing(question, ("questions", index), by_id, parts, scales, report)
    _check_loops(parts.questions, report)
    regroupings: dict[str, Regrouping] = {}
    for index, regrouping in parts.regroupings.items():
        _check_regrouping(regrouping, ("regroupings", index), by_id, parts, scales, report)
        regroupings[regrouping.id] = regrouping
    _unique((r.id for r in parts.regroupings.values()), ("regroupings",), "regrouping id", report)
    _unique((c.id for c in parts.crosses.values()), ("planned_crosses",), "cross id", report)
    known = _variable_ids(by_id, regroupings)
    for index, cross in parts.crosses.items():
        steps = [("question", cross.question), ("by", cross.by)]
        places: list[tuple[Path, str]] = [(("planned_crosses", index, name), value) for name, value in steps]
        for number, step in enumerate(cross.ladder):
            here = ("planned_crosses", index, "ladder", number)
            places += [((*here, "question"), step.question), ((*here, "by"), step.by)]
        for path, value in places:
            if value not in known and value.split("@")[0].split(".")[0] not in set(parts.question_ids) - set(by_id):
                report("unknown-variable", f"no question or regrouping {value!r}", path, nearest(value, known))


def _variable_ids(by_id: Mapping[str, Question], regroupings: Mapping[str, Regrouping]) -> list[str]:
    ids = []
    for question in by_id.values():
        if question.type in _WITH_ROWS and question.type == "grid":
            ids += [f"{question.id}.{row.code}" for row in question.rows]
        else:
            ids.append(question.id)
    return ids + list(regroupings)


def _unique(values: Iterable[str], path: Path, what: str, report: Report) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            report("duplicate", f"{what} {value!r} is given {count} times", path, "give each its own")


def options_of(question: Question, scales: Mapping[str, Scale]) -> tuple[Option, ...]:
    """Options of a question, its scale's where it names one."""
    if question.options or question.scale is None or question.scale not in scales:
        return question.options
    return scales[question.scale].options


def _check_question(question: Question, path: Path, scales: Mapping[str, Scale], report: Report) -> None:
    kind = question.type
    options = options_of(question, scales)
    if question.scale is not None and question.scale not in scales:
        report("unknown-scale", f"no scale {question.scale!r}", (*path, "scale"), nearest(question.scale, scales))
    elif question.scale is not None and question.options and question.options != scales[question.scale].options:
        report("scale-and-options", "a scale and options are both given", path, "keep one of the two")
    elif kind in _WITH_OPTIONS and len(options) < 2:
        report("no-options", f"a {kind} question needs at least two options", path, "add `options` or a `scale`")
    if kind not in _WITH_OPTIONS and (question.options or question.scale):
        report("needless-options", f"a {kind} question has no options", (*path, "options"), "remove them")
    if kind in _WITH_ROWS and not question.rows:
        report("no-rows", f"a {kind} question needs rows", path, "add `rows`")
    if kind not in _WITH_ROWS and question.rows:
        report("needless-rows", f"a {kind} question has no rows", (*path, "rows"), "remove them")
    if question.maximum is not None and kind not in ("multiple", "ranking"):
        report("needless-maximum", f"a {kind} question takes no maximum", (*path, "maximum"), "remove it")
    if kind != "numeric" and (question.nps or question.integer or question.unit or question.minimum_value is not None):
        report(
            "not-numeric",
            f"`nps`, `integer`, `unit` and bounds are for numeric questions, this is {kind}",
            path,
            "set `type: numeric` or remove them",
        )
    low, high = question.minimum_value, question.maximum_value
    if low is not None and high is not None and low > high:
        report("empty-range", f"minimum_value {low:g} is above maximum_value {high:g}", path, "swap the two")
    _unique((o.code for o in question.options), (*path, "options"), "option code", report)
    _unique((r.code for r in question.rows), (*path, "rows"), "row code", report)
    if sum(option.other for option in options) > 1:
        report("two-others", "two options are marked `other`", (*path, "options"), "keep one")
    codes = [option.code for option in options]
    for number, option in enumerate(question.options):
        if option.split_of is not None and option.split_of not in codes:
            report(
                "unknown-option",
                f"split_of names no option {option.split_of!r} of {question.id}",
                (*path, "options", number, "split_of"),
                nearest(option.split_of, codes),
            )


def _check_routing(
    question: Question,
    path: Path,
    by_id: Mapping[str, Question],
    parts: Parts,
    scales: Mapping[str, Scale],
    report: Report,
) -> None:
    routing = question.routing
    if routing is None:
        return
    if routing.question not in by_id:
        if routing.question not in parts.question_ids:
            report(
                "unknown-question",
                f"routing names no question {routing.question!r}",
                (*path, "routing"),
                nearest(routing.question, parts.question_ids),
            )
        return
    source = by_id[routing.question]
    if source.type not in ("single", "ordinal", "multiple"):
        report(
            "routing-type",
            f"routing on {source.id}, which is {source.type}",
            (*path, "routing", "question"),
            "route on a single, ordinal or multiple question",
        )
        return
    codes = [option.code for option in options_of(source, scales)]
    for number, code in enumerate(routing.any_of):
        if code not in codes:
            report(
                "unknown-option",
                f"{source.id} has no option {code!r}",
                (*path, "routing", "any_of", number),
                nearest(code, codes),
            )


def _check_loops(questions: Mapping[int, Question], report: Report) -> None:
    next_of = {q.id: q.routing.question for q in questions.values() if q.routing}
    place = {question.id: index for index, question in questions.items()}
    told: set[str] = set()
    for start in next_of:
        chain = [start]
        while (following := next_of.get(chain[-1])) is not None and following not in chain:
            chain.append(following)
        if following is None or following in told or following != start:
            continue
        told.update(chain)
        report(
            "routing-loop",
            f"routing goes in a circle: {' → '.join([*chain, start])}",
            ("questions", place[start], "routing"),
            "a question can only depend on an earlier one",
        )
    order = list(place)
    for source, target in next_of.items():
        if target in order and source not in told and order.index(target) > order.index(source):
            report(
                "routing-order",
                f"{source} depends on {target}, which is asked later",
                ("questions", place[source], "routing"),
                "move it after, or route on an earlier one",
            )


def _check_regrouping(
    regrouping: Regrouping,
    path: Path,
    by_id: Mapping[str, Question],
    parts: Parts,
    scales: Mapping[str, Scale],
    report: Report,
) -> None:
    name, _, label = regrouping.id.partition("@")
    source = by_id.get(name.split(".")[0])
    if not label:
        report(
            "regrouping-id",
            f"{regrouping.id!r} has no name after an @",
            (*path, "id"),
            f"such as {name}@regroupe",
        )
    if source is None:
        if name not in parts.question_ids:
            report(
                "unknown-question", f"no question {name!r} to regroup", (*path, "id"), nearest(name, parts.question_ids)
            )
        return
    if source.type not in _WITH_OPTIONS:
        report("regrouping-type", f"{source.id} is {source.type}: it has no options to group", path, "remove it")
        return
    codes = [option.code for option in options_of(source, scales)]
    used = [code for group in regrouping.groups for code in group.of]
    for number, group in enumerate(regrouping.groups):
        for code in group.of:
            if code not in codes:
                report(
                    "unknown-option",
                    f"{source.id} has no option {code!r}",
                    (*path, "groups", number, "of"),
                    nearest(code, codes),
                )
    _unique(used, (*path, "groups"), "option", report)
    _unique((g.code for g in regrouping.groups), (*path, "groups"), "group code", report)
    left = [code for code in codes if code not in used]
    if left:
        report(
            "uncovered-option",
            f"options in no group: {', '.join(left)}",
            (*path, "groups"),
            "put each in one group, so that totals stay true",
        )
