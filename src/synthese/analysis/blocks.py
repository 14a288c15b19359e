"""A multiple response tested as one block.

Belongs here: the rows of the whole response and Bonferroni's. Does not: formulas (`statistics.marginal`), the test of
one option (`testing`).
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.special import chdtrc

from synthese.analysis.rows import Row, found
from synthese.analysis.sides import Crossed
from synthese.statistics.marginal import (
    MarginalIndependence,
    bootstrap_independence,
    multiple_by_multiple,
    single_by_multiple,
)

METHOD = "bilder_loughin_rao_scott"


def whole(cross: Crossed, *, bootstrap: bool) -> Row:
    """Row of all options at once: Rao–Scott second order (Bilder and Loughin, 2004), or their bootstrap on request.

    The correction takes respondents to be drawn apart and to count alike. With a design there is no such test, reason
    ``block-not-by-design``: what is valid there is Rao and Scott's F of each option, and Bonferroni's row over them.
    """
    if cross.design is not None:
        return {"reason": "block-not-by-design"}
    if bootstrap:
        return found(bootstrap_independence(cross.rows.marks, cross.columns.marks, cross.sample.seed))
    return _named(_block(cross))


def _block(cross: Crossed) -> MarginalIndependence:
    rows, groups = cross.rows, cross.columns
    if groups.exclusive:
        return single_by_multiple(groups.codes, len(groups.options), rows.marks)
    if rows.exclusive:
        return single_by_multiple(rows.codes, len(rows.options), groups.marks)
    return multiple_by_multiple(rows.marks, groups.marks)


def item(cross: Crossed, place: int) -> Row:
    """Row of one option, ticked or not ticked, against all options of another multiple response."""
    return _named(single_by_multiple(cross.rows.ticked(place), 2, cross.columns.marks))


def _named(test: MarginalIndependence) -> Row:
    row = found(test.rao_scott)
    return row | {"method": METHOD if row["method"] else None}


def bonferroni(cross: Crossed, parts: Sequence[Row]) -> Row:
    """Row of the smallest p-value of the options, and that times their number (Bonferroni), which tests the whole.

    The p-values are those of `parts`; of two multiple responses without a design those of every pair of options, by
    chi-square (Bilder and Loughin, 2004). It has an adjustment of its own: it takes no part in that of the report.
    """
    if cross.design is None and not cross.rows.exclusive and not cross.columns.exclusive:
        block = _block(cross)
        row = found(block.bonferroni)
        if block.bonferroni.p_value is None:
            return row
        raw = float(chdtrc(row["df"], row["statistic"]))
        return row | {"p_value": raw, "p_adjusted": row["p_value"], "adjustment": "bonferroni"}
    known = [row for row in parts if row.get("p_value") is not None]
    if not known:
        return {"reason": "no_variation"}
    least = min(known, key=lambda row: float(row["p_value"]))
    return {
        "method": "bonferroni",
        **{name: least[name] for name in ("statistic", "df", "df_denominator", "p_value", "p_se")},
        "adjustment": "bonferroni",
        "p_adjusted": min(1.0, float(least["p_value"]) * len(known)),
    }
