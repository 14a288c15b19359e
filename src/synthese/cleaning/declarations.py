"""What ``wave.yml`` says of questions and options, checked against the codebook.

Belongs here: names in ``wave.yml`` that the codebook does not have. Does not: the columns of a plain file
(`declared`), the shape of the file (`synthese.study`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from synthese.codebook import Codebook, nearest, variable
from synthese.errors import Fault, SyntheseError
from synthese.study import WaveSettings
from synthese.study.settings import Duplicates

_ONE_ANSWER = ("single", "ordinal")


def check_declarations(wave: WaveSettings, codebook: Codebook) -> None:
    """Check the questions and options that ``wave.yml`` names.

    Raises
    ------
    SyntheseError
        Questions that the wave did not ask, options that the codebook does not have: all of them.
    """
    asked = {question.id: question for question in codebook.questions if question.asked(wave.id)}
    targets = {f"{q.id}.{row.code}": q for q in asked.values() if q.type == "grid" for row in q.rows} | asked
    named: list[tuple[str, str, Iterable[str]]] = [(f"aliases.{name}", name, asked) for name in wave.aliases]
    named += [(f"option_aliases.{name}", name, targets) for name in wave.option_aliases]
    if wave.weight is not None:
        named.append(("weight", wave.weight, asked))
    if wave.kept.trials is not None:
        named.append(("kept.trials.question", wave.kept.trials.question, asked))
    named += [(f"kept.must_answer[{i}]", name, asked) for i, name in enumerate(wave.kept.must_answer)]
    if isinstance(wave.kept.duplicates, Duplicates):
        named += [(f"kept.duplicates.by[{i}]", name, asked) for i, name in enumerate(wave.kept.duplicates.by)]
    faults = [
        Fault(
            "unknown-question",
            f"wave {wave.id!r} did not ask a question {name!r}",
            file="wave.yml",
            path=path,
            fix=nearest(name, known),
        )
        for path, name, known in named
        if name not in known
    ]
    weight = asked.get(wave.weight or "")
    if weight is not None and weight.type != "numeric":
        numeric = [question.id for question in asked.values() if question.type == "numeric"]
        faults.append(
            Fault(
                "bad-weight",
                f"{weight.id} is no number: it cannot be a weight",
                file="wave.yml",
                path="weight",
                fix=f"name a numeric question that holds the weights; {nearest(weight.id, numeric)}",
            )
        )
    for name, texts in wave.option_aliases.items():
        if name not in targets:
            continue
        codes = [option.code for option in targets[name].options] + [row.code for row in targets[name].rows]
        faults += [
            Fault(
                "unknown-option",
                f"{name} has no option {code!r}",
                file="wave.yml",
                path=f"option_aliases.{name}[{text!r}]",
                fix=nearest(code, codes),
            )
            for text, code in texts.items()
            if code not in codes
        ]
    faults += _drawn(wave, codebook)
    if faults:
        raise SyntheseError(faults)


def _drawn(wave: WaveSettings, codebook: Codebook) -> Iterator[Fault]:
    """Check the questions and options by which respondents were drawn and are weighted."""
    wanted: list[tuple[str, str, tuple[str, ...], str]] = [
        (f"calibration[{place}].question", margin.question, _ONE_ANSWER, "a question with one answer, or a regrouping")
        for place, margin in enumerate(wave.calibration)
    ]
    if wave.strata is not None:
        wanted.append(("strata", wave.strata, (*_ONE_ANSWER, "numeric"), "a question with one answer, or a number"))
    # A cluster may be named by what identifies people, which no table shows.
    personal = [question.id for question in codebook.questions if question.personal and question.asked(wave.id)]
    if wave.clusters is not None and wave.clusters not in personal:
        right = "a question with one answer, a number or a text"
        wanted.append(("clusters", wave.clusters, (*_ONE_ANSWER, "numeric", "open"), right))
    known: dict[str, tuple[str, ...]] = {}
    for path, name, kinds, right in wanted:
        try:
            found = variable(codebook, name, wave.id)
        except SyntheseError as error:
            yield from (replace(fault, file="wave.yml", path=path) for fault in error.faults)
            continue
        if found.kind not in kinds:
            yield Fault("bad-design", f"{name} is {found.kind}", file="wave.yml", path=path, fix=f"name {right}")
        elif found.kind in _ONE_ANSWER:
            known[name] = found.codes
    named = [
        (f"calibration[{place}].totals", margin.question, margin.totals)
        for place, margin in enumerate(wave.calibration)
    ]
    if wave.strata is not None and isinstance(wave.primary_units, dict):
        named.append(("primary_units", wave.strata, dict.fromkeys(wave.primary_units, 0.0)))
    for path, name, totals in named:
        for code in totals:
            if name in known and code not in known[name]:
                what, fix = f"{name} has no option {code!r}", nearest(code, known[name])
                yield Fault("unknown-option", what, file="wave.yml", path=f"{path}.{code}", fix=fix)
