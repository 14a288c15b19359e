from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.analysis.cleaned import findings
from synthese.codebook import load_codebook
from synthese.errors import SyntheseError
from synthese.exports import Asked, Condition, Item, RawExport, Structure
from synthese.scaffold import init, make, trying, writing
from synthese.scaffold.drafts import Draft, Drafted
from synthese.scaffold.formed import from_structure
from synthese.simulation import simulate
from synthese.study import open_study

YES_NO = (Item("Y", "Oui"), Item("N", "Non"))
FORM = Structure(
    "Un formulaire",
    (
        Asked("intro", "Bonjour", "note"),
        Asked("membre", "Êtes-vous membre ?", "single", YES_NO, required=True, section="Vous"),
        Asked(
            "groupe/reseau", "Lequel ?", "single", (Item("A1", "Un"), Item("A2", "Deux")), other="Un autre",
            shown_if=Condition("membre", ("Y",)), section="Vous",
        ),
        Asked("mail", "Votre adresse e-mail", "open"),
        Asked(
            "besoins", "De quoi avez-vous besoin ?", "multiple",
            (Item("1", "Du temps"), Item("2", "De l’argent"), Item("9", "De rien")), exclusive=("9",), maximum=2,
        ),
        Asked(
            "accord", "Êtes-vous d’accord ?", "single",
            (Item("5", "Tout à fait"), Item("4", "Plutôt"), Item("1", "Pas du tout"), Item("8", "Ne sait pas")),
        ),
        Asked("lignes", "À quel point ?", "grid", (Item("a", "Peu"), Item("b", "Très")), (Item("SQ1", "Ici"),)),
        Asked("age", "Quel âge ?", "numeric", expression="membre == 'Y' and 1 + 1 == 2"),
        Asked("quand", "Depuis quand ?", "date"),
    ),
    "survey.lss",
)  # fmt: skip


def drafted(form: Structure = FORM, raw: RawExport | None = None) -> dict[str, Draft]:
    return {one.id: one for one in from_structure(form, raw).questions}


def test_types_codes_and_sections_are_the_forms():
    found = drafted()
    assert [(q.id, q.type) for q in found.values()] == [
        ("membre", "single"), ("reseau", "single"), ("mail", "open"), ("besoins", "multiple"), ("accord", "ordinal"),
        ("lignes", "grid"), ("age", "numeric"), ("quand", "open"),
    ]  # fmt: skip
    assert found["membre"].codes == ("y", "n")
    assert found["reseau"].codes == ("a1", "a2", "autre")
    assert found["reseau"].choices[-1].other
    assert (found["membre"].required, found["membre"].section) == (True, "Vous")
    assert "survey.lss" in found["membre"].evidence[0]


def test_routing_maximum_and_exclusive_options_come_from_the_form():
    found = drafted()
    route = found["reseau"].route
    assert route is not None
    assert (route.question, route.codes) == ("membre", ("y",))
    assert route.champ == "répondant·es ayant répondu « Oui » à « Êtes-vous membre ? »"
    assert found["besoins"].maximum == 2
    assert [choice.exclusive for choice in found["besoins"].choices] == [False, False, True]


def test_a_scale_is_put_lowest_first_and_does_not_know_leaves_the_base():
    accord = drafted()["accord"]
    assert accord.codes == ("1", "4", "5", "8")
    assert [choice.in_base for choice in accord.choices] == [True, True, True, False]


def test_a_filter_that_is_not_simple_is_left_to_confirm_as_the_form_writes_it():
    age = drafted()["age"]
    assert age.route is None
    assert any("membre == 'Y' and 1 + 1 == 2" in line for line in age.confirm)


def test_a_question_that_identifies_is_personal():
    mail = drafted()["mail"]
    assert (mail.role, mail.type) == ("contact", "open")


