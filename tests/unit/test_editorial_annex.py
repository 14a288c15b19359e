"""The annex holds every table that may be shown, and no other."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.editorial.annex import annex, annex_id, annexed
from synthese.editorial.piece import TABLE
from synthese.formatting import french

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

S = "\u00a0"


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


@pytest.fixture(scope="module")
def tables(second):
    return {piece.artefact.id: piece.artefact for piece in annex(second)}


def test_every_shown_table_in_the_order_of_the_codebook(tables) -> None:
    assert list(tables) == [
        "tbl-annexe-d1",
        "tbl-annexe-d1-par-b7",
        "tbl-annexe-d2",
        "tbl-annexe-d3",
        "tbl-annexe-b7",
        "tbl-annexe-f1",
        "tbl-annexe-f1-par-b7",
        "tbl-annexe-f1-evolution",
    ]


def test_rows_of_a_grid_numbers_and_no_evolution_in_a_first_wave() -> None:
    ids = [piece.artefact.id for piece in annex(study.first_wave())]
    assert ids == [
        "tbl-annexe-d1",
        "tbl-annexe-d2",
        "tbl-annexe-d3",
        "tbl-annexe-b7",
        "tbl-annexe-b6",
        "tbl-annexe-e2",
        "tbl-annexe-f1",
        "tbl-annexe-f2-temps-long",
        "tbl-annexe-f2-elus",
        "tbl-annexe-f2-posture",
    ]


def test_withheld_tables_stay_out() -> None:
    counts = ({"energie": 1, "habitat": 1}, 2)
    released = study.released(study.shares("D2", *counts))
    assert "D2" in annexed(released)
    assert annex(released) == ()


def test_table_has_title_question_notes_source_and_lengths_of_bars(tables) -> None:
    table = tables["tbl-annexe-f1"]
    assert table.caption == french("Besoins de renforcement (n = 116)")
    assert table.subtitle == f"«{S}De quels renforcements avez-vous besoin\u202f?{S}»"
    assert [line.split(S)[0] for line in table.notes] == ["Lecture", "Champ", "Note", "Note", "Source"]
    assert (table.sources[0].question, table.sources[0].by, table.sources[0].base) == ("F1", None, 116)
    first, *_, last = json.loads(table.payloads[TABLE])["body"]
    assert [cell.get("length") for cell in first] == [None, None, round(99 / 116, 4)]
    assert [cell.get("length") for cell in last] == [None, None, None]


def test_cross_and_evolution_name_their_other_side(tables) -> None:
    cross, evolution = tables["tbl-annexe-f1-par-b7"].sources[0], tables["tbl-annexe-f1-evolution"].sources[0]
    assert (cross.by, cross.reference_wave, evolution.by, evolution.reference_wave) == ("B7", None, None, "2024")
    body = json.loads(tables["tbl-annexe-f1-par-b7"].payloads[TABLE])["body"]
    assert [cell.get("length") for cell in body[0]][1:3] == [round(70 / 77, 4), round(29 / 39, 4)]


@pytest.mark.parametrize(
    ("keys", "id"),
    [
        (("F2.temps_long",), "tbl-annexe-f2-temps-long"),
        (("D1@binaire", "B1@regroupe"), "tbl-annexe-d1-binaire-par-b1-regroupe"),
    ],
)
def test_ids(keys, id) -> None:
    assert annex_id(*keys) == id
