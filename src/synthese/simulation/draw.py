"""Drawing answers that add up: exact counts, chosen with unequal odds.

Belongs here: draws on arrays of respondents. Does not: questions, plans.

Choosing the k highest of log-odds plus Gumbel noise draws k units without replacement with unequal
probabilities, one after the other (Vieira, 2014; Kool, van Hoof and Welling, 2019); it keeps a planned
count exact while dependencies decide who makes it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np
import numpy.typing as npt

from synthese.errors import SyntheseError

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.object_]


def generator(seed: int, *names: str) -> np.random.Generator:
    """Make a generator for one thing to draw: adding a question leaves the draws of the others as they were."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32("/".join(names).encode())])))


def choose(rng: np.random.Generator, log_odds: Floats, pool: Bools, count: int) -> Bools:
    """Choose ``count`` of a pool one after the other, each time with probabilities ∝ ``exp(log_odds)``."""
    scores = np.where(pool, log_odds, -np.inf) + rng.gumbel(size=len(pool))
    chosen = np.zeros(len(pool), dtype=bool)
    chosen[np.argsort(-scores, kind="stable")[:count]] = True
    return chosen & pool & np.isfinite(log_odds)


def single(
    rng: np.random.Generator,
    pool: Bools,
    weights: Mapping[str, Floats],
    counts: Mapping[str, int],
    place: str,
) -> Codes:
    """Draw one option for each of a pool.

    Parameters
    ----------
    rng : Generator
        Where chance comes from.
    pool : ndarray of bool, shape (n,)
        Who answers.
    weights : mapping of str to ndarray, shape (n,)
        Log-odds of each option, by respondent; ``-inf`` = impossible.
    counts : mapping of str to int
        Exact counts; options without one share what is left by their weights.
    place : str
        Name of the question, for messages.

    Returns
    -------
    ndarray of str, shape (n,)
        Option code, ``""`` outside the pool.

    Raises
    ------
    SyntheseError
        The counts cannot be met by this pool.
    """
    out = np.full(len(pool), "", dtype=object)
    left = pool.copy()
    free = [code for code in weights if code not in counts]
    if sum(counts.values()) > pool.sum() or (not free and sum(counts.values()) != pool.sum()):
        raise SyntheseError.of(
            "plan-counts",
            f"{place}: the counts add up to {sum(counts.values())}, but {pool.sum()} answer",
            fix="make the counts and `answered` agree",
        )
    for code in sorted(counts, key=lambda c: counts[c]):
        chosen = choose(rng, weights[code], left, counts[code])
        if chosen.sum() < counts[code]:
            raise SyntheseError.of(
                "plan-counts", f"{place}: {counts[code]} × {code!r} is more than can answer so", fix="lower it"
            )
        out[chosen] = code
        left &= ~chosen
    if free and left.any():
        scores = np.stack([weights[code] + rng.gumbel(size=len(pool)) for code in free])
        best = np.argmax(scores, axis=0)
        out[left] = np.array(free, dtype=object)[best[left]]
    return out


def _move(rng: np.random.Generator, ticks: Bools, option: int, givers: Bools, takers: Bools) -> bool:
    """Hand one tick of an option from one respondent to another; False where nobody can give or take."""
    if not givers.any() or not takers.any():
        return False
    giver, taker = rng.choice(np.flatnonzero(givers)), rng.choice(np.flatnonzero(takers))
    ticks[giver, option], ticks[taker, option] = False, True
    return True


def _loosen(rng: np.random.Generator, ticks: Bools, pool: Bools, fixed: Bools, maximum: int) -> None:
    """Drop and add ticks of options whose count is free, in place; what cannot be settled so is left."""
    keys = np.where(ticks, rng.random(ticks.shape) + 10.0 * fixed, -1.0)
    rank = np.argsort(np.argsort(-keys, axis=1, kind="stable"), axis=1)
    over = pool & (ticks.sum(axis=1) > maximum)
    ticks[over] &= ((rank < maximum) | fixed)[over]
    empty = pool & ~ticks.any(axis=1)
    free = np.flatnonzero(~fixed)
    if len(free):
        liked = ticks[:, free].sum(axis=0) + 1.0
        ticks[empty, rng.choice(free, int(empty.sum()), p=liked / liked.sum())] = True


def level(
    rng: np.random.Generator,
    ticks: Bools,
    pool: Bools,
    strata: Ints,
    fixed: Bools,
    maximum: int,
    place: str,
) -> None:
    """Hand ticks around, in place, until all of a pool have 1 to ``maximum``; planned counts stay as they are.

    Parameters
    ----------
    rng : Generator
        Where chance comes from.
    ticks : ndarray of bool, shape (n, options)
        What is ticked.
    pool : ndarray of bool, shape (n,)
        Who answers and may hold any of these options.
    strata : ndarray of int, shape (n, options)
        Ticks of an option move only between respondents of one stratum.
    fixed : ndarray of bool, shape (options,)
        Options whose count is planned exactly.
    maximum : int
        Most ticks a respondent may have.
    place : str
        Name of the question, for messages.
    """
    _loosen(rng, ticks, pool, fixed, maximum)
    held = ticks.sum(axis=1)
    for person in np.flatnonzero(pool & ((held > maximum) | (held == 0))):
        me = np.arange(len(pool)) == person
        while ticks[person].sum() > maximum:
            mine = rng.permutation(np.flatnonzero(ticks[person]))
            takers = pool & (ticks.sum(axis=1) < maximum)
            if any(_move(rng, ticks, o, me, takers & ~ticks[:, o] & (strata[:, o] == strata[person, o])) for o in mine):
                continue
            raise _unlevel(place, f"more than {maximum} ticks for someone")
        if not ticks[person].any():
            options = rng.permutation(ticks.shape[1])
            givers = pool & (ticks.sum(axis=1) > 1)
            if any(
                _move(rng, ticks, o, givers & ticks[:, o] & (strata[:, o] == strata[person, o]), me) for o in options
            ):
                continue
            raise _unlevel(place, "too few ticks for everyone who answers to have one")


def _unlevel(place: str, why: str) -> SyntheseError:
    return SyntheseError.of("plan-counts", f"{place}: the counts leave {why}", fix="change a count, or how many answer")


def skewed(rng: np.random.Generator, size: int, median: float, spread: float, step: float) -> Floats:
    """Draw log-normal numbers, rounded to multiples of ``step``."""
    raw = median * np.exp(spread * rng.standard_normal(size))
    return np.asarray(np.round(raw / step) * step, dtype=np.float64)
