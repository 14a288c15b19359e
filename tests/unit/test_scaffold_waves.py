from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from synthese import cleaning, exports
from synthese.analysis.cleaned import findings
from synthese.codebook import load_codebook
from synthese.errors import SyntheseError
from synthese.scaffold import init, make
from synthese.scaffold.editing import Additions
from synthese.study import MARK, Study, open_study, to_confirm

HEADER = [
    "Horodateur",
    "Adresse e-mail",
    "Région",
    "Besoins",
    "Combien ?",
    "Que pensez-vous de l’accueil reçu ?",
    "Un mot",
]


def export(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def first_rows() -> list[list[str]]:
    regions, needs, views = ("Corse", "Bretagne", "Occitanie"), ("Temps, Argent", "Argent", "Temps"), ("Bon", "Moyen")
    rows = [
        [
            f"{n + 1:02d}/03/2024 10:00:00",
            f"p{n}@example.org",
            regions[n % 3],
            needs[n % 3],
            str(n),
            views[n % 2],
            f"Mot {n}",
        ]
        for n in range(24)
    ]
    rows[0][3] = "Temps, un cheval"
    rows[1][3] = "un âne"
    return rows


def second_rows() -> tuple[list[str], list[list[str]]]:
    """One question reworded, one new, one gone; an option new, one typed before, one in other words."""
    header = [*HEADER[:4], "Que pensez-vous de l’accueil reçu cette année ?", "Êtes-vous membre ?", "Un mot"]
    regions, needs = (
        ("Corse", "Bretagne", "Normandie"),
        ("Temps, Argents", "Formation", "Formation, Temps", "un cheval"),
    )
    rows = [
        [f"{n % 28 + 1:02d}/03/2026 10:00:00", f"q{n}@example.org", regions[n % 3], needs[n % 4],
         ("Bon", "Moyen")[n % 2], ("Oui", "Non")[n % 2], f"Phrase {n}"]
        for n in range(24)
    ]  # fmt: skip
    return header, rows


@pytest.fixture
def study(tmp_path: Path) -> Path:
    init(tmp_path / "étude", export=export(tmp_path / "un.csv", HEADER, first_rows()))
    return tmp_path / "étude"


def clean(study: Study, wave: str) -> pd.DataFrame:
    settings = study.wave(wave)
    raw = exports.read(study.raw(wave) / settings.export, tool=settings.tool)
    return cleaning.clean(raw, study.codebook, settings).responses


def test_a_second_export_becomes_a_wave_that_is_cleaned_without_error(study, tmp_path):
    made = make(study, export=export(tmp_path / "deux.csv", *second_rows()))
    opened = open_study(study)
    assert list(opened.wave_ids) == ["2024", "2026"]
    assert findings(opened, "2026")[0] == ()
    book = opened.codebook.by_id
    assert {path.name for path in made.written} == {
        "deux.csv", "wave.yml", "codebook.yml", "codebook.avant-2026.yml",
    }  # fmt: skip
    new = next(q for q in book.values() if q.text == "Êtes-vous membre ?")
    assert (new.asked_in, new.type, new.id) == (("2026",), "single", "Q7")
    assert book["Q4"].asked_in == ("2024",)
    assert book["Q5"].wording("2026") == "Que pensez-vous de l’accueil reçu cette année ?"
    assert not book["Q5"].rewordings[0].comparable
    assert [q.id for q in opened.codebook.questions] == ["Q1", "Q2", "Q3", "Q4", "Q5", "Q7", "Q6"]


def test_options_are_added_for_the_wave_or_named_otherwise_and_what_was_typed_stays_other(study, tmp_path):
    make(study, export=export(tmp_path / "deux.csv", *second_rows()))
    opened = open_study(study)
    needs = {option.label: option for option in opened.codebook.by_id["Q3"].options}
    assert needs["Formation"].waves == ("2026",)
    assert set(needs) == {"Temps", "Argent", "Autre", "Formation"}
    assert opened.wave("2026").option_aliases == {"Q3": {"Argents": "argent"}}
    answers = clean(opened, "2026")
    assert (int(answers["Q3.argent"].sum()), int(answers["Q3.autre"].sum())) == (6, 6)


def test_nothing_of_the_first_wave_changes(study, tmp_path):
    before, text = (
        clean(open_study(study), "2024"),
        (study / "data" / "raw" / "codebook.yml").read_text(encoding="utf-8"),
    )
    make(study, export=export(tmp_path / "deux.csv", *second_rows()))
    pd.testing.assert_frame_equal(clean(open_study(study), "2024"), before)
    after = (study / "data" / "raw" / "codebook.yml").read_text(encoding="utf-8")
    left = iter(after.splitlines())
    assert all(line in left for line in text.splitlines() if line.strip())  # in their order, none changed
    assert (study / "data" / "raw" / "codebook.avant-2026.yml").read_text(encoding="utf-8") == text


def test_what_was_found_is_told_without_any_answer(study, tmp_path):
    made = make(study, export=export(tmp_path / "deux.csv", *second_rows()))
    told = "\n".join(made.told)
    assert "wave 2026: 5 questions of the codebook" in told
    assert "Q5 in other words" in told
    assert "Q7 is new" in told
    assert "Q4 is not in this export" in told
    for answer in ("example.org", "Phrase", "cheval", "Formation"):
        assert answer not in told


def test_the_wave_can_be_named_and_is_never_overwritten(study, tmp_path):
    second = export(tmp_path / "deux.csv", *second_rows())
    with pytest.raises(SyntheseError, match="the study has a wave '2024' already"):
        make(study, export=second, wave="2024")
    assert not (study / "data" / "raw" / "2026").exists()
    assert make(study, export=second, wave="relance").told[0].startswith("wave relance")
    assert make(study, export=second).written == ()
    with pytest.raises(SyntheseError, match="cannot be the id of a wave"):
        make(study, export=second, wave="Vague 2")


def test_an_export_of_another_questionnaire_is_refused(study, tmp_path):
    other = export(tmp_path / "autre.csv", ["Couleur", "Taille"], [["bleu", "grand"], ["vert", "petit"]] * 6)
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    with pytest.raises(SyntheseError, match="no question of this export is in the codebook"):
        make(study, export=other)
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_numbers_make_other_options_and_questions(study, tmp_path):
    """« Version 1 » and « Version 2 » are near by their letters, and not the same."""
    header = ["Horodateur", "Votre version ?"]
    one = export(tmp_path / "v1.csv", header, [[f"{n:02d}/03/2024 10:00:00", "Version 1.14"] for n in range(1, 9)])
    two = export(tmp_path / "v2.csv", header, [[f"{n:02d}/03/2025 10:00:00", "Version 1.15"] for n in range(1, 9)])
    init(tmp_path / "v", export=one)
    make(tmp_path / "v", export=two)
    assert [o.label for o in open_study(tmp_path / "v").codebook.questions[0].options] == [
        "Version 1.14", "Autre", "Version 1.15",
    ]  # fmt: skip


def test_both_waves_run_and_what_one_did_not_ask_is_said(study, tmp_path, monkeypatch):
    (study / "report" / "phrases.yml").write_text(
        "schema: 1\nphrases:\n  - {id: txt-a-retenir, estimates: {p: {question: Q4, statistic: median}}, "
        'text: "{p.value}.", otherwise: "{p.value}."}\n',
        encoding="utf-8",
    )
    make(study, export=export(tmp_path / "deux.csv", *second_rows()))
    monkeypatch.chdir(study)
    for wave in ("2024", "2026"):
        for path in sorted((study / "notebooks").glob("*.ipynb")):
            names: dict[str, object] = {}
            for cell in nbformat.read(path, 4).cells:
                if cell.cell_type == "code":
                    source = cell.source.replace("publish = False", "publish = True")
                    exec(compile(source.replace('wave = "2024"', f'wave = "{wave}"'), path.name, "exec"), names)
    manifest = json.loads((study / "data" / "processed" / "2026" / "manifest.json").read_text(encoding="utf-8"))
    said = {id: piece.get("text") for id, piece in manifest["artefacts"].items()}
    assert said["tbl-q4"] == said["txt-a-retenir"] == "Question non posée dans cette vague."
    assert said["fig-q2"] is None


# Additions to a file that a person keeps


def test_additions_leave_every_line_as_it_stands():
    text = (
        "questions:\n"
        "  # avant\n"
        "  - id: Q1\n"
        "    options:\n"
        "      - {code: a}  # une note\n"
        "\n"
        "  # entre\n"
        "  - {id: Q2, options: [{code: a}]}\n"
        "z: 1\n"
    )
    additions = Additions(text)
    additions.key(("questions", 0), "asked_in", '["2024"]', ["dit pourquoi"])
    additions.item(("questions", 0, "options"), "{code: b}")
    additions.item(("questions", 1, "options"), "{code: b}")
    additions.key(("questions", 1), "asked_in", '["2024"]')
    additions.block(("questions", 0), ["  - id: Q3"])
    assert additions.made() == (
        "questions:\n"
        "  # avant\n"
        "  - id: Q1\n"
        "    options:\n"
        "      - {code: a}  # une note\n"
        "      - {code: b}\n"
        "    # dit pourquoi\n"
        '    asked_in: ["2024"]\n'
        "\n"
        "  - id: Q3\n"
        "\n"
        "  # entre\n"
        '  - {id: Q2, options: [{code: a}, {code: b}], asked_in: ["2024"]}\n'
        "z: 1\n"
    )


# What is left to confirm


def test_each_mark_is_listed_with_its_question_until_it_is_deleted(study):
    opened = open_study(study)
    found = to_confirm(opened)
    lines = opened.codebook_file.read_text(encoding="utf-8").splitlines()
    marked = [
        number for number, line in enumerate(lines, start=1) if f"# {MARK} :" in line and not line.startswith("# Ch")
    ]
    assert [fault.row for fault in found if fault.file == "data/raw/codebook.yml"] == marked
    region = next(fault for fault in found if fault.path == "Q2")
    assert "to be confirmed: les options que personne n’a choisies" in region.what
    assert {fault.path for fault in found if fault.file == "data/raw/2024/wave.yml"} == {"field", "channel", "design"}
    del lines[region.row - 1]
    opened.codebook_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert len(to_confirm(opened)) == len(found) - 1


def test_the_studys_own_codebook_has_nothing_to_confirm(repository):
    assert to_confirm(open_study(repository)) == ()
    assert MARK not in (repository / "data" / "raw" / "codebook.yml").read_text(encoding="utf-8")
    assert load_codebook(repository / "data" / "raw" / "codebook.yml").universes == ()
