"""The one path from raw cells to clean answers.

Belongs here: the steps in their order. Does not: any step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from synthese.cleaning.absences import check_missing, report_alike, tells_hidden, told_apart
from synthese.cleaning.cleaned import Cleaned, Counts
from synthese.cleaning.coding import choices_of, code_number, code_open, code_single
from synthese.cleaning.columns import Coded, Desk, Flags, Objects, levels
from synthese.cleaning.consistency import check_rules
from synthese.cleaning.cutting import Cutter
from synthese.cleaning.damage import look_for_damage
from synthese.cleaning.declarations import check_declarations
from synthese.cleaning.declared import match_declared
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import FILE, Ledger
from synthese.cleaning.mapping import match_headers
from synthese.cleaning.normal import blank
from synthese.cleaning.ranking import code_ranking
from synthese.cleaning.recoding import coded_free_texts
from synthese.cleaning.respondents import Rows, keep_rows
from synthese.cleaning.routing import apply_routing
from synthese.cleaning.several import code_multiple
from synthese.codebook import Codebook, Question, Variable, variables
from synthese.codebook.codeframe import as_asked
from synthese.codebook.codesheets import Sheet
from synthese.codebook.missing import NO_ANSWER, REASONS
from synthese.errors import SyntheseError
from synthese.exports import RawExport, Tool, named
from synthese.study import WaveSettings

_COUNTED_ROLES = ("measure", "breakdown", "comment")
_NAMED = 5


def clean(
    raw: RawExport,
    codebook: Codebook,
    wave: WaveSettings,
    *,
    strict: bool = True,
    sheets: Mapping[str, Sheet] | None = None,
) -> Cleaned:
    """Turn an export into clean answers.

    Columns are matched with questions; texts with codes; routing gives the reasons of missing answers; rows
    that are no respondents are left out. Nothing is dropped or changed without a line in the journal.

    Parameters
    ----------
    raw : RawExport
        The export as it came.
    codebook : Codebook
        What was asked, and the options that coders made.
    wave : WaveSettings
        How it was collected.
    strict : bool
        Raise on the findings that stop a wave; False (``synthese check``) leaves them in ``findings``, and the
        answers concerned are ``_no_answer``.
    sheets : mapping of str to Sheet, optional
        By question, what coders made of the wave's free texts.

    Raises
    ------
    SyntheseError
        Columns that fit no question, questions without column: all of them. If strict, answers that are no
        option: all of them, with row, column and nearest option.
    """
    counted_by, codebook = codebook, as_asked(codebook)
    private = frozenset(q.id for q in codebook.questions if q.personal or q.type == "open")
    ledger = Ledger(raw.file, raw.rows, private, raw.files)
    desk, sources, asked = opened(raw, codebook, wave, ledger)
    for question in codebook.questions:
        if question.personal and question.asked(wave.id):
            desk.texts[question.id] = _texts(desk, question, sources[question.id])
            desk.distinct(pd.Series(desk.texts[question.id], dtype="str"), sources[question.id][0].label)
    coded = coded_answers(desk, asked, sources)
    for name, held in sources.items():
        if name in desk.texts:
            look_for_damage(desk.texts[name], name, held[0].label, ledger)
    apply_routing(coded, ledger, lambda variable: tells_hidden(desk, variable, sources[variable.question.id]))
    check_rules(codebook, coded, desk.size, ledger)
    # A row whose answers fit no option is not a short one: it stays, so that its error is told.
    given = _answers(coded, desk.size) + ledger.unread(desk.size)
    personal = tuple(q.id for q in codebook.questions if q.personal and q.asked(wave.id))
    content = tuple(s.column.index for name, held in sources.items() if name not in personal for s in held)
    rows = Rows(
        raw,
        given,
        desk.filled,
        lambda name: _texts(desk, codebook.by_id[name], sources[name]),
        content,
        lambda name: _answered(desk, coded, codebook.by_id[name], sources[name]),
        {name: sources[name][0].label for name in personal},
    )
    kept, dropped = keep_rows(rows, wave, ledger)
    keys = respondent_keys(kept)
    counted, free, told = coded_free_texts(coded, desk, counted_by, kept, sheets or {})
    responses = responses_frame(counted, kept, keys)
    _look_over(coded, kept, ledger)
    alike = report_alike(desk, coded, sources, kept)
    journal = ledger.journal(keys)
    changed = journal.loc[journal["respondent"].notna(), "rule"].value_counts()
    counts = Counts(
        len(kept),
        int(kept.sum()),
        dropped,
        _partial(coded, kept),
        {str(rule): int(changed[rule]) for rule in sorted(changed.index)},
        alike,
    )
    findings = (*raw.notes, *ledger.faults(kept), *told)
    cleaned = Cleaned(wave.id, responses, journal, findings, _private(desk, codebook, kept, keys), counts, free)
    if strict and cleaned.errors:
        raise SyntheseError(cleaned.errors)
    return cleaned


def opened(
    raw: RawExport, codebook: Codebook, wave: WaveSettings, ledger: Ledger
) -> tuple[Desk, dict[str, list[Source]], tuple[Variable, ...]]:
    """Match the columns of an export with the questions of its wave.

    Returns
    -------
    tuple of Desk, dict, tuple of Variable
        The desk coders work at, the columns of each question, and what the wave asked.
    """
    codebook = codebook.put_in(wave.id)
    check_declarations(wave, codebook)
    check_missing(wave, codebook)
    match = match_declared if wave.columns else match_headers
    sources: dict[str, list[Source]] = defaultdict(list)
    for source in match(raw, codebook, wave, ledger):
        sources[source.question].append(source)
    asked = variables(codebook, wave.id)
    return Desk(raw, wave, ledger, _separator(raw, wave, asked, sources, ledger)), sources, asked


def coded_answers(desk: Desk, asked: tuple[Variable, ...], sources: dict[str, list[Source]]) -> dict[str, Coded]:
    """Code every question, in the order of the questionnaire."""
    return {variable.id: _code(desk, variable, sources[variable.question.id]) for variable in asked}


def _code(desk: Desk, variable: Variable, sources: list[Source]) -> Coded:
    if variable.question.type == "grid":
        row = variable.id.partition(".")[2]
        return code_single(desk, variable, [source for source in sources if source.part == row])
    coder = {
        "single": code_single,
        "ordinal": code_single,
        "multiple": code_multiple,
        "ranking": code_ranking,
        "numeric": code_number,
        "open": code_open,
    }[variable.kind]
    return coder(desk, variable, sources)


def _separator(
    raw: RawExport, wave: WaveSettings, asked: tuple[Variable, ...], sources: dict[str, list[Source]], ledger: Ledger
) -> str:
    """Separator of the options in a cell: declared, or the one of the tool's that leaves least unmatched."""
    if wave.separator is not None:
        return wave.separator
    candidates = named(raw.tool).separators or Tool.separators
    desk = Desk(raw, wave, Ledger(raw.file, raw.rows), "")
    cells = [
        (variable, source, [str(text) for text in told_apart(desk, variable.question, source).unique()])
        for variable in asked
        for source in sources[variable.question.id]
        if variable.kind == "multiple" and source.holds == "whole"
    ]
    if len(candidates) == 1 or not cells:
        return candidates[0]
    left = {}
    for candidate in candidates:
        cutters = [
            (Cutter(choices_of(desk, variable, (source,)), candidate), texts) for variable, source, texts in cells
        ]
        left[candidate] = sum(len(cutter.cut(text).rest) for cutter, texts in cutters for text in texts)
    best = min(candidates, key=lambda candidate: left[candidate])
    if raw.tool == "plain":
        ledger.finding(
            "separator-assumed",
            f"options in one cell were read as separated by {best!r}",
            fix=f"write `separator: {best!r}` in wave.yml to settle it",
        )
    return best


