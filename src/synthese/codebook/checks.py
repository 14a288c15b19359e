"""Checks of a codebook that need two of its parts at once.

Belongs here: references, uniqueness, routing, coverage; every fault is collected. Does not: the shape of
a single part, which its model states.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from synthese.codebook.harmonising import groups_of
from synthese.codebook.model import Group, Option, PlannedCross, Question, Regrouping, Row, Scale

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
    question_ids: Mapping[int, str]
    """Ids of all questions in the file, those that could not be read included."""
    sections: Collection[str] = ()

    @property
    def unread(self) -> frozenset[str]:
        """Ids of the questions that could not be read: what names them is not judged until they can."""
        return frozenset(self.question_ids.values()) - {question.id for question in self.questions.values()}


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or list the known ones."""
    known = list(known)
    # By single letters first: a part of a word scores too well by the second.
    for scorer in (fuzz.ratio, fuzz.WRatio):
        match = process.extractOne(word, known, scorer=scorer, processor=str.casefold, score_cutoff=60)
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
        _unique(_codes(scale.options), ("scales", index, "options"), "code", "option code", report)
    _unique({index: scale.code for index, scale in parts.scales.items()}, ("scales",), "code", "scale code", report)
    _unique(parts.question_ids, ("questions",), "id", "question id", report)
    scales = {scale.code: scale for scale in parts.scales.values()}
    by_id = {question.id: question for question in parts.questions.values()}
    for index, question in parts.questions.items():
        _check_question(question, ("questions", index), scales, report)
        if parts.sections and question.section not in parts.sections:
            place, fix = ("questions", index, "section"), nearest(question.section, parts.sections)
            report("unknown-section", f"no section {question.section!r}", place, fix)
        _check_routing(question, ("questions", index), by_id, parts, scales, report)
    _check_loops(parts.questions, report)
    regroupings: dict[str, Regrouping] = {}
    for index, regrouping in parts.regroupings.items():
        _check_regrouping(regrouping, ("regroupings", index), by_id, parts, scales, report)
        regroupings[regrouping.id] = regrouping
    _unique({i: r.id for i, r in parts.regroupings.items()}, ("regroupings",), "id", "regrouping id", report)
    _unique({i: c.id for i, c in parts.crosses.items()}, ("planned_crosses",), "id", "cross id", report)
    known = _variable_ids(by_id, regroupings)
    for index, cross in parts.crosses.items():
        steps = [("question", cross.question), ("by", cross.by)]
        places: list[tuple[Path, str]] = [(("planned_crosses", index, name), value) for name, value in steps]
        for number, step in enumerate(cross.ladder):
            here = ("planned_crosses", index, "ladder", number)
            places += [((*here, "question"), step.question), ((*here, "by"), step.by)]
        for path, value in places:
            source = by_id.get(_question_of(value))
            if value not in known and _question_of(value) not in parts.unread:
                report("unknown-variable", f"no question or regrouping {value!r}", path, nearest(value, known))
            elif source is not None and (source.type not in _WITH_OPTIONS or source.personal):
                why = "identifies people" if source.personal else f"is {source.type}"
                fix = "cross single, ordinal or multiple questions that identify nobody"
                report("not-crossable", f"{source.id} {why}: it cannot be crossed", path, fix)


def _question_of(name: str) -> str:
    return name.split("@")[0].split(".")[0]


def _variable_ids(by_id: Mapping[str, Question], regroupings: Mapping[str, Regrouping]) -> list[str]:
    ids = []
    for question in by_id.values():
        if question.type == "grid":
            ids += [f"{question.id}.{row.code}" for row in question.rows]
        else:
            ids.append(question.id)
    return ids + list(regroupings)


def _unique(values: Mapping[int, str], path: Path, name: str, what: str, report: Report) -> None:
    """Report each value that an earlier place has already; ``path[index].name`` is where it stands."""
    seen: set[str] = set()
    for index, value in values.items():
        if value in seen:
            place = (*path, index, name) if name else (*path, index)
            report("duplicate", f"{what} {value!r} is given twice", place, "give each its own")
        seen.add(value)


def _codes(items: Iterable[Option | Row | Group]) -> dict[int, str]:
    return {index: item.code for index, item in enumerate(items)}


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
    themes = kind == "open" and all(option.coded for option in question.options)
    if kind not in _WITH_OPTIONS and (question.scale or (question.options and not themes)):
        report("needless-options", f"a {kind} question has no options", (*path, "options"), "remove them")
    if kind in _WITH_ROWS and not question.rows:
        report("no-rows", f"a {kind} question needs rows", path, "add `rows`")
    if kind not in _WITH_ROWS and question.rows:
        report("needless-rows", f"a {kind} question has no rows", (*path, "rows"), "remove them")
    if question.maximum is not None and kind not in ("multiple", "ranking"):
        report("needless-maximum", f"a {kind} question takes no maximum", (*path, "maximum"), "remove it")
    if question.unticked != "no_answer" and kind != "multiple":
        report("needless-unticked", f"a {kind} question has nothing to tick", (*path, "unticked"), "remove it")
    bounds = (question.minimum_value, question.maximum_value)
    if kind != "numeric" and (question.nps or question.integer or question.unit or bounds != (None, None)):
        report(
            "not-numeric",
            f"`nps`, `integer`, `unit` and bounds are for numeric questions, this is {kind}",
            path,
            "set `type: numeric` or remove them",
        )
    low, high = question.minimum_value, question.maximum_value
    if low is not None and high is not None and low > high:
        report("empty-range", f"minimum_value {low:g} is above maximum_value {high:g}", path, "swap the two")
    _unique(_codes(question.options), (*path, "options"), "code", "option code", report)
    _unique(_codes(question.rows), (*path, "rows"), "code", "row code", report)
    if sum(option.other for option in options) > 1:
        report("two-others", "two options are marked `other`", (*path, "options"), "keep one")


