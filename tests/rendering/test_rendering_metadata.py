from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from synthese import rendering
from synthese.errors import SyntheseError
from synthese.files import read_yaml
from synthese.rendering import assets, brand, fonts, outputs
from synthese.rendering.embedded import stamp
from synthese.rendering.metadata import as_yaml, escaped, literal
from synthese.study import Study, open_study

MakeStudy = Callable[..., Study]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1. *n*", "`1. *n*`"),
        ("a `b` c", "``a `b` c``"),
        ("`b`", "`` `b` ``"),
        ("un\n  deux\u00a0: trois ", "`un deux\u00a0: trois`"),
    ],
)
def test_literal(text: str, span: str) -> None:
    assert literal(text) == span


@pytest.mark.parametrize(
    ("text", "safe"),
    [("1. Bilan", "1\\. Bilan"), ("a_b [c]", "a\\_b \\[c\\]"), ("l'an @x", "l'an \\@x"), ("2024", "2024")],
)
def test_escaped(text: str, safe: str) -> None:
    assert escaped(text) == safe


def test_current_file_is_yaml_and_holds_the_wave(make_study: MakeStudy) -> None:
    study = make_study()
    path = rendering.write_current(study, "2026")
    assert path == study.root / "report" / "_current.yml"
    data = read_yaml(path).data
    assert data == rendering.metadata(study, "2026")
    assert data["title"] == "L’accompagnement des coopérations territoriales\u00a0: enjeux et défis"
    assert data["date"] == "2026-02-28"
    assert data["periode"] == "du 12 janvier au 28 février 2026"
    assert data["donnees-synthetiques"] == "Données synthétiques"
    assert data["artefacts"]["fig-modalites"]["image"] == "`../data/processed/2026/artefacts/fig-modalites.svg`"
    assert data["artefacts"]["tbl-croisement-fin"]["withheld"] is True
    assert (study.root / "report" / "_current" / "theme.css").is_file()


def test_a_drafted_wave_is_a_draft_without_dates_until_they_are_known(make_study: MakeStudy) -> None:
    study = make_study()
    path = study.raw("2026") / "wave.yml"
    text = path.read_text(encoding="utf-8")
    assert "filigrane" not in rendering.metadata(study, "2026")
    path.write_text(
        text.replace("field:", "status: brouillon\nfield:", 1).replace("end:", "known: false, end:", 1),
        encoding="utf-8",
    )
    data = rendering.metadata(open_study(study.root), "2026")
    assert data["brouillon"] == data["filigrane"]
    assert data["periode"] == "dates à préciser"
    assert "date" not in data
    assert stamp(data) == stamp({"date": "1980-01-01"})
    assert data["citer"].endswith(", s. d.")


def test_metadata_hold_no_empty_text(make_study: MakeStudy) -> None:
    # Quarto takes "" for the path of the project.
    def empty(value: object) -> bool:
        if isinstance(value, dict):
            return any(empty(item) for item in value.values())
        if isinstance(value, list):
            return any(empty(item) for item in value)
        return value in ("", "``", None)

    study = make_study()
    table = study.processed("2026") / "artefacts" / "tbl-approche-structure.json"
    content = json.loads(table.read_text(encoding="utf-8"))
    content["body"][0][1]["text"] = ""
    table.write_text(json.dumps(content), encoding="utf-8")
    manifest = study.processed("2026") / "manifest.json"
    from synthese.files import sha256

    listed = json.loads(manifest.read_text(encoding="utf-8"))
    listed["artefacts"]["tbl-approche-structure"]["files"][0]["sha256"] = sha256(table)
    manifest.write_text(json.dumps(listed), encoding="utf-8")
    assert not empty(rendering.metadata(study, "2026"))


def test_a_real_wave_is_not_called_synthetic(make_study: MakeStudy) -> None:
    study = make_study()
    file = study.raw("2026") / "wave.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("synthetic: true", "synthetic: false"), encoding="utf-8")
    from synthese.study import open_study

    data = rendering.metadata(open_study(study.root), "2026")
    assert "donnees-synthetiques" not in data


def test_yaml_is_sorted_and_json_quoted() -> None:
    assert as_yaml({"b": "x: #y", "a": {"c": ["é", {"d": True}]}}) == (
        '# Written by synthese; do not edit.\na:\n  c: ["é", {"d": true}]\nb: "x: #y"\n'
    )


