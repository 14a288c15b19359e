"""A draft as ``codebook.yml`` and ``wave.yml``, with comments that say what to confirm.

Belongs here: YAML text, and the dates an export tells. Does not: any guess about a question (`drafting`).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from synthese.exports import RawExport
from synthese.scaffold.drafts import Draft, Drafted
from synthese.scaffold.drawable import short_of
from synthese.scaffold.grouping import values
from synthese.scaffold.texts import Choice
from synthese.study import MARK

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_DATED = re.compile(r"submitted|soumission|horodateur|timestamp|date|time", re.IGNORECASE)


def quoted(text: str) -> str:
    """Write text as a double-quoted YAML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\x85", "\\x85")


@dataclass(frozen=True)
class FieldDates:
    """First and last day of the answers, and how they were found."""

    start: dt.date
    end: dt.date
    found: bool


def field_dates(raw: RawExport) -> FieldDates:
    """Find the days of the first and last answer in the tool's own columns; a placeholder where there are none."""
    candidates = [raw.meta("submitted"), *(c for c in raw.columns if _DATED.search(c.header))]
    for column in candidates:
        days = _days(values(raw, column)) if column is not None else []
        if days:
            return FieldDates(min(days), max(days), found=True)
    return FieldDates(dt.date(2000, 1, 1), dt.date(2000, 1, 1), found=False)


def _days(texts: Sequence[str]) -> list[dt.date]:
    """Read dates; empty unless every text is one. Day first, as in French, unless that is impossible."""
    found: list[tuple[int, int, int]] = []
    for text in texts:
        if match := _ISO.match(text.strip()):
            found.append((int(match[1]), int(match[2]), int(match[3])))
        elif match := _DAY_FIRST.match(text.strip()):
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            found.append((year, int(match[2]), int(match[1])))
        else:
            return []
    if any(month > 12 for _, month, _ in found):
        found = [(year, day, month) for year, month, day in found]
    try:
        return [dt.date(*parts) for parts in found]
    except ValueError:
        return []


# The codebook


def codebook(title: str, drafted: Drafted, file: str) -> str:
    """Write a drafted codebook.

    Parameters
    ----------
    title : str
        Of the questionnaire.
    drafted : Drafted
        Its questions.
    file : str
        Name of the file that they were drafted from.
    """
    sections = section_codes(drafted.questions)
    lines = [
        "# yaml-language-server: $schema=codebook.schema.json",
        "#",
        f"# Brouillon tiré de {file} : au-dessus de chaque question, l’indice d’où vient le type.",
        f"# Chaque ligne « {MARK} » est listée par `synthese check` : relisez, corrigez, puis effacez la ligne.",
        "# À déclarer aussi : filtres (`routing`), regroupements (`regroupings`), croisements prévus, univers.",
        *(f"# {MARK} : {note}" for note in drafted.notes),
        "schema: 1",
        f"title: {quoted(title)}",
        "",
        "sections:",
        *(f"  {code}: {quoted(name)}" for name, code in sections.items()),
        "",
        "questions:",
    ]
    for one in drafted.questions:
        lines += [*question(one, sections[one.section or DEFAULT_SECTION]), ""]
    return "\n".join([*lines, *_PLANNED]) + "\n"


DEFAULT_SECTION = "Questionnaire"
_PLANNED = (
    "# Croisements décidés avant de regarder les données, du plus fin au plus grossier :",
    "# planned_crosses:",
    "#   - {id: besoins-structure, title: \"Besoins par type de structure\", question: Q2, by: Q1}",
)  # fmt: skip


def section_codes(drafts: Sequence[Draft]) -> dict[str, str]:
    """Give each section a letter (``A``, ``B``… ``Z``, ``S27``…), in the order of the questions."""
    names = dict.fromkeys(one.section or DEFAULT_SECTION for one in drafts)
    return {name: chr(65 + place) if place < 26 else f"S{place + 1}" for place, name in enumerate(names)}


def question(one: Draft, section: str, *, asked_in: str | None = None) -> list[str]:
    """Write one question, its evidence and what to confirm above it.

    Parameters
    ----------
    one : Draft
        The question.
    section : str
        Code of its section.
    asked_in : str, optional
        The only wave that asks it.
    """
    lines = [f"  # {line}" for line in one.evidence]
    lines += [f"  # {MARK} : {line}" for line in one.confirm]
    lines += [f"  - id: {one.id}", f"    section: {section}", f"    type: {one.type}"]
    if one.role != "measure":
        lines.append(f"    role: {one.role}")
    if one.personal:
        lines.append("    sensitivity: sensitive")
    lines.append(f"    text: {quoted(one.text)}")
    if short := short_of(one.text, one.id):
        lines.append(f"    short: {quoted(short)}")
    if asked_in is not None:
        lines.append(f"    asked_in: [{quoted(asked_in)}]")
    lines += [f"    {name}: true" for name in ("required", "integer", "nps") if getattr(one, name)]
    if one.maximum is not None:
        lines.append(f"    maximum: {one.maximum}")
    if one.bounds is not None:
        lines += [f"    minimum_value: {one.bounds[0]:g}", f"    maximum_value: {one.bounds[1]:g}"]
    if one.route is not None:
        codes = ", ".join(code_text(code) for code in one.route.codes)
        champ = quoted(one.route.champ)
        lines.append(f"    routing: {{question: {one.route.question}, any_of: [{codes}], champ: {champ}}}")
    if one.choices:
        lines.append("    options:")
        lines += [f"      - {option(code, choice)}" for code, choice in zip(one.codes, one.choices, strict=True)]
    if one.parts and one.type in ("grid", "ranking"):
        lines.append("    rows:")
        lines += [f"      - {option(part.code, Choice(part.label, 0))}" for part in one.parts]
    return lines


