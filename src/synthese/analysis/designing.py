"""From ``wave.yml`` and the clean answers to the weights and the sample design of a wave.

Belongs here: reading weights, strata, clusters and margins off the answers, each fault told with its way out. Does not:
how weights are made or errors computed (`synthese.statistics`), how they are shown (`weighting`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese import cleaning
from synthese.analysis.coding import code
from synthese.analysis.sampling import Sample
from synthese.analysis.weighting import Known, Weighting
from synthese.codebook import variable
from synthese.errors import Fault, SyntheseError
from synthese.statistics.designs import Design
from synthese.statistics.weights import Margin, NotMetError, rake, trim
from synthese.study import Study, WaveSettings

_NAMED = 5
_APART = 0.05  # sums of two margins may differ by as much: sources of two years, rounding


@dataclass(frozen=True)
class Answers:
    """What a design is read from.

    Parameters
    ----------
    responses : DataFrame
        ``responses.parquet``: one row a respondent.
    private : callable
        Reads the row of the export and the texts of open and personal questions of the same respondents, where one is
        wanted. Of a text only which respondents share it is taken.
    """

    responses: pd.DataFrame
    private: Callable[[], pd.DataFrame]

    def rows(self, who: NDArray[np.bool_]) -> str:
        """Tell how many respondents and on which rows of the export: "2 respondents (rows 5, 9 of the export)"."""
        places = [str(row) for row in self.private()["row"][who].head(_NAMED)]
        count = int(who.sum())
        listed = ", ".join(places) + (f" and {count - _NAMED} more" if count > _NAMED else "")
        many = "s" if count > 1 else ""
        return f"{count} respondent{many} (row{many} {listed} of the export)"


@dataclass(frozen=True)
class Designer:
    """Makes the sample of one wave.

    Parameters
    ----------
    study : Study
        The study.
    wave : WaveSettings
        ``wave.yml``.
    answers : Answers
        The clean answers.
    """

    study: Study
    wave: WaveSettings
    answers: Answers

    def weighting(self) -> Weighting:
        """Make the weights and the design.

        Raises
        ------
        SyntheseError
            A weight, stratum, cluster or margin that cannot be read or met; a stratum of one unit.
        """
        given = self._given()
        base = np.ones(len(self.answers.responses)) if given is None else given
        size = self._size(base)
        faults: list[Fault] = []
        margins: list[tuple[Margin, Known]] = []
        for place in range(len(self.wave.calibration)):
            try:
                margins.append(self._margin(place, base, size))
            except SyntheseError as error:
                faults += error.faults
        if faults:
            raise SyntheseError(faults)
        final, uncut, passes = self._calibrated(base, margins)
        weighted = self.wave.weighted
        drawn = self.wave.strata is not None or self.wave.clusters is not None
        settings, population = self.study.settings, None
        strata, names = self._groups("strata", self.wave.strata)
        clusters, _ = self._groups("clusters", self.wave.clusters)
        design = None
        if weighted or drawn:
            design = Design(
                final,
                strata=strata,
                clusters=clusters,
                population=self._primary_units(strata, names, final.size),
                lonely=self.wave.lonely,
                calibration=tuple(margin.codes for margin, _ in margins),
                base_weights=base if margins else None,
            )
            self._check_units(design, names)
        else:
            population = self._population(final.size)
        return Weighting(
            wave=self.wave,
            sample=Sample(settings.confidence, settings.seed, design, population),
            base=base,
            uncut=uncut,
            final=final,
            margins=tuple(known for _, known in margins),
            passes=passes,
        )

    @property
    def _file(self) -> str:
        return self.study.relative(self.study.raw(self.wave.id) / "wave.yml")

    def _fault(self, code: str, what: str, path: str, fix: str) -> SyntheseError:
        return SyntheseError.of(code, what, file=self._file, path=path, fix=fix)

    def _given(self) -> NDArray[np.float64] | None:
        name = self.wave.weight
        if name is None:
            return None
        if variable(self.study.codebook, name, self.wave.id).kind != "numeric":
            raise self._fault("bad-weight", f"{name} is not numeric", "weight", "name a numeric question")
        weights = self.answers.responses[name].to_numpy(dtype=float, na_value=np.nan)
        wrong = ~np.isfinite(weights) | (weights < 0)
        if wrong.any() or not weights.sum() > 0:
            what = f"no weight, or a negative one: {self.answers.rows(wrong)}" if wrong.any() else "every weight is 0"
            fix = f"mend {name} in the export, or leave these rows out with `kept: {{must_answer: [{name}]}}`"
            raise self._fault("bad-weight", what, "weight", fix if wrong.any() else f"mend {name} in the export")
        return weights

    def _population(self, size: int) -> int | None:
        """Size of the frame; those invited are that of a census."""
        known = self.wave.population
        if known is None and self.wave.design == "census":
            known = self.wave.invited
        if known is not None and known < size:
            key = "population" if self.wave.population is not None else "invited"
            what = f"{size} respondents are kept of a population of {known}"
            raise self._fault("population-too-small", what, key, "correct it, or leave duplicates out (`kept`)")
        return known

    def _primary_units(
        self, strata: NDArray[np.int64] | None, names: Sequence[str], size: int
    ) -> NDArray[np.float64] | None:
        """Units in the population of each respondent's stratum, for the finite population correction."""
        declared = self.wave.primary_units
        if isinstance(declared, dict):
            absent = [name for name in names if name not in declared]
            if absent or strata is None:
                what = f"no number of units for {', '.join(absent)}"
                raise self._fault("unknown-stratum", what, "primary_units", "give one for each stratum")
            return np.array([declared[name] for name in names], dtype=float)[strata]
        if declared is not None:
            return np.full(size, float(declared))
        if strata is not None or self.wave.clusters is not None:
            return None  # `population` counts respondents of all strata: it is no number of units of one
        known = self._population(size)
        return None if known is None else np.full(size, float(known))

    def _groups(self, key: str, name: str | None) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
        """Code the strata or clusters, 0, 1, …; the names are options or numbers, none for a text."""
        if name is None:
            return None, ()
        codebook = self.study.codebook
        question = codebook.by_id.get(name)
        if question is not None and (question.personal or question.type == "open"):
            texts = self.answers.private()[name].fillna("").str.strip().to_numpy(dtype=object)
            missing, values, names = texts == "", texts, None
        else:
            coded = code(self.answers.responses, variable(codebook, name, self.wave.id))
            if coded.values is not None:
                missing, values, names = np.isnan(coded.values), coded.values, None
            else:
                missing = ~coded.answered
                others = [place for place, option in enumerate(coded.options) if option.other]
                mixed = np.asarray(coded.chosen[:, others].any(axis=1))
                if key == "clusters" and mixed.any():
                    what = f"« Autre » of {name} may be several clusters: {self.answers.rows(mixed)}"
                    fix = f"make {name} `type: open`, so that each text is a cluster (it stays private)"
                    raise self._fault("unknown-cluster", what, key, fix)
                values, names = coded.codes(coded.answered), tuple(option.code for option in coded.options)
        if missing.any():
            what = f"{name} is unknown of {self.answers.rows(missing)}"
            fix = f"mend the export, or leave these rows out with `kept: {{must_answer: [{name}]}}`"
            raise self._fault("unknown-stratum" if key == "strata" else "unknown-cluster", what, key, fix)
        found, codes = np.unique(values, return_inverse=True)
        if names is not None:
            return codes.astype(np.int64), tuple(names[place] for place in found)
        texts_allowed = key == "strata"  # a cluster is named nowhere: its name may identify someone
        return codes.astype(np.int64), tuple(f"{value:g}" for value in found) if texts_allowed else ()

    def _check_units(self, design: Design, names: Sequence[str]) -> None:
        units = design.units_of_stratum
        if design.population is not None:
            sizes = np.zeros(units.size)
            sizes[design.stratum_of_respondent] = design.population
            if (few := np.flatnonzero(sizes < units)).size:
                of = [f"{names[place]} ({units[place]} of {sizes[place]:g})" if names else "" for place in few.tolist()]
                what = f"more units were drawn than there are: {', '.join(of) or f'{units[0]} of {sizes[0]:g}'}"
                key = "primary_units" if self.wave.primary_units is not None else "population"
                raise self._fault("population-too-small", what, key, "correct the number of units in the population")
        if design.strata is None and units[0] == 1:
            if design.clusters is None:
                key = "weight" if self.wave.weight is not None else "calibration"
                what, fix = "a single respondent is kept: no error can be estimated", "see what `kept` leaves out"
                raise self._fault("lonely-unit", what, key, fix)
            what, fix = "every respondent is of one cluster: no error can be estimated", "name another question"
            raise self._fault("lonely-unit", what, "clusters", fix)
        alone = np.flatnonzero(design.lonely_strata)
        if alone.size and (design.lonely == "fail" or alone.size == units.size):
            listed = ", ".join(names[place] for place in alone.tolist())
            what = f"{alone.size} of {units.size} strata have a single primary sampling unit: {listed}"
            fix = (
                "merge each with a neighbour (a regrouping of the codebook), or write `lonely: certainty` (drawn for "
                "certain: no variance), `lonely: adjust` (centred at 0, the mean of all units for shares) or `lonely: "
                "average` (the mean variance of the other strata)"
            )
            if alone.size == units.size:
                fix = "merge strata (a regrouping of the codebook): no stratum has two units to tell a variance"
            raise self._fault("lonely-unit", what, "strata", fix)

    def _margin(self, place: int, base: NDArray[np.float64], size: float) -> tuple[Margin, Known]:
        """Read one margin off the answers; those without a total are a group of their own, of the size they had."""
        declared, path = self.wave.calibration[place], f"calibration[{place}]"
        asked = variable(self.study.codebook, declared.question, self.wave.id)
        coded = code(self.answers.responses, asked)
        chosen = coded.codes(np.asarray(coded.chosen.any(axis=1)))
        options = [option for option in coded.options if option.code in declared.totals]
        position = {option.code: k for k, option in enumerate(options)}
        # The last place stands for those who chose nothing: they are coded -1.
        of_option = np.array([position.get(option.code, -1) for option in coded.options] + [-1], dtype=np.int64)
        codes = of_option[chosen]
        unknown = codes < 0
        if unknown.any() and declared.unknown is None:
            answers = [o.label for k, o in enumerate(coded.options) if o.code not in position and (chosen == k).any()]
            given = f"; {', '.join(map(repr, answers))} has no total" if answers else ""
            what = f"no total weights {self.answers.rows(unknown)}, by their answer to {declared.question}{given}"
            question = declared.question.split("@")[0].split(".")[0]
            fix = (
                "write `unknown: keep_base_weight` in this margin (together they keep the part that they had before), "
                f"leave them out with `kept: {{must_answer: [{question}]}}`, or name a regrouping whose groups all "
                "have a total"
            )
            raise self._fault("margin-unknown", what, path, fix)
        targets = np.array([declared.totals[option.code] for option in options])
        sums = np.bincount(codes[~unknown], base[~unknown], len(options))
        empty = [o.code for o, target, found in zip(options, targets, sums, strict=True) if target > 0 and not found]
        if empty:
            what = f"no respondent weighs for {', '.join(empty)} of {declared.question}, which has a total"
            fix = "group it with a neighbour (a regrouping of the codebook), with the total of both"
            raise self._fault("margin-empty", what, f"{path}.totals", fix)
        barred = [o.code for o, target, found in zip(options, targets, sums, strict=True) if not target and found]
        if barred:
            what = f"respondents chose {', '.join(barred)} of {declared.question}, whose total is 0"
            raise self._fault("margin-empty", what, f"{path}.totals", "correct the total, or regroup the option")
        targets = targets / targets.sum()
        names, ids = [option.label for option in options], [option.code for option in options]
        if unknown.any():
            kept = float(base[unknown].sum() / base.sum())
            targets = np.append(targets * (1 - kept), kept)
            codes = np.where(unknown, len(options), codes)
            names, ids = [*names, "sans total connu"], [*ids, ""]
        margin = Margin(codes, targets * size, declared.source or "")
        known = Known(
            declared.question, asked.label, margin.source, tuple(ids), tuple(names), margin, int(unknown.sum())
        )
        return margin, known

    def _size(self, base: NDArray[np.float64]) -> float:
        """Find what calibrated weights add up to: the first margin of sizes, or what the weights before did."""
        sizes = {m.question: sum(m.totals.values()) for m in self.wave.calibration if not m.shares}
        if not sizes:
            return float(base.sum())
        count = int((base > 0).sum())
        few = [
            Fault(
                "margin-small",
                f"the totals of {m.question} add up to {sizes[m.question]:g}: these are no shares, and as sizes fewer "
                f"than the {count} respondents",
                file=self._file,
                path=f"calibration[{place}].totals",
                fix="write sizes in the population, or shares that add up to 1 or to 100",
            )
            for place, m in enumerate(self.wave.calibration)
            if sizes.get(m.question, count) < count
        ]
        if few:
            raise SyntheseError(few)
        if max(sizes.values()) - min(sizes.values()) > _APART * max(sizes.values()):
            listed = ", ".join(f"{name} {total:g}" for name, total in sizes.items())
            what = f"margins do not add up to one population: {listed}"
            raise self._fault("margins-apart", what, "calibration", "take totals of one population, or shares")
        return next(iter(sizes.values()))

    def _calibrated(
        self, base: NDArray[np.float64], margins: Sequence[tuple[Margin, Known]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
        """Weights as they count, the same before any was cut, and the passes it took."""
        most = None if self.wave.trim is None else self.wave.trim.at_most
        targets = [margin for margin, _ in margins]
        if not targets:
            return (base if most is None else self._cut(base, most)), base, 0
        try:
            uncut = rake(base, targets)
        except NotMetError as error:
            raise self._not_met(error, margins, "no weights meet all the margins at once") from error
        if most is None:
            return uncut.weights, uncut.weights, uncut.iterations
        try:
            cut = rake(base, targets, at_most=most)
        except NotMetError as error:
            what = f"no weights of at most {most:g} times their mean meet the margins"
            raise self._not_met(error, margins, what) from error
        return cut.weights, uncut.weights, cut.iterations

    def _cut(self, base: NDArray[np.float64], most: float) -> NDArray[np.float64]:
        try:
            return trim(base, most)
        except ValueError as error:
            what = f"no weights of at most {most:g} times their mean keep the total"
            raise self._fault("not-calibrated", what, "trim.at_most", "raise it") from error

    def _not_met(self, error: NotMetError, margins: Sequence[tuple[Margin, Known]], what: str) -> SyntheseError:
        known = margins[error.margin][1]
        option = known.options[error.option] or "those without a total"
        what += f": {option} of {known.question} is {100 * error.gap:.1f} % off after {error.passes} passes"
        fix = "group this option with a neighbour (a regrouping of the codebook)"
        if self.wave.trim is not None:
            fix += ", or raise `trim.at_most`"
        return self._fault("not-calibrated", what, f"calibration[{error.margin}]", fix)


def weighting_of(study: Study, wave: WaveSettings, responses: pd.DataFrame | None = None) -> Weighting:
    """Make the weights and the design of a wave that was cleaned.

    Parameters
    ----------
    study : Study
        The study.
    wave : WaveSettings
        ``wave.yml``.
    responses : DataFrame, optional
        ``responses.parquet``, where it was read already.

    Raises
    ------
    SyntheseError
        See `Designer.weighting`.
    """
    folder = study.processed(wave.id)
    if responses is None:
        responses = cleaning.read_responses(folder / "responses.parquet")
    answers = Answers(responses, lambda: cleaning.read_responses(folder / cleaning.PRIVATE))
    return Designer(study, wave, answers).weighting()
