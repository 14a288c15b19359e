from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from lxml import html as parser

from synthese import rendering
from synthese.errors import SyntheseError
from synthese.rendering import tagging
from synthese.rendering.manifest import read_manifest
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


def cells(table: pikepdf.Object) -> list[list[tuple[str, str]]]:
    """Read a table's rows: of each cell its tag and the scope that it says."""
    found = []
    for row in (element for element in elements(table.K) if element.S == "/TR"):
        line = []
        for cell in row.K:
            (scope,) = [str(item.get("/Scope", "")) for item in cell.A if item.O == "/Table"] or [""]
            line.append((str(cell.S), scope))
        found.append(line)
    return found


def test_table_has_header_cells_in_a_head_that_repeats(pdf: pikepdf.Pdf) -> None:
    (table,) = tags(pdf, "/Table")
    rows = cells(table)
    body = [row for row in rows if ("/TD", "") in row]
    assert {cell for row in rows if row not in body for cell in row} == {("/TH", "/Column")}
    assert body == [[("/TH", "/Row"), *[("/TD", "")] * 3]] * 5
    assert [item.S for item in elements(table.K) if item.S in ("/THead", "/TBody")] == ["/THead", "/TBody"]


def test_cells_name_the_headers_of_their_row_and_column(pdf: pikepdf.Pdf) -> None:
    (table,) = tags(pdf, "/Table")
    names = pdf.Root.StructTreeRoot.IDTree.Names
    listed = {bytes(names[place]): names[place + 1] for place in range(0, len(names), 2)}
    assert list(listed) == sorted(listed)
    for cell in (element for element in elements(table.K) if element.S == "/TD"):
        (headers,) = [item.Headers for item in cell.A if item.O == "/Table"]
        scopes = [next(str(a.Scope) for a in listed[bytes(name)].A if a.O == "/Table") for name in headers]
        assert scopes[-1] == "/Row"
        assert set(scopes[:-1]) == {"/Column"}


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


def marked_text(page: pikepdf.Page) -> Iterator[tuple[list[str], int | None, str]]:
    """Read a page as it is drawn: the marks that a text stands in, its number in the tag tree, the text."""
    fonts = {name: glyphs(font) for name, font in page.Resources.Font.items()}
    table: dict[int, str] = {}
    marked: list[str] = []
    numbers: list[int | None] = [None]
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BDC", "BMC"):
            marked.append(str(operands[0]))
            own = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
            numbers.append(int(own["/MCID"]) if "/MCID" in own else numbers[-1])
        elif str(operator) == "EMC":
            marked.pop()
            numbers.pop()
        elif str(operator) == "Tf":
            table = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            codes = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
            pairs = [data[i : i + 2] for data in codes for i in range(0, len(data), 2)]
            yield marked, numbers[-1], "".join(table.get(int.from_bytes(pair, "big"), "") for pair in pairs)


def page_text(page: pikepdf.Page, *, running: bool = True) -> str:
    """Read a page's text in the order it is drawn; ``running=False`` leaves heads, feet and rules out."""
    return "".join(text for marks, _, text in marked_text(page) if running or "/Artifact" not in marks)


def spoken(pdf: pikepdf.Pdf) -> str:
    """Read the text in the order of the tag tree, which is how it is read aloud; without spaces."""
    texts: dict[tuple[tuple[int, int], int], str] = {}
    for page in pdf.pages:
        for marks, number, text in marked_text(page):
            if number is not None and "/Artifact" not in marks:
                key = (page.obj.objgen, number)
                texts[key] = texts.get(key, "") + text

    def walk(node: pikepdf.Object, page: pikepdf.Object | None) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child, page)
        elif isinstance(node, pikepdf.Dictionary):
            page = node.get("/Pg", page)
            if "/MCID" in node:
                yield texts.get((page.objgen, int(node.MCID)), "")
            elif "/K" in node:
                yield from walk(node.K, page)
        elif isinstance(node, int):
            yield texts.get((page.objgen, int(node)), "")

    return re.sub(r"\s", "", "".join(walk(pdf.Root.StructTreeRoot.K, None)))


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


WAVES = ("2024", "2026")


@pytest.fixture(scope="module", params=WAVES)
def real(request: pytest.FixtureRequest, built_study: Path) -> Iterator[tuple[Path, str, pikepdf.Pdf]]:
    with pikepdf.open(built_study / "report" / "_output" / request.param / "synthese.pdf") as document:
        yield built_study, request.param, document