def option(code: str, choice: Choice, waves: str = "") -> str:
    """Write one option in one line."""
    short = short_of(choice.label, code)
    marks = [
        f", short: {quoted(short)}" if short else "",
        ", other: true" if choice.other else "",
        ", exclusive: true" if choice.exclusive else "",
        "" if choice.in_base else ", in_base: false",
        f", waves: [{waves}]" if waves else "",
    ]
    return f"{{code: {code_text(code)}, label: {quoted(choice.label)}{''.join(marks)}}}"


def code_text(code: str) -> str:
    """Quote a code that YAML 1.2 would read as a number or a boolean."""
    return quoted(code) if re.fullmatch(r"[0-9_.e]+|true|false|null|[0-9]+[AB]", code) else code


# The wave


def wave(
    wave_id: str,
    file: str,
    raw: RawExport,
    drafted: Drafted,
    dates: FieldDates,
    *,
    structure: str | None = None,
    extra: Sequence[str] = (),
) -> str:
    """Write a drafted ``wave.yml``.

    Parameters
    ----------
    wave_id, file : str
        Id of the wave; name of its export.
    raw : RawExport
        The export.
    drafted : Drafted
        Questions with their columns.
    dates : FieldDates
        Of field work.
    structure : str, optional
        Name of the file of the form, in the wave's folder.
    extra : sequence of str
        More lines: what names this wave's columns and options in the codebook's words.
    """
    drafts = drafted.questions
    comment, known = ("d’après l’export", "") if dates.found else ("l’export ne le dit pas", ", known: false")
    lines = [
        "# Comment cette vague a été collectée. À relire avant toute publication.",
        "schema: 1",
        f"id: {quoted(wave_id)}",
        f"title: {quoted('Vague ' + wave_id.removeprefix('vague-'))}",
        f"export: {quoted(file)}",
        f"structure: {quoted(structure)}" if structure else "",
        f"tool: {raw.tool}  # {'nommé' if raw.confidence == 1 else f'reconnu à {raw.confidence:.0%}'}",
        f"encoding: {raw.encoding}" if raw.delimiter else "",
        f"delimiter: {quoted(raw.delimiter)}" if raw.delimiter else "",
        "" if raw.header_row is None else f"header_row: {raw.header_row}  # des lignes au-dessus de l’en-tête",
        "" if raw.last_row is None else f"last_row: {raw.last_row}  # des lignes sous les réponses",
        f"# {MARK} : les dates de la collecte ({comment}).",
        f"field: {{start: {dates.start.isoformat()}, end: {dates.end.isoformat()}{known}}}",
        "status: brouillon  # à retirer une fois la vague relue : le rapport en porte la mention",
        f"# {MARK} : le mode de diffusion, imprimé dans la page de méthode.",
        'channel: "Mode de diffusion à préciser"',
        "invited: null  # nombre de personnes invitées, si on le connaît",
        f"# {MARK} : le plan de collecte, qui décide de ce que le rapport a le droit de dire.",
        "design: self-selected  # ou census, ou probability",
        "# weight: Q9  # poids venus avec les réponses ; calage, strates, grappes : voir le README de synthese",
    ]
    if best := _separator(drafts):
        lines.append(f"separator: {quoted(best)}  # entre les options d’une même cellule")
    lines += _kept(drafts)
    lines += extra
    if raw.tool == "plain":
        lines += ["columns:", *_columns(raw, drafted)]
    return "\n".join(line for line in lines if line) + "\n"


def _separator(drafts: Sequence[Draft]) -> str | None:
    """Choose what most questions are joined by; of as many, what leaves the shortest list: prose cuts into more."""
    used: dict[str, list[int]] = {}
    for one in drafts:
        if one.separator:
            used.setdefault(one.separator, []).append(len(one.choices))
    return min(sorted(used), key=lambda sign: (-len(used[sign]), min(used[sign])), default=None)


def _kept(drafts: Sequence[Draft]) -> list[str]:
    mail = next((one.id for one in drafts if one.personal and "e-mail" in " ".join(one.evidence)), None)
    if mail is None:
        return []
    return ["# Pour écarter les doublons :", f"# kept: {{duplicates: {{by: [{mail}], keep: last}}}}"]


def _columns(raw: RawExport, drafted: Drafted) -> list[str]:
    what: dict[int, str] = {column.index: "ignore" for column in drafted.ignored}
    for one in drafted.questions:
        for column in one.columns:
            what[column.index] = f"{{question: {one.id}}}"
        key = "row" if one.type in ("grid", "ranking") else "option"
        for part in one.parts:
            for column in part.columns:
                what[column.index] = f"{{question: {one.id}, {key}: {code_text(part.code)}}}"
    lines = []
    for label in dict.fromkeys(column.label for column in raw.columns):
        index = next(column.index for column in raw.columns if column.label == label)
        note = "" if label.strip() else "  # colonnes sans titre : donnez-leur en un dans l’export pour les lire"
        lines.append(f"  {quoted(label)}: {what[index]}{note}")
    return lines
