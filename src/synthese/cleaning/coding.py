"""One answer a respondent: single and ordinal questions, grid rows, numbers, open answers.

Belongs here: texts of a column to codes, and what is told of those that do not fit. Does not: several
answers a respondent (`several`), who was asked (`routing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from synthese.cleaning.absences import Told
from synthese.cleaning.choices import Choices, choices, excel_date
from synthese.cleaning.columns import Coded, Desk, Distinct, Flags, Objects, answered_where
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.normal import MASK, normalise, shown
from synthese.cleaning.numbers import Number, read_number, written
from synthese.cleaning.ticks import free_options, read_ticks
from synthese.codebook import Variable, nearest
from synthese.codebook.missing import NO_ANSWER

_NEAR = 85
_REASONS = {
    "number-parsed": "écriture du nombre",
    "scientific-notation": "notation scientifique",
    "ambiguous-number": "séparateur suivi de trois chiffres",
}


def choices_of(desk: Desk, variable: Variable, sources: Iterable[Source] = ()) -> Choices:
    """Texts by which the export may name the options of a question or grid row, the labels of columns included."""
    options = variable.options if variable.kind == "ranking" else variable.question.options
    known = choices(options, desk.wave.id, desk.aliases(variable.question, variable.id))
    known = known.plain if desk.exact else known
    for source in sources:
        known = known.labelled(source.column.labels)
    return known


def not_an_option(
    desk: Desk, known: Choices, target: str, label: str, text: str, positions: Positions, fix_path: str
) -> str:
    """Report a text that is no option; returns the rule under which it is set aside."""
    form = normalise(text)
    said = known.unlisted.get(text.strip())
    if said is not None:
        code, what = "unknown-option", f"{shown(text)!r} stands for {shown(said)!r}, which is no option of {target}"
        fix = f"{nearest(said, known.labels)}; or declare {shown(text)!r} under `option_aliases` ({fix_path})"
    elif excel_date(text):
        code, what = "excel-date", f"{shown(text)!r} is a date that a spreadsheet made of an option"
        fix = f"correct the export, or declare which option it is under `option_aliases` ({fix_path}) in wave.yml"
    elif form in known.withheld:
        code, what = "unknown-option", f"the codebook says that this wave did not offer {shown(text)!r}"
        fix = f"correct `waves` of option {known.withheld[form]!r} of {fix_path} in codebook.yml"
    else:
        code, what = "unknown-option", f"{shown(text)!r} is no option of {target}"
        fix = f"{nearest(text, known.labels)}; or declare it under `option_aliases` ({fix_path}) in wave.yml"
    desk.ledger.finding(code, what, column=label, positions=positions, fix=fix)
    return code


def free_text(desk: Desk, known: Choices, target: str, label: str, text: str, positions: Positions) -> None:
    """Keep the text of « Autre » apart, and say where it looks like an option, or is one of another wave."""
    other = known.other
    if other is None:
        raise ValueError(f"{target} has no option for free text")
    text = re.sub(rf"^{re.escape(_stem(other.label))}\s*[:\-–—]\s*", "", text.strip(), flags=re.IGNORECASE)
    desk.keep_text(f"{target}.{other.code}", positions, text)
    for form, code in known.withheld.items():
        # A wave that is not in `waves` yet would else publish an option's answers as « Autre ».
        if re.search(rf"(?:^|[,;|])\s*{re.escape(form)}\s*(?:$|[,;|])", normalise(text)):
            desk.ledger.finding(
                "unknown-option",
                f"the codebook says that this wave did not offer option {code!r} of {target}, yet its text is here",
                column=label,
                positions=positions,
                fix=f"add {desk.wave.id!r} to `waves` of {code!r} in codebook.yml; if it was typed as {other.label!r}, "
                f"declare that under `option_aliases` ({target}) in wave.yml",
                merged=True,
            )
    forms = known.listed
    found = process.extractOne(normalise(text), forms.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    if found:
        desk.ledger.finding(
            "other-near-option",
            f"a text counted as {other.label!r} is close to the option {forms[found[0]]!r}",
            column=label,
            positions=positions,
            fix="if it is that option, declare it under `option_aliases` in wave.yml",
        )


def _stem(label: str) -> str:
    """« Autre : préciser » without what follows the word."""
    return re.split(r"\s*[:(…]|\.\.\.", label, maxsplit=1)[0].strip() or label


def code_single(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a single or ordinal question, or a grid row.

    A text that is no option counts as « Autre » where the question has it; otherwise it is set aside as
    ``_no_answer`` under the finding ``unknown-option``, which stops the wave.
    """
    whole = [source for source in sources if source.holds != "option"]
    parts = [source for source in sources if source.holds == "option"]
    known = choices_of(desk, variable, whole)
    target, told = variable.id, Told(desk, variable)
    label = (whole or parts)[0].label
    if whole:
        declared = {text: code for source in whole for text, code in source.values.items() if not desk.exact}
        texts = told.read(whole, lambda text: text in declared or known.match(text) is not None)
        _relabelled(desk, known, target, label, texts)
        table: list[str] = [NO_ANSWER] * len(texts.texts)
        for index, text in texts.there:
            match = known.exact.get(text)
            if match is not None and match.rule is None and not declared:
                table[index] = match.code
            else:
                table[index] = _code_of(desk, known, target, label, text, texts.where(index), declared)
        status = texts.spread(table, NO_ANSWER)
    else:
        status = np.full(desk.size, NO_ANSWER, dtype=object)
    _option_columns(desk, told, variable, parts, status, alone=not whole)
    return told.settle(Coded(variable, status, label=label))


