from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from synthese.audit.renderings import Figure, Rendering, Table, compare, read
from synthese.cli.commands import cli
from synthese.errors import SyntheseError

NB = "\u00a0"

# The shape that Quarto 1.9 gives a page: floats in floats, anchors, callouts, cells, notes at the end.
QUARTO = f"""<!DOCTYPE html><html lang="fr"><head><title>Synthèse</title></head><body>
<div id="quarto-content"><nav id="TOC"><ul><li><a href="#besoins">Les besoins</a></li></ul></nav>
<main class="content" id="quarto-document-content">
<header id="title-block-header" class="quarto-title-block"><h1 class="title">Synthèse 2026</h1></header>
<section id="besoins" class="level2"><h2 class="anchored" data-anchor-id="besoins">Les besoins</h2>
<p>Parmi les répondants, 85{NB}% citent l’échange<a href="#fn1" class="footnote-ref" id="fnref1"
role="doc-noteref"><sup>1</sup></a> ; voir <a href="https://exemple.fr/rapport">le rapport</a>
et la <a href="#fig-besoins" class="quarto-xref">Figure{NB}1</a>.</p>
<div class="cell" data-execution_count="1"><details class="code-fold"><summary>Code</summary><pre>x</pre></details>
<div class="cell-output cell-output-display"><div id="fig-besoins" class="quarto-float quarto-figure anchored">
<figure class="quarto-float quarto-float-fig figure">
<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-fig" id="fig-besoins-caption">
Figure{NB}1{NB}: 85{NB}% citent l’échange (n = 116)</figcaption>
<div aria-describedby="fig-besoins-caption">
<img src="x.svg" class="img-fluid figure-img" alt="Barres. Échange : 85 %.">
</div></figure></div></div></div>
<div class="note-lines"><p><strong>Champ :</strong> structures répondantes.</p><p>
<strong>Source :</strong> vague 2026.</p></div>
<div id="tbl-profil" class="quarto-float anchored"><figure class="quarto-float quarto-float-tbl figure">
<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-tbl">Tableau{NB}1{NB}: Profil</figcaption>
<div aria-describedby="c"><table class="caption-top table"><thead><tr class="header"><th>Type</th><th>Part</th>
</tr></thead>
<tbody><tr class="odd"><th>Association</th><td>29{NB}%</td></tr><tr class="even"><th>Réseau</th><td>22{NB}%</td>
</tr></tbody>
</table></div></figure></div>
<div class="callout callout-style-default callout-note callout-titled"><div class="callout-header d-flex">
<div class="callout-icon-container"><i class="callout-icon"></i></div><div class="callout-title-container flex-fill">
<span class="screen-reader-only">Note</span>Zoom</div></div>
<div class="callout-body-container callout-body"><p>La Fabrique accompagne.</p></div></div></section>
<section class="level2"><h2 class="anchored"><span class="header-section-number">2</span> Méthode</h2>
<p>Rien de plus.</p></section>
<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr><ol>
<li id="fn1"><p>Au sens du codebook.<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li>
</ol></section>
</main></div></body></html>"""

# The same report as the embedded engine marks it up.
EMBEDDED = f"""<!DOCTYPE html><html lang="fr"><head><title>Synthèse 2026</title></head><body>
<a class="evitement" href="#contenu">Aller au contenu</a><header><div class="couverture"><h1>Synthèse 2026</h1>
</div></header>
<main id="contenu"><h2 id="besoins">Les besoins</h2>
<p>Parmi les répondants, <button type="button" class="nombre" popovertarget="prov-1">85{NB}%</button> citent l’échange<a
href="#fn1" class="footnote-ref"><sup>1</sup>
</a>\u202f; voir <a href="https://exemple.fr/rapport">le rap\u00adport</a> et la
<a href="#fig-besoins">Figure{NB}1</a>.</p>
<figure id="fig-besoins" class="flottant"><figcaption><span class="numero">Figure 1 :</span> 85{NB}% citent l’échange
(n = 116)</figcaption><svg role="img" aria-label="Barres. Échange : 85 %."><text>85 %</text></svg></figure>
<div class="note-lines"><p>
<strong>Champ :</strong> structures répondantes. <strong>Source :</strong> vague 2026.</p></div>
<details class="donnees"><summary>Voir les données en tableau</summary><table><tr><td>85</td></tr></table></details>
<div class="telechargements"><a download href="figures/x.csv">CSV</a></div>
<figure id="tbl-profil"><figcaption><span class="numero">Tableau 1 :</span> Profil</figcaption><div class="defile">
<table>
<thead><tr><th scope="col">Type</th><th scope="col">Part</th></tr></thead><tbody><tr>
<th scope="row">Association</th><td>29 %</td></tr>
<tr><th scope="row">Réseau</th><td>22 %</td></tr></tbody></table></div></figure>
<div class="encadre"><p>Zoom</p><p>La Fabrique accompagne.</p></div><h2>Méthode</h2><p>Rien de plus.</p>
<section id="provenance"><div popover id="prov-1">Effectif 99 sur 116</div></section>
<section class="footnotes"><ol><li id="fn1"><p>Au sens du codebook.<a class="footnote-back" href="#fnref1">↩</a>
</p></li></ol></section>
</main></body></html>"""


