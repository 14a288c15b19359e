"""One answer a respondent: single and ordinal questions, grid rows, numbers, open answers.

Belongs here: texts of a column to codes, and what is told of those that do not fit. Does not: several
answers a respondent (`several`), who was asked (`routing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from synthese.cleaning.choices import Choices, choices, excel_date
from synthese.cleaning.columns import Coded, Desk, Flags, Objects, answered_where
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.normal import MASK, normalise, shown
from synthese.cleaning.numbers import read_number, written
from synthese.codebook import Variable, nearest
from synthese.codebook.missing import ANSWERED, NO_ANSWER

_NEAR = 85
_REASONS = {
    "number-parsed": "écriture du nombre",
    "scientific-notation": "notation scientifique",
    "ambiguous-number": "séparateur suivi de trois chiffres",
}


def choices_of(desk: Desk, variable: Variable) -> Choices:
    """Texts by which the export may name the options of a question or grid row."""
    options = variable.options if variable.kind == "ranking" else variable.question.options
    known = choices(options, desk.wave.id, desk.aliases(variable.question, variable.id))
    return known.plain if desk.exact else known


def not_an_option(
    desk: Desk, known: Choices, target: str, label: str, text: str, positions: Positions, fix_path: str
) -> str:
    """Report a text that is no option; returns the rule under which it is set aside."""
    form = normalise(text)
    if excel_date(text):
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
    forms = {normalise(o.label): o.label for o in known.options if not o.other}
    found = process.extractOne(normalise(text), list(forms), scorer=fuzz.ratio, score_cutoff=_NEAR)
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
    known = choices_of(desk, variable)
    target = variable.id
    whole = [source for source in sources if source.holds != "option"]
    label = (whole or list(sources))[0].label
    status = np.full(desk.size, NO_ANSWER, dtype=object)
    if whole:
        declared = {text: code for source in whole for text, code in source.values.items() if not desk.exact}
        texts = desk.distinct(desk.merged(whole, target), label)
        table: list[str] = [NO_ANSWER] * len(texts.texts)
        for index, text, positions in texts:
            table[index] = _code_of(desk, known, target, label, text, positions, declared)
        status = texts.spread(table, NO_ANSWER)
    for source in sources:
        if source.holds == "option":
            _option_column(desk, known, target, source, status)
    return Coded(variable, status, label=label)


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
    if known.other is not None and not excel_date(text):
        free_text(desk, known, target, label, text, positions)
        desk.ledger.value(positions, target, label, MASK, known.other.code, "other-text", "aucune option de ce texte")
        return known.other.code
    rule = not_an_option(desk, known, target, label, text, positions, target)
    desk.ledger.value(positions, target, label, before, NO_ANSWER, rule, "aucune option de ce texte")
    return NO_ANSWER


def _option_column(desk: Desk, known: Choices, target: str, source: Source, status: Objects) -> None:
    """Read a column that stands for one option of a single choice: its text, for « Autre », or a tick."""
    label, code = source.label, str(source.part)
    ticked, texts = read_ticks(desk, known, target, source)
    taken = np.flatnonzero(ticked & (status != NO_ANSWER) & (status != code)).astype(np.int64)
    for position in taken:
        here = np.array([position])
        desk.ledger.value(here, target, label, code, str(status[position]), "text-without-other", f"option {code}")
    desk.ledger.finding(
        "text-without-other",
        f"{code!r} is filled beside another answer to {target}, which is taken",
        column=label,
        positions=taken,
        fix="look at these rows in the export",
    )
    status[ticked & (status == NO_ANSWER)] = code
    for positions, text in texts:
        free_text(desk, known, target, label, text, positions)


_TICKED = {"x", "1", "1.0", "true", "vrai", "oui", "yes", "y", "o", "✓", "✔", "☑", "coché", "checked", "selected"}
_UNTICKED = {"0", "0.0", "false", "faux", "non", "no", "n", "☐", "non coché", "unchecked", "not selected"}


def read_ticks(desk: Desk, known: Choices, target: str, source: Source) -> tuple[Flags, list[tuple[Positions, str]]]:
    """Read the column of one option: ``X``, TRUE, ``Oui``, 1 or the option's own text tick it.

    Returns
    -------
    tuple of ndarray of bool, list
        Who ticked it, and the texts given for « Autre » with their records.
    """
    code = str(source.part)
    label, part = source.label, f"{target}.{code}"
    texts = desk.distinct(desk.cells(source), label, ticks=True)
    table = [False] * len(texts.texts)
    free: list[tuple[Positions, str]] = []
    for index, text, positions in texts:
        form = normalise(text)
        match = known.exact.get(text) or known.loose.get(form)
        if not desk.exact and source.values.get(text) == code:
            table[index] = True
            desk.ledger.value(positions, part, label, shown(text), "1", "option-alias", "`values` de wave.yml")
        elif form in _TICKED or (match is not None and match.code == code):
            table[index] = True
            if match is not None and match.rule is not None:
                desk.ledger.value(positions, part, label, shown(text), "1", match.rule, f"colonne de {code}")
        elif form in _UNTICKED:
            table[index] = False
        elif known.option(code).other:
            table[index] = True
            free.append((positions, text))
            desk.ledger.value(positions, part, label, MASK, "1", "other-text", "texte de la colonne « Autre »")
        else:
            what = f"{shown(text)!r} is neither a tick nor empty in the column of option {code!r}"
            fix = "leave it empty, or write X"
            desk.ledger.finding("unknown-option", what, column=label, positions=positions, fix=fix)
            desk.ledger.value(positions, part, label, shown(text), "", "unknown-option", f"colonne de {code}")
    ticked = texts.spread(table, False).astype(bool)
    desk.filled |= ticked
    return ticked, free


def code_number(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Code a numeric question; what is no number, or lies outside the declared bounds, is set aside."""
    question, label = variable.question, sources[0].label
    low = -np.inf if question.minimum_value is None else question.minimum_value
    high = np.inf if question.maximum_value is None else question.maximum_value
    texts = desk.distinct(desk.merged(sources, variable.id), label)
    table = [np.nan] * len(texts.texts)
    ledger = desk.ledger
    for index, text, positions in texts:
        number = read_number(text, question.unit)
        if desk.exact:
            table[index] = number.value if number.value is not None and number.rule is None else np.nan
            continue
        told = shown(text)
        if number.value is None:
            date = number.rule == "excel-date"
            what = f"{told!r} is a date that a spreadsheet made of a number" if date else f"{told!r} is no number"
            fix = "correct the export" if date else "write the number alone in the export"
            ledger.finding("not-a-number", what, column=label, positions=positions, fix=fix)
            ledger.value(positions, variable.id, label, told, NO_ANSWER, "not-a-number", "aucun nombre lisible")
            continue
        after = written(number.value)
        if not low <= number.value <= high:
            bounds = f"[{low:g}, {high:g}]"
            ledger.finding("out-of-range", f"{told!r} is outside {bounds}", column=label, positions=positions,
                           fix="check the answer, or the bounds in codebook.yml")  # fmt: skip
            ledger.value(positions, variable.id, label, told, NO_ANSWER, "out-of-range", f"bornes {bounds}")
            continue
        table[index] = number.value
        if number.rule is not None:
            ledger.value(positions, variable.id, label, told, after, number.rule, _REASONS[number.rule])
        if number.rule in ("scientific-notation", "ambiguous-number"):
            ledger.finding(number.rule, f"{told!r} was read as {after}", column=label, positions=positions,
                           fix="check it, and write it in full in the export")  # fmt: skip
        if question.integer and not number.value.is_integer():
            ledger.finding("not-whole", f"{told!r} is not a whole number", column=label, positions=positions,
                           fix="check the answer, or `integer` in codebook.yml")  # fmt: skip
            ledger.value(positions, variable.id, label, told, after, "not-whole", "un nombre entier était attendu")
    values = texts.spread(table, np.nan).astype(np.float64)
    return Coded(variable, answered_where(~np.isnan(values)), values={"": values}, label=label)


def code_open(desk: Desk, variable: Variable, sources: Sequence[Source]) -> Coded:
    """Note who answered an open question; its texts are kept apart."""
    cells = desk.merged(sources, variable.id)
    desk.texts[variable.id] = cells.to_numpy(dtype=object)
    label = sources[0].label
    given = desk.distinct(cells, label).codes >= 0
    return Coded(variable, np.where(given, ANSWERED, NO_ANSWER).astype(object), label=label)
