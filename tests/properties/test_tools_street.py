"""Simulated, exported by any tool in any of its ways, read and cleaned: every answer is what was given.

The truth is the form's own submissions, decoded here by label; neither the population nor the cleaning code is
asked. A tool added to the registry is tried without a line more.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.cleaning import clean, read_journal, replay, write
from synthese.codebook import Codebook
from synthese.exports import Ticked
from synthese.simulation import simulate
from synthese.study import FieldWork, WaveSettings

LABELS = [
    "Réseau, tête de réseau", "Association (loi 1901)", 'dit "oui"', "l’été ; l’hiver", "répondant·es",
    "«\u00a0non modélisée\u00a0»", "vraiment\u202f?", "🌱 vert", "=SOMME(A1)", "+33", "ligne 1\nligne 2", "3-6", "01",
    "1/2", "Oui / Non", "barre|droite", "tab\tici", "@tous", "-1", "œuvre", "d'accord", "X", "[crochets]",
    "plus + moins", "10 %", "a_b", "un point.", "Région: Île-de-France", "x" * 300,
]  # fmt: skip
WORDINGS = [
    "Combien de structures, en tout ?", 'Que veut dire "coopérer" pour vous ?', "Où ? (plusieurs réponses)",
    "Quelle durée\u00a0?", "Vos besoins [aujourd’hui]", "Un texte\nsur deux lignes", "L’animation ; la posture",
    "=Formule ?", "Répondant·e", "Accompagnement * ", "Niveau 1/2",
]  # fmt: skip
KINDS = ("single", "multiple", "ordinal", "grid", "ranking", "numeric", "open")
WAYS = [(name, variant) for name, tool in exports.known().items() for variant in tool.variants]


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    count = draw(st.integers(3, 6))
    wordings = draw(st.lists(st.sampled_from(WORDINGS), min_size=count, max_size=count, unique=True))
    questions = []
    for number, wording in enumerate(wordings):
        kind = draw(st.sampled_from(KINDS))
        question = {"id": f"Q{number}", "section": "a", "type": kind, "text": wording}
        labels = draw(st.lists(st.sampled_from(LABELS), min_size=2, max_size=5, unique=True))
        options = [{"code": f"o{i}", "label": label} for i, label in enumerate(labels)]
        if kind in ("single", "multiple") and draw(st.booleans()):
            options.append({"code": "autre", "label": "Autre : préciser", "other": True})
        if kind in ("single", "multiple", "ordinal", "grid"):
            question["options"] = options
        if kind in ("grid", "ranking"):
            lines = draw(st.lists(st.sampled_from(LABELS), min_size=2, max_size=4, unique=True))
            question["rows"] = [{"code": f"r{i}", "label": label} for i, label in enumerate(lines)]
        if kind == "numeric":
            question |= {"minimum_value": 0, "maximum_value": 1000, "integer": draw(st.booleans())}
        if kind == "open":
            question["role"] = draw(st.sampled_from(["identifier", "contact", "comment"]))
        routers = [q for q in questions if q["type"] == "single"]
        if routers and draw(st.booleans()):
            question["routing"] = {"question": routers[-1]["id"], "any_of": ["o0", "o1"], "champ": "celles qui"}
        questions.append(question)
    return Codebook.model_validate({"schema": 1, "title": "t", "sections": {"a": "A"}, "questions": questions})


def settings_of(tool: str, dialect: exports.model.Dialect, structure: str | None) -> WaveSettings:
    return WaveSettings.model_validate(
        {
            "schema": 1, "id": "2024", "title": "t", "export": "x", "tool": tool, "channel": "c",
            "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
            "structure": structure, "kept": {"empty": "keep", "minimum_answers": 0, "drafts": "keep"},
        }
    )  # fmt: skip


def given_answers(codebook: Codebook, answers: exports.Answers) -> list[dict[str, object]]:
    """What each submission says, by question, row and option; None = nothing."""
    out = []
    for submission in answers.submissions:
        said: dict[str, object] = {}
        for question, value in zip(codebook.questions, submission.values, strict=True):
            codes = {option.label: option.code for option in question.options if not option.other}
            if question.type in ("single", "ordinal"):
                said[question.id] = codes.get(value, "autre") if value else None
            elif isinstance(value, Ticked):
                ticked = {codes[item] for item in value.items} | ({"autre"} if value.other else set())
                said[question.id] = ticked or None
            elif question.type == "grid":
                for row, cell in zip(question.rows, value, strict=True):
                    said[f"{question.id}.{row.code}"] = codes[cell] if cell else None
            elif question.type == "ranking":
                ranks = {row.code: int(cell) for row, cell in zip(question.rows, value, strict=True) if cell}
                said[question.id] = ranks or None
            elif question.type == "numeric":
                said[question.id] = float(value.replace(",", ".")) if value else None
            elif not question.personal:
                said[question.id] = "answered" if value.strip() else None
        out.append(said)
    return out


def cleaned_answers(codebook: Codebook, responses: pd.DataFrame) -> list[dict[str, object]]:
    """What each row of the clean answers says, in the same shape."""
    out = []
    for row in responses.to_dict("records"):
        said: dict[str, object] = {}
        for question in codebook.questions:
            if question.personal:
                continue
            units = [f"{question.id}.{r.code}" for r in question.rows] if question.type == "grid" else [question.id]
            for unit in units:
                status = row[f"{unit}._reason" if question.type == "numeric" else unit]
                if status.startswith("_"):
                    said[unit] = None
                elif question.type == "multiple":
                    said[unit] = {option.code for option in question.options if row[f"{unit}.{option.code}"]}
                elif question.type == "ranking":
                    ranks = {r.code: row[f"{unit}.{r.code}"] for r in question.rows}
                    said[unit] = {code: int(rank) for code, rank in ranks.items() if not pd.isna(rank)}
                elif question.type == "numeric":
                    said[unit] = float(row[unit])
                else:
                    said[unit] = status
        out.append(said)
    return out


def companion(folder: Path, path: Path) -> Path | None:
    return next((other for other in sorted(folder.iterdir()) if other != path), None)


@pytest.mark.parametrize(("tool", "variant"), WAYS, ids=[f"{tool}-{variant}" for tool, variant in WAYS])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(codebook=codebooks(), size=st.integers(3, 25), seed=st.integers(0, 2**31))
def test_every_answer_comes_back(tool, variant, codebook, size, seed):
    dialect = exports.named(tool).variants[variant]
    answers = simulate(codebook, "2024", size, seed, tool)
    said = given_answers(codebook, answers)
    # Stata cuts a label after 80 bytes: where the wording holds brackets too, nothing tells where its option began.
    texts = [item.label for question in codebook.questions for item in (*question.options, *question.rows)]
    brackets = any(question.text.endswith("]") for question in codebook.questions)
    assume(tool != "stata" or not (brackets and any(len(text) > 50 for text in texts)))
    # Microsoft Forms heads lines by their label alone and numbers repeats: after a digit the number cannot be told.
    lines = [row.label for question in codebook.questions if question.type == "grid" for row in question.rows]
    assume(
        tool != "microsoft-forms" or len({t for t in lines if t[-1:].isdigit()}) == sum(t[-1:].isdigit() for t in lines)
    )
    # In a file without columns of the tool's own, a row without any answer is a blank line.
    assume(all(any(row.values()) for row in said))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / f"export{dialect.suffix}"
        exports.write(tool, answers, path, variant)
        form = companion(folder, path)
        binary = dialect.suffix == ".xlsx" or exports.named(tool).dump is not None
        raw = exports.read(path, tool=tool, delimiter=None if binary else dialect.delimiter, structure=form)
        wave = settings_of(tool, dialect, form.name if form else None)
        done = clean(raw, codebook, wave)
        write(done, folder / "clean")
        journal = read_journal(folder / "clean" / "journal.csv")
    assert len(done.responses) == len(said)
    assert cleaned_answers(codebook, done.responses) == said
    pd.testing.assert_frame_equal(replay(journal, raw, codebook, wave), done.responses)
