"""What a wave's manifest lists, checked against the files on disk.

Belongs here: reading ``manifest.json`` for rendering. Does not: writing it (`synthese.artefacts`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthese.errors import Fault, SyntheseError
from synthese.files import sha256

TABLE = "application/vnd.synthese.table+json"
SHOWN = ("released", "count_only")


@dataclass(frozen=True)
class Entry:
    """One artefact as the manifest lists it.

    Parameters
    ----------
    id, kind : str
        ``fig-modalites`` and ``figure``, ``table``, ``value`` or ``sentence``.
    files : mapping of str to Path
        Media type to path, absolute.
    fields : mapping
        The manifest's record as it stands.
    """

    id: str
    kind: str
    files: Mapping[str, Path]
    fields: Mapping[str, Any]

    @property
    def withheld(self) -> bool:
        """Whether the gate held it back: a line stands in its place."""
        return self.fields.get("status", "released") not in SHOWN


def read_manifest(root: Path, wave_id: str) -> tuple[Entry, ...]:
    """Read ``data/processed/<wave>/manifest.json`` and check every file it lists.

    Returns
    -------
    tuple of Entry
        Sorted by id.

    Raises
    ------
    SyntheseError
        The manifest is missing or is not what this version reads, or files are missing or were changed
        since the notebooks wrote them: every one of them at once.
    """
    path = root / "data" / "processed" / wave_id / "manifest.json"
    place = path.relative_to(root).as_posix()
    again = f"run `synthese run --wave {wave_id}` again"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SyntheseError.of("no-manifest", "this wave has no artefacts yet", file=place, fix=again) from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SyntheseError.of("not-json", "the manifest is not JSON", file=place, fix=again) from error
    if not isinstance(content, dict) or content.get("schema") != 1:
        raise SyntheseError.of(
            "manifest-schema", "the manifest has another layout than schema 1", file=place, fix=again
        )
    faults: list[Fault] = []
    entries = []
    for name, fields in sorted(content["artefacts"].items()):
        found = {}
        for listed in fields.get("files", ()):
            file = root / listed["path"]
            if not file.is_file():
                faults.append(
                    Fault(
                        "missing-artefact",
                        f"a file of the artefact {name!r} is missing",
                        file=listed["path"],
                        fix=again,
                    )
                )
            elif sha256(file) != listed["sha256"]:
                faults.append(
                    Fault(
                        "changed-artefact",
                        f"a file of the artefact {name!r} is not the one that its notebook wrote",
                        file=listed["path"],
                        fix=again,
                    )
                )
            found[listed["media_type"]] = file
        entry = Entry(name, fields["kind"], found, fields)
        faults += _faults(entry, place)
        entries.append(entry)
    if faults:
        raise SyntheseError(faults)
    return tuple(entries)


def _faults(entry: Entry, place: str) -> list[Fault]:
    needed = {"figure": "image/svg+xml", "table": TABLE}.get(entry.kind)
    path = f"artefacts.{entry.id}"
    if needed is None or entry.withheld:
        if not entry.fields.get("text"):
            return [Fault("no-text", "an artefact shown as text has no text", file=place, path=path)]
        return []
    if needed not in entry.files:
        return [Fault("no-file", f"a {entry.kind} has no file of media type {needed}", file=place, path=path)]
    missing = [key for key in ("caption", "alt") if not entry.fields.get(key) and (key, entry.kind) != ("alt", "table")]
    return [Fault("no-words", f"a {entry.kind} has no {key}", file=place, path=path) for key in missing]
