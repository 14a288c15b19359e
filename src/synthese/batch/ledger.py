"""The ledger: what was made from what, so that nothing is made twice and nothing stale is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from synthese.files import sha256, write_json
from synthese.study import Study


@dataclass(frozen=True)
class Entry:
    """A finished task.

    Parameters
    ----------
    key : str
        Hash of all that it depended on.
    outputs : dict of str to str
        Files it made, relative to the study, with their sha256.
    """

    key: str
    outputs: dict[str, str]


class Ledger:
    """Finished tasks of one wave, stored under its ``private/`` folder."""

    def __init__(self, study: Study, wave: str) -> None:
        self._study = study
        self.path: Path = study.private(wave) / "ledger.json"
        self._entries: dict[str, Entry] = {}
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            self._entries = {name: Entry(e["key"], dict(e["outputs"])) for name, e in stored.items()}
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):
            # A damaged ledger only means that the work is done again.
            self._entries = {}

    def outputs(self, task: str) -> dict[str, str]:
        """Files that a task made, with their sha256; empty if it was never finished."""
        return dict(self._entries[task].outputs) if task in self._entries else {}

    def is_current(self, task: str, key: str) -> bool:
        """Whether a task was finished from the same things, and its files are still as it left them."""
        entry = self._entries.get(task)
        if entry is None or entry.key != key or not entry.outputs:
            return False
        files = {self._study.root / path: digest for path, digest in entry.outputs.items()}
        return all(path.is_file() and sha256(path) == digest for path, digest in files.items())

    def forget(self, task: str) -> None:
        """Take a task out before it is run again: what it leaves half-way is not current."""
        if self._entries.pop(task, None) is not None:
            self._store()

    def record(self, task: str, key: str, outputs: list[Path]) -> None:
        """Enter a finished task."""
        hashed = {self._study.relative(path): sha256(path) for path in sorted(outputs)}
        self._entries[task] = Entry(key, hashed)
        self._store()

    def _store(self) -> None:
        write_json(self.path, {n: {"key": e.key, "outputs": e.outputs} for n, e in self._entries.items()})
