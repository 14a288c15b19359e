"""What is wrong in a French text: every kind at its place, what mends itself apart, nothing in a correct text."""

from __future__ import annotations

import random

import pytest

from synthese.formatting import french, lint

MENDED = [
    ("Pourquoi ?", 9, "space", "Pourquoi ?", "Pourquoi⍽?"),
    ("Pourquoi?", 9, "space", "Pourquoi?", "Pourquoi⍽?"),
    ("Le champ: tous", 9, "space", "champ:", "champ⍽:"),
    ("Dit « mot»", 6, "space", "« mot»", "«⍽mot»"),
    ("Dit «\u00a0mot»", 10, "space", "mot»", "mot⍽»"),
    ('Un "mot"', 4, "straight-quotes", '"mot"', '«⍽mot"'),
    ("Un “mot” ici", 4, "english-quotes", "“mot”", "«⍽mot”"),
    ("l'avis", 2, "apostrophe", "l'avis", "l’avis"),
    ("Un mot - entre deux - et fin", 8, "dash", "- entre", "–⍽entre"),
    ("de 3-5 ans", 5, "dash", "3-5", "3–5"),
    ("la 1ère fois", 4, "ordinal", "1ère", "1re"),
    ("le 2ème jour", 4, "ordinal", "2ème", "2e"),
    ("avec 12 345 noms", 8, "thousands", "12 345", "12⍽345"),
    ("et cela...", 8, "three-dots", "cela...", "cela…"),
    ("les répondant⋅es", 14, "wrong-dot", "répondant⋅es", "répondant·es"),
]

WRONG = [
    ("des répondant(e)s", 5, "inclusive-form", "répondant(e)s", "répondant·es"),
    ("des élu.e.s", 5, "inclusive-form", "élu.e.s", "élu·es"),
    ("des acteur.rices", 5, "inclusive-form", "acteur.rices", "acteur·rices"),
    ("des chargé-e-s", 5, "inclusive-form", "chargé-e-s", "chargé·es"),
    ("une chargé-e de", 5, "inclusive-form", "chargé-e", "chargé·e"),
    ("des élus/es ici", 5, "inclusive-form", "élus/es", "élu·es"),
    ("des acteur·rice·s", 5, "inclusive-form", "acteur·rice·s", "acteur·rices"),
    ("des étudiantEs", 5, "inclusive-form", "étudiantEs", "étudiant·es"),
    ("Un Sondage", 4, "sondage", "Sondage", "questionnaire"),
    ("non représentatives", 5, "representatif", "représentatives", "self-selected"),
    ("une liste de de mots", 11, "doubled-word", "de de", "once"),
    ("Un « mot ici", 4, "unbalanced-quotes", "Un « mot", "close"),
    ("Un mot » ici", 8, "unbalanced-quotes", "mot » ici", "close"),
    ('Un mot" ici', 7, "straight-quotes", 'mot" ici', "close"),
    ("un 'mot d’ici", 4, "apostrophe", "'", "’"),
    ("de ‘mot’ ici", 4, "apostrophe", "‘", "’"),
    ("de 10 - 3 reste", 7, "dash", "-", "–"),
    ("un mot--deux", 7, "dash", "--", "–"),
    ("et cela....", 8, "three-dots", "....", "…"),
    ("pommes, etc...", 9, "three-dots", "etc...", "etc."),
    ("le 2 ème jour", 4, "ordinal", "2 ème", "2e"),
    ("avec 12.345 noms", 6, "thousands", "12.345", "12⍽345"),
    ("avec 12345 noms", 6, "thousands", "12345", "12⍽345"),
    ("un mot , puis", 7, "space", " ,", "no space before"),
    ("un mot,puis", 7, "space", ",", "after the sign"),
    ("un mot ;puis", 7, "space", " ;", "U+202F"),
    ("un ( mot)", 4, "space", "( ", "inside"),
    ("de l’ avis", 4, "space", "l’ ", "no space after"),
    ("un  mot", 3, "double-space", "  ", "one space"),
]


@pytest.mark.parametrize(("text", "column", "code", "found", "fix"), MENDED)
def test_what_mends_itself(text: str, column: int, code: str, found: str, fix: str) -> None:
    first = lint(text)[0]
    assert (first.line, first.column, first.code, first.found, first.fix) == (1, column, code, found, fix)
    assert {problem.level for problem in lint(text)} == {"mended"}
    assert lint(french(text)) == []


@pytest.mark.parametrize(("text", "column", "code", "found", "fix"), WRONG)
def test_what_only_an_author_mends(text: str, column: int, code: str, found: str, fix: str) -> None:
    wrong = [problem for problem in lint(text) if problem.level == "wrong"]
    assert [(p.line, p.column, p.code, p.found) for p in wrong] == [(1, column, code, found)]
    assert fix in wrong[0].fix
    assert wrong[0].fix in str(wrong[0])
    assert [p.code for p in lint(french(text)) if p.level == "wrong"] == [code], "no typography mends it"


