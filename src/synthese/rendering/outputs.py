"""What was rendered, searched for what should not be there, then put in its place.

Belongs here: the checks that both engines' outputs pass, and their publication. Does not: a check that
needs the numbers (`audit`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from synthese.errors import Fault, SyntheseError
from synthese.files import replaced_folder, write_bytes

# What Quarto and pandoc print in place of what they could not resolve.
_UNRESOLVED = re.compile(r"\?@[\w-]*|\?meta:[\w.-]*|\?var:[\w.-]*|\{\{<.*?>\}\}")
_NAMED = re.compile(r"<(?:span|div|p)\b[^>]*\bdata-artefact=\"([^\"]*)\"[^>]*>")
# Attributes by which a browser loads something as it opens the page.
_LOADS = re.compile(
    r"<(?:img|script|iframe|source|video|audio|embed|object|image|use)\b[^>]*?\s(?:src|srcset|data|href|xlink:href)\s*=\s*[\"']"
    r"((?!data:|#)[^\"']+)|<link\b[^>]*?\shref\s*=\s*[\"']((?!data:)[^\"']+)|url\(\s*[\"']?((?!data:|[\"']?#)[^)\"']+)|@import\s+[\"']([^\"']+)",
    re.IGNORECASE,
)


def check_text(text: str, name: str) -> list[Fault]:
    """Find what an engine left unresolved in a text (HTML, Typst)."""
    return [
        Fault(
            "unresolved", f"the engine could not resolve {found!r}", file=name, fix="mend the reference in the report"
        )
        for found in sorted({match.group(0) for match in _UNRESOLVED.finditer(text)})
    ]


def check_html(html: str, name: str) -> list[Fault]:
    """Find what is unresolved in a page, and what it would load from elsewhere."""
    body = re.sub(r"(?s)data:[\w/+.-]+(?:;[\w=-]+)*,[^\"')\s]*", "data:,", html)
    faults = check_text(re.sub(r"(?s)<(code|pre)\b.*?</\1>", "", body), name)
    for match in _NAMED.finditer(body):
        if not re.search(r"\bclass=\"[^\"]*\bartefact\b|\bclass=\"[^\"]*\bartefact-", match.group(0)):
            faults.append(Fault("unresolved", f"the artefact {match.group(1)!r} was not put in", file=name))
    for match in _LOADS.finditer(body):
        address = next(group for group in match.groups() if group)
        faults.append(
            Fault("not-self-contained", f"the page would load {address!r}", file=name, fix="embed it in the report")
        )
    if not re.search(r"<html[^>]*\slang=\"fr", body):
        faults.append(Fault("no-language", "the page does not say its language", file=name))
    return faults


FIGURES = "figures"


def publish(
    folder: Path, made: Mapping[str, bytes], downloads: Mapping[str, bytes] | None = None, *, name: str = "synthese"
) -> dict[str, Path]:
    """Put outputs in their folder, once all of them exist; each replaces its predecessor whole.

    Parameters
    ----------
    folder : Path
        ``report/_output/<wave>``.
    made : mapping of str to bytes
        Format (``html``, ``pdf``, ``docx``) to content.
    downloads : mapping of str to bytes, optional
        Files that the page offers, by name: they take the place of the folder ``figures`` beside it.
    name : str
        Name of the document, without suffix.

    Returns
    -------
    dict of str to Path
        Format to path.
    """
    paths = {}
    if downloads is not None:
        with replaced_folder(folder / FIGURES) as staging:
            for file, content in sorted(downloads.items()):
                write_bytes(staging / file, content)
    for suffix, content in made.items():
        paths[suffix] = folder / f"{name}.{suffix}"
        write_bytes(paths[suffix], content)
    return paths


def check(made: Mapping[str, bytes], typst_source: str | None, name: str = "synthese") -> None:
    """Check outputs of either engine before they are published.

    Raises
    ------
    SyntheseError
        Every fault found.
    """
    faults: list[Fault] = []
    if "html" in made:
        faults += check_html(made["html"].decode("utf-8"), f"{name}.html")
    if typst_source is not None:
        faults += check_text(typst_source, f"{name}.pdf")
    if "pdf" in made and not made["pdf"].startswith(b"%PDF-"):
        faults.append(Fault("not-a-pdf", "the engine gave something that is no PDF", file=f"{name}.pdf"))
    if faults:
        raise SyntheseError(faults)
