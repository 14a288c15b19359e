"""What a part of the respondents may tell beside the whole, beside crosses and beside other parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.estimates import empty_tests, estimates_frame
from synthese.study import StudySettings, WaveSettings

WAVE = WaveSettings.model_validate(
    {
        "schema": 1, "id": "2024", "title": "t", "export": "e.csv", "tool": "plain", "channel": "c",
        "field": {"start": "2024-01-01", "end": "2024-02-01"}, "design": "self-selected",
    }
)  # fmt: skip
SETTINGS = StudySettings.model_validate(
    {"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}, "disclosure": {"most_withheld": 1}}
)


def question(id: str, codes: str) -> dict[str, Any]:
    options = [{"code": code, "label": code} for code in codes]
    return {"id": id, "section": "s", "text": id, "type": "single", "options": options}


def codebook(*crosses: tuple[str, str]) -> Codebook:
    planned = [{"id": f"c{n}", "title": "t", "question": q, "by": b} for n, (q, b) in enumerate(crosses)]
    groups = [{"code": "ab", "label": "ab", "of": ["a", "b"]}, {"code": "c", "label": "c", "of": ["c"]}]
    return Codebook.model_validate(
        {
            "schema": 1, "title": "t", "questions": [question("A", "abc"), question("B", "xy")],
            "regroupings": [{"id": "A@deux", "label": "A", "groups": groups}], "planned_crosses": planned,
        }
    )  # fmt: skip


def row(name: str, statistic: str, count: int, base: int, **more: Any) -> dict[str, Any]:
    value = float(count) if statistic == "count" else count / base
    numbers = {"value": value, "count": count, "base": base, "effective_n": float(base), "base_weighted": float(base)}
    return {"wave": "2024", "question": name, "statistic": statistic, "status": "released", **numbers, **more}


def alone(name: str, counts: Mapping[str, int], universe: str | None = None) -> list[dict[str, Any]]:
    n = sum(counts.values())
    return [
        row(name, statistic, count, n, option=option, answered=n, asked=n, universe=universe)
        for option, count in counts.items()
        for statistic in ("share", "count")
    ]


def cross(name: str, by: str, table: Mapping[str, tuple[int, ...]], groups: str) -> list[dict[str, Any]]:
    columns = [sum(counts) for counts in zip(*table.values(), strict=True)]
    rows = [row(name, "count", column, sum(columns), by=by, group=g) for g, column in zip(groups, columns, strict=True)]
    for option, counts in table.items():
        rows.append(row(name, "share", sum(counts), sum(columns), option=option, by=by))
        for group, count, column in zip(groups, counts, columns, strict=True):
            rows.append(row(name, "share", count, column, option=option, by=by, group=group))
    return rows


def released(rows: list[dict[str, Any]], *crosses: tuple[str, str]) -> Released:
    return release(estimates_frame(rows), empty_tests(), codebook(*crosses), WAVE, SETTINGS)


def statuses(found: Released, universe: str) -> set[str]:
    return set(found.estimates.query("universe == @universe")["status"])


WHOLE = alone("A", {"a": 40, "b": 30, "c": 20})
BESIDE = cross("A", "B", {"a": (25, 15), "b": (20, 10), "c": (10, 10)}, "xy")
TURNED = cross("B", "A", {"x": (25, 20, 10), "y": (15, 10, 10)}, "abc")
GROUPED = cross("A@deux", "B", {"ab": (45, 25), "c": (10, 10)}, "xy")
SAME, ONE_LESS, FAR = {"a": 25, "b": 20, "c": 10}, {"a": 24, "b": 20, "c": 10}, {"a": 20, "b": 15, "c": 6}


@pytest.mark.parametrize(
    ("beside", "planned"), [(BESIDE, ("A", "B")), (TURNED, ("B", "A")), (GROUPED, ("A@deux", "B"))]
)
@pytest.mark.parametrize(("part", "status"), [(SAME, "released"), (ONE_LESS, "too_small"), (FAR, "released")])
def test_a_group_of_a_published_cross_less_a_universe_leaves_nobody_alone(beside, planned, part, status):
    found = released([*WHOLE, *beside, *alone("A", part, "u")], planned)
    assert found.decision("c0").step is not None
    assert statuses(found, "u") == {status}


def test_a_cross_that_is_not_published_gives_nothing_away():
    assert statuses(released([*WHOLE, *BESIDE, *alone("A", ONE_LESS, "u")]), "u") == {"released"}


def test_a_withheld_cell_of_a_cross_withholds_the_universe_that_may_be_its_group():
    hiding = cross("A", "B", {"a": (39, 1), "b": (15, 15), "c": (10, 10)}, "xy")
    found = released([*WHOLE, *hiding, *alone("A", FAR, "u")], ("A", "B"))
    assert found.decision("c0").step is not None
    assert statuses(found, "u") == {"too_small"}


def test_parts_that_share_nobody_may_not_leave_one_together():
    first = alone("A", {"a": 25, "b": 15, "c": 10}, "u")
    assert statuses(released([*WHOLE, *first, *alone("A", {"a": 14, "b": 10, "c": 5}, "v")]), "v") == {"too_small"}
    assert statuses(released([*WHOLE, *first, *alone("A", {"a": 10, "b": 15, "c": 5}, "v")]), "v") == {"released"}


def test_a_seventh_universe_of_a_question_is_not_released():
    parts = [alone("A", {"a": 10, "b": 10, "c": 10}, f"u{n}") for n in range(7)]
    found = released([*WHOLE, *(line for part in parts for line in part)])
    assert [statuses(found, f"u{n}") for n in range(7)].count({"released"}) == 6
