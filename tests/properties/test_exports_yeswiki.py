"""What YesWiki writes is read back: every answer, out of the line of CSV that a cell holds."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked

NASTY = [
    "a, b", "a;b", 'dit "oui"', '"entre guillemets"', '","', '"', ",", "l’été", "l'été", "répondant·es",
    "«\u00a0non modélisée\u00a0»", "a\u202f?", "🌱", "=SOMME(A1)", "+33", "-1", "@x", "ligne 1\nligne 2", "a\tb", "a|b",
    "  bords  ", "X", "1", "[x]", "01", "3.10", "œ", "\u2028", "\x85", "[]",
]  # fmt: skip
# PHP doubles no quote after a backslash, and nobody can tell then where a cell ends.
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\\"), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|\t\"'\n ·xé"), min_size=1, max_size=8),
)
LABELS = PIECES.filter(lambda s: bool(s.strip()) and not s.endswith("]"))
CELLS = st.one_of(st.just(""), PIECES)


@st.composite
def forms(draw: st.DrawFn) -> Answers:
    fields = []
    for label in draw(st.lists(LABELS, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(["open", "single", "many", "grid"]))
        items = tuple(draw(st.lists(LABELS, min_size=1, max_size=4, unique=True)))
        must, other = draw(st.booleans()), draw(st.none() | st.just("Autre, précisez"))
        if kind == "open":
            fields.append(Field(label, required=must))
        elif kind == "single":
            fields.append(Field(label, "one", (), other, answer="single", options=items, required=must))
        elif kind == "many":
            fields.append(Field(label, "many", items, other, answer="multiple", required=must))
        else:
            options = tuple(draw(st.lists(LABELS, min_size=1, max_size=3, unique=True)))
            fields.append(Field(label, "grid", items, answer="grid", options=options, required=must))
    submissions = []
    for _ in range(draw(st.integers(1, 4))):
        values = []
        for field in fields:
            if field.kind == "many":
                ticked = tuple(item for item in field.items if draw(st.booleans()))
                values.append(Ticked(ticked, draw(CELLS) if field.other else ""))
            elif field.kind == "grid":
                values.append(tuple(draw(st.sampled_from(("", *field.options))) for _ in field.items))
            elif field.options:
                closed = st.sampled_from(("", *field.options))
                values.append(draw(closed | CELLS) if field.other else draw(closed))
            else:
                values.append(draw(CELLS))
        submissions.append(Submission(tuple(values), {"submitted": "2024-03-12T10:00:00"}))
    return Answers(draw(LABELS), tuple(fields), tuple(submissions))


def options_of(cell: str, labels: dict[str, str], known: tuple[str, ...]) -> list[str]:
    """Cut a cell by the known options as they can be written, longest first: no quote is read."""
    forms = {label: label for label in known} | {text: label for text, label in labels.items() if label in known}
    rest, out = cell, []
    while rest:
        text = max((t for t in forms if rest == t or rest.startswith(t + ",")), key=len)
        out.append(forms[text])
        rest = rest[len(text) + 1 :]
    return out


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answers=forms())
def test_yeswiki(answers):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        exports.write("yeswiki", answers, path)
        # No tool is named: its two dates tell it. Newlines and commas in cells leave one delimiter possible or several.
        export = exports.read(path, delimiter=",")
    assert export.tool == "yeswiki"
    for record, submission in zip(export.cells.itertuples(index=False, name=None), answers.submissions, strict=True):
        cells = iter(zip(record[2:], export.columns[2:], strict=True))
        for field, value in zip(answers.fields, submission.values, strict=True):
            other = (field.other,) if field.other else ()
            if isinstance(value, Ticked):
                cell, column = next(cells)
                free = next(cells)[0] if other else ""
                told = [*value.items, *(other if value.other else ())]
                assert options_of(cell, column.labels, (*field.items, *other)) == told
                assert (column.header, free) == (field.label, value.other)
            elif field.kind == "grid":
                for row, text in zip(field.items, value, strict=True):
                    cell, column = next(cells)
                    assert column.header == f"{field.label} [{row}]"
                    assert column.labels.get(cell, cell) == text
            elif field.options:
                cell, column = next(cells)
                free = next(cells)[0] if other else ""
                listed = value in field.options or not value
                assert column.header == field.label
                assert column.labels.get(cell, cell) == (value if listed else field.other)
                assert free == ("" if listed else value)
            else:
                cell, column = next(cells)
                assert (column.header, cell) == (field.label, value)
        assert next(cells, None) is None


HEADERS = st.sampled_from(
    ["datetime_create", "datetime_latest", "Mot de passe *", "NomWiki", "a", " *", "a *", "bf_latitude", "", "id_fiche"]
)
ODD = st.sampled_from(["", "a;b;", "2", '"a, b"', '"', '""', "[]", '{"latitude":1}', "x,y", '"a\\"b"'])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), headers=st.lists(HEADERS, min_size=1, max_size=8))
def test_any_table_ends_in_a_reading_or_a_clear_error(data, headers):
    width = len(headers)
    records = data.draw(st.lists(st.lists(ODD, min_size=width, max_size=width), max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([headers, *records])
        try:
            export = exports.read(path, tool="yeswiki", delimiter=",")
        except SyntheseError:
            assert not records  # anything else than a clear error fails the test
            return
    assert [column.position for column in export.columns] == list(range(1, width + 1))
    assert export.cells.to_numpy().tolist() == records
