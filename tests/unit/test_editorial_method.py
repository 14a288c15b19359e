"""The method page says what the wave's settings and cleaning's counts say, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.cleaning import Counts
from synthese.editorial import method
from synthese.editorial.piece import TABLE

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

COUNTS = Counts(60, 54, {"draft": 2, "empty": 1, "trial": 1, "too-few-answers": 0, "duplicate": 2}, 19, {})


def made(wave=None, settings=None):
    return study.released(study.shares("B7", {"oui": 45, "non": 9}, 54), wave, settings)


def plain(piece):
    return piece.artefact.text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def test_opening_gives_dates_and_answers_and_says_synthetic():
    text = plain(method.opening(made(), "txt-x", COUNTS))
    assert "du 12 mars au 30 avril 2024 : 54 structures y ont répondu." in text
    assert "synthétiques" in text
    real = plain(method.opening(made(study.wave_settings(synthetic=False)), "txt-x", COUNTS))
    assert "synthétiques" not in real


def test_collection_says_who_was_invited_or_that_nobody_knows():
    assert "Le nombre de structures touchées n'est pas connu." in plain(method.collection(made(), "txt-x", COUNTS))
    text = plain(method.collection(made(study.wave_settings(invited=160)), "txt-x", COUNTS))
    assert "160 structures ont été invitées." in text
    assert "taux de réponse" not in text
    assert "60 réponses ont été reçues et 54 conservées, dont 19 partielles" in text


def test_a_tool_that_writes_two_absences_alike_is_said_and_what_the_base_is_then():
    alike = replace(COUNTS, absences_alike=("D1",))
    words = "l'ensemble de celles et ceux qui ont répondu à la question"
    assert words in plain(method.collection(made(), "txt-x", alike))
    assert words not in plain(method.collection(made(), "txt-x", COUNTS))


def test_response_rate_of_a_census_only():
    wave = study.wave_settings(invited=90, design="census")
    assert "(taux de réponse : 60 %)" in plain(method.collection(made(wave), "txt-x", COUNTS))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "du 12 mars au 30 avril 2024."),
        (["2024-04-01"], "avec une relance (1er avril 2024)."),
        (["2024-04-01", "2024-04-15"], "avec des relances (1er avril 2024 et 15 avril 2024)."),
    ],
)
def test_reminders(days, words):
    field = {"start": "2024-03-12", "end": "2024-04-30", "reminders": days}
    assert words in plain(method.collection(made(study.wave_settings(field=field)), "txt-x", COUNTS))


def test_answers_left_out_are_listed_by_reason_and_add_up():
    piece = method.answers(made(), "tbl-x", COUNTS)
    rows = {r[0]["text"]: int(r[1]["text"]) for r in json.loads(piece.artefact.payloads[TABLE])["body"]}
    assert rows["Réponses reçues"] == 60
    assert rows["Réponses conservées"] == 54
    left_out = sum(number for name, number in rows.items() if name.endswith(("écartés", "écartées")))
    assert left_out == 6
    assert not any("incomplètes" in name for name in rows), "a rule that left nothing out is not named"


def test_reading_follows_the_design():
    assert "volontaire" in plain(method.reading(made(), "txt-x"))
    census = made(study.wave_settings(design="census", invited=90))
    assert "exhaustive" in plain(method.reading(census, "txt-x"))


def test_confidentiality_states_the_settings_in_force():
    text = plain(method.confidentiality(made(), "txt-x"))
    assert "moins de 3 structures" in text
    assert "inspirée" in text
    assert "secret statistique" not in text
    public = study.settings(disclosure={"minimum_count": 1, "minimum_base": 1, "reason": "données publiques"})
    text = plain(method.confidentiality(made(settings=public), "txt-x"))
    assert "moins de" not in text
    assert "données publiques" in text


def test_words_are_those_of_the_study():
    piece = method.words(made(settings=study.settings(bands={"majorite": 54})), "tbl-x")
    rows = {r[0]["text"]: r[1]["text"] for r in json.loads(piece.artefact.payloads[TABLE])["body"]}
    assert rows["Une majorité"].replace("\u00a0", " ") == "54–64 %"


def test_the_table_of_words_says_how_one_is_picked():
    """54 % of 54 is called « un peu plus de la moitié », which the table alone would deny."""
    lines = " ".join(method.words(made(), "tbl-x").artefact.notes)
    assert "une réponse de moins" in lines
    assert "de 10 à 29 réponses" in lines
    assert "« une majorité »" in lines.replace("\u00a0", " ")
    drawn = " ".join(method.words(made(study.wave_settings(design="probability")), "tbl-x").artefact.notes)
    assert "borne basse" in drawn
    assert "une réponse de moins" not in drawn


def test_first_wave_has_no_evolution():
    piece = method.first_wave(made(), "tbl-evolution")
    assert piece.artefact.kind == "table"
    assert "Première vague" in plain(piece)


def test_dates_that_are_not_known_are_not_printed():
    field = {"start": "2000-01-01", "end": "2000-01-01", "known": False}
    released = made(study.wave_settings(field=field))
    for piece in (method.opening(released, "txt-x", COUNTS), method.collection(released, "txt-x", COUNTS)):
        assert "a été ouvert à des dates à préciser" in plain(piece)
        assert "2000" not in plain(piece)
