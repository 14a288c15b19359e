"""Shares brought to one mix of strata: shown only where everything that they are made of is.

Belongs here: rows ``share_standardised`` and ``difference_standardised``. Does not: the cross behind them (`ladder`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from synthese.codebook import Codebook
from synthese.disclosure.released import Released
from synthese.disclosure.rules import RELEASED, Decision
from synthese.disclosure.tables import WITHHELD, Key, Table
from synthese.study.settings import Disclosure

STATISTICS = ("share_standardised", "difference_standardised")


def decide_standardised(
    estimates: pd.DataFrame,
    tables: Mapping[Key, Table],
    earlier: Mapping[str, Released],
    codebook: Codebook,
    rules: Disclosure,
) -> dict[int, Decision]:
    """Decide standardised rows: a sum over strata with known weights, so a hidden cell of one would follow.

    Shown where the cross with the strata, and the strata alone, are shown whole in both waves (and in the wave whose
    mix it is), each stratum on `group_base` respondents or more.
    """
    decisions: dict[int, Decision] = {}
    rows = estimates.loc[estimates["statistic"].isin(STATISTICS)]
    for position, row in zip(rows.index, rows.to_dict("records"), strict=True):
        record = {str(name): value for name, value in row.items()}
        if record["status"] not in WITHHELD:
            decisions[int(position)] = _decide(record, tables, earlier, codebook, rules)
    return decisions


def _decide(
    row: Mapping[str, Any],
    tables: Mapping[Key, Table],
    earlier: Mapping[str, Released],
    codebook: Codebook,
    rules: Disclosure,
) -> Decision:
    declared = codebook.standardisation
    empty = all(pd.isna(row[name]) for name in ("group", "reference_group", "universe"))
    named = not any(pd.isna(row[name]) for name in ("option", "by", "reference_wave"))
    if declared is None or not empty or not named or row["by"] != declared.by:
        return "withheld_primary", "unknown-kind"
    question, by, reference = row["question"], row["by"], row["reference_wave"]
    cross, strata = tables.get(Key(question, by, None)), tables.get(Key(by, None, None))
    if cross is None or strata is None:
        return "withheld_secondary", "not-tabulated"
    if cross.dropped is not None or cross.hidden or strata.dropped is not None or strata.hidden:
        return "withheld_secondary", "strata-withheld"
    if row["option"] not in {cell.option for cell in cross.counts}:
        return "withheld_secondary", "not-tabulated"
    before = earlier.get(reference)
    if before is None or not _whole(before.cross(question, by)) or not _whole(before.one_way(by)):
        return "withheld_secondary", "reference-not-released"
    then = before.cross(question, by)
    then = then.loc[then["statistic"].eq("share") & then["option"].eq(row["option"]) & then["group"].notna()]
    if then.empty:
        return "withheld_secondary", "reference-not-released"
    if declared.wave is not None and declared.wave not in (strata.wave, reference):
        mix = earlier.get(declared.wave)
        if mix is None or not _whole(mix.one_way(by)):
            return "withheld_secondary", "mix-not-released"
    sizes = then[["base", "effective_n"]].astype("Float64").min(axis=1).fillna(0.0).tolist()
    sizes += [line.size or 0.0 for line in cross.lines if line.statistic == "share" and line.group is not None]
    if min(sizes) < rules.group_base:
        return "too_small", "small-base"
    return RELEASED


def _whole(rows: pd.DataFrame) -> bool:
    return len(rows) > 0 and not rows["status"].isin(WITHHELD).any()
