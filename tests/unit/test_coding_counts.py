"""Coded answers count like any option; a code that cannot count stops the wave."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese import exports
from synthese.analysis import findings, open_wave
from synthese.batch.plan import plan
from synthese.cleaning import read_journal, replay
from synthese.codebook import Codebook, comparability, variable
from synthese.codebook.codeframe import as_asked, codable, extended, labels
from synthese.codebook.codesheets import Sheet, SheetRow
from synthese.errors import SyntheseError
from synthese.files import write_text
from synthese.simulation import simulate_export
from synthese.simulation.waves import population_of
from synthese.study import open_study

HERE = Path(__file__).with_name("coding_study.py")
_SPEC = spec_from_file_location("coding_study", HERE)
if _SPEC is None or _SPEC.loader is None:
    raise ImportError(str(HERE))
_CODING = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_CODING)
ROWS, answers, code, put = _CODING.ROWS, _CODING.answers, _CODING.code, _CODING.put


@pytest.fixture
def study(tmp_path) -> Path:
    return _CODING.made(tmp_path)


# What coded answers count as


def test_without_a_code_nothing_changes(study):
    before = {wave: open_wave(wave, study=study).clean().responses for wave in ROWS}
    book = open_study(study).codebook
    code(study, "--all", "S", "M", "F")
    assert open_study(study).codebook == book
    for wave, responses in before.items():
        assert open_wave(wave, study=study).clean().responses.equals(responses)


def test_a_single_choice_takes_the_option_of_its_code_and_the_routing_stays_what_the_form_did(study):
    put(study, "2024", "S", "Friche;friche;Friches;", "Une usine;B;;")
    assert answers(study, "2024", "S")["S"] == ["friche", "a", "friche", "b", "_no_answer", "b"]
    assert answers(study, "2024", "R")["R"] == ["x", "_not_asked", "y", "_no_answer", "_routing_unknown", "_not_asked"]
    book = open_study(study).codebook
    assert [(o.code, o.label, o.waves) for o in variable(book, "S", "2024").options] == [
        ("a", "Aa", None), ("b", "Bb", None), ("friche", "Friches", ("2024",)), ("autre", "Autre", None),
    ]  # fmt: skip
    assert variable(book, "S", "2022").codes == ("a", "b", "autre")
    assert variable(book, "S@deux", "2024").groups == {"a": "ab", "b": "ab", "autre": "autre", "friche": "autre"}


def test_a_multiple_response_ticks_every_code_and_other_only_where_it_is_among_them(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;", "Vélo et jardin;velo|jardin;Vélo;", "Chez […];a autre;;")
    ticks = answers(study, "2024", "M")
    assert ticks["M"] == ["answered"] * 4 + ["_no_answer", "answered"]
    assert ticks["M.jardin"] == [True, False, True, True, None, False]
    assert ticks["M.velo"] == [False, False, True, True, None, False]
    assert ticks["M.a"] == [False, True, True, False, None, True]
    assert ticks["M.autre"] == [False, False, False, False, None, True]
    assert list(ticks) == ["M", "M.a", "M.b", "M.jardin", "M.velo", "M.autre"]


def test_texts_without_a_code_stay_other_and_are_told(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;")
    assert answers(study, "2024", "M")["M.autre"] == [False, False, True, True, None, True]
    _, remarks = findings(open_study(study), "2024")
    (left,) = [fault for fault in remarks if fault.code == "texts-to-code"]
    assert left.file == "data/raw/2024/coding/M.csv"
    assert left.what == "2 texts of M have no code yet (3 answers): they count as 'autre'"


def test_read_and_left_where_it_is_counts_as_coded(study):
    put(study, "2024", "S", "Friche;_;;", "Une usine;autre;;")
    assert answers(study, "2024", "S")["S"] == ["autre", "a", "autre", "autre", "_no_answer", "b"]
    assert not [f for f in findings(open_study(study), "2024")[1] if f.code == "texts-to-code"]
    assert "coded" not in set(open_wave("2024", study=study).clean().journal["rule"])


def test_an_open_question_becomes_a_multiple_response_of_those_who_answered(study):
    assert variable(open_study(study).codebook, "F", "2024").kind == "open"
    put(study, "2024", "F", "Du temps;temps;Du temps;", "Voir […] au […];temps contact;Contact;", "Rien;_;;")
    given = answers(study, "2024", "F")
    assert given["F"] == ["answered", "answered", "answered", "_no_answer", "answered", "answered"]
    assert given["F.temps"] == [True, True, True, None, False, False]
    assert given["F.contact"] == [False, True, False, None, False, False]
    assert given["F.non_classe"] == [False, False, False, None, True, True]
    book = open_study(study).codebook
    assert variable(book, "F", "2024").kind == "multiple"
    assert variable(book, "F", "2022").kind == "open"
    wave = open_wave("2024", study=study, publish=True)
    wave.save(wave.clean())
    shares = wave.describe("F").estimates
    shares = shares[shares["statistic"] == "share"].set_index("option")
    assert shares[["count", "base"]].to_dict("index") == {
        "temps": {"count": 3, "base": 5}, "contact": {"count": 1, "base": 5}, "non_classe": {"count": 2, "base": 5},
    }  # fmt: skip


def test_coded_options_are_described_crossed_and_compared_like_any(study):
    for wave in ROWS:
        put(study, wave, "M", "Jardin;jardin;Jardins partagés;", "Vélo et jardin;jardin;;")
        one = open_wave(wave, study=study, publish=True)
        one.save(one.clean())
    wave = open_wave("2024", study=study, publish=True)
    for result in (wave.describe("M"), wave.cross("M", "S"), wave.compare("M")):
        rows = result.estimates[result.estimates["option"] == "jardin"]
        assert rows["value"].notna().any(), result.name
    description = wave.describe("M").estimates
    row = description[(description["option"] == "jardin") & (description["statistic"] == "share")]
    assert row[["count", "base"]].to_numpy().tolist() == [[3, 5]]


def test_a_cleaned_wave_is_replayed_from_its_journal(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;", "Vélo et jardin;jardin velo;Vélo;")
    put(study, "2024", "S", "Friche;a;;")
    put(study, "2024", "F", "Du temps;temps;Temps;")
    wave = open_wave("2024", study=study, publish=True)
    done = wave.clean()
    folder = wave.save(done).parent
    raw = exports.read(study / "data" / "raw" / "2024" / "export.csv", tool="plain", delimiter=",")
    again = replay(read_journal(folder / "journal.csv"), raw, wave.codebook, wave.settings)
    assert again.equals(done.responses)
    lines = done.journal[done.journal["rule"] == "coded"]
    assert len(lines) == 3 + 2 + 2
    assert set(lines["before"]) == {"•••"}
    assert set(lines["after"]) == {"jardin", "a;jardin;velo", "jardin;velo", "a", "temps"}
    assert done.cleaned.counts.set_aside["coded"] == 7


# What is wrong with a sheet


@pytest.mark.parametrize(
    ("question", "line", "code_", "said"),
    [
        ("S", "Friche;frich;;", "unknown-code", "'frich' is no option of S, and has no label"),
        ("S", "Friche;Ab C;;", "several-codes", "2 codes are given, and S has one answer a respondent"),
        ("M", "Jardin;b;;", None, ""),
        ("S", "Friche;a;;\nfriche;b;;", "coded-twice", "this text is coded otherwise in row 2"),
        ("S", "Friche;Étang;Étangs;", "unknown-code", "'Étang' is no option of S"),
    ],
)
def test_a_code_that_cannot_count_stops_the_wave(study, question, line, code_, said):
    put(study, "2024", question, line)
    errors, _ = findings(open_study(study), "2024")
    found = [fault for fault in errors if fault.file == f"data/raw/2024/coding/{question}.csv"]
    if code_ is None:
        assert not found
        return
    assert said in str(next(fault for fault in found if fault.code == code_))
    with pytest.raises(SyntheseError, match=f"data/raw/2024/coding/{question}.csv, row"):
        open_wave("2024", study=study).clean()


def test_an_option_that_the_wave_did_not_offer_is_no_code_for_its_texts(study):
    put(study, "2022", "M", "Jardin;b;;")
    errors, _ = findings(open_study(study), "2022")
    assert "M was not offered 'b' in this wave" in str(next(f for f in errors if f.code == "unknown-code"))


def test_an_address_typed_as_a_code_is_masked(study):
    put(study, "2024", "M", "Jardin;zoe@lilas.fr;;")
    errors, _ = findings(open_study(study), "2024")
    assert "'•••' is no option of M" in errors[0].what


def test_the_nearest_code_is_named(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;", "Vélo et jardin;jardn;;")
    errors, _ = findings(open_study(study), "2024")
    assert "did you mean 'jardin'? If it is new, give it a label" in str(errors[0].fix)
    assert (errors[0].row, errors[0].column) == (3, "code")


def test_a_label_counts_wherever_it_stands_and_a_second_one_is_told(study):
    put(study, "2022", "M", "Jardin;jardin;;")
    put(study, "2024", "M", "Jardin;jardin;Jardins;", "Vélo et jardin;jardin velo;Jardinage|Vélo;")
    assert variable(open_study(study).codebook, "M", "2022").option("jardin").label == "Jardins"
    _, remarks = findings(open_study(study), "2024")
    (two,) = [fault for fault in remarks if fault.code == "two-labels"]
    assert "code 'jardin' of M has the label 'Jardinage' here and 'Jardins' before" in two.what
    assert two.row == 3


def test_labels_of_several_new_codes_are_told_apart():
    book = open_questions()
    question = book.by_id["F"]
    rows = (SheetRow("a", code="x y", label="Ixe|Igrec"), SheetRow("b", code="x z", label="Zède"),
            SheetRow("c", code="u v", label="Un seul", line=4))  # fmt: skip
    told, faults = labels(question, [Sheet("F", rows)])
    assert told == {"x": "Ixe", "y": "Igrec", "z": "Zède"}
    assert [(f.code, f.row, f.what) for f in faults] == [
        ("label-of-what", 4, "1 label(s) stand beside 2 new code(s)"),
    ]


def open_questions():
    return Codebook.model_validate(
        {"schema": 1, "title": "t", "questions": [{"id": "F", "section": "a", "text": "t", "type": "open"}]}
    )


def test_the_questionnaire_is_what_it_was_without_what_coding_added(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;")
    put(study, "2024", "F", "Du temps;temps;Temps;")
    opened = open_study(study)
    assert opened.codebook != opened.questionnaire
    assert as_asked(opened.codebook).questions == opened.questionnaire.questions
    assert extended(opened.questionnaire, {}) == opened.questionnaire
    assert [q.id for q in opened.questionnaire.questions if codable(q)] == ["S", "M", "F"]


def test_a_coded_option_may_be_named_in_the_codebook(study):
    book = study / "data" / "raw" / "codebook.yml"
    named = (
        '{code: jardin, label: "Jardins partagés", lecture: "les jardins", coded: true}, {code: autre, label: "Autre"'
    )
    text = book.read_text(encoding="utf-8")
    book.write_text(
        text.replace('waves: ["2024"]}, {code: autre, label: "Autre"', f'waves: ["2024"]}}, {named}'), "utf-8"
    )
    assert "jardin" not in variable(open_study(study).codebook, "M", "2024").codes
    put(study, "2024", "M", "Jardin;jardin;;")
    option = variable(open_study(study).codebook, "M", "2024").option("jardin")
    assert (option.lecture, option.waves) == ("les jardins", ("2024",))
    assert answers(study, "2024", "M")["M.jardin"][0] is True


def test_a_theme_of_an_open_question_may_be_named_in_the_codebook_an_option_may_not(study):
    book = study / "data" / "raw" / "codebook.yml"
    before = book.read_text(encoding="utf-8")
    theme = '{code: temps, label: "Du temps", lecture: "le temps", coded: true}'
    write_text(book, before.replace("role: comment}", f"role: comment, lecture: citent, options: [{theme}]}}"))
    assert variable(open_study(study).codebook, "F", "2024").kind == "open"
    put(study, "2024", "F", "Du temps;temps;;")
    assert [o.code for o in variable(open_study(study).codebook, "F", "2024").options] == ["temps", "non_classe"]
    assert answers(study, "2024", "F")["F.temps"] == [True, False, True, None, False, False]
    write_text(
        book, before.replace("role: comment}", f"role: comment, options: [{theme.replace(', coded: true', '')}]}}")
    )
    with pytest.raises(SyntheseError, match="a open question has no options"):
        _ = open_study(study).codebook


def test_an_exclusive_option_beside_another_is_told(study):
    book = study / "data" / "raw" / "codebook.yml"
    text = book.read_text(encoding="utf-8")
    write_text(
        book, text.replace('waves: ["2024"]}, ', 'waves: ["2024"]}, {code: rien, label: Rien, exclusive: true}, ')
    )
    put(study, "2024", "M", "Vélo et jardin;rien;;", "Jardin;a;;")
    _, remarks = findings(open_study(study), "2024")
    (both,) = [f for f in remarks if f.code == "exclusive-with-others"]
    assert both.what == "1 coded answer(s) to M have 'rien' beside another option"
    assert answers(study, "2024", "M")["M.rien"] == [False, False, True, True, None, False]


@pytest.mark.parametrize(("name", "said"), [("G", "there is no such question"), ("MEL", "MEL cannot be coded")])
def test_a_sheet_of_no_question_that_can_be_coded_is_told(study, name, said):
    put(study, "2024", name, "x;a;;")
    with pytest.raises(SyntheseError, match=said):
        _ = open_study(study).codebook


def test_a_workbook_beside_the_sheets_is_told_a_capital_extension_is_read(study):
    path = put(study, "2024", "M", "Jardin;jardin;Jardins;")
    path.rename(path.with_suffix(".CSV"))
    assert answers(study, "2024", "M")["M.jardin"][0] is True
    write_text(path.with_suffix(".xlsx"), "")
    with pytest.raises(SyntheseError, match=r"coding/M.xlsx: a coding sheet is a CSV file"):
        _ = open_study(study).codebook


def test_nobody_is_simulated_to_choose_what_coders_made(study):
    simulate_export(open_study(study), "2024", study / "before.csv", size=40, seed=1)
    put(study, "2024", "M", "Jardin;jardin;Jardins partagés;")
    put(study, "2024", "S", "Friche;friche;Friches;")
    put(study, "2024", "F", "Du temps;temps;Temps long;")
    simulate_export(open_study(study), "2024", study / "after.csv", size=40, seed=1)
    assert (study / "after.csv").read_bytes() == (study / "before.csv").read_bytes()


def test_a_panel_is_simulated_from_an_earlier_wave_as_it_was_asked(study_copy):
    before = population_of(open_study(study_copy), "2024").codes["B1"]
    put(study_copy, "2024", "B1", "Groupement d’employeurs;groupement;Groupements;")
    assert "groupement" in variable(open_study(study_copy).codebook, "B1", "2024").codes
    assert list(population_of(open_study(study_copy), "2024").codes["B1"]) == list(before)


def test_a_question_coded_in_one_wave_only_is_told(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;")
    _, remarks = findings(open_study(study), "2024")
    (some,) = [fault for fault in remarks if fault.code == "coded-in-some-waves"]
    assert some.what == "the texts of M are coded in 2024 and not in 2022"
    assert "synthese code --wave 2022 M" in some.fix


@pytest.mark.parametrize(
    ("coded", "compared", "said"),
    [
        (("Jardin;jardin;Jardins;",), "a", "codées en 2024 et non en 2022, non comparé : « Jardins », « Autre »"),
        (("Jardin;a;;",), "", "codées en 2024 et non en 2022, non comparé : « Aa », « Autre »"),
        (("Jardin;autre;;", "Vélo et jardin;_;;"), "a autre", ""),
    ],
)
def test_what_coding_changed_in_one_wave_only_is_not_compared(study, coded, compared, said):
    put(study, "2024", "M", *coded)
    codebook = open_study(study).codebook
    for pair in (("2024", "2022"), ("2022", "2024")):
        verdict = comparability(codebook, "M", *pair)
        assert " ".join(verdict.options) == compared
        assert said in verdict.reason
        assert "ajoutée en 2024 : « Jardins" not in verdict.reason


def test_what_both_waves_coded_is_compared(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;")
    put(study, "2022", "M", "Jardin;jardin;Jardins;")
    assert comparability(open_study(study).codebook, "M", "2024", "2022").options == ("a", "jardin", "autre")


def test_the_evolution_leaves_out_what_one_wave_alone_coded(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;", "Vélo et jardin;jardin;;")
    for wave in ROWS:
        one = open_wave(wave, study=study, publish=True)
        one.save(one.clean())
    rows = open_wave("2024", study=study, publish=True).compare("M").estimates
    assert set(rows.loc[rows["statistic"] == "difference", "option"]) == {"a"}


def test_a_code_too_rare_to_be_published_is_told(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;", "Vélo et jardin;velo|jardin;Vélo;", "Chez […];a;;")
    put(study, "2024", "S", "Friche;friche;Friches;")
    put(study, "2024", "F", "Du temps;temps;Temps;", "Rien;_;;")
    _, remarks = findings(open_study(study), "2024")
    assert [(f.file, f.what) for f in remarks if f.code == "rare-code"] == [
        ("data/raw/2024/coding/F.csv", "'temps' of F has 2 answer(s), under the 3 that may be published"),
        ("data/raw/2024/coding/M.csv", "'velo' of M has 2 answer(s), under the 3 that may be published"),
        ("data/raw/2024/coding/S.csv", "'friche' of S has 2 answer(s), under the 3 that may be published"),
    ]


def test_every_wave_is_out_of_date_when_a_sheet_of_one_changes(study):
    path = put(study, "2024", "M", "Jardin;jardin;Jardins;")
    write_text(study / "notebooks" / "01-nettoyage.ipynb", "{}")
    write_text(path.with_name(".~lock.M.csv#"), "")
    tasks = plan(open_study(study), ["2022"], formats=("html",), engine="none", render=False)
    assert all(path in task.inputs for task in tasks)
