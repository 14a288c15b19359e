"""Checks of the rules between answers: what they name must be there.

Belongs here: the `consistency` part of a codebook against its questions. Does not: applying the rules to
answers (`synthese.cleaning`), every other check (`checks`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from synthese.codebook.checks import Path, Report, nearest, options_of
from synthese.codebook.model import Consistency, Question, Scale


def check_consistency(
    rules: Mapping[int, Consistency],
    questions: Mapping[int, Question],
    scales: Mapping[str, Scale],
    report: Report,
    unread: Collection[str] = (),
) -> None:
    """Report every rule that names a question, grid row or option that is not there, or one of the wrong type.

    Parameters
    ----------
    rules, questions : mapping of int
        By their place in the file.
    scales : mapping of str to Scale
        By code.
    report : callable
        As in `synthese.codebook.checks.check`.
    unread : collection of str
        Ids of questions that could not be read: what names them is not judged until they can.
    """
    by_id = {question.id: question for question in questions.values()}
    targets = {f"{q.id}.{row.code}": q for q in by_id.values() if q.type == "grid" for row in q.rows}
    targets |= {q.id: q for q in by_id.values() if q.type != "grid"}
    seen: set[str] = set()
    for index, rule in rules.items():
        here: Path = ("consistency", index)
        if rule.id in seen:
            report("duplicate-id", f"another rule is called {rule.id!r}", (*here, "id"), "give it a name of its own")
        seen.add(rule.id)
        for part, conditions in (("when", rule.when), ("then", rule.then)):
            for name, wanted in conditions.items():
                place = (*here, part, name)
                question = targets.get(name)
                if question is None and name.split(".")[0] in unread:
                    continue
                if question is None:
                    report("unknown-variable", f"no question or grid row {name!r}", place, nearest(name, targets))
                elif not isinstance(wanted, str):
                    codes = [option.code for option in options_of(question, scales)]
                    for code in wanted:
                        if code not in codes:
                            report("unknown-option", f"{name} has no option {code!r}", place, nearest(code, codes))
        for place_, name in enumerate(rule.at_most or ()):
            question = targets.get(name)
            if question is None and name.split(".")[0] in unread:
                continue
            if question is None or question.type != "numeric":
                numeric = [key for key, q in targets.items() if q.type == "numeric"]
                fix = nearest(name, numeric)
                report("not-numeric", f"{name!r} is no numeric question", (*here, "at_most", place_), fix)
