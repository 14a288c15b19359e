"""What the sample design allows to be said: intervals, tests, differences.

Belongs here: nulling intervals and tests by design, and differences between waves or groups. Does not: the cells
themselves.

Source: a margin of error does not apply to a self-selected sample (Ined); a census has no sampling error.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from synthese.codebook import harmonise
from synthese.disclosure.kinds import PANEL, TRENDS, kind_of, tells_joint_answers
from synthese.disclosure.released import Released
from synthese.disclosure.rules import RELEASED, Decision
from synthese.disclosure.standardised import STATISTICS as STANDARDISED
from synthese.disclosure.tables import WITHHELD, Cell, Key, Table
from synthese.study import WaveSettings
from synthese.study.settings import Disclosure

_Place = tuple[Any, ...]
_PLACE = ("question", "option", "universe", "by", "group")
_CHANGES = {"difference": ("mean", "share"), "difference_nps": ("nps",)}
"""Statistics of a change, and those that it is a difference of."""
_NO_INTERVAL = ("no-variation", "no-variance", "single-answer", "too-few-answers", "no-degrees-of-freedom")
"""Why an estimate has no interval: where none is allowed it would say more of the answers than the estimate does."""


def without_intervals(estimates: pd.DataFrame, wave: WaveSettings) -> pd.DataFrame:
    """Null the intervals that the design does not allow.

    A probability sample keeps them. A census keeps those of a method with finite population correction (``fpc``
    in its name), which its labels call a model. A self-selected sample keeps none, in any row, nor why there is none.
    """
    if wave.design == "probability":
        return estimates
    forbidden = pd.Series(True, index=estimates.index)
    if wave.design == "census":
        forbidden = ~estimates["method"].fillna("").str.contains("fpc").astype(bool)
    out = estimates.copy()
    # The method of these only names their interval; it says nothing of the value that is left.
    shares = ("share", "share_of_by", "share_total", "mean", "nps")
    of_interval = estimates["statistic"].isin(shares) | estimates["ci_low"].notna()
    of_interval &= ~estimates["statistic"].isin(STANDARDISED)  # theirs names the mix
    # That of a quantile names the rule of its value, then its interval.
    rule = estimates["method"].str.partition("+")[0].where(estimates["method"].str.contains("+", regex=False))
    out["method"] = out["method"].mask(of_interval & forbidden, rule)
    out["reason"] = out["reason"].mask(forbidden & estimates["reason"].isin(_NO_INTERVAL))
    for name in ("ci_low", "ci_high", "confidence"):
        out[name] = out[name].mask(forbidden)
    return out


def _places(frame: pd.DataFrame, statistics: tuple[str, ...] = ("mean", "share")) -> dict[_Place, tuple[str, float]]:
    """Status and size (base, or effective n if smaller) of every share and mean, by place."""
    rows = frame.loc[frame["statistic"].isin(statistics) & frame["reference_wave"].isna()]
    size = rows[["base", "effective_n"]].astype("Float64").min(axis=1).fillna(0.0)
    places: dict[_Place, tuple[str, float]] = {}
    for statistic in statistics:  # a share stands for its option before a mean rank does
        chosen = rows["statistic"].eq(statistic)
        part = rows.loc[chosen]
        for values, status, n in zip(
            part[list(_PLACE)].itertuples(index=False, name=None), part["status"], size[chosen], strict=True
        ):
            places[_null(values)] = (status, float(n))
    return places


def _null(values: tuple[Any, ...]) -> _Place:
    return tuple(None if pd.isna(value) else value for value in values)


def decide_residuals(estimates: pd.DataFrame, wave: WaveSettings) -> dict[int, Decision]:
    """Withhold adjusted residuals where the design allows no inference: a residual is a test by another name."""
    if wave.design == "probability":
        return {}
    verdict: Decision = ("withheld_primary", f"design-{wave.design}")
    rows = estimates["statistic"].eq("adjusted_residual")
    return {position: verdict for position, found in enumerate(rows) if found}


def decide_differences(
    estimates: pd.DataFrame,
    tables: Mapping[Key, Table],
    earlier: Mapping[str, Released],
    rules: Disclosure,
) -> dict[int, Decision]:
    """Decide ``difference`` rows, and withhold any other row that names a reference and is of no known kind.

    The panel and standardised shares are decided apart (`panels`, `standardised`). A difference is released where
    both of its shares (or means) are released as values, each on `percentage_base` respondents or more: with one
    share known, it gives the other away. An option that stands for several of a wave (split or merged between the
    two) has no share of its own there: each of its parts must be shown, and its count pass the primary rule. That
    of the earlier wave follows from the difference, where neither is weighted.

    Parameters
    ----------
    estimates : DataFrame
        The wave's estimates, decided already but for these rows.
    tables : mapping of Key to Table
        Tables, decided.
    earlier : mapping of str to Released
        Releases compared with, by wave.
    rules : Disclosure
        Settings.
    """
    referring = estimates["reference_wave"].notna() | estimates["reference_group"].notna()
    referring |= estimates["statistic"].isin((*_CHANGES, "panel_count"))
    apart = estimates["universe"].eq(PANEL).fillna(False) | estimates["statistic"].isin(STANDARDISED)
    rows = estimates.loc[referring & ~apart & ~estimates["status"].isin(WITHHELD)]
    if rows.empty:
        return {}
    all_here = {name: _places(estimates, sources) for name, sources in _CHANGES.items()}
    all_there = {
        name: {wave: _places(release.estimates, sources) for wave, release in earlier.items()}
        for name, sources in _CHANGES.items()
    }
    decisions: dict[int, Decision] = {}
    for position, row in zip(rows.index, rows.to_dict("records"), strict=True):
        place = _null(tuple(row[name] for name in _PLACE))
        wave, group = _null((row["reference_wave"], row["reference_group"]))
        if row["statistic"] not in _CHANGES or (wave is not None and group is not None):
            decisions[int(position)] = ("withheld_primary", "unknown-kind")
            continue
        here, there = all_here[row["statistic"]], all_there[row["statistic"]]
        mine = here.get(place)
        if wave is not None:
            other = there.get(wave, {}).get(place)
            missing = "reference-not-released"
            parts, theirs = _parts(row, tables, wave)
            if parts:
                mine = _split(row, parts, tables, rules)
            if theirs:
                other = _merged(row, theirs, there.get(wave, {}), tables, rules)
        else:
            other = here.get((*place[:-1], group)) if group is not None else None
            missing = "share-not-released"
        if mine is None or mine[0] in WITHHELD:
            decisions[int(position)] = ("withheld_secondary", "share-not-released")
        elif other is None or other[0] in WITHHELD:
            decisions[int(position)] = ("withheld_secondary", missing)
        elif "count_only" in (mine[0], other[0]) or min(mine[1], other[1]) < rules.percentage_base:
            decisions[int(position)] = ("too_small", "small-base")
        else:
            decisions[int(position)] = RELEASED
    return decisions


def _parts(
    row: Mapping[Hashable, Any], tables: Mapping[Key, Table], reference: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Options of this wave and of the earlier one that an option stands for; none where it stands for itself alone."""
    table = tables.get(Key(row["question"], None, None))
    if table is None or table.row.groups is not None or not pd.isna(row["by"]) or not pd.isna(row["universe"]):
        return (), ()
    harmony = harmonise(table.row.question, table.wave, reference)
    mine, theirs = (harmony.members(wave, row["option"]) for wave in (table.wave, reference))
    alone = (row["option"],)
    return () if mine == alone else mine, () if theirs == alone else theirs


