"""A Milvus that cannot be reached: why, in a sentence, and no later than the deadline."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import grpc
import pytest
from pymilvus.client.connection_manager import ConnectionManager
from pymilvus.exceptions import MilvusException
from pymilvus.grpc_gen import common_pb2, milvus_pb2, schema_pb2

from fakes import Wrapped
from milvus_stand_ins import HTTP, FakeMilvus, listening
from reviewlens.errors import AccessDenied, StoreError, StoreUnreachable, Unsupported
from reviewlens.store import ReviewStore
from reviewlens.store.channel import left
from reviewlens.store.connection import Connection, translated
from reviewlens.store.properties import PREFIX
from reviewlens.store.schema import SCHEMA_VERSION, build_index, build_schema

DEADLINE = 0.3
SLACK = 3.0
"""Seconds that a loaded machine may add; pymilvus alone took ten more."""


def opened(uri: str) -> Connection:
    """A connection that a loaded machine may take its time to open."""
    return Connection(uri, seconds=20.0)


def refusal(uri: str, *, token: str = "") -> StoreError:
    """Why a connection could not be opened, told in time."""
    start = time.monotonic()
    with pytest.raises(StoreError) as caught:
        Connection(uri, token=token, seconds=DEADLINE)
    assert time.monotonic() - start < DEADLINE + SLACK
    return caught.value


@pytest.mark.parametrize(
    ("says", "hangs", "told"),
    [
        (None, True, r"nothing came within \S+ s; it may hang.*docker compose restart milvus"),
        (None, False, r"takes connections and closes them.*it is starting.*port 19530"),
        (HTTP, False, r"what answers there is not Milvus.*http1.*port 19530"),
        (b"SSH-2.0-OpenSSH\r\n", True, r"what answers there is not Milvus.*port 19530"),
    ],
    ids=["half-open", "closes", "web server", "other program"],
)
def test_what_listens_there_is_told(says: bytes | None, *, hangs: bool, told: str) -> None:
    with listening(says, hangs=hangs) as uri:
        error = refusal(uri)
    assert type(error) is StoreUnreachable
    assert f"Milvus at {uri} does not answer: " in str(error)
    assert re.search(told, str(error))
    assert "token" not in str(error)


def test_dead_server_is_told_at_once() -> None:
    with listening() as uri:
        pass
    start = time.monotonic()
    error = refusal(uri)
    assert time.monotonic() - start < SLACK
    assert "nothing listens there" in str(error)
    assert "docker compose up -d" in str(error)
    assert "token" not in str(error)


def test_openings_do_not_wait_for_each_other() -> None:
    with listening(hangs=True) as uri, ThreadPoolExecutor(20) as threads:
        assert len(list(threads.map(refusal, [uri] * 20))) == 20


def test_connection_is_closed_for_good() -> None:
    manager = ConnectionManager.get_instance()
    before = manager.get_stats()["total_connections"]
    with FakeMilvus() as fake:
        with opened(fake.uri):
            assert manager.get_stats()["total_connections"] == before + 1
        assert manager.get_stats()["total_connections"] == before


def test_proxy_of_the_environment_is_not_on_the_way_to_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    with listening(HTTP) as proxy, FakeMilvus() as fake:
        for name in ("grpc_proxy", "https_proxy", "http_proxy"):
            monkeypatch.setenv(name, proxy)
        opened(fake.uri).close()


def test_server_without_tls_is_told() -> None:
    with listening(HTTP) as uri:
        assert "does not speak TLS" in str(refusal(uri.replace("http:", "https:")))


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("errors resolving x:19530: Domain name not found", "its host cannot be found"),
        ("connect: No route to host (113)", "there is no way to its host"),
        ("Received http2 header with status: 403", "a web server or a proxy answers"),
        ("CERTIFICATE_VERIFY_FAILED: self signed", "its certificate is not trusted"),
        ("something new", "does not answer: something new; check the address"),
    ],
)
def test_reason_of_grpc_is_told_in_words(says: str, told: str) -> None:
    with pytest.raises(StoreUnreachable, match=told), translated("http://milvus.example"):
        raise _error(grpc.StatusCode.UNAVAILABLE, says)


def test_local_directory_is_told_nothing_of_containers() -> None:
    for status in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        with pytest.raises(StoreUnreachable) as caught, translated("./reviews.db"):
            raise _error(status, "Connection refused")
        assert "docker" not in str(caught.value)
        assert "inside this process" in str(caught.value)


def _error(status: grpc.StatusCode, details: str) -> MilvusException:
    error = MilvusException(message=f"{status.name}: {details}")
    error.status = status
    return error


# -- a Milvus that answers ---------------------------------------------------------------------


def test_starting_server_is_told_to_be_starting() -> None:
    status = common_pb2.Status(code=1, error_code=1, reason="Milvus Proxy is not ready yet")
    answers = {
        "GetVersion": milvus_pb2.GetVersionResponse(status=status),
        "Connect": milvus_pb2.ConnectResponse(status=status),
    }
    for method in answers:
        with FakeMilvus(lambda name, *_, of=method: answers[name] if name == of else None) as fake:
            error = refusal(fake.uri)
        assert type(error) is StoreUnreachable
        assert "is starting, and not ready yet" in str(error)
        assert "token" not in str(error)


@pytest.mark.parametrize(
    ("given", "says", "told"),
    [
        ("", "missing authorization in header", "wants a token, and none was given"),
        ("root:wrong", "auth check failure, check password", "does not accept the token"),
    ],
)
def test_missing_and_wrong_token_are_told_apart(given: str, says: str, told: str) -> None:
    def guard(name: str, context: Any, _: FakeMilvus) -> None:
        context.abort(grpc.StatusCode.UNAUTHENTICATED, says)

    with FakeMilvus(guard) as fake:
        error = refusal(fake.uri, token=given)
        by_address = refusal(fake.uri.replace("//", f"//{given}@") if given else fake.uri)
    assert type(error) is AccessDenied
    assert told in str(error)
    assert "--token-file" in str(error)
    assert str(by_address) == str(error)


def test_other_service_that_speaks_grpc_is_no_milvus() -> None:
    def foreign(name: str, context: Any, _: FakeMilvus) -> None:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "unknown service")

    with FakeMilvus(foreign) as fake:
        assert "is not Milvus" in str(refusal(fake.uri))


def test_server_that_hangs_after_its_first_answer_is_given_up() -> None:
    with FakeMilvus(_hangs_at("Connect")) as fake:
        assert "nothing came within " in str(refusal(fake.uri))
    assert fake.asked == ["GetVersion", "Connect"]


def test_several_clusters_are_refused() -> None:
    assert type(refusal("https://glo-1.global-cluster.example")) is Unsupported


# -- one deadline a call -----------------------------------------------------------------------


def _hangs_at(*methods: str) -> Callable[[str, Any, FakeMilvus], None]:
    def answer(name: str, _: Any, fake: FakeMilvus) -> None:
        if name in methods or (not methods and name not in ("GetVersion", "Connect")):
            fake.released.wait(20)

    return answer


def _fails(name: str, context: Any, _: FakeMilvus) -> None:
    if name not in ("GetVersion", "Connect"):
        context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")


def _breaks(name: str, context: Any, _: FakeMilvus) -> None:
    if name not in ("GetVersion", "Connect"):
        context.abort(grpc.StatusCode.UNKNOWN, "so it is")  # which pymilvus repeats 75 times


LIMITED = common_pb2.Status(code=8, error_code=common_pb2.RateLimit, reason="too much")


def _has_too_much_to_do(name: str, *_: Any) -> Any:
    if name in ("GetVersion", "Connect"):
        return None
    if name == "DescribeCollection":
        return milvus_pb2.DescribeCollectionResponse(status=LIMITED)
    return milvus_pb2.QueryResults(status=LIMITED) if name == "Query" else LIMITED


def _loads_for_ever(name: str, *_: Any) -> Any:
    """Each request is answered soon; it is their number that knows no end."""
    if name in ("GetVersion", "Connect"):
        return None
    if name == "GetLoadingProgress":
        return milvus_pb2.GetLoadingProgressResponse(progress=50)
    if name == "Flush":
        return milvus_pb2.FlushResponse(coll_flush_ts={"c": 1})
    if name == "GetFlushState":
        return milvus_pb2.GetFlushStateResponse(flushed=False)
    return common_pb2.Status()


CALLS: dict[str, Callable[[Any], Any]] = {
    "has": lambda client: client.has_collection("c", timeout=9),
    "describe": lambda client: client.describe_collection("c", timeout=9),
    "list": lambda client: client.list_collections(timeout=9),
    "query": lambda client: client.query("c", filter="id > 0", limit=1, timeout=9),
    "iterate": lambda client: client.query_iterator("c", filter="id > 0", timeout=9),
    "search": lambda client: client.search("c", data=[[1.0]], anns_field="vector", timeout=9),
    "upsert": lambda client: client.upsert("c", [{"id": "a"}], timeout=9),
    "delete": lambda client: client.delete("c", filter='id == "a"', timeout=9),
    "flush": lambda client: client.flush("c", timeout=9),
    "load": lambda client: client.load_collection("c", timeout=9),
    "create": lambda client: client.create_collection(
        "c", schema=build_schema(4, keywords=False), timeout=9
    ),
    "index": lambda client: client.create_index(
        "c", build_index(keywords=False, lite=False), timeout=9
    ),
    "properties": lambda client: client.alter_collection_properties("c", {"a": "b"}, timeout=9),
    "alias": lambda client: client.create_alias("c", "a", timeout=9),
    "move": lambda client: client.alter_alias("c", "a", timeout=9),
    "unnamed": lambda client: client.describe_alias("a", timeout=9),
    "aliases": lambda client: client.list_aliases("c", timeout=9),
    "unalias": lambda client: client.drop_alias("a", timeout=9),
    "drop": lambda client: client.drop_collection("c", timeout=9),
}


def _seconds(
    connection: Connection, call: Callable[[Any], Any], *, deadline: float = DEADLINE
) -> tuple[float, str]:
    start = time.monotonic()
    try:
        with translated(connection.uri, seconds=deadline):
            call(connection.client)
    except StoreError as error:
        return time.monotonic() - start, str(error)
    return time.monotonic() - start, "answered"


@pytest.mark.parametrize(
    ("trouble", "calls"),
    [
        (_hangs_at(), CALLS),
        (_fails, CALLS),
        (_breaks, CALLS),
        (_has_too_much_to_do, ["describe", "load", "alias", "drop", "unalias", "move"]),
        (_loads_for_ever, ["load", "flush"]),
    ],
    ids=["hangs", "fails", "breaks", "too much to do", "without end"],
)
def test_call_has_one_deadline_however_many_requests_it_makes(
    trouble: Callable[[str, Any, FakeMilvus], Any], calls: list[str]
) -> None:
    with (
        FakeMilvus(trouble) as fake,
        opened(fake.uri) as connection,
        ThreadPoolExecutor(len(calls)) as threads,
    ):
        answers = threads.map(lambda name: _seconds(connection, CALLS[name]), calls)
        taken = dict(zip(calls, answers, strict=True))
    late = {name: each for name, each in taken.items() if each[0] > DEADLINE + SLACK}
    assert not late
    assert [name for name, (_, told) in taken.items() if told == "answered"] == []


def _keeps_reviews(name: str, *_: Any) -> Any:
    """It has the collection, and refuses to query it."""
    match name:
        case "DescribeCollection":
            pin = {"encoder": "e", "fingerprint": "f", "dimension": "8"}
            kept = {**pin, "schema": str(SCHEMA_VERSION)}
            return milvus_pb2.DescribeCollectionResponse(
                schema=schema_pb2.CollectionSchema(name="reviews_v1"),
                properties=[
                    common_pb2.KeyValuePair(key=PREFIX + key, value=value)
                    for key, value in kept.items()
                ],
            )
        case "LoadCollection":
            return common_pb2.Status()
        case "GetLoadingProgress":
            return milvus_pb2.GetLoadingProgressResponse(progress=100)
        case "Query":
            time.sleep(0.2)
            refused = common_pb2.Status(code=1100, error_code=1, reason="so it is")
            return milvus_pb2.QueryResults(status=refused)
    return None


class WatchedClient(Wrapped):
    """A store's client, which keeps how many seconds each request had left."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.left: dict[str, float | None] = {}

    def __getattr__(self, name: str) -> Any:
        self.left[name] = left(None)
        return super().__getattr__(name)


