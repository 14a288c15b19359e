"""The artefact: one thing that a report shows, with all its forms and what must stand beside it.

Belongs here: the record, its id and the proof of where its numbers come from. Does not: files.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

from synthese.disclosure import Released
from synthese.errors import SyntheseError

Kind = Literal["figure", "table", "value", "sentence"]
Status = Literal["released", "count_only", "withheld_primary", "withheld_secondary", "too_small"]

PREFIXES: Final[Mapping[str, str]] = {"figure": "fig", "table": "tbl", "value": "val", "sentence": "txt"}
EXTENSIONS: Final[Mapping[str, str]] = {
    "image/svg+xml": ".svg",
    "image/svg+xml;layout=narrow": ".narrow.svg",
    "image/png": ".png",
    "text/csv": ".csv",
    "application/vnd.synthese.table+json": ".table.json",
}
"""Media types that an artefact can hold, with the end of their file's name."""


@dataclass(frozen=True)
class Source:
    """Where a printed number comes from: one cell of the released estimates, told in French.

    Parameters
    ----------
    question, option, by, group, universe, wave, reference_wave : str or None
        Keys of the row of ``estimates.parquet``; ``wave`` is the wave whose folder holds it.
    statistic : str
        Its statistic: ``share``, ``mean``…
    definition : str
        What is counted: the question's wording and the answer.
    field : str
        Who is in the base.
    method : str
        How the number was computed.
    count, base : int or None
        Unweighted respondents in the numerator and the denominator; None where they are not told.
    """

    question: str
    statistic: str
    definition: str
    field: str
    method: str
    wave: str
    option: str | None = None
    by: str | None = None
    group: str | None = None
    universe: str | None = None
    reference_wave: str | None = None
    count: int | None = None
    base: int | None = None


@dataclass(frozen=True)
class Part:
    """A stretch of the text of a value or a sentence; with ``source``, a number that tells where it comes from."""

    text: str
    source: int | None = None


