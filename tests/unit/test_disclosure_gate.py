"""Each rule of the gate on a table small enough to be checked by hand."""

from __future__ import annotations

import copy
import pickle
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

import synthese.disclosure
from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.errors import SyntheseError
from synthese.estimates import (
    ESTIMATE_NUMBERS,
    TEST_NUMBERS,
    empty_estimates,
    empty_tests,
    estimates_frame,
    tests_frame,
)
from synthese.study import StudySettings, WaveSettings


def _options(*codes: str, outside: tuple[str, ...] = ()) -> list[dict[str, object]]:
    return [{"code": code, "label": code.upper(), "in_base": code not in outside} for code in codes]


def _question(id: str, kind: str = "single", *options: str, **more: object) -> dict[str, object]:
    outside = more.pop("outside", ())
    base = {"id": id, "section": "s", "text": id, "type": kind, **more}
    return base | ({"options": _options(*options, outside=outside)} if options else {})


def _codebook(**more: object) -> Codebook:
    return Codebook.model_validate(
        {
            "schema": 1,
            "title": "t",
            "questions": [
                _question("A", "single", "a", "b", "c", "d", "e", "f"),
                _question("B", "single", "x", "y", "z"),
                _question("P", "single", "a", "b", "c", sensitivity="public"),
                _question("S", "single", "oui", "non", sensitivity="sensitive"),
                _question("SM", "multiple", "oui", "non", sensitivity="sensitive"),
                _question("M", "multiple", "p", "q", "r"),
                _question("O", "ordinal", "bas", "haut", "nsp", outside=("nsp",)),
                _question("N", "numeric"),
                _question("PII", "open", role="identifier"),
            ],
            "regroupings": [
                {
                    "id": "A@deux",
                    "label": "A",
                    "groups": [
                        {"code": "ab", "label": "ab", "of": ["a", "b"]},
                        {"code": "cf", "label": "cf", "of": ["c", "d", "e", "f"]},
                    ],
                }
            ],
            **more,
        }
    )


LADDER = [
    {
        "id": "echelle",
        "title": "t",
        "question": "A",
        "by": "B",
        "ladder": [{"question": "A", "by": "B"}, {"question": "A@deux", "by": "B"}, {"question": "P", "by": "B"}],
    }
]


def _wave(id: str = "2024", design: str = "self-selected", **more: object) -> WaveSettings:
    field = {"start": "2024-01-01", "end": "2024-02-01"}
    base = {"schema": 1, "id": id, "title": "t", "export": "e.csv", "tool": "plain", "field": field, "channel": "c"}
    return WaveSettings.model_validate({**base, "design": design, **more})


