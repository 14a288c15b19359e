"""A difference of options split or merged between waves is released where everything that it stands for is."""

from __future__ import annotations

import pytest

from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.estimates import empty_tests, estimates_frame
from synthese.study import StudySettings, WaveSettings

OLD, NEW = {"waves": ["2023"]}, {"waves": ["2024"]}
OPTIONS = {
    "merged": {"x": {}, "tools": OLD | {"split_of": "means"}, "rooms": OLD | {"split_of": "means"}, "means": NEW},
    "residue": {"x": {}, "all": {}, "part": NEW | {"split_of": "all"}},
    "chain": {
        "x": {}, "a": OLD, "b": {"waves": ["2025"], "split_of": "a"}, "c": NEW | {"split_of": "a"},
        "d": NEW | {"split_of": "b"}, "e": NEW | {"split_of": "b"},
    },
}  # fmt: skip
SETTINGS = StudySettings.model_validate(
    {"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}, "disclosure": {"most_withheld": 0.7}}
)


def released(which: str, wave: str, rows: list[dict], earlier: tuple[Released, ...] = ()) -> Released:
    options = [{"code": code, "label": code, **more} for code, more in OPTIONS[which].items()]
    question = {"id": "Q", "section": "s", "text": "Q", "type": "multiple", "options": options}
    codebook = Codebook.model_validate({"schema": 1, "title": "t", "questions": [question]})
    field = {"start": f"{wave}-01-01", "end": f"{wave}-02-01"}
    declared = {"schema": 1, "id": wave, "title": "t", "export": "e.csv", "tool": "plain", "field": field}
    settings = WaveSettings.model_validate({**declared, "channel": "c", "design": "self-selected"})
    frame = estimates_frame([{"wave": wave, "question": "Q", "status": "released", **row} for row in rows])
    return release(frame, empty_tests(), codebook, settings, SETTINGS, earlier=earlier)


def shares(counts: dict[str, int], base: int) -> list[dict]:
    common = {"base": base, "base_weighted": float(base), "effective_n": float(base), "asked": base, "answered": base}
    return [
        common | {"option": option, "statistic": statistic, "value": value, "count": count}
        for option, count in counts.items()
        for statistic, value in (("share", count / base), ("count", float(count)))
    ]


def decided(
    which: str, now: dict[str, int], then: dict[str, int], option: str, counts: tuple[int, int], weight: float = 1.0
) -> tuple[str, str | None]:
    before = released(which, "2023", shares(then, 50))
    k, k0 = counts
    row = {"option": option, "statistic": "difference", "value": k / 60 - k0 / 50, "count": k, "base": 60}
    row |= {"base_weighted": 60.0 * weight, "effective_n": 60.0, "asked": 60, "answered": 60, "reference_wave": "2023"}
    found = released(which, "2024", [*shares(now, 60), row], (before,))
    estimate = found.estimate("Q", option, statistic="difference", reference_wave="2023")
    return estimate.status, estimate.reason


SHOWN, MINE, THEIRS = (
    ("released", None),
    ("withheld_secondary", "share-not-released"),
    ("withheld_secondary", "reference-not-released"),
)


@pytest.mark.parametrize(
    ("which", "now", "then", "option", "counts", "expected"),
    [
        ("merged", {"x": 30, "means": 33}, {"x": 20, "tools": 15, "rooms": 12}, "means", (33, 24), SHOWN),
        ("merged", {"x": 30, "means": 33}, {"x": 20, "tools": 15, "rooms": 1}, "means", (33, 15), THEIRS),
        ("merged", {"x": 30, "means": 1}, {"x": 20, "tools": 15, "rooms": 12}, "means", (1, 24), MINE),
        ("residue", {"x": 30, "all": 20, "part": 12}, {"x": 20, "all": 25}, "all", (28, 25), SHOWN),
        ("residue", {"x": 30, "all": 20, "part": 1}, {"x": 20, "all": 25}, "all", (21, 25), MINE),
        ("residue", {"x": 30, "all": 20, "part": 12}, {"x": 20, "all": 25}, "x", (30, 20), SHOWN),
        ("chain", {"x": 30, "c": 12, "d": 15, "e": 11}, {"x": 20, "a": 25}, "a", (33, 25), SHOWN),
        ("chain", {"x": 30, "c": 12, "d": 15, "e": 1}, {"x": 20, "a": 25}, "a", (26, 25), MINE),
    ],
)
def test_a_difference_stands_or_falls_with_the_parts_of_its_option(which, now, then, option, counts, expected):
    assert decided(which, now, then, option, counts) == expected


def test_what_a_merged_option_was_in_a_weighted_wave_does_not_follow_from_the_difference():
    now, then = {"x": 30, "means": 33}, {"x": 20, "tools": 15, "rooms": 12}
    assert decided("merged", now, then, "means", (33, 24), weight=1.25) == THEIRS


def test_a_small_number_that_a_difference_would_tell_is_not_told():
    """Parts of nobody are shown; a difference that says otherwise would tell of two."""
    then = {"x": 20, "tools": 0, "rooms": 0}
    assert decided("merged", {"x": 30, "means": 33}, then, "means", (33, 2)) == THEIRS
    assert decided("residue", {"x": 30, "all": 0, "part": 0}, {"x": 20, "all": 25}, "all", (2, 25)) == MINE
