"""The page in a real browser: reflow, spacing and zoom, no script, no request, print, links."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
import pytest
from lxml import html
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
# WCAG 1.4.12, text spacing.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
    " p { margin-bottom: 2em !important; }"
)
# Text cut off: what does not fit in a box that hides the rest.
CUT = """() => [...document.querySelectorAll('main *, header *')].filter(one => {
  const style = getComputedStyle(one);
  return one.checkVisibility() && style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1
    && style.clipPath === 'none' && !one.closest('svg');
}).map(one => one.outerHTML.slice(0, 120))"""


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [320, 768, 1280, 2560, 3840])
def test_pages_do_not_scroll_sideways(
    opened: Open, sample: str, newest: str, annex: str, index: str, width: int
) -> None:
    page = opened(newest, width)
    page.evaluate(OPEN_ALL)
    assert overflow(page) <= 0
    for address in (annex, index, sample):
        page.goto(address)
        assert overflow(page) <= 0, address


@pytest.mark.parametrize("width", [320, 1280])
def test_text_may_be_spaced_out(opened: Open, report: str, width: int) -> None:
    page = opened(report, width)
    page.add_style_tag(content=SPACING)
    page.evaluate(OPEN_ALL)
    assert overflow(page) <= 0
    assert page.evaluate(CUT) == []


def test_text_may_be_twice_as_large(opened: Open, newest: str) -> None:
    page = opened(newest, 1280)
    before = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    page.add_style_tag(content="html { font-size: 212% !important; }")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") > 1.9 * before
    assert overflow(page) <= 0
    assert page.evaluate(CUT) == []
    # The zoom of a browser at 200 % is a window half as wide.
    assert overflow(opened(newest, 640, device_scale_factor=2)) <= 0


def test_a_line_does_not_end_between_a_number_and_its_bracket(opened: Open, newest: str) -> None:
    page = opened(newest, 320)
    broken = page.evaluate(
        """() => [...document.querySelectorAll('.tenu')].filter(one => one.checkVisibility()
             && new Set([...one.getClientRects()].map(r => Math.round(r.bottom))).size > 1)
             .map(one => one.textContent)"""
    )
    assert page.locator(".tenu .nombre").count() > 10
    assert broken == []
    loose = page.evaluate(
        r"""() => [...document.querySelectorAll('main .nombre')].filter(one => one.parentElement.className !== 'tenu'
             && one.textContent.length < 15 && /[(«’]$/.test((one.previousSibling || {}).textContent || ''))
             .map(one => one.parentElement.textContent)"""
    )
    assert loose == []


def test_every_wave_is_readable_without_a_script_and_asks_nobody(opened: Open, report: str) -> None:
    page = opened("about:blank", java_script_enabled=False)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report)
    assert [url for url in requests if not url.startswith("data:")] == [report]
    assert page.get_by_role("heading", level=1).inner_text().startswith("L’accompagnement")
    assert page.locator("#TOC a").first.is_visible()
    assert page.locator("svg.dessin.image-large:visible, svg.dessin.image-etroite:visible").count() >= 8
    link = page.locator("#explorateur a")
    assert link.get_attribute("href") == "annexe-tableaux.html"
    assert link.is_visible()
    assert page.locator("#explorateur select").count() == 0
    page.locator(".donnees summary").first.click()
    assert page.locator(".donnees table").first.is_visible()
    page.locator(".nombre").first.click()
    assert page.locator(".provenance:popover-open dd").first.is_visible()


@pytest.mark.parametrize("name", ["2026/synthese.html", "2026/annexe-tableaux.html", "index.html"])
def test_page_with_its_script_asks_nobody_either(opened: Open, site: Path, name: str) -> None:
    page = opened("about:blank")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((site / name).as_uri())
    page.mouse.wheel(0, 4000)
    page.wait_for_timeout(100)
    assert [url for url in requests if not url.startswith("data:")] == [(site / name).as_uri()]


def test_fonts_of_the_page_are_its_own(opened: Open, sample: str, newest: str, index: str) -> None:
    families = "document.fonts.ready.then(f => [...f].filter(x => x.status == 'loaded').map(x => x.family))"
    for address in (sample, newest, index):
        loaded = opened(address).evaluate(families)
        assert {name.strip('"') for name in loaded} == {"Source Sans 3", "Source Serif 4"}


def test_provenance_fits_the_window(opened: Open, newest: str) -> None:
    page = opened(newest, 1280)
    for number in range(0, page.locator(".nombre").count(), 6):
        button = page.locator(".nombre").nth(number)
        button.click()
        box = page.locator(".provenance:popover-open").bounding_box()
        close = page.locator(".provenance:popover-open .fermer").bounding_box()
        assert box is not None
        assert close is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
        assert close["y"] + close["height"] <= 900
        page.keyboard.press("Escape")


def test_printed_page_has_figures_and_nothing_to_click(opened: Open, newest: str, tmp_path: Path) -> None:
    page = opened(newest, scheme="dark")
    page.emulate_media(media="print")
    for gone in (".provenance", "#explorateur", "#TOC", ".telechargements", ".donnees", ".evitement"):
        assert page.locator(gone).count() > 0
        assert page.locator(gone).first.is_hidden(), gone
    figures = page.locator(".artefact-figure")
    assert figures.count() >= 8
    for number in range(figures.count()):
        assert figures.nth(number).locator("svg.dessin:visible").count() == 1
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    path = tmp_path / "page.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    with pikepdf.open(path) as printed:
        box = printed.pages[0].mediabox
        assert [round(float(value)) for value in box[2:]] in ([595, 842], [596, 842])
        assert 6 <= len(printed.pages) <= 16


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= 7
    trees = {page: html.document_fromstring(page.read_bytes(), html.HTMLParser(encoding="utf-8")) for page in pages}
    ids = {page: set(tree.xpath("//@id")) for page, tree in trees.items()}
    missing, seen = [], 0
    for page, tree in trees.items():
        crosses = tree.xpath("//script[@id='croisements']")
        views = [view for one in crosses for asked in json.loads(one.text) for view in asked["vues"]]
        made = [f"figures/{view['id']}.csv" for view in views] + [
            f"annexe-tableaux.html#{view['id']}" for view in views
        ]
        for address in [*map(str, tree.xpath("//a/@href | //img/@src | //source/@srcset | //link/@href")), *made]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            seen += 1
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            goal = next((one for one in pages if one.resolve() == target), None)
            if not target.is_file() or (parts.fragment and goal and unquote(parts.fragment) not in ids[goal]):
                missing.append((page.name, address))
    assert missing == []
    assert seen > 300
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.suffix in (".pdf", ".html")}
    linked = set(map(str, trees[site / "index.html"].xpath("//a/@href")))
    assert files - linked == {"index.html"}
