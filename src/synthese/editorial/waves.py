"""Two waves set side by side: only what the codebook's verdict lets compare, and why not otherwise.

Belongs here: pairing released numbers of two waves, and refusing those that may not be. Does not: the verdict
(`synthese.codebook`), tables and figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from synthese.artefacts import make
from synthese.codebook import Codebook, Option, Question, Verdict, comparability
from synthese.disclosure import Released
from synthese.editorial.facts import Ref
from synthese.editorial.piece import Piece
from synthese.editorial.reading import Cell, base_of, cell_of, one_way
from synthese.estimates import select
from synthese.formatting import french, integer_text

NOT_PRESENTED = "Évolution non présentée : "
NOT_COMPARABLE = "non comparable"


@dataclass(frozen=True)
class Change:
    """One option in two waves.

    Parameters
    ----------
    earlier, later : Cell
        Its share in each.
    difference : float or None
        Later minus earlier, unrounded; None when withheld.
    interval : (float, float) or None
        Of the difference, where one is released.
    """

    earlier: Cell
    later: Cell
    difference: float | None
    interval: tuple[float, float] | None = None


def changes(released: Released, question: str, reference: str) -> tuple[Change, ...]:
    """Shares of two waves that the codebook lets compare, option by option; empty when it does not.

    Options split or merged between the waves are counted as one in both, under the text that the later wave
    printed for it (the codebook's, where that wave did not offer it).
    """
    verdict = comparability(released.codebook, question, released.wave, reference)
    if not verdict.comparable:
        return ()
    before = released.earlier(reference)
    rows = select(released.evolution(question), reference_wave=reference)
    known = {option.code: option for option in _options(released, question)}
    then = {cell.option.code: cell for cell in one_way(before, question)}
    found = []
    for code in verdict.options:
        row = select(rows, option=code)
        if not len(row):
            continue
        later = cell_of(released, row.iloc[0], known[code], None)
        low, high = row.iloc[0]["ci_low"], row.iloc[0]["ci_high"]
        interval = None if pd.isna(low) or pd.isna(high) else (float(low), float(high))
        gap = later.value
        alone = "@" in question or verdict.harmony.members(reference, code) == (code,)
        earlier = replace(then[code], option=known[code]) if alone else _joined(list(then.values()), later)
        value = None if gap is None or later.count is None or not later.base else later.count / later.base
        if later.weighted and gap is not None and earlier.value is not None:
            value = earlier.value + gap
        found.append(Change(earlier, replace(later, value=value, ci_low=None, ci_high=None), gap, interval))
    return tuple(found)


def _options(released: Released, question: str) -> tuple[Option, ...]:
    variable = released.variable(question)
    return variable.options if variable.groups is not None else variable.question.options


def _joined(then: Sequence[Cell], later: Cell) -> Cell:
    """Share that an option merged since had in the earlier wave: what the released difference leaves of the later one.

    The gate releases such a difference of unweighted waves only, so that the share is one of whole respondents.
    """
    base = base_of(then)
    known = replace(then[0], option=later.option, base=base, ci_low=None, ci_high=None, status=later.status)
    if later.value is None or later.count is None or not later.base or not base:
        return replace(known, count=None, value=None)
    count = round((later.count / later.base - later.value) * base)
    return replace(known, count=count, value=count / base, effective_n=float(base))


def comparison_note(released: Released, question: str, reference: str) -> str | None:
    """Say what a reader must know before comparing two waves: what was split, added, decided; None when nothing."""
    verdict = comparability(released.codebook, question, released.wave, reference)
    if not verdict.reason:
        return None
    return f"Note : les deux vagues sont comparées {_how(verdict)} – {verdict.reason}."


def overlap_note(released: Released, question: str, reference: str) -> str | None:
    """Say what intervals and tests between two waves suppose where nothing recognises who answered both."""
    rows = select(released.evolution(question), reference_wave=reference)
    if not (rows["reason"].eq("overlap-unknown") & rows["ci_low"].notna()).any():
        return None
    return (
        "Note : rien ne permet de reconnaître qui a répondu aux deux vagues ; "
        "intervalles et tests supposent deux échantillons tirés séparément."
    )


def why_not(released: Released, refs: Iterable[Ref]) -> str | None:
    """Say why numbers of an earlier wave may not be quoted in this one; None where all of them may.

    A number of an earlier wave, and a difference, may be quoted where the codebook's verdict lets the two waves be
    compared on its question (and breakdown), and on its option as it stands: an option that was split or merged
    since has no counterpart but through the difference.
    """
    reasons: list[str] = []
    for ref in refs:
        others = {wave for wave in (ref.wave, ref.reference_wave) if wave not in (None, released.wave)}
        for wave in sorted(str(other) for other in others):
            for name, option in ((ref.question, ref.option), (ref.by, ref.group)):
                if name is not None and (reason := _refused(released, name, option, wave, ref.statistic)):
                    reasons.append(reason)
    return " ; ".join(dict.fromkeys(reasons)) or None


def _refused(released: Released, name: str, option: str | None, wave: str, statistic: str) -> str | None:
    verdict = comparability(released.codebook, name, released.wave, wave)
    if not verdict.comparable:
        return verdict.reason
    if option is None or not verdict.harmony.by_wave:
        return None
    whole = statistic == "difference" or "@" in name or verdict.harmony.whole(option)
    return None if option in verdict.options and whole else verdict.reason


def comparisons(released: Released, id: str) -> Piece:
    """Say which questions are not compared with the wave before, which are with reserve, and why.

    Open questions that nobody coded, and those that identify people, are left out: no number of theirs is printed.
    A row of a grid, or a regrouping, is named where it is not compared though its question is. The first wave
    compares nothing.
    """
    if len(released.waves) < 2:
        text = french("Première vague du questionnaire : rien n’est comparé.")
        return Piece(make(released, id=id, kind="sentence", text=text))
    reference = released.waves[-2]
    pair = (reference, released.wave)
    asked = [
        question
        for question in released.codebook.questions
        if not question.personal and any(question.asked(w) and question.typed(w) != "open" for w in pair)
    ]
    same = 0
    refused: list[str] = []
    reserved: list[str] = []
    for question in asked:
        verdict = comparability(released.codebook, question.id, released.wave, reference)
        name = f"La question « {question.put_in(released.wave).display} »"
        if not verdict.comparable:
            refused.append(f"{name} n’est pas comparée : {verdict.reason}.")
            continue
        same += verdict.kind == "identical" and not verdict.overridden
        if verdict.reason:
            reserved.append(f"{name} est comparée {_how(verdict)} : {verdict.reason}.")
        for part, label in _parts(released.codebook, question):
            found = comparability(released.codebook, part, released.wave, reference)
            if not found.comparable:
                refused.append(f"{name}, pour « {label} », n’est pas comparée : {found.reason}.")
    total = f"{integer_text(same)} questions sur {integer_text(len(asked))} sont posées à l’identique"
    text = " ".join([f"Entre {reference} et {released.wave}, {total}.", *refused, *reserved])
    return Piece(make(released, id=id, kind="sentence", text=french(text)))


def _how(verdict: Verdict) -> str:
    return "par décision de l’étude" if verdict.overridden else "avec réserve"


def _parts(codebook: Codebook, question: Question) -> list[tuple[str, str]]:
    """Ids and names of the rows of a grid, and of the regroupings of a question and of its rows."""
    rows = [(f"{question.id}.{row.code}", row.display) for row in question.rows if question.type == "grid"]
    whole = {question.id, *(id for id, _ in rows)}
    return rows + [(r.id, r.label) for r in codebook.regroupings if r.id.partition("@")[0] in whole]
