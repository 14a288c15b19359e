"""Forms and answers that try what a tool's writer and reader do with texts.

Belongs here: strategies and the way there and back that the properties of several tools share. Does not: what
any tool must make of them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from synthese import exports
from synthese.exports import Answers, Field, Submission, Ticked

NASTY = [
    "a, b", "a;b", "a ; b", 'dit "oui"', "l’été", "l'été", "répondant·es", "«\u00a0non modélisée\u00a0»", "a\u202f?",
    "🌱", "=SOMME(A1)", "+33", "-1", "@x", "ligne 1\nligne 2", "a\tb", "a|b", "  bords  ", "X", "1", "[x]", "(x)", "01",
    "3.10", "œ", "\u2028", "\x85", "TRUE", "Autre", "q_1", "1. a", "é" * 10_000,
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12),
    st.text(st.sampled_from(",;|\t\"'\n ·xé()_"), min_size=1, max_size=8),
)
OTHER = "Autre, précisez"


@st.composite
def forms(draw: st.DrawFn, pieces: st.SearchStrategy[str] = PIECES) -> Answers:
    """Any form and its answers, of texts drawn from ``pieces``; wordings are unique."""
    labels_of, cells_of = pieces.filter(str.strip), st.just("") | pieces
    fields, columns = [], []
    labels = draw(st.lists(labels_of, min_size=1, max_size=5, unique=True))
    size = draw(st.integers(1, 4))
    for label in labels:
        kind = draw(st.sampled_from(["one", "closed", "many", "grid", "ranking"]))
        items = tuple(draw(st.lists(labels_of, min_size=1, max_size=4, unique=True)))
        other = draw(st.sampled_from([None, OTHER]))
        if kind == "one":
            fields.append(Field(label))
            columns.append([draw(cells_of) for _ in range(size)])
        elif kind == "closed":
            fields.append(Field(label, other=other, answer="single", options=items))
            columns.append(
                [draw(st.sampled_from(["", *items]) | (cells_of if other else st.just(""))) for _ in range(size)]
            )
        elif kind == "many":
            fields.append(Field(label, "many", items, other, answer="multiple"))
            columns.append(
                [
                    Ticked(tuple(i for i in items if draw(st.booleans())), draw(cells_of) if other else "")
                    for _ in range(size)
                ]
            )
        elif kind == "grid":
            fields.append(Field(label, "grid", items, answer="grid"))
            columns.append([tuple(draw(cells_of) for _ in items) for _ in range(size)])
        else:
            fields.append(Field(label, "grid", items, answer="ranking"))
            order = st.permutations([str(rank) for rank in range(1, len(items) + 1)])
            columns.append([tuple(draw(order) if draw(st.booleans()) else [""] * len(items)) for _ in range(size)])
    stamp = {"submitted": "2024-03-12T10:00:00"}
    submissions = [Submission(tuple(column[i] for column in columns), stamp) for i in range(size)]
    return Answers(draw(labels_of), tuple(fields), tuple(submissions))


def back(tool: str, variant: str, answers: Answers) -> exports.RawExport:
    """Write as a tool does and read again; the tool is not named: it must be told from all others."""
    dialect = exports.named(tool).variants[variant]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{dialect.suffix}"
        exports.write(tool, answers, path, variant)
        # The delimiter is named, for labels that hold several.
        return exports.read(path, delimiter=None if dialect.suffix == ".xlsx" else dialect.delimiter)


BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
