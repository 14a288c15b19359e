"""A draft as ``codebook.yml`` and ``wave.yml``, with comments that say what to confirm.

Belongs here: YAML text, and the dates an export tells. Does not: any guess about a question (`drafting`).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from synthese.exports import RawColumn, RawExport
from synthese.scaffold.drafting import Draft, values

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


def codebook(title: str, drafts: Sequence[Draft], file: str) -> str:
    """Write a drafted codebook."""
    lines = [
        "# yaml-language-server: $schema=codebook.schema.json",
        "#",
        f"# Brouillon tiré de {file} : chaque type est deviné d’après les réponses, l’indice est en commentaire.",
        "# À faire : relire chaque question, corriger type et libellés, ajouter les options que personne n’a choisies,",
        "# déclarer les filtres (`routing`), les regroupements et les croisements prévus, puis `synthese check`.",
        "schema: 1",
        f"title: {quoted(title)}",
        "",
        "sections:",
        '  A: "Questionnaire"',
        "",
        "questions:",
    ]
    for one in drafts:
        lines += _question(one)
    return "\n".join([*lines, "", *_PLANNED]) + "\n"


_PLANNED = (
    "# Croisements décidés avant de regarder les données, du plus fin au plus grossier :",
    "# planned_crosses:",
    "#   - {id: besoins-structure, title: \"Besoins par type de structure\", question: Q2, by: Q1}",
)  # fmt: skip


def _question(one: Draft) -> list[str]:
    lines = [f"  # {line}" for line in one.evidence]
    lines += [f"  - id: {one.id}", "    section: A", f"    type: {one.type}"]
    if one.role != "measure":
        lines.append(f"    role: {one.role}")
    if one.personal:
        lines.append("    sensitivity: sensitive")
    lines.append(f"    text: {quoted(one.text)}")
    if one.choices:
        lines.append("    options:")
        lines += [
            f"      - {{code: {_code(code)}, label: {quoted(choice.label)}"
            f"{', other: true' if choice.other else ''}{'' if choice.in_base else ', in_base: false'}}}"
            for code, choice in zip(one.codes, one.choices, strict=True)
        ]
    if one.parts and one.type in ("grid", "ranking"):
        lines.append("    rows:")
        lines += [f"      - {{code: {_code(part.code)}, label: {quoted(part.label)}}}" for part in one.parts]
    return [*lines, ""]


def _code(code: str) -> str:
    """Quote a code that YAML 1.2 would read as a number or a boolean."""
    return quoted(code) if re.fullmatch(r"[0-9_.e]+|true|false|null", code) else code


# The wave


def wave(
    wave_id: str, file: str, raw: RawExport, drafts: Sequence[Draft], ignored: Sequence[RawColumn], dates: FieldDates
) -> str:
    """Write a drafted ``wave.yml``."""
    comment = "d’après l’export" if dates.found else "À PRÉCISER : l’export ne le dit pas"
    lines = [
        "# Comment cette vague a été collectée. À relire avant toute publication.",
        "schema: 1",
        f"id: {quoted(wave_id)}",
        f"title: {quoted(f'Vague {wave_id}')}",
        f"export: {quoted(file)}",
        f"tool: {raw.tool}  # {'nommé' if raw.confidence == 1 else f'reconnu à {raw.confidence:.0%}'}",
        f"encoding: {raw.encoding}" if raw.encoding != "xlsx" else "",
        f"delimiter: {quoted(raw.delimiter)}" if raw.delimiter else "",
        f"field: {{start: {dates.start.isoformat()}, end: {dates.end.isoformat()}}}  # {comment}",
        'channel: "Mode de diffusion à préciser"  # imprimé dans la page de méthode',
        "invited: null  # nombre de personnes invitées, si on le connaît",
        "design: self-selected  # ou census, ou probability : décide de ce que le rapport a le droit de dire",
    ]
    separators = [one.separator for one in drafts if one.separator]
    if separators:
        best = max(sorted(set(separators)), key=separators.count)
        lines.append(f"separator: {quoted(best)}  # entre les options d’une même cellule")
    lines += _kept(drafts)
    if raw.tool == "plain":
        lines += ["columns:", *_columns(raw, drafts, ignored)]
    return "\n".join(line for line in lines if line) + "\n"


def _kept(drafts: Sequence[Draft]) -> list[str]:
    mail = next((one.id for one in drafts if one.personal and "e-mail" in " ".join(one.evidence)), None)
    if mail is None:
        return []
    return ["# Pour écarter les doublons :", f"# kept: {{duplicates: {{by: [{mail}], keep: last}}}}"]


def _columns(raw: RawExport, drafts: Sequence[Draft], ignored: Sequence[RawColumn]) -> list[str]:
    what: dict[int, str] = {column.index: "ignore" for column in ignored}
    for one in drafts:
        for column in one.columns:
            what[column.index] = f"{{question: {one.id}}}"
        key = "row" if one.type in ("grid", "ranking") else "option"
        for part in one.parts:
            for column in part.columns:
                what[column.index] = f"{{question: {one.id}, {key}: {_code(part.code)}}}"
    lines = []
    for label in dict.fromkeys(column.label for column in raw.columns):
        index = next(column.index for column in raw.columns if column.label == label)
        note = "" if label.strip() else "  # colonnes sans titre : donnez-leur en un dans l’export pour les lire"
        lines.append(f"  {quoted(label)}: {what[index]}{note}")
    return lines
