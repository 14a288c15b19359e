from __future__ import annotations

from pathlib import Path

import pytest

from synthese import cleaning, exports
from synthese.codebook import Codebook, load_codebook
from synthese.exports import RawExport
from synthese.scaffold import init, texts, writing
from synthese.scaffold.drafts import Draft
from synthese.scaffold.guessing import guess
from synthese.simulation import simulate
from synthese.study import open_study


def read(folder: Path, header: list[str], rows: list[list[str]], tool: str | None = None) -> RawExport:
    lines = [",".join(f'"{cell}"' for cell in record) for record in (header, *rows)]
    path = folder / "export.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return exports.read(path, tool=tool)


def one(folder: Path, header: str, cells: list[str]) -> Draft:
    (found,) = guess(read(folder, [header], [[cell] for cell in cells], "plain")).questions
    return found


def labels(found: Draft) -> list[str]:
    return [choice.label for choice in found.choices]


# One column


def test_a_few_repeated_values_are_a_single_choice_with_the_evidence(tmp_path):
    found = one(tmp_path, "Région", ["Bretagne", "Corse", "bretagne ", "Corse", "Bretagne"] * 4)
    assert (found.type, labels(found), found.codes) == ("single", ["Bretagne", "Corse"], ("bretagne", "corse"))
    assert found.evidence == ("20 réponses sur 20 ; 2 textes différents, répétés.",)
    assert "type: ordinal" in found.confirm[0]


def test_values_given_once_among_many_are_other(tmp_path):
    often = [f"Choix {letter}" for letter in "abcdefghijkl"] * 5
    found = one(tmp_path, "Métier", [*often, "éleveur de mots", "semeuse de pierres"])
    assert found.type == "single"
    assert (labels(found)[-1], found.choices[-1].other, len(found.choices)) == ("Autre", True, 13)


@pytest.mark.parametrize(("given", "added"), [("Oui", "Non"), ("Non", "Oui"), ("Peut-être", "Autre")])
def test_a_value_that_everyone_gave_gets_its_opposite(tmp_path, given, added):
    assert labels(one(tmp_path, "D’accord ?", [given] * 9)) == [given, added]


def test_a_known_scale_is_put_in_its_order_and_does_not_know_leaves_the_base(tmp_path):
    cells = ["Tout à fait", "Ne sait pas", "Pas du tout", "Plutôt", "Plutôt pas"] * 4
    found = one(tmp_path, "Suffisant ?", cells)
    assert found.type == "ordinal"
    assert labels(found) == ["Pas du tout", "Plutôt pas", "Plutôt", "Tout à fait", "Ne sait pas"]
    assert [choice.in_base for choice in found.choices] == [True] * 4 + [False]


def test_different_texts_are_free_text(tmp_path):
    found = one(tmp_path, "Un mot", [f"Phrase, numéro {n}, sans pareille" for n in range(20)])
    assert (found.type, found.role, found.choices) == ("open", "comment", ())


def test_an_empty_column_is_told(tmp_path):
    found = guess(read(tmp_path, ["A", "B"], [["x", ""], ["y", ""]] * 5, "plain")).questions
    assert found[1].type == "open"
    assert "Colonne vide" in found[1].evidence[0]


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["0,5", "1", "2", "1,5", "1"] * 3, "numeric"),
        ([str(n) for n in range(12)], "numeric"),
        (["1 200", "300", "4,5", "7", "9", "12"], "numeric"),
        (["1", "2", "3", "4", "5"] * 4, "ordinal"),
        (["01", "2A", "93", "971", "01", "93"] * 4, "single"),
        (["01", "02", "03", "04", "05", "06", "07"] * 4, "single"),
    ],
)
def test_numbers_are_told_from_codes(tmp_path, cells, type_):
    assert one(tmp_path, "Combien ?", cells).type == type_


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("Courriel", ["", "a@example.org"], "contact"),
        ("Comment vous joindre", ["a@example.org", "b@example.org", "non"], "contact"),
        ("Le numéro", ["01 99 00 12 34", "+33199001234"], "contact"),
        ("Nom et prénom", ["Ada L.", "Grace H.", "Alan T."], "contact"),
        ("Nom de la structure", ["A", "A", "B", "B"] * 4, "identifier"),
        ("Fonction du contact", ["Direction", "Élu·e"] * 6, "measure"),
        ("Nombre de salariés", ["1", "2", "3"] * 6, "measure"),
    ],
)
def test_columns_that_identify_are_flagged(tmp_path, header, cells, role):
    found = one(tmp_path, header, cells)
    assert found.role == role
    assert found.personal == (role != "measure")
    if found.personal:
        assert found.type == "open"
        assert "private/" in found.confirm[0]


