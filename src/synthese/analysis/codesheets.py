"""Coding sheets of a study on disk: written, and brought up to date.

Belongs here: which sheets, what a new row begins with, files. Does not: which text a row is about
(`synthese.cleaning`), what was coded and how well (`opencoding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from synthese.analysis.cleaned import cleaned
from synthese.cleaning.normal import normalise
from synthese.cleaning.sheets import FreeText, FreeTexts, Suggest, key_of, updated
from synthese.codebook import Codebook, nearest
from synthese.codebook.codeframe import codable
from synthese.codebook.codesheets import Sheet, read_sheet, sheet_bytes
from synthese.errors import SyntheseError
from synthese.files import write_bytes
from synthese.study import Study, alone

_NEAR = 90


@dataclass(frozen=True)
class Update:
    """What became of a sheet.

    Parameters
    ----------
    wave, question : str
        Whose sheet it is.
    file : str
        Where it lies, in the study.
    texts, new, left, gone : int
        Distinct texts of the export; those new in the sheet; those without code; rows kept whose text the export
        has no more.
    changed : bool
        Whether the file was written.
    """

    wave: str
    question: str
    file: str
    texts: int
    new: int
    left: int
    gone: int
    changed: bool


def _planned(study: Study, free: Mapping[str, FreeTexts], named: tuple[str, ...]) -> list[tuple[str, str]]:
    """Choose the sheets to write, as wave and question.

    Of the questions named; else of those with texts in « Autre » in one of the waves, and those that have a sheet
    in some wave. An open question is only taken up when it is named: its answers say more about people, and once
    coded it counts in what is released.
    """
    book = study.questionnaire
    known = {wave: [q.id for q in book.questions if q.asked(wave) and codable(q)] for wave in free}
    for name in named:
        if not any(name in questions for questions in known.values()):
            what = f"{name!r} cannot be coded: it is no open question, nor one with « Autre », of these waves"
            everywhere = dict.fromkeys(one for questions in known.values() for one in questions)
            raise SyntheseError.of("not-codable", what, fix=nearest(name, everywhere))
    chosen = set(named) or {
        *(name for sheets in study.sheets.values() for name in sheets),
        *(name for wave, texts in free.items() for name in known[wave] if texts.of(name) and not _is_open(book, name)),
    }
    return [(wave, name) for wave, questions in known.items() for name in questions if name in chosen]


def _is_open(book: Codebook, name: str) -> bool:
    return book.by_id[name].type == "open"


def write_sheets(study: Study, waves: Iterable[str], named: Iterable[str] = ()) -> tuple[Update, ...]:
    """Write or bring up to date the coding sheets of some waves; each file whole or not at all.

    A wave in which nobody wrote a text has a sheet without rows: nothing is left to code there.

    A new text that was coded in one way only in the sheets of the question begins with that code, and a note says
    so: a theme must not depend on the wave. A text close to a coded one gets a note and no code. Rows that were
    there before keep what they say, an emptied code included.

    Raises
    ------
    SyntheseError
        A sheet or an export cannot be read, or a question named cannot be coded; nothing is then written.
    """
    named = tuple(named)
    out = []
    with alone(study):
        # Everything is read, for every wave, before anything is written.
        free = {wave: cleaned(study, study.wave(wave), strict=False).free for wave in waves}
        plans = _planned(study, free, named)
        held: dict[str, dict[str, Sheet]] = {wave: dict(sheets) for wave, sheets in study.sheets.items()}
        for wave, name in plans:
            texts = free[wave].of(name)
            path = study.raw(wave) / "coding" / f"{name}.csv"
            before = held[wave].get(name)
            empty = Sheet(name, file=study.relative(path))
            after = updated(before or empty, texts, free[wave].redact, _suggestions(held, name))
            content = sheet_bytes(after)
            changed = before is None or path.read_bytes() != content
            if changed:
                write_bytes(path, content)
            held[wave][name] = after
            present = [row for row in after.rows if row.n]
            new = len(present) - sum(1 for row in present if row.line is not None)
            left = sum(1 for row in present if not row.codes)
            gone = len(after.rows) - len(present)
            out.append(Update(wave, name, study.relative(path), len(texts), new, left, gone, changed))
    return tuple(out)


def _suggestions(held: Mapping[str, Mapping[str, Sheet]], name: str) -> Suggest:
    """Suggest for a new text what was decided on the same text, or on one close to it, in any wave."""
    decided: dict[str, dict[tuple[str, ...], str]] = {}
    texts: dict[str, tuple[str, str]] = {}
    for wave, sheets in held.items():
        for row in sheets[name].rows if name in sheets else ():
            if row.codes:
                decided.setdefault(key_of(row.text), {}).setdefault(row.codes, wave)
                texts.setdefault(normalise(row.text), (" ".join(row.codes), wave))

    def suggest(text: FreeText) -> tuple[str, str]:
        same = decided.get(text.key, {})
        if len(same) == 1:
            (codes, wave), *_ = same.items()
            return " ".join(codes), f"code repris de la vague {wave}"
        if same:
            told = ", ".join(f"{' '.join(codes)} ({wave})" for codes, wave in same.items())
            return "", f"codé de plusieurs façons : {told}"
        found = process.extractOne(normalise(text.text), list(texts), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if found is None:
            return "", ""
        code, wave = texts[found[0]]
        return "", f"proche d’un texte codé {code} ({wave})"

    return suggest


def rewrite_as_utf8(study: Study, waves: Iterable[str], encoding: str) -> tuple[str, ...]:
    """Write the sheets that are not UTF-8 as UTF-8, read as the user says they are written.

    Returns
    -------
    tuple of str
        The sheets written.

    Raises
    ------
    SyntheseError
        One of them cannot be read so; nothing is then written.
    """
    read = []
    for path in (path for wave in waves for path in study.sheet_files(wave)):
        try:
            path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            read.append((path, read_sheet(path, study.relative(path), encoding)))
    with alone(study):
        for path, sheet in read:
            write_bytes(path, sheet_bytes(sheet))
    return tuple(sheet.file for _, sheet in read)
