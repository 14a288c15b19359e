"""Whether two waves asked the same thing.

Belongs here: the verdict per question and pair of waves, from what the codebook declares. Does not: the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from synthese.codebook.model import Codebook, Option, Question

VerdictKind = Literal["identical", "reworded", "options_changed", "absent"]


@dataclass(frozen=True)
class Verdict:
    """Whether and how a question may be compared between two waves.

    Parameters
    ----------
    kind : {"identical", "reworded", "options_changed", "absent"}
        What differs.
    comparable : bool
        Whether an evolution may be stated.
    reason : str
        Why, in French, for the reader; empty when identical.
    options : tuple of str
        Codes that can be compared, parents of splits included; a code offered in one wave only is left out.
    """

    kind: VerdictKind
    comparable: bool
    reason: str
    options: tuple[str, ...]


def parents(question: Question, wave: str) -> dict[str, str]:
    """Option code of a wave to the code it is compared through: its parent if it came of a split."""
    return {o.code: o.split_of or o.code for o in question.options if o.offered(wave)}


def comparability(codebook: Codebook, question_id: str, wave: str, reference: str) -> Verdict:
    """State whether ``wave`` can be compared with an earlier ``reference`` wave on one question."""
    question = codebook.by_id[question_id]
    if not (question.asked(wave) and question.asked(reference)):
        missing = reference if question.asked(wave) else wave
        return Verdict("absent", False, f"question absente de la vague {missing}", ())
    here, there = parents(question, wave), parents(question, reference)
    shared = set(here.values()) & set(there.values())
    codes = tuple(option.code for option in question.options if option.code in shared)
    for rewording in question.rewordings:
        if rewording.wave in (wave, reference) and question.wording(wave) != question.wording(reference):
            return Verdict("reworded", rewording.comparable, rewording.reason, codes)
    if here != there:
        return Verdict("options_changed", bool(codes), _change(question, wave, reference), codes)
    return Verdict("identical", True, "", codes)


def _change(question: Question, wave: str, reference: str) -> str:
    def labels(options: list[Option]) -> str:
        return ", ".join(f"« {option.display} »" for option in options)

    only_here = [o for o in question.options if o.offered(wave) and not o.offered(reference)]
    split = [o for o in only_here if o.split_of]
    added = [o for o in only_here if not o.split_of]
    gone = [o for o in question.options if o.offered(reference) and not o.offered(wave)]
    gone = [o for o in gone if o.code not in {s.split_of for s in split}]
    said = []
    if split:
        parents_ = sorted({o.split_of for o in split if o.split_of})
        origin = [o for o in question.options if o.code in parents_]
        said.append(f"{labels(origin)} a été scindé en {labels(split)} (regroupés pour comparer)")
    if added:
        said.append(f"option ajoutée en {wave} : {labels(added)}")
    if gone:
        said.append(f"option absente en {wave} : {labels(gone)}")
    return " ; ".join(said)
