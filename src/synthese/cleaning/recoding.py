"""Free answers counted as what their sheets say.

Belongs here: the codes of a sheet applied to coded answers, and what is told of those that do not fit. Does not:
sheets themselves (`sheets`), texts of options (`coding`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthese.cleaning.columns import Coded, Desk, Flags, Objects
from synthese.cleaning.ledger import Ledger, Line
from synthese.cleaning.normal import MASK, shown
from synthese.cleaning.sheets import FreeText, FreeTexts, match
from synthese.codebook import Codebook, Variable, nearest, variables
from synthese.codebook.codeframe import AS_IT_IS, other, resolve
from synthese.codebook.codesheets import Sheet, SheetRow
from synthese.codebook.missing import ANSWERED
from synthese.errors import Fault

_WHO = ("user", "email")
_NAME = re.compile(r"\b(?:pr[ée]nom|nom|name|firstname|lastname|auteure?|author)\b", re.IGNORECASE)
CODED = "coded"
"""Rule of the journal's lines for answers that a sheet codes; they are applied after the routing."""


def widened(coded: Mapping[str, Coded], variables: tuple[Variable, ...]) -> dict[str, Coded]:
    """Give answers the options that coders made, which nobody has yet; an open answer is « Non classé » at first.

    Parameters
    ----------
    coded : mapping of str to Coded
        Answers to the questionnaire as it was asked; they are left as they are.
    variables : tuple of Variable
        The same variables with the options that coders made.
    """
    full = {variable.id: variable for variable in variables}
    out = dict(coded)
    for name, answers in coded.items():
        variable = full[name]
        if not any(option.coded for option in variable.options):
            continue
        ticks: dict[str, Flags] = {}
        if variable.kind == "multiple":
            last = other(variable.question)
            for code in variable.codes:
                given = answers.variable.kind == "open" and last is not None and code == last.code
                ticks[code] = answers.given.copy() if given else np.zeros(len(answers.status), dtype=bool)
                if code in answers.ticks:
                    ticks[code] = answers.ticks[code].copy()
        out[name] = replace(answers, variable=variable, status=answers.status.copy(), ticks=ticks)
    return out


def free_texts(
    coded: Mapping[str, Coded],
    texts: Mapping[str, Objects],
    personal: Mapping[str, tuple[bool, list[str]]],
    kept: Flags,
) -> FreeTexts:
    """Gather the texts that can be coded: those of « Autre » where it counts, and of open answers.

    Parameters
    ----------
    coded : mapping of str to Coded
        Answers after the routing, before any coding.
    texts : mapping of str to ndarray of str
        Texts set apart: of open questions by id, of « Autre » as ``F1.autre``.
    personal : mapping
        What `redaction.redactor` wants.
    kept : ndarray of bool
        Rows that are respondents.
    """
    answers = {}
    for name, one in coded.items():
        question = one.variable.question
        option = other(question)
        counts = kept & one.given
        if one.variable.kind != "open":
            if option is None or name != question.id:
                continue
            counts &= one.ticks.get(option.code, one.status == option.code)
        where = name if one.variable.kind == "open" else f"{name}.{option.code if option else ''}"
        if where in texts:
            answers[name] = np.where(counts, texts[where], "").astype(object)
    return FreeTexts(answers, personal)


@dataclass(frozen=True)
class Coding:
    """What a sheet says of the texts of a wave.

    Parameters
    ----------
    codes : mapping of int to tuple of str
        Place of a text to the options it was coded as; texts without code are not in it.
    second : mapping of int to tuple of str
        The same by the second coder, whose codes need no option.
    texts : tuple of FreeText
        Texts of the wave.
    faults : tuple of Fault
        What is wrong with the sheet, or left to do.
    """

    codes: Mapping[int, tuple[str, ...]]
    second: Mapping[int, tuple[str, ...]]
    texts: tuple[FreeText, ...]
    faults: tuple[Fault, ...]

    @property
    def left(self) -> tuple[FreeText, ...]:
        """Texts that have no code yet."""
        return tuple(text for place, text in enumerate(self.texts) if place not in self.codes)


