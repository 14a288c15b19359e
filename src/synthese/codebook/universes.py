"""Checks of universes: what they filter by, and what they describe.

Belongs here: references from a universe to questions and options. Does not: who is in one (`synthese.analysis`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from synthese.codebook.checks import nearest, options_of
from synthese.codebook.model import Question, Regrouping, Scale, Universe

Report = Callable[[str, str, tuple[str | int, ...], str], None]


def check_universes(
    universes: Mapping[int, Universe],
    questions: Mapping[str, Question],
    regroupings: Mapping[str, Regrouping],
    scales: Mapping[str, Scale],
    report: Report,
    unread: Collection[str] = (),
) -> None:
    """Report every fault of the universes.

    Parameters
    ----------
    universes : mapping of int to Universe
        By place in the file.
    questions, regroupings, scales : mapping
        What could be read, by id.
    report : callable
        Called as ``report(code, what, path, fix)`` for each fault.
    unread : collection of str
        Ids of questions that could not be read: what names them is not judged until they can.
    """
    seen: set[str] = set()
    described = [name for question in questions.values() for name in _names(question) if _may_be_shown(question)]
    described += [name for name in regroupings if _may_be_shown(questions.get(name.split("@")[0].split(".")[0]))]
    for index, universe in universes.items():
        if universe.id in seen:
            report("duplicate", f"universe {universe.id!r} is given twice", ("universes", index, "id"), "rename one")
        seen.add(universe.id)
        for number, condition in enumerate(universe.all_of):
            place = ("universes", index, "all_of", number)
            if condition.question.split(".")[0] in unread:
                continue
            question = questions.get(condition.question.split(".")[0])
            if question is None or condition.question not in _names(question):
                known = [name for one in questions.values() for name in _names(one)]
                what = f"no question {condition.question!r} to filter by"
                report("unknown-question", what, (*place, "question"), nearest(condition.question, known))
                continue
            if question.personal or question.type not in ("single", "ordinal", "multiple", "grid"):
                fix = "filter by a single, ordinal or multiple question that identifies nobody"
                what = f"{condition.question} cannot filter: it is {'personal' if question.personal else question.type}"
                report("not-a-filter", what, (*place, "question"), fix)
                continue
            codes = [option.code for option in options_of(question, scales)]
            for rank, code in enumerate(condition.any_of):
                if code not in codes:
                    what = f"{condition.question} has no option {code!r}"
                    report("unknown-option", what, (*place, "any_of", rank), nearest(code, codes))
        for number, name in enumerate(universe.questions):
            if name not in described and name.split("@")[0].split(".")[0] not in unread:
                place = ("universes", index, "questions", number)
                report("unknown-variable", f"{name!r} cannot be described", place, nearest(name, described))


def _names(question: Question) -> list[str]:
    if question.type == "grid":
        return [f"{question.id}.{row.code}" for row in question.rows]
    return [question.id]


def _may_be_shown(question: Question | None) -> bool:
    return question is not None and not question.personal and question.type != "open"
