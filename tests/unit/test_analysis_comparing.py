"""Three simulated waves: what differs between them is cleaned, compared, kept and told as the verdict says."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from synthese import exports
from synthese.analysis import open_wave
from synthese.analysis.comparing import harmonised
from synthese.cleaning import clean, read_journal, replay
from synthese.cli.commands import cli
from synthese.codebook import KINDS, comparability, variable
from synthese.disclosure import Released
from synthese.editorial import Ref, evolution_figure, evolution_table, write_value
from synthese.editorial.waves import changes
from synthese.errors import SyntheseError
from synthese.files import read_yaml, write_text
from synthese.simulation import simulate_export
from synthese.study import open_study, unknown_waves

WAVES = ("2022", "2024", "2026")
CODEBOOK = """\
schema: 1
title: "Essai"
questions:
  - {id: D, section: A, text: "Travaillez-vous en réseau ?", type: single, lecture: "répondent",
     options: [{code: oui, label: "Oui"}, {code: non, label: "Non"}]}
  - id: K
    section: A
    text: "Selon quelles modalités accompagnez-vous ?"
    type: multiple
    lecture: "pratiquent"
    options:
      - {code: seul, label: "Individuel"}
      - {code: coll, label: "Collectif", waves: ["2022", "2024"], lecture: "l’accompagnement collectif"}
      - {code: ateliers, label: "Ateliers", waves: ["2026"], split_of: coll}
      - {code: codev, label: "Codéveloppement", waves: ["2026"], split_of: coll}
  - id: M
    section: A
    text: "Quels sont vos besoins ?"
    type: multiple
    lecture: "citent"
    options:
      - {code: argent, label: "Argent"}
      - {code: outils, label: "Outils", waves: ["2022", "2024"], split_of: moyens}
      - {code: locaux, label: "Locaux", waves: ["2022", "2024"], split_of: moyens}
      - {code: moyens, label: "Outils et locaux", waves: ["2026"], lecture: "les outils ou les locaux"}
  - id: Z
    section: A
    text: "De quoi manquez-vous ?"
    type: multiple
    options:
      - {code: appui, label: "Appui"}
      - {code: conseil, label: "Conseil", waves: ["2022", "2024"], split_of: appui}
      - code: temps
        label: "Temps"
        rewordings: [{wave: "2026", text: "Du temps", comparable: true, reason: "même sens"}]
  - id: C
    section: A
    text: "Quel est votre statut ?"
    type: single
    lecture: "sont"
    options:
      - {code: autre, label: "Autre statut"}
      - {code: coop, label: "Coopérative", waves: ["2022"]}
      - {code: scop, label: "SCOP", waves: ["2024"], split_of: coop}
      - {code: scic, label: "SCIC", waves: ["2024", "2026"], split_of: coop}
      - {code: petite, label: "Petite SCOP", waves: ["2026"], split_of: scop}
      - {code: grande, label: "Grande SCOP", waves: ["2026"], split_of: scop}
  - id: R
    section: A
    text: "Quel réseau avez-vous rejoint ?"
    type: single
    options: [{code: loin, label: "Un réseau national"}, {code: pres, label: "Un réseau local"}]
    routing: {question: D, any_of: [oui], champ: "structures en réseau"}
    routing_in: [{wave: "2026", routing: null}]
  - id: T
    section: A
    text: "Qui vous finance ?"
    type: single
    options: [{code: etat, label: "L’État"}, {code: ville, label: "La ville"}]
    type_in: [{wave: "2026", type: multiple}]
  - id: W
    section: A
    text: "Sur quelles dimensions portez-vous votre appui ?"
    type: single
    options: [{code: a, label: "Première"}, {code: b, label: "Seconde"}]
    rewordings:
      - {wave: "2026", text: "Sur quelles dimensions portez-vous surtout votre appui ?", comparable: false,
         reason: "« surtout » a été ajouté en 2026"}
  - id: L
    section: A
    text: "Quelle est votre échelle ?"
    type: single
    options:
      - code: ici
        label: "La commune"
        rewordings: [{wave: "2026", text: "Ma commune", comparable: true, reason: "même sens"}]
      - {code: large, label: "La région"}
  - id: G
    section: A
    text: "Que ressentez-vous ?"
    type: grid
    options: [{code: peu, label: "Peu"}, {code: bien, label: "Beaucoup"}]
    rows: [{code: temps, label: "Le temps long"}, {code: elus, label: "Les élus", waves: ["2026"]}]
  - {id: N, section: A, text: "Combien êtes-vous ?", type: numeric, minimum_value: 0, maximum_value: 50}
  - {id: X, section: A, text: "Que faites-vous en 2026 ?", type: single, asked_in: ["2026"],
     options: [{code: a, label: "Ceci"}, {code: b, label: "Cela"}]}
