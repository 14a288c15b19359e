"""A share over three waves and more: one trend an option.

Belongs here: which waves of an option make a series, and the rows of its trend. Does not: the verdicts
(`synthese.codebook`), or two waves at a time (`comparing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from synthese.analysis.coding import Coded
from synthese.analysis.comparing import UNKNOWN
from synthese.analysis.rows import Row, found
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, Verdict, comparability
from synthese.statistics.ordinal import cochran_armitage
from synthese.statistics.wave_designs import design_trend, plain
from synthese.statistics.weighted import weighted_mean
from synthese.study import WaveSettings

LEAST_WAVES = 3
_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Point:
    """One wave of a series.

    Parameters
    ----------
    wave : WaveSettings
        Which wave.
    coded : Coded
        The variable in it, harmonised with the last wave of the series.
    sample : Sample
        What its respondents stand for.
    """

    wave: WaveSettings
    coded: Coded
    sample: Sample


def series(codebook: Codebook, name: str, waves: Sequence[str]) -> tuple[str, ...]:
    """Find the waves of a variable that may all be compared with each other, the last one included.

    Parameters
    ----------
    codebook : Codebook
        What was asked.
    name : str
        A question, grid row or regrouping.
    waves : sequence of str
        Wave ids, oldest first.

    Returns
    -------
    tuple of str
        Oldest first; a wave that may not be compared with a later one of the series is left out.
    """
    kept: list[str] = [waves[-1]]
    for wave in reversed(waves[:-1]):
        if all(comparability(codebook, name, later, wave).comparable for later in kept):
            kept.append(wave)
    return tuple(reversed(kept))


def alike(codebook: Codebook, name: str, waves: Sequence[str]) -> tuple[str, ...]:
    """Codes of the options that stand for the same answers of each wave, whichever other wave it is compared with."""
    pairs: dict[tuple[str, str], Verdict] = {}
    for place, later in enumerate(waves):
        for wave in waves[:place]:
            pairs[later, wave] = comparability(codebook, name, later, wave)
    shared = set.intersection(*(set(verdict.options) for verdict in pairs.values()))
    meant: dict[tuple[str, str], set[frozenset[str]]] = {}
    for pair, verdict in pairs.items():
        for wave in pair:
            groups: Mapping[str, str] = verdict.harmony.by_wave.get(wave, {})
            for code in shared:
                members = frozenset(option for option, group in groups.items() if group == code)
                meant.setdefault((wave, code), set()).add(members)
    order = pairs[waves[-1], waves[0]].options
    return tuple(code for code in order if code in shared and all(len(meant[wave, code]) == 1 for wave in waves))


def scores(waves: Sequence[WaveSettings]) -> tuple[list[float], str]:
    """Place waves in time: the middle of their field work in years, or their order where a date is not known.

    Returns
    -------
    scores : list of float
        From 0.
    effect : str
        What the slope is: ``slope_per_year`` or ``slope_per_wave``.
    """
    if not all(wave.field_work.known for wave in waves):
        return [float(place) for place in range(len(waves))], "slope_per_wave"
    days = [(w.field_work.start.toordinal() + w.field_work.end.toordinal()) / 2 for w in waves]
    if len(set(days)) == 1:
        return [float(place) for place in range(len(waves))], "slope_per_wave"
    return [(day - days[0]) / _YEAR for day in days], "slope_per_year"


def trend(
    points: Sequence[Point], options: Sequence[str], overlapping: Callable[[str, str], int | None]
) -> Iterator[Row]:
    """Rows of the trend of each option: Cochran–Armitage, or of linearised shares where a wave has a design.

    Parameters
    ----------
    points : sequence of Point
        Waves of the series, oldest first, three at least.
    options : sequence of str
        Codes to test.
    overlapping : callable
        Respondents that two waves share; None where nothing would recognise them. Any refuses the trend.

    Yields
    ------
    dict
        Rows of tests: ``reference_wave`` is the first wave of the series, the effect the slope.
    """
    ids = [point.wave.id for point in points]
    shared = [overlapping(later, wave) for place, later in enumerate(ids) for wave in ids[:place]]
    place, effect = scores([point.wave for point in points])
    last = points[-1]
    for option in last.coded.options:
        if not option.in_base or option.code not in options:
            continue
        row: Row = {
            "question": last.coded.variable.id,
            "option": option.code,
            "reference_wave": ids[0],
            "family": "planned",
            "status": "released",
            "method": "cochran_armitage",
        }
        if any(shared):
            yield row | {"reason": f"partial-overlap:{max(n or 0 for n in shared)}"}
            continue
        flags = [(p.coded.chosen[:, p.coded.variable.codes.index(option.code)], p.coded.in_base) for p in points]
        bases = [int(base.sum()) for _, base in flags]
        if not all(bases):
            yield row | {"reason": "empty-base"}
            continue
        if all(p.sample.design is None for p in points):
            result = cochran_armitage([int((c & b).sum()) for c, b in flags], bases, place)
        else:
            designs = [p.sample.design or plain(p.coded.in_base.size) for p in points]
            shares = [
                weighted_mean(design, chosen.astype(float), base)
                for design, (chosen, base) in zip(designs, flags, strict=True)
            ]
            if any(share is None for share in shares):
                yield row | {"reason": "empty-base"}
                continue
            result = design_trend([share for share in shares if share is not None], place, last.sample.confidence)
        tested = found(result) | {"effect": effect}
        yield row | tested | {"reason": tested["reason"] or (UNKNOWN if None in shared else None)}
