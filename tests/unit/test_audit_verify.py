from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synthese.audit import UNCHECKED, verify
from synthese.errors import Fault
from synthese.estimates import empty_tests, estimates_frame, tests_frame, write_parquet
from synthese.files import sha256
from synthese.study import open_study

STUDY = """
schema: 1
title: "Essai"
source: "Questionnaire d’essai"
contact: {role: "chargé·e d’étude", organisation: "Le Labo de l’ESS"}
"""
CODEBOOK = """
schema: 1
title: "Essai"
questions:
  - {id: A1, section: A, text: "Nom de la structure", type: open, role: identifier}
  - {id: A3, section: A, text: "E-mail", type: open, role: contact}
  - {id: A4, section: A, text: "Téléphone", type: open, role: contact}
  - id: F1
    section: F
    text: "Besoins"
    type: multiple
    options:
      - {code: pairs, label: "Échange entre pairs"}
      - {code: rare, label: "Rare"}
      - {code: autre, label: "Autre", other: true}
  - {id: F4, section: F, text: "Commentaire", type: open}
"""
WAVE = """
schema: 1
id: "2024"
title: "Vague 2024"
export: export.csv
tool: plain
field: {start: 2024-01-01, end: 2024-02-01}
channel: "lien relayé"
design: self-selected
synthetic: true
"""
REPORT = """---
lang: fr
---

## Résultats

[]{artefact="val-pairs"} des réponses.

{{< include _suite.qmd >}}

::: {artefact="fig-besoins"}
:::

::: {.content-visible when-format="typst"}
::: {artefact="txt-imprime"}
:::
:::
"""
SUITE = """
::: {artefact="txt-phrase"}
:::

::: {artefact="tbl-besoins"}
:::

::: {artefact="tbl-retenu"}
:::
"""
PAGE = """<!DOCTYPE html>
<html lang="fr"><head><title>Essai</title><style>.a { background: url("data:,") }</style></head><body>
<p>Données synthétiques</p><p>Vague 2024, du 1er janvier au 1er février 2024</p>
<p><span class="artefact-value" data-artefact="val-pairs">85\u00a0% (46 sur 54)</span> des réponses.</p>
<p><span class="artefact-sentence" data-artefact="txt-phrase">46. L’<em>échange</em>\u00a0: «\u00a0oui\u00a0»</span></p>
<div class="artefact artefact-figure" data-artefact="fig-besoins"><figure><figcaption><span>Figure 1\u00a0:</span>
Besoins (n = 54)</figcaption><p><img aria-label="Barres\u00a0: pairs 85\u00a0%."
src="data:image/svg+xml;base64,AAAA"></p></figure>
<div><p><strong>Lecture\u00a0:</strong> 85\u00a0% citent l’échange.</p></div></div>
<div data-artefact="tbl-besoins"><figure><figcaption>Tableau 1\u00a0: Besoins (n = 54)</figcaption><table>
<tr><th>Besoin</th><th>Part</th></tr><tr><th>Pairs</th><td>85\u00a0%</td></tr></table></figure></div>
<div data-artefact="tbl-retenu"><figure><figcaption>Tableau 2\u00a0: Croisement</figcaption>
<div><p>Croisement non diffusé\u00a0: effectifs trop faibles</p></div></figure></div>
<p>Voir <a href="https://example.org">ailleurs</a> et <code>?@fig-x</code>.</p>
</body></html>"""
TABLE = {
    "head": [[{"text": "Besoin"}, {"text": "Part"}]],
    "body": [[{"text": "Pairs"}, {"text": "85 %"}]],
    "align": ["left", "right"],
}


def row(option: str, **given: object) -> dict[str, object]:
    return {"wave": "2024", "question": "F1", "option": option, "statistic": "share", "status": "released"} | given


