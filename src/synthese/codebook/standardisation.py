"""What a codebook declares of standardisation: the one mix of strata that shares of every wave are brought to.

Belongs here: the shape of ``standardisation``. Does not: its checks against questions (`mixes`), or computing
(`synthese.analysis`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from synthese.codebook.shapes import Code, Model, Text, VariableId

POOLED = "pooled"
MOST_STRATA = 3

Part = Annotated[float, Field(ge=0, le=1)]


class Standardisation(Model):
    """Shares as they would be if every wave had the same structure: direct standardisation on at most three strata."""

    by: VariableId = Field(description="The strata: a question with one answer each, or a regrouping of one.")
    mix: Text | dict[Code, Part] = Field(
        description="Shares of the strata: those of a wave, by its id; `pooled`, of the two waves compared together; "
        "or given, stratum → share."
    )
    name: Text = Field(description="Name of the mix, in French: « structure de 2024 ».")
    source: Text | None = Field(None, description="Where given shares come from, in French.")

    @model_validator(mode="after")
    def _given_shares(self) -> Standardisation:
        if isinstance(self.mix, dict):
            if not abs(sum(self.mix.values()) - 1) <= 0.005:
                what = f"the shares of this mix add up to {sum(self.mix.values()):g}"
                raise PydanticCustomError("mix-sum", what, {"key": "mix", "fix": "they must add up to 1"})
            if self.source is None:
                what = "this mix is given, and nothing says where it comes from"
                raise PydanticCustomError("mix-source", what, {"key": "mix", "fix": "add `source: …`"})
        return self

    @property
    def wave(self) -> str | None:
        """The wave whose structure is taken; None where another mix is."""
        return self.mix if isinstance(self.mix, str) and self.mix != POOLED else None