def _relabelled(desk: Desk, known: Choices, target: str, label: str, texts: Distinct) -> None:
    """Tell of texts that are one option by code while the export gives them the label of another, or of none."""
    if desk.exact or not known.relabelled:
        return
    for index, text in texts.there:
        if text.strip() not in known.relabelled:
            continue
        said, code = known.relabelled[text.strip()]
        match = known.match(text)
        taken = known.option(match.code).label if match is not None else ""
        desk.ledger.finding(
            "label-and-code-differ",
            f"{shown(text)!r} is labelled {shown(said)!r} in the export, while the option {code!r} of {target} is "
            f"{known.option(code).label!r}: read as {taken!r}",
            column=label,
            positions=texts.where(index),
            fix="check it, and declare it under `option_aliases` in wave.yml to settle it",
        )


def _code_of(
    desk: Desk, known: Choices, target: str, label: str, text: str, positions: Positions, declared: dict[str, str]
) -> str:
    """Find the code of one text of a closed question, telling the ledger how."""
    before = shown(text)
    if text in declared or text.strip() in declared:
        code = declared.get(text) or declared[text.strip()]
        desk.ledger.value(positions, target, label, before, code, "option-alias", "`values` de wave.yml")
        return code
    match = known.match(text)
    if match is not None:
        if match.rule is not None:
            reason = f"→ {known.option(match.code).label}"
            desk.ledger.value(positions, target, label, before, match.code, match.rule, reason)
        if match.rule in ("leading-zero", "trailing-zero", "mojibake"):
            desk.ledger.finding(
                match.rule,
                f"{shown(text)!r} was read as {known.option(match.code).label!r} ({match.code})",
                column=label,
                positions=positions,
                fix="export it again without opening it in a spreadsheet",
            )
        return match.code
    if known.other is not None and not excel_date(text) and text.strip() not in known.unlisted:
        free_text(desk, known, target, label, text, positions)
        desk.ledger.value(positions, target, label, MASK, known.other.code, "other-text", "aucune option de ce texte")
        return known.other.code
    rule = not_an_option(desk, known, target, label, text, positions, target)
    desk.ledger.value(positions, target, label, before, NO_ANSWER, rule, "aucune option de ce texte")
    return NO_ANSWER