def _split(
    row: Mapping[Hashable, Any], parts: tuple[str, ...], tables: Mapping[Key, Table], rules: Disclosure
) -> tuple[str, float] | None:
    """Status and size of an option that stands for several of this wave: released where they are."""
    table = tables[Key(row["question"], None, None)]
    if pd.isna(row["count"]) or pd.isna(row["base"]) or table.dropped is not None:
        return None
    cells = [Cell(part, None) for part in parts]
    shown = all(cell in table.counts and cell not in table.hidden for cell in cells)
    small = not table.exempt and 0 < row["count"] < rules.minimum_count
    return ("released", float(row["base"])) if shown and not small else None


def _merged(
    row: Mapping[Hashable, Any],
    parts: tuple[str, ...],
    there: Mapping[_Place, tuple[str, float]],
    tables: Mapping[Key, Table],
    rules: Disclosure,
) -> tuple[str, float] | None:
    """Status and size of an option that stands for several of the earlier wave: released where they are."""
    table = tables[Key(row["question"], None, None)]
    known = [there.get((row["question"], part, None, None, None)) for part in parts]
    numbers = [row[name] for name in ("value", "count", "base", "base_weighted")]
    if any(pd.isna(number) for number in numbers) or not row["base"] or row["base"] != row["base_weighted"]:
        return None
    found = [status for status in known if status is not None and status[0] not in WITHHELD]
    if len(found) < len(known):
        return None
    size = min(n for _, n in found)
    count = round((row["count"] / row["base"] - row["value"]) * size)
    if not table.exempt and 0 < count < rules.minimum_count:
        return None
    return ("count_only" if any(status == "count_only" for status, _ in found) else "released"), size