def read_coding(sheet: Sheet, variable: Variable, texts: FreeTexts) -> Coding:
    """Make options of the codes of a sheet.

    Parameters
    ----------
    sheet : Sheet
        The sheet of the question in this wave.
    variable : Variable
        The question with the options that coders made.
    texts : FreeTexts
        Texts of the wave.
    """
    found = match(sheet, texts.of(sheet.question), texts.redact)
    last = other(variable.question)
    stays = last.code if last is not None else AS_IT_IS
    known = (*variable.codes, AS_IT_IS)
    codes: dict[int, tuple[str, ...]] = {}
    said: dict[int, SheetRow] = {}
    second: dict[int, tuple[str, ...]] = {}
    faults = [_apart(sheet, row) for row in found.apart]

    def options(row: SheetRow, given: tuple[str, ...], column: str) -> tuple[str, ...]:
        out = []
        for code in given:
            option = resolve(code, known)
            if option is None:
                faults.append(_unknown(sheet, row, code, variable, column))
            out.append(stays if option == AS_IT_IS else option or code.casefold())
        return tuple(dict.fromkeys(out))

    for row, place in zip(sheet.rows, found.of_row, strict=True):
        mine = options(row, row.codes, "code")
        theirs = options(row, row.second_codes, "second_coder")
        if variable.kind != "multiple" and len(mine) > 1:
            what = f"{len(mine)} codes are given, and {variable.id} has one answer a respondent"
            fix = "keep the one that fits best, or make a code of the two"
            faults.append(Fault("several-codes", what, sheet.file, row.line, "code", fix=fix))
            continue
        if place is None:
            continue
        if theirs:
            second.setdefault(place, theirs)
        if not mine:
            continue
        if place in codes and set(codes[place]) != set(mine):
            what = f"this text is coded otherwise in row {said[place].line}"
            fix = "keep one of the two codings, and empty the other one"
            faults.append(Fault("coded-twice", what, sheet.file, row.line, "code", fix=fix))
            continue
        known_here = tuple(code for code in mine if code in variable.codes)
        if len(known_here) == len(mine):
            codes.setdefault(place, mine)
            said.setdefault(place, row)
    coding = Coding(codes, second, found.texts, ())
    if coding.left:
        answers = sum(text.n for text in coding.left)
        what = (
            f"{len(coding.left)} texts of {variable.id} have no code yet ({answers} answers): they count as {stays!r}"
        )
        fix = f"synthese code {variable.id}, then give them codes ({stays}, or {AS_IT_IS}, where none fits)"
        faults.append(Fault("texts-to-code", what, sheet.file, column="code", fix=fix))
    return replace(coding, faults=tuple(faults))


def _apart(sheet: Sheet, row: SheetRow) -> Fault:
    what = "the key of this row is that of another text: the columns were sorted apart, and codes went astray"
    return Fault("key-of-another", what, sheet.file, row.line, "key", fix="take back the sheet as it was before")


def _unknown(sheet: Sheet, row: SheetRow, code: str, variable: Variable, column: str) -> Fault:
    held_back = resolve(code, [option.code for option in variable.question.options])
    if held_back is not None:
        what = f"{variable.id} was not offered {shown(code)!r} in this wave: its answers would not count"
        fix = "give a code of its own, with a label"
    else:
        what = f"{shown(code)!r} is no option of {variable.id}, and has no label that would make it one"
        fix = nearest(code, variable.codes) + " If it is new, give it a label: small letters, digits and _ in the code"
    rule = "unknown-code" if column == "code" else "unknown-second-code"
    return Fault(rule, what, sheet.file, row.line, column, fix=fix)


