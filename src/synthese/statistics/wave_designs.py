"""Change between waves of independent samples: weighted shares, means, scores, trends.

Belongs here: what two or more sample designs, drawn apart, say of a change. Does not: unweighted shares and the keyed
panel (``waves``), the variance of one design (``designs``).

Waves drawn apart are strata of one design: their variances add up. Weights of a wave are brought to a mean of 1
first, so that a wave of expansion weights does not outweigh one of plain answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from synthese.statistics.design_tests import rao_scott
from synthese.statistics.designs import Design
from synthese.statistics.proportions import clopper_pearson, korn_graubard, t_quantile, wilson
from synthese.statistics.results import AssociationTest, DesignTest, Interval
from synthese.statistics.weighted import Estimate, weighted_mean

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """A share with its interval, as a term of a sum or of a difference.

    Parameters
    ----------
    value, low, high : float
        The share and its bounds.
    """

    value: float
    low: float
    high: float


def plain(size: int) -> Design:
    """Return the design of respondents who count alike and were drawn apart."""
    return Design(np.ones(size))


@dataclass(frozen=True, eq=False)
class Stacked(Design):
    """Two independent designs as one: see :func:`stacked`.

    Parameters
    ----------
    waves : tuple of Design
        The designs, whose covariances add up.
    """

    waves: tuple[Design, ...] = ()

    def covariance(self, influence: NDArray[np.float64], domain: Flags | None = None) -> NDArray[np.float64]:
        """Covariance of totals Σ w z: the sum of those of the waves."""
        ends = np.cumsum([wave.weights.size for wave in self.waves])[:-1]
        domains = [None] * len(self.waves) if domain is None else np.split(domain, ends)
        each = zip(self.waves, np.split(influence, ends), domains, strict=True)
        parts = [wave.covariance(z, inside) for wave, z, inside in each]
        return np.asarray(np.sum(parts, axis=0))


def stacked(first: Design, second: Design) -> Design:
    """Stack two independent designs, the wave as a stratum above those of each.

    Parameters
    ----------
    first, second : Design
        Each over its own respondents, who follow each other in the result.

    Returns
    -------
    Design
        Weights of a mean of 1 in each wave. Calibration, populations and strata of one unit are those of each wave.
    """
    waves = tuple(_scaled(design) for design in (first, second))
    strata = np.concatenate([2 * d.stratum_of_respondent + k for k, d in enumerate(waves)]).astype(np.int64)
    units = np.concatenate([2 * d.unit_of_respondent + k for k, d in enumerate(waves)]).astype(np.int64)
    return Stacked(np.concatenate([d.weights for d in waves]), strata, units, waves=waves)


def _scaled(design: Design) -> Design:
    mean = float(np.sort(design.weights).mean())
    base = None if design.base_weights is None else design.base_weights / mean
    return replace(design, weights=design.weights / mean, base_weights=base)


def share_part(design: Design | None, chosen: Flags, base: Flags, confidence: float) -> Part | None:
    """Share of a base who chose, with the interval that suits its design.

    Wilson without a design; Korn–Graubard with one, Clopper–Pearson on Kish's effective base where the share is 0 or 1.

    Parameters
    ----------
    design : Design or None
        Of all respondents; None where they count alike.
    chosen, base : array of bool, shape (respondents,)
        Who chose the option; who is in the denominator.
    confidence : float
        Nominal coverage.

    Returns
    -------
    Part or None
        None where nobody (of positive weight) is in the base.
    """
    if design is None:
        k, n = int((chosen & base).sum()), int(base.sum())
        one = wilson(k, n, confidence)
        return None if one is None else Part(k / n, one.low, one.high)
    kept = np.sort(design.weights[base])
    if not kept.sum() > 0:
        return None
    effective = float(kept.sum()) ** 2 / float((kept**2).sum())
    value = min(1.0, float(np.sort(design.weights[chosen & base]).sum()) / float(kept.sum()))
    wide = None
    if design.df() > 0:  # one unit has no variance
        found = weighted_mean(design, chosen.astype(float), base)
        assert found is not None
        if found.df > 0:
            if 0 < value < 1 and found.standard_error == 0:
                return Part(value, value, value)
            wide = korn_graubard(value, found.standard_error**2, found.base, found.df, confidence)
    if wide is None:
        wide = clopper_pearson(value * effective, effective, confidence)
    assert wide is not None
    return Part(value, wide.low, wide.high)


def recovered_difference(first: Part, second: Part, confidence: float, method: str) -> Interval:
    """Interval of a difference from those of its two independent terms (Zou and Donner, 2008).

    With Wilson intervals it is Newcombe's hybrid score interval (1998, method 10).
    """
    gap = first.value - second.value
    low = gap - sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    high = gap + sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Interval(max(-1.0, low), min(1.0, high), confidence, method)


def standardised_part(parts: list[Part], mix: ArrayLike) -> Part:
    """Share with the structure of a given mix: direct standardisation, bounds recovered from those of the strata.

    Parameters
    ----------
    parts : list of Part
        Share of each stratum.
    mix : array of float, shape (strata,)
        Share of each stratum in the mix, any positive scale.
    """
    weights = np.asarray(mix, dtype=float)
    if weights.shape != (len(parts),) or (weights < 0).any() or weights.sum() <= 0:
        raise ValueError("a mix has a positive weight for each stratum")
    weights = weights / weights.sum()
    value = float(sum(w * p.value for w, p in zip(weights, parts, strict=True)))
    below = sum((w * (p.value - p.low)) ** 2 for w, p in zip(weights, parts, strict=True))
    above = sum((w * (p.high - p.value)) ** 2 for w, p in zip(weights, parts, strict=True))
    value = min(1.0, max(0.0, value))
    return Part(value, max(0.0, value - sqrt(below)), min(1.0, value + sqrt(above)))


def design_change(
    now: tuple[Design, Flags, Flags], then: tuple[Design, Flags, Flags], confidence: float = 0.95
) -> DesignTest:
    """Test of a share in two independent designs: Rao–Scott F of option × wave over the stacked designs.

    Parameters
    ----------
    now, then : tuple of Design, array of bool, array of bool
        Design of a wave, who chose the option, who is in the denominator.
    confidence : float, default 0.95
        Nominal coverage of the interval of the difference.

    Returns
    -------
    DesignTest
        Effect ``difference``: share now minus share then, its interval recovered from those of Korn and Graubard.
        Reason ``empty_sample``, ``too_few_answers`` (a wave of one unit), or ``no_variation``: nobody or everybody
        chose the option.
    """
    (design, chosen, base), (design0, chosen0, base0) = now, then
    a, b = share_part(design, chosen, base, confidence), share_part(design0, chosen0, base0, confidence)
    respondents = int(base.sum()) + int(base0.sum())
    if a is None or b is None:
        return DesignTest(base=respondents, reason="empty_sample")
    if min(design.df(), design0.df()) < 1:
        return DesignTest(base=respondents, reason="too_few_answers")
    bounds = recovered_difference(a, b, confidence, "variance_recovery_korn_graubard")
    inside = np.concatenate([base, base0])
    rows = np.where(inside, np.concatenate([chosen, chosen0]).astype(np.int64), -1)
    columns = np.concatenate([np.zeros(base.size, np.int64), np.ones(base0.size, np.int64)])
    found = rao_scott(stacked(design, design0), rows, np.where(inside, columns, -1))
    return DesignTest(
        method=found.method,
        statistic=found.statistic,
        df=found.df,
        df_denominator=found.df_denominator,
        p_value=found.p_value,
        effect="difference",
        effect_size=a.value - b.value,
        effect_low=bounds.low,
        effect_high=bounds.high,
        base=respondents,
        reason="no_variation" if found.reason else None,
    )


def _t_test(gap: float, error: float, df: float, base: int, method: str, confidence: float) -> AssociationTest:
    half = t_quantile(confidence, df) * error
    varies = error > 0
    return AssociationTest(
        method=method if varies else None,
        statistic=gap / error if varies else None,
        df=df if varies else None,
        p_value=2 * float(stdtr(df, -abs(gap / error))) if varies else None,
        effect="difference",
        effect_size=gap,
        effect_low=gap - half,
        effect_high=gap + half,
        base=base,
        reason=None if varies else "no_variation",
    )


def _one(values: NDArray[np.float64]) -> tuple[float, float, int]:
    known = np.sort(values[~np.isnan(values)])
    return float(known.mean()), float(known.var(ddof=1)) / known.size, int(known.size)


def two_means(now: ArrayLike, then: ArrayLike, confidence: float = 0.95) -> AssociationTest:
    """Test of a mean minus that of an earlier, independent sample (Welch, 1947), as R's ``t.test``.

    Parameters
    ----------
    now, then : array of float
        Answers of each wave; NaN is missing.
    confidence : float, default 0.95
        Nominal coverage of the interval of the difference.

    Returns
    -------
    AssociationTest
        Method ``welch``, effect ``difference``. Reason ``too_few_answers`` (fewer than two in a wave) or
        ``no_variation``.
    """
    arrays = [np.asarray(values, dtype=float) for values in (now, then)]
    sizes = [int((~np.isnan(array)).sum()) for array in arrays]
    if min(sizes) < 2:
        return AssociationTest(base=sum(sizes), reason="too_few_answers")
    (mean, var, n), (mean0, var0, n0) = _one(arrays[0]), _one(arrays[1])
    spread = var**2 / (n - 1) + var0**2 / (n0 - 1)
    df = (var + var0) ** 2 / spread if spread > 0 else float(n + n0 - 2)
    return _t_test(mean - mean0, sqrt(var + var0), df, n + n0, "welch", confidence)


def design_two_means(
    now: tuple[Design, NDArray[np.float64]], then: tuple[Design, NDArray[np.float64]], confidence: float = 0.95
) -> AssociationTest:
    """Test of a weighted mean minus that of an independent design: linearised variances add up.

    Degrees of freedom are those of both waves, as `R`'s ``svycontrast`` on the stacked designs. Arguments and
    reasons as :func:`two_means`, each wave with its design; method ``design_t``.
    """
    known = [int((~np.isnan(values) & (design.weights > 0)).sum()) for design, values in (now, then)]
    if min(known) < 2:
        return AssociationTest(base=sum(known), reason="too_few_answers")
    found = [weighted_mean(design, values) for design, values in (now, then)]
    if any(one is None or one.df < 1 for one in found):
        return AssociationTest(base=sum(one.base for one in found if one is not None), reason="too_few_answers")
    a, b = (one for one in found if one is not None)
    error = sqrt(a.standard_error**2 + b.standard_error**2)
    return _t_test(a.value - b.value, error, a.df + b.df, a.base + b.base, "design_t", confidence)


def paired_means(now: ArrayLike, then: ArrayLike, confidence: float = 0.95) -> AssociationTest:
    """Change of a mean among the same respondents: t test of their differences (Student, 1908).

    Parameters
    ----------
    now, then : array of float, shape (panel,)
        Answers of the same respondents; NaN is missing, and leaves the pair out.
    """
    gaps = np.asarray(now, dtype=float) - np.asarray(then, dtype=float)
    if int((~np.isnan(gaps)).sum()) < 2:
        return AssociationTest(base=int((~np.isnan(gaps)).sum()), reason="too_few_answers")
    gap, variance, n = _one(gaps)
    return _t_test(gap, sqrt(variance), n - 1, n, "paired_t", confidence)


def design_trend(shares: list[Estimate], scores: ArrayLike, confidence: float = 0.95) -> AssociationTest:
    """Linear trend of weighted shares over independent waves: least squares, each wave by its respondents.

    Parameters
    ----------
    shares : list of Estimate
        Share in each wave, with its linearised error.
    scores : array of float, shape (waves,)
        Place of each wave in time.
    confidence : float, default 0.95
        Nominal coverage of the interval of the slope.

    Returns
    -------
    AssociationTest
        Method ``design_trend_t``, effect ``slope`` for one step of the scores. Reason ``no_variation``.
    """
    place, sizes = np.asarray(scores, dtype=float), np.array([one.base for one in shares], dtype=float)
    away = place - float((sizes * place).sum() / sizes.sum())
    parts = sizes * away / float((sizes * away**2).sum())
    slope = float(sum(c * one.value for c, one in zip(parts, shares, strict=True)))
    error = sqrt(float(sum((c * one.standard_error) ** 2 for c, one in zip(parts, shares, strict=True))))
    found = _t_test(slope, error, sum(one.df for one in shares), int(sizes.sum()), "design_trend_t", confidence)
    return AssociationTest(**{**vars(found), "effect": "slope"})
