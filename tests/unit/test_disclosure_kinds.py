"""Each kind of row of waves and tests through the gate: what it would give away, and that it then does not pass."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.disclosure.kinds import KNOWN, kind_of
from synthese.estimates import ESTIMATE_NUMBERS, STATISTICS, TEST_NUMBERS, empty_tests, estimates_frame, tests_frame
from synthese.study import StudySettings, WaveSettings

SETTINGS = StudySettings.model_validate(
    {"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}, "disclosure": {"most_withheld": 1}}
)
SHOWN = ("released", "count_only")


def question(id: str, codes: str, kind: str = "single", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "section": "s",
        "text": id,
        "type": kind,
        "options": [{"code": c, "label": c} for c in codes],
    } | more


CODEBOOK = Codebook.model_validate(
    {
        "schema": 1, "title": "t",
        "questions": [
            question("A", "ab"), question("B", "xyz"), question("S", "ab", sensitivity="sensitive"),
            question("M", "pq", "multiple"), question("W", "pqrs", "multiple"), question("N", "", "numeric"),
        ],
        "planned_crosses": [
            {"id": f"c{q.lower()}", "title": "t", "question": q, "by": by} for q, by in ("AB", "BA", "MA", "WA")
        ],
        "standardisation": {"by": "B", "mix": "2022", "name": "structure de 2022"},
    }
)  # fmt: skip


def wave(id: str = "2024", design: str = "probability") -> WaveSettings:
    field = {"start": f"{id}-01-01", "end": f"{id}-02-01"}
    base = {"schema": 1, "id": id, "title": "t", "export": "e.csv", "tool": "plain", "field": field, "channel": "c"}
    return WaveSettings.model_validate(base | {"design": design})


def row(name: str, statistic: str, count: int | None, base: int, **more: Any) -> dict[str, Any]:
    value = float(count or 0) if statistic == "count" else (count or 0) / base
    numbers = {"value": value, "count": count, "base": base, "effective_n": float(base), "base_weighted": float(base)}
    return {"wave": "2024", "question": name, "statistic": statistic, "status": "released", **numbers, **more}


def alone(name: str, counts: Mapping[str, int], base: int | None = None, **more: Any) -> list[dict[str, Any]]:
    n = sum(counts.values()) if base is None else base
    return [
        row(name, statistic, count, n, option=option, answered=n, asked=n, **more)
        for option, count in counts.items()
        for statistic in ("share", "count")
    ]


def cross(name: str, by: str, table: Mapping[str, tuple[int, ...]], groups: str, **more: Any) -> list[dict[str, Any]]:
    columns = [sum(counts) for counts in zip(*table.values(), strict=True)]
    rows = [row(name, "count", c, sum(columns), by=by, group=g, **more) for g, c in zip(groups, columns, strict=True)]
    for option, counts in table.items():
        rows.append(row(name, "share", sum(counts), sum(columns), option=option, by=by, **more))
        for group, count, column in zip(groups, counts, columns, strict=True):
            rows.append(row(name, "share", count, column, option=option, by=by, group=group, **more))
            rows.append(row(name, "count", count, column, option=option, by=by, group=group, **more))
    return rows


def test_of(name: str, method: str, **more: Any) -> dict[str, Any]:
    numbers = {"statistic": 4.2, "p_value": 0.04, "effect": "difference", "effect_size": 0.2, "base": 100}
    return {
        "wave": "2024",
        "question": name,
        "method": method,
        "family": "planned",
        "status": "released",
        **numbers,
        **more,
    }


test_of.__test__ = False


def let(
    rows: list[dict[str, Any]], tests: list[dict[str, Any]] | None = None, design: str = "probability",
    earlier: tuple[Released, ...] = (), id: str = "2024",
) -> Released:  # fmt: skip
    frame = tests_frame(tests) if tests else empty_tests()
    return release(estimates_frame(rows), frame, CODEBOOK, wave(id, design), SETTINGS, earlier=earlier)


def before(rows: list[dict[str, Any]], id: str = "2022") -> Released:
    return let([one | {"wave": id} for one in rows], id=id)


# The panel.

CELLS = ("kept", "joined", "left", "never")


def panel(
    cells: tuple[int, int, int, int], name: str = "A", **more: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    keys = {"universe": "_panel", "reference_wave": "2022"} | more
    n, (kept, joined, left, never) = sum(cells), cells
    rows: list[dict[str, Any]] = []
    tests = []
    for option, (k, j, gone, out) in (("a", (kept, joined, left, never)), ("b", (never, left, joined, kept))):
        rows.append(row(name, "difference", k + j, n, option=option, **keys) | {"value": (j - gone) / n})
        rows += [
            row(name, "panel_count", c, n, option=option, group=g, **keys)
            for g, c in zip(CELLS, (k, j, gone, out), strict=True)
        ]
        tests.append(test_of(name, "mcnemar_exact", option=option, **keys) | {"base": n})
    return rows, tests


def told(cells: tuple[int, int, int, int], now: tuple[int, int], then: tuple[int, int], name: str = "A", **more: Any):
    rows, tests = panel(cells, name)
    old = before(alone(name, dict(zip("ab", then, strict=True))))
    found = let(alone(name, dict(zip("ab", now, strict=True))) + rows, tests, earlier=(old,), **more)
    return found.estimates.query("universe == '_panel'"), found.tests


@pytest.mark.parametrize(
    ("cells", "now", "then", "name", "reason"),
    [
        ((12, 11, 4, 9), (40, 30), (30, 40), "A", None),
        ((12, 11, 2, 11), (40, 30), (30, 40), "A", "panel-cell"),
        ((12, 6, 4, 7), (40, 30), (30, 40), "A", "small-base"),
        ((12, 11, 4, 9), (25, 30), (30, 40), "A", "panel-cell"),
        ((12, 11, 4, 9), (40, 30), (17, 40), "A", "panel-cell"),
        ((12, 11, 4, 9), (40, 30), (30, 40), "S", "table-withheld"),
        ((12, 11, 0, 13), (40, 30), (30, 40), "A", None),
    ],
)
def test_a_panel_is_told_where_nobody_is_few_in_it_or_beside_it(cells, now, then, name, reason):
    rows, tests = told(cells, now, then, name)
    changes = rows.query("statistic == 'difference'")
    assert set(changes["status"].isin(SHOWN)) == {reason is None}
    assert set(changes["reason"].fillna("")) == {reason or ""}
    assert set(tests["status"].isin(SHOWN)) == {reason is None}
    assert not rows.query("statistic == 'panel_count'")["status"].isin(SHOWN).any(), "cells themselves never"


@pytest.mark.parametrize("design", ["self-selected", "census"])
def test_no_panel_of_a_design_without_sampling(design):
    rows, tests = told((12, 11, 4, 9), (40, 30), (30, 40), design=design)
    assert not rows["status"].isin(SHOWN).any()
    assert rows[list(ESTIMATE_NUMBERS)].isna().all().all()
    assert tests[list(TEST_NUMBERS)].isna().all().all()


def test_who_is_not_in_the_panel_cannot_be_worked_out():
    """The attack: the waves' counts less those of the panel, for every small panel that the gate lets through."""
    now, then = (25, 20), (22, 23)
    passed = 0
    for joined, left in itertools.product((0, 2, 6), (0, 1, 5)):
        kept = 18 - joined if joined <= 18 else 0
        cells = (kept, joined, left, 14)
        rows, _ = told(cells, now, then)
        shown = rows.query("statistic == 'difference' and status == 'released' and option == 'a'")
        if shown.empty:
            continue
        passed += 1
        change = shown.iloc[0]
        n, k = int(change["base"]), int(change["count"])
        k0 = round(k - float(change["value"]) * n)
        rest = (now[0] - k, sum(now) - n, then[0] - k0, sum(then) - n, now[1] - (n - k), then[1] - (n - k0))
        assert all(count == 0 or count >= 3 for count in (*cells, *rest)), (cells, rest)
    assert passed, "an attack on nothing proves nothing"


