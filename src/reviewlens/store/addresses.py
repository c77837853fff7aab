"""Addresses of Milvus, as users give them: a directory of Milvus Lite or a server's URL."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from reviewlens.errors import StoreError

_SHOWN_CHARACTERS = 80


def is_local(uri: str) -> bool:
    """Return whether a URI names a Milvus Lite directory rather than a server."""
    return "://" not in uri and not uri.startswith("unix:")


def local_path(uri: str) -> Path:
    """Return where the Milvus Lite directory of a URI is, or would be.

    Raises:
        StoreError: Nothing can be there, or it cannot be looked at.
    """
    try:
        path = Path(uri).expanduser()
        path.exists()
    except (OSError, RuntimeError) as error:  # too long a name, no permission, no such user
        shown = uri if len(uri) <= _SHOWN_CHARACTERS else f"{uri[:_SHOWN_CHARACTERS]}…"
        raise StoreError(
            f"no database can be at {shown}: {getattr(error, 'strerror', None) or error}; give "
            "another --uri"
        ) from error
    return path


def without_password(uri: str) -> str:
    """Return a URI without the user and password that it may carry."""
    parts = urlsplit(uri)
    if parts.username is None:
        return uri
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def login(uri: str) -> str:
    """Return the `user:password` that a URI carries, empty for none."""
    return urlsplit(uri).netloc.rpartition("@")[0]


def database(uri: str) -> str:
    """Return the database of a server that a URI names behind the host, empty for none."""
    return "" if uri.startswith("unix:") else urlsplit(uri).path.strip("/").partition("/")[0]


def target(uri: str) -> str:
    """Return host and port of a server, as gRPC wants them; a socket's URI as it is."""
    if uri.startswith("unix:"):
        return uri
    parts = urlsplit(uri)
    host = parts.hostname or "localhost"
    port = parts.port or (443 if parts.scheme == "https" else 19530)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_on_this_machine(uri: str) -> bool:
    """Return whether a server's URI names this machine, which no proxy stands before."""
    return is_loopback(urlsplit(uri).hostname or "localhost")


def is_loopback(host: str) -> bool:
    """Return whether a host, by name or address, can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
