"""A wave added in the words of another one: its aliases and rewordings are known, and what was not chosen stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthese import scaffold
from synthese.analysis.cleaned import findings
from synthese.cli.commands import cli
from synthese.codebook.comparability import comparability
from synthese.scaffold import init, make
from synthese.scaffold import known as elsewhere
from synthese.simulation import simulate_export
from synthese.study import Study, open_study

D3 = "Sur quelles dimensions portez-vous principalement votre appui ?"


def added(study: Path, tool: str, of: str, name: str, *, seed: int = 5, form: bool = False) -> tuple[Study, str]:
    """Add a wave whose export is one of wave ``of`` drawn again; give the study and what was told."""
    export = study.parent / f"{tool}.csv"
    simulate_export(open_study(study), of, export, tool=tool, seed=seed, plan=drawn_as(study, of))
    made = make(study, export=export, wave=name, structure=export.with_suffix(".lss") if form else None)
    return open_study(study), "\n".join(made.told)


def drawn_as(study: Path, wave: str) -> Path:
    """Give the plan of a wave without its drafts, which not every tool exports."""
    plan = study.parent / "simulation.yml"
    text = (study / "data" / "raw" / wave / "simulation.yml").read_text(encoding="utf-8")
    plan.write_text(re.sub(r"drafts: \d+", "drafts: 0", text), encoding="utf-8")
    return plan


def verdict(study: Study, question: str, wave: str, reference: str) -> tuple[str, bool]:
    found = comparability(study.codebook, question, wave, reference)
    return found.kind, found.comparable


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# Words of another wave


@pytest.mark.parametrize(
    ("tool", "form"),
    [
        ("limesurvey", False),
        ("limesurvey", True),
        ("google-forms", False),
        ("kobotoolbox", False),
        ("framaforms", False),
    ],
)
def test_headers_of_another_wave_are_known_and_judged_as_in_that_wave(study_copy, tool, form):
    study, told = added(study_copy, tool, "2026", "2027", form=form)
    assert findings(study, "2027")[0] == ()
    assert study.wave("2027").aliases == {
        "A4": ("Téléphone",),
        "B5": ("Dans quels types de territoires intervenez-vous ?",),
    }
    of_2026, of_2027 = study.codebook.by_id["D3"].rewordings
    assert of_2027 == of_2026.model_copy(update={"wave": "2027"})
    assert of_2027.text == D3
    assert verdict(study, "D3", "2027", "2026") == ("identical", True)
    assert verdict(study, "D3", "2027", "2024") == ("reworded", False)
    assert "D3 as wave 2026 put it" in told
    assert verdict(study, "F2.posture", "2027", "2026") == ("identical", True)
    assert " is new" not in told


def test_an_option_in_the_words_of_another_wave_is_no_new_option(study_copy):
    before = [option.code for option in open_study(study_copy).codebook.by_id["B5"].options]
    study, _ = added(study_copy, "limesurvey", "2024", "2028")
    assert findings(study, "2028")[0] == ()
    assert study.wave("2028").option_aliases == {"B5": {"Quartier prioritaire (QPV)": "qpv"}}
    assert [option.code for option in study.codebook.by_id["B5"].options] == before


def small(tmp_path: Path) -> Path:
    """Make a study of one wave whose codebook rewords an option for it, and whose ``wave.yml`` has aliases of two."""
    header = ["Horodateur", "Besoins", "Votre avis ?"]
    needs = ("Temps, Argent", "Des sous, du temps", "Temps")
    rows = [[f"{n + 1:02d}/03/2024 10:00:00", needs[n % 3], ("Bon", "Moyen")[n % 2]] for n in range(24)]
    init(tmp_path / "s", export=write(tmp_path / "un.csv", header, rows))
    book = tmp_path / "s" / "data" / "raw" / "codebook.yml"
    book.write_text(
        "schema: 1\ntitle: T\nsections: {A: A}\nquestions:\n"
        '  - {id: Q1, section: A, type: multiple, text: "Besoins", options: [{code: temps, label: "Temps"}, '
        '{code: argent, label: "Argent"}, {code: autre, label: "Autre", other: true}]}\n'
        '  - id: Q2\n    section: A\n    type: single\n    text: "Votre avis ?"\n    options:\n'
        '      - {code: bon, label: "Plutôt favorable", rewordings: '
        '[{wave: "2024", text: "Bon", comparable: false, reason: "autre mot"}]}\n'
        '      - {code: moyen, label: "Moyen"}\n      - {code: mauvais, label: "Mauvais"}\n',
        encoding="utf-8",
    )
    wave = tmp_path / "s" / "data" / "raw" / "2024" / "wave.yml"
    text = wave.read_text(encoding="utf-8")
    wave.write_text(text + 'option_aliases: {Q1: {"Des sous, du temps": argent}}\n', encoding="utf-8")
    return tmp_path / "s"


def test_texts_in_cells_are_known_even_where_they_hold_the_separator(tmp_path):
    study = small(tmp_path)
    assert findings(open_study(study), "2024")[0] == ()
    header = ["Horodateur", "Besoins", "Votre avis ?"]
    needs = ("Temps, Des sous, du temps", "Argent", "Temps")
    rows = [[f"{n + 1:02d}/03/2026 10:00:00", needs[n % 3], ("Bon", "Moyen")[n % 2]] for n in range(24)]
    make(study, export=write(tmp_path / "deux.csv", header, rows))
    opened = open_study(study)
    assert findings(opened, "2026")[0] == ()
    assert opened.wave("2026").option_aliases == {"Q1": {"Des sous, du temps": "argent"}}
    assert [option.code for option in opened.codebook.by_id["Q1"].options] == ["temps", "argent", "autre"]
    good, moyen, bad = opened.codebook.by_id["Q2"].options
    assert (good.wording("2026"), good.rewordings[1].comparable, good.rewordings[1].reason) == (
        "Bon",
        False,
        "autre mot",
    )
    assert (moyen.waves, bad.waves) == (None, None)


def test_a_wave_with_the_words_of_both_takes_the_rewording_for_an_alias(tmp_path):
    study = small(tmp_path)
    header = ["Horodateur", "Besoins", "Votre avis ?"]
    views = ("Bon", "Plutôt favorable", "Moyen")
    rows = [[f"{n + 1:02d}/03/2026 10:00:00", "Temps", views[n % 3]] for n in range(24)]
    make(study, export=write(tmp_path / "deux.csv", header, rows))
    opened = open_study(study)
    assert findings(opened, "2026")[0] == ()
    assert opened.wave("2026").option_aliases == {"Q2": {"Bon": "bon"}}
    assert len(opened.codebook.by_id["Q2"].options[0].rewordings) == 1


# What is left


def test_columns_without_counterpart_are_told_once_the_files_to_correct_are_there(study_copy, monkeypatch):
    monkeypatch.setattr(scaffold.matching.elsewhere, "headers", lambda question, waves: {})
    study, told = added(study_copy, "limesurvey", "2026", "2027")
    errors = findings(study, "2027")[0]
    assert f"{len(errors)} columns or questions of the export have no counterpart yet" in told
    assert "synthese check --wave 2027" in told
    assert {error.code for error in errors} == {"unknown-column", "missing-column"}


def test_the_command_names_the_wave_to_check_next(study_copy):
    export = study_copy.parent / "framaforms.csv"
    simulate_export(open_study(study_copy), "2026", export, tool="framaforms", seed=5, size=60)
    result = CliRunner().invoke(cli, ["init", str(study_copy), "--from", str(export), "--wave", "2027"])
    assert result.exit_code == 0, result.output
    assert f"Next: synthese check --study {study_copy} --wave 2027" in result.output


# Options that no one chose


@pytest.mark.parametrize("form", [False, True])
def test_options_beside_a_column_for_other_stay_offered(study_copy, form):
    before = open_study(study_copy).codebook.by_id
    study, told = added(study_copy, "limesurvey", "2024", "2028", form=form)
    assert findings(study, "2028")[0] == ()
    for name in ("A5", "B1", "D4"):
        after = study.codebook.by_id[name].options
        left = {o.code: o.offered("2028") for o in after}
        assert left == {o.code: o.offered("2024") for o in before[name].options}, name
    assert "gone" not in told


def test_an_option_without_its_column_or_out_of_the_form_is_gone(study_copy):
    book = study_copy / "data" / "raw" / "codebook.yml"
    text = book.read_text(encoding="utf-8")
    without = [line for line in text.splitlines() if not re.search(r"\{code: (outre_mer|elu_benevole),", line)]
    assert len(without) == len(text.splitlines()) - 2
    book.write_text("\n".join(without) + "\n", encoding="utf-8")
    simulated = study_copy.parent / "limesurvey.csv"
    simulate_export(open_study(study_copy), "2024", simulated, tool="limesurvey", seed=5, size=60)
    book.write_text(text, encoding="utf-8")
    alone = make(study_copy, export=simulated, wave="2028")
    gone = {o.code: o.waves for q in ("A5", "B5") for o in open_study(study_copy).codebook.by_id[q].options if o.waves}
    assert gone == {"outre_mer": ("2024", "2026")}  # nothing tells that no one could choose the other
    assert "B5: 0 new options, 0 new lines, 0 in other words, 1 gone" in "\n".join(alone.told)
    simulated.write_bytes(simulated.read_bytes() + b"\n")
    make(study_copy, export=simulated, wave="2029", structure=simulated.with_suffix(".lss"))
    gone = {o.code: o.waves for o in open_study(study_copy).codebook.by_id["A5"].options if o.waves}
    assert gone == {"elu_benevole": ("2024", "2028", "2026")}  # by start


def test_a_rewording_comes_before_an_alias_of_the_same_text(repository):
    study = open_study(repository)
    wave = study.wave("2026").model_copy(update={"aliases": {"D3": (D3, "Appui")}})
    found = elsewhere.headers(study.codebook.by_id["D3"], [wave])
    assert [(one.alias, one.rewording is not None) for one in found.values()] == [(False, True), (True, True)]