def _texts(desk: Desk, question: Question, sources: list[Source]) -> Objects:
    """Texts of a question as given, those of several columns joined."""
    columns = [told_apart(desk, question, source).str.strip().to_numpy(dtype=object) for source in sources]
    if len(columns) == 1:
        return np.asarray(columns[0], dtype=object)
    joined = [" ; ".join(text for text in texts if text) for texts in zip(*columns, strict=True)]
    return np.array(joined, dtype=object)


def _answers(coded: dict[str, Coded], size: int) -> npt.NDArray[np.int64]:
    """Count the questions answered in each row; a grid counts once."""
    by_question: dict[str, Flags] = {}
    for answers in coded.values():
        question = answers.variable.question
        if question.role in _COUNTED_ROLES:
            by_question[question.id] = by_question.get(question.id, np.zeros(size, dtype=bool)) | answers.said
    out = np.zeros(size, dtype=np.int64)
    for given in by_question.values():
        out += given
    return out


def _answered(desk: Desk, coded: dict[str, Coded], question: Question, sources: list[Source]) -> Flags:
    """Whether each row answers a question; a grid by any of its lines."""
    of_question = [answers.said for answers in coded.values() if answers.variable.question.id == question.id]
    if of_question:
        return np.asarray(np.any(of_question, axis=0), dtype=bool)
    return np.array([not blank(text) for text in _texts(desk, question, sources)], dtype=bool)


