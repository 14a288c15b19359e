from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from lxml import html as parser
from PIL import Image

from synthese import rendering
from synthese.errors import SyntheseError
from synthese.files import sha256
from synthese.study import Study

MakeStudy = Callable[..., Study]
NB, NNB = "\u00a0", "\u202f"


def page(study: Study) -> parser.HtmlElement:
    rendered = rendering.render(study, "2026", engine="pandoc", formats=("html",))
    return parser.document_fromstring(rendered.files["html"].read_text(encoding="utf-8"))


def words(element: parser.HtmlElement) -> str:
    return re.sub(r"[ \n]+", " ", element.text_content()).strip(" ")


def failure(study: Study, formats: tuple[str, ...] = ("html",)) -> SyntheseError:
    with pytest.raises(SyntheseError) as caught:
        rendering.render(study, "2026", engine="pandoc", formats=formats)
    return caught.value


@pytest.fixture
def tree(make_study: MakeStudy) -> parser.HtmlElement:
    return page(make_study())


def test_page_has_landmarks_title_language_and_skip_link(tree: parser.HtmlElement) -> None:
    assert tree.get("lang") == "fr"
    assert tree.findtext("head/title").startswith("L’accompagnement des coopérations territoriales")
    assert len(tree.xpath("//main[@id='contenu']")) == 1
    assert len(tree.xpath("//body/header//h1")) == 1
    assert tree.xpath("//nav[@aria-labelledby]//a[@href='#glossaire']")
    assert tree.xpath("//a[@class='evitement']/@href") == ["#contenu"]


def test_synthetic_data_are_called_so_on_the_page(tree: parser.HtmlElement) -> None:
    assert "Données synthétiques" in tree.findtext("head/title")
    assert "Données synthétiques" in words(tree.xpath("//p[@role='note']")[0])


def test_figure_carries_number_title_alternative_notes_and_data(tree: parser.HtmlElement) -> None:
    figure = tree.xpath("//figure[@id='fig-modalites']")[0]
    assert words(figure.find(".//figcaption")) == (
        f"Figure{NB}1{NB}: La mise en réseau est la modalité d’accompagnement la plus citée (n{NB}={NB}116)"
    )
    image = figure.find(".//img")
    assert image.get("alt").startswith(f"Barres horizontales{NB}: mise en réseau 74{NB}%")
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    notes = tree.xpath("//div[@data-artefact='fig-modalites']/div[@class='note-lines']/p")
    assert [words(line).split(NB)[0] for line in notes] == ["Lecture", "Champ", "Note", "Source"]
    link = tree.xpath("//div[@data-artefact='fig-modalites']//a[@download]")[0]
    assert link.get("download") == "fig-modalites-2026.csv"
    assert link.get("href") == "figures/fig-modalites.csv"


def test_data_of_a_figure_can_be_read_as_a_table(make_study: MakeStudy) -> None:
    study = make_study(report='## Titre\n\n::: {artefact="fig-modalites"}\n:::\n')
    manifest = study.processed("2026") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["artefacts"]["fig-modalites"]["files"] += content["artefacts"]["tbl-approche-structure"]["files"]
    manifest.write_text(json.dumps(content), encoding="utf-8")
    details = page(study).xpath("//details[@class='donnees']")[0]
    assert words(details.find("summary")) == "Voir les données en tableau"
    assert len(details.xpath(".//tbody/tr")) == 5


def test_narrow_layout_is_a_second_picture_of_the_page_only(make_study: MakeStudy) -> None:
    study = make_study(report='## Titre\n\n::: {artefact="fig-modalites"}\n:::\n')
    manifest = study.processed("2026") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    files = content["artefacts"]["fig-modalites"]["files"]
    wide = next(file for file in files if file["media_type"] == "image/svg+xml")
    files.append({**wide, "media_type": "image/svg+xml;layout=narrow"})
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert page(study).xpath("//figure//img/@class") == ["image-large", "image-etroite"]
    rendered = rendering.render(study, "2026", engine="pandoc", formats=("pdf",))
    with pikepdf.open(rendered.files["pdf"]) as document:
        tagged = [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]
    assert len(tagged) == 1


HOSTILE = "</script><b onclick='x'>\\ $x$ ]]> {{< meta x >}} `a`"