def _study(**rules: object) -> StudySettings:
    return StudySettings.model_validate(
        {"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}, "disclosure": rules}
    )


def _row(question: str, statistic: str, count: int | None, base: int, **more: object) -> dict[str, object]:
    value = float(count or 0) if statistic == "count" else ((count or 0) / base if base else None)
    numbers = {"value": value, "count": count, "base": base, "effective_n": float(base), "base_weighted": float(base)}
    interval = {"ci_low": 0.0, "ci_high": 1.0, "confidence": 0.95} if statistic == "share" else {}
    return (
        {"wave": "2024", "question": question, "statistic": statistic, "status": "released"} | numbers | interval | more
    )


def _alone(
    question: str, counts: Mapping[str, int], base: int | None = None, **more: object
) -> list[dict[str, object]]:
    n = sum(counts.values()) if base is None else base
    return [
        _row(question, statistic, count, n, option=option, answered=n, asked=n, **more)
        for option, count in counts.items()
        for statistic in ("share", "count")
    ]


def _cross(
    question: str, by: str, table: Mapping[str, tuple[int, ...]], groups: str = "xyz"
) -> list[dict[str, object]]:
    rows = []
    columns = [sum(counts) for counts in zip(*table.values(), strict=True)]
    n = sum(columns)
    for option, counts in table.items():
        rows.append(_row(question, "share", sum(counts), n, option=option, by=by))
        rows.append(_row(question, "count", sum(counts), n, option=option, by=by))
        for group, count, column in zip(groups, counts, columns, strict=True):
            cell = {"option": option, "by": by, "group": group}
            rows.append(_row(question, "share", count, column, **cell))
            rows.append(_row(question, "share_of_by", count, sum(counts), **cell))
            rows.append(_row(question, "share_total", count, n, **cell))
            rows.append(_row(question, "count", count, column, **cell))
            rows.append({**_row(question, "adjusted_residual", None, column, **cell), "value": 1.5})
    for group, column in zip(groups, columns, strict=True):
        rows.append(_row(question, "count", column, n, by=by, group=group))
    return rows


def _release(rows: list[dict[str, object]], **more: object) -> Released:
    settings = more.pop("settings", None) or _study()
    wave = more.pop("wave", None) or _wave()
    codebook = more.pop("codebook", None) or _codebook()
    tests = more.pop("tests", None)
    frame = estimates_frame(rows)
    return release(frame, empty_tests() if tests is None else tests, codebook, wave, settings, **more)


def _statuses(released: Released, question: str, statistic: str = "share") -> dict[str, str]:
    rows = released.one_way(question).query("statistic == @statistic")
    return dict(zip(rows["option"], rows["status"], strict=True))


def test_only_the_gate_makes_released():
    with pytest.raises(TypeError, match=r"only synthese\.disclosure\.release makes Released"):
        Released(
            object(),
            estimates=empty_estimates(),
            tests=empty_tests(),
            codebook=_codebook(),
            wave=_wave(),
            settings=_study(),
            ladder=(),
            earlier={},
        )
    released = _release(_alone("B", {"x": 20, "y": 20, "z": 12}))
    for way in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="neither copied nor pickled"):
            way(released)
    with pytest.raises(AttributeError, match="frozen"):
        released._estimates = empty_estimates()
    with pytest.raises(TypeError, match="cannot be subclassed"):
        type("Loose", (Released,), {})


def test_no_other_room_holds_what_makes_released_or_artefacts():
    """Python has no lock: these two names are the key, and nobody else may ask for them."""
    source = Path(synthese.disclosure.__file__).parents[1]
    asking = {
        word: {
            file.relative_to(source).parts[0] for file in source.rglob("*.py") if word.search(file.read_text("utf-8"))
        }
        for word in (re.compile(r"\bSEAL\b"), re.compile(r"\bsealed\b"))
    }
    assert list(asking.values()) == [{"disclosure"}, {"artefacts"}]


def test_what_is_looked_up_is_a_copy():
    released = _release(_alone("B", {"x": 20, "y": 20, "z": 12}))
    before = released.fingerprint
    for frame in (released.estimates, released.one_way("B"), released.cross("A", "B")):
        frame.loc[:, "value"] = 0.0
    assert released.estimate("B", "x").value == pytest.approx(20 / 52)
    assert released.fingerprint == before
    assert _release(_alone("B", {"x": 20, "y": 20, "z": 12})).fingerprint == before


def test_an_unknown_estimate_says_what_there_is():
    released = _release(_alone("B", {"x": 20, "y": 20, "z": 12}))
    with pytest.raises(SyntheseError, match=r"no estimate B, option w.*known: x, y, z"):
        released.estimate("B", "w")
    with pytest.raises(SyntheseError, match="no planned cross 'echele'"):
        released.decision("echele")


