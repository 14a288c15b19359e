"""A reader who enumerates every table compatible with what is released cannot pin a withheld cell.

The attacker below shares no code with the gate: it reads the released frame only, and counts by brute force.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.estimates import ESTIMATE_NUMBERS, empty_tests, estimates_frame
from synthese.study import StudySettings, WaveSettings

A, B, M = ("a", "b", "c", "d"), ("x", "y"), ("p", "q", "r", "aucun")
DEUX = {"a": "g", "b": "g", "c": "h", "d": "h"}
MINIMUM = 3
HIDDEN = ("withheld_primary", "withheld_secondary")


def _options(*codes: str) -> list[dict[str, object]]:
    return [{"code": code, "label": code, "exclusive": code == "aucun"} for code in codes]


CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "t",
        "questions": [
            {"id": "A", "section": "s", "text": "A", "type": "single", "options": _options(*A)},
            {"id": "B", "section": "s", "text": "B", "type": "single", "options": _options(*B)},
            {"id": "M", "section": "s", "text": "M", "type": "multiple", "options": _options(*M)},
        ],
        "regroupings": [
            {
                "id": "A@deux",
                "label": "A",
                "groups": [{"code": g, "label": g, "of": [o for o in A if DEUX[o] == g]} for g in "gh"],
            }
        ],
        "planned_crosses": [
            {"id": "fin", "title": "t", "question": "A", "by": "B"},
            {"id": "gros", "title": "t", "question": "A@deux", "by": "B"},
            {"id": "multiple", "title": "t", "question": "M", "by": "B"},
        ],
    }
)
WAVE = WaveSettings.model_validate(
    {
        "schema": 1,
        "id": "2024",
        "title": "t",
        "export": "e.csv",
        "tool": "plain",
        "field": {"start": "2024-01-01", "end": "2024-02-01"},
        "channel": "c",
        "design": "self-selected",
    }
)


def _study(most_withheld: float = 1.0) -> StudySettings:
    rules = {"minimum_base": 1, "percentage_base": 1, "group_base": 1, "most_withheld": most_withheld}
    return StudySettings.model_validate(
        {"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}, "disclosure": rules}
    )


def _row(question: str, statistic: str, count: int, base: int, **more: object) -> dict[str, object]:
    value = float(count) if statistic == "count" else (count / base if base else None)
    keys = {"wave": "2024", "question": question, "statistic": statistic, "value": value, "count": count}
    return {**keys, "base": base, "effective_n": float(base), "ci_low": 0.0, "ci_high": 1.0, **more}


def _alone(question: str, options: tuple[str, ...], answers: list[str | None]) -> list[dict[str, object]]:
    counts, base = Counter(answers), sum(a is not None for a in answers)
    rows = [
        _row(question, statistic, counts[option], base, option=option)
        for option in options
        for statistic in ("share", "count")
    ]
    return [*rows, _row(question, "count", len(answers) - base, len(answers), option="_no_answer")]


def _cross(
    question: str, by: str, options: tuple[str, ...], groups: tuple[str, ...], pairs: list[tuple[str | None, ...]]
) -> list[dict[str, object]]:
    table = Counter(pair for pair in pairs if None not in pair)
    n = table.total()
    rows = []
    for option in options:
        total = sum(table[option, group] for group in groups)
        rows.append(_row(question, "count", total, n, option=option, by=by))
        for group in groups:
            column = sum(table[o, group] for o in options)
            for statistic, base in (("share", column), ("share_of_by", total), ("share_total", n), ("count", column)):
                rows.append(_row(question, statistic, table[option, group], base, option=option, by=by, group=group))
    for group in groups:
        rows.append(_row(question, "count", sum(table[o, group] for o in options), n, by=by, group=group))
    return rows


def _frame(pairs: list[tuple[str | None, str | None]]) -> pd.DataFrame:
    coarse = [(DEUX.get(a or ""), b) for a, b in pairs]
    rows = _alone("A", A, [a for a, _ in pairs]) + _alone("B", B, [b for _, b in pairs])
    rows += _alone("A@deux", ("g", "h"), [a for a, _ in coarse])
    rows += _cross("A", "B", A, B, pairs) + _cross("A@deux", "B", ("g", "h"), B, coarse)
    return estimates_frame({**row, "status": "released"} for row in rows)


def _seen(released: Released, question: str, by: str | None) -> tuple[dict, dict, bool]:
    """Counts that a reader sees, statuses of the cells withheld, and whether the table is shown at all."""
    rows = released.one_way(question) if by is None else released.cross(question, by)
    rows = rows.loc[rows["option"].fillna("").ne("_no_answer") & rows["statistic"].ne("share_mentions")]
    known: dict[tuple[object, object], int] = {}
    hidden: dict[tuple[object, object], str] = {}
    for option, group, count, status in zip(rows["option"], rows["group"], rows["count"], rows["status"], strict=True):
        cell = (None if pd.isna(option) else option, None if pd.isna(group) else group)
        if not pd.isna(count):
            assert known.setdefault(cell, int(count)) == count
        elif status in HIDDEN:
            hidden[cell] = status
    assert not set(known) & set(hidden), "one row of a withheld cell is shown"
    return known, hidden, bool(known or hidden)


def _compositions(total: int, parts: int):
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def _fits(value: int, cell, known: dict, hidden: dict, informed: bool) -> bool:
    if cell in known:
        return known[cell] == value
    status = hidden.get(cell)
    if status is None:
        return True
    if informed:
        return 1 <= value < MINIMUM if status == "withheld_primary" else value >= MINIMUM
    return value >= 1


def _check(values: dict, informed: dict, hidden: dict, truth: dict) -> None:
    for cell, status in hidden.items():
        assert truth[cell] in values[cell], "the attacker's own enumeration is wrong"
        assert len(informed[cell]) >= 2, f"{cell} is {informed[cell]}"
        if status == "withheld_primary":
            assert max(values[cell]) >= MINIMUM, f"{cell} is known to be small: {values[cell]}"


def _attack_alone(released: Released, base: int, margins: dict[str, dict[str, int]], cross_base: int | None):
    """Possible values of each option of A, coarse groups included."""
    fine, coarse = _seen(released, "A", None), _seen(released, "A@deux", None)
    results = []
    for informed in (False, True):
        values: dict[tuple[str, None], set[int]] = {}
        for counts in _compositions(base, 4):
            world = dict(zip(A, counts, strict=True))
            world |= {g: sum(world[o] for o in A if DEUX[o] == g) for g in "gh"}
            if not all(_fits(world[o], (o, None), fine[0], fine[1], informed) for o in A):
                continue
            if not all(_fits(world[g], (g, None), coarse[0], coarse[1], informed) for g in "gh"):
                continue
            linked = [(o, r) for table in margins.values() for o, r in table.items()]
            slack = base - (cross_base or 0)
            if any(not 0 <= world[o] - r <= slack for o, r in linked):
                continue
            for option, count in world.items():
                values.setdefault((option, None), set()).add(count)
        results.append(values)
    return fine, coarse, results


def _attack_cross(released: Released):
    """Possible values of each cell of the fine and of the coarse cross, seen beside each other."""
    fine, coarse = _seen(released, "A", "B"), _seen(released, "A@deux", "B")
    if not fine[2] and not coarse[2]:
        return fine, coarse, ({}, {})
    columns = [(fine[0] or coarse[0])[None, group] for group in B]
    results = []
    for informed in (False, True):
        values: dict[tuple[str, str], set[int]] = {}
        for x, y in itertools.product(_compositions(columns[0], 4), _compositions(columns[1], 4)):
            world = {(o, "x"): i for o, i in zip(A, x, strict=True)} | {(o, "y"): j for o, j in zip(A, y, strict=True)}
            margins = {(o, None): world[o, "x"] + world[o, "y"] for o in A}
            two = {(g, b): sum(world[o, b] for o in A if DEUX[o] == g) for g in "gh" for b in B}
            two_margins = {(g, None): two[g, "x"] + two[g, "y"] for g in "gh"}
            cells = [(world | margins, fine), (two | two_margins, coarse)]
            if all(_fits(v, c, seen[0], seen[1], informed) for part, seen in cells for c, v in part.items()):
                for cell, count in (world | two).items():
                    values.setdefault(cell, set()).add(count)
        results.append(values)
    return fine, coarse, tuple(results)


def _margins(released: Released) -> tuple[dict[str, dict[str, int]], int | None]:
    out, base = {}, None
    for question in ("A", "A@deux"):
        known, _, shown = _seen(released, question, "B")
        if shown:
            out[question] = {str(o): n for (o, g), n in known.items() if g is None and o is not None}
            base = sum(n for (o, g), n in known.items() if o is None and g is not None)
    return out, base


PAIRS = st.lists(
    st.tuples(st.sampled_from([*"aaaabbccd", None]), st.sampled_from([*"xxxy", None])), min_size=4, max_size=16
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs=PAIRS, most=st.sampled_from([0.34, 0.5, 1.0]))
def test_brute_force_cannot_pin_a_withheld_cell(pairs, most):
    released = release(_frame(pairs), empty_tests(), CODEBOOK, WAVE, _study(most))
    base = sum(a is not None for a, _ in pairs)
    truth: Counter = Counter((a, None) for a, _ in pairs if a)
    truth.update((DEUX[a], None) for a, _ in pairs if a)
    fine, coarse, (plain, informed) = _attack_alone(released, base, *_margins(released))
    _check(plain, informed, fine[1] | coarse[1], truth)
    if not fine[2] and base >= MINIMUM:
        for option in A:
            if 0 < truth[option, None] < MINIMUM:
                assert max(plain[option, None]) >= MINIMUM, "a table left out follows from what stands beside it"
    table: Counter = Counter(pair for pair in pairs if None not in pair)
    table.update((DEUX[a], b) for a, b in pairs if a and b)
    fine, coarse, (plain, informed) = _attack_cross(released)
    _check(plain, informed, fine[1] | coarse[1], table)


@settings(max_examples=40, deadline=None)
@given(answers=st.lists(st.sampled_from(["p", "p", "p", "p", "pq", "q", "r", "pqr", "aucun"]), min_size=3, max_size=8))
def test_brute_force_over_answer_patterns_cannot_pin_an_option(answers):
    base = len(answers)
    ticked = [(answer,) if answer == "aucun" else tuple(answer) for answer in answers]
    truth = Counter(option for ticks in ticked for option in ticks)
    rows = [_row("M", s, truth[option], base, option=option) for option in M for s in ("share", "count")]
    rows += [_row("M", "share_mentions", truth[option], truth.total(), option=option) for option in M]
    frame = estimates_frame({**row, "status": "released"} for row in rows)
    released = release(frame, empty_tests(), CODEBOOK, WAVE, _study())
    known, hidden, _ = _seen(released, "M", None)
    if hidden:
        mentions = released.one_way("M").query("statistic == 'share_mentions'")
        assert mentions["base"].isna().all(), "with the number of mentions a single hidden option is known"
    patterns = [(o,) for o in M] + [c for k in (2, 3) for c in itertools.combinations("pqr", k)]
    values: dict = {}
    informed: dict = {}
    for counts in _compositions(base, len(patterns)):
        world: Counter = Counter()
        for pattern, n in zip(patterns, counts, strict=True):
            for option in pattern:
                world[option] += n
        for target, knows in ((values, False), (informed, True)):
            if all(_fits(world[o], (o, None), known, hidden, knows) for o in M):
                for option in M:
                    target.setdefault((option, None), set()).add(world[option])
    _check(values, informed, hidden, {(o, None): truth[o] for o in M})


@functools.cache
def _patterns(base: int) -> set[tuple[int, ...]]:
    """Every vector of counts of M's options that so many respondents can make."""
    one = [tuple(int(o == option) for o in M) for option in M]
    ticks = one + [(*map(int, p), 0) for p in ("110", "101", "011", "111")]
    worlds = {(0, 0, 0, 0)}
    for _ in range(base):
        worlds = {tuple(i + j for i, j in zip(world, tick, strict=True)) for world in worlds for tick in ticks}
    return worlds


