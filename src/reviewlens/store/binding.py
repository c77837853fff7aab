"""Which of a collection's versions a store asks, and how it notices that another is in service."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import Any, Self

from reviewlens.errors import (
    AccessDenied,
    CollectionReplaced,
    SchemaMismatch,
    StoreError,
    StoreUnreachable,
)
from reviewlens.store import schema
from reviewlens.store.addresses import is_local
from reviewlens.store.channel import within
from reviewlens.store.connection import REQUEST_SECONDS, Connection, Milvus, translated
from reviewlens.store.properties import ours, read_properties

LOOK_SECONDS = 1.0
"""How long a store may go on asking a collection that another one has taken the place of."""

_NO_ALIAS = (100, 1600)
"""Codes of the answer that there is no such collection, or no such alias."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")


def check_name(name: str) -> None:
    """Refuse what cannot be a collection's name.

    Milvus takes 255 letters; versions and sets of themes are called by it and something behind.

    Raises:
        StoreError: It cannot.
    """
    if not _NAME.fullmatch(name):
        shown = name if len(name) <= 60 else f"{name[:60]}…"
        raise StoreError(
            f"the collection name {shown!r} ({len(name):,} characters) cannot be used; wanted up "
            "to 201 letters A to Z, digits and underscores, no digit first: give another "
            "--collection"
        )


class Binding:
    """A connection and one version of a collection, found by the collection's name.

    Every request goes to the version found when it was opened, never to the alias: a query of one
    encoder cannot meet the vectors of another. See `moved` for how a later version is noticed.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        """Take a connection, which it then owns, and the collection's name."""
        self.name = name
        self._connection = connection
        self._client = connection.client
        self._actual: str | None = None
        self._properties: dict[str, str] = {}
        self._analyzer = ""
        self._served = True
        self._looked = time.monotonic()
        try:
            check_name(name)
            self._find()
        except BaseException:
            connection.close()
            raise

    @property
    def uri(self) -> str:
        """The address as the user gave it."""
        return self._connection.uri

    @property
    def milvus(self) -> Milvus:
        """Version and features of the Milvus behind the store."""
        return self._connection.milvus

    @property
    def version(self) -> str:
        """The collection behind the name that this store is bound to; empty where there is none."""
        return self._actual or ""

    @property
    def state(self) -> tuple[object, str, int] | None:
        """What is another after each change of what is stored; None where others change it too.

        Milvus Lite has one process to itself, a server has not.
        """
        if not is_local(self.uri):
            return None
        return self._connection, self.version, self._connection.changes

    @property
    def family(self) -> str:
        """What the names of all that belongs to this version begin with."""
        return self.name if self._actual in (None, f"{self.name}_v1") else str(self._actual)

    @property
    def properties(self) -> Mapping[str, str]:
        """All that is kept with the collection, by name."""
        return dict(self._properties)

    def rebound(self, version: str | None = None) -> Self:
        """Return a store over the same connection, bound anew.

        Args:
            version: A version by name, in service or not; the one in service without.
        """
        other = copy.copy(self)
        other._actual, other._properties = None, {}
        other._served, other._looked = version is None, time.monotonic()
        other._find(version)
        return other

    def moved(self, *, after: float = 0.0) -> bool:
        """Tell whether the name stands for another version by now, or for none.

        A version that is not in service, one that is being built, has not moved.

        Args:
            after: Ask only when that was last asked so many seconds ago; False until then.
        """
        if self._actual is None or not self._served or time.monotonic() - self._looked < after:
            return False
        self._looked = time.monotonic()
        with translated(self.uri):
            return self._behind() != self._actual

    def require_service(self) -> None:
        """Refuse to change a version that is out of service: nobody would see it.

        Raises:
            CollectionReplaced: Another version has taken its place.
        """
        if self.moved():
            raise self._replaced()

    def _replaced(self) -> CollectionReplaced:
        return CollectionReplaced(
            f"the collection {self.name!r} at {self.uri} was rebuilt while this ran "
            f"(`reindex`), and {self._actual} is out of service: run the command again"
        )

    def _doubt_nothing(self, answer: Sized) -> None:
        """Look again when the answer is nothing: a server gives it while a collection is dropped.

        Raises:
            CollectionReplaced: Another version has taken its place.
        """
        if not len(answer) and self.moved():
            raise self._replaced()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Translate what a request raises, and tell when it is because of a rebuilt collection.

        All that is asked in the block, and whether it was rebuilt, has one deadline; so there must
        be no `yield` in it.
        """
        with within(REQUEST_SECONDS):
            try:
                with translated(self.uri):
                    yield
            except (AccessDenied, CollectionReplaced, StoreUnreachable):
                raise
            except StoreError as error:
                if self.moved():
                    raise self._replaced() from error
                raise

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Do as `_asking`, for what changes what is stored, whether it fails or not."""
        try:
            with self._asking():
                yield
        finally:
            self._connection.changes += 1

    def _find(self, version: str | None = None) -> None:
        """Look the alias up, or take a version, read what it is bound to, and load it."""
        with translated(self.uri):
            # For an alias this is true as well.
            if not self._client.has_collection(version or self.name, timeout=REQUEST_SECONDS):
                return
            found = self._client.describe_collection(version or self.name, timeout=REQUEST_SECONDS)
            actual = found["collection_name"]
            if actual == self.name and (actual := self._aliased()) is not None:
                # The description was of what the alias stood for a moment ago.
                found = self._client.describe_collection(actual, timeout=REQUEST_SECONDS)
        if actual is None:
            raise SchemaMismatch(
                f"the collection {self.name!r} at {self.uri} was not made by reviewlens under this "
                "name; choose another name with --collection"
            )
        self._properties = read_properties(found, self.name, self.uri)
        self._actual = actual
        self._analyzer = schema.described_analyzer(found)
        with translated(self.uri):
            self._client.load_collection(actual, timeout=REQUEST_SECONDS)

    def _described(self, version: str) -> tuple[Mapping[str, Any], dict[str, str]]:
        """Return the description of a version, and what is kept with it."""
        with translated(self.uri):
            found = self._client.describe_collection(version, timeout=REQUEST_SECONDS)
        return found, ours(found)

    def _behind(self) -> str | None:
        """Return the version in service, None where there is none."""
        from pymilvus.exceptions import MilvusException

        try:
            found = self._client.describe_collection(self.name, timeout=REQUEST_SECONDS)
        except MilvusException as error:
            if error.code not in _NO_ALIAS:
                raise
            return None
        actual: str = found["collection_name"]
        return self._aliased() if actual == self.name else actual

    def _aliased(self) -> str | None:
        """Return the collection behind the alias, None where there is no such alias."""
        from pymilvus.exceptions import MilvusException

        try:
            found = self._client.describe_alias(self.name, timeout=REQUEST_SECONDS)
        except MilvusException as error:
            if error.code not in _NO_ALIAS:
                raise
            return None
        name: str = found["collection_name"]
        return name