def test_number_is_a_button_whose_popover_tells_where_it_comes_from(make_study: MakeStudy) -> None:
    text = '## T\n\n[]{artefact="val-x"} puis []{artefact="val-x"}.\n'
    study = make_study(report=text)
    manifest = study.processed("2026") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    source = {"definition": HOSTILE, "field": "Répondants", "method": "Part", "question": "F1", "option": None}
    source |= {"statistic": "share", "wave": "2026", "by": None, "group": None, "universe": None}
    source |= {"reference_wave": None, "count": 99, "base": 116}
    parts = [{"text": "Soit ", "source": None}, {"text": "85 %", "source": 0}, {"text": " !", "source": None}]
    sentence = {"id": "val-x", "kind": "value", "text": "Soit 85 % !", "status": "released"}
    content["artefacts"]["val-x"] = sentence | {"files": [], "parts": parts, "sources": [source]}
    manifest.write_text(json.dumps(content), encoding="utf-8")
    tree = page(study)
    buttons = tree.xpath("//button[@class='nombre']")
    assert [(words(button), button.get("popovertarget")) for button in buttons] == [(f"85{NB}%", "prov-1")] * 2
    (told,) = tree.xpath("//section[@id='provenance']/div[@popover]")
    assert (told.get("id"), told.get("role")) == ("prov-1", "dialog")
    terms = dict(zip(map(words, told.xpath(".//dt")), map(words, told.xpath(".//dd")), strict=True))
    assert terms["Définition"] == HOSTILE
    assert terms["Effectif"].replace(NB, " ") == "99 sur 116"
    assert terms["Cellule"] == "estimates.parquet, vague 2026, question F1, statistique share"


def test_table_has_headers_with_scope_in_a_box_that_scrolls(tree: parser.HtmlElement) -> None:
    box = tree.xpath("//figure[@id='tbl-approche-structure']//div[@role='group']")[0]
    assert box.get("tabindex") == "0"
    assert box.get("aria-label").endswith(f"(n{NB}={NB}118)")
    assert [cell.get("scope") for cell in box.xpath(".//thead/tr[1]/th")] == ["col", "colgroup", "col"]
    assert [words(cell) for cell in box.xpath(".//thead/tr[2]/th")] == ["Généraliste", "Thématique ou les deux"]
    assert box.xpath(".//thead/tr[1]/th[2]/@colspan") == ["2"]
    assert box.xpath(".//tbody/tr/th/@scope") == ["row"] * 5
    assert [words(cell) for cell in box.xpath(".//tbody/tr[1]/td")] == ["21", "9", "30"]


def test_withheld_artefact_is_its_line_under_its_title(tree: parser.HtmlElement) -> None:
    figure = tree.xpath("//figure[@id='tbl-croisement-fin']")[0]
    assert words(figure) == (
        f"Tableau{NB}2{NB}: Accompagnement par région et type de structure "
        f"Croisement non diffusé{NB}: effectifs trop faibles"
    )


def test_references_are_links_with_the_number_of_what_they_name(tree: parser.HtmlElement) -> None:
    links = {link.get("href"): words(link) for link in tree.xpath("//a[@class='renvoi']")}
    assert links == {"#fig-modalites": f"Figure{NB}1", "#tbl-approche-structure": f"Tableau{NB}1"}


def test_text_gets_french_typography(tree: parser.HtmlElement) -> None:
    text = words(tree.find(".//main"))
    assert f"reçu 118 réponses{NNB}; comme" in text
    assert f"Qu’en retenir{NNB}? Tout{NB}: «{NB}oui{NB}», «{NB}peut-être{NB}» et 12{NNB}500 autres" in text
    assert f"56{NB}% (66{NB}sur{NB}118)" in text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Voir <https://exemple.fr/a?b=c:d;e> et `a ; b`.", "Voir https://exemple.fr/a?b=c:d;e et a ; b."),
        ("À 10:30, 85% : *mot*; (1,5 %)", f"À 10:30, 85{NB}%{NB}: mot{NNB}; (1,5{NB}%)"),
        ('«oui» et "l\'un"!', f"«{NB}oui{NB}» et «{NB}l’un{NB}»{NNB}!"),
        (f"déjà{NB}: fait{NNB}; ici", f"déjà{NB}: fait{NNB}; ici"),
        ("répondant⋅es de 2024, 118 sur 200 ?", f"répondant·es de 2024, 118{NB}sur{NB}200{NNB}?"),
        ("le n° 3 en 2024 118 fois", f"le n°{NB}3 en 2024 118 fois"),
        ("**Gras** : **fin** ! [lien](#x)?!", f"Gras{NB}: fin{NNB}! lien{NNB}?!"),
    ],
)
def test_typography(make_study: MakeStudy, source: str, shown: str) -> None:
    tree = page(make_study(report=f"## Titre {{#x}}\n\n{source}\n"))
    assert words(tree.xpath("//main//p")[0]) == shown


def test_a_sentence_that_looks_like_a_list_stays_a_sentence(make_study: MakeStudy) -> None:
    tree = page(make_study(report='## Titre\n\n::: {artefact="phr-compte"}\n:::\n'))
    assert words(tree.xpath("//main//p")[0]) == f"46. sur 54{NB}: un texte qui n’est pas une liste."


