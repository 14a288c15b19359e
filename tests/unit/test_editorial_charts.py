"""Charts chosen by question type: what each shows, that nothing is cut or covered, and what they refuse."""

from __future__ import annotations

import re
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.codebook import Option
from synthese.editorial import cross_figure, evolution_figure, grid_figure, question_figure, read_brand
from synthese.editorial.figures.canvas import NARROW, WIDE, Sheet
from synthese.editorial.figures.counts import draw_counts
from synthese.editorial.figures.dots import Row, draw_dots
from synthese.editorial.figures.drawing import Outline, Words
from synthese.editorial.figures.intervals import draw_intervals
from synthese.editorial.figures.mosaic import draw_mosaic
from synthese.editorial.figures.multiples import Panel, draw_multiples
from synthese.editorial.figures.placing import spread
from synthese.editorial.figures.quartiles import draw_quartiles
from synthese.editorial.figures.regions import REGIONS, placed
from synthese.editorial.figures.slopes import Slope, draw_slopes
from synthese.editorial.figures.stacked import Stack, draw_stacks
from synthese.editorial.figures.tiles import classes, draw_tiles
from synthese.editorial.piece import NARROW_SVG
from synthese.editorial.reading import Cell
from synthese.errors import SyntheseError

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

BRAND = read_brand()
LONG = "Un libellé très long qui dit tout de la réponse, avec ses précisions (parenthèses comprises), " * 2
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


def cell(label: str, count: int | None, base: int = 50, **more: float) -> Cell:
    option = Option(code="x", label=label)
    share = None if count is None else count / base
    return Cell(
        option,
        None,
        count,
        None if count is None else base,
        base,
        base,
        share,
        float(base),
        more.get("low"),
        more.get("high"),
        weighted=False,
        status="released",
    )


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


def held(sheet: Sheet) -> None:
    """Every mark is on the sheet, no text covers another, and none is too small to read."""
    words = [mark for mark in sheet.marks if isinstance(mark, Words)]
    assert min(word.size for word in words) >= 8.5
    for mark in sheet.marks:
        left, top, right, bottom = mark.extent
        assert left >= -1, mark
        assert right <= sheet.width + 1, mark
        assert top >= -1, mark
        assert bottom <= sheet.height + 1, mark
    for i, one in enumerate(words):
        for two in words[i + 1 :]:
            a, b = one.extent, two.extent
            apart = min(a[2], b[2]) - max(a[0], b[0]) < 0.5 or min(a[3], b[3]) - max(a[1], b[1]) < 1.0
            assert apart, (one.text, two.text)


SETS = {
    "one": [("Seule", 50)],
    "many": [(f"Réponse {i}", i * 2) for i in range(25)],
    "long": [(LONG, 30), (LONG + "bis", 20), ("Court", 10)],
    "zero": [("Un", 0), ("Deux", 0)],
    "withheld": [("Un", None), ("Deux", 12)],
    "whole": [("Un", 50), ("Deux", 50)],
}
CASES = pytest.mark.parametrize("name", SETS)


@WIDTHS
@CASES
def test_slopes_hold_any_answers(name: str, width: float) -> None:
    slopes = [Slope(label, (cell(label, count), cell(label, count)), "+ 2 points") for label, count in SETS[name]]
    held(draw_slopes(slopes, ["2024", "2026"], BRAND, width, synthetic=True))


@WIDTHS
def test_slopes_of_several_waves_skip_what_was_not_offered(width: float) -> None:
    slopes = [
        Slope("Un", (cell("Un", 10), None, cell("Un", 20))),
        Slope("Deux", (None, cell("Deux", 5), cell("Deux", 9))),
    ]
    sheet = draw_slopes(slopes, ["2022", "2024", "2026"], BRAND, width, synthetic=False)
    held(sheet)
    assert "–" in [mark.text for mark in sheet.marks if isinstance(mark, Words)]


