"""Who answered in two waves, without saying who.

Belongs here: which respondents two waves share, by what recognises duplicates. Does not: any name or address outside
memory, or what the panel answered (`comparing`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from synthese.cleaning.normal import identity
from synthese.study import Study
from synthese.study.settings import Duplicates

LEAST_PANEL = 30
"""Fewest respondents of both waves whose change is told."""

_Answers = dict[tuple[str, str], set[int]]


@dataclass(frozen=True, eq=False)
class Panel:
    """Respondents of two waves, as far as they can be recognised.

    Parameters
    ----------
    known : bool
        Whether anything recognises them: both waves name an identifying question, the same one.
    both : int
        Respondents of the wave who answered the reference wave too; 0 where not known.
    here, there : array of int, shape (pairs,)
        Their positions in each wave. Whoever could be two people of the other wave is in no pair.
    """

    known: bool
    both: int
    here: NDArray[np.intp]
    there: NDArray[np.intp]


NOBODY = Panel(True, 0, np.zeros(0, np.intp), np.zeros(0, np.intp))
"""Two waves that share nobody, for certain."""


def _respondents(study: Study, wave: str) -> tuple[set[str], _Answers]:
    """Questions that identify, and positions of a wave by each identifying answer, as cleaning compares them."""
    duplicates = study.wave(wave).kept.duplicates
    file = study.private(wave) / "identities.parquet"
    found: _Answers = {}
    if not isinstance(duplicates, Duplicates) or not file.is_file():
        return set(), found
    table = pq.read_table(io.BytesIO(file.read_bytes()))  # not by name: Arrow wants it in UTF-8
    columns = [name for name in duplicates.by if name in table.column_names]
    frame = table.select(columns).to_pandas()
    for name in columns:
        for position, text in enumerate(frame[name]):
            plain = "" if pd.isna(text) else identity(str(text))
            if plain:
                found.setdefault((name, plain), set()).add(position)
    return set(columns), found


def recognised(study: Study, wave: str, reference: str) -> Panel:
    """Find the respondents of a wave who answered the reference wave too, by what recognises duplicates.

    Returns
    -------
    Panel
        Positions are those of ``responses.parquet``: both files keep the order of the export.
    """
    (mine, here), (theirs, there) = _respondents(study, wave), _respondents(study, reference)
    if not mine & theirs:
        return Panel(False, 0, NOBODY.here, NOBODY.there)
    links = sorted({(p, q) for answer, positions in here.items() for p in positions for q in there.get(answer, ())})
    first = np.array([p for p, _ in links], dtype=np.intp)
    second = np.array([q for _, q in links], dtype=np.intp)
    if not links:
        return NOBODY
    alone = (np.bincount(first)[first] == 1) & (np.bincount(second)[second] == 1)
    return Panel(True, int(np.unique(first).size), first[alone], second[alone])


def overlap(study: Study, wave: str, reference: str) -> int:
    """Count the respondents of a wave who answered the reference wave too; 0 where nothing recognises them."""
    return recognised(study, wave, reference).both
