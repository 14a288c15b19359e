"""Simulation: synthetic exports for any questionnaire, wave, size, seed and tool."""

from synthese.simulation.plan import Plan, load_plan
from synthese.simulation.population import Population, populate
from synthese.simulation.waves import Simulated, plan_of, population_of, simulate, simulate_export, simulate_wave

__all__ = [
    "Plan",
    "Population",
    "Simulated",
    "load_plan",
    "plan_of",
    "populate",
    "population_of",
    "simulate",
    "simulate_export",
    "simulate_wave",
]
