"""Kinds of tests that the gate knows, and what each tells beyond the tables: anything else is withheld.

Belongs here: recognising a test by its keys and its method, and tests whose statistic is an equation in answers given
jointly. Does not: the tables that it stands on (`inference`), the panel (`panels`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import pandas as pd

from synthese.disclosure.tables import Table
from synthese.study.settings import Disclosure

Kind = Literal["cross", "pair", "alone", "wave", "panel"]
PANEL: Final = "_panel"

_RANKS = ("mann_whitney", "mann_whitney_exact", "kruskal_wallis", "design_rank_t", "design_rank_f")
_ORDERS = ("linear_by_linear", "cochran_armitage", "concordance")
_SHARES = ("chi_square", "g_test", "freeman_halton", "monte_carlo", "fisher_exact", "rao_scott_f")
TRENDS: Final = ("cochran_armitage", "design_trend_t")
BLOCKS: Final = ("bilder_loughin_rao_scott", "rao_scott_second_order", "bootstrap")
ITEMS: Final = ("cochran_q", "friedman", "adjusted_wald_items")
KNOWN: Final[Mapping[Kind, frozenset[str]]] = {
    "cross": frozenset((*_SHARES, "design_t", *_RANKS, *_ORDERS, *BLOCKS, "bonferroni")),
    "pair": frozenset(("two_shares_pooled_z", "rao_scott_f")),
    "alone": frozenset(ITEMS),
    "wave": frozenset((*_SHARES, "welch", "design_t", *TRENDS)),
    "panel": frozenset(("mcnemar", "mcnemar_exact", "paired_t")),
}
_NUMBERS = ("p_value", "statistic", "effect_size", "p_adjusted", "effect_low", "effect_high")
_LEAST_ITEMS = 4
"""Fewest items of a test on joint answers: with fewer its statistic is an equation in three unknown counts or less."""


def kind_of(row: Mapping[Any, Any]) -> Kind | None:
    """Recognise a test by its keys and its method; None for what the gate does not know, which it withholds."""
    names = ("by", "group", "reference_group", "reference_wave", "universe", "option")
    by, group, against, wave, universe, option = (not pd.isna(row[name]) for name in names)
    found: Kind | None = None
    if wave and universe and not (by or group or against):
        found = "panel" if row["universe"] == PANEL else None
    elif wave and not (by or group or against or universe):
        found = "wave"
    elif by and not (wave or universe):
        found = "pair" if group and against and option else None if against else "cross"
    elif not (by or group or against or wave or universe or option):
        found = "alone"
    if found is None:
        return None
    if pd.isna(row["method"]):
        return found if all(pd.isna(row[name]) for name in _NUMBERS) else None
    return found if row["method"] in KNOWN[found] else None


def tells_joint_answers(row: Mapping[Any, Any], table: Table, rules: Disclosure) -> bool:
    """Whether a statistic would tell how many gave several answers together, which no released table shows.

    Cochran's Q is an equation in the number of pairs of answers that respondents gave together; so are the degrees of
    freedom of Rao and Scott's second-order correction of a multiple response. With two items either gives the count
    of who ticked both. Friedman's statistic follows from the mean ranks where these are of the same respondents.
    """
    if row["method"] == "friedman":
        means = [line.base for line in table.lines if line.statistic == "mean" and line.option is not None]
        return not means or any(base != row["base"] for base in means)
    if row["method"] not in (*BLOCKS, *ITEMS):
        return False
    several = [v for v in (table.row, table.column) if v is not None and v.kind in ("multiple", "ranking")]
    items = [[o.code for o in v.options if o.in_base and not o.exclusive] for v in several]
    if not items or min(map(len, items)) < _LEAST_ITEMS:
        return True
    return row["method"] == "cochran_q" and _few_pairs(row, table, items[0], rules)


def _few_pairs(row: Mapping[Any, Any], table: Table, items: list[str], rules: Disclosure) -> bool:
    """Whether Q tells that 1 to `minimum_count` - 1 pairs of answers were given together."""
    ticked = [count for cell, count in table.counts.items() if cell.option in items and cell.group is None]
    if len(ticked) < len(items) or pd.isna(row["statistic"]):
        return True
    k, total = len(items), sum(ticked)
    spread = (k - 1) * (k * sum(count**2 for count in ticked) - total**2)
    if row["statistic"] == 0:
        return spread != 0  # where nothing varies Q is 0 whatever was ticked together
    pairs = (k * total - spread / float(row["statistic"]) - total) / 2
    return 0 < round(pairs) < rules.minimum_count
