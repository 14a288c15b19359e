"""Whatever the counts, nothing but released numbers reaches the reader."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthese.editorial import Claim, Ref, at_least, question_figure, question_table, write_claim
from synthese.editorial.brand import read_brand
from synthese.editorial.figures.canvas import NARROW, WIDE, Sheet
from synthese.errors import SyntheseError

_SPEC = spec_from_file_location("editorial_study", Path(__file__).parents[1] / "unit" / "editorial_study.py")
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

OPTIONS = ("echange_pairs", "formation", "outils", "financement", "autre")
counted = st.integers(1, 250).flatmap(
    lambda n: st.tuples(st.lists(st.integers(0, n), min_size=5, max_size=5), st.just(n))
)


def release(counts: list[int], base: int):
    return study.released(study.shares("F1", dict(zip(OPTIONS, counts, strict=True)), base))


def told(released) -> set[int]:
    """Every integer that the released rows allow to be printed."""
    rows = released.estimates
    out = {int(v) for column in ("count", "base", "asked", "answered") for v in rows[column].dropna()}
    out |= {int(a - b) for a, b in zip(rows["asked"].dropna(), rows["answered"].dropna(), strict=True)}
    for value in rows["value"].dropna():
        if value <= 1:
            out |= {int(value * 100), int(value * 100) + 1, 1, 99, 100}
    return out


def digits(text: str) -> set[int]:
    bare = re.sub(
        r"vague \d+|\d+ (?:au|mars|avril)|(?:mars|avril) \d+|question F1|F1|100 %", " ", text.replace("\u00a0", " ")
    )
    return {int(number) for number in re.findall(r"\d+", bare.replace("\u202f", ""))}


@given(counted)
@settings(max_examples=60, deadline=None)
def test_tables_and_their_lines_print_released_numbers_only(case) -> None:
    released = release(*case)
    made = question_table(released, "tbl-essai", "F1")
    lines = " ".join([made.artefact.caption, *made.artefact.notes, made.artefact.text or ""])
    assert digits(lines) <= told(released) | {1, 12, 30, 2024}
    if made.grid is not None:
        hidden = released.estimates.query("statistic == 'share' and status not in ('released', 'count_only')")
        rows = {row[0]: row[1:] for row in made.grid.flat()[1]}
        labels = {option.code: option.label for option in released.variable("F1").options}
        for code in hidden["option"]:
            assert set(rows[labels[code]]) == {"s"}


@given(counted)
@settings(max_examples=60, deadline=None)
def test_a_sentence_is_released_withheld_or_refused(case) -> None:
    released = release(*case)
    claim = Claim(
        "txt-essai",
        "{pairs.Who} {pairs.verb:cite|citent} cela ({pairs.share}).",
        {"pairs": Ref("F1", "echange_pairs")},
        (at_least("pairs", 0.5),),
        otherwise="{pairs.share}",
    )
    made = write_claim(released, claim).artefact
    shown = released.estimate("F1", "echange_pairs").shown
    assert (made.status == "released") == shown
    if not shown:
        assert not digits(made.text or "")
    elif (made.text or "").endswith(")."):
        counts, base = case
        assert 2 * counts[0] >= base


@given(counted)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_figures_keep_their_bytes(case) -> None:
    try:
        one = question_figure(release(*case), "fig-essai", "F1").artefact
        two = question_figure(release(*case), "fig-essai", "F1").artefact
    except SyntheseError as error:
        pytest.fail(str(error))
    assert dict(one.payloads) == dict(two.payloads)
    assert one.alt == two.alt


@given(st.text(alphabet="abcé ’-()«»·\u00a0", min_size=1, max_size=120), st.sampled_from([WIDE, NARROW]))
@settings(max_examples=80, deadline=None)
def test_wrapping_loses_nothing_and_keeps_to_its_width(text: str, width: float) -> None:
    sheet = Sheet(width, read_brand())
    lines = sheet.wrap(text, width / 3)
    assert " ".join(lines) == text
    assert all(sheet.measure(line) <= width / 3 or " " not in line for line in lines)
