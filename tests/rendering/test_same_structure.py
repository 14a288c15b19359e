"""The page, the PDF and the docx of one report say the same; what one of them loses is found."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from synthese import rendering
from synthese.audit.renderings import Rendering, compare, read
from synthese.study import open_study


@pytest.fixture(scope="module")
def files(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("structure") / "etude"
    shutil.copytree(sample, folder)
    rendered = rendering.render(open_study(folder), "2026", engine="pandoc", formats=("html", "pdf", "docx"))
    return {name: rendered.files[name] for name in ("html", "pdf", "docx")}


def told(left: Rendering, right: Rendering) -> list[str]:
    return [str(unlike) for unlike in compare(left, right)]


@pytest.mark.parametrize("other", ["pdf", "docx"])
def test_the_sample_says_the_same_in_every_format(files: dict[str, Path], other: str) -> None:
    page = read(files["html"])
    assert page.title
    assert min(map(len, (page.headings, page.figures, page.tables, page.notes, page.links, page.note_lines))) > 0
    (only,) = told(page, read(files[other]))  # what the sample's text shows on the page alone
    assert only.endswith("only on the left: « Ceci ne se lit que sur la page. »")


def test_the_study_says_the_same_in_every_format(built_study: Path) -> None:
    pages = sorted((built_study / "report" / "_output").glob("*/synthese.html"))
    assert pages
    for path in pages:
        page = read(path)
        assert page.headings
        assert page.figures
        assert page.tables
        made = [other for suffix in (".pdf", ".docx") if (other := path.with_suffix(suffix)).is_file()]
        assert made
        for other in made:
            assert told(page, read(other)) == [], other.name


@pytest.mark.parametrize("other", ["pdf", "docx"])
def test_what_the_page_alone_changed_is_found(files: dict[str, Path], tmp_path: Path, other: str) -> None:
    source, right = files["html"].read_text(encoding="utf-8"), read(files[other])
    body = source.index("<main")
    table = source.index("<tbody>", source.index('<figure id="tbl-', body))
    end = source.index("</tbody>", table)
    row = source[source.rindex("<tr", table, end) : end]
    note = source[source.index('<li id="fn1"') : source.index("</li>", source.index('<li id="fn1"'))]
    one, two = re.findall(r"<h2[^>]*>.*?</h2>", source[body:], re.DOTALL)[:2]
    number = re.compile(r"<p[^>]*>[^<]*?\d").search(source, body)
    assert number
    changes = {
        "text": f"{source[: number.end()]}7{source[number.end() :]}",
        "row": source.replace(row, "", 1),
        "footnote": source.replace(note, "", 1),
        "link": source.replace(f'href="{read(files["html"]).links[0][1]}"', 'href="https://exemple.fr/"'),
        "heading": source.replace(one, "@@").replace(two, one).replace("@@", two),
    }
    for kind, text in changes.items():
        assert text != source, kind
        (tmp_path / "synthese.html").write_text(text, encoding="utf-8")
        assert kind in {unlike.kind for unlike in compare(read(tmp_path / "synthese.html"), right)}, kind
