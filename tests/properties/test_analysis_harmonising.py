"""Options split and merged over three waves: whoever counts the respondents' own answers finds the same numbers."""

from __future__ import annotations

from itertools import permutations
from math import isclose

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthese.analysis.coding import code
from synthese.analysis.comparing import compare, harmonised
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, comparability, harmonise, variable

WAVES = ("w1", "w2", "w3")
PAIRS = list(permutations(WAVES, 2))
bounded = settings(max_examples=60, deadline=None)


class Forest:
    """Answers, each a part of another or of none, and those that each wave offered: all of a tree, or nothing of it."""

    def __init__(self, draw) -> None:
        size = draw(st.integers(1, 9))
        self.parent = [draw(st.one_of(st.none(), st.integers(0, i - 1))) if i else None for i in range(size)]
        self.codes = [f"n{i}" for i in range(size)]
        self.offered = {wave: set() for wave in WAVES}
        for wave in WAVES:
            for root in (i for i, above in enumerate(self.parent) if above is None):
                if draw(st.integers(0, 5)):
                    self._cut(draw, wave, root)
        self.order = draw(st.permutations(range(size)))

    def parts(self, node: int) -> list[int]:
        return [i for i, above in enumerate(self.parent) if above == node]

    def _cut(self, draw, wave: str, node: int) -> None:
        parts = self.parts(node)
        if not parts or draw(st.booleans()):
            self.offered[wave].add(node)
        else:
            for part in parts:
                self._cut(draw, wave, part)

    def inside(self, node: int) -> set[int]:
        return {node}.union(*(self.inside(part) for part in self.parts(node)))

    @property
    def finest(self) -> list[int]:
        return [i for i in range(len(self.parent)) if not self.parts(i)]

    def answer(self, leaf: int, wave: str) -> int | None:
        """Give the option that a wave offered to someone who means this finest answer."""
        return next((node for node in self.offered[wave] if leaf in self.inside(node)), None)

    def codebook(self, kind: str, regroupings: list[dict] | None = None) -> Codebook:
        options = []
        for i in self.order:
            waves = [wave for wave in WAVES if i in self.offered[wave]] or ["w9"]
            above = {} if self.parent[i] is None else {"split_of": f"n{self.parent[i]}"}
            options.append({"code": f"n{i}", "label": f"N {i}", "waves": waves, **above})
        options.append({"code": "nsp", "label": "NSP", "in_base": False})
        asked = {"id": "Q", "section": "A", "text": "Laquelle ?", "type": kind, "options": options}
        return Codebook.model_validate(
            {"schema": 1, "title": "t", "questions": [asked], "regroupings": regroupings or []}
        )


forests = st.composite(Forest)()


@st.composite
def meant(draw, forest: Forest, kind: str) -> list:
    """What each respondent means: one or several finest answers, « ne sait pas », or nothing."""
    leaves = st.sampled_from(forest.finest)
    one = st.frozensets(leaves, min_size=1, max_size=1) if kind == "single" else st.frozensets(leaves, max_size=4)
    return draw(st.lists(st.one_of(one, one, one, st.sampled_from(["nsp", None])), max_size=20))


def said(forest: Forest, people: list, wave: str) -> list:
    """Answer the wave's form: the options that cover what is meant; nothing where there is none for a single answer."""
    return [
        person if person in ("nsp", None) else {o for leaf in person if (o := forest.answer(leaf, wave)) is not None}
        for person in people
    ]


def frame(forest: Forest, answers: list, wave: str, kind: str) -> pd.DataFrame:
    if kind == "single":
        texts = ["_no_answer" if not a else "nsp" if a == "nsp" else f"n{next(iter(a))}" for a in answers]
        return pd.DataFrame({"Q": pd.Series(texts, dtype="str")})
    columns = {"Q": pd.Series(["_no_answer" if a is None else "answered" for a in answers], dtype="str")}
    for node in sorted(forest.offered[wave]):
        ticks = [None if a is None else a != "nsp" and node in a for a in answers]
        columns[f"Q.n{node}"] = pd.Series(ticks, dtype="boolean")
    columns["Q.nsp"] = pd.Series([None if a is None else a == "nsp" for a in answers], dtype="boolean")
    return pd.DataFrame(columns)


def counted(forest: Forest, people: list, wave: str, kind: str, node: int) -> tuple[int, int]:
    """Count by hand: those who mean a part of ``node``, once each, of those who gave an answer."""
    answers = said(forest, people, wave)
    base = [p for p, a in zip(people, answers, strict=True) if a not in ("nsp", None) and (kind == "multiple" or a)]
    return sum(bool(p & forest.inside(node)) for p in base), len(base)


