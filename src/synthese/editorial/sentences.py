"""The report's sentences, declared in a YAML file that whoever writes the text can edit.

Belongs here: the file's model and its step to `Claim`. Does not: when a sentence holds (`conditions`) or how
a number is written (`facts`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from synthese.artefacts import make
from synthese.codebook import Model, parse
from synthese.codebook.model import Text, VariableId
from synthese.disclosure import Released
from synthese.editorial import conditions
from synthese.editorial.claims import Claim, Variant, write_claim
from synthese.editorial.conditions import Condition
from synthese.editorial.facts import Ref
from synthese.editorial.piece import Piece
from synthese.errors import Fault, SyntheseError
from synthese.files import read_yaml
from synthese.formatting import french

PREVIOUS = "previous"
"""In place of a wave id: the wave just before the report's."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class EstimateRef(Model):
    """Which estimate a name stands for; see `synthese.editorial.facts.Ref`."""

    question: VariableId
    option: str | None = None
    by: VariableId | None = None
    group: str | None = None
    statistic: str = "share"
    wave: str | None = None
    reference_wave: str | None = None
    universe: str | None = None

    def resolved(self, previous: str | None) -> Ref:
        """Put the id of the wave before this one in the place of ``previous``."""
        fields = self.model_dump()
        for key in ("wave", "reference_wave"):
            if fields[key] == PREVIOUS:
                fields[key] = previous
        return Ref(**fields)


class When(Model):
    """One test on the named estimates; exactly one key."""

    at_least: tuple[Name, float] | None = None
    at_most: tuple[Name, float] | None = None
    between: tuple[Name, float, float] | None = None
    called: tuple[str, ...] | None = Field(None, description="A name, then expressions: [pairs, majorite].")
    synthetic: tuple[Name] | None = Field(None, description="The estimate's wave is made of synthetic data.")
    higher_than: tuple[Name, Name] | tuple[Name, Name, float] | None = None
    close_to: tuple[Name, Name, float] | None = None
    leads_by: tuple[tuple[Name, ...], tuple[Name, ...], int] | None = Field(
        None, description="Leaders, others, respondents: every leader is ahead of every other by as many."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> When:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"one test an entry, of {', '.join(type(self).model_fields)}")
        return self

    def condition(self) -> Condition:
        """Make the test."""
        name = next(iter(self.model_fields_set))
        maker: Callable[..., Condition] = getattr(conditions, name)
        return maker(*getattr(self, name))


class Wording(Model):
    """Another wording and when it holds."""

    text: Text
    when: tuple[When, ...] = ()


class Sentence(Model):
    """One sentence, the numbers it quotes, when it holds, and what stands in its place."""

    id: Annotated[str, StringConstraints(pattern=r"^txt-[a-z0-9-]+$")]
    estimates: dict[Name, EstimateRef] = Field(default_factory=dict)
    text: Text
    when: tuple[When, ...] = ()
    variants: tuple[Wording, ...] = ()
    otherwise: Text | None = None
    withheld: Text | None = None
    first_wave: Text | None = Field(None, description="What the first wave prints, which has none to compare with.")

    @property
    def compares(self) -> bool:
        """Whether it needs an earlier wave."""
        return any(PREVIOUS in (ref.wave, ref.reference_wave) for ref in self.estimates.values())

    def claim(self, previous: str | None) -> Claim:
        """Make the claim of one wave."""
        more: dict[str, Any] = {"withheld": self.withheld} if self.withheld is not None else {}
        return Claim(
            id=self.id,
            text=self.text,
            estimates={name: ref.resolved(previous) for name, ref in self.estimates.items()},
            conditions=tuple(when.condition() for when in self.when),
            variants=tuple(Variant(v.text, tuple(w.condition() for w in v.when)) for v in self.variants),
            otherwise=self.otherwise,
            **more,
        )


class Sentences(Model):
    """``report/phrases.yml``."""

    schema_version: Literal[1] = Field(alias="schema")
    phrases: tuple[Sentence, ...]


def read_sentences(path: Path) -> Sentences:
    """Read and check the file of sentences.

    Raises
    ------
    SyntheseError
        Every fault of the file at once, with its line: unknown keys, an id given twice, typed numbers, unknown
        names or forms, a comparison without what the first wave prints.
    """
    document = read_yaml(path)
    sentences = parse(document, Sentences)
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, sentence in enumerate(sentences.phrases):
        row, place = document.line(("phrases", number)), f"phrases[{number}]"
        if sentence.id in seen:
            faults.append(
                Fault("duplicate", f"{sentence.id} is given twice", path, row, path=place, fix="rename one of them")
            )
        seen.add(sentence.id)
        if sentence.compares and sentence.first_wave is None:
            fix = "add `first_wave`, the text of the wave that has none before it"
            faults.append(Fault("no-first-wave", f"{sentence.id} compares with an earlier wave", path, row, fix=fix))
        try:
            sentence.claim(None)
        except SyntheseError as error:
            faults += [Fault(f.code, f.what, path, row, path=f.path, fix=f.fix) for f in error.faults]
    if faults:
        raise SyntheseError(faults)
    return sentences


def write_sentences(released: Released, path: Path) -> tuple[Piece, ...]:
    """Write every sentence of a file for one wave.

    Parameters
    ----------
    released : Released
        The wave.
    path : Path
        ``report/phrases.yml``.

    Raises
    ------
    SyntheseError
        Of every sentence that cannot be written, at once.
    """
    earlier = released.waves[:-1]
    previous = earlier[-1] if earlier else None
    pieces: list[Piece] = []
    faults: list[Fault] = []
    for sentence in read_sentences(path).phrases:
        if previous is None and sentence.compares:
            text = french(sentence.first_wave or "")
            pieces.append(Piece(make(released, id=sentence.id, kind="sentence", text=text)))
            continue
        try:
            pieces.append(write_claim(released, sentence.claim(previous)))
        except SyntheseError as error:
            faults += [Fault(f.code, f.what, path, f.row, f.column, f.path or sentence.id, f.fix) for f in error.faults]
    if faults:
        raise SyntheseError(faults)
    return tuple(pieces)
