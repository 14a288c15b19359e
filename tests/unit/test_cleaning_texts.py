"""Texts to one form, numbers, options and cells cut into options."""

from __future__ import annotations

import pytest

from synthese.cleaning.choices import choices, excel_date, says_other
from synthese.cleaning.cutting import Cutter
from synthese.cleaning.normal import identity, mended, normalise, shown
from synthese.cleaning.numbers import read_number, written
from synthese.codebook import Option


def options(*labels: str, other: str | None = None) -> list[Option]:
    made = [Option(code=f"o{i}", label=label) for i, label in enumerate(labels)]
    return made + ([Option(code="autre", label=other, other=True)] if other else [])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("l’échange", "l'échange"),
        ("e\u0301change", "échange"),
        ("non\u00a0modélisée", "non modélisée"),
        ("«\u202fnon modélisée\u00a0»", "«non modélisée»"),
        ("acteur·rices", "acteur•rices"),
        ("acteur·rices", "acteur.rices"),
        ("acteur⋅rices", "acteur·rices"),
        ("et après…", "et après..."),
        ("raison  d'être", "raison d'être"),
        ("Votre région *", "Votre région"),
        ("Région", "RÉGION"),
        ("3–6 mois", "3-6 mois"),
        ("Autre\u00a0: préciser", "Autre: préciser"),
        ("\ufeffRégion", "Région"),
    ],
)
def test_two_writings_of_one_text_are_equal(one, two):
    assert normalise(one) == normalise(two)


@pytest.mark.parametrize(
    ("one", "two"), [("3.1", "3.10"), ("oui", "ouï"), ("a, b", "a b"), ("1.5", "1·5"), ("non", "non plus")]
)
def test_different_texts_stay_different(one, two):
    assert normalise(one) != normalise(two)


def test_identifying_answers_are_compared_by_kind():
    assert identity(" Jean.Dupont@Exemple.FR ") == identity("jean.dupont@exemple.fr")
    assert identity("a.b@x.fr") != identity("ab@x.fr")
    assert identity("+33 6 12 34 56 78") == identity("06.12.34.56.78")
    assert identity("La Fabrique, à Lille !") == identity("LA FABRIQUE A LILLE")
    assert identity("\u00a0") == ""


def test_a_message_shows_neither_address_nor_number():
    text = shown("Écrire à jean@exemple.fr ou au 06 12 34 56 78")
    assert "jean" not in text
    assert "06" not in text
    assert "Écrire à" in text
    assert len(shown("x" * 500)) == 80


def test_mojibake_is_mended_only_where_it_is_mojibake():
    assert mended("RÃ©gion") == "Région"
    assert mended("Région") is None


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("3", 3, None),
        ("-2.5", -2.5, None),
        ("0,5", 0.5, "number-parsed"),
        (" 4 ", 4, "number-parsed"),
        ("1 200", 1200, "number-parsed"),
        ("1\u202f200,5", 1200.5, "number-parsed"),
        ("1\u00a0200", 1200, "number-parsed"),
        ("1'200", 1200, "number-parsed"),
        ("1.200,5", 1200.5, "number-parsed"),
        ("1,200.5", 1200.5, "number-parsed"),
        ("1.200.000", 1_200_000, "number-parsed"),
        (",5", 0.5, "number-parsed"),
        ("0,5 ETP", 0.5, "number-parsed"),
        ("2 etps", 2, "number-parsed"),
        ("1,200", 1.2, "ambiguous-number"),
        ("1.200", 1.2, "ambiguous-number"),
        ("0.125", 0.125, None),
        ("1,2E+05", 120000, "scientific-notation"),
        ("1E+05", 100000, "scientific-notation"),
        ("3-juin", None, "excel-date"),
        ("03/06/2024", None, "excel-date"),
        ("1 20", None, "not-a-number"),
        ("3 à 4", None, "not-a-number"),
        ("environ 5", None, "not-a-number"),
        ("1E+999", None, "not-a-number"),
    ],
)
def test_numbers_as_people_and_spreadsheets_write_them(text, value, rule):
    number = read_number(text, "ETP")
    assert (number.value, number.rule) == (value, rule)


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1e20, -2.5, 1 / 3])
def test_a_number_in_the_journal_reads_back_the_same(value):
    assert float(written(value)) == value