def test_options_joined_in_a_cell_are_a_multiple_choice_even_where_one_holds_the_separator(tmp_path):
    plan = "Stratégie (raison d'être, plan d'action)"
    cells = [f"{plan}, Argent", "Argent", plan, f"Temps, {plan}", "Temps, Argent", "Temps"] * 3 + ["Temps, un cheval"]
    found = one(tmp_path, "Besoins", cells)
    assert (found.type, found.separator) == ("multiple", ", ")
    assert set(labels(found)) == {plan, "Argent", "Temps", "Autre"}
    assert found.choices[-1].other


def test_a_single_choice_whose_options_hold_commas_stays_one(tmp_path):
    found = one(tmp_path, "Type", ["SCOP, ou autre coopérative", "Réseau, tête de réseau"] * 8)
    assert (found.type, len(found.choices)) == ("single", 2)


# Several columns


def test_columns_of_options_are_one_multiple_choice_with_the_joined_cell_beside(tmp_path):
    header = ["Raisons ?", "Raisons ? (Le coût)", "Raisons ? (Autre)"]
    found = guess(
        read(tmp_path, header, [["Le coût", "TRUE", "FALSE"], ["", "FALSE", "un motif"]] * 4, "plain")
    ).questions
    assert [(q.type, labels(q)) for q in found] == [("multiple", ["Le coût", "Autre"])]
    assert found[0].choices[1].other
    assert "sert de contrôle" in found[0].evidence[0]
    assert [part.columns[0].position for part in found[0].parts] == [2, 3]


def test_columns_of_lines_are_a_grid(tmp_path):
    header = ["Accord ? [Le temps]", "Accord ? [L'argent]"]
    found = guess(read(tmp_path, header, [["Jamais", "Souvent"], ["Parfois", "Jamais"]] * 5, "plain")).questions
    assert [(q.type, [part.label for part in q.parts]) for q in found] == [("grid", ["Le temps", "L'argent"])]
    assert labels(found[0]) == ["Jamais", "Parfois", "Souvent"]


def test_columns_of_ranks_are_a_ranking(tmp_path):
    header = ["Ordre [A]", "Ordre [B]", "Ordre [C]"]
    found = guess(read(tmp_path, header, [["1", "2", "3"], ["3", "1", "2"], ["", "1", ""]] * 3, "plain")).questions
    assert [q.type for q in found] == ["ranking"]


def test_columns_of_free_text_are_questions_of_their_own(tmp_path):
    header = ["Dites [A]", "Dites [B]"]
    rows = [[f"mot {n}", f"phrase {n}"] for n in range(12)]
    found = guess(read(tmp_path, header, rows, "plain")).questions
    assert [(q.text, q.type) for q in found] == [("Dites [A]", "open"), ("Dites [B]", "open")]


def test_the_tools_own_columns_are_no_question(tmp_path):
    header = ["Submission ID", "Submitted at", "Région", ""]
    found = guess(read(tmp_path, header, [["x1", "2024-03-01", "Corse", ""]] * 9, "plain"))
    assert [q.text for q in found.questions] == ["Région"]
    assert [column.position for column in found.ignored] == [1, 2, 4]


# Codes, dates


def test_codes_are_plain_short_and_different():
    taken: list[str] = []
    for label in ("L’Œuvre à 50 %", "L'œuvre à 50 %", "…", "Une très longue réponse qui ne tient pas dans un code"):
        taken.append(texts.code(label, taken))
    assert taken == ["l_oeuvre_a_50", "l_oeuvre_a_50_2", "option", "une_tres_longue_reponse_qui_ne"]


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        (["2024-03-09T10:00", "2024-02-28 09:00"], "2024-02-28", "2024-03-09"),
        (["09/03/2024 10:00:00", "28/02/2024 09:00:00"], "2024-02-28", "2024-03-09"),
        (["10-19-24", "11-02-24"], "2024-10-19", "2024-11-02"),
        (["2020/06/01 4:11:00 PM GMT-5"], "2020-06-01", "2020-06-01"),
    ],
)
def test_days_of_field_work_come_from_the_export(tmp_path, cells, start, end):
    dates = writing.field_dates(read(tmp_path, ["Submitted at", "A"], [[cell, "x"] for cell in cells], "plain"))
    assert (dates.start.isoformat(), dates.end.isoformat(), dates.found) == (start, end, True)


