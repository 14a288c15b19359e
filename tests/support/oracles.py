"""Oracles as they are printed, and what it is to hold them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parents[1] / "golden" / "r"


@cache
def numbers(name: str) -> dict[str, Any]:
    """Numbers written by the R script of that name."""
    return json.loads((FOLDER / f"{name}.json").read_text())


@dataclass(frozen=True)
class Oracle:
    """Numbers of a published source, and the function that must give them.

    `printed` holds them apart by spaces. `within` is a distance allowed where the source is coarser than its digits,
    and `why` says how that is known.
    """

    section: str
    label: str
    printed: str
    found: Callable[[], Any]
    within: float | None = None
    why: str = ""

    def __str__(self) -> str:
        return f"{self.section}: {self.label}"

    def faults(self) -> list[str]:
        """What does not round to the printed digits."""
        found, printed = np.atleast_1d(np.asarray(self.found(), dtype=float)).tolist(), self.printed.split()
        if len(found) != len(printed) or (self.within is None) != (self.why == ""):
            return [f"{len(found)} numbers for {self.printed!r}, within {self.within} because {self.why!r}"]
        return [
            f"{value} is not the printed {text}"
            for value, text in zip(found, printed, strict=True)
            # A printed 5 may have been rounded either way: a thousandth of the last digit is left.
            if not abs(value - float(text)) <= (self.within or half_a_unit(text) * 1.002)
        ]


def half_a_unit(printed: str) -> float:
    """Half a unit of the last printed digit: .5e-4 for .1234, .5e-9 for 2.97e-07."""
    digits, _, power = printed.partition("e")
    return 0.5 * 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))
