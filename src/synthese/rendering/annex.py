"""The tables of the annex: its chapters, and the same tables for the explorer of crosses.

Belongs here: their order and names on the page. Does not: which tables there are (`editorial.annex`), or how an engine
runs (`embedded`, `quarto`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from synthese.codebook import Codebook, variable
from synthese.formatting import french
from synthese.rendering.manifest import TABLE, Entry

PREFIX = "tbl-annexe-"
REPORT = Path("report") / "annexe.qmd"
NAME = "annexe-tableaux"
EVERYONE = "Ensemble des réponses"


def tables(codebook: Codebook, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Pick the tables of the annex, in the order of the questionnaire: a question, its crosses, its evolution."""
    found = [entry for entry in entries if entry.id.startswith(PREFIX) and not entry.withheld]
    return tuple(sorted(found, key=lambda entry: (*_place(codebook, _source(entry)["question"]), *_kind(entry))))


def _source(entry: Entry) -> Mapping[str, Any]:
    source: Mapping[str, Any] = entry.fields["sources"][0]
    return source


def _place(codebook: Codebook, name: str) -> tuple[int, int, int]:
    whole, _, regrouping = name.partition("@")
    question_id, _, row = whole.partition(".")
    ids = [question.id for question in codebook.questions]
    rows = [one.code for one in codebook.by_id[question_id].rows]
    groupings = [one.id for one in codebook.regroupings]
    return (
        ids.index(question_id),
        rows.index(row) if row in rows else -1,
        groupings.index(name) if regrouping else -1,
    )


def _kind(entry: Entry) -> tuple[int, str]:
    source = _source(entry)
    return (2 if source["reference_wave"] else 1 if source["by"] else 0), entry.id


def chapters(codebook: Codebook, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Part the tables by section of the questionnaire: ``titre`` and ``ids``, in order."""
    parts: dict[str, list[str]] = {}
    for entry in tables(codebook, entries):
        parts.setdefault(_section(codebook, _source(entry)["question"]), []).append(entry.id)
    return [{"titre": title, "ids": ids} for title, ids in parts.items()]


def _section(codebook: Codebook, name: str) -> str:
    code = codebook.by_id[name.partition("@")[0].partition(".")[0]].section
    return french(codebook.sections.get(code, code))


def crosses(codebook: Codebook, wave: str, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Write the tables as the explorer reads them.

    Returns
    -------
    list of dict
        A question each: ``libelle``, ``section`` and its ``vues``; a view has ``id``, ``par`` (its breakdown),
        ``titre``, ``question`` (as it was put), ``tete`` (column names), ``corps`` (rows of ``[text]``, or
        ``[text, length of its bar]``) and ``notes``.
    """
    questions: dict[str, dict[str, Any]] = {}
    for entry in tables(codebook, entries):
        source = _source(entry)
        name = source["question"]
        asked = questions.setdefault(
            name, {"libelle": _label(codebook, wave, name), "section": _section(codebook, name), "vues": []}
        )
        by, reference = source["by"], source["reference_wave"]
        table = json.loads(entry.files[TABLE].read_text(encoding="utf-8"))
        asked["vues"].append(
            {
                "id": entry.id,
                "par": french(f"Évolution depuis {reference}")
                if reference
                else _label(codebook, wave, by)
                if by
                else EVERYONE,
                "titre": entry.fields["caption"],
                "question": entry.fields.get("subtitle", ""),
                "tete": [cell["text"] for cell in table["head"][-1]],
                "corps": [[_cell(cell) for cell in row] for row in table["body"]],
                "notes": list(entry.fields["notes"]),
            }
        )
    return list(questions.values())


def _label(codebook: Codebook, wave: str, name: str) -> str:
    found = variable(codebook, name, wave)
    label = found.label
    if found.question.type == "grid":
        label = f"{found.question.display} : {label}"
    return french(label)


def _cell(cell: Mapping[str, Any]) -> list[Any]:
    return [cell["text"]] if cell.get("length") is None else [cell["text"], cell["length"]]
