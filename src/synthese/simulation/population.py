"""Simulated respondents and their answers in codes, before any tool writes them.

Belongs here: who is asked, who answers, what; in the order that dependencies want. Does not: labels,
identities, file formats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from synthese.codebook import Codebook, Question, variable
from synthese.errors import SyntheseError
from synthese.simulation import draw
from synthese.simulation.agenda import base, check, order, units
from synthese.simulation.draw import Bools, Codes, Floats, Ints
from synthese.simulation.plan import Plan, QuestionPlan

_COMMENTING = 0.3  # share who write a comment where nothing is planned
_OTHER = 0.06  # share of « Autre » where nothing is planned


@dataclass
class Population:
    """Answers of ``size`` respondents, by question or grid row (*unit*); filled unit by unit.

    Parameters
    ----------
    size : int
        Respondents.
    numbers_of : ndarray of int, shape (size,)
        Number of each respondent across waves: whoever answers two waves keeps theirs.
    asked, answered : dict of str to ndarray of bool
        Whom the routing reached; who answered.
    codes : dict of str to ndarray of str
        Single choices, ordinals and grid rows: option code, ``""`` where unanswered.
    ticks : dict of str to dict of str to ndarray of bool
        Multiple responses, by option.
    values : dict of str to ndarray of float
        Numbers, NaN where unanswered.
    ranks : dict of str to ndarray of int, shape (size, items)
        Rank of each item, 0 where unranked.
    """

    size: int
    numbers_of: Ints
    asked: dict[str, Bools] = field(default_factory=dict)
    answered: dict[str, Bools] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)
    ticks: dict[str, dict[str, Bools]] = field(default_factory=dict)
    values: dict[str, Floats] = field(default_factory=dict)
    ranks: dict[str, Ints] = field(default_factory=dict)

    def gave(self, unit: str, codes: tuple[str, ...]) -> Bools:
        """Who gave one of some answers."""
        if unit in self.ticks:
            return np.asarray(np.logical_or.reduce([self.ticks[unit][code] for code in codes]), dtype=np.bool_)
        return np.asarray(np.isin(self.codes[unit].astype(str), codes), dtype=np.bool_)


@dataclass(frozen=True)
class _Drawing:
    """What the drawing of one unit needs."""

    codebook: Codebook
    wave: str
    plan: Plan
    people: Population
    unit: str
    question: Question
    rng: np.random.Generator

    @property
    def mine(self) -> QuestionPlan:
        return self.plan.of(self.unit)

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.question.options if option.offered(self.wave))

    def groups(self, name: str) -> Codes:
        """Group of each respondent by a question or a regrouping of one."""
        codes = self.people.codes[base(name)]
        if "@" not in name:
            return codes
        groups = variable(self.codebook, name, self.wave).groups or {}
        return np.array([groups.get(code, "") for code in codes], dtype=object)

    def log_odds(self, code: str, start: float) -> Floats:
        """Log-odds of an option: its own, plus the effects of other answers."""
        out = np.full(self.people.size, start)
        for effect in self.plan.effects:
            if effect.on == f"{self.unit}.{code}":
                hit = np.logical_and.reduce([self.people.gave(u, c) for u, c in effect.when.items()])
                out[hit] += np.log(effect.times)
        if self.mine.among is not None:
            of = {g for g, codes in self.mine.among.options.items() if code in codes}
            out[~np.isin(self.people.codes[self.mine.among.by].astype(str), sorted(of))] = -np.inf
        return out


def _answering(d: _Drawing, asked: Bools, rate: float, fatigue: Floats) -> Bools:
    """Who of those asked answers: exactly as planned, else by the rate; the tired leave out more."""
    mine = d.mine
    if mine.table and mine.by is not None:
        answered = np.zeros(d.people.size, dtype=bool)
        groups = d.groups(mine.by)
        for group, counts in mine.table.items():
            pool = asked & (groups == group)
            if sum(counts.values()) > pool.sum():
                raise SyntheseError.of(
                    "plan-counts",
                    f"{d.unit}: the table has {sum(counts.values())} in {group!r}, where {pool.sum()} are asked",
                    fix=f"make it agree with {mine.by}",
                )
            answered |= draw.choose(d.rng, -fatigue, pool, sum(counts.values()))
        return answered
    total = int(asked.sum())
    if mine.answered is not None:
        count = mine.answered
    elif mine.counts and d.question.type != "multiple" and set(mine.counts) == set(d.options):
        count = sum(mine.counts.values())
    elif d.question.required:
        count = total
    elif d.question.role == "comment":
        count = int(d.rng.binomial(total, _COMMENTING))
    else:
        count = int(d.rng.binomial(total, 1 - rate))
    if count > total:
        raise SyntheseError.of(
            "plan-counts", f"{d.unit}: {count} should answer, but {total} are asked", fix="lower `answered`"
        )
    return draw.choose(d.rng, -fatigue, asked, count)


def _shares(d: _Drawing) -> dict[str, float]:
    """Probability of each option: planned, or drawn uneven."""
    out = {}
    for option in d.question.options:
        if option.code in d.options:
            drawn = _OTHER if option.other or option.exclusive else float(0.15 + 0.7 * d.rng.beta(1.5, 2))
            out[option.code] = min(max(d.mine.shares.get(option.code, drawn), 1e-9), 1 - 1e-9)
    return out


def _single(d: _Drawing, pool: Bools, fixed: Codes | None) -> None:
    shares = _shares(d)
    weights = {code: d.log_odds(code, float(np.log(share))) for code, share in shares.items()}
    out = np.full(d.people.size, "", dtype=object) if fixed is None else np.where(pool, fixed, "")
    left = pool & (out == "")
    if d.mine.table and d.mine.by is not None:
        groups = d.groups(d.mine.by)
        parts = [(groups == group, counts) for group, counts in d.mine.table.items()]
    else:
        parts = [(pool, d.mine.counts)]
    for who, counts in parts:
        rest = {code: count - int((out[who] == code).sum()) for code, count in counts.items()}
        if min(rest.values(), default=0) < 0:
            raise SyntheseError.of(
                "plan-counts", f"{d.unit}: the panel alone is more than a planned count", fix="raise the count"
            )
        drawn = draw.single(d.rng, left & who, weights, rest, d.unit)
        out = np.where(left & who, drawn, out)
    d.people.codes[d.unit] = out


def _multiple(d: _Drawing, pool: Bools) -> None:
    shares = _shares(d)
    exclusive = {option.code for option in d.question.options if option.exclusive}
    size, codes = d.people.size, d.options
    ticks = np.zeros((size, len(codes)), dtype=bool)
    strata = np.zeros((size, len(codes)), dtype=np.int64)
    fixed = np.zeros(len(codes), dtype=bool)
    within = {w.option: w for w in d.mine.within}
    free = pool.copy()
    for code in sorted(codes, key=lambda c: c not in exclusive):
        column = codes.index(code)
        odds = d.log_odds(code, 0.0)
        fixed[column] = code in d.mine.counts or code in within
        if code in within:
            groups = d.groups(within[code].by)
            parts = [(free & (groups == g), k) for g, k in within[code].counts.items()]
            strata[:, column] = np.unique(groups.astype(str), return_inverse=True)[1]
        else:
            drawn = int(d.rng.binomial(int(free.sum()), shares[code]))
            parts = [(free, d.mine.counts.get(code, drawn))]
        for who, count in parts:
            chosen = draw.choose(d.rng, odds, who, count)
            if chosen.sum() < count:
                raise SyntheseError.of(
                    "plan-counts", f"{d.unit}.{code}: {count} ticks, but {who.sum()} can tick", fix="lower it"
                )
            ticks[chosen, column] = True
        if code in exclusive:
            free &= ~ticks[:, column]
    common = [i for i, code in enumerate(codes) if code not in exclusive]
    if common:
        part = ticks[:, common]
        most = d.question.maximum or len(common)
        draw.level(d.rng, part, free, strata[:, common], fixed[common], most, d.unit)
        ticks[:, common] = part
    d.people.ticks[d.unit] = {code: ticks[:, i] for i, code in enumerate(codes)}


def _ranking(d: _Drawing, pool: Bools) -> None:
    items = [row for row in d.question.rows if row.waves is None or d.wave in row.waves]
    liking = d.rng.normal(size=len(items))
    scores = liking + d.rng.gumbel(size=(d.people.size, len(items)))
    ranks = np.argsort(np.argsort(-scores, axis=1), axis=1) + 1
    ranks[ranks > (d.question.maximum or len(items))] = 0
    ranks[~pool] = 0
    d.people.ranks[d.unit] = ranks


def _numeric(d: _Drawing, pool: Bools) -> None:
    question = d.question
    low = question.minimum_value if question.minimum_value is not None else 0.0
    high = question.maximum_value if question.maximum_value is not None else np.inf
    step = 1.0 if question.integer else d.mine.step
    if np.isfinite(high) and high - low <= 20 and d.mine.median is None:
        drawn = low + np.round((high - low) * d.rng.beta(3, 1.5, d.people.size) / step) * step
    else:
        drawn = draw.skewed(d.rng, d.people.size, d.mine.median or 5.0, d.mine.spread, step)
    d.people.values[d.unit] = np.where(pool, np.clip(drawn, low, high), np.nan)


def populate(
    codebook: Codebook, wave: str, size: int, seed: int, plan: Plan, previous: Population | None = None
) -> Population:
    """Draw the respondents of a wave and their answers.

    Parameters
    ----------
    codebook : Codebook
        What is asked.
    wave : str
        Wave id.
    size : int
        Respondents.
    seed : int
        Same codebook, plan, size and seed: same answers.
    plan : Plan
        What must hold; what it leaves open is drawn.
    previous : Population, optional
        Respondents of the wave that ``plan.panel`` names.

    Raises
    ------
    SyntheseError
        The plan names what the wave does not ask, or its counts cannot be met.
    """
    codebook = codebook.put_in(wave)
    check(codebook, wave, plan)
    known = units(codebook, wave)
    panel = np.empty(0, dtype=np.int64)
    first = 1
    if plan.panel is not None:
        if previous is None or plan.panel.count > min(size, previous.size):
            raise SyntheseError.of(
                "plan-panel", f"wave {plan.panel.wave!r} cannot give {plan.panel.count} respondents",
                fix="give its population, or lower the panel's count",
            )  # fmt: skip
        rng = draw.generator(seed, wave, "panel")
        panel = np.sort(rng.choice(previous.size, plan.panel.count, replace=False))
        first = int(previous.numbers_of.max()) + 1
    old = previous.numbers_of[panel] if previous is not None else panel
    people = Population(size, np.concatenate([old, np.arange(first, first + size - len(panel))]).astype(np.int64))
    fatigue = draw.generator(seed, wave, "fatigue").normal(0.0, 1.0, size)
    places = {unit: place for place, unit in enumerate(known)}
    kinds: dict[str, Callable[[_Drawing, Bools], None]] = {
        "multiple": _multiple,
        "ranking": _ranking,
        "numeric": _numeric,
    }
    for unit in order(known, plan):
        question = known[unit]
        d = _Drawing(codebook, wave, plan, people, unit, question, draw.generator(seed, wave, unit))
        asked = np.ones(size, dtype=bool)
        if question.routing is not None:
            asked = people.gave(question.routing.question, question.routing.any_of)
        how_far = places[unit] / max(len(known) - 1, 1)
        rate = plan.non_response.first + (plan.non_response.last - plan.non_response.first) * how_far**2
        answered = _answering(d, asked, rate, fatigue)
        people.asked[unit], people.answered[unit] = asked, answered
        if question.type in ("single", "ordinal", "grid"):
            fixed = None
            if plan.panel is not None and previous is not None and unit in plan.panel.keep:
                fixed = np.full(size, "", dtype=object)
                fixed[: len(panel)] = previous.codes[unit][panel]
            _single(d, answered, fixed)
        elif question.type in kinds:
            kinds[question.type](d, answered)
    return people