def test_a_small_cell_takes_a_second_one_with_it_and_totals_stay_true():
    counts = {"a": 20, "b": 14, "c": 9, "d": 6, "e": 4, "f": 1}
    released = _release([*_alone("A", counts), _row("A", "count", 3, 57, option="_no_answer")])
    assert _statuses(released, "A", "count") == {**_statuses(released, "A"), "_no_answer": "released"}
    assert _statuses(released, "A") == dict.fromkeys("abcd", "released") | {
        "e": "withheld_secondary",
        "f": "withheld_primary",
    }
    rows = released.one_way("A")
    withheld = rows["status"].str.startswith("withheld")
    assert rows.loc[withheld, list(ESTIMATE_NUMBERS)].isna().all().all()
    assert set(rows.loc[~withheld & rows["option"].ne("_no_answer"), "base"]) == {54}
    assert released.missing("A") == {"_no_answer": 3}


def test_a_pair_that_the_statuses_would_give_away_is_not_taken():
    """1 and 3 make 4: who knows that one is under 3 and the other is not knows both."""
    released = _release(
        _alone("A", {"a": 20, "b": 14, "c": 9, "d": 6, "e": 3, "f": 1}), settings=_study(most_withheld=0.5)
    )
    hidden = {option for option, status in _statuses(released, "A").items() if status != "released"}
    assert hidden == {"d", "f"}


def test_two_small_cells_do_not_protect_each_other():
    """1 and 1 make 2: both known. ACRO's case: the complement of what is shown."""
    released = _release(
        _alone("A", {"a": 20, "b": 14, "c": 9, "d": 9, "e": 1, "f": 1}), settings=_study(most_withheld=0.5)
    )
    statuses = _statuses(released, "A")
    assert list(statuses.values()).count("withheld_primary") == 2
    assert list(statuses.values()).count("withheld_secondary") == 1


def test_one_and_two_are_not_enough_even_though_it_is_not_known_which_is_which():
    """1 and 2 make 3: each is known to be under 3."""
    released = _release(
        _alone("A", {"a": 20, "b": 14, "c": 9, "d": 8, "e": 2, "f": 1}), settings=_study(most_withheld=0.5)
    )
    assert _statuses(released, "A")["d"] == "withheld_secondary"


def test_zeros_are_shown():
    released = _release(_alone("A", {"a": 20, "b": 14, "c": 9, "d": 11, "e": 0, "f": 0}))
    assert set(_statuses(released, "A").values()) == {"released"}
    assert released.estimate("A", "f").count == 0


def test_a_question_of_which_too_much_would_be_withheld_is_not_published():
    released = _release([*_alone("B", {"x": 40, "y": 12, "z": 2}), _row("B", "count", 4, 58, option="_no_answer")])
    rows = released.one_way("B")
    asked = rows["option"].ne("_no_answer")
    assert set(rows.loc[asked, "status"]) == {"too_small"}
    assert set(rows.loc[asked, "reason"]) == {"illegible"}
    assert released.missing("B") == {"_no_answer": 4}


def test_the_profile_of_a_public_question_is_exempt():
    released = _release(_alone("P", {"a": 40, "b": 12, "c": 1}))
    assert set(_statuses(released, "P").values()) == {"released"}


def test_a_sensitive_question_hides_near_unanimity_and_a_neutral_multiple_does_not():
    rows = _alone("SM", {"oui": 53, "non": 20}, 54) + _alone("M", {"p": 53, "q": 20, "r": 10}, 54)
    released = _release(rows, settings=_study(most_withheld=0.5))
    assert _statuses(released, "SM") == {"oui": "withheld_primary", "non": "released"}
    assert set(_statuses(released, "M").values()) == {"released"}
    everyone = _release(_alone("S", {"oui": 54, "non": 0}), settings=_study(most_withheld=1))
    assert everyone.estimate("S", "oui").value is None


def test_shares_of_mentions_go_with_a_withheld_option():
    rows = _alone("M", {"p": 46, "q": 20, "r": 1}, 54)
    rows += [_row("M", "share_mentions", n, 67, option=o) for o, n in {"p": 46, "q": 20, "r": 1}.items()]
    released = _release(rows)
    assert _statuses(released, "M") == {"p": "released", "q": "released", "r": "withheld_primary"}
    assert "released" not in _statuses(released, "M", "share_mentions").values()


