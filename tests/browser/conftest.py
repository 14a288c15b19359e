"""One browser, one built study and one sample for all tests of the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from synthese import rendering
from synthese.study import open_study

SAMPLE = Path(__file__).parents[1] / "rendering" / "data" / "etude"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WAVES = ("2024", "2026")

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if BROWSER is None and os.environ.get("CI") != "true":
        pytest.skip("no chromium on this machine (CI installs it)")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(browser: Browser, built_study: Path) -> Path:
    """Give the folder that is put on line: index, and one folder a wave."""
    return built_study / "report" / "_output"


@pytest.fixture(scope="session")
def sample(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of a small page that no code of the real report is behind."""
    folder = tmp_path_factory.mktemp("browser") / "etude"
    shutil.copytree(SAMPLE, folder)
    return rendering.render(open_study(folder), "2026", engine="pandoc", formats=("html",)).files["html"].as_uri()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Open an address in a window of its own; every one is closed after the test."""
    contexts: list[BrowserContext] = []

    def opening(address: str, width: int = 1280, scheme: str = "light", **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield opening
    for context in contexts:
        context.close()


@pytest.fixture(params=WAVES)
def report(site: Path, request: pytest.FixtureRequest) -> str:
    """Give the address of each wave's report."""
    return (site / request.param / "synthese.html").as_uri()


@pytest.fixture
def newest(site: Path) -> str:
    """Give the address of the newest wave's report."""
    return (site / WAVES[-1] / "synthese.html").as_uri()


@pytest.fixture
def annex(site: Path) -> str:
    """Give the address of the newest wave's annex of tables."""
    return (site / WAVES[-1] / "annexe-tableaux.html").as_uri()


@pytest.fixture
def index(site: Path) -> str:
    """Give the address of the page over all waves."""
    return (site / "index.html").as_uri()