@settings(max_examples=25, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["p", "p", "pq", "q", "pr", "pqr", "aucun"]), st.sampled_from("xxy")),
        min_size=6,
        max_size=10,
    )
)
def test_brute_force_cannot_pin_a_cell_of_a_crossed_multiple_response(pairs):
    ticks = [((answer,) if answer == "aucun" else tuple(answer), group) for answer, group in pairs]
    table = Counter((option, group) for options, group in ticks for option in options)
    bases = Counter(group for _, group in ticks)
    total = Counter(option for options, _ in ticks for option in options)
    rows = [_row("M", s, total[option], len(pairs), option=option) for option in M for s in ("share", "count")]
    for option in M:
        rows.append(_row("M", "count", total[option], len(pairs), option=option, by="B"))
        for group in B:
            cell = {"option": option, "by": "B", "group": group}
            rows.append(_row("M", "share", table[option, group], bases[group], **cell))
            rows.append(_row("M", "share_of_by", table[option, group], total[option], **cell))
    rows += [_row("M", "count", bases[group], len(pairs), by="B", group=group) for group in B]
    frame = estimates_frame({**row, "status": "released"} for row in rows)
    released = release(frame, empty_tests(), CODEBOOK, WAVE, _study())
    known, hidden, shown = _seen(released, "M", "B")
    if not shown:
        return
    alone = _seen(released, "M", None)
    results: tuple[dict, dict] = ({}, {})
    for x, y in itertools.product(_patterns(known[None, "x"]), _patterns(known[None, "y"])):
        world = {(o, "x"): i for o, i in zip(M, x, strict=True)} | {(o, "y"): j for o, j in zip(M, y, strict=True)}
        sums = {(o, None): world[o, "x"] + world[o, "y"] for o in M}
        for values, knows in zip(results, (False, True), strict=True):
            if all(_fits(n, c, known, hidden, knows) for c, n in (world | sums).items()) and all(
                _fits(n, c, alone[0], alone[1], knows) for c, n in sums.items()
            ):
                for cell, count in (world | sums).items():
                    values.setdefault(cell, set()).add(count)
    _check(*results, hidden, table)
    _check(*results, alone[1], {(o, None): total[o] for o in M})


