"""Another ``_brand.yml``, its own font files and logo: all outputs follow, and nothing of the first brand is left."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest
from fontTools.ttLib import TTFont

from synthese import rendering
from synthese.editorial import read_brand
from synthese.editorial.figures.canvas import WIDE, Sheet
from synthese.errors import SyntheseError
from synthese.identity import read_brand_file, typefaces
from synthese.identity.colours import luminance
from synthese.rendering import brand, fonts
from synthese.study import Study

MakeStudy = Callable[..., Study]
FIRST = Path(__file__).parents[2] / "_brand.yml"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#6b1d5c"/></svg>'
SECOND = """
meta: {name: Prune}
color:
  palette: {prune: "#6b1d5c", mousse: "#2f6b2a", nuit: "#201a2b"}
  foreground: nuit
  background: "#ffffff"
  primary: prune
  secondary: mousse
typography:
  fonts:
    - family: Prunelle
      source: file
      files:
        - {path: polices/Prunelle.ttf, weight: "200..900", style: normal}
        - {path: polices/Prunelle-Italic.ttf, weight: "200..900", style: italic}
  base: Prunelle
  headings: {family: Prunelle, weight: 700, color: prune}
  link: {color: mousse}
logo:
  images: {carre: {path: marque/logo.svg, alt: "Logo de Prune"}}
  medium: carre
