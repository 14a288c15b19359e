"""One wave as a notebook sees it: clean, describe, cross, compare, keep, release.

Belongs here: short methods that read like the field and call one room each. Does not: formulas, rules of
publication, drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese import cleaning
from synthese.analysis import universes
from synthese.analysis.adjusting import ReportTests, adjusted
from synthese.analysis.asking import asked, planned_pairs, regroupings
from synthese.analysis.banner import Overview, overview
from synthese.analysis.cleaned import Cleaning, cleaned
from synthese.analysis.coding import Coded, code
from synthese.analysis.crossing import check_crossable, cross
from synthese.analysis.describing import Row, describe
from synthese.analysis.designing import weighting_of
from synthese.analysis.evolution_shown import EvolutionResult
from synthese.analysis.evolving import evolution
from synthese.analysis.items import item_tests
from synthese.analysis.keeping import Keeper
from synthese.analysis.results import Notes, Result
from synthese.analysis.robust_gaps import Side
from synthese.analysis.robust_results import HeadlineVariants, show
from synthese.analysis.sampling import Sample
from synthese.analysis.testing import Asked, cross_tests
from synthese.analysis.verdicts import Comparability, verdicts
from synthese.analysis.weighting import Weighting
from synthese.codebook import Codebook, Universe, Variable, variable, variables
from synthese.errors import SyntheseError
from synthese.estimates import estimates_frame, tests_frame
from synthese.study import Study, WaveSettings, open_study

if TYPE_CHECKING:
    from synthese.analysis.publication import Publication


@dataclass(frozen=True)
class Wave:
    """One wave of a study.

    Parameters
    ----------
    study : Study
        The study.
    settings : WaveSettings
        ``wave.yml``.
    publish : bool
        Whether what is saved takes the place of the study's results. False when a notebook is run by hand:
        everything is then kept apart, under ``private/essais/``.
    """

    study: Study
    settings: WaveSettings
    publish: bool = False

    @property
    def id(self) -> str:
        """Wave id."""
        return self.settings.id

    @property
    def codebook(self) -> Codebook:
        """The study's codebook."""
        return self.study.codebook

    @property
    def keeper(self) -> Keeper:
        """Where results are kept."""
        return Keeper(self.study, self.id, self.publish)

    @cached_property
    def responses(self) -> pd.DataFrame:
        """Clean answers, one row a respondent: ``responses.parquet``."""
        return cleaning.read_responses(self.study.processed(self.id) / "responses.parquet")

    @cached_property
    def weighting(self) -> Weighting:
        """Weights and sample design, with what they cost and which margins they meet.

        Raises
        ------
        SyntheseError
            A weight, stratum, cluster or margin that cannot be read or met; a stratum of one unit.
        """
        return weighting_of(self.study, self.settings, self.responses)

    @property
    def sample(self) -> Sample:
        """What the respondents stand for."""
        return self.weighting.sample

    @property
    def weights(self) -> NDArray[np.float64] | None:
        """Weights of the respondents, calibrated and cut as declared; None where every answer counts alike."""
        return self.sample.weights

    # 01

    def clean(self) -> Cleaning:
        """Read the export and clean it; nothing is written before `Cleaning.save`.

        Raises
        ------
        SyntheseError
            The export cannot be read, or a column or an answer is unknown; every fault at once.
        """
        return Cleaning(cleaned(self.study, self.settings), self.keeper)

    # 02

    def describe(
        self, question: str | None = None, universe: str | None = None, *, interval: str | None = None
    ) -> Result:
        """Describe one question, or every question that may be tabulated, regroupings included.

        Parameters
        ----------
        question : str, optional
            One question; all if absent, and what the codebook's universes plan.
        universe : str, optional
            Among the respondents of this universe of the codebook only.
        interval : str, optional
            Interval of the shares of one question: ``wilson``, ``clopper_pearson``, ``logit``, ``arcsine``,
            ``goodman``, ``sison_glaz``; with weights ``korn_graubard``, ``logit``, ``arcsine``. If absent, the first of
            those that suit the sample.

        Returns
        -------
        Result
            Shares over those who gave a substantive answer, with base, asked, answered and missing reasons, each with
            its interval; tests between the items of a multiple response or a ranking.

        Raises
        ------
        SyntheseError
            Unknown question or universe, or an interval that does not suit the question or the sample.
        """
        sample = self._bounded(interval, question)
        rows: list[Row] = []
        tested: list[Row] = []
        if universe is None:
            told = [v.id for v in variables(self.codebook, self.id) if not v.question.technical]
            every = [*told, *regroupings(self.codebook, self.id)]
            for name in [question] if question else every:
                coded = self._code(name)
                rows += describe(coded, sample)
                tested += item_tests(coded, sample) if question or "@" not in name else []
        chosen = [universes.find(self.codebook, universe)] if universe else self.codebook.universes
        if universe or question is None:
            for one in chosen:
                for coded in self._within(one, question):
                    rows += [{**row, "universe": one.id} for row in describe(coded, sample)]
                    tested += [{**row, "universe": one.id} for row in item_tests(coded, sample)]
        return self._result("description", "Description des réponses", rows, tested)

    def _bounded(self, interval: str | None, question: str | None) -> Sample:
        """Take the sample with the interval that was asked for, of one question."""
        if interval is not None and question is None:
            what = "an interval is chosen for one question"
            raise SyntheseError.of("bad-interval", what, fix=f'name it: `describe("…", interval="{interval}")`')
        return replace(self.sample, interval=interval)

    def _within(self, universe: Universe, question: str | None) -> Iterator[Coded]:
        """Code the questions of a universe among its respondents; nothing where the wave did not ask them."""
        if not universes.asked(self.codebook, universe, self.id):
            return
        inside = universes.members(self.responses, self.codebook, universe, self.id)
        for name in [question] if question else [n for n in universe.questions if asked(self.codebook, self.id, n)]:
            yield self._code(name).among(inside)

    # 03

    def cross(
        self,
        question: str | None = None,
        by: str | None = None,
        *,
        interval: str | None = None,
        test: Asked = "rule",
    ) -> Result:
        """Cross one question by another, or make every planned cross with each step of its ladder.

        Parameters
        ----------
        question, by : str, optional
            The question and its breakdown; every planned cross if absent.
        interval : str, optional
            Interval of the shares of one cross, see `describe`; those of a whole question are refused.
        test : {"rule", "chi_square", "g2", "exact", "monte_carlo", "bootstrap"}
            One test in the place of the one that the rule chooses; ``bootstrap`` of a multiple response as a block.

        Returns
        -------
        Result
            Shares both ways, counts and residuals over those who answered both (of a number means and medians), tests
            by the rule of `testing.cross_tests`, effect sizes, and columns compared two by two.

        Raises
        ------
        SyntheseError
            ``half-a-cross``, ``not-crossable``, ``bad-interval``, ``unknown-test``, ``test-not-suited`` or
            ``table-too-large``.
        """
        if (question is None) != (by is None):
            raise SyntheseError.of("half-a-cross", "a cross needs a question and a breakdown", fix="give both, or none")
        sample = self._bounded(interval, question)
        planned = {(s.question, s.by) for c in self.codebook.planned_crosses for s in c.steps}
        pairs = [(question, by)] if question and by else planned_pairs(self.codebook, self.id)
        rows: list[Row] = []
        tested: list[Row] = []
        for left, right in pairs:
            coded, groups = self._code(left), self._code(right)
            check_crossable(coded, groups)
            rows += cross(coded, groups, sample)
            family = "planned" if (left, right) in planned else "exploratory"
            tested += cross_tests(coded, groups, self.sample, family, test)
        return self._result("croisements", "Croisements", rows, tested)

    def banner(self, by: str | Sequence[str] | None = None, questions: str | Sequence[str] | None = None) -> Overview:
        """Test every closed question by every breakdown at once: an overview of which crosses matter.

        Answers are read column by column and counted together, so that it stays quick and small where there are many.
        Where the wave has a design, that is made of the whole of the answers first.

        Parameters
        ----------
        by : str or sequence of str, optional
            Breakdowns; every question of that role and its regroupings if absent.
        questions : str or sequence of str, optional
            Questions, grid rows or regroupings; every measure and breakdown with options if absent.

        Raises
        ------
        SyntheseError
            Unknown question, one without options, or answers that are missing or damaged.
        """
        settings, wave = self.study.settings, self.settings
        drawn = wave.weighted or wave.strata is not None or wave.clusters is not None
        sample = self.sample if drawn else Sample(settings.confidence, settings.seed)
        return overview(self.study, wave, sample, by, questions)

    # 04

    @property
    def previous(self) -> WaveSettings | None:
        """The wave before this one, if there is one."""
        earlier = self.study.earlier(self.id)
        return earlier[-1] if earlier else None

    @property
    def comparability(self) -> Comparability:
        """Verdict of every question, grid row and regrouping with every earlier wave."""
        earlier = [wave.id for wave in self.study.earlier(self.id)]
        return verdicts(self.codebook, self.id, earlier, self.keeper)

    def compare(self, question: str | None = None, to: str | None = None) -> EvolutionResult:
        """Compare with an earlier wave, question by question, as far as the codebook's verdict allows.

        Shares, means and NPS of both waves; apart, those who answered in both (the panel) where they are 30 or more;
        shares brought to the codebook's one mix of strata; and, with the wave just before, the trend of each series
        of three waves or more.

        Parameters
        ----------
        question : str, optional
            One question or regrouping; every comparable one if absent. Regroupings are then not tested: they repeat
            what the options of their question test.
        to : str, optional
            The earlier wave; the one just before if absent. The oldest wave has none: the result is then empty.

        Raises
        ------
        SyntheseError
            Unknown question or wave, or a wave that is not earlier.
        """
        reference = self.study.wave(to) if to else self.previous
        earlier = [wave.id for wave in self.study.earlier(self.id)]
        if reference is not None and reference.id not in earlier:
            fix = f"one of {', '.join(earlier)}" if earlier else "this is the first wave"
            raise SyntheseError.of("not-earlier", f"wave {reference.id!r} is not before {self.id!r}", fix=fix)
        if reference is None:
            first = self._result("evolution", "Évolution", [], [], ("Première vague : rien à comparer.",))
            return EvolutionResult(**vars(first))
        compared = [v for v in variables(self.codebook, self.id) if v.options or v.kind == "numeric"]
        every = [v.id for v in compared if not v.question.technical]
        found = evolution(
            self,
            {wave.id: Wave(self.study, wave) for wave in self.study.earlier(self.id)},
            reference.id,
            [question] if question else [*every, *regroupings(self.codebook, self.id)],
            alone=question is not None,
            trends=to is None,
        )
        title = f"Évolution depuis {reference.id}"
        return EvolutionResult(**vars(self._result("evolution", title, found.estimates, found.tests, found.told())))

    def robustness(self) -> HeadlineVariants:
        """Compute the codebook's headlines again under the choices fixed for each, and gaps with earlier waves.

        The report says how many variants hold, and their range; what each comes to is private.
        """
        names = [*(v.id for v in variables(self.codebook, self.id) if v.options), *regroupings(self.codebook, self.id)]
        earlier = [Wave(self.study, one)._side for one in self.study.earlier(self.id)]
        return show(self._side, earlier, names, self.study.settings, self.settings)

    @property
    def _side(self) -> Side:
        return Side.of(self.codebook, self.id, self.responses, self.sample)

    @property
    def tests(self) -> ReportTests:
        """Every test kept by notebooks 02 to 04, adjusted over the report: planned and exploratory ones apart."""
        _, kept = self.keeper.parts()
        return ReportTests(self.id, self.settings.synthetic, self.codebook, adjusted(kept))

    # 05

    def release(self) -> Publication:
        """Pass everything that was kept through the gate, once, and open what may be published."""
        # Drawing is slow to import, and four notebooks of five do without.
        from synthese.analysis.publication import publish

        return publish(self.keeper)

    def save(self, result: Result | Cleaning | Comparability | HeadlineVariants) -> Path:
        """Keep a result: for the study if ``publish``, else apart, under ``private/essais/``."""
        if isinstance(result, HeadlineVariants):
            return self.keeper.keep_robustness(result.frame)
        if isinstance(result, Cleaning | Comparability):
            return result.save()
        return self.keeper.keep(result.name, result.estimates, result.tests)

    def _variable(self, name: str) -> Variable:
        return variable(self.codebook, name, self.id)

    def _code(self, name: str) -> Coded:
        return code(self.responses, self._variable(name))

    def _result(
        self, name: str, title: str, rows: Iterable[Row], tested: Iterable[Row], notes: tuple[str, ...] = ()
    ) -> Result:
        return Result(
            name=name,
            title=title,
            wave=self.id,
            synthetic=self.settings.synthetic,
            codebook=self.codebook,
            estimates=estimates_frame({"wave": self.id, **row} for row in rows),
            tests=tests_frame({"wave": self.id, **row} for row in tested),
            notes=Notes(notes),
        )


def open_wave(wave: str = "", *, study: str | Path = ".", publish: bool = False) -> Wave:
    """Open a wave of the study around this folder.

    Parameters
    ----------
    wave : str
        Wave id; the newest if empty.
    study : str or Path
        The study's folder, or one inside it.
    publish : bool
        Whether what is saved takes the place of the study's results; see `Wave`.
    """
    # What a notebook shows is read, not skimmed: no text of a frame is cut.
    pd.set_option("display.max_colwidth", None)
    found = open_study(study)
    return Wave(found, found.wave(wave or found.newest), publish)