def test_an_export_without_dates_asks_for_them(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("Région\n" + "Corse\nBretagne\n" * 6)
    init(tmp_path / "étude", export=path)
    text = (tmp_path / "étude" / "data" / "raw" / "vague-1" / "wave.yml").read_text(encoding="utf-8")
    assert "# À confirmer : les dates de la collecte (l’export ne le dit pas)." in text


# The whole draft


@pytest.mark.parametrize("tool", ["framaforms", "google-forms", "plain"])
@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_a_draft_reads_every_answer_of_the_export_that_it_was_made_from(repository, tmp_path, tool, wave):
    real = load_codebook(repository / "data" / "raw" / "codebook.yml")
    exports.write(tool, simulate(real, wave, 80, 3, tool), tmp_path / "export.csv")
    init(tmp_path / "étude", export=tmp_path / "export.csv", tool=tool)
    study = open_study(tmp_path / "étude")
    settings = study.waves[0]
    raw = exports.read(tmp_path / "export.csv", tool=tool)
    cleaned = cleaning.clean(raw, study.codebook, settings)
    assert (cleaned.counts.kept, cleaned.errors) == (80, ())
    guessed = _types(study.codebook)
    asked = {q.wording(wave): q.type for q in real.questions if q.asked(wave)}
    assert guessed.keys() == asked.keys()
    wrong = {text for text, type_ in asked.items() if _like(guessed[text]) != _like(type_)}
    # A free text drawn from few sentences is taken for a choice, departments among few answers for free text.
    assert {asked[text] for text in wrong - {"Département d’implantation"}} <= {"open"}
    personal = {q.text for q in study.codebook.questions if q.personal}
    assert personal >= {q.text for q in real.questions if q.personal}


def _types(codebook: Codebook) -> dict[str, str]:
    return {question.text: question.type for question in codebook.questions}


def _like(type_: str) -> str:
    """A scale without a known wording is drafted as a plain choice."""
    return "single" if type_ == "ordinal" else type_


def test_a_question_whose_answers_do_not_fit_is_given_up_as_text(tmp_path):
    # Excel made dates of two options: they are no option, and the study must run all the same.
    path = tmp_path / "export.csv"
    path.write_text("Durée,Région\n" + "03-juin,Corse\n6-12 mois,Corse\nplus,Bretagne\n" * 6, encoding="utf-8")
    init(tmp_path / "étude", export=path)
    study = open_study(tmp_path / "étude")
    raw = exports.read(path)
    assert cleaning.clean(raw, study.codebook, study.waves[0]).counts.kept == 18


def test_real_surveys_are_drafted_and_read_whole(real_surveys, tmp_path):
    for number, name in enumerate(
        ("publicodes-2024-fr/data.csv", "spack/spack-user-survey-2020-responses.csv"), start=1
    ):
        init(tmp_path / str(number), export=real_surveys / name)
        study = open_study(tmp_path / str(number))
        raw = exports.read(real_surveys / name)
        assert cleaning.clean(raw, study.codebook, study.waves[0]).counts.received == len(raw.cells)


# Scales, people, filters


@pytest.mark.parametrize(
    ("labels_", "ordered"),
    [
        (["Weekly", "Daily", "Never", "Monthly"], ["Never", "Monthly", "Weekly", "Daily"]),
        (["Very Important", "Critical", "Not Important"], ["Not Important", "Very Important", "Critical"]),
        (["Très satisfait·e", "Peu satisfait(e)", "Pas du tout satisfait.e"],
         ["Pas du tout satisfait.e", "Peu satisfait(e)", "Très satisfait·e"]),
        (["Yes, definitely!", "No", "Probably not", "Probably"],
         ["No", "Probably not", "Probably", "Yes, definitely!"]),
        (["> 60", "18-29", "30-44"], ["18-29", "30-44", "> 60"]),
        (["plus de 10 ans", "moins de 2 ans", "2 à 5 ans", "5 à 10 ans"],
         ["moins de 2 ans", "2 à 5 ans", "5 à 10 ans", "plus de 10 ans"]),
        (["$150,000+", "$0 - $24,999", "$25,000 - $49,999"], ["$0 - $24,999", "$25,000 - $49,999", "$150,000+"]),
        (["500-1,000", "10 - 100", "> 1,000"], ["10 - 100", "500-1,000", "> 1,000"]),
    ],
)  # fmt: skip
def test_scales_and_ranges_are_put_in_their_order(tmp_path, labels_, ordered):
    path = tmp_path / "export.csv"
    path.write_text("Quoi ?\n" + "".join(f'"{label}"\n' for label in labels_) * 6, encoding="utf-8")
    (found,) = guess(exports.read(path, tool="plain")).questions
    assert (found.type, labels(found)) == ("ordinal", ordered)


@pytest.mark.parametrize(
    "labels_", [["Rouge", "Vert", "Bleu"], ["01", "02", "93"], ["CentOS 7", "Ubuntu 20", "Debian 11"]]
)
def test_options_without_order_stay_plain(tmp_path, labels_):
    assert one(tmp_path, "Quoi ?", labels_ * 6).type == "single"


@pytest.mark.parametrize(
    ("label", "other"),
    [("Autre", True), ("Autre :", True), ("Other (please specify)", True), ("Autres, précisez", True),
     ("Other Public Research Lab", False), ("Autre coopérative", False), ("Autrement", False)],
)  # fmt: skip
def test_other_is_told_from_what_begins_alike(label, other):
    assert texts.is_other(label) is other


def test_an_option_that_says_none_and_is_never_ticked_with_another_is_exclusive(tmp_path):
    found = one(tmp_path, "Lesquels ?", ["Un, Deux", "Aucun", "Deux", "Un"] * 5)
    assert {choice.label for choice in found.choices if choice.exclusive} == {"Aucun"}
    assert "« Aucun » n’est jamais cochée avec une autre" in found.evidence[0]


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("First name", ["Ada", "Grace", "Ada", "Grace"] * 4, "contact"),
        ("Nom et prénom", ["Ada L.", "Grace H."] * 6, "contact"),
        ("Votre réponse", ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Emmy Noether", "Sophie Germain"], "contact"),
        ("Adresse", ["192.0.2.1", "192.0.2.17", "198.51.100.4"], "contact"),
        ("Compte", ["@ada_l", "https://www.linkedin.com/in/grace", "@alan_t"], "contact"),
        ("Date de naissance", ["01/02/1990", "03/04/1985"], "contact"),
        ("Name of your organization", ["Lab A", "Lab B"], "identifier"),
        ("À quelle fréquence consultez-vous vos e-mails ?", ["Jamais", "Souvent", "Parfois"] * 5, "measure"),
        ("What country are you in?", ["United States", "United Kingdom"] * 6, "measure"),
        ("Avez-vous un téléphone ?", ["Oui", "Non"] * 6, "measure"),
        ("pw", ["33.846996307373", "15.1000003815"] * 6, "measure"),
    ],
)
def test_people_are_told_by_header_and_by_values_in_both_languages(tmp_path, header, cells, role):
    assert one(tmp_path, header, cells).role == role


