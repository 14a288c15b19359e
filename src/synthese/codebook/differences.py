"""What differs between a question as two waves put it.

Belongs here: wording, type, routing, scale, options, rows and groups, each told in French. Does not: the verdict that
follows (`comparability`), or through which option another is compared (`harmonising`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from synthese.codebook.harmonising import Codes, Harmony, groups_of, harmonise
from synthese.codebook.likeness import NOTHING_IN_COMMON, likeness
from synthese.codebook.model import Option, Question, Regrouping, Rewording, Routing

VerdictKind = Literal[
    "absent",
    "code_reused",
    "type_changed",
    "routing_changed",
    "scale_changed",
    "reworded",
    "options_changed",
    "identical",
]
KINDS: dict[VerdictKind, str] = {
    "absent": "absente d’une vague",
    "code_reused": "code réemployé pour une autre question",
    "type_changed": "façon de répondre changée",
    "routing_changed": "personnes interrogées différentes",
    "scale_changed": "échelle changée",
    "reworded": "reformulée",
    "options_changed": "réponses proposées changées",
    "identical": "identique",
}
"""What may differ, in plain French words, the most serious first."""

_TYPES = {
    "single": "une seule réponse",
    "multiple": "plusieurs réponses",
    "ordinal": "un degré d’une échelle",
    "grid": "une grille",
    "ranking": "un classement",
    "numeric": "un nombre",
    "open": "une réponse libre",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two waves.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    comparable : bool
        Whether an evolution may be stated all the same.
    reason : str
        What differs, in French.
    """

    kind: VerdictKind
    comparable: bool
    reason: str


def absence(question: Question, row: str, wave: str, reference: str) -> Difference | None:
    """Say which wave did not have a question, or a row of it; None where both did."""
    pair = (reference, wave)
    lines = [r for r in question.rows if r.code == row]
    unasked = [here for here in pair if not question.asked(here)]
    missing = unasked or [here for here in pair if not all(r.offered(here) for r in lines)]
    if not missing:
        return None
    what = "question" if unasked else "ligne"
    where = f"de la vague {missing[0]}" if len(missing) == 1 else f"des vagues {reference} et {wave}"
    return Difference("absent", False, f"{what} absente {where}")


def reworded(question: Question, wave: str, reference: str) -> Iterator[Difference]:
    """Compare the wordings: another wording as the codebook judges it, or another question under the same code."""
    mine, theirs = question.wording(wave), question.wording(reference)
    said = [r for r in question.rewordings if r.wave in (wave, reference)]
    if not said or mine == theirs:
        return
    first = min(said, key=lambda rewording: rewording.comparable)
    if likeness(mine, theirs) < NOTHING_IN_COMMON:
        why = f"les libellés n’ont presque aucun mot en commun : « {theirs} » en {reference}, « {mine} » en {wave}"
        yield Difference("code_reused", False, f"{first.reason} ; {why}")
    else:
        yield Difference("reworded", first.comparable, first.reason)


def retyped(question: Question, wave: str, reference: str) -> Iterator[Difference]:
    """Compare how the waves let answer."""
    if question.typed(wave) != question.typed(reference):
        then, now = (f"{_TYPES[question.typed(here)]} en {here}" for here in (reference, wave))
        yield Difference("type_changed", False, f"façon de répondre différente : {then}, {now}")


def rerouted(
    question: Question, source_of: Callable[[Routing], Question], harmony: Harmony, wave: str, reference: str
) -> Iterator[Difference]:
    """Compare who was asked: everyone, or those who gave some answers to another question.

    Parameters
    ----------
    question : Question
        The question.
    source_of : callable
        The question that a routing looks at.
    harmony : Harmony
        Of the options of that question.
    wave, reference : str
        Wave ids.
    """
    pair = (reference, wave)
    then, now = (_asked(question, source_of, here) for here in pair)
    if then == now and then is None:
        return
    if then is None or now is None or then.question != now.question:
        champs = [f"en {here}, {r.champ if r else 'tout le monde'}" for here, r in zip(pair, (then, now), strict=True)]
        yield Difference("routing_changed", False, f"la question ne s’adressait pas aux mêmes : {' ; '.join(champs)}")
        return
    source = source_of(then)
    if _ways(then, source, harmony, reference) == _ways(now, source, harmony, wave):
        return
    ways = [f"en {here}, {labels(offered(source, here, r.any_of))}" for here, r in zip(pair, (then, now), strict=True)]
    what = f"la question ne s’adressait pas aux mêmes (réponses à {source.id}) : {' ; '.join(ways)}"
    yield Difference("routing_changed", False, what)