_ID = re.compile(r"(fig|tbl|val|txt)-[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = secrets.token_bytes(32)


@dataclass(frozen=True)
class Artefact:
    """One figure, table, value or sentence; made by `make`.

    Parameters
    ----------
    id : str
        ``fig-…``, ``tbl-…``, ``val-…`` or ``txt-…``, as its kind says.
    kind : {"figure", "table", "value", "sentence"}
        What it is.
    payloads : mapping of str to bytes
        Content by media type; empty for a value or a sentence.
    caption, alt : str
        Title with n, and the text that stands for the picture, in French; empty where there is none.
    subtitle : str
        Under the title: the question as it was put; empty where the title says enough.
    notes : tuple of str
        Lines under it: Lecture, Champ, Note, Source.
    text : str or None
        What a value or a sentence prints.
    status : str
        Release status: ``released``, or what stands in its place was withheld.
    wave : str
        Wave of the release it was made from.
    proof : str
        Fingerprint of that release.
    parts : tuple of Part
        The text cut where a number begins and ends; empty where it quotes none.
    sources : tuple of Source
        What the numbers of ``parts`` come from; of a figure or a table, one that stands for all its cells.
    seal : str
        Says that `make` made it; not shown, not stored.
    """

    id: str
    kind: Kind
    payloads: Mapping[str, bytes]
    caption: str
    alt: str
    notes: tuple[str, ...]
    text: str | None
    status: Status
    wave: str
    proof: str
    subtitle: str = ""
    parts: tuple[Part, ...] = ()
    sources: tuple[Source, ...] = ()
    seal: str = field(default="", repr=False, compare=False)


def make(
    released: Released,
    *,
    id: str,
    kind: Kind,
    payloads: Mapping[str, bytes] | None = None,
    caption: str = "",
    alt: str = "",
    notes: Iterable[str] = (),
    text: str | None = None,
    status: Status = "released",
    subtitle: str = "",
    parts: Iterable[Part] = (),
    sources: Iterable[Source] = (),
) -> Artefact:
    """Make an artefact of released numbers.

    Parameters
    ----------
    released : Released
        Where its numbers come from: the proof of it is kept with the artefact.
    id, kind, payloads, caption, alt, notes, text, status, subtitle, parts, sources
        See `Artefact`.

    Raises
    ------
    TypeError
        Not a `Released`.
    SyntheseError
        The id does not fit its kind, a media type is unknown, or a part is missing: a figure without picture or
        alternative text, a table without its structure, a value or sentence without text; or the parts of a text are
        not that text, or name a source that is not there.
    """
    if type(released) is not Released:
        raise TypeError(f"an artefact is made of Released, not of {type(released).__name__}: release the wave first")
    check_id(id, kind)
    payloads = dict(payloads or {})
    unknown = sorted(set(payloads) - set(EXTENSIONS))
    if unknown:
        raise SyntheseError.of(
            "unknown-media-type",
            f"{id} holds {unknown[0]!r}, which no report can show",
            fix=f"one of {', '.join(EXTENSIONS)}",
        )
    if status not in get_args(Status):
        raise SyntheseError.of(
            "unknown-status", f"{id} has the status {status!r}", fix=f"one of {', '.join(get_args(Status))}"
        )
    _complete(id, kind, payloads, alt, text, status)
    parts, sources = tuple(parts), tuple(sources)
    if parts and "".join(part.text for part in parts) != text:
        raise SyntheseError.of("parts", f"the parts of {id} are not its text", fix="cut the text, add nothing to it")
    if any(part.source is not None and not 0 <= part.source < len(sources) for part in parts):
        raise SyntheseError.of("parts", f"a part of {id} names a source that is not there", fix="give its `sources`")
    return sealed(
        Artefact(
            id,
            kind,
            MappingProxyType(payloads),
            caption,
            alt,
            tuple(notes),
            text,
            status,
            released.wave,
            released.fingerprint,
            subtitle,
            parts,
            sources,
        )
    )


def check_id(id: str, kind: str) -> None:
    """Refuse an id that is not of its kind."""
    if kind not in PREFIXES:
        raise SyntheseError.of("unknown-kind", f"{id} is of kind {kind!r}", fix=f"one of {', '.join(PREFIXES)}")
    if not _ID.fullmatch(id) or not id.startswith(f"{PREFIXES[kind]}-"):
        raise SyntheseError.of(
            "artefact-id",
            f"{id!r} is no id for a {kind}",
            fix=f"write {PREFIXES[kind]}- then lower-case letters, digits and single hyphens",
        )


def _complete(id: str, kind: Kind, payloads: Mapping[str, bytes], alt: str, text: str | None, status: str) -> None:
    if kind in ("value", "sentence"):
        if not text:
            raise SyntheseError.of("no-text", f"{id} prints nothing", fix="give its `text`")
        return
    if status not in ("released", "count_only"):
        if not text:  # what was withheld is replaced by a line that says so
            raise SyntheseError.of("no-text", f"{id} is withheld without a word", fix="give its `text`: why")
        return
    if kind == "figure":
        if not {"image/svg+xml", "image/png"} & set(payloads):
            raise SyntheseError.of("no-picture", f"{id} has no picture", fix="give image/svg+xml or image/png")
        if not alt.strip():
            raise SyntheseError.of("no-alt", f"{id} has no alternative text", fix="give its `alt`")
    elif "application/vnd.synthese.table+json" not in payloads:
        raise SyntheseError.of("no-table", f"{id} has no table in it", fix="give application/vnd.synthese.table+json")


def _seal(artefact: Artefact) -> str:
    digest = hmac.new(_KEY, digestmod=hashlib.sha256)
    parts: list[object] = [artefact.id, artefact.kind, artefact.caption, artefact.alt, artefact.notes, artefact.text]
    parts += [artefact.status, artefact.wave, artefact.proof, artefact.subtitle, artefact.parts, artefact.sources]
    parts += [(media, hashlib.sha256(content).hexdigest()) for media, content in sorted(artefact.payloads.items())]
    digest.update(repr(parts).encode("utf-8"))
    return digest.hexdigest()


def sealed(artefact: Artefact) -> Artefact:
    """Mark an artefact as made by `make` (or read back by the store), in this process."""
    object.__setattr__(artefact, "seal", _seal(artefact))
    return artefact


def is_sealed(artefact: Artefact) -> bool:
    """Whether `make` made it and nothing in it was changed since."""
    return hmac.compare_digest(artefact.seal, _seal(artefact))
