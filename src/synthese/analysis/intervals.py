"""Which interval a share gets: by the sample's design, or the one that a researcher asks for where it suits.

Belongs here: the rule, what it falls back on, and refusals. Does not: the formulas (`synthese.statistics`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from synthese.analysis.coding import Coded
from synthese.analysis.sampling import Sample
from synthese.errors import SyntheseError
from synthese.statistics.proportions import (
    arcsine,
    clopper_pearson,
    finite_population,
    korn_graubard,
    logit,
    wilson,
)
from synthese.statistics.results import Interval
from synthese.statistics.simultaneous import goodman, sison_glaz

_ALIKE: Final = ("wilson", "clopper_pearson", "logit", "arcsine")
_DESIGNED: Final = ("korn_graubard", "logit", "arcsine")
_TOGETHER: Final = {"goodman": goodman, "sison_glaz": sison_glaz}
_SCALES: Final[dict[str, Callable[[float, float, float | None, float], Interval | None]]] = {
    "logit": logit,
    "arcsine": arcsine,
}
INTERVALS: Final = tuple(dict.fromkeys((*_ALIKE, *_DESIGNED, *_TOGETHER)))

# What rounding leaves of a variance of 0, against that of as many drawn at random.
_NOTHING = 1e-16

Found = tuple[Interval | None, str | None]
"""An interval, or the reason code of why there is none."""


def check_interval(coded: Coded, sample: Sample) -> None:
    """Refuse an interval that does not suit a question or the sample.

    Raises
    ------
    SyntheseError
        ``bad-interval``: unknown, made for another design, or for another type of question.
    """
    name, kind = sample.interval, coded.variable.kind
    if name is None:
        return
    known = _suited(sample)
    if name not in INTERVALS:
        raise _refused(f"there is no interval {name!r}", [*known, *(_TOGETHER if sample.design is None else ())])
    if kind in ("numeric", "open"):
        what = f"{coded.variable.id} is {kind}: {name} is an interval of shares"
        raise SyntheseError.of("bad-interval", what, fix="leave `interval` out: means and quantiles have their own")
    if name in _TOGETHER and sample.design is None:
        if not coded.exclusive:
            what = f"{name} is for a question with one answer, {coded.variable.id} is {kind}"
            raise _refused(what, known)
        return
    if name not in known:
        raise _refused(_unsuited(name, sample), known)


def _suited(sample: Sample) -> Sequence[str]:
    return _ALIKE if sample.design is None else _DESIGNED


def _unsuited(name: str, sample: Sample) -> str:
    if sample.design is None:
        return f"{name} needs weights or a design: here every answer counts alike"
    return f"{name} takes every answer to count alike: this wave has weights or a design"


def _refused(what: str, known: Sequence[str]) -> SyntheseError:
    return SyntheseError.of("bad-interval", what, fix=f"one of {', '.join(known)}; or leave `interval` out")


def together(counts: Sequence[int], sample: Sample) -> list[Found] | None:
    """Joint intervals of all the options of a question, where they were asked for; None where not.

    Parameters
    ----------
    counts : sequence of int
        Respondents by option; they add up to the base.
    sample : Sample
        What they stand for, and the interval asked for.
    """
    method = _TOGETHER.get(sample.interval or "")
    if method is None:
        return None
    found = method(list(counts), sample.confidence)
    if found is None:
        return [(None, "no-variation" if sum(counts) else "empty-base")] * len(counts)
    return [(one, None) for one in found]


def alike(count: int, base: int, sample: Sample) -> Found:
    """Interval of a share where every answer counts alike: Wilson's, or the one that was asked for.

    On the logit or arcsine scale a share of 0 or 1 has none: Clopper and Pearson's is given.
    """
    name = sample.interval or "wilson"
    if name in _TOGETHER:
        what = f"{name} bounds the shares of one whole question, not those of a cross"
        raise _refused(what, _ALIKE)
    if name not in _ALIKE:
        raise _refused(_unsuited(name, sample), _ALIKE)
    if name == "wilson":
        return wilson(count, base, sample.confidence, sample.population), None
    if name == "clopper_pearson" or count in (0, base):
        return clopper_pearson(count, base, sample.confidence), None
    share = count / base
    variance = share * (1 - share) / base * finite_population(base, sample.population)
    found = _SCALES[name](share, variance, None, sample.confidence)
    return _named(found, name, sample.population is not None), None


@dataclass(frozen=True)
class Part:
    """A weighted share of which an interval is asked.

    Parameters
    ----------
    value, standard_error : float
        The share and its linearised error.
    df : int
        Degrees of freedom of the error.
    base, chosen : int
        Respondents of positive weight in the denominator, and those of them who chose.
    effective : float
        Effective size of the base (Kish, 1965).
    """

    value: float
    standard_error: float
    df: int
    base: int
    chosen: int
    effective: float


def designed(part: Part, sample: Sample) -> Found:
    """Interval of a weighted share: Korn and Graubard's (1998) from the linearised variance, or the one asked for.

    A share of 0 or 1 has no linearised variance: it gets Clopper and Pearson's interval on the effective size of the
    base (Kish, 1965), method ``clopper_pearson_kish``. A share between them that does not vary (weights calibrated to
    it, a population drawn whole) has none, reason ``no-variance``; nor has one in a single unit of the design, reason
    ``no-degrees-of-freedom``.

    Parameters
    ----------
    part : Part
        The share.
    sample : Sample
        With a design.

    Returns
    -------
    (Interval or None, reason)
    """
    design = sample.design
    name = sample.interval or "korn_graubard"
    if name not in _DESIGNED or design is None:
        raise _refused(_unsuited(name, sample), _suited(sample))
    if part.chosen in (0, part.base):
        exact = clopper_pearson(part.effective if part.chosen else 0.0, part.effective, sample.confidence)
        return _named(exact, "clopper_pearson_kish", fpc=False), None
    if part.df < 1:
        return None, "no-degrees-of-freedom"
    share, variance = part.value, part.standard_error**2
    if variance <= _NOTHING * share * (1 - share) / part.base:
        return None, "no-variance"
    if name == "korn_graubard":
        limits = korn_graubard(share, variance, part.base, part.df, sample.confidence)
    else:
        limits = _SCALES[name](share, variance, part.df, sample.confidence)
    return _named(limits, name, design.population is not None), None


def _named(found: Interval | None, name: str, fpc: bool) -> Interval | None:
    return None if found is None else replace(found, method=f"{name}_fpc" if fpc else name)
