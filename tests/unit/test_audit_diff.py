from __future__ import annotations

import json
from pathlib import Path

import pytest

from synthese.audit import Difference, diff
from synthese.errors import SyntheseError
from synthese.estimates import estimates_frame, tests_frame, write_parquet
from synthese.files import sha256

PAIRS = {"wave": "2024", "question": "F1", "option": "pairs", "statistic": "share", "status": "released",
         "value": 46 / 54, "count": 46, "base": 54}  # fmt: skip
RARE = {"wave": "2024", "question": "F1", "option": "rare", "statistic": "share", "status": "withheld_primary"}
TEST = {"wave": "2024", "question": "F1", "by": "B7", "method": "chi2", "p_value": 0.25, "family": "planned",
        "status": "released"}  # fmt: skip
VALUE = {"kind": "value", "text": "85 %", "caption": "", "alt": "", "notes": [], "status": "released", "files": []}


def wave(folder, rows=(PAIRS, RARE), tests=(TEST,), artefacts=None, cells=("85 %",)) -> Path:
    (folder / "artefacts").mkdir(parents=True)
    write_parquet(estimates_frame(rows), folder / "estimates.parquet")
    write_parquet(tests_frame(tests), folder / "tests.parquet")
    table = folder / "artefacts" / "tbl-a.table.json"
    table.write_text(json.dumps({"head": [[{"text": "Part"}]], "body": [[{"text": cell} for cell in cells]]}))
    listed = {"path": f"data/processed/{folder.name}/artefacts/{table.name}", "sha256": sha256(table),
              "media_type": "application/vnd.synthese.table+json"}  # fmt: skip
    entries = {"val-a": VALUE, "tbl-a": VALUE | {"kind": "table", "text": None, "files": [listed]}}
    entries = entries if artefacts is None else artefacts
    (folder / "manifest.json").write_text(json.dumps({"schema": 1, "artefacts": entries}))
    return folder


def study(folder, **waves) -> Path:
    for name, options in waves.items():
        wave(folder / "data" / "processed" / name.removeprefix("w"), **options)
    return folder


def test_a_build_does_not_differ_from_itself(tmp_path):
    assert diff(wave(tmp_path / "a"), wave(tmp_path / "b")) == []


def test_a_changed_number_is_told_exactly(tmp_path):
    changed = PAIRS | {"value": 45 / 54, "count": 45}
    found = diff(wave(tmp_path / "a"), wave(tmp_path / "2024", rows=[changed, RARE]))
    assert found == [
        Difference("2024", "estimate", "changed", "F1 · pairs · share",
                   (("value", 46 / 54, 45 / 54), ("count", 46, 45)))
    ]  # fmt: skip
    assert str(found[0]) == (
        "2024: estimate changed: F1 · pairs · share: value 0.8518518518518519 → 0.8333333333333334; count 46 → 45"
    )


def test_a_changed_base_or_status_alone_is_told(tmp_path):
    base, status = PAIRS | {"base": 55}, RARE | {"status": "withheld_secondary"}
    found = diff(wave(tmp_path / "a"), wave(tmp_path / "b", rows=[base, status]))
    assert [d.fields for d in found] == [
        (("base", 54, 55),),
        (("status", "withheld_primary", "withheld_secondary"),),
    ]


def test_rows_added_and_removed_are_told_with_their_numbers(tmp_path):
    found = diff(wave(tmp_path / "a", rows=[PAIRS]), wave(tmp_path / "b", rows=[RARE]))
    assert [(d.change, d.key) for d in found] == [("removed", "F1 · pairs · share"), ("added", "F1 · rare · share")]
    assert ("value", 46 / 54, None) in found[0].fields
    assert str(found[1]).endswith("status null → 'withheld_primary'")


def test_the_order_of_rows_is_no_difference(tmp_path):
    assert diff(wave(tmp_path / "a"), wave(tmp_path / "b", rows=[RARE, PAIRS])) == []


def test_rows_of_one_key_are_compared_in_their_order(tmp_path):
    twice = [PAIRS, PAIRS | {"count": 40}]
    found = diff(wave(tmp_path / "a", rows=twice), wave(tmp_path / "b", rows=[twice[0], PAIRS | {"count": 41}]))
    assert [d.fields for d in found] == [(("count", 40, 41),)]


def test_a_changed_test_is_told(tmp_path):
    found = diff(wave(tmp_path / "a"), wave(tmp_path / "b", tests=[TEST | {"p_value": 0.5}]))
    assert [(d.kind, d.key, d.fields) for d in found] == [("test", "F1 · B7 · planned", (("p_value", 0.25, 0.5),))]


def test_artefacts_added_removed_and_changed_are_told(tmp_path):
    left = {"val-a": VALUE, "val-b": VALUE}
    right = {"val-a": VALUE | {"text": "84 %"}, "val-c": VALUE}
    found = diff(wave(tmp_path / "a", artefacts=left), wave(tmp_path / "b", artefacts=right))
    assert [(d.kind, d.change, d.key, d.fields) for d in found] == [
        ("artefact", "changed", "val-a", (("text", "85 %", "84 %"),)),
        ("artefact", "removed", "val-b", (("text", "85 %", None),)),
        ("artefact", "added", "val-c", (("text", None, "85 %"),)),
    ]


def test_a_table_is_compared_cell_by_cell(tmp_path):
    (one,) = diff(wave(tmp_path / "a"), wave(tmp_path / "b", cells=("84 %",)))
    assert (one.key, one.fields[-1]) == ("tbl-a", ("body row 1 cell 1", "85 %", "84 %"))
    (other,) = diff(wave(tmp_path / "c"), wave(tmp_path / "d", cells=("85 %", "1 %")))
    assert other.fields[-1] == ("shape of body", [1], [2])


def test_two_studies_are_compared_wave_by_wave(tmp_path):
    left = study(tmp_path / "a", w2022={}, w2024={})
    right = study(tmp_path / "b", w2024={"rows": [PAIRS]}, w2026={})
    assert [str(d) for d in diff(left, right)] == [
        "2022: wave removed: 2022",
        "2024: estimate removed: F1 · rare · share: status 'withheld_primary' → null",
        "2026: wave added: 2026",
    ]


def test_what_is_no_build_is_refused(tmp_path):
    with pytest.raises(SyntheseError, match="there are no released results here") as caught:
        diff(tmp_path, tmp_path)
    assert caught.value.code == "not-a-build"


def test_a_study_and_a_wave_are_not_compared(tmp_path):
    with pytest.raises(SyntheseError, match="one of the two is a study and the other a wave"):
        diff(study(tmp_path / "a", w2024={}), wave(tmp_path / "b"))


def test_a_damaged_manifest_is_told(tmp_path):
    left, right = wave(tmp_path / "a"), wave(tmp_path / "b")
    (right / "manifest.json").write_text("{")
    with pytest.raises(SyntheseError, match="the manifest is not readable") as caught:
        diff(left, right)
    assert str(caught.value.faults[0].file).endswith("b/manifest.json")
