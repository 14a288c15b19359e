"""What may be said of a headline tried under variants: the verdict, and the range where no variant can be differenced.

Belongs here: one decision a headline, and one a gap between waves. Does not: computing the variants
(`synthese.analysis`), or the words.

The rule, since a share and its base give a count, and two such counts a difference:

1. The headline's own share is released, as a percentage (a base of 30, `synthese.formatting`); otherwise nothing is.
2. Variants that count the same respondents alike are one; with less than two, there is nothing to say.
3. The verdict is released: how many variants of how many are in the band of the published share. With less than
   `LEAST_VARIANTS` it says of which one, and a variant apart by 1 to `minimum_count` - 1 respondents (4b) that is
   « l’ensemble » or is not tells what they answered: then nothing is said, whether it holds or not.
4. The range, in whole per cent, is released as well where
   a. there are `LEAST_VARIANTS` variants, so that its two ends leave one in between untold at least;
   b. respondents in whom the published share and the ends of the range differ, two by two, are `minimum_count` or
      more, and those of them who are counted as many or none (for a sensitive question those who are not counted must
      be as many too): what two shares leave when subtracted would pass the rule for a cell. Respondents without a
      substantive answer are not counted here: their number is published. Neither are those of a public profile;
   c. every answer that an end of the range counts is itself shown: a sum must not give a withheld cell away.
   Every variant that has the percentage of an end is one that could be there.
5. Of a gap between two waves only whether every variant agrees is used, to let a sentence stand or fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from synthese.codebook import Codebook
from synthese.disclosure.released import Released
from synthese.disclosure.tables import WITHHELD
from synthese.estimates import PRIVATE, ROBUSTNESS_NUMBERS, robustness_frame, select
from synthese.formatting.numbers import PERCENT_WITH_COUNT
from synthese.formatting.rounding import percent_of
from synthese.study.settings import Disclosure

LEAST_VARIANTS = 4


def decide_robustness(
    frame: pd.DataFrame,
    estimates: pd.DataFrame,
    codebook: Codebook,
    rules: Disclosure,
    earlier: Mapping[str, Released] | None = None,
) -> pd.DataFrame:
    """Decide what of a wave's headlines under variants is released.

    Parameters
    ----------
    frame : DataFrame
        In the contract of `synthese.estimates.robustness`.
    estimates : DataFrame
        The wave's estimates, decided.
    codebook : Codebook
        For the sensitivity of questions.
    rules : Disclosure
        Settings.
    earlier : mapping of str to Released, optional
        Waves compared with: of a gap with another, or where that wave shows no such percentage, nothing is told.

    Returns
    -------
    DataFrame
        The same rows with status and reason, their private columns null, ranges rounded to whole per cent.
    """
    rows: list[dict[str, Any]] = []
    for given in frame.to_dict("records"):
        row = {str(name): None if pd.isna(value) else value for name, value in given.items()}
        shown = row | dict.fromkeys(PRIVATE)
        status, reason = _verdict(row, estimates)
        few = (row["computed"] or 0) < LEAST_VARIANTS and row["reference_wave"] is None
        if status == "released" and few and _close(row, codebook, rules):
            status, reason = "too_small", "close-variants"
        if status == "released" and row["reference_wave"] is not None:
            status, reason = _gap(row, estimates, (earlier or {}).get(row["reference_wave"]))
        if status != "released":
            rows.append(shown | dict.fromkeys(ROBUSTNESS_NUMBERS) | {"status": status, "reason": reason})
            continue
        low, high = row["low"], row["high"]
        if low is not None and high is not None:
            reason = _range(row, estimates, codebook, rules)
            ends = None if reason else (int(percent_of(low)) / 100, int(percent_of(high)) / 100)
            shown |= dict(zip(("low", "high"), ends or (None, None), strict=True))
        rows.append(shown | {"status": status, "reason": reason})
    return robustness_frame(rows)


def _share(estimates: pd.DataFrame, question: str, option: str, row: dict[str, Any]) -> dict[str, Any] | None:
    keys = {"universe": None, "reference_wave": None, "reference_group": None, "statistic": "share"}
    found = select(estimates, question=question, option=option, by=row["by"], group=row["group"], **keys)
    return {str(k): v for k, v in found.iloc[0].to_dict().items()} if len(found) == 1 else None


def _verdict(row: dict[str, Any], estimates: pd.DataFrame) -> tuple[str, str | None]:
    share = _share(estimates, row["question"], row["option"], row)
    if share is None or share["status"] in WITHHELD:
        return "withheld_secondary", "share-not-released"
    size = share["base"] if pd.isna(share["effective_n"]) else min(share["base"], share["effective_n"])
    if pd.isna(share["value"]) or size < PERCENT_WITH_COUNT:
        return "too_small", "small-base"
    if row["reference_wave"] is None and (row["computed"] or 0) < 2:
        return "too_small", "no-variant"
    return "released", None


def _gap(row: dict[str, Any], estimates: pd.DataFrame, before: Released | None) -> tuple[str, str | None]:
    """Judge a gap by the released difference (an option split since has no share of its own), or by both shares."""
    keys = {name: row[name] for name in ("option", "by", "group", "reference_wave")}
    found = select(estimates, question=row["question"], **keys, universe=None, statistic="difference")
    if found["status"].eq("released").any():
        return "released", None
    status, reason = ("withheld_secondary", None) if before is None else _verdict(row, before.estimates)
    return (status, reason) if status != "withheld_secondary" else (status, "reference-not-released")


def _range(row: dict[str, Any], estimates: pd.DataFrame, codebook: Codebook, rules: Disclosure) -> str | None:
    """Say why the range is withheld; None where it is not."""
    if row["computed"] < LEAST_VARIANTS:
        return "few-variants"
    for cell in (row["cells"] or "").split():
        question, _, option = cell.partition("=")
        share = _share(estimates, question, option, row)
        if share is None or share["status"] in WITHHELD or pd.isna(share["count"]):
            return "cells-withheld"
    return "close-variants" if _close(row, codebook, rules) else None


def _close(row: dict[str, Any], codebook: Codebook, rules: Disclosure) -> bool:
    """Whether the published share and the ends of the range are told apart by few respondents, of no public profile."""
    root = codebook.by_id[row["question"].partition("@")[0].partition(".")[0]]
    exempt = (root.sensitivity == "public" and row["by"] is None) or rules.minimum_count == 1
    return not exempt and row["closest"] is not None and row["closest"] < rules.minimum_count