PAIRS = {"value": 46 / 54, "unit": "share", "count": 46, "base": 54, "asked": 54, "answered": 54}
RARE = {"value": 1 / 54, "unit": "share", "count": 1, "base": 54, "asked": 54, "answered": 54}
INTERVAL = {"ci_low": 0.73, "ci_high": 0.92, "confidence": 0.95, "method": "wilson"}
PRIVATE = [row("pairs", **PAIRS, **INTERVAL), row("rare", **RARE, **INTERVAL)]
RELEASED = [row("pairs", **PAIRS, method="wilson"), row("rare", status="withheld_primary", reason="small-count")]
IDENTITIES = {
    "respondent": ["r0001", "r0002"],
    "A1": ["Coopérative des Trois Rivières", "Le Labo de l'ESS"],
    "A3": ["jeanne.dupont@trois-rivieres.example.org", ""],
    "A4": ["+33 1 99 00 12 34", None],
    "F1.autre": ["Un local partagé avec la ressourcerie du canton voisin", ""],
    "F4": ["Merci", "oui"],
}


class Build:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.processed = root / "data" / "processed" / "2024"
        self.artefacts = self.processed / "artefacts"
        self.page = root / "report" / "_output" / "2024" / "synthese.html"
        self.pdf = self.page.with_suffix(".pdf")
        for folder in (self.artefacts, self.processed / "private", self.page.parent, root / "data" / "raw" / "2024"):
            folder.mkdir(parents=True)
        (root / "study.yml").write_text(STUDY, encoding="utf-8")
        (root / "data" / "raw" / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
        (root / "data" / "raw" / "2024" / "wave.yml").write_text(WAVE, encoding="utf-8")
        (root / "report" / "synthese.qmd").write_text(REPORT, encoding="utf-8")
        (root / "report" / "_suite.qmd").write_text(SUITE, encoding="utf-8")
        self.page.write_text(PAGE, encoding="utf-8")
        self.pdf.write_bytes(b"%PDF-1.7\n<dc:title>x</dc:title> pdfuaid:part\n%%EOF\n")
        self.frames(RELEASED, PRIVATE)
        write_parquet(empty_tests(), self.processed / "tests.parquet")
        write_parquet(empty_tests(), self.processed / "private" / "tests.parquet")
        pq.write_table(pa.table(IDENTITIES), self.processed / "private" / "identities.parquet")
        svg = self.artefacts / "fig-besoins.svg"
        svg.write_text("<svg/>")
        table = self.artefacts / "tbl-besoins.table.json"
        table.write_text(json.dumps(TABLE), encoding="utf-8")
        inputs = {"data/raw/codebook.yml": sha256(root / "data" / "raw" / "codebook.yml")}
        self.entries = {
            "val-pairs": {"kind": "value", "text": "85 % (46 sur 54)"},
            "txt-phrase": {"kind": "sentence", "text": "46. L'*échange* : « oui »"},
            "txt-imprime": {"kind": "sentence", "text": "Sur papier seulement."},
            "fig-besoins": {
                "kind": "figure",
                "caption": "Besoins (n = 54)",
                "alt": "Barres : pairs 85 %.",
                "notes": ["Lecture : 85 % citent l'échange."],
                "files": [self.listed(svg, "image/svg+xml")],
            },
            "tbl-besoins": {
                "kind": "table",
                "caption": "Besoins (n = 54)",
                "files": [self.listed(table, "application/vnd.synthese.table+json")],
            },
            "tbl-retenu": {
                "kind": "table",
                "caption": "Croisement",
                "status": "withheld_primary",
                "text": "Croisement non diffusé : effectifs trop faibles",
            },
        }
        for id, entry in self.entries.items():
            base = {"id": id, "files": [], "caption": "", "alt": "", "notes": [], "text": None, "status": "released"}
            self.entries[id] = base | {"notebook": "05-publication", "parameters": {}, "inputs": inputs} | entry
        self.write_manifest()

    def listed(self, path: Path, media: str) -> dict[str, str]:
        return {"path": path.relative_to(self.root).as_posix(), "media_type": media, "sha256": sha256(path)}

    def write_manifest(self) -> None:
        content = {"schema": 1, "wave": "2024", "release": "x", "artefacts": self.entries}
        text = json.dumps(content, ensure_ascii=False)
        (self.processed / "manifest.json").write_text(text, encoding="utf-8")

    def frames(self, released: list[dict[str, object]], private: list[dict[str, object]]) -> None:
        write_parquet(estimates_frame(private), self.processed / "private" / "estimates.parquet")
        # Not `estimates_frame`, which would refuse what these tests put in.
        frame = estimates_frame([])
        rows = [dict.fromkeys(frame.columns) | given for given in released]
        frame = pd.DataFrame({n: pd.Series([r[n] for r in rows], dtype=frame[n].dtype) for n in frame.columns})
        write_parquet(frame, self.processed / "estimates.parquet")

    def replace(self, old: str, new: str) -> None:
        text = self.page.read_text(encoding="utf-8")
        assert old in text
        self.page.write_text(text.replace(old, new), encoding="utf-8")

    def verify(self) -> list[Fault]:
        pdf = self.root / "report" / "_output" / "2024" / "synthese.pdf"
        if pdf.is_file():
            os.utime(pdf)  # made with the page, whatever a test has written since
        return verify(open_study(self.root), "2024")


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(tmp_path)


def only(faults: list[Fault], code: str) -> Fault:
    assert [fault.code for fault in faults] == [code], [str(fault) for fault in faults]
    return faults[0]


def test_a_sound_build_has_no_fault_and_what_was_not_checked_is_said(build):
    assert build.verify() == []
    assert any("PDF" in line for line in UNCHECKED)


# Manifest


def test_an_altered_artefact_is_told(build):
    (build.artefacts / "fig-besoins.svg").write_text("<svg>2</svg>")
    fault = only(build.verify(), "altered-file")
    assert fault.file == "data/processed/2024/artefacts/fig-besoins.svg"


def test_a_changed_input_is_told_once_for_all_artefacts(build):
    path = build.root / "data" / "raw" / "codebook.yml"
    path.write_text(CODEBOOK + "\n# changed\n", encoding="utf-8")
    fault = only(build.verify(), "changed-input")
    assert "fig-besoins and 5 other artefacts was made from another version of this file" in str(fault)
    assert "synthese run --wave 2024" in str(fault)


def test_a_missing_input_is_told(build):
    build.entries["val-pairs"]["inputs"] = {"data/raw/2024/gone.csv": "0"}
    build.write_manifest()
    assert "which is gone" in only(build.verify(), "missing-input").what


def test_without_artefacts_every_file_is_told(build):
    for path in build.artefacts.iterdir():
        path.unlink()
    build.artefacts.rmdir()
    faults = [fault for fault in build.verify() if fault.code == "missing-file"]
    assert [Path(fault.file).name for fault in faults] == ["fig-besoins.svg", "tbl-besoins.table.json"]


def test_without_manifest_the_rest_is_still_verified(build):
    (build.processed / "manifest.json").unlink()
    build.pdf.unlink()
    assert [fault.code for fault in build.verify()] == ["no-artefacts", "no-pdf"]


# Page


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        (
            "85\u00a0% (46 sur 54)",
            "86\u00a0% (46 sur 54)",
            "other-artefact",
            "'86% (46 sur 54)' where the manifest has",
        ),
        ("<em>échange</em>", "échanges", "other-artefact", "txt-phrase is not shown as saved"),
        ("<td>85\u00a0%", "<td>84\u00a0%", "other-artefact", "cell 4 is '84%' where the artefact has '85%'"),
        ("<td>85\u00a0%</td>", "", "other-artefact", "3 cells where the artefact has 4"),
        ("Barres\u00a0: pairs 85", "Barres\u00a0: pairs 84", "other-artefact", "no picture described as"),
        ("85\u00a0% citent", "84\u00a0% citent", "other-artefact", "no line"),
        ("\nBesoins (n = 54)</figcaption>", "\nBesoins</figcaption>", "other-artefact", "no caption"),
        ("trop faibles", "faibles", "other-artefact", "tbl-retenu is not shown as saved: no line"),
        ("Vague 2024", "Vague 2026", "wave-not-named", "does not name 'Vague 2024'"),
        ("<p>Données synthétiques</p>", "", "synthetic-not-told", "does not say that its data are synthetic"),
        ("des réponses.", "?@fig-x.", "unresolved", "'?@fig-x' was not resolved"),
        ("des réponses.", "?meta:titre", "unresolved", "'?meta:titre'"),
        ("</body>", '<script src="https://cdn.example.org/a.js"></script></body>', "not-self-contained", "cdn.example"),
        ("</body>", '<img alt="" src="//x.example.org/a.png"></body>', "not-self-contained", "//x.example.org"),
        ('url("data:,")', "url(https://fonts.example.org/a.woff)", "not-self-contained", "fonts.example.org"),
        ("</head>", '<link rel="icon" href="https://i.example.org/"></head>', "not-self-contained", "i.example.org"),
        ("<p>Voir", '<p style="background: url(https://bg.example.org/)">Voir', "not-self-contained", "bg.example.org"),
        (
            "</head>",
            '<meta http-equiv="refresh" content="0; url=https://r.example.org"></head>',
            "not-self-contained",
            "r.example.org",
        ),
        ('lang="fr"', 'lang="en"', "no-language", "lang='en'"),
        ('data-artefact="val-pairs"', 'data-artefact="val-vieux"', "absent-artefact", "does not show val-pairs"),
    ],
)
def test_a_page_that_is_not_what_was_saved_is_told(build, old, new, code, words):
    build.replace(old, new)
    faults = [fault for fault in build.verify() if fault.code != "stale-page"]
    assert words in only(faults, code).what
    assert str(faults[0].file) == "report/_output/2024/synthese.html"


