"""A browser, and the explorer for it to look at; each module has its own.

Playwright keeps an event loop in its thread, so the browser must be gone before other tests begin.

The browser is Chromium as the operating system has it, which `.ci/run` installs; nothing is
downloaded by a test.

Environment:
    REVIEWLENS_REQUIRE_BROWSER: set to 1, a test fails where there is none; it is skipped otherwise.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from chromium import ABSENT, launch, program
from watching import Explorer, Serve, Watched, watching

_START_SECONDS = 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if program() is None:
        if os.environ.get("REVIEWLENS_REQUIRE_BROWSER") == "1":
            pytest.fail(f"REVIEWLENS_REQUIRE_BROWSER=1, but {ABSENT}", pytrace=False)
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        expect.set_options(timeout=20_000)
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start `reviewlens serve` for a Milvus Lite directory; all are stopped at the end."""
    started: list[Explorer] = []

    def start(database: Path) -> Explorer:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path_factory.mktemp("serve") / "log"
        command = "from reviewlens.cli import main; main()"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-c", command, "--uri", str(database), "serve", "--port",
                 str(port)],
                stdout=written, stderr=subprocess.STDOUT,
            )  # fmt: skip
        explorer = Explorer(f"http://127.0.0.1:{port}", process)
        started.append(explorer)
        for _ in range(_START_SECONDS * 10):
            if process.poll() is not None:
                break
            try:
                with urlopen(f"{explorer.url}/healthz", timeout=5):
                    return explorer
            except OSError:  # not yet listening, or not yet answering
                time.sleep(0.1)
        pytest.fail(f"reviewlens serve did not come up: {log.read_text()}", pytrace=False)

    yield start
    for explorer in started:
        explorer.process.terminate()
    for explorer in started:
        try:
            explorer.process.wait(20)
        except subprocess.TimeoutExpired:
            explorer.process.kill()
            explorer.process.wait()


@pytest.fixture(scope="session")
def themed_sample(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reviews with saved themes; a copy of its own for whoever serves it."""
    from milvus_lite.server_manager import server_manager_instance

    from reviewlens import Corpus

    server_manager_instance.release_server(str(sample_path))
    path = tmp_path_factory.mktemp("themed") / "reviews.db"
    shutil.copytree(sample_path, path)
    with Corpus.open(path) as corpus:
        corpus.themes.save()
    server_manager_instance.release_server(str(path))
    return path


@pytest.fixture(scope="module")
def explorer(serve: Serve, themed_sample: Path) -> Explorer:
    """The explorer of the sample reviews; tests that change it say so by their order."""
    return serve(themed_sample)


@pytest.fixture
def watched(browser: Browser, explorer: Explorer) -> Iterator[Watched]:
    """A fresh page on the sample; that nothing was wrong on it is checked at the end."""
    with watching(browser, explorer.url) as watched:
        yield watched