def test_no_personal_value_is_ever_in_a_draft(tmp_path):
    header = ["Horodateur", "Prénom", "Région", "Contact", "Sources", "Remarque"]
    rows = [
        [
            "01/03/2024 10:00:00",
            "Ada",
            "Corse",
            "ada@example.org",
            "Presse, ada@example.org",
            "Appelez Ada au 06 12 34 56 78",
        ],
        ["02/03/2024 10:00:00", "Grace", "06 12 34 56 78", "grace@example.org", "Presse, Radio", "Merci"],
    ] * 9
    path = tmp_path / "export.csv"
    lines = [",".join(f'"{cell}"' for cell in record) for record in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    written = init(tmp_path / "étude", export=path)
    for file in written:
        if file.suffix != ".csv":
            text = file.read_text(encoding="utf-8")
            for personal in ("Ada", "Grace", "example.org", "06 12 34"):
                assert personal not in text, file.name


def test_a_short_text_taken_for_a_question_of_options_is_said_and_left_to_confirm(tmp_path):
    often = [f"Choix {letter}" for letter in "abcdefghijkl"] * 5
    found = one(tmp_path, "Métier", [*often, "éleveur de mots", "semeuse de pierres"])
    assert "dont 2 hors des options" in found.evidence[0]
    assert any("si c’est bien une question fermée" in line for line in found.confirm)


def test_a_filter_that_answers_suggest_is_left_to_confirm(tmp_path):
    header = ["Membre ?", "Depuis quand ?", "Région"]
    rows = [["Oui", "Longtemps", "Corse"], ["Non", "", "Corse"], ["Oui", "Peu", ""], ["Non", "", "Bretagne"]] * 5
    found = guess(read(tmp_path, header, rows, "plain")).questions
    assert any("un filtre (`routing`) sur Q1, any_of: [oui]" in line for line in found[1].confirm)
    champ = "répondant·es ayant répondu « Oui » à « Membre ? »"
    proposed = f'`routing: {{question: Q1, any_of: [oui], champ: "{champ}"}}`'
    assert any(proposed in line for line in found[1].confirm)
    assert not any("un filtre" in line for line in (*found[0].confirm, *found[2].confirm))


def test_a_score_of_recommendation_is_known_by_its_words_and_values(tmp_path):
    found = one(tmp_path, "Recommanderiez-vous ce service ?", ["10", "9", "8", "10", "3"] * 4)
    assert (found.type, found.nps, found.bounds) == ("numeric", True, (0, 10))
    assert not one(tmp_path, "Combien ?", ["10", "9", "8", "7", "3", "2", "1"] * 4).nps


def test_what_a_spreadsheet_made_of_an_option_is_no_option(tmp_path):
    found = one(tmp_path, "Versions ?", ["3.10, 3.9", "3.1", "3.9", "3.10", "3.1, 3.9"] * 4)
    assert set(labels(found)) == {"3.10", "3.9"}


def test_a_column_of_text_beside_other_belongs_to_its_question(tmp_path):
    header = ["Fonction ?", "Fonction ? [Autre]", "Région"]
    rows = [["Direction", "", "Corse"], ["Autre", "vigie", "Corse"], ["Direction", "", "Bretagne"]] * 5
    found = guess(read(tmp_path, header, rows, "plain")).questions
    assert [(q.text, q.type) for q in found] == [("Fonction ?", "single"), ("Région", "single")]
    assert [choice.label for choice in found[0].choices if choice.other] == ["Autre"]


def test_of_two_separators_the_one_that_leaves_fewer_options_was_meant():
    # The Forms' own download joins by « ; » options that hold « , », and one of them both.
    offered = ["Ateliers ; initiation", "Formation (présentiel, à distance)", "Médiation", "Outils, prêts", "Échange"]
    picked = [[label for place, label in enumerate(offered) if n >> place & 1] for n in range(1, 32)] * 2
    for joint in (";", ", "):
        found = texts.as_list([joint.join(labels) for labels in picked], [", ", ";"])
        assert found is not None
        assert found[0] == joint
        assert {choice.label.replace(" ;", ";") for choice in found[1]} == {one.replace(" ;", ";") for one in offered}


def test_an_address_typed_among_options_is_no_option():
    cells = ["Presse, ada@example.org", "Presse", "Radio, ada@example.org", "Radio, Presse", "Radio"] * 4
    found = texts.as_list(cells, [", "])
    assert found is None or [choice.label for choice in found[1]] == ["Presse", "Radio", "Autre"]
    cells += ["Radio, Presse"] * 20
    found = texts.as_list(cells, [", "])
    assert found is not None
    assert [choice.label for choice in found[1]] == ["Presse", "Radio", "Autre"]


def test_a_date_among_options_is_told_as_likely_damage(tmp_path):
    found = one(tmp_path, "Combien ?", ["1-2", "2024-06-03", "7-10", "plus de 10"] * 6)
    assert any("tableur" in line and "2024-06-03" in line for line in found.confirm)
    found = one(tmp_path, "Combien ?", ["1-2", "3-6", "7-10", "plus de 10"] * 6)
    assert not any("tableur" in line for line in found.confirm)
