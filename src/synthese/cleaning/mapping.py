"""Columns of an export to the questions they answer.

Belongs here: matching headers with the wordings of a wave; every column that fits nothing is told. Does not:
the explicit mapping of plain files (`declared`), values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from synthese.cleaning.choices import begun_by
from synthese.cleaning.headers import Index, Source, index_of, part_of, rows_of, split_header
from synthese.cleaning.ledger import Ledger
from synthese.cleaning.normal import normalise
from synthese.cleaning.ticks import TICKS
from synthese.codebook import Codebook, Option, Question, Row, nearest
from synthese.errors import Fault, SyntheseError
from synthese.exports import RawColumn, RawExport, named
from synthese.study import WaveSettings


@dataclass
class _Matching:
    """Matching of one export's columns, with what is wrong gathered."""

    raw: RawExport
    codebook: Codebook
    wave: WaveSettings
    ledger: Ledger
    index: Index
    faults: list[Fault] = field(default_factory=list)
    unknown: list[RawColumn] = field(default_factory=list)

    def source(self, column: RawColumn) -> Source | None:
        """Find what a column holds; None where it fits nothing or two things, which is told."""
        shared: set[str] = set()
        for header, subs in self._readings(column):
            ids, rule = self.index.find(header)
            if len(ids) > 1:
                shared = shared or ids
                continue
            if not ids:
                continue
            question = self.codebook.by_id[next(iter(ids))]
            found = Source(column, question.id)
            if subs:
                part = next((part for sub in subs if (part := part_of(question, sub, self.wave))), None)
                if part is None:
                    continue
                found = Source(column, question.id, *part)
            if rule:
                self.ledger.column(found.label, question.id, rule, f"intitulé de {question.id}")
            elif header.strip() in self.wave.aliases.get(question.id, ()):
                self.ledger.column(found.label, question.id, "header-alias", f"intitulé de {question.id}")
            self._compare(column, question)
            return found
        if not shared and (found_so := self._by_what_it_holds(column)) is not None:
            return found_so
        if shared:
            what = f"this header is the wording of several questions: {', '.join(sorted(shared))}"
            fix = "tell them apart with `aliases` in wave.yml, or use `tool: plain` with `columns`"
            self.faults.append(self._fault("ambiguous-header", what, column, fix))
        else:
            self.unknown.append(column)
        return None

    def _by_what_it_holds(self, column: RawColumn) -> Source | None:
        """Find the one question whose wording a header begins, or the one grid that has a line of that name."""
        asked = [question for question in self.codebook.questions if question.asked(self.wave.id)]
        begun = begun_by(column.label, {question.id: question.wording(self.wave.id) for question in asked})
        if begun is not None:
            self.ledger.column(column.label, begun, "header-cut-short", f"intitulé de {begun}")
            return Source(column, begun)
        form = normalise(column.label)
        headed = {found for c in self.raw.columns for text in (c.header, c.label) for found in self.index.find(text)[0]}
        lines = [
            (question.id, row.code)
            for question in asked
            if question.type in ("grid", "ranking") and question.id not in headed
            for row in rows_of(question, self.wave.id)
            if normalise(row.label) == form
        ]
        alike = [c.index for c in self.raw.columns if c.kind == "answer" and normalise(c.label) == form]
        if len(lines) == 1 or (lines and len(lines) == len(alike)):
            # Grids with a line of one name: their columns stand in the order of the questionnaire.
            question_id, row_code = lines[alike.index(column.index) if len(lines) > 1 else 0]
            return Source(column, question_id, "row", row_code)
        return self._mention(column)

    def _mention(self, column: RawColumn) -> Source | None:
        """Find the multiple response of which ``Question_2`` is the second column, where it holds no ticks."""
        for header, tail in split_header(column.label, self.index):
            ids, _ = self.index.find(header)
            question = self.codebook.by_id[next(iter(ids))]
            if len(ids) == 1 and question.type == "multiple" and tail.isdecimal():
                texts = {normalise(str(text)) for text in self.raw.cells[column.index].unique()} - {""}
                if not texts <= TICKS - {normalise(option.label) for option in question.options} or not texts:
                    return Source(column, question.id, "mention", str(int(tail)))
        return None

    def _readings(self, column: RawColumn) -> list[tuple[str, tuple[str, ...]]]:
        """Ways to read a column: a header and, where it is of a part, the names of that part.

        Labels come first; the tool's own names settle what labels leave open.
        """
        subs = tuple(text for text in (column.sub, column.part) if text is not None)
        readings: list[tuple[str, tuple[str, ...]]] = [(column.header, subs)] if subs else []
        readings.append((column.label, ()))
        if column.sub is not None and column.loose:
            readings.append((column.sub, ()))
        # A wording may hold brackets of its own: the codebook says where it ends.
        readings += [(head, (tail,)) for head, tail in split_header(column.label, self.index)]
        for name in dict.fromkeys((column.code, column.part)):
            if name is not None:
                readings.append((name, subs if name == column.code else ()))
                # ``C1_2`` labelled « Tiers-lieu » is that option of C1, whatever 2 may be.
                readings += [(head, (tail, column.header)) for head, tail in split_header(name, self.index)]
        return readings

    def _compare(self, column: RawColumn, question: Question) -> None:
        """Tell where a column's label is the wording of one question and its name the id of another."""
        named_so = self.index.exact.get(column.code or "", set())
        if named_so and question.id not in named_so:
            self.ledger.finding(
                "header-and-code-differ",
                f"the label is the wording of {question.id}, while the tool's name {column.code!r} is that of "
                f"{', '.join(sorted(named_so))}: the label is taken",
                column=column.label,
                fix="check it; `aliases` in wave.yml, or `tool: plain` with `columns`, settle it",
            )

    def _fault(self, code: str, what: str, column: RawColumn, fix: str) -> Fault:
        return Fault(code, what, file=self.raw.file, column=column.label or f"#{column.position}", fix=fix)

    def told(self, column: RawColumn, held: set[str]) -> Fault:
        """Say of a column that fits nothing what it may be, among the questions that no column holds."""
        elsewhere = [
            q for q in self.codebook.questions if not q.asked(self.wave.id) and q.text.strip() == column.header.strip()
        ]
        if elsewhere:
            return self._fault(
                "not-in-wave",
                f"the codebook says that wave {self.wave.id!r} did not ask {elsewhere[0].id}, yet here it is",
                column,
                f"add {self.wave.id!r} to `asked_in` of {elsewhere[0].id}",
            )
        ids, _ = self.index.find(column.header)
        if column.sub is not None and len(ids) == 1:
            question = self.codebook.by_id[next(iter(ids))]
            parts: list[Option | Row] = [*question.options, *question.rows]
            same = [part for part in parts if normalise(part.label) == normalise(column.sub)]
            if same and not same[0].offered(self.wave.id):
                return self._fault(
                    "not-in-wave",
                    f"the codebook says that wave {self.wave.id!r} did not offer {same[0].code!r} of {question.id}, "
                    "yet here is its column",
                    column,
                    f"add {self.wave.id!r} to `waves` of {same[0].code!r} of {question.id} in codebook.yml",
                )
            known = [part.label for part in parts if part.offered(self.wave.id)]
            what = f"{column.sub!r} is no option or row of {question.id}"
            if column.loose:
                what, known = f"{what}, nor a question", [*known, *self.index.exact]
            fix = "declare it in codebook.yml, or under `option_aliases` in wave.yml"
            return self._fault("unknown-column", what, column, f"{nearest(column.sub, known)}; {fix}")
        left = [text for text, questions in self.index.exact.items() if not questions <= held]
        return self._fault(
            "unknown-column",
            "no question has this header" + (f", or the name {column.code!r}" if column.code else ""),
            column,
            f"{nearest(column.header, left or self.index.exact)}; add the question to codebook.yml, "
            "or this header under `aliases` in wave.yml",
        )


