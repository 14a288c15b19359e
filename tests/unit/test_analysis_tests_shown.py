"""Tests as a notebook shows them: a cross named once, a measure in the line of the test it belongs to."""

from __future__ import annotations

import re

from synthese.analysis.tests_shown import tests_table
from synthese.estimates import tests_frame


def rows(*more: dict) -> list:
    common = {"wave": "2026", "question": "F1", "by": "B7", "status": "released", "base": 116}
    frame = tests_frame(common | one for one in more)
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False))


def lines(*more: dict, head: tuple[str, ...] = ("Croisement", "Réponse")) -> list[str]:
    shown = tests_table(
        rows(*more), head, lambda row: (f"{row.question} × {row.by}", row.option or "ensemble")[-len(head) :]
    )
    return re.findall(r"<tr>(.*?)</tr>", shown)[1:]


def test_a_cross_is_named_once_above_its_tests():
    every = [{"option": o, "method": "chi_square", "p_value": 0.5} for o in ("a", "b")]
    found = lines(*every, {"by": "B1", "method": "chi_square", "p_value": 0.5})
    assert ["rowgroup" in line for line in found] == [True, False, False, True, False]
    assert "F1 × B7" in found[0]
    assert sum("F1 × B7" in line for line in found) == 1


def test_a_measure_stands_beside_the_test_of_the_same_answer():
    test = {"option": "a", "method": "chi_square", "p_value": 0.5, "effect": "cramers_v", "effect_size": 0.1}
    odds = {"method": "fisher_exact", "effect": "odds_ratio", "effect_size": 2.0}
    found = lines(test, {"option": "a"} | odds, {"option": "b"} | odds, head=("Réponse",))
    assert len(found) == 2, "that of b has no test above it"
    assert "V de Cramér 0,10<br>rapport des cotes 2,00" in found[0]
    assert "rapport des cotes, intervalle exact" in found[1]
