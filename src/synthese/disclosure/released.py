"""What may be shown to a reader: the released estimates and tests of one wave, and how to look a number up.

Belongs here: `Released`, which only the gate can make, and its lookups. Does not: deciding what is released.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import pandas as pd

from synthese.codebook import Codebook, LadderStep, Variable, nearest, variable
from synthese.codebook.missing import REASONS
from synthese.errors import SyntheseError
from synthese.estimates import robustness_frame, select
from synthese.study import StudySettings, WaveSettings
from synthese.study.settings import Design

SEAL: Final = object()
"""Held by the gate; no other room imports it (a test looks)."""


@dataclass(frozen=True)
class Step:
    """One step of a ladder and what the gate made of it.

    Parameters
    ----------
    question, by : str
        Variable ids.
    verdict : str
        ``published``, or why not: ``small-base``; ``small-margin`` (a group, or an option, under the minimum count);
        ``cells-withheld`` (a ladder's step must be clean); ``exposed`` (a withheld cell could be worked out);
        ``illegible``; ``linked`` (grouped otherwise than a cross published before it); ``not-tabulated``;
        ``ladder`` (a finer step is published).
    """

    question: str
    by: str
    verdict: str


@dataclass(frozen=True)
class LadderDecision:
    """Which step of a planned cross is published.

    Parameters
    ----------
    cross : str
        Id of the planned cross.
    title : str
        Its title, in French.
    step : LadderStep or None
        The step published; None when the cross is withheld.
    reason : str or None
        Why it is withheld (the verdict of the last step); None when published.
    steps : tuple of Step
        Every step, finest first, with its verdict.
    """

    cross: str
    title: str
    step: LadderStep | None
    reason: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Estimate:
    """One released row; None stands for null. Fields are the columns of the contract of `synthese.estimates`."""

    wave: str
    question: str
    option: str | None
    universe: str | None
    by: str | None
    group: str | None
    statistic: str
    value: float | None
    unit: str | None
    ci_low: float | None
    ci_high: float | None
    confidence: float | None
    count: int | None
    base: int | None
    asked: int | None
    answered: int | None
    base_weighted: float | None
    effective_n: float | None
    reference_wave: str | None
    reference_group: str | None
    method: str | None
    status: str
    reason: str | None

    @property
    def shown(self) -> bool:
        """Whether there is a number to show: the value, or the count alone."""
        return self.status in ("released", "count_only")


class Released:
    """The estimates and tests of a wave that a reader may see, made by `release` and by nothing else.

    Frozen: every lookup returns a copy. It cannot be constructed, subclassed, copied or unpickled elsewhere, so
    that whoever holds one knows that the gate made it.
    """

    __slots__ = (
        "_codebook",
        "_earlier",
        "_estimates",
        "_fingerprint",
        "_ladder",
        "_robustness",
        "_settings",
        "_tests",
        "_wave",
    )

    _codebook: Codebook
    _earlier: dict[str, Released]
    _estimates: pd.DataFrame
    _fingerprint: str
    _ladder: tuple[LadderDecision, ...]
    _robustness: pd.DataFrame
    _settings: StudySettings
    _tests: pd.DataFrame
    _wave: WaveSettings

    def __init__(
        self,
        seal: object,
        *,
        estimates: pd.DataFrame,
        tests: pd.DataFrame,
        codebook: Codebook,
        wave: WaveSettings,
        settings: StudySettings,
        ladder: Iterable[LadderDecision],
        earlier: Mapping[str, Released],
        robustness: pd.DataFrame | None = None,
    ) -> None:
        if seal is not SEAL:
            raise TypeError("only synthese.disclosure.release makes Released")
        robustness = robustness_frame() if robustness is None else robustness
        digest = hashlib.sha256()
        for frame in (estimates, tests, robustness):
            digest.update(frame.to_csv(index=False).encode("utf-8"))
        values: dict[str, object] = {
            "_estimates": estimates.copy(),
            "_tests": tests.copy(),
            "_robustness": robustness.copy(),
            "_codebook": codebook,
            "_wave": wave,
            "_settings": settings,
            "_ladder": tuple(ladder),
            "_earlier": dict(earlier),
            "_fingerprint": digest.hexdigest(),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Released cannot be subclassed: only the gate makes it")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Released is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Released is frozen: {name} cannot be deleted")

    def __reduce__(self) -> NoReturn:
        raise TypeError("Released is neither copied nor pickled: store its frames and release again")

    def __repr__(self) -> str:
        shown = int(self._estimates["status"].isin(["released", "count_only"]).sum())
        return f"<Released wave {self.wave!r}: {shown} of {len(self._estimates)} estimates shown>"

    @property
    def estimates(self) -> pd.DataFrame:
        """Every estimate with its status; a withheld row has null in every number."""
        return self._estimates.copy()

    @property
    def tests(self) -> pd.DataFrame:
        """Every test with its status."""
        return self._tests.copy()

    @property
    def robustness(self) -> pd.DataFrame:
        """Headlines under variants, each with its status: the contract of `synthese.estimates.robustness`."""
        return self._robustness.copy()

    @property
    def wave(self) -> str:
        """Id of the wave."""
        return self._wave.id

    @property
    def wave_settings(self) -> WaveSettings:
        """``wave.yml``."""
        return self._wave

    @property
    def settings(self) -> StudySettings:
        """``study.yml``."""
        return self._settings

    @property
    def codebook(self) -> Codebook:
        """The codebook that the estimates were made with."""
        return self._codebook

    @property
    def design(self) -> Design:
        """Sample design, on which intervals and tests depend."""
        return self._wave.design

    @property
    def synthetic(self) -> bool:
        """Whether the data are synthetic: it must be said wherever a number appears."""
        return self._wave.synthetic

    @property
    def ladder(self) -> tuple[LadderDecision, ...]:
        """What was decided for each planned cross, in the codebook's order."""
        return self._ladder

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the released rows: same rows, same fingerprint."""
        return self._fingerprint

    @property
    def waves(self) -> tuple[str, ...]:
        """Earlier waves that can be compared with, in the order given to `release`, then this one."""
        return (*self._earlier, self.wave)

    def earlier(self, wave: str) -> Released:
        """Find the release of an earlier wave that this one was compared with."""
        if wave not in self._earlier:
            raise SyntheseError.of(
                "not-released", f"wave {wave!r} was not released beside {self.wave!r}", fix=nearest(wave, self._earlier)
            )
        return self._earlier[wave]

    def variable(self, question: str) -> Variable:
        """Labels, options and kind of a question, grid row or regrouping, as this wave put it."""
        return variable(self._codebook, question, self.wave)

    def one_way(self, question: str, universe: str | None = None) -> pd.DataFrame:
        """Rows of a question by itself: every option, missing reason and statistic, evolution left out."""
        return select(
            self._estimates, question=question, by=None, universe=universe, reference_wave=None, reference_group=None
        ).copy()

    def missing(self, question: str) -> dict[str, int]:
        """Respondents without an answer to a question, by reason (``_no_answer``…); unweighted."""
        rows = self.one_way(question)
        rows = rows.loc[rows["option"].isin(REASONS) & rows["statistic"].eq("count") & rows["count"].notna()]
        return {str(option): int(count) for option, count in zip(rows["option"], rows["count"], strict=True)}

    def cross(self, question: str, by: str) -> pd.DataFrame:
        """Rows of a cross, those of its withheld cells included; empty when it was not tabulated."""
        return select(
            self._estimates, question=question, by=by, universe=None, reference_wave=None, reference_group=None
        ).copy()

    def decision(self, cross: str) -> LadderDecision:
        """Find what was decided for a planned cross, by its id."""
        for decision in self._ladder:
            if decision.cross == cross:
                return decision
        raise SyntheseError.of(
            "unknown-cross", f"no planned cross {cross!r}", fix=nearest(cross, [d.cross for d in self._ladder])
        )

    def planned(self, cross: str) -> pd.DataFrame | None:
        """Rows of the published step of a planned cross; None when it is withheld."""
        step = self.decision(cross).step
        return None if step is None else self.cross(step.question, step.by)

    def evolution(self, question: str) -> pd.DataFrame:
        """Rows ``difference`` of a question, one an option and reference wave."""
        rows = select(self._estimates, question=question, by=None, universe=None, statistic="difference")
        return rows.loc[rows["reference_wave"].notna()].copy()

    def estimate(
        self,
        question: str,
        option: str | None = None,
        by: str | None = None,
        group: str | None = None,
        statistic: str = "share",
        reference_wave: str | None = None,
        universe: str | None = None,
    ) -> Estimate:
        """Find one row.

        Parameters
        ----------
        question, option, by, group, statistic, reference_wave, universe : str or None
            The row's keys; None asks for null.

        Returns
        -------
        Estimate
            Look at ``status`` (or ``shown``) before its numbers: a withheld row has none.

        Raises
        ------
        SyntheseError
            No such row, or several.
        """
        keys = {"option": option, "by": by, "group": group, "statistic": statistic, "reference_wave": reference_wave}
        keys["universe"] = universe
        rows = select(self._estimates, question=question, **keys)
        asked_for = ", ".join([question, *(f"{key} {value}" for key, value in keys.items() if value is not None)])
        if rows.empty:
            known = select(self._estimates, question=question, by=by, group=group)["option"].dropna().unique()
            fix = (
                nearest(option or "", sorted(map(str, known)))
                if len(known)
                else nearest(question, sorted(map(str, self._estimates["question"].dropna().unique())))
            )
            raise SyntheseError.of("unknown-estimate", f"wave {self.wave!r} has no estimate {asked_for}", fix=fix)
        if len(rows) > 1:
            raise SyntheseError.of(
                "ambiguous-estimate",
                f"wave {self.wave!r} has {len(rows)} estimates {asked_for}",
                fix="say which statistic, option and group",
            )
        row: dict[str, Any] = {str(k): (None if pd.isna(v) else v) for k, v in rows.iloc[0].to_dict().items()}
        return Estimate(**row)
