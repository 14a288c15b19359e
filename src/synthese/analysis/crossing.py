"""Two variables crossed: shares both ways, counts, residuals, and a test by the stated rule.

Belongs here: rows of estimates and tests of a cross, over those who answered both questions. Does not: the
formulas, or what may be published.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from synthese.analysis.coding import Coded, Flags
from synthese.analysis.describing import Row, count, share
from synthese.analysis.sampling import Sample
from synthese.errors import SyntheseError
from synthese.statistics.association import adjusted_residuals, association
from synthese.statistics.results import AssociationTest
from synthese.statistics.tabulation import crosstab


def check_crossable(coded: Coded) -> None:
    """Refuse what has no options to cross."""
    if coded.variable.kind in ("numeric", "open", "ranking"):
        raise SyntheseError.of(
            "not-crossable",
            f"{coded.variable.id} is {coded.variable.kind}: it has no options to cross",
            fix="cross single, ordinal or multiple questions",
        )


def cross(coded: Coded, by: Coded, sample: Sample) -> Iterator[Row]:
    """Rows of a cross of ``coded`` by the groups of ``by``.

    Parameters
    ----------
    coded, by : Coded
        The question and its breakdown.
    sample : Sample
        What the respondents stand for.

    Yields
    ------
    dict
        ``share`` (option within group), ``share_of_by`` (group within option), ``share_total``, ``count`` and
        ``adjusted_residual`` a cell (not where weights or overlapping groups would make it wrong); totals
        have a null ``group`` or a null ``option``. The base is those in the base of both questions.
    """
    base = coded.in_base & by.in_base
    common: Row = {
        "question": coded.variable.id,
        "by": by.variable.id,
        "asked": int((coded.asked & by.asked).sum()),
        "answered": int((coded.answered & by.answered).sum()),
    }
    options = [(i, o) for i, o in enumerate(coded.options) if o.in_base]
    groups = [(j, g) for j, g in enumerate(by.options) if g.in_base]
    residuals = _residuals(coded, by, base) if sample.weights is None else None
    for i, option in options:
        chosen = coded.chosen[:, i]
        total: Row = common | {"option": option.code}
        yield total | share(chosen, base, sample)
        yield total | count(int((chosen & base).sum()), int(base.sum()))
        for j, group in groups:
            member = by.chosen[:, j]
            cell: Row = total | {"group": group.code}
            both = chosen & member
            yield cell | share(chosen, base & member, sample)
            yield cell | share(member, base & chosen, sample, "share_of_by")
            yield cell | share(both, base, sample, "share_total")
            yield cell | count(int((both & base).sum()), int((base & member).sum()))
            if residuals is not None:
                yield cell | _residual(residuals[i, j], int((base & member).sum()))
    for j, group in groups:
        yield common | {"group": group.code} | count(int((base & by.chosen[:, j]).sum()), int(base.sum()))


def _residuals(coded: Coded, by: Coded, base: Flags) -> NDArray[np.float64] | None:
    if not by.exclusive:
        return None
    if coded.exclusive:
        return np.asarray(adjusted_residuals(table(coded, by, base)), dtype=float)
    columns = by.codes(base)
    rows = [
        np.asarray(adjusted_residuals(_two_rows(coded.chosen[:, i], base, columns, len(by.options))), dtype=float)[0]
        for i in range(len(coded.options))
    ]
    return np.vstack(rows)


def _two_rows(chosen: Flags, base: Flags, columns: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    rows = np.where(base, np.where(chosen, 0, 1), -1)
    return np.asarray(crosstab(rows, columns, 2, width), dtype=np.int64)


def _residual(value: float, base: int) -> Row:
    known = bool(np.isfinite(value))
    return {
        "statistic": "adjusted_residual",
        "unit": "standard errors",
        "value": float(value) if known else None,
        "base": base,
        "base_weighted": float(base),
        "effective_n": float(base),
        "method": "haberman-1973",
        "status": "released",
        "reason": None if known else "empty-margin",
    }


def table(coded: Coded, by: Coded, base: Flags) -> NDArray[np.int64]:
    """Unweighted counts, shape (options, groups), over ``base``; both variables exclusive."""
    return np.asarray(crosstab(coded.codes(base), by.codes(base), len(coded.options), len(by.options)), dtype=np.int64)


def tests(coded: Coded, by: Coded, sample: Sample, family: str) -> Iterator[Row]:
    """Rows of the tests of a cross.

    Two exclusive variables get one test. A multiple response is no contingency table: each of its options,
    ticked or not, is tested against the groups.

    Parameters
    ----------
    coded, by : Coded
        The question and its breakdown.
    sample : Sample
        What the respondents stand for. With weights no test is computed here: an unweighted one would be wrong.
    family : {"planned", "exploratory"}
        Family within which the p-value is adjusted.
    """
    base = coded.in_base & by.in_base
    common: Row = {
        "question": coded.variable.id,
        "by": by.variable.id,
        "family": family,
        "status": "released",
        "base": int(base.sum()),
    }
    if sample.weights is not None:
        yield common | {"reason": "weighted-design"}
        return
    if not by.exclusive:
        yield common | {"reason": "overlapping-groups"}
        return
    if coded.exclusive:
        yield common | found(association(table(coded, by, base), sample.seed))
        return
    columns = by.codes(base)
    for i, option in enumerate(coded.options):
        if not option.in_base:
            continue
        counts = _two_rows(coded.chosen[:, i], base, columns, len(by.options))
        yield common | {"option": option.code} | found(association(counts, sample.seed))


def found(test: AssociationTest) -> Row:
    """Put a test's result into the columns of the contract."""
    return {
        "method": test.method,
        "statistic": test.statistic,
        "df": test.df,
        "p_value": test.p_value,
        "p_se": test.p_se,
        "effect": test.effect,
        "effect_size": test.effect_size,
        "effect_low": test.effect_low,
        "effect_high": test.effect_high,
        "base": test.base,
        "reason": test.reason,
    }
