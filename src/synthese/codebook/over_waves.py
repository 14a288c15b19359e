"""Checks of what a codebook says of single waves: wordings, types, orders, splits, decisions on what is comparable.

Belongs here: faults of these declarations, and what is only worth a remark. Does not: what follows for a comparison
(`comparability`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthese.codebook.checks import Path, Report, nearest, options_of
from synthese.codebook.comparability import computed_verdict, possible
from synthese.codebook.model import Codebook, Option, Question, Scale
from synthese.errors import Fault

_CHOICES = ("single", "multiple", "ordinal")


def check_over_waves(questions: Mapping[int, Question], scales: Mapping[int, Scale], report: Report) -> None:
    """Report every fault in what questions and scales declare of single waves.

    Parameters
    ----------
    questions, scales : mapping of int
        What could be read, by place in the file.
    report : callable
        Called as ``report(code, what, path, fix)`` for each fault.
    """
    for index, scale in scales.items():
        _check_options(scale.options, ("scales", index), f"scale {scale.code}", report)
    by_code = {scale.code: scale for scale in scales.values()}
    for index, question in questions.items():
        path: Path = ("questions", index)
        _check_options(question.options, path, question.id, report)
        _once([put.wave for put in question.rewordings], (*path, "rewordings"), "the wording of wave", report)
        _once([put.wave for put in question.routing_in], (*path, "routing_in"), "the routing of wave", report)
        _once([put.wave for put in question.type_in], (*path, "type_in"), "the type of wave", report)
        _once([put.wave for put in question.order_in], (*path, "order_in"), "the order of wave", report)
        if question.type_in and question.type not in _CHOICES:
            what = f"{question.id} is {question.type}: no wave can have let answer otherwise under the same columns"
            report("needless-type", what, (*path, "type_in"), "give that wave's question an id of its own")
        if question.order_in and question.type not in ("ordinal", "grid"):
            what = f"{question.id} is {question.type}: its options have no order"
            report("needless-order", what, (*path, "order_in"), "remove it")
            continue
        options = options_of(question, by_code)
        for number, order in enumerate(question.order_in):
            offered = [option.code for option in options if option.in_base and option.offered(order.wave)]
            listed = [code for code in order.options if code in offered]
            if sorted(listed) != sorted(offered) or len(set(order.options)) < len(order.options):
                what = f"this is not every step that wave {order.wave!r} offered, each once"
                report(
                    "wrong-order", what, (*path, "order_in", number, "options"), f"put in order: {', '.join(offered)}"
                )


def _once(waves: Sequence[str], path: Path, what: str, report: Report) -> None:
    for number, wave in enumerate(waves):
        if wave in waves[:number]:
            report("duplicate", f"{what} {wave!r} is given twice", (*path, number, "wave"), "keep one")


def _check_options(options: Sequence[Option], path: Path, name: str, report: Report) -> None:
    """Check the texts of options by wave, and that parts lead up to an option with the same base, in no circle."""
    by_code = {option.code: option for option in options}
    for number, option in enumerate(options):
        place = (*path, "options", number)
        _once([r.wave for r in option.rewordings], (*place, "rewordings"), "the text of wave", report)
        if option.split_of is None:
            continue
        whole = by_code.get(option.split_of)
        if whole is None:
            what = f"split_of names no option {option.split_of!r} of {name}"
            report("unknown-option", what, (*place, "split_of"), nearest(option.split_of, by_code))
            continue
        if whole.in_base != option.in_base:
            what = f"{option.code!r} is a part of {whole.code!r}, and only one of them is in the base"
            report("mixed-base", what, (*place, "split_of"), "give both the same `in_base`")
        chain = [option.code]
        while (above := by_code[chain[-1]].split_of) in by_code and above is not None and above not in chain:
            chain.append(above)
        if above == option.code and chain[0] == min(chain):
            what = f"options are parts of one another in a circle: {' → '.join([*chain, option.code])}"
            report("split-loop", what, (*place, "split_of"), "name the wider option only")


def check_decisions(codebook: Codebook, report: Report) -> None:
    """Report every fault of the decisions on what may be compared, in a codebook that is otherwise right."""
    known = _variables(codebook)
    seen: set[tuple[str, frozenset[str]]] = set()
    for index, decided in enumerate(codebook.comparability):
        path: Path = ("comparability", index)
        key = (decided.question, frozenset(decided.waves))
        if decided.question not in known:
            what = f"no question or regrouping {decided.question!r}"
            report("unknown-variable", what, (*path, "question"), nearest(decided.question, known))
            continue
        if len(key[1]) < 2:
            report("one-wave", "a comparison takes two waves", (*path, "waves"), "name two different waves")
            continue
        if key in seen:
            what = f"{decided.question} between {' and '.join(sorted(key[1]))} is decided twice"
            report("duplicate", what, (*path, "waves"), "keep one")
        seen.add(key)
        verdict = computed_verdict(codebook, decided.question, decided.waves[1], decided.waves[0])
        if decided.comparable and not possible(verdict):
            what = f"{decided.question} has nothing to compare between these waves: {verdict.reason}"
            report(
                "nothing-to-compare", what, (*path, "comparable"), "remove this decision, or declare what they share"
            )


def remarks(codebook: Codebook, file: str) -> tuple[Fault, ...]:
    """List the decisions that change nothing, as the computed verdict says the same; ``file`` names the codebook."""
    found = []
    for index, decided in enumerate(codebook.comparability):
        verdict = computed_verdict(codebook, decided.question, decided.waves[1], decided.waves[0])
        if verdict.comparable == decided.comparable:
            said = "comparable" if verdict.comparable else "not comparable"
            what = f"{decided.question} is {said} without this decision ({verdict.kind})"
            place = f"comparability[{index}]"
            found.append(
                Fault(
                    "needless-decision", what, file=file, path=place, fix="remove it, unless its reason is to be read"
                )
            )
    return tuple(found)


def _variables(codebook: Codebook) -> list[str]:
    rows = [f"{q.id}.{row.code}" for q in codebook.questions if q.type == "grid" for row in q.rows]
    return [*(q.id for q in codebook.questions), *rows, *(r.id for r in codebook.regroupings)]
