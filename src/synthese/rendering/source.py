"""The report's own text, made ready for bare pandoc.

Belongs here: what Quarto does to the text before pandoc reads it (includes, ``meta`` shortcodes), and what
the report may not hold. Does not: cross-references and boxes (Lua filters), or typography.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from synthese.errors import Fault, SyntheseError

_SHORTCODE = re.compile(r"\{\{<\s*([a-z-]+)\s*(.*?)\s*>\}\}")
_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})(.*)$")
_COMPUTED = re.compile(r"^\s*\{\s*(python|r|julia|ojs|bash)\b")


def read_source(path: Path, content: Mapping[str, Any]) -> str:
    """Read a report and what it includes, as Markdown for pandoc.

    Parameters
    ----------
    path : Path
        ``report/synthese.qmd``.
    content : mapping
        The wave's metadata, for ``{{< meta key.sub >}}``.

    Raises
    ------
    SyntheseError
        A missing or circular include, an unknown shortcode or key, a code cell (the report computes
        nothing), or a heading of level 1 (that is the title): all of them at once.
    """
    faults: list[Fault] = []
    text = "\n".join(_read(path, content, faults, ())) + "\n"
    if faults:
        raise SyntheseError(faults)
    return text


def _read(path: Path, content: Mapping[str, Any], faults: list[Fault], above: tuple[Path, ...]) -> list[str]:
    place = "/".join(path.parts[-2:])
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        faults.append(Fault("missing-file", "this file of the report is missing", file=place, fix="create it"))
        return []
    except UnicodeDecodeError:
        faults.append(Fault("not-utf-8", "this file is not UTF-8 text", file=place, fix="save it again as UTF-8"))
        return []
    out: list[str] = []
    fence: str | None = None
    front = bool(lines) and lines[0].strip() == "---"
    for number, line in enumerate(lines, start=1):
        if front:
            out.append(line)
            front = number == 1 or line.strip() not in ("---", "...")
            continue
        mark = _FENCE.match(line)
        if mark and fence is None:
            fence = mark.group(1)[0] * 3
            if _COMPUTED.match(mark.group(2)):
                faults.append(
                    Fault(
                        "code-cell", "the report computes nothing", file=place, row=number, fix="move it to a notebook"
                    )
                )
        elif mark and fence is not None and mark.group(1).startswith(fence):
            fence = None
        elif fence is None:
            include = _INCLUDE.match(line)
            if include:
                target = (path.parent / include.group(1)).resolve()
                if target in (*above, path.resolve()):
                    faults.append(Fault("circular-include", "this include leads back here", file=place, row=number))
                else:
                    out += _read(target, content, faults, (*above, path.resolve()))
                continue
            if re.match(r"^#\s", line):
                faults.append(
                    Fault(
                        "heading-level",
                        "level 1 is the report's title",
                        file=place,
                        row=number,
                        fix=f'begin at "##": "#{line}"',
                    )
                )
            line = _SHORTCODE.sub(partial(_shortcode, content=content, faults=faults, place=place, row=number), line)
        out.append(line)
    return out


def _shortcode(match: re.Match[str], *, content: Mapping[str, Any], faults: list[Fault], place: str, row: int) -> str:
    name, argument = match.groups()
    if name == "pagebreak":
        return "\n```{=typst}\n#pagebreak(weak: true)\n```\n"
    if name != "meta":
        faults.append(
            Fault("shortcode", f"no shortcode {name!r} here", file=place, row=row, fix="include, meta, pagebreak")
        )
        return ""
    value: Any = content
    for key in argument.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    if value is None or isinstance(value, (Mapping, list)):
        faults.append(
            Fault(
                "unknown-meta",
                f"no metadata {argument!r} in this wave",
                file=place,
                row=row,
                fix=f"take one of {', '.join(sorted(key for key in content if key not in ('artefacts', 'marque')))}",
            )
        )
        return ""
    return str(value)
