"""Whether two waves asked the same thing.

Belongs here: the verdict per variable and pair of waves, and what a decision of the study makes of it. Does not: what
differs (`differences`), or the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from synthese.codebook.checks import nearest
from synthese.codebook.differences import (
    KINDS,
    Difference,
    VerdictKind,
    absence,
    other_rows,
    recoded,
    regrouped,
    relabelled,
    reoffered,
    rerouted,
    rescaled,
    retyped,
    reworded,
)
from synthese.codebook.harmonising import Harmony
from synthese.codebook.model import Codebook, Override, Question
from synthese.errors import SyntheseError


@dataclass(frozen=True)
class Verdict:
    """Whether and how a variable may be compared between two waves.

    Parameters
    ----------
    kind : str
        What differs, one of `KINDS`: the most serious of all that does.
    comparable : bool
        Whether an evolution may be stated.
    reason : str
        Everything that differs, in French, for the reader; empty when identical. A decision of the study comes first.
    options : tuple of str
        Codes (groups for a regrouping) that can be compared, those through which split or merged options are
        included; a code that one wave only offered is left out.
    overridden : bool
        Whether the codebook's ``comparability`` decided.
    harmony : Harmony
        For each wave, option to the code in ``options`` that it is counted as.
    """

    kind: VerdictKind
    comparable: bool
    reason: str
    options: tuple[str, ...]
    overridden: bool = False
    harmony: Harmony = field(default_factory=Harmony, compare=False, repr=False)


def comparability(codebook: Codebook, name: str, wave: str, reference: str) -> Verdict:
    """State whether ``wave`` can be compared with ``reference`` on one variable.

    Kind, decision and options are the same whichever of the two waves is the reference; only the words differ.

    Parameters
    ----------
    codebook : Codebook
        What was asked.
    name : str
        A question, a grid row or a regrouping; a row is absent from a wave that did not have it.
    wave, reference : str
        Wave ids.

    Returns
    -------
    Verdict
        Not comparable are a variable that one wave did not have; a question asked of others, answered otherwise or
        on another scale; a wording that the codebook says breaks the series, whatever other wordings allow; and a
        code reused: a wording with next to no word in common (less than one of five in the shorter one, see
        `likeness`), whatever is declared of it, or options with none in common. A decision of the codebook's
        ``comparability`` takes the place of all this where there is something to compare.

    Raises
    ------
    SyntheseError
        ``unknown-question``: no such question or regrouping.
    """
    computed = computed_verdict(codebook, name, wave, reference)
    decided = override_of(codebook, name, wave, reference)
    if decided is None or (decided.comparable and not possible(computed)):
        return computed
    reason = " ; ".join(part for part in (decided.reason, computed.reason) if part)
    return Verdict(computed.kind, decided.comparable, reason, computed.options, True, computed.harmony)


def possible(verdict: Verdict) -> bool:
    """Whether there is anything that a decision could declare comparable."""
    return verdict.kind != "absent" and (bool(verdict.options) or not verdict.harmony.by_wave)


def override_of(codebook: Codebook, name: str, wave: str, reference: str) -> Override | None:
    """Find the decision on two waves: that on the variable itself, else on its row, else on its question."""
    row = name.partition("@")[0]
    for known in dict.fromkeys((name, row, row.partition(".")[0])):
        for decided in codebook.comparability:
            if decided.question == known and set(decided.waves) == {wave, reference}:
                return decided
    return None


def computed_verdict(codebook: Codebook, name: str, wave: str, reference: str) -> Verdict:
    """State what follows from the questionnaire alone; see `comparability`."""
    question_id, _, row = name.partition("@")[0].partition(".")
    question = codebook.by_id.get(question_id)
    regroupings = {regrouping.id: regrouping for regrouping in codebook.regroupings}
    if question is None or ("@" in name and name not in regroupings):
        known = [*codebook.by_id, *regroupings]
        raise SyntheseError.of("unknown-question", f"no question {name!r} in the codebook", fix=nearest(name, known))
    absent = absence(question, row, wave, reference)
    if absent is not None:
        return Verdict(absent.kind, absent.comparable, absent.reason, ())
    harmony, found = relabelled(question, wave, reference)
    options = tuple(option.code for option in question.options if option.code in harmony.codes)
    chosen = question.typed(wave) == question.typed(reference) != "open"
    if question.options and chosen and not any(o.in_base for o in question.options if o.code in options):
        found.append(Difference("code_reused", False, "aucune réponse proposée n’est commune aux deux vagues"))
    found += reworded(question, wave, reference)
    found += retyped(question, wave, reference)
    found += _rerouted(codebook, question, wave, reference)
    found += rescaled(question, harmony, wave, reference)
    harmony, moved = recoded(question, harmony, wave, reference)
    options = tuple(code for code in options if code in harmony.codes)
    found += moved
    found += reoffered(question, harmony, wave, reference)
    found += () if row else other_rows(question, wave, reference)
    if "@" in name:
        harmony, left = regrouped(question, regroupings[name], harmony, wave, reference)
        options = tuple(group.code for group in regroupings[name].groups if group.code in harmony.codes)
        found += left if options else [Difference(one.kind, False, one.reason) for one in left]
    return _verdict(found, options, harmony if question.options else Harmony())


def _rerouted(codebook: Codebook, question: Question, wave: str, reference: str) -> list[Difference]:
    """Compare who was asked; where they are told by a question that is not comparable, they are not the same."""
    by_id = codebook.by_id
    routings = [r for here in (reference, wave) if (r := question.routed(here)) is not None]
    verdicts = {r.question: comparability(codebook, r.question, wave, reference) for r in routings}
    sources = [verdict.harmony for verdict in verdicts.values() if verdict.harmony.by_wave]
    harmony = sources[0] if sources else Harmony({wave: {}, reference: {}})
    found = list(rerouted(question, lambda routing: by_id[routing.question], harmony, wave, reference))
    if found or len(routings) < 2:
        return found
    return [
        Difference(
            "routing_changed",
            False,
            f"les personnes interrogées dépendent de la question {name}, qui n’est pas comparable ({verdict.reason})",
        )
        for name, verdict in verdicts.items()
        if not verdict.comparable and verdict.kind != "absent"
    ]


def _verdict(found: Sequence[Difference], options: tuple[str, ...], harmony: Harmony) -> Verdict:
    order = list(KINDS)
    found = sorted(found, key=lambda one: order.index(one.kind))
    kind: VerdictKind = found[0].kind if found else "identical"
    reason = " ; ".join(dict.fromkeys(one.reason for one in found))
    return Verdict(kind, all(one.comparable for one in found), reason, options, harmony=harmony)
