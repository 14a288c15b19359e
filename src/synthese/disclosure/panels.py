"""The panel of two waves: what may be told of those who answered both, beside the waves themselves.

Belongs here: rows of the universe ``_panel``. Does not: other parts of the respondents (`universes`).

The change of a share, its interval and McNemar's test together give all four cells of the panel: who kept an answer,
gave it up, took it up, never gave it. With the waves' own counts they also give those who are not in the panel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from synthese.disclosure.kinds import PANEL
from synthese.disclosure.released import Released
from synthese.disclosure.rules import RELEASED, Decision
from synthese.disclosure.tables import WITHHELD, Key, Table
from synthese.disclosure.universes import Part, crosses_give_away
from synthese.study import WaveSettings
from synthese.study.settings import Disclosure

LEAST = 30
CELLS = ("kept", "joined", "left", "never")
_CHANGES = ("difference", "difference_nps")


@dataclass
class _Panel:
    """Rows of a question's panel: positions and bases of its changes, and the cells behind each option."""

    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    cells: dict[str, dict[str, int]] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)

    @property
    def bases(self) -> set[int | None]:
        """Sizes that its rows state: one, where they are of the same respondents."""
        return {None if pd.isna(row["base"]) else int(row["base"]) for row in self.changes.values()}


def decide_panels(
    estimates: pd.DataFrame,
    tables: Mapping[Key, Table],
    earlier: Mapping[str, Released],
    wave: WaveSettings,
    rules: Disclosure,
) -> dict[int, Decision]:
    """Decide the rows of the panel: for a probability sample, of a question as a whole or not at all.

    Of an option, no cell of the four may be 1 to `minimum_count` - 1, nor what both waves' counts leave once those of
    the panel are taken away. The panel is of 30 or more, the question not sensitive, shown whole in both waves, and
    described within no other part of the respondents. One earlier wave only: two panels could be differenced. The
    cells themselves are never released.
    """
    rows = estimates.loc[estimates["universe"].eq(PANEL).fillna(False)]
    panels: dict[tuple[str, str], _Panel] = {}
    decisions: dict[int, Decision] = {}
    for position, row in zip(rows.index, rows.to_dict("records"), strict=True):
        record = {str(name): value for name, value in row.items()}
        plain = all(pd.isna(record[name]) for name in ("by", "reference_group"))
        if pd.isna(record["reference_wave"]) or not plain or record["status"] in WITHHELD:
            decisions[int(position)] = ("withheld_primary", "unknown-kind")
            continue
        panel = panels.setdefault((record["question"], record["reference_wave"]), _Panel())
        if record["statistic"] in _CHANGES and pd.isna(record["group"]):
            panel.changes[int(position)] = record
            continue
        known = record["statistic"] == "panel_count" and record["group"] in CELLS
        decisions[int(position)] = ("withheld_primary", "panel-cell" if known else "unknown-kind")
        if known and not pd.isna(record["count"]) and not pd.isna(record["option"]):
            panel.cells.setdefault(record["option"], {})[record["group"]] = int(record["count"])
    references: dict[str, set[str]] = {}
    for question, reference in panels:
        references.setdefault(question.partition("@")[0], set()).add(reference)
    for (question, reference), panel in panels.items():
        if wave.design != "probability":
            verdict: Decision = ("withheld_primary", f"design-{wave.design}")
        elif len(references[question.partition("@")[0]]) > 1:
            verdict = ("withheld_secondary", "linked")
        else:
            verdict = _decide(question, panel, tables, earlier.get(reference), rules)
        decisions |= dict.fromkeys(panel.changes, verdict)
    return decisions


def _decide(
    question: str, panel: _Panel, tables: Mapping[Key, Table], before: Released | None, rules: Disclosure
) -> Decision:
    table = tables.get(Key(question, None, None))
    if table is None or table.dropped is not None or table.hidden or table.sensitive:
        return "withheld_secondary", "table-withheld"
    then = None if before is None else before.one_way(question)
    if before is None or then is None or then.empty or then["status"].isin(WITHHELD).any():
        return "withheld_secondary", "reference-not-released"
    if len(panel.bases) != 1 or (base := next(iter(panel.bases))) is None or base < LEAST:
        return "too_small", "small-base"
    inside = [t for key, t in tables.items() if key.universe is not None and t.roots[0] == table.roots[0]]
    if any(other.dropped is None for other in inside):
        return "withheld_secondary", "universe"
    if table.row.kind == "numeric":
        means = then.loc[then["statistic"].eq("mean"), "base"].dropna()
        here = max((line.base or 0 for line in table.lines if line.statistic == "mean"), default=0)
        left = [here - base, *(int(n) - base for n in means)]
        few = any(n < 0 or 0 < n < rules.minimum_base for n in left) or len(means) != 1
        return ("withheld_secondary", "panel-cell") if few else RELEASED
    options = {row["option"] for row in panel.changes.values()}
    if set(panel.cells) != options or any(set(cells) != set(CELLS) for cells in panel.cells.values()):
        return "withheld_primary", "panel-cell"
    least = rules.minimum_count
    if any(0 < n < least or n < 0 for cells in panel.cells.values() for n in cells.values()):
        return "withheld_primary", "panel-cell"
    if any(sum(cells.values()) != base for cells in panel.cells.values()):
        return "withheld_primary", "panel-cell"
    now = {option: cells["kept"] + cells["joined"] for option, cells in panel.cells.items()}
    old = {option: cells["kept"] + cells["left"] for option, cells in panel.cells.items()}
    counts = {cell.option: count for cell, count in table.counts.items()}
    shares = then.loc[then["statistic"].eq("share") & then["count"].notna()]
    counts0 = {str(o): int(n) for o, n in zip(shares["option"], shares["count"], strict=True)}
    base0 = int(shares["base"].max()) if len(shares) else 0
    if not (set(now) <= set(counts) and set(old) <= set(counts0)):
        return "withheld_secondary", "share-not-released"
    left = [table.base - base, base0 - base]
    left += [counts[option] - n for option, n in now.items()] + [counts0[option] - n for option, n in old.items()]
    if any(n < 0 or 0 < n < least for n in left):
        return "withheld_secondary", "panel-cell"
    part = Part(now, base)
    if any(crosses_give_away(part, table, cross, rules) for cross in tables.values()) or _near(
        before, old, base, least
    ):
        return "withheld_secondary", "panel-cell"
    return RELEASED


def _near(before: Released, counts: Mapping[str, int], base: int, least: int) -> bool:
    """Whether a count within a group of the earlier wave differs by 1 to `least` - 1 from that of the panel."""
    rows = before.estimates
    rows = rows.loc[rows["by"].notna() & rows["statistic"].eq("count") & rows["count"].notna()]
    known = {*counts.values(), base}
    return any(0 < abs(int(n) - one) < least for n in rows["count"] for one in known)