regroupings:
  - id: C@deux
    label: "Statut en deux"
    groups: [{code: cooperative, label: "Coopératif", of: [coop]}, {code: autres, label: "Autres", of: [autre]}]
comparability:
  - {question: W, waves: ["2026", "2022"], comparable: true, reason: "un prétest a montré le même sens"}
  - {question: L, waves: ["2026", "2024"], comparable: false, reason: "le périmètre des communes a changé"}
"""
WAVE = """\
schema: 1
id: "{id}"
title: "Vague {id}"
export: export.csv
tool: google-forms
field: {{start: {id}-01-01, end: {id}-02-01}}
channel: "Courriel"
design: self-selected
separator: ", "
synthetic: true
"""
PHRASES = """\
schema: 1
phrases:
  - id: txt-reseau
    estimates: {avant: {question: D, option: oui, wave: previous}, ici: {question: D, option: oui}}
    text: "{avant.counts} avant, {ici.counts} ici."
    first_wave: "Rien à comparer."
  - id: txt-dimensions
    estimates: {avant: {question: W, option: a, wave: previous}, ici: {question: W, option: a}}
    text: "La première monte, de {avant.share} à {ici.share}."
    when: [{higher_than: [ici, avant]}]
    otherwise: "{avant.share}, puis {ici.share}."
    first_wave: "Rien à comparer."
  - id: txt-scindee
    estimates: {avant: {question: K, option: coll, wave: previous}, ici: {question: K, option: ateliers}}
    text: "{avant.share}, puis {ici.share}."
    first_wave: "Rien à comparer."
  - id: txt-ecart
    estimates: {ecart: {question: W, option: a, statistic: difference, reference_wave: previous}}
    text: "{ecart.points}"
    first_wave: "Rien à comparer."
  - id: txt-ecart-scindee
    estimates: {ecart: {question: K, option: coll, statistic: difference, reference_wave: previous}}
    text: "Écart de {ecart.points}."
    first_wave: "Rien à comparer."
