"""Long work: how far it is, what came of it, and stopping it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic_core import to_json
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reviewlens.server.failures import Refused
from reviewlens.server.jobs import ENDED, Job, Work
from reviewlens.server.routes.long import Format, answered
from reviewlens.server.security import READING_ALONE
from reviewlens.server.service import Shared
from reviewlens.server.tables import MEDIA_TYPES

router = APIRouter(tags=["jobs"])

_LOOK_SECONDS = 0.25
_HEARTBEAT_SECONDS = 15


def _named(service: Shared, job: str) -> Work:
    work = service.jobs.find(job)
    if work is None:
        raise HTTPException(404, "there is no such job, or it is remembered no longer")
    return work


Named = Annotated[Work, Depends(_named)]
"""The job that the path names; 404 where there is none."""


@router.get("/jobs")
async def jobs(service: Shared) -> list[Job]:
    """List the jobs that are remembered, oldest first."""
    return [work.told() for work in service.jobs.list()]


@router.get("/jobs/{job}")
async def one_job(work: Named) -> Job:
    """Tell how far a job is."""
    return work.told()


@router.post("/jobs/{job}/cancel")
async def cancel(request: Request, service: Shared, work: Named) -> Job:
    """Give a job up: it stops at its next sign of progress, at once while it waits.

    Where others asked the same, it goes on for them. What an ingest has stored stays; the next one
    completes it. Who may only read can give up what only asks.
    """
    if work.task.writes and getattr(request.state, "role", None) == "reader":
        raise Refused(READING_ALONE, 403)
    service.jobs.cancel(work)
    return work.told()


@router.get(
    "/jobs/{job}/result",
    response_model=None,
    responses={
        200: {
            "description": "As the request that started it would have answered.",
            "content": {
                **{kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()},
                "application/json": {"schema": {}},
            },
        }
    },
)
async def result(work: Named, format: Format = "json") -> Response:
    """Return what a job gave, or its failure; 409 while there is neither."""
    if work.state not in ENDED:
        message = f"the job {work.task.name} is {work.state}; follow it first"
        raise Refused(message, 409, "NotReady")
    return await answered(work, format)


@router.get(
    "/jobs/{job}/events",
    response_class=EventSourceResponse,
    response_model=None,
    responses={
        200: {
            "description": "Server-sent events `progress` and, last, `end`; the data is the job.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def events(work: Named) -> Response:
    """Follow a job: an event for each change, and a last one when it has ended."""
    return EventSourceResponse(
        _events(work), ping=_HEARTBEAT_SECONDS, headers={"Cache-Control": "no-store"}
    )


async def _events(work: Work) -> AsyncIterator[ServerSentEvent]:
    end = asyncio.wrap_future(work.task.future)
    told: tuple[object, ...] = ()
    while work.state not in ENDED:
        job = work.told()
        now = (job.state, job.stage, job.done, job.total)
        if now != told:
            yield _event("progress", job)
            told = now
        await asyncio.wait([end], timeout=_LOOK_SECONDS)
    yield _event("end", work.told())


def _event(name: str, job: Job) -> ServerSentEvent:
    return ServerSentEvent(to_json(job).decode(), event=name)
