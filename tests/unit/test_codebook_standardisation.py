"""A mix to standardise to is declared whole, or every fault of it is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese.codebook import load_codebook
from synthese.errors import SyntheseError

CODEBOOK = """\
schema: 1
title: Essai
questions:
  - id: B1
    section: A
    text: Type
    type: single
    options: [{code: a, label: A}, {code: b, label: B}, {code: c, label: C}, {code: d, label: D}]
  - {id: M, section: A, text: M, type: multiple, options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: N, section: A, text: N, type: numeric}
regroupings:
  - {id: B1@deux, label: En deux, groups: [{code: ab, label: AB, of: [a, b]}, {code: cd, label: CD, of: [c, d]}]}
standardisation:
  by: B1@deux
  mix: "2024"
  name: "structure de 2024"
"""
GIVEN = ('mix: "2024"', "mix: {ab: 0.4, cd: 0.6}\n  source: Recensement")


def write(root: Path, *changes: tuple[str, str]):
    text = CODEBOOK
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = root / "codebook.yml"
    file.write_text(text, encoding="utf-8")
    return load_codebook(file)


def test_a_mix_is_that_of_a_wave_of_both_or_given_with_its_source(tmp_path):
    assert write(tmp_path).standardisation.wave == "2024"
    assert write(tmp_path, ('"2024"\n', "pooled\n")).standardisation.wave is None
    given = write(tmp_path, GIVEN).standardisation
    assert (given.mix, given.source, given.wave) == ({"ab": 0.4, "cd": 0.6}, "Recensement", None)


@pytest.mark.parametrize(
    ("changes", "code", "line", "words"),
    [
        ([("by: B1@deux", "by: B1@duex")], "unknown-question", 14, "did you mean 'B1@deux'"),
        ([("by: B1@deux", "by: B1")], "strata-number", 14, "B1 has 4 strata: a, b, c, d → take a breakdown of 2 to 3"),
        ([("by: B1@deux", "by: M")], "not-strata", 14, "M cannot stratify: it is multiple"),
        ([("by: B1@deux", "by: N")], "not-strata", 14, "N cannot stratify: it is numeric"),
        ([("by: B1@deux", "by: B9")], "unknown-question", 14, "no 'B9' to stratify by"),
        ([GIVEN, ("ab: 0.4", "abb: 0.4")], "unknown-option", 15, "B1@deux has no stratum 'abb' → did you mean 'ab'?"),
        ([GIVEN, ("{ab: 0.4, cd: 0.6}", "{ab: 1}")], "missing-stratum", 15, "the mix has no share for 'cd'"),
        ([GIVEN, ("cd: 0.6", "cd: 0.5")], "mix-sum", 15, "add up to 0.9 → they must add up to 1"),
        ([GIVEN, ("\n  source: Recensement", "")], "mix-source", 15, "nothing says where it comes from"),
        ([('\n  name: "structure de 2024"', "")], "missing-key", 13, "this key is missing"),
    ],
)
def test_what_is_wrong_with_a_mix_is_told_with_its_line(tmp_path, changes, code, line, words):
    with pytest.raises(SyntheseError) as caught:
        write(tmp_path, *changes)
    faults = {(fault.code, fault.row) for fault in caught.value.faults}
    assert (code, line) in faults, faults
    assert words in str(caught.value)
