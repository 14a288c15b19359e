"""Why an answer is missing, where the tool says so or ``wave.yml`` declares it.

Belongs here: texts that give a reason in place of an answer, gathered over the columns of a question and made
its status; what an export cannot tell apart. Does not: reasons that follow from routing (`routing`), answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.cleaning.columns import Coded, Desk, Distinct, Flags, distinct
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.normal import blank, normalise, shown
from synthese.codebook import Codebook, Question, Variable, nearest
from synthese.codebook.missing import DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, NOT_ASKED, Reason
from synthese.errors import Fault, SyntheseError
from synthese.exports import RawColumn
from synthese.study import WaveSettings

ANY: Final = "any"
TOLD, DECLARED = "absence-told", "absence-declared"
_WHY = {TOLD: "l’outil le dit", DECLARED: "`missing` de wave.yml"}

# Of several columns of one question the weightiest word counts: one column that was shown tells that it was asked.
_WEIGHTS: Final[tuple[Reason, ...]] = (NOT_ASKED, NO_ANSWER, NOT_APPLICABLE, DONT_KNOW)
_HIDDEN, _SAID = 1, 3  # weights, from 1: not asked; those that are an answer, from here on

Own = Callable[[str], bool]


def check_missing(wave: WaveSettings, codebook: Codebook) -> None:
    """Check the questions that ``missing`` of ``wave.yml`` names.

    Raises
    ------
    SyntheseError
        Questions or grid rows that the wave did not ask: all of them.
    """
    asked = [question for question in codebook.questions if question.asked(wave.id)]
    known = [ANY, *(q.id for q in asked), *(f"{q.id}.{r.code}" for q in asked if q.type == "grid" for r in q.rows)]
    faults = [
        Fault(
            "unknown-question",
            f"wave {wave.id!r} did not ask a question {name!r}",
            file="wave.yml",
            path=f"missing.{name}",
            fix=nearest(name, known),
        )
        for name in wave.missing
        if name not in known
    ]
    if faults:
        raise SyntheseError(faults)


@dataclass(frozen=True)
class Absences:
    """Texts of one column that say why there is no answer.

    Parameters
    ----------
    declared : mapping of str to Reason
        Of this question in ``wave.yml``, normalised; they come before the options.
    general : mapping of str to Reason
        Of any question in ``wave.yml``, normalised; a text that is an option of the question is that option.
    column : RawColumn
        What the tool says: as ``general``, by the text as it stands; and the labels of texts.
    """

    declared: Mapping[str, Reason]
    general: Mapping[str, Reason]
    column: RawColumn

    @property
    def none(self) -> bool:
        """Whether no text can say so."""
        return not (self.declared or self.general or self.column.missing)

    @property
    def tells_hidden(self) -> bool:
        """Whether some text says that the question was not shown."""
        return NOT_ASKED in (*self.declared.values(), *self.general.values(), *self.column.missing.values())

    @property
    def of_blank(self) -> Reason | None:
        """What an empty cell says."""
        return self.declared.get("") or self.general.get("") or self.column.missing.get("")

    def find(self, text: str, own: Own) -> tuple[Reason, str] | None:
        """Find the reason that a text gives, and the rule by which; None where it gives none."""
        label = self.column.labels.get(text, self.column.labels.get(text.strip(), ""))
        if self.declared or self.general:
            forms = [normalise(text), *([normalise(label)] if label else [])]
            for rule, known in ((DECLARED, self.declared), ("", {}) if own(text) else (DECLARED, self.general)):
                if found := next((known[form] for form in forms if form and form in known), None):
                    return found, rule
        told = self.column.missing.get(text) or self.column.missing.get(text.strip())
        return (told, TOLD) if told is not None and not own(text) else None


def absences(wave: WaveSettings, question: Question, target: str, column: RawColumn) -> Absences:
    """Gather what a column's texts say of missing answers; a grid row's declarations come before its question's."""

    def of(*names: str) -> dict[str, Reason]:
        out: dict[str, Reason] = {}
        for name in names:
            for text, reason in wave.missing.get(name, {}).items():
                out[normalise(text)] = _REASON_OF[reason]
        return out

    return Absences(of(question.id, target), of(ANY), column)


