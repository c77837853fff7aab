"""A page of the explorer, and what must not happen on it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request

# What the browser's console says of a policy that stopped something.
_VIOLATIONS = ("Content Security Policy", "Content-Security-Policy", "TrustedHTML", "TrustedScript")
# Chromium breaks off what it is loading when a network interface comes up.
_CHANGED = "ERR_NETWORK_CHANGED"
_TIMES = 5


@dataclass
class Watched:
    """A page, and what must not happen on it.

    Attributes:
        page: Playwright's.
        base: The explorer's address.
        dialogs: What scripts said in dialogs of the browser's own.
        violations: What the Content-Security-Policy stopped.
        errors: Exceptions that no script caught.
    """

    page: Page
    base: str
    dialogs: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the explorer; again where the network changed, as containers make it."""
        for _ in range(_TIMES):
            changed: list[str] = []
            listen = partial(_note_change, changed)
            self.page.on("requestfailed", listen)
            try:
                self.page.goto(self.base + path)
            except Error as error:
                if _CHANGED not in error.message:
                    raise
                changed.append(error.message)
            self.page.remove_listener("requestfailed", listen)
            if not changed:
                break
        return self.page

    def hear(self) -> None:
        """Take note of what must not happen."""
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if any(sign in message.text for sign in _VIOLATIONS):
            self.violations.append(message.text)

    @property
    def trouble(self) -> list[str]:
        """Everything that must not have happened."""
        return [*self.dialogs, *self.violations, *self.errors]


def _note_change(changed: list[str], request: Request) -> None:
    if _CHANGED in (request.failure or ""):
        changed.append(request.url)


@contextmanager
def watching(browser: Browser, base: str, *, touch: bool = False) -> Iterator[Watched]:
    """A fresh page on an explorer; that nothing was wrong on it is checked at the end.

    With `touch` it is that of a telephone, which has no pointer.
    """
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if touch else {"width": 1280, "height": 900},
        has_touch=touch,
        is_mobile=touch,
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    watched = Watched(page, base)
    watched.hear()
    yield watched
    context.close()
    assert watched.trouble == []


@dataclass(frozen=True, slots=True)
class Explorer:
    """A running `reviewlens serve`."""

    url: str
    process: subprocess.Popen[bytes]


Serve = Callable[[Path], Explorer]
