"""Filters that answers let suspect: a question that only those who gave some answer to an earlier one answered.

Belongs here: saying so in what to confirm. Does not: declaring it (a form may also have been left early).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from synthese.cleaning.normal import normalise
from synthese.exports import RawExport
from synthese.scaffold.drafts import Draft
from synthese.scaffold.writing import code_text, quoted

_FEWEST_STOPPED = 2  # that a filter would stop
_MOST_MISSING = 0.2  # of those that a filter would let through, at most this part may have left the question out


def with_filters(raw: RawExport, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Add to each question the filter that its answers suggest, to be confirmed.

    One is suggested where a question has answers only from those who gave one of some options of an earlier question
    of one answer, two respondents or more gave another, and four fifths of those let through answered.
    """
    out: list[Draft] = []
    given = {draft.id: _texts(raw, draft) for draft in drafts if draft.type in ("single", "ordinal")}
    for draft in drafts:
        hint = None if draft.personal else _hint(_answered(raw, draft), out, given)
        out.append(draft if hint is None else replace(draft, confirm=(*draft.confirm, hint)))
    return tuple(out)


def _answered(raw: RawExport, draft: Draft) -> list[bool]:
    columns = [*draft.columns, *(column for part in draft.parts for column in part.columns)]
    cells = [raw.cells[column.index].tolist() for column in columns]
    return [any(text.strip() for text in row) for row in zip(*cells, strict=True)]


def _texts(raw: RawExport, draft: Draft) -> list[str]:
    cells = [raw.cells[column.index].tolist() for column in draft.columns]
    return [next((normalise(text) for text in row if text.strip()), "") for row in zip(*cells, strict=True)]


def _hint(answered: Sequence[bool], before: Sequence[Draft], given: dict[str, list[str]]) -> str | None:
    if not any(answered) or all(answered):
        return None
    best: tuple[float, str] | None = None
    for source in before:
        if source.id not in given:
            continue
        codes = {normalise(choice.label): code for choice, code in zip(source.choices, source.codes, strict=True)}
        counts = Counter(given[source.id])
        through = {text for text, there in zip(given[source.id], answered, strict=True) if there}
        stopped = sum(count for text, count in counts.items() if text and text not in through)
        if not through <= codes.keys() or stopped < _FEWEST_STOPPED:
            continue
        part = sum(answered) / sum(counts[text] for text in through)
        if part >= 1 - _MOST_MISSING and (best is None or part > best[0]):
            labels = [choice.label for choice in source.choices if normalise(choice.label) in through]
            listed = ", ".join(code_text(codes[normalise(label)]) for label in labels)
            said = " ou ".join(f"« {label} »" for label in labels)
            champ = quoted(f"répondant·es ayant répondu {said} à « {source.text} »")
            best = (
                part,
                (
                    f"un filtre (`routing`) sur {source.id}, any_of: [{listed}] : n’y ont répondu que des personnes "
                    f"ayant répondu {said}. Si c’est le cas, ajoutez à la question "
                    f"`routing: {{question: {source.id}, any_of: [{listed}], champ: {champ}}}`."
                ),
            )
    return None if best is None else best[1]
