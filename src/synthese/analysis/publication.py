"""Placeholder until the editorial verbs are wired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from synthese.analysis.keeping import Keeper
from synthese.disclosure import Released, release
from synthese.estimates import write_parquet
from synthese.statistics.multiplicity import benjamini_hochberg, holm

ADJUSTMENTS = {"planned": ("holm", holm), "exploratory": ("benjamini_hochberg", benjamini_hochberg)}


def adjusted(tests: pd.DataFrame) -> pd.DataFrame:
    """Adjust the p-values of a whole report, each within its family.

    Planned tests by Holm (1979), exploratory ones by Benjamini and Hochberg (1995).

    Parameters
    ----------
    tests : DataFrame
        Every test of the wave, in the contract of `synthese.estimates`.
    """
    out = tests.copy()
    for family, (name, adjust) in ADJUSTMENTS.items():
        rows = out.index[out["family"].eq(family).fillna(False) & out["p_value"].notna()]
        values: Sequence[float | None] = [float(p) for p in out.loc[rows, "p_value"]]
        out.loc[rows, "p_adjusted"] = adjust(values)
        out.loc[rows, "adjustment"] = name
    return out


def _released(keeper: Keeper) -> tuple[pd.DataFrame, pd.DataFrame, Released]:
    """Release a wave, and before it the earlier waves that it is compared with."""
    study = keeper.study
    before: list[Released] = []
    estimates, tests, released = pd.DataFrame(), pd.DataFrame(), None
    for wave in (*(w.id for w in study.earlier(keeper.wave)), keeper.wave):
        here = Keeper(study, wave, keeper.publish)
        estimates, tests = here.parts()
        tests = adjusted(tests)
        released = release(estimates, tests, study.codebook, study.wave(wave), study.settings, earlier=before)
        before.append(released)
    if released is None:
        raise ValueError("a wave is always released")
    return estimates, tests, released


@dataclass(frozen=True)
class Publication:
    """What a wave may publish."""

    keeper: Keeper
    released: Released


def publish(keeper: Keeper) -> Publication:
    """Pass a wave through the gate and store what came through."""
    estimates, tests, released = _released(keeper)
    private = keeper.study.private(keeper.wave)
    if keeper.publish:
        write_parquet(estimates, private / "estimates.parquet")
        write_parquet(tests, private / "tests.parquet")
        write_parquet(released.estimates, keeper.folder / "estimates.parquet")
        write_parquet(released.tests, keeper.folder / "tests.parquet")
    return Publication(keeper, released)