def match_headers(raw: RawExport, codebook: Codebook, wave: WaveSettings, ledger: Ledger) -> tuple[Source, ...]:
    """Match every column with the question it answers.

    A header is compared with the question's wording in this wave, its id, and the wave's ``aliases``: as it
    stands, then normalised. Sub-headers are compared with the labels and codes of options and rows.

    Returns
    -------
    tuple of Source
        In the order of the file; columns of the tool's own are left out, with a line in the journal.

    Raises
    ------
    SyntheseError
        Columns that no question has, headers that several have, two columns for one thing, questions of
        the wave that no column holds: all of them at once.
    """
    matching = _Matching(raw, codebook, wave, ledger, index_of(codebook, wave))
    sources: list[Source] = []
    tool_columns: list[RawColumn] = []
    for column in raw.columns:
        if column.kind == "meta":
            tool_columns.append(column)
        elif not column.header.strip() and not column.sub and (raw.cells[column.index].str.strip() == "").all():
            ledger.column(f"#{column.position}", None, "column-empty", f"colonne {column.position}")
        elif (found := matching.source(column)) is not None:
            sources.append(found)
    held = {source.question for source in sources}
    for column in tool_columns:
        # A tool's own column may be the answer too: the e-mail address that Google Forms collects.
        ids = matching.index.find(column.header)[0] - held
        if len(ids) == 1:
            sources.append(Source(column, ids.pop()))
        else:
            ledger.column(column.label, None, "column-meta", f"colonne {column.position}")
    held = {source.question for source in sources}
    faults = [*matching.faults, *(matching.told(column, held) for column in matching.unknown)]
    return checked(sources, raw, codebook, wave, faults)


