from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from synthese import rendering
from synthese.rendering import docx_styles
from synthese.study import Study

MakeStudy = Callable[..., Study]
NB = "\u00a0"


def document(study: Study) -> Any:
    rendered = rendering.render(study, "2026", engine="pandoc", formats=("docx",))
    return docx.Document(io.BytesIO(rendered.files["docx"].read_bytes()))


@pytest.fixture
def made(make_study: MakeStudy) -> Any:
    return document(make_study())


def styled(made: Any, name: str) -> list[str]:
    return [p.text for p in made.paragraphs if p.style.name == name]


def test_every_style_of_a_passage_is_there_and_no_mark_stays(made: Any) -> None:
    names = {style.name for style in made.styles}
    lua = Path(__file__).parents[2] / "report" / "filters" / "docx.lua"
    classes = re.findall(r'"([a-z-]+)"', lua.read_text("utf-8").split("CLASSES = {")[1].split("}")[0])
    assert len(classes) == 20
    assert {f"Synthèse {name}" for name in classes} <= names
    used = {node.get(qn("w:val")) for node in made.element.iter(qn("w:pStyle"))}
    assert used <= {style.style_id for style in made.styles}
    assert not [name for name in used if name.startswith("synthese:")]
    assert set(map(docx_styles.style_name, docx_styles.LOOKS)) <= names


def test_headings_begin_at_the_first_level_and_the_title_is_none(made: Any) -> None:
    assert styled(made, "Title")[0].startswith("L’accompagnement des coopérations")
    assert "À retenir" in styled(made, "Heading 1")
    assert "Les dimensions de l’accompagnement" in styled(made, "Heading 2")


def test_a_box_holds_its_heading_and_its_list(made: Any) -> None:
    shaded = [p for p in made.paragraphs if p._p.pPr is not None and p._p.pPr.find(qn("w:shd")) is not None]
    texts = [p.text for p in shaded]
    assert texts[0] == "À retenir"
    assert "Zoom sur la Fabrique à initiatives" in texts
    listed = [p for p in shaded if p._p.pPr.numPr is not None]
    assert len(listed) == 3


def test_tables_are_real_with_repeated_headers_and_widths_that_fit(made: Any) -> None:
    table = made.tables[0]
    headers = [row for row in table._tbl.tr_lst if row.trPr.find(qn("w:tblHeader")) is not None]
    assert len(headers) == 2
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert sum(widths) <= (21 - 4.8) / 2.54 * 1440
    assert widths[0] > widths[-1]
    assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstColumn")) == "1"
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).startswith(f"Tableau{NB}1{NB}:")
    assert table.cell(2, 1).paragraphs[0].alignment is not None


def test_pictures_have_alternative_text(made: Any) -> None:
    told = [node.get("descr") for node in made.element.iter(qn("wp:docPr"))]
    assert len(told) == 1
    assert told[0].startswith(f"Barres horizontales{NB}: mise en réseau 74{NB}%")


def test_page_head_foot_and_properties(made: Any) -> None:
    section = made.sections[-1]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    head = section.header.paragraphs[0].text
    assert head.startswith("L’accompagnement")
    assert "Données synthétiques" in head
    codes = [node.text.strip() for node in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    core = made.core_properties
    assert core.title.startswith("L’accompagnement")
    assert core.language == "fr-FR"
    assert core.author
    assert "Données synthétiques" in core.keywords
    language = made.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "fr-FR"


def test_contents_are_a_field_filled_with_links_that_lead_somewhere(made: Any) -> None:
    codes = [node.text.strip() for node in made.element.iter(qn("w:instrText"))]
    assert codes[0].startswith("TOC ")
    names = {node.get(qn("w:name")) for node in made.element.iter(qn("w:bookmarkStart"))}
    anchors = [node.get(qn("w:anchor")) for node in made.element.iter(qn("w:hyperlink")) if node.get(qn("w:anchor"))]
    assert len(anchors) > 6
    assert set(anchors) <= names
    assert len(list(made.element.iter(qn("w:footnoteReference")))) == 1


def test_the_package_carries_no_metadata_file(make_study: MakeStudy) -> None:
    rendered = rendering.render(make_study(), "2026", engine="pandoc", formats=("docx",))
    with zipfile.ZipFile(rendered.files["docx"]) as package:
        assert "docProps/custom.xml" not in package.namelist()
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_same_bytes_in_another_folder_time_zone_and_locale(make_study: MakeStudy) -> None:
    made = []
    for name, zone, locale in (("un", "Pacific/Auckland", "C"), ("été", "America/Lima", "fr_FR.UTF-8")):
        study = make_study(name)
        program = (
            "import sys; from synthese.study import open_study; from synthese import rendering; "
            "rendering.render(open_study(sys.argv[1]), '2026', engine='pandoc', formats=('docx',))"
        )
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}
        subprocess.run([sys.executable, "-c", program, str(study.root)], check=True, env=environment)
        made.append((study.output("2026") / "synthese.docx").read_bytes())
    assert made[0] == made[1]


def test_a_table_in_a_passage_keeps_the_cells_that_head_its_rows(make_study: MakeStudy) -> None:
    inside = '::: {.methode}\n::: {artefact="tbl-approche-structure"}\n:::\n:::\n'
    made = document(make_study(report=f"---\nlang: fr\n---\n\n## Méthode\n\n{inside}"))
    (look,) = made.element.iter(qn("w:tblLook"))
    assert look.get(qn("w:firstColumn")) == "1"
