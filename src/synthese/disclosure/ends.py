"""Intervals whose ends tell what no released number does.

Belongs here: which of them are nulled, whatever the design. Does not: which designs allow an interval (`inference`).
"""

from __future__ import annotations

import pandas as pd

from synthese.statistics.proportions import normal_quantile
from synthese.study.settings import Disclosure

_BEYOND = {"median": 0.5, "quantile_25": 0.25, "quantile_75": 0.25}


def without_telling_ends(estimates: pd.DataFrame, rules: Disclosure) -> pd.DataFrame:
    """Null intervals that tell what no released number does.

    The ends of the interval of a quantile are answers, some places away from the quantile: on n respondents about as
    many as three standard errors of a share of that order at most. `minimum_count` respondents must lie beyond. The
    intervals of the shares of mentions are equations in how many gave two answers together, as many as there are
    options: they stay in notebooks. That of a net promoter score gives promoters, passives and detractors, which are
    cells.

    Parameters
    ----------
    estimates : DataFrame
        The wave's estimates, decided.
    rules : Disclosure
        Settings.
    """
    out = estimates.copy()
    if rules.minimum_count <= 1:
        return out
    size = estimates[["base", "effective_n"]].astype("Float64").min(axis=1).fillna(0.0)
    part = estimates["statistic"].map(_BEYOND).astype("Float64")
    beyond = size * part - 3 * (size * part * (1 - part)) ** 0.5
    telling = (beyond < rules.minimum_count).fillna(False) | estimates["statistic"].eq("share_mentions")
    telling |= _few_of_a_score(estimates, size, rules)
    telling &= estimates["ci_low"].notna()
    for name in ("ci_low", "ci_high", "confidence"):
        out[name] = out[name].mask(telling)
    rule = estimates["method"].str.partition("+")[0].where(estimates["statistic"].isin(_BEYOND))
    out["method"] = out["method"].mask(telling, rule)
    out["method"] = out["method"].mask(estimates["statistic"].eq("share_mentions"))
    return out


def _few_of_a_score(estimates: pd.DataFrame, size: pd.Series[float], rules: Disclosure) -> pd.Series[bool]:
    """Scores whose variance, p + d - (p - d)² over n, gives 1 to `minimum_count` - 1 promoters, passives or detractors.

    An interval cut at ±100, or divided by a finite population that is not known here, is nulled too.
    """
    score = estimates["statistic"].eq("nps") & estimates["method"].fillna("").str.startswith("normal")
    value = estimates["value"] / 100
    half = (estimates["ci_high"] - estimates["ci_low"]) / 200
    z = estimates["confidence"].map(normal_quantile, na_action="ignore").astype("Float64")
    both = (half / z) ** 2 * size + value**2
    few = estimates["method"].fillna("").str.endswith("_fpc")
    few |= (estimates[["ci_low", "ci_high"]].abs() >= 100).fillna(False).any(axis=1)
    for part in ((both + value) / 2, (both - value) / 2, 1 - both):
        cell = (part * size).round()
        few |= ((cell > 0) & (cell < rules.minimum_count)).fillna(False)
    return score & few