def test_a_share_of_many_mentions_by_few_respondents_is_no_percentage():
    counts = {"p": 15, "q": 14, "r": 12}
    mentions = [_row("M", "share_mentions", count, 41, option=option) for option, count in counts.items()]
    released = _release([*_alone("M", counts, 16), *mentions])
    for statistic in ("share", "share_mentions"):
        assert set(_statuses(released, "M", statistic).values()) == {"count_only"}
    assert released.estimate("M", "p", statistic="share_mentions").value is None


def test_dont_know_is_shown_like_other_non_response():
    rows = [*_alone("O", {"bas": 30, "haut": 22}), _row("O", "count", 2, 54, option="nsp", answered=54)]
    released = _release(rows)
    assert set(_statuses(released, "O").values()) == {"released"}
    assert released.estimate("O", "nsp", statistic="count").count == 2


@pytest.mark.parametrize(
    ("base", "status", "shown"),
    [
        (30, "released", (True, True)),
        (29, "count_only", (False, True)),
        (10, "count_only", (False, True)),
        (9, "too_small", (False, False)),
    ],
)
def test_a_percentage_needs_its_base(base, status, shown):
    released = _release(_alone("B", {"x": base - 6, "y": 3, "z": 3}), settings=_study(most_withheld=1))
    found = released.estimate("B", "x")
    assert found.status == status
    assert (found.value is not None, found.count is not None) == shown
    assert found.shown is shown[1]


def test_a_weighted_base_is_read_by_its_effective_size():
    rows = _alone("B", {"x": 20, "y": 20, "z": 12}, effective_n=28.4)
    assert set(_statuses(_release(rows), "B").values()) == {"count_only"}


def test_a_small_base_of_a_public_question_shows_its_counts():
    released = _release(_alone("P", {"a": 4, "b": 3, "c": 1}))
    assert set(_statuses(released, "P").values()) == {"count_only"}
    assert released.estimate("P", "c", statistic="count").count == 1


def test_means_need_respondents_and_quantiles_respondents_beyond_them():
    def statuses(base: int) -> dict[str, str]:
        statistics = ("mean", "median", "quantile_25", "quantile_75", "nps")
        released = _release([{**_row("N", s, None, base), "value": 2.5} for s in statistics])
        return {s: released.estimate("N", statistic=s).status for s in statistics}

    assert set(statuses(9).values()) == {"too_small"}
    quartiles = dict.fromkeys(("quantile_25", "quantile_75"), "too_small")
    assert statuses(11) == {"mean": "released", "median": "released", "nps": "count_only"} | quartiles
    assert set(statuses(30).values()) == {"released"}


def test_a_regrouping_that_would_undo_the_withholding_makes_the_finer_table_go():
    """Beside « ab » = 21 and a = 20, b = 1 is known: the finer table is left out."""
    rows = _alone("A", {"a": 20, "b": 1, "c": 9, "d": 8, "e": 8, "f": 8}) + _alone("A@deux", {"ab": 21, "cf": 33})
    released = _release(rows)
    assert set(_statuses(released, "A@deux").values()) == {"released"}
    statuses = _statuses(released, "A")
    assert statuses["b"] == "withheld_primary"
    assert statuses["a"] == "withheld_secondary", "b = 21 - 20 otherwise"
    tight = _release(rows, settings=_study(most_withheld=0.2))
    assert set(_statuses(tight, "A").values()) == {"too_small"}
    assert set(_statuses(tight, "A@deux").values()) == {"released"}


CLEAN = {"ab": (14, 10, 8), "cf": (6, 10, 4)}
SMALL = {"a": (8, 6, 3), "b": (6, 4, 5), "c": (2, 4, 1), "d": (2, 3, 1), "e": (1, 2, 1), "f": (1, 1, 1)}


