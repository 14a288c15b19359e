"""Figures show released numbers only, say when they are synthetic, and keep their bytes."""

from __future__ import annotations

import json
import re
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import pytest

from synthese.codebook import Option
from synthese.editorial import (
    Brand,
    cross_figure,
    evolution_figure,
    grid_figure,
    question_figure,
    read_brand,
)
from synthese.editorial.brand import LEAST_DIFFERENCE, font, shades
from synthese.editorial.figures.bars import draw_bars
from synthese.editorial.figures.canvas import MARK, NARROW, WIDE, Sheet, ink_on
from synthese.editorial.figures.drawing import Words
from synthese.editorial.figures.stacked import Stack, draw_stacks
from synthese.editorial.piece import NARROW_SVG, TABLE
from synthese.editorial.reading import Cell, one_way, ordered
from synthese.editorial.vision import BLINDNESS, lightness, simulated
from synthese.errors import SyntheseError
from synthese.identity.colours import contrast

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)


@pytest.fixture(scope="module")
def first():
    return study.first_wave()


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


@pytest.fixture
def written(monkeypatch):
    """Every line of text put on a wide sheet."""
    lines: list[str] = []
    real = Sheet.text

    def spy(self, x, y, text, **style):
        if not self.narrow:
            lines.append(text)
        return real(self, x, y, text, **style)

    monkeypatch.setattr(Sheet, "text", spy)
    return lines


def test_bars_are_sorted_and_labelled_in_full(first, written) -> None:
    made = question_figure(first, "fig-besoins", "F1").artefact
    order = [text for text in written if text in {"Échange entre pairs", "Formation", "Financement", "Autre"}]
    assert order == ["Échange entre pairs", "Formation", "Financement", "Autre"]
    assert "Outils et ressources partagées entre accompagnateur·rices de terrain" in " ".join(written)
    assert "85\u00a0%" in written
    assert "(46 sur 54)" in written
    assert made.caption == "Besoins de renforcement (n = 54)"
    assert "Formation\u00a0: 57\u00a0% (31 sur 54)" in made.alt


def test_synthetic_data_are_marked_in_the_picture_and_in_words(first, written) -> None:
    made = question_figure(first, "fig-besoins", "F1").artefact
    assert MARK in written
    assert made.alt.endswith("Données synthétiques.")
    written.clear()
    real = question_figure(study.first_wave(synthetic=False), "fig-besoins", "F1").artefact
    assert MARK not in written
    assert "ynthétiques" not in real.alt + "".join(real.notes)


def test_evolution_is_marked_when_one_wave_is_synthetic(second, written) -> None:
    evolution_figure(second, "fig-evolution", "F1", "2024")
    assert MARK in written
    assert written[:2] == ["2024", "2026"]


def test_same_numbers_same_bytes(first) -> None:
    one = question_figure(first, "fig-besoins", "F1").artefact.payloads
    two = question_figure(study.first_wave(), "fig-besoins", "F1").artefact.payloads
    assert dict(one) == dict(two)
    svg = one["image/svg+xml"].decode("utf-8")
    assert 'font-family="Source Sans 3, sans-serif"' in svg
    assert ">Échange entre pairs</text>" in svg
    assert len(svg.encode()) <= 10_000
    assert not re.search(r" id=|<style|<metadata|<defs|<\?xml|url\(", svg)


def test_width_is_the_column_of_the_page(first) -> None:
    svg = question_figure(first, "fig-besoins", "F1").artefact.payloads["image/svg+xml"].decode("utf-8")
    assert 'width="468pt"' in svg
    cells = ordered(one_way(first, "F1"))
    narrow = draw_bars(cells, read_brand(), NARROW, synthetic=True).svg().decode("utf-8")
    assert 'width="228pt"' in narrow


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_is_cut_off(first, width: float, monkeypatch) -> None:
    edges: list[tuple[float, float]] = []
    real = Sheet.text

    def spy(self, x, y, text, **style):
        taken = real(self, x, y, text, **style)
        start = {"left": x, "right": x - taken, "center": x - taken / 2}[style.get("side", "left")]
        edges.append((start, start + taken))
        return taken

    monkeypatch.setattr(Sheet, "text", spy)
    draw_bars(ordered(one_way(first, "F1")), read_brand(), width, synthetic=True)
    assert min(left for left, _ in edges) >= 0
    assert max(right for _, right in edges) <= width + 0.01


