"""Each part of pymilvus that it does not document and `pymilvus_inside` uses.

Where one fails after pymilvus was updated: see what became of it, mend the module, and only then
add the version to `KNOWN`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import grpc
import pymilvus
import pytest
from pymilvus.client.utils import SciPyHelper
from pymilvus.exceptions import MilvusException
from pymilvus.grpc_gen import common_pb2, milvus_pb2

from milvus_stand_ins import FakeMilvus
from reviewlens.store import channel, pymilvus_inside


class Sent:
    """Keeps each request after the first ones, and fails it for good: an interceptor of gRPC's."""

    def __init__(self) -> None:
        self.requests: list[Any] = []

    def intercept_unary_unary(self, send: Callable[..., Any], details: Any, request: Any) -> Any:
        if details.method.rpartition("/")[2] in ("Connect", "GetVersion"):
            return send(details, request)
        self.requests.append(request)
        raise pymilvus_inside.final_error(grpc.StatusCode.UNAVAILABLE, "it is away")


@contextmanager
def clients_of(*several: Sent) -> Iterator[list[Any]]:
    """Clients of one address."""
    grpc.UnaryUnaryClientInterceptor.register(Sent)
    with FakeMilvus() as fake, ExitStack() as stack:
        target = fake.uri.rpartition("/")[2]
        clients = []
        for sent in several:
            plain = stack.enter_context(grpc.insecure_channel(target))
            over = grpc.intercept_channel(plain, sent)
            client = pymilvus_inside.client_over(over, uri=fake.uri, token="", timeout=9)
            clients.append(stack.enter_context(closing(client)))
        yield clients


def test_the_version_installed_is_known() -> None:
    assert pymilvus.__version__ in pymilvus_inside.KNOWN


def test_a_client_sends_over_the_channel_it_is_given() -> None:
    sent = Sent()
    with clients_of(sent) as [client], pytest.raises(MilvusException):
        client.flush("c", timeout=1)
    assert any(isinstance(request, milvus_pb2.FlushRequest) for request in sent.requests)


def test_clients_of_one_address_are_apart() -> None:
    one, other = Sent(), Sent()
    with clients_of(one, other) as [_, second], pytest.raises(MilvusException):
        second.flush("c", timeout=1)
    assert other.requests
    assert not one.requests


def test_an_error_with_a_status_is_passed_on_and_not_repeated() -> None:
    sent = Sent()
    with clients_of(sent) as [client], pytest.raises(MilvusException) as caught:
        client.flush("c", timeout=9)
    assert len(sent.requests) == 1
    assert caught.value.message == "UNAVAILABLE: it is away"
    met: BaseException | None = caught.value
    while met is not None and not hasattr(met, "status"):
        met = met.__cause__
    assert met is not None
    assert met.status is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("read", ["query", "search"])
def test_a_read_asks_for_the_moment_that_it_is_to_wait_for(read: str) -> None:
    calls: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
        "query": lambda client, how: client.query("c", filter="id > 0", timeout=9, **how),
        "search": lambda client, how: client.search(
            "c", data=[[1.0]], anns_field="vector", timeout=9, **how
        ),
    }
    sent = Sent()
    with clients_of(sent) as [client], pytest.raises(MilvusException):
        calls[read](client, pymilvus_inside.waiting_for(7))
    request = sent.requests[-1]
    assert request.guarantee_timestamp == 7
    assert request.consistency_level == common_pb2.ConsistencyLevel.Customized
    assert not request.use_default_consistency


def test_grpc_gives_an_interceptor_details_that_can_be_changed() -> None:
    seen: list[float | None] = []

    class Changing(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, send: Any, details: Any, request: Any) -> Any:
            changed = channel._with_timeout(details, 7.0)
            seen.append(changed.timeout)
            assert (changed.method, changed.metadata) == (details.method, details.metadata)
            return send(changed, request)

    with FakeMilvus() as fake, grpc.insecure_channel(fake.uri.rpartition("/")[2]) as plain:
        service = pymilvus_inside.service(grpc.intercept_channel(plain, Changing()))
        service.GetVersion(pymilvus_inside.version_request(), timeout=9)
    assert seen == [7.0]


def test_requests_of_milvus_own_are_answered() -> None:
    with FakeMilvus() as fake, grpc.insecure_channel(fake.uri.rpartition("/")[2]) as plain:
        service = pymilvus_inside.service(plain)
        answer = service.GetVersion(pymilvus_inside.version_request(), timeout=9)
        pymilvus_inside.check_status(answer.status)
        assert answer.version
        for method in (service.AllocTimestamp, service.DescribeCollection):
            assert callable(method)
    assert isinstance(pymilvus_inside.moment_request(), milvus_pb2.AllocTimestampRequest)
    assert pymilvus_inside.description_request("c").collection_name == "c"
    assert milvus_pb2.AllocTimestampResponse(timestamp=3).timestamp == 3
    assert not milvus_pb2.DescribeCollectionResponse().properties


@pytest.mark.parametrize(
    "status", [common_pb2.Status(code=100, reason="no"), common_pb2.Status(error_code=1)]
)
def test_a_status_of_trouble_is_an_error(status: Any) -> None:
    with pytest.raises(MilvusException):
        pymilvus_inside.check_status(status)
    pymilvus_inside.check_status(common_pb2.Status())


def test_loggers_have_the_names_that_are_silenced() -> None:
    pymilvus_inside.silence()
    handlers = {
        name
        for name, one in logging.root.manager.loggerDict.items()
        if name.startswith("pymilvus") and isinstance(one, logging.Logger) and one.handlers
    }
    assert handlers <= set(pymilvus_inside.LOGGERS)
    for name in pymilvus_inside.LOGGERS:
        assert logging.getLogger(name).level == logging.CRITICAL


def test_sparse_vectors_are_not_looked_for_once_that_was_checked() -> None:
    assert isinstance(SciPyHelper._checked, bool)
    pymilvus_inside.without_sparse()
    assert SciPyHelper._checked
    assert not SciPyHelper.is_scipy_sparse([[1.0]])
