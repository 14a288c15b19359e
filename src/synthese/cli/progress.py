"""Progress as lines of text: wave, notebook, step."""

from __future__ import annotations

import threading

from rich.console import Console

from synthese.events import Event

_MARKS = {"start": "…", "step": " ", "done": "✓", "skip": "=", "warn": "!", "fail": "✗"}
_PLAIN = {"start": ">", "step": " ", "done": "ok", "skip": "=", "warn": "!", "fail": "X"}


class Printer:
    """Prints events, one a line, on a terminal and in a log alike; several waves may work at once.

    Parameters
    ----------
    console : Console
        Where to print.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._lock = threading.Lock()
        unicode = (self._console.encoding or "").lower().replace("-", "") in ("utf8", "utf16")
        self._marks = _MARKS if unicode else _PLAIN

    def __call__(self, event: Event) -> None:
        """Print one event."""
        with self._lock:
            self._console.print(self.line(event), markup=False)

    def line(self, event: Event) -> str:
        """Say one event in one line."""
        step = f"{event.done}/{event.total}" if event.total else ""
        seconds = f"{event.seconds:.1f} s" if event.seconds is not None else ""
        parts = [step, event.detail, seconds]
        return (
            f"{self._marks[event.kind]:<2} {event.wave:<8} {event.task:<16} {' '.join(p for p in parts if p)}".rstrip()
        )