def test_an_artefact_that_the_report_no_longer_names_is_told(build):
    (build.root / "report" / "_suite.qmd").write_text(SUITE.replace('::: {artefact="txt-phrase"}\n:::', ""))
    assert "shows txt-phrase, which the report does not name" in only(build.verify(), "stale-page").what


def test_a_withheld_artefact_may_be_left_out_where_the_report_says_so(build):
    build.replace('data-artefact="tbl-retenu"', 'class="x"')
    assert only(build.verify(), "absent-artefact").path == "tbl-retenu"
    text = SUITE.replace('artefact="tbl-retenu"', '.si-diffuse artefact="tbl-retenu"')
    (build.root / "report" / "_suite.qmd").write_text(text, encoding="utf-8")
    assert build.verify() == []
    build.entries["tbl-retenu"]["status"] = "released"
    build.write_manifest()
    assert only(build.verify(), "absent-artefact").path == "tbl-retenu"


def test_a_chapter_that_stands_only_with_a_figure_stands_where_that_is_shown(build):
    chapter = '\n:::: {si="tbl-retenu"}\n::: {artefact="txt-chapitre"}\n:::\n::::\n'
    (build.root / "report" / "_suite.qmd").write_text(SUITE + chapter, encoding="utf-8")
    build.entries["txt-chapitre"] = build.entries["txt-phrase"] | {"id": "txt-chapitre", "text": "Un chapitre."}
    build.write_manifest()
    assert build.verify() == []
    (build.root / "report" / "_suite.qmd").write_text(SUITE + chapter.replace("tbl-retenu", "fig-besoins"), "utf-8")
    assert only(build.verify(), "absent-artefact").path == "txt-chapitre"


