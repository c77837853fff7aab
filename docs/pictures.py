"""Write the pictures of the explorer that the documents show, of the sample reviews.

    python docs/pictures.py            # needs Chromium, on Debian the package `chromium`

The sample is stored anew in a folder that goes away; nothing of the user's is touched.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chromium import launch
from reviewlens import Corpus

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
# Of each page its address, and what is there once it is complete.
PAGES = {
    "search": ("/?q=arrived+broken", "[aria-label='How often this is said'] svg"),
    "themes": ("/themes", "li.theme svg"),
    "theme": ("/themes?theme=1", "figure svg"),
    "map": ("/map", ".stage[aria-busy='false']"),
    "anomalies": ("/anomalies", "[aria-label='Reviews most unlike the rest'] article"),
    "upload": ("/upload", "table"),
    "export": ("/export", "main h2"),
}


def main() -> None:
    """Store the sample, serve it, and take each picture in light and dark."""
    command = "from reviewlens.cli import main; main()"
    with tempfile.TemporaryDirectory() as folder:
        uri = str(Path(folder) / "reviews.db")
        _store(uri)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        base = f"http://127.0.0.1:{port}"
        with subprocess.Popen(
            [sys.executable, "-c", command, "--uri", uri, "serve", "--port", port]
        ) as process:
            try:
                _wait(f"{base}/healthz")
                with sync_playwright() as playwright:
                    browser = launch(playwright)
                    _draw(browser, base)
                    browser.close()
            finally:
                process.terminate()


def _store(uri: str) -> None:
    with Corpus.open(uri) as corpus:
        corpus.ingest(ROOT / "datasets" / "sample_reviews.csv", source_column="source")
        corpus.themes.save()


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"{url} does not answer")


def _draw(browser: Browser, base: str) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": 1280, "height": 860},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        for name, (path, complete) in PAGES.items():
            page.goto(base + path)
            if name == "upload":
                file = ROOT / "datasets" / "sample_reviews.csv"
                page.locator("input[type=file]").set_input_files(file)
            expect(page.locator(complete).first).to_be_visible(timeout=60_000)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(800)  # for what is drawn after the last answer
            page.screenshot(path=IMAGES / f"explorer-{name}-{scheme}.png")
        context.close()


if __name__ == "__main__":
    main()
