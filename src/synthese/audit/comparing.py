"""Two builds side by side: which numbers and artefacts were added, removed or changed.

Belongs here: comparing what two builds stored. Does not: saying which one is right.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from synthese.artefacts.store import MANIFEST
from synthese.audit.released import place, records
from synthese.errors import SyntheseError
from synthese.estimates import read_parquet
from synthese.files import sha256

Kind = Literal["wave", "estimate", "test", "artefact"]
Change = Literal["added", "removed", "changed"]

_WORDS = ("kind", "status", "text", "caption", "alt", "notes")
_TABLE = "application/vnd.synthese.table+json"


@dataclass(frozen=True)
class Difference:
    """One thing that two builds do not share.

    Parameters
    ----------
    wave : str
        Wave id, the folder's name.
    kind : {"wave", "estimate", "test", "artefact"}
        What differs.
    change : {"added", "removed", "changed"}
        Added = in the right build only.
    key : str
        Which one: ``F1 · echange_pairs · share``, an artefact's id.
    fields : tuple of (str, object, object)
        Column or part, left value, right value, exactly as stored; None = null or absent.
    """

    wave: str
    kind: Kind
    change: Change
    key: str
    fields: tuple[tuple[str, Any, Any], ...] = ()

    def __str__(self) -> str:
        parts = "; ".join(f"{name} {_told(left)} → {_told(right)}" for name, left, right in self.fields)
        return f"{self.wave}: {self.kind} {self.change}: {self.key}{f': {parts}' if parts else ''}"


def _told(value: Any) -> str:
    return "null" if value is None else repr(value)


def diff(left: Path, right: Path) -> list[Difference]:
    """Compare two builds.

    Parameters
    ----------
    left, right : Path
        Two studies, or two folders ``data/processed/<wave>``, which may have different names.

    Returns
    -------
    list of Difference
        By wave: estimates, tests, then artefacts; sorted by key within each. Values are compared exactly.

    Raises
    ------
    SyntheseError
        One of the two is no build, or holds a damaged file.
    """
    here, there = _waves(Path(left)), _waves(Path(right))
    if isinstance(here, Path) and isinstance(there, Path):
        return list(_wave(there.name, here, there))
    if isinstance(here, Path) or isinstance(there, Path):
        raise SyntheseError.of(
            "unlike-builds", "one of the two is a study and the other a wave", fix="give two studies or two waves"
        )
    out: list[Difference] = []
    for wave in sorted(here.keys() | there.keys()):
        if wave not in there:
            out.append(Difference(wave, "wave", "removed", wave))
        elif wave not in here:
            out.append(Difference(wave, "wave", "added", wave))
        else:
            out += _wave(wave, here[wave], there[wave])
    return out


def _waves(folder: Path) -> dict[str, Path] | Path:
    """Find the waves of a study's build, or the folder itself where it is a wave's."""
    if (folder / "estimates.parquet").is_file():
        return folder
    processed = folder / "data" / "processed"
    waves = {path.parent.name: path.parent for path in sorted(processed.glob("*/estimates.parquet"))}
    if not waves:
        raise SyntheseError.of(
            "not-a-build",
            "there are no released results here",
            file=folder,
            fix="name a study that was run, or one of its data/processed/<wave>",
        )
    return waves


def _wave(wave: str, left: Path, right: Path) -> Iterator[Difference]:
    for kind, name in (("estimate", "estimates.parquet"), ("test", "tests.parquet")):
        yield from _rows(wave, kind, _frame(left / name), _frame(right / name))  # type: ignore[arg-type]
    yield from _artefacts(wave, left, right)


Rows = Mapping[tuple[Hashable, ...], Mapping[str, Any]]


def _frame(path: Path) -> Rows:
    return records(read_parquet(path))


def _rows(wave: str, kind: Kind, left: Rows, right: Rows) -> Iterator[Difference]:
    # Two waves of different names are compared as if they had one: what is asked is whether numbers moved.
    here = {key[1:]: row for key, row in left.items()}
    there = {key[1:]: row for key, row in right.items()}
    for key in sorted(here.keys() | there.keys(), key=lambda key: [str(part or "") for part in key]):
        named = place((wave, *key))
        if key not in there:
            yield Difference(wave, kind, "removed", named, _numbers(here[key], left=True))
        elif key not in here:
            yield Difference(wave, kind, "added", named, _numbers(there[key], left=False))
        else:
            fields = tuple(
                (name, here[key][name], there[key][name])
                for name in here[key]
                if name != "wave" and here[key][name] != there[key][name]
            )
            if fields:
                yield Difference(wave, kind, "changed", named, fields)


def _numbers(row: Mapping[str, Any], *, left: bool) -> tuple[tuple[str, Any, Any], ...]:
    shown = [name for name in ("value", "p_value", "count", "base", "status") if row.get(name) is not None]
    return tuple((name, row[name], None) if left else (name, None, row[name]) for name in shown)


# Artefacts


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["artefacts"])
    except (ValueError, KeyError, TypeError) as error:
        raise SyntheseError.of("damaged-manifest", "the manifest is not readable", file=path) from error


def _artefacts(wave: str, left: Path, right: Path) -> Iterator[Difference]:
    here, there = _manifest(left), _manifest(right)
    for id in sorted(here.keys() | there.keys()):
        if id not in there:
            yield Difference(wave, "artefact", "removed", id, (("text", here[id].get("text"), None),))
        elif id not in here:
            yield Difference(wave, "artefact", "added", id, (("text", None, there[id].get("text")),))
        else:
            fields = (*_words(here[id], there[id]), *_files(left, right, here[id], there[id]))
            if fields:
                yield Difference(wave, "artefact", "changed", id, fields)


def _words(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in _WORDS:
        if left.get(name) != right.get(name):
            yield name, left.get(name), right.get(name)


def _files(left: Path, right: Path, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    here = {file["media_type"]: file for file in one.get("files", ())}
    there = {file["media_type"]: file for file in other.get("files", ())}
    for media in sorted(here.keys() | there.keys()):
        first, second = (_digest(folder, found.get(media)) for folder, found in ((left, here), (right, there)))
        if first == second:
            continue
        yield media, first, second
        if media == _TABLE and first and second:
            yield from _cells(_stored(left, here[media]), _stored(right, there[media]))


def _stored(folder: Path, file: Mapping[str, Any]) -> Path:
    """Find a file of the manifest, whose path is relative to the study, in a wave's folder wherever that lies."""
    return folder / "artefacts" / Path(file["path"]).name


def _digest(folder: Path, file: Mapping[str, Any] | None) -> str | None:
    if file is None:
        return None
    path = _stored(folder, file)
    return sha256(path) if path.is_file() else str(file["sha256"])


def _cells(left: Path, right: Path) -> Iterator[tuple[str, Any, Any]]:
    """Compare two tables cell by cell, where they have the same shape."""
    if not (left.is_file() and right.is_file()):
        return
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in (left, right))
    for part in ("head", "body"):
        if [len(row) for row in one[part]] != [len(row) for row in other[part]]:
            yield f"shape of {part}", [len(row) for row in one[part]], [len(row) for row in other[part]]
            continue
        for row, (before, after) in enumerate(zip(one[part], other[part], strict=True), start=1):
            for column, (first, second) in enumerate(zip(before, after, strict=True), start=1):
                if first.get("text") != second.get("text"):
                    yield f"{part} row {row} cell {column}", first.get("text"), second.get("text")