"""
STUDY = 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n'


def make(root: Path, codebook: str = CODEBOOK) -> Path:
    write_text(root / "study.yml", STUDY)
    write_text(root / "report" / "phrases.yml", PHRASES)
    write_text(root / "data" / "raw" / "codebook.yml", codebook)
    for wave in WAVES:
        write_text(root / "data" / "raw" / wave / "wave.yml", WAVE.format(id=wave))
    study = open_study(root)
    for number, wave in enumerate(WAVES):
        simulate_export(study, wave, study.raw(wave) / "export.csv", size=90 + number, seed=5 + number)
        opened = open_wave(wave, study=root, publish=True)
        opened.save(opened.clean())
    return root


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    return make(tmp_path_factory.mktemp("trois") / "étude")


@pytest.fixture(scope="module")
def released(study) -> Released:
    """Release the last wave, with the two before it."""
    for wave in WAVES:
        opened = open_wave(wave, study=study, publish=True)
        for result in (opened.describe(), opened.cross(), opened.compare()):
            opened.save(result)
    return open_wave("2026", study=study, publish=True).release().released


def cells(study: Path, wave: str, question: str) -> list[set[str]]:
    """Answers of the export to a question, an empty cell left out; no option here holds a comma."""
    declared = {q["id"]: q for q in read_yaml(study / "data" / "raw" / "codebook.yml").data["questions"]}[question]
    texts = {put["wave"]: put["text"] for put in declared.get("rewordings", [])}
    with (study / "data" / "raw" / wave / "export.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    column = texts.get(wave, declared["text"])
    return [set(row[column].split(", ")) for row in rows if row[column]]


def counts(study: Path, wave: str, question: str, *labels: str) -> tuple[int, int]:
    answers = cells(study, wave, question)
    return sum(bool(answer & set(labels)) for answer in answers), len(answers)


COMPARED = [
    ("K", "2026", "2024", "coll", ("Ateliers", "Codéveloppement"), ("Collectif",)),
    ("K", "2026", "2022", "coll", ("Ateliers", "Codéveloppement"), ("Collectif",)),
    ("K", "2024", "2022", "coll", ("Collectif",), ("Collectif",)),
    ("K", "2026", "2024", "seul", ("Individuel",), ("Individuel",)),
    ("M", "2026", "2024", "moyens", ("Outils et locaux",), ("Outils", "Locaux")),
    ("M", "2024", "2022", "outils", ("Outils",), ("Outils",)),
    ("M", "2024", "2022", "locaux", ("Locaux",), ("Locaux",)),
    ("Z", "2026", "2024", "appui", ("Appui",), ("Appui", "Conseil")),
    ("Z", "2026", "2024", "temps", ("Du temps",), ("Temps",)),
    ("Z", "2024", "2022", "appui", ("Appui",), ("Appui",)),
    ("C", "2026", "2022", "coop", ("SCIC", "Petite SCOP", "Grande SCOP"), ("Coopérative",)),
    ("C", "2026", "2024", "scop", ("Petite SCOP", "Grande SCOP"), ("SCOP",)),
    ("C", "2026", "2024", "scic", ("SCIC",), ("SCIC",)),
    ("C", "2024", "2022", "coop", ("SCIC", "SCOP"), ("Coopérative",)),
    ("C@deux", "2026", "2022", "cooperative", ("SCIC", "Petite SCOP", "Grande SCOP"), ("Coopérative",)),
    ("C@deux", "2026", "2024", "cooperative", ("SCIC", "Petite SCOP", "Grande SCOP"), ("SCOP", "SCIC")),
    ("W", "2026", "2022", "a", ("Première",), ("Première",)),
    ("L", "2026", "2022", "ici", ("Ma commune",), ("La commune",)),
]


@pytest.mark.parametrize(("question", "wave", "reference", "option", "mine", "theirs"), COMPARED)
def test_a_difference_is_that_of_the_forms(study, question, wave, reference, option, mine, theirs):
    result = open_wave(wave, study=study).compare(question, to=reference)
    row = result.frame.set_index("option").loc[option]
    k, n = counts(study, wave, question.split("@")[0], *mine)
    k0, n0 = counts(study, reference, question.split("@")[0], *theirs)
    assert k, "a test on nobody proves nothing"
    assert k0
    assert (row["count"], row["base"]) == (k, n)
    assert row["value"] == pytest.approx(k / n - k0 / n0)


def test_who_ticked_two_parts_counts_once(study):
    answers = cells(study, "2026", "K")
    both = sum({"Ateliers", "Codéveloppement"} <= answer for answer in answers)
    row = open_wave("2026", study=study).compare("K").frame.set_index("option").loc["coll"]
    apart = counts(study, "2026", "K", "Ateliers")[0] + counts(study, "2026", "K", "Codéveloppement")[0]
    assert both > 0
    assert row["count"] == apart - both


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("R", "non comparable – la question ne s’adressait pas aux mêmes : en 2024, structures en réseau"),
        ("T", "non comparable – façon de répondre différente : une seule réponse en 2024, plusieurs réponses en 2026"),
        ("W", "non comparable – « surtout » a été ajouté en 2026"),
        ("L", "non comparable par décision de l’étude – le périmètre des communes a changé ; « La commune » est"),
        ("G.elus", "non comparable – ligne absente de la vague 2024"),
        ("X", "non comparable – question absente de la vague 2024"),
        ("M", "comparable – « Outils », « Locaux » ont été réunis en « Outils et locaux » (regroupés pour comparer)"),
    ],
)  # fmt: skip
def test_what_is_not_compared_is_told_with_its_reason(study, question, note):
    every = open_wave("2026", study=study).compare()
    one = open_wave("2026", study=study).compare(question)
    assert any(found.startswith(f"{question} : {note}") for found in every.notes), every.notes
    of_it = tuple(found for found in one.notes if not found.startswith(("Recouvrement inconnu", "Tendance")))
    assert of_it == tuple(found for found in every.notes if found.startswith(f"{question} "))
    assert (question in list(every)) == note.startswith("comparable")


def test_a_decision_lets_compare_what_the_verdict_would_not(study):
    result = open_wave("2026", study=study).compare("W", to="2022")
    assert list(result) == ["W"]
    assert result.notes[0].startswith("Recouvrement inconnu")
    assert result.notes[1:] == (
        "W : comparable par décision de l’étude – un prétest a montré le même sens ; « surtout » a été ajouté en 2026",
    )


def test_the_table_holds_every_variable_and_earlier_wave(study):
    opened = open_wave("2026", study=study, publish=True)
    path = opened.save(opened.comparability)
    assert path == study / "data" / "processed" / "2026" / "comparability.csv"
    first = path.read_bytes()
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = ["D", "K", "M", "Z", "C", "C@deux", "R", "T", "W", "L", "G", "G.temps", "G.elus", "N", "X"]
    assert [(row["reference"], row["question"]) for row in rows] == [
        (r, name) for r in ("2022", "2024") for name in names
    ]
    assert list(rows[0]) == ["question", "wave", "reference", "kind", "comparable", "overridden", "reason", "options"]
    assert {row["wave"] for row in rows} == {"2026"}
    for row in rows:
        verdict = comparability(opened.codebook, row["question"], "2026", row["reference"])
        said = (row["kind"], row["comparable"] == "true", row["overridden"] == "true", row["reason"], row["options"])
        assert said == (verdict.kind, verdict.comparable, verdict.overridden, verdict.reason, " ".join(verdict.options))
    assert {row["question"]: row["options"] for row in rows if row["reference"] == "2024"}["M"] == "argent moyens"
    path.unlink()
    assert open_wave("2026", study=study, publish=True).save(opened.comparability).read_bytes() == first


def test_by_hand_the_table_lies_apart_and_the_first_wave_has_an_empty_one(study):
    by_hand = open_wave("2026", study=study)
    assert by_hand.save(by_hand.comparability).parent == by_hand.study.private("2026") / "essais"
    first = open_wave("2022", study=study)
    assert first.save(first.comparability).read_text(encoding="utf-8").splitlines() == [
        "question,wave,reference,kind,comparable,overridden,reason,options"
    ]
    assert "première vague, rien à comparer" in first.comparability._repr_html_()


def test_the_table_is_shown_in_french_without_what_is_identical(study):
    found = open_wave("2026", study=study).comparability
    shown = found._repr_html_()
    assert "comparaisons permises sur 30" in shown
    assert "G.elus Les élus" in shown
    assert "personnes interrogées différentes" in shown
    assert "oui (décision)" in shown
    assert f"<td>{KINDS['identical']}</td>" not in shown
    table = found.table()
    assert len(table) == 30
    assert found.overview["questions"].sum() == 30
    assert table.loc[table["question"].str.startswith("C@deux"), "question"].tolist() == ["C@deux Statut en deux"] * 2


def test_each_wave_is_cleaned_by_its_own_routing_type_and_texts(study):
    asked = {wave: open_wave(wave, study=study).responses for wave in WAVES}
    for wave in ("2022", "2024"):
        assert (asked[wave]["R"] == "_not_asked").equals(asked[wave]["D"] == "non")
        assert asked[wave]["T"].isin(["etat", "ville", "_no_answer"]).all()
    assert "_not_asked" not in set(asked["2026"]["R"])
    assert set(asked["2026"].loc[asked["2026"]["D"] == "non", "R"]) >= {"loin", "pres"}
    assert {"T.etat", "T.ville"} <= set(asked["2026"].columns)
    assert (asked["2026"]["L"] == "ici").sum() == counts(study, "2026", "L", "Ma commune")[0] > 0


# What the report says.


def texts(pieces) -> dict[str, str]:
    return {piece.artefact.id: piece.artefact.text.replace("\u00a0", " ").replace("\u202f", " ") for piece in pieces}


def test_sentences_of_two_waves_fall_where_the_verdict_forbids_them(study, released):
    assert released.waves == WAVES
    said = texts(open_wave("2026", study=study, publish=True).release().sentences())
    (k0, n0), (k, n) = (counts(study, wave, "D", "Oui") for wave in ("2024", "2026"))
    assert said["txt-reseau"] == f"{k0} sur {n0} avant, {k} sur {n} ici."
    refused = "Évolution non présentée : « surtout » a été ajouté en 2026."
    assert said["txt-dimensions"] == said["txt-ecart"] == refused
    assert said["txt-scindee"].startswith("Évolution non présentée : « Collectif » a été scindé en « Ateliers »")
    assert said["txt-ecart-scindee"].startswith("Écart de ")


def test_what_stands_in_the_place_of_a_sentence_has_no_number(study, released):
    pieces = open_wave("2026", study=study, publish=True).release().sentences()
    for piece in pieces:
        if "non présentée" in piece.artefact.text:
            assert "%" not in piece.artefact.text
            assert piece.artefact.status == "too_small"


def test_a_number_of_an_earlier_wave_is_quoted_only_where_it_compares(released):
    def quoted(ref: Ref) -> str | None:
        return write_value(released, "val-essai", ref).artefact.text

    assert "%" in str(quoted(Ref("D", "oui", wave="2024")))
    assert quoted(Ref("W", "a", wave="2024")) == "non comparable"
    assert "%" in str(quoted(Ref("W", "a", wave="2022"))), "decided comparable with 2022"
    assert quoted(Ref("K", "coll", wave="2024")) == "non comparable"
    assert quoted(Ref("M", "outils", wave="2024")) == "non comparable"
    assert "%" in str(quoted(Ref("K", "seul", wave="2024")))
    assert "%" in str(quoted(Ref("K", "ateliers")))
    with pytest.raises(SyntheseError, match="no question 'ZZ' in the codebook"):
        quoted(Ref("ZZ", "a", wave="2024"))


@pytest.mark.parametrize("make_piece", [evolution_table, evolution_figure])
@pytest.mark.parametrize(
    ("question", "why"),
    [("W", "« surtout » a été ajouté en 2026"), ("L", "le périmètre des communes a changé"), ("R", "tout le monde"),
     ("G.elus", "ligne absente de la vague 2024")],
)  # fmt: skip
def test_figures_and_tables_of_two_waves_say_why_not(released, make_piece, question, why):
    id = "tbl-essai" if make_piece is evolution_table else "fig-essai"
    made = make_piece(released, id, question, "2024").artefact
    assert made.text is not None
    assert made.text.startswith("Évolution non présentée")
    assert why in made.text.replace("\u00a0", " ")
    assert not any("Lecture" in line for line in made.notes)


@pytest.mark.parametrize(
    ("question", "reference", "option", "label", "mine", "theirs"),
    [
        ("K", "2024", "coll", "Collectif", ("Ateliers", "Codéveloppement"), ("Collectif",)),
        ("M", "2024", "moyens", "Outils et locaux", ("Outils et locaux",), ("Outils", "Locaux")),
        ("Z", "2024", "appui", "Appui", ("Appui",), ("Appui", "Conseil")),
        ("C", "2024", "scop", "SCOP", ("Petite SCOP", "Grande SCOP"), ("SCOP",)),
        ("C@deux", "2024", "cooperative", "Coopératif", ("SCIC", "Petite SCOP", "Grande SCOP"), ("SCOP", "SCIC")),
    ],
)
def test_split_and_merged_options_are_published_as_one(
    study, released, question, reference, option, label, mine, theirs
):
    change = next(c for c in changes(released, question, reference) if c.later.option.code == option)
    assert (change.later.count, change.later.base) == counts(study, "2026", question[0], *mine)
    assert (change.earlier.count, change.earlier.base) == counts(study, reference, question[0], *theirs)
    assert change.later.label == change.earlier.label == label
    table = evolution_table(released, "tbl-essai", question, reference)
    assert table.grid is not None
    row = next(row for row in table.grid.body if row[0].text == label)
    assert [box.text for box in row[1:3]] == [change.earlier.text, change.later.text]
    notes = [line.replace("\u00a0", " ").replace("\u202f", " ") for line in table.artefact.notes]
    assert any(line.startswith("Note : les deux vagues sont comparées avec réserve – ") for line in notes), notes
    assert any("regroupés pour comparer" in line for line in notes)
    assert notes[0].startswith("Lecture : ")


def test_the_lecture_of_a_merged_option_names_it(study, released):
    found = [change for change in changes(released, "M", "2024") if change.later.option.code == "moyens"]
    from synthese.editorial import notes

    line = notes.change_notes(released, "M", found, "2024")[0]
    assert "citent les outils ou les locaux" in line
    split = [change for change in changes(released, "K", "2024") if change.later.option.code == "coll"]
    assert "pratiquent l’accompagnement collectif" in notes.change_notes(released, "K", split, "2024")[0]


def test_a_decision_that_lets_compare_is_told_under_the_table(tmp_path):
    root = make(tmp_path / "étude", CODEBOOK.replace('waves: ["2026", "2022"]', 'waves: ["2026", "2024"]'))
    for wave in WAVES:
        opened = open_wave(wave, study=root, publish=True)
        for result in (opened.describe(), opened.cross(), opened.compare()):
            opened.save(result)
    table = open_wave("2026", study=root, publish=True).release().evolution("tbl-essai", "W").artefact
    assert table.text is None
    notes = [line.replace("\u00a0", " ") for line in table.notes]
    assert any("comparées par décision de l’étude – un prétest a montré le même sens" in line for line in notes), notes


def test_the_report_lists_what_is_not_compared_and_why(study, released):
    made = open_wave("2026", study=study, publish=True).release().method("txt-essai", "comparisons").artefact
    text = str(made.text).replace("\u00a0", " ").replace("\u202f", " ")
    assert text.startswith("Entre 2024 et 2026, 2 questions sur 12 sont posées à l’identique. La question « ")
    for said in (
        "La question « Quel réseau avez-vous rejoint ? » n’est pas comparée : la question ne s’adressait pas aux mêmes",
        "La question « Sur quelles dimensions portez-vous surtout votre appui ? » n’est pas comparée : « surtout »",
        "La question « Que faites-vous en 2026 ? » n’est pas comparée : question absente de la vague 2024.",
        "La question « Que ressentez-vous ? », pour « Les élus », n’est pas comparée : ligne absente de la vague 2024.",
        "La question « Quel est votre statut ? » est comparée avec réserve : « SCOP » a été scindé en « Petite SCOP »",
    ):
        assert said in text, text
    first = open_wave("2022", study=study, publish=True).release().method("txt-essai", "comparisons").artefact
    assert str(first.text).endswith("rien n’est comparé.")


def test_a_wave_that_the_study_does_not_have_is_told_wherever_the_codebook_names_it(study, tmp_path):
    root = tmp_path / "étude"
    text = CODEBOOK.replace('routing_in: [{wave: "2026"', 'routing_in: [{wave: "2027"')
    text = text.replace('type_in: [{wave: "2026"', 'type_in: [{wave: "2028"').replace(
        '["2026", "2024"]', '["2026", "2029"]'
    )

    text = text.replace('rewordings: [{wave: "2026"', 'rewordings: [{wave: "2030"')
    write_text(root / "study.yml", STUDY)
    write_text(root / "data" / "raw" / "codebook.yml", text)
    for wave in WAVES:
        write_text(root / "data" / "raw" / wave / "wave.yml", WAVE.format(id=wave))
    places = {fault.path: fault.what for fault in unknown_waves(open_study(root))}
    assert list(places) == [
        "Z.temps: rewordings",
        "R: routing_in",
        "T: type_in",
        "L.ici: rewordings",
        "comparability: L",
    ]
    assert "wave '2027', which the study does not have" in places["R: routing_in"]


def test_check_tells_of_a_decision_that_changes_nothing(tmp_path):
    root = make(
        tmp_path / "étude", CODEBOOK + '  - {question: D, waves: ["2026", "2024"], comparable: true, reason: "r"}\n'
    )
    result = CliRunner().invoke(cli, ["--study", str(root), "check"], env={"COLUMNS": "200"})
    assert "needless-decision" in result.output, result.output
    assert "comparability[2]" in result.output
    assert result.output.count("needless-decision") == 1


@pytest.mark.parametrize("wave", WAVES)
def test_the_journal_gives_the_answers_of_each_wave_again(study, wave):
    opened = open_wave(wave, study=study)
    folder = opened.study.processed(wave)
    raw = exports.read(opened.study.raw(wave) / "export.csv", tool="google-forms")
    again = replay(read_journal(folder / "journal.csv"), raw, opened.codebook, opened.settings)
    pd.testing.assert_frame_equal(again, opened.responses)


@pytest.mark.parametrize("wave", WAVES)
def test_a_column_an_option_gives_the_same_answers_by_the_texts_and_type_of_the_wave(study, wave, tmp_path):
    opened = open_wave(wave, study=study)
    number = WAVES.index(wave)
    path = tmp_path / "export.csv"
    simulate_export(opened.study, wave, path, size=90 + number, seed=5 + number, tool="framaforms")
    settings = opened.settings.model_copy(update={"tool": "framaforms", "separator": None})
    found = clean(exports.read(path, tool="framaforms"), opened.codebook, settings)
    pd.testing.assert_frame_equal(found.responses, opened.responses)


def test_an_option_compared_has_the_text_of_the_wave(study):
    opened = open_wave("2026", study=study)
    for name, wave, labels in (("L", "2026", ["Ma commune", "La région"]), ("L", "2022", ["La commune", "La région"]),
                               ("M", "2022", ["Argent", "Outils et locaux"])):  # fmt: skip
        verdict = comparability(opened.codebook, name, "2026", "2022")
        mine = harmonised(opened.codebook, variable(opened.codebook, name, wave), wave, verdict)
        assert [option.label for option in mine.options] == labels