def test_two_panels_of_one_question_are_not_both_told():
    first, second = panel((12, 11, 4, 9)), panel((12, 10, 4, 9), reference_wave="2020")
    old = [before(alone("A", {"a": 30, "b": 40}), year) for year in ("2020", "2022")]
    found = let(alone("A", {"a": 40, "b": 30}) + first[0] + second[0], earlier=tuple(old))
    changes = found.estimates.query("universe == '_panel' and statistic == 'difference'")
    assert set(changes["reason"]) == {"linked"}


# Standardised shares.

TABLE = {"a": (30, 20, 33), "b": (20, 22, 11)}
MIX = {"by": "B", "method": "standardised:structure de 2022", "reference_wave": "2022"}


def standardised(
    table: Mapping[str, tuple[int, ...]], then: Mapping[str, tuple[int, ...]], **more: Any
) -> pd.DataFrame:
    def wave_of(cells: Mapping[str, tuple[int, ...]]) -> list[dict[str, Any]]:
        counts = dict(zip("xyz", map(sum, zip(*cells.values(), strict=True)), strict=True))
        return alone("B", counts) + alone("A", {o: sum(c) for o, c in cells.items()}) + cross("A", "B", cells, "xyz")

    n = sum(map(sum, table.values()))
    rows = [
        row("A", statistic, None, n, option="a", **(MIX | more)) | {"value": 0.4, "ci_low": 0.3, "ci_high": 0.5}
        for statistic in ("share_standardised", "difference_standardised")
    ]
    found = let(wave_of(table) + rows, earlier=(before(wave_of(then)),), design=more.pop("design", "probability"))
    return found.estimates.loc[found.estimates["statistic"].str.endswith("standardised")]


