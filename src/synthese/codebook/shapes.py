"""What every declared thing is built from: the frozen base model and the shapes of codes and texts.

Belongs here: types that several modules of models share. Does not: any declared thing.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$|^[0-9]{1,3}[AB]?$|^2[AB]$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
VariableId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[a-z0-9_]+)?(@[a-z0-9_]+)?$")]
WaveId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Model(BaseModel):
    """Base of every declared thing: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
