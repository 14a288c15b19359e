"""A wrong codebook gets every fault at once: file, line, path, what is wrong, what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese.codebook import json_schema, load_codebook
from synthese.errors import Fault, SyntheseError

RIGHT = """\
schema: 1
title: Essai
sections: {A: Première}
scales:
  - code: accord
    label: Accord
    options: [{code: non, label: Non}, {code: oui, label: Oui}, {code: nsp, label: Ne sait pas, in_base: false}]
questions:
  - {id: Q1, section: A, text: Un, type: single, options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: Q2, section: A, text: Deux, type: ordinal, scale: accord}
  - {id: Q3, section: A, text: Trois, type: grid, scale: accord, rows: [{code: r1, label: R1}, {code: r2, label: R2}]}
  - {id: Q4, section: A, text: Quatre, type: numeric, routing: {question: Q1, any_of: [b], champ: celles de B}}
  - {id: Q5, section: A, text: Cinq, type: open, role: contact}
regroupings:
  - {id: Q2@deux, label: En deux, groups: [{code: dit, label: Dit, of: [non, oui]}, {code: nsp, label: NSP, of: [nsp]}]}
planned_crosses:
  - {id: c1, title: Croisement, question: Q2, by: Q1, ladder: [{question: Q2@deux, by: Q1}]}
