"""What LimeSurvey's writer writes is read back: every answer and the form itself, whatever labels hold."""

from __future__ import annotations

import re
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Asked, Field, Item, Structure, Submission, Ticked

NASTY = [
    "a, b", "a;b", 'dit "oui"', "l’été", "l'été", "répondant·es", "«\u00a0non modélisée\u00a0»", "a\u202f?", "🌱",
    "=SOMME(A1)", "+33", "-1", "@x", "ligne 1\nligne 2", "a\tb", "a|b", "  bords  ", "X", "1", "[x]", "01", "3.10",
    "œ", "\u2028", "\x85", "<b>gras</b>", "R&D", "&amp;", "a ]]> b", "N/A", "Oui", "Q [a] [b]", "-oth-", "A2", "SQ001",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|\t\"'\n ·xé[]<&"), min_size=1, max_size=8),
)


def flat(text: str) -> str:
    """What a label becomes in headings and in the form, written a second time and plainly."""
    return " ".join(part.strip(" \t") for part in re.split("[\n\r\x0b\x0c\x85\u2028\u2029]", text) if part.strip(" \t"))


LABELS = PIECES.filter(lambda s: flat(s) and flat(s) not in ("Autre", "-oth-"))
# A text that itself begins with a quote before a sign of formula cannot be told from one so guarded.
CELLS = st.one_of(st.just(""), PIECES.filter(lambda s: not s.startswith("'=")))
VARIANTS = ("full", "comma", "codes", "xlsx")


def unique(draw: st.DrawFn, most: int) -> tuple[str, ...]:
    return tuple(draw(st.lists(LABELS, min_size=1, max_size=most, unique_by=flat)))


@st.composite
def fields(draw: st.DrawFn, label: str, place: int) -> Field:
    kind = draw(st.sampled_from(["open", "numeric", "single", "multiple", "grid", "texts", "ranking"]))
    items = unique(draw, 4) if kind not in ("open", "numeric", "single") else ()
    options = unique(draw, 4) if kind in ("single", "grid") else ()
    other = draw(st.none() | LABELS) if kind in ("single", "multiple") else None
    shape = {"multiple": "many", "grid": "grid", "texts": "grid", "ranking": "grid"}.get(kind, "one")
    answer = "grid" if kind == "texts" else kind
    return Field(label, shape, items, other, f"F{place}", answer, options, draw(st.booleans()))


@st.composite
def values(draw: st.DrawFn, field: Field):
    if field.answer == "multiple":
        ticked = tuple(item for item in field.items if draw(st.booleans()))
        return Ticked(ticked, draw(CELLS) if field.other is not None else "")
    if field.answer == "ranking":
        order = draw(st.permutations(range(len(field.items))))[: draw(st.integers(0, len(field.items)))]
        return tuple(str(order.index(i) + 1) if i in order else "" for i in range(len(field.items)))
    if field.answer == "grid":
        cell = st.sampled_from(["", *field.options]) if field.options else CELLS
        return tuple(draw(cell) for _ in field.items)
    if field.answer == "single":
        return draw(st.sampled_from(["", *field.options]) | (CELLS if field.other is not None else st.nothing()))
    if field.answer == "numeric":
        return draw(st.sampled_from(["", "0", "-3", "12,5", "12.50", "01"]))
    return draw(CELLS)


@st.composite
def forms(draw: st.DrawFn) -> Answers:
    labels = draw(st.lists(LABELS, min_size=1, max_size=5, unique_by=flat))
    asked = tuple(draw(fields(label, place)) for place, label in enumerate(labels, start=1))
    submissions = []
    for _ in range(draw(st.integers(1, 4))):
        hidden = frozenset(place for place in range(len(asked)) if draw(st.integers(0, 4)) == 0)
        row = tuple(blank(field) if place in hidden else draw(values(field)) for place, field in enumerate(asked))
        meta = {"submitted": "2024-03-12T10:00:00", "draft": draw(st.sampled_from(["0", "1"]))}
        submissions.append(Submission(row, meta, hidden))
    return Answers(draw(LABELS), asked, tuple(submissions))


def blank(field: Field):
    return Ticked() if field.kind == "many" else tuple("" for _ in field.items) if field.kind == "grid" else ""


