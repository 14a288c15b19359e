"""The lint of a study: which texts of which files, where exactly, and what the command says of them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthese.cli.commands import cli
from synthese.errors import SyntheseError
from synthese.files import write_text
from synthese.study import open_study
from synthese.study.linting import Finding, lint_sources

WAVE = """\
schema: 1
id: "2024"
title: "Vague 2024"
export: export.csv
tool: plain
field: {start: 2024-01-01, end: 2024-02-01}
channel: "Courriel"
design: self-selected
notes:
  - "Note."
"""
CODEBOOK = """\
schema: 1
title: "E"
questions:
  - {id: Q1, section: A, text: "Un ?", type: single, options: [{code: a, label: Oui}, {code: b, label: Non}]}
"""
STUDY = 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "étude"
    write_text(root / "study.yml", STUDY)
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    write_text(root / "data" / "raw" / "2024" / "wave.yml", WAVE)
    write_text(root / "report" / "synthese.qmd", "## Un titre\n\nUn texte.\n")
    return root


def found(root: Path, level: str = "wrong") -> list[tuple[str, int, int, str, str]]:
    return [(f.file, f.row, f.column, f.code, f.found) for f in lint_sources(open_study(root)) if f.level == level]


def in_report(root: Path, text: str, level: str = "wrong") -> list[tuple[int, int, str, str]]:
    write_text(root / "report" / "synthese.qmd", text)
    return [(row, column, code, what) for file, row, column, code, what in found(root, level) if file.endswith(".qmd")]


def test_a_correct_study_has_nothing_wrong(root: Path) -> None:
    assert found(root) == []


def test_places_in_the_report(root: Path) -> None:
    text = (
        '---\nlang: fr\ntitle: "Un sondage"\n---\n\n## Un sondage.\n\n'
        "Ici, 85 % des\nrépondant(e)s, et un « mot\nou deux » de\nde plus ?\n"
    )
    assert in_report(root, text) == [
        (3, 12, "sondage", "sondage"),
        (6, 7, "sondage", "sondage"),
        (6, 14, "heading-stop", "sondage."),
        (8, 6, "typed-percentage", "85 %"),
        (9, 1, "inclusive-form", "répondant(e)s"),
        (10, 11, "doubled-word", "de de"),
    ]
    assert in_report(root, text, "mended") == [
        (8, 8, "space", "85 %"),
        (9, 23, "space", "« mot"),
        (10, 8, "space", "deux »"),
        (11, 8, "space", "plus ?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```{=html}\nsondage\n```",
        "~~~\nsondage\n~~~",
        "````\n```\nsondage\n````",
        "- - -",
        "Voir @fig-sondage ici.",
        "Voir `sondage`.",
        '[]{artefact="sondage"}',
        "::: {.sondage}\nTexte.\n:::",
        "<!-- un sondage\nici -->",
        "{{< include sondage.qmd >}}",
        "[lien](https://a.org/sondage) et <https://a.org/sondage>",
        "[a poll - sondage...]{lang=en}",
        "::: {lang=en}\nA sondage.\n\n::: {.x}\nsondage\n:::\nsondage\n:::",
        "Soit $x, sondage$ ici.",
        "[nom]: sondage.html",
        "Un mot[^1].\n\n[^1]: Une note.",
        "Il y a eu [30 structures sur 30 territoires, 85 %]{.fait-cite}.",
        "L’annexe, annexe-05-publication.html, le dit.",
        "Base\n:   Nombre de structures.\n\nPAT\n:   Projet.",
        "| a | b |\n|---|--:|\n| c | - |",
        "1. Un.\n2. Deux.\n\n---\n\n- Trois.",
        "Deux espaces  en Markdown.",
    ],
)
def test_what_is_not_read_of_a_report(root: Path, text: str) -> None:
    assert in_report(root, f"{text}\n") == []
    after = in_report(root, f"{text}\n\nUn sondage.\n")
    assert [(row, column, code) for row, column, code, _ in after] == [(text.count("\n") + 3, 4, "sondage")]


def test_places_in_yaml_whatever_its_quoting(root: Path) -> None:
    write_text(
        root / "study.yml",
        "schema: 1\ntitle: Un sondage\n"
        'subtitle: "Un \\"mot\\" \\u00e0 dire d\\x27un sondage"\n'
        "banner: 'L''sondage'\n"
        'source: "Une ligne \\\n  sondage qui continue"\n'
        "publisher: >-\n  Des lignes\n  et un sondage\n"
        "funding: |\n  sondage\n  et des lignes\n"
        "cite_as: des lignes\n  et un sondage\n"
        "licence: sondage\nversion: sondage\n"
        'contact: {role: "R", organisation: &o "Un sondage", url: "https://a.org/sondage"}\n',
    )
    assert [(row, column) for _, row, column, code, _ in found(root) if code == "sondage"] == [
        (2, 11),
        (3, 43),
        (4, 13),
        (6, 3),
        (9, 9),
        (11, 3),
        (14, 9),
        (17, 43),
    ]
    text = (root / "study.yml").read_text(encoding="utf-8").split("\n")
    assert all(text[row - 1][column - 1 :].startswith("sondage") for _, row, column, code, _ in found(root))
    assert (3, 15, "straight-quotes") in [(row, column, code) for _, row, column, code, _ in found(root, "mended")]


def test_sentences_settings_and_waves_are_read(root: Path) -> None:
    phrases = "schema: 1\nphrases:\n  - id: txt-x\n    estimates: {de: {question: sondage}}\n"
    phrases += '    text: "{de.share} de de mots, et 85 % {de.verb:sonde|sondage}"\n    otherwise: "Un sondage"\n'
    write_text(root / "report" / "phrases.yml", phrases)
    write_text(
        root / "data" / "raw" / "2024" / "wave.yml",
        WAVE.replace("Vague 2024", "Vague 2024.").replace("Courriel", "Un sondage").replace("Note.", "un  mot"),
    )
    assert found(root) == [
        ("data/raw/2024/wave.yml", 3, 19, "heading-stop", "2024."),
        ("data/raw/2024/wave.yml", 7, 14, "sondage", "sondage"),
        ("data/raw/2024/wave.yml", 10, 8, "double-space", "  "),
        ("report/phrases.yml", 5, 23, "doubled-word", "de de"),
        ("report/phrases.yml", 5, 38, "typed-percentage", "85 %"),
        ("report/phrases.yml", 6, 20, "sondage", "sondage"),
    ]


def test_wordings_that_exports_are_matched_by_are_left(root: Path) -> None:
    write_text(
        root / "data" / "raw" / "codebook.yml",
        """\