def test_plain_text_of_a_caption_is_not_read_as_markdown(make_study: MakeStudy) -> None:
    study = make_study(report='## Titre\n\n::: {artefact="fig-modalites"}\n:::\n')
    manifest = study.processed("2026") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    title = "1. *Part* <b>de</b> `x` [lien](u) $y$ @fig-z ~a~ \\n {.c} {{< meta a >}}"
    content["artefacts"]["fig-modalites"]["caption"] = title
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert words(page(study).find(".//figcaption")) == f"Figure{NB}1{NB}: {title}"


def test_conditional_content_and_meta_and_include(tree: parser.HtmlElement) -> None:
    text = words(tree.find(".//main"))
    assert "Ceci ne se lit que sur la page." in text
    assert f"contacter{NB}: chargé·e de projets collectifs, Chantiers coopératifs." in text
    assert tree.xpath("//div[@class='chiffre-cle']//strong")[0].text_content() == f"85{NB}%"


OWN = """## Titre

Voir @fig-carte, @tbl-tri et [-@fig-carte].

| A | B |
|---|--:|
| x | 1 |

![Une carte](image.png){#fig-carte fig-alt="Carte de France"}

![Sans numéro](image.png){fig-alt="Autre carte"}

| A | B |
|---|--:|
| x | 1 |

: Un tri {#tbl-tri}
"""


def test_own_figures_and_tables_of_the_author(make_study: MakeStudy) -> None:
    study = make_study(report=OWN)
    Image.new("RGB", (8, 8), "teal").save(study.root / "report" / "image.png")
    tree = page(study)
    assert [words(line) for line in tree.xpath("//figcaption")] == [
        f"Figure{NB}1{NB}: Une carte",
        "Sans numéro",
        f"Tableau{NB}1{NB}: Un tri",
    ]
    assert tree.xpath("//img/@alt") == ["Carte de France", "Autre carte"]
    assert words(tree.xpath("//main//p")[0]) == f"Voir Figure{NB}1, Tableau{NB}1 et 1."
    rendered = rendering.render(study, "2026", engine="pandoc", formats=("pdf", "docx"))
    with pikepdf.open(rendered.files["pdf"]) as document:
        alternatives = [
            str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert sorted(alternatives) == ["Autre carte", "Carte de France"]


def test_page_loads_nothing(make_study: MakeStudy) -> None:
    rendered = rendering.render(make_study(), "2026", engine="pandoc", formats=("html",))
    source = rendered.files["html"].read_text(encoding="utf-8")
    tree = parser.document_fromstring(source)
    assert tree.xpath("//script[@src]|//iframe|//link[@href]") == []
    assert [src for src in tree.xpath("//@src") if not src.startswith("data:")] == []
    assert set(re.findall(r"url\(\W?(\w+):", source)) == {"data"}
    assert source.count("@font-face") == 5


@pytest.mark.parametrize("output", ["html", "pdf"])
def test_unknown_artefact_stops_and_names_near_ids(make_study: MakeStudy, output: str) -> None:
    error = failure(make_study(report='## Titre\n\nOn lit []{artefact="val-echanges-pair"}.\n'), (output,))
    assert error.code == "unknown-artefact"
    assert '"val-echanges-pair"' in str(error)
    assert "near ids: val-echange-pairs" in str(error)
    assert "report/synthese.qmd" in str(error)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("## T\n\nVoir @fig-modalite.", "unknown-reference", '"@fig-modalite"'),
        ("## T\n\nVoir [@dupont2020].", "unknown-reference", "nor a bibliography"),
        ('## T\n\n[]{artefact="fig-modalites"}', "not-inline", "write it as a block"),
        ('## T\n\n::: {artefact="fig-modalites"}\nTexte\n:::', "not-empty", "fig-modalites"),
        ("## T\n\n![](x.png)", "no-alt", "x.png"),
        ("# T\n\nTexte", "heading-level", 'begin at "##"'),
        ("## T\n\n```{python}\n1\n```", "code-cell", "computes nothing"),
        ("## T\n\n{{< include absent.qmd >}}", "missing-file", "report/absent.qmd"),
        ("## T\n\n{{< include synthese.qmd >}}", "circular-include", "row 3"),
        ("## T\n\n{{< video x >}}", "shortcode", "'video'"),
        ("## T\n\n{{< meta contact.nom >}}", "unknown-meta", "'contact.nom'"),
        (
            '## T\n\n::: {artefact="fig-modalites"}\n:::\n\n::: {artefact="fig-modalites"}\n:::',
            "same-id-twice",
            "fig-modalites",
        ),
    ],
)
def test_fault_of_the_report_stops_with_its_words(make_study: MakeStudy, text: str, code: str, said: str) -> None:
    error = failure(make_study(report=text + "\n"))
    assert error.code == code
    assert said in str(error)