def test_looking_for_another_version_keeps_to_the_deadline_of_the_question() -> None:
    with FakeMilvus(_keeps_reviews) as fake, ReviewStore(opened(fake.uri), "reviews") as store:
        client = store._client = WatchedClient(store._client)
        before = len(fake.asked)
        with pytest.raises(StoreError, match="so it is"):
            store.count()
    assert fake.asked[before:] == ["DescribeCollection", "Query", "DescribeCollection"]
    asked, looked = client.left.values()
    assert asked is not None
    assert looked is not None
    assert looked < asked - 0.1


def test_server_that_is_restarted_is_waited_for() -> None:
    def listed(name: str, *_: Any) -> Any:
        return milvus_pb2.ShowCollectionsResponse() if name == "ShowCollections" else None

    with ExitStack() as stack:
        with FakeMilvus(listed) as fake:
            connection = stack.enter_context(opened(fake.uri))
            assert connection.client.list_collections(timeout=20) == []
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(_seconds, connection, CALLS["list"], deadline=20.0)
            time.sleep(0.1)
            stack.enter_context(FakeMilvus(listed, port=fake.port))
            assert asked.result()[1] == "answered"


# -- what is written to stderr -----------------------------------------------------------------

CODE = """
import json, sys
from reviewlens.errors import ReviewLensError
from reviewlens.store import connection
told = []
for uri in sys.argv[1:]:
    try:
        with connection.Connection(uri, seconds=0.3) as opened, connection.translated(uri):
            opened.client.list_collections(timeout=0.3)
    except ReviewLensError as error:
        told.append(str(error))
print(json.dumps(told))
"""


def test_nothing_but_our_sentence_is_written() -> None:
    """In a process of its own, for pymilvus sets its loggers up when it is imported first."""
    with (
        FakeMilvus(_fails) as fake,
        listening(hangs=True) as silent,
        listening(HTTP) as web,
        listening() as closing,
    ):
        uris = [fake.uri, silent, web, closing, web.replace("http:", "https:")]
        done = subprocess.run(
            [sys.executable, "-c", CODE, *uris], capture_output=True, text=True, check=True
        )
    assert done.stderr == ""
    assert len(json.loads(done.stdout)) == len(uris)
