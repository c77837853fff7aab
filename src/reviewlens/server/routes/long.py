"""What long questions and changes have in common: 200 with the result, or 202 with a job.

A question is asked, or a change made, by `service.answer`, and ends in `answered`; what is short is
asked by `service.read`. The routes of declared questions are made by `server.questions`. A result
that is a `Response` (bytes of a map, a file) is sent as it is. A call that tells no progress says
`cancellable=False`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import JSONResponse, Response

from reviewlens.server.failures import Refused, respond
from reviewlens.server.jobs import Job, Work
from reviewlens.server.tables import MEDIA_TYPES, tabulated

Wait = Annotated[
    float | None,
    Query(
        ge=0,
        le=60,
        description="Seconds to wait for the answer before a job is named instead (status 202).",
    ),
]
"""`wait: Wait = None` of a long route."""

Format = Annotated[
    Literal["json", "csv", "xlsx"],
    Query(description="`csv` and `xlsx` are files with the rows, for a spreadsheet."),
]
"""`format: Format = "json"` of a route that answers rows."""


ROWS = ("csv", "xlsx")
"""The files in which rows are answered."""


def answers(
    schema: Any,  # noqa: ANN401 - whatever FastAPI takes
    files: Sequence[str] = (),
    *,
    long: bool = True,
) -> dict[str, Any]:
    """Return what a route declares of its answers: `@router.get("/facets", **answers(Facets))`.

    Args:
        schema: The class of the result.
        files: Formats in which it answers a file, by their endings.
        long: Whether a job may be answered in its place.
    """
    responses: dict[int | str, Any] = {}
    if files:
        content = {MEDIA_TYPES[name]: {"schema": {"type": "string"}} for name in files}
        responses[200] = {"content": content}
    if long:
        responses[202] = {"model": Job, "description": "It takes longer: the job to follow."}
    return {"response_model": schema, "responses": responses}


async def answered(work: Work, format: str = "json") -> Response:
    """Return the response for a work: its result, its failure, or 202 with the job.

    Args:
        work: As `Service.answer` returns it.
        format: Of the rows, in a file of the job's name.
    """
    state, task = work.state, work.task
    if state in ("waiting", "running"):
        return JSONResponse(asdict(work.told()), status_code=202)
    if task.failure is not None:
        return respond(task.failure, task.status)
    if state == "cancelled":
        return Refused(f"the job {task.name} was cancelled", 409, "Cancelled").response()
    if isinstance(task.result, Response):
        # A copy, for what is sent gets further headers on its way.
        sent = task.result
        response = Response(sent.body, sent.status_code, dict(sent.headers))
    elif format == "json":
        response = Response(task.body, media_type="application/json")
    else:
        response = await asyncio.to_thread(tabulated, task.result, format, task.name)
    if work.job:
        response.headers["X-Job"] = work.job
    return response
