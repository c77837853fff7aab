"""ReviewStore: the reviews in one Milvus collection."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewlens.errors import StoreError, Unsupported
from reviewlens.store import schema
from reviewlens.store.addresses import is_local
from reviewlens.store.collection import Collection
from reviewlens.store.connection import REQUEST_SECONDS
from reviewlens.store.failures import is_too_large
from reviewlens.store.filters import Filters, any_of, choose, compile_filters
from reviewlens.store.hits import Hit, KeywordHit
from reviewlens.store.schema import StoredPassage, by_review, decode_row, passage_id
from reviewlens.vectors import described, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UPSERT_ROWS = 1_000
UPSERT_BYTES = 8_000_000
KEYS_AT_ONCE = 1_000
"""Primary keys in one deletion."""
HEADS = "passage == 0"
"""The rows that carry a review, of which there is one each."""
WINDOW = 16_384
"""A server's largest result; also its largest number of queries in one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """What is asked for at once by primary keys.

    Attributes:
        rows: Rows in one answer at most: it is requests that cost, on Lite each goes over all rows.
        bytes: What a page may be estimated at.
        first_rows: Rows in the first page of fields of any length, before it is seen how long they
            are.
    """

    rows: int = 8_000
    bytes: int = 8_000_000
    first_rows: int = 1_000


class ReviewStore(Collection):
    """Reviews, their passages and vectors in one collection of Milvus Lite or a server.

    Writes to one store must not overlap. Reads may, with each other and with a write; see `lite`
    for how Milvus Lite comes to stand that.

    Attributes:
        page_limits: What is read at once.
    """

    page_limits = PageLimits()

    @property
    def readable_heads(self) -> str:
        """The expression of one row for each review that the encoder reads.

        Of the others a vector says nothing.
        """
        readable = self.languages.readable
        return f"{HEADS} and {readable}" if readable else HEADS

    # -- writing -----------------------------------------------------------------------------

    def upsert(self, passages: Iterable[StoredPassage]) -> int:
        """Write passages, replacing those with the same id; return how many.

        Raises:
            StoreError: A vector cannot be used, or Milvus did not confirm every row.
        """
        written = 0
        for rows in schema.batches(
            passages,
            version=self.pin.schema_version,
            most_rows=UPSERT_ROWS,
            most_bytes=UPSERT_BYTES,
        ):
            self._check_vectors(rows)
            self.require_service()
            with self._changing():
                answer = self._client.upsert(self._actual, rows, timeout=REQUEST_SECONDS)
            if answer.get("upsert_count") != len(rows):
                raise StoreError(
                    f"Milvus at {self.uri} confirmed {answer.get('upsert_count')} of "
                    f"{len(rows)} rows: run the command again"
                )
            written += len(rows)
        return written

    def _check_vectors(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Refuse rows with vectors that searches and insights would answer nonsense from."""
        import numpy as np

        dimension = self.pin.dimension
        for row in rows:
            if row["vector"].shape != (dimension,):
                raise StoreError(
                    f"the passage {row['id']!r} has a vector of shape {row['vector'].shape}, and "
                    f"the collection {self.name!r} holds vectors of {dimension} numbers: nothing "
                    "of it was stored"
                )
        vectors = np.stack([row["vector"] for row in rows])
        wrong = unusable(vectors)
        if wrong.any():
            place = int(wrong.argmax())
            raise StoreError(
                f"the passage {rows[place]['id']!r} has a vector {described(vectors[place])}, and "
                "one of finite numbers and length 1 is stored alone: `reviewlens reindex` embeds "
                "what is stored so anew"
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Delete passages by primary key; unknown keys are passed over.

        Those that carry reviews go last, so that who was interrupted finds the reviews again.
        """
        ordered = sorted(ids, key=lambda key: key.endswith("#0"))
        for start in range(0, len(ordered), KEYS_AT_ONCE):
            page = ordered[start : start + KEYS_AT_ONCE]
            self.require_service()
            with self._changing():
                # pymilvus puts keys that it is given between quotes as they are.
                self._client.delete(
                    self._actual, filter=any_of("id", page), timeout=REQUEST_SECONDS
                )

    # -- reading -----------------------------------------------------------------------------

    def get(self, ids: Sequence[str], fields: Sequence[str]) -> dict[str, StoredPassage]:
        """Return passages by primary key; a key that is not stored is left out.

        Args:
            ids: Primary keys, as `passage_id` makes them.
            fields: Names from `schema.FIELDS`.
        """
        found: dict[str, StoredPassage] = {}
        for _, page in self._pages(ids, fields):
            found.update(page)
        return found

    def _pages(
        self, ids: Sequence[str], fields: Sequence[str]
    ) -> Iterator[tuple[int, dict[str, StoredPassage]]]:
        """Yield how many of the primary keys were asked for, and what is stored under them."""
        fixed = _fixed_bytes(fields, self.pin.dimension)
        most = self.page_limits
        start, size = 0, most.first_rows if any(name in _LONG for name in fields) else most.rows
        size = max(1, min(size, most.rows, most.bytes // fixed))
        while start < len(ids):
            rows = self._page(list(ids[start : start + size]), fields)
            yield size, {row["id"]: decode_row(row) for row in rows}
            start += size
            if rows:
                row_bytes = fixed + sum(map(_text_bytes, rows)) // len(rows)
                size = max(1, min(most.rows, most.bytes // row_bytes))

    def _page(self, ids: list[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Return rows by primary key, in several answers where one would be too large."""
        try:
            with self._asking():
                rows: list[dict[str, Any]] = self._client.query(
                    self._actual,
                    filter=any_of("id", ids),
                    output_fields=self._there(fields),
                    timeout=REQUEST_SECONDS,
                )
                self._doubt_nothing(rows)
        except StoreError as error:
            # Rows that are much longer than those before them.
            if len(ids) == 1 or not is_too_large(error.__cause__):
                raise
            half = len(ids) // 2
            return [*self._page(ids[:half], fields), *self._page(ids[half:], fields)]
        return rows

    def passages(self, review_ids: Sequence[str], fields: Sequence[str]) -> list[StoredPassage]:
        """Return all passages of some reviews, in no order.

        They are asked for in one request, however many they are, for it is requests that cost: on
        Lite each goes over the whole collection, on a server each waits for earlier writes.

        Args:
            review_ids: Some ten thousand at most; an id that is not stored is left out.
            fields: Names from `schema.FIELDS`, small ones.
        """
        if not review_ids:
            return []
        with self._asking():
            rows = self._client.query(
                self._actual,
                filter=any_of("review_id", review_ids),
                output_fields=self._there(fields),
                timeout=REQUEST_SECONDS,
            )
            self._doubt_nothing(rows)
        return [decode_row(row) for row in rows]

    def heads(self, review_ids: Sequence[str], fields: Sequence[str]) -> dict[str, StoredPassage]:
        """Return the passages that carry some reviews, by review id."""
        found = self.get([passage_id(review_id, 0) for review_id in review_ids], fields)
        return {stored.review_id: stored for stored in found.values()}

    def passage_ids(self, filters: Filters, *, base: str = "") -> list[str]:
        """Return the primary keys of all passages that match, in order."""
        pages = self._everything(filters, base, ())
        return sorted(row["id"] for rows in pages for row in rows)

    def rows(
        self, fields: Sequence[str], filters: Filters | None = None, *, base: str = HEADS
    ) -> Iterator[list[StoredPassage]]:
        """Yield the passages that match, in pages and in no order; faster than `scan`.

        Args:
            fields: Names from `schema.FIELDS`, small ones: on Lite all rows are one answer.
            filters: Which reviews.
            base: `passage == 0` for one row a review, empty for every passage.
        """
        for rows in self._everything(filters or Filters(), base, fields):
            yield [decode_row(row) for row in rows]

    def _everything(
        self, filters: Filters, base: str, fields: Sequence[str]
    ) -> Iterator[list[dict[str, Any]]]:
        """Yield all rows that match, in no order."""
        expression = self._expression(filters, base) or 'id != ""'
        # On Lite one request is linear, and an iterator would scan again for each page; a
        # server answers no more than its window at once.
        limit = 2**31 - 1 if self.milvus.lite else WINDOW
        with self._asking():
            rows = self._client.query(
                self._actual,
                filter=expression,
                output_fields=self._there(fields),
                limit=limit,
                timeout=REQUEST_SECONDS,
            )
            self._doubt_nothing(rows)
        if len(rows) < limit:
            yield rows
        else:
            yield from self._iterate(expression, fields)

    def _iterate(self, expression: str, fields: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        with self._asking(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older servers give no snapshot time
            iterator = self._client.query_iterator(
                self._actual,
                batch_size=WINDOW - 1,
                filter=expression,
                output_fields=self._there(fields),
                timeout=REQUEST_SECONDS,
            )
        try:
            while True:
                with self._asking():
                    rows = iterator.next()
                if not rows:
                    return
                yield rows
        finally:
            iterator.close()

    def passages_of(self, review_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return the primary keys of all passages of some reviews, by review id."""
        found: dict[str, list[str]] = {review_id: [] for review_id in review_ids}
        size = self.page_limits.rows
        for start in range(0, len(review_ids), size):
            page = choose(ids=review_ids[start : start + size])
            found |= by_review(self.passage_ids(page))
        return found

    def scan(
        self, fields: Sequence[str], filters: Filters | None = None, *, base: str = HEADS
    ) -> Iterator[list[StoredPassage]]:
        """Yield the passages that match in pages, ordered by id: a snapshot of the ids.

        Args:
            fields: Names from `schema.FIELDS`.
            filters: Which reviews.
            base: `passage == 0` for one row a review, empty for every passage.
        """
        yield from self.pages(self.passage_ids(filters or Filters(), base=base), fields)

    def pages(self, ids: Sequence[str], fields: Sequence[str]) -> Iterator[list[StoredPassage]]:
        """Yield passages by primary key in pages, in the order of the keys.

        A key that is no longer stored is left out.

        Args:
            ids: Primary keys.
            fields: Names from `schema.FIELDS`.
        """
        start = 0
        for asked, found in self._pages(ids, fields):
            yield [found[key] for key in ids[start : start + asked] if key in found]
            start += asked

    def count(self, filters: Filters | None = None, *, base: str = HEADS) -> int:
        """Return how many reviews match, or passages with an empty `base`."""
        expression = self._expression(filters or Filters(), base)
        with self._asking():
            if expression == HEADS and is_local(self.uri):
                # Milvus Lite makes a row of each that an expression finds, whatever is asked for.
                counted: int = self._client.count_without(
                    self._actual, "passage > 0", timeout=REQUEST_SECONDS
                )
            else:
                rows = self._client.query(
                    self._actual,
                    filter=expression,
                    output_fields=["count(*)"],
                    timeout=REQUEST_SECONDS,
                )
                counted = int(rows[0]["count(*)"])
            self._doubt_nothing(range(counted))
        return counted

    def search(
        self,
        vectors: NDArray[np.float32],
        limit: int,
        filters: Filters | None = None,
        *,
        fields: Sequence[str] = ("review_id",),
    ) -> list[list[Hit]]:
        """Return the passages nearest to each vector, nearest first.

        Args:
            vectors: float32 of shape (queries, dimension), unit length.
            limit: Passages for each query, at most 16,384.
            filters: Which reviews may be found, none in a language that the encoder does not read.
            fields: Names from `schema.FIELDS`.
        """
        limit = min(limit, WINDOW)
        # A filter leaves HNSW fewer of the candidates that it looks at.
        effort = min(max(256, 4 * limit), 32_768)
        with self._asking():
            answers = self._client.search(
                self._actual,
                data=list(vectors),
                anns_field="vector",
                limit=limit,
                filter=self._expression(filters or Filters(), self.languages.readable),
                output_fields=self._there(fields),
                search_params={"metric_type": "COSINE", "params": {"ef": effort}},
                timeout=REQUEST_SECONDS,
            )
            for answer in answers:
                self._doubt_nothing(answer)
        found = [
            [Hit(float(hit["distance"]), decode_row(hit["entity"])) for hit in answer]
            for answer in answers
        ]
        for hits in found:
            hits.sort(key=lambda hit: (-hit.similarity, hit.passage.review_id, hit.passage.passage))
        return found

    def search_words(
        self,
        texts: Sequence[str],
        limit: int,
        filters: Filters | None = None,
        *,
        fields: Sequence[str] = ("review_id",),
    ) -> list[list[KeywordHit]]:
        """Return the passages that best match the words of each text by BM25, best first.

        Args:
            texts: What to look for; one without any letter or digit finds nothing.
            limit: Passages for each text, at most 16,384.
            filters: Which reviews may be found.
            fields: Names from `schema.FIELDS`.

        Raises:
            Unsupported: The collection has no keyword search.

        Source:
            Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
        """
        if not self.analyzer:
            raise Unsupported(self.lacking_keywords)
        with self._asking():
            answers = self._client.search(
                self._actual,
                data=list(texts),
                anns_field="keywords",
                limit=min(limit, WINDOW),
                filter=self._expression(filters or Filters(), ""),
                output_fields=self._there(fields),
                search_params={"metric_type": "BM25"},
                timeout=REQUEST_SECONDS,
            )
        # Milvus Lite gives the score below zero, a server above.
        return [
            [KeywordHit(abs(float(hit["distance"])), decode_row(hit["entity"])) for hit in answer]
            for answer in answers
        ]

    @property
    def lacking_keywords(self) -> str:
        """Why the collection has no keyword search, and the cure; empty where it has one."""
        if self.analyzer:
            return ""
        if not self.milvus.keywords:
            return (
                f"this Milvus ({self.milvus.version}) has no keyword search: use Milvus Lite or a "
                "server of version 2.5 or newer, or --mode dense"
            )
        return (
            f"the collection {self.name!r} was made without keyword search, on an older Milvus: "
            "rebuild it with `reviewlens reindex`, or use --mode dense"
        )

    def _there(self, fields: Sequence[str]) -> list[str]:
        """Return what Milvus is asked for: the key, and those fields that the collection has."""
        return schema.fields_there(("id", *fields), self.pin.schema_version)

    def _expression(self, filters: Filters, base: str) -> str:
        return compile_filters(filters, self.columns, base=base)


_LONG = ("text", "original", "title", "extra", "statements")
"""The fields that may hold any number of characters."""
_SHORT_BYTES = 64
"""What any other field but the vector is taken to need, on the average."""


def _fixed_bytes(fields: Sequence[str], dimension: int) -> int:
    """Return what a row of some fields takes besides those of any length."""
    short = 1 + sum(name not in (*_LONG, "vector") for name in fields)  # the key is always there
    return _SHORT_BYTES * short + 4 * dimension * ("vector" in fields)


def _text_bytes(row: Mapping[str, Any]) -> int:
    """Return what the fields of any length take in a row."""
    return sum(len(str(row[name]).encode()) for name in _LONG if name in row)
