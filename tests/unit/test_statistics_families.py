"""Families of p-values, the robustness strip."""

from __future__ import annotations

import numpy as np
import pytest

from synthese.statistics.multiplicity import adjust_by_family, benjamini_hochberg, holm
from synthese.statistics.robustness import agreeing, robustness


def test_each_p_value_is_adjusted_in_its_own_family():
    p = [0.01, 0.02, None, 0.04, 0.03]
    families = ["planned", "exploratory", "planned", "exploratory", "planned"]
    adjusted, adjustment = adjust_by_family(p, families)
    assert [adjusted[0], adjusted[2], adjusted[4]] == holm([0.01, None, 0.03])
    assert [adjusted[1], adjusted[3]] == benjamini_hochberg([0.02, 0.04])
    assert adjustment == ["holm", "benjamini_hochberg", None, "benjamini_hochberg", "holm"]
    with pytest.raises(ValueError, match=r"a family is \"planned\" or \"exploratory\", found \['prévu'\]"):
        adjust_by_family([0.1], ["prévu"])
    with pytest.raises(ValueError, match="differ in length: 2 and 1"):
        adjust_by_family([0.1, 0.2], ["planned"])


def test_a_headline_holds_when_its_variants_stay_in_its_band():
    verdict = robustness([0.85, 0.81, 0.79, 0.88], ["grande", "grande", "majorité", "grande"])
    assert (verdict.held, verdict.variants, verdict.holds) == (3, 4, False)
    assert (verdict.low, verdict.high) == (0.79, 0.88)
    assert robustness([0.02, 0.01], [None, None]).holds
    with pytest.raises(ValueError, match="as many bands as values, and one at least: 1 and 2"):
        robustness([0.3, 0.4], ["a"])
    with pytest.raises(ValueError, match="a variant that could not be computed is left out"):
        robustness([0.3, np.nan], ["a", "a"])


def test_a_gap_agrees_when_it_goes_the_same_way_by_as_much():
    assert agreeing([0.12, 0.9 - 0.8, 0.0999, -0.2, np.nan], 0.1) == 2
    assert agreeing([-0.12, -0.3, 0.3], 0.1) == 2
