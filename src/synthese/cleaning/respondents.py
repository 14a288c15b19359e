"""Which rows are respondents: drafts, empty rows, trials, short answers and duplicates left out.

Belongs here: the rules for rows, in their order. Does not: values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from synthese.cleaning.columns import Flags, Objects
from synthese.cleaning.ledger import Ledger
from synthese.cleaning.normal import blank, identity, normalise
from synthese.cleaning.rules import ROW_RULES
from synthese.exports import RawExport, named
from synthese.study import WaveSettings

_YES = {"1", "oui", "yes", "true", "vrai", "x", "draft", "brouillon"}


@dataclass(frozen=True)
class Rows:
    """What the rules for rows look at.

    Parameters
    ----------
    raw : RawExport
        The export.
    answers : ndarray of int, shape (n,)
        Questions answered in each row, those that identify, consent or weight left out.
    filled : ndarray of bool, shape (n,)
        Whether a row holds any answer at all, identifying ones included.
    text : callable
        Texts of a question, by its id.
    content : tuple of int
        Columns of answers, those that identify left out: by them two rows are alike in content.
    answered : callable
        Whether each row answers a question, by its id.
    identifying : mapping of str to str
        Questions by which two rows may show to come from one respondent, to their column.
    """

    raw: RawExport
    answers: npt.NDArray[np.int64]
    filled: Flags
    text: Callable[[str], Objects]
    content: tuple[int, ...]
    answered: Callable[[str], Flags]
    identifying: Mapping[str, str] = field(default_factory=dict)


def keep_rows(rows: Rows, wave: WaveSettings, ledger: Ledger) -> tuple[Flags, Mapping[str, int]]:
    """Leave out the rows that are no respondents.

    The rules, in this order, each on the rows that the ones before it left: ``draft`` (the tool says so),
    ``empty`` (nothing filled), ``trial`` (the named answer is one of the texts declared), ``too-few-answers``
    (under ``minimum_answers``), ``must-answer`` (a question that a row must answer to count is left empty),
    ``duplicate`` (an identifying answer equal to another row's, or all answers; which one stays is declared).
    Duplicates come last, so that no draft or near-empty row displaces an answer. Where no rule is declared, rows
    that share an identifying answer are a finding.

    Returns
    -------
    tuple of ndarray of bool, mapping of str to int
        Who is kept, and the number dropped by each rule, in their order.
    """
    steps: Mapping[str, Callable[[Flags], list[tuple[int, str]]]] = {
        "draft": lambda left: _drafts(rows, wave, left),
        "empty": lambda left: _empty(rows, wave, left),
        "trial": lambda left: _trials(rows, wave, left),
        "too-few-answers": lambda left: _short(rows, wave, left),
        "must-answer": lambda left: _must_answer(rows, wave, left),
        "duplicate": lambda left: _duplicates(rows, wave, left),
    }
    kept = np.ones(len(rows.filled), dtype=bool)
    dropped: dict[str, int] = {}
    for rule in ROW_RULES:
        found = steps[rule](kept)
        for position, reason in found:
            ledger.drop(np.array([position], dtype=np.int64), rule, reason)
            kept[position] = False
        dropped[rule] = len(found)
    if wave.kept.duplicates is None:
        _suspect(rows, kept, ledger)
    return kept, dropped


def _drafts(rows: Rows, wave: WaveSettings, left: Flags) -> list[tuple[int, str]]:
    column = rows.raw.meta("draft")
    unsent = named(rows.raw.tool).unfinished_when_empty
    if wave.kept.drafts == "keep":
        return []
    if column is not None:
        marked = [normalise(str(text)) in _YES for text in rows.raw.cells[column.index]]
    elif unsent is not None and (column := rows.raw.meta(unsent)) is not None:
        marked = [blank(str(text)) for text in rows.raw.cells[column.index]]
    else:
        return []
    return [(int(p), f"colonne « {column.label} »") for p in np.flatnonzero(left & np.array(marked, dtype=bool))]


def _empty(rows: Rows, wave: WaveSettings, left: Flags) -> list[tuple[int, str]]:
    if wave.kept.empty == "keep":
        return []
    return [(int(p), "aucune réponse") for p in np.flatnonzero(left & ~rows.filled)]


def _trials(rows: Rows, wave: WaveSettings, left: Flags) -> list[tuple[int, str]]:
    trials = wave.kept.trials
    if trials is None:
        return []
    marks = {normalise(text) for text in trials.matches}
    texts = rows.text(trials.question)
    found = [p for p in np.flatnonzero(left) if normalise(str(texts[p])) in marks]
    return [(int(p), f"{trials.question} est l’un des textes d’essai déclarés") for p in found]


def _short(rows: Rows, wave: WaveSettings, left: Flags) -> list[tuple[int, str]]:
    least = wave.kept.minimum_answers
    # A row that `empty: keep` lets through is not caught here again.
    allowed = left & (rows.filled | (wave.kept.empty == "drop"))
    found = np.flatnonzero(allowed & (rows.answers < least))
    return [(int(p), f"{int(rows.answers[p])} réponse(s), minimum {least}") for p in found]


def _must_answer(rows: Rows, wave: WaveSettings, left: Flags) -> list[tuple[int, str]]:
    found: dict[int, list[str]] = {}
    for question in wave.kept.must_answer:
        for position in np.flatnonzero(left & ~rows.answered(question)):
            found.setdefault(int(position), []).append(question)
    return [(position, f"sans réponse à {', '.join(questions)}") for position, questions in sorted(found.items())]


def _alike(rows: Rows, left: Flags, question: str) -> list[tuple[int, int]]:
    """Rows that give one identifying answer: each with the first that gave it."""
    texts, seen = rows.text(question), dict[str, int]()
    pairs = []
    for position in map(int, np.flatnonzero(left)):
        key = identity(str(texts[position]))
        if key and (first := seen.setdefault(key, position)) != position:
            pairs.append((first, position))
    return pairs


def _same_content(rows: Rows, left: Flags, least: int) -> list[tuple[int, int]]:
    """Rows that give the same answers throughout: each with the first of them."""
    enough = np.flatnonzero(left & (rows.answers >= least))
    seen: dict[tuple[str, ...], int] = {}
    pairs = []
    cells = rows.raw.cells[list(rows.content)].iloc[enough]
    for position, texts in zip(map(int, enough), cells.itertuples(index=False, name=None), strict=True):
        key = tuple(text.strip() for text in texts)
        if (first := seen.setdefault(key, position)) != position:
            pairs.append((first, position))
    return pairs


def _suspect(rows: Rows, kept: Flags, ledger: Ledger) -> None:
    """Tell of rows that share an identifying answer where no rule says what they are."""
    for question, column in rows.identifying.items():
        positions = np.array(sorted({second for _, second in _alike(rows, kept, question)}), dtype=np.int64)
        ledger.finding(
            "duplicates-suspected",
            f"the answer to {question} is that of an earlier row, and no rule says whether both count: both are kept",
            column=column,
            positions=positions,
            fix=f"write `kept: {{duplicates: {{by: [{question}]}}}}` in wave.yml, or `duplicates: keep`",
        )


def _duplicates(rows: Rows, wave: WaveSettings, left: Flags) -> list[tuple[int, str]]:
    rule = wave.kept.duplicates
    if rule is None or rule == "keep":
        return []
    leader = np.arange(len(left))

    def lead(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = int(leader[position])
        return position

    found = [(question, _alike(rows, left, question)) for question in rule.by]
    if rule.content:
        found.append(("contenu", _same_content(rows, left, rule.content_minimum)))
    shared: dict[int, list[str]] = {}
    for name, pairs in found:
        for one, other in pairs:
            first, second = sorted((lead(one), lead(other)))
            leader[second] = first
            for position in (one, other):
                names = shared.setdefault(position, [])
                names += [name] if name not in names else []
    groups: dict[int, list[int]] = {}
    for position in shared:
        groups.setdefault(lead(position), []).append(position)
    out: list[tuple[int, str]] = []
    for members in groups.values():
        members.sort()
        stays = _stays(members, rule.keep, rows.answers)
        for position in members:
            if position != stays:
                by = ", ".join(shared[position])
                files = rows.raw.files
                where = "" if files is None or files[stays] == files[position] else f" de {files[stays]}"
                stayed = f"{rows.raw.rows[stays]}{where}"
                out.append((position, f"même {by} que la ligne {stayed}, conservée ({rule.keep})"))
    return sorted(out)


def _stays(members: list[int], keep: str, answers: npt.NDArray[np.int64]) -> int:
    if keep == "first":
        return members[0]
    if keep == "last":
        return members[-1]
    return max(members, key=lambda position: (answers[position], position))
