"""Saved sets of themes: each a small collection of its own beside the reviews.

A set is written under a new version and takes its place by an alias, in one step: whenever a
process is killed, the set is the old one or the new one. What no alias names is swept away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewlens.errors import InputError, StoreError
from reviewlens.store.collection import THEMES, VERSION
from reviewlens.store.connection import REQUEST_SECONDS, translated
from reviewlens.store.filters import any_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.store.collection import Collection

NAME_BYTES = 255
"""Longest name of a collection, on a server and as a folder of Milvus Lite."""

DATA_BYTES = 60_000
"""Largest JSON of a row; Milvus takes 65,535 bytes of text."""

_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
_ROWS_AT_ONCE = 100
_MOST_ROWS = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class ThemeRow:
    """One row of a set.

    Attributes:
        kind: What it holds.
        key: Unique among those of its kind.
        data: Plain values, at most `DATA_BYTES` as JSON.
        vector: float32 of shape (dimension,), None where the row has none.
    """

    kind: str
    key: str
    data: Mapping[str, Any]
    vector: NDArray[np.float32] | None = None


class ThemeSets:
    """The saved sets of one collection, by name."""

    def __init__(self, collection: Collection) -> None:
        """Take the collection that the sets belong to."""
        self._of = collection
        self._client = collection._connection.client

    def names(self) -> list[str]:
        """Return the names of the saved sets."""
        return sorted(name for name in self._versions() if self._current(name) is not None)

    def version(self, name: str) -> str | None:
        """Return what names the set as it is now: another after each change; None if not saved."""
        return self._current(name)

    def labels(self, name: str) -> dict[int, str]:
        """Return what the themes of a set are called, by number; none where it is not saved."""
        return {number: called for number, (called, _) in self.shown(name).items()}

    def shown(self, name: str) -> dict[int, tuple[str, bool]]:
        """Return what each theme of a set is called, and whether it is hidden, by number."""
        rows = self.read(name, "theme") if name else []
        return {
            int(row.data["number"]): (row.data["name"] or row.data["label"], row.data["hidden"])
            for row in rows
        }

    def read(self, name: str, *kinds: str) -> list[ThemeRow]:
        """Return the rows of some kinds, all without; none where the set is not saved."""
        actual = self._current(name)
        if actual is None:
            self._of.require_service()  # dropped with a version, or never saved
            return []
        with translated(self._of.uri):
            self._client.load_collection(actual, timeout=REQUEST_SECONDS)
            found = self._client.query(
                actual,
                filter=any_of("kind", kinds) if kinds else 'kind != ""',
                output_fields=["id", "kind", "data", "vector"],
                limit=_MOST_ROWS,
                timeout=REQUEST_SECONDS,
            )
        return sorted(map(_decoded, found), key=lambda row: (row.kind, row.key))

    def write(
        self, name: str, rows: Sequence[ThemeRow], on_step: Callable[[str], None] = lambda _: None
    ) -> str:
        """Save a set whole, in the place of one of the same name; return its version.

        Args:
            name: Letters, digits and underscores.
            rows: All of it.
            on_step: Called with `set made`, `set written` and `set named` when that is done.

        Raises:
            InputError: The name cannot be used.
            StoreError: Milvus did not confirm every row.
        """
        if not _NAME.fullmatch(name):
            raise InputError(
                f"the name {name!r} cannot be used for a set of themes; wanted at most 40 letters, "
                "digits and underscores"
            )
        self._of.require_service()
        self.sweep()
        alias, old = self._alias(name), self._current(name)
        number = 1 if old is None else int(VERSION.search(old)[1]) + 1  # type: ignore[index]
        actual = f"{alias}_v{number}"
        if (over := len(actual) - NAME_BYTES) > 0:
            raise InputError(
                f"the name {name!r} is too long for a set of themes of the collection "
                f"{self._of.name!r}: Milvus takes {NAME_BYTES} letters for both; wanted at least "
                f"{over} fewer"
            )
        with translated(self._of.uri):
            self._client.create_collection(
                actual,
                schema=_schema(self._of.pin.dimension),
                consistency_level="Strong",
                timeout=REQUEST_SECONDS,
            )
            self._client.create_index(actual, _index(), timeout=REQUEST_SECONDS, sync=False)
        on_step("set made")
        self._upsert(actual, rows)
        with translated(self._of.uri):
            self._client.flush(actual, timeout=REQUEST_SECONDS)
            on_step("set written")
            if old is None:
                self._client.create_alias(actual, alias, timeout=REQUEST_SECONDS)
            else:
                self._client.alter_alias(actual, alias, timeout=REQUEST_SECONDS)
        on_step("set named")
        self.sweep()
        return actual

    def update(self, name: str, row: ThemeRow) -> None:
        """Write one row of a set anew."""
        self._of.require_service()
        self._upsert(self._alias(name), [row])

    def drop(self, name: str) -> None:
        """Remove a set; one that is not saved is passed over."""
        if self._current(name) is not None:
            with translated(self._of.uri):
                self._client.drop_alias(self._alias(name), timeout=REQUEST_SECONDS)
        self._remove(self._versions().get(name, []))
        self.sweep()

    def drop_all(self) -> None:
        """Remove every set."""
        for name in self._versions():
            self.drop(name)

    def sweep(self) -> None:
        """Remove versions that no name stands for: what a killed process has left.

        The set that the reviews' themes are of stays: it had a name, which is lost.
        """
        for name, versions in self._versions().items():
            current = self._current(name)
            if current is not None or name != self._of.theme_set:
                self._remove([actual for actual in versions if actual != current])

    def _remove(self, versions: Sequence[str]) -> None:
        for actual in versions:
            with translated(self._of.uri):
                self._client.drop_collection(actual, timeout=REQUEST_SECONDS)

    # -- names -----------------------------------------------------------------------------------

    def _alias(self, name: str) -> str:
        return f"{self._of.family}{THEMES}{name}"

    def _versions(self) -> dict[str, list[str]]:
        with translated(self._of.uri):
            listed: list[str] = self._client.list_collections(timeout=REQUEST_SECONDS)
        prefix = self._alias("")
        found: dict[str, list[str]] = {}
        for actual in listed:
            if actual.startswith(prefix) and VERSION.search(actual):
                found.setdefault(VERSION.sub("", actual.removeprefix(prefix)), []).append(actual)
        return found

    def _current(self, name: str) -> str | None:
        with translated(self._of.uri):
            alias = self._alias(name)
            if not self._client.has_collection(alias, timeout=REQUEST_SECONDS):
                return None
            found = self._client.describe_collection(alias, timeout=REQUEST_SECONDS)
            actual: str = found["collection_name"]
            if actual == alias:  # Milvus Lite does not tell what is behind an alias here
                actual = self._client.describe_alias(alias, timeout=REQUEST_SECONDS)[
                    "collection_name"
                ]
        return actual

    # -- rows ------------------------------------------------------------------------------------

    def _upsert(self, target: str, rows: Sequence[ThemeRow]) -> None:
        dimension = self._of.pin.dimension
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            page = [_encoded(row, dimension) for row in rows[start : start + _ROWS_AT_ONCE]]
            with translated(self._of.uri):
                answer = self._client.upsert(target, page, timeout=REQUEST_SECONDS)
            if answer.get("upsert_count") != len(page):
                raise StoreError(
                    f"Milvus at {self._of.uri} confirmed {answer.get('upsert_count')} of "
                    f"{len(page)} rows of themes: run the command again"
                )


def chunks(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Cut a mapping into parts that each fit into a row."""
    part: dict[str, Any] = {}
    size = 2
    for key, value in values.items():
        more = len(json.dumps({key: value}, ensure_ascii=False).encode()) + 2
        if part and size + more > DATA_BYTES:
            yield part
            part, size = {}, 2
        part[key] = value
        size += more
    if part:
        yield part


