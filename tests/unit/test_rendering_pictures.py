"""What a reader downloads has its words with it, and is the same whenever it is made."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from synthese.editorial.brand import read_brand
from synthese.editorial.figures.canvas import WIDE, Sheet
from synthese.errors import SyntheseError
from synthese.rendering.manifest import Entry
from synthese.rendering.pictures import downloads
from synthese.rendering.report import prepare_theme

NOTES = ("Lecture\u00a0: 85\u00a0% des structures, dont 3.", "Source\u00a0: données synthétiques.")


@pytest.fixture(scope="module")
def theme(tmp_path_factory) -> Path:
    return prepare_theme(tmp_path_factory.mktemp("study"))


@pytest.fixture
def entry(tmp_path) -> Entry:
    sheet = Sheet(WIDE, read_brand())
    sheet.text(0, 10, "Échange entre pairs")
    sheet.finish(30, synthetic=True)
    (tmp_path / "x.svg").write_bytes(sheet.svg())
    (tmp_path / "x.csv").write_text("libelle,effectif\nFormation # 1,46\n", encoding="utf-8")
    fields = {"status": "released", "caption": "Besoins (n = 54)", "alt": "Barres", "notes": NOTES}
    return Entry("fig-x", "figure", {"image/svg+xml": tmp_path / "x.svg", "text/csv": tmp_path / "x.csv"}, fields)


def test_numbers_come_back_from_a_csv_that_has_its_notes(tmp_path, theme, entry) -> None:
    made = downloads(tmp_path, [entry], theme)["fig-x.csv"]
    frame = pd.read_csv(io.BytesIO(made), comment="#")
    assert frame.to_dict("records") == [{"libelle": "Formation # 1", "effectif": 46}]
    lines = made.decode("utf-8").splitlines()
    assert lines[-3:] == ["# Titre\u00a0: Besoins (n = 54)", *(f"# {line}" for line in NOTES)]


def test_pictures_are_stable_and_composed(tmp_path, theme, entry) -> None:
    other = replace(entry, id="fig-y", fields={**entry.fields, "notes": ()})
    one = downloads(tmp_path, [entry, other], theme)
    assert one == downloads(tmp_path, [entry, other], theme)
    assert list(one) == ["fig-x.csv", "fig-x.png", "fig-x.svg", "fig-y.csv", "fig-y.png", "fig-y.svg"]
    (width, high), (_, low) = (struct.unpack(">II", one[f"fig-{name}.png"][16:24]) for name in "xy")
    assert width == 1363  # 468 points and margins of 4 mm
    assert high > low + 40  # the note lines


def test_a_downloaded_drawing_needs_no_font_and_no_other_file(tmp_path, theme, entry) -> None:
    sheet = Sheet(WIDE, read_brand())
    sheet.box(10, 20, 30, 40, "#123456")
    sheet.polygon([(0, 0), (5, 0), (5, 5)], "#654321")
    sheet.rule(0, 70, 100, 70, "#abcdef", dashed=True)
    sheet.dot(200, 50, 4, filled=False, colour="#fedcba")
    for place in ("left", "center", "right"):
        sheet.text(234, 80, "iiii", side=place, colour="#00aa00", style="semibold")
    sheet.finish(90, synthetic=False)
    entry.files["image/svg+xml"].write_bytes(sheet.svg())
    svg = downloads(tmp_path, [entry], theme)["fig-x.svg"].decode("utf-8")
    for absent in ("<text", "<image", "font-family", "@font-face", "data:", "<foreignObject"):
        assert absent not in svg
    for colour in ("#123456", "#654321", "#abcdef", "#fedcba"):
        assert svg.count(colour) == 1
    assert svg.count("#00aa00") == 12  # a glyph each
    assert 'd="M 0 0v 40h 30v -40Z ' in svg
    assert 'stroke-dasharray="2 2"' in svg


def test_what_is_withheld_has_no_files(tmp_path, theme, entry) -> None:
    hidden = replace(entry, fields={**entry.fields, "status": "too_small"})
    assert downloads(tmp_path, [hidden], theme) == {}


def test_a_table_has_its_numbers_only(tmp_path, theme, entry) -> None:
    table = replace(entry, id="tbl-x", kind="table", files={"text/csv": entry.files["text/csv"]})
    assert list(downloads(tmp_path, [table], theme)) == ["tbl-x.csv"]


def test_a_drawing_that_is_none_is_told(tmp_path, theme, entry) -> None:
    entry.files["image/svg+xml"].write_text("<svg", encoding="utf-8")
    with pytest.raises(SyntheseError, match="Typst could not compose the figures"):
        downloads(tmp_path, [entry], theme)
