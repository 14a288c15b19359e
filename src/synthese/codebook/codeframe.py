"""What coding free answers adds to a codebook: the options that coders made.

Belongs here: which questions can be coded, the options that the sheets of all waves declare, the codebook with
them and without. Does not: reading a sheet (`codesheets`), the texts themselves (`synthese.cleaning`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from synthese.codebook.checks import nearest
from synthese.codebook.codesheets import Sheet, SheetRow
from synthese.codebook.model import Codebook, Option, Question, Regrouping, WaveType
from synthese.errors import Fault, SyntheseError

Sheets = Mapping[str, Mapping[str, Sheet]]
"""Sheets by wave, oldest first, then by question."""

AS_IT_IS = "_"
"""Code of a text that was read and stays where it is: « Autre », or « Non classé » of an open question."""

UNSORTED = Option(code="non_classe", label="Non classé", other=True, coded=True)
"""Where the answers to an open question stand whose text has no theme, or none yet: they stay in the base."""

_CODE = re.compile(r"[a-z0-9][a-z0-9_]*")


def codable(question: Question) -> bool:
    """Whether free answers can be coded: an open question, or « Autre » of one with options; never a personal one."""
    if question.personal:
        return False
    return question.type == "open" or (
        question.type in ("single", "ordinal", "multiple") and other(question) is not None
    )


def other(question: Question) -> Option | None:
    """Find the option that free text counts in."""
    return next((option for option in question.options if option.other), None)


def resolve(code: str, known: Iterable[str]) -> str | None:
    """Find the option that a code in a sheet means: as written, in other case, or a number that lost its zeros."""
    known = list(known)
    if code in known:
        return code
    same = [one for one in known if one.casefold() == code.casefold()]
    same = same or [one for one in known if code.isdecimal() and one.isdecimal() and int(one) == int(code)]
    return same[0] if len(same) == 1 else None


def check_sheets(codebook: Codebook, sheets: Sheets) -> None:
    """Check that each sheet is one of a question that its wave asked and that can be coded.

    Raises
    ------
    SyntheseError
        All those that are not.
    """
    questions = codebook.by_id
    faults = []
    for wave, held in sheets.items():
        known = [q.id for q in codebook.questions if codable(q) and q.asked(wave)]
        for name, sheet in held.items():
            if name not in questions:
                what = f"this sheet is named after {name!r}, and there is no such question"
                faults.append(Fault("unknown-question", what, sheet.file, fix=nearest(name, known)))
            elif name not in known:
                what = f"{name} cannot be coded: it is personal, was not asked, or has neither free text nor « Autre »"
                faults.append(Fault("not-codable", what, sheet.file, fix=nearest(name, known)))
    if faults:
        raise SyntheseError(faults)


def new_codes(question: Question, row: SheetRow) -> tuple[str, ...]:
    """Codes of a row that the codebook does not have."""
    known = [AS_IT_IS, *(option.code for option in question.options)]
    known += [UNSORTED.code] if question.type == "open" else []
    return tuple(code for code in row.codes if resolve(code, known) is None)


def labels(question: Question, sheets: Iterable[Sheet]) -> tuple[dict[str, str], list[Fault]]:
    """Gather the labels that rows give to new codes, each once, wherever it stands.

    Several new codes in a row have their labels parted by ``|``; those labelled elsewhere may be left out.

    Returns
    -------
    dict, list of Fault
        New code to label, in the order in which they are first labelled; codes that have two labels, of which the
        first counts, and labels of which it is not known what they name.
    """
    rows = [(sheet, row) for sheet in sheets for row in sheet.rows if row.label]
    told: dict[str, str] = {}
    left = rows
    while True:
        waiting = []
        for sheet, row in left:
            new = [code.casefold() for code in new_codes(question, row)]
            given = [part.strip() for part in row.label.split("|")]
            without = [code for code in new if code not in told]
            named = new if len(new) == len(given) else without
            if len(named) == len(given) and all(given):
                for code, label in zip(named, given, strict=True):
                    told.setdefault(code, label)
            else:
                waiting.append((sheet, row))
        if len(waiting) == len(left):
            break
        left = waiting
    faults = []
    for sheet, row in rows:
        new = [code.casefold() for code in new_codes(question, row)]
        given = [part.strip() for part in row.label.split("|")]
        for code, label in zip(new, given, strict=False) if len(new) == len(given) else ():
            if told.get(code, label) != label:
                what = f"code {code!r} of {question.id} has the label {label!r} here and {told[code]!r} before"
                fix = "give it one label; the first counts"
                faults.append(Fault("two-labels", what, sheet.file, row.line, "label", fix=fix))
    for sheet, row in left:
        if new_codes(question, row):
            what = f"{len(row.label.split('|'))} label(s) stand beside {len(new_codes(question, row))} new code(s)"
            fix = "one label a new code, in their order, parted by |"
            faults.append(Fault("label-of-what", what, sheet.file, row.line, "label", fix=fix))
    return told, faults


def in_force(sheets: Mapping[str, Sheet]) -> tuple[str, ...]:
    """List the waves whose sheet of a question counts; none, as long as nothing is coded in any of them."""
    coded = any(row.codes for sheet in sheets.values() for row in sheet.rows)
    return tuple(wave for wave, sheet in sheets.items() if coded and sheet.in_force)


def extended(codebook: Codebook, sheets: Sheets) -> Codebook:
    """Add the options that coders made to the questions they coded, so that everything counts them like any other.

    A new option stands before « Autre » and belongs to the waves in which a sheet of its question is in force; a
    regrouping holds it where it holds « Autre ». An open question is, in those waves, a multiple response of its
    themes, « Non classé » the last.

    Parameters
    ----------
    codebook : Codebook
        What was asked.
    sheets : mapping
        Of every wave of the study, oldest first.
    """
    made: dict[str, tuple[Option, ...]] = {}
    questions = []
    for question in codebook.questions:
        held = {wave: here[question.id] for wave, here in sheets.items() if question.id in here}
        waves = in_force(held)
        if not codable(question) or not (waves or any(option.coded for option in question.options)):
            questions.append(question)
            continue
        told, _ = labels(question, held.values())
        new = tuple(
            Option(code=code, label=label, coded=True, waves=waves)
            for code, label in told.items()
            if _CODE.fullmatch(code)
        )
        made[question.id] = new
        full = _with(question, new, waves)
        questions.append(full.as_recoded({wave: _moved(full, held[wave]) for wave in waves}))
    regroupings = tuple(_regrouped(regrouping, codebook, made) for regrouping in codebook.regroupings)
    return codebook.model_copy(update={"questions": tuple(questions), "regroupings": regroupings})


def _moved(question: Question, sheet: Sheet) -> tuple[str, ...]:
    """Options to which a sheet takes answers, and the one from which it takes them; none where all stay."""
    last = other(question)
    known = [option.code for option in question.options]
    to = {resolve(code, known) for row in sheet.rows for code in row.codes} - {None, last.code if last else None}
    return tuple(code for code in known if code in to or (to and last is not None and code == last.code))


def _with(question: Question, new: tuple[Option, ...], waves: tuple[str, ...]) -> Question:
    # What the codebook itself declares as coded (for a `short` or a `lecture`) counts where texts were coded.
    options = tuple(
        option.model_copy(update={"waves": waves}) if option.coded and option.waves is None else option
        for option in question.options
    )
    if question.type == "open":
        last = () if other(question) else (UNSORTED.model_copy(update={"waves": waves}),)
        types = tuple(WaveType(wave=wave, type="multiple") for wave in waves)
        return question.model_copy(update={"options": (*options, *new, *last), "type_in": types})
    place = next(number for number, option in enumerate(options) if option.other)
    return question.model_copy(update={"options": (*options[:place], *new, *options[place:])})


def _regrouped(regrouping: Regrouping, codebook: Codebook, made: Mapping[str, tuple[Option, ...]]) -> Regrouping:
    name = regrouping.id.partition("@")[0]
    question = codebook.by_id.get(name)
    before = other(question) if question is not None and name in made else None
    if before is None:
        return regrouping
    codes = tuple(option.code for option in made[name])
    groups = tuple(
        group.model_copy(update={"of": (*group.of, *codes)}) if before.code in group.of else group
        for group in regrouping.groups
    )
    return regrouping.model_copy(update={"groups": groups})


def as_asked(codebook: Codebook) -> Codebook:
    """Take away what coding added: the questionnaire as people filled it in."""

    def asked(question: Question) -> Question:
        if not any(option.coded for option in question.options):
            return question.as_recoded({}) if question.recoded else question
        kept = tuple(option for option in question.options if not option.coded)
        types = () if question.type == "open" else question.type_in
        return question.model_copy(update={"options": kept, "type_in": types}).as_recoded({})

    return codebook.model_copy(update={"questions": tuple(asked(question) for question in codebook.questions)})


def sheet_remarks(codebook: Codebook, sheets: Sheets) -> Iterator[Fault]:
    """Tell what is odd between the sheets of a study: labels that differ, a question coded in some waves only."""
    for question in codebook.questions:
        held = {wave: here[question.id] for wave, here in sheets.items() if question.id in here}
        yield from labels(question, held.values())[1]
        coded = in_force(held)
        left = [wave for wave in sheets if question.asked(wave) and wave not in coded]
        for wave in coded if left else ():
            what = f"the texts of {question.id} are coded in {', '.join(coded)} and not in {', '.join(left)}"
            fix = f"code them too, or their shares are not to be compared: synthese code --wave {left[0]} {question.id}"
            yield Fault("coded-in-some-waves", what, held[wave].file, fix=fix)
