"""The app: routes, what guards them, and what becomes of errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from json import JSONDecodeError
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reviewlens import __version__
from reviewlens.errors import ReviewLensError
from reviewlens.questions import asked_of
from reviewlens.server.bodies import Bodies
from reviewlens.server.failures import FAILURES, Failure, Refused, respond, told, wanted
from reviewlens.server.fastapi_inside import body_names, route_of
from reviewlens.server.health import health_routes
from reviewlens.server.map_library import add_drawing
from reviewlens.server.metrics import Metrics, Observed
from reviewlens.server.options import Options
from reviewlens.server.pages import add_pages
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes import (
    export,
    insights,
    jobs,
    labels,
    map,
    reviews,
    search,
    themes,
    upkeep,
    uploads,
)
from reviewlens.server.routes.parameters import only_declared, only_text
from reviewlens.server.security import API, Keys, Security
from reviewlens.server.service import Service

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus

_ROUTERS = tuple(
    module.router
    for module in (
        search,  # first, as routes are tried in order and it is asked most
        insights,
        jobs,
        upkeep,
        labels,
        map,
        reviews,
        export,
        themes,
        uploads,
    )
)
"""Of the modules whose routes are part of the API."""


def make_app(corpus: Corpus, options: Options | None = None) -> FastAPI:
    """Return the HTTP API and the explorer of a corpus; it is closed with the app."""
    options = options or Options()
    metrics, keys = Metrics(), Keys(options)
    service = Service(corpus, options)
    metrics.watch(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="reviewlens",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        generate_unique_id_function=_operation,
    )
    app.state.service = service
    app.state.keys = keys
    checks = [Depends(only_declared), Depends(only_text)]
    for router in (*_ROUTERS, _questions(type(corpus), _ROUTERS)):
        app.include_router(router, prefix=API, responses=FAILURES, dependencies=checks)
    app.include_router(health_routes(metrics, keys), responses=FAILURES)
    add_pages(app)
    add_drawing(app)
    _tell_errors(app)
    # The last one added is asked first.
    app.add_middleware(Bodies, options=options)
    app.add_middleware(Security, options=options, keys=keys)
    app.add_middleware(Observed, metrics=metrics, log=options.access_log)
    return app


def _questions(owner: type, routers: Sequence[APIRouter]) -> APIRouter:
    """Return the routes of the questions that no module of `routes` has one for."""
    known = {route.path for one in routers for route in one.routes if isinstance(route, APIRoute)}
    router = APIRouter(tags=["questions"])
    for name, asked in asked_of(owner).items():
        if asked.public and f"/{name}" not in known:
            QuestionRoute(asked=asked).add_to(router)
    return router


def _operation(route: APIRoute) -> str:
    """Return the name of a route in the OpenAPI document: `search`, `post_search`."""
    method = min(route.methods or ())
    return route.name if method == "GET" else f"{method.lower()}_{route.name}"


def _tell_errors(app: FastAPI) -> None:
    @app.exception_handler(ReviewLensError)
    async def ours(_: Request, error: ReviewLensError) -> Response:
        return respond(*told(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if isinstance(broken := error.__cause__, JSONDecodeError):
            place = f"line {broken.lineno}, column {broken.colno}"
            message = f"the body is no JSON: {broken.msg} at {place}"
            return respond(Failure("InvalidRequest", message), 422)
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:]) or None
        message = f"{field or 'the body'}: {first['msg']}"
        if first["type"] == "extra_forbidden" and len(first["loc"]) == 2:
            known = body_names(route_of(request.scope))
            message = f"there is no field {field} here; {wanted(str(field), sorted(known))}"
        return respond(Failure("InvalidRequest", message, field), 422)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        if isinstance(error, Refused):
            return error.response()
        kind = "NotFound" if error.status_code == 404 else "Refused"
        return respond(Failure(kind, str(error.detail)), error.status_code)
