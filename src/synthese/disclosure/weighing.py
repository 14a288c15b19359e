"""Weighted results, which tell the stratum of those who gave an answer as soon as they are exact.

Belongs here: to how many digits a weighted wave is told, and which share its count and the margin give away even so.
Does not: which rows are released.

Weights that are brought to a margin are as few as its options, and known to a reader who knows the margin and the
counts. A weighted share to the last digit, beside its count, is then an equation in whole numbers with one solution:
the cross of the question with the margin, which may hold cells of one. So are a base in weights, its effective size
and the statistic of a test. To the digits that a report shows, more tables fit; where they all have the same small
cell, the count is told without the share.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from synthese.disclosure.kinds import PANEL
from synthese.disclosure.released import Released
from synthese.disclosure.rules import Decision
from synthese.disclosure.tables import WITHHELD, Cell, Key, Table
from synthese.disclosure.unknowns import Unknowns
from synthese.formatting.rounding import half_up
from synthese.study import WaveSettings
from synthese.study.settings import Disclosure

_ENDS = ("value", "ci_low", "ci_high")
_KEYS = ("question", "option", "universe", "by", "group", "statistic")
_HALF = 0.005
_TESTS = {"statistic": 2, "df": 2, "df_denominator": 1, "effect_size": 2, "effect_low": 2, "effect_high": 2}


def decide_strata(
    estimates: pd.DataFrame, tables: Mapping[Key, Table], wave: WaveSettings, rules: Disclosure
) -> dict[int, Decision]:
    """Keep the count alone of a weighted share where the two, and the margin, give a small cell away.

    Looked at for shares of a question alone, post-stratified to one margin: with several margins, with weights that
    are given or cut, a reader does not know the weights.
    """
    if len(wave.calibration) != 1 or wave.weight is not None or wave.trim is not None or rules.minimum_count <= 1:
        return {}
    margin = wave.calibration[0]
    strata = tables.get(Key(margin.question, None, None))
    if strata is None:
        return {}
    sizes = {group: strata.counts.get(Cell(group, None), 0) for group in margin.totals}
    answered = {group: n for group, n in sizes.items() if n}
    known, total = sum(answered.values()), sum(margin.totals[group] for group in answered)
    weights = {group: margin.totals[group] / total * known / n for group, n in answered.items()}
    beside = estimates["question"].eq(margin.question) & estimates["statistic"].eq("count") & estimates["by"].isna()
    beside &= estimates["universe"].isna() & estimates["option"].notna() & ~estimates["option"].isin(list(sizes))
    sizes[""] = int(estimates.loc[beside, "count"].fillna(0).sum())  # without a stratum: their weights stay
    weights[""] = 1.0
    decisions: dict[int, Decision] = {}
    rows = estimates["statistic"].eq("share") & estimates["status"].eq("released") & estimates["by"].isna()
    rows &= estimates["universe"].isna() & estimates["reference_wave"].isna() & estimates["count"].notna()
    for position, row in zip(estimates.index[rows], estimates.loc[rows].to_dict("records"), strict=True):
        table = tables.get(Key(row["question"], None, None))
        if table is None or table.exempt or row["question"].partition("@")[0] == margin.question.partition("@")[0]:
            continue
        cross = tables.get(Key(row["question"], margin.question, None))
        if _tells_a_stratum(row, weights, sizes, None if cross is None or cross.dropped else cross, rules):
            decisions[int(position)] = ("count_only", "weights")
    return decisions


def _tells_a_stratum(
    row: Mapping[Hashable, Any],
    weights: Mapping[str, float],
    sizes: Mapping[str, int],
    cross: Table | None,
    rules: Disclosure,
) -> bool:
    """Whether no table that fits a count and a rounded share has `minimum_count` or more in a stratum that may have."""
    world, value = Unknowns(), _whole_per_cent(row["value"])
    chosen = {group: world.get(("chosen", group), sizes[group]) for group in weights}
    bases = {group: world.get(("base", group), sizes[group]) for group in weights}
    world.say(dict.fromkeys(chosen.values(), 1.0), row["count"], row["count"])
    world.say(dict.fromkeys(bases.values(), 1.0), row["base"], row["base"])
    for group in weights:
        world.say({bases[group]: 1.0, chosen[group]: -1.0})
    for sign, limit in ((1.0, value + _HALF), (-1.0, value - _HALF)):
        told = {chosen[group]: -sign * weight for group, weight in weights.items()}
        world.say(told | {bases[group]: sign * limit * weight for group, weight in weights.items()}, -1e-9)
    for group, index in chosen.items():
        count = None if cross is None else cross.counts.get(Cell(row["option"], group))
        if cross is not None and count is not None and Cell(row["option"], group) not in cross.hidden:
            world.say({index: 1.0}, count, count)
    limits = world.bounds
    for index in chosen.values():
        most = world.extreme({index: 1.0}, -1.0, informed=False)
        if most is not None and 0 < most[index] < rules.minimum_count <= limits[index]:
            return True
    return False


def in_shown_digits(estimates: pd.DataFrame, wave: WaveSettings, earlier: Mapping[str, Released]) -> pd.DataFrame:
    """Round what a calibrated wave tells to the digits of the report: whole per cent, one decimal of other numbers.

    Only where the weights follow from published margins: those given with the answers are not known to a reader, and
    their shares stay exact. A change is that of the published numbers. Bases in weights are left out, effective
    sizes cut to whole ones. The panel is not weighted.

    Parameters
    ----------
    estimates : DataFrame
        The wave's estimates, decided.
    wave : WaveSettings
        Whether they are weighted.
    earlier : mapping of str to Released
        Waves compared with, which may be weighted where this one is not.
    """
    others = [name for name, release in earlier.items() if release.wave_settings.weights_told]
    plain = ~estimates["universe"].eq(PANEL).fillna(False)
    rows = plain & (estimates["reference_wave"].isin(others) | wave.weights_told)
    if not rows.any():
        return estimates
    out = estimates.copy()
    shares = rows & estimates["unit"].eq("share").fillna(False)
    for name in _ENDS:
        out.loc[shares, name] = out.loc[shares, name].map(_whole_per_cent, na_action="ignore")
        rest = rows & ~shares & estimates["statistic"].ne("count")
        out.loc[rest, name] = out.loc[rest, name].map(lambda v: _rounded(v, 1), na_action="ignore")
    out.loc[rows, "base_weighted"] = None
    out.loc[rows, "effective_n"] = out.loc[rows, "effective_n"].map(int, na_action="ignore").astype("Float64")
    changed = rows & out["statistic"].eq("difference") & out["value"].notna()
    here = _values(out.loc[out["reference_wave"].isna() & out["reference_group"].isna()])
    there = {name: _values(release.estimates) for name, release in earlier.items()}
    for position in out.index[changed]:
        row = out.loc[position]
        unit = "share" if row["unit"] == "share" else "mean"
        place = [None if pd.isna(row[name]) else row[name] for name in _KEYS[:-1]]
        mine = here.get((*place, unit))
        if pd.isna(row["reference_wave"]):
            other = here.get((*place[:-1], row["reference_group"], unit))
        else:
            other = there.get(row["reference_wave"], {}).get((*place, unit))
        if mine is not None and other is not None:
            out.loc[position, "value"] = mine - other
    return out


def tests_in_shown_digits(tests: pd.DataFrame, wave: WaveSettings, earlier: Mapping[str, Released]) -> pd.DataFrame:
    """Round the tests of calibrated answers: two decimals, and three digits of a p-value."""
    others = [name for name, release in earlier.items() if release.wave_settings.weights_told]
    plain = ~tests["universe"].eq(PANEL).fillna(False)
    rows = plain & (tests["reference_wave"].isin(others) | wave.weights_told)
    out = tests.copy()
    for name, digits in _TESTS.items():
        rounded = out.loc[rows, name].map(lambda v, d=digits: _rounded(v, d), na_action="ignore")
        out.loc[rows, name] = rounded
    for name in ("p_value", "p_adjusted"):
        out.loc[rows, name] = out.loc[rows, name].map(lambda p: float(f"{p:.3g}"), na_action="ignore")
    return out


def _values(estimates: pd.DataFrame) -> dict[tuple[Any, ...], float]:
    rows = estimates.loc[estimates["statistic"].isin(("share", "mean")) & estimates["value"].notna()]
    rows = rows.loc[rows["reference_wave"].isna() & ~rows["status"].isin(WITHHELD)]
    keys = rows[list(_KEYS)].itertuples(index=False, name=None)
    return {
        tuple(None if pd.isna(part) else part for part in key): float(value)
        for key, value in zip(keys, rows["value"], strict=True)
    }


def _rounded(value: float, digits: int) -> float:
    return float(half_up(value, digits))


def _whole_per_cent(share: float) -> float:
    """Round to whole per cent; what is displayed as less than one, or more than 99, stays neither nil nor all."""
    rounded = _rounded(share, 2)
    if rounded in (0, 1) and share != rounded and abs(share) < 1:
        return 0.004 if rounded == 0 and share > 0 else -0.004 if rounded == 0 else 0.996
    return rounded