def test_scales_are_one_bar_with_percentage_and_count(first, written) -> None:
    made = question_figure(first, "fig-suffisance", "E2").artefact
    assert written[:4] == ["Pas du tout", "Plutôt pas", "Plutôt", "Tout à fait"]
    assert "34\u00a0%" in written
    assert "(17)" in written
    assert made.caption == "Financement suffisant (n = 50)"
    assert "Note\u00a0: effectifs entre parenthèses." in made.notes


def test_grid_says_each_base(first, written) -> None:
    made = grid_figure(first, "fig-difficultes", ["F2.temps_long", "F2.elus", "F2.posture"]).artefact
    assert "n\u00a0=\u00a052" in written
    assert made.caption == "Difficultés rencontrées (n = 50 à 52)"
    assert made.notes[1].endswith("», n = 50 à 52.")


def test_grid_wants_one_scale(first) -> None:
    with pytest.raises(SyntheseError, match="do not have the same answers"):
        grid_figure(first, "fig-x", ["F2.elus", "D1"])


def test_cross_shows_groups_large_enough_only(second, written) -> None:
    made = cross_figure(second, "fig-approche", "D1", "B7").artefact
    assert made.status == "released"
    assert "n\u00a0=\u00a040" in written


def test_small_groups_are_named_or_leave_the_figure_to_a_table() -> None:
    def crossed(non: int):
        groups = {
            "oui": ({"generaliste": 48, "thematique": 12, "les_deux": 10}, 70),
            "non": ({"generaliste": non - 16, "thematique": 9, "les_deux": 7}, non),
        }
        rows = study.shares("D1", {"generaliste": 32 + non, "thematique": 21, "les_deux": 17}, 70 + non)
        rows += study.shares("B7", {"oui": 70, "non": non}, 70 + non)
        return study.released(rows + study.crossed("D1", "B7", groups))

    assert cross_figure(crossed(30), "fig-approche", "D1", "B7").artefact.text is None
    assert cross_figure(crossed(29), "fig-approche", "D1", "B7").artefact.text == (
        "Figure non présentée\u00a0: effectifs des groupes trop faibles pour comparer des pourcentages."
    )


def test_multiple_response_by_groups_is_dots(second) -> None:
    made = cross_figure(second, "fig-besoins-reseau", "F1", "B7").artefact
    assert made.alt.startswith("Points, ")
    assert "Non membre, Échange entre pairs\u00a0: 74\u00a0% (29 sur 39)" in made.alt


def test_figure_of_hidden_numbers_is_a_line() -> None:
    hidden = study.released(study.shares("F1", {"echange_pairs": 46, "formation": 2, "outils": 1}, 54))
    made = question_figure(hidden, "fig-besoins", "F1").artefact
    assert made.text == "Résultat non diffusé\u00a0: effectifs trop faibles."
    assert "46" not in made.alt + "".join(made.notes)


def test_drawing_leaves_no_global_state(first) -> None:
    before = dict(mpl.rcParams)
    question_figure(first, "fig-besoins", "F1")
    assert dict(mpl.rcParams) == before
    import sys

    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_unknown_character_is_named() -> None:
    sheet = Sheet(WIDE, read_brand())
    with pytest.raises(SyntheseError, match=r"no glyph for '漢' \(U\+6F22\)"):
        sheet.text(0, 0, "漢")


@pytest.mark.parametrize(
    ("label", "short", "told"),
    [("🙂 Oui", "Oui", "Oui"), ("Oui,\nbien sûr", "Oui", "Oui,\nbien sûr"), ("🙂 Oui", None, "🙂 Oui")],
)
def test_a_short_text_stands_for_a_label_that_cannot_be_drawn(label, short, told) -> None:
    option = Option(code="oui", label=label, short=short)
    cell = Cell(option, None, 5, 10, 10, 10, 0.5, None, None, None, weighted=False, status="released")
    assert cell.label == told