@WIDTHS
@CASES
def test_intervals_hold_any_answers(name: str, width: float) -> None:
    cells = [cell(label, count, low=0.0, high=1.0) for label, count in SETS[name]]
    held(draw_intervals(cells, BRAND, width, head="Intervalle à 95 %", synthetic=True))


@WIDTHS
@CASES
@pytest.mark.parametrize(
    "series", [["2024", "2026"], ["Membre", LONG], ["Un groupe", "Un autre", "Encore un"], list("abcd")]
)
def test_dots_hold_any_answers_and_groups(name: str, series: list[str], width: float) -> None:
    rows = [Row(label, tuple(cell(label, count) for _ in series)) for label, count in SETS[name]]
    sheet = draw_dots(rows, series, BRAND, width, synthetic=True)
    held(sheet)
    shown = [count for _, count in SETS[name] if count]
    words = [mark for mark in sheet.marks if isinstance(mark, Words)]
    for count in shown:
        told = sum(word.text == f"({count} sur 50)" for word in words)
        assert told == len(series) * shown.count(count)
    scales = [mark.extent for mark in sheet.marks if isinstance(mark, Outline) and mark.edge == BRAND["track"]]
    assert max(right - left for left, _, right, _ in scales) >= 100


@WIDTHS
@pytest.mark.parametrize("answers", [4, 5])
def test_the_parting_line_crosses_no_number(answers: int, width: float) -> None:
    counts = (10, 9, 13, 8, 10)[:answers]
    cells = tuple(cell(f"Réponse {i}", count, sum(counts)) for i, count in enumerate(counts))
    sheet = draw_stacks(
        [Stack("Oui", sum(counts), cells)], BRAND.diverging[:answers], BRAND, width, middle=answers / 2, synthetic=False
    )
    held(sheet)
    lines = [m.extent for m in sheet.marks if isinstance(m, Outline) and m.edge == BRAND["foreground"]]
    assert len(lines) == 1 + answers % 2
    for left, top, right, bottom in lines:
        for word in (mark for mark in sheet.marks if isinstance(mark, Words)):
            a, b, c, d = word.extent
            assert right < a or c < left or bottom < b or d < top, word.text


@WIDTHS
@CASES
def test_panels_hold_any_answers(name: str, width: float) -> None:
    cells = tuple(cell(label, count) for label, count in SETS[name])
    panels = [Panel(f"Groupe {i}", 50, cells) for i in range(4)]
    held(draw_multiples(panels, cells, BRAND, width, synthetic=True))


