"""Adjusted p-values that tell nothing of the tests that are withheld.

Belongs here: adjusting the released tests of a family over again. Does not: which tests make a family
(`synthese.analysis`), or which are released (`inference`).
"""

from __future__ import annotations

import pandas as pd

from synthese.disclosure.tables import WITHHELD
from synthese.statistics.multiplicity import benjamini_hochberg, holm

_ADJUSTMENTS = {"holm": holm, "benjamini_hochberg": benjamini_hochberg}


def adjusted_apart(tests: pd.DataFrame) -> pd.DataFrame:
    """Adjust released p-values as if every withheld test of their family had found nothing, at p = 1.

    Holm's adjusted value is a running maximum and Benjamini and Hochberg's a running minimum: either may be a multiple
    of the p-value of another test, and its factor counts the tests below it. With a withheld test that gives its
    p-value, hence its table. All tests are still counted, and no value is smaller than that of the whole family.

    Parameters
    ----------
    tests : DataFrame
        The wave's tests, decided.
    """
    out = tests.copy()
    shown = ~out["status"].isin(WITHHELD) & out["p_value"].notna()
    for name, adjust in _ADJUSTMENTS.items():
        family = out.index[out["adjustment"].eq(name)]
        found = adjust([float(p) if shown[i] else 1.0 for i, p in out.loc[family, "p_value"].items()])
        mine = [(i, p) for i, p in zip(family, found, strict=True) if shown[i]]
        out.loc[[i for i, _ in mine], "p_adjusted"] = pd.array([p for _, p in mine], dtype="Float64")
    return out
