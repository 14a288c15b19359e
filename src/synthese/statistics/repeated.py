"""Several answers of the same respondents, compared under a sample design.

Belongs here: the design-based test that the items of a multiple response are ticked equally often, or the items of a
ranking placed alike. Does not: the unweighted tests (``multiple``: Cochran's Q; ``rankings``: Friedman).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from synthese.statistics.designs import Design, in_domain
from synthese.statistics.results import DesignTest


def equal_means(design: Design, values: ArrayLike, domain: ArrayLike | None = None) -> DesignTest:
    """Test that the means of several answers of the same respondents are equal: adjusted Wald test.

    Parameters
    ----------
    design : Design
        The whole sample.
    values : array of float, shape (respondents, items)
        Marks (1, 0) or ranks; whoever lacks one (NaN) is left out.
    domain : array of bool, shape (respondents,), optional
        A group of respondents.

    Returns
    -------
    DesignTest
        Method ``adjusted_wald_items``: F = W (d - c + 1) / (d c) on c and d - c + 1 degrees of freedom, c items less
        one, d those of the design (Korn and Graubard, 1990). Reason ``no_variation`` where the differences do not
        vary, ``no_degrees_of_freedom`` where c exceeds d.
    """
    array = np.asarray(values, dtype=float)
    kept = in_domain(design, ~np.isnan(array).any(axis=1), domain)
    base, contrasts = int(kept.sum()), array.shape[1] - 1
    if base == 0 or contrasts < 1:
        return DesignTest(base=base, reason="no_variation")
    df = design.df(kept)
    if df < contrasts:
        return DesignTest(base=base, reason="no_degrees_of_freedom")
    weight = float(design.weights[kept].sum())
    gaps = np.where(kept[:, None], array[:, :-1] - array[:, -1:], 0.0)
    means = design.weights @ gaps / weight
    covariance = design.covariance((gaps - means) * kept[:, None] / weight, kept)
    if np.linalg.matrix_rank(covariance, hermitian=True) < contrasts:
        return DesignTest(base=base, reason="no_variation")
    wald = float(means @ np.linalg.solve(covariance, means))
    below = df - contrasts + 1
    statistic = wald * below / (df * contrasts)
    return DesignTest(
        method="adjusted_wald_items",
        statistic=statistic,
        df=contrasts,
        df_denominator=below,
        p_value=float(fdtrc(contrasts, below, statistic)),
        base=base,
    )