def test_a_standardised_share_stands_or_falls_with_its_strata():
    assert set(standardised(TABLE, TABLE)["status"]) == {"released"}
    hidden = {"a": (30, 20, 42), "b": (20, 22, 1)}
    assert not standardised(hidden, TABLE)["status"].isin(SHOWN).any(), "a cell of one follows from the sum over strata"
    assert not standardised(TABLE, hidden)["status"].isin(SHOWN).any()
    few = {"a": (30, 20, 13), "b": (20, 22, 11)}
    assert set(standardised(few, TABLE)["reason"]) == {"small-base"}


def test_a_share_standardised_to_another_mix_than_the_codebooks_is_not_known():
    assert set(standardised(TABLE, TABLE, by="A")["reason"]) == {"unknown-kind"}
    assert set(standardised(TABLE, TABLE, universe="u")["reason"]) == {"unknown-kind"}
    assert set(standardised(TABLE, TABLE, group="x")["reason"]) == {"unknown-kind"}


def test_a_census_and_a_self_selected_wave_keep_the_value_and_the_name_of_the_mix_alone():
    rows = standardised(TABLE, TABLE)
    assert rows["ci_low"].notna().all()

    def wave_of() -> list[dict[str, Any]]:
        counts = dict(zip("xyz", map(sum, zip(*TABLE.values(), strict=True)), strict=True))
        return alone("B", counts) + alone("A", {"a": 83, "b": 53}) + cross("A", "B", TABLE, "xyz")

    mixed = row("A", "share_standardised", None, 136, option="a", **MIX) | {"value": 0.4, "ci_low": 0.3, "ci_high": 0.5}
    for design in ("census", "self-selected"):
        found = let([*wave_of(), mixed], earlier=(before(wave_of()),), design=design)
        kept = found.estimates.query("statistic == 'share_standardised'").iloc[0]
        assert (kept["status"], kept["value"], kept["method"]) == ("released", 0.4, "standardised:structure de 2022")
        assert pd.isna(kept["ci_low"])


# Tests between waves, of pairs, of items.


def test_a_trend_needs_every_wave_of_the_series():
    clean, small = alone("A", {"a": 30, "b": 40}), alone("A", {"a": 68, "b": 2})
    trend = [test_of("A", "cochran_armitage", option="a", reference_wave="2018")]

    def status(*series: list[dict[str, Any]]) -> str:
        earlier = tuple(before(rows, year) for rows, year in zip(series, ("2018", "2022"), strict=True))
        return str(let(clean, trend, earlier=earlier).tests.iloc[0]["status"])

    assert status(clean, clean) == "released"
    assert status(clean, small) == status(small, clean) == "withheld_secondary"
    assert status(clean, alone("B", {"x": 20, "y": 20, "z": 20})) == "released", "a wave without the question is no gap"
    two = test_of("A", "chi_square", option="a", reference_wave="2018")
    waves = (before(clean, "2018"), before(small))
    assert let(clean, [two], earlier=waves).tests.iloc[0]["status"] == "released"


