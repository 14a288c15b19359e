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


def comparability(codebook: Codebook, name: str, wave: str, reference: str) -> Verdict:
    """State whether ``wave`` can be compared with an earlier ``reference`` wave on one variable.

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
        One wording that breaks the series makes the two waves incomparable, whatever other wordings are said
        to allow; so does a question without one option in common.
    """
    question_id, _, row = name.partition("@")[0].partition(".")
    question = codebook.by_id[question_id]
    for here in (reference, wave):
        if not question.asked(here) or not all(r.offered(here) for r in question.rows if r.code == row):
            return Verdict("absent", False, f"question absente de la vague {here}", ())
    mine, theirs = parents(question, wave), parents(question, reference)
    shared = set(mine.values()) & set(theirs.values())
    codes = tuple(option.code for option in question.options if option.code in shared)
    possible = bool(codes) or not question.options
    said = [r for r in question.rewordings if r.wave in (wave, reference)]
    changed = _change(question, wave, reference) if mine != theirs else ""
    if said and question.wording(wave) != question.wording(reference):
        first = min(said, key=lambda rewording: rewording.comparable)
        reason = " ; ".join(part for part in (first.reason, changed) if part)
        return Verdict("reworded", first.comparable and possible, reason, codes)
    if changed:
        return Verdict("options_changed", possible, changed, codes)
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
