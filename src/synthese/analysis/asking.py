"""What a wave asked, of all that the codebook has: questions, regroupings, planned crosses.

Belongs here: names that a notebook goes through when it names none. Does not: universes (`universes`), answers
(`coding`).
"""

from __future__ import annotations

from synthese.codebook import Codebook, variables


def asked(codebook: Codebook, wave: str, name: str) -> bool:
    """Whether a wave asked a question, offered a grid row, or has what a regrouping regroups."""
    question_id, _, row = name.split("@")[0].partition(".")
    question = codebook.by_id[question_id]
    return question.asked(wave) and all(r.offered(wave) for r in question.rows if r.code == row)


def regroupings(codebook: Codebook, wave: str) -> list[str]:
    """Ids of the regroupings of what a wave asked, in the order of the codebook."""
    known = {v.id for v in variables(codebook, wave)}
    return [r.id for r in codebook.regroupings if r.id.split("@")[0] in known]


def planned_pairs(codebook: Codebook, wave: str) -> list[tuple[str, str]]:
    """Question and breakdown of every step of the planned crosses of which a wave asked both, each once."""
    steps = [s for c in codebook.planned_crosses for s in c.steps]
    known = [s for s in steps if asked(codebook, wave, s.question) and asked(codebook, wave, s.by)]
    return list(dict.fromkeys((s.question, s.by) for s in known))
