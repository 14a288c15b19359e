"""Predicates of sentences, on released estimates.

Belongs here: the tests a sentence can be made to depend on. Does not: sentences (`claims`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from synthese.editorial.agreement import LEAST_POINTS, between_waves, contradicted
from synthese.editorial.facts import Fact
from synthese.formatting.numbers import PERCENT_WITH_COUNT
from synthese.formatting.rounding import exact

Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class Condition:
    """A test with the names it needs and its wording for messages.

    Parameters
    ----------
    names : tuple of str
        Names of the estimates it looks at.
    wording : str
        In English: ``pairs is at least 80 %``.
    test : callable
        Says whether it holds.
    why : callable
        Says in French why it does not, where the numbers shown do not tell; None elsewhere.
    ordered : bool
        Whether it holds only where the first of two shares is the higher one.
    """

    names: tuple[str, ...]
    wording: str
    test: Callable[[Facts], bool]
    why: Callable[[Facts], str | None] = field(default=lambda _facts: None)
    ordered: bool = False

    def holds(self, facts: Facts) -> bool:
        """Whether it holds for these estimates."""
        return self.test(facts)


def _share(value: Fraction | None) -> Fraction:
    if value is None:
        raise ValueError("a condition on shares was given something else: use `Ref` with a share")
    return value


def at_least(name: str, share: float) -> Condition:
    """Hold when a share, unrounded, is ``share`` or more; in a probability sample, when its lower bound is."""
    return Condition((name,), f"{name} is at least {share:.0%}", lambda f: _share(f[name].low) >= exact(share))


def at_most(name: str, share: float) -> Condition:
    """Hold when a share, unrounded, is ``share`` or less; in a probability sample, when its upper bound is."""
    return Condition((name,), f"{name} is at most {share:.0%}", lambda f: _share(f[name].high) <= exact(share))


def between(name: str, low: float, high: float) -> Condition:
    """Hold when a share, unrounded, lies in [low, high]; in a probability sample, when its interval does."""
    return Condition(
        (name,),
        f"{name} is between {low:.0%} and {high:.0%}",
        lambda f: exact(low) <= _share(f[name].low) and _share(f[name].high) <= exact(high),
    )


def called(name: str, *bands: str) -> Condition:
    """Hold when a share in words is one of these expressions: ``called("general", "tres_grande_majorite")``."""

    def test(facts: Facts) -> bool:
        words = facts[name].phrase
        return words is not None and words.band.code in bands

    return Condition((name,), f"{name} is called {' or '.join(bands)}", test)


def synthetic(name: str) -> Condition:
    """Hold when the estimate's wave is made of synthetic data: what is said of such data must not outlive them."""
    return Condition((name,), f"{name} is of synthetic data", lambda f: f[name].released.synthetic)


def higher_than(name: str, other: str, points: float = 0) -> Condition:
    """Hold when a share is above another by more than nothing and by ``points`` or more, unrounded.

    Never holds under a base of 30. In a probability sample the lower bound of the one must pass the upper
    bound of the other. Elsewhere, between two waves, the gap must be of 10 points or more, and every variant
    must agree (`synthese.editorial.agreement`).
    """

    def apart(facts: Facts) -> bool:
        one, two = facts[name], facts[other]
        if min(one.estimate.base or 0, two.estimate.base or 0) < PERCENT_WITH_COUNT:
            return False
        gap = _share(one.low) - _share(two.high)
        least = max(points, LEAST_POINTS) if between_waves(one, two) else points
        return gap > 0 and gap * 100 >= exact(least)

    def why(facts: Facts) -> str | None:
        return contradicted(facts[name], facts[other]) if apart(facts) else None

    wording = f"{name} is higher than {other}" + (f" by {points:g} points" if points else "")
    return Condition((name, other), wording, lambda facts: apart(facts) and why(facts) is None, why, ordered=True)


def close_to(name: str, other: str, points: float) -> Condition:
    """Hold when two shares, unrounded, differ by ``points`` or less; never under a base of 30.

    In a probability sample the widest gap that both intervals allow must be as small.
    """

    def test(facts: Facts) -> bool:
        one, two = facts[name], facts[other]
        if min(one.estimate.base or 0, two.estimate.base or 0) < PERCENT_WITH_COUNT:
            return False
        gap = max(_share(one.high) - _share(two.low), _share(two.high) - _share(one.low))
        return gap * 100 <= exact(points)

    return Condition((name, other), f"{name} is within {points:g} points of {other}", test)


def leads_by(leaders: tuple[str, ...] | str, others: tuple[str, ...] | str, respondents: int = 1) -> Condition:
    """Hold when every leader was given by at least ``respondents`` more respondents than every other.

    Where bases differ (rows of a grid), the leaders' shares must be the higher ones too: more respondents of a
    larger base may be a smaller part of it.
    """
    first = (leaders,) if isinstance(leaders, str) else leaders
    rest = (others,) if isinstance(others, str) else others

    def test(facts: Facts) -> bool:
        ahead, behind = [facts[name] for name in first], [facts[name] for name in rest]
        smallest = min(fact.estimate.count or 0 for fact in ahead)
        if smallest - max(fact.estimate.count or 0 for fact in behind) < respondents:
            return False
        return min(_share(fact.share) for fact in ahead) > max(_share(fact.share) for fact in behind)

    wording = f"{', '.join(first)} lead {', '.join(rest)} by {respondents} respondents"
    return Condition((*first, *rest), wording, test)
