"""Labels that figures cannot draw get a short text that they can."""

from __future__ import annotations

import pytest

from synthese.scaffold.drawable import short_of
from synthese.scaffold.texts import Choice
from synthese.scaffold.writing import option


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
