"""Faults say what, where and what would be right."""

from __future__ import annotations

import pickle

import pytest

from synthese.errors import Fault, SyntheseError


def test_a_fault_in_one_line():
    fault = Fault("unknown-option", "no such option", file="a.csv", row=4, column="Région", path="x[1]", fix="mend it")
    assert str(fault) == "a.csv, row 4, column 'Région', x[1]: no such option → mend it [unknown-option]"
    assert str(Fault("x", "what")) == "what [x]"


def test_an_error_carries_every_fault_and_the_code_of_the_first():
    error = SyntheseError([Fault("a", "one"), Fault("b", "two")])
    assert str(error) == "one [a]\ntwo [b]"
    assert error.code == "a"
    assert SyntheseError(Fault("a", "one")).faults == (Fault("a", "one"),)


def test_an_error_without_fault_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="at least one fault"):
        SyntheseError([])


def test_an_error_crosses_processes_and_can_be_hashed():
    error = SyntheseError.of("a", "one", file="f", row=1)
    assert pickle.loads(pickle.dumps(error)).faults == error.faults
    assert len({error, SyntheseError.of("a", "one", file="f", row=1)}) == 2
