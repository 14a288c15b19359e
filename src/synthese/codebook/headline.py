"""What a codebook declares of its headlines: the numbers put forward, and the other choices they are tried under.

Belongs here: the shape of ``headlines``. Does not: its checks against questions (`headlines`), or computing
(`synthese.analysis`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from synthese.codebook.shapes import Code, Model, Slug, Text, VariableId

Part = Annotated[float, Field(gt=0, le=1)]


class Counted(Model):
    """Answers that count as the headline, in place of its own option."""

    question: VariableId | None = Field(
        None, description="The headline's question, or another grouping of it; null = as the headline has it."
    )
    options: tuple[Code, ...] = Field(min_length=1, description="Any of these counts.")


class Variants(Model):
    """Choices under which a headline is computed again, each beside the one that is published.

    Every combination is one variant: a headline with ``without_weights``, ``dont_know_in_base`` and two levels of
    ``answered_at_least`` has 2 × 2 × 3 = 12, the published one among them.
    """

    without_weights: bool = Field(False, description="Also with every answer counted alike, where a wave has weights.")
    answered_at_least: tuple[Part, ...] = Field(
        (),
        description="Also among those only who answered at least this part of the questions asked of them, open "
        "questions left out: 0.8, or 1 for complete answers.",
    )
    dont_know_in_base: bool = Field(False, description="Also with « ne sait pas » counted in the base.")
    non_response_in_base: bool = Field(
        False, description="Also with those in the base who were asked and left the question empty."
    )
    counted: tuple[Counted, ...] = Field((), description="Also with other answers counted as the headline.")

    @property
    def number(self) -> int:
        """How many variants they make, the published one included."""
        number = (1 + len(self.answered_at_least)) * (1 + len(self.counted))
        for also in (self.without_weights, self.dont_know_in_base, self.non_response_in_base):
            number *= 1 + also
        return number


class Headline(Model):
    """A number that the report puts forward: the share of an option, in a group of a breakdown if one is named."""

    id: Slug
    title: Text = Field(description="What it is, in French, for the table of variants.")
    question: VariableId
    option: Code
    by: VariableId | None = Field(None, description="Breakdown, for a headline within one of its groups.")
    group: Code | None = None
    variants: Variants

    @model_validator(mode="after")
    def _whole(self) -> Headline:
        if (self.by is None) != (self.group is None):
            key = "by" if self.group is None else "group"
            raise PydanticCustomError(
                "half-a-group", "a breakdown goes with one of its groups", {"key": key, "fix": "give both, or none"}
            )
        if self.variants.number < 2:
            raise PydanticCustomError(
                "no-variant",
                "this headline has no variant to hold in",
                {"key": "variants", "fix": "say what else is tried, such as `answered_at_least: [0.8]`"},
            )
        return self
