"""Sentences with a predicate: none can outlive its data.

Belongs here: a sentence, the numbers it quotes, when it holds and what stands in its place. Does not: the
forms of a number (`facts`), the predicates (`conditions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from synthese.artefacts import Artefact, make
from synthese.disclosure import Released
from synthese.editorial.absent import absent
from synthese.editorial.conditions import Condition
from synthese.editorial.facts import FORMS, Fact, Ref, look_up
from synthese.editorial.piece import Piece
from synthese.editorial.provenance import Cut, source_of
from synthese.editorial.reading import RESULT_WITHHELD
from synthese.editorial.waves import NOT_COMPARABLE, NOT_PRESENTED, why_not
from synthese.errors import Fault, SyntheseError
from synthese.formatting import french, lint

_PLACEHOLDER = re.compile(r"\{(?P<name>\w+)\.(?P<form>\w+)(?::(?P<singular>[^{}|]+)\|(?P<plural>[^{}|]+))?\}")
_WAVE_FORMS = {"id", "dates", "year"}
_NO_NUMBER = {"verb", "wave"}
# Words of inference, which answers of volunteers do not allow under any other name.
_INFERENCE = re.compile(
    r"\b(?:en (?:hausse|baisse|progression|recul)|progress\w+|augment\w+|diminu\w+|recul\w+|significati\w+)",
    re.IGNORECASE,
)
# Words of comparison, which take a gap of ten points in every variant.
_MORE = re.compile(r"\b(?:plus|moins) (?:souvent|fréquemment|rarement)\b|\bdavantage\b", re.IGNORECASE)


@dataclass(frozen=True)
class Variant:
    """One wording of a claim and when it holds.

    Parameters
    ----------
    text : str
        French template.
    conditions : tuple of Condition
        All must hold.
    """

    text: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A sentence of the report.

    Parameters
    ----------
    id : str
        ``txt-…``.
    text : str
        French template: ``{pairs.Who} {pairs.verb:cite|citent} l’échange entre pairs.`` Forms are those of
        `synthese.editorial.facts.FORMS`; ``{wave.id}``, ``{wave.dates}`` and ``{wave.year}`` name the wave.
        No digit may be typed.
    estimates : mapping of str to Ref
        Names of the estimates, such as ``{"pairs": Ref("F1", "echange_pairs")}``.
    conditions : tuple of Condition
        When ``text`` holds; all of them must.
    variants : tuple of Variant
        Other wordings, tried in this order when ``text`` does not hold.
    otherwise : str or None
        Template for when nothing holds; without one that is an error.
    withheld : str
        What stands there when one of the estimates is not released.
    """

    id: str
    text: str
    estimates: Mapping[str, Ref]
    conditions: tuple[Condition, ...] = ()
    variants: tuple[Variant, ...] = ()
    otherwise: str | None = None
    withheld: str = field(default=f"{RESULT_WITHHELD}.")

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        if "wave" in self.estimates:
            faults.append(Fault("claim-name", f"{self.id}: 'wave' is the wave itself", fix="take another name"))
        texts = {"text": self.text, "otherwise": self.otherwise or "", "withheld": self.withheld}
        texts |= {f"variants[{i}].text": variant.text for i, variant in enumerate(self.variants)}
        for place, text in texts.items():
            faults += _faults(f"{self.id}.{place}", text, self.estimates)
        for condition in (*self.conditions, *(c for variant in self.variants for c in variant.conditions)):
            for name in condition.names:
                if name not in self.estimates:
                    what = f"{self.id}: {condition.wording}, but {name!r} is no estimate of it"
                    faults.append(Fault("claim-name", what, fix=_known(self)))
        if faults:
            raise SyntheseError(faults)


def _known(claim: Claim) -> str:
    return f"add it to `estimates`, or take one of {', '.join(claim.estimates) or 'none'}"


