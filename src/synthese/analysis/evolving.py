"""The evolution of a wave: every comparison that the codebook's verdicts allow, and why the others are not made.

Belongs here: which variables are compared and how, and what the researcher must know before reading. Does not: the
rows of each comparison (`comparing`, `paired`, `trending`, `standardising`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from synthese.analysis.coding import Coded, code
from synthese.analysis.comparing import compare, harmonised
from synthese.analysis.paired import paired
from synthese.analysis.panel import LEAST_PANEL, Panel, recognised
from synthese.analysis.rows import Row
from synthese.analysis.sampling import Sample
from synthese.analysis.standardising import Stratified, pooled, shares_of, standardise
from synthese.analysis.trending import LEAST_WAVES, Point, alike, scores, series, trend
from synthese.codebook import POOLED, Codebook, Standardisation, Verdict, comparability, variable
from synthese.study import Study, WaveSettings

KINDS = ("single", "ordinal", "multiple", "numeric")


class Opened(Protocol):
    """A wave that was opened: `synthese.analysis.wave.Wave`."""

    @property
    def study(self) -> Study:
        """The study."""

    @property
    def settings(self) -> WaveSettings:
        """Its settings."""

    @property
    def codebook(self) -> Codebook:
        """The study's codebook."""

    @property
    def responses(self) -> pd.DataFrame:
        """Clean answers."""

    @property
    def sample(self) -> Sample:
        """What its respondents stand for."""


