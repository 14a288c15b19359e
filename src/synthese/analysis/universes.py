"""Who is in a universe of the codebook, and the answers of these alone.

Belongs here: applying a universe's conditions to clean answers. Does not: describing (`describing`), or whether a
universe may be published (`synthese.disclosure`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthese.analysis.coding import Flags, code
from synthese.codebook import Codebook, Universe, nearest, variable
from synthese.errors import SyntheseError


def find(codebook: Codebook, name: str) -> Universe:
    """Find a universe by its id.

    Raises
    ------
    SyntheseError
        Unknown; names the nearest.
    """
    known = {universe.id: universe for universe in codebook.universes}
    if name not in known:
        raise SyntheseError.of("unknown-universe", f"no universe {name!r} in the codebook", fix=nearest(name, known))
    return known[name]


def asked(codebook: Codebook, universe: Universe, wave: str) -> bool:
    """Whether a wave asked every question that a universe filters by."""
    return all(_asked(codebook, condition.question, wave) for condition in universe.all_of)


def _asked(codebook: Codebook, name: str, wave: str) -> bool:
    question_id, _, row = name.partition(".")
    question = codebook.by_id[question_id]
    return question.asked(wave) and all(r.offered(wave) for r in question.rows if r.code == row)


def members(responses: pd.DataFrame, codebook: Codebook, universe: Universe, wave: str) -> Flags:
    """Tell who is in a universe: those whose answers are known to meet every condition.

    Returns
    -------
    array of bool, shape (n,)
        False for those who left a filter question without answer.
    """
    inside = np.ones(len(responses), dtype=bool)
    for condition in universe.all_of:
        coded = code(responses, variable(codebook, condition.question, wave))
        wanted = [position for position, option in enumerate(coded.options) if option.code in condition.any_of]
        inside &= coded.chosen[:, wanted].any(axis=1)
    return inside
