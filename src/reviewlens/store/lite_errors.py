"""Trouble with a Milvus Lite directory in words: it has no server that could be looked after."""

from __future__ import annotations

import re

from reviewlens.errors import StoreError, StoreUnreachable

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')  # what stands in quotes may be the user's own words
FULL = r"no space left|\berrno 28\b|disk quota|\berrno 122\b"
_CURES = (
    (
        r"file too large|\berrno 27\b",
        "files may not be larger there (ulimit -f shows a limit): raise it, or give another --uri, "
        "and run the same again; what was stored before stays",
    ),
    (
        FULL,
        "there is no room for more of it: make room on its disk and run the same again; what was "
        "stored before stays, and an ingest goes on where it ended",
    ),
    (
        r"permission denied|\berrno 13\b|not permitted|\berrno 1\b|read-only|\berrno 30\b",
        "it cannot be written, or read: make its files your own, or give another --uri",
    ),
    (
        r"input/output error|\berrno 5\b",
        "its disk may be failing: copy the directory to another one, and look into the system's "
        "log",
    ),
    (
        r"corrupt|damaged|magic|parquet|thrift|checksum|crc\b|jsondecode|expecting value|"
        r"unpack|truncat|deseriali|end of (file|stream)|no such file|\berrno 2\b|codec can't|"
        r"invalid data|snappy|zstd|lz4",
        "its files may be damaged: move it away and ingest the reviews again, or put a copy of "
        "it in its place",
    ),
)
_AGAIN = "run it again; if that does not help, `reviewlens doctor` looks into it"


def lite_error(path: str, reason: str, *, silent: bool = False) -> StoreError:
    """Return our error for a Milvus Lite directory that could not do what was wanted.

    Args:
        path: Of the directory.
        reason: As Milvus Lite, or the system, told it.
        silent: Whether it reads as if nobody had answered.
    """
    plain = QUOTED.sub("", reason)
    for told, cure in _CURES:
        if re.search(told, plain, re.IGNORECASE):
            return StoreError(f"the Milvus Lite directory {path} cannot be used: {reason}; {cure}")
    if silent:
        return StoreUnreachable(
            f"Milvus Lite does not answer for {path}: {reason}; it runs inside this process, which "
            f"may have too much to do: {_AGAIN}"
        )
    return StoreError(f"the Milvus Lite directory {path} cannot do this: {reason}; {_AGAIN}")
