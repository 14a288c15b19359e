"""What stands in the place of a number that a wave cannot have: its questionnaire did not ask the question.

Belongs here: telling so, and the piece that says it. Does not: what is withheld (`piece`), or not compared (`waves`).
"""

from __future__ import annotations

from collections.abc import Iterable

from synthese.artefacts import make
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.piece import Piece, withheld
from synthese.errors import SyntheseError
from synthese.formatting import french

NOT_ASKED = "Question non posée dans cette vague."


def asked(released: Released, name: str) -> bool:
    """Whether the wave asked a question, or the row of a grid; one that the codebook lacks is told elsewhere."""
    question_id, _, row = name.partition("@")[0].partition(".")
    question = released.codebook.by_id.get(question_id)
    if question is None:
        return True
    return question.asked(released.wave) and all(r.offered(released.wave) for r in question.rows if r.code == row)


def absent(released: Released, id: str, names: Iterable[str | None], title: str | None = None) -> Piece | None:
    """Make the piece that says that the wave did not ask one of some questions; None where it asked all of them.

    A sentence (``txt-``, ``val-``) has no title.

    Raises
    ------
    SyntheseError
        ``technical-question``: a key or a weight is no answer, and is not described.
    """
    given = [name for name in names if name is not None]
    for name in given:
        question = released.codebook.by_id.get(name.partition("@")[0].partition(".")[0])
        if question is not None and question.technical:
            what = f"{name} is no answer (its role is {question.role}): nothing is published of it"
            fix = f"delete this cell and the lines of the report that place {id}, or change the role of {name}"
            raise SyntheseError.of("technical-question", what, fix=fix)
    missing = next((name for name in given if not asked(released, name)), None)
    if missing is None:
        return None
    if id.startswith(("txt-", "val-")):
        kind = "sentence" if id.startswith("txt-") else "value"
        return Piece(make(released, id=id, kind=kind, text=french(NOT_ASKED), status="too_small"))  # type: ignore[arg-type]
    caption = title or released.codebook.by_id[missing.partition("@")[0].partition(".")[0]].display
    lines = notes.composed(notes.source(released))
    return withheld(released, id, caption=french(caption), text=french(NOT_ASKED), notes=lines)