def _faults(place: str, text: str, estimates: Mapping[str, Ref]) -> list[Fault]:
    faults = []
    bare = _PLACEHOLDER.sub("", text)
    if any(character.isdigit() for character in bare):
        faults.append(
            Fault(
                "typed-number",
                f"a digit is typed in {text!r}",
                path=place,
                fix="quote the number by a placeholder such as {name.share}; a date by {wave.dates}",
            )
        )
    if "{" in bare or "}" in bare:
        faults.append(Fault("placeholder", f"a brace is left in {bare!r}", path=place, fix="write {name.form}"))
    for match in _PLACEHOLDER.finditer(text):
        name, form = match["name"], match["form"]
        allowed = _WAVE_FORMS if name == "wave" else FORMS
        if name != "wave" and name not in estimates:
            fix = f"one of {', '.join(estimates) or 'none'}"
            faults.append(Fault("placeholder", f"{name!r} is no estimate of the claim", path=place, fix=fix))
        elif form not in allowed or (form == "verb") != (match["singular"] is not None):
            fix = f"one of {', '.join(sorted(allowed))}; a verb is written {{name.verb:cite|citent}}"
            faults.append(Fault("placeholder", f"no form {match[0]}", path=place, fix=fix))
    faults += [
        Fault("wording", f"{problem.found!r}", path=place, fix=problem.fix)
        for problem in lint(bare)
        if problem.code in ("sondage", "representatif", "wrong-dot", "inclusive-form")
    ]
    return faults


def _without_brackets(text: str) -> str:
    return text.replace(" (", ", ").replace(")", "")


def _filled(released: Released, text: str, facts: Mapping[str, Fact]) -> Cut | None:
    """Fill a template; None when one of its forms does not exist for these numbers."""
    cut, done = Cut(), 0
    dates = released.wave_settings.field_work
    year = str(dates.start.year) if dates.known else "année à préciser"
    here = {"id": released.wave, "dates": dates.period, "year": year}
    for match in _PLACEHOLDER.finditer(text):
        cut.add(text[done : match.start()])
        done = match.end()
        name, form = match["name"], match["form"]
        if name == "wave":
            cut.add(here[form])
            continue
        written = facts[name].form(form, match["singular"], match["plural"])
        if written is None:
            return None
        opened = text.count("(", 0, match.start()) > text.count(")", 0, match.start())
        # « (57 %, 31 sur 54) », not one pair of brackets in another.
        written = _without_brackets(written) if opened else written
        cut.add(written, None if form in _NO_NUMBER else source_of(facts[name]))
    cut.add(text[done:])
    return cut


def _made(released: Released, id: str, kind: Literal["sentence", "value"], cut: Cut) -> Artefact:
    text, parts, sources = cut.parts()
    return make(released, id=id, kind=kind, text=text, parts=parts, sources=sources)


def write_claim(released: Released, claim: Claim) -> Piece:
    """Write a claim: the first wording that holds and that its numbers allow.

    Returns
    -------
    Piece
        Of kind ``sentence``; ``why`` tells what kept a wording from being taken, where its numbers do not. When the
        codebook forbids to compare one of its numbers of an earlier wave, its text says so and why. When one of its
        estimates is not released, its text is ``claim.withheld``, whatever the conditions: which wording holds would
        tell about the hidden number.

    Raises
    ------
    SyntheseError
        ``claim-fails``: nothing holds and there is no ``otherwise``; with the numbers and what to write.
        ``inference``: words of evolution or significance on answers of volunteers. ``unknown-estimate``.
    """
    here = [ref for ref in claim.estimates.values() if ref.wave in (None, released.wave)]
    piece = absent(released, claim.id, [name for ref in here for name in (ref.question, ref.by)])
    if piece is not None:
        return piece
    why = why_not(released, claim.estimates.values())
    if why is not None:
        text = french(f"{NOT_PRESENTED}{why}.")
        return Piece(make(released, id=claim.id, kind="sentence", text=text, status="too_small"))
    facts = {name: look_up(released, ref) for name, ref in claim.estimates.items()}
    if not all(fact.shown for fact in facts.values()):
        text = french(claim.withheld)
        return Piece(make(released, id=claim.id, kind="sentence", text=text, status="too_small"))
    wordings = [Variant(claim.text, claim.conditions), *claim.variants]
    if claim.otherwise is not None:
        wordings.append(Variant(claim.otherwise))
    reasons: list[str] = []
    for wording in wordings:
        if all(condition.holds(facts) for condition in wording.conditions):
            cut = _filled(released, wording.text, facts)
            if cut is not None:
                made = _made(released, claim.id, "sentence", cut)
                _no_inference(released, claim, made.text or "")
                _compared(released, claim, wording, facts)
                return Piece(made, why=french(" ; ".join(dict.fromkeys(reasons))) or None)
        reasons += [reason for condition in wording.conditions if (reason := condition.why(facts))]
    told = "".join(f" ({reason})" for reason in dict.fromkeys(reasons))
    raise SyntheseError.of(
        "claim-fails",
        f"{claim.id} does not hold in wave {released.wave!r}: {_numbers(facts)}; it asks that {_asked(claim)}{told}",
        path=f"{claim.id}.otherwise",
        fix=_proposal(facts),
    )


