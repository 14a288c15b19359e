"""Options joined by a tool and found again, whatever separators their own texts hold."""

from __future__ import annotations

from itertools import permutations

from hypothesis import example, given
from hypothesis import strategies as st

from synthese.cleaning.choices import choices
from synthese.cleaning.cutting import Cutter
from synthese.cleaning.normal import normalise
from synthese.cleaning.numbers import read_number, written
from synthese.codebook import Option

SEPARATORS = (", ", ",", ";", "; ", " ", "|", "\n")
words = st.sampled_from(["a", "b", "c", "l’été", "(raison d'être", "«\u00a0x\u202f»", "acteur·rices)", "🌱", "=1"])
labels = st.lists(st.tuples(words, st.sampled_from(SEPARATORS)), min_size=1, max_size=3).map(
    lambda parts: "".join(word + joint for word, joint in parts).removesuffix(parts[-1][1])
)
forms = st.lists(labels, min_size=1, max_size=5, unique_by=normalise)


def known(texts, other=False):
    made = [Option(code=f"o{i}", label=text) for i, text in enumerate(texts)]
    return choices(made + ([Option(code="autre", label="Autre réponse", other=True)] if other else []), "1", {})


def readings(texts, separator, cell):
    """Every set of options that a tool would have written as this cell, by trying them all."""
    orders = (order for size in range(1, len(texts) + 1) for order in permutations(range(len(texts)), size))
    return {frozenset(order) for order in orders if separator.join(texts[i] for i in order) == cell}


@given(forms, st.sampled_from(SEPARATORS), st.data())
@example(["a", "b", "a, b"], ", ", None)
def test_what_was_ticked_is_found_unless_the_cell_truly_has_two_readings(texts, separator, data):
    chosen = (
        [0, 1] if data is None else data.draw(st.lists(st.sampled_from(range(len(texts))), min_size=1, unique=True))
    )
    cell = separator.join(texts[i] for i in chosen)
    cut = Cutter(known(texts), separator).cut(cell)
    possible = readings(texts, separator, cell)
    assert cut.rest == ""
    assert frozenset(int(code[1:]) for code in cut.codes) in possible
    assert cut.ambiguous == (len(possible) > 1)
    if not cut.ambiguous:
        written = [int(code[1:]) for code in cut.codes]
        # Of « a, a, a » it can be told that « a, a » and « a » were ticked, not which came first: where the cell
        # can be written in one order only, that order is found.
        assert separator.join(texts[i] for i in written) == cell
        if sum(separator.join(texts[i] for i in order) == cell for order in permutations(chosen)) == 1:
            assert written == chosen


@given(forms, st.sampled_from(SEPARATORS), st.data())
def test_free_text_after_the_options_is_left_whole(texts, separator, data):
    chosen = data.draw(st.lists(st.sampled_from(range(len(texts))), unique=True))
    free = data.draw(st.text(st.characters(codec="utf-8", categories=("Lu", "Nd")), min_size=3))
    cell = separator.join([*(texts[i] for i in chosen), free])
    cut = Cutter(known(texts, other=True), separator).cut(cell)
    if normalise(free) not in [normalise(text) for text in texts]:
        assert cut.rest == free


OTHER_WRITING = str.maketrans({"’": "'", "'": "’", "\u00a0": " ", "\u202f": "\u00a0", "·": "•"})


@given(forms, st.data())
def test_another_typography_changes_nothing(texts, data):
    chosen = data.draw(st.lists(st.sampled_from(range(len(texts))), min_size=1, unique=True))
    written_so = ";".join(texts[i] for i in chosen)
    cut = Cutter(known(texts), ";").cut(written_so.translate(OTHER_WRITING).upper())
    assert cut.rest == ""
    if not cut.ambiguous:
        assert {int(code[1:]) for code in cut.codes} == set(chosen)


@given(st.text(max_size=200))
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=300), st.sampled_from(SEPARATORS))
def test_any_text_is_cut_without_failing(text, separator):
    cut = Cutter(known(["a", "b, c"], other=True), separator).cut(text)
    assert set(cut.codes) <= {"o0", "o1", "autre"}


@given(st.integers(-(10**12), 10**12), st.integers(0, 99), st.sampled_from([" ", "\u202f", "\u00a0", "'", ""]))
def test_a_french_number_is_read_as_it_is_meant(whole, cents, group):
    text = f"{abs(whole):,}".replace(",", group) + f",{cents:02d}"
    text = f"-{text}" if whole < 0 else text
    assert read_number(text).value == float(f"{'-' if whole < 0 else ''}{abs(whole)}.{cents:02d}")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_of_the_journal_is_read_again(value):
    assert float(written(value)) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_is_told_not_to_be(text):
    number = read_number(text, "ETP")
    assert (number.value is None) == (number.rule in ("not-a-number", "excel-date"))
