"""Progress, told by whoever works to whoever listens.

Belongs here: the event and the listener's type. Does not: how an event is shown (`cli`) or kept (`batch`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["start", "step", "done", "skip", "warn", "fail"]


@dataclass(frozen=True)
class Event:
    """One step of progress.

    Parameters
    ----------
    kind : {"start", "step", "done", "skip", "warn", "fail"}
        What happened to the task.
    wave : str
        The wave worked on, or ``""``.
    task : str
        A notebook's name or ``"render"``.
    detail : str
        The step inside the task (a cell's first words, an output path, a reason).
    done, total : int
        Steps done and planned within the task; ``total == 0`` where unknown.
    seconds : float, optional
        Wall time of a finished task.
    """

    kind: Kind
    wave: str
    task: str
    detail: str = ""
    done: int = 0
    total: int = 0
    seconds: float | None = None


Listener = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Listen to nothing."""
