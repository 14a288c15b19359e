"""What holds for every text and every share."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from synthese.formatting import DEFAULT_BANDS, french, half_up, percent, percent_text, phrase

pieces = st.lists(
    st.sampled_from(
        [
            *"abéL12;:!?%«»“”\"'’·⋅ \u00a0\u202f\n.,|-–`{}()",
            "http://a.b/c?d ",
            "10:30",
            "1 234",
            "&nbsp;",
            " - ",
            "10 h 30",
            "2ème",
        ]
    ),
    max_size=25,
).map("".join)
shares = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.one_of(pieces, st.text(max_size=40)))
def test_french_is_idempotent(text: str) -> None:
    assert french(french(text)) == french(text)
    kept = french(text, glued=True)
    assert french(kept, glued=True) == kept


@given(st.one_of(pieces, st.text(max_size=40)))
def test_french_changes_no_letter_and_no_digit(text: str) -> None:
    assume(not re.search(r"[\dIVX](?:[èé]|i?e[rm]|iè|ié)", text))  # ordinals, whose endings are mended

    def core(value: str) -> str:
        return re.sub(r"[^\w]", "", value)

    assert core(french(text)) == core(text)


@given(shares, st.integers(0, 3))
def test_half_up_is_the_nearest_and_the_upper_of_two(share: tuple[int, int], digits: int) -> None:
    count, base = share
    true = Fraction(100 * count, base)
    shown = Fraction(percent(count, base, digits))
    step = Fraction(1, 10**digits)
    assert -step / 2 < shown - true <= step / 2 or (shown - true) == step / 2
    assert shown - true > -step / 2


@given(st.decimals(-1000, 1000, places=4), st.integers(0, 3))
def test_half_up_agrees_with_decimal(value: Decimal, digits: int) -> None:
    assert half_up(value, digits) == value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@given(shares)
def test_zero_and_hundred_mean_nobody_and_everybody(share: tuple[int, int]) -> None:
    count, base = share
    text = percent_text(count, base)
    assert (text == "0\u00a0%") == (count == 0)
    assert (text == "100\u00a0%") == (count == base)


def rank(count: int, base: int) -> int | None:
    found = phrase(count, base)
    if found is None:
        return None
    order = ["aucun", *(band.code for band in reversed(DEFAULT_BANDS.bands)), "ensemble"]
    return order.index("moitie" if found.band.code == "moitie_exacte" else found.band.code)


@given(st.integers(30, 400))
def test_bands_are_total_and_monotone(base: int) -> None:
    ranks = [rank(count, base) for count in range(base + 1)]
    assert all(r is not None for r in ranks[3:])
    known = [r for r in ranks if r is not None]
    assert known == sorted(known)


@given(shares)
def test_words_never_flatter(share: tuple[int, int]) -> None:
    count, base = share
    found = phrase(count, base)
    if found is not None and found.band.code not in {"moitie_exacte", "ensemble", "aucun"}:
        assert percent(count, base) >= found.band.low


@given(st.integers(10, 29).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))))
def test_small_bases_always_carry_their_count(share: tuple[int, int]) -> None:
    count, base = share
    found = phrase(count, base)
    assert found is not None
    assert f"({count} sur {base})" in found.quantity()
    assert found.quantity().startswith(("une majorité", "une minorité", "la moitié", "environ la moitié"))
