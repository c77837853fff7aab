"""Ways through the explorer, as an analyst takes them, in a real browser on the sample."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, expect

from watching import Explorer, Watched, watching

_FILE = """Nr,Bewertung,Q7,Q8,Datum
1,5,The kettle boils quickly and looks good on the shelf,shown at the desk,2026-05-03
2,1,The lid of the kettle came loose after a week,called twice,2026-05-04
3,2,Water drips from the spout of the kettle whenever I pour,,2026-05-06
4,4,"A quiet kettle, easy to clean",,2026-05-09
5,,,nothing was written,2026-05-11
"""


def test_search_and_filter(watched: Watched) -> None:
    page = watched.open("/")
    page.get_by_role("searchbox", name="What reviews say").fill("broken when it got here")
    hits = page.get_by_role("list", name="Hits").get_by_role("article")
    expect(hits.first).to_be_visible()
    # The sentence that matched is marked.
    expect(hits.first.locator("mark").first).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^1 of 5 stars")).check()
    expect(page).to_have_url(re.compile("rating="))
    lamp = page.get_by_role("checkbox", name=re.compile("^Ovandil Halo Lamp"))
    lamp.check()
    expect(page).to_have_url(re.compile(r"product=Ovandil"))
    expect(hits.filter(has_not_text="Ovandil Halo Lamp")).to_have_count(0)
    expect(hits.first).to_contain_text("Ovandil Halo Lamp")
    page.get_by_role("searchbox", name="What reviews say").fill("how do I extend a visa")
    expect(page.get_by_role("heading", name="No review says this")).to_be_visible()
    near = page.get_by_role("list", name="Near, but does not say it").get_by_role("article")
    expect(near).to_have_count(3)


def test_open_and_rename_a_theme(watched: Watched) -> None:
    page = watched.open("/themes")
    page.get_by_role("link", name="box, carton, parcel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("box, carton, parcel")
    expect(page.get_by_role("region", name="Quotes").get_by_role("article").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Rename")).click()
    page.keyboard.type("Packaging <b>& damage</b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Packaging <b>& damage</b>")
    watched.open("/themes")
    expect(page.get_by_role("link", name="Packaging <b>& damage</b>")).to_be_visible()


def test_lasso_on_the_map(watched: Watched) -> None:
    page = watched.open("/map")
    # 27 of 310 are in languages that the encoder does not read.
    chart = page.get_by_role("application", name=re.compile("^Map of 283 reviews"))
    expect(chart).to_be_visible()
    expect(page.get_by_role("table", name=re.compile("^Colours and shapes"))).to_be_visible()
    # Playwright clicks the label, since the radio button itself is not to be seen.
    page.get_by_role("group", name="Drag to").get_by_text("Lasso", exact=True).click()
    box = chart.bounding_box()
    assert box is not None
    corners = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.22)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
    selection = page.get_by_role("region", name="Selection")
    expect(selection).to_contain_text(re.compile(r"\d+ reviews"))
    expect(selection.get_by_role("article").first).to_be_visible()


def test_a_review_on_the_map(watched: Watched) -> None:
    page = watched.open("/anomalies")
    odd = page.get_by_role("list", name="Reviews most unlike the rest").get_by_role("article")
    name = odd.first.get_attribute("aria-label")
    assert name is not None
    odd.first.get_by_role("link", name="On the map").click()
    chosen = page.get_by_role("region", name="Chosen review")
    expect(chosen.get_by_role("article", name=name)).to_be_visible()
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    said = tip.inner_text()
    # Its point is in the middle, and what is said there is the same.
    page.mouse.move(2, 2)
    page.mouse.move(*_middle(page.get_by_role("application")))
    expect(tip).to_have_text(said, use_inner_text=True)
    page.get_by_label("Colour by").select_option("stars")
    expect(page).to_have_url(re.compile(r"color=stars.*&review="))
    page.get_by_label("To", exact=True).fill("2001-01-01")
    told = page.get_by_role("status").filter(has=page.locator(".notice"))
    expect(told).to_contain_text("The filters leave out the review")
    told.get_by_role("button", name="Clear the filters").click()
    expect(tip).to_be_visible()
    chosen.get_by_role("button", name="Close").click()
    expect(page).not_to_have_url(re.compile("review="))
    expect(chosen.get_by_role("article")).to_have_count(0)


def test_a_review_that_is_not_stored_on_the_map(watched: Watched) -> None:
    page = watched.open("/map?" + urlencode({"review": "no/such? <b>&id#1"}))
    told = page.get_by_role("status").filter(has=page.locator(".notice"))
    expect(told).to_contain_text("No review has the id “no/such? <b>&id#1”")
    expect(page.get_by_role("table", name=re.compile("^Colours and shapes"))).to_be_visible()


def test_a_finger_on_the_map(browser: Browser, explorer: Explorer) -> None:
    with watching(browser, explorer.url, touch=True) as watched:
        page = watched.open("/map?" + urlencode({"review": "webshop:209"}))
        tip, chart = page.locator(".tip"), page.get_by_role("application")
        expect(tip).to_be_visible()
        page.get_by_role("button", name="Close").tap()
        expect(tip).to_be_hidden()
        x, y = _middle(chart)
        page.touchscreen.tap(x + 5, y + 5)
        expect(tip).to_be_visible()
        finger = page.context.new_cdp_session(page)

        def draw(*fingers: list[tuple[float, float]]) -> None:
            """Move fingers along places, all of them one place at a time."""
            for kind, places in [
                ("touchStart", [path[0] for path in fingers]),
                *(("touchMove", [*step]) for step in zip(*fingers, strict=True)),
                ("touchEnd", []),
            ]:
                points = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(places)]
                finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        def view(unlike: str) -> str:
            """Return the view as the address has it, once it is another one."""
            expect(page).to_have_url(re.compile(rf"at=(?!{re.escape(unlike)}&).+&"))
            return page.url.partition("at=")[2].partition("&")[0]

        start = view("none")
        draw([(x - 8 * step, y) for step in range(10)])
        moved = view(start)
        draw([(x - 30 - 5 * at, y) for at in range(10)], [(x + 30 + 5 * at, y) for at in range(10)])
        zoomed = view(moved)
        places = [[float(one) for one in at.split("%2C")] for at in (start, moved, zoomed)]
        assert places[0][0] < places[1][0]
        assert places[0][2] == places[1][2] < places[2][2] / 1.5
        page.get_by_role("button", name="Show the whole map").tap()
        page.get_by_role("group", name="Drag to").get_by_text("Lasso", exact=True).tap()
        x, y = _middle(chart)
        draw([(x + 150 * a, y + 200 * b) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
        expect(page.get_by_role("region", name="Selection")).to_contain_text(
            re.compile(r"\d+ reviews")
        )


def test_anomalies(watched: Watched) -> None:
    page = watched.open("/anomalies")
    found = page.get_by_role("list", name="Reviews most unlike the rest").get_by_role("article")
    expect(found.first).to_be_visible()
    expect(found.first.get_by_role("list", name="Why")).to_be_visible()
    page.get_by_role("link", name="Copied reviews").click()
    expect(page).to_have_url(re.compile("tab=copies"))
    expect(page.get_by_text("word for word").first).to_be_visible()
    page.get_by_role("link", name="Stars against text").click()
    expect(page).to_have_url(re.compile("tab=stars"))
    expect(page.get_by_role("article").first).to_be_visible()


def test_upload_with_a_correction(watched: Watched, tmp_path: Path) -> None:
    file = tmp_path / "kettles.csv"
    file.write_text(_FILE, encoding="utf-8")
    page = watched.open("/upload")
    page.locator("input[type=file]").set_input_files(file)
    text = page.get_by_role("combobox", name="Text", exact=True)
    expect(page.get_by_role("alert")).to_contain_text("no column with a usual name")
    text.select_option("Q7")
    store = page.get_by_role("button", name=re.compile("^Store 4 reviews"))
    expect(store).to_be_enabled()
    store.click()
    expect(page.get_by_role("heading", name="Stored", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^new 4"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).click()
    assert "nothing was written" in download.value.path().read_text(encoding="utf-8-sig")
    watched.open("/?q=water+drips+from+the+spout")
    hits = page.get_by_role("list", name="Hits").get_by_role("article")
    expect(hits.first).to_contain_text("Water drips from the spout")


def test_share_an_address(watched: Watched) -> None:
    page = watched.open("/")
    page.get_by_role("searchbox", name="What reviews say").fill("battery does not last")
    page.get_by_role("checkbox", name=re.compile("^Ovandil Pebble Earbuds")).check()
    hits = page.get_by_role("list", name="Hits").get_by_role("article")
    expect(page).to_have_url(re.compile("product="))
    expect(hits.first.locator("mark").first).to_be_visible()
    names = [hit.get_attribute("aria-label") for hit in hits.all()]
    address = page.url
    # A colleague, who has none of this browser's state.
    browser = page.context.browser
    assert browser is not None
    other = browser.new_context()
    colleague = other.new_page()
    colleague.goto(address)
    seen = colleague.get_by_role("list", name="Hits").get_by_role("article")
    expect(seen.first.locator("mark").first).to_be_visible()
    assert [hit.get_attribute("aria-label") for hit in seen.all()] == names
    expect(colleague.get_by_role("checkbox", name=re.compile("^Ovandil Pebble"))).to_be_checked()
    other.close()


def _middle(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