def _encoded(row: ThemeRow, dimension: int) -> dict[str, Any]:
    import numpy as np

    vector = row.vector
    if vector is None:  # a cosine wants a direction
        vector = np.zeros(dimension, dtype=np.float32)
        vector[0] = 1
    text = json.dumps({**row.data, "has vector": row.vector is not None}, ensure_ascii=False)
    if len(text.encode()) > DATA_BYTES + 1_000:
        raise StoreError(f"the row {row.key!r} of a set of themes is too large to be stored")
    return {"id": f"{row.kind}:{row.key}", "kind": row.kind, "data": text, "vector": vector}


def _decoded(row: Mapping[str, Any]) -> ThemeRow:
    import numpy as np

    data = json.loads(row["data"])
    has_vector = data.pop("has vector")
    vector = np.asarray(row["vector"], dtype=np.float32) if has_vector else None
    return ThemeRow(row["kind"], row["id"].partition(":")[2], data, vector)


def _schema(dimension: int) -> Any:  # noqa: ANN401 - pymilvus is untyped
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=200)
    schema.add_field("kind", DataType.VARCHAR, max_length=20)
    schema.add_field("data", DataType.VARCHAR, max_length=65_535)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    return schema


def _index() -> Any:  # noqa: ANN401 - pymilvus is untyped
    from pymilvus import MilvusClient

    index = MilvusClient.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="COSINE")
    return index
