"""The results frames hold what the contract allows, in its order, and are stored in the same bytes."""

from __future__ import annotations

import pandas as pd
import pytest

from synthese.errors import SyntheseError
from synthese.estimates import (
    ESTIMATE_COLUMNS,
    ESTIMATE_NUMBERS,
    STATISTICS,
    TEST_COLUMNS,
    empty_estimates,
    empty_tests,
    estimates_frame,
    read_parquet,
    select,
    tests_frame,
    validate_estimates,
    validate_tests,
    write_parquet,
)

ROW = {
    "wave": "2024",
    "question": "F1",
    "option": "a",
    "statistic": "share",
    "unit": "share",
    "value": 0.25,
    "count": 1,
    "base": 4,
    "status": "released",
}
TEST = {"wave": "2024", "question": "F1", "by": "B1", "p_value": 0.5, "family": "planned", "status": "released"}


def test_the_columns_of_the_design_in_their_order():
    assert ", ".join(ESTIMATE_COLUMNS) == (
        "wave, question, option, universe, by, group, statistic, value, unit, ci_low, ci_high, confidence, count, "
        "base, asked, answered, base_weighted, effective_n, reference_wave, reference_group, method, status, reason"
    )
    assert ", ".join(TEST_COLUMNS) == (
        "wave, question, option, universe, by, group, reference_group, reference_wave, method, statistic, df, "
        "df_denominator, p_value, p_se, family, adjustment, p_adjusted, effect, effect_size, effect_low, effect_high, "
        "base, status, reason"
    )
    assert list(empty_estimates().columns) == list(ESTIMATE_COLUMNS)
    assert list(empty_tests().columns) == list(TEST_COLUMNS)


def test_absent_keys_are_null_and_counts_are_whole():
    frame = estimates_frame([ROW, ROW | {"count": None, "value": None}])
    assert frame["count"].dtype == "Int64"
    assert frame["count"].isna().tolist() == [False, True]
    assert frame["group"].isna().all()
    assert frame["value"].dtype == "Float64"


@pytest.mark.parametrize("value", [-0.01, 1.0000001])
@pytest.mark.parametrize("statistic", ["share", "share_of_by", "share_total", "share_mentions"])
def test_a_share_lies_between_0_and_1(statistic, value):
    with pytest.raises(ValueError, match=r"share outside \[0, 1\]"):
        estimates_frame([ROW | {"statistic": statistic, "value": value}])


def test_what_is_no_share_may_lie_anywhere():
    assert len(estimates_frame([ROW | {"statistic": s, "value": -40.0} for s in ("mean", "nps", "difference")])) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count": 5}, "count above its base"),
        ({"statistic": "shar"}, "statistic 'shar' is not one of share"),
        ({"status": "public"}, "status 'public' is not one of released"),
        ({"status": None}, "status is null in 1 rows"),
        ({"statistic": None}, "statistic is null in 1 rows"),
        ({"percent": 3}, "columns outside the contract: percent"),
    ],
)
def test_rows_that_break_the_contract(change, words):
    with pytest.raises(ValueError, match=words):
        estimates_frame([ROW | change])


@pytest.mark.parametrize("status", ["withheld_primary", "withheld_secondary", "too_small"])
@pytest.mark.parametrize("number", ESTIMATE_NUMBERS)
def test_a_withheld_row_has_null_in_every_number(status, number):
    bare = {key: None if key in ESTIMATE_NUMBERS else value for key, value in ROW.items()} | {"status": status}
    assert len(estimates_frame([bare])) == 1
    with pytest.raises(ValueError, match="a withheld row has a number in it"):
        estimates_frame([bare | {number: 0}])


def test_tests_keep_the_same_rules():
    assert len(tests_frame([TEST, TEST | {"family": None}])) == 2
    for change, words in (
        ({"status": "withheld_primary"}, "a withheld row has a number in it"),
        ({"family": "chance"}, "family 'chance' is not one of planned"),
        ({"status": None}, "status is null"),
    ):
        with pytest.raises(ValueError, match=words):
            tests_frame([TEST | change])


def test_columns_in_another_order_are_refused():
    for frame, check in ((estimates_frame([ROW]), validate_estimates), (tests_frame([TEST]), validate_tests)):
        with pytest.raises(ValueError, match="columns are not those of the contract"):
            check(frame[frame.columns[::-1]])


def test_what_is_stored_is_read_again_and_twice_the_same_bytes(tmp_path):
    rows = [ROW, ROW | {"value": 1 / 3, "option": "é"}, ROW | {"value": None, "count": None}]
    for name, frame in (("e", estimates_frame(rows)), ("t", tests_frame([TEST])), ("n", empty_estimates())):
        one, two = tmp_path / f"{name}1.parquet", tmp_path / f"{name}2.parquet"
        write_parquet(frame, one)
        write_parquet(frame.copy().reset_index(drop=True), two)
        assert one.read_bytes() == two.read_bytes()
        pd.testing.assert_frame_equal(read_parquet(one), frame)


def test_results_that_are_missing_damaged_or_of_another_kind(tmp_path):
    with pytest.raises(SyntheseError, match="these results are missing → run the wave"):
        read_parquet(tmp_path / "a.parquet")
    write_parquet(estimates_frame([ROW] * 50), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole[:4] + b"\xff" * 400 + whole[404:]):
        (tmp_path / "a.parquet").write_bytes(damaged)
        with pytest.raises(SyntheseError, match="this file is damaged → run the wave again with --force"):
            read_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(SyntheseError, match="these are no results of this version"):
        read_parquet(tmp_path / "b.parquet")


def test_select_takes_values_and_nulls():
    frame = estimates_frame([ROW, ROW | {"option": None}, ROW | {"group": "g"}])
    assert len(select(frame, question="F1", option="a")) == 2
    assert len(select(frame, option=None)) == 1
    assert len(select(frame, option="a", group=None)) == 1
    assert select(frame, question="nothing").empty
    assert "adjusted_residual" in STATISTICS
