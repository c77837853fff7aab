"""Words found in Milvus Lite by arrays: a first search in a third of the time, and less memory.

Of each file Milvus Lite makes lists in Python, of every word the rows that have it, before the
first search by words; then it goes through these lists row by row. Here they are arrays.
What is answered is the same, but that of rows with equal scores those that were stored first come
first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from reviewlens.store.lite_version import is_known

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Found = tuple[NDArray[np.int64], NDArray[np.float32]]


def find_words_by_arrays() -> None:
    """Let Milvus Lite in this process find words so; a second call does nothing."""
    if not is_known():
        return
    from milvus_lite.engine.collection import Collection

    if not hasattr(Collection._search_sparse, "by_arrays"):
        Collection._search_sparse = _prepared(Collection._search_sparse)


def _prepared(original: Callable[..., Any]) -> Callable[..., Any]:
    def search_sparse(collection: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - it has no types
        if kwargs["metric_type"] == "BM25":
            _prepare(collection, kwargs["vector_field"])
        return original(collection, **kwargs)

    search_sparse.by_arrays = True  # type: ignore[attr-defined]
    return search_sparse


def _prepare(collection: Any, field: str) -> None:  # noqa: ANN401
    """Make the index of each file that has none; of others Milvus Lite makes its own."""
    from milvus_lite.index.sparse_factory import sparse_index_matches

    spec = collection._index_specs.get(field)
    params = spec.build_params if spec else {}
    segments, _ = collection._read_snapshot()
    for segment in segments:
        known = segment.sparse_indexes.get(field)
        if sparse_index_matches(known, "BM25", params) or not segment.num_rows:
            continue
        rows = segment.table.column(field).to_pylist()
        if all(row is None or isinstance(row, bytes) for row in rows):
            made = keyword_index()(
                k1=float(params.get("bm25_k1", 1.5)), b=float(params.get("bm25_b", 0.75))
            )
            made.build_packed([row or b"" for row in rows])
            segment.sparse_indexes[field] = made


@cache
def keyword_index() -> Any:  # noqa: ANN401 - a class of Milvus Lite's kind
    """Return the class of the index; Milvus Lite is imported when it is first asked for."""
    import numpy as np
    from milvus_lite.index.sparse_common import empty_results, validate_mask
    from milvus_lite.index.sparse_inverted import SparseInvertedIndex

    class KeywordIndex(SparseInvertedIndex):  # type: ignore[misc]
        """Which rows have a word, how often, and how long they are."""

        def build_packed(self, rows: Sequence[bytes]) -> None:
            """Build it of rows as they are stored: pairs of a word's number and its count."""
            pairs = np.frombuffer(b"".join(rows), dtype=[("word", "<u4"), ("count", "<f4")])
            of = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) // 8 for row in rows])
            order = np.argsort(pairs["word"], kind="stable")
            self._words, self._starts = np.unique(pairs["word"][order], return_index=True)
            self._rows, self._counts = of[order], pairs["count"][order]
            lengths = np.bincount(of, weights=pairs["count"], minlength=len(rows))
            self._doc_lengths = lengths.astype(np.float32)
            self.doc_count = len(rows)
            self.avgdl = float(lengths.mean()) if rows else 0.0

        def _having(self, word: int) -> slice:
            """Return where the rows that have a word stand among those of all words."""
            place = int(np.searchsorted(self._words, word))
            if place == len(self._words) or self._words[place] != word:
                return slice(0, 0)
            ends = self._starts[place + 1 : place + 2]
            return slice(int(self._starts[place]), int(ends[0]) if len(ends) else len(self._rows))

        def search(
            self,
            queries: Sequence[Mapping[int, float]],
            top_k: int,
            valid_mask: NDArray[np.bool_] | None = None,
        ) -> Found:
            mask = validate_mask(valid_mask, len(self._doc_lengths))
            ids, distances = empty_results(len(queries), top_k)
            longer = self._doc_lengths / np.float32(self.avgdl or 1.0)
            for place, query in enumerate(queries):
                scores = np.zeros(self.doc_count, dtype=np.float32)
                for word, weight in query.items():
                    having = self._having(word)
                    rows, counts = self._rows[having], self._counts[having]
                    rarity = math.log((self.doc_count - len(rows) + 0.5) / (len(rows) + 0.5) + 1)
                    share = counts + self.k1 * (1 - self.b + self.b * longer[rows])
                    scores[rows] += rarity * (counts * (self.k1 + 1) / share) * weight
                found = np.flatnonzero(scores if mask is None else scores * mask)
                best = found[np.argsort(-scores[found], kind="stable")[:top_k]]
                ids[place, : len(best)], distances[place, : len(best)] = best, -scores[best]
            return ids, distances

    return KeywordIndex