@dataclass
class Evolution:
    """Rows of a comparison as they are made.

    Parameters
    ----------
    now : Opened
        The wave.
    earlier : mapping of str to Opened
        Earlier waves by id, oldest first.
    reference : str
        The one compared with.
    """

    now: Opened
    earlier: Mapping[str, Opened]
    reference: str
    estimates: list[Row] = field(default_factory=list)
    tests: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._panels: dict[tuple[str, str], Panel] = {}
        self._trends: dict[tuple[str, ...], str] = {}
        self._few: dict[str, int] = {}
        self._compared = False

    def panel(self, later: str, wave: str) -> Panel:
        """Respondents whom two waves share."""
        if (later, wave) not in self._panels:
            self._panels[later, wave] = recognised(self.now.study, later, wave)
        return self._panels[later, wave]

    def _overlap(self, later: str, wave: str) -> int | None:
        panel = self.panel(later, wave)
        return panel.both if panel.known else None

    def add(self, name: str, *, alone: bool, tested: bool, trends: bool) -> None:
        """Compare one variable; `alone` says that it was asked for by name."""
        mine = variable(self.now.codebook, name, self.now.settings.id)
        if mine.kind not in KINDS:
            what = "seules les réponses à choix et les nombres le sont"
            self.notes += [f"{name} : non comparé – {what}"] if alone else []
            return
        verdict = self._verdict(name)
        if verdict.reason:
            prefix = "comparable" if verdict.comparable else "non comparable"
            prefix += " par décision de l’étude" if verdict.overridden else ""
            self.notes.append(f"{name} : {prefix} – {verdict.reason}")
        if verdict.comparable:
            self._compared = True
            self._compare(name, verdict, tested)
        if trends and tested and mine.kind != "numeric":
            self._trend(name)

    def _verdict(self, name: str) -> Verdict:
        return comparability(self.now.codebook, name, self.now.settings.id, self.reference)

    def _coded(self, opened: Opened, name: str, verdict: Verdict) -> Coded:
        wave = opened.settings.id
        put = harmonised(self.now.codebook, variable(self.now.codebook, name, wave), wave, verdict)
        return code(opened.responses, put)

    def _compare(self, name: str, verdict: Verdict, tested: bool) -> None:
        there, id = self.earlier[self.reference], self.now.settings.id
        samples = self.now.sample, there.sample
        pair = self._coded(self.now, name, verdict), self._coded(there, name, verdict)
        found, tests = compare(*pair, self.reference, self._overlap(id, self.reference), samples)
        panel = self.panel(id, self.reference)
        if panel.here.size >= LEAST_PANEL:
            more, also, base = paired(*pair, self.reference, panel, samples)
            found, tests = found + more, tests + also
            if base < LEAST_PANEL:
                self._few[name] = base
        self.estimates += found + self._standardised(name, pair)
        self.tests += tests if tested else []

    def _standardised(self, name: str, pair: tuple[Coded, Coded]) -> list[Row]:
        declared = self.now.codebook.standardisation
        whole = name.partition("@")[0]
        if declared is None or pair[0].variable.kind == "numeric" or whole == declared.by.partition("@")[0]:
            return []
        there = self.earlier[self.reference]
        strata = self._strata(declared, self.now, self.reference), self._strata(declared, there, self.reference)
        if strata[0] is None or strata[1] is None:
            return []
        now = Stratified(pair[0], strata[0], self.now.sample)
        then = Stratified(pair[1], strata[1], there.sample)
        mix = self._mix(declared, now, then)
        if mix is None:
            return []
        overlap = self._overlap(self.now.settings.id, self.reference)
        return list(standardise(now, then, declared, mix, self.reference, overlap))

    def _strata(self, declared: Standardisation, opened: Opened, other: str) -> Coded | None:
        """Strata of a wave, where the verdict lets them be compared whole; None, and a note, where it does not."""
        id = self.now.settings.id
        if not all(self._asked(declared.by, wave) for wave in (id, other)):
            return None
        verdict = comparability(self.now.codebook, declared.by, id, other)
        wanted = {o.code for o in variable(self.now.codebook, declared.by, id).options if o.in_base}
        if not verdict.comparable or not wanted <= set(verdict.options):
            self._say(f"Structure {declared.by} : non comparable entre {other} et {id}, rien n’est standardisé.")
            return None
        return self._coded(opened, declared.by, verdict)

    def _mix(self, declared: Standardisation, now: Stratified, then: Stratified) -> dict[str, float] | None:
        if isinstance(declared.mix, dict):
            mix: dict[str, float] | None = dict(declared.mix)
        elif declared.mix == POOLED:
            mix = pooled((now, then))
        elif declared.mix in (self.now.settings.id, self.reference):
            mix = shares_of((now if declared.mix == self.now.settings.id else then).structure)
        elif declared.mix in self.earlier:
            opened = self.earlier[declared.mix]
            strata = self._strata(declared, opened, declared.mix)
            mix = None if strata is None else shares_of(Stratified(strata, strata, opened.sample).structure)
        else:
            self._say(f"Structure de {declared.mix} : vague postérieure, rien n’est standardisé.")
            return None
        if mix is not None:
            source = f" (source : {declared.source})" if declared.source else ""
            self._say(f"Parts standardisées selon {declared.by} : {declared.name}{source}.")
        return mix

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _asked(self, name: str, wave: str) -> bool:
        question_id, _, row = name.partition("@")[0].partition(".")
        question = self.now.codebook.by_id[question_id]
        return question.asked(wave) and all(r.offered(wave) for r in question.rows if r.code == row)

    def _trend(self, name: str) -> None:
        codebook, id = self.now.codebook, self.now.settings.id
        kept = series(codebook, name, [w for w in (*self.earlier, id) if self._asked(name, w)])
        if len(kept) < LEAST_WAVES:
            return
        options = alike(codebook, name, kept)
        opened = {**self.earlier, id: self.now}
        points = []
        for wave in kept:
            verdict = comparability(codebook, name, id, wave if wave != id else kept[0])
            points.append(Point(opened[wave].settings, self._coded(opened[wave], name, verdict), opened[wave].sample))
        self.tests += trend(points, options, self._overlap)
        self._trends[kept] = scores([point.wave for point in points])[1]

    def told(self) -> tuple[str, ...]:
        """Every note: who is in both waves first, then each variable's."""
        panel = self.panel(self.now.settings.id, self.reference)
        first: list[str] = []
        if not panel.known and self._compared:
            first.append(
                "Recouvrement inconnu : aucune question ne permet de reconnaître qui a répondu aux deux vagues ; "
                "intervalles et tests supposent deux échantillons indépendants."
            )
        if panel.both:
            first.append(f"{panel.both} répondant·es figurent dans les deux vagues : ni intervalle ni test.")
            few = f"moins de {LEAST_PANEL} : leur évolution n’est pas donnée à part."
            given = "leur évolution est donnée à part, sur eux seuls."
            size = panel.here.size
            first.append(f"Panel : {size} reconnu·es dans les deux vagues, {few if size < LEAST_PANEL else given}")
        if self._few:
            names = ", ".join(f"{name} ({base})" for name, base in self._few.items())
            first.append(f"Panel : moins de {LEAST_PANEL} réponses dans les deux vagues à {names}.")
        placed = {"slope_per_year": "au milieu de leur collecte", "slope_per_wave": "par leur ordre"}
        first += [
            f"Tendance sur {', '.join(w)} : vagues placées {placed[effect]}." for w, effect in self._trends.items()
        ]
        return (*first, *self.notes)


def evolution(
    now: Opened, earlier: Mapping[str, Opened], reference: str, names: Sequence[str], *, alone: bool, trends: bool
) -> Evolution:
    """Compare a wave with an earlier one, variable by variable.

    Parameters
    ----------
    now : Opened
        The wave.
    earlier : mapping of str to Opened
        Every earlier wave, oldest first.
    reference : str
        The one compared with.
    names : sequence of str
        Variables. Regroupings are not tested unless asked for: they repeat what the options of their question test.
    alone : bool
        Whether they were asked for by name.
    trends : bool
        Whether series of three waves and more are looked at too.
    """
    found = Evolution(now, earlier, reference)
    for name in names:
        found.add(name, alone=alone, tested=alone or "@" not in name, trends=trends)
    return found