@WIDTHS
@pytest.mark.parametrize("label", ["Oui", LONG])
@pytest.mark.parametrize("bases", [(34, 30), (500, 30, 30, 30), (60,)])
def test_mosaics_and_counts_hold_any_groups(width: float, label: str, bases: tuple[int, ...]) -> None:
    groups = [
        Stack(f"{label} {i}", base, (cell("Une part", base // 3, base), cell("Le reste", base - base // 3, base)))
        for i, base in enumerate(bases)
    ]
    for draw in (draw_mosaic, draw_counts):
        held(draw(groups, list(BRAND.categories[:2]), BRAND, width, synthetic=True))


@WIDTHS
@pytest.mark.parametrize("quartiles", [(0.0, 0.0, 0.0), (3.0, 6.0, 12.0), (9.0, 9.0, 9.1), (0.01, 0.02, 950.0)])
def test_quartiles_hold_any_numbers(width: float, quartiles: tuple[float, float, float]) -> None:
    held(draw_quartiles(quartiles, BRAND, width, unit="coopérations", synthetic=True))


@WIDTHS
@pytest.mark.parametrize("count", [0, 1, 1234, None])
def test_map_holds_every_region(width: float, count: int | None) -> None:
    cells = {region.code: cell(region.name, count, 9999) for region in REGIONS}
    held(draw_tiles(cells, BRAND, width, unit="Structures répondantes", beside=["Autre : 3"], synthetic=True))
    held(draw_tiles({"11": cells["11"]}, BRAND, width, unit="Structures répondantes", synthetic=False))


def test_tiles_are_apart_and_each_says_its_count() -> None:
    assert len({(region.column, region.row) for region in REGIONS}) == len(REGIONS) == 18
    cells = {region.code: cell(region.name, i, 200) for i, region in enumerate(REGIONS)}
    texts = [m.text for m in draw_tiles(cells, BRAND, WIDE, unit="x", synthetic=False).marks if isinstance(m, Words)]
    assert {str(i) for i in range(18)} <= set(texts)


def test_classes_cover_every_count_once() -> None:
    assert classes([0, 0]) == []
    assert classes([1, 3]) == [(1, 1), (2, 2), (3, 3)]
    assert classes([20]) == [(1, 5), (6, 10), (11, 15), (16, 20)]
    for most in range(1, 400):
        found = classes([most])
        assert len(found) <= 4
        assert sum(low <= most <= high for low, high in found) == 1


def test_regions_are_known_by_name_and_others_are_named() -> None:
    found = placed("B2", [Option(code="idf", label="ILE DE FRANCE"), Option(code="autre", label="Autre", other=True)])
    assert list(found) == ["11"]
    with pytest.raises(SyntheseError, match=r"no French region: '01 – Ain' \(01\)"):
        placed("B3", [Option(code="01", label="01 – Ain")])
    with pytest.raises(SyntheseError, match="are Bretagne: a and b"):
        placed("B2", [Option(code="a", label="Bretagne"), Option(code="b", label="bretagne")])


def test_spread_moves_labels_as_little_as_it_can() -> None:
    assert spread([10, 50], [10, 10], 0, 100) == [10, 50]
    assert spread([50, 50], [10, 10], 0, 100) == [45, 55]
    assert spread([0, 0], [10, 10], 0, 100) == [5, 15]


def test_unfit_charts_are_refused_with_those_that_fit(second) -> None:
    with pytest.raises(SyntheseError, match="cannot be drawn as 'pie' → leave `chart` out, or one of bars, map"):
        question_figure(second, "fig-x", "F1", chart="pie")
    with pytest.raises(SyntheseError, match="'intervals'"):
        question_figure(second, "fig-x", "F1", chart="intervals")
    with pytest.raises(SyntheseError, match="one of dots, multiples"):
        cross_figure(second, "fig-x", "F1", "B7", chart="mosaic")
    with pytest.raises(SyntheseError, match="no French region"):
        question_figure(second, "fig-x", "F1", chart="map")


def test_each_chart_says_what_it_is(second) -> None:
    assert cross_figure(second, "fig-x", "D1", "B7", chart="mosaic").artefact.alt.startswith("Mosaïque")
    assert cross_figure(second, "fig-x", "D1", "B7").artefact.alt.startswith("Barres empilées à 100")
    assert cross_figure(second, "fig-x", "F1", "B7", chart="multiples").artefact.alt.startswith("Barres, un cadre")
    assert question_figure(second, "fig-x", "B7").artefact.alt.startswith("Barres empilées")
    assert question_figure(study.first_wave(), "fig-x", "B6").artefact.alt.startswith("Barre des quartiles")
    made = evolution_figure(second, "fig-x", "F1", ["2024"], subtitle="De quoi ?").artefact
    assert made.alt.startswith("Pentes")
    assert "46 sur 54) en 2024" in made.alt
    assert made.subtitle == "De quoi ?"
    again = evolution_figure(study.second_wave(), "fig-x", "F1", "2024", subtitle="De quoi ?").artefact
    assert dict(made.payloads) == dict(again.payloads)


def test_broken_series_draws_no_line(second) -> None:
    made = evolution_figure(second, "fig-x", "D3", "2024").artefact
    assert made.text is not None
    assert "la question a été reformulée en 2026" in made.text
    assert not made.payloads


def test_probability_waves_have_dots_and_intervals() -> None:
    rows = [
        row | {"ci_low": 0.75, "ci_high": 0.92, "confidence": 0.95} if row["statistic"] == "share" else row
        for row in study.shares("F1", {"echange_pairs": 46}, 54)
    ]
    sampled = study.released(rows, study.wave_settings(design="probability", population=900))
    made = question_figure(sampled, "fig-x", "F1").artefact
    assert made.alt.startswith("Points et intervalles")
    assert "75\u00a0% –\u00a092\u00a0%" in made.alt
    assert question_figure(study.released(rows), "fig-x", "F1").artefact.alt.startswith("Diagramme en barres")


def _both(made) -> list[str]:
    return [made.payloads[name].decode("utf-8") for name in ("image/svg+xml", NARROW_SVG)]


def test_three_waves_have_a_point_each_and_their_ends_in_numbers() -> None:
    earlier = [study.first_wave(wave="2022"), study.first_wave(wave="2024")]
    rows = study.shares("F1", *study.F1_2026, asked=118)
    for wave in ("2022", "2024"):
        rows += study.differences("F1", study.F1_2024, study.F1_2026, wave)
    last = study.released(rows, study.wave_settings("2026"), earlier=earlier)
    made = evolution_figure(last, "fig-x", "F1", ["2022", "2024"]).artefact
    assert made.caption.endswith("de 2022 à 2026 (n = 54, 54 et 116)")
    for svg in _both(made):
        circles = re.findall(r'<circle[^>]* cx="([\d.]+)" cy="([\d.]+)"', svg)
        assert len(circles) == 15
        assert len({x for x, _ in circles}) == 3
        assert all(f">{wave}</text>" in svg for wave in ("2022", "2024", "2026"))
        told = Counter(re.findall(r"(\d+)\u00a0%", svg))
        ends = [(n, 54) for n in study.F1_2024[0].values()] + [(n, 116) for n in study.F1_2026[0].values()]
        assert told == _percentages(ends)


def _percentages(shares) -> Counter:
    return Counter(str((200 * count + base) // (2 * base)) for count, base in shares)


def _of(*groups) -> list[tuple[int, int]]:
    return [(count, base) for counts, base in groups for count in counts.values()]


MEMBERS = ({"generaliste": 49, "thematique": 12, "les_deux": 17}, 78), ({"a": 17, "b": 10, "c": 13}, 40)
NEEDS = ({"a": 70, "b": 38, "c": 30, "d": 40, "e": 5}, 77), ({"a": 29, "b": 20, "c": 19, "d": 21, "e": 4}, 39)


@pytest.mark.parametrize(
    ("draw", "shares"),
    [
        (lambda first, _: question_figure(first, "fig-x", "F1"), _of(study.F1_2024)),
        (lambda first, _: question_figure(first, "fig-x", "E2"), _of(study.E2)),
        (lambda first, _: grid_figure(first, "fig-x", [f"F2.{row}" for row in study.F2]), _of(*study.F2.values())),
        (lambda _, second: cross_figure(second, "fig-x", "D1", "B7", chart="stacked"), _of(*MEMBERS)),
        (lambda _, second: cross_figure(second, "fig-x", "D1", "B7", chart="mosaic"), _of(*MEMBERS)),
        (lambda _, second: cross_figure(second, "fig-x", "F1", "B7", chart="dots"), [*_of(*NEEDS), (1, 1)]),
        (lambda _, second: cross_figure(second, "fig-x", "F1", "B7", chart="multiples"), _of(*NEEDS)),
        (
            lambda _, second: evolution_figure(second, "fig-x", "F1", "2024"),
            _of(study.F1_2024, study.F1_2026),
        ),
    ],
)
def test_the_numbers_drawn_are_the_estimates(second, draw, shares) -> None:
    for svg in _both(draw(study.first_wave(), second).artefact):
        assert Counter(re.findall(r"(\d+)\u00a0%", svg)) == _percentages(shares)
        assert len(svg.encode()) <= 10_000