schema: 1
title: "E"
sections: {A: "Un sondage"}
questions:
  - id: Q1
    section: A
    text: "Un sondage , des élu(e)s , 85 % ?"
    short: "Un sondage"
    lecture: "un sondage"
    type: single
    options:
      - {code: a, label: "Un sondage"}
      - {code: b, label: "Chargé(e) de mission"}
      - {code: c, label: "Élu.es"}
      - {code: d, label: "Élu(e)s", short: "Élu·es"}
""",
    )
    findings = [one for one in lint_sources(open_study(root)) if one.level == "wrong"]
    assert [(one.row, one.column, one.code) for one in findings] == [
        (3, 19, "sondage"),
        (8, 16, "sondage"),
        (9, 18, "sondage"),
        (13, 27, "inclusive-form"),
        (14, 27, "inclusive-form"),
    ]
    assert findings[3].fix == "leave it, exports are matched by it; write a `short`: Chargé·e"
    assert findings[4].fix == "Élu·es"


def test_a_file_that_cannot_be_read_is_told(root: Path) -> None:
    (root / "report" / "synthese.qmd").write_bytes(b"caf\xe9\n")
    with pytest.raises(SyntheseError, match="not UTF-8"):
        lint_sources(open_study(root))
    write_text(root / "report" / "synthese.qmd", "Un texte.\n")
    write_text(root / "report" / "phrases.yml", "phrases: [\n")
    with pytest.raises(SyntheseError, match="not YAML"):
        lint_sources(open_study(root))


def test_the_command_lists_and_fails(root: Path) -> None:
    write_text(root / "report" / "synthese.qmd", "Un sondage, pourquoi ?\n")
    result = CliRunner().invoke(cli, ["lint", "--study", str(root)])
    assert result.exit_code == 1
    assert "report/synthese.qmd:1:4" in result.stdout
    assert "questionnaire" in result.stdout
    assert "pourquoi" not in result.stdout
    assert "1 wrong, 2 mended by the typography filter (--all lists them)" in result.stdout
    everything = CliRunner().invoke(cli, ["lint", "--all", "--study", str(root)])
    assert everything.exit_code == 1
    assert "report/synthese.qmd:1:21" in everything.stdout
    assert "pourquoi⍽?" in everything.stdout
    assert "--all" not in everything.stdout


def test_what_mends_itself_never_fails(root: Path) -> None:
    write_text(root / "report" / "synthese.qmd", "Pourquoi ?\n")
    result = CliRunner().invoke(cli, ["lint", "--all", "--study", str(root)])
    assert result.exit_code == 0
    assert "0 wrong, 2 mended by the typography filter" in result.stdout


def test_our_own_study_has_nothing_wrong_and_is_read_fast(repository: Path) -> None:
    study = open_study(repository)
    started = time.process_time()
    findings = lint_sources(study)
    assert time.process_time() - started < 1
    assert [one for one in findings if one.level == "wrong"] == []
    files = {one.file for one in findings}
    assert {"report/synthese.qmd", "report/phrases.yml", "study.yml", "data/raw/codebook.yml"} <= files


def test_findings_are_in_the_order_of_files_and_places(repository: Path) -> None:
    findings = lint_sources(open_study(repository))
    assert list(findings) == sorted(findings, key=lambda one: (one.file, one.row, one.column, one.code))
    assert all(isinstance(one, Finding) and one.row > 0 and one.column > 0 for one in findings)
