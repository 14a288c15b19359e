"""Who answered in two waves, without saying who.

Belongs here: the number of respondents that two waves share. Does not: any name or address outside memory.
"""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as pq

from synthese.study import Study


def _keys(study: Study, wave: str) -> set[str]:
    duplicates = study.wave(wave).kept.duplicates
    file = study.private(wave) / "identities.parquet"
    if duplicates is None or not file.is_file():
        return set()
    columns = [name for name in duplicates.by if name in pq.read_schema(file).names]
    frame = pq.read_table(file, columns=columns).to_pandas()
    texts = pd.concat([frame[name].dropna().str.strip().str.casefold().map(f"{name}:{{}}".format) for name in columns])
    return {text for text in texts if not text.endswith(":")}


def overlap(study: Study, wave: str, reference: str) -> int:
    """Count identifying answers (those that recognise duplicates) that two waves have in common.

    Returns
    -------
    int
        0 where either wave declares no identifying question: overlap is then unknown, not absent.
    """
    return len(_keys(study, wave) & _keys(study, reference))