def decide_tests(
    tests: pd.DataFrame,
    estimates: pd.DataFrame,
    tables: Mapping[Key, Table],
    earlier: Mapping[str, Released],
    wave: WaveSettings,
    rules: Disclosure,
) -> dict[int, Decision]:
    """Decide tests: none for a self-selected sample or a census; otherwise those of tables shown whole.

    A χ² or a V with the margins is an equation in the counts: a test of a table with a withheld cell could give
    that cell away. So could one whose statistic is made of answers given jointly, which no table shows (`kinds`). A
    test of the panel stands or falls with its change among the decided ``estimates``. A test of a kind or by a method
    that is not known here is withheld.
    """
    decisions: dict[int, Decision] = {}
    if wave.design != "probability":
        verdict: Decision = ("withheld_primary", f"design-{wave.design}")
        return dict.fromkeys(range(len(tests)), verdict)
    panel = _panel_shown(estimates)
    for position, row in enumerate(tests.to_dict("records")):
        if row["status"] not in WITHHELD:
            decisions[position] = _decide_test(row, panel, tables, earlier, rules)
    return decisions


def _panel_shown(estimates: pd.DataFrame) -> set[_Place]:
    """Question, option, earlier wave and base of each change of the panel that is released."""
    rows = estimates.loc[estimates["universe"].eq(PANEL).fillna(False) & estimates["status"].eq("released")]
    return set(map(_null, rows[["question", "option", "reference_wave", "base"]].itertuples(index=False, name=None)))


def _decide_test(
    row: Mapping[Hashable, Any],
    panel: set[_Place],
    tables: Mapping[Key, Table],
    earlier: Mapping[str, Released],
    rules: Disclosure,
) -> Decision:
    kind = kind_of(row)
    question, by, reference, base = _null((row["question"], row["by"], row["reference_wave"], row["base"]))
    table = tables.get(Key(question, by, None))
    if kind is None:
        return "withheld_primary", "unknown-kind" if pd.isna(row["universe"]) else "universe"
    if kind == "panel":
        shown = (question, _null((row["option"],))[0], reference, base) in panel
        return RELEASED if shown else ("withheld_secondary", "panel-cell")
    if table is None:
        return "withheld_secondary", "not-tabulated"
    if table.dropped is not None:
        return "too_small", table.dropped
    if table.hidden or any(line.withheld for line in table.lines):
        return "withheld_secondary", "table-withheld"
    if tells_joint_answers(row, table, rules):
        return "withheld_secondary", "joint-answers"
    if reference is not None and not _series_whole(row, earlier, question):
        return "withheld_secondary", "reference-not-released"
    pair = (row["group"], row["reference_group"]) if kind == "pair" else ()
    if any(table.group_bases.get(group, 0) < rules.group_base for group in pair):
        return "too_small", "small-base"
    if base is None or base < rules.minimum_base:
        return "too_small", "small-base"
    return RELEASED


def _series_whole(row: Mapping[Hashable, Any], earlier: Mapping[str, Released], question: str) -> bool:
    """Whether the earlier wave shows a question whole; for a trend also each wave after it that has the question."""
    reference = row["reference_wave"]
    if not _whole(earlier.get(reference), question, None):
        return False
    waves = list(earlier)
    later = waves[waves.index(reference) + 1 :] if row["method"] in TRENDS else []
    return all(earlier[wave].one_way(question).empty or _whole(earlier[wave], question, None) for wave in later)


def _whole(release: Released | None, question: str, by: str | None) -> bool:
    """Whether an earlier wave shows every cell of a table."""
    if release is None:
        return False
    rows = release.one_way(question) if by is None else release.cross(question, by)
    return len(rows) > 0 and not rows["status"].isin(WITHHELD).any()