def test_columns_are_compared_on_thirty_respondents_each():
    def status(table: dict[str, tuple[int, ...]]) -> str:
        pair = test_of("A", "two_shares_pooled_z", option="a", by="B", group="x", reference_group="z")
        counts = dict(zip("xyz", map(sum, zip(*table.values(), strict=True)), strict=True))
        rows = alone("A", {o: sum(c) for o, c in table.items()}) + alone("B", counts) + cross("A", "B", table, "xyz")
        return str(let(rows, [pair]).tests.iloc[0]["status"])

    assert status(TABLE) == "released"
    assert status({"a": (30, 20, 13), "b": (20, 22, 11)}) == "too_small"


def q_of(ticked: list[int], squares: int) -> float:
    k, total = len(ticked), sum(ticked)
    return (k - 1) * (k * sum(g**2 for g in ticked) - total**2) / (k * total - squares)


def test_cochrans_q_does_not_tell_who_ticked_both():
    """The attack: with two items Q is an equation in one unknown, the number of those who ticked both."""
    ticked, both = [40, 30], 1
    q = q_of(ticked, sum(ticked) + 2 * both)
    solved = (2 * 70 - (2 * (1600 + 900) - 70**2) / q - 70) / 2
    assert round(solved) == both, "the attack works on what is not released"
    found = let(alone("M", {"p": 40, "q": 30}, 70), [test_of("M", "cochran_q", statistic=q)])
    assert (found.tests.iloc[0]["status"], found.tests.iloc[0]["reason"]) == ("withheld_secondary", "joint-answers")
    assert found.tests[list(TEST_NUMBERS)].isna().all().all()


@pytest.mark.parametrize(("pairs", "status"), [(0, "released"), (2, "withheld_secondary"), (12, "released")])
def test_cochrans_q_of_four_items_does_not_tell_of_one_or_two_pairs(pairs, status):
    ticked = [40, 30, 20, 12]
    q = q_of(ticked, sum(ticked) + 2 * pairs)
    found = let(alone("W", dict(zip("pqrs", ticked, strict=True)), 110), [test_of("W", "cochran_q", statistic=q)])
    assert found.tests.iloc[0]["status"] == status


@pytest.mark.parametrize(("name", "status"), [("M", "withheld_secondary"), ("W", "released")])
def test_a_block_of_two_items_does_not_tell_who_ticked_both(name, status):
    table = {"p": (20, 25), "q": (18, 22), "r": (17, 15), "s": (21, 19)}
    table = {option: table[option] for option in ("pq" if name == "M" else "pqrs")}
    counts = {"a": 40, "b": 45}
    rows = alone("A", counts) + alone(name, {o: sum(c) for o, c in table.items()}, 85)
    for option, cells in table.items():
        rows.append(row(name, "share", sum(cells), 85, option=option, by="A"))
        for group, count in zip("ab", cells, strict=True):
            rows.append(row(name, "share", count, counts[group], option=option, by="A", group=group))
    rows += [row(name, "count", counts[g], 85, by="A", group=g) for g in "ab"]
    tests = [test_of(name, method, by="A") for method in ("bilder_loughin_rao_scott", "bonferroni")]
    found = let(rows, tests).tests.set_index("method")["status"]
    assert found["bilder_loughin_rao_scott"] == status
    assert found["bonferroni"] == "released"


def test_a_difference_of_nps_needs_both():
    def nps(n: int) -> list[dict[str, Any]]:
        return [row("N", s, None, n, unit="points") | {"value": 12.0} for s in ("mean", "nps")]

    gap = row("N", "difference_nps", None, 60, reference_wave="2022") | {"value": 3.0}
    found = let([*nps(60), gap], earlier=(before(nps(50)),))
    assert found.estimate("N", statistic="difference_nps", reference_wave="2022").status == "released"
    found = let([*nps(60), gap], earlier=(before(nps(3)),))
    assert found.estimate("N", statistic="difference_nps", reference_wave="2022").reason == "reference-not-released"


# What is not known does not pass.

