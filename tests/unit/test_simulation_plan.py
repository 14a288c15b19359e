from __future__ import annotations

import numpy as np
import pytest

from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.simulation import Plan, load_plan, populate, simulate

BOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "Essai",
        "sections": {"A": "A"},
        "questions": [
            {"id": "N", "section": "A", "type": "open", "role": "identifier", "text": "Nom de la structure"},
            {"id": "M", "section": "A", "type": "open", "role": "contact", "text": "Courriel"},
            {
                "id": "S",
                "section": "A",
                "type": "single",
                "text": "Un seul",
                "required": True,
                "options": [{"code": c, "label": c.upper()} for c in "abc"],
            },
            {
                "id": "R",
                "section": "A",
                "type": "multiple",
                "text": "Plusieurs",
                "maximum": 2,
                "options": [{"code": c, "label": c.upper()} for c in "wxyz"],
                "routing": {"question": "S", "any_of": ["a", "b"], "champ": "celles qui"},
            },
        ],
        "regroupings": [
            {
                "id": "S@deux",
                "label": "S",
                "groups": [
                    {"code": "ab", "label": "AB", "of": ["a", "b"]},
                    {"code": "c", "label": "C", "of": ["c"]},
                ],
            }
        ],
    }
)  # fmt: skip


def plan(**parts):
    return Plan.model_validate({"schema": 1, "title": "Essai (données synthétiques)", **parts})


def drawn(size=20, seed=1, **parts):
    return populate(BOOK, "2024", size, seed, plan(**parts))


def test_counts_tables_and_groups_are_exact():
    people = drawn(
        questions={
            "S": {"counts": {"a": 8, "b": 7, "c": 5}},
            "R": {
                "answered": 14,
                "counts": {"w": 9, "x": 6, "y": 7, "z": 3},
                "within": [{"option": "w", "by": "S", "counts": {"a": 6, "b": 3}}],
            },
        }
    )
    assert {c: int(people.gave("S", (c,)).sum()) for c in "abc"} == {"a": 8, "b": 7, "c": 5}
    ticks = np.stack([people.ticks["R"][c] for c in "wxyz"])
    assert ticks.sum(axis=1).tolist() == [9, 6, 7, 3]
    assert (people.ticks["R"]["w"] & people.gave("S", ("a",))).sum() == 6
    per_person = ticks.sum(axis=0)
    assert per_person[people.answered["R"]].min() == 1
    assert per_person.max() == 2
    assert not ticks[:, people.gave("S", ("c",))].any(), "not asked, not ticked"


def test_a_table_by_a_regrouping():
    people = populate(
        BOOK.model_copy(update={"questions": (*BOOK.questions[:3], BOOK.questions[2].model_copy(update={"id": "T"}))}),
        "2024",
        20,
        1,
        plan(
            questions={
                "S": {"counts": {"a": 8, "b": 7, "c": 5}},
                "T": {"by": "S@deux", "table": {"ab": {"a": 10, "b": 2}, "c": {"c": 4}}},
            }
        ),
    )
    grouped = people.gave("S", ("a", "b"))
    assert (people.gave("T", ("a",)) & grouped).sum() == 10
    assert (people.gave("T", ("c",)) & ~grouped).sum() == 4
    assert people.answered["T"].sum() == 16


def test_an_effect_moves_answers_to_those_it_names():
    people = drawn(
        size=400,
        questions={"S": {"counts": {"a": 200, "b": 200, "c": 0}}, "R": {"answered": 400, "counts": {"w": 200}}},
        effects=[{"on": "R.w", "when": {"S": ["a"]}, "times": 9}],
    )
    ticked = people.ticks["R"]["w"]
    assert ticked.sum() == 200
    assert ticked[people.gave("S", ("a",))].mean() - ticked[people.gave("S", ("b",))].mean() > 0.3


