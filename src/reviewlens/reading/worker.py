"""The child's side of `children`: reads one conversion from standard input and does it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from typing import Any

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.documents.records import document_records
from reviewlens.reading.limits import ConversionLimits
from reviewlens.reading.objects import object_records
from reviewlens.reading.pages import page_records
from reviewlens.reading.sheets import sheet_records
from reviewlens.reading.spools import write_records

_TELL_SECONDS = 0.05
_RECORDS = {
    "sheet": sheet_records,
    "page": page_records,
    "json": object_records,
    "parquet": object_records,
}


def main() -> None:
    """Convert a file; say on standard output how far it is, and how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to answer
    asked = json.loads(sys.stdin.buffer.readline())
    conversion = Conversion(**{**asked, "limits": ConversionLimits(**asked["limits"])})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    records = _RECORDS.get(conversion.kind, document_records)
    notes: list[str] = []
    if conversion.kind == "parquet":
        _prepare_arrow()
    try:
        _limit_memory(conversion.memory)
        write_records(conversion, records(conversion, _Progress(), notes))
        _tell("done", notes)
    except UnreadableFile as error:
        _tell("refused", str(error))
    except MemoryError:
        _tell("memory")
    except Exception:
        _tell("failed", traceback.format_exc())
    os._exit(0)  # the other thread may still wait for standard input


class _Progress:
    """Tells how far the work is, not too often."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told > _TELL_SECONDS:
            self._told = now
            _tell("progress", done, total)


def _tell(*message: Any) -> None:  # noqa: ANN401 - what JSON can hold
    try:
        os.write(1, json.dumps(message).encode() + b"\n")
    except OSError:  # nobody hears it
        os._exit(1)


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def _prepare_arrow() -> None:
    """Load Arrow before the memory is limited: its code and threads take a part that is fixed."""
    import pyarrow as pa
    import pyarrow.parquet

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _limit_memory(most: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of a user's
        now = int(file.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = now + most
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


if __name__ == "__main__":
    main()
