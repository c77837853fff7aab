"""Figures of a running server for Prometheus, and the log of what was asked."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response

from reviewlens.server.failures import printable, respond, told
from reviewlens.server.fastapi_inside import template_of
from reviewlens.server.jobs import State
from reviewlens.server.security import API, address_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from reviewlens.server.service import Service

_log = logging.getLogger(__name__)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SIZES = (1, 2, 4, 8, 16, 32, 64)
_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT")


class Metrics:
    """The figures of one app, in a registry of its own.

    Attributes:
        requests: That are answered, by method, route and status.
        seconds: To the end of an answer, by method and route.
        batches: Sizes of batches of searches.
        under_way: Requests that are not answered yet.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "reviewlens_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "reviewlens_request_seconds",
            "Time to the end of an answer.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=registry,
        )
        self.batches = Histogram(
            "reviewlens_search_batch_size",
            "Searches that were answered together.",
            buckets=_SIZES,
            registry=registry,
        )
        self.under_way = Gauge(
            "reviewlens_requests_under_way", "Requests not answered yet.", registry=registry
        )

    def watch(self, service: Service) -> None:
        """Count batches of searches, and tell what waits as it is when it is asked."""
        service.searches.on_batch = self.batches.observe

        def remembered(state: State) -> float:
            return sum(work.state == state for work in service.jobs.list())

        jobs = Gauge("reviewlens_jobs", "Jobs remembered.", ("state",), registry=self._registry)
        for state in get_args(State):
            jobs.labels(state).set_function(partial(remembered, state))
        Gauge(
            "reviewlens_searches_waiting", "Searches not answered yet.", registry=self._registry
        ).set_function(lambda: service.searches.waiting)

    def answer(self) -> Response:
        """Return the response with all figures, as Prometheus reads them."""
        kind = "text/plain; version=0.0.4; charset=utf-8"
        return Response(generate_latest(self._registry), media_type=kind)


class Observed:
    """Counts requests, logs them if that is wanted, and answers for what should not happen.

    Args:
        app: What answers.
        metrics: Where they are counted.
        log: Whether each is logged: method, path and status, never a query or a header.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, log: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._logged = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.under_way.track_inprogress():
            try:
                await self._app(scope, receive, noted)
            except Exception as error:
                _log.exception(
                    "the answer to %s %s failed", scope["method"], printable(scope["path"])
                )
                if not status:
                    await respond(*told(error))(scope, receive, noted)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = scope["method"], _route(scope)
        counted = method if method in _METHODS else "other"
        self._metrics.requests.labels(counted, route, str(status)).inc()
        self._metrics.seconds.labels(counted, route).observe(seconds)
        if self._logged:
            client = address_of(scope)
            path = printable(scope["path"])
            _log.warning("%s %s %s %d %.0f ms", client, method, path, status, 1e3 * seconds)


def _route(scope: Scope) -> str:
    """Return the template of the route that answered, so that ids make no figures of their own."""
    path: str = scope["path"]
    if path.startswith("/static/"):
        return "/static"
    template = template_of(scope)
    if path.startswith(f"{API}/") and template and not template.startswith(API):
        template = f"{API}{template}"
    return template or "none"
