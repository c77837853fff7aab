"""What is said on stderr: progress, notes and errors."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any, ClassVar

import click

_BAR_AFTER_SECONDS = 2.0


class Messages:
    """Says things on stderr, as text or as one JSON object a line."""

    current: ClassVar[Messages]

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self._as_json = as_json
        self._quiet = quiet
        self._started = time.monotonic()
        self._bar: Any = None
        self._done = 0
        self._stage = ""
        self._told = ("", 0)

    def note(self, text: str, *, weighty: bool = False) -> None:
        """Say what the user should know; with `--quiet`, only what is weighty."""
        if weighty or not self._quiet:
            self._say("note", text)

    def error(self, text: str) -> None:
        """Say what went wrong."""
        self.finish()
        self._say("error", text)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Show how far a long run is, after two seconds, where someone watches."""
        if self._quiet:
            return
        if stage != self._stage:
            self.finish()
            self._stage = stage
        late = time.monotonic() - self._started > _BAR_AFTER_SECONDS
        if self._as_json:
            if (stage, done) != self._told:  # else it is a sign of life alone
                self._say("progress", "", stage=stage, done=done, total=total)
            self._told = (stage, done)
        elif self._bar is None and late and done < total and sys.stderr.isatty():
            self._bar = click.progressbar(length=total, label=stage, file=sys.stderr, show_pos=True)
            self._bar.__enter__()
            self._done = 0
        if self._bar is not None:
            self._bar.update(done - self._done)
            self._done = done

    def finish(self) -> None:
        """Take the progress bar down."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def _say(self, level: str, text: str, **more: object) -> None:
        if self._as_json:
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            entry = {"time": moment, "level": level, **({"message": text} if text else {}), **more}
            click.echo(json.dumps(entry, ensure_ascii=False), err=True)
        else:
            click.echo(f"reviewlens: {text}" if level == "error" else text, err=True)


Messages.current = Messages()


class NotesHandler(logging.Handler):
    """Shows what the library logs as notes."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it on stderr."""
        Messages.current.note(record.getMessage())
