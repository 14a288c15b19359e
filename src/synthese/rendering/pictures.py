"""What a reader downloads of an artefact: a figure with its words as SVG and PNG, its numbers as CSV.

Belongs here: composing these files from what the manifest lists, by Typst. Does not: drawing (`editorial.figures`),
where they are put (`outputs`), or the report itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from synthese.errors import SyntheseError
from synthese.rendering import brand, fonts
from synthese.rendering.assets import asset
from synthese.rendering.manifest import Entry

SVG, CSV = "image/svg+xml", "text/csv"
TEMPLATE = "report/templates/figure.typ"
PPI = 200.0


def downloads(root: Path, entries: Iterable[Entry], theme: Path) -> dict[str, bytes]:
    """Make every file that a page offers for download, all figures in one go of Typst.

    Parameters
    ----------
    root : Path
        The study's folder.
    entries : iterable of Entry
        Artefacts of a wave; what is withheld, and values and sentences, have no files.
    theme : Path
        Folder with the brand's ``fonts``, see `synthese.rendering.report.prepare_theme`.

    Returns
    -------
    dict of str to bytes
        By name, sorted: ``fig-x.svg`` (every word as outlines: no font is needed), ``fig-x.png`` (the drawing at
        its size, 200 dots an inch), ``fig-x.csv``; a table has its CSV only. The same artefacts, the same bytes.

    Raises
    ------
    SyntheseError
        ``typst``: a drawing or the template is not what Typst can read.
    """
    shown = [entry for entry in entries if entry.kind in ("figure", "table") and not entry.withheld]
    made = {f"{entry.id}.csv": table(entry) for entry in shown if CSV in entry.files}
    drawn = [entry for entry in shown if SVG in entry.files]
    for entry, (svg, png) in zip(drawn, _composed(root, drawn, theme), strict=True):
        made |= {f"{entry.id}.svg": svg, f"{entry.id}.png": png}
    return dict(sorted(made.items()))


def table(entry: Entry) -> bytes:
    """Give the numbers of an artefact, then its words in lines that begin with ``#``.

    ``pandas.read_csv(…, comment="#")`` gives the numbers back: a cell that holds the sign is quoted.
    """
    content = entry.files[CSV].read_bytes().decode("utf-8")
    if "#" in content:
        out = io.StringIO()
        rows = csv.reader(io.StringIO(content, newline=""))
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        content = out.getvalue()
    words = [("Titre", entry.fields.get("caption")), ("Question", entry.fields.get("subtitle"))]
    lines = [f"{name}\u00a0: {text}" for name, text in words if text]
    lines += entry.fields.get("notes", ())
    told = "".join("# " + " ".join(line.splitlines()) + "\n" for line in lines)
    return f"{content.rstrip(chr(10))}\n{told}".encode()


def _composed(root: Path, entries: Sequence[Entry], theme: Path) -> list[tuple[bytes, bytes]]:
    """Compose figures, each an SVG and a PNG."""
    if not entries:
        return []
    given = {"theme": brand.typst(brand.read_theme(asset(root, "_brand.yml"))), "figures": [_words(e) for e in entries]}
    template = asset(root, TEMPLATE)
    try:
        compiler = typst.Compiler(
            str(template),
            root=str(template.parent),
            font_paths=_fonts(*fonts.keyed(theme / "fonts")),
            sys_inputs={"given": json.dumps(given, ensure_ascii=False, sort_keys=True)},
        )
        svgs, warned = compiler.compile_with_warnings(format="svg")
        pngs = compiler.compile(format="png", ppi=PPI)
    except typst.TypstError as error:
        what = f"Typst could not compose the figures: {error.message}"
        raise SyntheseError.of("typst", what, file=TEMPLATE) from error
    if warned:
        raise SyntheseError.of("typst", f"Typst warns: {warned[0].message}", file=TEMPLATE)
    return list(zip(_pages(svgs), _pages(pngs), strict=True))


def _words(entry: Entry) -> Mapping[str, Any]:
    fields = entry.fields
    return {
        "title": fields.get("caption") or "",
        "subtitle": fields.get("subtitle") or "",
        "alt": fields.get("alt") or "",
        "notes": list(fields.get("notes", ())),
        "svg": entry.files[SVG].read_text(encoding="utf-8"),
    }


def _pages(made: bytes | list[bytes] | None) -> list[bytes]:
    if made is None:
        raise TypeError("Typst gave no page")
    return [made] if isinstance(made, bytes) else made


@lru_cache(maxsize=4)
def _fonts(folder: Path, key: str) -> typst.Fonts:  # noqa: ARG001 - another key, other files
    # Ours only: a picture is the same on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
