"""How a wave's respondents were drawn and weighted, as ``wave.yml`` declares it.

Belongs here: margins, trimming, strata, clusters, and what of them cannot go together. Does not: whether the codebook
has these questions (`synthese.cleaning`), weights and errors themselves (`synthese.statistics`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from synthese.codebook import Model
from synthese.codebook.model import Code, QuestionId, Text, VariableId

Design = Literal["self-selected", "census", "probability"]


def _text_keys(value: object) -> object:
    """Take ``{1: 30}`` for ``{"1": 30}``: a code is text."""
    if isinstance(value, dict):
        return {str(key) if isinstance(key, int) else key: item for key, item in value.items()}
    return value


class Margin(Model):
    """A distribution known of the population, to which weights are brought."""

    question: VariableId = Field(description="A question with one answer, a grid row or a regrouping.")
    totals: Annotated[dict[Code, Annotated[float, Field(ge=0)]], BeforeValidator(_text_keys)] = Field(
        min_length=2, description="Option → size in the population, or share of it (of 1, or of 100)."
    )
    source: Text | None = Field(None, description="Where the totals come from, in French: it is printed. Required.")
    unknown: Literal["keep_base_weight"] | None = Field(
        None,
        description="What becomes of those whose answer has no total: they keep, together, the part of the whole that "
        "their weights had before. Absent, they are an error.",
    )

    @model_validator(mode="after")
    def _of_a_source(self) -> Margin:
        if self.source is None:
            what = "a margin without a source: no one could check these totals"
            fix = {"key": "source", "fix": "add `source: …`: who counted, what, when"}
            raise PydanticCustomError("missing-source", what, fix)
        if not sum(self.totals.values()) > 0:
            fix = {"key": "totals", "fix": "write a size or a share for each option"}
            raise PydanticCustomError("margin-empty", "these totals are all 0", fix)
        return self

    @property
    def shares(self) -> bool:
        """Whether the totals are shares (of 1 or of 100), so that they say nothing of the population's size."""
        total = sum(self.totals.values())
        return abs(total - 1) < 0.005 or abs(total - 100) < 0.5


class Trim(Model):
    """Where weights are cut."""

    at_most: float = Field(gt=1, description="Largest weight, in units of the mean weight.")


class Sampling(Model):
    """The part of ``wave.yml`` on weights and on how respondents were drawn."""

    design: Design
    population: int | None = Field(
        None, ge=1, description="Size of the population; for a census or a probability sample."
    )
    weight: QuestionId | None = Field(None, description="Numeric question that holds the weights.")
    calibration: tuple[Margin, ...] = Field(
        (), description="Margins that weights are brought to: one by post-stratification, several by raking."
    )
    trim: Trim | None = None
    strata: VariableId | None = Field(
        None, description="Question with one answer, regrouping or numeric question: the stratum drawn from."
    )
    clusters: VariableId | None = Field(
        None, description="Question that names the cluster drawn first; open or personal, it stays private."
    )
    primary_units: Annotated[PositiveInt | dict[str, PositiveInt] | None, BeforeValidator(_text_keys)] = Field(
        None,
        description="Number in the population, in all or by stratum, of what was drawn first: clusters, or respondents "
        "where there are none. Finite population correction.",
    )
    lonely: Literal["fail", "certainty", "adjust", "average"] = Field(
        "fail",
        description="A stratum of one unit: refused, taken as drawn for certain, centred at the mean of all units, or "
        "given the mean variance of the other strata.",
    )

    @property
    def weighted(self) -> bool:
        """Whether shares are no ratios of counts."""
        return self.weight is not None or bool(self.calibration)

    @property
    def weights_told(self) -> bool:
        """Whether weights follow from margins that are published; those given with the answers do not."""
        return bool(self.calibration) and self.weight is None

    @model_validator(mode="after")
    def _design_fits(self) -> Sampling:
        if self.design == "self-selected" and self.population is not None:
            what = "`population` on a self-selected design: those who chose to answer are no sample of it"
            fix = {"key": "population", "fix": "remove it, or name the design that was followed"}
            raise PydanticCustomError("population-self-selected", what, fix)
        drawn = [key for key in ("strata", "clusters", "primary_units") if getattr(self, key) is not None]
        if drawn and self.design != "probability":
            what = f"`{drawn[0]}` on a design that drew nobody at random"
            fix = {"key": drawn[0], "fix": "remove it, or write `design: probability` if respondents were drawn"}
            raise PydanticCustomError("drawn-by-nobody", what, fix)
        if drawn == ["primary_units"]:
            fix = {"key": "primary_units", "fix": "write `population`, or name `strata` or `clusters`"}
            raise PydanticCustomError("primary-units-alone", "`primary_units` without strata or clusters", fix)
        if isinstance(self.primary_units, dict) and self.strata is None:
            fix = {"key": "primary_units", "fix": "write one number, or name `strata`"}
            raise PydanticCustomError("primary-units-alone", "`primary_units` by stratum without strata", fix)
        if self.trim is not None and not self.weighted:
            fix = {"key": "trim", "fix": "remove it, or name `weight` or `calibration`"}
            raise PydanticCustomError("trim-alone", "`trim` without weights", fix)
        names = [margin.question for margin in self.calibration]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            fix = {"key": "calibration", "fix": "keep one of them"}
            raise PydanticCustomError("margin-twice", f"two margins on {', '.join(twice)}", fix)
        return self