@pytest.mark.parametrize(
    ("codes", "kept"),
    [
        (("A1", "a1"), ("un", "deux")),
        (("-oth-", "x"), ("un", "deux")),
        (("01", "2A"), ("01", "2A")),
        (("1", "2"), ("1", "2")),
    ],
)
def test_codes_that_cannot_be_codes_are_made_of_the_labels(codes, kept):
    options = tuple(Item(code, label) for code, label in zip(codes, ("Un", "Deux"), strict=True))
    form = Structure("", (Asked("q", "Quoi ?", "single", options),), "f")
    assert drafted(form)["q"].codes == kept


def test_answers_that_say_why_there_is_none_are_no_options():
    options = (*YES_NO, Item("99", "Refus"))
    form = Structure("", (Asked("q", "Quoi ?", "single", options, missing={"99": "_no_answer"}),), "f")
    assert [choice.label for choice in drafted(form)["q"].choices] == ["Oui", "Non"]


def test_the_draft_is_a_codebook():
    book = trying.read_codebook(writing.codebook("Titre", from_structure(FORM), "survey.lss"))
    assert book.sections == {"A": "Vous", "B": "Questionnaire"}
    assert book.by_id["reseau"].routing is not None
    assert book.by_id["lignes"].rows[0].code == "sq1"


def test_questions_without_column_are_left_out_and_columns_without_question_drafted(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("Êtes-vous membre ?,Région\n" + "Oui,Corse\nNon,Bretagne\n" * 6, encoding="utf-8")
    found: Drafted = from_structure(FORM, exports.read(path, tool="plain"))
    assert [(q.id, q.text) for q in found.questions] == [("membre", "Êtes-vous membre ?"), ("X1", "Région")]
    assert "sans colonne dans l’export" in found.notes[0]
    assert "besoins" in found.notes[0]


# Real formats


@pytest.mark.parametrize(("tool", "variant"), [("limesurvey", "codes"), ("kobotoolbox", "xml"), ("spss", "sav")])
def test_an_export_with_its_form_is_drafted_as_it_was_asked(repository, tmp_path, tool, variant):
    real = load_codebook(repository / "data" / "raw" / "codebook.yml")
    path = tmp_path / f"export{exports.named(tool).variants[variant].suffix}"
    exports.write(tool, simulate(real, "2026", 60, 3, tool), path, variant)
    form = next((other for other in tmp_path.iterdir() if other != path), None)
    init(tmp_path / "étude", export=path, structure=form, tool=tool)
    study = open_study(tmp_path / "étude")
    assert findings(study, study.newest)[0] == ()
    there = [q for q in real.questions if q.asked("2026") and not (tool == "spss" and q.type == "grid")]
    asked = {q.wording("2026"): q.type for q in there}
    assert {
        text: study.codebook.by_id[id].type for id, text in _texts(study.codebook).items() if text in asked
    } == asked
    if form is not None:
        assert study.wave(study.newest).structure == form.name


def _texts(codebook):
    return {question.id: question.text for question in codebook.questions}


def test_a_form_alone_makes_a_study_of_synthetic_answers(repository, tmp_path):
    real = load_codebook(repository / "data" / "raw" / "codebook.yml")
    exports.write("limesurvey", simulate(real, "2026", 5, 3, "limesurvey"), tmp_path / "export.csv", "codes")
    by_from = make(tmp_path / "une", export=tmp_path / "export.lss")
    by_structure = make(tmp_path / "autre", structure=tmp_path / "export.lss")
    assert len(by_from.written) == len(by_structure.written)
    study = open_study(tmp_path / "une")
    wave = study.wave("exemple")
    assert wave.synthetic
    assert "Brouillon tiré de export.lss" in study.codebook_file.read_text(encoding="utf-8")
    assert findings(study, "exemple")[0] == ()


def test_a_file_that_is_no_form_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("rien", encoding="utf-8")
    with pytest.raises(SyntheseError, match="this file holds no form"):
        init(tmp_path / "étude", structure=Path(tmp_path / "notes.txt"))
    assert not (tmp_path / "étude").exists()
