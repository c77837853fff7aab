"""Every page, light and dark, wide and narrow: axe finds nothing serious; nothing sticks out."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from watching import Explorer

PAGES = {
    "search": "/?q=arrived+broken",
    "ask": "/?q=What+do+people+say+about+the+battery%3F&way=answer",
    "themes": "/themes",
    "theme": "/themes?theme=0",
    "map": "/map",
    "unlike": "/anomalies",
    "copies": "/anomalies?tab=copies",
    "stars": "/anomalies?tab=stars",
    "upload": "/upload",
    "export": "/export",
    "api": "/docs",
    "sign-in": "/sign-in",
}
_SERIOUS = ("serious", "critical")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_serious(
    browser: Browser, explorer: Explorer, path: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(explorer.url + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [_told(one) for one in found if one["impact"] in _SERIOUS] == []
    assert _width(page) <= width, "the page is wider than its window"
    context.close()


def test_keyboard_reaches_a_hit_and_why(browser: Browser, explorer: Explorer) -> None:
    page = browser.new_page()
    page.goto(f"{explorer.url}/")
    expect(page.get_by_role("article").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("arrived broken")
    hits = page.get_by_role("list", name="Hits").get_by_role("article")
    expect(hits.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(hits.first).to_contain_text(re.compile("similarity", re.IGNORECASE))
    page.close()


def _told(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return f"{violation['id']}: {[node['html'][:120] for node in nodes[:3]]}"


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
