"""The brand's logo: a picture of the study that a page can hold without harm.

Belongs here: finding it, and refusing what is outside the study, unreadable, unnamed or active. Does not: where
it is placed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from synthese.errors import Fault

TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
_ACTIVE = {
    "script",
    "foreignObject",
    "iframe",
    "object",
    "embed",
    "set",
    "animate",
    "animateMotion",
    "animateTransform",
    "handler",
}
_OUTSIDE = re.compile(r"url\(\s*[\"']?(?!#|data:image/(?:png|jpeg))|@import|javascript:", re.IGNORECASE)


@dataclass(frozen=True)
class Logo:
    """A logo, and its version for dark pages if there is one.

    Parameters
    ----------
    path : Path
        An SVG or PNG file.
    alt : str
        What it says, for those who do not see it.
    dark : Path or None
        The version for dark pages.
    """

    path: Path
    alt: str
    dark: Path | None = None

    @property
    def media_type(self) -> str:
        """Media type of the file."""
        return TYPES[self.path.suffix.lower()]


def read_logo(root: Path, value: Any, night: Any, place: Fault, faults: list[Fault]) -> Logo | None:
    """Check a logo of a brand file: a path, or a mapping with ``path`` and ``alt``.

    Parameters
    ----------
    root : Path
        The study's folder.
    value, night : str, mapping or None
        The logo; the one of dark pages.
    place : Fault
        Where it stands in the file; completed and added to ``faults`` for each thing that is wrong.
    faults : list of Fault
        Grows.
    """
    given = value if isinstance(value, Mapping) else {"path": value}
    alt = " ".join(str(given.get("alt") or "").split())
    before = len(faults)
    if not alt:
        fix = 'write `{path: …, alt: "Logo de …"}`, in French'
        faults.append(replace(place, what="the logo has no alternative text", fix=fix))
    path = _file(root, given.get("path"), place, faults)
    dark = night.get("path") if isinstance(night, Mapping) else night
    second = _file(root, dark, place, faults) if dark else None
    if path is None or len(faults) > before:
        return None
    return Logo(path, alt, second)


def _file(root: Path, name: Any, place: Fault, faults: list[Fault]) -> Path | None:
    text = str(name or "")
    path = root / text
    what, fix = None, "give the path of an SVG or PNG file, from the study's folder"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text) or not path.resolve().is_relative_to(root.resolve()):
        what, fix = (
            f"the logo {text!r} is not in the study",
            "put the file into the study: a report asks no other place",
        )
    elif path.suffix.lower() not in TYPES:
        what = f"the logo {text!r} is neither SVG nor PNG"
    elif not path.is_file():
        what = f"there is no logo {text!r}"
    else:
        content = path.read_bytes()
        wrong = _svg(content) if path.suffix.lower() == ".svg" else _png(content)
        what, fix = (f"the logo {text!r} {wrong}", "save it again as a plain picture") if wrong else (None, fix)
    if what:
        faults.append(replace(place, what=what, fix=fix))
        return None
    return path


def _png(content: bytes) -> str | None:
    return None if content.startswith(b"\x89PNG\r\n\x1a\n") else "is no PNG picture"


def _svg(content: bytes) -> str | None:
    """Say what of an SVG would act or reach out, if anything."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "declares a document type or entities"
    try:
        root = ET.fromstring(content)  # noqa: S314 - no document type, no entities
    except ET.ParseError as error:
        return f"is no SVG picture ({error})"
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return "is no SVG picture"
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in _ACTIVE:
            return f"holds <{name}>: a logo does nothing"
        for key, value in element.attrib.items():
            local = key.rpartition("}")[2]
            if local.lower().startswith("on"):
                return f"holds the script of {local!r}: a logo does nothing"
            if local == "href" and not re.match(r"#|data:image/(png|jpeg);", value.strip()):
                return "would load something from elsewhere"
            if _OUTSIDE.search(value):
                return "would load something from elsewhere"
        if name == "style" and _OUTSIDE.search(element.text or ""):
            return "would load something from elsewhere"
    return None
