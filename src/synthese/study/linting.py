"""What is wrong in the French texts of a study's sources.

Belongs here: which texts of which files are read, and their places. Does not: what is wrong in a text
(`formatting.linting`), or what is wrong with the files themselves (their own rooms).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from synthese.errors import SyntheseError
from synthese.files import read_yaml
from synthese.formatting import Problem, lint
from synthese.formatting.linting import Level
from synthese.study.folders import Study
from synthese.study.prose import front_matter, prose

_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something that stands wrong in a source.

    Parameters
    ----------
    file : str
        The file, relative to the study.
    row, column : int
        Its place, 1 = first.
    level : {"wrong", "mended"}
        Whether the typography filter mends it by itself.
    code, found, fix : str
        Reason code, what stands there, and what would be right.
    """

    file: str
    row: int
    column: int
    level: Level
    code: str
    found: str
    fix: str


def lint_sources(study: Study) -> tuple[Finding, ...]:
    """List what is wrong in the texts of a study, by file and place.

    Read are ``report/*.qmd`` (outside code, raw output, attributes, addresses, other languages),
    ``report/phrases.yml``, ``study.yml``, the codebook, and ``title``, ``channel`` and ``notes`` of each wave.

    Wordings of the questionnaire are what exports are matched by, and quotations: only their inclusive forms and
    doubled words are told, where no ``short`` stands for them, and nobody is asked to change what matching needs.

    Raises
    ------
    SyntheseError
        A file is not UTF-8, or not YAML.
    """
    report = study.root / "report"
    out: list[Finding] = []
    for path in sorted(report.glob("*.qmd")):
        out += _markdown(path, study.relative(path))
    kinds: list[tuple[Path, Callable[[_Path], bool]]] = [
        (report / "phrases.yml", _in_phrases),
        (study.root / "study.yml", _in_study),
        (study.codebook_file, _in_codebook),
        *((study.raw(wave) / "wave.yml", _in_wave) for wave in study.wave_ids),
    ]
    for path, chosen in kinds:
        if path.is_file():
            out += _yaml(_text(path), path, study.relative(path), chosen)
    return tuple(sorted(out, key=lambda one: (one.file, one.row, one.column, one.code)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        what, fix = "this file is not UTF-8 text", "save it again as UTF-8"
        raise SyntheseError.of("not-utf-8", what, file=path, fix=fix) from error


class _Places:
    """Rows and columns of a text."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def finding(self, problem: Problem, offset: int) -> Finding:
        row = bisect_right(self.starts, offset)
        column = offset - self.starts[row - 1] + 1
        return Finding(self.file, row, column, problem.level, problem.code, problem.found, problem.fix)


def _markdown(path: Path, file: str) -> Iterator[Finding]:
    text = _text(path)
    front = front_matter(text)
    if front:
        yield from _yaml(text[: front.end()], path, file, lambda place: place[-1] in _FRONT)
    places = _Places(text, file)
    shown, numbers = prose(text)
    for problem in lint(shown, numbers=numbers):
        if problem.code != "double-space":  # Markdown makes one of several
            yield places.finding(problem, problem.offset)
    for match in re.finditer(r"^#{1,6}[ \t]+(.*?)[ \t]*$", shown, re.MULTILINE):
        title = match[1].rstrip("\U000f0000 \t")
        for problem in lint(title, heading=True):
            if problem.code == "heading-stop":
                yield places.finding(problem, match.start(1) + problem.offset)


_FRONT = ("title", "subtitle", "description", "abstract")
_NO_TEXT = ("schema", "status", "version", "url", "licence", "email", "authors", "doi", "lang")


def _key(place: _Path) -> str:
    return next(str(part) for part in reversed(place) if isinstance(part, str))


def _in_phrases(place: _Path) -> bool:
    return place[-1] in ("text", "otherwise", "withheld", "first_wave")


def _in_study(place: _Path) -> bool:
    return not any(part in _NO_TEXT for part in place)


def _in_codebook(place: _Path) -> bool:
    return place[0] == "sections" or place[-1] in (
        "text",
        "label",
        "short",
        "lecture",
        "champ",
        "title",
        "unit",
        "reason",
    )


def _in_wave(place: _Path) -> bool:
    return place[0] in ("title", "channel", "notes")


def _wording(place: _Path) -> bool:
    """Whether an export has this text: of a question, or of an option or a row, not of a scale itself."""
    if place[-1] not in ("text", "label") or place[0] not in ("questions", "scales"):
        return False
    return place[0] == "questions" or len(place) > 3


def _yaml(text: str, path: Path, file: str, chosen: Callable[[_Path], bool]) -> Iterator[Finding]:
    try:
        # Of a report's front matter, the line that ends it would begin another document.
        node = YAML(typ="safe", pure=True).compose(re.sub(r"\n---[ \t]*\n?\Z", "\n", text))
    except YAMLError:
        read_yaml(path)
        raise
    if node is None:
        return
    places = _Places(text, file)
    in_codebook = path.name == "codebook.yml"
    for place, scalar, has_short in _scalars(node, (), False):
        if not chosen(place):
            continue
        value = str(scalar.value)
        heading = _key(place) == "title" or place[0] == "sections"
        found = lint(value, heading=heading, numbers=value if path.name == "phrases.yml" else None)
        if in_codebook and _wording(place):
            found = [kept for problem in found for kept in _of_wording(problem, has_short)]
        if found:
            source = _source(text, scalar)
            for problem in found:
                yield places.finding(problem, source[problem.offset])


def _of_wording(problem: Problem, has_short: bool) -> Iterator[Problem]:
    if problem.level == "mended":
        yield problem
    elif problem.code in ("inclusive-form", "doubled-word") and not has_short:
        # Matching takes a single point between letters for a median dot.
        if re.fullmatch(r"\w+\.\w+", problem.found):
            yield problem
        else:
            fix = f"leave it, exports are matched by it; write a `short`: {problem.fix}"
            yield Problem(problem.line, problem.column, problem.code, problem.found, fix, "wrong", problem.offset)


def _scalars(node: Node, place: _Path, has_short: bool) -> Iterator[tuple[_Path, ScalarNode, bool]]:
    """Walk over the texts of a document: place, node, and whether a `short` stands beside or around it."""
    if isinstance(node, MappingNode):
        keys = {str(key.value) for key, _ in node.value}
        short = "short" in keys or (has_short and "code" not in keys)
        for key, value in node.value:
            yield from _scalars(value, (*place, str(key.value)), short)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _scalars(item, (*place, index), has_short)
    elif isinstance(node, ScalarNode) and str(node.tag).endswith(":str"):
        yield place, node, has_short


_ESCAPES = {"x": 2, "u": 4, "U": 8}


def _source(text: str, node: ScalarNode) -> list[int]:
    """Say for each letter of a scalar where it stands in its file, and for its end."""
    at = node.start_mark.index
    if property_ := re.match(r"(?:[&!]\S*\s+)+", text[at:]):
        at += property_.end()
    if node.style in ("|", ">"):
        at = text.index("\n", at) + 1
    elif node.style in ("'", '"'):
        at += 1
    out: list[int] = []
    for letter in str(node.value):
        if not letter.isspace():
            while text[at].isspace():
                at += 1
        if node.style == '"' and text[at] == "\\":
            while text[at + 1] == "\n":  # the line goes on below
                at = len(text) - len(text[at + 2 :].lstrip())
                if text[at] != "\\":
                    break
        out.append(at)
        if node.style == '"' and text[at] == "\\":
            at += 2 + _ESCAPES.get(text[at + 1], 0)
        elif node.style == "'" and text[at : at + 2] == "''":
            at += 2
        else:
            at += 1
    return [*out, at]
