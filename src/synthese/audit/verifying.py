"""Verify what was rendered: one wave, every check, all faults at once.

Belongs here: the list of checks, and those of the manifest's inputs and of the PDF. Does not: what each of the
others looks at (`report`, `released`, `personal`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from synthese.artefacts import Store
from synthese.audit.personal import check_personal
from synthese.audit.released import check_released
from synthese.audit.report import check_page
from synthese.errors import Fault, SyntheseError
from synthese.files import sha256
from synthese.study import Study

UNCHECKED = (
    "the words of the PDF (it is made from the same source and artefacts as the page): only that it is whole, "
    "tagged and titled",
    "letters drawn in pictures: only their files, their text alternatives and their data",
)
"""What `verify` does not look at, for whoever reads its verdict."""


def verify(study: Study, wave_id: str) -> list[Fault]:
    """Verify that what was rendered is what was released, and that nothing private is in it.

    Parameters
    ----------
    study : Study
        The study.
    wave_id : str
        A wave that was run and rendered.

    Returns
    -------
    list of Fault
        Empty when every artefact and input is as the manifest says, the page shows what was saved, the PDF is
        whole, no withheld number and no identifying answer is published. See `UNCHECKED` for the rest.

    Raises
    ------
    SyntheseError
        Unknown wave, or a codebook that cannot be read.
    """
    store = Store(study, wave_id)
    faults = store.verify()
    try:
        entries: Mapping[str, Mapping[str, Any]] = store.manifest()["artefacts"]
    except SyntheseError:
        entries = {}  # `Store.verify` told why
    faults += _inputs(study, entries, wave_id)
    if entries:
        faults += check_page(study, wave_id, entries)
    faults += [*_pdf(study, wave_id), *_left_behind(study, wave_id)]
    return [*faults, *check_released(study, wave_id), *check_personal(study, wave_id)]


def _inputs(study: Study, entries: Mapping[str, Mapping[str, Any]], wave_id: str) -> Iterator[Fault]:
    """Compare the files that artefacts were made from with the hashes they had then."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for id, entry in sorted(entries.items()):
        for path, digest in entry.get("inputs", {}).items():
            wanted.setdefault((path, digest), []).append(id)
    fix = f"run the wave again: synthese run --wave {wave_id}"
    for (path, digest), ids in sorted(wanted.items()):
        who = f"{ids[0]}{f' and {len(ids) - 1} other artefacts' if len(ids) > 1 else ''}"
        file = study.root / path
        if not file.is_file():
            yield Fault("missing-input", f"{who} was made from this file, which is gone", file=path, fix=fix)
        elif sha256(file) != digest:
            yield Fault("changed-input", f"{who} was made from another version of this file", file=path, fix=fix)


def _pdf(study: Study, wave_id: str) -> Iterator[Fault]:
    path = study.output(wave_id) / "synthese.pdf"
    name = path.relative_to(study.root).as_posix()
    fix = f"render it again: synthese render --wave {wave_id}"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        yield Fault("no-pdf", "this wave has no PDF", file=name, fix=fix)
        return
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        yield Fault("damaged-pdf", "this is not a whole PDF", file=name, fix=fix)
    elif b"pdfuaid:part" not in content or b"<dc:title>" not in content:
        yield Fault("untagged-pdf", "this PDF does not say that it is tagged (PDF/UA-1) and titled", file=name, fix=fix)


def _left_behind(study: Study, wave_id: str) -> Iterator[Fault]:
    """Tell a PDF or docx that an earlier run left beside a newer page: what they are made from has changed since."""
    folder = study.output(wave_id)
    page = folder / "synthese.html"
    if not page.is_file():
        return
    report = [path for path in (study.root / "report").glob("*") if path.suffix in (".qmd", ".yml")]
    sources = [study.processed(wave_id) / "manifest.json", study.root / "study.yml", *report]
    rendered = page.stat().st_mtime_ns
    made_from = [time for path in sources if path.is_file() and (time := path.stat().st_mtime_ns) <= rendered]
    for other in (folder / "synthese.pdf", folder / "synthese.docx"):
        if other.is_file() and made_from and other.stat().st_mtime_ns < max(made_from):
            yield Fault(
                "stale-output",
                "the page was made again since, from other artefacts or another text",
                file=study.relative(other),
                fix=f"render both: synthese render --wave {wave_id} --to html,{other.suffix[1:]}",
            )
