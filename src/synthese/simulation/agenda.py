"""What a wave asks, in the order in which it must be drawn, and whether a plan fits it.

Belongs here: units (questions, rows in place of grids), their dependencies, checks of a plan. Does not: drawing.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from synthese.codebook import Codebook, Question, nearest
from synthese.errors import Fault, SyntheseError
from synthese.simulation.plan import Plan


def units(codebook: Codebook, wave: str) -> dict[str, Question]:
    """List questions, and rows in place of grids, that a wave asks, in questionnaire order."""
    out: dict[str, Question] = {}
    for question in codebook.questions:
        if not question.asked(wave):
            continue
        if question.type == "grid":
            rows = [r for r in question.rows if r.waves is None or wave in r.waves]
            out |= {f"{question.id}.{row.code}": question for row in rows}
        else:
            out[question.id] = question
    return out


def base(name: str) -> str:
    """Question or grid row of a regrouping: ``B1`` of ``B1@regroupe``."""
    return name.split("@")[0]


def _needs(unit: str, question: Question, plan: Plan) -> set[str]:
    """Units that must be drawn before this one."""
    mine = plan.of(unit)
    names = {base(within.by) for within in mine.within}
    names |= {base(mine.by)} if mine.by else set()
    names |= {mine.among.by} if mine.among else set()
    names |= {question.routing.question} if question.routing else set()
    for effect in plan.effects:
        if effect.on.rpartition(".")[0] == unit:
            names |= set(effect.when)
    return names


def order(known: dict[str, Question], plan: Plan) -> list[str]:
    """Put units in an order in which each follows what it depends on.

    Raises
    ------
    SyntheseError
        The plan names a question that is not asked, or goes round in a circle.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for unit, question in known.items():
        needs = _needs(unit, question, plan)
        for name in sorted(needs - set(known)):
            raise SyntheseError.of(
                "plan-question", f"the plan of {unit} names {name!r}, which this wave does not ask",
                fix=nearest(name, known),
            )  # fmt: skip
        sorter.add(unit, *sorted(needs))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise SyntheseError.of(
            "plan-loop", f"the plan goes round in a circle: {' → '.join(error.args[1])}", fix="drop one effect"
        ) from error


def check(codebook: Codebook, wave: str, plan: Plan) -> None:
    """Refuse a plan that names questions or options the wave does not have, all of them at once."""
    known = units(codebook, wave)
    faults: list[Fault] = []

    def fault(what: str, place: str, fix: str) -> None:
        faults.extend(SyntheseError.of("plan-question", what, path=place, fix=fix).faults)

    def options(unit: str, codes: set[str], place: str) -> None:
        there = [option.code for option in known[unit].options if option.offered(wave)]
        for code in sorted(codes - set(there)):
            fault(f"{unit} has no option {code!r} in wave {wave!r}", place, nearest(code, there))

    for unit, mine in plan.questions.items():
        if unit not in known:
            fault(f"wave {wave!r} does not ask {unit!r}", f"questions.{unit}", nearest(unit, known))
            continue
        named = {*mine.counts, *mine.shares, *(w.option for w in mine.within)}
        named |= {code for row in mine.table.values() for code in row}
        options(unit, named, f"questions.{unit}")
    for index, effect in enumerate(plan.effects):
        unit, _, code = effect.on.rpartition(".")
        for name, codes in ((unit, {code}), *((n, set(c)) for n, c in effect.when.items())):
            if name in known:
                options(name, codes, f"effects[{index}]")
            else:
                fault(f"wave {wave!r} does not ask {name!r}", f"effects[{index}]", nearest(name, known))
    if faults:
        raise SyntheseError(faults)