def reading(folder: Path, text: str, name: str = "page.html") -> Rendering:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_quartos_page_is_read_into_the_structure(tmp_path: Path) -> None:
    page = reading(tmp_path, QUARTO)
    assert page.title == "Synthèse 2026"
    assert page.headings == [(2, "Les besoins"), (2, "Méthode")]
    assert page.figures == [Figure("1", "85 % citent l’échange (n = 116)", "Barres. Échange : 85 %.")]
    rows = (("Type", "Part"), ("Association", "29 %"), ("Réseau", "22 %"))
    assert page.tables == [Table("1", "Profil", rows, frozenset({(0, 0), (0, 1), (1, 0), (2, 0)}))]
    assert page.notes == ["Au sens du codebook."]
    assert page.links == [("le rapport", "https://exemple.fr/rapport")]
    assert page.note_lines == ["Champ : structures répondantes.", "Source : vague 2026."]
    assert page.running[1].startswith("Parmi les répondants, 85 % citent l’échange ; voir le rapport")
    assert page.running[2:] == ["Zoom", "La Fabrique accompagne.", "Méthode", "Rien de plus."]


def test_the_pages_of_both_engines_agree(tmp_path: Path) -> None:
    assert compare(reading(tmp_path, QUARTO), reading(tmp_path, EMBEDDED)) == []


@pytest.mark.parametrize(
    ("before", "after", "kind", "words"),
    [
        ("Parmi les répondants, 85", "Parmi les répondants, 84", "text", "« 85 » on the left, « 84 » on the right"),
        ("Rien de plus.", "", "text", "only on the left: « Rien de plus. »"),
        ('<tr class="even"><th>Réseau</th><td>22\u00a0%</td></tr>', "", "row", "only on the left: « Réseau | 22 % »"),
        ("<td>22\u00a0%", "<td>23\u00a0%", "cell", "table 1, row 3, cell 2: « 22 % »"),
        ("<th>Réseau</th>", "<td>Réseau</td>", "header cell", "table 1, row 3, cell 1: « a header cell »"),
        ("Les besoins</h2>", "Les attentes</h2>", "heading", "« # Les besoins » on the left, « # Les attentes »"),
        ("Au sens du codebook.", "Au sens large.", "footnote", "« Au sens du codebook. » on the left"),
        ("exemple.fr/rapport", "exemple.fr/autre", "link", "https://exemple.fr/autre"),
        ("<p><strong>Source :</strong> vague 2026.</p>", "", "note line", "only on the left: « Source :"),
        ("Échange : 85 %.", "Échange : 58 %.", "alternative text", "figure 1"),
        ("1\u00a0: Profil", "2\u00a0: Profil", "table title", "« 1 Profil » on the left, « 2 Profil » on the right"),
        ("<h1 class=\"title\">Synthèse", "<h1 class=\"title\">Résumé", "title", "« Synthèse 2026 » on the left"),
    ],
)  # fmt: skip
def test_what_was_changed_is_told(tmp_path: Path, before: str, after: str, kind: str, words: str) -> None:
    source = QUARTO.replace(">\n<", "><")
    assert before in source
    found = compare(reading(tmp_path, source), reading(tmp_path, source.replace(before, after)))
    assert kind in {unlike.kind for unlike in found}
    assert any(words in str(unlike) for unlike in found if unlike.kind == kind), [str(unlike) for unlike in found]


def test_other_spaces_hyphens_and_quotes_are_no_difference() -> None:
    left, right = Rendering(text=["Il a dit « oui »\u202f: 12\u202f500, l’après-midi"]), Rendering(text=["Il a dit"])
    right.text = ['Il a dit "oui" : 12 500,', "l'après\u00admidi"]
    assert compare(left, right) == []
    assert [str(unlike) for unlike in compare(Rendering(text=["de -5 à 3"]), Rendering(text=["de 5 à 3"]))]


def test_what_is_no_rendering_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SyntheseError, match="no rendering"):
        reading(tmp_path, "x", "notes.txt")
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tmp_path / "flat.pdf")
    with pytest.raises(SyntheseError, match="no tags"):
        read(tmp_path / "flat.pdf")


def test_the_command_compares_two_files(tmp_path: Path) -> None:
    paths = [tmp_path / "quarto.html", tmp_path / "page.html"]
    paths[0].write_text(QUARTO, encoding="utf-8")
    paths[1].write_text(EMBEDDED, encoding="utf-8")
    agreed = CliRunner().invoke(cli, ["diff", *map(str, paths)])
    assert agreed.output.startswith("No difference.\nNot looked at: ")
    paths[1].write_text(EMBEDDED.replace("22 %", "32 %"), encoding="utf-8")
    told = CliRunner().invoke(cli, ["diff", *map(str, paths)])
    assert told.output.startswith(
        "cell, table 1, row 3, cell 2: « 22 % » on the left, « 32 % » on the right\n1 differences"
    )
    mixed = CliRunner().invoke(cli, ["diff", str(paths[0]), str(tmp_path)])
    assert mixed.exit_code != 0
    assert "one of the two is a file" in mixed.output