"""


@pytest.fixture
def codebook(tmp_path):
    """Write the right codebook with some texts replaced, and read it."""

    def write(*changes: tuple[str, str]):
        text = RIGHT
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file = tmp_path / "codebook.yml"
        file.write_text(text, encoding="utf-8")
        return load_codebook(file)

    return write


def faults_of(call, *changes) -> tuple[Fault, ...]:
    with pytest.raises(SyntheseError) as caught:
        call(*changes)
    return caught.value.faults


def test_a_right_codebook_is_read_and_scales_become_options(codebook):
    read = codebook()
    assert [option.code for option in read.by_id["Q2"].options] == ["non", "oui", "nsp"]
    assert read.by_id["Q5"].personal
    assert [step.question for step in read.planned_crosses[0].steps] == ["Q2@deux"]


@pytest.mark.parametrize(
    ("change", "code", "row", "path", "words"),
    [
        (("title: Essai", "titel: Essai"), "unknown-key", 2, "titel", "unknown key 'titel' → did you mean 'title'?"),
        (("type: single, ", "typ: single, "), "unknown-key", 9, "questions[0].typ", "did you mean 'type'?"),
        (("type: single", "type: singel"), "unknown-value", 9, "questions[0].type", "'singel' is not allowed here"),
        (("schema: 1", "schema: 2"), "unknown-value", 1, "schema", "2 is not allowed here → one of 1"),
        (("title: Essai", "title: 3"), "not-text", 2, "title", 'put it in quotes: "3"'),
        (("title: Essai", "title: true"), "not-text", 2, "title", 'put it in quotes: "true"'),
        (("title: Essai", 'title: ""'), "empty", 2, "title", "there is no text here"),
        (
            ("{code: a, label: A}", "{code: Éa, label: A}"),
            "bad-code",
            9,
            "questions[0].options[0].code",
            "write small letters, digits and _, such as `ne_sait_pas`",
        ),
        (("any_of: [b]", "any_of: []"), "too-short", 12, "questions[3].routing.any_of", "give at least 1"),
        (
            ("type: numeric,", "type: numeric, maximum: 0,"),
            "wrong-value",
            12,
            "questions[3].maximum",
            "write 1 or more",
        ),
        (
            ("any_of: [b]", "any_of: [bb]"),
            "unknown-option",
            12,
            "questions[3].routing.any_of[0]",
            "Q1 has no option 'bb' → did you mean 'b'?",
        ),
        (
            ("routing: {question: Q1,", "routing: {question: Q11,"),
            "unknown-question",
            12,
            "questions[3].routing.question",
            "routing names no question 'Q11' → did you mean 'Q1'?",
        ),
        (
            ("routing: {question: Q1,", "routing: {question: Q3,"),
            "routing-type",
            12,
            "questions[3].routing.question",
            "routing on Q3, which is grid",
        ),
        (("scale: accord}", "scale: acord}"), "unknown-scale", 10, "questions[1].scale", "did you mean 'accord'?"),
        (
            (", {code: nsp, label: NSP, of: [nsp]}", ", {code: nsp, label: NSP, of: [oui]}"),
            "duplicate",
            15,
            "regroupings[0].groups[1].of[0]",
            "option 'oui' is in 'dit' already",
        ),
        (("of: [non, oui]", "of: [oui]"), "uncovered-option", 15, "regroupings[0].groups", "in no group: non"),
        (
            ("of: [non, oui]", "of: [non, oui, ouii]"),
            "unknown-option",
            15,
            "regroupings[0].groups[0].of[2]",
            "Q2 has no option 'ouii' → did you mean 'oui'?",
        ),
        (("- {id: Q2@deux", "- {id: Q9@deux"), "unknown-question", 15, "regroupings[0].id", "no question 'Q9'"),
        (("- {id: Q2@deux", "- {id: Q3.r9@deux"), "unknown-row", 15, "regroupings[0].id", "did you mean 'Q3.r1'?"),
        (("by: Q1, ladder", "by: Q4, ladder"), "not-crossable", 17, "planned_crosses[0].by", "Q4 is numeric"),
        (("text: Un,", "text: Un, role: identifier,"), "not-crossable", 17, "planned_crosses[0].by", "Q1 identifies"),
        (
            ("question: Q2@deux, by: Q1", "question: Q2@duex, by: Q1"),
            "unknown-variable",
            17,
            "planned_crosses[0].ladder[0].question",
            "no question or regrouping 'Q2@duex' → did you mean 'Q2@deux'?",
        ),
        (("{id: Q2, ", "{id: Q1, "), "duplicate", 10, "questions[1].id", "question id 'Q1' is given twice"),
        (("{code: r2,", "{code: r1,"), "duplicate", 11, "questions[2].rows[1].code", "row code 'r1' is given twice"),
        (("id: Q1, section: A", "id: Q1, section: B"), "unknown-section", 9, "questions[0].section", "no section 'B'"),
        (("type: numeric,", "type: numeric, unit: ETP, nps: 3,"), "not-a-boolean", 12, "questions[3].nps", "true or"),
        (("text: Un,", "text: Un, maximum_value: 3,"), "not-numeric", 9, "questions[0]", "bounds are for numeric"),
        (
            ("type: numeric,", "type: numeric, minimum_value: 3, maximum_value: 1,"),
            "empty-range",
            12,
            "questions[3]",
            "minimum_value 3 is above maximum_value 1",
        ),
        (("type: open,", "type: open, scale: accord,"), "needless-options", 13, "questions[4]", "has no options"),
        (("type: open,", "type: multiple,"), "no-options", 13, "questions[4]", "needs at least two options"),
        (("schema: 1", "schema: 1\nschema: 1"), "duplicate-key", 2, None, "key 'schema' is given twice"),
    ],
)
def test_one_fault_is_told_with_its_place_and_what_would_be_right(codebook, change, code, row, path, words):
    faults = faults_of(codebook, change)
    assert [fault for fault in faults if fault.code == code], faults
    fault = next(fault for fault in faults if fault.code == code)
    assert fault.row == row
    assert fault.path is None if path is None else str(fault.path).startswith(path)
    assert words in str(fault)
    assert "codebook.yml" in str(fault)


def test_all_kinds_of_faults_of_one_file_come_at_once_in_its_order(codebook):
    faults = faults_of(
        codebook,
        ("title: Essai", "title: Essai\ntitle: Encore"),  # YAML
        ("type: single, ", "type: singel, "),  # shape
        ("label: R1}", "lable: R1}"),  # shape, deep
        ("of: [non, oui]", "of: [oui]"),  # two parts at once
        ("- {id: c1, title: Croisement,", "- {id: c1, titre: Croisement,"),  # shape, after what needs two parts
    )
    assert [fault.code for fault in faults] == [
        "duplicate-key",
        "unknown-value",
        "missing-key",
        "unknown-key",
        "uncovered-option",
        "missing-key",
        "unknown-key",
    ]
    assert [fault.row for fault in faults] == sorted(fault.row for fault in faults)


def test_what_cannot_be_read_is_not_also_called_unknown(codebook):
    # Q1 is misspelt inside: what routes on it or crosses it is not wrong for that.
    faults = faults_of(codebook, ("type: single, ", "type: singel, "))
    assert [fault.code for fault in faults] == ["unknown-value"]
    faults = faults_of(codebook, ("type: grid,", "type: gird,"), ("- {id: Q2@deux", "- {id: Q3.r1@deux"))
    assert {fault.code for fault in faults} == {"unknown-value", "unknown-variable"}


def test_universes_and_rules_on_a_question_that_cannot_be_read_are_not_faults_of_their_own(codebook):
    more = (
        "universes:\n"
        "  - {id: u, champ: Les A, all_of: [{question: Q1, any_of: [a]}], questions: [Q1, Q2]}\n"
        "consistency:\n"
        "  - {id: r, what: Non, when: {Q1: [a]}, then: {Q2: answered}}\n"
    )
    planned = "ladder: [{question: Q2@deux, by: Q1}]}\n"
    found = faults_of(codebook, ("text: Un, type: single", "text: Un, type: seul"), (planned, planned + more))
    assert [fault.path for fault in found] == ["questions[0].type"]
    gone = faults_of(
        codebook, ("id: Q1, section: A, text: Un", "id: Q9, section: A, text: Un"), (planned, planned + more)
    )
    assert {"no question 'Q1' to filter by", "no question or grid row 'Q1'"} <= {fault.what for fault in gone}


def test_a_group_does_not_join_what_is_in_the_base_with_what_is_not(codebook):
    faults = faults_of(
        codebook,
        ("of: [non, oui]", "of: [non]"),
        ("{code: nsp, label: NSP, of: [nsp]}", "{code: reste, label: Reste, of: [oui, nsp]}"),
    )
    assert [fault.code for fault in faults] == ["mixed-base"]
    assert "group 'reste' joins options in the base" in str(faults[0])


LOOP = """\
schema: 1
title: Essai
questions:
  - {id: Q1, section: A, text: Un, type: single, options: OPTIONS, routing: {question: Q3, any_of: [a], champ: x}}
  - {id: Q2, section: A, text: Deux, type: single, options: OPTIONS, routing: {question: Q1, any_of: [a], champ: x}}
  - {id: Q3, section: A, text: Trois, type: single, options: OPTIONS, routing: {question: Q2, any_of: [a], champ: x}}
  - {id: Q4, section: A, text: Quatre, type: single, options: OPTIONS, routing: {question: Q4, any_of: [a], champ: x}}
  - {id: Q5, section: A, text: Cinq, type: single, options: OPTIONS, routing: {question: Q1, any_of: [a], champ: x}}
  - {id: Q6, section: A, text: Six, type: single, options: OPTIONS, routing: {question: Q7, any_of: [a], champ: x}}
  - {id: Q7, section: A, text: Sept, type: single, options: OPTIONS}
"""


def test_each_routing_loop_is_told_once_and_a_later_question_is_no_filter(tmp_path):
    file = tmp_path / "codebook.yml"
    file.write_text(LOOP.replace("OPTIONS", "[{code: a, label: A}, {code: b, label: B}]"), encoding="utf-8")
    faults = faults_of(load_codebook, file)
    assert [(fault.code, fault.row, fault.what) for fault in faults] == [
        ("routing-loop", 4, "routing goes in a circle: Q1 → Q3 → Q2 → Q1"),
        ("routing-loop", 7, "routing goes in a circle: Q4 → Q4"),
        ("routing-order", 9, "Q6 depends on Q7, which is asked later"),
    ]


def test_the_schema_that_editors_use_is_that_of_the_model(repository: Path):
    assert (repository / "data" / "raw" / "codebook.schema.json").read_text(encoding="utf-8") == json_schema()


def test_the_codebook_of_the_study_is_right(repository: Path):
    assert len(load_codebook(repository / "data" / "raw" / "codebook.yml").questions) >= 28
