"""Result records of the room.

Belongs here: the frozen records that several modules return. Does not: any computation.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A confidence interval.

    Parameters
    ----------
    low, high : float
        Bounds, in the unit of the estimate.
    confidence : float
        Nominal coverage, in (0, 1); the joint one for simultaneous intervals.
    method : str
        Code of the method, such as ``wilson``.
    """

    low: float
    high: float
    confidence: float
    method: str


@dataclass(frozen=True)
class AssociationTest:
    """Outcome of one test; None stands for what the method does not give or could not compute.

    Parameters
    ----------
    method : str or None
        Code of the method used, such as ``chi_square``; None when no test was possible.
    statistic, df : float or None
        Test statistic and its (numerator) degrees of freedom.
    p_value : float or None
        Two-sided p-value.
    p_se : float or None
        Monte Carlo standard error of `p_value`; None for a p-value that is not simulated.
    effect : str or None
        Code of the effect size, such as ``cramers_v_corrected``.
    effect_size, effect_low, effect_high : float or None
        The effect size and its confidence interval (95 % unless asked otherwise).
    base : int or None
        Respondents in the test.
    reason : str or None
        Code of why there is no p-value.
    """

    method: str | None = None
    statistic: float | None = None
    df: float | None = None
    p_value: float | None = None
    p_se: float | None = None
    effect: str | None = None
    effect_size: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    base: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class DesignTest(AssociationTest):
    """A test with an F or t reference distribution.

    Parameters
    ----------
    df_denominator : float or None
        Denominator degrees of freedom of F, or those of t.
    """

    df_denominator: float | None = None
