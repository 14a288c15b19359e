"""Headlines of a codebook: what they may name, and how many variants they make."""

from __future__ import annotations

import pytest

from synthese.codebook import load_codebook
from synthese.errors import SyntheseError

CODEBOOK = """\
schema: 1
title: Essai
sections: {A: Première}
questions:
  - {id: Q1, section: A, text: Un, type: single, options: [{code: a, label: A}, {code: b, label: B}]}
  - id: Q2
    section: A
    text: Deux
    type: single
    options: [{code: oui, label: O}, {code: non, label: N}, {code: nsp, label: NSP, in_base: false}]
  - {id: Q3, section: A, text: Trois, type: numeric}
regroupings:
  - {id: Q2@deux, label: En deux, groups: [{code: dit, label: D, of: [oui, non]}, {code: nsp, label: NSP, of: [nsp]}]}
headlines:
"""


@pytest.fixture
def read(tmp_path):
    """Read the codebook with these headlines, one a line."""

    def write(*headlines: str):
        file = tmp_path / "codebook.yml"
        file.write_text(CODEBOOK + "".join(f"  - {{title: T, {line}}}\n" for line in headlines), encoding="utf-8")
        return load_codebook(file)

    return write


def test_variants_are_every_combination_of_the_choices_with_the_published_one(read):
    every = "without_weights: true, dont_know_in_base: true, answered_at_least: [0.8, 1]"
    grouped = "counted: [{options: [oui, non]}, {question: Q2@deux, options: [dit]}], non_response_in_base: true"
    codebook = read(
        f"id: h1, question: Q2, option: oui, variants: {{{every}}}",
        f"id: h2, question: Q2, option: oui, by: Q1, group: a, variants: {{{grouped}}}",
    )
    assert [headline.variants.number for headline in codebook.headlines] == [2 * 2 * 3, 3 * 2]


@pytest.mark.parametrize(
    ("headline", "code", "path", "words"),
    [
        ("id: h, question: Q9, option: a, variants: {without_weights: true}", "unknown-variable", "question", "Q9"),
        ("id: h, question: Q3, option: a, variants: {without_weights: true}", "unknown-variable", "question", "Q3"),
        ("id: h, question: Q1, option: z, variants: {without_weights: true}", "unknown-option", "option", "no option"),
        ("id: h, question: Q2@deux, option: nsp, variants: {without_weights: true}", "out-of-base", "option", "nsp"),
        ("id: h, question: Q1, option: a, variants: {}", "no-variant", "variants", "no variant to hold in"),
        (
            "id: h, question: Q1, option: a, variants: {dont_know_in_base: true}",
            "nothing-left-out",
            "variants.dont_know_in_base",
            "every option of Q1 is in its base already",
        ),
        (
            "id: h, question: Q1, option: a, variants: {answered_at_least: [80]}",
            "wrong-value",
            "variants.answered_at_least[0]",
            "80",
        ),
        (
            "id: h, question: Q1, option: a, variants: {counted: [{question: Q2, options: [oui]}]}",
            "other-question",
            "variants.counted[0].question",
            "Q2 is another question than Q1",
        ),
        (
            "id: h, question: Q1, option: a, variants: {counted: [{options: [a]}]}",
            "duplicate",
            "variants.counted[0]",
            "counted already",
        ),
        (
            "id: h, question: Q1, option: a, variants: {counted: [{options: [a, c]}]}",
            "unknown-option",
            "variants.counted[0].options[1]",
            "Q1 has no option 'c'",
        ),
        ("id: h, question: Q1, option: a, by: Q2, variants: {without_weights: true}", "half-a-group", "by", "goes"),
        (
            "id: h, question: Q1, option: a, by: Q2, group: nsp, variants: {without_weights: true}",
            "out-of-base",
            "group",
            "base of Q2",
        ),
    ],
)
def test_a_wrong_headline_is_told_with_its_line_and_place(read, headline, code, path, words):
    with pytest.raises(SyntheseError) as caught:
        read("id: fine, question: Q2, option: oui, variants: {dont_know_in_base: true}", headline)
    (fault,) = caught.value.faults
    assert (fault.code, fault.row, fault.path.removeprefix("headlines[1].")) == (code, 16, path)
    assert words in fault.what


def test_a_headline_is_declared_once(read):
    one = "question: Q1, option: a, variants: {without_weights: true}"
    with pytest.raises(SyntheseError) as caught:
        read(f"id: h, {one}", f"id: h, {one}")
    told = [fault.what for fault in caught.value.faults]
    assert sorted(told) == ["h is the number of h again", "headline 'h' is given twice"]