@settings(max_examples=40, deadline=None)
@given(pairs=PAIRS)
def test_what_is_released_is_true_and_a_second_gate_changes_nothing(pairs):
    frame = _frame(pairs)
    released = release(frame, empty_tests(), CODEBOOK, WAVE, _study(0.5))
    out = released.estimates
    assert len(out) == len(frame)
    shown = out["status"].eq("released")
    for column in ("value", "count", "base", "effective_n"):
        pd.testing.assert_series_equal(out.loc[shown, column], frame.loc[shown, column])
    assert out.loc[~shown & out["status"].ne("count_only"), list(ESTIMATE_NUMBERS)].isna().all().all()
    again = release(out, empty_tests(), CODEBOOK, WAVE, _study(0.5)).estimates
    pd.testing.assert_frame_equal(again, out)


@settings(max_examples=25, deadline=None)
@given(pairs=PAIRS, seed=st.integers(0, 100))
def test_the_order_of_rows_does_not_matter(pairs, seed):
    frame = _frame(pairs)
    keys = ["question", "option", "by", "group", "statistic"]
    shuffled = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    one, two = (
        release(f, empty_tests(), CODEBOOK, WAVE, _study(0.5)).estimates.sort_values(keys).reset_index(drop=True)
        for f in (frame, shuffled)
    )
    pd.testing.assert_frame_equal(one, two)


def test_the_attacker_sees_through_a_gate_that_hides_primary_cells_only(monkeypatch):
    """Without secondary suppression the same attacker succeeds: the check can fail."""
    monkeypatch.setattr("synthese.disclosure.one_way.suppress", lambda *_, **__: True)
    pairs = [("a", None)] * 9 + [("b", None)] * 5 + [("c", None)] * 4 + [("d", None)]
    released = release(_frame(pairs), empty_tests(), CODEBOOK, WAVE, _study())
    fine, coarse, (plain, informed) = _attack_alone(released, 19, {}, None)
    assert fine[1]
    with pytest.raises(AssertionError, match="is \\{1\\}"):
        _check(plain, informed, fine[1] | coarse[1], Counter((a, None) for a, _ in pairs))