@pytest.mark.parametrize(
    ("text", "column", "code", "found"),
    [
        ("Ainsi 85 % le citent", 7, "typed-percentage", "85 %"),
        ("Ainsi 8,5\u00a0% le citent", 7, "typed-percentage", "8,5\u00a0%"),
        ("Ainsi 85 pour cent", 7, "typed-percentage", "85 pour cent"),
        ("Ainsi quarante-deux pour cent", 7, "typed-percentage", "quarante-deux pour cent"),
        ("Les 4 dimensions", 5, "typed-count", "4"),
        ("Une base de 118.", 13, "typed-count", "118"),
        ("Avec 1 234 réponses en 2026", 6, "typed-count", "1 234"),
    ],
)
def test_typed_numbers(text: str, column: int, code: str, found: str) -> None:
    wrong = [problem for problem in lint(text, numbers=text) if problem.level == "wrong"]
    assert [(p.column, p.code, p.found) for p in wrong] == [(column, code, found)]
    assert not [problem for problem in lint(text) if problem.level == "wrong"], "only where numbers are looked for"


@pytest.mark.parametrize(
    "text",
    [
        "En 2024 et 2026, le 12 mars 2026, le 1er mai, à 10 h 30",
        "voir la figure 3, les tableaux 3 et 4, la page 12, le n° 7, l’article 4",
        "WCAG 2.2, RGAA 4.1, PDF/UA-1, CO2, CC BY 4.0",
        "1. un point\n2. un autre\n## 3. Un titre",
        "12 rue du Lac",
        "« plus de 12 mois » et « 85 % »",
        "dépasser cent pour cent",
    ],
)
def test_numbers_that_are_no_statistics(text: str) -> None:
    assert [p for p in lint(text, numbers=text) if p.level == "wrong"] == []


@pytest.mark.parametrize("title", ["Un titre.", "Un titre :", "Un titre,"])
def test_a_title_ends_without_a_stop(title: str) -> None:
    assert [(p.column, p.code) for p in lint(title, heading=True) if p.level == "wrong"] == [
        (len(title), "heading-stop"),
    ]
    assert not [p for p in lint(title) if p.level == "wrong"]


@pytest.mark.parametrize("title", ["Un titre ?", "Un titre…", "Pommes, poires, etc.", "Un titre"])
def test_a_title_may_end_with_other_signs(title: str) -> None:
    assert not [p for p in lint(title, heading=True) if p.level == "wrong"]


CORRECT = """\
Aujourd’hui, les répondant·es du « chantier » – une démarche ouverte à tou·tes – répondent : « Oui, bien sûr ! »
Nous nous réunissons ; vous vous inscrivez ? La première fois, c’était l’an dernier (ou presque)…

- L’export, c’est-à-dire le fichier, est lu tel quel : voir `"a" ; -- b...`, https://a.org/sondage?x="1" ;
- chargé·e de mission, élu·es, acteur·rices, agent·es ; peut-être, vis-à-vis, est-elle, dit-on, va-t-elle ;
- le 1er mai, la 1re vague, le 2e tour, XXIe siècle, Louis XIV, M. Martin, n° 3, p. 12 ;
- un écran de 15" ; 1 234 567 noms, 75011 Paris, 3,5 points, 12 %, de 3 à 5 ans, −3, de 9:30 à 12:45, 01 23 45 67 89 ;
- « il a dit “non” hier », l’« appui », [un lien](page.html?x=1;y), **gras**, *oblique* ; etc.

Ils ont dit : « Un sondage représentatif auprès de répondant(e)s. » Quartier prioritaire (QPV), SCIC, SCOP, PTCE.
"""


def test_nothing_in_a_correct_page() -> None:
    assert [problem for problem in lint(CORRECT) if problem.level == "wrong"] == []
    assert lint(french(CORRECT)) == []


def test_places_in_a_text_of_several_lines() -> None:
    text = "Un sondage\nauprès des répondant⋅es, répondant(e)s\n`sondage` et `x` sondage, l'un"
    assert [(p.line, p.column, p.code, p.level) for p in lint(text)] == [
        (1, 4, "sondage", "wrong"),
        (2, 21, "wrong-dot", "mended"),
        (2, 26, "inclusive-form", "wrong"),
        (3, 18, "sondage", "wrong"),
        (3, 28, "apostrophe", "mended"),
    ]
    assert [text[p.offset] for p in lint(text)] == ["s", "⋅", "r", "s", "'"]


def test_what_french_changes_is_what_is_told_and_nothing_else() -> None:
    pieces = ["mot", "l'", "«", "»", '"', " ", "\u00a0", "-", "–", "...", "?", ":", "1ère", "12 345", "%", "(", "\n"]
    chance = random.Random(5)
    for _ in range(3000):
        text = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 14)))
        problems = lint(text)
        assert any(p.level == "mended" for p in problems) == (french(text) != text), repr(text)
        assert all(0 <= p.offset <= len(text) for p in problems)