ALL_A = {"counts": {"a": 20, "b": 0, "c": 0}}


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ({"S": {"counts": {"a": 8, "b": 7, "c": 6}}}, "S: 21 should answer, but 20 are asked"),
        ({"S": {"answered": 20, "counts": {"a": 8, "b": 7, "c": 4}}}, "S: the counts add up to 19, but 20 answer"),
        ({"R": {"answered": 20}, "S": {"counts": {"a": 8, "b": 7, "c": 5}}}, "R: 20 should answer, but 15 are asked"),
        ({"S": ALL_A, "R": {"answered": 10, "counts": {"w": 11}}}, "R.w: 11 ticks, but 10"),
        (
            {"S": ALL_A, "R": {"answered": 20, "counts": {"w": 5, "x": 5, "y": 5, "z": 4}}},
            "too few ticks for everyone",
        ),
        (
            {"S": ALL_A, "R": {"answered": 10, "counts": {"w": 7, "x": 7, "y": 7, "z": 0}}},
            "more than 2 ticks for someone",
        ),
    ],
)  # fmt: skip
def test_counts_that_cannot_be_met(questions, words):
    with pytest.raises(SyntheseError) as caught:
        drawn(questions=questions)
    assert caught.value.code == "plan-counts"
    assert words in str(caught.value)


def test_non_response_grows_towards_the_end_without_a_plan():
    asked = BOOK.questions[3].model_copy(update={"routing": None, "type": "single", "maximum": None})
    many = BOOK.model_copy(
        update={"questions": tuple(asked.model_copy(update={"id": f"Q{i:02d}"}) for i in range(20)), "regroupings": ()}
    )
    people = populate(many, "2024", 1000, 1, plan(non_response={"first": 0.0, "last": 0.2}))
    missing = [1 - people.answered[f"Q{i:02d}"].mean() for i in range(20)]
    assert missing[0] == 0
    assert 0.15 < missing[-1] < 0.25
    assert sum(missing[10:]) > 3 * sum(missing[:10])


def test_unknown_names_are_told_all_at_once_with_the_nearest():
    with pytest.raises(SyntheseError) as caught:
        drawn(
            questions={"S": {"counts": {"aa": 1}}, "Z": {"answered": 1}},
            effects=[{"on": "R.v", "when": {"Q": ["a"]}, "times": 2}],
        )
    assert [fault.path for fault in caught.value.faults] == ["questions.S", "questions.Z", "effects[0]", "effects[0]"]
    assert "S has no option 'aa'" in str(caught.value)


def test_a_circle_is_refused():
    with pytest.raises(SyntheseError, match="goes round in a circle"):
        drawn(effects=[{"on": "S.a", "when": {"R": ["w"]}, "times": 2}])


def test_a_plan_file_with_faults(tmp_path):
    path = tmp_path / "simulation.yml"
    path.write_text("schema: 1\ntitle: x\nsiez: 3\nremoved: {drafts: -1}\n", encoding="utf-8")
    with pytest.raises(SyntheseError) as caught:
        load_plan(path)
    assert {(fault.code, fault.row) for fault in caught.value.faults} == {("unknown-key", 3), ("wrong-value", 4)}


def test_tools_without_drafts_and_sizes_that_do_not_fit():
    with pytest.raises(SyntheseError, match="google-forms exports no drafts"):
        simulate(BOOK, "2024", tool="google-forms", plan=plan(removed={"drafts": 1}))
    with pytest.raises(SyntheseError, match="fixes counts for 20 respondents, not 21"):
        simulate(BOOK, "2024", size=21, plan=plan(size=20))
    with pytest.raises(SyntheseError, match="0 respondents are too few"):
        simulate(BOOK, "2024", size=0)


def test_rows_to_be_dropped_and_their_identities():
    removed = {"duplicates": 2, "drafts": 2, "trials": 1, "empty": 1}
    answers = simulate(
        BOOK,
        "2024",
        20,
        5,
        "framaforms",
        plan(removed=removed, questions={"M": {"answered": 20}, "N": {"answered": 20}}),
    )
    rows = answers.submissions
    assert len(rows) == 26
    assert [row.meta["submitted"] for row in rows] == sorted(row.meta["submitted"] for row in rows)
    drafts = [row for row in rows if row.meta["draft"] == "1"]
    assert len(drafts) == 2
    assert all(row.meta["completed"] == "" for row in drafts)
    assert [row.values[0] for row in rows].count("TEST") == 1
    addresses = [str(row.values[1]) for row in rows]
    twice = {address for address in addresses if address and addresses.count(address) == 2}
    assert len(twice) == 2
    for address in twice:
        first, second = (row for row in rows if row.values[1] == address)
        assert first.values[:2] == second.values[:2]
        assert first.meta["submitted"] < second.meta["submitted"]
        assert not getattr(first.values[3], "items", ()), "the first try broke off"
    assert all(a.endswith(".example.org") for a in addresses if a)
