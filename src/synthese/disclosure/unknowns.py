"""Whole numbers that are not known, and what is known of their sums.

Belongs here: a system of linear facts and the extremes that a sum can reach in it. Does not: tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

World = NDArray[np.float64]
"""One value for each unknown."""

Sum = dict[int, float]
"""A sum of unknowns: coefficient by index."""


@dataclass
class Unknowns:
    """Whole numbers that are not negative, and what is known of their sums."""

    bounds: list[float] = field(default_factory=list)
    names: dict[tuple[object, ...], int] = field(default_factory=dict)
    facts: list[tuple[Sum, float, float]] = field(default_factory=list)
    statuses: list[tuple[Sum, float, float]] = field(default_factory=list)
    _systems: dict[bool, LinearConstraint] = field(default_factory=dict)

    def get(self, name: tuple[object, ...], most: float) -> int:
        """Index of an unknown, made when first named."""
        if name not in self.names:
            self.names[name] = len(self.bounds)
            self.bounds.append(most)
        return self.names[name]

    def say(self, total: Sum, least: float = 0.0, most: float = np.inf, *, statuses: bool = False) -> None:
        """State that a sum lies between two values; ``statuses``: only for whoever knows each cell's status."""
        if total:
            (self.statuses if statuses else self.facts).append((total, least, most))
            self._systems.clear()

    def extreme(self, total: Sum, sign: float, *, informed: bool) -> World | None:
        """Find values that fit what is known and make a sum least (sign 1) or greatest (-1); None if none fit.

        Returns
        -------
        ndarray, shape (unknowns,), or None
            A solution in whole numbers.
        """
        n = len(self.bounds)
        objective = np.zeros(n)
        for index, coefficient in total.items():
            objective[index] = sign * coefficient
        found = milp(
            objective,
            integrality=np.ones(n),
            bounds=Bounds(0, self.bounds),
            constraints=self._system(informed=informed),
        )
        if found.x is None:
            return None
        solution: World = np.round(found.x)
        return solution

    def allows(self, world: World, *, informed: bool) -> bool:
        """Whether values fit what is known."""
        known = self._system(informed=informed)
        sums = known.A @ world
        return bool((sums >= known.lb).all() and (sums <= known.ub).all())

    def _system(self, *, informed: bool) -> LinearConstraint:
        if informed not in self._systems:
            facts = self.facts + (self.statuses if informed else [])
            matrix = np.zeros((len(facts), len(self.bounds)))
            for i, (fact, _, _) in enumerate(facts):
                for index, coefficient in fact.items():
                    matrix[i, index] = coefficient
            lows = np.array([low for _, low, _ in facts])
            highs = np.array([high for _, _, high in facts])
            self._systems[informed] = LinearConstraint(matrix, lows, highs)
        return self._systems[informed]


def add(*sums: Sum) -> Sum:
    """Add sums of unknowns."""
    out: Sum = {}
    for total in sums:
        for index, coefficient in total.items():
            out[index] = out.get(index, 0.0) + coefficient
    return {index: c for index, c in out.items() if c}


def minus(one: Sum, other: Sum) -> Sum:
    """Subtract a sum of unknowns."""
    return add(one, {index: -c for index, c in other.items()})


def value(total: Sum, solution: World) -> int:
    """Evaluate a sum in a solution."""
    return round(float(sum(coefficient * solution[index] for index, coefficient in total.items())))
