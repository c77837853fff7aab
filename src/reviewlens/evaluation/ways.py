"""The ways to search a sample of texts: each encoder by meaning, the collection's by words too."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from reviewlens.encoders import Encoder, embed_documents
from reviewlens.files.temporary import TemporaryFolder
from reviewlens.search import (
    Mode,
    by_both,
    by_words,
    dense_weight,
    one_per_review,
    pool_size,
    reachable_scores,
)
from reviewlens.store import Hit, KeywordHit, Pin, ReviewStore, StoredPassage
from reviewlens.text.passages import split_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 256


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """Texts in the passages of one encoder.

    Attributes:
        encoder: Whose.
        passages: All passages, those of a text one after the other.
        owners: int of shape (passages,): the place of the text that each is of.
        vectors: float32 of shape (passages, dimension).
    """

    encoder: Encoder
    passages: tuple[str, ...]
    owners: NDArray[np.intp]
    vectors: NDArray[np.float32]

    def pooled(self) -> NDArray[np.float32]:
        """Return one vector a text, the mean of its passages at unit length."""
        import numpy as np

        sums = np.zeros((int(self.owners[-1]) + 1, self.vectors.shape[1]), dtype=np.float32)
        np.add.at(sums, self.owners, self.vectors)
        unit: NDArray[np.float32] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit

    def nearest_passages(self, queries: NDArray[np.float32], limit: int) -> list[list[Hit]]:
        """Return the passages nearest to each query, nearest first; of equal ones the earlier."""
        import numpy as np

        found = []
        for start in range(0, len(queries), _BLOCK):
            similarities = queries[start : start + _BLOCK] @ self.vectors.T
            order = np.argsort(-similarities, axis=1, kind="stable")[:, :limit]
            for line, places in zip(similarities, order, strict=True):
                found.append([Hit(float(line[place]), self.stored(place)) for place in places])
        return found

    def stored(self, place: int, *, vector: bool = False) -> StoredPassage:
        """Return a passage as a store gives it; the text's place is the review id."""
        owner = int(self.owners[place])
        first = int(self.owners.searchsorted(owner))
        return StoredPassage(
            review_id=text_id(owner),
            passage=int(place) - first,
            text=self.passages[place],
            vector=self.vectors[place] if vector else None,
        )

    def place(self, passage: StoredPassage) -> int:
        """Return the place of a passage that a store gave."""
        return int(self.owners.searchsorted(int(passage.review_id))) + passage.passage


def text_id(place: int) -> str:
    """Return the id of the text at a place."""
    return f"{place:06}"


def embed(texts: Sequence[str], encoder: Encoder) -> Embedded:
    """Embed texts as `ingest` does: what is longer than the window is split.

    Args:
        texts: None empty.
        encoder: Whose vectors are wanted.
    """
    import numpy as np

    passages: list[str] = []
    owners: list[int] = []
    for place, (text, (tokens, _)) in enumerate(
        zip(texts, encoder.count_tokens(texts), strict=True)
    ):
        pieces = [text]
        if tokens > encoder.window:
            pieces = [one.text for one in split_text(text, encoder.window, encoder.count_tokens)]
        passages += pieces
        owners += [place] * len(pieces)
    vectors = embed_documents(encoder, passages)
    return Embedded(encoder, tuple(passages), np.array(owners, dtype=np.intp), vectors)


class WordIndex:
    """The keyword search of Milvus over a sample, in a Milvus Lite that lasts as long as this."""

    def __init__(self, texts: Embedded, analyzer: str) -> None:
        """Store the texts.

        Args:
            texts: Without their titles, which the stored ones have before them.
            analyzer: That of the collection.
        """
        encoder = texts.encoder
        self._texts = texts
        with ExitStack() as stack:
            folder = stack.enter_context(TemporaryFolder()).path
            store = ReviewStore.open(str(folder / "sample.db"), "sample", create=True)
            self._store = stack.enter_context(store)
            pin = Pin(encoder.name, encoder.fingerprint, encoder.dimension)
            store.create(pin, analyzer=analyzer)
            store.upsert(texts.stored(place, vector=True) for place in range(len(texts.passages)))
            store.settle()
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        """Return the index itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Remove it."""
        self._open.close()

    def find(self, queries: Sequence[str], limit: int) -> list[list[KeywordHit]]:
        """Return the passages that have words of each query, with their vectors, best first."""
        found: list[list[KeywordHit]] = []
        for start in range(0, len(queries), _BLOCK):
            block = queries[start : start + _BLOCK]
            answers = self._store.search_words(block, limit, fields=())
            found += [[self._whole(hit) for hit in answer] for answer in answers]
        return found

    def reachable(self, queries: Sequence[str]) -> list[float]:
        """Return for each query a score that no passage can pass."""
        return reachable_scores(self._store, queries, None)

    def _whole(self, hit: KeywordHit) -> KeywordHit:
        vector = self._texts.vectors[self._texts.place(hit.passage)]
        return replace(hit, passage=replace(hit.passage, vector=vector))


def rankings(
    texts: Embedded,
    mode: Mode,
    words: WordIndex | None,
    queries: Sequence[str],
    vectors: NDArray[np.float32],
    limit: int,
) -> list[list[str]]:
    """Return the ids of the texts that each query finds, best first.

    Args:
        texts: Where it is looked for.
        mode: How.
        words: The index of words, for any mode but `dense`.
        queries: What is asked.
        vectors: They, embedded, of shape (queries, dimension).
        limit: Texts for each query at most.
    """
    pool = pool_size(limit)
    near: list[list[Hit]] = [[] for _ in queries]
    if mode != "keyword":
        near = texts.nearest_passages(vectors, pool)
    if mode != "dense" and words is not None:
        named = words.find(queries, pool)
        near = [
            by_words(hits, vector)
            if mode == "keyword"
            else by_both(close, hits, vector, reachable=most, weight=dense_weight(query))
            for query, close, hits, vector, most in zip(
                queries, near, named, vectors, words.reachable(queries), strict=True
            )
        ]
    return [[hit.passage.review_id for hit in one_per_review(hits)[:limit]] for hits in near]
