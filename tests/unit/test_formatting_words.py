"""Percentages in words, and the French around them."""

from __future__ import annotations

import pytest

from synthese.errors import SyntheseError
from synthese.formatting import DEFAULT_BANDS, Band, Bands, Noun, elide, joined, lowered, phrase

STRUCTURES = Noun("structure", "structures", feminine=True).with_adjective("répondant")
ACTORS = Noun("acteur·rice", "acteur·rices", feminine=False)


def said(count: int, base: int, **options: float) -> str | None:
    found = phrase(count, base, **options)
    return found.of(STRUCTURES) if found else None


@pytest.mark.parametrize(
    ("count", "base", "text"),
    [
        (54, 54, "l’ensemble des structures répondantes"),
        (53, 54, "la quasi-totalité des structures répondantes"),
        (46, 54, "une très grande majorité des structures répondantes"),
        (44, 54, "une très grande majorité des structures répondantes"),
        (39, 54, "une grande majorité des structures répondantes"),
        (66, 118, "une majorité des structures répondantes"),
        (27, 54, "la moitié des structures répondantes"),
        (40, 100, "plus d’un tiers des structures répondantes"),
        (33, 100, "environ un tiers des structures répondantes"),
        (30, 100, "plus d’un quart des structures répondantes"),
        (25, 100, "environ un quart des structures répondantes"),
        (48, 100, "près de la moitié des structures répondantes"),
        (52, 100, "un peu plus de la moitié des structures répondantes"),
        (15, 100, "une minorité des structures répondantes"),
        (5, 100, "une faible minorité des structures répondantes"),
        (4, 200, "très peu de structures répondantes"),
        (0, 54, "aucune des structures répondantes"),
    ],
)
def test_bands(count: int, base: int, text: str) -> None:
    assert said(count, base) == text


def test_one_respondent_fewer_must_stay_in_the_band() -> None:
    assert said(80, 100) == "une grande majorité des structures répondantes"
    assert said(81, 100) == "une très grande majorité des structures répondantes"
    assert said(52, 54) == "une très grande majorité des structures répondantes"  # 96 %, 94 with one fewer


def test_about_half_needs_a_large_base() -> None:
    assert said(101, 201) == "environ la moitié des structures répondantes"


def test_few_respondents_have_three_words_and_their_count() -> None:
    assert said(16, 25) == "une majorité des structures répondantes (16 sur 25)"
    assert said(10, 20) == "la moitié des structures répondantes (10 sur 20)"
    assert said(11, 20) == "environ la moitié des structures répondantes (11 sur 20)"
    assert said(5, 20) == "une minorité des structures répondantes (5 sur 20)"
    assert said(29, 29) is None
    assert said(0, 20) is None


def test_no_word_below_ten_nor_for_one_or_two() -> None:
    assert said(8, 9) is None
    assert said(2, 100) is None
    assert said(3, 101) is not None


def test_effective_n_rules_when_smaller() -> None:
    assert said(46, 54, effective_n=25.0) == "une majorité des structures répondantes (46 sur 54)"
    assert said(46, 54, effective_n=9.9) is None


def test_weighted_share_picks_the_band() -> None:
    assert said(46, 54, effective_n=40.0, share=0.70) == "une grande majorité des structures répondantes"


def test_interval_picks_the_band_by_its_lower_bound() -> None:
    assert said(850, 1000, lower_bound=0.826) == "une très grande majorité des structures répondantes"
    assert said(850, 1000, lower_bound=0.79) == "une grande majorité des structures répondantes"
    assert said(1000, 1000, lower_bound=0.997) == "la quasi-totalité des structures répondantes"
    assert said(0, 1000, lower_bound=0.0) is None


