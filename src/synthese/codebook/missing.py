"""Why an answer is missing.

Belongs here: the reasons, which travel as codes from cleaning to the estimates. "Ne sait pas" and "sans objet"
are answers: they are options of the codebook (with ``in_base: false`` where the scale says so), and
`DONT_KNOW` and `NOT_APPLICABLE` serve tools that export them apart from the options, and texts that
``wave.yml`` declares as such.
"""

from __future__ import annotations

from typing import Final, Literal

NOT_ASKED: Final = "_not_asked"
NO_ANSWER: Final = "_no_answer"
DONT_KNOW: Final = "_dont_know"
NOT_APPLICABLE: Final = "_not_applicable"
ROUTING_UNKNOWN: Final = "_routing_unknown"
ANSWERED: Final = "answered"

Reason = Literal["_not_asked", "_no_answer", "_dont_know", "_not_applicable", "_routing_unknown"]

REASONS: Final[tuple[Reason, ...]] = (NOT_ASKED, NO_ANSWER, DONT_KNOW, NOT_APPLICABLE, ROUTING_UNKNOWN)