def asked_of(answers: Answers) -> tuple[Asked, ...]:
    """The form that a file must tell, made from the fields alone."""
    out = []
    for field in answers.fields:
        parts = tuple(Item(f"SQ{n:03d}", flat(label)) for n, label in enumerate(field.items, start=1))
        options = tuple(Item(f"A{n}", flat(label)) for n, label in enumerate(field.options, start=1))
        common = {"required": field.required, "section": flat(answers.title)}
        label, other = flat(field.label), None if field.other is None else flat(field.other)
        if field.answer == "multiple":
            out.append(Asked(field.code, label, "multiple", parts, other=other, **common))
        elif field.answer == "ranking":
            rows = tuple(Item(f"A{n:04d}", flat(item)) for n, item in enumerate(field.items, start=1))
            out.append(Asked(field.code, label, "ranking", rows=rows, **common))
        elif field.answer == "grid" and field.options:
            out.append(Asked(field.code, label, "grid", options, parts, **common))
        elif field.answer == "grid":
            out += [Asked(f"{field.code}_{p.code}", f"{label} [{p.label}]", "open", **common) for p in parts]
        else:
            out.append(Asked(field.code, label, field.answer, options, other=other, **common))
    return tuple(out)


def broken(text: str) -> str:
    return re.sub("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", "\n", text)


def expected(field: Field, value, coded: bool) -> list[str]:
    """What the columns of one answer must mean, in the words of the form."""
    if field.answer == "multiple":
        ticks = [("Y" if coded else "Oui") if item in value.items else "" if coded else "Non" for item in field.items]
        return ticks + ([broken(value.other)] if field.other is not None else [])
    if field.answer == "ranking":
        by_rank = {rank: flat(item) for item, rank in zip(field.items, value, strict=True) if rank}
        return [by_rank.get(str(n), "") for n in range(1, len(field.items) + 1)]
    if field.answer == "grid":
        return [flat(cell) if field.options else broken(cell) for cell in value]
    if field.answer == "single" and field.other is not None:
        if not value or value in field.options:
            return [flat(value), ""]
        return [flat(field.other), "" if value == field.other else broken(value)]
    if field.answer == "single":
        return [flat(value)]
    return [broken(value)]


BOUNDED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def back(answers: Answers, variant: str, with_form: bool) -> exports.RawExport:
    with tempfile.TemporaryDirectory() as folder:
        dialect = exports.named("limesurvey").variants[variant]
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write("limesurvey", answers, path, variant)
        export = exports.read(
            path,
            delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter,
            structure=path.with_suffix(".lss") if with_form else None,
        )
    assert (export.tool, export.confidence) == ("limesurvey", 0.97)
    return export


@pytest.mark.parametrize("variant", VARIANTS)
@BOUNDED
@given(answers=forms())
def test_every_answer_comes_back_in_the_words_of_the_form(variant, answers):
    export = back(answers, variant, with_form=True)
    coded = variant == "codes"
    columns = [column for column in export.columns if column.kind == "answer"]
    assert all(column.code is not None for column in columns)
    for row, submission in enumerate(answers.submissions):
        filled = [n for n, value in enumerate(submission.values) if value not in ("", Ticked()) and any_of(value)]
        reached = max(filled, default=-1) if submission.meta["draft"] == "1" else len(answers.fields)
        wanted = []
        for place, (field, value) in enumerate(zip(answers.fields, submission.values, strict=True)):
            shown = place not in submission.hidden and place <= reached
            texts = expected(field, value, coded)
            if field.answer == "multiple" and not shown:
                texts[: len(field.items)] = ["" if coded else "_not_asked"] * len(field.items)
            wanted += texts
        held = []
        for column in columns:
            cell = export.cells.loc[row, column.index]
            held.append(column.missing.get(cell, column.labels.get(cell, cell)))
        numeric = [n for n, column in enumerate(columns) if by_code(answers, column.code) == "numeric"]
        for n in numeric:
            assert (held[n] == "") == (wanted[n] == "")
            if wanted[n]:
                assert Decimal(held[n]) == Decimal(wanted[n].replace(",", "."))
                held[n] = wanted[n]
        assert held == wanted
        sent = export.cells.loc[row, export.meta("submitted").index]
        assert (sent == "") == (submission.meta["draft"] == "1")