def test_verb_agrees() -> None:
    everyone, third, none = phrase(54, 54), phrase(40, 100), phrase(0, 54)
    assert everyone is not None
    assert third is not None
    assert none is not None
    assert everyone.verb("cite", "citent") == "cite"
    assert third.verb("cite", "citent") == "citent"
    assert none.verb("cite", "citent") == "ne cite"
    assert none.verb("exprime", "expriment") == "n’exprime"
    assert none.of(ACTORS) == "aucun des acteur·rices"
    assert third.starting(ACTORS) == "Plus d’un tiers des acteur·rices"


def test_adverbs() -> None:
    everyone, nearly, large, none = phrase(54, 54), phrase(118, 120), phrase(46, 54), phrase(0, 54)
    assert everyone is not None
    assert nearly is not None
    assert large is not None
    assert none is not None
    assert everyone.adverb() == "dans leur ensemble"
    assert everyone.adverb(plural_subject=False) == "dans son ensemble"
    assert nearly.adverb(plural_subject=False) == "dans sa quasi-totalité"
    assert large.adverb() == "en très grande majorité"
    assert none.adverb() is None


def test_quantity_leaves_the_units_to_the_sentence() -> None:
    small = phrase(16, 25)
    assert small is not None
    assert small.quantity() == "une majorité (16 sur 25)"


def test_bands_are_a_setting() -> None:
    strict = DEFAULT_BANDS.with_limits({"tres_grande_majorite": 90})
    found = phrase(46, 54, strict)
    assert found is not None
    assert found.of(STRUCTURES) == "une grande majorité des structures répondantes"
    with pytest.raises(SyntheseError, match=r"no expression 'immense'.*one of quasi_totalite"):
        DEFAULT_BANDS.with_limits({"immense": 90})
    with pytest.raises(SyntheseError, match="give each expression its own limit"):
        DEFAULT_BANDS.with_limits({"tres_grande_majorite": 60})
    with pytest.raises(SyntheseError, match="wrong order"):
        Bands(some_from=40)
    with pytest.raises(SyntheseError, match="lowest percentages of the small"):
        Bands(small=(Band("x", 5, "x", None),))


def test_rows_print_the_table() -> None:
    rows = dict(DEFAULT_BANDS.rows())
    assert rows["une très grande majorité"] == "80–94\u00a0%"
    assert rows["la quasi-totalité"] == "95–99\u00a0%"
    assert rows["environ la moitié"] == "50\u00a0%"
    assert rows["très peu"] == "<\u00a03\u00a0%"


@pytest.mark.parametrize(
    ("word", "following", "text"),
    [
        ("de", "associations", "d’associations"),
        ("de", "structures", "de structures"),
        ("de", "Établissement", "d’Établissement"),
        ("de", "hôpitaux", "d’hôpitaux"),
        ("que", "habitat", "qu’habitat"),
        ("de", "hautes écoles", "de hautes écoles"),
        ("de", "handicap", "de handicap"),
        ("de", "harmonies", "d’harmonies"),
        ("de", "onze", "de onze"),
        ("de", "œuvres", "d’œuvres"),
        ("de", "« appui »", "d’« appui »"),
        ("de", "yaourts", "de yaourts"),
    ],
)
def test_elision(word: str, following: str, text: str) -> None:
    assert elide(word, following) == text


def test_lists_and_letters() -> None:
    assert joined(["a", "b", "c"]) == "a, b et c"
    assert joined(["a", "b"], "ou") == "a ou b"
    assert joined(["a"]) == "a"
    assert joined([]) == ""
    assert lowered("Échange entre pairs") == "échange entre pairs"
    assert lowered("PTCE") == "PTCE"


def test_nouns_agree() -> None:
    assert STRUCTURES.counted(1) == "structure répondante"
    assert STRUCTURES.counted(54) == "structures répondantes"
    assert STRUCTURES.agree("interrogé") == "interrogées"
    assert ACTORS.agree("interrogé", 1) == "interrogé·e"
    assert Noun("répondant·e", "répondant·es", feminine=False).agree("touché") == "touché·es"
    assert Noun("club", "clubs", feminine=False).agree("interrogé") == "interrogés"