def test_headings_of_the_study_go_down_one_by_one_and_are_bookmarks(real: tuple[Path, str, pikepdf.Pdf]) -> None:
    document = real[2]
    headings = [item for item in elements(document.Root.StructTreeRoot.K) if re.fullmatch(r"/H[1-6]", str(item.S))]
    levels = [int(str(item.S)[2]) for item in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))

    def told(items: list[pikepdf.OutlineItem], level: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield level, item.title
            yield from told(item.children, level + 1)

    with document.open_outline() as outline:
        assert list(told(outline.root, 1)) == list(zip(levels, (str(item.T) for item in headings), strict=True))


def test_figures_links_and_notes_of_the_study_are_told(real: tuple[Path, str, pikepdf.Pdf]) -> None:
    document = real[2]
    figures = tags(document, "/Figure")
    assert len(figures) >= 5
    assert all(len(str(figure.Alt)) > 40 for figure in figures)
    links = [note for page in document.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
    assert links
    assert all(str(link.Contents) for link in links)
    notes = tags(document, "/Note")
    assert notes
    assert len({bytes(note.ID) for note in notes}) == len(notes)
    for entry in tags(document, "/LI"):
        assert [str(child.S) for child in entry.K] == ["/Lbl", "/LBody"]


def test_tables_of_the_study_say_what_their_rows_are(real: tuple[Path, str, pikepdf.Pdf]) -> None:
    folder, wave, document = real
    text = (folder / "report" / "synthese.qmd").read_text(encoding="utf-8")
    shown = {entry.id: entry for entry in read_manifest(folder, wave) if entry.kind == "table" and not entry.withheld}
    named = [name for name in re.findall(r'artefact="(tbl-[^"]+)"', text) if name in shown]
    files = [shown[name].files["application/vnd.synthese.table+json"] for name in named]
    columns = [json.loads(file.read_text(encoding="utf-8")).get("row_headers", 0) for file in files]
    tables = tags(document, "/Table")
    assert len(tables) == len(columns) >= 3
    for table, count in zip(tables, columns, strict=True):
        assert any(item.S == "/Caption" for item in elements(table.P.P.K)) or "/Caption" in str(table.K[0].S)
        (head,) = [item for item in elements(table.K) if item.S == "/THead"]
        lines = sum(item.S == "/TR" for item in elements(head.K))
        rows = cells(table)
        assert all(cell == ("/TH", "/Column") for row in rows[:lines] for cell in row)
        assert all(row[:count] == [("/TH", "/Row")] * count for row in rows[lines:])
        assert all(tag == "/TD" for row in rows[lines:] for tag, _ in row[count:])


def test_study_is_read_aloud_in_the_order_of_its_page(real: tuple[Path, str, pikepdf.Pdf]) -> None:
    folder, wave, document = real
    aloud = spoken(document)
    page = (folder / "report" / "_output" / wave / "synthese.html").read_text(encoding="utf-8")
    tree = parser.document_fromstring(page)
    for mark in tree.xpath(
        "//main//sup | //main//details | //section[contains(@class, 'footnotes') or @id='provenance']"
        " | //section[.//section[@class='explorateur'] and h2]"  # only the page explores
    ):
        mark.drop_tree()
    said = [
        re.sub(r"\s", "", item.text_content())
        for item in tree.xpath("//main//h2 | //main//h3 | //main//li | //main//dt[not(ancestor::*[@popover])]")
    ]
    assert len(said) > 25
    place = 0
    for words in said:
        found = aloud.find(words, place)
        assert found >= 0, words
        place = found


def test_table_of_no_known_source_stops_the_build(make_study: Callable[..., Study]) -> None:
    raw = "```{=typst}\n#table(columns: 2, table.header[A][B], [1], [2])\n```\n"
    study = make_study(report=f"## Titre\n\n{raw}")
    with pytest.raises(SyntheseError, match="the PDF has 1 tables and its source tells of 0"):
        rendering.render(study, "2026", engine="pandoc", formats=("pdf",))


def test_mended_twice_from_the_same_inputs_gives_the_same_bytes(sample: Path) -> None:
    content = rendering.render(open_study(sample), "2026", engine="pandoc", formats=("pdf",)).files["pdf"].read_bytes()
    assert (
        content
        == rendering.render(open_study(sample), "2026", engine="pandoc", formats=("pdf",)).files["pdf"].read_bytes()
    )
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.check_pdf_syntax() == []


def test_cells_over_several_rows_head_them_all(make_study: Callable[..., Study]) -> None:
    table = "+---+---+\n| A | B |\n+===+===+\n| c | 1 |\n|   +---+\n|   | 2 |\n+---+---+\n"
    study = make_study(report=f"## Titre\n\n{table}")
    rendered = rendering.render(study, "2026", engine="pandoc", formats=("pdf",))
    told = tagging.mend(rendered.files["pdf"].read_bytes(), "/* en-tetes-de-ligne: 1 */\n")
    with pikepdf.open(io.BytesIO(told)) as document:
        (found,) = tags(document, "/Table")
        assert cells(found)[1:] == [[("/TH", "/Row"), ("/TD", "")], [("/TD", "")]]
        second = [item for item in elements(found.K) if item.S == "/TD"][1]
        (headers,) = [item.Headers for item in second.A if item.O == "/Table"]
        assert b"L1x0y0" in [bytes(name) for name in headers]
