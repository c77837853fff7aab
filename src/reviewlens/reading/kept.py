"""The chunks of the first reading kept for the second, so that no row is made a review twice."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from dataclasses import fields
from io import FileIO
from operator import attrgetter
from typing import Any

from reviewlens.files.temporary import TemporaryFile
from reviewlens.reading.details import Told
from reviewlens.reading.model import Chunk, Location, Rejected, Review

MOST_KEPT_BYTES = 2**30
_SIZE_BYTES = 8
_LOCATION = [f"location.{field.name}" for field in fields(Location)]
_OF_REVIEW, _OF_REJECTED = (
    attrgetter(*_LOCATION, *(field.name for field in fields(kind) if field.name != "location"))
    for kind in (Review, Rejected)
)


class KeptChunks:
    """Keeps chunks in a file without a name: whatever ends the process, nothing of it is left.

    Where they are very large, or the disk has no room for them, they are not kept.

    Attributes:
        whole: Whether all that was read is kept.
    """

    def __init__(self) -> None:
        self.whole = False
        self._copy: TemporaryFile | None = None

    def keep(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield chunks, each when it is kept."""
        self.close()
        file = self._opened()
        try:
            for chunk in chunks:
                if self._copy is not None and not _written(file, _packed(chunk)):
                    self.close()
                yield chunk
        finally:
            if file is not None:
                file.close()
        self.whole = self._copy is not None

    def __iter__(self) -> Iterator[Chunk]:
        """Yield what is kept, in order."""
        assert self._copy is not None
        with self._copy.path.open("rb") as file:
            while size := file.read(_SIZE_BYTES):
                yield _unpacked(file.read(int.from_bytes(size)))

    def close(self) -> None:
        """Give up what is kept."""
        self.whole = False
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def _opened(self) -> FileIO | None:
        try:
            self._copy = TemporaryFile()
            # Without a buffer, of which the rest could fail to be written when it is closed.
            return FileIO(str(self._copy.path), "wb")
        except OSError:
            self.close()
            return None


def _written(file: FileIO | None, packed: bytes) -> bool:
    """Write a chunk behind its size, and tell whether there was room for it."""
    if file is None or file.tell() > MOST_KEPT_BYTES:
        return False
    whole = len(packed).to_bytes(_SIZE_BYTES) + packed
    try:
        return file.write(whole) == len(whole)
    except OSError:
        return False


def _packed(chunk: Chunk) -> bytes:
    reviews = list(map(_OF_REVIEW, chunk.reviews))
    rejected = list(map(_OF_REJECTED, chunk.rejected))
    # A text that stands in several places is written once.
    private = chunk.private.rows, dict(chunk.private.details)
    return marshal.dumps((chunk.read, chunk.duplicates, chunk.silent, private, reviews, rejected))


def _unpacked(packed: bytes) -> Chunk:
    read, duplicates, silent, private, reviews, rejected = marshal.loads(packed)
    return Chunk(
        read,
        tuple(_review(*one) for one in reviews),
        tuple(Rejected(Location(*one[:3]), *one[3:]) for one in rejected),
        duplicates,
        silent,
        Told(*private),
    )


def _review(file: str, line: int, record: int, *values: Any) -> Review:  # noqa: ANN401
    review_id, text, original, embedded, *others = values
    return Review(review_id, text, original, embedded, Location(file, line, record), *others)
