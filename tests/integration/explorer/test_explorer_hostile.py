"""Fifty hostile reviews are shown as the text they are, on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hostile import HOSTILE, write_hostile
from watching import Explorer, Serve, Watched, watching

HOSTILE_FILE = "<img src=x onerror=alert(0)>.csv"


@pytest.fixture(scope="module")
def hostile(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    """The explorer of the hostile reviews; each of them is a theme's name besides."""
    from milvus_lite.server_manager import server_manager_instance

    from reviewlens import Corpus
    from reviewlens.encoders import load_encoder

    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(folder / HOSTILE_FILE)
    with Corpus.open(folder / "reviews.db", encoder=load_encoder(device="cpu")) as corpus:
        report = corpus.ingest(folder / HOSTILE_FILE, source_column="shop", reads=["mul"])
        assert report.indexed == len(HOSTILE) == 50
        for number, theme in enumerate(corpus.themes.save(resolution=3).clusters):
            corpus.themes.rename(theme.cluster, HOSTILE[7 * number % 50])
    server_manager_instance.release_server(str(folder / "reviews.db"))
    return serve(folder / "reviews.db")


@pytest.fixture
def watched(browser: Browser, hostile: Explorer) -> Iterator[Watched]:
    with watching(browser, hostile.url) as watched:
        yield watched


def test_search_shows_all_fifty_as_text(watched: Watched) -> None:
    page = watched.open("/?q=The+parcel+came+and+it+said&n=50")
    cards = page.get_by_role("list", name="Hits").get_by_role("article")
    expect(cards).to_have_count(50)
    shown = "\n".join(cards.all_inner_texts())
    for text in HOSTILE:
        # A browser draws runs of white space as one, and line separators as space.
        wanted = re.sub(r"\s+", " ", text).strip()
        assert wanted in re.sub(r"\s+", " ", shown), text
    assert page.locator("main script, main iframe, main object, main svg script").count() == 0


def test_every_page_runs_nothing_of_them(watched: Watched) -> None:
    themes = watched.open("/themes")
    expect(themes.get_by_role("list", name="All themes").get_by_role("link").first).to_be_visible()
    themes.get_by_role("list", name="All themes").get_by_role("link").first.click()
    expect(themes.get_by_role("region", name="Quotes")).to_be_visible()
    for path in ("/anomalies", "/anomalies?tab=copies", "/anomalies?tab=stars", "/export"):
        page = watched.open(path)
        page.wait_for_load_state("networkidle")
    page = watched.open("/map")
    legend = page.get_by_role("table", name=re.compile("^Colours and shapes"))
    expect(legend).to_be_visible()


def test_upload_runs_nothing_of_them(watched: Watched, tmp_path: Path) -> None:
    write_hostile(tmp_path / HOSTILE_FILE)
    page = watched.open("/upload")
    page.locator("input[type=file]").set_input_files(tmp_path / HOSTILE_FILE)
    expect(page.get_by_role("button", name=re.compile(r"^Store \d+ reviews"))).to_be_enabled()
    expect(page.get_by_role("heading", name=HOSTILE_FILE)).to_be_visible()