def _asked(question: Question, source_of: Callable[[Routing], Question], wave: str) -> Routing | None:
    """Routing of a wave; a wave that did not ask the question it looks at asked everyone."""
    routing = question.routed(wave)
    return routing if routing is not None and source_of(routing).asked(wave) else None


def _ways(routing: Routing, source: Question, harmony: Harmony, wave: str) -> set[tuple[str, bool]]:
    """Answers that lead to a question, as both waves can tell them; an option of which only parts do is none."""
    ways = set()
    for option in offered(source, wave, routing.any_of):
        counted = harmony.by_wave[wave].get(option.code, option.code)
        whole = set(harmony.members(wave, counted)) <= set(routing.any_of)
        ways.add((counted if whole else option.code, whole))
    return ways


def rescaled(question: Question, harmony: Harmony, wave: str, reference: str) -> Iterator[Difference]:
    """Compare number and order of the steps that count, after parts are brought back to their option."""
    if question.type not in ("ordinal", "grid") or question.typed(wave) != question.typed(reference):
        return
    pair = (reference, wave)
    then, now = (_steps(question, here) for here in pair)
    if any(code not in harmony.by_wave[here] for here, steps in zip(pair, (then, now), strict=True) for code in steps):
        what = "les degrés de l’échelle ne sont pas les mêmes"
        if len(then) != len(now):
            what = f"échelle de {len(then)} degrés en {reference}, de {len(now)} en {wave}"
        yield Difference("scale_changed", False, what)
        return
    through = [
        list(dict.fromkeys(harmony.by_wave[here][code] for code in steps))
        for here, steps in zip(pair, (then, now), strict=True)
    ]
    if through[0] != through[1]:
        orders = []
        for here, steps in zip(pair, (then, now), strict=True):
            by_code = {option.code: option for option in offered(question, here)}
            orders.append(f"en {here}, {labels([by_code[code] for code in steps])}")
        yield Difference("scale_changed", False, f"ordre de l’échelle différent : {' ; '.join(orders)}")


def _steps(question: Question, wave: str) -> list[str]:
    inside = [option.code for option in question.options if option.in_base and option.offered(wave)]
    declared = next((order.options for order in question.order_in if order.wave == wave), None)
    return inside if declared is None else [code for code in declared if code in inside]


def reoffered(question: Question, harmony: Harmony, wave: str, reference: str) -> Iterator[Difference]:
    """Say which options were split, merged, added or taken away; the others are compared all the same."""
    said = []
    both = harmonise(question, wave, reference)  # what was left out for its wording or its coding is in both
    for code in (option.code for option in question.options if option.code in harmony.codes):
        if harmony.whole(code):
            continue
        then, now = (offered(question, here, harmony.members(here, code)) for here in (reference, wave))
        through = labels([option for option in question.put_in(wave).options if option.code == code])
        if [option.code for option in then] == [code]:
            said.append(f"{through} a été scindé en {labels(now)} (regroupés pour comparer)")
        elif [option.code for option in now] == [code]:
            said.append(f"{labels(then)} ont été réunis en {through} (regroupés pour comparer)")
        else:
            parts = f"{labels(then)} en {reference}, {labels(now)} en {wave}"
            said.append(f"regroupés en {through} pour comparer : {parts}")
    added, gone = (
        [option for option in offered(question, here) if not option.coded and option.code not in both.by_wave[here]]
        for here in (wave, reference)
    )
    said += [f"option ajoutée en {wave} : {labels(added)}"] if added else []
    said += [f"option absente en {wave} : {labels(gone)}"] if gone else []
    if said:
        yield Difference("options_changed", True, " ; ".join(said))