_REASON_OF: Final[Mapping[str, Reason]] = {
    "not_asked": NOT_ASKED,
    "no_answer": NO_ANSWER,
    "dont_know": DONT_KNOW,
    "not_applicable": NOT_APPLICABLE,
}


def never(text: str) -> bool:
    """Say of no text that it is an answer whatever ``missing`` says."""
    del text
    return False


def told_apart(desk: Desk, question: Question, source: Source) -> pd.Series:
    """Texts of a column, empty where they only say why there is no answer."""
    cells = desk.cells(source)
    known = absences(desk.wave, question, question.id, source.column)
    if known.none:
        return cells
    texts = [str(text) for text in cells.unique()]
    gone = [text for text in texts if not blank(text) and known.find(text, never) is not None]
    return cells.where(~cells.isin(gone), "") if gone else cells


@dataclass(frozen=True)
class _Said:
    """One text of one column that says why, and in which records."""

    positions: Positions
    weight: int
    text: str
    label: str
    rule: str


@dataclass
class Told:
    """What the columns of one variable say of missing answers.

    Parameters
    ----------
    desk : Desk
        The desk.
    variable : Variable
        The question or grid row.
    weight : ndarray of int, shape (n,)
        Weightiest reason of each record (from 1, in the order of `_WEIGHTS`); 0 = none is told.
    shown : ndarray of bool, shape (n,)
        Records in which some column holds a text of its own, such as a box not ticked.
    hidden : ndarray of bool, shape (n,)
        Records in which a column that stands for the question says that it was not shown.
    filled : ndarray of bool, shape (n,)
        Records in which some column holds a text, whatever it says.
    """

    desk: Desk
    variable: Variable
    weight: npt.NDArray[np.int8] = field(init=False)
    shown: Flags = field(init=False)
    hidden: Flags = field(init=False)
    filled: Flags = field(init=False)
    said: list[_Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = self.desk.size
        self.weight = np.zeros(size, dtype=np.int8)
        self.shown, self.hidden, self.filled = (np.zeros(size, dtype=bool) for _ in range(3))

    def read(self, sources: Sequence[Source], own: Own = never) -> Distinct:
        """Take the texts of columns that hold one thing, without those that say why there is none.

        Parameters
        ----------
        sources : sequence of Source
            Several, where a question is repeated in the branches of a form: hidden in one is no contradiction.
        own : callable
            Whether a text is an answer to the question by itself; then it is one, whatever is said of texts in
            general.
        """
        desk, label = self.desk, sources[0].label
        if len(sources) == 1:
            texts, hidden = self._without(desk.distinct(desk.cells(sources[0]), label, ticks=True), sources[0], own)
        else:
            hidden = np.zeros(desk.size, dtype=bool)

            def cells(source: Source) -> pd.Series:
                nonlocal hidden
                column = desk.cells(source)
                left, here = self._without(distinct(column), source, own)
                hidden |= here
                return column.where(left.codes >= 0, "")

            texts = desk.distinct(desk.merged(sources, self.variable.id, cells), label, ticks=True)
            hidden &= texts.codes < 0
        self.hidden |= hidden
        desk.filled |= texts.codes >= 0
        return texts

    def read_part(self, source: Source, own: Own, *, stands: bool) -> Distinct:
        """Take the texts of the column of one option or item; ``stands``: hidden, it hides the question."""
        desk = self.desk
        texts, hidden = self._without(desk.distinct(desk.cells(source), source.label, ticks=True), source, own)
        self.shown |= texts.codes >= 0
        if stands:
            self.hidden |= hidden
        return texts

    def _without(self, texts: Distinct, source: Source, own: Own) -> tuple[Distinct, Flags]:
        hidden = np.zeros(self.desk.size, dtype=bool)
        self.filled |= texts.codes >= 0
        known = absences(self.desk.wave, self.variable.question, self.variable.id, source.column)
        if known.none:
            return texts, hidden
        gone = np.zeros(len(texts.texts) + 1, dtype=bool)
        entries = []
        for index, text in enumerate(texts.texts):
            found = None if blank(text) else known.find(text, own)
            if found is not None:
                gone[index] = True
                entries.append(_Said(texts.where(index), _WEIGHTS.index(found[0]) + 1, text, source.label, found[1]))
        if (reason := known.of_blank) is not None:
            empty = np.flatnonzero(texts.codes < 0).astype(np.int64)
            # An empty cell that the tool explains is no change: it gets no line, and replaying reads it again.
            entries.append(_Said(empty, _WEIGHTS.index(reason) + 1, "", source.label, ""))
        for entry in entries:
            self.weight[entry.positions] = np.maximum(self.weight[entry.positions], entry.weight)
            if entry.weight == _HIDDEN:
                hidden[entry.positions] = True
        self.said += entries
        return Distinct(np.where(gone[texts.codes], -1, texts.codes), texts.texts), hidden

    def settle(self, coded: Coded) -> Coded:
        """Give the records without answer the reason told, each with a line; an answer that was hidden is a finding."""
        coded.empty = ~self.filled
        if not self.said:
            return coded
        desk, target = self.desk, self.variable.id
        given = coded.given
        self.weight[(self.weight == _HIDDEN) & self.shown] = 0
        open_ = (self.weight > 0) & ~given
        for weight, reason in enumerate(_WEIGHTS, start=1):
            coded.status[open_ & (self.weight == weight)] = reason
        desk.filled |= self.weight >= _SAID
        for entry in self.said:
            here = entry.positions[open_[entry.positions] & (self.weight[entry.positions] == entry.weight)]
            open_[here] = False
            rule = entry.rule or TOLD
            # Empty cells have a line only beside a text, which has its own that replaying would stop at.
            here = here if entry.rule else here[self.filled[here]]
            if not desk.exact:
                reason = _WEIGHTS[entry.weight - 1]
                desk.ledger.value(here, target, entry.label, shown(entry.text), reason, rule, _WHY[rule])
        both = np.flatnonzero(self.hidden & given).astype(np.int64)
        if len(both) and not desk.exact:
            desk.ledger.finding(
                "hidden-with-answer",
                f"the export says that {target} was not shown, and an answer to it is given: it is kept",
                column=coded.label,
                positions=both,
                fix="look at these rows in the export",
            )
            told = coded.told(both)
            desk.each(both, target, coded.label, told, told, "hidden-with-answer", "réponse à une question non montrée")
        return coded


def report_alike(
    desk: Desk, coded: Mapping[str, Coded], sources: Mapping[str, Sequence[Source]], kept: Flags
) -> tuple[str, ...]:
    """Say once for an export how many questions have empty cells of which nothing tells whether they were shown.

    Questions with routing are left out: the codebook tells who was asked. So are those for which the tool, or
    ``missing`` of ``wave.yml``, has a text that says so.

    Returns
    -------
    tuple of str
        The ids of these questions, in the order of the questionnaire.
    """
    questions: dict[str, bool] = {}
    for answers in coded.values():
        question = answers.variable.question
        if question.routing is None and not tells_hidden(desk, answers.variable, sources[question.id]):
            empty = answers.empty & (answers.status == NO_ANSWER) & kept
            questions[question.id] = questions.get(question.id, False) or bool(empty.any())
    alike = [name for name, empty in questions.items() if empty]
    if not alike:
        return ()
    shortly = ", ".join(alike[:10]) + ("…" if len(alike) > 10 else "")
    desk.ledger.finding(
        "absences-alike",
        f"this export does not tell a question that was not shown from one left empty: {len(alike)} questions without "
        f"routing in codebook.yml have empty cells that may be either ({shortly}); they count as asked, and the base "
        "of their percentages is those who answered",
        fix="where the form shows a question to some only, declare its `routing` in codebook.yml, "
        "or the text that says so under `missing` in wave.yml",
    )
    return tuple(alike)


def tells_hidden(desk: Desk, variable: Variable, sources: Iterable[Source]) -> bool:
    """Whether some text of a variable's columns says that the question was not shown."""
    return any(absences(desk.wave, variable.question, variable.id, s.column).tells_hidden for s in sources)
