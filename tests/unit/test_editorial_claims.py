"""No sentence outlives its data."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.editorial import (
    Claim,
    Ref,
    Variant,
    at_least,
    at_most,
    between,
    called,
    close_to,
    higher_than,
    leads_by,
    write_claim,
    write_value,
)
from synthese.errors import SyntheseError
from synthese.formatting import french

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

S = "\u00a0"
PAIRS = {"pairs": Ref("F1", "echange_pairs")}
GENERAL = {"general": Ref("D1", "generaliste")}


@pytest.fixture(scope="module")
def first():
    return study.first_wave()


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


def said(released, text: str, estimates=PAIRS, **more) -> str | None:
    return write_claim(released, Claim("txt-essai", text, estimates, **more)).artefact.text


def test_forms(first) -> None:
    assert said(first, "{pairs.Who} {pairs.verb:cite|citent} les pairs.") == (
        "Une très grande majorité des structures répondantes cite les pairs."
    )
    assert said(first, "{pairs.Quantity} des structures") == "Une très grande majorité des structures"
    assert said(first, "Cités {pairs.adverb} : {pairs.share}.") == (
        french("Cités en très grande majorité : 85 % (46 sur 54).")
    )
    assert said(first, "{pairs.percent}, {pairs.counts}, {pairs.count} et {pairs.base}") == (
        french("85 %, 46 sur 54, 46 et 54")
    )
    assert said(first, "En {wave.id}, {wave.dates} : {pairs.wave}.") == (
        f"En 2024, du 12 mars au 30 avril 2024{S}: 2024."
    )
    assert said(first, "{etp.value} ETP", {"etp": Ref("B6", statistic="median")}) == french("1,5 ETP")


def test_other_wave_other_words(first, second) -> None:
    text = "L’accompagnement est {general.adverb} généraliste."
    assert said(first, text, GENERAL) == "L’accompagnement est en très grande majorité généraliste."
    assert said(second, text, GENERAL) == "L’accompagnement est en majorité généraliste."


def test_first_wording_that_holds(first, second) -> None:
    claim = Claim(
        "txt-approche",
        "L’accompagnement est en très grande majorité généraliste.",
        GENERAL,
        (called("general", "tres_grande_majorite"),),
        (Variant("L’accompagnement reste plutôt généraliste ({general.share}).", (at_least("general", 0.5),)),),
        otherwise="{general.Who} {general.verb:est généraliste|sont généralistes}.",
    )
    assert write_claim(first, claim).artefact.text == "L’accompagnement est en très grande majorité généraliste."
    assert write_claim(second, claim).artefact.text == f"L’accompagnement reste plutôt généraliste (56{S}%)."


def test_claim_that_fails_names_numbers_and_remedy(second) -> None:
    with pytest.raises(SyntheseError) as error:
        said(second, "Très généraliste.", GENERAL, conditions=(at_least("general", 0.8),))
    message = str(error.value)
    assert "txt-essai does not hold in wave '2026'" in message
    assert f"general = 56{S}%" in message
    assert "general is at least 80%" in message
    assert "{general.who} reads « une majorité des structures répondantes »" in message
    assert error.value.code == "claim-fails"


def test_withheld_estimate_replaces_the_sentence() -> None:
    hidden = study.released(study.shares("F1", {"echange_pairs": 46, "formation": 2}, 54))
    both = {"pairs": Ref("F1", "echange_pairs"), "training": Ref("F1", "formation")}
    made = write_claim(hidden, Claim("txt-essai", "{pairs.share}", both, (at_least("training", 0.5),))).artefact
    assert made.text == f"Résultat non diffusé{S}: effectifs trop faibles."
    assert made.status == "too_small"
    other = Claim("txt-essai", "{training.share}", both, withheld="La formation n’est pas commentée.")
    assert write_claim(hidden, other).artefact.text == "La formation n’est pas commentée."
    assert write_value(hidden, "val-formation", both["training"]).artefact.text == "non diffusé"


def test_conditions(first, second) -> None:
    yes, no = "oui", "non"

    def holds(released, condition, estimates) -> bool:
        return said(released, yes, estimates, conditions=(condition,), otherwise=no) == yes

    two = {"pairs": Ref("F1", "echange_pairs"), "training": Ref("F1", "formation")}
    assert holds(first, at_least("pairs", 0.85), PAIRS)
    assert not holds(first, at_least("pairs", 0.852), PAIRS)
    assert holds(first, at_most("pairs", 0.86), PAIRS)
    assert not holds(first, at_most("pairs", 0.85), PAIRS)
    assert holds(first, between("pairs", 0.8, 0.9), PAIRS)
    assert not holds(first, between("pairs", 0.86, 0.9), PAIRS)
    assert holds(first, higher_than("pairs", "training", points=27), two)
    assert not holds(first, higher_than("pairs", "training", points=28), two)
    assert not holds(first, higher_than("pairs", "pairs"), PAIRS)
    assert holds(first, leads_by("pairs", "training", respondents=15), two)
    assert not holds(first, leads_by("pairs", ("training",), respondents=16), two)
    smaller_part = {"now": Ref("F1", "financement"), "then": Ref("F1", "echange_pairs", wave="2024")}  # 61/116, 46/54
    assert not holds(second, leads_by("now", "then"), smaller_part)
    themes = {"a": Ref("D2", "habitat"), "b": Ref("D2", "energie")}
    assert not holds(first, higher_than("a", "b"), themes)
    waves = {"now": Ref("F1", "financement"), "then": Ref("F1", "financement", wave="2024")}
    assert holds(second, higher_than("now", "then", points=10), waves)
    assert not holds(second, close_to("now", "then", 10), waves)
    assert holds(second, close_to("now", "then", 20), waves)
    assert holds(second, close_to("then", "now", 20), waves)
    assert not holds(first, close_to("a", "b", 100), themes)


def test_few_respondents_have_no_percentage(first) -> None:
    theme = {"theme": Ref("D2", "habitat")}
    assert said(first, "{theme.share}", theme) == french("7 sur 10")
    assert said(first, "{theme.percent}", theme, otherwise="{theme.counts}") == french("7 sur 10")
    assert said(first, "{theme.Who}", theme) == french("Une majorité des structures répondantes (7 sur 10)")
    with pytest.raises(SyntheseError, match="does not hold"):
        said(first, "{theme.percent}", theme)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("85 % citent les pairs", "a digit is typed"),
        ("{pairs.who", "a brace is left"),
        ("{peers.who}", "'peers' is no estimate of the claim"),
        ("{pairs.what}", "no form {pairs.what}"),
        ("{pairs.verb}", "no form {pairs.verb}"),
        ("{wave.share}", "no form {wave.share}"),
        ("Ce sondage", "write « questionnaire » or « enquête »"),
        ("Les répondant(e)s", "répondant·es"),
    ],
)
def test_texts_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(SyntheseError) as error:
        Claim("txt-essai", text, PAIRS)
    assert words in str(error.value)
    with pytest.raises(SyntheseError):
        Claim("txt-essai", "oui", PAIRS, otherwise=text)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SyntheseError) as error:
        Claim("txt-essai", "85 % {peers.who}", PAIRS, (at_least("others", 0.5),))
    assert len(error.value.faults) == 3
    assert "'others' is no estimate of it" in str(error.value)


def test_volunteers_show_no_evolution(first) -> None:
    with pytest.raises(SyntheseError, match="says 'en hausse', but those who answered wave '2024' chose to"):
        said(first, "Le besoin est en hausse.")
    census = study.first_wave(design="census", population=200)
    assert said(census, "Le besoin est en hausse.") == "Le besoin est en hausse."


def test_probability_sample_is_judged_by_its_bounds() -> None:
    rows = [
        row | {"ci_low": 0.74, "ci_high": 0.92, "confidence": 0.95}
        for row in study.shares("F1", {"echange_pairs": 46}, 54)
    ]
    sample = study.released(rows, study.wave_settings(design="probability", population=2000))
    assert said(sample, "oui", conditions=(at_least("pairs", 0.8),), otherwise="non") == "non"
    assert said(sample, "oui", conditions=(at_least("pairs", 0.7),), otherwise="non") == "oui"
    assert said(sample, "{pairs.who}") == "une grande majorité des structures répondantes"


def test_values(first) -> None:
    assert write_value(first, "val-pairs", PAIRS["pairs"]).artefact.text == french("85 % (46 sur 54)")
    assert write_value(first, "val-pairs", PAIRS["pairs"], "quantity").artefact.text == "une très grande majorité"
    with pytest.raises(SyntheseError, match="has no form 'points'"):
        write_value(first, "val-pairs", PAIRS["pairs"], "points")
    with pytest.raises(SyntheseError, match="did you mean 'echange_pairs'"):
        write_value(first, "val-pairs", Ref("F1", "echange_pair"))
    with pytest.raises(SyntheseError, match="no id for a value"):
        write_value(first, "txt-pairs", PAIRS["pairs"])


def test_bands_of_the_study_are_used() -> None:
    strict = study.released(
        study.shares("F1", {"echange_pairs": 46}, 54), study=study.settings(bands={"tres_grande_majorite": 90})
    )
    assert said(strict, "{pairs.quantity}") == "une grande majorité"