KEYS = ("option", "universe", "by", "group", "reference_group", "reference_wave")
VALUES = {
    "option": "a",
    "universe": "_panel",
    "by": "B",
    "group": "x",
    "reference_group": "y",
    "reference_wave": "2022",
}
GOOD = alone("A", {"a": 83, "b": 53}) + alone("B", {"x": 50, "y": 42, "z": 44}) + cross("A", "B", TABLE, "xyz")
EARLIER = before(GOOD)


METHODS = ["letters", "bayes", *sorted(set().union(*KNOWN.values()))]


@given(keys=st.sets(st.sampled_from(KEYS)), method=st.sampled_from(METHODS))
@settings(max_examples=15, deadline=None)
def test_a_test_of_an_unknown_kind_never_passes(keys, method):
    test = test_of("A", method, **{key: VALUES[key] for key in keys})
    found = let(GOOD, [test], earlier=(EARLIER,)).tests.iloc[0]
    if kind_of(test | {key: None for key in KEYS if key not in keys}) is None:
        assert found["status"] not in SHOWN
        assert found[list(TEST_NUMBERS)].isna().all()
    barred = let(GOOD[:4], [test], design="self-selected", earlier=(EARLIER,)).tests.iloc[0]
    assert barred[list(TEST_NUMBERS)].isna().all()


@pytest.mark.parametrize(
    ("method", "keys", "status"),
    [
        ("chi_square", {"by": "B"}, "released"),
        ("letters", {"by": "B"}, "withheld_primary"),
        ("mcnemar", {"by": "B"}, "withheld_primary"),
        (None, {"by": "B"}, "withheld_primary"),
        ("chi_square", {"by": "B", "universe": "u"}, "withheld_primary"),
        ("two_shares_pooled_z", {"by": "B", "reference_group": "x"}, "withheld_primary"),
        ("chi_square", {}, "withheld_primary"),
    ],
)
def test_a_test_is_known_by_its_keys_and_its_method(method, keys, status):
    assert let(GOOD, [test_of("A", method, **keys)]).tests.iloc[0]["status"] == status


def test_a_row_that_no_rule_decides_is_withheld(monkeypatch):
    monkeypatch.setattr("synthese.disclosure.gate.decide_standardised", lambda *_: {})
    mixed = row("A", "share_standardised", None, 136, option="a", **MIX)
    found = let([*alone("A", {"a": 83, "b": 53}), mixed]).estimates.iloc[-1]
    assert (found["status"], found["reason"]) == ("withheld_primary", "unknown-kind")


FAMILIAR = {
    ("difference", frozenset({"option", "reference_wave"})),
    ("difference", frozenset({"option", "by", "group", "reference_wave"})),
    ("difference", frozenset({"option", "by", "reference_wave"})),
    ("difference", frozenset({"option", "by", "group", "reference_group"})),
    ("share_standardised", frozenset({"option", "by", "reference_wave"})),
    ("difference_standardised", frozenset({"option", "by", "reference_wave"})),
}  # fmt: skip


@given(keys=st.sets(st.sampled_from(KEYS)), statistic=st.sampled_from(STATISTICS))
@settings(max_examples=40, deadline=None)
def test_an_estimate_that_refers_to_something_unknown_never_passes(keys, statistic):
    """Of rows that name a wave, a group or a part compared with, only those of the list may be shown."""
    if not keys & {"reference_wave", "reference_group", "universe"} or (statistic, frozenset(keys)) in FAMILIAR:
        return
    rows = [*GOOD, row("A", statistic, 31, 61, **{key: VALUES[key] for key in keys})]
    found = let(rows, earlier=(EARLIER,)).estimates.iloc[-1]
    assert found["status"] not in SHOWN, (statistic, keys)
    assert found[list(ESTIMATE_NUMBERS)].isna().all()


def test_a_reason_tells_no_number_and_no_prose():
    gap = row("A", "difference", 83, 136, option="a", reference_wave="2022", reason="partial-overlap:1")
    letters = row("A", "difference", 53, 136, option="b", reference_wave="2022", reason="B < A, significatif")
    found = let([*GOOD, gap, letters], design="self-selected", earlier=(EARLIER,)).estimates
    assert found["reason"].tolist()[-2] == "partial-overlap"
    assert pd.isna(found["reason"].tolist()[-1])