def test_a_number_that_opens_its_provenance_reads_as_its_sentence(build):
    shown = "(46 sur 54)"
    build.replace(shown, f'(<button type="button" class="nombre">{shown[1:-1]}</button>)')
    assert build.verify() == []


def test_the_data_shown_beside_a_figure_are_held_to_its_file(build):
    entry = build.entries["fig-besoins"]
    entry["files"] = [*entry["files"], *build.entries["tbl-besoins"]["files"]]
    build.write_manifest()
    data = "<table><tr><th>Besoin</th><th>Part</th></tr><tr><th>Pairs</th><td>{}</td></tr></table>"
    build.replace("<div><p><strong>Lecture", data.format("85 %") + "<div><p><strong>Lecture")
    assert build.verify() == []
    build.replace(data.format("85 %"), data.format("58 %"))
    assert "cell 4 is '58%'" in only(build.verify(), "other-artefact").what


def test_a_report_that_names_what_is_not_there_is_told(build):
    (build.root / "report" / "synthese.qmd").write_text(REPORT.replace("val-pairs", "val-paires"), encoding="utf-8")
    fault = next(fault for fault in build.verify() if fault.code == "unknown-artefact")
    assert "no artefact 'val-paires'" in fault.what
    assert fault.fix == "did you mean 'val-pairs'?"


