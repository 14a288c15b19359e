"""The page held to the report's source and to the manifest: every artefact named is there, word by word.

Belongs here: which artefacts the source names, and whether the page shows them as they were saved. Does not:
parsing HTML (`page`), or what was released (`released`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypandoc

from synthese.audit.page import Block, Page, plain, read_page
from synthese.codebook import nearest
from synthese.errors import Fault, SyntheseError
from synthese.study import Study

TABLE = "application/vnd.synthese.table+json"
SYNTHETIC = "données synthétiques"
REPORT = "report/synthese.qmd"
OPTIONAL = "si-diffuse"
_SHOWN = ("released", "count_only")
_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$", re.MULTILINE)
_FAMILIES = ("html", "html5")

Entries = Mapping[str, Mapping[str, Any]]


def check_page(study: Study, wave_id: str, entries: Entries) -> list[Fault]:
    """Hold a wave's page to its source and its artefacts.

    Parameters
    ----------
    study : Study
        The study.
    wave_id : str
        The wave.
    entries : mapping
        The manifest's artefacts, by id.

    Returns
    -------
    list of Fault
        Empty when the page names its wave, shows each artefact that the source names as it was saved, holds
        nothing unresolved and loads nothing.
    """
    path = study.output(wave_id) / "synthese.html"
    name = _named(study, path)
    again = f"render it again: synthese render --wave {wave_id}"
    try:
        page = read_page(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [Fault("no-page", "this wave has no page", file=name, fix=again)]
    except UnicodeDecodeError:
        return [Fault("damaged-page", "this page is not UTF-8 text", file=name, fix=again)]
    faults = [*_self_contained(page, name), *_names_wave(study, wave_id, page, name)]
    try:
        used = artefacts_used(study.root, entries)
    except SyntheseError as error:
        return faults + list(error.faults)
    words = _words(entries)
    for id, required in used.items():
        if id not in entries:
            fix = nearest(id, sorted(entries))
            faults.append(Fault("unknown-artefact", f"no artefact {id!r} in the manifest", file=REPORT, fix=fix))
            continue
        blocks = [block for block in page.blocks if block.id == id]
        if not blocks and (required or _shown(entries[id])):
            faults.append(Fault("absent-artefact", f"the page does not show {id}", file=name, path=id, fix=again))
        for block in blocks:
            what = _unlike(study, block, entries[id], words.get(id, ""))
            if what:
                faults.append(Fault("other-artefact", f"{id} is not shown as saved: {what}", name, path=id, fix=again))
    for id in sorted({block.id for block in page.blocks} - set(used)):
        faults.append(Fault("stale-page", f"the page shows {id}, which the report does not name", name, fix=again))
    return faults


def _named(study: Study, path: Path) -> str:
    return path.relative_to(study.root).as_posix()


def _self_contained(page: Page, name: str) -> Iterator[Fault]:
    for found in page.unresolved:
        yield Fault("unresolved", f"{found!r} was not resolved", file=name, fix="mend the reference in the report")
    for address in sorted(set(page.loads)):
        shown = address if len(address) <= 120 else address[:119] + "…"
        yield Fault("not-self-contained", f"the page loads {shown!r}", file=name, fix="embed it in the report")
    if not page.language.startswith("fr"):
        yield Fault("no-language", f"the page says lang={page.language!r}", file=name, fix="write `lang: fr`")


def _names_wave(study: Study, wave_id: str, page: Page, name: str) -> Iterator[Fault]:
    wave = study.wave(wave_id)
    if plain(wave.title) not in page.text:
        fix = "show `vague` in the template, or render the page again"
        yield Fault("wave-not-named", f"the page does not name {wave.title!r}", file=name, fix=fix)
    if wave.synthetic and SYNTHETIC not in page.text.casefold():
        fix = "show `donnees-synthetiques` in the template"
        yield Fault("synthetic-not-told", "the page does not say that its data are synthetic", file=name, fix=fix)


# The source


def artefacts_used(root: Path, entries: Entries) -> dict[str, bool]:
    """List the artefacts that a page of the report shows, and whether each must stand there.

    What only another format shows is left out (``content-visible when-format="typst"``). A block of class
    ``si-diffuse`` need not stand where the gate withheld its artefact; what is in a block that stands only with an
    artefact (``si="fig-x"``) stands where that one is shown.

    Raises
    ------
    SyntheseError
        A file of the report is missing, or pandoc cannot read it.
    """
    try:
        tree = json.loads(pypandoc.convert_text(_with_includes(root / REPORT, root, ()), "json", format="markdown"))
    except RuntimeError as error:
        reason = str(error).splitlines()[-1]
        raise SyntheseError.of("pandoc", f"pandoc cannot read the report: {reason}", file=REPORT) from error
    out: dict[str, bool] = {}
    for id, required in _ids(tree["blocks"], entries):
        out[id] = required or out.get(id, False)
    return out


def _with_includes(path: Path, root: Path, above: tuple[Path, ...]) -> str:
    if path in above:
        return ""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        raise SyntheseError.of(
            "missing-file", "this file of the report is missing", file=name, fix="restore it"
        ) from error
    return _INCLUDE.sub(lambda m: _with_includes((path.parent / m[1]).resolve(), root, (*above, path)), text)


def _ids(node: Any, entries: Entries) -> Iterator[tuple[str, bool]]:
    if isinstance(node, list):
        for item in node:
            yield from _ids(item, entries)
    elif isinstance(node, dict):
        if node.get("t") in ("Div", "Span"):
            (_, classes, pairs), content = node["c"]
            given = dict(pairs)
            condition = entries.get(given.get("si", ""))
            if _hidden(classes, given) or (condition is not None and not _shown(condition)):
                return
            if "artefact" in given:
                yield given["artefact"], OPTIONAL not in classes
            yield from _ids(content, entries)
        else:
            yield from _ids(node.get("c"), entries)


def _hidden(classes: list[str], given: Mapping[str, str]) -> bool:
    if not {"content-visible", "content-hidden"} & set(classes):
        return False
    shown = given.get("when-format", "html") in _FAMILIES and given.get("unless-format") not in _FAMILIES
    if "content-hidden" in classes:
        conditional = "when-format" in given or "unless-format" in given
        return shown if conditional else True
    return not shown


# The artefacts


def _words(entries: Entries) -> dict[str, str]:
    """Texts of values and sentences as pandoc prints their inline Markdown, in plain form.

    A first word keeps « 46. … » from being read as a list, as the filter does.
    """
    texts = {id: entry["text"] for id, entry in entries.items() if entry["kind"] in ("value", "sentence")}
    if not texts:
        return {}
    source = "\n\n".join(f'::: {{data-artefact="{id}"}}\nx {" ".join(text.split())}\n:::' for id, text in texts.items())
    page = read_page(pypandoc.convert_text(source, "html", format="markdown", extra_args=["--wrap=none"]))
    return {block.id: block.text.removeprefix("x ") for block in page.blocks}


def _shown(entry: Mapping[str, Any]) -> bool:
    return entry.get("status", "released") in _SHOWN


def _unlike(study: Study, block: Block, entry: Mapping[str, Any], words: str) -> str | None:
    """Say how a block differs from its artefact; None when it does not. Released texts only are quoted."""
    if entry["kind"] in ("value", "sentence"):
        return None if block.text == words else f"{block.text!r} where the manifest has {words!r}"
    caption = plain(entry.get("caption") or "")
    if not any(found.endswith(caption) for found in block.captions):
        return f"no caption {caption!r}"
    for line in entry.get("notes", ()):
        if plain(line) not in block.text:
            return f"no line {plain(line)!r}"
    if not _shown(entry):
        withheld = plain(entry["text"])
        return None if withheld in block.text else f"no line {withheld!r}"
    if entry["kind"] == "figure":
        alt = plain(entry["alt"])
        if alt not in [plain(label) for label in block.labels]:
            return f"no picture described as {alt!r}"
        if not block.cells:
            return None  # a study's own filter may show a figure without its data
    return _other_cells(study, block, entry)


def _other_cells(study: Study, block: Block, entry: Mapping[str, Any]) -> str | None:
    files = [study.root / file["path"] for file in entry["files"] if file["media_type"] == TABLE]
    if not files or not files[0].is_file():
        return None  # told as a missing file
    try:
        table = json.loads(files[0].read_text(encoding="utf-8"))
        rows = [*table["head"], *table["body"]]
        saved = [plain(str(cell.get("text") or "")) for row in rows for cell in row]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "its file is no table"
    if len(saved) != len(block.cells):
        return f"{len(block.cells)} cells where the artefact has {len(saved)}"
    for number, (shown, wanted) in enumerate(zip(block.cells, saved, strict=True), start=1):
        if shown != wanted:
            return f"cell {number} is {shown!r} where the artefact has {wanted!r}"
    return None
