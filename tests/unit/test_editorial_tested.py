"""What a report on a probability sample says of its p-values: adjusted how, over how many tests."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.analysis.adjusting import adjusted
from synthese.disclosure import release
from synthese.editorial import method
from synthese.editorial.tested import families_told, tested_note
from synthese.estimates import estimates_frame, tests_frame

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)
GROUPS = {
    "oui": ({"generaliste": 49, "thematique": 12, "les_deux": 17}, 78),
    "non": ({"generaliste": 17, "thematique": 10, "les_deux": 13}, 40),
}
S = "\u00a0"


def row(p, family="planned", **more):
    common = {"wave": "2024", "question": "D1", "by": "B7", "method": "chi_square", "base": 118, "status": "released"}
    return common | {"p_value": p, "family": family} | more


def released(tests, **wave):
    total = {option: sum(counts[option] for counts, _ in GROUPS.values()) for option in GROUPS["oui"][0]}
    rows = study.shares("D1", total, 118) + study.shares("B7", {"oui": 78, "non": 40}, 118)
    rows += study.crossed("D1", "B7", GROUPS)
    return release(
        estimates_frame([{"wave": "2024"} | one for one in rows]),
        adjusted(tests_frame(tests)),
        study.Codebook.model_validate(study.CODEBOOK),
        study.wave_settings(**wave),
        study.settings(),
    )


# The third is of a cross that the wave does not have: withheld, and a member of its family all the same.
TESTS = (row(0.01), row(0.4, option="generaliste"), row(0.2, question="E2"), row(0.03, "exploratory", by=None))


def test_a_released_test_carries_its_adjusted_p_and_says_over_how_many_tests():
    made = released(TESTS, design="probability")
    first = made.tests.iloc[0]
    assert (first["status"], first["p_value"], first["p_adjusted"]) == ("released", 0.01, pytest.approx(0.03))
    assert made.tests.iloc[2]["status"] != "released"
    said = tested_note(made, "D1", "B7")
    assert f"p{S}={S}0,030 après ajustement de Holm sur 3 tests prévus" in said
    told = families_told(made)
    assert told == (
        "Les valeurs p sont ajustées sur l’ensemble du rapport, celles des 3 tests prévus selon Holm et celle du seul "
        "test exploratoire selon Benjamini et Hochberg ; les intervalles de confiance ne le sont pas."
    )
    assert "celles des 3 tests prévus selon Holm" in method.reading(made, "txt-lecture").artefact.text


def test_volunteers_have_no_p_value_and_nothing_is_said_of_any():
    made = released(TESTS)
    assert made.tests[["p_value", "p_adjusted"]].isna().to_numpy().all()
    assert families_told(made) is None
    assert "valeurs p" not in method.reading(made, "txt-lecture").artefact.text
