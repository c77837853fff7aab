"""What the collection holds of the reviews of one run, asked once and kept small.

The first pass asks, in few large requests; the second looks up here and leaves the store to the
thread that writes. Only digests are kept: a passage takes 36 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reviewlens.store import ReviewStore, StoredPassage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REQUEST_PASSAGES = 20_000
"""How many passages one request is about. On Lite each request goes over the whole collection
(4 s a million passages of 384 dimensions), on a server each waits for earlier writes (0.3 s)."""

SIGNATURE = ("author", "product", "time")
"""The fields that tell whether a stored review is the one that comes under its id."""

_ROW = [("review", "i8"), ("passage", "i4"), ("embedding", "i8"), ("fields", "i8")]

Hashes = tuple[int, int]
"""Digests of the two parts of a content hash: what shapes the embedding, and all other fields."""


def hashes(content_hash: str) -> Hashes:
    """Return the digests of a content hash: Python's own, of 64 bits, under a random key.

    Two reviews of a million share a digest with a chance of 3 in 100 million, and are then encoded
    again each time. A change is overlooked with a chance of 2**-64.
    """
    embedding, _, fields = content_hash.partition(".")
    return hash(embedding), hash(fields)


def awaits_ingest(content_hash: str) -> bool:
    """Tell whether a stored review was found damaged and waits for the next ingest of its file.

    Its hash then lacks the first half or the second, which fits nothing: the ingest embeds the
    review again, or writes the fields that are not embedded.
    """
    embedding, _, fields = content_hash.partition(".")
    return not (embedding and fields)


class StoredReviews:
    """The passages that are stored of the reviews of a run, with their content hashes.

    What the run itself writes is seen where it can matter: for an id that comes twice, which
    is an id that stands in two files.

    Args:
        store: The collection, None when there is none yet.
    """

    def __init__(self, store: ReviewStore | None) -> None:
        self._store = store if store is not None and store.exists else None
        self._asked: list[NDArray[np.int64]] = []
        self._answers: list[NDArray[np.void]] = []
        self._index: _Index | None = None
        self._written: dict[int, Mapping[int, Hashes]] = {}

    def read(self, review_ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Ask the store for some reviews; return the passages that carry them, by review id.

        Returns:
            Passages with the fields of `SIGNATURE`; a review that is not stored is left out.
        """
        self._asked.append(_digests(review_ids))
        if self._store is None or not review_ids:
            return {}
        found = self._store.passages(review_ids, ("content_hash", *SIGNATURE))
        self._answers.append(_rows(found))
        return {row.review_id: row for row in found if row.passage == 0}

    def passages(self, review_ids: Sequence[str]) -> list[Mapping[int, Hashes]]:
        """Return what is stored of each review that was read: its passages' hashes by number."""
        digests = _digests(review_ids)
        stored = self._sorted().passages(digests)
        return [
            self._written.get(digest, passages)
            for digest, passages in zip(digests.tolist(), stored, strict=True)
        ]

    def note(self, review_id: str, passages: int, written: Hashes) -> None:
        """Take down what the run makes of a review, for the case that its id comes again."""
        if hash(review_id) in self._sorted().repeated:
            self._written[hash(review_id)] = dict.fromkeys(range(passages), written)

    def _sorted(self) -> _Index:
        """Return the index of all that was read; nothing can be read after this."""
        if self._index is None:
            self._index = _Index(self._asked, self._answers)
            self._asked, self._answers = [], []
        return self._index


class _Index:
    """Passages sorted by review, and the ids that were asked for twice."""

    def __init__(self, asked: list[NDArray[np.int64]], answers: list[NDArray[np.void]]) -> None:
        import numpy as np

        rows = np.concatenate([_rows(()), *answers])
        self._rows = rows[np.argsort(rows["review"], kind="stable")]
        self._reviews = np.ascontiguousarray(self._rows["review"])  # or each search would copy it
        ids = np.sort(np.concatenate([_digests(()), *asked]))
        self.repeated = frozenset(ids[1:][ids[1:] == ids[:-1]].tolist())

    def passages(self, digests: NDArray[np.int64]) -> list[dict[int, Hashes]]:
        import numpy as np

        starts = np.searchsorted(self._reviews, digests, side="left").tolist()
        ends = np.searchsorted(self._reviews, digests, side="right").tolist()
        return [
            {
                number: (embedding, fields)
                for _, number, embedding, fields in self._rows[start:end].tolist()
            }
            for start, end in zip(starts, ends, strict=True)
        ]


def _digests(texts: Sequence[str]) -> NDArray[np.int64]:
    import numpy as np

    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))


def _rows(found: Sequence[StoredPassage]) -> NDArray[np.void]:
    import numpy as np

    return np.array(
        [(hash(row.review_id), row.passage, *hashes(row.content_hash)) for row in found],
        dtype=_ROW,
    )
