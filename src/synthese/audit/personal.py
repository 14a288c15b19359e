"""Private answers searched for in everything that is published.

Belongs here: reading the texts of published files, and looking private answers up in them. Does not: saying
what was found: a fault names the file and the question, never an answer.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from synthese.audit.page import read_page
from synthese.errors import Fault
from synthese.study import Study

PRIVATE = Path("private") / "identities.parquet"
# What a page shows only once it is asked for: the tables of its explorer.
_DATA = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
_LONGEST = 8  # words of an answer looked up; more would not tell two answers apart
_SHORTEST = 5  # letters: a shorter answer is found everywhere
_VERBATIM = 30  # letters of a free text that nobody else writes word for word
_PHONE = re.compile(r"(?:\+|\b)\d(?:[\s.\-/]?\d){8,13}\b")
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> tuple[str, ...]:
    """Words of a text without case and accents, digits included."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return tuple(_WORD.findall("".join(char for char in text if not unicodedata.combining(char))))


def phones(text: str) -> set[str]:
    """Telephone numbers in a text, as digits with a leading 0."""
    digits = (re.sub(r"\D", "", match[0]) for match in _PHONE.finditer(text))
    return {"0" + number[2:] if number.startswith("33") and len(number) == 11 else number for number in digits}


@dataclass(frozen=True)
class Answer:
    """A private answer in the form in which it is looked up; never shown."""

    question: str
    words: tuple[str, ...]
    phones: frozenset[str]

    def __repr__(self) -> str:
        return f"Answer({self.question!r}, …)"


class Shingles:
    """Every run of words of some texts, so that looking up takes no time however many answers there are."""

    def __init__(self, texts: Iterable[str], lengths: Iterable[int]) -> None:
        self._lengths = sorted(set(lengths))
        self._runs: set[tuple[str, ...]] = set()
        self._phones: set[str] = set()
        for text in texts:
            found = words(text)
            self._phones |= phones(text)
            for length in self._lengths:
                self._runs.update(found[start : start + length] for start in range(len(found) - length + 1))

    def has(self, answer: Answer) -> bool:
        """Whether an answer stands in the texts."""
        return answer.words in self._runs or bool(answer.phones & self._phones)


def check_personal(study: Study, wave_id: str) -> list[Fault]:
    """Look the wave's private answers up in what it publishes.

    Identifying answers (roles ``identifier`` and ``contact``) are looked up everywhere: processed files outside
    ``private/``, the page and the docx. Free texts of 30 letters or more are looked up in processed files only:
    a report may quote one with its author's consent. What the study declares itself (codebook, settings) is
    no leak, nor is a structure's name that the report's own text holds. The PDF and bitmaps are not read.

    Returns
    -------
    list of Fault
        One for each file and question, with the number of respondents.
    """
    path = study.processed(wave_id) / PRIVATE
    if not path.is_file():
        fix = f"run the wave: synthese run --wave {wave_id}"
        return [Fault("missing-results", "the private answers are missing: nothing was searched", path.name, fix=fix)]
    try:
        identifying, free = _answers(study, pq.read_table(io.BytesIO(path.read_bytes())))
    except pa.ArrowInvalid:
        return [_unread(study, path, "the private answers cannot be read: nothing was searched")]
    lengths = [len(answer.words) for answer in (*identifying, *free)]
    declared = Shingles(_declared(study), lengths)
    written = Shingles(_sources(study), lengths)
    roles = {question.id: question.role for question in study.codebook.questions}
    identifying = [answer for answer in identifying if not declared.has(answer)]
    free = [answer for answer in free if not declared.has(answer)]
    faults = []
    for file, rendered in _published(study, wave_id):
        try:
            found = Shingles(_texts(file), lengths)
        except (ValueError, zipfile.BadZipFile):
            faults.append(_unread(study, file, "this file cannot be read: it was not searched for private answers"))
            continue
        counts: dict[str, int] = {}
        for answer in identifying if rendered else (*identifying, *free):
            if rendered and roles.get(answer.question) == "identifier" and written.has(answer):
                continue
            if found.has(answer):
                counts[answer.question] = counts.get(answer.question, 0) + 1
        for question, count in sorted(counts.items()):
            what = f"answers of {count} respondent(s) to {question} stand in it"
            fix = "take the file out of what is published, then mend what wrote it"
            faults.append(Fault("personal-data", what, study.relative(file), column=question, fix=fix))
    return faults


