"""Disclosure control: the gate that alone makes `Released`, once for a wave and over all of it.

Belongs here: what keeps a published number from identifying anyone (primary and secondary suppression, small
bases, legibility, ladders) and what the sample design allows to be inferred. Does not: computing a number
(`statistics`), wording or drawing one (`editorial`).
"""

from synthese.disclosure.gate import release
from synthese.disclosure.released import Estimate, LadderDecision, Released, Step

__all__ = ["Estimate", "LadderDecision", "Released", "Step", "release"]
