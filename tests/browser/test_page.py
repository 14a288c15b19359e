"""The page in a real browser: axe-core, reflow, nothing loaded, keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from synthese import rendering
from synthese.study import open_study

SAMPLE = Path(__file__).parents[1] / "rendering" / "data" / "etude"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        BROWSER is None and os.environ.get("CI") != "true", reason="no chromium on this machine (CI installs it)"
    ),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("browser") / "etude"
    shutil.copytree(SAMPLE, folder)
    return rendering.render(open_study(folder), "2026", engine="pandoc", formats=("html",)).files["html"].as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        yield browser
        browser.close()


def opened(browser: Browser, address: str, width: int, scheme: str = "light", **more: object) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more).new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, address, width, scheme)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []


@pytest.mark.parametrize("width", [320, 768, 1280, 3840])
def test_page_does_not_scroll_sideways(browser: Browser, address: str, width: int) -> None:
    page = opened(browser, address, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_requests_only_itself_and_needs_no_script(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url[:60]))
    page.goto(address)
    assert [url for url in requests if not url.startswith("data:")] == [address[:60]]
    assert page.get_by_role("heading", level=1).inner_text().startswith("L’accompagnement")


def test_fonts_of_the_page_are_its_own(browser: Browser, address: str) -> None:
    page = opened(browser, address, 1280)
    loaded = page.evaluate(
        "document.fonts.ready.then(f => [...f].filter(x => x.status == 'loaded').map(x => x.family))"
    )
    assert {name.strip('"') for name in loaded} == {"Source Sans 3", "Source Serif 4"}


def test_keyboard_reaches_the_content_and_the_wide_table(browser: Browser, address: str) -> None:
    page = opened(browser, address, 320)
    page.keyboard.press("Tab")
    link = page.locator(".evitement")
    assert link.evaluate("element => element === document.activeElement")
    box = link.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "defile":
            break
    before = page.evaluate("document.activeElement.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement.scrollLeft") > before