def _option_columns(
    desk: Desk, told: Told, variable: Variable, sources: Sequence[Source], status: Objects, *, alone: bool
) -> None:
    """Read the columns that stand for one option of a single choice each: a tick, or the text of « Autre ».

    Two options ticked are no answer that can be told; a text of « Autre » beside an option is kept apart.
    """
    if not sources:
        return
    known, target, others = choices_of(desk, variable), variable.id, free_options(variable.question)
    listed = np.zeros(desk.size, dtype=np.int64)
    first = np.full(desk.size, NO_ANSWER, dtype=object)
    free: list[tuple[str, str, Flags]] = []
    ticks: dict[str, Flags] = {}
    for source in sources:
        code = str(source.part)
        ticked, texts = read_ticks(desk, known, told, target, source, stands=alone and code not in others)
        for positions, text in texts:
            free_text(desk, known, target, source.label, text, positions)
        if code in others or not alone:
            free.append((code, source.label, ticked))
        else:
            ticks[code] = ticks.get(code, np.zeros(desk.size, dtype=bool)) | ticked
    for code, flags in ticks.items():
        listed += flags
        first[flags] = code
    status[listed == 1] = first[listed == 1]
    for code, label, flags in free:
        taken = np.flatnonzero(flags & ((status != NO_ANSWER) & (status != code) | (listed > 1))).astype(np.int64)
        after = [str(status[position]) for position in taken]
        desk.each(taken, target, label, [code] * len(taken), after, "text-without-other", f"option {code}")
        desk.ledger.finding(
            "text-without-other",
            f"{code!r} is filled beside another answer to {target}, which is taken",
            column=label,
            positions=taken,
            fix="look at these rows in the export",
        )
        status[flags & (status == NO_ANSWER) & (listed < 2)] = code
    several = np.flatnonzero(listed > 1).astype(np.int64)
    before = [";".join(code for code, flags in ticks.items() if flags[position]) for position in several]
    after = [NO_ANSWER] * len(several)
    desk.each(several, target, sources[0].label, before, after, "two-answers", "choix unique")
    desk.ledger.finding(
        "two-answers",
        f"several options of {target} are ticked, and it takes one: set aside",
        column=sources[0].label,
        positions=several,
        fix="look at these rows in the export; if several may be chosen, write `type: multiple` in codebook.yml",
    )


def code_number(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a numeric question; what is no number, or lies outside the declared bounds, is set aside."""
    question, label = variable.question, sources[0].label
    low = -np.inf if question.minimum_value is None else question.minimum_value
    high = np.inf if question.maximum_value is None else question.maximum_value
    told = Told(desk, variable)
    texts = told.read(sources)
    table = [np.nan] * len(texts.texts)
    ledger = desk.ledger
    labels = {text: said for source in sources for text, said in source.column.labels.items()}
    for index, text in texts.there:
        number = read_number(text, question.unit)
        plain = number.value is not None and number.rule is None and low <= number.value <= high
        if plain and number.value is not None and (not question.integer or number.value.is_integer()):
            table[index] = number.value
            continue
        positions = texts.where(index)
        if number.value is None and (named := read_number(labels.get(text, ""), question.unit)).value is not None:
            number = Number(named.value, "number-parsed")
        if desk.exact:
            table[index] = number.value if number.value is not None and number.rule is None else np.nan
            continue
        before = shown(text)
        if number.value is None:
            date = number.rule == "excel-date"
            what = f"{before!r} is a date that a spreadsheet made of a number" if date else f"{before!r} is no number"
            fix = "correct the export" if date else "write the number alone in the export"
            ledger.finding("not-a-number", what, column=label, positions=positions, fix=fix)
            ledger.value(positions, variable.id, label, before, NO_ANSWER, "not-a-number", "aucun nombre lisible")
            continue
        after = written(number.value)
        if not low <= number.value <= high:
            bounds = f"[{low:g}, {high:g}]"
            ledger.finding("out-of-range", f"{before!r} is outside {bounds}", column=label, positions=positions,
                           fix="check the answer, or the bounds in codebook.yml")  # fmt: skip
            ledger.value(positions, variable.id, label, before, NO_ANSWER, "out-of-range", f"bornes {bounds}")
            continue
        table[index] = number.value
        if number.rule is not None:
            ledger.value(positions, variable.id, label, before, after, number.rule, _REASONS[number.rule])
        if number.rule in ("scientific-notation", "ambiguous-number"):
            ledger.finding(number.rule, f"{before!r} was read as {after}", column=label, positions=positions,
                           fix="check it, and write it in full in the export")  # fmt: skip
        if question.integer and not number.value.is_integer():
            ledger.finding("not-whole", f"{before!r} is not a whole number", column=label, positions=positions,
                           fix="check the answer, or `integer` in codebook.yml")  # fmt: skip
            ledger.value(positions, variable.id, label, before, after, "not-whole", "un nombre entier était attendu")
    values = texts.spread(table, np.nan).astype(np.float64)
    return told.settle(Coded(variable, answered_where(~np.isnan(values)), values={"": values}, label=label))


def code_open(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Note who answered an open question; its texts are kept apart."""
    told = Told(desk, variable)
    texts = told.read(sources)
    desk.texts[variable.id] = texts.spread(texts.texts, "")
    return told.settle(Coded(variable, answered_where(texts.codes >= 0), label=sources[0].label))
