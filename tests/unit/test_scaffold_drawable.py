"""Labels that figures cannot draw get a short text that they can."""

from __future__ import annotations

import pytest

from synthese.codebook import Codebook
from synthese.scaffold.drafts import Draft
from synthese.scaffold.drawable import short_of
from synthese.scaffold.pages import _items, _phrases
from synthese.scaffold.texts import Choice
from synthese.scaffold.writing import option, question

YES_NO = [{"code": "oui", "label": "Oui"}, {"code": "non", "label": "Non"}]


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Très satisfait·e (« oui »)", None),
        ("À suivre,\navec eux", None),
        ("😀 Très satisfait", "Très satisfait"),
        ("Oui\ufe0f 👍🏽 vraiment", "Oui vraiment"),
        ("😀", "tres bien"),
    ],
)
def test_what_is_left_of_a_label(label, short):
    assert short_of(label, "tres_bien") == short


def test_a_drafted_option_keeps_its_label_and_gets_a_short_text():
    assert option("non", Choice("Non", 3)) == '{code: non, label: "Non"}'
    assert option("non", Choice("🙁 Non", 3)) == '{code: non, label: "🙁 Non", short: "Non"}'


def test_a_drafted_question_keeps_its_wording_and_gets_a_short_text():
    plain = question(Draft("Q1", "Quel type ?", "open", ()), "A")
    assert not [line for line in plain if "short" in line]
    assert '    short: "Quel type ?"' in question(Draft("Q1", "🌱 Quel type ? 🏠", "open", ()), "A")


def test_the_example_sentence_names_its_question_and_quotes_what_can_be_drawn():
    asked = {
        "id": "Q1", "section": "A", "type": "single", "text": "🌱 Quel type ?", "short": "Quel type ?",
        "options": [{"code": "asso", "label": "Asso 🌳", "short": "Asso"}, {"code": "autre", "label": "Autre"}],
    }  # fmt: skip
    book = Codebook.model_validate({"schema": 1, "title": "t", "sections": {"A": "A"}, "questions": [asked]})
    (phrase,) = _phrases(book, ("Q1", "asso"))
    assert phrase["text"].startswith("« Quel type ? » : {premier.who}")
    assert "« Asso »" in phrase["text"]
    numbered = book.model_copy(update={"questions": (book.questions[0].model_copy(update={"short": "Type 2"}),)})
    assert _phrases(numbered, ("Q1", "asso")) == [], "a typed digit is refused"


def test_a_long_heading_is_cut_between_words():
    asked = {"id": "Q1", "section": "A", "type": "single", "text": "mot " * 60, "options": YES_NO}
    book = Codebook.model_validate({"schema": 1, "title": "t", "sections": {"A": "A"}, "questions": [asked]})
    (item,) = _items(book.questions[0], "2024")
    assert item["title"].endswith(" mot…")
