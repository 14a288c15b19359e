"""What each document of a wave is made from: the report, the same on paper, and the annex of every table.

Belongs here: which text and which part of the metadata a document gets. Does not: making it (`embedded`, `quarto`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from synthese.files import write_text
from synthese.rendering import annex
from synthese.rendering.assets import asset
from synthese.rendering.embedded import Job
from synthese.rendering.metadata import as_yaml
from synthese.rendering.source import read_source

_NAMED = re.compile(r'artefact="([^"]+)"')
_PAGE_ONLY = ("croisements", "explorateur")


def apart(job: Job) -> Job:
    """Leave the tables of the annex that a report's text does not name out of what pandoc has to read."""
    named = set(_NAMED.findall(job.text))
    kept = {id: item for id, item in job.content["artefacts"].items() if not id.startswith(annex.PREFIX) or id in named}
    return _with(job, {**job.content, "artefacts": kept}, "rapport.yml")


def for_paper(job: Job) -> Job:
    """Leave out what only a page shows: the explorer and its tables."""
    content = {key: value for key, value in job.content.items() if key not in _PAGE_ONLY}
    return _with(job, content, f"{job.report.stem}-papier.yml")


def _with(job: Job, content: Mapping[str, Any], name: str) -> Job:
    path = job.staging / name
    write_text(path, as_yaml(content))
    return replace(job, content=content, metadata=path)


def annexed(job: Job) -> Job | None:
    """Make the job of the annex from that of the report; None for a wave without tables of an annex.

    A study that has no ``report/annexe.qmd`` gets the package's.
    """
    if "annexe" not in job.content:
        return None
    text = read_source(asset(job.root, annex.REPORT.as_posix()), job.content)
    tables = {id: item for id, item in job.content["artefacts"].items() if id.startswith(annex.PREFIX)}
    content = {key: value for key, value in job.content.items() if key not in _PAGE_ONLY}
    every = replace(job, report=job.root / annex.REPORT, text=text)
    return _with(every, {**content, "artefacts": tables}, "annexe.yml")


def formats_of(formats: Sequence[str]) -> tuple[str, ...]:
    """Say in which of the report's formats the annex is made: those for reading."""
    return tuple(name for name in formats if name in ("html", "pdf"))
