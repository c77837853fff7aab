"""Chromium as the operating system has it, for Playwright.

On Debian the package `chromium-headless-shell`, which has no windows and takes less time than
`chromium`; that does as well.

Environment:
    REVIEWLENS_TEST_CHROMIUM: the program, if it has another name.
"""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

ABSENT = "no Chromium on this machine; on Debian: apt-get install chromium-headless-shell"
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL by the processor, as on a machine without a graphics card.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


def program() -> str | None:
    """Return the path of Chromium, None where there is none."""
    names = (os.environ.get("REVIEWLENS_TEST_CHROMIUM"), *_PROGRAMS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Start it; a script ends here where there is none."""
    path = program()
    if path is None:
        raise SystemExit(ABSENT)
    return playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
