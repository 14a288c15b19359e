"""Why an answer is missing.

Belongs here: the reasons, which travel as codes from cleaning to the estimates. "Ne sait pas" is an answer:
it is an option of the codebook (with ``in_base: false`` where the scale says so), and `DONT_KNOW` only
serves tools that export it apart from the options.
"""

from __future__ import annotations

from typing import Final

NOT_ASKED: Final = "_not_asked"
NO_ANSWER: Final = "_no_answer"
DONT_KNOW: Final = "_dont_know"
ROUTING_UNKNOWN: Final = "_routing_unknown"
ANSWERED: Final = "answered"

REASONS: Final[tuple[str, ...]] = (NOT_ASKED, NO_ANSWER, DONT_KNOW, ROUTING_UNKNOWN)
