"""Weights, families of tests and verdicts through the gate: what they would give away of what is withheld."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import pytest

from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.disclosure.families import adjusted_apart
from synthese.estimates import empty_tests, estimates_frame, robustness_frame, tests_frame
from synthese.formatting import phrase
from synthese.statistics.multiplicity import benjamini_hochberg, holm
from synthese.study import StudySettings, WaveSettings

SETTINGS = StudySettings.model_validate(
    {"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}, "disclosure": {"most_withheld": 1}}
)


def _question(id: str, codes: str, **more: Any) -> dict[str, Any]:
    options = [{"code": c, "label": c} for c in codes]
    return {"id": id, "section": "s", "text": id, "type": "single", "options": options} | more


CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "t",
        "questions": [_question("A", "ab"), _question("G", "xyz"), _question("S", "ab", sensitivity="sensitive")],
        "planned_crosses": [{"id": "c", "title": "t", "question": "A", "by": "G"}],
    }
)
TOTALS = {"x": 517.0, "y": 311.0, "z": 172.0}


def _wave(id: str = "2024", **more: Any) -> WaveSettings:
    field = {"start": f"{id}-01-01", "end": f"{id}-02-01"}
    base = {"schema": 1, "id": id, "title": "t", "export": "e.csv", "tool": "plain", "field": field, "channel": "c"}
    return WaveSettings.model_validate(base | {"design": "probability"} | more)


WEIGHTED = {"calibration": [{"question": "G", "totals": TOTALS, "source": "registre"}]}


def _row(name: str, statistic: str, count: int, base: int, **more: Any) -> dict[str, Any]:
    numbers = {"count": count, "base": base, "answered": base, "base_weighted": float(base), "effective_n": float(base)}
    value = {"unit": "share", "value": count / base} if statistic == "share" else {"value": float(count)}
    return {"wave": "2024", "question": name, "statistic": statistic, "status": "released", **numbers, **value, **more}


def _alone(name: str, counts: Mapping[str, int], **more: Any) -> list[dict[str, Any]]:
    n = sum(counts.values())
    return [_row(name, s, k, n, option=o, **more) for o, k in counts.items() for s in ("share", "count")]


def _let(rows: list[dict[str, Any]], tests: list[dict[str, Any]] | None = None, **more: Any) -> Released:
    frame = tests_frame(tests) if tests else empty_tests()
    wave = more.pop("wave", None) or _wave()
    return release(estimates_frame(rows), frame, CODEBOOK, wave, SETTINGS, **more)


# Weights.


def _weighted(strata: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Two options of A by strata of G, post-stratified to TOTALS."""
    sizes = {g: sum(cells) for g, cells in strata.items()}
    n = sum(sizes.values())
    weights = {g: TOTALS[g] / sum(TOTALS[h] for h in strata) * n / sizes[g] for g in strata}
    effective = n**2 / sum(weights[g] ** 2 * sizes[g] for g in strata)
    rows = _alone("G", sizes)
    for place, option in enumerate("ab"):
        count = sum(cells[place] for cells in strata.values())
        share = sum(weights[g] * cells[place] for g, cells in strata.items()) / n
        rows.append(_row("A", "share", count, n, option=option) | {"value": share, "effective_n": effective})
        rows.append(_row("A", "count", count, n, option=option))
    return rows


def _fitting(found: Released, strata: Mapping[str, tuple[int, int]], half: float) -> Iterator[tuple[int, ...]]:
    """The attack: every way to share an option out over the strata that fits its count and its weighted share."""
    share, counted = found.estimate("A", "a"), found.estimate("A", "a", statistic="count")
    sizes = {g: found.estimate("G", g, statistic="count").count or 0 for g in strata}
    n = sum(sizes.values())
    weights = [TOTALS[g] / sum(TOTALS[h] for h in strata) * n / sizes[g] for g in strata]
    for cells in itertools.product(*(range(size + 1) for size in sizes.values())):
        told = sum(w * k for w, k in zip(weights, cells, strict=True)) / n
        if sum(cells) == counted.count and (share.value is None or abs(told - share.value) <= half):
            yield cells


