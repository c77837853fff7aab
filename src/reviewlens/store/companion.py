"""What is kept beside a collection for as long as its name stands: JSON by kind and key.

It lies in a collection of its own, which belongs to the name and to none of its versions: whatever
is kept here outlasts `reindex` without being carried over, so that nothing is lost that is kept
while one runs. What holds for one version's vectors alone must say for which in its key.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewlens.errors import StoreError
from reviewlens.store.collection import COMPANION
from reviewlens.store.connection import REQUEST_SECONDS, translated
from reviewlens.store.filters import any_of
from reviewlens.store.review_store import WINDOW

if TYPE_CHECKING:
    from reviewlens.store.collection import Collection

DATA_BYTES = 60_000
"""Largest JSON of a row; Milvus takes 65,535 bytes of text."""

_ROWS_AT_ONCE = 500
_FIELDS = ("id", "kind", "key", "data")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row of what is kept.

    Attributes:
        kind: What it holds, at most 40 letters.
        key: What it is about, at most 100 letters; rows of one kind and key are read together.
        part: Which of these it is, at most 100 letters.
        data: Plain values, at most `DATA_BYTES` as JSON.
    """

    kind: str
    key: str
    part: str
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """What a later row of the same kind, key and part replaces it by."""
        return f"{self.kind}:{self.key}:{self.part}"


class Companion:
    """What is kept beside a collection; nothing is made before something is kept."""

    def __init__(self, collection: Collection) -> None:
        """Take the collection that it belongs to."""
        self._uri = collection.uri
        self._lite = collection.milvus.lite
        self._client = collection._connection.client
        self._name = f"{collection.name}{COMPANION}"

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept."""
        with translated(self._uri):
            return bool(self._client.has_collection(self._name, timeout=REQUEST_SECONDS))

    def read(self, kind: str, key: str | None = None) -> list[KeptRow]:
        """Return the rows of a kind, or of one key of it, ordered by key and part."""
        if not self.exists:
            return []
        self._load()
        rows = [row for page in self._pages(_expression(kind, key)) for row in page]
        return sorted(map(_decoded, rows), key=lambda row: (row.key, row.part))

    def write(self, rows: Sequence[KeptRow]) -> None:
        """Keep rows, in the place of those with the same kind, key and part.

        Raises:
            StoreError: A row is too large, or Milvus did not confirm every row.
        """
        encoded = [_encoded(row) for row in rows]
        if not encoded:
            return
        self._make()
        for start in range(0, len(encoded), _ROWS_AT_ONCE):
            page = encoded[start : start + _ROWS_AT_ONCE]
            with translated(self._uri):
                answer = self._client.upsert(self._name, page, timeout=REQUEST_SECONDS)
            if answer.get("upsert_count") != len(page):
                raise StoreError(
                    f"Milvus at {self._uri} confirmed {answer.get('upsert_count')} of "
                    f"{len(page)} rows that are to be kept: run the command again"
                )

    def remove(self, rows: Sequence[KeptRow]) -> None:
        """Remove rows; those that are not there are passed over."""
        ids = [row.id for row in rows]
        for start in range(0, len(ids), _ROWS_AT_ONCE):
            page = any_of("id", ids[start : start + _ROWS_AT_ONCE])
            with translated(self._uri):
                self._client.delete(self._name, filter=page, timeout=REQUEST_SECONDS)

    def drop(self) -> None:
        """Remove everything that is kept."""
        if self.exists:
            with translated(self._uri):
                self._client.drop_collection(self._name, timeout=REQUEST_SECONDS)

    def _make(self) -> None:
        """Make the collection, or complete one whose making was interrupted."""
        if not self.exists:
            try:
                with translated(self._uri):
                    self._client.create_collection(
                        self._name,
                        schema=_schema(),
                        consistency_level="Strong",
                        timeout=REQUEST_SECONDS,
                    )
            except StoreError:
                if not self.exists:  # else another process has made it meanwhile
                    raise
        self._load()

    def _load(self) -> None:
        with translated(self._uri):
            if not self._client.list_indexes(self._name, timeout=REQUEST_SECONDS):
                self._client.create_index(self._name, _index(), timeout=REQUEST_SECONDS, sync=False)
            self._client.load_collection(self._name, timeout=REQUEST_SECONDS)

    def _pages(self, expression: str) -> Iterator[list[dict[str, Any]]]:
        # As with reviews: one request on Lite, an iterator beyond the window of a server.
        limit = 2**31 - 1 if self._lite else WINDOW
        with translated(self._uri):
            rows = self._client.query(
                self._name,
                filter=expression,
                output_fields=list(_FIELDS),
                limit=limit,
                timeout=REQUEST_SECONDS,
            )
        if len(rows) < limit:
            yield rows
            return
        with translated(self._uri), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older servers give no snapshot time
            iterator = self._client.query_iterator(
                self._name,
                batch_size=WINDOW - 1,
                filter=expression,
                output_fields=list(_FIELDS),
                timeout=REQUEST_SECONDS,
            )
        try:
            while True:
                with translated(self._uri):
                    rows = iterator.next()
                if not rows:
                    return
                yield rows
        finally:
            iterator.close()


def _expression(kind: str, key: str | None) -> str:
    of_kind = any_of("kind", [kind])
    return of_kind if key is None else f"{of_kind} and {any_of('key', [key])}"


def _encoded(row: KeptRow) -> dict[str, Any]:
    import numpy as np

    text = json.dumps(row.data, ensure_ascii=False)
    if len(text.encode()) > DATA_BYTES:
        raise StoreError(f"the row {row.id!r} is too large to be kept beside the collection")
    return {
        "id": row.id,
        "kind": row.kind,
        "key": row.key,
        "data": text,
        # Milvus takes no collection without a vector; nothing is searched for here.
        "vector": np.array([1, 0], dtype=np.float32),
    }


def _decoded(row: Mapping[str, Any]) -> KeptRow:
    part = str(row["id"]).removeprefix(f"{row['kind']}:{row['key']}:")
    return KeptRow(row["kind"], row["key"], part, json.loads(row["data"]))


def _schema() -> Any:  # noqa: ANN401 - pymilvus is untyped
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=250)
    schema.add_field("kind", DataType.VARCHAR, max_length=40)
    schema.add_field("key", DataType.VARCHAR, max_length=100)
    schema.add_field("data", DataType.VARCHAR, max_length=65_535)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    return schema


def _index() -> Any:  # noqa: ANN401 - pymilvus is untyped
    from pymilvus import MilvusClient

    index = MilvusClient.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="COSINE")
    return index
