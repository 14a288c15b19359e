"""Pages in a real browser against WCAG 2.2 AA: axe-core, structure, contrast of drawings, size of targets."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

SIGHTS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"

# What each line of a drawing stands on: the last shape under its middle, or the page.
CONTRASTS = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (element) => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (!colour.endsWith(', 0)')) return colour;
    }
  };
  const found = [];
  document.querySelectorAll('svg.dessin').forEach(svg => {
    if (!svg.checkVisibility()) return;
    const shapes = [...svg.querySelectorAll('rect, path, circle')].filter(s => getComputedStyle(s).fill !== 'none');
    svg.querySelectorAll('text').forEach(text => {
      const box = text.getBBox();
      const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
      const under = shapes.filter(shape => shape.isPointInFill(middle)).at(-1);
      const ground = under ? getComputedStyle(under).fill : paper(svg);
      const [low, high] = [light(getComputedStyle(text).fill), light(ground)].sort((a, b) => a - b);
      found.push([(high + 0.05) / (low + 0.05), text.textContent, text.getAttribute('class') || '', ground]);
    });
  });
  return found;
}"""

# Targets of less than 24 px on a side, outside sentences (WCAG 2.5.8); drawn at 320 px, where room is scarce.
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, [tabindex="0"]')]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.ancre, [aria-hidden=true]'))
  .filter(one => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
  .filter(one => !(one.closest('p, .chiffre, .footnotes') && one.closest('p, li').textContent.trim().length
                   > one.textContent.trim().length))
  .map(one => one.outerHTML.slice(0, 120))"""


def violations(page: Page, within: str | None = None) -> list[tuple[str, list[str]]]:
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [(item["id"], [node["html"][:200] for node in item["nodes"]]) for item in found]


@pytest.mark.parametrize(("width", "scheme"), SIGHTS)
def test_axe_finds_nothing_in_the_sample(opened: Open, sample: str, width: int, scheme: str) -> None:
    assert violations(opened(sample, width, scheme)) == []


@pytest.mark.parametrize(
    ("wave", "width", "scheme"), [("2026", *sight) for sight in SIGHTS[:3]] + [("2024", 320, "dark")]
)
def test_axe_finds_nothing_in_the_report_with_all_its_details_open(
    opened: Open, site: Path, wave: str, width: int, scheme: str
) -> None:
    page = opened((site / wave / "synthese.html").as_uri(), width, scheme)
    page.evaluate(OPEN_ALL)
    assert page.locator(".donnees table").first.is_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "scheme"), SIGHTS)
def test_axe_finds_nothing_in_the_provenance_of_a_number(opened: Open, newest: str, width: int, scheme: str) -> None:
    page = opened(newest, width, scheme)
    page.locator(".nombre").first.click()
    assert page.locator(".provenance:popover-open").is_visible()
    assert violations(page, ".provenance:popover-open") == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_in_index_and_annex(opened: Open, index: str, annex: str, width: int, scheme: str) -> None:
    assert violations(opened(index, width, scheme)) == []
    page = opened(annex, width, scheme)
    # Forty tables of one make: the rules are tried on those of the first chapters.
    page.evaluate("document.querySelectorAll('main > section:nth-of-type(n + 4)').forEach(one => one.hidden = true)")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["synthese.html", "annexe-tableaux.html", "../index.html"])
def test_titles_and_landmarks_are_in_order(opened: Open, site: Path, name: str) -> None:
    page = opened((site / "2026" / name).resolve().as_uri())
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1] == []
    for landmark in ("main", "header", "footer") if "index" not in name else ("main", "header"):
        assert page.locator(f"body > {landmark}, body > .page > {landmark}").count() == 1
    assert page.evaluate("document.documentElement.lang") == "fr"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ["synthese.html", "annexe-tableaux.html"])
def test_contents_lead_to_every_chapter(opened: Open, site: Path, name: str) -> None:
    page = opened((site / "2026" / name).as_uri())
    listed = page.evaluate(
        "[...document.querySelectorAll('#TOC li')].map(item => item.querySelector('a')"
        " && decodeURIComponent(item.querySelector('a').hash.slice(1)))"
    )
    assert len(listed) >= 6
    chapters = page.evaluate("[...document.querySelectorAll('main > section:has(> h2:not(.unlisted))')].map(s => s.id)")
    assert None not in listed
    assert set(chapters) - {""} <= set(listed)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_words_of_drawings_can_be_read(opened: Open, report: str, width: int, scheme: str) -> None:
    found = opened(report, width, scheme).evaluate(CONTRASTS)
    assert len(found) > 80
    assert [one for one in found if one[0] < 4.5] == []


def test_page_follows_the_dark_of_the_reader_in_its_drawings(opened: Open, newest: str) -> None:
    def shades(scheme: str) -> set[str]:
        page = opened(newest, 1280, scheme)
        return set(
            page.evaluate("[...document.querySelectorAll('[class*=f-sequential]')].map(e => getComputedStyle(e).fill)")
        )

    light, dark = shades("light"), shades("dark")
    assert light
    assert light.isdisjoint(dark)


@pytest.mark.parametrize("name", ["synthese.html", "annexe-tableaux.html", "../index.html"])
def test_targets_are_large_enough_for_a_finger(opened: Open, site: Path, name: str) -> None:
    page = opened((site / "2026" / name).resolve().as_uri(), 320)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(SMALL) == []
