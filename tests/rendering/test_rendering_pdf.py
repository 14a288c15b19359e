from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from lxml import html as parser

from synthese import rendering
from synthese.errors import SyntheseError
from synthese.study import Study, open_study

NB = "\u00a0"


@pytest.fixture(scope="module")
def pdf(sample: Path) -> Iterator[pikepdf.Pdf]:
    rendered = rendering.render(open_study(sample), "2026", engine="pandoc", formats=("pdf",))
    with pikepdf.open(rendered.files["pdf"]) as document:
        yield document


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Walk the tag tree, depth first."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def tags(pdf: pikepdf.Pdf, name: str) -> list[pikepdf.Dictionary]:
    return [element for element in elements(pdf.Root.StructTreeRoot.K) if name == element.S]


def test_document_says_title_language_and_standards(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang).startswith("fr")
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"].startswith("L’accompagnement des coopérations")
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260228120000")


def test_figure_has_alternative_text(pdf: pikepdf.Pdf) -> None:
    alternatives = [str(figure.Alt) for figure in tags(pdf, "/Figure") if "/Alt" in figure]
    assert len(alternatives) == len(tags(pdf, "/Figure")) == 1
    assert alternatives[0].startswith(f"Barres horizontales{NB}: mise en réseau 74{NB}%")


def test_table_has_header_cells_in_a_head_that_repeats(pdf: pikepdf.Pdf) -> None:
    (table,) = tags(pdf, "/Table")
    inside = list(elements(table.K))
    assert sum(element.S == "/TH" for element in inside) == 5
    assert sum(element.S == "/TD" for element in inside) == 20
    assert [element.S for element in inside if element.S in ("/THead", "/TBody")] == ["/THead", "/TBody"]


def test_headings_and_bookmarks(pdf: pikepdf.Pdf) -> None:
    assert len(tags(pdf, "/H1")) == 5
    assert len(tags(pdf, "/H2")) == 2
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == [
        "À retenir",
        "Un besoin d’échange entre pairs",
        "Un accompagnement généraliste",
        "Cinq pistes d’action",
        "Glossaire",
    ]


def test_fonts_are_embedded_and_ours(pdf: pikepdf.Pdf) -> None:
    names = set()
    for page in pdf.pages:
        for font in page.Resources.Font.values():
            descendant = font.DescendantFonts[0]
            assert any(key in descendant.FontDescriptor for key in ("/FontFile2", "/FontFile3"))
            names.add(str(font.BaseFont).split("+")[1].split("-")[0])
    assert names == {"SourceSans3", "SourceSerif4"}


def glyphs(font: pikepdf.Dictionary) -> dict[int, str]:
    """Read a font's ToUnicode map: two-byte codes to text."""
    table: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return table


def page_text(page: pikepdf.Page, *, running: bool = True) -> str:
    """Read a page's text in the order it is drawn; ``running=False`` leaves heads, feet and rules out."""
    fonts = {name: glyphs(font) for name, font in page.Resources.Font.items()}
    table: dict[int, str] = {}
    out = []
    marked: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BDC", "BMC"):
            marked.append(str(operands[0]))
        elif str(operator) == "EMC":
            marked.pop()
        elif str(operator) == "Tf":
            table = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ") and (running or "/Artifact" not in marked):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    data = bytes(part)
                    out += [table.get(int.from_bytes(data[i : i + 2], "big"), "") for i in range(0, len(data), 2)]
    return "".join(out)


def test_every_page_says_that_data_are_synthetic(pdf: pikepdf.Pdf) -> None:
    texts = [page_text(page) for page in pdf.pages]
    assert len(texts) == 3
    assert all("Données synthétiques" in text for text in texts)
    assert all("L’accompagnement des coopérations" in text for text in texts)
    assert [f"{number}/3" in text.replace(" ", "") for number, text in enumerate(texts, 1)] == [True] * 3


def test_page_and_pdf_say_the_same(sample: Path) -> None:
    rendered = rendering.render(open_study(sample), "2026", engine="pandoc")
    with pikepdf.open(rendered.files["pdf"]) as document:
        printed = re.sub(r"\s", "", "".join(page_text(page, running=False) for page in document.pages))
    tree = parser.document_fromstring(rendered.files["html"].read_text(encoding="utf-8"))
    for element in tree.xpath("//div[@class='telechargements'] | //a[@class='footnote-back']"):
        element.drop_tree()
    for mark in tree.xpath("//sup"):
        mark.text = "|"  # the PDF draws marks of footnotes after their line
    names = ("p", "li", "h2", "h3", "th", "td", "figcaption", "dt", "dd")
    said = [
        re.sub(r"\s", "", part)
        for item in tree.xpath(f"//main//*[{' or '.join(f'self::{name}' for name in names)}]")
        for part in item.text_content().split("|")
    ]
    assert len(said) > 60
    assert [text for text in said if text not in printed] == ["Cecineselitquesurlapage."]


def test_unreachable_standard_stops_the_build(make_study: Callable[..., Study]) -> None:
    study = make_study(report="## Titre\n\n#### Trop bas\n\nTexte\n")
    with pytest.raises(SyntheseError, match=r"PDF/UA-1 error.*report/synthese|report/synthese.*PDF/UA-1 error"):
        rendering.render(study, "2026", engine="pandoc", formats=("pdf",))