@pytest.mark.parametrize("text", ["3-juin", "juin-06", "03/06/2024", "2024-06-03 00:00:00", "1-févr.", "3 juin 2024"])
def test_dates_made_by_a_spreadsheet(text):
    assert excel_date(text)


@pytest.mark.parametrize("text", ["3-6", "3 mois", "en juin", "mai", "2024", "3/6"])
def test_texts_that_are_no_such_date(text):
    assert not excel_date(text)


def test_an_option_is_found_exactly_then_by_alias_then_normalised():
    known = choices(options("L’un", "L'autre côté", "Deux"), "1", {"Vieux texte": "o2"})
    assert (known.match("L’un").code, known.match("L’un").rule) == ("o0", None)
    assert (known.match("l'un ").code, known.match("l'un ").rule) == ("o0", "option-normalised")
    assert (known.match("vieux texte").code, known.match("vieux texte").rule) == ("o2", "option-alias")
    assert (known.match("o1").code, known.match("o1").rule) == ("o1", None)
    assert known.match("Trois") is None


def test_an_alias_overrides_an_options_own_text():
    known = choices(options("Collectif", "Ateliers"), "1", {"Collectif": "o1"})
    assert known.match("Collectif").code == "o1"


def test_two_options_equal_but_for_case_are_told_apart_exactly_or_not_at_all():
    known = choices(options("PAT", "Pat"), "1", {})
    assert known.match("PAT").code == "o0"
    assert known.match("Pat").code == "o1"
    assert known.match("pat") is None


def test_a_lost_zero_is_restored_where_only_one_option_fits():
    departments = [Option(code=code, label=code) for code in ("01", "2A", "10", "971")]
    known = choices(departments, "1", {})
    assert (known.match("1").code, known.match("1").rule) == ("01", "leading-zero")
    assert known.match("10").code == "10"
    assert known.match("2") is None


def test_an_option_of_another_wave_is_not_offered():
    known = choices([Option(code="a", label="Ancien", waves=("2024",)), *options("X", "Y")], "2026", {})
    assert known.match("Ancien") is None
    assert known.withheld == {"ancien": "a"}


SEED = "Stratégie de projet (raison d'être, plan d'action)"


@pytest.mark.parametrize(
    ("text", "separator", "codes", "rest"),
    [
        (f"{SEED}, Ingénierie", ", ", ("o0", "o2"), ""),
        (f"Ingénierie;{SEED};", ";", ("o2", "o0"), ""),
        ("Ingénierie,Modèle; économique,", ",", ("o2", "o1"), ""),
        ("Ingénierie, du temps, de l’argent", ", ", ("o2",), "du temps, de l’argent"),
        ("rien de cela", ", ", (), "rien de cela"),
        ("Ingénierie, Ingénierie", ", ", ("o2",), ""),
        ("", ", ", (), ""),
    ],
)
def test_known_options_are_found_whole_and_the_rest_is_left(text, separator, codes, rest):
    known = choices(options(SEED, "Modèle; économique", "Ingénierie"), "1", {})
    cut = Cutter(known, separator).cut(text)
    assert (cut.codes, cut.rest, cut.rule, cut.ambiguous) == (codes, rest, None, False)


def test_options_are_found_in_another_typography():
    known = choices(options(SEED, "par les pairs (réseaux et acteur·rices)"), "1", {})
    cut = Cutter(known, ", ").cut(
        "Par les pairs (réseaux et acteur.rices),stratégie de projet (raison d’être,plan d’action)"
    )
    assert (cut.codes, cut.rest, cut.rule) == (("o1", "o0"), "", "option-normalised")


def test_the_longest_option_wins_and_the_doubt_is_told():
    known = choices(options("A", "B", "A, B"), "1", {})
    cut = Cutter(known, ", ").cut("A, B")
    assert (cut.codes, cut.ambiguous) == (("o2",), True)
    # Once both are there, only one reading names no option twice.
    twice = Cutter(known, ", ").cut("A, B, A")
    assert (set(twice.codes), twice.ambiguous) == ({"o0", "o2"}, False)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Autre", True), ("Autres\u00a0:", True), ("Autre…", True), ("Autre (précisez)", True),
        ("Autre : préciser", True),
        ("Autre (veuillez préciser)", True), ("Other (please specify)", True), ("Other, please specify:", True),
        ("Autre structure", False), ("Autrement", False), ("Autre : une mairie", False), ("", False),
    ],
)  # fmt: skip
def test_the_words_by_which_tools_say_other(text, other):
    assert says_other(text) is other
