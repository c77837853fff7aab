"""Conversions in a process of their own: bounded in memory, and ended at any moment.

Workbooks, PDFs and Markdown are read by libraries that hold all of a file in memory, cannot be
stopped, and end the process when memory ends. A child bears that: its memory is limited (on Linux,
by the operating system; elsewhere only by what is checked before), it is killed when the work is
cancelled, and other threads of this process go on meanwhile. It is started anew, not forked, for
this process has threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Literal

from reviewlens.errors import UnreadableFile
from reviewlens.reading.files import Input, state_of
from reviewlens.reading.limits import ConversionLimits

OnProgress = Callable[[str, int, int], None]
"""Told the stage, what of it is done, and what there is in all; stops the work by raising."""
READING = "reading"
"""The stage of a first pass over a file."""
Kind = Literal["sheet", "page", "json", "parquet", "pdf", "markdown", "text"]

_TICK_SECONDS = 0.1
_WORKER = "reviewlens.reading.worker"
_KINDS: dict[Kind, tuple[str, str]] = {
    "sheet": ("a workbook", "save the sheet with the reviews as CSV, which is read row by row"),
    "page": ("a table of a page", "save it as CSV, which is read row by row"),
    "json": ("JSON", "write one object a line (JSON lines), which is read line by line"),
    "parquet": ("a Parquet file", "write it in several files"),
    "pdf": ("a PDF", "split it, or print it to a new PDF"),
    "markdown": ("Markdown", "split it"),
    "text": ("a text", "split it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What is to be converted to records, and how far.

    Attributes:
        kind: What it is.
        path: Where its bytes are.
        name: As errors call it.
        target: Where its records go, as `spools` reads them.
        form: How the bytes are packed.
        sheet: Of a workbook, by name or number; without, the first that has the text, else the
            first that is filled.
        texts: Columns of the text that a sheet must have; none of them: one by a usual name; None:
            any sheet will do.
        encoding: Of a text.
        most: Records below the header after which to stop; None for all.
        limits: What it may cost.
    """

    kind: Kind
    path: str
    name: str
    target: str
    limits: ConversionLimits
    form: Literal["plain", "gzip", "zip"] = "plain"
    sheet: str = ""
    texts: Sequence[str] | None = ()
    encoding: str = ""
    most: int | None = None

    @property
    def source(self) -> Input:
        """The file itself, to be opened."""
        path = Path(self.path)
        return Input(self.name, path, self.form, state_of(path))

    @property
    def memory(self) -> int:
        """Bytes that it may take in memory."""
        packed = self.kind in ("sheet", "pdf", "parquet") or self.form != "plain"
        return self.limits.memory(Path(self.path).stat().st_size, packed=packed)

    def too_much_memory(self, why: str = "") -> UnreadableFile:
        """Return the error for a file that takes more memory than it may."""
        what, cure = _KINDS[self.kind]
        size = Path(self.path).stat().st_size
        return UnreadableFile(
            f"{self.name} would take more than the {self.memory / 1e6:,.0f} MB of memory that a "
            f"file of {_size(size)} may, read as {what}{why and f': {why}'}; {cure}."
        )


def convert(
    conversion: Conversion,
    *,
    on_progress: OnProgress | None = None,
    seconds: float | None = None,
) -> list[str]:
    """Convert a file in a process of its own; return what the user should know of it.

    Args:
        conversion: What, and how far.
        on_progress: Told how far it is, at least ten times a second; where it raises, the work
            ends at once.
        seconds: How long it may take.

    Raises:
        UnreadableFile: It cannot be read, or is beyond a limit.
    """
    end = None if seconds is None else time.monotonic() + seconds
    messages: SimpleQueue[list[Any] | None] = SimpleQueue()
    with _started() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        hearing = threading.Thread(target=_hear, args=(process.stdout, messages), daemon=True)
        hearing.start()
        try:
            # Standard input stays open: its end tells the child that this process has ended.
            process.stdin.write(json.dumps(asdict(conversion)).encode() + b"\n")
            process.stdin.flush()
            return _followed(conversion, process, messages, on_progress, end)
        finally:
            process.kill()
            hearing.join()


def _started() -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "MALLOC_ARENA_MAX": "1",  # each arena takes address space, which is limited
        "ARROW_DEFAULT_MEMORY_POOL": "system",  # as its own sets aside far more than it uses
    }
    return subprocess.Popen(
        # -P: a file of the current directory is never taken for a module.
        [sys.executable, "-P", "-m", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _hear(stream: IO[bytes], messages: SimpleQueue[list[Any] | None]) -> None:
    for line in stream:
        messages.put(json.loads(line))
    messages.put(None)


def _followed(
    conversion: Conversion,
    process: subprocess.Popen[bytes],
    messages: SimpleQueue[list[Any] | None],
    on_progress: OnProgress | None,
    end: float | None,
) -> list[str]:
    done = total = 0
    while True:
        try:
            message = messages.get(timeout=_TICK_SECONDS)
        except Empty:
            message = ["progress", done, total]
        match message:
            case ["progress", int(done), int(total)]:
                if on_progress is not None:
                    on_progress(READING, done, total)
            case ["done", list(notes)]:
                return notes
            case ["refused", str(said)]:
                raise UnreadableFile(said)
            case ["failed", str(trace)]:
                raise RuntimeError(f"the conversion of {conversion.name} failed:\n{trace}")
            case _:
                status = process.wait()
                if message is None and status > 0 and sys.platform != "win32":
                    raise RuntimeError(f"{_WORKER} ended with status {status}")
                raise conversion.too_much_memory()
        if end is not None and time.monotonic() > end:
            raise UnreadableFile(
                f"{conversion.name} takes longer to look at than a first look may; "
                f"{_KINDS[conversion.kind][1]}."
            )


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} KB"
