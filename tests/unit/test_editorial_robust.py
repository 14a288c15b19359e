"""What a report says of headlines under variants, and of gaps that a variant contradicts."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from synthese.disclosure import release
from synthese.editorial import Ref, robust
from synthese.editorial.claims import Claim, write_claim
from synthese.editorial.conditions import higher_than
from synthese.editorial.piece import TABLE
from synthese.errors import SyntheseError
from synthese.estimates import empty_tests, estimates_frame, robustness_frame
from synthese.formatting import french

_SPEC = importlib.util.spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
study = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

WAVES = {"now": Ref("F1", "financement"), "then": Ref("F1", "financement", wave="2024")}
MORE = "Le financement est plus souvent cité par les répondant·es de {wave.year} ({now.share})."
LESS = "Le financement : {now.share}."


@pytest.fixture(scope="module")
def before():
    return study.first_wave()


def later(before, *tried, counts=study.F1_2026):
    return study.released(
        study.shares("F1", *counts, asked=118), study.wave_settings("2026"), earlier=[before], tried=tried
    )


BY_TEN = (higher_than("now", "then", 10),)


def claim(released, text=MORE, conditions=BY_TEN, otherwise=LESS):
    return write_claim(released, Claim("txt-x", text, WAVES, conditions=conditions, otherwise=otherwise))


def test_a_gap_between_volunteers_of_two_waves_is_said_where_every_variant_agrees(before):
    piece = claim(later(before, study.agreed("financement")))
    assert piece.artefact.text.startswith("Le financement est plus souvent cité")
    assert piece.why is None


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        ([study.agreed("financement", 2)], "l’écart d’au moins 10 points ne tient que dans 2 variantes sur 3"),
        ([], "l’écart n’a pas été recalculé sous d’autres choix"),
        ([study.agreed("formation")], "l’écart n’a pas été recalculé sous d’autres choix"),
        ([study.agreed("financement", reference_wave="2022")], "l’écart n’a pas été recalculé sous d’autres choix"),
    ],
)
def test_a_sentence_falls_with_its_reason_where_a_variant_does_not_agree(before, tried, words):
    released = later(before, *tried)
    piece = claim(released)
    assert piece.artefact.text.startswith("Le financement\u00a0: 53")
    assert piece.why == words
    assert f"Formulation écartée : {words}." in piece._repr_html_()
    assert words not in (piece.artefact.text, *piece.artefact.notes), "the report itself says nothing of it"
    with pytest.raises(SyntheseError, match=words):
        claim(released, otherwise=None)


def test_between_two_waves_of_volunteers_a_gap_under_ten_points_is_never_said(before):
    close = ({"echange_pairs": 99, "formation": 58, "outils": 49, "financement": 51, "autre": 9}, 116)  # 44 %, 35 %
    released = later(before, study.agreed("financement"), counts=close)
    assert claim(released, conditions=(higher_than("now", "then", 5),)).artefact.text.startswith(
        "Le financement\u00a0: "
    )


def test_words_of_comparison_need_a_condition_on_the_gap(before):
    released = later(before, study.agreed("financement"))
    with pytest.raises(SyntheseError, match="says 'plus souvent' of answers of two waves"):
        claim(released, conditions=())


def rows(*changed):
    common = {"headline": "pairs", "question": "F1", "option": "echange_pairs", "status": "released", "declared": 12}
    return robustness_frame(
        common | {"wave": "2024", "computed": 12, "held": 11, "low": 0.8148, "high": 0.8846} | dict(c) for c in changed
    )


HEADLINE = {
    "id": "pairs",
    "title": "Besoin d’échange entre pairs",
    "question": "F1",
    "option": "echange_pairs",
    "variants": {"answered_at_least": [0.8, 1], "dont_know_in_base": True, "counted": [{"options": ["formation"]}]},
}


def tried(frame, headlines=(HEADLINE,), rows=None, **wave):
    declared = study.wave_settings(**wave)
    codebook = study.Codebook.model_validate(study.CODEBOOK | {"headlines": list(headlines)})
    given = rows if rows is not None else study.shares("F1", *study.F1_2024)
    estimates = estimates_frame([{"wave": "2024"} | row for row in given])
    return release(estimates, empty_tests(), codebook, declared, study.settings(), robustness=frame)


def test_a_headline_says_in_how_many_variants_it_holds_and_their_range():
    line = robust.line(tried(rows({"closest": 3})), "txt-robuste", "pairs").artefact.text
    assert line == "Ce résultat tient dans 11 variantes de calcul sur 12 (de 81\u00a0% à 88\u00a0%)."
    alike = robust.line(tried(rows({"low": 0.85, "high": 0.854})), "txt-robuste", "pairs").artefact.text
    assert alike == "Ce résultat tient dans 11 variantes de calcul sur 12 (85\u00a0% dans toutes)."
    alone = robust.line(tried(rows({"held": 1, "closest": 2})), "txt-robuste", "pairs").artefact.text
    assert alone == "Ce résultat tient dans 1 variante de calcul sur 12."
    with pytest.raises(SyntheseError, match="no headline 'pair'"):
        robust.line(tried(rows()), "txt-robuste", "pair")


def test_the_strip_has_one_line_a_headline_and_says_which_choices():
    piece = robust.table(tried(rows({"closest": 3})), "tbl-robustesse")
    cells = json.loads(piece.artefact.payloads[TABLE])
    assert "11 variantes sur 12" in json.dumps(cells, ensure_ascii=False)
    notes = " ".join(piece.artefact.notes)
    assert "questionnaires remplis à 80\u00a0% au moins" in notes
    assert "« ne sait pas »" in notes.replace("\u00a0", " ")
    assert "étendue non diffusée" not in notes
    assert piece.artefact.notes[0] == french(
        "Lecture : « Besoin d’échange entre pairs », 85 % (une très grande majorité) : la même expression s’applique "
        "dans 11 variantes sur 12 ; selon la variante, la part va de 81 % à 88 %."
    )
    assert piece.artefact.notes[1].endswith(french(", n = 54."))
    assert piece.artefact.caption.endswith(french("(n = 54)"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"computed": 3, "held": 3}, "few-variants"),
        ({"closest": 2}, "close-variants"),
        ({"cells": "F1=echange_pairs F1=autre"}, "cells-withheld"),
    ],
)
def test_a_range_that_tells_few_apart_is_withheld_and_the_verdict_stands(row, reason):
    few = study.F1_2024[0] | {"autre": 2}
    released = tried(rows(row), rows=study.shares("F1", few, 54))
    (kept,) = released.robustness.to_dict("records")
    assert (kept["status"], kept["reason"]) == ("released", reason)
    assert released.robustness[["low", "high", "closest", "cells"]].isna().to_numpy().all()
    assert "%" not in robust.line(released, "txt-robuste", "pairs").artefact.text
    assert "étendue non diffusée" in " ".join(robust.table(released, "tbl-robustesse").artefact.notes)


def test_what_is_released_of_a_range_is_in_whole_per_cent_and_nothing_private():
    released = tried(rows({"closest": 3, "cells": "F1=echange_pairs F1=formation"}))
    (kept,) = released.robustness.to_dict("records")
    assert (kept["low"], kept["high"]) == (0.81, 0.88)
    assert released.robustness[["closest", "cells"]].isna().to_numpy().all()


@pytest.mark.parametrize("counts", [({"echange_pairs": 20, "formation": 9}, 24), ({"echange_pairs": 2}, 54)])
def test_nothing_is_said_of_a_headline_that_is_not_released_as_a_percentage(counts):
    released = tried(rows({}), rows=study.shares("F1", *counts))
    (kept,) = released.robustness.to_dict("records")
    assert kept["status"] in ("too_small", "withheld_secondary")
    assert released.robustness[["computed", "held", "low", "high"]].isna().to_numpy().all()
    piece = robust.line(released, "txt-robuste", "pairs").artefact
    assert (piece.status, piece.text) == (
        "too_small",
        "Robustesse non présentée : base trop petite, ou résultat non diffusé.".replace(" :", "\u00a0:"),
    )


def test_without_headlines_a_line_says_so_and_the_page_may_leave_it_out():
    piece = robust.table(tried(None, headlines=()), "tbl-robustesse").artefact
    assert piece.status == "too_small"
    assert piece.text == "Aucun résultat n’a été recalculé sous d’autres choix."
