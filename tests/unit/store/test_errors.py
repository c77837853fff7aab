"""Whatever pymilvus and gRPC raise comes out as one of our errors, and tells no secret."""

from __future__ import annotations

import inspect

import grpc
import pymilvus.exceptions
import pytest
from pymilvus.exceptions import ConnectionConfigException, MilvusException, ParamError

from reviewlens.errors import (
    AccessDenied,
    CollectionMissing,
    ReviewLensError,
    StoreError,
    StoreUnreachable,
)
from reviewlens.store.connection import translated

URI = "http://127.0.0.1:19530"
FOREIGN = [
    found
    for _, found in inspect.getmembers(pymilvus.exceptions, inspect.isclass)
    if issubclass(found, Exception)
]


class Refused(grpc.RpcError):
    """As gRPC's own: a status and details behind methods."""

    def __init__(self, status: grpc.StatusCode, details: str = "so it is") -> None:
        super().__init__(f"<RpcError: status = {status}, details = {details}>")
        self.status = status

    def code(self) -> grpc.StatusCode:
        return self.status


def came_out(error: Exception, uri: str = URI) -> StoreError:
    """The error of ours that an error becomes; it keeps the foreign one as its cause."""
    with pytest.raises(StoreError) as caught, translated(uri):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


def test_foreign_errors_are_found() -> None:
    assert MilvusException in FOREIGN
    assert len(FOREIGN) > 20


@pytest.mark.parametrize("foreign", FOREIGN)
def test_every_pymilvus_error_is_translated(foreign: type[Exception]) -> None:
    ours = came_out(foreign(message="something broke"))  # type: ignore[call-arg]
    assert "something broke" in str(ours)
    assert URI in str(ours)


@pytest.mark.parametrize("status", list(grpc.StatusCode))
def test_every_grpc_status_is_translated(status: grpc.StatusCode) -> None:
    ours = came_out(Refused(status))
    expected = {
        grpc.StatusCode.UNAVAILABLE: StoreUnreachable,
        grpc.StatusCode.DEADLINE_EXCEEDED: StoreUnreachable,
        grpc.StatusCode.UNAUTHENTICATED: AccessDenied,
        grpc.StatusCode.PERMISSION_DENIED: AccessDenied,
    }.get(status, StoreError)
    assert type(ours) is expected


def test_future_that_times_out_is_unreachable() -> None:
    assert isinstance(came_out(grpc.FutureTimeoutError("timed out")), StoreUnreachable)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Fail connecting to server on 127.0.0.1:19530", StoreUnreachable),
        ("<_InactiveRpcError: StatusCode.DEADLINE_EXCEEDED>", StoreUnreachable),
        ("RPC error: DNS resolution failed", StoreUnreachable),
        ("auth check failure, please check api key is correct", AccessDenied),
        ("UNAUTHENTICATED: please check username and password", AccessDenied),
        ("PrivilegeSearch: permission deny", AccessDenied),
        ("vector dimension mismatch", StoreError),
    ],
)
def test_message_tells_what_happened(message: str, expected: type[StoreError]) -> None:
    assert type(came_out(MilvusException(code=1, message=message))) is expected


@pytest.mark.parametrize(
    "message",
    [
        "length of varchar field author exceeds max length, row number: 0, length: 2000",
        "field author not exist",
        'cannot parse expression: product in ["permission"] and wrong',
        'cannot parse expression: extra["note"] == "refused to connect" and wrong',
    ],
)
def test_field_names_and_values_in_a_message_do_not_mislead(message: str) -> None:
    """`author` is a field of ours, and values are the user's own words."""
    assert type(came_out(MilvusException(code=1100, message=message))) is StoreError


def test_missing_collection_is_told_by_code() -> None:
    assert isinstance(
        came_out(MilvusException(code=100, message="can't find collection")), CollectionMissing
    )


@pytest.mark.parametrize("foreign", [ConnectionConfigException, ParamError, Refused])
def test_password_in_the_address_is_never_shown(foreign: type[Exception]) -> None:
    uri = "http://root:s3cret@milvus.example:19530"
    text = f"Illegal uri: [{uri}], expected form 'https://user:pwd@example.com:12345'"
    error = (
        Refused(grpc.StatusCode.UNAVAILABLE, text) if foreign is Refused else foreign(message=text)  # type: ignore[call-arg]
    )
    ours = str(came_out(error, uri))
    assert "milvus.example" in ours
    assert "s3cret" not in ours


def test_long_message_becomes_one_line() -> None:
    ours = str(came_out(MilvusException(message="broken\n  at a\n" + "  at b\n" * 500)))
    assert "\n" not in ours
    assert len(ours) < 600


@pytest.mark.parametrize("error", [KeyError("bug"), ValueError("bug"), ReviewLensError("ours")])
def test_other_errors_pass_as_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, translated(URI):
        raise error
    assert caught.value is error


LOCAL = "data/reviews.db"


@pytest.mark.parametrize(
    ("reason", "cure"),
    [
        ("[Errno 28] No space left on device: 'data/reviews.db/wal'", "make room on its disk"),
        ("[Errno 27] File too large", "ulimit"),
        ("[Errno 13] Permission denied: 'data/connect.db'", "make its files your own"),
        ("[Errno 30] Read-only file system", "another --uri"),
        ("[Errno 5] Input/output error", "disk may be failing"),
        ("Parquet magic bytes not found in footer", "ingest the reviews again"),
        ("Expecting value: line 1 column 1 (char 0)", "ingest the reviews again"),
        ("something broke", "reviewlens doctor"),
        ('cannot parse filter: city == "no space left"', "reviewlens doctor"),
    ],
)
def test_trouble_of_a_directory_has_its_own_cure(reason: str, cure: str) -> None:
    ours = came_out(MilvusException(message=reason), LOCAL)
    assert type(ours) is StoreError
    assert cure in str(ours)
    assert LOCAL in str(ours)
    assert "docker" not in str(ours)


@pytest.mark.parametrize("reason", ["Fail connecting to server", "Deadline Exceeded"])
def test_a_directory_that_does_not_answer_is_no_server(reason: str) -> None:
    ours = came_out(MilvusException(message=reason), LOCAL)
    assert type(ours) is StoreUnreachable
    assert "docker" not in str(ours)
    assert "token" not in str(ours)


def test_a_full_disk_of_a_server_has_a_cure() -> None:
    ours = came_out(MilvusException(message="write failed: no space left on device"))
    assert "make room on the server's disk" in str(ours)


@pytest.mark.parametrize(
    "reason", ["collection not loaded[collection=47]", "collection not fully loaded[47]"]
)
def test_a_server_that_loads_its_collections_is_told_to_be_waited_for(reason: str) -> None:
    ours = came_out(MilvusException(message=f"failed to query: {reason}"))
    assert type(ours) is StoreError  # of a version that is being dropped too, which is looked into
    assert "loads its collections" in str(ours)
