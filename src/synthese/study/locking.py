"""One at a time on a study: the lock that every run and every rendering takes.

Belongs here: the lock. Does not: what is done under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from synthese.errors import SyntheseError
from synthese.files import told_where
from synthese.study.folders import Study


@contextmanager
def alone(study: Study) -> Iterator[None]:
    """Keep every other run, and every other rendering, away from a study.

    Raises
    ------
    SyntheseError
        Another one is at work on it.
    """
    processed = study.root / "data" / "processed"
    with told_where(Path(study.relative(processed))):
        processed.mkdir(parents=True, exist_ok=True)
        lock = FileLock(processed / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise SyntheseError.of(
                "already-running",
                "another run is at work on this study",
                file=study.relative(processed),
                fix="wait for it to end, or stop it",
            ) from error
    try:
        yield
    finally:
        lock.release()