def _ladder_rows() -> list[dict[str, object]]:
    return (
        _cross("A", "B", SMALL) + _cross("A@deux", "B", CLEAN) + _cross("P", "B", {"a": (14, 10, 8), "b": (6, 10, 4)})
    )


def test_one_step_of_a_ladder_is_published_the_finest_clean_one():
    released = _release(_ladder_rows(), codebook=_codebook(planned_crosses=LADDER))
    decision = released.decision("echelle")
    assert [step.verdict for step in decision.steps] == ["cells-withheld", "published", "ladder"]
    assert decision.step is not None
    assert decision.step.question == "A@deux"
    published = released.planned("echelle")
    assert published is not None
    shown = published.loc[published["statistic"].ne("adjusted_residual"), "status"]
    assert set(shown) == {"released", "count_only"}
    for question in ("A", "P"):
        rows = released.cross(question, "B")
        assert set(rows["status"]) <= {"too_small", "withheld_primary"}
        assert rows[list(ESTIMATE_NUMBERS)].isna().all().all()
        assert set(rows.loc[rows["statistic"].eq("share"), "reason"]) == {"ladder"}


def test_no_clean_step_no_cross():
    codebook = _codebook(planned_crosses=LADDER)
    rows = _cross("A", "B", SMALL) + _cross("A@deux", "B", {"ab": (18, 10, 8), "cf": (2, 10, 4)})
    released = _release(rows, codebook=codebook)
    decision = released.decision("echelle")
    assert (decision.step, decision.reason) == (None, "not-tabulated")
    assert [step.verdict for step in decision.steps] == ["cells-withheld", "cells-withheld", "not-tabulated"]
    assert released.planned("echelle") is None


def test_shares_of_small_groups_are_counts_only():
    released = _release(
        _cross("A@deux", "B", {"ab": (20, 20, 8), "cf": (12, 10, 4)}),
        codebook=_codebook(planned_crosses=[{"id": "c", "title": "t", "question": "A@deux", "by": "B"}]),
    )
    assert released.estimate("A@deux", "ab", by="B", group="x").value == pytest.approx(20 / 32)
    small = released.estimate("A@deux", "ab", by="B", group="z")
    assert (small.status, small.value, small.count, small.base) == ("count_only", None, 8, 12)


def test_a_cross_without_ladder_may_have_withheld_cells_that_margins_do_not_give_away():
    planned = [{"id": "c", "title": "t", "question": "A", "by": "B"}]
    table = {"a": (20, 12, 9), "b": (8, 9, 7), "c": (1, 5, 6), "d": (7, 6, 8)}
    released = _release(
        _cross("A", "B", table), codebook=_codebook(planned_crosses=planned), settings=_study(most_withheld=0.4)
    )
    assert released.decision("c").step is not None
    rows = released.cross("A", "B").query("statistic == 'count' and group.notna() and option.notna()")
    hidden = rows.loc[rows["status"].str.startswith("withheld"), ["option", "group"]]
    for line in ("option", "group"):
        assert hidden.groupby(line).size().min() >= 2, "a line with one hidden cell gives it away"
    totals = released.cross("A", "B").query("statistic == 'count' and group.isna()")
    assert dict(zip(totals["option"], totals["count"], strict=True)) == {o: sum(c) for o, c in table.items()}


def test_a_cross_nobody_planned_is_not_released():
    released = _release(_cross("A@deux", "B", CLEAN))
    rows = released.cross("A@deux", "B").query("statistic == 'share'")
    assert set(rows["status"]) == {"too_small"}
    assert set(rows["reason"]) == {"exploratory"}


