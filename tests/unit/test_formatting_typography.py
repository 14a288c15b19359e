"""French typography: what is mended, what is left alone."""

from __future__ import annotations

import pytest

from synthese.formatting import french


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi ?", "Pourquoi\u202f?"),
        ("Pourquoi?!", "Pourquoi\u202f?!"),
        ("oui ; non", "oui\u202f; non"),
        ("Champ : tous", "Champ\u00a0: tous"),
        ("Champ: tous", "Champ\u00a0: tous"),
        ("85%", "85\u00a0%"),
        ("85 %", "85\u00a0%"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("«mot»", "«\u00a0mot\u00a0»"),
        ("l'échange d'idées", "l’échange d’idées"),
        ("l'« appui »", "l’«\u00a0appui\u00a0»"),
        ("12 345 678 habitants", "12\u202f345\u202f678 habitants"),
        ("répondant⋅es", "répondant·es"),
        ("« Quoi ? »", "«\u00a0Quoi\u202f?\u00a0»"),
    ],
)
def test_mended(typed: str, printed: str) -> None:
    assert french(typed) == printed
    assert french(printed) == printed


@pytest.mark.parametrize(
    "text",
    [
        "https://exemple.org/a?b=c;d%20:e!",
        "contact@exemple.org",
        "de 9:30 à 12:45",
        "`a ; b?`",
        '[]{artefact="val-x" n=50%}',
        '<img alt="a ; b">',
        "a&nbsp;b",
        "::: note",
        "|:---|---:|",
        "![texte](image.svg)",
        "en 2024",
        "01 234 567",
        "5'30",
        "[lien](page.html?x=1;y)",
    ],
)
def test_left_alone(text: str) -> None:
    assert french(text) == text


def test_around_what_is_left_alone() -> None:
    assert french("voir `x` : oui") == "voir `x`\u00a0: oui"
    assert french("\U000f0000 `x` ?") == "\U000f0000 `x`\u202f?"