def _numbers(facts: Mapping[str, Fact]) -> str:
    return ", ".join(f"{name} = {fact.summary()}" for name, fact in facts.items())


def _asked(claim: Claim) -> str:
    wordings = [" and ".join(c.wording for c in claim.conditions)]
    wordings += [" and ".join(c.wording for c in variant.conditions) for variant in claim.variants]
    return ", or ".join(wording or "its words can be written" for wording in wordings)


def _proposal(facts: Mapping[str, Fact]) -> str:
    called = [f"{{{name}.who}} reads « {who} »" for name, fact in facts.items() if (who := fact.form("who"))]
    return "write `otherwise`" + (f", where {', '.join(called)}" if called else ", with {name.counts}")


def _no_inference(released: Released, claim: Claim, written: str) -> None:
    found = _INFERENCE.search(written)
    if released.design == "self-selected" and found:
        raise SyntheseError.of(
            "inference",
            f"{claim.id} says {found[0]!r}, but those who answered wave {released.wave!r} chose to",
            path=claim.id,
            fix="write « plus souvent cité par les répondant·es de {wave.id} »",
        )


def _compared(released: Released, claim: Claim, wording: Variant, facts: Mapping[str, Fact]) -> None:
    """Refuse to say of volunteers that those of one wave say something more often, where nothing holds it to that."""
    found = _MORE.search(wording.text)
    waves = {fact.released.wave for fact in facts.values()}
    if released.design != "self-selected" or found is None or len(waves) < 2:
        return
    for condition in wording.conditions:
        if condition.ordered and len({facts[name].released.wave for name in condition.names}) > 1:
            return
    raise SyntheseError.of(
        "inference",
        f"{claim.id} says {found[0]!r} of answers of two waves, and no condition holds it to their gap",
        path=claim.id,
        fix="add `higher_than: [name, other, 10]` to its `when`, and an `otherwise` without the comparison",
    )


def write_value(released: Released, id: str, ref: Ref, form: str = "share") -> Piece:
    """Write one number to be placed in a sentence of the report.

    Parameters
    ----------
    released : Released
        The wave.
    id : str
        ``val-…``.
    ref : Ref
        The estimate.
    form : str
        One of `synthese.editorial.facts.FORMS`, ``verb`` excepted.

    Raises
    ------
    SyntheseError
        ``no-form``: unknown, or the estimate has no such form (a base too small for words or percentages).
    """
    if why_not(released, [ref]) is not None:
        return Piece(make(released, id=id, kind="value", text=NOT_COMPARABLE, status="too_small"))
    fact = look_up(released, ref)
    if not fact.shown:
        return Piece(make(released, id=id, kind="value", text="non diffusé", status="too_small"))
    text = fact.form(form) if form in FORMS and form != "verb" else None
    if text is None:
        raise SyntheseError.of(
            "no-form",
            f"{id}: {fact.summary()} has no form {form!r}",
            fix=f"one of {', '.join(sorted(set(FORMS) - {'verb'}))}; words and percentages need a large enough base",
        )
    cut = Cut()
    cut.add(text, None if form in _NO_NUMBER else source_of(fact))
    return Piece(_made(released, id, "value", cut))
