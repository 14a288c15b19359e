"""What is left to confirm of a draft: the comment lines that say so, until they are deleted.

Belongs here: the mark, and finding it in a study's declared files. Does not: what is worth confirming (`scaffold`).
"""

from __future__ import annotations

import re

from synthese.errors import Fault
from synthese.study.folders import Study

MARK = "À confirmer"
_LINE = re.compile(rf"\s*#\s*{MARK}\s*:\s*(?P<what>.+?)\s*")
_QUESTION = re.compile(r"\s*-\s*\{?\s*id:\s*[\"']?(?P<id>[A-Za-z]\w*)")
_KEY = re.compile(r"(?P<id>[a-z_]+):")


def to_confirm(study: Study) -> tuple[Fault, ...]:
    """List what a draft leaves to confirm: every comment line that opens with the mark, with the question below it.

    A line that is deleted is confirmed: nothing else keeps count of it.
    """
    files = [study.codebook_file, *(study.raw(wave.id) / "wave.yml" for wave in study.waves)]
    out: list[Fault] = []
    for file in files:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        for number, line in enumerate(lines, start=1):
            if (found := _LINE.fullmatch(line)) is None:
                continue
            place = _below(lines[number:])
            what = f"a draft{f' of {place}' if place else ''}, to be confirmed: {found['what']}"
            fix = "read it, correct the file where it is wrong, then delete this line"
            out.append(Fault("to-confirm", what, file=study.relative(file), row=number, path=place, fix=fix))
    return tuple(out)


def _below(lines: list[str]) -> str | None:
    """Name the question or the key that a comment stands above."""
    for line in lines:
        if found := _QUESTION.match(line) or _KEY.match(line):
            return found["id"]
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return None
