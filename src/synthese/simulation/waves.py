"""Synthetic exports for any wave, size, seed and tool.

Belongs here: `simulate`, and the same for a wave of a study with its plan (``simulation.yml`` beside
``wave.yml``). Does not: drawing or file formats.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from synthese import exports
from synthese.codebook import Codebook
from synthese.codebook.codeframe import as_asked
from synthese.errors import SyntheseError
from synthese.exports import Answers
from synthese.simulation.forms import fill
from synthese.simulation.plan import FREE, Plan, load_plan
from synthese.simulation.population import Population, populate
from synthese.study import Study

PLAN_FILE = "simulation.yml"
_SIZE, _SEED = 100, 1
_FIELD_WORK = (dt.date(2024, 1, 15), dt.date(2024, 3, 15))


@dataclass(frozen=True)
class Simulated:
    """A wave's synthetic answers, and how they are to be written.

    Parameters
    ----------
    answers : Answers
        For `synthese.exports.write`.
    tool : str
        Tool that writes them.
    variant : str or None
        Variant of its format; None = its usual one.
    """

    answers: Answers
    tool: str
    variant: str | None


def _settled(plan: Plan, wave: str, size: int | None, seed: int | None) -> tuple[int, int]:
    """Settle size and seed: given, planned, or by default."""
    if size is not None and plan.size is not None and size != plan.size:
        raise SyntheseError.of(
            "plan-size",
            f"the plan of wave {wave!r} fixes counts for {plan.size} respondents, not {size}",
            fix="leave the size out, or simulate without the plan",
        )
    size = size if size is not None else (plan.size or _SIZE)
    if size < max(plan.removed.duplicates, 1):
        raise SyntheseError.of(
            "plan-size",
            f"{size} respondents are too few: at least 1, and one for each duplicate",
            fix="ask for more respondents",
        )
    return (
        size,
        seed if seed is not None else (plan.seed if plan.seed is not None else _SEED),
    )


def simulate(
    codebook: Codebook,
    wave: str,
    size: int | None = None,
    seed: int | None = None,
    tool: str = "plain",
    plan: Plan | None = None,
    *,
    field_work: tuple[dt.date, dt.date] | None = None,
    previous: Population | None = None,
) -> Answers:
    """Simulate a wave's answers.

    Parameters
    ----------
    codebook : Codebook
        Any questionnaire.
    wave : str
        Wave id; decides wordings, options and questions.
    size : int, optional
        Respondents that cleaning keeps; the plan's, or 100.
    seed : int, optional
        Same arguments, same answers; the plan's, or 1.
    tool : str
        Tool that is to write them; drafts need one that exports drafts.
    plan : Plan, optional
        What must hold; None draws everything.
    field_work : tuple of date, optional
        First and last day.
    previous : Population, optional
        Respondents of the wave that the plan's panel names.

    Returns
    -------
    Answers
        For `synthese.exports.write`; more rows than ``size`` where the plan wants rows to be dropped.

    Raises
    ------
    SyntheseError
        A plan that does not fit the codebook, or whose counts cannot be met; an unknown tool.
    """
    plan = plan or FREE
    if plan.removed.drafts and not exports.named(tool).drafts:
        raise SyntheseError.of(
            "plan-drafts", f"{tool} exports no drafts", path="removed.drafts", fix="write 0, or take framaforms"
        )
    size, seed = _settled(plan, wave, size, seed)
    who = populate(codebook, wave, size, seed, plan, previous)
    return fill(codebook, wave, who, seed, plan, field_work or _FIELD_WORK)


def plan_of(study: Study, wave: str) -> Plan | None:
    """Read the plan beside a wave's ``wave.yml``; None where there is none."""
    path = study.raw(wave) / PLAN_FILE
    return load_plan(path) if path.exists() else None


def population_of(study: Study, wave: str) -> Population:
    """Respondents of a wave that has a plan, panels of earlier waves included.

    Raises
    ------
    SyntheseError
        The wave has no plan: its respondents are not simulated ones.
    """
    plan = plan_of(study, wave)
    if plan is None:
        raise SyntheseError.of(
            "no-plan",
            f"wave {wave!r} has no {PLAN_FILE}: its respondents cannot be drawn again",
            file=study.relative(study.raw(wave)),
            fix="leave out `panel`",
        )
    size, seed = _settled(plan, wave, None, None)
    previous = population_of(study, plan.panel.wave) if plan.panel else None
    return populate(as_asked(study.codebook), wave, size, seed, plan, previous)


def simulate_wave(
    study: Study,
    wave: str,
    *,
    size: int | None = None,
    seed: int | None = None,
    tool: str | None = None,
    plan: Plan | None = None,
) -> Simulated:
    """Simulate a wave of a study by its plan, where it has one and no other size is wanted.

    Parameters
    ----------
    study : Study
        The study.
    wave : str
        One of its waves, or a new id: then the field work is a default and everything is drawn.
    size, seed, tool : optional
        Override the plan and ``wave.yml``; another size sets the wave's plan aside.
    plan : Plan, optional
        Takes the place of the wave's plan; its size then binds.

    Raises
    ------
    SyntheseError
        As `simulate`.
    """
    settings = next((w for w in study.waves if w.id == wave), None)
    if plan is None:
        plan = plan_of(study, wave)
        if plan is not None and size is not None and size != plan.size:
            plan = None
    chosen = tool or (settings.tool if settings else "plain")
    variant = plan.variant if plan and settings and chosen == settings.tool else None
    answers = simulate(
        as_asked(study.codebook),
        wave,
        size,
        seed,
        chosen,
        plan,
        field_work=(settings.field_work.start, settings.field_work.end) if settings else None,
        previous=population_of(study, plan.panel.wave) if plan and plan.panel else None,
    )
    return Simulated(answers, chosen, variant)


def simulate_export(
    study: Study,
    wave: str,
    output: Path,
    *,
    size: int | None = None,
    seed: int | None = None,
    tool: str | None = None,
    plan: Path | None = None,
    variant: str | None = None,
) -> int:
    """Write a wave's synthetic export, as ``synthese simulate`` does.

    Parameters
    ----------
    study, wave, size, seed, tool
        As `simulate_wave`.
    output : Path
        File to write; one that ends in ``.xlsx`` gets a workbook where the tool writes workbooks.
    plan : Path, optional
        A plan's file, in place of the wave's.
    variant : str, optional
        Variant of the tool's format; the plan's, or the usual one.

    Returns
    -------
    int
        Rows written, those that cleaning drops included.

    Raises
    ------
    SyntheseError
        As `simulate`; or a disk that refuses.
    """
    simulated = simulate_wave(
        study, wave, size=size, seed=seed, tool=tool, plan=load_plan(plan) if plan is not None else None
    )
    by_suffix = output.suffix == ".xlsx" and "xlsx" in exports.named(simulated.tool).variants
    chosen = variant or ("xlsx" if by_suffix else simulated.variant)
    exports.write(simulated.tool, simulated.answers, output, chosen)
    return len(simulated.answers.submissions)