def recode(coded: dict[str, Coded], sheets: Mapping[str, Sheet], texts: FreeTexts, ledger: Ledger) -> list[Fault]:
    """Count free answers as their sheets say, with a line in the journal for each answer that changes.

    Parameters
    ----------
    coded : dict of str to Coded
        Answers with the options that coders made (`widened`); those concerned are changed in place.
    sheets : mapping of str to Sheet
        Sheets of the wave, by question.
    texts : FreeTexts
        Texts of the wave.
    ledger : Ledger
        Told of every answer that is coded; the text is masked.

    Returns
    -------
    list of Fault
        What is wrong with the sheets, or left to do.
    """
    faults: list[Fault] = []
    for name, sheet in sheets.items():
        answers = coded.get(name)
        if answers is None or not sheet.in_force or answers.variable.kind == "open":
            continue
        coding = read_coding(sheet, answers.variable, texts)
        faults += coding.faults
        last = other(answers.variable.question)
        if last is None:
            raise ValueError(f"{name} has no option for the texts without code")
        for place, codes in sorted(coding.codes.items()):
            if codes != (last.code,):
                _count(answers, coding.texts[place], codes, last.code, ledger)
        faults += _beside_exclusive(sheet, answers, coding)
    return faults


def _beside_exclusive(sheet: Sheet, answers: Coded, coding: Coding) -> list[Fault]:
    """Tell where coding put an exclusive option (« Aucun ») beside another: kept, as where people ticked both."""
    faults = []
    places = np.concatenate([coding.texts[place].places for place in coding.codes] or [np.empty(0, np.int64)])
    for option in answers.variable.options if answers.ticks else ():
        if option.exclusive:
            total = np.sum([flags[places] for flags in answers.ticks.values()], axis=0)
            both = int((answers.ticks[option.code][places] & (total > 1)).sum())
            if both:
                what = f"{both} coded answer(s) to {sheet.question} have {option.code!r} beside another option"
                fix = "they are counted in both; give one code, or none, where they contradict each other"
                faults.append(Fault("exclusive-with-others", what, sheet.file, column="code", fix=fix))
    return faults


def _count(answers: Coded, text: FreeText, codes: tuple[str, ...], last: str, ledger: Ledger) -> None:
    """Count the answers of one text as the options of its codes."""
    name, reason = answers.variable.id, f"coding/{answers.variable.id}.csv"
    if answers.ticks:
        answers.ticks[last][text.places] = False
        for code in codes:
            answers.ticks[code][text.places] = True
        answers.status[text.places] = ANSWERED
    else:
        answers.status[text.places] = codes[0]
    for place, told in zip(text.places, answers.told(text.places), strict=True):
        # Not through `Ledger.value`, which masks what an open answer became: here that is a code.
        ledger.values.append(Line(np.array([place]), name, answers.label, MASK, told, CODED, reason))


def coded_free_texts(
    coded: Mapping[str, Coded],
    desk: Desk,
    codebook: Codebook,
    kept: Flags,
    sheets: Mapping[str, Sheet],
) -> tuple[dict[str, Coded], FreeTexts, list[Fault]]:
    """Count the free answers of a wave as its sheets say.

    This comes after the routing, which is what the form did with the answer as it was given, and after the choice
    of respondents, whose answers are no more and no fewer for being coded.

    Parameters
    ----------
    coded : mapping of str to Coded
        Answers as they were given; left as they are.
    desk : Desk
        Holds the texts, and the ledger told of every answer that is coded.
    codebook : Codebook
        With the options that coders made.
    kept : ndarray of bool
        Rows that are respondents.
    sheets : mapping of str to Sheet
        Sheets of the wave, by question.

    Returns
    -------
    dict, FreeTexts, list of Fault
        Answers with the options that coders made, the texts that can be coded, what is wrong or left to do.
    """
    personal = {
        question.id: (question.role == "contact", [str(text) for text in desk.texts[question.id]])
        for question in codebook.questions
        if question.personal and question.id in desk.texts
    }
    personal |= {
        f"{column.label}, {column.position}": (True, [str(text) for text in desk.raw.cells[column.index]])
        for column in desk.raw.columns
        if column.kind == "meta" and (column.meta in _WHO or _NAME.search(column.label))
    }
    texts = free_texts(coded, desk.texts, personal, kept)
    out = widened(coded, variables(codebook, desk.wave.id))
    return out, texts, recode(out, sheets, texts, desk.ledger)
