"""What a simulated wave must hold: a declared plan, read from ``simulation.yml``.

Belongs here: the plan's shape and reading it. Does not: drawing (`draw`, `population`), or any study's numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from synthese.codebook import Model, parse
from synthese.codebook.model import Code, QuestionId, Text, VariableId, WaveId
from synthese.files import read_yaml


class Within(Model):
    """How often one option of a multiple response is ticked in each group of another question: exact counts."""

    option: Code
    by: VariableId
    counts: dict[Code, int]


class Among(Model):
    """Which options are possible, by the answer to another question (departments of a region)."""

    by: QuestionId
    options: dict[Code, tuple[Code, ...]]


class Effect(Model):
    """A dependency: an answer is chosen more readily by those who gave another one.

    Counts stay as planned or drawn; the effect decides who makes them up: at each draw, those who gave all
    answers of ``when`` are ``times`` as likely as others to be taken next. The odds ratio in the answers is
    larger than ``times``, as they are used up first.
    """

    on: Text = Field(description="``F1.mesure_impact``: question (or grid row) and option.")
    when: dict[VariableId, tuple[Code, ...]]
    times: float = Field(gt=0)


class QuestionPlan(Model):
    """One question, or one row of a grid."""

    answered: int | None = Field(None, ge=0, description="How many answer; null = by the non-response rate.")
    counts: dict[Code, int] = Field(default_factory=dict, description="Exact counts, by option.")
    shares: dict[Code, float] = Field(
        default_factory=dict, description="Probabilities, for options that have no count."
    )
    by: VariableId | None = Field(None, description="Question of `table`'s groups.")
    table: dict[Code, dict[Code, int]] = Field(
        default_factory=dict, description="Exact joint counts of a single choice: group → option → count."
    )
    within: tuple[Within, ...] = ()
    among: Among | None = None
    median: float | None = Field(None, gt=0, description="Median of a skewed number.")
    spread: float = Field(0.9, gt=0, description="Standard deviation of its logarithm.")
    step: float = Field(1.0, gt=0, description="What numbers are multiples of.")
    texts: tuple[Text, ...] = Field((), description="Texts for « Autre » or an open question.")


class NonResponse(Model):
    """Share of those asked who leave a question empty: from the first question to the last, growing."""

    first: float = Field(0.0, ge=0, lt=1)
    last: float = Field(0.12, ge=0, lt=1)


class Removed(Model):
    """Rows beside the respondents kept, which cleaning must drop."""

    duplicates: int = Field(0, ge=0, description="Broken-off first tries of respondents who then answered in full.")
    drafts: int = Field(0, ge=0)
    trials: int = Field(0, ge=0)
    empty: int = Field(0, ge=0)


class Panel(Model):
    """Respondents who answered an earlier wave too."""

    wave: WaveId
    count: int = Field(ge=1)
    keep: tuple[QuestionId, ...] = Field((), description="Single choices they answer as they did then.")


class Plan(Model):
    """``simulation.yml``: how a wave's synthetic export is made."""

    schema_version: Literal[1] = Field(alias="schema")
    title: Text = Field(description="Title of the form; it says that the data are synthetic.")
    size: int | None = Field(None, ge=1, description="Respondents kept; null = given when simulating.")
    seed: int | None = Field(None, ge=0)
    variant: Text | None = Field(None, description="Variant of the tool's format.")
    order: tuple[QuestionId, ...] = Field((), description="Questions in the form's order; others follow.")
    labels: dict[str, Text] = Field(
        default_factory=dict, description="Header or option as the form puts it, by `B1` or `B1.reseau`."
    )
    non_response: NonResponse = NonResponse()
    removed: Removed = Removed()
    panel: Panel | None = None
    questions: dict[VariableId, QuestionPlan] = Field(default_factory=dict)
    effects: tuple[Effect, ...] = ()

    def of(self, unit: str) -> QuestionPlan:
        """Plan of a question or grid row; an empty one where nothing is planned."""
        return self.questions.get(unit, QuestionPlan())


FREE = Plan(schema_version=1, title="Questionnaire (données synthétiques)")


def load_plan(path: Path) -> Plan:
    """Read ``simulation.yml``.

    Raises
    ------
    SyntheseError
        Missing or wrong; carries every fault with its line.
    """
    return parse(read_yaml(path), Plan)