def test_a_line_end_in_a_label_is_a_space() -> None:
    sheet = Sheet(WIDE, read_brand())
    label = "À suivre,\navec\r\nles\tpartenaires"
    assert sheet.text(0, 10, label) == sheet.measure("À suivre, avec les partenaires") == sheet.measure(label)
    assert sheet.wrap(label, 1000) == ["À suivre, avec les partenaires"]


def test_dollar_signs_are_no_formula() -> None:
    sheet = Sheet(WIDE, read_brand())
    sheet.text(0, 10, "5 $ et 6 $")
    sheet.finish(20, synthetic=False)
    assert ">5 $ et 6 $</text>" in sheet.svg().decode("utf-8")
    assert sheet.measure("5 $ et 6 $") > sheet.measure("5 $ et 6 ")


def test_fonts_are_weighed() -> None:
    sheet = Sheet(WIDE, read_brand())
    assert sheet.measure("85 %", style="semibold") > sheet.measure("85 %")
    assert font("Source Sans 3").get_file() != font("Source Sans 3", "semibold").get_file()


def test_brand_colours_differ_in_lightness() -> None:
    brand = read_brand()

    def grey(code: str) -> float:
        return sum(int(code[i : i + 2], 16) * w for i, w in ((1, 0.299), (3, 0.587), (5, 0.114)))

    for series in (brand.diverging, brand.sequential):
        shades = sorted(grey(colour) for colour in series)
        assert min(b - a for a, b in pairwise(shades)) > 12
    neighbours = pairwise(brand.categories)
    assert min(abs(grey(a) - grey(b)) for a, b in neighbours) > 30
    assert ink_on(brand["primary"], brand) == brand["background"]
    assert ink_on(brand.sequential[0], brand) == brand["foreground"]


def test_brand_faults_name_the_place(tmp_path) -> None:
    (tmp_path / "_brand.yml").write_text("color:\n  palette:\n    encre: noir\n  foreground: encre\n", "utf-8")
    with pytest.raises(SyntheseError, match="the colour 'foreground' is 'noir' → give it as #rrggbb"):
        read_brand(tmp_path)
    source = (read_brand_file()).replace(
        "family: Source Sans 3\n    line-height", "family: Comic Sans\n    line-height"
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "_brand.yml").write_text(source, "utf-8")
    with pytest.raises(SyntheseError, match="cannot be set in 'Comic Sans' → one of Source Sans 3"):
        read_brand(tmp_path / "b")


def read_brand_file() -> str:
    return (Path(__file__).parents[2] / "_brand.yml").read_text("utf-8")


def test_another_brand_is_used(first) -> None:
    usual = read_brand()
    other = Brand(
        {**usual.colours, "primary": "#000000"}, usual.diverging, usual.sequential, usual.categories, usual.family
    )
    svg = question_figure(first, "fig-besoins", "F1", brand=other).artefact.payloads["image/svg+xml"].decode("utf-8")
    assert usual["primary"] not in svg


def test_long_scales_get_blended_colours() -> None:
    series = read_brand().sequential
    assert shades(series, 2) == [series[0], series[-1]]
    assert shades(series, 1) == [series[0]]
    eleven = shades(series, 11)
    assert len(set(eleven)) == 11
    assert eleven[0] == series[0]
    assert eleven[-1] == series[-1]


def test_interval_is_drawn_for_a_probability_sample_only(written, monkeypatch) -> None:
    rules: list[float] = []
    real = Sheet.rule

    def spy(self, x0, y0, x1, y1, colour, **style):
        if not self.narrow:
            rules.append(x1)
        return real(self, x0, y0, x1, y1, colour, **style)

    monkeypatch.setattr(Sheet, "rule", spy)
    rows = [
        row | {"ci_low": 0.75, "ci_high": 0.92, "confidence": 0.95} if row["statistic"] == "share" else row
        for row in study.shares("F1", {"echange_pairs": 46}, 54)
    ]
    question_figure(study.released(rows), "fig-x", "F1")
    assert len(rules) == 1
    rules.clear()
    question_figure(study.released(rows, study.wave_settings(design="probability", population=900)), "fig-x", "F1")
    assert len(rules) == 7  # track, interval and its ends, three lines of the scale