def _unread(study: Study, path: Path, what: str) -> Fault:
    return Fault("damaged-results", what, study.relative(path), fix="run the wave again with --force")


def _answers(study: Study, table: pa.Table) -> tuple[list[Answer], list[Answer]]:
    personal = {question.id for question in study.codebook.questions if question.personal}
    identifying: list[Answer] = []
    free: list[Answer] = []
    for name in table.column_names:
        if name in ("respondent", "row", "file"):
            continue
        for text in table.column(name).to_pylist():
            found = words(text or "")
            letters = sum(map(len, found))
            own = name.partition(".")[0] in personal
            if letters < (_SHORTEST if own else _VERBATIM):
                continue
            answer = Answer(name, found[:_LONGEST], frozenset(phones(text)) if own else frozenset())
            (identifying if own else free).append(answer)
    return identifying, free


def _declared(study: Study) -> Iterator[str]:
    """Texts that the study's own declarations hold."""
    for path in (study.codebook_file, study.root / "study.yml"):
        yield path.read_text(encoding="utf-8")
    for wave in study.waves:
        yield (study.raw(wave.id) / "wave.yml").read_text(encoding="utf-8")


def _sources(study: Study) -> Iterator[str]:
    for path in sorted((study.root / "report").glob("**/*.qmd")):
        if "_output" not in path.relative_to(study.root).parts:
            yield path.read_text(encoding="utf-8")


def _published(study: Study, wave_id: str) -> Iterator[tuple[Path, bool]]:
    """Files that leave the study, and whether an editor's own text is in them."""
    processed, output = study.processed(wave_id), study.output(wave_id)
    for path in sorted(processed.rglob("*")):
        inside = path.relative_to(processed).parts
        if path.is_file() and inside[0] != "private" and not any(part.startswith(".") for part in inside):
            yield path, False
    if output.is_dir():
        for path in sorted(output.rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(output).parts):
                yield path, True


def _texts(path: Path) -> Iterator[str]:
    """Texts in a file, by its kind; nothing for what is not text (PDF, PNG)."""
    match path.suffix:
        case ".parquet":
            table = pq.read_table(io.BytesIO(path.read_bytes()))
            for name in table.column_names:
                if pa.types.is_string(table.schema.field(name).type):
                    yield from (text for text in table.column(name).unique().to_pylist() if text)
        case ".json" | ".ipynb":
            yield from _strings(json.loads(path.read_text(encoding="utf-8")))
        case ".html":
            source = path.read_text(encoding="utf-8")
            page = read_page(source)
            yield "".join(page.words)
            for data in _DATA.findall(source):
                yield from _strings(json.loads(data))
            yield from page.attributes
        case ".docx":
            with zipfile.ZipFile(path) as archive:
                for name in sorted(archive.namelist()):
                    if name.endswith(".xml"):
                        yield re.sub(r"<[^>]+>", " ", archive.read(name).decode("utf-8", "replace"))
        case ".csv" | ".svg" | ".md" | ".txt" | ".yml":
            yield path.read_text(encoding="utf-8", errors="replace")


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield re.sub(r"<[^>]+>", " ", node)
        yield node
    elif isinstance(node, list):
        # A notebook's texts are lists of lines.
        if node and all(isinstance(item, str) for item in node):
            yield "".join(node)
        for item in node:
            yield from _strings(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _strings(value)
