"""The committed synthetic waves hold what was planned, counted from the files without the library's readers."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.simulation import population_of, simulate_export, simulate_wave
from synthese.study import open_study

RAW = Path(__file__).parents[2] / "data" / "raw"
STUDY = """
schema: 1
title: "Essai"
source: "Essai"
contact: {role: "équipe"}
"""


@pytest.fixture
def study(tmp_path):
    for wave in ("2024", "2026"):
        shutil.copytree(RAW / wave, tmp_path / "data" / "raw" / wave)
    shutil.copy(RAW / "codebook.yml", tmp_path / "data" / "raw")
    (tmp_path / "study.yml").write_text(STUDY, encoding="utf-8")
    return open_study(tmp_path)


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_the_committed_exports_are_what_the_plans_give(study, tmp_path, wave):
    path = tmp_path / "again"
    assert simulate_export(study, wave, path) == {"2024": 60, "2026": 121}[wave]
    assert path.read_bytes() == (RAW / wave / study.wave(wave).export).read_bytes()


def kept(records, email, name):
    """Rows that count: not a trial, not empty, the last of each address."""
    by_address = {}
    for record in records:
        if any(record) and record[name].casefold() != "test":
            by_address[record[email]] = record
    by_address.pop("", None)
    return list(by_address.values())


def rows_2024():
    with (RAW / "2024" / "framaforms.csv").open(encoding="utf-8", newline="") as stream:
        title, groups, labels, *body = csv.reader(stream)
    assert "synthétiques" in title[0]
    return groups, labels, body


def test_2024_raw_rows_and_why_six_of_them_go():
    _, labels, body = rows_2024()
    draft, name, email = (labels.index(label) for label in ("Brouillon", "Nom de la structure", "Adresse e-mail"))
    assert len(body) == 60
    assert sum(row[draft] == "1" for row in body) == 2
    assert sum(row[name] == "TEST" for row in body) == 1
    assert sum(not any(row[9:]) for row in body) == 1
    addresses = Counter(row[email] for row in body if row[email])
    assert sorted(addresses.values())[-3:] == [1, 2, 2]
    assert all(address.endswith(".example.org") for address in addresses)


def test_2024_key_counts():
    groups, labels, body = rows_2024()
    email, name = labels.index("Adresse e-mail"), labels.index("Nom de la structure")
    rows = kept([row for row in body if row[labels.index("Brouillon")] == "0"], email, name)
    assert len(rows) == 54

    def ticked(group, option):
        column = labels.index(option, groups.index(group))
        return [row[column] == "X" for row in rows]

    needs = "De quels renforcements avez-vous besoin pour accompagner les coopérations territoriales ?"
    pairs = ticked(needs, "Échange entre pairs")
    assert sum(pairs) == 46
    start = groups.index(needs)
    assert all(any(row[start : start + 7]) for row in rows), "F1: all answered"
    member = [row[labels.index("Votre structure est-elle membre d’un ou plusieurs réseaux ?")] == "Oui" for row in rows]
    assert sum(member) == 45
    assert sum(p and m for p, m in zip(pairs, member, strict=True)) == 39
    approach = Counter(row[labels.index("Votre accompagnement est…")] for row in rows)
    assert approach == {"Généraliste": 44, "Thématique": 4, "Les deux": 6}
    by_peers = ticked(
        "Comment identifiez-vous les coopérations que vous accompagnez ?",
        "Par les pairs (réseaux et acteur·rices de l’accompagnement)",
    )
    assert sum(by_peers) == 39
    dimensions = groups.index("Sur quelles dimensions porte votre accompagnement ?")
    counts = [sum(row[dimensions + i] == "X" for row in rows) for i in range(8)]
    assert min(counts[:4]) - max(counts[4:]) >= 4
    themes = groups.index("Sur quelles thématiques ?")
    themed = [row for row in rows if any(row[themes : themes + 10])]
    assert len(themed) == 10
    assert all(row[labels.index("Votre accompagnement est…")] != "Généraliste" for row in themed)


def rows_2026():
    with (RAW / "2026" / "google-forms.csv").open(encoding="utf-8", newline="") as stream:
        labels, *body = csv.reader(stream)
    rows = kept(body, labels.index("Adresse e-mail"), labels.index("Nom de la structure"))
    return labels, rows, len(body)


def test_2026_key_counts():
    labels, rows, raw = rows_2026()
    assert (raw, len(rows)) == (121, 118)
    needs = [
        row[labels.index("De quels renforcements avez-vous besoin pour accompagner les coopérations territoriales ?")]
        for row in rows
    ]
    assert sum(bool(cell) for cell in needs) == 116
    assert sum("Échange entre pairs" in cell for cell in needs) == 99
    approach = [row[labels.index("Votre accompagnement est…")] for row in rows]
    assert Counter(approach)["Généraliste"] == 66
    assert all(approach)
    peers = [row[labels.index("Comment identifiez-vous les coopérations que vous accompagnez ?")] for row in rows]
    answered = [cell for cell in peers if cell]
    assert 0.68 <= sum("Par les pairs" in cell for cell in answered) / len(answered) <= 0.72
    themes = [row[labels.index("Sur quelles thématiques ?")] for row in rows]
    assert sum(bool(cell) for cell in themes) == 49
    assert not any(cell for cell, a in zip(themes, approach, strict=True) if a == "Généraliste")
    groups = {
        "Réseau ou tête de réseau": "reseaux",
        "Association": "associations",
        "Société coopérative d’intérêt collectif (SCIC)": "cooperatives",
        "SCOP ou autre coopérative": "cooperatives",
        "Structure d’accompagnement à la création d’activité (incubateur, CAE…)": "accompagnement",
        "Cabinet ou indépendant·e": "accompagnement",
    }
    kinds = [groups.get(row[labels.index("Type de structure")], "public") for row in rows]
    cells = Counter(zip(kinds, [a == "Généraliste" for a in approach], strict=True))
    assert len(cells) == 10
    assert min(cells.values()) >= 3


def test_2026_drift():
    labels, rows, _ = rows_2026()
    assert "Sur quelles dimensions portez-vous principalement votre appui ?" in labels
    assert "Département d’implantation" in labels
    forms = " ".join(
        row[labels.index("Selon quelles modalités accompagnez-vous les coopérations territoriales ?")] for row in rows
    )
    assert "Ateliers collectifs" in forms
    assert "Codéveloppement" in forms
    assert "Accompagnement collectif" not in forms
    funding = " ".join(row[labels.index("Comment votre accompagnement est-il financé ?")] for row in rows)
    assert "Contribution d’entreprises" in funding
    _, labels_2024, _ = rows_2024()
    first = (
        labels_2024.index("Nom de la structure"),
        labels_2024.index("Mesurez-vous l’impact de votre accompagnement ?"),
    )
    assert first[0] < labels_2024.index("Adresse e-mail") < first[1]
    assert labels.index("J’ai lu l’information sur la protection des données personnelles") == 1


def test_regions_hold_their_departments():
    labels, rows, _ = rows_2026()
    region, department = labels.index("Région d’implantation"), labels.index("Département d’implantation")
    placed = {(row[region], row[department]) for row in rows if row[department]}
    assert all(department.startswith(("22", "29", "35", "56")) for region, department in placed if region == "Bretagne")


@pytest.mark.parametrize(
    ("wave", "answer", "cause", "code", "causes"),
    [
        ("2024", "F1", "E3", "mesure_impact", ("non",)),
        ("2024", "F1", "E2", "financement", ("pas_du_tout", "plutot_pas")),
        ("2024", "F1", "F2.elus", "formation", ("plutot", "tout_a_fait")),
        ("2024", "D2", "C1", "alimentation", ("pat",)),
        ("2024", "C3", "B7", "pairs", ("oui",)),
        ("2026", "F1", "E3", "mesure_impact", ("non",)),
        ("2026", "F1", "E2", "financement", ("pas_du_tout", "plutot_pas")),
        ("2026", "F1", "F2.elus", "formation", ("plutot", "tout_a_fait")),
        ("2026", "D2", "C1", "alimentation", ("pat",)),
        ("2026", "C3", "B7", "pairs", ("oui",)),
    ],
)
def test_dependencies_are_there(study, wave, answer, cause, code, causes):
    people = population_of(study, wave)
    both = people.answered[answer] & people.answered[cause]
    gave, hit = people.gave(answer, (code,)), people.gave(cause, causes)
    with_cause = gave[both & hit].mean()
    without = gave[both & ~hit].mean()
    assert with_cause - without > 0.15


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_numbers_are_skewed_and_non_response_grows(study, wave):
    people = population_of(study, wave)
    for unit in ("B6", "C2"):
        values = people.values[unit][people.answered[unit]]
        assert values.mean() > 1.3 * sorted(values)[len(values) // 2]
    closed = [u for u, q in study.codebook.by_id.items() if u in people.answered and q.type not in ("open", "grid")]
    missing = [float((people.asked[u] & ~people.answered[u]).sum()) for u in closed]
    half = len(missing) // 2
    assert sum(missing[half:]) > 2 * sum(missing[:half])


def test_twenty_structures_answer_both_waves(study):
    earlier, later = population_of(study, "2024"), population_of(study, "2026")
    common = sorted(set(earlier.numbers_of.tolist()) & set(later.numbers_of.tolist()))
    assert len(common) == 20
    for number in common:
        (old,), (new,) = (earlier.numbers_of == number).nonzero(), (later.numbers_of == number).nonzero()
        assert earlier.codes["B1"][old[0]] == later.codes["B1"][new[0]]


def test_another_size_sets_the_plan_aside(study):
    simulated = simulate_wave(study, "2024", size=30, seed=7)
    assert len(simulated.answers.submissions) == 30
    assert "synthétiques" in simulated.answers.title


def test_a_workbook_by_its_ending_and_another_plan(study, tmp_path):
    plan = tmp_path / "plan.yml"
    plan.write_text('schema: 1\ntitle: "Essai (données synthétiques)"\nsize: 9\n', encoding="utf-8")
    assert simulate_export(study, "2026", tmp_path / "a.xlsx", plan=plan) == 9
    assert exports.read(tmp_path / "a.xlsx").encoding == "xlsx"


def test_a_new_wave_and_another_tool(study, tmp_path):
    simulated = simulate_wave(study, "2030", size=12, seed=7, tool="framaforms")
    exports.write(simulated.tool, simulated.answers, tmp_path / "a.csv")
    assert exports.read(tmp_path / "a.csv").cells.shape[0] == 12


def test_a_panel_needs_a_plan_of_its_wave(study):
    (study.raw("2024") / "simulation.yml").unlink()
    with pytest.raises(SyntheseError, match=r"wave '2024' has no simulation.yml"):
        simulate_wave(study, "2026")
