"""ReviewStore: the reviews in one Milvus collection."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from reviewlens.errors import CollectionMissing, EncoderMismatch, SchemaMismatch, StoreError
from reviewlens.store import schema
from reviewlens.store.connection import REQUEST_SECONDS, Connection, Milvus, translated
from reviewlens.store.filters import Columns, Filters, any_of, compile_filters
from reviewlens.store.schema import StoredPassage, decode_row, passage_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UPSERT_ROWS = 1_000
UPSERT_BYTES = 8_000_000
PAGE_ROWS = 1_000
WINDOW = 16_384
"""A server's largest result; also its largest number of queries in one request."""

_PREFIX = "reviewlens."
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")


@dataclass(frozen=True, slots=True)
class Pin:
    """What a collection is bound to for its life.

    Attributes:
        encoder: The encoder's name, for people.
        fingerprint: The encoder's identity, which decides.
        dimension: Length of its vectors.
        schema_version: Version of the fields.
    """

    encoder: str
    fingerprint: str
    dimension: int
    schema_version: int = schema.SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its cosine similarity (-1..1, higher is nearer)."""

    similarity: float
    passage: StoredPassage


class ReviewStore:
    """Reviews, their passages and vectors in one collection of Milvus Lite or a server.

    A collection's name is an alias of `NAME_v1`, so that a rebuilt collection can take its
    place in one step. Writes to one store must not overlap; reads may.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        """Take a connection, which the store then owns, and the collection's name."""
        if not _NAME.fullmatch(name):
            connection.close()
            raise StoreError(
                f"the collection name {name!r} cannot be used; wanted letters, digits and "
                "underscores, a letter first"
            )
        self.name = name
        self._connection = connection
        self._client = connection.client
        self._actual: str | None = None
        self._properties: dict[str, str] = {}
        self._find()

    @classmethod
    def open(
        cls, uri: str, collection: str = "reviews", *, token: str = "", create: bool = False
    ) -> ReviewStore:
        """Open a collection of the Milvus at a path or URL.

        Args:
            uri: A path ending in `.db` (Milvus Lite) or a server's URL.
            collection: The collection's name.
            token: `user:password` or an API key.
            create: Let the database and the collection be missing; `create` then makes it.

        Raises:
            CollectionMissing: There is no such database or collection, and `create` is false.
            SchemaMismatch: The collection is not one of ours.
            StoreLocked, StoreUnreachable, AccessDenied: The Milvus cannot be used.
        """
        store = cls(Connection(uri, token=token, create=create), collection)
        if not create and store._actual is None:
            found = store.collections()
            store.close()
            raise CollectionMissing(
                f"there is no collection {collection!r} at {uri}; found "
                f"{', '.join(found) or 'none'}: ingest reviews first, or name another with "
                "--collection"
            )
        return store

    # -- the collection ----------------------------------------------------------------------

    @property
    def uri(self) -> str:
        """The address as the user gave it."""
        return self._connection.uri

    @property
    def milvus(self) -> Milvus:
        """Version and features of the Milvus behind the store."""
        return self._connection.milvus

    @property
    def exists(self) -> bool:
        """Whether the collection is there."""
        return self._actual is not None

    @property
    def pin(self) -> Pin:
        """The encoder and schema that the collection is bound to."""
        found = self._properties
        return Pin(
            found.get("encoder", ""),
            found.get("fingerprint", ""),
            int(found.get("dimension", 0)),
            int(found.get("schema", 0)),
        )

    @property
    def columns(self) -> Columns:
        """The input's columns that a filter may name."""
        kept = json.loads(self._properties.get("columns", "{}"))
        return Columns(tuple(kept.get("extra", ())), kept.get("mapped", {}))

    @property
    def scales(self) -> dict[str, tuple[float, float]]:
        """The rating scale last used for each source."""
        kept = json.loads(self._properties.get("scales", "{}"))
        return {source: (low, high) for source, (low, high) in kept.items()}

    def collections(self) -> list[str]:
        """Return the names under which this Milvus holds collections."""
        with translated(self.uri):
            names: list[str] = self._client.list_collections(timeout=REQUEST_SECONDS)
        return sorted({re.sub(r"_v\d+$", "", name) for name in names})

    def create(self, pin: Pin) -> None:
        """Make the collection, or complete one whose making was interrupted.

        Raises:
            EncoderMismatch: It exists and is bound to another encoder.
        """
        if self.exists:
            self.require(pin)
            return
        actual = f"{self.name}_v1"
        with translated(self.uri):
            if self._client.has_collection(actual, timeout=REQUEST_SECONDS):
                # Made, but not yet named when the process died: it holds nothing.
                self._client.drop_collection(actual, timeout=REQUEST_SECONDS)
            properties = {
                "schema": str(pin.schema_version),
                "encoder": pin.encoder,
                "fingerprint": pin.fingerprint,
                "dimension": str(pin.dimension),
            }
            keywords = self.milvus.keywords
            self._client.create_collection(
                actual,
                schema=schema.build_schema(pin.dimension, keywords=keywords),
                consistency_level="Strong",
                properties={_PREFIX + key: value for key, value in properties.items()},
                timeout=REQUEST_SECONDS,
            )
            # Nothing is to be indexed yet, so there is nothing to wait for.
            self._client.create_index(
                actual,
                schema.build_index(keywords=keywords),
                timeout=REQUEST_SECONDS,
                sync=False,
            )
            self._client.create_alias(actual, self.name, timeout=REQUEST_SECONDS)
        self._find()

    def require(self, pin: Pin) -> None:
        """Refuse an encoder that is not the collection's.

        Raises:
            EncoderMismatch: The fingerprints differ.
        """
        mine = self.pin
        if mine.fingerprint != pin.fingerprint:
            raise EncoderMismatch(
                f"the collection {self.name!r} was made with the encoder {mine.encoder} "
                f"({mine.fingerprint[:12]}), not with {pin.encoder} ({pin.fingerprint[:12]}): "
                f"use --encoder {mine.encoder}, or another --collection"
            )

    def remember(self, columns: Columns, scales: Mapping[str, tuple[float, float]]) -> None:
        """Add to the columns and rating scales that the collection knows."""
        mine = self.columns
        extra = list(dict.fromkeys([*mine.extra, *columns.extra]))
        update = {
            "columns": json.dumps(
                {"extra": extra, "mapped": {**mine.mapped, **columns.mapped}}, ensure_ascii=False
            ),
            "scales": json.dumps({**self.scales, **scales}, ensure_ascii=False),
        }
        if all(self._properties.get(key) == value for key, value in update.items()):
            return
        with translated(self.uri):
            self._client.alter_collection_properties(
                self._actual,
                properties={_PREFIX + key: value for key, value in update.items()},
                timeout=REQUEST_SECONDS,
            )
        self._properties.update(update)

    def drop(self) -> None:
        """Remove the collection with everything in it."""
        with translated(self.uri):
            self._client.drop_alias(self.name, timeout=REQUEST_SECONDS)
            self._client.drop_collection(self._actual, timeout=REQUEST_SECONDS)
        self._actual, self._properties = None, {}

    def settle(self) -> None:
        """Write everything out, index it and load it, so that the next command does not pay."""
        with translated(self.uri):
            self._client.flush(self._actual, timeout=REQUEST_SECONDS)
            self._client.load_collection(self._actual, timeout=REQUEST_SECONDS)

    def close(self) -> None:
        """Close the connection and release the directory at once."""
        self._connection.close()

    def __enter__(self) -> ReviewStore:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _find(self) -> None:
        """Look the alias up, read what the collection is bound to, and load it."""
        with translated(self.uri):
            # For an alias this is true as well.
            if not self._client.has_collection(self.name, timeout=REQUEST_SECONDS):
                return
            found = self._client.describe_collection(self.name, timeout=REQUEST_SECONDS)
            actual = found["collection_name"]
            properties = {
                key.removeprefix(_PREFIX): value
                for key, value in found.get("properties", {}).items()
                if key.startswith(_PREFIX)
            }
            if actual == self.name:
                actual = self._aliased()
        if "fingerprint" not in properties or actual is None:
            self.close()
            raise SchemaMismatch(
                f"the collection {self.name!r} at {self.uri} was not made by reviewlens; "
                "choose another name with --collection"
            )
        if properties["schema"] != str(schema.SCHEMA_VERSION):
            self.close()
            raise SchemaMismatch(
                f"the collection {self.name!r} has schema version {properties['schema']}, "
                f"wanted {schema.SCHEMA_VERSION}: use the reviewlens that made it, or export "
                "and ingest again"
            )
        self._actual, self._properties = actual, properties
        with translated(self.uri):
            self._client.load_collection(actual, timeout=REQUEST_SECONDS)

    def _aliased(self) -> str | None:
        """Return the collection behind the alias where a description does not tell."""
        from pymilvus.exceptions import MilvusException

        try:
            found = self._client.describe_alias(self.name, timeout=REQUEST_SECONDS)
        except MilvusException:
            return None
        name: str = found["collection_name"]
        return name

    # -- writing -----------------------------------------------------------------------------

    def upsert(self, passages: Iterable[StoredPassage]) -> int:
        """Write passages, replacing those with the same id; return how many.

        Raises:
            StoreError: Milvus did not confirm every row.
        """
        written = 0
        for rows in schema.batches(passages, most_rows=UPSERT_ROWS, most_bytes=UPSERT_BYTES):
            with translated(self.uri):
                answer = self._client.upsert(self.name, rows, timeout=REQUEST_SECONDS)
            if answer.get("upsert_count") != len(rows):
                raise StoreError(
                    f"Milvus at {self.uri} confirmed {answer.get('upsert_count')} of "
                    f"{len(rows)} rows: run the command again"
                )
            written += len(rows)
        return written

    def delete(self, ids: Sequence[str]) -> None:
        """Delete passages by primary key; unknown keys are passed over."""
        for start in range(0, len(ids), PAGE_ROWS):
            with translated(self.uri):
                self._client.delete(
                    self.name, ids=list(ids[start : start + PAGE_ROWS]), timeout=REQUEST_SECONDS
                )

    # -- reading -----------------------------------------------------------------------------

    def get(self, ids: Sequence[str], fields: Sequence[str]) -> dict[str, StoredPassage]:
        """Return passages by primary key; a key that is not stored is left out.

        Args:
            ids: Primary keys, as `passage_id` makes them.
            fields: Names from `schema.FIELDS`.
        """
        found: dict[str, StoredPassage] = {}
        for start in range(0, len(ids), PAGE_ROWS):
            page = list(ids[start : start + PAGE_ROWS])
            with translated(self.uri):
                rows = self._client.query(
                    self.name,
                    filter=any_of("id", page),
                    output_fields=["id", *fields],
                    timeout=REQUEST_SECONDS,
                )
            found.update((row["id"], decode_row(row)) for row in rows)
        return found

    def heads(self, review_ids: Sequence[str], fields: Sequence[str]) -> dict[str, StoredPassage]:
        """Return the passages that carry some reviews, by review id."""
        found = self.get([passage_id(review_id, 0) for review_id in review_ids], fields)
        return {stored.review_id: stored for stored in found.values()}

    def passage_ids(self, filters: Filters, *, base: str = "") -> list[str]:
        """Return the primary keys of all passages that match, in order."""
        expression = self._expression(filters, base) or 'id != ""'
        # On Lite one request is linear, and an iterator would scan again for each page; a
        # server answers no more than its window at once.
        limit = 2**31 - 1 if self.milvus.lite else WINDOW
        with translated(self.uri):
            rows = self._client.query(
                self.name,
                filter=expression,
                output_fields=["id"],
                limit=limit,
                timeout=REQUEST_SECONDS,
            )
            if len(rows) < limit:
                return sorted(row["id"] for row in rows)
            return sorted(self._iterate_ids(expression))

    def _iterate_ids(self, expression: str) -> Iterator[str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older servers give no snapshot time
            iterator = self._client.query_iterator(
                self.name,
                batch_size=WINDOW - 1,
                filter=expression,
                output_fields=["id"],
                timeout=REQUEST_SECONDS,
            )
        try:
            while rows := iterator.next():
                yield from (row["id"] for row in rows)
        finally:
            iterator.close()

    def passages_of(self, review_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return the primary keys of all passages of some reviews, by review id."""
        found: dict[str, list[str]] = {review_id: [] for review_id in review_ids}
        for start in range(0, len(review_ids), PAGE_ROWS):
            page = Filters(review_ids=tuple(review_ids[start : start + PAGE_ROWS]))
            for key in self.passage_ids(page):
                found[key.rpartition("#")[0]].append(key)
        return found

    def scan(
        self, fields: Sequence[str], filters: Filters | None = None, *, base: str = "passage == 0"
    ) -> Iterator[list[StoredPassage]]:
        """Yield the passages that match in pages, ordered by id: a snapshot of the ids.

        Args:
            fields: Names from `schema.FIELDS`.
            filters: Which reviews.
            base: `passage == 0` for one row a review, empty for every passage.
        """
        ids = self.passage_ids(filters or Filters(), base=base)
        for start in range(0, len(ids), PAGE_ROWS):
            page = ids[start : start + PAGE_ROWS]
            found = self.get(page, fields)
            yield [found[key] for key in page if key in found]

    def count(self, filters: Filters | None = None, *, base: str = "passage == 0") -> int:
        """Return how many reviews match, or passages with an empty `base`."""
        with translated(self.uri):
            rows = self._client.query(
                self.name,
                filter=self._expression(filters or Filters(), base),
                output_fields=["count(*)"],
                timeout=REQUEST_SECONDS,
            )
        return int(rows[0]["count(*)"])

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
            filters: Which reviews may be found.
            fields: Names from `schema.FIELDS`.
        """
        limit = min(limit, WINDOW)
        # A filter leaves HNSW fewer of the candidates that it looks at.
        effort = min(max(256, 4 * limit), 32_768)
        with translated(self.uri):
            answers = self._client.search(
                self.name,
                data=list(vectors),
                anns_field="vector",
                limit=limit,
                filter=self._expression(filters or Filters(), ""),
                output_fields=["id", *fields],
                search_params={"metric_type": "COSINE", "params": {"ef": effort}},
                timeout=REQUEST_SECONDS,
            )
        return [
            [Hit(float(hit["distance"]), decode_row(hit["entity"])) for hit in answer]
            for answer in answers
        ]

    def _expression(self, filters: Filters, base: str) -> str:
        return compile_filters(filters, self.columns, base=base)