def test_a_missing_page_include_or_pdf_is_told(build):
    build.page.unlink()
    build.pdf.write_bytes(b"%PDF-1.7\ncut")
    assert [fault.code for fault in build.verify()] == ["no-page", "damaged-pdf"]
    build.page.write_text(PAGE, encoding="utf-8")
    build.pdf.write_bytes(b"%PDF-1.7\n%%EOF")
    (build.root / "report" / "_suite.qmd").unlink()
    assert [fault.code for fault in build.verify()] == ["missing-file", "untagged-pdf"]


# Released numbers


def test_a_number_in_a_withheld_row_is_told_without_the_number(build):
    build.frames([RELEASED[0], RELEASED[1] | {"count": 1}], PRIVATE)
    fault = only(build.verify(), "withheld-number")
    assert (fault.column, fault.path) == ("count", "F1 · rare · share")
    assert str(fault.file) == "data/processed/2024/estimates.parquet"
    assert "1" not in fault.what


def test_a_released_number_other_than_the_private_one_is_told(build):
    build.frames([RELEASED[0] | {"count": 45}, RELEASED[1]], PRIVATE)
    assert only(build.verify(), "other-number").path == "F1 · pairs · share"


def test_a_released_row_that_misses_a_number_is_told(build):
    build.frames([RELEASED[0] | {"base": None}, RELEASED[1]], PRIVATE)
    assert only(build.verify(), "number-lost").column == "base"


def test_an_interval_on_a_self_selected_design_is_told(build):
    build.frames([PRIVATE[0], RELEASED[1]], PRIVATE)
    faults = build.verify()
    assert {fault.code for fault in faults} == {"design-number"}
    assert [fault.column for fault in faults] == ["ci_high", "ci_low", "confidence"]


def test_a_row_released_as_a_count_has_no_value(build):
    build.frames([RELEASED[0] | {"status": "count_only"}, RELEASED[1]], PRIVATE)
    assert "has more than its count" in only(build.verify(), "withheld-number").what


def test_rows_in_one_frame_only_are_told(build):
    build.frames([RELEASED[0], row("neuf", **PAIRS)], PRIVATE)
    assert [fault.code for fault in build.verify()] == ["row-added", "row-lost"]


def test_a_test_released_on_a_self_selected_design_is_told(build):
    tests = tests_frame(
        [{"wave": "2024", "question": "F1", "by": "B7", "method": "chi2", "p_value": 0.01, "family": "planned",
          "status": "released"}]
    )  # fmt: skip
    write_parquet(tests, build.processed / "tests.parquet")
    write_parquet(tests, build.processed / "private" / "tests.parquet")
    fault = only(build.verify(), "design-number")
    assert fault.column == "p_value"
    assert "the design is self-selected" in fault.what


def test_many_faults_of_a_kind_are_counted(build):
    rows = [row(f"o{number:02d}", **PAIRS) for number in range(25)]
    build.frames([given | {"count": 40} for given in rows], rows)
    faults = build.verify()
    assert len(faults) == 21
    assert faults[-1].what == "and 5 more like this"


def test_missing_frames_are_told(build):
    (build.processed / "estimates.parquet").unlink()
    assert str(only(build.verify(), "missing-results").file) == "data/processed/2024/estimates.parquet"


# Personal data


SECRETS = ("jeanne", "dupont", "rivieres", "rivières", "99 00", "ressourcerie")


def leak(faults: list[Fault], file: str, column: str) -> Fault:
    fault = only(faults, "personal-data")
    assert (fault.file, fault.column) == (file, column)
    assert not any(secret in str(fault).casefold() for secret in SECRETS)
    return fault


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Écrire à Jeanne.Dupont@trois-rivieres.example.org", "A3"),
        ("la coopérative des TROIS RIVIERES, par exemple", "A1"),
        ("tél. 01.99.00.12.34", "A4"),
        ("tél. 0199001234", "A4"),
    ],
)
def test_an_identifying_answer_on_the_page_is_told_by_file_and_column(build, text, column):
    build.replace("des réponses.", text)
    assert "answers of 1 respondent(s)" in leak(build.verify(), "report/_output/2024/synthese.html", column).what


def test_an_identifying_answer_in_an_attribute_is_told(build):
    build.replace("<p>Voir", '<p title="Coopérative des Trois Rivières">Voir')
    leak(build.verify(), "report/_output/2024/synthese.html", "A1")


