"""The versions of one collection: the one in service, one that is being built, one left over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from reviewlens.errors import StoreError
from reviewlens.store.collection import THEMES, VERSION, Pin
from reviewlens.store.connection import REQUEST_SECONDS, translated

if TYPE_CHECKING:
    from reviewlens.store.review_store import ReviewStore
    from reviewlens.store.schema import Analyzer

REPLACES = "replaces"
"""The property of a version that names the one it is built from, and will replace."""

BEGUN = "begun"
"""The property of a version whose making, index and all, was not interrupted."""


class Versions:
    """Builds another version of a collection beside the one in service, and swaps them."""

    def __init__(self, store: ReviewStore) -> None:
        """Take a store that is bound to the version in service."""
        self._store = store
        self._client = store._connection.client

    @property
    def left_over(self) -> str:
        """The version that the one in service has replaced, if it is still there; else empty."""
        old = self._store.properties.get(REPLACES, "")
        return old if old and old in self._listed() else ""

    def unfinished(self, pin: Pin) -> ReviewStore | None:
        """Return the version that was begun of the one in service for an encoder, None without."""
        for version in self._others():
            _, properties = self._store._described(version)
            begun = BEGUN in properties and properties.get(REPLACES) == self._store.version
            same = (pin.fingerprint, str(pin.schema_version)) == (
                properties.get("fingerprint"),
                properties.get("schema"),
            )
            if begun and same:
                return self._store.rebound(version)
        return None

    def begin(self, pin: Pin, properties: Mapping[str, str], *, analyzer: Analyzer) -> ReviewStore:
        """Make a further version, empty and not in service, with some properties."""
        found = VERSION.search(self._store.version)
        number = 1 + int(found[1]) if found else 2
        with translated(self._store.uri):
            # Another collection of the user's may be called so.
            while self._client.has_collection(
                version := f"{self._store.name}_v{number}", timeout=REQUEST_SECONDS
            ):
                number += 1
        self._store._make(
            version, pin, {**properties, REPLACES: self._store.version}, analyzer=analyzer
        )
        built = self._store.rebound(version)
        built.keep({BEGUN: "yes"})
        return built

    def serve(self, built: ReviewStore) -> ReviewStore:
        """Give the name to another version, in one step; return a store that is bound to it."""
        with translated(self._store.uri):
            self._client.alter_alias(built.version, self._store.name, timeout=REQUEST_SECONDS)
        return self._store.rebound()

    def drop(self, version: str) -> None:
        """Remove a version that is out of service, with its sets of themes.

        Raises:
            StoreError: It is in service.
        """
        if version == self._store.rebound().version:
            raise StoreError(f"the collection {version} is in service, and is not removed")
        first = version == f"{self._store.name}_v1"
        themes = f"{self._store.name if first else version}{THEMES}"
        # The version itself goes last: while it is there, what is left is found again.
        for name in [*(name for name in self._listed() if name.startswith(themes)), version]:
            self._drop(name)

    def sweep(self, keep: str = "") -> None:
        """Remove what reindexing left: versions begun or replaced, all but one by name."""
        for version in self._others():
            if version != keep and self._is_ours(version):
                self.drop(version)

    # -- names -----------------------------------------------------------------------------------

    def _others(self) -> list[str]:
        """Return the names of further versions, as far as a name tells."""
        own = re.compile(rf"{re.escape(self._store.name)}_v\d+")
        return [
            name for name in self._listed() if own.fullmatch(name) and name != self._store.version
        ]

    def _is_ours(self, version: str) -> bool:
        replaces = self._store._described(version)[1].get(REPLACES)
        return bool(replaces) or version == self._store.properties.get(REPLACES)

    def _listed(self) -> list[str]:
        with translated(self._store.uri):
            names: list[str] = self._client.list_collections(timeout=REQUEST_SECONDS)
        return sorted(names)

    def _drop(self, collection: str) -> None:
        with translated(self._store.uri):
            # A server refuses to drop what an alias stands for.
            found = self._client.list_aliases(collection, timeout=REQUEST_SECONDS)
            for alias in found["aliases"]:
                self._client.drop_alias(alias, timeout=REQUEST_SECONDS)
            self._client.drop_collection(collection, timeout=REQUEST_SECONDS)