def relabelled(question: Question, wave: str, reference: str) -> tuple[Harmony, list[Difference]]:
    """Harmonise the options, and leave out those whose text changed so that they cannot be compared."""
    harmony = harmonise(question, wave, reference)
    found: list[Difference] = []
    out: set[str] = set()
    for option in question.options:
        said: list[Rewording] = [r for r in option.rewordings if r.wave in (wave, reference)]
        mine, theirs = option.wording(wave), option.wording(reference)
        if not said or mine == theirs or not all(option.code in codes for codes in harmony.by_wave.values()):
            continue
        first = min(said, key=lambda rewording: rewording.comparable)
        if not first.comparable:
            out.add(harmony.by_wave[wave][option.code])
        left = "" if first.comparable else " (non comparé)"
        what = f"« {theirs} » est devenu « {mine} »{left} : {first.reason}"
        found.append(Difference("options_changed", True, what))
    kept = {here: {s: c for s, c in codes.items() if c not in out} for here, codes in harmony.by_wave.items()}
    return Harmony(kept), found


def recoded(question: Question, harmony: Harmony, wave: str, reference: str) -> tuple[Harmony, list[Difference]]:
    """Leave out the options that have more or fewer answers because free ones were coded in one wave only."""
    coders = [here for here in (reference, wave) if here in question.recoded]
    if len(coders) != 1 or question.typed(wave) != question.typed(reference):
        return harmony, []
    coder = coders[0]
    moved = offered(question, coder, question.recoded[coder])
    if not moved:
        return harmony, []
    counted = harmony.by_wave[coder]
    out = {counted[option.code] for option in moved if option.code in counted}
    kept = {here: {s: c for s, c in codes.items() if c not in out} for here, codes in harmony.by_wave.items()}
    there = reference if coder == wave else wave
    what = f"réponses libres codées en {coder} et non en {there}, non comparé : {labels(moved)}"
    return Harmony(kept), [Difference("options_changed", any(kept.values()), what)]


def other_rows(question: Question, wave: str, reference: str) -> Iterator[Difference]:
    """Say which lines of a grid, or items to rank, one wave alone had; ranks depend on what there was to rank."""
    for here, there, what in ((wave, reference, "ajoutée"), (reference, wave, "absente")):
        alone = [row for row in question.rows if row.offered(here) and not row.offered(there)]
        if alone:
            named = ", ".join(f"« {row.display} »" for row in alone)
            yield Difference("options_changed", question.type != "ranking", f"ligne {what} en {wave} : {named}")


def regrouped(
    question: Question, regrouping: Regrouping, harmony: Harmony, wave: str, reference: str
) -> tuple[Harmony, list[Difference]]:
    """Bring a regrouping to the groups that are whole in both waves.

    A group is, when every option that counts in it is compared, and through options none of which counts in another.
    """
    groups = groups_of(question, regrouping)
    by_wave: dict[str, Codes] = {
        here: {o.code: groups[o.code] for o in offered(question, here) if o.code in groups}
        for here in (wave, reference)
    }
    left: set[str] = set()
    through: dict[str, set[str]] = {}
    for here, mine in by_wave.items():
        for code, group in mine.items():
            counted = harmony.by_wave[here].get(code)
            if counted is None:
                left.add(group)
            else:
                through.setdefault(counted, set()).add(group)
    left |= {group for shared in through.values() if len(shared) > 1 for group in shared}
    both = set(by_wave[wave].values()) & set(by_wave[reference].values()) - left
    kept = Harmony({here: {s: g for s, g in mine.items() if g in both} for here, mine in by_wave.items()})
    names = [f"« {group.short or group.label} »" for group in regrouping.groups if group.code in left]
    if not names:
        return kept, []
    what = f"regroupements qui n’ont pas les mêmes réponses dans les deux vagues, non comparés : {', '.join(names)}"
    return kept, [Difference("options_changed", True, what)]


def offered(question: Question, wave: str, among: Sequence[str] | None = None) -> list[Option]:
    """Options of a wave, as it worded them; those of some codes."""
    options = (option for option in question.put_in(wave).options if option.offered(wave))
    return [option for option in options if among is None or option.code in among]


def labels(options: Sequence[Option]) -> str:
    """Name options in a sentence."""
    return ", ".join(f"« {option.display} »" for option in options)