def test_changed_and_missing_files_are_all_told(make_study: MakeStudy) -> None:
    study = make_study()
    artefacts = study.processed("2026") / "artefacts"
    (artefacts / "fig-modalites.svg").write_text("<svg/>", encoding="utf-8")
    (artefacts / "tbl-approche-structure.json").unlink()
    error = failure(study)
    assert [fault.code for fault in error.faults] == ["changed-artefact", "missing-artefact"]
    assert "synthese run --wave 2026" in str(error)


@pytest.mark.parametrize(
    ("name", "change", "code", "said"),
    [
        ("fig-modalites", {"alt": ""}, "no-words", "a figure has no alt"),
        ("tbl-approche-structure", {"caption": ""}, "no-words", "a table has no caption"),
        ("fig-modalites", {"files": []}, "no-file", "media type image/svg+xml"),
        ("val-n", {"text": None}, "no-text", "artefacts.val-n"),
        ("tbl-croisement-fin", {"text": ""}, "no-text", "artefacts.tbl-croisement-fin"),
    ],
)
def test_incomplete_artefact_is_told(
    make_study: MakeStudy, name: str, change: dict[str, object], code: str, said: str
) -> None:
    study = make_study()
    manifest = study.processed("2026") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["artefacts"][name].update(change)
    manifest.write_text(json.dumps(content), encoding="utf-8")
    error = failure(study)
    assert error.code == code
    assert said in str(error)


def test_a_second_brand_changes_page_and_pdf(make_study: MakeStudy) -> None:
    plain = rendering.render(make_study("un"), "2026", engine="pandoc")
    study = make_study("deux")
    (study.root / "_brand.yml").write_text('color: {primary: "#5b1a4a", secondary: "#0a5c36"}\n', encoding="utf-8")
    other = rendering.render(study, "2026", engine="pandoc")
    assert "--accent: #5b1a4a;" in other.files["html"].read_text(encoding="utf-8")
    assert "--accent: #5b1a4a;" not in plain.files["html"].read_text(encoding="utf-8")
    with pikepdf.open(other.files["pdf"]) as document:
        fills = [op for op in pikepdf.parse_content_stream(document.pages[0]) if str(op.operator) in ("rg", "scn")]
    assert any([round(float(value) * 255) for value in op.operands[:3]] == [0x5B, 0x1A, 0x4A] for op in fills)


def test_no_manifest(make_study: MakeStudy) -> None:
    study = make_study()
    (study.processed("2026") / "manifest.json").unlink()
    error = failure(study)
    assert error.code == "no-manifest"
    assert "data/processed/2026/manifest.json" in str(error)


def test_failed_render_leaves_earlier_output_whole(make_study: MakeStudy) -> None:
    study = make_study()
    first = rendering.render(study, "2026", engine="pandoc")
    before = {name: sha256(path) for name, path in first.files.items()}
    (study.root / "report" / "synthese.qmd").write_text('## T\n\n[]{artefact="val-x"}\n', encoding="utf-8")
    failure(study, ("html", "pdf"))
    assert {name: sha256(path) for name, path in first.files.items()} == before
    assert list((study.root / ".staging").glob("render-*")) == []
    assert sorted(path.name for path in study.output("2026").iterdir()) == ["figures", "synthese.html", "synthese.pdf"]


def test_same_bytes_in_another_folder_at_another_time(make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    formats = ("html", "pdf", "docx")
    one = rendering.render(make_study("un"), "2026", engine="pandoc", formats=formats)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "C")
    time.sleep(1.1)  # outputs that carried the clock's seconds would differ
    two = rendering.render(make_study("deux"), "2026", engine="pandoc", formats=formats)
    assert {name: sha256(path) for name, path in one.files.items()} == {
        name: sha256(path) for name, path in two.files.items()
    }


def test_docx_has_pictures_with_alternatives_and_real_tables(make_study: MakeStudy) -> None:
    rendered = rendering.render(make_study(), "2026", engine="pandoc", formats=("docx",))
    with zipfile.ZipFile(rendered.files["docx"]) as archive:
        document = archive.read("word/document.xml").decode("utf-8")
        assert any(name.endswith(".png") for name in archive.namelist())
    assert f"Barres horizontales{NB}: mise en réseau" in document
    assert document.count("<w:tbl>") == 1
    assert "<w:tblHeader" in document
    assert document.index("Données synthétiques") < document.index("Initiée fin 2023")
    assert f"Figure{NB}1{NB}:" in document


def test_unknown_format_and_steps(make_study: MakeStudy) -> None:
    study = make_study()
    with pytest.raises(SyntheseError, match=r"no format epub.*html, pdf, docx"):
        rendering.render(study, "2026", formats=("html", "epub"))
    heard: list[str] = []
    rendering.render(study, "2026", engine="pandoc", listener=lambda event: heard.append(event.detail))
    assert heard == ["manifest and metadata", "html, pdf by pandoc and Typst", "checks"]
