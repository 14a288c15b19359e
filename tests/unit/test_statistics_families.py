"""Families of p-values, the robustness strip, weighted shares of options."""

from __future__ import annotations

import numpy as np
import pytest

from synthese.statistics.designs import Design
from synthese.statistics.multiplicity import adjust_by_family, benjamini_hochberg, holm
from synthese.statistics.robustness import robustness
from synthese.statistics.weighted import option_shares, weighted_mean


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
    edges = [0.23, 0.28, 0.32]
    verdict = robustness(0.25, [0.24, 0.26, 0.2799, 0.28, np.nan], edges)
    assert (verdict.held, verdict.variants, verdict.holds) == (3, 4, False)
    assert (verdict.low, verdict.high) == (0.24, 0.28)
    assert robustness(0.23, [0.27], edges).holds
    assert not robustness(0.23, [0.2299], edges).holds
    assert robustness(0.3, [np.nan], edges) is None
    with pytest.raises(ValueError, match="edges of bands must rise"):
        robustness(0.3, [0.3], [0.5, 0.5])
    with pytest.raises(ValueError, match="the headline must be a number"):
        robustness(np.nan, [0.3], edges)


def test_shares_of_options_are_means_of_indicators():
    generator = np.random.default_rng(1)
    codes, weights = generator.integers(-1, 4, 90), generator.uniform(0.5, 2, 90)
    design = Design(weights, strata=np.repeat([0, 1, 2], 30))
    group = generator.random(90) < 0.6
    for domain in (None, group):
        shares = option_shares(design, codes, 5, domain)
        assert sum(share.value for share in shares) == pytest.approx(1)
        for k, share in enumerate(shares):
            one = weighted_mean(design, np.where(codes < 0, np.nan, codes == k), domain)
            assert (share.value, share.standard_error) == pytest.approx((one.value, one.standard_error))
            assert (share.df, share.base) == (one.df, one.base)
    assert option_shares(design, np.full(90, -1), 3) is None