def test_brand_changes_colours_of_page_and_pdf(tmp_path: Path) -> None:
    file = tmp_path / "_brand.yml"
    file.write_text(
        'color:\n  palette: {prune: "#5b1a4a", rouille: "#a03"}\n  primary: prune\n  secondary: rouille\n'
        "typography:\n  base: {family: Source Serif 4}\n",
        encoding="utf-8",
    )
    theme = brand.read_theme(file)
    assert (theme.accent, theme.second) == ("#5b1a4a", "#aa0033")
    assert theme.text_family == theme.title_family == "Source Serif 4"
    assert brand.typst(theme)["accent"] == "5b1a4a"
    assert "--accent: #5b1a4a;" in brand.css(theme)
    night = brand.dark(theme)
    for colour in (night.accent, night.accent_text, night.second, night.ink, night.grey):
        assert brand.contrast(colour, night.ground) >= 4.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("color: {primary: azur}", "the colour 'primary' is 'azur' → give it as #rrggbb, or as the name"),
        ('color: {primary: "#ffee88"}', "#ffee88 on #ffffff, has a contrast under 4.5"),
        ("typography: {base: Comic Sans}", "cannot be set in 'Comic Sans' → one of Source Sans 3"),
    ],
)
def test_brand_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "_brand.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SyntheseError, match=said):
        brand.read_theme(tmp_path / "_brand.yml")


def test_fonts_have_what_french_needs(sample: Path) -> None:
    from fontTools.ttLib import TTFont

    for face in fonts.faces(brand.read_theme(assets.asset(sample, "_brand.yml"))):
        font = TTFont(sample / "report" / "_current" / "fonts" / f"{face.stem}.ttf")
        assert set(map(ord, "éÉœŒ«»’·⋅…–—€\u00a0\u202f")) <= set(font.getBestCmap())
        assert font["name"].getDebugName(1) == face.family
        assert font["OS/2"].usWeightClass == face.weight


def test_study_has_its_own_template_or_the_package(tmp_path: Path) -> None:
    name = "report/filters/artefacts.lua"
    assert assets.asset(tmp_path, name) != tmp_path / name
    (tmp_path / "report" / "filters").mkdir(parents=True)
    (tmp_path / name).write_text("return {}", encoding="utf-8")
    assert assets.asset(tmp_path, name) == tmp_path / name
    with pytest.raises(SyntheseError, match=r"report/filters/absent.lua.*missing-asset"):
        assets.asset(tmp_path, "report/filters/absent.lua")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>voir ?@fig-x</p>", "'?@fig-x'"),
        ("<p>?meta:contact</p>", "'?meta:contact'"),
        ("<p>{{< video x >}}</p>", "{{< video x >}}"),
        ('<p><span data-artefact="val-x"></span></p>', "'val-x' was not put in"),
        ('<img alt="" src="https://exemple.fr/a.png">', "would load 'https://exemple.fr/a.png'"),
        ('<link rel="stylesheet" href="a.css">', "would load 'a.css'"),
        ("<style>@font-face { src: url(//exemple.fr/a.woff) }</style>", "//exemple.fr/a.woff"),
    ],
)
def test_page_with_something_wrong(body: str, said: str) -> None:
    page = f'<!DOCTYPE html><html lang="fr"><body>{body}</body></html>'
    with pytest.raises(SyntheseError, match=r"synthese\.html") as caught:
        outputs.check({"html": page.encode()}, None)
    assert said in str(caught.value)


def test_page_in_order() -> None:
    page = (
        '<html lang="fr"><body><a href="https://exemple.fr">x</a><img alt="" src="data:image/svg+xml;base64,AA">'
        '<span class="artefact-value" data-artefact="val-x">1</span><code>?@fig</code></body></html>'
    )
    outputs.check({"html": page.encode(), "pdf": b"%PDF-1.7"}, "= Titre")
    with pytest.raises(SyntheseError, match=r"\?@fig-x.*synthese.pdf|synthese.pdf.*\?@fig-x"):
        outputs.check({"pdf": b"%PDF-1.7"}, "voir ?@fig-x")
