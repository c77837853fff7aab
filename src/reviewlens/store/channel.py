"""The way to a Milvus: every request keeps to the deadline of the call that it is made for.

pymilvus makes several requests for one call, gives each the time that was meant for all, and
repeats what fails for a longer time still. Here each gets what is left, and is repeated within it.
"""

from __future__ import annotations

import base64
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from reviewlens.errors import Unsupported
from reviewlens.store import pymilvus_inside
from reviewlens.store.addresses import is_on_this_machine, login, target, without_password

# gRPC tells on stderr of connections that fail; our errors tell. It reads this when it is imported.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

RECONNECT_SECONDS = 10.0
"""How long a call waits for a server that is not there, which may be restarting."""

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_RATE_LIMIT = 8
"""Milvus' code of the answer that it has too much to do."""

_OPTIONS = {
    # pymilvus would ask every ten seconds whether the server is still there. A gRPC server hangs up
    # on a client that does so more than every five minutes, unless it was told otherwise; Milvus
    # was, Milvus Lite was not, embedded or served.
    "grpc.keepalive_time_ms": 330_000,
    "grpc.keepalive_timeout_ms": 5_000,
    "grpc.keepalive_permit_without_calls": True,
    "grpc.max_send_message_length": -1,
    "grpc.max_receive_message_length": -1,
    # A server that is back is found at once, also under another address, and whatever another
    # connection of this process knew of it.
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.dns_min_time_between_resolutions_ms": 1_000,
}

_end: ContextVar[float] = ContextVar("end", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all requests that are made in the block end so many seconds from now.

    An outer block that ends sooner is kept to as well. There must be no `yield` in the block.
    """
    token = _end.set(min(_end.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def left(seconds: float | None) -> float | None:
    """Return how long a request may take that makes no use of `Requests`; None for ever."""
    most = min(math.inf if seconds is None else seconds, _end.get() - time.monotonic())
    return None if math.isinf(most) else max(0.0, most)


def connect(uri: str, token: str, *, seconds: float) -> tuple[Any, str, Any]:
    """Return pymilvus' client of a server, the version that it tells, and the channel to it.

    Whether a Milvus is there is asked before, once and under no lock: pymilvus holds one for the
    whole process while it connects.

    Args:
        uri: Its address.
        token: `user:password` or an API key; empty for that in the address, or none.
        seconds: How long it may take.

    Raises:
        Unsupported: It is not one server.
        Exception: Of gRPC and pymilvus, for `translate`.
    """
    if "global-cluster" in uri.lower():
        raise Unsupported(
            f"{without_password(uri)} stands for several clusters, which pymilvus chooses from by "
            "requests of its own: give the address of the one that is written to"
        )
    pymilvus_inside.silence()
    pymilvus_inside.without_sparse()
    import grpc

    begun = time.monotonic()
    channel = _channel(uri)
    try:
        with within(seconds):
            version = _version(channel, token or login(uri), seconds)
            client = pymilvus_inside.client_over(
                grpc.intercept_channel(channel, Requests()),
                uri=uri,
                token=token,
                timeout=seconds - (time.monotonic() - begun),
            )
    except BaseException:
        channel.close()
        raise
    return client, version, channel


def _channel(uri: str) -> Any:  # noqa: ANN401 - gRPC's
    import grpc

    grpc.UnaryUnaryClientInterceptor.register(Requests)
    options = [*_OPTIONS.items(), ("grpc.enable_http_proxy", int(not is_on_this_machine(uri)))]
    if uri.startswith("https:"):
        return grpc.secure_channel(target(uri), grpc.ssl_channel_credentials(), options)
    return grpc.insecure_channel(target(uri), options)


def _version(channel: Any, token: str, seconds: float) -> str:  # noqa: ANN401 - gRPC's
    answer = pymilvus_inside.service(channel).GetVersion(
        pymilvus_inside.version_request(),
        timeout=seconds,
        metadata=authorization(token),
    )
    pymilvus_inside.check_status(answer.status)
    version: str = answer.version
    return version


def authorization(token: str) -> list[tuple[str, bytes]]:
    """Return what a request carries of a token; nothing where it is empty."""
    return [("authorization", base64.b64encode(token.encode()))] if token else []


class Requests:
    """Sees to deadline and repetition of each request: an interceptor of gRPC's."""

    def intercept_unary_unary(
        self,
        send: Callable[[Any, Any], Any],
        details: Any,  # noqa: ANN401 - gRPC's
        request: Any,  # noqa: ANN401 - gRPC's
    ) -> Any:  # noqa: ANN401 - gRPC's
        """Send a request, and send it again while the server is away or has too much to do."""
        import grpc

        begun = time.monotonic()
        end = min(_end.get(), math.inf if details.timeout is None else begun + details.timeout)
        pause = _FIRST_PAUSE
        while True:
            remaining = end - time.monotonic()
            if remaining <= 0:
                raise pymilvus_inside.final_error(
                    grpc.StatusCode.DEADLINE_EXCEEDED, "the time of the call is over"
                )
            timeout = None if remaining == math.inf else remaining
            outcome = send(_with_timeout(details, timeout), request)
            code = outcome.code()
            limited = code is grpc.StatusCode.OK and _is_limited(outcome.result())
            until = end if limited else min(end, begun + RECONNECT_SECONDS)
            away = limited or code is grpc.StatusCode.UNAVAILABLE
            if not away or time.monotonic() + pause >= until:
                break
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        if limited:
            raise pymilvus_inside.final_error(
                grpc.StatusCode.RESOURCE_EXHAUSTED, "it has too much to do"
            )
        # pymilvus goes by the one for older servers; what it knows of others, it repeats.
        if isinstance(error := outcome.exception(), grpc.RpcError) and (
            code is not grpc.StatusCode.UNIMPLEMENTED
        ):
            raise pymilvus_inside.final_error(code, outcome.details()) from error
        return outcome


def _with_timeout(details: Any, timeout: float | None) -> Any:  # noqa: ANN401 - gRPC's
    """Return the same details with another timeout.

    That gRPC gives a named tuple to its interceptors it does not document.
    """
    return details._replace(timeout=timeout)


def _is_limited(answer: Any) -> bool:  # noqa: ANN401 - one of Milvus' messages
    status = getattr(answer, "status", answer)
    return getattr(status, "code", 0) == _RATE_LIMIT