def test_a_cross_whose_margin_gives_a_withheld_option_away_is_not_published():
    """Alone b + f = 5 is all that is known; a cross with 4 for b, and one respondent fewer, would tell both."""
    alone = _alone("A", {"a": 20, "b": 4, "c": 9, "d": 9, "e": 9, "f": 1})
    table = {"a": (10, 10), "b": (4, 0), "c": (5, 4), "d": (5, 4), "e": (5, 4), "f": (0, 0)}
    codebook = _codebook(planned_crosses=[{"id": "c", "title": "t", "question": "A", "by": "B"}])
    by_itself = _release(_cross("A", "B", table, "xy"), codebook=codebook)
    assert by_itself.decision("c").step is not None
    beside = _release([*alone, *_cross("A", "B", table, "xy")], codebook=codebook, settings=_study(most_withheld=0.5))
    assert _statuses(beside, "A")["b"] == "withheld_secondary"
    assert beside.decision("c").reason == "exposed"


def test_bases_of_groups_give_a_withheld_option_away_too():
    """The same with the question as breakdown of a multiple response: its groups' bases are its counts."""
    alone = _alone("A", {"a": 20, "b": 4, "c": 9, "d": 9, "e": 9, "f": 1})
    rows = _cross("M", "A", {"p": (20, 4, 5, 5, 5, 0), "q": (0, 0, 4, 4, 4, 0)}, "abcdef")
    codebook = _codebook(planned_crosses=[{"id": "c", "title": "t", "question": "M", "by": "A"}])
    assert _release(rows, codebook=codebook).decision("c").step is not None
    beside = _release([*alone, *rows], codebook=codebook, settings=_study(most_withheld=0.5))
    assert beside.decision("c").reason == "exposed"


def test_a_cross_with_a_small_group_is_not_published():
    codebook = _codebook(planned_crosses=[{"id": "c", "title": "t", "question": "A@deux", "by": "B"}])
    table = {"ab": (20, 20, 2), "cf": (12, 10, 0)}
    released = _release(_cross("A@deux", "B", table), codebook=codebook, settings=_study(most_withheld=1))
    assert released.decision("c").reason == "small-margin"
    assert released.cross("A@deux", "B")["count"].isna().all()


def test_a_universe_must_not_give_the_rest_away():
    whole = _alone("B", {"x": 20, "y": 20, "z": 12})
    part = _alone("B", {"x": 19, "y": 15, "z": 8}, universe="membres")
    rows = _release(whole + part).estimates.query("universe == 'membres'")
    assert set(rows["status"]) == {"too_small"}
    part = _alone("B", {"x": 15, "y": 15, "z": 8}, universe="membres")
    rows = _release(whole + part).estimates.query("universe == 'membres'")
    assert set(rows["status"]) == {"released"}


def test_public_data_may_lower_every_rule():
    settings = _study(minimum_count=1, minimum_base=1, percentage_base=1, group_base=1, reason="raw data are public")
    rows = _alone("A", {"a": 1, "b": 2, "c": 0, "d": 0, "e": 1, "f": 0}) + _alone("S", {"oui": 4, "non": 0})
    rows += [{**_row("N", s, None, 1), "value": 9.0} for s in ("mean", "median", "quantile_25", "nps")]
    assert set(_release(rows, settings=settings).estimates["status"]) == {"released"}


def test_rows_that_have_no_place_here_are_refused():
    with pytest.raises(SyntheseError, match="hold rows of '2026'"):
        _release([{**_row("B", "share", 20, 40, option="x"), "wave": "2026"}])
    with pytest.raises(SyntheseError, match="it is never tabulated"):
        _release([_row("PII", "count", 20, 40)])
    with pytest.raises(SyntheseError, match="two counts for option 'x'"):
        _release([*_alone("B", {"x": 20, "y": 20}), _row("B", "count", 19, 40, option="x")])
    with pytest.raises(SyntheseError, match="they contradict each other"):
        _release(
            _alone("A", {"a": 20, "b": 20, "c": 9, "d": 9, "e": 9, "f": 1}) + _alone("A@deux", {"ab": 61, "cf": 7}),
            settings=_study(most_withheld=0.5),
        )


# Inference follows the design