def test_narrow_layout_and_table_come_with_every_figure(first) -> None:
    payloads = question_figure(first, "fig-besoins", "F1").artefact.payloads
    assert 'width="228pt"' in payloads[NARROW_SVG].decode("utf-8")
    assert 'width="468pt"' in payloads["image/svg+xml"].decode("utf-8")
    table = json.loads(payloads[TABLE])
    assert [box["text"] for box in table["head"][0]] == ["Réponse", "Structures répondantes"]
    assert [box["text"] for box in table["body"][0]] == ["Échange entre pairs", "85\u00a0% (46 sur 54)"]


def test_fills_that_may_touch_differ_for_every_sight_and_numbers_can_be_read_on_them(tmp_path) -> None:
    brand = read_brand()
    for one, other in brand.touching():
        for seen in (str, *(partial(simulated, blindness=kind) for kind in BLINDNESS)):
            assert abs(lightness(seen(one)) - lightness(seen(other))) >= LEAST_DIFFERENCE, (one.name, other.name, seen)
    assert all(contrast(ink_on(fill, brand), fill) >= 4.5 for fill in brand.fills())
    source = read_brand_file().replace(brand.categories[1], brand.categories[2])
    (tmp_path / "_brand.yml").write_text(source, "utf-8")
    with pytest.raises(SyntheseError, match=r"category-2 .* and category-3 .* look alike") as told:
        read_brand(tmp_path)
    assert "darker, or the other lighter" in str(told.value)
    (tmp_path / "_brand.yml").write_text(read_brand_file().replace(brand.categories[2], "#7d8f98"), "utf-8")
    with pytest.raises(SyntheseError, match="no number can be read on category-3"):
        read_brand(tmp_path)


def test_simulated_sight_confuses_what_it_should() -> None:
    red, green = simulated("#ff0000", "protanopia"), simulated("#00ff00", "protanopia")
    assert red == "#6d5f00"
    assert green.startswith("#ff")
    assert simulated("#ffffff", "deuteranopia") == "#ffffff"
    assert lightness("#777777") == pytest.approx(50.03, abs=0.01)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", ["bars", "stacks"])
def test_long_labels_and_thin_segments_stay_on_the_sheet_and_apart(kind: str, width: float) -> None:
    long = "Outils et ressources partagées entre accompagnateur·rices de terrain, " * 2 + "anticonstitutionnel" * 4
    assert len(long) > 200

    def cells(*counts: int) -> tuple[Cell, ...]:
        base = sum(counts)
        return tuple(
            Cell(
                Option(code=f"o{i}", label=long if i == 1 else "Oui"),
                None,
                n,
                base,
                base,
                base,
                n / base,
                base,
                None,
                None,
                weighted=False,
                status="released",
            )
            for i, n in enumerate(counts)
        )

    brand = read_brand()
    if kind == "bars":
        sheet = draw_bars(cells(30, 1, 4), brand, width, synthetic=True)
    else:
        stacks = [Stack(long, 98, cells(2, 1, 5, 50, 40)), Stack("Court", 45, cells(1, 1, 1, 1, 41))]
        sheet = draw_stacks(stacks, brand.diverging, brand, width, middle=2.5, synthetic=True)
        told = [mark.text for mark in sheet.marks if isinstance(mark, Words)]
        assert sum("2\u00a0%" in text for text in told) == 5
    for left, top, right, bottom in (mark.extent for mark in sheet.marks):
        assert -0.01 <= left <= right <= width + 0.01
        assert 0 <= top <= bottom <= sheet.height
    words = [mark for mark in sheet.marks if isinstance(mark, Words)]
    assert min(word.size for word in words) >= 8.5
    for one, other in combinations((word.extent for word in words), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.3 or other[3] <= one[1] + 0.3
        assert apart, (one, other)
