"""Tables print what was released, mark what was not, and keep true totals."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.editorial import (
    Box,
    Grid,
    cross_table,
    evolution_table,
    number_table,
    planned_table,
    question_table,
    tables,
)
from synthese.editorial.reading import mostly_withheld, one_way
from synthese.errors import SyntheseError

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

S = "\u00a0"


@pytest.fixture(scope="module")
def first():
    return study.first_wave()


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


def texts(piece) -> list[list[str]]:
    assert piece.grid is not None
    return piece.grid.flat()[1]


def test_question(first) -> None:
    made = question_table(first, "tbl-besoins", "F1")
    assert made.artefact.caption == "Besoins de renforcement (n = 54)"
    assert texts(made)[0] == ["Échange entre pairs", "46", f"85{S}%"]
    assert texts(made)[-1] == ["Structures répondantes", "54", ""]
    assert made.grid.flat()[0] == ["Réponse", "Effectif", "Part"]


def test_answers_outside_the_base_come_after_the_total(first) -> None:
    rows = texts(question_table(first, "tbl-suffisance", "E2"))
    assert rows[-2] == ["Structures répondantes", "50", f"100{S}%"]
    assert rows[-1] == ["Ne sait pas (hors total)", "4", ""]


def test_small_base_has_no_percentage(first) -> None:
    made = question_table(first, "tbl-themes", "D2")
    assert made.grid.flat()[0] == ["Réponse", "Effectif"]
    assert made.artefact.status == "count_only"


def test_payloads_are_what_the_filter_reads(first) -> None:
    made = question_table(first, "tbl-besoins", "F1").artefact
    structure = json.loads(made.payloads["application/vnd.synthese.table+json"])
    assert sorted(structure) == ["align", "body", "head", "row_headers"]
    assert structure["head"][0][0] == {"text": "Réponse", "colspan": 1, "rowspan": 1}
    assert structure["align"] == ["left", "right", "right"]
    rows = made.payloads["text/csv"].decode("utf-8").splitlines()
    assert rows[0] == "question,groupe,reponse,libelle,effectif,base,part,statut"
    assert rows[1] == "F1,,echange_pairs,Échange entre pairs,46,54,0.851852,released"


def test_withheld_cell_is_s_here_and_empty_in_the_data() -> None:
    hidden = study.released(study.shares("F1", {"echange_pairs": 46, "formation": 31, "outils": 2}, 54))
    made = question_table(hidden, "tbl-besoins", "F1")
    assert texts(made)[2][1:] == ["s", "s"]
    assert ",outils," in made.artefact.payloads["text/csv"].decode("utf-8")
    assert made.artefact.payloads["text/csv"].decode("utf-8").splitlines()[3].endswith(",,,,withheld_primary")


def test_mostly_withheld_is_a_line() -> None:
    hidden = study.released(study.shares("F1", {"echange_pairs": 46, "formation": 2, "outils": 1}, 54))
    made = question_table(hidden, "tbl-besoins", "F1").artefact
    assert made.text == f"Résultat non diffusé{S}: effectifs trop faibles."
    assert made.status == "too_small"
    assert not made.payloads
    assert "46" not in "".join(made.notes)


def test_cross_has_true_totals(second) -> None:
    made = cross_table(second, "tbl-approche", "D1", "B7")
    assert made.artefact.caption == "Type d’accompagnement selon le réseau (n = 118)"
    assert made.grid.flat()[0] == ["Réponse", "Membre", "Non membre", "Ensemble"]
    assert texts(made)[0] == ["Généraliste", f"63{S}% (49)", f"43{S}% (17)", f"56{S}% (66)"]
    assert texts(made)[-1] == ["Structures répondantes", "78", "40", "118"]
    assert planned_table(second, "tbl-approche", "approche-reseau").artefact.payloads == made.artefact.payloads


def test_planned_cross_that_is_not_published_is_a_line(second) -> None:
    made = planned_table(second, "tbl-suffisance-reseau", "suffisance-reseau").artefact
    assert made.text == f"Croisement non diffusé{S}: effectifs trop faibles."


def test_a_cross_withheld_for_what_subtraction_would_tell_says_so(second, monkeypatch) -> None:
    decision = second.decision("suffisance-reseau")
    subtracted = replace(
        decision, reason="remainder", steps=tuple(replace(s, verdict="remainder") for s in decision.steps)
    )
    monkeypatch.setattr(type(second), "decision", lambda *_: subtracted)
    text = planned_table(second, "tbl-suffisance-reseau", "suffisance-reseau").artefact.text
    assert text == (
        f"Croisement non diffusé{S}: comparé aux résultats de chaque question, il dévoilerait par soustraction les "
        "réponses des quelques non-répondants à l’une des deux."
    )
    mixed = (*subtracted.steps, replace(subtracted.steps[0], verdict="small-base"))
    monkeypatch.setattr(type(second), "decision", lambda *_: replace(subtracted, steps=mixed))
    assert "effectifs trop faibles" in planned_table(second, "tbl-x", "suffisance-reseau").artefact.text


def test_evolution(second) -> None:
    made = evolution_table(second, "tbl-evolution", "F1", "2024")
    assert made.grid.flat()[0][:3] == ["Réponse", "2024", "2026"]
    assert texts(made)[0][:3] == ["Échange entre pairs", f"85{S}% (46 sur 54)", f"85{S}%"]
    assert texts(made)[-1][:3] == ["Structures répondantes", "54", "116"]


def test_a_gap_has_its_interval_where_respondents_were_drawn(second, monkeypatch) -> None:
    found = [replace(c, interval=(-0.014, 0.11)) for c in tables.changes(second, "F1", "2024")]
    monkeypatch.setattr(tables, "changes", lambda *_: tuple(found))
    volunteers = evolution_table(second, "tbl-evolution", "F1", "2024")
    assert not any("Intervalle" in box for box in volunteers.grid.flat()[0])
    monkeypatch.setattr(type(second), "design", "probability")
    made = evolution_table(second, "tbl-evolution", "F1", "2024")
    assert made.grid.flat()[0][-1] == f"Intervalle de l’écart à 95{S}%"
    gap = next(c.difference for c in found)
    assert texts(made)[0][-1] == ("" if gap is None else f"−{S}1 à +{S}11")
    assert texts(made)[-1][-1] == ""


def test_reworded_question_has_no_evolution(second) -> None:
    made = evolution_table(second, "tbl-dimensions", "D3", "2024").artefact
    assert made.text == f"Évolution non présentée{S}: la question a été reformulée en 2026."


def test_numbers(first) -> None:
    made = number_table(first, "tbl-etp", "B6")
    assert texts(made) == [
        ["Médiane", "1,5"],
        ["Premier quartile", "0,5"],
        ["Troisième quartile", "3,0"],
        ["Moyenne", "2,4"],
        ["Structures répondantes", "50"],
    ]
    assert made.artefact.notes[0] == (f"Lecture{S}: la moitié des structures répondantes déclarent 1,5 ETP ou moins.")


def test_not_tabulated_says_what_to_do(first) -> None:
    with pytest.raises(SyntheseError, match="has no cross of D1 by B7 → add it to `planned_crosses`"):
        cross_table(first, "tbl-x", "D1", "B7")
    with pytest.raises(SyntheseError, match="has no share of B6"):
        question_table(first, "tbl-x", "B6")


def test_jupyter_sees_the_same_bytes_twice(first) -> None:
    made = question_table(first, "tbl-besoins", "F1")
    assert made._repr_html_() == question_table(first, "tbl-besoins", "F1")._repr_html_()
    assert "Échange entre pairs" in made._repr_html_()


def test_grid_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="covers 1 cells, not 1 rows of 2 columns"):
        Grid(((Box("a"),),), ((Box("b"), Box("c")),), ("left", "right"))


def test_spans_are_written_out() -> None:
    grid = Grid(
        ((Box("", rowspan=2), Box("x", colspan=2)), (Box("a"), Box("b"))),
        ((Box("r"), Box("1"), Box("2")),),
        ("left", "right", "right"),
    )
    assert grid.flat() == (["", "x – a", "x – b"], [["r", "1", "2"]])


def test_probability_sample_shows_its_intervals() -> None:
    rows = [
        row | {"ci_low": row["value"] - 0.1, "ci_high": min(row["value"] + 0.1, 1.0), "confidence": 0.95}
        if row["statistic"] == "share"
        else row
        for row in study.shares("F1", {"echange_pairs": 46, "formation": 31}, 54)
    ]
    sample = study.released(rows, study.wave_settings(design="probability", population=2000))
    made = question_table(sample, "tbl-besoins", "F1")
    assert made.grid.flat()[0][-1] == f"Intervalle à 95{S}%"
    assert texts(made)[0] == ["Échange entre pairs", "46", f"85{S}%", f"75{S}% – 95{S}%"]
    volunteers = question_table(study.released(rows), "tbl-besoins", "F1")
    assert volunteers.grid.flat()[0][-1] == "Part"


def test_weighted_shares_are_not_passed_off_as_quotients() -> None:
    wave = study.wave_settings(design="probability", population=2000, weight="B6")
    rows = [
        row | {"value": 0.79, "effective_n": 41.0, "base_weighted": 54.0} if row["statistic"] == "share" else row
        for row in study.shares("F1", {"echange_pairs": 46}, 54)
    ]
    made = question_table(study.released(rows, wave), "tbl-besoins", "F1")
    assert texts(made)[0] == ["Échange entre pairs", "46", f"79{S}%"]
    assert made.artefact.notes[0].startswith(
        f"Lecture{S}: 79{S}% des structures répondantes (46 sur 54 avant pondération)"
    )
    assert any("résultats pondérés" in line for line in made.artefact.notes)


def test_mostly_withheld_follows_the_setting(first) -> None:
    cells = one_way(first, "F1")
    hidden = [replace(cell, count=None, base=None, value=None) for cell in cells]
    assert not mostly_withheld(first, cells)
    assert not mostly_withheld(first, [*hidden[:1], *cells[1:]])
    assert mostly_withheld(first, [*hidden[:2], *cells[2:]])
    assert mostly_withheld(first, hidden)


def test_small_group_has_counts_even_where_the_gate_lets_percentages_through() -> None:
    groups = {"oui": ({"generaliste": 30, "thematique": 10}, 40), "non": ({"generaliste": 12, "thematique": 9}, 21)}
    rows = study.shares("D1", {"generaliste": 42, "thematique": 19}, 61)
    rows += study.shares("B7", {"oui": 40, "non": 21}, 61) + study.crossed("D1", "B7", groups)
    loose = study.released(rows, study=study.settings(disclosure={"percentage_base": 10, "group_base": 10}))
    assert loose.estimate("D1", "generaliste", "B7", "non").status == "released"
    made = cross_table(loose, "tbl-approche", "D1", "B7")
    assert texts(made)[0][1:3] == [f"75{S}% (30)", "12"]
