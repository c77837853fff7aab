"""Taking reviews away: all of them as a file, and the report of a period."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from reviewlens.insights.trends import Period
from reviewlens.questions import fixed
from reviewlens.report import Report
from reviewlens.results import ExportReport, OnProgress
from reviewlens.server.routes.long import Wait, answered, answers
from reviewlens.server.routes.parameters import Filtered
from reviewlens.server.service import Shared
from reviewlens.server.tables import MEDIA_TYPES, attachment

router = APIRouter(tags=["export"])

_DOWNLOAD_SECONDS = 3600.0
"""A browser that saves a file cannot follow a job: it waits."""

_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Of the report that a browser shows: its style stands in it; it runs and fetches nothing."""

_FILE = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/export",
    response_model=None,
    responses={
        200: {"content": {MEDIA_TYPES[name]: _FILE for name in ("csv", "jsonl", "parquet", "xlsx")}}
    },
)
async def export(
    service: Shared,
    filters: Filtered,
    format: Annotated[
        Literal["csv", "jsonl", "parquet", "xlsx"],
        Query(description="CSV starts with a byte order mark, for spreadsheets."),
    ] = "csv",
    vectors: Annotated[bool, Query(description="Add the column `embedding`.")] = False,
    statements: Annotated[bool, Query(description="One row a statement instead.")] = False,
) -> Response:
    """Return the reviews that match as a file, one row each, ordered by id."""
    file = service.uploads.scratch(f".{format}")

    def exporting(progress: OnProgress) -> ExportReport:
        return service.corpus.only(filters).export(
            file,
            vectors=vectors,
            statements=statements,
            excel=format == "csv",
            on_progress=progress,
        )

    work = await service.answer("export", exporting, wait=_DOWNLOAD_SECONDS, left=file)
    if work.state != "done":
        return await answered(work)
    return FileResponse(
        file,
        media_type=MEDIA_TYPES[format],
        headers={"Content-Disposition": attachment(f"reviews.{format}")},
        background=BackgroundTask(file.unlink, missing_ok=True),
    )


@router.get("/report", **answers(Report, files=("html", "xlsx", "md")))
async def report(
    service: Shared,
    filters: Filtered,
    period: Annotated[Period, Query(description="How long it is; weeks as ISO 8601.")] = "month",
    of: Annotated[
        str | None,
        Query(
            description="Its name, such as `2026-10`, `2026-W40`, `2026-Q4`; the latest without."
        ),
    ] = None,
    seed: int = 0,
    format: Annotated[
        Literal["json", "html", "xlsx", "md"], Query(description="All but `json` are files.")
    ] = "json",
    wait: Wait = None,
) -> Response:
    """Tell what reviews of a period say, against the period before."""
    arguments: dict[str, Any] = {"period": period, "of": of, "seed": seed}
    selection = service.corpus.only(filters)

    def reporting(progress: OnProgress) -> Report | Response:
        if format == "json":
            return selection.report(on_progress=progress, **arguments)
        file = service.uploads.scratch(f".{format}")
        try:
            found = selection.report(file, on_progress=progress, **arguments)
            content = file.read_bytes()
        finally:
            file.unlink(missing_ok=True)
        headers = {"Content-Disposition": attachment(f"report-{found.name}.{format}")}
        if format == "html":
            shown = headers["Content-Disposition"].replace("attachment", "inline", 1)
            headers = {"Content-Disposition": shown, "Content-Security-Policy": _PAGE_POLICY}
        return Response(content, media_type=MEDIA_TYPES[format], headers=headers)

    if wait is None and format != "json":
        wait = _DOWNLOAD_SECONDS
    key = (filters, fixed({**arguments, "format": format}))
    return await answered(await service.answer("report", reporting, key=key, wait=wait))
