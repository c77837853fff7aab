"""Figures of a running server for Prometheus, and the log of what was asked."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.responses import Response

from reviewlens.server.failures import respond, unexpected
from reviewlens.server.fastapi_inside import template_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from reviewlens.server.service import Service

_log = logging.getLogger(__name__)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SIZES = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """The figures of one app, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        names = ("method", "route", "status")
        self._requests = Counter(
            "reviewlens_requests", "Requests answered.", names, registry=self._registry
        )
        self._seconds = Histogram(
            "reviewlens_request_seconds",
            "Time to the end of an answer.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._batches = Histogram(
            "reviewlens_search_batch_size",
            "Searches that were answered together.",
            buckets=_SIZES,
            registry=self._registry,
        )
        self._under_way = Gauge(
            "reviewlens_requests_under_way", "Requests not answered yet.", registry=self._registry
        )

    def batch(self, size: int) -> None:
        """Count a batch of searches."""
        self._batches.observe(size)

    def watch(self, service: Service) -> None:
        """Tell the jobs and the searches that wait as well."""
        self._registry.register(_Waiting(service))

    def begun(self) -> None:
        """Count a request that came."""
        self._under_way.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that is answered."""
        self._under_way.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Waiting:
    """Figures that are looked up when they are asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("reviewlens_jobs", "Jobs remembered.", labels=["state"])
        states = [work.state for work in self._service.jobs.list()]
        for state in ("waiting", "running", "done", "failed", "cancelled"):
            jobs.add_metric([state], states.count(state))
        yield jobs
        yield GaugeMetricFamily(
            "reviewlens_searches_waiting",
            "Searches not answered yet.",
            value=self._service.searches.waiting,
        )


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

        self._metrics.begun()
        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            _log.exception("the answer to %s %s failed", scope["method"], _printable(scope["path"]))
            if not status:
                await respond(*unexpected(error))(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.ended(_method(scope), _route(scope), status, seconds)
            if self._logged:
                _log.warning(
                    "%s %s %s %d %.0f ms",
                    str((scope.get("client") or [""])[0]),
                    scope["method"],
                    _printable(scope["path"]),
                    status,
                    1e3 * seconds,
                )


def answer(metrics: Metrics) -> Response:
    """Return the response with all figures."""
    return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT")
    return scope["method"] if scope["method"] in known else "other"


def _route(scope: Scope) -> str:
    """Return the template of the route that answered, so that ids make no figures of their own."""
    path: str = scope["path"]
    if path.startswith("/static/"):
        return "/static"
    template = template_of(scope)
    if path.startswith("/api/v1/") and template and not template.startswith("/api/v1"):
        template = f"/api/v1{template}"
    return template or "none"


def _printable(path: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in path[:200])