def test_an_identifying_answer_in_the_tables_of_the_explorer_is_told(build):
    data = '<script type="application/json" id="croisements">[{"par": "Coop\\u00e9rative des Trois Rivières"}]</script>'
    build.replace("<p>Voir", f"{data}<p>Voir")
    leak(build.verify(), "report/_output/2024/synthese.html", "A1")


def test_an_identifying_answer_in_a_file_to_download_is_told(build):
    (build.page.parent / "figures").mkdir()
    (build.page.parent / "figures" / "fig-x.csv").write_text("a\nCoopérative des Trois Rivières\n", encoding="utf-8")
    leak(build.verify(), "report/_output/2024/figures/fig-x.csv", "A1")


def test_an_identifying_answer_in_a_text_of_the_manifest_is_told(build):
    build.entries["txt-imprime"]["text"] = "Selon la Coopérative des Trois Rivières."
    build.write_manifest()
    leak(build.verify(), "data/processed/2024/manifest.json", "A1")


def test_an_identifying_answer_in_released_estimates_is_told(build):
    build.frames([RELEASED[0] | {"reason": "Coopérative des Trois Rivières"}, RELEASED[1]], PRIVATE)
    leak(build.verify(), "data/processed/2024/estimates.parquet", "A1")


def test_an_identifying_answer_in_the_executed_notebook_is_told(build):
    folder = build.processed / "notebooks"
    folder.mkdir()
    cell = {"outputs": [{"text": ["structure   Coopérative des\n", "Trois Rivières\n"]}]}
    (folder / "05-publication.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    leak(build.verify(), "data/processed/2024/notebooks/05-publication.ipynb", "A1")


def test_a_free_text_in_a_processed_file_is_told(build):
    (build.processed / "journal.csv").write_text(
        "row,before\n2,un local partagé avec la ressourcerie du canton voisin\n", encoding="utf-8"
    )
    leak(build.verify(), "data/processed/2024/journal.csv", "F1.autre")


def test_the_private_folder_is_not_searched(build):
    (build.processed / "private" / "notes.csv").write_text("Coopérative des Trois Rivières")
    assert build.verify() == []


def test_what_the_study_itself_declares_is_no_leak(build):
    build.replace("des réponses.", "Contact : Le Labo de l’ESS")
    assert build.verify() == []


def test_a_structure_that_the_editor_names_is_no_leak_but_a_person_is(build):
    (build.root / "report" / "_suite.qmd").write_text(
        SUITE + "\nZoom sur la Coopérative des Trois Rivières, jeanne.dupont@trois-rivieres.example.org\n"
    )
    build.replace("des réponses.", "Coopérative des Trois Rivières, jeanne.dupont@trois-rivieres.example.org")
    leak(build.verify(), "report/_output/2024/synthese.html", "A3")


def test_without_private_answers_the_search_says_that_it_was_not_made(build):
    (build.processed / "private" / "identities.parquet").unlink()
    assert "nothing was searched" in only(build.verify(), "missing-results").what


@pytest.mark.parametrize(
    ("name", "words"),
    [("private/identities.parquet", "nothing was searched"), ("notebooks/05-publication.ipynb", "was not searched")],
)
def test_a_file_that_cannot_be_read_is_told(build, name, words):
    path = build.processed / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"{cut")
    fault = only(build.verify(), "damaged-results")
    assert words in fault.what
    assert str(fault.file) == f"data/processed/2024/{name}"


def test_a_pdf_that_an_earlier_run_left_beside_a_newer_page_is_told(build):
    study = open_study(build.root)
    folder, manifest = study.output("2024"), study.processed("2024") / "manifest.json"
    for path in (manifest, study.root / "study.yml", *(study.root / "report").glob("*.*")):
        os.utime(path, (time.time() - 400,) * 2)
    for name, age in (("synthese.pdf", 300), ("synthese.html", 100)):
        os.utime(folder / name, (time.time() - age,) * 2)
    assert verify(study, "2024") == []
    os.utime(manifest, (time.time() - 200,) * 2)
    assert only(verify(study, "2024"), "stale-output").file == "report/_output/2024/synthese.pdf"
