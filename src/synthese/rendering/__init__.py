"""From a wave's artefacts to the report: one HTML page, one PDF, docx for those who must edit.

Belongs here: checking the manifest, choosing the engine, running it, checking and publishing what it made.
Does not: computing anything, or starting a kernel.
"""

from synthese.rendering.index import write_index
from synthese.rendering.metadata import metadata
from synthese.rendering.report import Engine, Rendered, engine_label, render, write_current

__all__ = ["Engine", "Rendered", "engine_label", "metadata", "render", "write_current", "write_index"]