def _tests(**more: object) -> pd.DataFrame:
    numbers = {"statistic": 4.0, "df": 2.0, "p_value": 0.1, "effect_size": 0.2, "base": 52}
    keys = {"wave": "2024", "question": "A@deux", "by": "B", "method": "chi_square", "family": "planned"}
    return tests_frame([{**keys, **numbers, "status": "released", **more}])


PLANNED = [{"id": "c", "title": "t", "question": "A@deux", "by": "B"}]


@pytest.mark.parametrize("design", ["self-selected", "census"])
def test_a_design_without_sampling_error_has_no_interval_and_no_test(design):
    rows = _alone("B", {"x": 20, "y": 20, "z": 12}) + _cross("A@deux", "B", CLEAN)
    codebook = _codebook(planned_crosses=PLANNED)
    released = _release(rows, tests=_tests(), wave=_wave(design=design), codebook=codebook)
    assert released.estimates[["ci_low", "ci_high", "confidence"]].isna().all().all()
    test = released.tests.iloc[0]
    assert (test["status"], test["reason"]) == ("withheld_primary", f"design-{design}")
    assert pd.isna(test["method"]), "χ² or an exact test: which of them tells whether the counts are small"
    assert released.tests[list(TEST_NUMBERS)].isna().all().all()
    residuals = released.cross("A@deux", "B").query("statistic == 'adjusted_residual'")
    assert set(residuals["reason"]) == {f"design-{design}"}
    assert residuals["value"].isna().all()


def test_a_census_keeps_an_interval_with_finite_population_correction():
    rows = _alone("B", {"x": 20, "y": 20, "z": 12}, method="wilson-fpc")
    released = _release(rows, wave=_wave(design="census", population=80))
    assert released.estimate("B", "x").ci_low == 0.0


def test_a_probability_sample_keeps_both_but_not_the_test_of_a_table_with_a_withheld_cell():
    codebook = _codebook(planned_crosses=[{"id": "c", "title": "t", "question": "A", "by": "B"}, *PLANNED])
    table = {"a": (20, 12, 9), "b": (8, 9, 7), "c": (1, 5, 6), "d": (7, 6, 8)}
    more = {"codebook": codebook, "wave": _wave(design="probability"), "settings": _study(most_withheld=0.4)}
    hidden = _release(_cross("A", "B", table), tests=_tests(question="A"), **more)
    assert hidden.tests.iloc[0]["status"] == "withheld_secondary"
    assert hidden.tests[list(TEST_NUMBERS)].isna().all().all()
    residuals = hidden.cross("A", "B").query("statistic == 'adjusted_residual'")
    assert residuals["value"].isna().all()
    shown = _release(_cross("A@deux", "B", CLEAN), tests=_tests(), **more)
    assert shown.tests.iloc[0]["p_value"] == 0.1
    assert shown.estimate("A@deux", "ab", by="B", group="x", statistic="count").count == 14
    unplanned = _release(_cross("A@deux", "B", CLEAN), tests=_tests(), wave=_wave(design="probability"))
    assert unplanned.tests.iloc[0]["status"] == "too_small"


def _difference(option: str, **more: object) -> dict[str, object]:
    row = _row("B", "difference", 20, 52, option=option, reference_wave="2023", ci_low=-0.1, ci_high=0.3)
    return {**row, "value": 0.1, **more}


def test_a_difference_needs_both_shares():
    def rows(counts: dict[str, int], wave: str) -> list[dict[str, object]]:
        return _alone("B", counts, wave=wave)

    now = rows({"x": 20, "y": 20, "z": 12}, "2024")
    loose = _study(most_withheld=1)

    def status(then: dict[str, int] | None) -> tuple[str, str | None]:
        earlier = [] if then is None else [_release(rows(then, "2023"), wave=_wave("2023"), settings=loose)]
        found = _release([*now, _difference("x")], earlier=earlier).estimate(
            "B", "x", statistic="difference", reference_wave="2023"
        )
        assert found.ci_low is None
        assert (found.value is None) is (found.status != "released")
        return found.status, found.reason

    assert status({"x": 20, "y": 20, "z": 20}) == ("released", None)
    assert status({"x": 5, "y": 10, "z": 10}) == ("too_small", "small-base")
    assert status({"x": 2, "y": 20, "z": 20}) == ("withheld_secondary", "reference-not-released")
    assert status(None) == ("withheld_secondary", "reference-not-released")


