"""What coders made of a wave's free answers: how much is coded, and how far two coders agree.

Belongs here: the state of a wave's coding, for a notebook, the command line and `synthese check`. Does not: files
(`codesheets`), which text a row is about (`synthese.cleaning`), the formula of κ (`synthese.statistics`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from synthese.cleaning.recoding import Coding, read_coding
from synthese.cleaning.sheets import FreeTexts
from synthese.codebook import Codebook, variable
from synthese.codebook.codesheets import Sheet
from synthese.errors import Fault
from synthese.formatting import decimal_text, k_of_n, percent_text
from synthese.statistics.agreement import Agreement, cohen_kappa, crossed

_WHY_NOT = {
    "no-unit": ("aucune réponse codée deux fois", "no answer was coded twice"),
    "one-category": ("une seule catégorie employée", "one category only was used"),
    "several-codes": ("plusieurs codes par réponse : voir chaque code", "several codes an answer: see each code"),
}


@dataclass(frozen=True)
class State:
    """How far the coding of a question is, or how far two coders agree on one of its codes.

    Parameters
    ----------
    question : str
        Question id.
    code : str or None
        A code, of which both coders say whether it fits an answer; None = the question.
    texts, answers, left : int
        Distinct texts, answers that gave them, and texts without code.
    agreement : Agreement or None
        Over the answers whose text both coders coded; None where there is no second coder. Units are answers, not
        distinct texts: a text given by three people counts three times, as in every share. The standard error
        takes them as independent, which answers of the same text are not.
    agreed : int
        Answers that both coded alike.
    """

    question: str
    code: str | None
    texts: int
    answers: int
    left: int
    agreement: Agreement | None = None
    agreed: int = 0

    @property
    def words(self) -> str:
        """Agreement in words, in English; empty where there is no second coder."""
        one = self.agreement
        if one is None:
            return ""
        why = f"κ cannot be computed: {_WHY_NOT[one.reason][1]}" if one.reason else ""
        if not one.base:
            return why
        alike = f"{self.agreed} of {one.base} answers coded alike"
        if one.kappa is None:
            return f"{alike}; {why}"
        error = "without standard error" if one.error is None else f"standard error {one.error:.3f}"
        return f"{alike}, κ = {one.kappa:.3f} ({error})"


def coding_states(codebook: Codebook, wave: str, sheets: Mapping[str, Sheet], free: FreeTexts) -> tuple[State, ...]:
    """Tell the state of a wave's coding: one a sheet, then one a code where two coders gave several codes an answer.

    Where both coders gave one code to each answer that both coded, the question has one κ. Otherwise it has the
    number of answers to which both gave the same set of codes, and each code a κ, there or not there.

    Parameters
    ----------
    codebook : Codebook
        With the options that coders made.
    wave : str
        Wave id.
    sheets : mapping of str to Sheet
        Of the wave, by question.
    free : FreeTexts
        Texts of the wave.
    """
    return tuple(
        state
        for name, sheet in sheets.items()
        for state in _states(sheet, read_coding(sheet, variable(codebook, name, wave), free))
    )


def _states(sheet: Sheet, coding: Coding) -> Iterable[State]:
    answers = sum(text.n for text in coding.texts)
    size = (len(coding.texts), answers, len(coding.left))
    if not any(row.second_codes for row in sheet.rows):
        yield State(sheet.question, None, *size)
        return
    both = sorted(set(coding.codes) & set(coding.second))
    pairs = [(coding.codes[place], coding.second[place]) for place in both]
    units = [coding.texts[place].n for place in both]
    agreed = sum(n for (first, second), n in zip(pairs, units, strict=True) if set(first) == set(second))
    if all(len(first) == len(second) == 1 for first, second in pairs):
        table = crossed([first[0] for first, _ in pairs], [second[0] for _, second in pairs], units)
        yield State(sheet.question, None, *size, cohen_kappa(table), agreed)
        return
    whole = Agreement(sum(units), agreed / sum(units), reason="several-codes")
    yield State(sheet.question, None, *size, whole, agreed)
    for code in sorted({code for pair in pairs for codes in pair for code in codes}):
        first = [str(code in one) for one, _ in pairs]
        second = [str(code in other) for _, other in pairs]
        alike = sum(n for a, b, n in zip(first, second, units, strict=True) if a == b)
        yield State(sheet.question, code, *size, cohen_kappa(crossed(first, second, units)), alike)


def coding_table(states: Iterable[State]) -> pd.DataFrame:
    """Lay the state of a coding out for a notebook, in French."""
    rows = []
    for state in states:
        one = state.agreement
        why = _WHY_NOT[one.reason][0] if one and one.reason else ""
        rows.append(
            {
                "question": state.question,
                "code": state.code or "",
                "textes": str(state.texts) if state.code is None else "",
                "réponses": str(state.answers) if state.code is None else "",
                "textes à coder": str(state.left) if state.code is None else "",
                "codées de même": _alike(state),
                "κ": "" if one is None or one.kappa is None else decimal_text(one.kappa, 2),
                "erreur type": "" if one is None or one.error is None else decimal_text(one.error, 2),
                "remarque": f"κ non calculable : {why}" if why else "",
            }
        )
    columns = ["question", "code", "textes", "réponses", "textes à coder", "codées de même", "κ", "erreur type"]
    return pd.DataFrame(rows, columns=[*columns, "remarque"])


def _alike(state: State) -> str:
    base = state.agreement.base if state.agreement else 0
    return f"{k_of_n(state.agreed, base)} ({percent_text(state.agreed, base)})" if base else ""


def rare_codes(
    codebook: Codebook, wave: str, sheets: Mapping[str, Sheet], responses: pd.DataFrame, minimum: int
) -> tuple[Fault, ...]:
    """Tell the options made by coding that too few chose to be published: they may take their question with them.

    Parameters
    ----------
    codebook, wave, sheets
        As given to `coding_states`.
    responses : DataFrame
        Clean answers of the wave.
    minimum : int
        Smallest count that the study publishes.
    """
    faults = []
    for name, sheet in sheets.items():
        one = variable(codebook, name, wave)
        for option in one.options:
            column = one.option_columns[option.code]
            chosen = responses[column] if one.kind == "multiple" else responses[name] == option.code
            count = int(chosen.sum())
            if option.coded and not option.other and 0 < count < minimum:
                what = f"{option.code!r} of {name} has {count} answer(s), under the {minimum} that may be published"
                fix = "a broader code, or `_`: many rare options keep the whole question from being published"
                faults.append(Fault("rare-code", what, sheet.file, column="code", fix=fix))
    return tuple(faults)


def coding_remarks(states: Iterable[State], sheets: Mapping[str, Sheet]) -> tuple[Fault, ...]:
    """Tell the agreement of two coders as `synthese check` lists it; of single codes, those on which they differ."""
    return tuple(
        Fault(
            "coders-agree",
            f"{state.question}{f', code {state.code}' if state.code else ''}: {state.words}",
            sheets[state.question].file,
            column="second_coder",
            fix=None if state.agreed == state.agreement.base else "look at the texts on which the coders differ",
        )
        for state in states
        if state.agreement is not None and (state.code is None or state.agreed < state.agreement.base)
    )