def respondent_keys(kept: Flags) -> list[str | None]:
    """Make the keys of the rows kept, in the order of the export: ``r0001``…; None where a row was dropped."""
    width = max(4, len(str(int(kept.sum()))))
    number = np.cumsum(kept)
    return [f"r{n:0{width}d}" if there else None for n, there in zip(number, kept, strict=True)]


def responses_frame(coded: dict[str, Coded], kept: Flags, keys: list[str | None]) -> pd.DataFrame:
    """Lay coded answers down as the data model says."""
    out: dict[str, pd.Series] = {"respondent": pd.Series([key for key in keys if key], dtype="str")}
    for name, answers in coded.items():
        codes, texts = levels(answers.status[kept])
        status = pd.Series(pd.array(texts, dtype="str").take(codes))
        missing = np.array([text in REASONS for text in texts], dtype=bool)[codes]
        kind = answers.variable.kind
        if kind == "numeric":
            out[name] = pd.Series(pd.arrays.FloatingArray(np.nan_to_num(answers.values[""][kept]), missing))
            out[f"{name}._reason"] = status
            continue
        out[name] = status
        for code, flags in answers.ticks.items():
            out[f"{name}.{code}"] = pd.Series(pd.arrays.BooleanArray(flags[kept].copy(), missing.copy()))
        if kind == "ranking":
            for code, ranks in answers.values.items():
                empty = np.isnan(ranks[kept])
                whole = np.nan_to_num(ranks[kept]).astype(np.int64)
                out[f"{name}.{code}"] = pd.Series(pd.arrays.IntegerArray(whole, empty))
    return pd.DataFrame(out)


def _look_over(coded: dict[str, Coded], kept: Flags, ledger: Ledger) -> None:
    """Report options that no one chose, and required questions left empty."""
    for name, answers in coded.items():
        question, status = answers.variable.question, answers.status
        if answers.ticks:
            used = {code for code, flags in answers.ticks.items() if flags[kept].any()}
        else:
            used = set(levels(status[kept])[1])
        if answers.variable.kind in ("single", "ordinal", "multiple"):
            unused = [option.label for option in answers.variable.options if option.code not in used]
            if unused:
                more = f" and {len(unused) - _NAMED} more options" if len(unused) > _NAMED else ""
                what = f"no one chose {', '.join(map(repr, unused[:_NAMED]))}{more} of {name}"
                fix = "check the wording in codebook.yml if that is surprising"
                ledger.finding("option-unused", what, column=answers.label, fix=fix)
        if question.required:
            positions = np.flatnonzero(status == NO_ANSWER).astype(np.int64)
            what = f"{name} is required and has no answer"
            fix = "check `required` in codebook.yml"
            ledger.finding("required-missing", what, column=answers.label, positions=positions, fix=fix)


def _partial(coded: dict[str, Coded], kept: Flags) -> int:
    closed = [answers.status == NO_ANSWER for answers in coded.values() if answers.variable.kind != "open"]
    return int((np.any(closed, axis=0) & kept).sum()) if closed else 0


def _private(desk: Desk, codebook: Codebook, kept: Flags, keys: list[str | None]) -> pd.DataFrame:
    """Personal and open answers and the texts of « Autre », in the order of the questionnaire."""
    order = {question.id: place for place, question in enumerate(codebook.questions)}
    names = sorted(desk.texts, key=lambda name: (order[name.partition(".")[0]], name))
    out: dict[str, pd.Series] = {
        "respondent": pd.Series([key for key in keys if key], dtype="str"),
        "row": pd.Series(pd.array(desk.raw.rows[kept], dtype="Int64")),
    }
    if desk.raw.files is not None:
        out[FILE] = pd.Series(desk.raw.files[kept], dtype="str")
    for name in names:
        out[name] = pd.Series(desk.texts[name][kept], dtype="str")
    return pd.DataFrame(out)
