"""A wave and those before it through the gate.

Belongs here: handing the gate what the notebooks kept. Does not: its rules (`synthese.disclosure`), or what is made of
what comes through (`publication`).
"""

from __future__ import annotations

import pandas as pd

from synthese.analysis.adjusting import adjusted
from synthese.analysis.keeping import Keeper
from synthese.disclosure import Released, release


def released_with_earlier(keeper: Keeper) -> tuple[pd.DataFrame, pd.DataFrame, Released]:
    """Release a wave, and before it the earlier waves that it is compared with.

    Returns
    -------
    tuple of (DataFrame, DataFrame, Released)
        Estimates and tests of the wave as they were before the gate, and what came through.
    """
    study = keeper.study
    before: list[Released] = []
    for earlier in study.earlier(keeper.wave):
        theirs = Keeper(study, earlier.id, keeper.publish)
        estimates, tests = theirs.parts()
        before.append(
            release(
                estimates,
                adjusted(tests),
                study.codebook,
                earlier,
                study.settings,
                earlier=tuple(before),
                robustness=theirs.robustness(),
            )
        )
    estimates, tests = keeper.parts()
    tests = adjusted(tests)
    wave = study.wave(keeper.wave)
    tried = keeper.robustness()
    released = release(estimates, tests, study.codebook, wave, study.settings, earlier=before, robustness=tried)
    return estimates, tests, released