def checked(
    sources: Sequence[Source], raw: RawExport, codebook: Codebook, wave: WaveSettings, faults: Sequence[Fault]
) -> tuple[Source, ...]:
    """Check that each thing is held once and every question asked is held; raise with all that is wrong."""
    faults = list(faults)
    places: dict[tuple[str, str, str | None], list[Source]] = defaultdict(list)
    for source in sources:
        places[source.place].append(source)
    branching = named(raw.tool).branching
    for (held, holds, part), found in places.items():
        # « Autre » may have two columns: its tick and its text.
        free = {option.code for option in codebook.by_id[held].options if option.other} if len(found) == 2 else set()
        if len(found) > 1 and not branching and not (holds == "option" and part in free):
            columns = ", ".join(str(source.column.position) for source in found)
            faults.append(
                Fault(
                    "duplicate-header",
                    f"columns {columns} all hold {held}{f'.{part}' if part else ''}",
                    file=raw.file,
                    column=found[0].label,
                    fix="rename one in the export, or correct `aliases` in wave.yml",
                )
            )
    used = {source.column.index for source in sources}
    by_question: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        by_question[source.question].add(source.holds)
    for question in codebook.questions:
        if not question.asked(wave.id):
            continue
        if question.id not in by_question:
            free_headers = [c for c in raw.columns if c.kind == "answer" and c.label and c.index not in used]
            headers = list(dict.fromkeys(c.header for c in free_headers))
            faults.append(
                Fault(
                    "missing-column",
                    f"no column holds {question.id}, {question.wording(wave.id)!r}",
                    file=raw.file,
                    fix=f"{nearest(question.wording(wave.id), headers)}; add its header under `aliases` in wave.yml, "
                    f"or say in codebook.yml that this wave did not ask it (`asked_in`)",
                )
            )
            continue
        faults += _missing_parts(question, sources, by_question[question.id], raw, wave)
    if faults:
        raise SyntheseError(faults)
    return tuple(sources)


def _missing_parts(
    question: Question, sources: Sequence[Source], holds: set[str], raw: RawExport, wave: WaveSettings
) -> list[Fault]:
    """Options, rows or items of a question that is spread over columns, and that none holds."""
    if {"whole", "rank", "mention"} & holds and question.type != "grid":
        return []
    if question.type in ("grid", "ranking"):
        wanted = {row.code: row.label for row in rows_of(question, wave.id)}
    else:
        # A tool may have no column for « Autre » until someone used it.
        wanted = {o.code: o.label for o in question.options if o.offered(wave.id) and not o.other}
    there = {source.part for source in sources if source.question == question.id}
    labels = [s.label for s in sources if s.question == question.id]
    return [
        Fault(
            "missing-column",
            f"no column holds {question.id}.{code}, {label!r}",
            file=raw.file,
            column=labels[0] if labels else None,
            fix="declare its other name under `option_aliases` in wave.yml, or its `waves` in codebook.yml",
        )
        for code, label in wanted.items()
        if code not in there
    ]
