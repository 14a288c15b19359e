"""The metadata file that carries a wave into the report: study, wave, looks, artefacts.

Belongs here: what the file holds and how plain text passes through YAML and Markdown unharmed. Does not:
reading and checking the manifest (`manifest`), or the sources of the report (`source`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthese.errors import SyntheseError
from synthese.formatting import french, k_of_n
from synthese.rendering import annex, brand
from synthese.rendering.assets import asset
from synthese.rendering.manifest import TABLE, Entry, read_manifest
from synthese.study import Study

SYNTHETIC = "Données synthétiques"
SYNTHETIC_NOTE = "Ces réponses sont simulées pour montrer la méthode ; elles ne décrivent aucune structure réelle."
STATUSES = {"brouillon": "Brouillon", "relu": "Version relue"}

EXPLORER = "report/templates/explorateur.js"
NARROW = "image/svg+xml;layout=narrow"

_SPECIAL = re.compile(r"([\\`*_\[\]<>#$^~@|{}])")
_LIST = re.compile(r"^(\s*)(\d+|[-+])([.)\s])")


def literal(text: str) -> str:
    r"""Wrap plain text in one code span, so that Quarto and pandoc hand it on letter by letter.

    Both read strings of YAML as Markdown; the filter takes the span's text. White space runs become one
    space, as in every title; no-break spaces stay.

    >>> literal("1. *n* = 54")
    '`1. *n* = 54`'
    """
    plain = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def escaped(text: str) -> str:
    r"""Escape plain text for a place that reads Markdown, such as a title.

    >>> escaped("Chantier n°3 : *bilan*")
    'Chantier n°3 : \\*bilan\\*'
    """
    text = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    return _LIST.sub(r"\1\2\\\3", _SPECIAL.sub(r"\\\1", text))


def packed(value: Any) -> str:
    r"""Wrap a structure in one code span, as JSON that neither Markdown, HTML nor shortcodes read anything in.

    >>> packed(["</script>"])
    '`["\\u003c/script\\u003e"]`'
    """
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign in "<>&`$":
        plain = plain.replace(sign, f"\\u{ord(sign):04x}")
    return literal(plain.replace("{{", "{\\u007b"))


def metadata(study: Study, wave_id: str, *, findings: int = 0) -> dict[str, Any]:
    """Make the metadata of a wave's report.

    Parameters
    ----------
    study : Study
        The study.
    wave_id : str
        The wave.
    findings : int
        What `synthese check` finds: with any, the status is ``brouillon`` whatever the settings say.

    Returns
    -------
    dict
        ``title``, ``subtitle``, ``banniere``, ``author``, ``date`` (end of field work, ISO), ``periode``,
        ``vague``, ``editeur``, ``version``, ``licence``, ``contact``, ``citer``,
        ``donnees-synthetiques``, ``brouillon``, ``logo``, ``marque`` (looks) and the map ``artefacts`` that
        ``report/filters/artefacts.lua`` resolves. Keys without a value are left out: Quarto takes an
        empty string for the path of the project.

    Raises
    ------
    SyntheseError
        Unknown wave; or a manifest that does not fit its files.
    """
    settings, wave = study.settings, study.wave(wave_id)
    status = "brouillon" if findings else wave.status or settings.status
    theme = brand.read_theme(asset(study.root, "_brand.yml"))
    entries = read_manifest(study.root, wave_id)
    content: dict[str, Any] = {
        "title": escaped(french(settings.title)),
        "subtitle": escaped(french(settings.subtitle)) if settings.subtitle else None,
        "banniere": escaped(french(settings.banner)) if settings.banner else None,
        "description": escaped(french(settings.subtitle)) if settings.subtitle else None,
        "titre-courant": escaped(french(settings.title)),
        "lang": "fr",
        "author": [escaped(author) for author in settings.authors],
        "auteurs": [escaped(author) for author in settings.authors],
        "date": wave.field_work.end.isoformat() if wave.field_work.known else None,
        "vague": escaped(french(wave.title)),
        "periode": escaped(french(wave.field_work.period)),
        "editeur": escaped(french(settings.publisher)) if settings.publisher else None,
        "version": escaped(settings.version),
        "licence": escaped(french(settings.licence)) if settings.licence else None,
        "financement": escaped(french(settings.funding)) if settings.funding else None,
        "source-questionnaire": escaped(french(settings.source)),
        "citer": escaped(french(settings.cite_as or _citation(study, wave_id))),
        "contact": {
            "role": escaped(french(settings.contact.role)),
            "organisation": escaped(french(settings.contact.organisation)) if settings.contact.organisation else None,
            "url": settings.contact.url,
        },
        "brouillon": STATUSES.get(status),
        "filigrane": STATUSES["brouillon"] if status == "brouillon" else None,
        "donnees-synthetiques": SYNTHETIC if wave.synthetic else None,
        "donnees-synthetiques-note": french(SYNTHETIC_NOTE) if wave.synthetic else None,
        "marque": brand.typst(theme),
        **brand.logo(theme, study.root),
        "artefacts": {entry.id: _artefact(study, wave_id, entry) for entry in entries},
    }
    if any(entry.id.startswith(annex.PREFIX) for entry in entries):
        content["annexe"] = packed(annex.chapters(study.codebook, entries))
        content["croisements"] = packed(annex.crosses(study.codebook, wave_id, entries))
        content["explorateur"] = packed(asset(study.root, EXPLORER).read_text(encoding="utf-8"))
    return dict(_without_empty(content))


def _citation(study: Study, wave_id: str) -> str:
    settings, wave = study.settings, study.wave(wave_id)
    authors = ", ".join(settings.authors) or settings.publisher
    parts = [authors, settings.title, wave.title, f"version {settings.version}"]
    parts.append(str(wave.field_work.end.year) if wave.field_work.known else "s. d")
    return ", ".join(part for part in parts if part) + "."


def _artefact(study: Study, wave_id: str, entry: Entry) -> dict[str, Any]:
    fields = entry.fields
    content: dict[str, Any] = {"kind": literal(entry.kind)}
    if entry.kind in ("value", "sentence"):
        content["text"] = literal(fields["text"])
        if fields.get("parts"):
            content["parts"] = packed([[part["text"], _one_up(part["source"])] for part in fields["parts"]])
            content["sources"] = packed([_source(source) for source in fields["sources"]])
        return content
    content["caption"] = literal(fields.get("caption") or entry.id)
    if fields.get("subtitle"):
        content["subtitle"] = literal(fields["subtitle"])
    content["notes"] = [literal(line) for line in fields.get("notes", ())]
    if entry.withheld:
        return {**content, "withheld": True, "text": literal(fields["text"])}
    if entry.kind == "figure":
        content["alt"] = literal(fields["alt"])
        content["image"] = literal(_from_report(study.root, entry.files["image/svg+xml"]))
        if NARROW in entry.files:
            content["image-etroite"] = literal(_from_report(study.root, entry.files[NARROW]))
        if "image/png" in entry.files:
            content["bitmap"] = literal(_from_report(study.root, entry.files["image/png"]))
    if fields.get("sources"):
        content["sources"] = packed([_source(source) for source in fields["sources"]])
    if TABLE in entry.files:  # of a figure: its data, for those who would rather read them
        content["table"] = _table(entry.files[TABLE], study.root)
    content["downloads"] = [
        {
            "label": literal(label),
            "name": literal(f"{entry.id}-{wave_id}.{suffix}"),
            "href": literal(f"figures/{entry.id}.{suffix}"),
        }
        for media, suffix, label in _DOWNLOADS
        if media in entry.files
    ]
    return content


_DOWNLOADS = (
    ("text/csv", "csv", "Données (CSV)"),
    ("image/svg+xml", "svg", "Image (SVG)"),
    ("image/svg+xml", "png", "Image (PNG)"),
)


_KEYS = {
    "question": "question",
    "option": "réponse",
    "by": "selon",
    "group": "groupe",
    "universe": "univers",
    "reference_wave": "vague de référence",
    "statistic": "statistique",
}


def _one_up(source: int | None) -> int:
    """Place of a source as Lua counts; 0 for none."""
    return 0 if source is None else source + 1


def _source(source: Mapping[str, Any]) -> list[list[str]]:
    """Write what a source tells, term by term, as a reader is shown it."""
    count, base = source["count"], source["base"]
    counted = k_of_n(count, base) if count is not None and base else str(base) if base is not None else ""
    cell = ", ".join(f"{name} {source[key]}" for key, name in _KEYS.items() if source[key])
    rows = [
        ["Définition", source["definition"]],
        ["Effectif", french(counted)],
        ["Base", source["field"]],
        ["Méthode", source["method"]],
        ["Cellule", f"estimates.parquet, vague {source['wave']}, {cell}"],
    ]
    return [row for row in rows if row[1]]


def _from_report(root: Path, file: Path) -> str:
    return "../" + file.relative_to(root).as_posix()


def _table(file: Path, root: Path) -> str:
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        head, body = table["head"], table["body"]
        width = len(table["align"])
        if not head or any(sum(cell.get("colspan", 1) for cell in row) > width for row in [*head, *body]):
            raise ValueError("no header row, or a row wider than `align`")  # noqa: TRY301
    except (ValueError, KeyError, TypeError) as error:
        raise SyntheseError.of(
            "not-a-table",
            f"this artefact is not a table: {error}",
            file=file.relative_to(root).as_posix(),
            fix="see `synthese.editorial.tables` for its layout",
        ) from error

    return packed(
        {
            "align": table["align"],
            "row-headers": table.get("row_headers", 0),
            "head": [[_cell(item) for item in row] for row in head],
            "body": [[_cell(item) for item in row] for row in body],
        }
    )


def _cell(source: Mapping[str, Any]) -> dict[str, Any]:
    text = re.sub(r"[ \t\r\n]+", " ", str(source.get("text") or "")).strip(" ")
    spans = {key: int(source[key]) for key in ("colspan", "rowspan") if int(source.get(key, 1)) != 1}
    return {"text": text, **spans} if text else spans


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None and item != "" and item not in ([], {})}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value


def as_yaml(content: Mapping[str, Any]) -> str:
    """Write metadata as YAML that every parser reads alike: block mappings, JSON scalars and sequences."""
    return "# Written by synthese; do not edit.\n" + "".join(_lines(content, ""))


def _lines(content: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for key in sorted(content):
        value = content[key]
        if isinstance(value, Mapping) and value:
            lines.append(f"{indent}{key}:\n")
            lines += _lines(value, indent + "  ")
        else:
            lines.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}\n")
    return lines