def _check_routing(
    question: Question,
    path: Path,
    by_id: Mapping[str, Question],
    parts: Parts,
    scales: Mapping[str, Scale],
    report: Report,
) -> None:
    routings = [((*path, "routing"), question.routing)]
    routings += [((*path, "routing_in", n, "routing"), put.routing) for n, put in enumerate(question.routing_in)]
    for here, routing in routings:
        if routing is None:
            continue
        if routing.question not in by_id:
            if routing.question not in parts.question_ids.values():
                what = f"routing names no question {routing.question!r}"
                report(
                    "unknown-question",
                    what,
                    (*here, "question"),
                    nearest(routing.question, parts.question_ids.values()),
                )
            continue
        source = by_id[routing.question]
        if source.type not in ("single", "ordinal", "multiple"):
            what = f"routing on {source.id}, which is {source.type}"
            report("routing-type", what, (*here, "question"), "route on a single, ordinal or multiple question")
            continue
        codes = [option.code for option in options_of(source, scales)]
        for number, code in enumerate(routing.any_of):
            if code not in codes:
                what = f"{source.id} has no option {code!r}"
                report("unknown-option", what, (*here, "any_of", number), nearest(code, codes))


def _check_loops(questions: Mapping[int, Question], report: Report) -> None:
    """Report circles and questions that depend on a later one, in any wave; each once."""
    place = {question.id: index for index, question in questions.items()}
    order = list(place)
    told: set[tuple[str, str]] = set()
    for wave in ("", *dict.fromkeys(put.wave for q in questions.values() for put in q.routing_in)):
        next_of = {q.id: routing.question for q in questions.values() if (routing := q.routed(wave))}
        circular: set[str] = set()
        for start in next_of:
            chain = [start]
            while (following := next_of.get(chain[-1])) is not None and following not in chain:
                chain.append(following)
            if following is None or following in circular or following != start:
                continue
            circular.update(chain)
            links = {(one, next_of[one]) for one in chain}
            if not links <= told:
                what = f"routing goes in a circle: {' → '.join([*chain, start])}"
                where = ("questions", place[start], "routing")
                report("routing-loop", what, where, "a question can only depend on an earlier one")
            told |= links
        for source, target in next_of.items():
            if source in circular or (source, target) in told:
                continue
            if target in order and order.index(target) > order.index(source):
                told.add((source, target))
                what = f"{source} depends on {target}, which is asked later"
                where = ("questions", place[source], "routing")
                report("routing-order", what, where, "move it after, or route on an earlier one")


def _check_regrouping(
    regrouping: Regrouping,
    path: Path,
    by_id: Mapping[str, Question],
    parts: Parts,
    scales: Mapping[str, Scale],
    report: Report,
) -> None:
    name, _, label = regrouping.id.partition("@")
    source = by_id.get(_question_of(name))
    if not label:
        report(
            "regrouping-id",
            f"{regrouping.id!r} has no name after an @",
            (*path, "id"),
            f"such as {name}@regroupe",
        )
    if source is None:
        ids = parts.question_ids.values()
        if _question_of(name) not in ids:
            report("unknown-question", f"no question {name!r} to regroup", (*path, "id"), nearest(name, ids))
        return
    if source.type not in _WITH_OPTIONS:
        report("regrouping-type", f"{source.id} is {source.type}: it has no options to group", path, "remove it")
        return
    known = [f"{source.id}.{row.code}" for row in source.rows] if source.type == "grid" else [source.id]
    if name not in known:
        report("unknown-row", f"{name!r} is not what can be regrouped", (*path, "id"), nearest(name, known))
    options = options_of(source, scales)
    codes = [option.code for option in options]
    used: dict[str, int] = {}
    for number, group in enumerate(regrouping.groups):
        for place, code in enumerate(group.of):
            here = (*path, "groups", number, "of", place)
            if code not in codes:
                report("unknown-option", f"{source.id} has no option {code!r}", here, nearest(code, codes))
            elif code in used:
                first = regrouping.groups[used[code]].code
                report("duplicate", f"option {code!r} is in {first!r} already", here, "keep it in one group")
            used.setdefault(code, number)
        if len({option.in_base for option in options if option.code in group.of}) > 1:
            report(
                "mixed-base",
                f"group {group.code!r} joins options in the base with options that `in_base: false` leaves out",
                (*path, "groups", number),
                "give those outside the base a group of their own",
            )
    _unique(_codes(regrouping.groups), (*path, "groups"), "code", "group code", report)
    whole = source.model_copy(update={"options": options})
    left = [code for code in codes if code not in groups_of(whole, regrouping)]
    if left:
        report(
            "uncovered-option",
            f"options in no group: {', '.join(left)}",
            (*path, "groups"),
            "put each in one group, so that totals stay true",
        )