def test_an_option_that_was_split_since_is_compared_if_its_parts_are_shown():
    questions = [
        {
            "id": "B",
            "section": "s",
            "text": "B",
            "type": "multiple",
            "options": [
                {"code": "x", "label": "x"},
                {"code": "co", "label": "co", "waves": ["2023"]},
                {"code": "atelier", "label": "atelier", "split_of": "co", "waves": ["2024"]},
                {"code": "codev", "label": "codev", "split_of": "co", "waves": ["2024"]},
            ],
        }
    ]
    codebook = Codebook.model_validate({"schema": 1, "title": "t", "questions": questions})
    settings = _study(most_withheld=0.5)
    before = _release(
        _alone("B", {"x": 30, "co": 20}, 50, wave="2023"), wave=_wave("2023"), codebook=codebook, settings=settings
    )

    def status(parts: dict[str, int]) -> str:
        rows = [*_alone("B", {"x": 30, **parts}, 52), _difference("co")]
        released = _release(rows, codebook=codebook, settings=settings, earlier=[before])
        return released.estimate("B", "co", statistic="difference", reference_wave="2023").status

    assert status({"atelier": 15, "codev": 12}) == "released"
    assert status({"atelier": 20, "codev": 1}) == "withheld_secondary"


def test_a_wave_of_thirty_questions_and_ten_crosses_takes_less_than_a_second():
    letters = "abcdef"
    questions = [_question(f"Q{i}", "single", *letters) for i in range(30)]
    planned = [{"id": f"c{i}", "title": "t", "question": f"Q{i}", "by": f"Q{i + 1}"} for i in range(10)]
    codebook = Codebook.model_validate({"schema": 1, "title": "t", "questions": questions, "planned_crosses": planned})
    rows: list[dict[str, object]] = []
    table = {o: tuple(2 + 5 * (r + c) % 13 for c in range(6)) for r, o in enumerate(letters)}
    for i in range(30):
        counts = [sum(row) for row in table.values()] if i < 11 else [50 + i, 30, 18, 8, 4, 1 + i % 4]
        rows += _alone(f"Q{i}", dict(zip(letters, counts, strict=True)))
    for i in range(10):
        rows += _cross(f"Q{i}", f"Q{i + 1}", table, letters)
    frame = estimates_frame(rows)
    start = time.perf_counter()
    release(frame, empty_tests(), codebook, _wave(), _study(most_withheld=0.5))
    assert time.perf_counter() - start < 2, "two seconds leave room for a busy machine; alone it takes less than one"


def test_those_who_answered_one_question_only_are_not_told_by_difference():
    """Alone 21 say a; in the cross 20 do: the one who left B empty would be known to say a."""
    alone = _alone("A", {"a": 21, "b": 20})
    table = {"a": (10, 10), "b": (10, 10)}
    codebook = _codebook(planned_crosses=[{"id": "c", "title": "t", "question": "A", "by": "B"}])
    assert _release(_cross("A", "B", table, "xy"), codebook=codebook).decision("c").step is not None
    decision = _release([*alone, *_cross("A", "B", table, "xy")], codebook=codebook).decision("c")
    assert (decision.step, decision.reason) == (None, "remainder")
    more = _release([*_alone("A", {"a": 23, "b": 20}), *_cross("A", "B", table, "xy")], codebook=codebook)
    assert more.decision("c").step is not None
