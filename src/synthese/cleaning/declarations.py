"""What ``wave.yml`` says of questions and options, checked against the codebook.

Belongs here: names in ``wave.yml`` that the codebook does not have. Does not: the columns of a plain file
(`declared`), the shape of the file (`synthese.study`).
"""

from __future__ import annotations

from collections.abc import Iterable

from synthese.codebook import Codebook, nearest
from synthese.errors import Fault, SyntheseError
from synthese.study import WaveSettings
from synthese.study.settings import Duplicates


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
    if faults:
        raise SyntheseError(faults)
