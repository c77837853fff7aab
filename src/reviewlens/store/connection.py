"""Opening and closing Milvus: a Milvus Lite directory or a server, and what it can do.

Milvus Lite serves a directory from inside this process and locks it; see `lite_service`.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reviewlens.errors import CollectionMissing, InputError, StoreError, Unsupported
from reviewlens.store.addresses import database, is_local, local_path, login, without_password
from reviewlens.store.channel import connect, within
from reviewlens.store.failures import translate
from reviewlens.store.lite import LiteClient, forget_gate
from reviewlens.store.lite_service import release, serve
from reviewlens.store.server import Moments, ServerClient

CONNECT_SECONDS = 10.0
REQUEST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Milvus:
    """What answers at an address.

    Attributes:
        version: As it calls itself, such as `v2.3.5` or `milvus_lite-3.2.2`.
        lite: Whether it is Milvus Lite, embedded or served.
        release: Its version as numbers, (2, 3, 5); empty when it cannot be told.
    """

    version: str
    lite: bool
    release: tuple[int, ...]

    @classmethod
    def named(cls, version: str) -> Milvus:
        """Read a version as `get_server_version` gives it."""
        match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
        release = tuple(int(part) for part in match.groups("0")) if match else ()
        return cls(version, version.startswith("milvus_lite"), release)

    @property
    def keywords(self) -> bool:
        """Whether it keeps a BM25 index of a text field."""
        return self.lite or self.release >= (2, 5)

    def require(self) -> None:
        """Refuse a server that is too old for anything.

        Raises:
            Unsupported: It is older than 2.3.
        """
        if not self.lite and self.release and self.release < (2, 3):
            raise Unsupported(
                f"this Milvus is {self.version}; wanted 2.3 or newer: update the server"
            )


class Connection:
    """A client of one Milvus, to be closed.

    Attributes:
        changes: How often what is stored was changed over it.
        remembering: Held by whoever adds to what is kept with a collection, which is written whole.
    """

    def __init__(
        self,
        uri: str,
        *,
        token: str = "",
        create: bool = False,
        seconds: float = CONNECT_SECONDS,
    ) -> None:
        """Connect.

        Args:
            uri: A path ending in `.db`, or `http://host:19530`, `https://…`, `unix:…`.
            token: `user:password` or an API key, empty for none.
            create: Make the Milvus Lite directory if it is not there.
            seconds: How long a server may take to answer.

        Raises:
            CollectionMissing: There is no database at the path, and `create` is false.
            StoreLocked: Another process has the directory open.
            StoreUnreachable: Nothing answers.
            AccessDenied: The token is missing or wrong.
        """
        check_address(uri)
        self.uri = without_password(uri)
        self._directory: str | None = None
        self.changes = 0
        self.remembering = threading.Lock()
        address = uri
        if is_local(uri):
            path = _check_path(uri, create=create)
            address = serve(path)
            self._directory = path
        try:
            given = bool(token or login(address))
            with translated(uri, token=given, opening=True):
                client, version, channel = connect(address, token, seconds=seconds)
            self.client: Any = client
            self.milvus = Milvus.named(version)
            self.milvus.require()
            if self.milvus.lite:
                self.client = LiteClient(self.client, address, self._directory)
            else:
                moments = Moments(channel, token or login(uri), database(uri))
                self.client = ServerClient(self.client, moments)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the client and release the directory; a second call does nothing."""
        client = self.__dict__.pop("client", None)
        directory, self._directory = self._directory, None
        try:
            if client is not None:
                client.close()
        finally:
            if directory is not None:
                release(directory, forget_gate)

    def __enter__(self) -> Connection:
        """Return the connection itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()


def check_address(uri: str) -> None:
    """Refuse what can be neither a Milvus Lite path nor a server's URL.

    Raises:
        InputError: It has a NUL byte in it, as no path and no host has.
        StoreError: It is neither.
    """
    if "\0" in uri:
        raise InputError(f"the address {uri!r} has a NUL byte in it; wanted none", field="uri")
    try:
        parts = urlsplit(uri)
        server = parts.scheme in ("http", "https", "tcp") and bool(parts.hostname)
        valid = Path(uri).suffix == ".db" if is_local(uri) else server or parts.scheme == "unix"
        _ = parts.port  # is read, and refused, only now
    except ValueError:
        valid = False
    if not valid:
        shown = re.sub(r"//[^@/]*@", "//", uri)
        raise StoreError(
            f"the address {shown!r} is neither a server nor a Milvus Lite path; wanted a path "
            "that ends in .db, such as ./reviews.db, or a URL such as http://localhost:19530"
        )


def no_database(uri: str) -> CollectionMissing:
    """Return what to say where there is no Milvus Lite directory."""
    return CollectionMissing(
        f"there is no database at {uri}: make it with `reviewlens ingest FILE`, "
        "or name another with --uri"
    )


def _check_path(uri: str, *, create: bool) -> str:
    path = local_path(uri)
    if path.is_file():
        raise StoreError(
            f"{uri} is a file, but a Milvus Lite database is a directory (the files of Milvus "
            "Lite 2 cannot be read): give another --uri, or ingest the reviews again"
        )
    # A directory without a collection in it is what an interrupted first run leaves.
    if not path.exists() and not create:
        raise no_database(uri)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"the directory {uri} cannot be made: {reason}; give another --uri"
        ) from error
    return str(path.resolve())


@contextmanager
def translated(
    uri: str,
    *,
    token: bool | None = None,
    opening: bool = False,
    seconds: float = REQUEST_SECONDS,
) -> Iterator[None]:
    """Turn whatever pymilvus and gRPC raise inside the block into errors of ours.

    The block is one call, whose requests have one deadline; there must be no `yield` in it.

    Args:
        uri: The address, as the user gave it.
        token: Whether one was given; None where that is not known.
        opening: Whether it is not known yet that there is a Milvus.
        seconds: How long all requests in the block may take together.
    """
    import grpc
    from pymilvus.exceptions import MilvusException

    begun = time.monotonic()
    try:
        with within(seconds):
            yield
    except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
        taken = time.monotonic() - begun
        raise translate(error, uri, token=token, opening=opening, seconds=taken) from error
