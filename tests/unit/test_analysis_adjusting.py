"""Multiplicity over a whole report: every p-value knows its family, and its family only."""

from __future__ import annotations

import pytest

from synthese.analysis.adjusting import ReportTests, adjusted
from synthese.codebook import Codebook
from synthese.estimates import tests_frame

# Printed by p.adjust of R 4.2: on the planned p-values below, "holm", and on the exploratory ones, "BH".
PLANNED = [0.001, 0.02, 0.02, 0.04, 0.3]
HOLM = [0.005, 0.08, 0.08, 0.08, 0.3]
EXPLORATORY = [0.01, 0.02, 0.03, 0.5]
BH = [0.04, 0.04, 0.04, 0.5]


def row(p, family="planned", **more):
    common = {"wave": "2026", "question": "D1", "by": "B7", "method": "chi_square", "base": 50, "status": "released"}
    return common | {"p_value": p, "family": family} | more


def report():
    """Mix the tests of crosses, evolution and description: families are not in the order of the file."""
    rows = [row(p) for p in PLANNED[:3]]
    rows += [row(p, "exploratory", by=None, method="cochran_q") for p in EXPLORATORY[:2]]
    rows += [row(p, by=None, reference_wave="2024") for p in PLANNED[3:]]
    rows += [row(p, "exploratory") for p in EXPLORATORY[2:]]
    pair = {"option": "a", "group": "oui", "reference_group": "non", "method": "two_shares_pooled_z"}
    rows += [row(0.0001, adjustment="holm_pairs", p_adjusted=0.0003, **pair)]
    rows += [row(None, reason="weighted-design"), row(None, "exploratory", effect="gamma", effect_size=0.2)]
    return tests_frame(rows)


def of(frame, family):
    mine = frame.loc[frame["family"].eq(family) & frame["p_value"].notna() & frame["adjustment"].ne("holm_pairs")]
    return [float(p) for p in mine["p_adjusted"]]


def test_each_family_is_adjusted_over_the_whole_report_and_no_other_row_counts():
    out = adjusted(report())
    assert of(out, "planned") == pytest.approx(HOLM)
    assert of(out, "exploratory") == pytest.approx(BH)
    assert out["p_value"].equals(report()["p_value"])
    pairs = out.loc[out["adjustment"].eq("holm_pairs")]
    assert pairs["p_adjusted"].tolist() == [0.0003]
    bare = out.loc[out["p_value"].isna()]
    assert bare[["adjustment", "p_adjusted"]].isna().to_numpy().all()
    told = out.loc[out["p_value"].notna(), ["family", "adjustment", "p_adjusted"]]
    assert told.notna().to_numpy().all(), "every p-value knows its family, its adjustment and what it comes to"
    assert adjusted(out).equals(out), "a report is adjusted once"


def test_a_p_value_without_a_family_is_an_error():
    with pytest.raises(ValueError, match="a test of D1 by B7 \\(chi_square\\) has no family"):
        adjusted(tests_frame([row(0.5, None)]))


def test_the_researcher_sees_both_families_with_their_sizes():
    options = [{"code": "a", "label": "A"}, {"code": "oui", "label": "Oui"}]
    questions = [{"id": i, "section": "S", "type": "single", "text": i, "options": options} for i in ("D1", "B7")]
    codebook = Codebook.model_validate({"schema": 1, "title": "E", "sections": {"S": "S"}, "questions": questions})
    shown = ReportTests("2026", True, codebook, adjusted(report()))
    assert shown.families["nombre"].tolist() == [5, 4]
    assert shown.families["p < 0,05"].tolist() == [4, 3]
    assert shown.families["p ajustée < 0,05"].tolist() == [1, 3]
    page = shown._repr_html_()
    assert "non publié" in page
    assert "données synthétiques" in page
    assert "vague 2024" in page
    assert page.count("<tr><th scope='row'") == 9, "rows with an adjustment of their own are no members of a family"
