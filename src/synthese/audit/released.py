"""Released results held to the private ones: nothing withheld has a number, nothing else was changed.

Belongs here: comparing the two frames of a wave row by row. Does not: deciding what is released.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from synthese.errors import Fault, SyntheseError
from synthese.estimates import ESTIMATE_COLUMNS, ESTIMATE_NUMBERS, TEST_COLUMNS, TEST_NUMBERS, read_parquet
from synthese.study import Study, WaveSettings

WITHHELD = ("withheld_primary", "withheld_secondary", "too_small")
INTERVALS = ("ci_low", "ci_high", "confidence")
INFERENCE = (
    *("statistic", "df", "df_denominator", "p_value", "p_se", "p_adjusted"),
    *("effect_size", "effect_low", "effect_high"),
)
_NO_KEY = ("unit", "status", "reason", "method", "adjustment")
_COUNTS = ("count", "base", "asked", "answered", "confidence", "df")
_TOLD = 20


def keys(frame: pd.DataFrame) -> list[tuple[Hashable, ...]]:
    """Key of each row: its texts but for those that describe its numbers, then its rank among equals."""
    columns = TEST_COLUMNS if "p_value" in frame.columns else ESTIMATE_COLUMNS
    names = [name for name, (kind, _) in columns.items() if kind == "text" and name not in _NO_KEY]
    seen: dict[tuple[Hashable, ...], int] = {}
    out: list[tuple[Hashable, ...]] = []
    for values in frame[names].itertuples(index=False, name=None):
        key = tuple(None if pd.isna(value) else value for value in values)
        seen[key] = seen.get(key, 0) + 1
        out.append((*key, seen[key]))
    return out


def place(key: tuple[Hashable, ...]) -> str:
    """Write a key as ``F1 · echange_pairs · share``; the wave and the rank are left out."""
    return " · ".join(str(part) for part in key[1:-1] if part is not None)


def records(frame: pd.DataFrame) -> dict[tuple[Hashable, ...], dict[str, Any]]:
    """Rows by key, null as None."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return dict(zip(keys(frame), ({str(k): v for k, v in row.items()} for row in rows), strict=True))


def check_released(study: Study, wave_id: str) -> list[Fault]:
    """Hold ``estimates.parquet`` and ``tests.parquet`` to their private versions.

    Returns
    -------
    list of Fault
        A number in a withheld row; a value or interval where only a count, or no interval, may be told; a
        number that is not the private one; rows that are in one of the two only. At most 20 rows a fault code.
    """
    faults: list[Fault] = []
    wave = study.wave(wave_id)
    for what, numbers in (("estimates", ESTIMATE_NUMBERS), ("tests", TEST_NUMBERS)):
        file = study.processed(wave_id) / f"{what}.parquet"
        try:
            released, private = read_parquet(file), read_parquet(study.private(wave_id) / f"{what}.parquet")
        except SyntheseError as error:
            faults += [_relative(study, fault) for fault in error.faults]
            continue
        name = study.relative(file)
        weighted = any(other.weights_told for other in (wave, *study.earlier(wave_id)))
        found = list(_faults(records(released), records(private), numbers, wave, name, weighted=weighted))
        faults += _bounded(found, name)
    return faults


def _relative(study: Study, fault: Fault) -> Fault:
    file = study.relative(fault.file) if isinstance(fault.file, Path) else fault.file
    return Fault(fault.code, fault.what, file, fault.row, fault.column, fault.path, fault.fix)


def _faults(
    released: dict[tuple[Hashable, ...], dict[str, Any]],
    private: dict[tuple[Hashable, ...], dict[str, Any]],
    numbers: tuple[str, ...],
    wave: WaveSettings,
    name: str,
    *,
    weighted: bool,
) -> Iterator[Fault]:
    for key in private.keys() - released.keys():
        yield Fault("row-lost", "a private row has no released one, not even as withheld", name, path=place(key))
    for key, row in released.items():
        given = [number for number in numbers if row[number] is not None]
        if row["status"] in WITHHELD:
            for number in given:
                yield Fault("withheld-number", "a withheld row has a number", name, column=number, path=place(key))
            continue
        if row["status"] == "count_only":
            for number in {"value", *INTERVALS} & set(given):
                what = "a row released as a count has more than its count"
                yield Fault("withheld-number", what, name, column=number, path=place(key))
        forbidden = _forbidden(row, wave.design)
        for number in sorted(forbidden & set(given)):
            what = f"the design is {wave.design}: this number may not be told"
            yield Fault("design-number", what, name, column=number, path=place(key))
        if key not in private:
            yield Fault("row-added", "a released row has no private one", name, path=place(key))
            continue
        for number in given:
            if row[number] != private[key][number] and not _shown_otherwise(row, private[key], number, weighted):
                yield Fault("other-number", "not the private number", name, column=number, path=place(key))
        if row["status"] == "released":
            for number in set(numbers) - set(given) - set(INTERVALS):
                if number == "base_weighted" and weighted:
                    continue  # with the margin it gives strata of the base
                if private[key][number] is not None and number not in forbidden:
                    what = "a released row misses a number"
                    yield Fault("number-lost", what, name, column=number, path=place(key))


def _shown_otherwise(row: dict[str, Any], private: dict[str, Any], number: str, weighted: bool) -> bool:
    """Whether a number differs as the gate makes it differ: adjusted apart from withheld tests, or rounded."""
    told, known = row[number], private[number]
    if known is None:
        return False
    if number == "p_adjusted" and row["adjustment"] in ("holm", "benjamini_hochberg"):
        return bool(told >= known * (0.99 if weighted else 1 - 1e-12))
    if not weighted or number in _COUNTS:
        return False
    if number == "effective_n":
        return bool(0 <= known - told < 1)
    change = 2 if row.get("statistic") == "difference" else 1
    step = 0.01 if row.get("unit") == "share" else 0.1
    return bool(abs(told - known) <= change * max(step, 0.01 * abs(known)))


def _forbidden(row: dict[str, Any], design: str) -> set[str]:
    """Numbers that the sample design does not allow in a released row."""
    if design == "probability":
        return set()
    if "p_value" in row:
        return set(INFERENCE)
    model = design == "census" and "fpc" in (row["method"] or "")
    return set() if model else set(INTERVALS)


def _bounded(faults: list[Fault], name: str) -> Iterator[Fault]:
    """Keep the first faults of each code, in a fixed order, and say how many more there are."""
    by_code: dict[str, list[Fault]] = {}
    for fault in sorted(faults, key=lambda f: (f.code, f.path or "", f.column or "")):
        by_code.setdefault(fault.code, []).append(fault)
    fix = "run the wave again with --force; if that does not help, the gate is at fault"
    for code, found in by_code.items():
        for fault in found[:_TOLD]:
            yield Fault(code, fault.what, fault.file, fault.row, fault.column, fault.path, fix)
        if len(found) > _TOLD:
            yield Fault(code, f"and {len(found) - _TOLD} more like this", name)