def any_of(value) -> bool:
    return bool(value.items or value.other) if isinstance(value, Ticked) else any(value)


def by_code(answers: Answers, code: str) -> str:
    return next((field.answer for field in answers.fields if field.code == code), "")


@pytest.mark.parametrize("variant", VARIANTS)
@BOUNDED
@given(answers=forms())
def test_the_form_comes_back(variant, answers):
    export = back(answers, variant, with_form=True)
    assert export.structure == Structure(flat(answers.title), asked_of(answers), "export.lss")


@pytest.mark.parametrize("variant", VARIANTS)
@BOUNDED
@given(answers=forms())
def test_columns_are_placed_in_the_form(variant, answers):
    columns = [column for column in back(answers, variant, with_form=True).columns if column.kind == "answer"]
    places = []
    for asked in asked_of(answers):
        if asked.kind == "ranking":
            places += [(asked.code, f"rank:{n}", asked.label, str(n)) for n in range(1, len(asked.rows) + 1)]
        elif asked.kind in ("multiple", "grid"):
            items = asked.options if asked.kind == "multiple" else asked.rows
            places += [(asked.code, item.code, asked.label, item.label) for item in items]
        else:
            places.append((asked.code, None, asked.label, None))
        if asked.other is not None:
            places.append((asked.code, "other", asked.label, asked.other))
    assert [(c.code, c.part, c.header, c.sub) for c in columns] == places


@BOUNDED
@given(answers=forms())
def test_without_the_form_headings_are_kept_whole(answers):
    columns = [column for column in back(answers, "full", with_form=False).columns if column.kind == "answer"]
    wanted = []
    for field in answers.fields:
        subs = [f"{n}" for n in range(1, len(field.items) + 1)] if field.answer == "ranking" else map(flat, field.items)
        subs = [*subs, *(["Autre"] if field.other is not None else [])]
        wanted += [flat(field.label)] if not field.items else []
        wanted += [f"{flat(field.label)} [{sub}]" for sub in subs]
    # The word before a rank and the end of a heading are all that reading may change.
    assert [column.label.replace("[Rang ", "[").rstrip() for column in columns] == [text.rstrip() for text in wanted]


HEADINGS = st.lists(
    st.sampled_from(
        ["id", "submitdate", "startlanguage", "Date de soumission", "id. ID de la réponse", "Q1", "Q1[SQ001]", "Q1[1]",
         "Q1[2]", "Q1_1", "Q1[SQ001][1]", "Question [Autre]", "Q [a][b]", " [[[", "] [", "Un titre.. ", "token",
         "interviewtime", "Q1Time", "email", "Q1[comment]", "Q [Commentaire]", "Q1[filecount]", ""]
    )
    | PIECES,
    min_size=1,
    max_size=6,
)  # fmt: skip
ANY = st.sampled_from(["", "Y", "A1", "Oui", "Non", "N/A", "-oth-", "'=1", "1", "2"])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_headings_end_in_a_reading_or_a_clear_error(data):
    head = data.draw(HEADINGS)
    rows = data.draw(st.lists(st.lists(ANY, min_size=len(head), max_size=len(head)), min_size=1, max_size=4))
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [head, *rows]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes("\r\n".join(lines).encode())
        try:
            export = exports.read(path, tool="limesurvey", delimiter=";")
        except SyntheseError:
            return  # anything else than a clear error fails the test
    assert export.cells.to_numpy().tolist() == rows[len(rows) - len(export.cells) :]
    assert [column.index for column in export.columns] == list(range(len(head)))


@settings(max_examples=150, deadline=None)
@given(answers=forms(), data=st.data())
def test_a_damaged_form_ends_in_a_form_or_a_clear_error(answers, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        exports.write("limesurvey", answers, path)
        form = path.with_suffix(".lss")
        content = form.read_bytes()
        start = data.draw(st.integers(0, len(content)))
        damage = data.draw(st.sampled_from([b"", b"<", b"]]>", b"&x;", b"\xff", b"<!DOCTYPE d []>", b"<rows>", b"\0"]))
        form.write_bytes(content[:start] + damage + content[start + data.draw(st.integers(0, 40)) :])
        try:
            found = exports.read_structure(form)
        except SyntheseError:
            return
        assert found.questions