@pytest.mark.parametrize("kind", ["single", "multiple"])
@given(forest=forests, data=st.data())
@bounded
def test_harmonised_counts_are_those_of_what_people_meant(kind, forest, data):
    book = forest.codebook(kind)
    people = {wave: data.draw(meant(forest, kind)) for wave in WAVES}
    for wave, reference in PAIRS:
        verdict = comparability(book, "Q", wave, reference)
        pair = []
        for here in (wave, reference):
            mine = harmonised(book, variable(book, "Q", here), here, verdict)
            pair.append(code(frame(forest, said(forest, people[here], here), here, kind), mine))
        rows, tests = compare(*pair, reference, 0, (Sample(), Sample()))
        shared = [f"n{i}" for i in forest.order if f"n{i}" in verdict.options]
        assert [row["option"] for row in rows] == [test["option"] for test in tests] == shared
        for row in rows:
            node = int(row["option"][1:])
            k, n = counted(forest, people[wave], wave, kind, node)
            k0, n0 = counted(forest, people[reference], reference, kind, node)
            assert (row["count"], row["base"]) == (k, n)
            if n and n0:
                assert isclose(row["value"], k / n - k0 / n0, abs_tol=1e-12)
            else:
                assert row["reason"] == "empty-base"


@given(forest=forests)
@settings(max_examples=200, deadline=None)
def test_all_is_compared_that_both_waves_can_tell_and_as_finely_as_they_can(forest):
    question = forest.codebook("single").by_id["Q"]
    for wave, reference in PAIRS:
        found = harmonise(question, wave, reference)
        here, there = forest.offered[wave], forest.offered[reference]
        for offered in (here, there):
            for node in offered:
                covered = any(forest.answer(leaf, other) is not None for leaf in forest.inside(node)
                              for other in (wave, reference) if forest.offered[other] is not offered)  # fmt: skip
                mine = found.by_wave[wave if offered is here else reference].get(f"n{node}")
                assert (mine is not None) == (covered or here is there)
        for through in found.codes - {"nsp"}:
            node = int(through[1:])
            assert node in here | there, "nothing is merged further than one of the waves did"
            for offered, known in ((here, wave), (there, reference)):
                wanted = {f"n{i}" for i in offered if i in forest.inside(node)}
                assert set(found.members(known, through)) == wanted, "every part offered, and nothing else"


@given(forest=forests)
@bounded
def test_harmonising_is_the_same_from_either_side(forest):
    question = forest.codebook("multiple").by_id["Q"]
    for wave, reference in PAIRS:
        assert harmonise(question, wave, reference).by_wave == harmonise(question, reference, wave).by_wave


@pytest.mark.parametrize("kind", ["single", "multiple"])
@given(forest=forests, data=st.data())
@bounded
def test_a_regrouping_that_names_wholes_or_parts_counts_them_in_every_wave(kind, forest, data):
    """Groups are named by some options; a wave that offers their parts, or them, counts what people meant."""
    cut: list[int] = []

    def name(node: int) -> None:
        if not forest.parts(node) or data.draw(st.booleans()):
            cut.append(node)
        else:
            for part in forest.parts(node):
                name(part)

    for root in (i for i, above in enumerate(forest.parent) if above is None):
        name(root)
    groups = [{"code": f"g{node}", "label": f"G {node}", "of": [f"n{node}"]} for node in cut]
    groups.append({"code": "nsp", "label": "NSP", "of": ["nsp"]})
    book = forest.codebook(kind, [{"id": "Q@g", "label": "G", "groups": groups}])
    people = {wave: data.draw(meant(forest, kind)) for wave in WAVES}
    for wave, reference in PAIRS:
        verdict = comparability(book, "Q@g", wave, reference)
        for node in cut:
            finer = all(
                (option := forest.answer(leaf, here)) is not None and option in forest.inside(node)
                for here in (wave, reference) for leaf in forest.inside(node) if leaf in forest.finest
            )  # fmt: skip
            assert f"g{node}" in verdict.options or not finer
        if not verdict.comparable:
            continue
        pair = []
        for here in (wave, reference):
            mine = harmonised(book, variable(book, "Q@g", here), here, verdict)
            pair.append(code(frame(forest, said(forest, people[here], here), here, kind), mine))
        for row in compare(*pair, reference, 0, (Sample(), Sample()))[0]:
            node = int(row["option"][1:])
            assert (row["count"], row["base"]) == counted(forest, people[wave], wave, kind, node)
