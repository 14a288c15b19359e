"""Whether a gap between two waves may be said of those who answered: only where every variant agrees.

Belongs here: reading the released verdict on a gap. Does not: computing it (`synthese.analysis.robust_gaps`), or
sentences (`claims`).

Of answers of volunteers a gap says who answered, not what changed: « plus souvent cité par les répondant·es de 2026 »
is written where bases are 30 or more, the gap is 10 points or more, and it keeps its sign and its 10 points under
every variant: those of the codebook's headline, and for any other number with and without weights, among complete
answers only, with « ne sait pas » and with non-response in the base. A gap that no notebook tried is not said.
"""

from __future__ import annotations

from synthese.disclosure import Released
from synthese.editorial.facts import Fact
from synthese.estimates import select
from synthese.formatting import integer_text

LEAST_POINTS = 10
UNTRIED = "l’écart n’a pas été recalculé sous d’autres choix"


def between_waves(one: Fact, other: Fact) -> bool:
    """Whether two facts are of two waves that no probability sample stands behind."""
    apart = one.released.wave != other.released.wave
    return apart and "probability" not in (one.released.design, other.released.design)


def contradicted(one: Fact, other: Fact) -> str | None:
    """Say in French which variants contradict the gap of one share between two waves; None where all agree.

    None as well for facts of one wave, of a probability sample, or of two different answers, which have no variants in
    common.
    """
    mine, theirs = (
        (row.question, row.option, row.by, row.group, row.universe) for row in (one.estimate, other.estimate)
    )
    if not between_waves(one, other) or mine != theirs:
        return None
    later, earlier = (one, other) if other.released.wave in one.released.waves else (other, one)
    found = _verdict(later.released, later, earlier.released.wave)
    if found is None:
        return UNTRIED
    held, computed = found
    if held == computed:
        return None
    variants = f"{integer_text(held)} variantes sur {integer_text(computed)}"
    return f"l’écart d’au moins {integer_text(LEAST_POINTS)} points ne tient que dans {variants}"


def _verdict(released: Released, fact: Fact, reference: str) -> tuple[int, int] | None:
    row = fact.estimate
    if row.universe is not None:
        return None
    keys = {"question": row.question, "option": row.option, "by": row.by, "group": row.group}
    found = select(released.robustness, **keys, reference_wave=reference, status="released")
    return (int(found["held"].iloc[0]), int(found["computed"].iloc[0])) if len(found) == 1 else None