def test_a_weighted_share_does_not_tell_who_is_alone_in_a_stratum(monkeypatch):
    strata = {"x": (2, 60), "y": (31, 48), "z": (28, 31)}
    with monkeypatch.context() as open_gate:
        open_gate.setattr("synthese.disclosure.gate.in_shown_digits", lambda rows, *_: rows)
        exact = list(_fitting(_let(_weighted(strata), wave=_wave(**WEIGHTED)), strata, 1e-9))
    assert exact == [(2, 31, 28)], "the attack works on the exact share: the cross with the margin, a cell of two in it"
    found = _let(_weighted(strata), wave=_wave(**WEIGHTED))
    share = found.estimate("A", "a")
    assert (share.status, share.value, share.base_weighted) == ("released", 0.22, None)
    assert share.effective_n == int(share.effective_n or 0)
    fitting = list(_fitting(found, strata, 0.005))
    assert len({cells[0] for cells in fitting}) > 3
    assert any(cells[0] >= 3 for cells in fitting)


@pytest.mark.parametrize("strata", [{"x": (1, 29), "z": (18, 12)}, {"x": (10, 20), "z": (18, 12)}])
def test_a_count_stands_alone_where_the_rounded_share_would_still_tell(strata):
    """Two strata of weights far apart: a whole percentage of 60 respondents leaves one or two ways to share out."""
    found = _let(_weighted(strata), wave=_wave(**WEIGHTED))
    fitting = {cells[0] for cells in _fitting(found, strata, 0.005)}
    assert not all(0 < count < 3 for count in fitting)
    assert found.estimate("A", "a").status == ("count_only" if strata["x"][0] < 3 else "released")


@pytest.mark.parametrize("weights", [{}, {"weight": "N"}, {"weight": "N", **WEIGHTED}])
def test_what_is_not_weighted_or_by_weights_that_no_reader_knows_is_exact(weights):
    found = _let(_alone("A", {"a": 40, "b": 21}), wave=_wave(**weights))
    assert found.estimate("A", "a").value == 40 / 61
    assert found.estimate("A", "a").base_weighted == 61


def test_tests_of_weighted_answers_have_the_digits_of_the_report():
    strata = {"x": (11, 29), "y": (21, 39), "z": (18, 12)}
    table = {"a": (11, 21, 18), "b": (29, 39, 12)}
    rows = _weighted(strata)
    for option, cells in table.items():
        for group, count in zip("xyz", cells, strict=True):
            rows.append(_row("A", "share", count, sum(strata[group]), option=option, by="G", group=group))
    rows += [_row("A", "count", sum(cells), 130, by="G", group=g) for g, cells in strata.items()]
    test = {"wave": "2024", "question": "A", "by": "G", "method": "rao_scott_f", "status": "released", "base": 130}
    test |= {"statistic": 5.123456, "p_value": 0.00712345, "effect": "cramers_v", "effect_size": 0.2345, "df": 1.98765}
    found = _let(rows, [test], wave=_wave(**WEIGHTED)).tests.iloc[0]
    assert (found["status"], found["statistic"], found["p_value"]) == ("released", 5.12, 0.00712)
    assert (found["effect_size"], found["df"]) == (0.23, 1.99)


# Methods and families.


def test_the_method_of_a_withheld_share_does_not_tell_that_it_is_all():
    everybody = [one | {"method": "clopper_pearson_kish"} for one in _alone("S", {"a": 60, "b": 0})]
    found = _let(everybody, wave=_wave(**WEIGHTED)).estimates
    hidden = found.loc[~found["status"].isin(["released", "count_only"]) & found["question"].eq("S")]
    assert len(hidden)
    assert hidden["method"].isna().all()


FAMILIES = [((0.01, 0.012, 0.4), (0, 1, 1)), ((0.03, 0.031, 0.5), (1, 0, 1)), ((0.2, 0.03, 0.01), (0, 1, 0))]


