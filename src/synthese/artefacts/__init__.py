"""Artefacts: figures, tables, values and sentences of a report, saved and loaded by id.

Belongs here: the `Artefact` record, which is made from a `Released` only, and the `Store` with its manifest.
Does not: drawing or wording an artefact (`editorial`), placing it in a report (`rendering`).
"""

from synthese.artefacts.model import EXTENSIONS, Artefact, Kind, Part, Source, make
from synthese.artefacts.store import Store

__all__ = ["EXTENSIONS", "Artefact", "Kind", "Part", "Source", "Store", "make"]