"""


def own_font(path: Path, *, italic: bool = False, drop: str = "", bits: int = 0) -> None:
    file = typefaces.installed("Source Sans 3").best(400, italic=italic)
    font = TTFont(file.path, recalcTimestamp=False)
    for number in (1, 3, 4, 6, 16):
        font["name"].setName("Prunelle", number, 3, 1, 0x409)
    for table in font["cmap"].tables:
        for sign in drop:
            table.cmap.pop(ord(sign), None)
    font["OS/2"].fsType = bits
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)


@pytest.fixture(scope="session")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("marque")
    own_font(root / "polices" / "Prunelle.ttf")
    own_font(root / "polices" / "Prunelle-Italic.ttf", italic=True)
    (root / "marque").mkdir()
    (root / "marque" / "logo.svg").write_text(LOGO, encoding="utf-8")
    (root / "_brand.yml").write_text(SECOND, encoding="utf-8")
    return root


def first_colours() -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}", FIRST.read_text("utf-8"))) - {"#ffffff"}


def dress(study: Study, dressed: Path) -> Study:
    import shutil

    shutil.copytree(dressed, study.root, dirs_exist_ok=True)
    return study


def test_page_pdf_and_document_follow_the_brand(make_study: MakeStudy, dressed: Path) -> None:
    study = dress(make_study(), dressed)
    made = rendering.render(study, "2026", engine="pandoc", formats=("html", "pdf", "docx")).files
    theme = brand.read_theme(study.root / "_brand.yml")
    sheet = (study.root / "report" / "_current" / "theme.css").read_text("utf-8")
    page = made["html"].read_text("utf-8")
    assert "--accent: #6b1d5c;" in page
    assert "--lien: #2f6b2a;" in page
    assert re.findall(r'font-family: "([^"]+)"', sheet) == ["Prunelle"] * 3
    assert not [colour for colour in first_colours() if colour in sheet]
    embedded = [TTFont(io.BytesIO(base64.b64decode(code))) for code in re.findall(r"font/woff2;base64,([^\"]+)", sheet)]
    assert {font["name"].getDebugName(1) for font in embedded} == {"Prunelle"}
    with pikepdf.open(made["pdf"]) as document:
        named = {
            str(item.BaseFont)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        }
        operators = [op for leaf in document.pages for op in pikepdf.parse_content_stream(leaf)]
    fills = {
        "#" + "".join(f"{round(float(value) * 255):02x}" for value in op.operands[:3])
        for op in operators
        if str(op.operator) in ("rg", "scn", "RG", "SCN") and len(op.operands) >= 3
    }
    assert {name.split("+")[-1].split("-")[0] for name in named} == {"Prunelle"}
    assert "#6b1d5c" in fills
    assert not fills & first_colours()
    word = docx.Document(made["docx"])
    with zipfile.ZipFile(made["docx"]) as package:
        styles = package.read("word/styles.xml").decode() + package.read("word/theme/theme1.xml").decode()
    assert 'w:ascii="Prunelle"' in styles
    assert "Source S" not in styles
    assert not [colour for colour in first_colours() if colour[1:] in styles.lower()]
    assert str(word.styles["Hyperlink"].font.color.rgb) == theme.link[1:].upper()
    descriptions = [node.get("descr") for node in word.element.iter() if node.tag.endswith("}docPr")]
    assert descriptions[0] == "Logo de Prune"


def test_figures_follow_the_brand(dressed: Path) -> None:
    look = read_brand(dressed)
    assert look.family == "Prunelle"
    assert not {look[role] for role in look.colours} & first_colours()
    assert not {*look.sequential, *look.diverging, *look.categories} & first_colours()
    assert sorted(look.sequential, key=luminance, reverse=True) == list(look.sequential)
    sheet = Sheet(WIDE, look)
    sheet.text(10, 10, "Cœur « net »", colour=look["primary"])
    drawn = sheet.svg().decode("utf-8")
    assert "Prunelle" in drawn
    assert "Source Sans" not in drawn
    assert "#6b1d5c" in drawn


def test_logo_goes_into_the_metadata(make_study: MakeStudy, dressed: Path) -> None:
    content = rendering.metadata(dress(make_study(), dressed), "2026")
    assert content["logo"].startswith("`data:image/svg+xml;base64,")
    assert content["logo-alt"] == "Logo de Prune"
    assert content["logo-fichier"] == "`/marque/logo.svg`{=typst}"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"drop": "œ«\u2026"}, "font-glyphs", "'Prunelle' has no glyph for œ U+0153, « U+00AB, … U+2026"),
        ({"drop": "\u202f\u2009\u00a0"}, "font-glyphs", "U+202F"),
        ({"bits": 0x2}, "font-licence", "does not let documents carry it"),
        ({"bits": 0x4}, "font-licence", "allows preview and print only"),
        ({"bits": 0x108}, "font-licence", "does not let a document carry a part of it"),
    ],
)
def test_font_that_may_not_or_cannot_set_the_report(
    tmp_path: Path, dressed: Path, change: dict[str, object], code: str, said: str
) -> None:
    import shutil

    shutil.copytree(dressed, tmp_path / "e")
    own_font(tmp_path / "e" / "polices" / "Prunelle.ttf", **change)
    with pytest.raises(SyntheseError) as caught:
        read_brand_file(tmp_path / "e" / "_brand.yml")
    assert [fault.code for fault in caught.value.faults] == [code]
    assert "polices/Prunelle.ttf" in str(caught.value)
    for words in said.split(", "):
        assert words in str(caught.value)


def test_signs_that_a_font_lacks_get_a_stand_in() -> None:
    font = TTFont(io.BytesIO(typefaces.installed("Source Sans 3").cut(400, italic=False)))
    names = font.getBestCmap()
    assert names[0x22C5] == names[0xB7]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("polices/Prunelle.ttf", "polices/Absente.ttf", "there is no font 'polices/Absente.ttf'"),
        ("polices/Prunelle.ttf", "../Prunelle.ttf", "is not in the study"),
        ("polices/Prunelle.ttf", "marque/logo.svg", "is no font"),
        ("marque/logo.svg", "../logo.svg", "the logo '../logo.svg' is not in the study"),
        (', alt: "Logo de Prune"', "", "the logo has no alternative text"),
        ("200..900", "gras", "'gras' is no weight of a font"),
        ("primary: prune", "primary: azur", "the colour 'primary' is 'azur'"),
    ],
)
def test_faults_of_a_brand_are_told(dressed: Path, old: str, new: str, said: str) -> None:
    file = dressed / f"faute-{len(old + new)}-{new[:3].strip('./,')}.yml"
    file.write_text(SECOND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SyntheseError) as caught:
        read_brand_file(file)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>1</script>", "holds <script>"),
        ('<rect onclick="a()"/>', "the script of 'onclick'"),
        ('<image href="https://exemple.fr/a.png"/>', "would load something from elsewhere"),
        ("<style>@import 'a.css'</style>", "would load something from elsewhere"),
        ("<p", "is no SVG picture"),
    ],
)
def test_logo_that_acts_is_refused(tmp_path: Path, inside: str, said: str) -> None:
    (tmp_path / "l.svg").write_text(LOGO.replace("<rect", f"{inside}<rect"), encoding="utf-8")
    (tmp_path / "_brand.yml").write_text("logo: {path: l.svg, alt: Logo}\n", encoding="utf-8")
    with pytest.raises(SyntheseError) as caught:
        read_brand_file(tmp_path / "_brand.yml")
    assert said in str(caught.value)


def test_woff2_is_the_same_each_time(dressed: Path) -> None:
    face = fonts.faces(brand.read_theme(dressed / "_brand.yml"))[0]
    plain = fonts._plain(face)
    assert fonts._packed(plain) == fonts._packed(plain)
    assert fonts._plain(face) == plain


def test_dark_colours_stand_out_from_a_dark_page() -> None:
    theme = brand.dark(brand.read_theme(FIRST))
    for shades in theme.series.values():
        for shade in shades:
            assert brand.contrast(shade, theme.paper) >= 3
    assert "--fig-diverging-5:" in brand.css(theme)
