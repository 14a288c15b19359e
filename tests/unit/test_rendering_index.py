"""The index over all rendered waves: what it names, what it leads to, the same bytes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from synthese.rendering.index import write_index
from synthese.study import Study, open_study

SAMPLE = Path(__file__).parents[1] / "rendering" / "data" / "etude"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    shutil.copytree(SAMPLE, tmp_path / "etude")
    study = open_study(tmp_path / "etude")
    output = study.output("2026")
    output.mkdir(parents=True)
    (output / "synthese.html").write_bytes(b"x" * 1_440_000)
    (output / "annexe-05-publication.html").write_bytes(b"x" * 2_400)
    return study


def test_index_names_files_with_kind_and_size_and_leads_to_each(study: Study) -> None:
    path = write_index(study)
    page = path.read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"#]+)">', page)
    assert links == ["2026/synthese.html", "2026/annexe-05-publication.html"]
    assert all((path.parent / link).is_file() for link in links)
    assert "page web, 1,4\u00a0Mo" in page
    assert "page web, 2\u00a0ko" in page
    assert "PDF" not in page


def test_index_has_nothing_of_a_wave_that_was_not_rendered(study: Study) -> None:
    shutil.rmtree(study.output("2026"))
    page = write_index(study).read_text(encoding="utf-8")
    assert "Aucune vague" in page
    assert 'class="vague"' not in page


def test_index_is_the_same_bytes_twice_and_loads_nothing(study: Study) -> None:
    first = write_index(study).read_bytes()
    assert write_index(study).read_bytes() == first
    assert not re.search(rb"<(?:link|script|img)\b|https?://", first)


def test_index_lists_a_wave_that_has_its_pdf_only(study: Study) -> None:
    output = study.output("2026")
    (output / "synthese.html").rename(output / "synthese.pdf")
    page = write_index(study).read_text(encoding="utf-8")
    assert '<a href="2026/synthese.pdf">Télécharger la synthèse' in page
    assert "2026/synthese.html" not in page


def test_index_names_who_was_invited_as_the_study_does(study: Study) -> None:
    settings = study.root / "data" / "raw" / "2026" / "wave.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\ninvited: 1160\n", encoding="utf-8")
    counts = study.processed("2026") / "counts.json"
    counts.write_text('{"kept": 118, "received": 121}', encoding="utf-8")
    told = open_study(study.root)
    unit = told.settings.unit
    page = write_index(told).read_text(encoding="utf-8")
    assert f"1\u202f160 {unit.plural} invité" in page.replace("\u00a0", " ").replace("1 160", "1\u202f160")
