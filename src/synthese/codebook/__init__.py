"""Codebook: what is asked, of whom, how it may be grouped and crossed, and why an answer is missing."""

from synthese.codebook.checks import nearest
from synthese.codebook.comparability import Verdict, comparability
from synthese.codebook.differences import KINDS, VerdictKind
from synthese.codebook.harmonising import Harmony, groups_of, harmonise
from synthese.codebook.headline import Counted, Headline, Variants
from synthese.codebook.loading import json_schema, load_codebook, parse
from synthese.codebook.model import (
    Codebook,
    Filter,
    Group,
    LadderStep,
    Model,
    Option,
    PlannedCross,
    Question,
    Regrouping,
    Rewording,
    Routing,
    Row,
    Scale,
    Universe,
)
from synthese.codebook.over_waves import remarks
from synthese.codebook.standardisation import POOLED, Standardisation
from synthese.codebook.variables import Variable, variable, variables

__all__ = [
    "KINDS",
    "POOLED",
    "Codebook",
    "Counted",
    "Filter",
    "Group",
    "Harmony",
    "Headline",
    "LadderStep",
    "Model",
    "Option",
    "PlannedCross",
    "Question",
    "Regrouping",
    "Rewording",
    "Routing",
    "Row",
    "Scale",
    "Standardisation",
    "Universe",
    "Variable",
    "Variants",
    "Verdict",
    "VerdictKind",
    "comparability",
    "groups_of",
    "harmonise",
    "json_schema",
    "load_codebook",
    "nearest",
    "parse",
    "remarks",
    "variable",
    "variables",
]