@pytest.mark.parametrize(("ps", "shown"), FAMILIES)
@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_an_adjusted_p_does_not_tell_that_of_a_withheld_test(adjust, ps, shown):
    """The attack: a running maximum (or minimum) is a multiple of some p-value; if of no released one, of the other."""

    def told(others: float | None) -> list[float]:
        every = [p if seen else (p if others is None else others) for p, seen in zip(ps, shown, strict=True)]
        rows = [
            {"wave": "2024", "question": "A", "method": "chi_square", "adjustment": adjust.__name__}
            | ({"status": "released", "p_value": p, "p_adjusted": q} if seen else {"status": "withheld_secondary"})
            for p, q, seen in zip(every, adjust(every), shown, strict=True)
        ]
        return adjusted_apart(tests_frame(rows))["p_adjusted"].dropna().tolist()

    found = told(None)
    for q, true in zip(found, [q for q, seen in zip(adjust(list(ps)), shown, strict=True) if seen], strict=True):
        assert q >= true - 1e-15, "never smaller than in the whole family"
    assert all(told(other) == found for other in (0.0001, 0.05, 0.9)), "whatever the withheld test found"


def test_the_gate_adjusts_apart_from_what_it_withholds():
    test = {"wave": "2024", "method": "chi_square", "status": "released", "base": 130, "adjustment": "holm"}
    rows = _alone("A", {"a": 68, "b": 62}) + _alone("G", {"x": 40, "y": 60, "z": 30})
    for option, cells in {"a": (28, 22, 18), "b": (12, 38, 12)}.items():
        for group, count, size in zip("xyz", cells, (40, 60, 30), strict=True):
            rows.append(_row("A", "share", count, size, option=option, by="G", group=group))
    rows += [_row("A", "count", n, 130, by="G", group=g) for g, n in zip("xyz", (40, 60, 30), strict=True)]
    tests = [test | {"question": "A", "by": "G", "p_value": 0.012, "p_adjusted": 0.02}]
    tests += [test | {"question": "S", "by": "G", "p_value": 0.010, "p_adjusted": 0.02}]
    found = _let(rows, tests).tests
    assert found["status"].tolist() == ["released", "withheld_secondary"]
    assert found["p_adjusted"].tolist()[0] == 0.024, "0.02 is twice the p-value of the test that is withheld"


# Gaps and headlines under variants.


def test_a_verdict_on_two_variants_does_not_tell_what_the_one_left_out_answered():
    """The attack: of 40, one answered in part and 39 chose a; without that one it is « l’ensemble », or it is not."""
    names = {k: expression.band.code for k in (38, 39) if (expression := phrase(k, 39)) is not None}
    published = phrase(39, 40)
    assert published is not None
    assert [code == published.band.code for code in names.values()] == [True, False], "held tells who did not choose a"

    def told(held: int, **more: int) -> dict[str, Any]:
        row = {"wave": "2024", "headline": "h", "question": "A", "option": "a", "status": "released"}
        tried = robustness_frame([row | {"declared": 2, "computed": 2, "held": held, "closest": 1} | more])
        found = _let(_alone("A", {"a": 39, "b": 11}), robustness=tried).robustness.iloc[0]
        return {str(name): None if pd.isna(value) else value for name, value in found.items()}

    assert told(1) == told(2)
    assert (told(2)["status"], told(2)["reason"], told(2)["held"]) == ("too_small", "close-variants", None)
    assert told(2, closest=3)["status"] == told(4, declared=5, computed=5)["status"] == "released"


def test_a_gap_with_a_share_that_is_withheld_is_not_told_to_hold():
    def gap(before: dict[str, int]) -> pd.Series[Any]:
        then = _let([one | {"wave": "2022"} for one in _alone("A", before)], wave=_wave("2022"))
        row = {"wave": "2024", "question": "A", "option": "a", "reference_wave": "2022", "status": "released"}
        tried = robustness_frame([row | {"declared": 3, "computed": 3, "held": 3}])
        return _let(_alone("A", {"a": 40, "b": 30}), earlier=(then,), robustness=tried).robustness.iloc[0]

    assert gap({"a": 20, "b": 40})["status"] == "released"
    hidden = gap({"a": 2, "b": 60})
    assert (hidden["status"], hidden["reason"]) == ("withheld_secondary", "reference-not-released")
    assert hidden[["declared", "computed", "held"]].isna().all()
