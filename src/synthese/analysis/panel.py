"""Who answered in two waves, without saying who.

Belongs here: the number of respondents that two waves share. Does not: any name or address outside memory.
"""

from __future__ import annotations

import io

import pandas as pd
import pyarrow.parquet as pq

from synthese.study import Study
from synthese.study.settings import Duplicates


def _respondents(study: Study, wave: str) -> dict[tuple[str, str], set[int]]:
    """Rows of a wave by each identifying answer, with the question that asked for it, without case or spaces."""
    duplicates = study.wave(wave).kept.duplicates
    file = study.private(wave) / "identities.parquet"
    found: dict[tuple[str, str], set[int]] = {}
    if not isinstance(duplicates, Duplicates) or not file.is_file():
        return found
    table = pq.read_table(io.BytesIO(file.read_bytes()))  # not by name: Arrow wants it in UTF-8
    columns = [name for name in duplicates.by if name in table.column_names]
    frame = table.select(columns).to_pandas()
    for name in columns:
        for position, text in enumerate(frame[name]):
            plain = "" if pd.isna(text) else str(text).strip().casefold()
            if plain:
                found.setdefault((name, plain), set()).add(position)
    return found


def overlap(study: Study, wave: str, reference: str) -> int:
    """Count the respondents of a wave who answered the reference wave too, by what recognises duplicates.

    Returns
    -------
    int
        0 where either wave declares no identifying question: overlap is then unknown, not absent.
    """
    here, there = _respondents(study, wave), _respondents(study, reference)
    return len({position for answer, positions in here.items() if answer in there for position in positions})
