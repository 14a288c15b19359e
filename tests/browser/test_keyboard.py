"""The page with keys only: skip link, contents, details, provenance of numbers, explorer of crosses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

FOCUSED = "(one) => one === document.activeElement"


def tab_to(page: Page, selector: str, most: int = 200) -> None:
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached in {most} tabs")


@pytest.mark.parametrize("name", ["2026/synthese.html", "2026/annexe-tableaux.html", "index.html"])
def test_first_key_skips_to_the_content(opened: Open, site: Path, name: str) -> None:
    page = opened((site / name).as_uri(), 320)
    page.keyboard.press("Tab")
    link = page.locator(".evitement")
    assert link.evaluate(FOCUSED)
    box = link.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_wide_table_scrolls_by_key(opened: Open, sample: str) -> None:
    page = opened(sample, 320)
    tab_to(page, ".defile", 20)
    before = page.evaluate("document.activeElement.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.activeElement.scrollLeft > before", arg=before)


def test_table_that_fits_is_no_stop_of_the_keyboard(opened: Open, annex: str) -> None:
    page = opened(annex, 1280)
    page.wait_for_function("document.querySelectorAll('.defile:not([tabindex])').length > 10")
    narrow = opened(annex, 320)
    narrow.wait_for_function("document.querySelectorAll('.defile[tabindex=\"0\"][role=group][aria-label]').length > 3")


def test_contents_open_on_a_telephone_and_lead_to_a_chapter(opened: Open, newest: str) -> None:
    page = opened(newest, 320)
    tab_to(page, "#TOC summary", 5)
    assert not page.locator("#TOC a").first.is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    wanted = page.evaluate("decodeURIComponent(document.activeElement.hash.slice(1))")
    page.keyboard.press("Enter")
    page.wait_for_function("id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 300", arg=wanted)
    assert not page.locator("#TOC a").first.is_visible()


def test_contents_follow_the_reader_on_a_wide_screen(opened: Open, newest: str) -> None:
    page = opened(newest, 1280)
    assert page.locator("#TOC details").evaluate("one => one.open")
    page.evaluate("document.getElementById('glossaire').scrollIntoView()")
    page.wait_for_function("document.querySelector('#TOC [aria-current]')?.textContent === 'Glossaire'")


def test_data_of_a_figure_open_by_key(opened: Open, newest: str) -> None:
    page = opened(newest)
    page.locator(".nombre").last.focus()
    tab_to(page, ".donnees > summary", 60)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.parentElement.open")
    assert page.locator(".donnees[open] table").first.is_visible()


def test_enter_tells_where_a_number_comes_from_and_escape_gives_the_focus_back(opened: Open, newest: str) -> None:
    page = opened(newest)
    tab_to(page, ".nombre", 60)
    name = page.evaluate("document.activeElement.getAttribute('popovertarget')")
    page.keyboard.press("Enter")
    told = page.locator(f"#{name}")
    assert told.is_visible()
    assert told.evaluate("one => one.contains(document.activeElement)")
    assert [told.locator("dt").nth(n).inner_text() for n in (0, 1)] == ["Définition", "Effectif"]
    page.keyboard.press("Escape")
    assert told.is_hidden()
    assert page.evaluate("document.activeElement.matches('.nombre')")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == name
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "fermer"
    page.keyboard.press("Enter")
    assert told.is_hidden()
    assert page.evaluate("document.activeElement.matches('.nombre')")


def test_explorer_is_used_with_keys_and_speaks(opened: Open, newest: str) -> None:
    page = opened(newest)
    crosses = json.loads(page.locator("#croisements").text_content() or "")
    chosen = next(n for n, asked in enumerate(crosses) if n and len(asked["vues"]) > 1)
    title = page.locator("#explorateur caption .titre")
    assert title.inner_text() == crosses[0]["vues"][0]["titre"]
    live = page.locator("#explorateur [aria-live=polite]")
    assert live.inner_text() == ""
    page.locator("#explorateur").locator("xpath=preceding::a[1]").focus()
    tab_to(page, "#explorateur-question", 5)
    for _ in range(chosen):
        page.keyboard.press("ArrowDown")
    assert title.inner_text() == crosses[chosen]["vues"][0]["titre"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "explorateur-vue"
    page.keyboard.press("ArrowDown")
    view = crosses[chosen]["vues"][1]
    assert title.inner_text() == view["titre"]
    assert live.inner_text() == f"Tableau affiché : {view['titre']}"
    assert page.evaluate("document.activeElement.id") == "explorateur-vue"
    rows = page.locator("#explorateur tbody tr")
    shown = [rows.nth(n).locator("th, .valeur").all_text_contents() for n in range(rows.count())]
    assert shown == [[cell[0] for cell in line] for line in view["corps"]]
    assert page.locator("#explorateur .note-lines p").count() == len(view["notes"])
    page.wait_for_function("id => location.hash === '#croisement=' + id", arg=view["id"])

    again = opened(page.url)
    assert again.locator("#explorateur caption .titre").inner_text() == view["titre"]
    assert again.locator("#explorateur-vue").evaluate("one => one.selectedOptions[0].textContent") == view["par"]
    assert again.locator("#explorateur").evaluate("one => Math.abs(one.getBoundingClientRect().top)") < 900


def test_labels_of_the_explorer_are_text_whatever_they_hold(
    opened: Open, newest: str, site: Path, tmp_path: Path
) -> None:
    hostile = "</script><img src=x onerror=\"document.title='prise'\"> & \"l’un\" 'l’autre' `a` ]]>"
    tree = (site / "2026" / "synthese.html").read_text(encoding="utf-8")
    start = tree.index('id="croisements">') + len('id="croisements">')
    end = tree.index("</script>", start)
    crosses = json.loads(tree[start:end])
    crosses[0] |= {"libelle": hostile, "section": hostile}
    crosses[0]["vues"][0] |= {"titre": hostile, "question": hostile, "par": hostile, "notes": [hostile], "id": hostile}
    crosses[0]["vues"][0]["tete"][0] = crosses[0]["vues"][0]["corps"][0][0][0] = hostile
    from synthese.rendering.metadata import packed

    page_file = tmp_path / "hostile.html"
    page_file.write_text(tree[:start] + packed(crosses).strip("`") + tree[end:], encoding="utf-8")
    parsed = html.document_fromstring(page_file.read_bytes(), html.HTMLParser(encoding="utf-8"))
    assert json.loads(parsed.xpath("//script[@id='croisements']")[0].text) == crosses
    page = opened(page_file.as_uri())
    assert page.locator("#explorateur img").count() == 0
    assert page.title() != "prise"
    assert page.locator("#explorateur caption .titre").inner_text() == hostile
    assert page.locator("#explorateur tbody th").first.inner_text() == hostile
    assert page.locator("#explorateur-question option").first.text_content() == hostile
    assert page.locator("#explorateur-question optgroup").first.get_attribute("label") == hostile
